//! Law: **one thing is one line of an order.** What two people ask of the same product adds up; how much to suggest fills up to
//! the maximum in whole packs. Pure.

use gondola_ledger::number::div_ceil;
use gondola_ledger::qty::QUANTITY_MAX;
use gondola_ledger::{Factor, Qty, Unit, UnitCost};

/// What is asked for of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// How much of which unit, as the supplier is told; nothing while nobody said.
    pub quantity: Option<(Qty, String)>,
    /// How much that is in the product's own unit; nothing while nobody knows.
    pub base: Option<Qty>,
    /// What one unit should cost.
    pub expected_cost: Option<UnitCost>,
    /// Whether it is urgent.
    pub is_urgent: bool,
}

/// Both as one line: the quantities together, in the product's own unit where they were told in different ones. Nothing when
/// they cannot be one line: their units differ and nobody knows how much that is, or together it is too much.
pub fn together(before: &Asked, now: &Asked, own: Option<Unit>) -> Option<Asked> {
    let sum = |one: Qty, other: Qty| one.checked_add(other).filter(|sum| *sum <= QUANTITY_MAX);
    let (quantity, base) = match (&before.quantity, &now.quantity) {
        (None, _) => (now.quantity.clone(), now.base),
        (_, None) => (before.quantity.clone(), before.base),
        (Some((one, unit)), Some((other, same))) if unit == same => {
            let base = before.base.zip(now.base).and_then(|(one, other)| sum(one, other));
            (Some((sum(*one, *other)?, unit.clone())), base)
        }
        _ => {
            let base = sum(before.base?, now.base?)?;
            (Some((base, own?.code().to_owned())), Some(base))
        }
    };
    // A cost is of one unit: where the unit becomes another one, nobody has told it.
    let unit = |of: &Option<(Qty, String)>| of.as_ref().map(|(_, unit)| unit.clone());
    let stays = |asked: &Asked| asked.quantity.is_none() || unit(&asked.quantity) == unit(&quantity);
    let cost = |asked: &Asked| asked.expected_cost.filter(|_| stays(asked));
    let expected_cost = cost(now).or_else(|| cost(before));
    Some(Asked { quantity, base, expected_cost, is_urgent: before.is_urgent || now.is_urgent })
}

/// How much to order so that there is as much as there should be: whole packs, in the product's own unit. Nothing when what is
/// there and on its way is enough.
pub fn to_fill_up(most: Qty, on_hand: Qty, on_order: Qty, pack: Factor) -> Qty {
    let missing = i128::from(most.raw()) - i128::from(on_hand.raw()) - i128::from(on_order.raw());
    if missing <= 0 {
        return Qty::ZERO;
    }
    let (num, den) = (i128::from(pack.num()), i128::from(pack.den()));
    let thousandths = i128::from(gondola_ledger::qty::SCALE);
    let packs = div_ceil(missing * den, num * thousandths);
    let filled = div_ceil(packs * num * thousandths, den);
    i64::try_from(filled).map_or(QUANTITY_MAX, |filled| Qty::new(filled).min(QUANTITY_MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `2 cajón =24 !`: how much, in base units if known, urgent.
    fn asked(text: &str) -> Asked {
        let mut words = text.split_whitespace();
        let number = words.next().unwrap();
        let quantity = Qty::parse(number, Unit::Kg).ok().map(|quantity| (quantity, words.next().unwrap().to_owned()));
        let rest: Vec<&str> = words.collect();
        let base = rest.iter().find_map(|word| word.strip_prefix('='));
        Asked {
            quantity,
            base: base.map(|base| Qty::parse(base, Unit::Kg).unwrap()),
            expected_cost: None,
            is_urgent: rest.contains(&"!"),
        }
    }

    #[test]
    fn what_is_ordered_again_adds_up() {
        for case in [
            "2 cajón =24     | 1 cajón =12 !  | 3 cajón =36 !",
            "2 cajón         | 1 cajón        | 3 cajón",
            "2 cajón =24     | 6 un =6        | 30 un =30",
            "2 cajón         | 6 un =6        | two lines",
            "-               | 6 un =6        | 6 un =6",
            "6 un =6 !       | -              | 6 un =6 !",
            "-               | -              | -",
            "999999 un =1    | 1 un =1        | two lines",
        ] {
            let [before, now, expected] = case.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
                panic!("{case}")
            };
            let expected = (expected != "two lines").then(|| asked(expected));
            assert_eq!(together(&asked(before), &asked(now), Some(Unit::Un)), expected, "{case}");
        }
    }

    #[test]
    fn what_is_missing_is_suggested_in_whole_packs() {
        for (most, on_hand, on_order, pack, expected) in [
            (15, 4, 0, (12, 1), 12),
            (15, 2, 0, (12, 1), 24),
            (15, 15, 0, (12, 1), 0),
            (15, 3, 12, (12, 1), 0),
            (15, -2, 0, (1, 1), 17),
            (15, 0, 0, (6, 1), 18),
            (10, 0, 0, (5, 2), 10),
        ] {
            let pack = Factor::new(pack.0, pack.1).unwrap();
            let whole = |units| Qty::whole(units).unwrap();
            assert_eq!(
                to_fill_up(whole(most), whole(on_hand), whole(on_order), pack),
                whole(expected),
                "{most} {on_hand}"
            );
        }
    }

    proptest! {
        /// A suggestion fills up, by less than a pack too much.
        #[test]
        fn a_suggestion_is_enough_and_not_a_pack_too_much(most in 0_i64..10_000, on_hand in -100_i64..10_000, pack in 1_u64..100) {
            let of = |units| Qty::whole(units).unwrap();
            let filled = to_fill_up(of(most), of(on_hand), Qty::ZERO, Factor::new(pack, 1).unwrap());
            let after = on_hand * 1_000 + filled.raw();
            prop_assert!(filled == Qty::ZERO || after >= most * 1_000);
            prop_assert!(filled == Qty::ZERO || after - i64::try_from(pack).unwrap() * 1_000 < most * 1_000);
            prop_assert_eq!(filled.raw() % (i64::try_from(pack).unwrap() * 1_000), 0);
        }
    }
}
