//! Law: **inflation is a monthly rate over days, and powers of it are computed, not approximated by a table.** A
//! month is 30.44 days, so a power over n days has the exact exponent 25 n / 761; `ln` and `exp` are summed in
//! integers with 18 decimals.
//!
//! Error bound, for any accepted rate and up to [`DAYS_MAX`] days: a growth factor is off by less than one part in
//! 10¹⁴, far under the four decimals of a cost. Where the monthly rate comes from, and its date, is the shop's
//! business.

use gondola_ledger::number::div_half_up;
use gondola_ledger::{Money, Qty, UnitCost};

use crate::exact::Fraction;
use crate::rate::Rate;

mod fixed;

use fixed::ONE;

/// Longest projection: five years.
pub const DAYS_MAX: i64 = 1_827;
/// Longest accumulation in months.
pub const MONTHS_MAX: usize = 120;
/// Largest monthly rate accepted: 50 %.
pub const MONTHLY_MAX: Rate = Rate::basis_points(5_000);
/// Above this a rate is accepted with a warning: it may be an annual one.
pub const MONTHLY_SUSPECT: Rate = Rate::basis_points(3_000);

/// A monthly rate, 0 to 50 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthlyRate(Rate);

impl MonthlyRate {
    /// That rate per month; `None` outside 0 to [`MONTHLY_MAX`].
    pub fn new(rate: Rate) -> Option<Self> {
        (Rate::ZERO..=MONTHLY_MAX).contains(&rate).then_some(Self(rate))
    }

    /// The rate.
    pub const fn rate(self) -> Rate {
        self.0
    }

    /// Does it look like a mistake?
    pub fn is_suspect(self) -> bool {
        self.0 > MONTHLY_SUSPECT
    }

    /// The growth of so many days; none for zero or fewer, `None` beyond [`DAYS_MAX`].
    pub fn over_days(self, days: i64) -> Option<Growth> {
        match days {
            ..=0 => Some(Growth::NONE),
            1..=DAYS_MAX => {
                let exponent = div_half_up(fixed::ln(self.factor()) * i128::from(days) * 25, 761);
                Some(Growth(fixed::exp(exponent)))
            }
            _ => None,
        }
    }

    /// The growth of so many whole months at this rate; `None` beyond [`MONTHS_MAX`].
    pub fn over_months(self, months: usize) -> Option<Growth> {
        if months > MONTHS_MAX { None } else { accumulated(&vec![self; months]) }
    }

    /// The growth of one day; shown as a rate it has four decimals of a percent.
    pub fn daily(self) -> Growth {
        self.over_days(1).expect("one day is within the limit")
    }

    fn factor(self) -> i128 {
        ONE + i128::from(self.0.raw()) * (ONE / i128::from(crate::rate::WHOLE))
    }
}

/// The growth of a series of months, oldest first; `None` beyond [`MONTHS_MAX`] or what a factor can hold.
pub fn accumulated(series: &[MonthlyRate]) -> Option<Growth> {
    if series.len() > MONTHS_MAX {
        return None;
    }
    series.iter().try_fold(ONE, |growth, month| fixed::times(growth, month.factor())).map(Growth)
}

/// A factor that multiplies amounts, with 18 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Growth(i128);

impl Growth {
    /// Changes nothing.
    pub const NONE: Self = Self(ONE);

    /// The cost after the growth, rounded once; `None` when it no longer fits.
    pub fn project(self, cost: UnitCost) -> Option<UnitCost> {
        times(cost.raw(), self.0).map(UnitCost::new)
    }

    /// The amount after the growth, rounded once; `None` when it no longer fits.
    pub fn project_money(self, amount: Money) -> Option<Money> {
        times(amount.raw(), self.0).map(Money::new)
    }

    /// What the growth adds to a cost: the saving of buying it before; `None` when it does not fit.
    pub fn added_to(self, cost: UnitCost) -> Option<UnitCost> {
        times(cost.raw(), self.0 - ONE).map(UnitCost::new)
    }

    /// What the growth adds to an amount: with one day's growth, the daily loss of idle value.
    pub fn added_to_money(self, amount: Money) -> Option<Money> {
        times(amount.raw(), self.0 - ONE).map(Money::new)
    }

    /// The growth as a percentage, to a millionth; `None` beyond what a [`Rate`] can hold.
    pub fn rate(self) -> Option<Rate> {
        let millionths = div_half_up(self.0 - ONE, ONE / i128::from(crate::rate::WHOLE));
        i32::try_from(millionths).ok().map(Rate::new)
    }
}

/// Value × factor, rounded once. The whole part of the factor is multiplied apart: it leaves nothing to round.
fn times(value: i64, factor: i128) -> Option<i64> {
    let value = i128::from(value);
    let whole = value.checked_mul(factor / ONE)?;
    i64::try_from(whole.checked_add(div_half_up(value * (factor % ONE), ONE))?).ok()
}

/// One point of a price index, as published: any base, in ten-thousandths, above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexPoint(i64);

impl IndexPoint {
    /// From ten-thousandths; `None` unless above zero.
    pub const fn new(ten_thousandths: i64) -> Option<Self> {
        if ten_thousandths > 0 { Some(Self(ten_thousandths)) } else { None }
    }
}

/// An amount of then in the money of the base: nominal × index(base) / index(then), rounded once; `None` when it does
/// not fit.
pub fn real_value(nominal: Money, base: IndexPoint, then: IndexPoint) -> Option<Money> {
    let scaled = i128::from(nominal.raw()) * i128::from(base.0);
    i64::try_from(div_half_up(scaled, then.0.into())).ok().map(Money::new)
}

/// One product bought twice from the same supplier on the same basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoughtAgain {
    /// What one cost at the start.
    pub before: UnitCost,
    /// What one costs now.
    pub now: UnitCost,
    /// How many were bought at the start: the weight.
    pub quantity: Qty,
}

/// The shop's own inflation over its invoices: what the same purchases cost now, over what they cost, less one; to a
/// millionth. `None` without purchases, or beyond what a [`Rate`] can hold.
pub fn own_inflation(purchases: &[BoughtAgain]) -> Option<Rate> {
    let spent = |cost: fn(&BoughtAgain) -> UnitCost| {
        purchases.iter().try_fold(0_i128, |sum, bought| {
            sum.checked_add(i128::from(cost(bought).raw()) * i128::from(bought.quantity.raw()))
        })
    };
    let (before, now) = (spent(|bought| bought.before)?, spent(|bought| bought.now)?);
    Rate::nearest(Fraction::new(now.checked_sub(before)?, before)?)
}

/// A purchase made before a rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuyAhead {
    /// Expected rise per unit.
    pub rise: UnitCost,
    /// Units bought ahead.
    pub quantity: Qty,
    /// What the money would have earned, or costs, meanwhile.
    pub cost_of_money: Money,
    /// What will spoil.
    pub spoilage: Money,
    /// What the space costs.
    pub space: Money,
}

impl BuyAhead {
    /// Pesos gained (or lost, negative): rise × quantity less all it costs; buy only when positive.
    pub fn gain(self) -> Option<Money> {
        let costs = Money::checked_sum([self.cost_of_money, self.spoilage, self.space])?;
        self.quantity.times_cost(self.rise)?.checked_sub(costs)
    }
}

#[cfg(test)]
mod tests;
