//! A price raised by a percentage: from the price itself, whatever it was built on.

use gondola_ledger::{Money, UnitCost};

use super::{PriceRules, Seller};
use crate::exact::Fraction;
use crate::rate::Rate;

/// The price by so much more, or less, rounded; where rounding down alone takes it under the smallest margin over its cost,
/// it is rounded up instead (`pricing.md`, from cost to price, 3). Without a cost nothing is known to fall under anything.
/// `None` beyond what a price can hold.
pub fn raised_price(
    seller: Seller,
    cost: Option<UnitCost>,
    price: Money,
    by: Rate,
    rules: &PriceRules,
) -> Option<Money> {
    let exact = Fraction::whole(price.raw().into()).times(by.grown())?;
    let rounded = |count: fn(Fraction) -> i128| rules.rounding.steps(exact, |steps| count(steps).max(1));
    let nearest = rounded(Fraction::round)?;
    let Some(cost) = cost.filter(|cost| cost.raw() > 0) else { return Some(nearest) };
    let reaches = |price: Money| seller.reaches(cost, price, rules.minimum);
    let up = rounded(Fraction::ceil)?;
    Some(if reaches(nearest) || !reaches(up) { nearest } else { up })
}

#[cfg(test)]
mod tests {
    use super::super::Rounding;
    use super::*;
    use crate::unit_cost::TaxStatus;

    fn raised(cost: Option<&str>, price: i64, percent: &str, minimum: &str) -> Option<Money> {
        let seller = Seller { status: TaxStatus::Monotributo, vat: Rate::parse_percent("21").unwrap() };
        let rules = PriceRules { rounding: Rounding::default(), minimum: Rate::parse_percent(minimum).unwrap() };
        let cost = cost.map(|cost| UnitCost::parse(cost).unwrap());
        raised_price(seller, cost, Money::new(price * 100), Rate::parse_percent(percent).unwrap(), &rules)
    }

    #[test]
    fn m11_a_price_that_rounding_alone_takes_under_its_minimum_is_rounded_up() {
        // 1,000 and 2 % are 1,020, which rounds to 1,000; a cost of 860 wants 20 %, which is 1,075: not even 1,050 is that.
        assert_eq!(raised(Some("860"), 1_000, "2", "20"), Some(Money::new(100_000)));
        // A cost of 835 wants 1,043.75: 1,050 is enough and 1,000 is not.
        assert_eq!(raised(Some("835"), 1_000, "2", "20"), Some(Money::new(105_000)));
        // A cost of 790 wants 987.50, which 1,000 is.
        assert_eq!(raised(Some("790"), 1_000, "2", "20"), Some(Money::new(100_000)));
    }

    #[test]
    fn without_a_cost_the_nearest_step_is_taken_and_never_nothing() {
        assert_eq!(raised(None, 1_000, "2", "20"), Some(Money::new(100_000)));
        assert_eq!(raised(None, 1_000, "2.5", "20"), Some(Money::new(105_000)), "half up");
        assert_eq!(raised(None, 40, "-50", "20"), Some(Money::new(5_000)));
        assert_eq!(raised(Some("0"), 1_000, "2", "20"), Some(Money::new(100_000)));
    }
}
