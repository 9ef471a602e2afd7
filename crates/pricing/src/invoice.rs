//! Law: **a supplier's invoice is recomputed from its own figures before it may touch a cost.** Differences are values
//! with both numbers inside; whether an error blocks and who accepts a warning is the shop's business.
//!
//! Dates, CUIT and CAE are checked where documents are read.

use gondola_ledger::{Money, Qty, UnitCost};

use crate::exact::Fraction;
use crate::rate::Rate;

/// What the sums of a header may be off: one centavo.
pub const HEADER_TOLERANCE: Money = Money::new(1);
/// Subtotal deviation that is still in order.
pub const LINE_OK: Rate = Rate::basis_points(50);
/// Subtotal deviation that is still only a warning.
pub const LINE_WARNING: Rate = Rate::basis_points(200);
/// Cost deviation the three-way check keeps quiet about.
pub const COST_TOLERANCE: Rate = Rate::basis_points(50);

/// Net and VAT of one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VatLine {
    /// The rate.
    pub rate: Rate,
    /// Printed net.
    pub net: Money,
    /// Printed VAT.
    pub vat: Money,
}

/// The printed amounts of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Net and VAT per rate.
    pub by_rate: Vec<VatLine>,
    /// Exempt of VAT.
    pub exempt: Money,
    /// Not taxed.
    pub not_taxed: Money,
    /// Internal taxes.
    pub internal_taxes: Money,
    /// Perceptions: VAT and turnover tax of every province.
    pub perceptions: Vec<Money>,
    /// Anything else the document adds up.
    pub other: Money,
    /// The total.
    pub total: Money,
}

/// A header that does not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderFault {
    /// The parts are not the total.
    Total {
        /// What is printed.
        printed: Money,
        /// What the parts make.
        computed: Money,
    },
    /// The VAT of a rate is not its net times the rate.
    Vat {
        /// Which rate.
        rate: Rate,
        /// What is printed.
        printed: Money,
        /// What the net makes.
        computed: Money,
    },
    /// An amount is beyond any document.
    TooLarge,
}

impl Header {
    /// Everything that does not add up, to the centavo; empty when it does.
    pub fn faults(&self) -> Vec<HeaderFault> {
        self.by_rate.iter().filter_map(VatLine::fault).chain(self.total_fault()).collect()
    }

    fn total_fault(&self) -> Option<HeaderFault> {
        let by_rate = self.by_rate.iter().flat_map(|line| [line.net, line.vat]);
        let rest = [self.exempt, self.not_taxed, self.internal_taxes, self.other];
        let Some(computed) = Money::checked_sum(by_rate.chain(rest).chain(self.perceptions.iter().copied())) else {
            return Some(HeaderFault::TooLarge);
        };
        let off = i128::from(computed.raw()).abs_diff(self.total.raw().into());
        (off > u128::from(HEADER_TOLERANCE.raw().unsigned_abs()))
            .then_some(HeaderFault::Total { printed: self.total, computed })
    }
}

impl VatLine {
    fn fault(&self) -> Option<HeaderFault> {
        let exact = Fraction::whole(self.net.raw().into()).times(self.rate.fraction())?;
        let off = exact.minus(Fraction::whole(self.vat.raw().into()))?;
        let tolerance = i128::from(HEADER_TOLERANCE.raw());
        if Fraction::whole(-tolerance) <= off && off <= Fraction::whole(tolerance) {
            return None;
        }
        Some(match i64::try_from(exact.round()) {
            Ok(computed) => HeaderFault::Vat { rate: self.rate, printed: self.vat, computed: Money::new(computed) },
            Err(_) => HeaderFault::TooLarge,
        })
    }
}

/// The printed figures of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvoiceLine {
    /// Quantity, in whatever the price is for.
    pub quantity: Qty,
    /// Price of one.
    pub price: UnitCost,
    /// Discount of the line, as an amount.
    pub discount: Money,
    /// The printed subtotal.
    pub subtotal: Money,
}

/// What a line's subtotal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineVerdict {
    /// Within 0.5 %.
    Ok,
    /// Within 2 %.
    Warning {
        /// What the figures make.
        computed: Money,
    },
    /// Further off.
    Error {
        /// What the figures make.
        computed: Money,
    },
    /// An amount is beyond any document.
    TooLarge,
}

impl InvoiceLine {
    /// Compares the subtotal with quantity × price - discount; the deviation is a part of what the figures make.
    pub fn verdict(&self) -> LineVerdict {
        let computed = self.quantity.times_cost(self.price).and_then(|gross| gross.checked_sub(self.discount));
        let Some(computed) = computed else { return LineVerdict::TooLarge };
        let within = |limit| deviates_at_most(self.subtotal.raw(), computed.raw(), limit);
        if within(LINE_OK) {
            LineVerdict::Ok
        } else if within(LINE_WARNING) {
            LineVerdict::Warning { computed }
        } else {
            LineVerdict::Error { computed }
        }
    }
}

/// Is the difference at most that part of the base? Compared exactly; of nothing only nothing is.
fn deviates_at_most(value: i64, base: i64, limit: Rate) -> bool {
    let off = i128::from(value).abs_diff(base.into());
    let whole = u128::from(crate::rate::WHOLE.unsigned_abs());
    off * whole <= u128::from(base.unsigned_abs()) * u128::from(limit.raw().unsigned_abs())
}

/// What a cost is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// An order said how many at which cost.
    Ordered {
        /// How many.
        quantity: Qty,
        /// At which cost.
        cost: UnitCost,
    },
    /// No order: the last cost paid.
    LastCost(UnitCost),
    /// No order, and never bought before.
    Nothing,
}

/// One product of a delivery: expected - received - invoiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreeWay {
    /// What was expected.
    pub expected: Expected,
    /// Counted on arrival.
    pub received: Qty,
    /// Billed.
    pub invoiced: Qty,
    /// Billed per unit.
    pub cost: UnitCost,
}

/// A difference that becomes a claim (reclamo).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Received is not what was ordered.
    ReceivedOtherThanOrdered {
        /// Ordered.
        ordered: Qty,
        /// Received.
        received: Qty,
    },
    /// Billed is not what was received.
    InvoicedOtherThanReceived {
        /// Received.
        received: Qty,
        /// Billed.
        invoiced: Qty,
    },
    /// The cost is more than 0.5 % off.
    Cost {
        /// Expected.
        expected: UnitCost,
        /// Billed.
        invoiced: UnitCost,
    },
}

impl ThreeWay {
    /// Every difference; empty when all three agree.
    pub fn differences(&self) -> Vec<Difference> {
        let (ordered, expected) = match self.expected {
            Expected::Ordered { quantity, cost } => (Some(quantity), Some(cost)),
            Expected::LastCost(cost) => (None, Some(cost)),
            Expected::Nothing => (None, None),
        };
        let (received, invoiced) = (self.received, self.invoiced);
        let arrival = ordered
            .filter(|ordered| *ordered != received)
            .map(|ordered| Difference::ReceivedOtherThanOrdered { ordered, received });
        let billing = (invoiced != received).then_some(Difference::InvoicedOtherThanReceived { received, invoiced });
        let cost = expected
            .filter(|expected| !deviates_at_most(self.cost.raw(), expected.raw(), COST_TOLERANCE))
            .map(|expected| Difference::Cost { expected, invoiced: self.cost });
        arrival.into_iter().chain(billing).chain(cost).collect()
    }
}

#[cfg(test)]
mod tests;
