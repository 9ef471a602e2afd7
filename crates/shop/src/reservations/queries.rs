//! Reservations as people see them.

use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::{Problem, Reader};

/// A reservation at an instant; a pending one whose time is over reads as expired.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Reservation {
    /// Its id.
    pub id: Uuid,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// Code of the place that keeps it.
    pub location: String,
    /// Id of that place.
    pub location_id: Uuid,
    /// How much, in thousandths of the product's unit.
    pub quantity: i64,
    /// `pending`, `posted`, `voided` or `expired`.
    pub state: String,
    /// For whom or what.
    pub reason: String,
    /// Why it ended, if anybody said.
    pub closing_reason: Option<String>,
    /// Whose paper it goes with.
    pub document: Option<String>,
    /// Until when it holds.
    pub expires_at: At,
    /// The movement that handed it over.
    pub movement_id: Option<Uuid>,
    /// Who made it.
    pub actor_name: String,
    /// When it was made.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// Grows with every change.
    pub version: i64,
}

/// Which reservations.
#[derive(Debug, Clone, Default)]
pub struct ReservationFilter {
    /// Of the product with this id.
    pub product: Option<Uuid>,
    /// Of the product with this SKU.
    pub sku: Option<String>,
    /// At the place with this code.
    pub location: Option<String>,
    /// In this state.
    pub state: Option<&'static str>,
}

/// Where a page begins: when the last one shown was made, and its id.
pub type ReservationKey = (At, Uuid);

/// Reservations, newest first, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn reservations(
    reader: &mut Reader,
    filter: &ReservationFilter,
    after: Option<ReservationKey>,
    limit: i64,
) -> Result<Vec<Reservation>, Problem> {
    let (own, now) = (reader.location(), reader.now());
    let (made_at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LIST_RESERVATIONS))
        .bind(now).bind(filter.product).bind(&filter.sku).bind(&filter.location).bind(own).bind(filter.state)
        .bind(made_at).bind(id).bind(limit + 1).fetch_all(c).await?))
}

/// Reservations that hold, the first to end on top, with one more than `limit`. A page begins after
/// the end of the last one shown, and its id.
///
/// # Errors
/// The database's failure.
pub async fn ending(
    reader: &mut Reader,
    after: Option<ReservationKey>,
    limit: i64,
) -> Result<Vec<Reservation>, Problem> {
    let (own, now) = (reader.location(), reader.now());
    let (ends_at, id) = after.unwrap_or_default();
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::ENDING_RESERVATIONS))
        .bind(now).bind(own).bind(ends_at).bind(id).bind(limit + 1).fetch_all(c).await?))
}

/// How many reservations hold, of those the reader may see.
///
/// # Errors
/// The database's failure.
pub async fn kept(reader: &mut Reader) -> Result<i64, Problem> {
    let (own, now) = (reader.location(), reader.now());
    Ok(
        both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::COUNT_KEPT)).bind(now).bind(own).fetch_one(c).await?),
    )
}

/// One reservation; none outside the reader's location.
///
/// # Errors
/// The database's failure.
pub async fn reservation(reader: &mut Reader, id: Uuid) -> Result<Option<Reservation>, Problem> {
    let (own, now) = (reader.location(), reader.now());
    let found = find(&mut reader.tx(), id, now).await?;
    Ok(found.filter(|found| own.is_none_or(|own| own == found.location_id)))
}

pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid, now: At) -> Result<Option<Reservation>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_RESERVATION)).bind(id).bind(now).fetch_optional(c).await?))
}
