//! Lists as they are written: locked, their lines put down, and a stored line taken up again to be worked on.

use gondola_ledger::{Qty, UnitCost};
use gondola_store::{Fail, StoreError, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::compare::PROBLEMS;
use super::lines::{Certainty, Change, ListLine};
use super::queries::StoredLine;
use super::refusal::ListRefusal;
use super::sql;
use crate::invoices::{MatchedBy, WrittenLine, vat_code, vat_from_code};
use crate::kernel::bulk::{hex, hex_option, insert_all};
use crate::kernel::time::Day;

/// The numbers of lists.
pub const LISTS: &str = "supplier_list";

/// A list under lock.
#[derive(Debug, FromRow)]
pub struct Locked {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub state: String,
    /// Whose it is.
    pub supplier_id: Uuid,
    /// Its first day.
    pub valid_from: Day,
    /// Its last day.
    pub valid_to: Option<Day>,
    /// Its version.
    pub version: i64,
}

/// Locks a list that is in one state, and at the version that somebody read where they say one.
///
/// # Errors
/// When there is none, it is in another state, or somebody changed it meanwhile.
pub async fn lock(
    tx: &mut Tx<'_>,
    (id, version): (Uuid, Option<i64>),
    state: &'static str,
) -> Result<Locked, Fail<ListRefusal>> {
    let found: Option<Locked> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_LIST)).bind(id).fetch_optional(c).await?);
    let locked = found.ok_or(Fail::Refused(ListRefusal::Unknown))?;
    if locked.state != state {
        return Err(Fail::Refused(ListRefusal::NotNow { state: locked.state }));
    }
    if version.is_some_and(|version| version != locked.version) {
        return Err(Fail::Refused(ListRefusal::Stale));
    }
    Ok(locked)
}

/// Writes the lines of a list in the place of those it had.
///
/// # Errors
/// The database's failure.
pub async fn put_lines(tx: &mut Tx<'_>, list: Uuid, lines: &[ListLine]) -> Result<(), StoreError> {
    both!(&mut *tx, c, text => sqlx::query(text(sql::DELETE_LINES)).bind(list).execute(c).await.map(drop)?);
    let rows: Vec<LineOut<'_>> = lines.iter().map(|line| LineOut::of(list, line)).collect();
    insert_all(tx, sql::INSERT_LINES, &rows).await
}

#[derive(Serialize)]
struct LineOut<'l> {
    #[serde(serialize_with = "hex")]
    list_id: Uuid,
    line: i64,
    row_key: String,
    code: &'l str,
    barcode: &'l str,
    about: &'l str,
    brand: &'l str,
    category: &'l str,
    unit: &'l str,
    units_per_case: Option<u32>,
    price: Option<i64>,
    discount_bp: i64,
    vat: Option<String>,
    #[serde(serialize_with = "hex_option")]
    product_id: Option<Uuid>,
    matched_by: Option<&'static str>,
    certainty: &'static str,
    score_permille: Option<u16>,
    unit_cost: Option<i64>,
    case_price: Option<i64>,
    case_unit_cost: Option<i64>,
    problem: &'static str,
    change: &'static str,
    price_before: Option<i64>,
    unit_cost_before: Option<i64>,
    chosen: bool,
}

impl<'l> LineOut<'l> {
    fn of(list_id: Uuid, line: &'l ListLine) -> Self {
        let written = &line.written;
        Self {
            list_id,
            line: line.line,
            row_key: line.key(),
            code: &written.code,
            barcode: &written.barcode,
            about: &written.about,
            brand: &line.brand,
            category: &line.category,
            unit: &written.unit,
            units_per_case: written.units_per_case,
            price: written.price.map(UnitCost::raw),
            discount_bp: written.discount_bp,
            vat: written.vat.map(vat_code),
            product_id: written.product,
            matched_by: written.matched_by.map(MatchedBy::code),
            certainty: line.certainty.code(),
            score_permille: line.score,
            unit_cost: line.unit_cost.map(UnitCost::raw),
            case_price: line.case_price.map(UnitCost::raw),
            case_unit_cost: line.case_unit_cost.map(UnitCost::raw),
            problem: line.problem,
            change: line.change.code(),
            price_before: line.price_before,
            unit_cost_before: line.unit_cost_before,
            chosen: line.is_chosen,
        }
    }
}

/// Writes one line that was worked on again; how many rows that is.
///
/// # Errors
/// The database's failure.
pub async fn put_line(tx: &mut Tx<'_>, list: Uuid, line: &ListLine) -> Result<u64, StoreError> {
    let out = LineOut::of(list, line);
    Ok(both!(tx, c, text => sqlx::query(text(sql::PUT_LINE)).bind(list).bind(out.line)
        .bind(out.units_per_case.map(i64::from)).bind(out.product_id).bind(out.matched_by).bind(out.certainty)
        .bind(out.score_permille.map(i64::from)).bind(out.unit_cost).bind(out.problem).bind(out.change)
        .bind(out.price_before).bind(out.unit_cost_before).bind(out.chosen).bind(out.case_unit_cost).execute(c).await?.rows_affected()))
}

impl StoredLine {
    /// The line as it is worked on.
    ///
    /// # Errors
    /// [`StoreError`] when a column holds a word that is none.
    pub(super) fn worked(&self) -> Result<ListLine, StoreError> {
        let corrupt =
            |column: &'static str, value: &str| StoreError::corrupt("supplier_list_lines", column, self.line, value);
        let certainty = Certainty::ALL.into_iter().find(|one| one.code() == self.certainty);
        let change = Change::ALL.into_iter().find(|one| one.code() == self.change);
        let problem = PROBLEMS.into_iter().chain([""]).find(|one| *one == self.problem);
        Ok(ListLine {
            line: self.line,
            written: self.written(),
            brand: self.brand.clone(),
            category: self.category.clone(),
            certainty: certainty.ok_or_else(|| corrupt("certainty", &self.certainty))?,
            score: self.score_permille.and_then(|score| u16::try_from(score).ok()),
            unit_cost: self.unit_cost.map(UnitCost::new),
            case_price: self.case_price.map(UnitCost::new),
            case_unit_cost: self.case_unit_cost.map(UnitCost::new),
            problem: problem.ok_or_else(|| corrupt("problem", &self.problem))?,
            change: change.ok_or_else(|| corrupt("change", &self.change))?,
            price_before: self.price_before,
            unit_cost_before: self.unit_cost_before,
            is_chosen: self.chosen,
        })
    }

    /// What it says.
    pub(super) fn written(&self) -> WrittenLine {
        WrittenLine {
            code: self.code.clone(),
            barcode: self.barcode.clone(),
            about: self.about.clone(),
            quantity: Qty::whole(1),
            unit: self.unit.clone(),
            units_per_case: self.units_per_case.and_then(|units| u32::try_from(units).ok()),
            price: self.price.map(UnitCost::new),
            discount_bp: self.discount_bp,
            vat: self.vat.as_deref().and_then(vat_from_code),
            subtotal: None,
            is_goods: true,
            product: self.product_id,
            matched_by: self.matched_by.as_deref().and_then(MatchedBy::from_code),
            lot_code: String::new(),
            expires_on: None,
            confidence_permille: 1_000,
        }
    }
}
