//! The JSON calls about reservations: bodies in, reservations out. Texts become ledger values here,
//! all field errors at once; nothing is decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{Qty, Unit};
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::commands::{HandOver, PostReservation, Reserve, VoidReservation};
use super::list;
use super::queries::{self, Reservation};
use crate::kernel::answer::replayable;
use crate::kernel::body::given;
use crate::kernel::scalars::{LocationCode, ProductName};
use crate::kernel::time::{format_instant, parse_instant};
use crate::kernel::{Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Problem, Reader, RequestKey};
use crate::stock::{
    DOCUMENT_MAX, DocumentName, MovedQuantity, Reason, Receipt, UNIT_MAX, UnitName, line, parse_product,
    parse_quantity, parse_reason,
};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::Reserve), OpClass::Write, LimitGroup::LedgerWrites);
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    vec![
        write(utoipa_axum::routes!(reserve)),
        list::endpoint(),
        read(utoipa_axum::routes!(get_reservation)),
        write(utoipa_axum::routes!(post_reservation)),
        write(utoipa_axum::routes!(void_reservation)),
    ]
}

/// Goods to keep for somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationBody {
    /// `sku:SKU` or the product's id.
    #[schema(value_type = ProductName, required)]
    pub product: Option<String>,
    /// Code of the place that keeps them.
    #[schema(value_type = LocationCode, required)]
    pub location: Option<String>,
    /// How much, more than zero, as a decimal string with at most 3 places.
    #[schema(value_type = MovedQuantity, required)]
    pub quantity: Option<String>,
    /// A unit or a presentation of the product; its own unit when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName)]
    pub unit: Option<String>,
    /// Until when they are kept; at most a year ahead.
    #[schema(value_type = String, required, format = DateTime, example = "2026-11-24T20:00:00-03:00")]
    pub expires_at: Option<String>,
    /// For whom or what, 3 to 200 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
    /// Whose paper they go with.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DocumentName)]
    pub document: Option<String>,
}

impl ReservationBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self) -> Result<Reserve, Problem> {
        let mut errors = Errors::new();
        let product = errors.required("product", self.product).and_then(|text| parse_product(&mut errors, &text));
        let location =
            errors.required("location", self.location).and_then(|text| line(&mut errors, "location", &text, 40));
        let quantity =
            errors.required("quantity", self.quantity).and_then(|text| parse_quantity(&mut errors, "quantity", &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        let expires_at =
            errors.required("expires_at", self.expires_at).and_then(|text| parse_expiry(&mut errors, &text));
        let reason = self.reason.map_or(Some("Reserva".to_owned()), |text| parse_reason(&mut errors, &text));
        let document = self.document.and_then(|text| line(&mut errors, "document", &text, DOCUMENT_MAX));
        match (product, location, quantity, expires_at, reason) {
            (Some(product), Some(location), Some(quantity), Some(expires_at), Some(reason)) if errors.is_empty() => {
                Ok(Reserve { product, location, quantity, unit, expires_at, reason, document })
            }
            _ => Err(Problem::invalid(errors.into_inner())),
        }
    }
}

fn parse_expiry(errors: &mut Errors, text: &str) -> Option<i64> {
    let at = parse_instant(text);
    if at.is_none() {
        errors.add(
            "expires_at",
            "bad_instant",
            "La fecha y hora va como 2026-11-23T10:00:00-03:00.",
            "Date and time are written as 2026-11-23T10:00:00-03:00.",
        );
    }
    at
}

/// How reserved goods leave.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverBody {
    /// `issue` (when absent) or `sale`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = HandOverKind)]
    pub kind: Option<String>,
    /// Why; what the reservation says when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
}

impl HandOverBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self, id: Uuid) -> Result<PostReservation, Problem> {
        let mut errors = Errors::new();
        let hand_over = match self.kind.as_deref() {
            None | Some("issue") => HandOver::Issue,
            Some("sale") => HandOver::Sale,
            Some(_) => {
                errors.add("kind", "unknown_kind", "Sale como issue o como sale.", "It leaves as issue or as sale.");
                HandOver::Issue
            }
        };
        let reason = self.reason.and_then(|text| parse_reason(&mut errors, &text));
        errors.finish()?;
        Ok(PostReservation { id, hand_over, reason })
    }
}

/// The ways reserved goods leave.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "documents the accepted words")]
pub enum HandOverKind {
    /// To somebody, with a destination.
    Issue,
    /// Sold.
    Sale,
}

/// Why a reservation is taken back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidBody {
    /// Why, 3 to 200 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
}

/// Goods kept for somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reservation)]
pub struct ReservationItem {
    /// Its id.
    pub id: Uuid,
    /// `pending`, `posted`, `voided` or `expired`.
    #[schema(example = "pending")]
    pub state: String,
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// Code of the place that keeps them.
    pub location: String,
    /// How much, in the product's unit.
    pub quantity: String,
    /// The product's unit.
    pub unit: String,
    /// For whom or what.
    pub reason: String,
    /// Why it ended, if anybody said.
    #[schema(required)]
    pub closing_reason: Option<String>,
    /// Whose paper they go with.
    #[schema(required)]
    pub document: Option<String>,
    /// Until when they are kept, UTC.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// The movement that handed them over.
    #[schema(required)]
    pub movement_id: Option<Uuid>,
    /// Who made it.
    pub user: String,
    /// When it was made, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Grows with every change.
    pub version: i64,
}

/// A reservation that was handed over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandedOverReservation)]
pub struct HandedOverItem {
    /// The reservation.
    #[serde(flatten)]
    pub reservation: ReservationItem,
    /// What was posted.
    pub movement: Receipt,
}

pub(super) fn item(found: Reservation) -> ReservationItem {
    let unit = Unit::from_code(&found.unit).unwrap_or(Unit::Kg);
    ReservationItem {
        id: found.id,
        state: found.state,
        product: format!("sku:{}", found.sku),
        name: found.name,
        location: found.location,
        quantity: Qty::new(found.quantity).format(unit),
        unit: found.unit,
        reason: found.reason,
        closing_reason: found.closing_reason,
        document: found.document,
        expires_at: format_instant(found.expires_at),
        movement_id: found.movement_id,
        user: found.actor_name,
        created_at: format_instant(found.created_at),
        version: found.version,
    }
}

/// Keeps goods for somebody until a moment.
#[utoipa::path(post, path = "/api/v1/reservations", tag = "reservations", request_body = ReservationBody,
    responses((status = 201, description = "Reserved", body = ReservationItem)))]
async fn reserve(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<ReservationBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /reservations");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &item(done.out)))
}

/// One reservation.
#[utoipa::path(get, path = "/api/v1/reservations/{id}", tag = "reservations", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The reservation", body = ReservationItem)))]
async fn get_reservation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<ReservationItem>, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let found = queries::reservation(&mut reader, id).await?;
    Ok(Json(item(found.ok_or_else(Problem::not_found)?)))
}

/// Hands reserved goods over: they leave by a movement.
#[utoipa::path(post, path = "/api/v1/reservations/{id}/post", tag = "reservations", params(("id" = Uuid, Path)),
    request_body = Option<HandOverBody>, responses((status = 200, description = "Handed over", body = HandedOverItem)))]
async fn post_reservation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Option<Body<HandOverBody>>,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let (key, body) = Body::or_empty(body, &key, &format!("POST /reservations/{id}/post"));
    let done = app.db.execute(&actor, key, body.parse(id)?).await?;
    let out = HandedOverItem { reservation: item(done.out.reservation), movement: done.out.movement };
    Ok(replayable(StatusCode::OK, done.replayed, &out))
}

/// Takes a reservation back.
#[utoipa::path(post, path = "/api/v1/reservations/{id}/void", tag = "reservations", params(("id" = Uuid, Path)),
    request_body = Option<VoidBody>, responses((status = 200, description = "Taken back", body = ReservationItem)))]
async fn void_reservation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Option<Body<VoidBody>>,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let (key, body) = Body::or_empty(body, &key, &format!("POST /reservations/{id}/void"));
    let mut errors = Errors::new();
    let reason = body.reason.and_then(|text| parse_reason(&mut errors, &text));
    errors.finish()?;
    let done = app.db.execute(&actor, key, VoidReservation { id, reason }).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &item(done.out)))
}
