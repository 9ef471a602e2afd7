//! Transfers as people see them.

use gondola_ledger::TransferState;
use gondola_store::{At, Permission, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::rows::{self, LineRow, LotRow};
use super::sql;
use crate::kernel::time::Day;
use crate::kernel::{Problem, Reader};

/// A transfer without its lines.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Transfer {
    /// Its id.
    pub id: Uuid,
    /// Id of the place it left.
    pub from_location_id: Uuid,
    /// Its code.
    pub from_code: String,
    /// Id of the place it goes to.
    pub to_location_id: Uuid,
    /// Its code.
    pub to_code: String,
    /// `sent`, `received` or `cancelled`.
    pub state: String,
    /// Why.
    pub reason: String,
    /// Whose paper it goes with.
    pub document: Option<String>,
    /// Who sent it.
    pub actor_name: String,
    /// When it left.
    pub sent_at: At,
    /// When it arrived or came back.
    pub closed_at: Option<At>,
    /// Who received or cancelled it.
    pub closed_by: Option<String>,
    /// What they said.
    pub closing_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
    /// How many lines it has.
    pub lines: i64,
    /// How many of them are in the claim.
    pub differences: i64,
}

/// A transfer with what it carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Carried {
    /// The transfer.
    pub transfer: Transfer,
    /// Its lines.
    pub lines: Vec<CarriedLine>,
}

/// A transfer's line. Quantities are thousandths of the product's unit; while the receiver has to
/// count blind, how much was sent is not in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CarriedLine {
    /// From 1.
    pub line: i64,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// How much left.
    pub sent: Option<i64>,
    /// How much arrived.
    pub received: Option<i64>,
    /// The movement by which it left.
    pub movement_id: Uuid,
    /// The lots that left, in the order they were picked.
    pub lots: Vec<CarriedLot>,
}

/// A lot of a transfer's line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CarriedLot {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
    /// How much of it left.
    pub quantity: Option<i64>,
}

/// Which transfers.
#[derive(Debug, Clone, Default)]
pub struct TransferFilter {
    /// That left the place with this code.
    pub from: Option<String>,
    /// That go to the place with this code.
    pub to: Option<String>,
    /// In this state.
    pub state: Option<&'static str>,
    /// Only those that arrived or came back.
    pub only_ended: bool,
}

/// Where a page begins: when the last one shown left, and its id.
pub type TransferKey = (At, Uuid);

/// Transfers, newest first, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn transfers(
    reader: &mut Reader,
    filter: &TransferFilter,
    after: Option<TransferKey>,
    limit: i64,
) -> Result<Vec<Transfer>, Problem> {
    let own = reader.location();
    let (sent_at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LIST_TRANSFERS))
        .bind(&filter.from).bind(&filter.to).bind(own).bind(filter.state).bind(sent_at).bind(id).bind(limit + 1)
        .bind(i64::from(filter.only_ended)).fetch_all(c).await?))
}

/// How many transfers are on the road, of those the reader may see.
///
/// # Errors
/// The database's failure.
pub async fn on_the_road(reader: &mut Reader) -> Result<i64, Problem> {
    let own = reader.location();
    Ok(
        both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::COUNT_ON_THE_ROAD)).bind(own).fetch_one(c).await?),
    )
}

/// One transfer with its lines; none for a reader of neither end.
///
/// # Errors
/// The database's failure.
pub async fn transfer(reader: &mut Reader, id: Uuid) -> Result<Option<Carried>, Problem> {
    let own = reader.location();
    let adjusts = reader.actor().may(Permission::Adjust);
    let Some(mut found) = find(&mut reader.tx(), id).await? else { return Ok(None) };
    let Transfer { from_location_id, to_location_id, .. } = found.transfer;
    if own.is_some_and(|own| own != from_location_id && own != to_location_id) {
        return Ok(None);
    }
    if found.transfer.state == TransferState::Sent.code() && own == Some(to_location_id) && !adjusts {
        found.lines.iter_mut().for_each(blind);
    }
    Ok(Some(found))
}

/// The receiver counts without knowing what to find.
fn blind(line: &mut CarriedLine) {
    line.sent = None;
    line.lots.iter_mut().for_each(|lot| lot.quantity = None);
}

pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Carried>, StoreError> {
    let found: Option<Transfer> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_TRANSFER)).bind(id).fetch_optional(c).await?);
    let Some(transfer) = found else { return Ok(None) };
    let lots = rows::lots(tx, id).await?;
    let lines = rows::lines(tx, id).await?.into_iter().map(|line| with_lots(line, &lots)).collect();
    Ok(Some(Carried { transfer, lines }))
}

fn with_lots(line: LineRow, lots: &[LotRow]) -> CarriedLine {
    let of_line = lots.iter().filter(|lot| lot.line == line.line);
    CarriedLine {
        line: line.line,
        sku: line.sku,
        name: line.name,
        unit: line.unit,
        sent: Some(line.quantity_sent),
        received: line.quantity_received,
        movement_id: line.sent_movement_id,
        lots: of_line
            .map(|lot| CarriedLot { code: lot.code.clone(), expires_on: lot.expires_on, quantity: Some(lot.quantity) })
            .collect(),
    }
}
