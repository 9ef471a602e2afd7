//! Law: **a unit cost is worked out from the paper's own figures and rounded once, to four decimals.** What is a cost
//! depends on who buys: VAT and its perceptions are money back for a registered buyer and money gone for a
//! monotributista; turnover-tax perceptions (IIBB) are a payment on account for both and have no place here.
//!
//! Reading units per case is in `pack.rs`; whether the paper adds up is in `invoice.rs`.

use gondola_ledger::{Day, Money, Qty, UnitCost};

use crate::exact::Fraction;
use crate::rate::Rate;

/// Most discounts one line may chain.
pub const DISCOUNTS_MAX: usize = 6;

/// Who buys, in the eyes of the VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaxStatus {
    /// Simplified regime: VAT and its perceptions are cost.
    Monotributo,
    /// Registered: VAT and its perceptions are credits.
    RegisteredVat,
}

/// Whether a printed price has the VAT in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VatShown {
    /// The price is net; VAT stands elsewhere.
    Apart,
    /// The price is final.
    Included,
}

/// What a printed price is the price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PricedPer {
    /// One unit.
    Unit,
    /// A case of so many units.
    Case(u32),
}

/// A charge beside the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charge {
    /// None.
    None,
    /// A part of the discounted net price.
    OfNet(Rate),
    /// A part of the net price, as the sums of the document say it: so much on so much. Internal taxes may be more than the net.
    Share {
        /// The sum of the charge.
        amount: Money,
        /// The net that it is on.
        net: Money,
    },
    /// So much for each unit.
    PerUnit(UnitCost),
}

/// The charges of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Charges {
    /// Internal taxes: cost for everybody.
    pub internal_taxes: Charge,
    /// Freight, as this buyer bears it.
    pub freight: Charge,
    /// VAT perception: cost for a monotributista only.
    pub vat_perception: Charge,
}

impl Charges {
    /// Only the price.
    pub const NONE: Self = Self { internal_taxes: Charge::None, freight: Charge::None, vat_perception: Charge::None };
}

/// What the document says about one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPrice {
    /// The printed price, up to four decimals.
    pub price: UnitCost,
    /// Of a unit or of a case.
    pub per: PricedPer,
    /// Firm discounts, one upon the other.
    pub discounts: Vec<Rate>,
    /// The VAT rate.
    pub vat: Rate,
    /// Is that VAT in the price?
    pub vat_shown: VatShown,
    /// What comes on top.
    pub charges: Charges,
}

/// Why no unit cost comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostRefusal {
    /// The printed price or a charge is negative.
    Negative,
    /// The case holds no units.
    EmptyCase,
    /// A discount, tax or charge is not from 0 to 100 %.
    NotAShare {
        /// What was said.
        rate: Rate,
    },
    /// More discounts than [`DISCOUNTS_MAX`].
    TooManyDiscounts,
    /// Beyond what a cost can hold.
    TooLarge,
    /// The list has expired: ask before applying it.
    Expired {
        /// Its last day.
        valid_to: Day,
    },
}

impl DocumentPrice {
    /// The cost of one unit for that buyer.
    ///
    /// # Errors
    /// [`CostRefusal`] says what the paper cannot mean.
    pub fn unit_cost(&self, buyer: TaxStatus) -> Result<UnitCost, CostRefusal> {
        self.check()?;
        let cost = self.exact_cost(buyer).ok_or(CostRefusal::TooLarge)?;
        i64::try_from(cost.round()).map(UnitCost::new).map_err(|_| CostRefusal::TooLarge)
    }

    fn check(&self) -> Result<(), CostRefusal> {
        let charges = [self.charges.internal_taxes, self.charges.freight, self.charges.vat_perception];
        let rates = charges.into_iter().filter_map(|charge| match charge {
            Charge::OfNet(rate) => Some(rate),
            Charge::None | Charge::Share { .. } | Charge::PerUnit(_) => None,
        });
        if let Some(rate) = self.discounts.iter().copied().chain([self.vat]).chain(rates).find(|rate| !rate.is_share())
        {
            return Err(CostRefusal::NotAShare { rate });
        }
        let negative_charge = |charge: &Charge| match charge {
            Charge::PerUnit(amount) => amount.is_negative(),
            Charge::Share { amount, net } => amount.is_negative() || !net.is_positive(),
            Charge::None | Charge::OfNet(_) => false,
        };
        if self.price.is_negative() || charges.iter().any(negative_charge) {
            return Err(CostRefusal::Negative);
        }
        match self.per {
            PricedPer::Case(0) => Err(CostRefusal::EmptyCase),
            _ if self.discounts.len() > DISCOUNTS_MAX => Err(CostRefusal::TooManyDiscounts),
            PricedPer::Case(_) | PricedPer::Unit => Ok(()),
        }
    }

    /// All that is a part of the net price first becomes one factor, so that the figures stay small however many
    /// there are.
    fn exact_cost(&self, buyer: TaxStatus) -> Option<Fraction> {
        let printed = Fraction::new(self.price.raw().into(), self.units().into())?;
        let discounted = self
            .discounts
            .iter()
            .try_fold(printed, |price, discount| price.times(Fraction::ONE.minus(discount.fraction())?))?;
        let shown = match self.vat_shown {
            VatShown::Apart => Fraction::ONE,
            VatShown::Included => self.vat.grown(),
        };
        let own = [self.charges.internal_taxes, self.charges.freight];
        let credited = [Charge::OfNet(self.vat), self.charges.vat_perception];
        let borne = match buyer {
            TaxStatus::RegisteredVat => own.to_vec(),
            TaxStatus::Monotributo => [own, credited].concat(),
        };
        let factor = borne.iter().try_fold(Fraction::ONE, |sum, charge| sum.plus(charge.of_net()?))?;
        let net_and_shares = discounted.times(factor.over(shown)?)?;
        borne.iter().try_fold(net_and_shares, |sum, charge| sum.plus(charge.per_unit()))
    }

    const fn units(&self) -> u32 {
        match self.per {
            PricedPer::Unit => 1,
            PricedPer::Case(units) => units,
        }
    }
}

impl Charge {
    fn of_net(self) -> Option<Fraction> {
        match self {
            Self::OfNet(rate) => Some(rate.fraction()),
            Self::Share { amount, net } => Fraction::new(amount.raw().into(), net.raw().into()),
            Self::None | Self::PerUnit(_) => Some(Fraction::whole(0)),
        }
    }

    fn per_unit(self) -> Fraction {
        match self {
            Self::PerUnit(amount) => Fraction::whole(amount.raw().into()),
            Self::None | Self::OfNet(_) | Self::Share { .. } => Fraction::whole(0),
        }
    }
}

/// May a supplier's list be applied on that day? Its last day still counts.
///
/// # Errors
/// [`CostRefusal::Expired`] after it.
pub fn check_validity(valid_to: Option<Day>, on: Day) -> Result<(), CostRefusal> {
    match valid_to {
        Some(valid_to) if on > valid_to => Err(CostRefusal::Expired { valid_to }),
        Some(_) | None => Ok(()),
    }
}

/// Units received for a printed number of cases. Some suppliers print every quantity negative (Terrabusi), so the
/// sign is dropped: whether goods came or went back is said by the kind of document. `None` beyond what a quantity
/// can hold.
pub fn received_units(printed: Qty, units_per_case: u32) -> Option<Qty> {
    let units = i128::from(printed.raw()).checked_abs()? * i128::from(units_per_case);
    i64::try_from(units).ok().map(Qty::new)
}

#[cfg(test)]
mod tests;
