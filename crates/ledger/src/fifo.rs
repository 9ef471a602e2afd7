//! Law: **the oldest layer leaves first, and a debt is paid by the next receipt.** A layer is a quantity at one cost; the value
//! is the exact sum of the layers, rounded once, and an issue costs what the value lost.
//!
//! Either every layer holds goods, or there is one layer below zero: goods sold before they came, at the last known cost.

use std::collections::VecDeque;

use crate::cost::UnitCost;
use crate::money::Money;
use crate::number::{div_floor, div_half_up};
use crate::qty::Qty;
use crate::valuation::{Moved, ValuationError, ValuationEvent};

/// Thousandths × ten-thousandths of a peso in one centavo.
const CENTAVO: i128 = 100_000;

/// Goods at one cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// How much; below zero only for a debt.
    pub qty: Qty,
    /// The cost of one unit.
    pub cost: UnitCost,
}

/// Goods in the order they came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fifo {
    layers: VecDeque<Layer>,
    last_cost: Option<UnitCost>,
}

impl Fifo {
    /// As stored, oldest first, as (thousandths, ten-thousandths of a peso); `None` for layers that cannot be.
    pub fn from_parts(parts: &[(i64, i64)], last_cost: Option<UnitCost>) -> Option<Self> {
        let layers: VecDeque<Layer> =
            parts.iter().map(|(qty, cost)| Layer { qty: Qty::new(*qty), cost: UnitCost::new(*cost) }).collect();
        let is_debt = layers.len() == 1 && layers[0].qty.is_negative();
        let costs_are_possible = layers.iter().map(|layer| layer.cost).chain(last_cost).all(|cost| !cost.is_negative());
        let fifo = Self { layers, last_cost };
        let is_possible = costs_are_possible && (is_debt || fifo.layers.iter().all(|layer| layer.qty.is_positive()));
        (is_possible && fifo.totals().is_some()).then_some(fifo)
    }

    /// To be stored; [`Self::from_parts`] reads it back.
    pub fn to_parts(&self) -> Vec<(i64, i64)> {
        self.layers.iter().map(|layer| (layer.qty.raw(), layer.cost.raw())).collect()
    }

    /// The layers, oldest first.
    pub fn layers(&self) -> impl Iterator<Item = Layer> + '_ {
        self.layers.iter().copied()
    }

    /// What is on hand.
    pub fn qty(&self) -> Qty {
        self.totals().expect("layers that do not add up in 64 bits are never kept").0
    }

    /// What it is worth, rounded once.
    pub fn value(&self) -> Money {
        self.totals().expect("layers that do not add up in 64 bits are never kept").1
    }

    /// The cost of the last goods bought.
    pub const fn last_cost(&self) -> Option<UnitCost> {
        self.last_cost
    }

    /// Goods come in at a known cost.
    pub fn receive(&mut self, qty: Qty, cost: UnitCost) -> Result<Moved, ValuationError> {
        self.apply(ValuationEvent::receipt(qty, cost)?)
    }

    /// Goods leave; answers what they cost.
    pub fn issue(&mut self, qty: Qty) -> Result<Money, ValuationError> {
        let moved = self.apply(ValuationEvent::issue(qty)?)?;
        moved.value.checked_neg().ok_or(ValuationError::Overflow)
    }

    /// Takes one event; on an error nothing has changed.
    pub fn apply(&mut self, event: ValuationEvent) -> Result<Moved, ValuationError> {
        event.check()?;
        let mut next = self.clone();
        let stepped = if event.qty.is_positive() { next.take_in(event) } else { next.take_out(event) };
        let moved = stepped.and_then(|nominal| self.moved(&next, nominal)).ok_or(ValuationError::Overflow)?;
        *self = next;
        Ok(moved)
    }

    /// What the step did, telling apart what the goods brought (`nominal`, when it is not simply the difference).
    fn moved(&self, next: &Self, nominal: Option<Money>) -> Option<Moved> {
        let difference = next.totals()?.1.checked_sub(self.totals()?.1)?;
        let value = nominal.unwrap_or(difference);
        Some(Moved { value, correction: difference.checked_sub(value)? })
    }

    fn totals(&self) -> Option<(Qty, Money)> {
        let qty = Qty::checked_sum(self.layers.iter().map(|layer| layer.qty))?;
        let products = self.layers.iter().map(|layer| i128::from(layer.qty.raw()) * i128::from(layer.cost.raw()));
        let exact = products.into_iter().try_fold(0_i128, i128::checked_add)?;
        Some((qty, Money::new(i64::try_from(div_half_up(exact, CENTAVO)).ok()?)))
    }

    fn average(&self) -> Option<UnitCost> {
        let (qty, value) = self.totals()?;
        let running = if qty.is_positive() { value.per(qty) } else { None };
        running.or(self.last_cost)
    }

    /// Answers the value the goods brought when they also settled something; otherwise it is the difference.
    fn take_in(&mut self, event: ValuationEvent) -> Option<Option<Money>> {
        let fixed = event.fixed_fifo_value.or(event.fixed_value);
        let fixed_cost = fixed.and_then(|value| value.per(event.qty));
        let incoming = event.unit_cost.or(fixed_cost);
        let cost = incoming.or_else(|| self.average()).unwrap_or(UnitCost::ZERO);
        let owed = self.layers.front().map(|layer| layer.qty).filter(|qty| qty.is_negative());
        let was_unknown = self.last_cost.is_none() && incoming.is_some() && !self.layers.is_empty();
        match (owed, fixed) {
            (Some(owed), _) => self.pay(owed, event.qty, cost)?,
            (None, Some(value)) if event.unit_cost.is_none() => self.put_back(event.qty, value)?,
            (None, _) => self.push_newest(Layer { qty: event.qty, cost })?,
        }
        if was_unknown {
            self.layers.iter_mut().for_each(|layer| layer.cost = cost);
        }
        self.last_cost = event.unit_cost.or(self.last_cost).or(fixed_cost);
        let settles = owed.is_some() || was_unknown;
        Some(if settles { Some(event.qty.times_cost(cost)?) } else { None })
    }

    /// A receipt first cancels the debt; only what is left is on hand.
    fn pay(&mut self, owed: Qty, qty: Qty, cost: UnitCost) -> Option<()> {
        let left = owed.checked_add(qty)?;
        if left.is_negative() {
            self.layers.front_mut()?.qty = left;
        } else {
            self.layers.clear();
            if left.is_positive() {
                self.layers.push_back(Layer { qty: left, cost });
            }
        }
        Some(())
    }

    /// Goods that left by mistake are the oldest again. Two neighbouring costs keep their value exact.
    fn put_back(&mut self, qty: Qty, value: Money) -> Option<()> {
        let exact = i128::from(value.raw()) * CENTAVO;
        let cost = i64::try_from(div_floor(exact, i128::from(qty.raw()))).ok()?;
        let dearer = i64::try_from(exact - i128::from(cost) * i128::from(qty.raw())).ok().map(Qty::new)?;
        let cheaper = qty.checked_sub(dearer)?;
        let dearer_cost = UnitCost::new(cost.checked_add(1)?);
        for layer in [Layer { qty: dearer, cost: dearer_cost }, Layer { qty: cheaper, cost: UnitCost::new(cost) }] {
            if layer.qty.is_positive() {
                self.push_oldest(layer)?;
            }
        }
        Some(())
    }

    fn push_oldest(&mut self, layer: Layer) -> Option<()> {
        match self.layers.front_mut().filter(|oldest| oldest.cost == layer.cost) {
            Some(oldest) => oldest.qty = oldest.qty.checked_add(layer.qty)?,
            None => self.layers.push_front(layer),
        }
        Some(())
    }

    fn push_newest(&mut self, layer: Layer) -> Option<()> {
        match self.layers.back_mut().filter(|newest| newest.cost == layer.cost) {
            Some(newest) => newest.qty = newest.qty.checked_add(layer.qty)?,
            None => self.layers.push_back(layer),
        }
        Some(())
    }

    fn take_out(&mut self, event: ValuationEvent) -> Option<Option<Money>> {
        let mut rest = event.qty.checked_neg()?;
        let fixed = event.fixed_fifo_value.or(event.fixed_value);
        let named = event.unit_cost.or_else(|| fixed?.per(event.qty));
        if let Some(debt) = self.layers.front_mut().filter(|layer| layer.qty.is_negative()) {
            debt.qty = debt.qty.checked_sub(rest)?;
            return Some(None);
        }
        // A receipt that is taken back leaves from its own layer, the newest of that cost; what is gone leaves as usual.
        if let Some(layer) = self.layers.iter_mut().rev().find(|layer| named == Some(layer.cost)) {
            let taken = layer.qty.min(rest);
            layer.qty = layer.qty.checked_sub(taken)?;
            rest = rest.checked_sub(taken)?;
            self.layers.retain(|layer| !layer.qty.is_zero());
        }
        while let Some(oldest) = self.layers.front_mut().filter(|_| rest.is_positive()) {
            let taken = oldest.qty.min(rest);
            oldest.qty = oldest.qty.checked_sub(taken)?;
            rest = rest.checked_sub(taken)?;
            if oldest.qty.is_zero() {
                self.layers.pop_front();
            }
        }
        if rest.is_positive() {
            let cost = self.last_cost.unwrap_or(UnitCost::ZERO);
            self.layers.push_back(Layer { qty: rest.checked_neg()?, cost });
        }
        Some(None)
    }
}

#[cfg(test)]
mod tests;
