//! What an order comes to, by what was agreed or else by what each product cost last from its supplier. Pure.

use gondola_ledger::{Money, Qty, UnitCost};

use super::queries::OrderLine;

/// What the lines come to whose cost is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Their sum.
    pub total: Money,
    /// Lines without a quantity or a cost.
    pub unknown: usize,
}

impl Estimate {
    /// That of an order's lines.
    pub fn of(lines: &[OrderLine]) -> Self {
        let mut estimate = Self { total: Money::ZERO, unknown: 0 };
        for line in lines {
            match amount(line).and_then(|amount| estimate.total.checked_add(amount)) {
                Some(total) => estimate.total = total,
                None => estimate.unknown += 1,
            }
        }
        estimate
    }

    /// What is missing to a least order; nothing while a line is unknown, or where it is reached.
    pub fn missing_to(self, minimum: Money) -> Option<Money> {
        let missing = minimum.checked_sub(self.total).filter(|missing| missing.is_positive());
        missing.filter(|_| self.unknown == 0)
    }
}

fn amount(line: &OrderLine) -> Option<Money> {
    let agreed = || Qty::new(line.quantity?).times_cost(UnitCost::new(line.expected_cost?));
    let as_last = || Qty::new(line.base_quantity?).times_cost(UnitCost::new(line.last_cost?));
    agreed().or_else(as_last)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn line(quantity: Option<i64>, expected_cost: Option<i64>, last_cost: Option<i64>) -> OrderLine {
        OrderLine {
            order_id: Uuid::nil(),
            line: 1,
            product_id: None,
            sku: None,
            name: None,
            product_unit: None,
            about: String::new(),
            about_folded: String::new(),
            wording: None,
            quantity: quantity.map(|many| many * 1_000),
            unit: None,
            // Cases of six.
            base_quantity: quantity.map(|many| many * 6_000),
            base_received: 0,
            expected_cost: expected_cost.map(|pesos| pesos * 10_000),
            last_cost: last_cost.map(|pesos| pesos * 10_000),
            urgent: false,
        }
    }

    #[test]
    fn what_was_agreed_comes_before_what_it_cost_last() {
        let lines = [line(Some(2), Some(600), Some(90)), line(Some(2), None, Some(90))];
        let estimate = Estimate::of(&lines);
        assert_eq!((estimate.total.to_string(), estimate.unknown), ("2280.00".to_owned(), 0));
        assert_eq!(
            estimate.missing_to(Money::new(300_000)).map(|missing| missing.to_string()),
            Some("720.00".to_owned())
        );
        assert_eq!(estimate.missing_to(Money::new(228_000)), None);
    }

    #[test]
    fn what_nobody_knows_is_counted_and_says_nothing_of_a_minimum() {
        let estimate =
            Estimate::of(&[line(Some(1), None, Some(10)), line(None, Some(5), None), line(Some(1), None, None)]);
        assert_eq!((estimate.total.to_string(), estimate.unknown), ("60.00".to_owned(), 2));
        assert_eq!(estimate.missing_to(Money::new(999_900)), None);
    }
}
