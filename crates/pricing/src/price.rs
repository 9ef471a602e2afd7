//! Law: **a shelf price is a whole number of steps, and never quietly below its category's minimum margin.** The
//! exact price is rounded once, straight to the step; when that falls under the minimum it goes one step up, and when
//! even that is too low the owner decides.
//!
//! Which markup holds is in `markup.rs`; many prices at once are in `batch.rs`; lists over GENERAL are in `price/list.rs`, a
//! percentage on the price itself is in `price/raise.rs`.

mod list;
mod raise;

use gondola_ledger::{Money, UnitCost};

pub use list::{General, ListBasis, ListPrice, list_price};
pub use raise::raised_price;

use crate::exact::Fraction;
use crate::markup::Percentages;
use crate::rate::Rate;
use crate::unit_cost::TaxStatus;

/// The step where nothing else is set: $50.
pub const DEFAULT_STEP: Money = Money::new(5_000);
/// Most price bands with a step of their own.
pub const STEP_BANDS_MAX: usize = 10;

/// The taxes of a seller for one product: what stands between the price and what is kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seller {
    /// Who sells.
    pub status: TaxStatus,
    /// VAT rate of the product.
    pub vat: Rate,
}

impl Seller {
    /// Both real percentages of a shelf price over a cost of the same seller; `None` unless both are above zero.
    pub fn percentages(self, cost: UnitCost, price: Money) -> Option<Percentages> {
        Percentages::of(Fraction::whole(cost.raw().into()), self.kept(price)?)
    }

    /// Is the margin of that price at least this, exactly? A price that earns nothing has none.
    pub fn reaches(self, cost: UnitCost, price: Money, margin: Rate) -> bool {
        self.margin(cost, price).is_some_and(|real| real >= margin.fraction())
    }

    /// Does the cost exceed what is kept of the price?
    pub fn loses(self, cost: UnitCost, price: Money) -> bool {
        self.kept(price).is_none_or(|kept| Fraction::whole(cost.raw().into()) > kept)
    }

    /// What is kept of a price, in ten-thousandths of a peso.
    fn kept(self, price: Money) -> Option<Fraction> {
        let printed = Fraction::whole(i128::from(price.raw()) * 100);
        match self.status {
            TaxStatus::Monotributo => Some(printed),
            TaxStatus::RegisteredVat => printed.over(self.vat.grown()),
        }
    }

    fn margin(self, cost: UnitCost, price: Money) -> Option<Fraction> {
        let kept = self.kept(price)?;
        kept.minus(Fraction::whole(cost.raw().into()))?.over(kept)
    }

    /// The least price that leaves a margin, before rounding, in centavos.
    fn floor(self, cost: UnitCost, margin: Rate) -> Option<Fraction> {
        let rest = Fraction::ONE.minus(margin.fraction())?;
        let kept = Fraction::new(cost.raw().into(), 100)?.over(rest)?;
        match self.status {
            TaxStatus::Monotributo => Some(kept),
            TaxStatus::RegisteredVat => kept.times(self.vat.grown()),
        }
    }

    /// The price before rounding, in centavos.
    fn exact_price(self, cost: UnitCost, markup: Rate) -> Option<Fraction> {
        let centavos = Fraction::new(cost.raw().into(), 100)?;
        let marked_up = centavos.times(markup.grown())?;
        match self.status {
            TaxStatus::Monotributo => Some(marked_up),
            TaxStatus::RegisteredVat => marked_up.times(self.vat.grown()),
        }
    }
}

/// A step for prices below a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepBand {
    /// First price that is no longer in the band.
    pub below: Money,
    /// Its step.
    pub step: Money,
}

/// How prices are rounded: by bands, and one step above them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounding {
    bands: Vec<StepBand>,
    step: Money,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { bands: Vec::new(), step: DEFAULT_STEP }
    }
}

impl Rounding {
    /// Bands in rising order and the step above them; `None` when they do not rise, are too many, or a step is not
    /// above zero.
    pub fn new(bands: Vec<StepBand>, step: Money) -> Option<Self> {
        let rising = bands.is_sorted_by(|lower, upper| lower.below < upper.below);
        let positive = step.is_positive() && bands.iter().all(|band| band.step.is_positive());
        (rising && positive && bands.len() <= STEP_BANDS_MAX).then_some(Self { bands, step })
    }

    /// The nearest multiple of the step, halves up, and never less than one step: nothing is given away by rounding.
    pub fn nearest(&self, price: Money) -> Option<Money> {
        let exact = Fraction::whole(price.raw().into());
        self.steps(exact, |steps| steps.round().max(1))
    }

    fn steps(&self, centavos: Fraction, count: impl Fn(Fraction) -> i128) -> Option<Money> {
        let in_band = |band: &&StepBand| centavos < Fraction::whole(band.below.raw().into());
        let step = i128::from(self.bands.iter().find(in_band).map_or(self.step, |band| band.step).raw());
        let rounded = count(Fraction::new(1, step)?.times(centavos)?).checked_mul(step)?;
        i64::try_from(rounded).ok().map(Money::new)
    }
}

/// The rules a price of one category is made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRules {
    /// How it is rounded.
    pub rounding: Rounding,
    /// Smallest margin of the category.
    pub minimum: Rate,
}

/// A price on the shelf and what it earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShelfPrice {
    /// What the customer pays.
    pub price: Money,
    /// What that earns, after rounding.
    pub percentages: Percentages,
}

/// Why no price is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceRefusal {
    /// There is no cost to start from.
    NoCost,
    /// Under the category's minimum even rounded up: the owner may still want it.
    BelowMinimum {
        /// The price and what it would earn.
        offered: ShelfPrice,
        /// What the category asks for.
        minimum: Rate,
    },
    /// Beyond what a price or its percentages can hold.
    TooLarge,
}

/// The shelf price for a cost and a markup.
///
/// # Errors
/// [`PriceRefusal`]; with `BelowMinimum` the price is inside, for an owner who insists.
pub fn shelf_price(
    seller: Seller,
    cost: UnitCost,
    markup: Rate,
    rules: &PriceRules,
) -> Result<ShelfPrice, PriceRefusal> {
    if cost.raw() <= 0 {
        return Err(PriceRefusal::NoCost);
    }
    let exact = seller.exact_price(cost, markup).ok_or(PriceRefusal::TooLarge)?;
    let rounded = |count: fn(Fraction) -> i128| {
        let price = rules.rounding.steps(exact, |steps| count(steps).max(1)).ok_or(PriceRefusal::TooLarge)?;
        let percentages = seller.percentages(cost, price).ok_or(PriceRefusal::TooLarge)?;
        Ok(ShelfPrice { price, percentages })
    };
    let nearest = rounded(Fraction::round)?;
    if seller.reaches(cost, nearest.price, rules.minimum) {
        return Ok(nearest);
    }
    let raised = rounded(Fraction::ceil)?;
    if seller.reaches(cost, raised.price, rules.minimum) {
        Ok(raised)
    } else {
        Err(PriceRefusal::BelowMinimum { offered: raised, minimum: rules.minimum })
    }
}

#[cfg(test)]
mod tests;
