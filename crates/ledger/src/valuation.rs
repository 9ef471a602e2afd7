//! Law: **three views of the same goods, computed from the same movements.** AVCO (`avco.rs`), FIFO (`fifo.rs`) and
//! replacement; a value is 0 when the quantity is 0, and what comes in minus what goes out is what is there.
//!
//! The events are the changes of the shop's own stock, over all its real places: a transfer inside the shop is none. Which
//! date counts and what a replacement costs are decided by the caller.

use std::fmt;

use crate::avco::Avco;
use crate::cost::UnitCost;
use crate::fifo::Fifo;
use crate::money::Money;
use crate::qty::Qty;

/// Goods that came into the shop or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ValuationEvent {
    /// What came in, above zero, or left, below it.
    pub qty: Qty,
    /// The cost of one unit when it is known. Coming in without one, goods take the average; leaving with one (a receipt that
    /// is taken back), they leave at it.
    pub unit_cost: Option<UnitCost>,
    /// For the reversal of a movement: the exact opposite of the value it moved by AVCO, so that undoing leaves no centavo.
    pub fixed_value: Option<Money>,
    /// The same by FIFO; without it, [`Self::fixed_value`] stands in.
    pub fixed_fifo_value: Option<Money>,
}

/// What an event did to a value: `after = before + value + correction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// What the goods took with them: above zero coming in, below zero leaving.
    pub value: Money,
    /// What goods sold before they were bought, or before their cost was known, turned out to cost on top of the estimate.
    pub correction: Money,
}

/// What an event did to both running values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ValueMove {
    /// By weighted average.
    pub avco: Moved,
    /// By layers.
    pub fifo: Moved,
}

/// Both running values of one product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Valuation {
    /// Weighted average.
    pub avco: Avco,
    /// First in, first out.
    pub fifo: Fifo,
}

/// Why an event has no value. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValuationError {
    /// Nothing came and nothing left.
    QuantityZero,
    /// Receiving and issuing take a quantity above zero; only an event has a sign.
    QuantityNotPositive,
    /// Goods do not cost less than nothing.
    NegativeCost,
    /// A fixed value must go the way of its goods.
    ValueAgainstQuantity,
    /// A sum does not fit in 64 bits.
    Overflow,
}

impl ValuationEvent {
    /// Goods coming in or leaving, with the cost of one unit when it is known.
    pub const fn new(qty: Qty, unit_cost: Option<UnitCost>) -> Self {
        Self { qty, unit_cost, fixed_value: None, fixed_fifo_value: None }
    }

    /// Goods that come in at a known cost.
    pub(crate) fn receipt(qty: Qty, cost: UnitCost) -> Result<Self, ValuationError> {
        if qty.is_positive() { Ok(Self::new(qty, Some(cost))) } else { Err(ValuationError::QuantityNotPositive) }
    }

    /// Goods that leave as the method says.
    pub(crate) fn issue(qty: Qty) -> Result<Self, ValuationError> {
        let leaving = qty.checked_neg().filter(|leaving| leaving.is_negative());
        leaving.map(|leaving| Self::new(leaving, None)).ok_or(ValuationError::QuantityNotPositive)
    }

    /// The event that undoes this one, given what it moved; `None` when a number has no opposite.
    pub fn undone(self, moved: ValueMove) -> Option<Self> {
        Some(Self {
            qty: self.qty.checked_neg()?,
            unit_cost: self.unit_cost,
            fixed_value: Some(moved.avco.value.checked_neg()?),
            fixed_fifo_value: Some(moved.fifo.value.checked_neg()?),
        })
    }

    pub(crate) fn check(&self) -> Result<(), ValuationError> {
        if self.qty.is_zero() {
            return Err(ValuationError::QuantityZero);
        }
        if self.unit_cost.is_some_and(UnitCost::is_negative) {
            return Err(ValuationError::NegativeCost);
        }
        let incoming = self.qty.is_positive();
        let against = |value: Money| {
            if incoming { value.is_negative() } else { value.is_positive() }
        };
        if self.fixed_value.is_some_and(against) || self.fixed_fifo_value.is_some_and(against) {
            return Err(ValuationError::ValueAgainstQuantity);
        }
        Ok(())
    }
}

impl Valuation {
    /// Takes one event into both values, or neither.
    pub fn apply(&mut self, event: ValuationEvent) -> Result<ValueMove, ValuationError> {
        let mut avco = self.avco;
        let moved_avco = avco.apply(event)?;
        let moved_fifo = self.fifo.apply(event)?;
        self.avco = avco;
        Ok(ValueMove { avco: moved_avco, fifo: moved_fifo })
    }
}

/// Both values after all events, oldest first.
pub fn fold(events: impl IntoIterator<Item = ValuationEvent>) -> Result<Valuation, ValuationError> {
    let mut valuation = Valuation::default();
    for event in events {
        valuation.apply(event)?;
    }
    Ok(valuation)
}

/// What it would cost to buy today what is on hand; `None` beyond 64 bits.
pub fn replacement_value(on_hand: Qty, replacement_cost: UnitCost) -> Option<Money> {
    on_hand.times_cost(replacement_cost)
}

impl ValuationError {
    /// Stable name for APIs, logs and message catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::QuantityZero => "quantity_zero",
            Self::QuantityNotPositive => "quantity_not_positive",
            Self::NegativeCost => "negative_cost",
            Self::ValueAgainstQuantity => "value_against_quantity",
            Self::Overflow => "overflow",
        }
    }
}

impl fmt::Display for ValuationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for ValuationError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(qty: i64, unit_cost: Option<i64>) -> ValuationEvent {
        ValuationEvent::new(Qty::whole(qty).unwrap(), unit_cost.map(|pesos| UnitCost::new(pesos * 10_000)))
    }

    #[test]
    fn nonsense_is_refused_and_changes_nothing() {
        let mut valuation = fold([event(3, Some(10))]).unwrap();
        let before = valuation.clone();
        let backwards = ValuationEvent { fixed_value: Some(Money::new(-1)), ..event(1, None) };
        let backwards_by_layers = ValuationEvent { fixed_fifo_value: Some(Money::new(1)), ..event(-1, None) };
        let cases = [
            (event(0, None), ValuationError::QuantityZero),
            (event(1, Some(-1)), ValuationError::NegativeCost),
            (backwards, ValuationError::ValueAgainstQuantity),
            (backwards_by_layers, ValuationError::ValueAgainstQuantity),
            (ValuationEvent::new(Qty::new(i64::MAX), None), ValuationError::Overflow),
        ];
        for (event, error) in cases {
            assert_eq!(valuation.apply(event), Err(error));
            assert_eq!(valuation, before);
        }
    }

    #[test]
    fn undoing_a_sale_gives_back_the_value_to_the_centavo() {
        let mut valuation = fold([event(10, Some(100)), event(10, Some(130))]).unwrap();
        let before = (valuation.avco.value(), valuation.fifo.value());
        let sale = event(-12, None);
        let moved = valuation.apply(sale).unwrap();
        assert_eq!((moved.avco.value, moved.fifo.value), (Money::new(-138_000), Money::new(-126_000)));
        valuation.apply(sale.undone(moved).unwrap()).unwrap();
        assert_eq!((valuation.avco.value(), valuation.fifo.value()), before);
    }

    #[test]
    fn a_receipt_at_a_wrong_cost_is_taken_back_whole() {
        let mut valuation = fold([event(10, Some(100))]).unwrap();
        let before = valuation.clone();
        let wrong = event(10, Some(1_300));
        let moved = valuation.apply(wrong).unwrap();
        valuation.apply(wrong.undone(moved).unwrap()).unwrap();
        assert_eq!(valuation.avco, before.avco);
        assert_eq!(valuation.fifo.value(), before.fifo.value());
    }
}
