//! The JSON calls about suppliers' price lists: bring one, correct, apply, take back or discard it. Lists are in `lists.rs`.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request as HttpRequest, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gondola_store::{Actor, Command, Done, Key, Permission};
use utoipa::ToSchema;

use super::apply::{ApplyList, ReverseList};
use super::bodies::{ListBody, fingerprint, loading};
use super::change::DiscardList;
use super::grid::{FILE_BYTES_MAX, ReadList};
use super::lists::{self, list_id};
use super::load::LoadList;
use super::queries::{self, PriceList};
use super::refusal::ListRefusal;
use super::views::ListDetail;
use crate::kernel::answer::marked;
use crate::kernel::body::{BatchBody, NoBody};
use crate::kernel::path::Segment;
use crate::kernel::scalars::{SupplierCode, Version};
use crate::kernel::time::local_day;
use crate::kernel::{
    Accepts, Access, App, Body, Caller, Endpoint, IfMatch, LimitGroup, OpClass, Problem, Reader, RequestKey, Upload,
};
use crate::stock::ReasonBody;

/// Which files are price lists.
pub(super) const ACCEPTS: Accepts = Accepts {
    bytes_max: FILE_BYTES_MAX,
    types: &[
        "text/csv",
        "text/plain",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
    ],
    otherwise: [
        "La lista se manda como formulario (campo file), como CSV, Excel (.xlsx) o PDF con texto.",
        "The list is sent as a form (field file), as CSV, Excel (.xlsx) or PDF with text.",
    ],
};

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let edit =
        |routes| Endpoint::api(routes, Access::Needs(Permission::EditInvoices), OpClass::Write, LimitGroup::General);
    let read = Access::Needs(Permission::ReadCost);
    let mut endpoints = lists::endpoints();
    endpoints.extend([
        edit(utoipa_axum::routes!(bring_price_list)),
        Endpoint::api(utoipa_axum::routes!(get_price_list), read, OpClass::Read, LimitGroup::General),
        edit(utoipa_axum::routes!(change_price_list)),
        edit(utoipa_axum::routes!(apply_price_list)),
        edit(utoipa_axum::routes!(reverse_price_list)),
        edit(utoipa_axum::routes!(discard_price_list)),
    ]);
    endpoints
}

/// A file in a form.
#[derive(ToSchema)]
#[schema(as = PriceListForm)]
#[expect(dead_code, reason = "it only describes the form")]
struct PriceListForm {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// What the list is called; by the file's name when nobody says.
    name: Option<String>,
    /// Its first day; today when nobody says.
    valid_from: Option<String>,
    /// Its last day, where it has one.
    valid_to: Option<String>,
}

/// A list as it was sent.
struct Sent {
    app: App,
    actor: Actor,
    supplier: String,
    key: RequestKey,
    request: HttpRequest,
}

impl FromRequest<App> for Sent {
    type Rejection = Problem;

    async fn from_request(request: HttpRequest, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Ok(Caller(actor)) = Caller::from_request_parts(&mut parts, app).await;
        let Segment(supplier) = Segment::from_request_parts(&mut parts, app).await?;
        let key = RequestKey::from_request_parts(&mut parts, app).await?;
        Ok(Self { app: app.clone(), actor, supplier, key, request: HttpRequest::from_parts(parts, body) })
    }
}

/// Bring a supplier's price list.
///
/// A file (CSV, XLSX, PDF with text) as a form (field `file`, with `name`, `valid_from`, `valid_to`) or as the body itself, at
/// most 8 MB. Its columns are guessed, or known from that supplier's last list; its lines are matched to products and costed.
#[utoipa::path(post, path = "/api/v1/suppliers/{code}/price-lists", tag = "suppliers",
    params(("code" = SupplierCode, Path, description = "The supplier's code")),
    request_body(content((PriceListForm = "multipart/form-data"))),
    responses((status = 201, description = "The list", body = ListDetail)))]
async fn bring_price_list(sent: Sent) -> Result<Response, Problem> {
    let Sent { app, actor, supplier, key, request } = sent;
    let upload = Upload::receive(request, &ACCEPTS).await?;
    let route = format!("POST /suppliers/{supplier}/price-lists");
    let key = key.bind(&route, &fingerprint(&upload));
    let done = app.db.execute(&actor, key, loaded(supplier, upload).await?).await?;
    let location = format!("/api/v1/supplier-price-lists/{}", done.out.row.id);
    let location = HeaderValue::from_str(&location).expect("ids are ASCII");
    let mut answer = told(&app, done, StatusCode::CREATED)?;
    answer.headers_mut().insert(LOCATION, location);
    Ok(answer)
}

/// The command that takes a file that arrived; reading a PDF takes a second, on a thread of its own.
///
/// # Errors
/// 422 for a file that is no list, and for fields that a form does not have.
pub(super) async fn loaded(supplier: String, upload: Upload) -> Result<LoadList, Problem> {
    if upload.bytes.is_empty() {
        return Err(Problem::invalid_field("file", "file_empty", "El archivo está vacío.", "The file is empty."));
    }
    let bytes = upload.bytes.clone();
    let read = tokio::task::spawn_blocking(move || ReadList::of(&bytes)).await.map_err(|error| {
        tracing::error!(%error, code = "internal", "read a price list");
        Problem::internal()
    })?;
    loading(supplier, &upload, read?)
}

fn told(app: &App, done: Done<PriceList>, status: StatusCode) -> Result<Response, Problem> {
    let version = done.out.row.version;
    let view = ListDetail::of(done.out, local_day(app.db.now(), &app.zone))?;
    Ok(marked((status, Json(view)).into_response(), version, done.replayed))
}

/// One price list, without its lines.
#[utoipa::path(get, path = "/api/v1/supplier-price-lists/{id}", tag = "suppliers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The list", body = ListDetail)))]
async fn get_price_list(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadCost).await?;
    let found = queries::find(&mut reader.tx(), id).await?.ok_or_else(Problem::not_found)?;
    told(&app, Done { out: found, replayed: false }, StatusCode::OK)
}

/// Corrects a price list that was not applied: its name and days, its columns, some of its lines.
#[utoipa::path(patch, path = "/api/v1/supplier-price-lists/{id}", tag = "suppliers", request_body = ListBody,
    params(("id" = Uuid, Path), ("If-Match" = Version, Header, description = "The version that was read")),
    responses((status = 200, description = "The list as it is now", body = ListDetail)))]
async fn change_price_list(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    IfMatch(version): IfMatch,
    body: BatchBody<ListBody>,
) -> Result<Response, Problem> {
    let command = body.value.parse(list_id(&id)?, version)?;
    let done = app.db.execute(&actor, None, command).await?;
    told(&app, done, StatusCode::OK)
}

/// Applies a price list as it was read: what it takes to buy its ticked products again is what it says. Not outside its days.
#[utoipa::path(post, path = "/api/v1/supplier-price-lists/{id}/apply", tag = "suppliers",
    params(("id" = Uuid, Path), ("If-Match" = Version, Header, description = "The version that was read")),
    responses((status = 200, description = "Applied", body = ListDetail)))]
async fn apply_price_list(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    IfMatch(version): IfMatch,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    let key = key.bind(&format!("POST /supplier-price-lists/{id}/apply"), &version.to_be_bytes());
    step(&app, &actor, key, ApplyList { id, version }).await
}

/// Takes an applied price list back: every product gets what it had, but for those that were changed again since.
#[utoipa::path(post, path = "/api/v1/supplier-price-lists/{id}/reverse", tag = "suppliers", request_body = ReasonBody,
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "Taken back", body = ListDetail)))]
async fn reverse_price_list(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    let key = body.key(&key, &format!("POST /supplier-price-lists/{id}/reverse"));
    step(&app, &actor, key, ReverseList { id, reason: body.value.parse()? }).await
}

/// Puts a price list away that was not applied.
#[utoipa::path(post, path = "/api/v1/supplier-price-lists/{id}/discard", tag = "suppliers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Discarded", body = ListDetail)))]
async fn discard_price_list(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    let key = key.bind(&format!("POST /supplier-price-lists/{id}/discard"), &[]);
    step(&app, &actor, key, DiscardList { id }).await
}

async fn step<C>(app: &App, actor: &Actor, key: Option<Key>, command: C) -> Result<Response, Problem>
where
    C: Command<Out = PriceList, Refusal = ListRefusal>,
{
    let done = app.db.execute(actor, key, command).await?;
    told(app, done, StatusCode::OK)
}
