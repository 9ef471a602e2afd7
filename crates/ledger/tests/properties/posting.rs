//! One entry: conserved, refused exactly when the rule says so, picked first-expiring first, and never a panic.

use std::collections::BTreeMap;

use gondola_ledger::*;
use proptest::prelude::*;

use crate::cases;
use crate::world::{CUSTOMER, DEPOSITO, DIFFERENCE, LOCAL, OWN_USE, PLACES, PLAIN, SUPPLIER, WASTE};

fn any_lot() -> impl Strategy<Value = LotId> {
    (0_u128..4).prop_map(LotId)
}

fn any_overdraw() -> impl Strategy<Value = Overdraw> {
    prop::sample::select(Overdraw::ALL.to_vec())
}

fn any_lots(qty: impl Strategy<Value = i64> + Clone) -> impl Strategy<Value = Vec<LotBalance>> {
    let held = (prop::option::of(0_i32..5), 0_i64..3, qty);
    prop::collection::btree_map(any_lot(), held, 0..4).prop_map(|lots| {
        let balance = |(lot, (day, received_order, qty)): (LotId, (Option<i32>, i64, i64))| LotBalance {
            lot,
            expires_on: day.map(Day),
            received_order,
            qty: Qty::new(qty),
        };
        lots.into_iter().map(balance).collect()
    })
}

fn any_side(location: LocationId, kind: LocationKind) -> impl Strategy<Value = SideState> {
    (any_lots(-5_i64..20), 0_i64..10, any_overdraw(), prop::option::of(-5_i64..20)).prop_map(
        move |(lots, reserved, overdraw, lowest)| SideState {
            location,
            kind,
            lots,
            reserved: Qty::new(reserved),
            overdraw,
            lowest_later: lowest.map(Qty::new),
        },
    )
}

/// An exit or a transfer that goes the way its kind says.
fn any_exit() -> impl Strategy<Value = Entry> {
    let ways = vec![
        (MovementKind::Sale, CUSTOMER, LocationKind::Customer),
        (MovementKind::Issue, CUSTOMER, LocationKind::Customer),
        (MovementKind::Waste, WASTE, LocationKind::Waste),
        (MovementKind::OwnUse, OWN_USE, LocationKind::OwnUse),
        (MovementKind::SupplierReturn, SUPPLIER, LocationKind::Supplier),
        (MovementKind::Adjustment, DIFFERENCE, LocationKind::InventoryDifference),
        (MovementKind::Count, DIFFERENCE, LocationKind::InventoryDifference),
        (MovementKind::Transfer, LOCAL, LocationKind::Stock),
    ];
    let way =
        prop::sample::select(ways).prop_flat_map(|(kind, location, place)| (Just(kind), any_side(location, place)));
    (way, any_side(DEPOSITO, LocationKind::Stock), 1_i64..25, prop::option::of(any_lot())).prop_map(
        |((kind, to), from, quantity, lot)| {
            let to = if to.kind.is_real() { to } else { SideState::outside(to.location, to.kind) };
            Entry { kind, quantity: Qty::new(quantity), from, to, lot, plain_lot: PLAIN }
        },
    )
}

/// Anything at all, sensible or not, up to the ends of 64 bits.
fn any_entry() -> impl Strategy<Value = Entry> {
    let edge = prop_oneof![any::<i64>(), -2_i64..3, Just(i64::MAX), Just(i64::MIN)];
    let side = (0..PLACES.len(), any_lots(edge.clone()), edge.clone(), any_overdraw(), prop::option::of(edge.clone()))
        .prop_map(|(index, lots, reserved, overdraw, lowest)| SideState {
            location: PLACES[index].0,
            kind: PLACES[index].2,
            lots,
            reserved: Qty::new(reserved),
            overdraw,
            lowest_later: lowest.map(Qty::new),
        })
        .boxed();
    let kinds = prop::sample::select(MovementKind::ALL.to_vec());
    (kinds, edge, side.clone(), side, prop::option::of(any_lot())).prop_map(|(kind, qty, from, to, lot)| Entry {
        kind,
        quantity: Qty::new(qty),
        from,
        to,
        lot,
        plain_lot: PLAIN,
    })
}

/// The same rules in two orders.
fn any_rules_twice() -> impl Strategy<Value = (Vec<PolicyRule>, Vec<PolicyRule>)> {
    let id = || prop::option::of(0_u128..2);
    let channel = prop::option::of(prop::sample::select(Channel::ALL.to_vec()));
    let rule = (id(), id(), channel, any_overdraw()).prop_map(|(product, location, channel, overdraw)| PolicyRule {
        product: product.map(ProductId),
        location: location.map(LocationId),
        channel,
        overdraw,
    });
    prop::collection::vec(rule, 0..6).prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle()))
}

fn sum_of(lots: &[LotBalance]) -> i64 {
    lots.iter().map(|lot| lot.qty.raw()).sum()
}

/// The rule of leaving, said again in other words.
fn must_be_refused(entry: &Entry) -> bool {
    let Entry { kind, quantity, from, lot, .. } = entry;
    let wanted = quantity.raw();
    let on_hand = sum_of(&from.lots);
    let promised = if kind.is_voluntary_exit() { from.reserved.raw() } else { 0 };
    let short = wanted > on_hand - promised;
    let lot_short = lot.is_some_and(|lot| wanted > from.of_lot(lot).unwrap().raw());
    let later_short = from.lowest_later.is_some_and(|lowest| wanted > lowest.raw());
    from.overdraw == Overdraw::Refuse && (short || lot_short || later_short)
}

proptest! {
    #![proptest_config(cases(2_500))]

    #[test]
    fn whatever_comes_in_the_lines_add_up_or_it_is_refused(entry in any_entry()) {
        if let Ok(posting) = post(&entry) {
            let mut per_lot: BTreeMap<LotId, i128> = BTreeMap::new();
            for line in &posting.lines {
                prop_assert!(!line.delta.is_zero());
                *per_lot.entry(line.lot).or_default() += i128::from(line.delta.raw());
            }
            prop_assert!(per_lot.values().all(|sum| *sum == 0));
            let left: i128 = posting.lines.iter().filter(|line| line.location == entry.from.location)
                .map(|line| i128::from(line.delta.raw())).sum();
            prop_assert_eq!(left, -i128::from(entry.quantity.raw()));
            for effect in &posting.effects {
                let sign = if effect.location == entry.from.location { -1 } else { 1 };
                let moved = i128::from(effect.after.raw()) - i128::from(effect.before.raw());
                prop_assert_eq!(moved, sign * i128::from(entry.quantity.raw()));
            }
        }
    }

    #[test]
    fn an_exit_is_refused_exactly_when_the_rule_says_so(entry in any_exit()) {
        prop_assert_eq!(post(&entry).is_err(), must_be_refused(&entry), "{:?}", post(&entry));
    }

    #[test]
    fn balances_after_are_balances_before_plus_the_lines(entry in any_exit()) {
        if let Ok(posting) = post(&entry) {
            for line in &posting.lines {
                let side = if line.location == entry.from.location { &entry.from } else { &entry.to };
                let expected = side.kind.is_real().then(|| side.of_lot(line.lot).unwrap().checked_add(line.delta).unwrap());
                prop_assert_eq!(line.after, expected);
            }
            let places: Vec<_> = posting.lines.iter().map(|line| (line.location, line.lot)).collect();
            let distinct: std::collections::BTreeSet<_> = places.iter().collect();
            prop_assert_eq!(distinct.len(), places.len(), "one line per place and lot");
        }
    }

    #[test]
    fn no_lot_leaves_while_one_that_expires_sooner_stays(entry in any_exit()) {
        let entry = Entry { lot: None, ..entry };
        if let Ok(posting) = post(&entry) {
            let taken = |lot: &LotBalance| {
                let line = posting.lines.iter().find(|line| line.location == DEPOSITO && line.lot == lot.lot);
                line.map_or(0, |line| -line.delta.raw())
            };
            let key = |lot: &LotBalance| (lot.expires_on.is_none(), lot.expires_on, lot.received_order);
            for sooner in &entry.from.lots {
                for later in &entry.from.lots {
                    let stays = sooner.qty.raw() - taken(sooner) > 0;
                    let overdraws = later.lot == PLAIN && taken(later) > later.qty.raw().max(0);
                    if key(sooner) < key(later) && stays {
                        prop_assert!(taken(later) == 0 && !overdraws, "{later:?} left before {sooner:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_named_lot_moves_alone(entry in any_exit(), lot in any_lot()) {
        if let Ok(posting) = post(&Entry { lot: Some(lot), ..entry }) {
            prop_assert!(posting.lines.iter().all(|line| line.lot == lot));
            prop_assert_eq!(posting.lines.len(), 2);
        }
    }

    #[test]
    fn a_flag_is_raised_exactly_when_something_is_overdrawn(entry in any_exit()) {
        if let Ok(posting) = post(&entry) {
            let flagged = |flag| posting.flags.contains(&flag);
            let from = posting.effects[0];
            prop_assert_eq!(from.location, DEPOSITO);
            let looks = entry.from.overdraw == Overdraw::AllowAndFlag;
            prop_assert_eq!(flagged(Flag::NegativeStock), looks && from.after.is_negative());
            let later = entry.from.lowest_later.is_some_and(|lowest| entry.quantity > lowest);
            prop_assert_eq!(flagged(Flag::NegativeHistory), looks && later);
            let promised = entry.kind.is_voluntary_exit() && entry.from.reserved.is_positive();
            let taken = from.after < entry.from.reserved;
            prop_assert_eq!(flagged(Flag::ReservedTaken), looks && promised && taken);
        }
    }

    #[test]
    fn the_policy_does_not_depend_on_the_order_of_its_rules((rules, shuffled) in any_rules_twice()) {
        for channel in Channel::ALL {
            let resolved = |rules: &[PolicyRule]| resolve(rules, ProductId(1), LocationId(1), channel);
            prop_assert_eq!(resolved(&rules), resolved(&shuffled));
        }
    }
}
