//! The JSON calls about counts: bodies in, counts, lines and sheets out. Texts become ledger values
//! in `bodies.rs`; nothing is decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use uuid::Uuid;

use super::bodies::{CountBody, CountPostBody, CountedBody};
use super::commands::CancelCount;
use super::lists;
use super::queries;
use super::views::{CountItem, CountPostedItem, CountedResult, item};
use crate::kernel::answer::replayable;
use crate::kernel::body::BatchBody;
use crate::kernel::{Access, App, Body, Caller, Endpoint, LimitGroup, OpClass, Problem, Reader, RequestKey};
use crate::stock::ReasonBody;

/// The routes of this file and of the lists.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::Count), OpClass::Write, LimitGroup::LedgerWrites);
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    let mut endpoints = lists::endpoints();
    endpoints.extend([
        write(utoipa_axum::routes!(open_count)),
        read(utoipa_axum::routes!(get_count)),
        write(utoipa_axum::routes!(enter_counts)),
        write(utoipa_axum::routes!(post_count)),
        write(utoipa_axum::routes!(cancel_count)),
    ]);
    endpoints
}

pub(super) fn parse_id(id: &str) -> Result<Uuid, Problem> {
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
