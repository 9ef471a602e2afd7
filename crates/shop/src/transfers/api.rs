//! The JSON calls about transfers: bodies in, transfers out. Texts become ledger values in
//! `bodies.rs`; nothing is decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{Qty, TransferState, Unit};
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::bodies::{ReceiveBody, TransferBody};
use super::commands::CancelTransfer;
use super::queries::{self, Carried, CarriedLine, Transfer, TransferFilter};
use super::restock::{RestockLine, RestockRoute, restock_list};
use crate::kernel::time::{format_day, format_instant};
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Page, PageParams, Params, Problem, Reader,
    RequestKey,
};
use crate::stock::{Places, ReasonBody, replayable};

/// The feature's routes.
pub fn endpoints() -> Vec<Endpoint> {
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

/// A transfer without its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferSummary)]
pub struct TransferItem {
    /// Its id.
    pub id: Uuid,
    /// `sent`, `received` or `cancelled`.
    #[schema(example = "sent")]
    pub state: String,
    /// Code of the place it left.
    pub from: String,
    /// Code of the place it goes to.
    pub to: String,
    /// Why.
    pub reason: String,
    /// Whose paper it goes with.
    #[schema(required)]
    pub document: Option<String>,
    /// Who sent it.
    pub user: String,
    /// When it left, UTC.
    #[schema(format = DateTime)]
    pub sent_at: String,
    /// When it arrived or came back, UTC.
    #[schema(required, format = DateTime)]
    pub closed_at: Option<String>,
    /// Who received or cancelled it.
    #[schema(required)]
    pub closed_by: Option<String>,
    /// What they said.
    #[schema(required)]
    pub closing_reason: Option<String>,
    /// How many lines it has.
    pub lines_total: i64,
    /// How many lines arrived with a difference: the claim.
    pub differences: i64,
    /// Grows with every change.
    pub version: i64,
}

/// A transfer with what it carries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transfer)]
pub struct TransferDetail {
    /// The transfer.
    #[serde(flatten)]
    pub transfer: TransferItem,
    /// What it carries.
    pub lines: Vec<TransferLineItem>,
}

/// A line of a transfer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferLine)]
pub struct TransferLineItem {
    /// From 1.
    pub line: i64,
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// How much left; null while you have to count it blind.
    #[schema(required)]
    pub sent: Option<String>,
    /// How much arrived.
    #[schema(required)]
    pub received: Option<String>,
    /// Received minus sent, signed.
    #[schema(required)]
    pub difference: Option<String>,
    /// The movement by which it left.
    pub movement_id: Uuid,
    /// The lots that left.
    pub lots: Vec<TransferLotItem>,
}

/// A lot of a transfer's line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransferLot)]
pub struct TransferLotItem {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// How much of it left; null while you have to count it blind.
    #[schema(required)]
    pub quantity: Option<String>,
}

fn item(found: Transfer) -> TransferItem {
    TransferItem {
        id: found.id,
        state: found.state,
        from: found.from_code,
        to: found.to_code,
        reason: found.reason,
        document: found.document,
        user: found.actor_name,
        sent_at: format_instant(found.sent_at),
        closed_at: found.closed_at.map(format_instant),
        closed_by: found.closed_by,
        closing_reason: found.closing_reason,
        lines_total: found.lines,
        differences: found.differences,
        version: found.version,
    }
}

fn detail(found: Carried) -> TransferDetail {
    TransferDetail { transfer: item(found.transfer), lines: found.lines.into_iter().map(line_item).collect() }
}

fn line_item(line: CarriedLine) -> TransferLineItem {
    let unit = Unit::from_code(&line.unit).unwrap_or(Unit::Kg);
    let text = |quantity: i64| Qty::new(quantity).format(unit);
    TransferLineItem {
        line: line.line,
        product: format!("sku:{}", line.sku),
        name: line.name,
        difference: line.sent.zip(line.received).map(|(sent, received)| text(received - sent)),
        sent: line.sent.map(text),
        received: line.received.map(text),
        movement_id: line.movement_id,
        lots: line
            .lots
            .into_iter()
            .map(|lot| TransferLotItem {
                code: lot.code,
                expires_on: lot.expires_on.map(format_day),
                quantity: lot.quantity.map(text),
            })
            .collect(),
        unit: line.unit,
    }
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
    let filter = TransferFilter { from: params.from, to: params.to, state };
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

/// A product to bring to its shelf.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestockItem {
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// What the shelf should hold.
    pub target: String,
    /// What it holds.
    pub on_shelf: String,
    /// What is on the road to it.
    pub on_the_way: String,
    /// What the storeroom can give.
    pub available: String,
    /// What to bring.
    pub quantity: String,
    /// From which lots, first expiring first.
    pub lots: Vec<RestockLotItem>,
}

/// A lot to take from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RestockLot)]
pub struct RestockLotItem {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// How much of it.
    pub quantity: String,
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

fn restock_item(row: RestockLine) -> RestockItem {
    let unit = row.unit;
    let lots = row.lots.into_iter().map(|lot| RestockLotItem {
        code: lot.code,
        expires_on: lot.expires_on.map(format_day),
        quantity: lot.quantity.format(unit),
    });
    RestockItem {
        product: format!("sku:{}", row.sku),
        name: row.name,
        unit: unit.code().to_owned(),
        target: row.target.format(unit),
        on_shelf: row.on_shelf.format(unit),
        on_the_way: row.on_the_way.format(unit),
        available: row.free.format(unit),
        quantity: row.bring.format(unit),
        lots: lots.collect(),
    }
}
