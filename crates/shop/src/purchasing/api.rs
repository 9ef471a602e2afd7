//! The JSON calls about orders and deliveries: bodies in, orders and receipts out. Texts become values in `bodies.rs` and
//! `arrivals.rs`; nothing is decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Command, Done, Permission};
use uuid::Uuid;

use super::arrivals::{GoodsBody, ReceiveBody};
use super::bodies::{ChangeLineBody, NotesBody, OrderBody, SendBody};
use super::change::{ChangeLine, RemoveLine};
use super::pdf::document;
use super::queries::{self, Ordered, Received};
use super::receipt_views::{ReceiptDetail, receipt_detail};
use super::refusal::PurchaseRefused;
use super::sender::shop_name;
use super::steps::{CancelOrder, CloseOrder};
use super::undo::ReverseReceipt;
use super::views::{Costs, OrderDetail, OrderDetails, detail};
use crate::kernel::answer::{pdf, replayable};
use crate::kernel::body::NoBody;
use crate::kernel::scalars::Version;
use crate::kernel::time::{local_day, local_minutes};
use crate::kernel::{Access, App, Body, Caller, Endpoint, IfMatch, LimitGroup, OpClass, Problem, Reader, RequestKey};
use crate::stock::ReasonBody;
use crate::suppliers::LocalTime;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write = |routes, needs| Endpoint::api(routes, Access::Needs(needs), OpClass::Write, LimitGroup::LedgerWrites);
    let read =
        |routes| Endpoint::api(routes, Access::Needs(Permission::ReadPurchases), OpClass::Read, LimitGroup::General);
    vec![
        write(utoipa_axum::routes!(add_lines), Permission::EditPurchases),
        write(utoipa_axum::routes!(order_notes), Permission::EditPurchases),
        read(utoipa_axum::routes!(get_order)),
        read(utoipa_axum::routes!(get_order_pdf)),
        write(utoipa_axum::routes!(change_line), Permission::EditPurchases),
        write(utoipa_axum::routes!(remove_line), Permission::EditPurchases),
        write(utoipa_axum::routes!(send_order), Permission::EditPurchases),
        write(utoipa_axum::routes!(receive_order), Permission::Receive),
        write(utoipa_axum::routes!(close_order), Permission::EditPurchases),
        write(utoipa_axum::routes!(cancel_order), Permission::EditPurchases),
        write(utoipa_axum::routes!(receive_goods), Permission::Receive),
        read(utoipa_axum::routes!(get_receipt)),
        write(utoipa_axum::routes!(reverse_receipt), Permission::Adjust),
    ]
}

/// Whether somebody may see what things cost.
fn costs(actor: &Actor) -> Costs {
    Costs::of(actor.may(Permission::ReadCost))
}

fn orders(app: &App, actor: &Actor, found: Vec<Ordered>) -> OrderDetails {
    let now = local_now(app);
    OrderDetails { orders: found.into_iter().map(|one| detail(one, costs(actor), now)).collect() }
}

/// What the clock says in the shop.
pub(super) fn local_now(app: &App) -> LocalTime {
    let now = app.db.now();
    LocalTime { day: local_day(now, &app.zone), minutes: local_minutes(now, &app.zone) }
}

/// Runs a step of one order and answers the order.
async fn step<C>(app: &App, actor: &Actor, key: Option<gondola_store::Key>, command: C) -> Result<Response, Problem>
where
    C: Command<Out = Ordered, Refusal = PurchaseRefused>,
{
    let Done { out, replayed } = app.db.execute(actor, key, command).await?;
    Ok(replayable(StatusCode::OK, replayed, &detail(out, costs(actor), local_now(app))))
}

/// Orders things: each goes onto the draft of its supplier, and what is on it already adds up.
#[utoipa::path(post, path = "/api/v1/purchase-orders", tag = "purchasing", request_body = OrderBody,
    responses((status = 201, description = "On their drafts", body = OrderDetails)))]
async fn add_lines(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<OrderBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /purchase-orders");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &orders(&app, &actor, done.out)))
}

/// Orders what the notebook asks for.
#[utoipa::path(post, path = "/api/v1/purchase-orders/from-notebook", tag = "purchasing", request_body = Option<NotesBody>,
    responses((status = 201, description = "On their drafts", body = OrderDetails)))]
async fn order_notes(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Option<Body<NotesBody>>,
) -> Result<Response, Problem> {
    let (key, body) = Body::or_empty(body, &key, "POST /purchase-orders/from-notebook");
    let done = app.db.execute(&actor, key, body.parse()?).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &orders(&app, &actor, done.out)))
}

/// One order with its lines.
#[utoipa::path(get, path = "/api/v1/purchase-orders/{id}", tag = "purchasing", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The order", body = OrderDetail)))]
async fn get_order(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<OrderDetail>, Problem> {
    let id = purchase_id(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadPurchases).await?;
    let found = queries::order(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(detail(found, costs(&actor), local_now(&app))))
}

/// One order on paper, as the supplier may have it: no prices, in Spanish.
#[utoipa::path(get, path = "/api/v1/purchase-orders/{id}/pdf", tag = "purchasing", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The order", content_type = "application/pdf", body = String)))]
async fn get_order_pdf(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadPurchases).await?;
    let found = queries::order(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let shop = shop_name(&mut reader.tx()).await?;
    let day = app.db.day_of(found.order.sent_at.unwrap_or_else(|| reader.now()));
    let name = format!("pedido-{}", found.order.number);
    Ok(pdf(&name, document(&found, shop.as_deref(), day)))
}

/// Changes a line of a draft; the version is the order's.
#[utoipa::path(patch, path = "/api/v1/purchase-orders/{id}/lines/{line}", tag = "purchasing", request_body = ChangeLineBody,
    params(("id" = Uuid, Path), ("line" = i64, Path), ("If-Match" = Version, Header, description = "The order's version that was read")),
    responses((status = 200, description = "The order as it is now", body = OrderDetail)))]
async fn change_line(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, line)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    body: Body<ChangeLineBody>,
) -> Result<Response, Problem> {
    let change = body.value.parse()?;
    let command = ChangeLine { order: purchase_id(&id)?, line: line_number(&line)?, version, change };
    step(&app, &actor, None, command).await
}

/// Takes a line out of a draft. What the notebook asked for by it is pending again.
#[utoipa::path(delete, path = "/api/v1/purchase-orders/{id}/lines/{line}", tag = "purchasing",
    params(("id" = Uuid, Path), ("line" = i64, Path)),
    responses((status = 200, description = "The order as it is now", body = OrderDetail)))]
async fn remove_line(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, line)): Path<(String, String)>,
    _: NoBody,
) -> Result<Response, Problem> {
    step(&app, &actor, None, RemoveLine { order: purchase_id(&id)?, line: line_number(&line)? }).await
}

/// Sends a draft: its text and lines stay as they are from now on.
#[utoipa::path(post, path = "/api/v1/purchase-orders/{id}/send", tag = "purchasing", params(("id" = Uuid, Path)),
    request_body = Option<SendBody>, responses((status = 200, description = "Sent", body = OrderDetail)))]
async fn send_order(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Option<Body<SendBody>>,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let (key, body) = Body::or_empty(body, &key, &format!("POST /purchase-orders/{id}/send"));
    step(&app, &actor, key, body.parse(id)?).await
}

/// Takes over what came of an order. What did not come stays open.
#[utoipa::path(post, path = "/api/v1/purchase-orders/{id}/receive", tag = "purchasing", params(("id" = Uuid, Path)),
    request_body = ReceiveBody, responses((status = 201, description = "Received", body = ReceiptDetail)))]
async fn receive_order(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReceiveBody>,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = body.key(&key, &format!("POST /purchase-orders/{id}/receive"));
    let done = app.db.execute(&actor, key, body.value.parse(id)?).await?;
    Ok(received(&actor, done, StatusCode::CREATED))
}

/// Closes an order: nothing more of it is expected.
#[utoipa::path(post, path = "/api/v1/purchase-orders/{id}/close", tag = "purchasing", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Closed", body = OrderDetail)))]
async fn close_order(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = body.key(&key, &format!("POST /purchase-orders/{id}/close"));
    step(&app, &actor, key, CloseOrder { id, reason: body.value.parse()? }).await
}

/// Calls an order off while nothing of it came.
#[utoipa::path(post, path = "/api/v1/purchase-orders/{id}/cancel", tag = "purchasing", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Cancelled", body = OrderDetail)))]
async fn cancel_order(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = body.key(&key, &format!("POST /purchase-orders/{id}/cancel"));
    step(&app, &actor, key, CancelOrder { id, reason: body.value.parse()? }).await
}

/// Takes over goods that nobody ordered here.
#[utoipa::path(post, path = "/api/v1/goods-receipts", tag = "purchasing", request_body = GoodsBody,
    responses((status = 201, description = "Received", body = ReceiptDetail)))]
async fn receive_goods(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<GoodsBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /goods-receipts");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    Ok(received(&actor, done, StatusCode::CREATED))
}

/// One delivery with its lines.
#[utoipa::path(get, path = "/api/v1/goods-receipts/{id}", tag = "purchasing", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The delivery", body = ReceiptDetail)))]
async fn get_receipt(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<ReceiptDetail>, Problem> {
    let id = purchase_id(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadPurchases).await?;
    let found = queries::receipt(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(receipt_detail(found, costs(&actor))))
}

/// Takes a delivery back: its goods go where they came from, and its order expects them again.
#[utoipa::path(post, path = "/api/v1/goods-receipts/{id}/reverse", tag = "purchasing", params(("id" = Uuid, Path)),
    request_body = ReasonBody, responses((status = 200, description = "Undone", body = ReceiptDetail)))]
async fn reverse_receipt(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<ReasonBody>,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = body.key(&key, &format!("POST /goods-receipts/{id}/reverse"));
    let done = app.db.execute(&actor, key, ReverseReceipt { id, reason: body.value.parse()? }).await?;
    Ok(received(&actor, done, StatusCode::OK))
}

fn received(actor: &Actor, done: Done<Received>, status: StatusCode) -> Response {
    replayable(status, done.replayed, &receipt_detail(done.out, costs(actor)))
}

/// The id of an order or a receipt.
pub(super) fn purchase_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}

/// The number of a line.
pub(super) fn line_number(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
