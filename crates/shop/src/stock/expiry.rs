//! Lots with stock, first expiring first: the rows that the API and the pages show.

use gondola_store::both;
use sqlx::FromRow;
use uuid::Uuid;

use super::places::Places;
use super::sql;
use crate::kernel::time::Day;
use crate::kernel::{Problem, Reader};

/// A lot with stock at a place.
#[derive(FromRow, Clone)]
pub(super) struct ListedLot {
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub location_id: Uuid,
    pub lot_id: Uuid,
    pub code: String,
    pub expires_on: Option<Day>,
    pub received_at: i64,
    pub quantity: i64,
}

/// Where a page of lots begins: expiry, lot, place.
pub type LotKey = (i32, Uuid, Uuid);

pub(super) async fn lots(
    reader: &mut Reader,
    sku: Option<&str>,
    location: Option<Uuid>,
    expires_until: Option<Day>,
    after: Option<LotKey>,
    limit: i64,
) -> Result<(Vec<ListedLot>, Places), Problem> {
    let place = location.or(reader.location());
    let (expiry, lot, at) = after.unwrap_or((i32::MIN, Uuid::nil(), Uuid::nil()));
    let mut tx = reader.tx();
    let rows = both!(&mut tx, c, text => sqlx::query_as(text(sql::LOTS))
        .bind(sku).bind(place).bind(expires_until.unwrap_or(i32::MAX)).bind(expiry).bind(lot).bind(at).bind(limit + 1)
        .fetch_all(c).await?);
    Ok((rows, Places::load(&mut tx).await?))
}
