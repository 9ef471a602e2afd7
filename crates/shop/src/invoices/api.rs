//! The JSON calls about invoices and claims, and the files and pictures of invoices. Texts become values in `bodies.rs`;
//! nothing is decided here.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Request as HttpRequest, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gondola_store::{Actor, Command, Done, Permission};
use utoipa::ToSchema;
use uuid::Uuid;

use super::apply::ReverseInvoice;
use super::bodies::{ApplyBody, ConfirmBody, InvoiceBody};
use super::change::{ChangeInvoice, ReadAgain, RejectInvoice, TypeInvoice};
use super::claims::{ClaimState, EndClaim};
use super::confirm::ConfirmInvoice;
use super::files;
use super::load::{FILE_BYTES_MAX, LoadInvoice};
use super::queries::{self, Invoice};
use super::refusal::InvoiceRefusal;
use super::views::{ClaimItem, InvoiceDetail, claim_item, detail};
use crate::kernel::answer::{marked, replayable};
use crate::kernel::body::{BatchBody, NoBody};
use crate::kernel::scalars::Version;
use crate::kernel::{
    Accepts, Access, App, Body, Caller, Endpoint, Errors, IfMatch, LimitGroup, OpClass, Problem, Reader, RequestKey,
    Upload,
};
use crate::notebook::parse_supplier;
use crate::stock::ReasonBody;

/// Who may bring an invoice, by a file or by typing it.
pub(super) const BRING: Access = Access::NeedsOneOf(&[Permission::LoadInvoices, Permission::EditInvoices]);

/// Which files are invoices.
pub(super) const ACCEPTS: Accepts = Accepts {
    bytes_max: FILE_BYTES_MAX,
    types: &[
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
    ],
    otherwise: [
        "La factura se manda como formulario (campo file), como PDF, foto (JPEG, PNG, WebP), CSV o Excel (.xlsx), o escrita en JSON.",
        "The invoice is sent as a form (field file), as PDF, photo (JPEG, PNG, WebP), CSV or Excel (.xlsx), or written as JSON.",
    ],
};

/// The routes over the API.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let general = LimitGroup::General;
    let edit = Access::Needs(Permission::EditInvoices);
    let load = Access::Needs(Permission::LoadInvoices);
    let read = Access::Needs(Permission::ReadCost);
    vec![
        Endpoint::api(utoipa_axum::routes!(bring_invoice), BRING, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(get_invoice), read, OpClass::Read, general),
        Endpoint::api(utoipa_axum::routes!(change_invoice), edit, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(get_file), read, OpClass::Read, general),
        Endpoint::api(utoipa_axum::routes!(get_page), read, OpClass::Read, general),
        Endpoint::api(utoipa_axum::routes!(extract_invoice), load, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(confirm_invoice), edit, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(apply_invoice), edit, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(reject_invoice), edit, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(reverse_invoice), edit, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(settle_claim), edit, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(drop_claim), edit, OpClass::Write, general),
    ]
}

/// A file in a form.
#[derive(ToSchema)]
#[schema(as = InvoiceForm)]
#[expect(dead_code, reason = "it only describes the form")]
struct InvoiceForm {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// Code of the supplier, where somebody knows; the CUIT on the paper tells it otherwise.
    supplier: Option<String>,
}

/// An invoice as it was sent: a file, or written.
struct Sent {
    app: App,
    actor: Actor,
    key: RequestKey,
    request: HttpRequest,
}

impl FromRequest<App> for Sent {
    type Rejection = Problem;

    async fn from_request(request: HttpRequest, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Ok(Caller(actor)) = Caller::from_request_parts(&mut parts, app).await;
        let key = RequestKey::from_request_parts(&mut parts, app).await?;
        Ok(Self { app: app.clone(), actor, key, request: HttpRequest::from_parts(parts, body) })
    }
}

/// Bring an invoice.
///
/// A file (PDF, photo, CSV, XLSX) as a form (field `file`) or as the body itself, at most 10 MB: it is kept sealed, waits as
/// `pending` and is read in the background. Or written as JSON: it is `extracted` at once.
#[utoipa::path(post, path = "/api/v1/invoices", tag = "invoices",
    request_body(content((InvoiceBody = "application/json"), (InvoiceForm = "multipart/form-data"))),
    responses((status = 201, description = "The invoice", body = InvoiceDetail)))]
async fn bring_invoice(sent: Sent) -> Result<Response, Problem> {
    let Sent { app, actor, key, request } = sent;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    let done = if is_json {
        let body = BatchBody::<InvoiceBody>::from_request(request, &app).await?;
        let key = body.key(&key, "POST /invoices");
        app.db.execute(&actor, key, TypeInvoice { edit: body.value.parse()? }).await?
    } else {
        let upload = Upload::receive(request, &ACCEPTS).await?;
        let key = key.bind("POST /invoices", &gondola_vault::sha256(&upload.bytes));
        app.db.execute(&actor, key, loaded(upload)?).await?
    };
    Ok(brought(&actor, done))
}

/// The command that takes a file that arrived.
///
/// # Errors
/// 422 for a supplier's code that is none, and for fields that a form does not have.
pub(super) fn loaded(upload: Upload) -> Result<LoadInvoice, Problem> {
    let Upload { bytes, name, form } = upload;
    let mut errors = Errors::new();
    let supplier = form.given("supplier").filter(|text| !text.trim().is_empty());
    let supplier = supplier.and_then(|text| parse_supplier(&mut errors, &text));
    if bytes.is_empty() {
        errors.add("file", "file_empty", "El archivo está vacío.", "The file is empty.");
    }
    errors.finish()?;
    Ok(LoadInvoice { bytes, file_name: name, supplier })
}

fn brought(actor: &Actor, done: Done<Invoice>) -> Response {
    let location = HeaderValue::from_str(&format!("/api/v1/invoices/{}", done.out.row.id)).expect("ids are ASCII");
    let version = done.out.row.version;
    let answer = (StatusCode::CREATED, [(LOCATION, location)], Json(shown(actor, done.out))).into_response();
    marked(answer, version, done.replayed)
}

/// An invoice for who asks: what it costs is for who may see cost.
fn shown(actor: &Actor, mut invoice: Invoice) -> InvoiceDetail {
    if !actor.may(Permission::ReadCost) {
        invoice.amounts.clear();
        invoice.lines.clear();
        invoice.differences.clear();
        invoice.row.total = None;
    }
    detail(invoice)
}

/// One invoice with its sums and lines.
#[utoipa::path(get, path = "/api/v1/invoices/{id}", tag = "invoices", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The invoice", body = InvoiceDetail)))]
async fn get_invoice(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadCost).await?;
    let found = queries::find(&mut reader.tx(), id).await?.ok_or_else(Problem::not_found)?;
    let version = found.row.version;
    Ok(marked(Json(shown(&actor, found)).into_response(), version, false))
}

/// Corrects an invoice: what is not named stays, sums and lines are given whole.
#[utoipa::path(patch, path = "/api/v1/invoices/{id}", tag = "invoices", request_body = InvoiceBody,
    params(("id" = Uuid, Path), ("If-Match" = Version, Header, description = "The version that was read")),
    responses((status = 200, description = "The invoice as it is now", body = InvoiceDetail)))]
async fn change_invoice(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    body: BatchBody<InvoiceBody>,
) -> Result<Response, Problem> {
    let command = ChangeInvoice { id: invoice_id(&id)?, version, edit: body.value.parse()? };
    let done = app.db.execute(&actor, None, command).await?;
    let version = done.out.row.version;
    Ok(marked(Json(shown(&actor, done.out)).into_response(), version, done.replayed))
}

/// The file of an invoice, as it came.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/file", tag = "invoices", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = String)))]
async fn get_file(State(app): State<App>, Caller(actor): Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    file(&app, &actor, invoice_id(&id)?).await
}

/// The file of an invoice, to be saved and never shown by a browser (INP-3).
pub(super) async fn file(app: &App, actor: &Actor, id: Uuid) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadCost).await?;
    let file = files::file(&mut reader, id, "GET /invoices/{id}/file").await?;
    let name = format!("attachment; filename=\"factura-{}.{}\"", file.row.number, file.kind);
    let name = HeaderValue::from_str(&name).expect("kinds and numbers are ASCII");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_DISPOSITION, name),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, file.bytes).into_response())
}

/// A page of an invoice as a picture, from 1.
#[utoipa::path(get, path = "/api/v1/invoices/{id}/pages/{page}", tag = "invoices",
    params(("id" = Uuid, Path), ("page" = i64, Path)),
    responses((status = 200, description = "The picture", content_type = "image/png", body = String)))]
async fn get_page(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, page)): Path<(String, String)>,
) -> Result<Response, Problem> {
    picture(&app, &actor, (invoice_id(&id)?, &page)).await
}

/// The picture of a page.
pub(super) async fn picture(app: &App, actor: &Actor, (id, page): (Uuid, &str)) -> Result<Response, Problem> {
    let page: i64 = page.parse().map_err(|_| Problem::not_found())?;
    let mut reader = Reader::open(app, actor, Permission::ReadCost).await?;
    let picture = files::picture(&mut reader, (id, page), "GET /invoices/{id}/pages/{page}").await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, picture).into_response())
}

/// Has the file of an invoice read again, in the background.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/extract", tag = "invoices", params(("id" = Uuid, Path)),
    responses((status = 202, description = "It waits to be read", body = InvoiceDetail)))]
async fn extract_invoice(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = key.bind(&format!("POST /invoices/{id}/extract"), &[]);
    step(&app, &actor, key, StatusCode::ACCEPTED, ReadAgain { id }).await
}

/// Confirms what an invoice says, once it adds up and every line of goods has its product.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/confirm", tag = "invoices", params(("id" = Uuid, Path)),
    request_body = Option<ConfirmBody>, responses((status = 200, description = "Confirmed", body = InvoiceDetail)))]
async fn confirm_invoice(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Option<Body<ConfirmBody>>,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let (key, body) = Body::or_empty(body, &key, &format!("POST /invoices/{id}/confirm"));
    let command = ConfirmInvoice { id, accepts_warnings: body.accept_warnings.unwrap_or_default() };
    step(&app, &actor, key, StatusCode::OK, command).await
}

/// Puts an invoice into the books: goods, debt and costs, in one step.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/apply", tag = "invoices", params(("id" = Uuid, Path)),
    request_body = Option<ApplyBody>, responses((status = 200, description = "Applied", body = InvoiceDetail)))]
async fn apply_invoice(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Option<Body<ApplyBody>>,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let (key, body) = Body::or_empty(body, &key, &format!("POST /invoices/{id}/apply"));
    step(&app, &actor, key, StatusCode::OK, body.parse(id)?).await
}

/// Puts an invoice away that is not in the books.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/reject", tag = "invoices", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Rejected", body = InvoiceDetail)))]
async fn reject_invoice(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = body.key(&key, &format!("POST /invoices/{id}/reject"));
    step(&app, &actor, key, StatusCode::OK, RejectInvoice { id, reason: body.value.parse()? }).await
}

/// Takes an invoice out of the books again, every part of it.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/reverse", tag = "invoices", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Out of the books", body = InvoiceDetail)))]
async fn reverse_invoice(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = body.key(&key, &format!("POST /invoices/{id}/reverse"));
    step(&app, &actor, key, StatusCode::OK, ReverseInvoice { id, reason: body.value.parse()? }).await
}

async fn step<C>(
    app: &App,
    actor: &Actor,
    key: Option<gondola_store::Key>,
    status: StatusCode,
    command: C,
) -> Result<Response, Problem>
where
    C: Command<Out = Invoice, Refusal = InvoiceRefusal>,
{
    let done = app.db.execute(actor, key, command).await?;
    Ok(replayable(status, done.replayed, &shown(actor, done.out)))
}

/// The supplier made a claim good; the reason names the credit note.
#[utoipa::path(post, path = "/api/v1/supplier-claims/{id}/settle", tag = "invoices", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Settled", body = ClaimItem)))]
async fn settle_claim(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    end_claim(&app, &actor, (key, &id, body), ClaimState::Settled).await
}

/// The shop lets a claim go.
#[utoipa::path(post, path = "/api/v1/supplier-claims/{id}/drop", tag = "invoices", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Dropped", body = ClaimItem)))]
async fn drop_claim(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    end_claim(&app, &actor, (key, &id, body), ClaimState::Dropped).await
}

async fn end_claim(
    app: &App,
    actor: &Actor,
    (key, id, body): (RequestKey, &str, Body<ReasonBody>),
    state: ClaimState,
) -> Result<Response, Problem> {
    let id = invoice_id(id)?;
    let key = body.key(&key, &format!("POST /supplier-claims/{id}/{}", state.code()));
    let done = app.db.execute(actor, key, EndClaim { id, state, reason: body.value.parse()? }).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &claim_item(done.out)))
}

/// The id of an invoice or a claim.
pub(super) fn invoice_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
