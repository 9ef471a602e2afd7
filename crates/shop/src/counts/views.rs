//! Counts as the API answers them.

use gondola_ledger::{Qty, Unit};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{Count, CountedLine, SheetLine};
use crate::kernel::time::{format_day, format_instant};

/// A count with its totals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Count)]
pub struct CountItem {
    /// Its id.
    pub id: Uuid,
    /// `open`, `posted` or `cancelled`.
    #[schema(example = "open")]
    pub state: String,
    /// Code of the place.
    pub location: String,
    /// Whether those who count are not told what to find.
    pub blind: bool,
    /// Code of the one category that is counted.
    #[schema(required)]
    pub category: Option<String>,
    /// Whether a list of products is counted.
    pub listed: bool,
    /// Why it is counted.
    pub reason: String,
    /// Who began it.
    pub user: String,
    /// When it began, UTC.
    #[schema(format = DateTime)]
    pub opened_at: String,
    /// When it ended, UTC.
    #[schema(required, format = DateTime)]
    pub closed_at: Option<String>,
    /// Who ended it.
    #[schema(required)]
    pub closed_by: Option<String>,
    /// Why it was corrected or given up.
    #[schema(required)]
    pub closing_reason: Option<String>,
    /// How many lines were counted.
    pub lines_total: i64,
    /// How many must be counted again.
    pub lines_to_recount: i64,
    /// How many differ from what was expected; null while you have to count blind.
    #[schema(required)]
    pub differences: Option<i64>,
    /// Grows with every change of state.
    pub version: i64,
}

/// A count that was posted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PostedCount)]
pub struct CountPostedItem {
    /// The count.
    #[serde(flatten)]
    pub count: CountItem,
    /// How many lines were corrected, each by a movement.
    pub corrected: usize,
}

/// What became of the lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedResult {
    /// How many were entered.
    pub entered: usize,
    /// Numbers of the lines, from 0, that must be counted again.
    pub recount: Vec<usize>,
}

/// A line as counted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountedLine)]
pub struct CountedLineItem {
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// The lot; null when all lots were counted together.
    #[schema(required)]
    pub lot: Option<CountedLotItem>,
    /// What was found.
    pub counted: String,
    /// What the ledger held at `position`; null while you have to count blind.
    #[schema(required)]
    pub expected: Option<String>,
    /// Counted minus expected, signed; null while you have to count blind.
    #[schema(required)]
    pub difference: Option<String>,
    /// The ledger position when it was counted.
    pub position: i64,
    /// How often it was counted.
    pub times: i64,
    /// Whether it must be counted again.
    pub recount: bool,
    /// Who entered it.
    pub user: String,
    /// When it was entered, UTC.
    #[schema(format = DateTime)]
    pub counted_at: String,
    /// The movement that corrected it.
    #[schema(required)]
    pub movement_id: Option<Uuid>,
}

/// A lot that was counted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountedLot)]
pub struct CountedLotItem {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
}

/// A product to count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SheetLine)]
pub struct SheetItem {
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// Category code.
    pub category: String,
    /// The ledger position to send back with what was counted offline.
    pub position: i64,
    /// What the ledger holds; null while you have to count blind.
    #[schema(required)]
    pub expected: Option<String>,
    /// Whether it was counted already.
    pub counted: bool,
    /// Whether it must be counted again.
    pub recount: bool,
    /// Its lots at the place, first expiring first.
    pub lots: Vec<SheetLotItem>,
}

/// A lot to count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SheetLot)]
pub struct SheetLotItem {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// What the ledger holds of it; null while you have to count blind.
    #[schema(required)]
    pub expected: Option<String>,
}

pub(super) fn item(found: Count, sees: bool) -> CountItem {
    CountItem {
        id: found.id,
        state: found.state,
        location: found.location,
        blind: found.blind,
        category: found.category,
        listed: found.listed,
        reason: found.reason,
        user: found.actor_name,
        opened_at: format_instant(found.opened_at),
        closed_at: found.closed_at.map(format_instant),
        closed_by: found.closed_by,
        closing_reason: found.closing_reason,
        lines_total: found.lines,
        lines_to_recount: found.to_recount,
        differences: Some(found.differences).filter(|_| sees),
        version: found.version,
    }
}

pub(super) fn line_item(line: CountedLine, sees: bool) -> CountedLineItem {
    let unit = Unit::from_code(&line.unit).unwrap_or(Unit::Kg);
    let text = |quantity: i64| Qty::new(quantity).format(unit);
    let lot = CountedLotItem { code: line.code, expires_on: line.expires_on.map(format_day) };
    CountedLineItem {
        product: format!("sku:{}", line.sku),
        name: line.name,
        lot: (!line.whole).then_some(lot),
        counted: text(line.counted),
        expected: sees.then(|| text(line.expected)),
        difference: sees.then(|| text(line.counted - line.expected)),
        position: line.position,
        times: line.times,
        recount: line.recount,
        user: line.counted_by,
        counted_at: format_instant(line.counted_at),
        movement_id: line.movement_id,
        unit: line.unit,
    }
}

pub(super) fn sheet_item(line: SheetLine) -> SheetItem {
    let unit = Unit::from_code(&line.unit).unwrap_or(Unit::Kg);
    let text = |quantity: i64| Qty::new(quantity).format(unit);
    let lots = line.lots.into_iter().map(|lot| SheetLotItem {
        code: lot.code,
        expires_on: lot.expires_on.map(format_day),
        expected: lot.expected.map(text),
    });
    SheetItem {
        product: format!("sku:{}", line.sku),
        name: line.name,
        category: line.category,
        position: line.position,
        expected: line.expected.map(text),
        counted: line.is_counted,
        recount: line.recount,
        lots: lots.collect(),
        unit: line.unit,
    }
}
