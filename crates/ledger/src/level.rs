//! Law: **one word says whether there is enough, and it is decided by exact comparisons.** Nothing is divided before it is
//! compared: 9 against a minimum of 7 in summer is 90 against 91.
//!
//! The words in Spanish, and from when to when demand is counted, are not here.

use crate::factor::Factor;
use crate::number::div_floor;
use crate::qty::{Qty, SCALE};

/// Minimum when nobody set one: 5 units.
pub const MIN_DEFAULT: Qty = Qty::new(5 * SCALE);
/// Maximum when nobody set one, in minimums; also the overstock bound in reorder points.
pub const MAX_IN_MINIMUMS: i64 = 3;
/// Cover below so many days is critical.
pub const CRITICAL_COVER_DAYS: i128 = 3;
/// Cover above so many days is overstock.
pub const OVERSTOCK_COVER_DAYS: i128 = 45;
/// Stock that did not move for so many days is not moving.
pub const NO_MOVEMENT_DAYS: u32 = 30;

/// How a product stands, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Below zero: the record is wrong.
    Negative,
    /// None left.
    OutOfStock,
    /// Half the minimum or less, or cover for less than 3 days.
    Critical,
    /// The minimum or less.
    Low,
    /// Enough.
    Normal,
    /// Too much: cover for more than 45 days, above 3 reorder points or above the maximum.
    Overstock,
    /// There is some and it has not moved for 30 days.
    NoMovement,
}

/// What the shop wants to have of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockPolicy {
    /// Not less than this, before the season scales it.
    pub min: Qty,
    /// Not more than this; zero sets no bound.
    pub max: Qty,
    /// Order when it falls here; zero sets no bound.
    pub reorder_point: Qty,
}

/// What was sold over the days there was stock to sell. Kept as the two whole numbers: their ratio is never rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Demand {
    /// What was sold in all.
    pub total: Qty,
    /// Over how many days in stock.
    pub days: u32,
}

/// Everything a level depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// What is on hand over all real places.
    pub on_hand: Qty,
    /// What the shop wants to have.
    pub policy: StockPolicy,
    /// What the season makes of the minimum.
    pub season: Factor,
    /// What is sold.
    pub demand: Demand,
    /// Days since anything moved; `None` when nothing ever did.
    pub days_since_last_movement: Option<u32>,
}

impl Level {
    /// All levels, worst first.
    pub const ALL: [Self; 7] =
        [Self::Negative, Self::OutOfStock, Self::Critical, Self::Low, Self::Normal, Self::Overstock, Self::NoMovement];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::OutOfStock => "out_of_stock",
            Self::Critical => "critical",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::Overstock => "overstock",
            Self::NoMovement => "no_movement",
        }
    }

    /// The level of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Its place in [`Self::ALL`]: 0 is the worst.
    pub const fn severity(self) -> u8 {
        self as u8
    }

    /// Is there less than there should be?
    pub const fn is_short(self) -> bool {
        matches!(self, Self::Negative | Self::OutOfStock | Self::Critical | Self::Low)
    }
}

impl StockPolicy {
    /// What was set, with the defaults for what was not: minimum 5, maximum 3 minimums, reorder at the minimum.
    pub fn with_defaults(min: Option<Qty>, max: Option<Qty>, reorder_point: Option<Qty>) -> Self {
        let min = min.unwrap_or(MIN_DEFAULT);
        let max_default = Qty::new(min.raw().saturating_mul(MAX_IN_MINIMUMS));
        Self { min, max: max.unwrap_or(max_default), reorder_point: reorder_point.unwrap_or(min) }
    }

    /// The minimum in this season, to the thousandth; for showing, not for comparing.
    pub fn scaled_min(&self, season: Factor) -> Qty {
        let scaled = crate::number::div_half_up(self.scaled(season), i128::from(season.den()));
        Qty::new(i64::try_from(scaled).unwrap_or(i64::MAX))
    }

    /// What is missing to the minimum of this season; zero when nothing is.
    pub fn shortfall(&self, on_hand: Qty, season: Factor) -> Qty {
        let missing = i128::from(self.scaled_min(season).raw()) - i128::from(on_hand.raw());
        Qty::new(i64::try_from(missing.max(0)).unwrap_or(i64::MAX))
    }

    /// The minimum of the season times the denominator of the factor.
    fn scaled(&self, season: Factor) -> i128 {
        i128::from(self.min.raw()) * i128::from(season.num())
    }
}

/// The level of a product: the worst that applies; among the harmless ones, not moving says more than being too much.
pub fn classify(situation: &Situation) -> Level {
    let Situation { on_hand, policy, season, demand, days_since_last_movement } = situation;
    if on_hand.is_negative() {
        return Level::Negative;
    }
    if on_hand.is_zero() {
        return Level::OutOfStock;
    }
    let stock = i128::from(on_hand.raw()) * i128::from(season.den());
    let min = policy.scaled(*season);
    if stock * 2 <= min || covers_less_than(*on_hand, *demand, CRITICAL_COVER_DAYS) {
        Level::Critical
    } else if stock <= min {
        Level::Low
    } else if days_since_last_movement.is_none_or(|days| days >= NO_MOVEMENT_DAYS) {
        Level::NoMovement
    } else if is_too_much(*on_hand, policy, *demand) {
        Level::Overstock
    } else {
        Level::Normal
    }
}

/// For how long the stock lasts at the average daily demand, in tenths of a day, rounded down; `None` when nothing sells.
pub fn cover_days_tenths(on_hand: Qty, demand: Demand) -> Option<i64> {
    if !demand.total.is_positive() || demand.days == 0 {
        return None;
    }
    let stock_days = i128::from(on_hand.raw().max(0)) * i128::from(demand.days) * 10;
    Some(i64::try_from(div_floor(stock_days, i128::from(demand.total.raw()))).unwrap_or(i64::MAX))
}

/// Sorts a list of products: worst level first, then lowest cover, and what does not sell last.
pub fn urgency(level: Level, cover_tenths: Option<i64>) -> (Level, bool, i64) {
    (level, cover_tenths.is_none(), cover_tenths.unwrap_or(0))
}

/// Is a category in trouble? When more than 20 % of its products are low or worse.
pub const fn category_is_critical(short: u64, products: u64) -> bool {
    short as u128 * 5 > products as u128
}

fn is_too_much(on_hand: Qty, policy: &StockPolicy, demand: Demand) -> bool {
    let reorder_bound = i128::from(policy.reorder_point.raw()) * i128::from(MAX_IN_MINIMUMS);
    (policy.max.is_positive() && on_hand > policy.max)
        || (policy.reorder_point.is_positive() && i128::from(on_hand.raw()) > reorder_bound)
        || covers_more_than(on_hand, demand, OVERSTOCK_COVER_DAYS)
}

fn covers_less_than(on_hand: Qty, demand: Demand, days: i128) -> bool {
    let (stock_days, needed) = cover_sides(on_hand, demand, days);
    stock_days < needed
}

fn covers_more_than(on_hand: Qty, demand: Demand, days: i128) -> bool {
    let (stock_days, needed) = cover_sides(on_hand, demand, days);
    demand.total.is_positive() && demand.days > 0 && stock_days > needed
}

/// Stock × days of demand against demand × days wanted: cover compared without dividing. No demand needs nothing.
fn cover_sides(on_hand: Qty, demand: Demand, days: i128) -> (i128, i128) {
    let needed = if demand.days == 0 { 0 } else { i128::from(demand.total.raw().max(0)) * days };
    (i128::from(on_hand.raw()) * i128::from(demand.days), needed)
}

#[cfg(test)]
mod tests;
