//! Counts as people see them: lists, what was counted, and the sheet of what to count. What the
//! ledger expected is not in the answers of a blind count until it is posted.

use std::collections::HashMap;

use gondola_store::{Actor, At, Permission, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::progress::Worth;
use super::refusal::CountState;
use super::sql;
use crate::kernel::bulk::id_list;
use crate::kernel::time::Day;
use crate::kernel::{Problem, Reader};

/// A count with its totals.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Count {
    /// Its id.
    pub id: Uuid,
    /// Id of the place.
    pub location_id: Uuid,
    /// Its code.
    pub location: String,
    /// `open`, `posted` or `cancelled`.
    pub state: String,
    /// Whether those who count are not told what to find.
    pub blind: bool,
    /// Code of the one category that is counted.
    pub category: Option<String>,
    /// Its name.
    pub category_name: Option<String>,
    /// Whether a list of products is counted.
    pub listed: bool,
    /// Why it is counted.
    pub reason: String,
    /// Who began it.
    pub actor_name: String,
    /// When it began.
    pub opened_at: At,
    /// When it ended.
    pub closed_at: Option<At>,
    /// Who ended it.
    pub closed_by: Option<String>,
    /// Why it was corrected or given up.
    pub closing_reason: Option<String>,
    /// Grows with every change of state.
    pub version: i64,
    /// How many lines were counted.
    pub lines: i64,
    /// How many must be counted again.
    pub to_recount: i64,
    /// How many differ from what was expected.
    pub differences: i64,
}

impl Count {
    /// Whether this actor may see what the ledger expected. Who counts blind may not until the count
    /// is posted, not even by giving it up.
    pub fn shows_expected_to(&self, actor: &Actor) -> bool {
        !self.blind || self.state == CountState::Posted.code() || actor.may(Permission::Adjust)
    }
}

/// Which counts.
#[derive(Debug, Clone, Default)]
pub struct CountFilter {
    /// Of the place with this code.
    pub location: Option<String>,
    /// In this state.
    pub state: Option<&'static str>,
    /// Only those that ended.
    pub only_ended: bool,
}

/// Where a page begins: when the last one shown began, and its id.
pub type CountKey = (At, Uuid);

/// A line as counted. Quantities are thousandths of the product's unit.
#[derive(Debug, Clone, FromRow)]
pub struct CountedLine {
    /// Product id.
    pub product_id: Uuid,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// The name as it is sorted.
    pub name_folded: String,
    /// The product's unit.
    pub unit: String,
    /// The lot; the product's plain lot when it was counted whole.
    pub lot_id: Uuid,
    /// Whether all lots were counted together.
    pub whole: bool,
    /// The lot's code.
    pub code: String,
    /// The lot's last good day.
    pub expires_on: Option<Day>,
    /// What was found.
    pub counted: i64,
    /// What the ledger held at `position`.
    pub expected: i64,
    /// The ledger position when it was counted.
    pub position: i64,
    /// How often it was counted.
    pub times: i64,
    /// Whether it must be counted again.
    pub recount: bool,
    /// When it was entered.
    pub counted_at: At,
    /// Who entered it.
    pub counted_by: String,
    /// The movement that corrected it.
    pub movement_id: Option<Uuid>,
    /// What the product is worth; for who may see cost.
    #[sqlx(flatten)]
    pub worth: Worth,
}

/// Which lines of a count, and where the page begins: name, product and lot of the last one shown.
#[derive(Debug, Clone, Default)]
pub struct LineFilter {
    /// Only those to count again.
    pub only_recount: bool,
    /// Only those that differ; not for a reader who must not know.
    pub only_different: bool,
    /// The last line of the page before.
    pub after: Option<(String, Uuid, Uuid)>,
}

/// A product to count.
pub struct SheetLine {
    /// Product id.
    pub id: Uuid,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// The name as it is sorted.
    pub name_folded: String,
    /// The product's unit.
    pub unit: String,
    /// Category code.
    pub category: String,
    /// The product's last movement, for phones that count offline.
    pub position: i64,
    /// What the ledger holds; none for a reader who must not know.
    pub expected: Option<i64>,
    /// Whether it was counted already.
    pub is_counted: bool,
    /// Whether it must be counted again.
    pub recount: bool,
    /// Its lots at the place, first expiring first.
    pub lots: Vec<SheetLot>,
}

/// A lot to count.
pub struct SheetLot {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
    /// What the ledger holds of it; none for a reader who must not know.
    pub expected: Option<i64>,
}

/// A part of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetPart {
    /// What nobody counted yet.
    Uncounted,
    /// What must be counted again.
    Recount,
}

impl SheetPart {
    /// All parts.
    pub const ALL: [Self; 2] = [Self::Uncounted, Self::Recount];

    /// The name in addresses and in the statement.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uncounted => "uncounted",
            Self::Recount => "recount",
        }
    }

    /// The part of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }
}

/// Which products to count, and where the page begins: name and id of the last one shown.
#[derive(Debug, Clone, Default)]
pub struct SheetFilter {
    /// Of the category with this code.
    pub category: Option<String>,
    /// Only this part.
    pub part: Option<SheetPart>,
    /// The last product of the page before.
    pub after: Option<(String, Uuid)>,
}

/// Counts, newest first, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn counts(
    reader: &mut Reader,
    filter: &CountFilter,
    after: Option<CountKey>,
    limit: i64,
) -> Result<Vec<Count>, Problem> {
    let own = reader.location();
    let (opened_at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LIST_COUNTS))
        .bind(&filter.location).bind(own).bind(filter.state).bind(opened_at).bind(id).bind(limit + 1)
        .bind(i64::from(filter.only_ended)).fetch_all(c).await?))
}

/// How many counts are open, of those the reader may see.
///
/// # Errors
/// The database's failure.
pub async fn open_counts(reader: &mut Reader) -> Result<i64, Problem> {
    let own = reader.location();
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::COUNT_OPEN)).bind(own).fetch_one(c).await?))
}

/// One count; none outside the reader's location.
///
/// # Errors
/// The database's failure.
pub async fn count(reader: &mut Reader, id: Uuid) -> Result<Option<Count>, Problem> {
    let own = reader.location();
    let found = find(&mut reader.tx(), id).await?;
    Ok(found.filter(|found| own.is_none_or(|own| own == found.location_id)))
}

/// What was counted, by name, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn counted_lines(
    reader: &mut Reader,
    count: Uuid,
    filter: &LineFilter,
    limit: i64,
) -> Result<Vec<CountedLine>, Problem> {
    let (name, product, lot) = filter.after.clone().unwrap_or_default();
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::COUNTED_LINES))
        .bind(count).bind(i64::from(filter.only_recount)).bind(i64::from(filter.only_different))
        .bind(name).bind(product).bind(lot).bind(limit + 1).fetch_all(c).await?))
}

#[derive(FromRow)]
struct SheetRow {
    id: Uuid,
    sku: String,
    name: String,
    name_folded: String,
    unit: String,
    category: String,
    position: i64,
    expected: i64,
    counted: i64,
    to_recount: i64,
}

#[derive(FromRow)]
struct SheetLotRow {
    product_id: Uuid,
    code: String,
    expires_on: Option<Day>,
    quantity: i64,
}

/// What there is to count, by name, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn sheet(
    reader: &mut Reader,
    count: &Count,
    filter: &SheetFilter,
    limit: i64,
) -> Result<Vec<SheetLine>, Problem> {
    let sees = count.shows_expected_to(reader.actor());
    let (name, id) = filter.after.clone().unwrap_or_default();
    let mut tx = reader.tx();
    let rows: Vec<SheetRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::SHEET))
        .bind(count.id).bind(count.location_id).bind(&filter.category).bind(name).bind(id).bind(limit + 1)
        .bind(filter.part.map(SheetPart::code))
        .fetch_all(c).await?);
    let ids = id_list(rows.iter().map(|row| &row.id));
    let found: Vec<SheetLotRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::SHEET_LOTS))
        .bind(ids).bind(count.location_id).fetch_all(c).await?);
    let mut lots: HashMap<Uuid, Vec<SheetLot>> = HashMap::new();
    for SheetLotRow { product_id, code, expires_on, quantity } in found {
        let expected = Some(quantity).filter(|_| sees);
        lots.entry(product_id).or_default().push(SheetLot { code, expires_on, expected });
    }
    let line = |row: SheetRow| SheetLine {
        expected: Some(row.expected).filter(|_| sees),
        is_counted: row.counted > 0,
        recount: row.to_recount > 0,
        lots: lots.remove(&row.id).unwrap_or_default(),
        id: row.id,
        sku: row.sku,
        name: row.name,
        name_folded: row.name_folded,
        unit: row.unit,
        category: row.category,
        position: row.position,
    };
    Ok(rows.into_iter().map(line).collect())
}

pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Count>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_COUNT)).bind(id).fetch_optional(c).await?))
}
