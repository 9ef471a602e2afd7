//! What is still to be paid, and how late it is: pure arithmetic over the entries of an account.
//!
//! Law: **payments and credits reach what is due first.** What the open items say together is the balance; when the shop
//! paid more than it owes there are none.

use gondola_ledger::Money;

use crate::kernel::time::Day;

/// Something owed, as an account has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Its place in the account.
    pub sequence: i64,
    /// How much it was, more than zero.
    pub amount: Money,
    /// Until when it is to be paid; on the day it was issued when nobody said.
    pub due_on: Day,
}

/// Something that is not paid wholly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// Its place in the account.
    pub sequence: i64,
    /// What is left of it.
    pub left: Money,
    /// Until when it is to be paid.
    pub due_on: Day,
}

/// What is left of each once `paid`, payments and credits together, has reached what is due first.
pub fn open_items(mut owed: Vec<Owed>, paid: Money) -> Vec<OpenItem> {
    owed.sort_by_key(|item| (item.due_on, item.sequence));
    let mut paid = paid;
    let mut open = Vec::new();
    for Owed { sequence, amount, due_on } in owed {
        let reached = if paid.raw() < amount.raw() { paid } else { amount };
        paid = Money::new(paid.raw() - reached.raw());
        let left = Money::new(amount.raw() - reached.raw());
        if left.is_positive() {
            open.push(OpenItem { sequence, left, due_on });
        }
    }
    open
}

/// What is owed, by how late it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ageing {
    /// Due later than a week from today.
    pub later: i64,
    /// Due today or within a week.
    pub this_week: i64,
    /// Up to 30 days late.
    pub late: i64,
    /// 31 to 60 days late.
    pub very_late: i64,
    /// More than 60 days late.
    pub oldest: i64,
}

impl Ageing {
    /// Of open items on a day, in centavos.
    pub fn of(items: &[OpenItem], today: Day) -> Self {
        let mut ageing = Self::default();
        for item in items {
            let place = match today - item.due_on {
                ..=-7 => &mut ageing.later,
                -6..=0 => &mut ageing.this_week,
                1..=30 => &mut ageing.late,
                31..=60 => &mut ageing.very_late,
                _ => &mut ageing.oldest,
            };
            *place += item.left.raw();
        }
        ageing
    }

    /// All that is late.
    pub fn overdue(&self) -> Money {
        Money::new(self.late + self.very_late + self.oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(items: &[(i64, i64, Day)]) -> Vec<Owed> {
        let one = |(sequence, amount, due_on): &(i64, i64, Day)| Owed {
            sequence: *sequence,
            amount: Money::new(*amount),
            due_on: *due_on,
        };
        items.iter().map(one).collect()
    }

    #[test]
    fn payments_reach_what_is_due_first() {
        let items = [(1, 1_000, 30), (2, 500, 10), (3, 700, 30)];
        let left = |paid| {
            let open = open_items(owed(&items), Money::new(paid));
            open.iter().map(|item| (item.sequence, item.left.raw())).collect::<Vec<_>>()
        };
        assert_eq!(left(0), [(2, 500), (1, 1_000), (3, 700)]);
        assert_eq!(left(600), [(1, 900), (3, 700)]);
        assert_eq!(left(1_500), [(3, 700)]);
        assert_eq!(left(5_000), [], "more was paid than is owed");
    }

    #[test]
    fn what_is_left_is_the_balance() {
        let items = [(1, 1_000, 30), (2, 500, 10), (3, 700, 20)];
        for paid in [0, 1, 499, 500, 1_200, 2_199, 2_200] {
            let left: i64 = open_items(owed(&items), Money::new(paid)).iter().map(|item| item.left.raw()).sum();
            assert_eq!(left, 2_200 - paid);
        }
    }

    #[test]
    fn a_day_decides_how_late_something_is() {
        let open = |days: &[Day]| {
            let item = |due_on: &Day| OpenItem { sequence: 1, left: Money::new(1), due_on: *due_on };
            Ageing::of(&days.iter().map(item).collect::<Vec<_>>(), 100)
        };
        let ageing = open(&[107, 106, 100, 99, 70, 69, 40, 39, 0]);
        assert_eq!(ageing, Ageing { later: 1, this_week: 2, late: 2, very_late: 2, oldest: 2 });
        assert_eq!(ageing.overdue(), Money::new(6));
    }
}
