//! Imports over HTTP: send a file, look at what became of it, get the correction file, undo.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request as HttpRequest, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gondola_store::{Actor, Key, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::correction::correction;
use super::file::{ACCEPTS, ColumnsAre, ReadAs, decimals_named};
use super::kind::ImportKind;
use super::queries::{self, ErrorKey, ImportRow};
use super::reading::understand;
use super::refusal::ImportRefusal;
use super::run::{Mode, Request};
use super::underway;
use super::undo::{self, KeptView};
use super::views::{ImportView, RowErrorView};
use crate::kernel::answer::replayable;
use crate::kernel::path::Segment;
use crate::kernel::{
    Access, App, Caller, Endpoint, Errors, Lang, LimitGroup, OpClass, Page, PageParams, Params, Problem, Reader,
    RequestKey, Upload,
};

/// The routes over the API.
pub fn endpoints() -> Vec<Endpoint> {
    let access = Access::Needs(Permission::Import);
    let general = LimitGroup::General;
    vec![
        Endpoint::api(utoipa_axum::routes!(import_products), access, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(import_prices), access, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(import_stock), access, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(import_suppliers), access, OpClass::Write, general),
        Endpoint::api(utoipa_axum::routes!(list_imports), access, OpClass::Read, general),
        Endpoint::api(utoipa_axum::routes!(get_import), access, OpClass::Read, general),
        Endpoint::api(utoipa_axum::routes!(list_errors), access, OpClass::Read, general),
        Endpoint::api(utoipa_axum::routes!(undo_import), access, OpClass::Write, general),
    ]
}

/// How a file is imported.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportParams {
    /// `true`: say what would happen and change nothing.
    #[param(pattern = "^(true|false)$")]
    pub dry_run: Option<String>,
    /// `true`: all rows or none. Otherwise good rows go in and bad ones are listed.
    #[param(pattern = "^(true|false)$")]
    pub atomic: Option<String>,
    /// What columns are, as JSON: `{"Precio": "sale_price", "Nota": null}`. Remembered for files with the same titles.
    pub mapping: Option<String>,
    /// How numbers write decimals where the file does not tell: `comma` or `point`.
    #[param(pattern = "^(comma|point)$")]
    pub decimals: Option<String>,
    /// For stock: the place of rows that do not name one.
    pub location: Option<String>,
}

impl ImportParams {
    fn parse(&self) -> Result<(Mode, ReadAs), Problem> {
        let mut errors = Errors::new();
        let dry_run = flag(&mut errors, "dry_run", self.dry_run.as_deref());
        let atomic = flag(&mut errors, "atomic", self.atomic.as_deref());
        let decimals = self.decimals.as_deref().and_then(decimals_named);
        if self.decimals.is_some() && decimals.is_none() {
            errors.add("decimals", "unknown_style", "Va comma o point.", "It is comma or point.");
        }
        errors.finish()?;
        let mode = match (dry_run, atomic) {
            (true, _) => Mode::DryRun,
            (false, true) => Mode::Atomic,
            (false, false) => Mode::Each,
        };
        let columns = match &self.mapping {
            None => ColumnsAre::Guessed,
            Some(text) => ColumnsAre::Titled(serde_json::from_str(text).map_err(|_| ImportRefusal::BadMapping)?),
        };
        Ok((mode, ReadAs { columns, decimals, location: self.location.clone() }))
    }

    /// What makes two requests with the same file the same request.
    fn canonical(&self) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        [&self.dry_run, &self.atomic, &self.mapping, &self.decimals, &self.location].map(part).join("\u{0}")
    }
}

fn flag(errors: &mut Errors, field: &str, text: Option<&str>) -> bool {
    match text {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            errors.add(field, "not_a_flag", "Va true o false.", "It is true or false.");
            false
        }
    }
}

/// A file in a form.
#[derive(ToSchema)]
#[schema(as = ImportForm)]
#[expect(dead_code, reason = "it only describes the form")]
struct ImportForm {
    /// The file, CSV or XLSX.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Import products.
///
/// New ones are created, known ones (by SKU, else barcode) change in the columns the file has; empty cells
/// change nothing. CSV or XLSX, as a form (field `file`) or as the body itself, at most 64 MB
/// and 200,000 rows. Good rows go in and bad ones are listed with their lines, unless `atomic`.
#[utoipa::path(
    post, path = "/api/v1/imports/products", tag = "imports", params(ImportParams),
    request_body(content((ImportForm = "multipart/form-data"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses(
        (status = 201, description = "Good rows are in", body = ImportView),
        (status = 200, description = "A dry run: what would happen", body = ImportView),
        (status = 202, description = "It is large and still running: look at it again", body = ImportView),
    )
)]
async fn import_products(sent: Sent) -> Result<Response, Problem> {
    sent.take_in(ImportKind::Products).await
}

/// Import prices.
///
/// Of known products, by SKU or barcode; a column `list` may say GENERAL or MAYORISTA. CSV or XLSX, as a form (field `file`) or as the body itself, at most 64 MB
/// and 200,000 rows. Good rows go in and bad ones are listed with their lines, unless `atomic`.
#[utoipa::path(
    post, path = "/api/v1/imports/prices", tag = "imports", params(ImportParams),
    request_body(content((ImportForm = "multipart/form-data"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses(
        (status = 201, description = "Good rows are in", body = ImportView),
        (status = 200, description = "A dry run: what would happen", body = ImportView),
        (status = 202, description = "It is large and still running: look at it again", body = ImportView),
    )
)]
async fn import_prices(sent: Sent) -> Result<Response, Problem> {
    sent.take_in(ImportKind::Prices).await
}

/// Import stock.
///
/// What each place holds; the difference is posted. Goods that moved since `expected`, `position` or the
/// beginning of the import are told and never overwritten. CSV or XLSX, as a form (field `file`) or as the body itself, at most 64 MB
/// and 200,000 rows. Good rows go in and bad ones are listed with their lines, unless `atomic`.
#[utoipa::path(
    post, path = "/api/v1/imports/stock", tag = "imports", params(ImportParams),
    request_body(content((ImportForm = "multipart/form-data"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses(
        (status = 201, description = "Good rows are in", body = ImportView),
        (status = 200, description = "A dry run: what would happen", body = ImportView),
        (status = 202, description = "It is large and still running: look at it again", body = ImportView),
    )
)]
async fn import_stock(sent: Sent) -> Result<Response, Problem> {
    sent.take_in(ImportKind::Stock).await
}

/// Import suppliers.
///
/// Code and name. CSV or XLSX, as a form (field `file`) or as the body itself, at most 64 MB
/// and 200,000 rows. Good rows go in and bad ones are listed with their lines, unless `atomic`.
#[utoipa::path(
    post, path = "/api/v1/imports/suppliers", tag = "imports", params(ImportParams),
    request_body(content((ImportForm = "multipart/form-data"), (String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses(
        (status = 201, description = "Good rows are in", body = ImportView),
        (status = 200, description = "A dry run: what would happen", body = ImportView),
        (status = 202, description = "It is large and still running: look at it again", body = ImportView),
    )
)]
async fn import_suppliers(sent: Sent) -> Result<Response, Problem> {
    sent.take_in(ImportKind::Suppliers).await
}

/// A file that was sent, and everything said about it.
struct Sent {
    app: App,
    actor: Actor,
    params: ImportParams,
    key: RequestKey,
    lang: Lang,
    request: HttpRequest,
}

impl FromRequest<App> for Sent {
    type Rejection = Problem;

    async fn from_request(request: HttpRequest, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Ok(Caller(actor)) = Caller::from_request_parts(&mut parts, app).await;
        let Params(params) = Params::from_request_parts(&mut parts, app).await?;
        let key = RequestKey::from_request_parts(&mut parts, app).await?;
        let Ok(lang) = Lang::from_request_parts(&mut parts, app).await;
        let request = HttpRequest::from_parts(parts, body);
        Ok(Self { app: app.clone(), actor, params, key, lang, request })
    }
}

impl Sent {
    async fn take_in(self, kind: ImportKind) -> Result<Response, Problem> {
        let (mode, read_as) = self.params.parse()?;
        let upload = Upload::receive(self.request, &ACCEPTS).await?;
        if let Some(field) = upload.form.first_name() {
            return Err(Problem::invalid_field(
                field,
                "unknown_field",
                "El formulario lleva solo el archivo (file). Lo demás va en la dirección: ?dry_run=true.",
                "The form holds the file alone (file). The rest goes in the address: ?dry_run=true.",
            ));
        }
        let file_hash = gondola_vault::sha256(&upload.bytes);
        let route = format!("POST /imports/{}", kind.code());
        let key = self.key.bind(&route, &[self.params.canonical().as_bytes(), &file_hash].join(&0));
        let file = understand(&self.app, &self.actor, kind, Arc::new(upload.bytes), read_as).await?;
        let request = Request { file: Arc::new(file), file_name: upload.name, file_hash, mode, kept_as: None };
        take_in(&self.app, &self.actor, key, request, self.lang).await
    }
}

/// Runs an import; the answer says how it went, or that it goes on.
async fn take_in(
    app: &App,
    actor: &Actor,
    key: Option<Key>,
    request: Request,
    lang: Lang,
) -> Result<Response, Problem> {
    let begun = underway::take_in(app, actor, key, request).await?;
    if let Some(problem) = begun.refused {
        return Err(problem);
    }
    let import = begun.import;
    let mut reader = Reader::open(app, actor, Permission::Import).await?;
    let view = whole(&mut reader, import, lang).await?;
    let status = match view.state.as_str() {
        "running" => StatusCode::ACCEPTED,
        _ if view.dry_run => StatusCode::OK,
        _ => StatusCode::CREATED,
    };
    let location = HeaderValue::from_str(&format!("/api/v1/imports/{import}")).expect("ids are ASCII");
    let mut response = (status, [(LOCATION, location)], Json(view)).into_response();
    if begun.replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// The import of that id.
///
/// # Errors
/// 404 when there is none that the reader sees.
pub(super) async fn find(reader: &mut Reader, import: Uuid) -> Result<ImportRow, Problem> {
    let actor = reader.actor().clone();
    queries::import(&mut reader.tx(), &actor, import).await?.ok_or_else(Problem::not_found)
}

async fn whole(reader: &mut Reader, import: Uuid, lang: Lang) -> Result<ImportView, Problem> {
    let row = find(reader, import).await?;
    Ok(ImportView::whole(&mut reader.tx(), row, lang).await?)
}

/// An id in an address.
///
/// # Errors
/// 404 when it can be none.
pub(super) fn id_of(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}

/// Which imports.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportsParams {
    /// `products`, `suppliers`, `stock` or `prices`.
    #[param(pattern = "^(products|suppliers|stock|prices)$")]
    pub kind: Option<String>,
    /// The `next` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,400}$")]
    pub after: Option<String>,
    /// Items on a page, 1–500.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<String>,
}

/// Imports, newest first; their errors are in each one's own list.
#[utoipa::path(get, path = "/api/v1/imports", tag = "imports", params(ImportsParams),
    responses((status = 200, description = "A page of imports", body = Page<ImportView>)))]
async fn list_imports(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    Params(params): Params<ImportsParams>,
) -> Result<Json<Page<ImportView>>, Problem> {
    let page = PageParams { after: params.after.clone(), limit: params.limit.clone() };
    let (limit, after) = (page.limit()?, page.after()?);
    let kind = match params.kind.as_deref() {
        None => None,
        Some(code) => Some(ImportKind::from_code(code).ok_or_else(|| {
            let known = ImportKind::ALL.map(ImportKind::code).join(", ");
            Problem::invalid_field("kind", "unknown_kind", format!("Son: {known}."), format!("They are: {known}."))
        })?),
    };
    let mut reader = Reader::open(&app, &actor, Permission::Import).await?;
    let rows = queries::imports(&mut reader.tx(), &actor, kind, None, after, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| (row.created_at, row.id), |row| ImportView::brief(row, lang));
    let items = page.items.into_iter().collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next: page.next }))
}

/// One import, with its first errors.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The import", body = ImportView)))]
async fn get_import(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    Segment(id): Segment,
) -> Result<Json<ImportView>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::Import).await?;
    Ok(Json(whole(&mut reader, id_of(&id)?, lang).await?))
}

/// Which errors, and how.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ErrorsParams {
    /// `csv`: the correction file, whole; `json` otherwise.
    #[param(pattern = "^(json|csv)$")]
    pub format: Option<String>,
    /// The `next` of the page before, or the import's `errors_next`.
    #[param(pattern = "^[A-Za-z0-9_-]{1,400}$")]
    pub after: Option<String>,
    /// Items on a page, 1–500.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<String>,
}

/// What is wrong, by line.
///
/// With `format=csv`, the correction file: the bad rows as they stood and what to correct in each.
#[utoipa::path(get, path = "/api/v1/imports/{id}/errors", tag = "imports", params(("id" = Uuid, Path), ErrorsParams),
    responses((status = 200, description = "A page of errors, or the correction file",
        content((Page<RowErrorView> = "application/json"), (String = "text/csv")))))]
async fn list_errors(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    Segment(id): Segment,
    Params(params): Params<ErrorsParams>,
) -> Result<Response, Problem> {
    let page = PageParams { after: params.after.clone(), limit: params.limit.clone() };
    let (limit, after) = (page.limit()?, page.after::<ErrorKey>()?);
    let csv = match params.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => {
            return Err(Problem::invalid_field("format", "unknown_format", "Va json o csv.", "It is json or csv."));
        }
    };
    let mut reader = Reader::open(&app, &actor, Permission::Import).await?;
    let import = find(&mut reader, id_of(&id)?).await?;
    if csv {
        let bytes = correction(&mut reader.tx(), &app.db, &import, lang).await?;
        return Ok(attachment(&import, bytes));
    }
    let errors = queries::errors_of(&mut reader.tx(), import.id, after.unwrap_or((0, -1)), limit + 1).await?;
    let page = Page::cut(errors, limit, |(key, _)| *key, |(_, error)| RowErrorView::of(error, lang));
    Ok(Json(page).into_response())
}

/// The correction file, to be saved and never shown by a browser (INP-3).
fn attachment(import: &ImportRow, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"corregir-{}-{}.csv\"", import.kind, import.id.simple());
    let name = HeaderValue::from_str(&name).expect("kinds and ids are ASCII");
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let nosniff = HeaderValue::from_static("nosniff");
    let headers = [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name), (X_CONTENT_TYPE_OPTIONS, nosniff)];
    (headers, bytes).into_response()
}

/// How an undo went.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportUndone)]
struct UndoneView {
    /// The import.
    id: Uuid,
    /// Its state now.
    state: String,
    /// Rows that were taken back.
    taken_back: i64,
    /// Rows that stay as they are, and why; the first 1,000.
    kept: Vec<KeptView>,
}

/// Undo an import.
///
/// Fields go back where nobody changed the product since, what it created is put away, stock is reversed.
#[utoipa::path(post, path = "/api/v1/imports/{id}/undo", tag = "imports", params(("id" = Uuid, Path)),
    responses((status = 200, description = "What was taken back and what stays", body = UndoneView),
        (status = 202, description = "It is large and still going back: look at the import again", body = UndoneView)))]
async fn undo_import(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    Segment(id): Segment,
    key: RequestKey,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = key.bind(&format!("POST /imports/{id}/undo"), &[]);
    let replayed = underway::take_back(&app, &actor, key, id).await?;
    let mut reader = Reader::open(&app, &actor, Permission::Import).await?;
    let state = find(&mut reader, id).await?.state;
    let undone = undo::outcome(&mut reader.tx(), id).await?;
    let kept = undone.kept.into_iter().map(|row| {
        let detail = row.text().in_lang(lang).to_owned();
        KeptView { line: row.line, label: row.label, code: row.code, detail }
    });
    let status = if state == "undoing" { StatusCode::ACCEPTED } else { StatusCode::OK };
    let view = UndoneView { id, state, taken_back: undone.taken_back, kept: kept.collect() };
    Ok(replayable(status, replayed, &view))
}
