//! The JSON calls that add to an account and take back. Lists are in `lists.rs`, bodies in `bodies.rs`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use utoipa_axum::routes;
use uuid::Uuid;

use super::bodies::EntryBody;
use super::commands::ReverseEntry;
use super::lists;
use super::refusal::PayableRefusal;
use super::views::EntryView;
use crate::kernel::answer::replayable;
use crate::kernel::path::Segment;
use crate::kernel::scalars::SupplierCode;
use crate::kernel::time::local_day;
use crate::kernel::{Access, App, Body, Caller, Endpoint, LimitGroup, OpClass, Problem, RequestKey};
use crate::stock::ReasonBody;

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let post = Access::Needs(Permission::PostAccounts);
    let write = |routes| Endpoint::api(routes, post, OpClass::Write, LimitGroup::General);
    let mut endpoints = lists::endpoints();
    endpoints.extend([write(routes!(post_entry)), write(routes!(reverse_entry))]);
    endpoints
}

/// Add an invoice, a note or a payment to the account of a supplier.
#[utoipa::path(post, path = "/api/v1/suppliers/{code}/account", tag = "suppliers", request_body = EntryBody,
    params(("code" = SupplierCode, Path, description = "The supplier's code, or its id")),
    responses((status = 201, description = "Added", body = EntryView)))]
async fn post_entry(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(code): Segment,
    key: RequestKey,
    body: Body<EntryBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, &format!("POST /suppliers/{code}/account"));
    let today = local_day(app.db.now(), &app.zone);
    let done = app.db.execute(&actor, key, body.value.parse(code, today)?).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &EntryView::from(done.out.entry)))
}

/// Take an entry back; answers the entry that does.
#[utoipa::path(post, path = "/api/v1/suppliers/{code}/account/{id}/reverse", tag = "suppliers", request_body = ReasonBody,
    params(("code" = SupplierCode, Path, description = "The supplier's code, or its id"),
        ("id" = Uuid, Path, description = "The entry's id")),
    responses((status = 201, description = "Reversed", body = EntryView)))]
async fn reverse_entry(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment((supplier, id)): Segment<(String, String)>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::from(PayableRefusal::NotFound))?;
    let key = body.key(&key, &format!("POST /suppliers/{supplier}/account/{id}/reverse"));
    let reason = body.value.parse()?;
    let done = app.db.execute(&actor, key, ReverseEntry { supplier, id, reason }).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &EntryView::from(done.out.entry)))
}
