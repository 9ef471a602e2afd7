//! Law: **a receipt moves the average, a sale does not.** Value and quantity run together: an issue takes
//! `round(value × qty / on hand)`, so the centavos left over stay with the goods left over, and the last unit takes the rest.
//!
//! Below zero there is nothing to average: the value is an estimate at the last known cost, and the next receipt's own cost
//! replaces it (never its value spread over what is left). The same holds while no cost was ever known: unknown is not free.

use crate::cost::UnitCost;
use crate::money::Money;
use crate::qty::Qty;
use crate::valuation::{Moved, ValuationError, ValuationEvent};

/// A running weighted average.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Avco {
    qty: Qty,
    value: Money,
    average: Option<UnitCost>,
}

impl Avco {
    /// Nothing there, no cost known.
    pub const EMPTY: Self = Self { qty: Qty::ZERO, value: Money::ZERO, average: None };

    /// As stored; `None` for a value that such a quantity cannot have.
    pub fn from_parts(qty: Qty, value: Money, average: Option<UnitCost>) -> Option<Self> {
        let possible = match qty.raw().signum() {
            0 => value.is_zero(),
            1 => !value.is_negative(),
            _ => !value.is_positive(),
        };
        (possible && !average.is_some_and(UnitCost::is_negative)).then_some(Self { qty, value, average })
    }

    /// What is on hand.
    pub const fn qty(&self) -> Qty {
        self.qty
    }

    /// What it is worth; 0 when nothing is on hand, an estimate below zero when less than nothing is.
    pub const fn value(&self) -> Money {
        self.value
    }

    /// The average of the last receipt, to be stored beside the value; `None` while no cost was ever known.
    pub const fn known_average(&self) -> Option<UnitCost> {
        self.average
    }

    /// The cost of one unit as of the last receipt. A sale does not move it, nor does the centavo a sale leaves behind: over a
    /// tiny remainder that centavo would weigh as much as the goods.
    pub fn average(&self) -> UnitCost {
        self.average.or_else(|| self.value.per(self.qty)).unwrap_or(UnitCost::ZERO)
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
        let outcome = if event.qty.is_positive() { self.after_receipt(event) } else { self.after_issue(event) };
        let (next, value) = outcome.ok_or(ValuationError::Overflow)?;
        let expected = self.value.checked_add(value).ok_or(ValuationError::Overflow)?;
        let correction = next.value.checked_sub(expected).ok_or(ValuationError::Overflow)?;
        assert!(!next.qty.is_zero() || next.value.is_zero(), "no goods, no value");
        assert!(!next.qty.is_positive() || !next.value.is_negative(), "goods are never worth less than nothing");
        *self = next;
        Ok(Moved { value, correction })
    }

    fn after_receipt(&self, event: ValuationEvent) -> Option<(Self, Money)> {
        let qty = self.qty.checked_add(event.qty)?;
        let value = match (event.fixed_value, event.unit_cost) {
            (Some(fixed), _) => fixed,
            (None, Some(cost)) => event.qty.times_cost(cost)?,
            (None, None) => event.qty.times_cost(self.average())?,
        };
        if self.qty.is_positive() && self.average.is_some() {
            let next = Self { qty, value: self.value.checked_add(value)?, ..*self };
            let is_at_average = event.fixed_value.is_none() && event.unit_cost.is_none();
            return Some((if is_at_average { next } else { next.averaged() }, value));
        }
        let incoming = event.unit_cost.or_else(|| event.fixed_value?.per(event.qty));
        let average = incoming.or(self.average);
        let value_after = if qty.is_positive() { value.portion(qty, event.qty)? } else { estimate(qty, average)? };
        Some((Self { qty, value: value_after, average }, value))
    }

    fn after_issue(&self, event: ValuationEvent) -> Option<(Self, Money)> {
        let qty = self.qty.checked_add(event.qty)?;
        let named = match (event.fixed_value, event.unit_cost) {
            (Some(fixed), _) => Some(fixed),
            (None, Some(cost)) => Some(event.qty.times_cost(cost)?),
            (None, None) => None,
        };
        let value_after = match named {
            _ if !qty.is_positive() => estimate(qty, self.average)?,
            Some(value) => self.value.checked_add(value)?.max(Money::ZERO),
            None => self.value.checked_sub(self.value.portion(event.qty.checked_neg()?, self.qty)?)?,
        };
        let next = Self { qty, value: value_after, ..*self };
        let value = named.or_else(|| value_after.checked_sub(self.value))?;
        Some((if named.is_some() && qty.is_positive() { next.averaged() } else { next }, value))
    }

    /// With the average its value and quantity now have.
    fn averaged(self) -> Self {
        Self { average: self.value.per(self.qty).or(self.average), ..self }
    }
}

fn estimate(qty: Qty, cost: Option<UnitCost>) -> Option<Money> {
    qty.times_cost(cost.unwrap_or(UnitCost::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(count: i64) -> Qty {
        Qty::whole(count).unwrap()
    }

    fn cost(text: &str) -> UnitCost {
        UnitCost::parse(text).unwrap()
    }

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    /// sell 2 with no cost known, then receive 20 at 3.30: the average is 3.30, not 66 / 18.
    #[test]
    fn a_receipt_after_selling_without_cost_sets_the_average_to_its_own_cost() {
        let mut avco = Avco::EMPTY;
        assert_eq!(avco.issue(units(2)), Ok(Money::ZERO));
        let moved = avco.receive(units(20), cost("3.30")).unwrap();
        assert_eq!(avco.average(), cost("3.30"));
        assert_eq!(avco.value(), money("59.40"));
        assert_eq!(moved, Moved { value: money("66.00"), correction: money("-6.60") });
    }

    /// selling everything leaves exactly 0.00.
    #[test]
    fn selling_everything_leaves_no_centavo() {
        let mut avco = Avco::EMPTY;
        avco.receive(units(7), cost("3.3333")).unwrap();
        avco.receive(units(4), cost("0.0199")).unwrap();
        for _ in 0..11 {
            avco.issue(units(1)).unwrap();
        }
        assert_eq!((avco.qty(), avco.value()), (Qty::ZERO, Money::ZERO));
    }

    #[test]
    fn going_below_zero_keeps_the_last_average_until_the_next_receipt() {
        let mut avco = Avco::EMPTY;
        avco.receive(units(10), cost("100")).unwrap();
        assert_eq!(avco.issue(units(12)), Ok(money("1200.00")));
        assert_eq!((avco.value(), avco.average()), (money("-200.00"), cost("100")));
        avco.receive(units(1), cost("120")).unwrap();
        assert_eq!((avco.value(), avco.average()), (money("-120.00"), cost("120")));
        let moved = avco.receive(units(11), cost("130")).unwrap();
        assert_eq!((avco.value(), avco.average()), (money("1300.00"), cost("130")));
        assert_eq!(moved.correction, money("-10.00"));
    }

    #[test]
    fn goods_without_a_cost_come_back_at_the_average() {
        let mut avco = Avco::EMPTY;
        avco.receive(units(3), cost("115")).unwrap();
        avco.apply(ValuationEvent::new(units(1), None)).unwrap();
        assert_eq!(avco.value(), money("460.00"));
        avco.issue(units(4)).unwrap();
        avco.apply(ValuationEvent::new(units(2), None)).unwrap();
        assert_eq!((avco.value(), avco.average()), (money("230.00"), cost("115")));
    }

    #[test]
    fn the_first_known_cost_values_what_was_there_without_one() {
        let mut avco = Avco::EMPTY;
        avco.apply(ValuationEvent::new(units(10), None)).unwrap();
        assert_eq!(avco.value(), Money::ZERO);
        let moved = avco.receive(units(10), cost("50")).unwrap();
        assert_eq!((avco.value(), moved.correction), (money("1000.00"), money("500.00")));
    }

    #[test]
    fn receiving_or_issuing_nothing_or_less_is_refused() {
        let mut avco = Avco::EMPTY;
        for qty in [Qty::ZERO, Qty::new(-1), Qty::new(i64::MIN)] {
            assert_eq!(avco.receive(qty, cost("1")), Err(ValuationError::QuantityNotPositive));
            assert_eq!(avco.issue(qty), Err(ValuationError::QuantityNotPositive));
        }
        assert_eq!(avco, Avco::EMPTY);
    }

    /// A kilo at $ 1 sold down to 25 g is worth 3 centavos, $ 1.20 a kilo: the cheese that comes back still cost $ 1.
    #[test]
    fn the_centavo_left_over_in_a_tiny_remainder_does_not_price_what_comes_back() {
        let mut avco = Avco::EMPTY;
        avco.receive(units(1), cost("1")).unwrap();
        avco.issue(Qty::new(975)).unwrap();
        let moved = avco.apply(ValuationEvent::new(units(3), None)).unwrap();
        assert_eq!((moved.value, avco.average()), (money("3.00"), cost("1")));
    }

    #[test]
    fn stored_parts_must_be_possible() {
        assert_eq!(Avco::from_parts(Qty::ZERO, Money::new(1), None), None);
        assert_eq!(Avco::from_parts(units(1), Money::new(-1), None), None);
        assert_eq!(Avco::from_parts(units(-1), Money::new(1), None), None);
        let kept = Avco::from_parts(units(-1), Money::new(-1), Some(UnitCost::new(100))).unwrap();
        assert_eq!(
            (kept.qty(), kept.value(), kept.known_average()),
            (units(-1), Money::new(-1), Some(UnitCost::new(100)))
        );
    }
}
