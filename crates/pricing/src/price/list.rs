//! Law: **a list that is a rule over GENERAL asks for what the rule makes, but not for less than the category's minimum
//! leaves, and a rule that lowers never asks for more than GENERAL.** What earns too little on GENERAL is not lowered
//! further.

use gondola_ledger::{Money, UnitCost};

use super::{PriceRules, Seller};
use crate::exact::Fraction;
use crate::rate::Rate;

/// A product's price on GENERAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct General {
    /// How much it is.
    pub price: Money,
    /// The cost it was built on, where that is known.
    pub cost: Option<UnitCost>,
}

/// Why a list's price is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListBasis {
    /// The rule makes it.
    Rule,
    /// The rule makes less than the minimum leaves: it is the first price that leaves it.
    Minimum,
    /// Nothing below GENERAL can be asked for.
    General,
}

/// A price on a list, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPrice {
    /// What the customer of that list pays.
    pub price: Money,
    /// Why.
    pub basis: ListBasis,
}

/// The price that a list asks for: GENERAL's, so much more or less, rounded. Without a cost there is no minimum to keep.
/// `None` only beyond what a price can hold.
pub fn list_price(seller: Seller, general: General, adjustment: Rate, rules: &PriceRules) -> Option<ListPrice> {
    let lowers = adjustment <= Rate::ZERO;
    let at_most = |price: Money| if lowers { price.min(general.price) } else { price };
    let earns = |price| general.cost.is_none_or(|cost| seller.reaches(cost, price, rules.minimum));
    let exact = Fraction::whole(general.price.raw().into()).times(adjustment.grown())?;
    let asked = at_most(rules.rounding.steps(exact, |steps| steps.round().max(1))?);
    let price = match general.cost {
        Some(cost) if !earns(asked) && earns(general.price) => {
            at_most(rules.rounding.steps(seller.floor(cost, rules.minimum)?, Fraction::ceil)?)
        }
        Some(_) if !earns(asked) && lowers => general.price,
        _ => return Some(ListPrice { price: asked, basis: ListBasis::Rule }),
    };
    let basis = if price == general.price { ListBasis::General } else { ListBasis::Minimum };
    Some(ListPrice { price, basis })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{DEFAULT_STEP, Rounding};
    use super::*;
    use crate::unit_cost::TaxStatus;

    const REGISTERED: Seller = Seller { status: TaxStatus::RegisteredVat, vat: Rate::basis_points(2_100) };
    const MONOTRIBUTO: Seller = Seller { status: TaxStatus::Monotributo, vat: Rate::basis_points(2_100) };

    fn rules(minimum: &str) -> PriceRules {
        PriceRules { rounding: Rounding::default(), minimum: Rate::parse_percent(minimum).unwrap() }
    }

    fn asked(cost: Option<&str>, general: &str, adjustment: &str, minimum: &str) -> String {
        let general =
            General { price: Money::parse(general).unwrap(), cost: cost.map(|cost| UnitCost::parse(cost).unwrap()) };
        let adjustment = Rate::parse_percent(adjustment).unwrap();
        let ListPrice { price, basis } = list_price(MONOTRIBUTO, general, adjustment, &rules(minimum)).unwrap();
        format!("{price} {basis:?}")
    }

    #[test]
    fn a_list_asks_for_what_its_rule_makes_rounded_to_the_step() {
        assert_eq!(asked(Some("800"), "1200", "-10", "15"), "1100.00 Rule", "1,080 to the nearest 50");
        assert_eq!(asked(Some("800"), "1200", "0", "15"), "1200.00 Rule");
        assert_eq!(asked(Some("800"), "1200", "5", "15"), "1250.00 Rule", "1,260");
        assert_eq!(asked(None, "1200", "-50", "15"), "600.00 Rule", "nobody knows what it costs");
        assert_eq!(asked(None, "20", "-10", "15"), "20.00 Rule", "a step is more than GENERAL asks for");
    }

    #[test]
    fn it_leaves_the_minimum_or_asks_what_general_does() {
        assert_eq!(asked(Some("907.50"), "1200", "-10", "15"), "1100.00 Rule", "17.5 %");
        assert_eq!(asked(Some("907.50"), "1200", "-15", "15"), "1100.00 Minimum", "1,000 leaves 9.25 %, 1,050 13.57 %");
        assert_eq!(asked(Some("907.50"), "1200", "-10", "22"), "1200.00 General", "1,150 leaves 21.09 %");
        assert_eq!(asked(Some("1190"), "1200", "-10", "15"), "1200.00 General", "GENERAL leaves too little already");
        assert_eq!(asked(Some("1190"), "1200", "10", "15"), "1300.00 Rule", "1,320: more than GENERAL");
        assert_eq!(asked(Some("995"), "1175", "-1", "15"), "1175.00 General", "the next step is above it");
    }

    proptest! {
        #[test]
        fn no_rule_that_lowers_goes_above_general_or_below_what_must_be_earned(
            cost in 1..100_000_000_000_i64, price in 1..1_000_000_000_i64, adjustment in -900_000..1_000_000_i32,
            minimum in 0..500_000_i32
        ) {
            let rules = PriceRules { rounding: Rounding::default(), minimum: Rate::new(minimum) };
            let (cost, price) = (UnitCost::new(cost), Money::new(price));
            let general = General { price, cost: Some(cost) };
            let list = list_price(REGISTERED, general, Rate::new(adjustment), &rules).unwrap();
            let earns = |price| REGISTERED.reaches(cost, price, rules.minimum);
            prop_assert!(list.price.is_positive());
            prop_assert!(list.price == price || list.price.raw() % DEFAULT_STEP.raw() == 0);
            prop_assert!(adjustment > 0 || list.price <= price);
            prop_assert!(earns(list.price) || !earns(price));
            prop_assert!(list.basis != ListBasis::Minimum || !earns(Money::new(list.price.raw() - DEFAULT_STEP.raw())));
        }
    }
}
