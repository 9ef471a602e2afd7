//! What two notes of one thing ask for together. Pure: whether there is an earlier note, and how old it is, is looked up
//! by the command.

use gondola_ledger::Qty;
use gondola_ledger::qty::QUANTITY_MAX;
use gondola_store::At;

use super::entry::{Action, Again, Priority};

/// Within so long of its last note, a thing noted again is the same line.
pub const MERGE_US: At = 60 * 60 * 1_000_000;

/// What a note asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What is to be done.
    pub action: Action,
    /// How much of which unit, if anybody said.
    pub quantity: Option<(Qty, String)>,
    /// How soon.
    pub priority: Priority,
}

/// Both notes as one: the larger quantity (or both together), the higher priority. A thing that is to be bought is not only
/// missing on the shelf. Nothing when they cannot be one line: they count in different units, tell of what happened, or
/// together pass what a quantity may be.
pub fn merged(before: &Wanted, now: &Wanted, again: Again) -> Option<Wanted> {
    if !before.action.wants_goods() || !now.action.wants_goods() {
        return None;
    }
    let quantity = match (&before.quantity, &now.quantity) {
        (Some((one, unit)), Some((other, same))) if unit == same => Some((both(*one, *other, again)?, unit.clone())),
        (Some(_), Some(_)) => return None,
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    let (action, priority) = (before.action.max(now.action), before.priority.max(now.priority));
    Some(Wanted { action, quantity, priority })
}

fn both(one: Qty, other: Qty, again: Again) -> Option<Qty> {
    match again {
        Again::Larger => Some(one.max(other)),
        Again::Add => one.checked_add(other).filter(|sum| *sum <= QUANTITY_MAX),
    }
}

#[cfg(test)]
mod tests {
    use gondola_ledger::Unit;
    use proptest::prelude::*;

    use super::*;

    /// `restock 6 un high`, `purchase - low`.
    fn wanted(text: &str) -> Wanted {
        let words: Vec<&str> = text.split_whitespace().collect();
        let quantity = match words[1] {
            "-" => None,
            number => Some((Qty::parse(number, Unit::Kg).unwrap(), words[2].to_owned())),
        };
        let priority = Priority::from_code(words.last().unwrap()).unwrap();
        Wanted { action: Action::from_code(words[0]).unwrap(), quantity, priority }
    }

    #[test]
    fn two_notes_of_one_thing_are_one_line() {
        for case in [
            "restock 6 un normal   | restock 4 un high       | larger | restock 6 un high",
            "restock 4 un normal   | restock 6 un low        | larger | restock 6 un normal",
            "restock 4 un normal   | restock 6 un normal     | add    | restock 10 un normal",
            "restock - normal      | purchase 2 cajón low    | larger | purchase 2 cajón normal",
            "purchase 2 cajón low  | restock - high          | add    | purchase 2 cajón high",
            "restock - low         | restock - low           | add    | restock - low",
            "restock 1.5 kg normal | restock 0.250 kg normal | add    | restock 1.750 kg normal",
            "restock 6 un normal   | restock 1 cajón normal  | larger | two lines",
            "restock 999999 un low | restock 1 un low        | add    | two lines",
            "incident 3 un high    | incident 3 un high      | larger | two lines",
            "restock 3 un high     | incident 3 un high      | larger | two lines",
            "remark - normal       | remark - normal         | larger | two lines",
        ] {
            let [before, now, again, expected] = case.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
                panic!("{case}")
            };
            let together = merged(&wanted(before), &wanted(now), Again::from_code(again).unwrap());
            let expected = (expected != "two lines").then(|| wanted(expected));
            assert_eq!(together, expected, "{case}");
        }
    }

    proptest! {
        /// Nobody's urgency and nobody's quantity is lost by another note.
        #[test]
        fn a_second_note_never_asks_for_less(one in 1_i64..999_999_000, other in 1_i64..999_999_000, adds: bool) {
            let of = |quantity| Wanted {
                action: Action::Restock,
                quantity: Some((Qty::new(quantity), "kg".to_owned())),
                priority: Priority::Low,
            };
            let again = if adds { Again::Add } else { Again::Larger };
            if let Some(Wanted { quantity: Some((together, _)), .. }) = merged(&of(one), &of(other), again) {
                prop_assert!(together >= Qty::new(one.max(other)) && together <= QUANTITY_MAX);
            } else {
                prop_assert!(adds && one + other > QUANTITY_MAX.raw());
            }
        }
    }
}
