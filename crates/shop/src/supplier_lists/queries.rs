//! Reading lists: one with what its lines come to, lines, what is gone since the last list, and what suppliers ask for a
//! product.

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_store::protect::{Opener, Protected};
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::fields::{Mapping, Remembered};
use super::grid::{CELLS, Grid};
use super::sql;
use crate::kernel::time::Day;

/// What the columns of a list are, as it is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headings {
    /// The titles in their order.
    pub titles: Vec<String>,
    /// What each column feeds.
    pub fields: Mapping,
}

/// A list without its lines.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct ListRow {
    /// Its id.
    pub id: Uuid,
    /// Its number in the shop.
    pub number: i64,
    /// Code of the supplier.
    pub supplier: String,
    /// Name of the supplier.
    pub supplier_name: String,
    /// The supplier.
    pub supplier_id: Uuid,
    /// What it is called.
    pub name: String,
    /// `draft`, `applied`, `reversed` or `discarded`.
    pub state: String,
    /// Its first day.
    pub valid_from: Day,
    /// Its last day.
    pub valid_to: Option<Day>,
    /// The name of the file it came in.
    pub file_name: String,
    /// Its headings, as JSON.
    pub columns: String,
    /// The list it is compared with.
    pub previous_id: Option<Uuid>,
    /// The number of that one.
    pub previous_number: Option<i64>,
    /// Who brought it.
    pub actor_name: String,
    /// When.
    pub created_at: At,
    /// Who applied it.
    pub applied_by: Option<String>,
    /// When.
    pub applied_at: Option<At>,
    /// Who took it back.
    pub reversed_by: Option<String>,
    /// When.
    pub reversed_at: Option<At>,
    /// Why.
    pub reversing_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl ListRow {
    /// What its columns are.
    ///
    /// # Errors
    /// [`StoreError`] when the column holds nothing of the kind.
    pub fn headings(&self) -> Result<Headings, StoreError> {
        serde_json::from_str(&self.columns)
            .map_err(|_| StoreError::corrupt("supplier_lists", "columns", self.id, &self.columns))
    }

    /// Whether its last day is before that one.
    pub fn has_expired(&self, today: Day) -> bool {
        self.valid_to.is_some_and(|last| last < today)
    }
}

/// What the lines of a list come to.
#[derive(Debug, Clone, Copy, FromRow, Serialize, Deserialize)]
pub struct Counts {
    /// All of them.
    pub lines_total: i64,
    /// Whose product is known.
    pub known: i64,
    /// Whose product a person says.
    pub to_a_person: i64,
    /// Without a product.
    pub unmatched: i64,
    /// That the last list did not have.
    pub fresh: i64,
    /// That cost more.
    pub dearer: i64,
    /// That cost less.
    pub cheaper: i64,
    /// That cost the same.
    pub unchanged: i64,
    /// That are ticked.
    pub chosen: i64,
    /// Whose cost was applied.
    pub applied: i64,
    /// Whose cost was taken back.
    pub reversed: i64,
    /// Whose cost somebody changed again before it could be taken back.
    pub skipped: i64,
}

/// A list with what its lines come to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PriceList {
    /// The list.
    pub row: ListRow,
    /// Its lines, counted.
    pub counts: Counts,
}

/// A line as stored.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct StoredLine {
    /// Its line in the file.
    pub line: i64,
    /// What tells it from others.
    pub row_key: String,
    /// The supplier's code.
    pub code: String,
    /// Its barcode.
    pub barcode: String,
    /// What it says.
    pub about: String,
    /// Its brand.
    pub brand: String,
    /// Its category.
    pub category: String,
    /// What the price is for, as printed.
    pub unit: String,
    /// Units of a case.
    pub units_per_case: Option<i64>,
    /// The printed price, in ten-thousandths.
    pub price: Option<i64>,
    /// Discount in hundredths of a per cent.
    pub discount_bp: i64,
    /// Its VAT.
    pub vat: Option<String>,
    /// Which product it is.
    pub product_id: Option<Uuid>,
    /// Its SKU.
    pub sku: Option<String>,
    /// Its name.
    pub product_name: Option<String>,
    /// What it takes to buy it now, in ten-thousandths.
    pub replacement_cost: Option<i64>,
    /// How the product is known.
    pub matched_by: Option<String>,
    /// How sure it is.
    pub certainty: String,
    /// How much alike the words are.
    pub score_permille: Option<i64>,
    /// What one costs by the list.
    pub unit_cost: Option<i64>,
    /// The printed price of a closed case beside that of one.
    pub case_price: Option<i64>,
    /// What one costs by the case.
    pub case_unit_cost: Option<i64>,
    /// Why it has no cost.
    pub problem: String,
    /// Its price beside the last list.
    pub change: String,
    /// The price of the last list.
    pub price_before: Option<i64>,
    /// The unit cost of the last list.
    pub unit_cost_before: Option<i64>,
    /// Whether it is ticked.
    pub chosen: bool,
    /// What became of it.
    pub outcome: Option<String>,
    /// What it took to buy the product before it was applied.
    pub replacement_cost_before: Option<i64>,
}

/// Which lists.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// In which state.
    pub state: Option<&'static str>,
    /// Of which supplier.
    pub supplier: Option<String>,
}

/// Which lines.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineFilter {
    /// Of which change.
    pub change: Option<&'static str>,
    /// How sure.
    pub certainty: Option<&'static str>,
    /// Ticked or not.
    pub chosen: Option<bool>,
    /// Of which outcome.
    pub outcome: Option<&'static str>,
}

/// What a supplier asks for a product.
#[derive(Debug, Clone, FromRow)]
pub struct Offer {
    /// Code of the supplier.
    pub supplier: String,
    /// Its name.
    pub supplier_name: String,
    /// The list that says it.
    pub list_id: Uuid,
    /// Its name.
    pub list_name: String,
    /// Its first day.
    pub valid_from: Day,
    /// Its last day.
    pub valid_to: Option<Day>,
    /// The line of the list.
    pub line: i64,
    /// What it says.
    pub about: String,
    /// What one costs, in ten-thousandths.
    pub unit_cost: i64,
    /// What one costs when a closed case is bought, where the list has a price for it.
    pub case_unit_cost: Option<i64>,
    /// Units of that case, where anybody said.
    pub case_units: Option<i64>,
    /// The least that the supplier brings at once, in centavos; zero when anything.
    pub minimum_order: i64,
    /// How much is in one, in thousandths.
    pub content_quantity: Option<i64>,
    /// Of which unit.
    pub content_unit: Option<String>,
    /// The product's unit.
    pub unit: String,
}

/// What is saved by buying from the cheapest instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saving {
    /// Units that alone reach the cheapest's minimum order; one when there is none.
    pub units: i64,
    /// What they cost less.
    pub amount: Money,
}

/// What is saved by buying a closed case instead of loose units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByCase {
    /// What one costs then.
    pub unit_cost: UnitCost,
    /// Units of the case.
    pub units: i64,
    /// What the whole case costs less than so many loose.
    pub saving: Money,
}

/// Where a page of lists begins.
pub type ListKey = (At, Uuid);

/// A page of lists, newest first, with one more than `limit`.
pub(super) async fn lists(
    tx: &mut Tx<'_>,
    filter: &ListFilter,
    before: Option<ListKey>,
    limit: i64,
) -> Result<Vec<ListRow>, StoreError> {
    let (at, id) = before.unwrap_or((At::MAX, Uuid::max()));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_LISTS)).bind(filter.state).bind(filter.supplier.as_deref())
        .bind(at).bind(id).bind(limit + 1).fetch_all(c).await?))
}

/// One list.
pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<PriceList>, StoreError> {
    let row: Option<ListRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_LIST)).bind(id).fetch_optional(c).await?);
    let Some(row) = row else { return Ok(None) };
    let counts = both!(tx, c, text => sqlx::query_as(text(sql::COUNT_LINES)).bind(id).fetch_one(c).await?);
    Ok(Some(PriceList { row, counts }))
}

/// A list that was just written.
pub(super) async fn stored(tx: &mut Tx<'_>, id: Uuid) -> Result<PriceList, StoreError> {
    find(tx, id).await?.ok_or_else(|| StoreError::corrupt("supplier_lists", "id", id, "it was just written"))
}

/// A page of lines, with one more than `limit`.
pub(super) async fn lines(
    tx: &mut Tx<'_>,
    (list, filter): (Uuid, LineFilter),
    after: i64,
    limit: i64,
) -> Result<Vec<StoredLine>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_LINES)).bind(list).bind(after).bind(filter.change)
        .bind(filter.certainty).bind(filter.chosen).bind(filter.outcome).bind(limit + 1).fetch_all(c).await?))
}

/// A page of the last list's lines that a list does not have, with one more than `limit`.
pub(super) async fn gone(
    tx: &mut Tx<'_>,
    (previous, list): (Uuid, Uuid),
    after: i64,
    limit: i64,
) -> Result<Vec<StoredLine>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_GONE)).bind(previous).bind(after).bind(list)
        .bind(limit + 1).fetch_all(c).await?))
}

/// One line.
pub(super) async fn line(tx: &mut Tx<'_>, list: Uuid, line: i64) -> Result<Option<StoredLine>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_LINE)).bind(list).bind(line).fetch_optional(c).await?))
}

/// The ticked lines.
pub(super) async fn chosen(tx: &mut Tx<'_>, list: Uuid) -> Result<Vec<StoredLine>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::CHOSEN)).bind(list).fetch_all(c).await?))
}

/// What suppliers ask for a product on a day, the cheapest first.
pub(super) async fn offers(tx: &mut Tx<'_>, product: Uuid, day: Day) -> Result<Vec<Offer>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::OFFERS)).bind(product).bind(day).fetch_all(c).await?))
}

/// What is remembered of a supplier's titles.
pub(super) async fn remembered(tx: &mut Tx<'_>, supplier: Uuid) -> Result<Remembered, StoreError> {
    let kept: Option<String> =
        both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_COLUMNS)).bind(supplier).fetch_optional(c).await?);
    let Some(kept) = kept else { return Ok(Remembered::new()) };
    serde_json::from_str(&kept).map_err(|_| StoreError::corrupt("supplier_list_columns", "fields", supplier, kept))
}

/// The cells of a list, opened.
pub(super) async fn cells(tx: &mut Tx<'_>, opener: &Opener<'_>, list: Uuid) -> Result<Grid, StoreError> {
    let sealed: Vec<u8> =
        both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_CELLS)).bind(list).fetch_one(c).await?);
    let mut cells = Protected::sealed(sealed);
    opener.open(tx, &CELLS, [(list, &mut cells)]).await?;
    cells.into_value().ok_or_else(|| StoreError::corrupt("supplier_list_files", "cells", list, "nothing is in it"))
}

impl Offer {
    /// What buying from `cheapest` instead saves, in the fewest whole units that reach its minimum order; none where it
    /// is not dearer.
    pub fn saving(&self, cheapest: &Self) -> Option<Saving> {
        let difference = i128::from(self.unit_cost) - i128::from(cheapest.unit_cost);
        if difference <= 0 || cheapest.unit_cost <= 0 {
            return None;
        }
        let (minimum, cost) = (i128::from(cheapest.minimum_order) * 100, i128::from(cheapest.unit_cost));
        let units = ((minimum + cost - 1) / cost).max(1);
        let centavos = (units * difference + 50) / 100;
        Some(Saving { units: i64::try_from(units).ok()?, amount: Money::new(i64::try_from(centavos).ok()?) })
    }

    /// "Buy the case?": what a closed case costs less than its units loose (`suppliers-and-purchasing.md`, price lists); none
    /// where it does not cost less, or nobody said how many are in one.
    pub fn by_case(&self) -> Option<ByCase> {
        let (unit_cost, units) = self.case_unit_cost.zip(self.case_units.filter(|units| *units > 1))?;
        let gap = i128::from(self.unit_cost) - i128::from(unit_cost);
        let centavos = i64::try_from((gap * i128::from(units) + 50) / 100).ok().filter(|_| gap > 0)?;
        Some(ByCase { unit_cost: UnitCost::new(unit_cost), units, saving: Money::new(centavos) })
    }

    /// What a kilo, a litre or a metre costs, and of what; none where nobody said how much is in one.
    pub fn per_measure(&self) -> Option<(UnitCost, gondola_ledger::Unit)> {
        use gondola_ledger::{Money, Unit};
        let (content, unit) = match (self.content_quantity, self.content_unit.as_deref()) {
            (Some(quantity), Some(unit)) => (Qty::new(quantity), Unit::from_code(unit)?),
            _ => (Qty::whole(1)?, Unit::from_code(&self.unit)?),
        };
        // The division is the same whatever the places of the amount: here they are four.
        let per = gondola_pricing::ppum::per_measure(Money::new(self.unit_cost), content, unit)?;
        (per.unit != Unit::Un).then(|| (UnitCost::new(per.price.raw()), per.unit))
    }
}
