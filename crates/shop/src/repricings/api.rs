//! The JSON calls about repricings. Lists are in `list.rs`, what bodies look like in `bodies.rs`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Done, Permission};
use gondola_vault::sha256;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::bodies::{ApplyBody, RepricingBody, RowsBody};
use super::commands::{ApplyRepricing, CancelRepricing, ScheduleRepricing};
use super::file::{FILE_BYTES_MAX, repricing_of};
use super::list;
use super::queries::{self, Repricing};
use super::rollback::RollBackRepricing;
use super::views::RepricingDetail;
use crate::kernel::answer::replayable;
use crate::kernel::body::NoBody;
use crate::kernel::path::Segment;
use crate::kernel::{
    Accepts, Access, App, Body, Caller, Endpoint, LimitGroup, OpClass, Problem, Reader, RequestKey, SentFile,
    TableFile, Upload,
};

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let prices = Access::Needs(Permission::EditPrices);
    let write = |routes| Endpoint::api(routes, prices, OpClass::Write, LimitGroup::General);
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadCost), OpClass::Read, LimitGroup::General);
    let mut endpoints = list::endpoints();
    endpoints.extend([
        write(routes!(build_repricing)),
        write(routes!(build_from_file)),
        read(routes!(get_repricing)),
        write(routes!(edit_repricing_rows)),
        write(routes!(apply_repricing)),
        write(routes!(cancel_repricing)),
        write(routes!(roll_back_repricing)),
    ]);
    endpoints
}

/// The id in a path.
pub(super) fn id_of(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}

fn answer(status: StatusCode, done: Done<Repricing>) -> Result<Response, Problem> {
    Ok(replayable(status, done.replayed, &RepricingDetail::of(done.out)?))
}

/// Build a repricing: a preview that changes no price.
#[utoipa::path(post, path = "/api/v1/repricings", tag = "repricings", request_body = RepricingBody,
    responses((status = 201, description = "Built", body = RepricingDetail)))]
async fn build_repricing(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<RepricingBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /repricings");
    answer(StatusCode::CREATED, app.db.execute(&actor, key, body.value.parse()?).await?)
}

/// Which files hold prices.
pub(super) const ACCEPTS: Accepts = TableFile::accepts(FILE_BYTES_MAX);

/// A file in a form.
#[derive(ToSchema)]
#[schema(as = RepricingForm)]
#[expect(dead_code, reason = "it only describes the form")]
struct FileForm {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// Why; that they come from this file when nobody says.
    reason: Option<String>,
}

/// Build a repricing of the prices in a file: a preview that changes no price.
///
/// A CSV or XLSX of at most 4 MB, as a form (field `file`, with `reason`) or as the body itself, with titles: a column for the
/// SKU or the barcode, and one for the price. All of its rows or none.
#[utoipa::path(post, path = "/api/v1/repricings/file", tag = "repricings",
    request_body(content((FileForm = "multipart/form-data"))),
    responses((status = 201, description = "Built", body = RepricingDetail)))]
async fn build_from_file(sent: SentFile) -> Result<Response, Problem> {
    let SentFile { app, actor, key, request } = sent;
    let upload = Upload::receive(request, &ACCEPTS).await?;
    let key = key.bind("POST /repricings/file", &fingerprint(&upload));
    let command = {
        let mut reader = Reader::open(&app, &actor, Permission::ReadCost).await?;
        repricing_of(&upload, &mut reader).await?
    };
    answer(StatusCode::CREATED, app.db.execute(&actor, key, command).await?)
}

/// What tells one request to build from a file from another.
pub(super) fn fingerprint(upload: &Upload) -> [u8; 32] {
    sha256(&[&sha256(&upload.bytes)[..], upload.form.value("reason").as_bytes()].concat())
}

/// One repricing with what its rows come to.
#[utoipa::path(get, path = "/api/v1/repricings/{id}", tag = "repricings", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The repricing", body = RepricingDetail)))]
async fn get_repricing(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
) -> Result<Json<RepricingDetail>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadCost).await?;
    let found = queries::find(&mut reader.tx(), id_of(&id)?).await?;
    Ok(Json(RepricingDetail::of(found.ok_or_else(Problem::not_found)?)?))
}

/// Correct rows of a preview, or leave them out.
#[utoipa::path(post, path = "/api/v1/repricings/{id}/rows", tag = "repricings", params(("id" = Uuid, Path)),
    request_body = RowsBody, responses((status = 200, description = "Corrected", body = RepricingDetail)))]
async fn edit_repricing_rows(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    body: Body<RowsBody>,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = body.key(&key, &format!("POST /repricings/{id}/rows"));
    answer(StatusCode::OK, app.db.execute(&actor, key, body.value.parse(id)?).await?)
}

/// Apply all of it, now or at an hour. Rows that break a guard are left out unless the owner takes them.
#[utoipa::path(post, path = "/api/v1/repricings/{id}/apply", tag = "repricings", params(("id" = Uuid, Path)),
    request_body = Option<ApplyBody>, responses((status = 200, description = "Applied, or scheduled", body = RepricingDetail)))]
async fn apply_repricing(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    body: Option<Body<ApplyBody>>,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let (key, body) = Body::or_empty(body, &key, &format!("POST /repricings/{id}/apply"));
    let how = body.parse()?;
    let done = match how.at {
        None => app.db.execute(&actor, key, ApplyRepricing { id, guarded_reason: how.guarded_reason }).await?,
        Some(at) => {
            let command = ScheduleRepricing { id, at, guarded_reason: how.guarded_reason };
            app.db.execute(&actor, key, command).await?
        }
    };
    answer(StatusCode::OK, done)
}

/// Discard a repricing that does not hold yet.
#[utoipa::path(post, path = "/api/v1/repricings/{id}/cancel", tag = "repricings", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Discarded", body = RepricingDetail)))]
async fn cancel_repricing(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = key.bind(&format!("POST /repricings/{id}/cancel"), &[]);
    answer(StatusCode::OK, app.db.execute(&actor, key, CancelRepricing { id }).await?)
}

/// Take it back: every price that nobody changed since is what it was.
#[utoipa::path(post, path = "/api/v1/repricings/{id}/rollback", tag = "repricings", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Taken back", body = RepricingDetail)))]
async fn roll_back_repricing(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = key.bind(&format!("POST /repricings/{id}/rollback"), &[]);
    answer(StatusCode::OK, app.db.execute(&actor, key, RollBackRepricing { id }).await?)
}
