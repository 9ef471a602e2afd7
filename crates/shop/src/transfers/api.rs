//! The JSON calls about transfers: bodies in, transfers out. Texts become ledger values in
//! `bodies.rs`; nothing is decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use uuid::Uuid;

use super::bodies::{ReceiveBody, TransferBody};
use super::commands::CancelTransfer;
use super::lists;
use super::queries;
use super::views::{TransferDetail, detail};
use crate::kernel::answer::replayable;
use crate::kernel::{Access, App, Body, Caller, Endpoint, LimitGroup, OpClass, Problem, Reader, RequestKey};
use crate::stock::ReasonBody;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::MoveStock), OpClass::Write, LimitGroup::LedgerWrites);
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    vec![
        write(utoipa_axum::routes!(send_transfer)),
        lists::transfers_endpoint(),
        lists::restock_endpoint(),
        read(utoipa_axum::routes!(get_transfer)),
        write(utoipa_axum::routes!(receive_transfer)),
        write(utoipa_axum::routes!(cancel_transfer)),
    ]
}

/// Puts goods on the road to another place.
#[utoipa::path(post, path = "/api/v1/transfers", tag = "transfers", request_body = TransferBody,
    responses((status = 201, description = "Sent", body = TransferDetail)))]
async fn send_transfer(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<TransferBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /transfers");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &detail(done.out)))
}

/// One transfer with what it carries.
#[utoipa::path(get, path = "/api/v1/transfers/{id}", tag = "transfers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The transfer", body = TransferDetail)))]
async fn get_transfer(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<TransferDetail>, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let found = queries::transfer(&mut reader, id).await?;
    Ok(Json(detail(found.ok_or_else(Problem::not_found)?)))
}

/// Takes over what arrived, counted blind.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/receive", tag = "transfers", params(("id" = Uuid, Path)),
    request_body = ReceiveBody, responses((status = 200, description = "Received", body = TransferDetail)))]
async fn receive_transfer(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReceiveBody>,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = body.key(&key, &format!("POST /transfers/{id}/receive"));
    let done = app.db.execute(&actor, key, body.value.parse(id)?).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &detail(done.out)))
}

/// Takes everything back to where it left.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/cancel", tag = "transfers", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Cancelled", body = TransferDetail)))]
async fn cancel_transfer(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = body.key(&key, &format!("POST /transfers/{id}/cancel"));
    let reason = body.value.parse()?;
    let done = app.db.execute(&actor, key, CancelTransfer { id, reason }).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &detail(done.out)))
}
