//! Law: **cost is compared with cost, never with a price.** The new supplier cost faces the cost today's price was
//! built on; only the question "does it still earn?" looks at the price.
//!
//! Thresholds are compared exactly: 4.9999 % is not 5 %.

use gondola_ledger::{Money, UnitCost};

use crate::exact::Fraction;
use crate::price::Seller;
use crate::rate::Rate;

/// A margin under this is low in any category.
pub const LOW_MARGIN: Rate = Rate::basis_points(1_000);
/// A fall of the cost that makes a low stock worth buying.
pub const BARGAIN: Rate = Rate::basis_points(1_000);
/// Changes under this are not proposed.
pub const PROPOSAL_MIN: Rate = Rate::basis_points(200);
/// Changes from this on reach the owner at once.
pub const OWNER_NOTICE: Rate = Rate::basis_points(1_000);
/// Early alert of drinks.
pub const DRINKS_ALERT: Rate = Rate::basis_points(500);
/// Early alert of cleaning goods.
pub const CLEANING_ALERT: Rate = Rate::basis_points(700);
/// Days without a change after which a price is stale, unless set otherwise.
pub const STALE_DAYS: u16 = 30;
/// Shortest and longest setting of those days.
pub const STALE_DAYS_RANGE: std::ops::RangeInclusive<u16> = 7..=365;

/// How much a cost change matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// From 5 % (media).
    Medium,
    /// From 15 % (alta).
    High,
    /// From 25 % (crítica).
    Critical,
}

/// The cost a price was built on and the cost that would replace it, on the same tax basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostChange {
    /// The cost the price was built on.
    pub old: UnitCost,
    /// The latest replacement cost.
    pub new: UnitCost,
}

impl CostChange {
    /// The change, to a millionth; `None` without an old cost, or beyond what a [`Rate`] can hold.
    pub fn rate(self) -> Option<Rate> {
        Rate::nearest(self.exact()?)
    }

    /// Is the change at least so large, in either direction? From no cost to any is.
    pub fn reaches(self, threshold: Rate) -> bool {
        let difference = (i128::from(self.new.raw()) - i128::from(self.old.raw())).abs();
        let Some(change) = Fraction::new(difference, self.old.raw().into()) else {
            return difference > 0;
        };
        change >= threshold.fraction()
    }

    /// Did the cost fall at least so much?
    pub fn fell_by(self, threshold: Rate) -> bool {
        self.new < self.old && self.reaches(threshold)
    }

    /// The severity, either direction; `None` under 5 %.
    pub fn severity(self) -> Option<Severity> {
        let levels = [(2_500, Severity::Critical), (1_500, Severity::High), (500, Severity::Medium)];
        levels.into_iter().find(|(points, _)| self.reaches(Rate::basis_points(*points))).map(|(_, level)| level)
    }

    /// Is it worth proposing a new price?
    pub fn is_proposed(self) -> bool {
        self.reaches(PROPOSAL_MIN)
    }

    /// Does the owner hear at once? From [`OWNER_NOTICE`] on, or from the early alert of the product's category.
    pub fn reaches_the_owner(self, early: Rate) -> bool {
        let threshold = if early.raw() < OWNER_NOTICE.raw() { early } else { OWNER_NOTICE };
        self.new != self.old && self.reaches(threshold)
    }

    fn exact(self) -> Option<Fraction> {
        Fraction::new(i128::from(self.new.raw()) - i128::from(self.old.raw()), self.old.raw().into())
    }
}

/// Is there enough on the shelf?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StockState {
    /// Low, critical or out.
    Low,
    /// Enough for now.
    Enough,
}

/// One product as the lights see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// Who sells, with which VAT.
    pub seller: Seller,
    /// Price on the shelf.
    pub price: Money,
    /// The cost behind the price and the cost today.
    pub cost: CostChange,
    /// Smallest margin of the category.
    pub minimum: Rate,
    /// Days since the price changed.
    pub unchanged_days: i64,
    /// Days it may stay unchanged.
    pub stale_after_days: StaleAfter,
    /// How much is left.
    pub stock: StockState,
    /// What buying ahead would gain, by [`crate::inflation::BuyAhead`].
    pub buy_ahead_gain: Money,
}

/// Days a price may stay unchanged: 7 to 365.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaleAfter(u16);

impl Default for StaleAfter {
    fn default() -> Self {
        Self(STALE_DAYS)
    }
}

impl StaleAfter {
    /// So many days; `None` outside [`STALE_DAYS_RANGE`].
    pub fn new(days: u16) -> Option<Self> {
        STALE_DAYS_RANGE.contains(&days).then_some(Self(days))
    }

    /// The days.
    pub const fn days(self) -> u16 {
        self.0
    }
}

/// One light of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Light {
    /// Replacing it costs more than it sells for: needs the owner's confirmation and reason.
    LossRisk,
    /// It earns too little.
    LowMargin,
    /// Its price is old.
    Stale,
    /// Buying now pays.
    BuyNow,
}

impl Watched {
    /// The lights that are on, the gravest first.
    pub fn lights(&self) -> Vec<Light> {
        [Light::LossRisk, Light::LowMargin, Light::Stale, Light::BuyNow]
            .into_iter()
            .filter(|light| self.is_on(*light))
            .collect()
    }

    fn is_on(&self, light: Light) -> bool {
        match light {
            Light::LossRisk => self.seller.loses(self.cost.new, self.price),
            Light::LowMargin => !self.seller.reaches(self.cost.new, self.price, self.minimum.max(LOW_MARGIN)),
            Light::Stale => self.unchanged_days > i64::from(self.stale_after_days.days()),
            Light::BuyNow => {
                let bargain = self.stock == StockState::Low && self.cost.fell_by(BARGAIN);
                bargain || self.buy_ahead_gain.is_positive()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::unit_cost::TaxStatus;

    fn change(old: &str, new: &str) -> CostChange {
        CostChange { old: UnitCost::parse(old).unwrap(), new: UnitCost::parse(new).unwrap() }
    }

    #[test]
    fn severity_and_notices_begin_exactly_at_their_thresholds() {
        let table = "\
            100 100 - keep -
            100 101.9999 - keep -
            100 102 - propose -
            100 104.9999 - propose -
            100 105 Medium propose -
            100 95 Medium propose -
            100 110 Medium propose owner
            100 114.9999 Medium propose owner
            100 115 High propose owner
            100 85 High propose owner
            100 125 Critical propose owner
            100 75 Critical propose owner
            0 1 Critical propose owner";
        for row in table.lines() {
            let cells: Vec<&str> = row.split_whitespace().collect();
            let change = change(cells[0], cells[1]);
            let severity = change.severity().map_or_else(|| "-".to_owned(), |level| format!("{level:?}"));
            assert_eq!(severity, cells[2], "{row}");
            assert_eq!(change.is_proposed(), cells[3] == "propose", "{row}");
            assert_eq!(change.reaches_the_owner(OWNER_NOTICE), cells[4] == "owner", "{row}");
        }
    }

    #[test]
    fn drinks_are_alerted_before_cleaning() {
        let six = change("100", "106");
        assert!(six.reaches(DRINKS_ALERT) && !six.reaches(CLEANING_ALERT));
        assert!(change("100", "107").reaches(CLEANING_ALERT));
        assert!(six.reaches_the_owner(DRINKS_ALERT) && !six.reaches_the_owner(CLEANING_ALERT));
        let (same, late) = (change("100", "100"), Rate::basis_points(2_000));
        assert!(!same.reaches_the_owner(Rate::ZERO) && change("100", "100.01").reaches_the_owner(Rate::ZERO));
        assert!(change("100", "110").reaches_the_owner(late), "no category is told later than the rest");
        assert_eq!(six.rate(), Some(Rate::basis_points(600)));
    }

    fn healthy() -> Watched {
        Watched {
            seller: Seller { status: TaxStatus::RegisteredVat, vat: Rate::basis_points(2_100) },
            price: Money::parse("1210").unwrap(),
            cost: change("700", "700"),
            minimum: Rate::basis_points(2_000),
            unchanged_days: 30,
            stale_after_days: StaleAfter::default(),
            stock: StockState::Low,
            buy_ahead_gain: Money::ZERO,
        }
    }

    #[test]
    fn a_healthy_product_shows_no_light() {
        assert_eq!(healthy().lights(), []);
    }

    #[test]
    fn a_cost_above_the_net_price_risks_a_loss() {
        assert_eq!(
            Watched { cost: change("700", "1000.0001"), ..healthy() }.lights(),
            [Light::LossRisk, Light::LowMargin]
        );
        assert_eq!(Watched { cost: change("700", "1000"), ..healthy() }.lights(), [Light::LowMargin]);
    }

    #[test]
    fn a_margin_under_ten_or_under_the_category_is_low() {
        assert_eq!(Watched { cost: change("700", "800"), ..healthy() }.lights(), []);
        assert_eq!(Watched { cost: change("700", "800.0001"), ..healthy() }.lights(), [Light::LowMargin]);
        let open = Watched { minimum: Rate::ZERO, ..healthy() };
        assert_eq!(Watched { cost: change("700", "900"), ..open }.lights(), []);
        assert_eq!(Watched { cost: change("700", "900.0001"), ..open }.lights(), [Light::LowMargin]);
    }

    #[test]
    fn a_price_is_stale_after_its_days() {
        assert_eq!(Watched { unchanged_days: 31, ..healthy() }.lights(), [Light::Stale]);
        assert_eq!(StaleAfter::new(6).or(StaleAfter::new(366)), None);
        let patient = Watched { stale_after_days: StaleAfter::new(365).unwrap(), ..healthy() };
        assert_eq!(Watched { unchanged_days: 365, ..patient }.lights(), []);
    }

    #[test]
    fn a_low_stock_and_a_fallen_cost_or_a_gain_ahead_say_buy_now() {
        let fallen = Watched { cost: change("700", "630"), ..healthy() };
        assert_eq!(fallen.lights(), [Light::BuyNow]);
        assert_eq!(Watched { stock: StockState::Enough, ..fallen }.lights(), []);
        assert_eq!(Watched { cost: change("700", "630.0001"), ..healthy() }.lights(), []);
        let ahead = Watched { stock: StockState::Enough, buy_ahead_gain: Money::new(1), ..healthy() };
        assert_eq!(ahead.lights(), [Light::BuyNow]);
    }

    proptest! {
        #[test]
        fn no_figures_panic(old in any::<i64>(), new in any::<i64>(), price in any::<i64>()) {
            let cost = CostChange { old: UnitCost::new(old), new: UnitCost::new(new) };
            let _ = (cost.rate(), cost.severity());
            let _ = Watched { cost, price: Money::new(price), ..healthy() }.lights();
        }
    }
}
