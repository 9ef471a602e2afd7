//! The JSON calls about counts: bodies in, counts, lines and sheets out. Texts become ledger values
//! in `bodies.rs`; nothing is decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::bodies::{CountBody, CountPostBody, CountedBody};
use super::commands::CancelCount;
use super::queries::{self, Count, CountFilter, CountedLine, LineFilter, SheetFilter};
use super::refusal::CountState;
use super::views::{
    CountItem, CountPostedItem, CountedLineItem, CountedResult, SheetItem, item, line_item, sheet_item,
};
use crate::kernel::body::BatchBody;
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Page, PageParams, Params, Problem, Reader,
    RequestKey,
};
use crate::stock::{ReasonBody, replayable};

/// The feature's routes.
pub fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::Count), OpClass::Write, LimitGroup::LedgerWrites);
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    vec![
        write(utoipa_axum::routes!(open_count)),
        read(utoipa_axum::routes!(list_counts)),
        read(utoipa_axum::routes!(get_count)),
        write(utoipa_axum::routes!(enter_counts)),
        read(utoipa_axum::routes!(list_counted)),
        read(utoipa_axum::routes!(get_sheet)),
        write(utoipa_axum::routes!(post_count)),
        write(utoipa_axum::routes!(cancel_count)),
    ]
}

fn parse_id(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| Problem::not_found())
}

/// Begins a count of a place.
#[utoipa::path(post, path = "/api/v1/counts", tag = "counts", request_body = CountBody,
    responses((status = 201, description = "Begun", body = CountItem)))]
async fn open_count(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<CountBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /counts");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    let sees = done.out.shows_expected_to(&actor);
    Ok(replayable(StatusCode::CREATED, done.replayed, &item(done.out, sees)))
}

/// Which counts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountParams {
    /// Code of the place.
    pub location: Option<String>,
    /// `open`, `posted` or `cancelled`.
    pub state: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// Counts, newest first.
#[utoipa::path(get, path = "/api/v1/counts", tag = "counts", params(CountParams),
    responses((status = 200, description = "A page of counts", body = Page<CountItem>)))]
async fn list_counts(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<CountParams>,
) -> Result<Json<Page<CountItem>>, Problem> {
    let page = PageParams { after: params.after, limit: params.limit };
    let (limit, after) = (page.limit()?, page.after()?);
    let mut errors = Errors::new();
    let state = params.state.and_then(|code| {
        let state = CountState::from_code(&code);
        if state.is_none() {
            let known = CountState::ALL.map(CountState::code).join(", ");
            let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
            errors.add("state", "unknown_state", es, en);
        }
        state.map(CountState::code)
    });
    errors.finish()?;
    let filter = CountFilter { location: params.location, state };
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let rows = queries::counts(&mut reader, &filter, after, limit).await?;
    let shown = |row: Count| {
        let sees = row.shows_expected_to(&actor);
        item(row, sees)
    };
    Ok(Json(Page::cut(rows, limit, |row| (row.opened_at, row.id), shown)))
}

/// One count with its totals.
#[utoipa::path(get, path = "/api/v1/counts/{id}", tag = "counts", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The count", body = CountItem)))]
async fn get_count(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<CountItem>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let found = queries::count(&mut reader, parse_id(&id)?).await?.ok_or_else(Problem::not_found)?;
    let sees = found.shows_expected_to(&actor);
    Ok(Json(item(found, sees)))
}

/// Enters what was counted; a second count of the same goods replaces the first.
#[utoipa::path(post, path = "/api/v1/counts/{id}/lines", tag = "counts", params(("id" = Uuid, Path)),
    request_body = CountedBody, responses((status = 200, description = "Entered", body = CountedResult)))]
async fn enter_counts(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: BatchBody<CountedBody>,
) -> Result<Response, Problem> {
    let id = parse_id(&id)?;
    let key = body.key(&key, &format!("POST /counts/{id}/lines"));
    let done = app.db.execute(&actor, key, body.value.parse(id)?).await?;
    let out = CountedResult { entered: done.out.entered, recount: done.out.recount };
    Ok(replayable(StatusCode::OK, done.replayed, &out))
}

/// Which lines of a count.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountedParams {
    /// `recount`: only those to count again; `different`: only those that differ, when you may see it.
    pub only: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// What was counted, by name.
#[utoipa::path(get, path = "/api/v1/counts/{id}/lines", tag = "counts", params(("id" = Uuid, Path), CountedParams),
    responses((status = 200, description = "A page of lines", body = Page<CountedLineItem>)))]
async fn list_counted(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Params(params): Params<CountedParams>,
) -> Result<Json<Page<CountedLineItem>>, Problem> {
    let id = parse_id(&id)?;
    let page = PageParams { after: params.after, limit: params.limit };
    let (limit, after) = (page.limit()?, page.after()?);
    let (only_recount, only_different) = match params.only.as_deref() {
        None => (false, false),
        Some("recount") => (true, false),
        Some("different") => (false, true),
        Some(_) => {
            let (es, en) = ("Va recount o different.", "It is recount or different.");
            return Err(Problem::invalid_field("only", "unknown_filter", es, en));
        }
    };
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let found = queries::count(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let sees = found.shows_expected_to(&actor);
    if only_different && !sees {
        return Err(Problem::forbidden());
    }
    let filter = LineFilter { only_recount, only_different, after };
    let rows = queries::counted_lines(&mut reader, id, &filter, limit).await?;
    let key = |row: &CountedLine| (row.name_folded.clone(), row.product_id, row.lot_id);
    Ok(Json(Page::cut(rows, limit, key, |row| line_item(row, sees))))
}

/// Which part of the sheet.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetParams {
    /// Category code.
    pub category: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// What there is to count, by name: what the place holds or should hold.
#[utoipa::path(get, path = "/api/v1/counts/{id}/sheet", tag = "counts", params(("id" = Uuid, Path), SheetParams),
    responses((status = 200, description = "A page of the sheet", body = Page<SheetItem>)))]
async fn get_sheet(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Params(params): Params<SheetParams>,
) -> Result<Json<Page<SheetItem>>, Problem> {
    let id = parse_id(&id)?;
    let page = PageParams { after: params.after, limit: params.limit };
    let (limit, after) = (page.limit()?, page.after()?);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let found = queries::count(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let filter = SheetFilter { category: params.category, after };
    let rows = queries::sheet(&mut reader, &found, &filter, limit).await?;
    Ok(Json(Page::cut(rows, limit, |row| (row.name_folded.clone(), row.id), sheet_item)))
}

/// Corrects the ledger by what was counted.
#[utoipa::path(post, path = "/api/v1/counts/{id}/post", tag = "counts", params(("id" = Uuid, Path)),
    request_body = CountPostBody, responses((status = 200, description = "Posted", body = CountPostedItem)))]
async fn post_count(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<CountPostBody>,
) -> Result<Response, Problem> {
    let id = parse_id(&id)?;
    let key = body.key(&key, &format!("POST /counts/{id}/post"));
    let done = app.db.execute(&actor, key, body.value.parse(id)?).await?;
    let sees = done.out.count.shows_expected_to(&actor);
    let out = CountPostedItem { count: item(done.out.count, sees), corrected: done.out.corrected };
    Ok(replayable(StatusCode::OK, done.replayed, &out))
}

/// Gives a count up; nothing is corrected.
#[utoipa::path(post, path = "/api/v1/counts/{id}/cancel", tag = "counts", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Cancelled", body = CountItem)))]
async fn cancel_count(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = parse_id(&id)?;
    let key = body.key(&key, &format!("POST /counts/{id}/cancel"));
    let reason = body.value.parse()?;
    let done = app.db.execute(&actor, key, CancelCount { id, reason }).await?;
    let sees = done.out.shows_expected_to(&actor);
    Ok(replayable(StatusCode::OK, done.replayed, &item(done.out, sees)))
}
