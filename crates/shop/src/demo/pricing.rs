//! The demo's prices: from the unit cost by the middle of the category's margin band, to the nearest 50 pesos, up when rounding
//! falls under the band (domain `pricing.md`, "From cost to price"). And what a cost was some weeks ago, before the list rose.

use gondola_ledger::number::{div_ceil, div_half_up};
use gondola_ledger::{Day, Money, UnitCost};

use super::random::Random;
use super::table::CategoryPlan;

/// Prices go in steps of 50 pesos.
const STEP_CENTAVOS: i128 = 5_000;
/// Ten-thousandths of a peso in a centavo.
const COST_PER_CENTAVO: i128 = 100;
const WHOLE_BP: i128 = 10_000;
/// A supplier's list rises this often.
const LIST_DAYS: i32 = 30;

/// The price of what costs `cost` in that category.
pub(super) fn sale_price(cost: UnitCost, category: &CategoryPlan) -> Money {
    let (low, high) = (i128::from(category.margin_min_bp), i128::from(category.margin_max_bp));
    let middle = i128::midpoint(low, high);
    let scaled = i128::from(cost.raw()) * WHOLE_BP;
    let step_of = |margin: i128| (WHOLE_BP - margin) * COST_PER_CENTAVO * STEP_CENTAVOS;
    let nearest = div_half_up(scaled, step_of(middle)).max(1);
    let enough = div_ceil(scaled, step_of(low));
    centavos(nearest.max(enough) * STEP_CENTAVOS)
}

/// The price of a closed bulk: 12 % less than its units one by one, never under the category's minimum.
pub(super) fn bulk_price(unit_price: Money, units: i64, cost: UnitCost, category: &CategoryPlan) -> Money {
    let loose = i128::from(unit_price.raw()) * i128::from(units);
    let floor = (WHOLE_BP - i128::from(category.margin_min_bp)) * COST_PER_CENTAVO * STEP_CENTAVOS;
    let enough = div_ceil(i128::from(cost.raw()) * i128::from(units) * WHOLE_BP, floor);
    centavos(div_half_up(loose * 88, 100 * STEP_CENTAVOS).max(enough) * STEP_CENTAVOS)
}

fn centavos(amount: i128) -> Money {
    Money::new(i64::try_from(amount).expect("a price of a demo product fits"))
}

/// When a supplier's list rose and by how many thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListRises(Vec<(Day, i64)>);

impl ListRises {
    /// A rise a month of 18 to 32 thousandths, on a day of the supplier's own, between two days.
    pub fn draw(first: Day, last: Day, random: &mut Random) -> Self {
        let lead = i32::try_from(random.between(1, i64::from(LIST_DAYS))).expect("a day of the month is small");
        let days = (first.0.saturating_add(lead)..last.0).step_by(LIST_DAYS.unsigned_abs() as usize);
        Self(days.map(|day| (Day(day), random.between(18, 32))).collect())
    }

    /// What cost `today`'s price on an earlier day.
    pub fn cost_on(&self, day: Day, today: UnitCost) -> UnitCost {
        let later = self.0.iter().filter(|(risen, _)| *risen > day);
        let before = later.fold(i128::from(today.raw()), |cost, (_, permille)| {
            div_half_up(cost * 1_000, 1_000 + i128::from(*permille))
        });
        UnitCost::new(i64::try_from(before).expect("an earlier cost is no larger"))
    }
}

/// That cost a little dearer, as the second supplier has it.
pub(super) fn dearer(cost: UnitCost, permille: i64) -> UnitCost {
    let raised = div_half_up(i128::from(cost.raw()) * i128::from(1_000 + permille), 1_000);
    UnitCost::new(i64::try_from(raised).expect("a demo cost a little dearer fits"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::table::categories;

    fn category(code: &str) -> CategoryPlan {
        categories().into_iter().find(|category| category.code == code).unwrap()
    }

    fn price(cost: &str, code: &str) -> String {
        sale_price(UnitCost::parse(cost).unwrap(), &category(code)).to_string()
    }

    #[test]
    fn prices_go_by_the_middle_of_the_band_to_the_nearest_50() {
        // SAL 15-30: the middle is 22.5 %, a markup of 29.03 %.
        assert_eq!(price("1000", "SAL"), "1300.00");
        assert_eq!(price("20", "GOL"), "50.00");
    }

    #[test]
    fn a_price_that_rounding_would_take_under_the_band_goes_up() {
        // Cigarettes 8-14: 110 at 11 % is 123.60, whose nearest step is under 8 %.
        assert_eq!(price("110", "CIG"), "150.00");
    }

    #[test]
    fn costs_were_lower_before_the_list_rose() {
        let rises = ListRises(vec![(Day(10), 25), (Day(40), 20)]);
        let today = UnitCost::parse("1045.5").unwrap();
        assert_eq!(rises.cost_on(Day(40), today), today);
        assert_eq!(rises.cost_on(Day(39), today).to_string(), "1025.0000");
        assert_eq!(rises.cost_on(Day(0), today).to_string(), "1000.0000");
    }
}
