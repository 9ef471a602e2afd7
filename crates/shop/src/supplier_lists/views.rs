//! Lists, their lines and what suppliers ask, as the API answers them.

use gondola_ledger::{Money, UnitCost};
use gondola_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::fields::ListField;
use super::queries::{ListRow, Offer, PriceList, StoredLine};
use crate::kernel::time::{Day, format_day, format_instant};

/// A supplier's list without its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPriceList)]
pub struct ListView {
    /// Its id.
    pub id: Uuid,
    /// Its number in the shop.
    pub number: i64,
    /// Code of the supplier.
    pub supplier: String,
    /// Name of the supplier.
    pub supplier_name: String,
    /// What it is called.
    pub name: String,
    /// `draft`, `applied`, `reversed` or `discarded`.
    #[schema(example = "draft")]
    pub state: String,
    /// Its first day.
    #[schema(format = Date)]
    pub valid_from: String,
    /// Its last day.
    #[schema(required, format = Date)]
    pub valid_to: Option<String>,
    /// Whether its last day is over.
    pub expired: bool,
    /// The name of the file it came in.
    pub file_name: String,
    /// The number of the list it is compared with.
    #[schema(required)]
    pub previous: Option<i64>,
    /// Who brought it.
    pub user: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Who applied it.
    #[schema(required)]
    pub applied_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub applied_at: Option<String>,
    /// Who took it back.
    #[schema(required)]
    pub reversed_by: Option<String>,
    /// When, UTC.
    #[schema(required, format = DateTime)]
    pub reversed_at: Option<String>,
    /// Why.
    #[schema(required)]
    pub reversing_reason: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

impl ListView {
    /// A list as it is on a day.
    pub(super) fn of(row: ListRow, today: Day) -> Self {
        Self {
            id: row.id,
            number: row.number,
            expired: row.has_expired(today),
            supplier: row.supplier,
            supplier_name: row.supplier_name,
            name: row.name,
            state: row.state,
            valid_from: format_day(row.valid_from),
            valid_to: row.valid_to.map(format_day),
            file_name: row.file_name,
            previous: row.previous_number,
            user: row.actor_name,
            created_at: format_instant(row.created_at),
            applied_by: row.applied_by,
            applied_at: row.applied_at.map(format_instant),
            reversed_by: row.reversed_by,
            reversed_at: row.reversed_at.map(format_instant),
            reversing_reason: row.reversing_reason,
            version: row.version,
        }
    }
}

/// A column of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceListColumn)]
pub struct ColumnView {
    /// Its title.
    pub title: String,
    /// What it feeds; null when it is not used.
    #[schema(required, example = "price")]
    pub field: Option<&'static str>,
}

/// What the lines of a list come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceListCounts)]
pub struct CountsView {
    /// All of them.
    pub lines: i64,
    /// Whose product is known.
    pub known: i64,
    /// Whose product a person says.
    pub to_a_person: i64,
    /// Without a product.
    pub unmatched: i64,
    /// That the last list did not have.
    pub new: i64,
    /// That cost more than in the last list.
    pub dearer: i64,
    /// That cost less.
    pub cheaper: i64,
    /// That cost the same.
    pub same: i64,
    /// That are ticked.
    pub chosen: i64,
    /// Whose cost was applied and holds.
    pub applied: i64,
    /// Whose cost was taken back.
    pub reversed: i64,
    /// Whose cost somebody changed again before it could be taken back.
    pub skipped: i64,
}

/// A supplier's list with its columns and what its lines come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPriceListDetail)]
pub struct ListDetail {
    /// The list.
    #[serde(flatten)]
    pub list: ListView,
    /// Its columns, in their order.
    pub columns: Vec<ColumnView>,
    /// Its lines, counted.
    pub counts: CountsView,
}

impl ListDetail {
    /// A list as it is on a day.
    ///
    /// # Errors
    /// [`StoreError`] when its columns cannot be read.
    pub(super) fn of(list: PriceList, today: Day) -> Result<Self, StoreError> {
        let headings = list.row.headings()?;
        let column =
            |(title, field): (String, Option<ListField>)| ColumnView { title, field: field.map(ListField::code) };
        let counts = list.counts;
        Ok(Self {
            columns: headings.titles.into_iter().zip(headings.fields).map(column).collect(),
            counts: CountsView {
                lines: counts.lines_total,
                known: counts.known,
                to_a_person: counts.to_a_person,
                unmatched: counts.unmatched,
                new: counts.fresh,
                dearer: counts.dearer,
                cheaper: counts.cheaper,
                same: counts.unchanged,
                chosen: counts.chosen,
                applied: counts.applied,
                reversed: counts.reversed,
                skipped: counts.skipped,
            },
            list: ListView::of(list.row, today),
        })
    }
}

/// A line of a supplier's list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPriceListLine)]
pub struct LineView {
    /// Its line in the file.
    pub line: i64,
    /// The supplier's code.
    pub code: String,
    /// Its barcode.
    pub barcode: String,
    /// What it says.
    pub text: String,
    /// What the price is for, as printed.
    pub unit: String,
    /// Units of a case, where the list says so.
    #[schema(required)]
    pub units_per_case: Option<i64>,
    /// The printed price.
    #[schema(required, example = "8765.4321")]
    pub price: Option<String>,
    /// Discount in per cent.
    #[schema(example = "0.00")]
    pub discount: String,
    /// The VAT that is printed.
    #[schema(required)]
    pub vat: Option<String>,
    /// SKU of the product it is, or may be.
    #[schema(required)]
    pub sku: Option<String>,
    /// Name of that product.
    #[schema(required)]
    pub product: Option<String>,
    /// `certain`, `automatic`, `person` or `none`.
    pub certainty: String,
    /// How the product is known: `person`, `barcode`, `code`, `alias` or `likeness`.
    #[schema(required)]
    pub matched_by: Option<String>,
    /// How much alike the words are, 0 to 1.
    #[schema(required, example = "0.950")]
    pub score: Option<String>,
    /// What one costs the shop by the list, with the taxes that are cost.
    #[schema(required, example = "10606.1728")]
    pub unit_cost: Option<String>,
    /// Why it has no cost, or is not ticked by itself; empty otherwise.
    pub problem: String,
    /// `new`, `dearer`, `cheaper`, `same` or `unknown` beside the supplier's last list.
    pub change: String,
    /// By how much, in per cent.
    #[schema(required, example = "8.50")]
    pub change_percent: Option<String>,
    /// The printed price of the last list.
    #[schema(required)]
    pub price_before: Option<String>,
    /// What one cost by the last list.
    #[schema(required)]
    pub unit_cost_before: Option<String>,
    /// What it takes to buy the product now.
    #[schema(required)]
    pub replacement_cost: Option<String>,
    /// By how much the list is dearer than that, in per cent.
    #[schema(required)]
    pub replacement_percent: Option<String>,
    /// Whether it is to be applied.
    pub chosen: bool,
    /// What became of it: `applied`, `reversed` or `skipped`.
    #[schema(required)]
    pub outcome: Option<String>,
    /// What it took to buy the product before the list was applied.
    #[schema(required)]
    pub replacement_cost_before: Option<String>,
}

impl LineView {
    /// A line as it is stored.
    pub(super) fn of(line: StoredLine) -> Self {
        let (costs, prices) = (line.unit_cost.zip(line.unit_cost_before), line.price.zip(line.price_before));
        let score = line.score_permille.map(|score| format!("{}.{:03}", score / 1_000, score % 1_000));
        Self {
            change_percent: costs.or(prices).and_then(|(now, before)| percent(now, before)),
            replacement_percent: line
                .unit_cost
                .zip(line.replacement_cost)
                .and_then(|(now, before)| percent(now, before)),
            line: line.line,
            code: line.code,
            barcode: line.barcode,
            text: line.about,
            unit: line.unit,
            units_per_case: line.units_per_case,
            price: cost(line.price),
            discount: format!("{}.{:02}", line.discount_bp / 100, line.discount_bp % 100),
            vat: line.vat,
            sku: line.sku,
            product: line.product_name,
            certainty: line.certainty,
            matched_by: line.matched_by,
            score,
            unit_cost: cost(line.unit_cost),
            problem: line.problem,
            change: line.change,
            price_before: cost(line.price_before),
            unit_cost_before: cost(line.unit_cost_before),
            replacement_cost: cost(line.replacement_cost),
            chosen: line.chosen,
            outcome: line.outcome,
            replacement_cost_before: cost(line.replacement_cost_before),
        }
    }
}

fn cost(raw: Option<i64>) -> Option<String> {
    raw.map(|raw| UnitCost::new(raw).to_string())
}

/// By how much a cost is above another, in per cent of two decimals; none of nothing.
fn percent(now: i64, before: i64) -> Option<String> {
    if before <= 0 {
        return None;
    }
    let (rise, before) = ((i128::from(now) - i128::from(before)) * 10_000, i128::from(before));
    let half = if rise < 0 { -before / 2 } else { before / 2 };
    let points = (rise + half) / before;
    let sign = if points < 0 { "-" } else { "" };
    Some(format!("{sign}{}.{:02}", points.abs() / 100, points.abs() % 100))
}

/// What a supplier asks for a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierCost)]
pub struct OfferView {
    /// Code of the supplier.
    pub supplier: String,
    /// Name of the supplier.
    pub supplier_name: String,
    /// What one costs the shop by their list, with the taxes that are cost.
    #[schema(example = "10606.1728")]
    pub unit_cost: String,
    /// What one costs when a closed case is bought; null where that is no cheaper, or the list has no price for it.
    #[schema(required, example = "8900.0000")]
    pub case_unit_cost: Option<String>,
    /// Units of that case.
    #[schema(required)]
    pub case_units: Option<i64>,
    /// What the case costs less than its units loose.
    #[schema(required, example = "20473.48")]
    pub case_saving: Option<String>,
    /// What a kilo, a litre or a metre costs; null where nobody said how much is in one.
    #[schema(required)]
    pub cost_per_measure: Option<String>,
    /// Of which measure: `kg`, `l` or `m`.
    #[schema(required)]
    pub measure: Option<&'static str>,
    /// By how much it is dearer than the cheapest, in per cent.
    #[schema(example = "0.00")]
    pub above_cheapest: Option<String>,
    /// The least that the supplier brings at once.
    #[schema(example = "150000.00")]
    pub minimum_order: String,
    /// Units that alone reach the minimum order of the cheapest; null for the cheapest itself.
    #[schema(required)]
    pub saving_units: Option<i64>,
    /// What so many units cost less from the cheapest.
    #[schema(required, example = "12000.00")]
    pub saving: Option<String>,
    /// The id of the list.
    pub list: Uuid,
    /// Its name.
    pub list_name: String,
    /// Its first day.
    #[schema(format = Date)]
    pub valid_from: String,
    /// Its last day.
    #[schema(required, format = Date)]
    pub valid_to: Option<String>,
    /// The line in the list.
    pub line: i64,
    /// What the list says.
    pub text: String,
}

impl OfferView {
    /// What suppliers ask, the cheapest first.
    pub(super) fn all(offers: Vec<Offer>) -> Vec<Self> {
        let Some(cheapest) = offers.first().cloned() else { return Vec::new() };
        offers.into_iter().map(|offer| Self::of(offer, &cheapest)).collect()
    }

    fn of(offer: Offer, cheapest: &Offer) -> Self {
        let (per, measure) = offer.per_measure().unzip();
        let saving = offer.saving(cheapest);
        let case = offer.by_case();
        Self {
            case_unit_cost: case.map(|case| case.unit_cost.to_string()),
            case_units: case.map(|case| case.units),
            case_saving: case.map(|case| case.saving.to_string()),
            unit_cost: UnitCost::new(offer.unit_cost).to_string(),
            cost_per_measure: per.map(|per| per.to_string()),
            measure: measure.map(gondola_ledger::Unit::code),
            above_cheapest: percent(offer.unit_cost, cheapest.unit_cost),
            minimum_order: Money::new(offer.minimum_order).to_string(),
            saving_units: saving.map(|saving| saving.units),
            saving: saving.map(|saving| saving.amount.to_string()),
            supplier: offer.supplier,
            supplier_name: offer.supplier_name,
            list: offer.list_id,
            list_name: offer.list_name,
            valid_from: format_day(offer.valid_from),
            valid_to: offer.valid_to.map(format_day),
            line: offer.line,
            text: offer.about,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn percentages_are_rounded_away_from_zero() {
        let told = |now, before| percent(now, before).unwrap_or_default();
        assert_eq!([told(110, 100), told(90, 100), told(100, 100)], ["10.00", "-10.00", "0.00"]);
        assert_eq!([told(100_005, 100_000), told(99_995, 100_000), told(1, 0)], ["0.01", "-0.01", ""]);
    }
}
