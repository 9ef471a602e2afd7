//! The JSON calls about transfers: bodies in, transfers out. Texts become ledger values in
//! `bodies.rs`; nothing is decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::TransferState;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::bodies::{ReceiveBody, TransferBody};
use super::commands::CancelTransfer;
use super::queries::{self, TransferFilter};
use super::restock::{RestockRoute, restock_list};
use super::views::{RestockItem, TransferDetail, TransferItem, detail, item, restock_item};
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Page, PageParams, Params, Problem, Reader,
    RequestKey,
};
use crate::stock::{Places, ReasonBody, replayable};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::MoveStock), OpClass::Write, LimitGroup::LedgerWrites);
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    vec![
        write(utoipa_axum::routes!(send_transfer)),
        read(utoipa_axum::routes!(list_transfers)),
        read(utoipa_axum::routes!(list_restock)),
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

/// Which transfers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TransferParams {
    /// Code of the place they left.
    pub from: Option<String>,
    /// Code of the place they go to.
    pub to: Option<String>,
    /// `sent`, `received` or `cancelled`.
    pub state: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// Transfers, newest first.
#[utoipa::path(get, path = "/api/v1/transfers", tag = "transfers", params(TransferParams),
    responses((status = 200, description = "A page of transfers", body = Page<TransferItem>)))]
async fn list_transfers(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<TransferParams>,
) -> Result<Json<Page<TransferItem>>, Problem> {
    let page = PageParams { after: params.after, limit: params.limit };
    let (limit, after) = (page.limit()?, page.after()?);
    let mut errors = Errors::new();
    let state = params.state.and_then(|code| {
        let state = TransferState::from_code(&code);
        if state.is_none() {
            let known = TransferState::ALL.map(TransferState::code).join(", ");
            let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
            errors.add("state", "unknown_state", es, en);
        }
        state.map(TransferState::code)
    });
    errors.finish()?;
    let filter = TransferFilter { from: params.from, to: params.to, state, only_ended: false };
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let rows = queries::transfers(&mut reader, &filter, after, limit).await?;
    Ok(Json(Page::cut(rows, limit, |row| (row.sent_at, row.id), item)))
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

/// Between which places.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RestockParams {
    /// Code of the storeroom; `deposito` when absent.
    pub from: Option<String>,
    /// Code of the place with the shelves; `local` when absent.
    pub to: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// What to bring from the storeroom to the shelves, by name.
#[utoipa::path(get, path = "/api/v1/transfers/restock", tag = "transfers", params(RestockParams),
    responses((status = 200, description = "A page of products to bring", body = Page<RestockItem>)))]
async fn list_restock(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<RestockParams>,
) -> Result<Json<Page<RestockItem>>, Problem> {
    let page = PageParams { after: params.after, limit: params.limit };
    let (limit, after) = (page.limit()?, page.after()?);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let mut errors = Errors::new();
    let from = known_place(&mut errors, &places, "from", params.from.as_deref().unwrap_or("deposito"));
    let to = known_place(&mut errors, &places, "to", params.to.as_deref().unwrap_or("local"));
    errors.finish()?;
    let route = RestockRoute { from, to, today: app.db.day_of(reader.now()) };
    let rows = restock_list(&mut reader, route, after, limit).await?;
    Ok(Json(Page::cut(rows, limit, |row| (row.name_folded.clone(), row.id), restock_item)))
}

fn known_place(errors: &mut Errors, places: &Places, field: &str, code: &str) -> Uuid {
    match places.by_code(code).filter(|place| place.kind.is_real()) {
        Some(place) => place.id,
        None => {
            let (es, en) = (format!("No hay ningún lugar «{code}»."), format!("There is no place \"{code}\"."));
            errors.add(field, "unknown_location", es, en);
            Uuid::nil()
        }
    }
}
