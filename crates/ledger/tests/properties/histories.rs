//! Many entries: whatever happens in whatever order, the sum over all places is zero, balances are the sum of their lines,
//! and undoing everything ends where it started.

use std::collections::BTreeMap;

use gondola_ledger::*;
use proptest::prelude::*;

use crate::cases;
use crate::world::{Movement, PLACES, ProductBook, REAL, line, new_shop, on_hand, out_of, transfer};

/// A movement of any kind between its places, by lots or by FEFO.
fn any_line() -> impl Strategy<Value = Movement> {
    let kinds = prop::sample::select(MovementKind::ALL.to_vec());
    (kinds, 1_i64..30, 0_usize..4, 1_usize..4, any::<bool>(), prop::option::weighted(0.3, 0_u128..4)).prop_map(
        |(kind, quantity, at, distance, leaves, lot)| {
            let quantity = Qty::new(quantity);
            let place = REAL[at];
            let moved = match kind {
                MovementKind::Transfer => transfer(quantity, place, REAL[(at + distance) % REAL.len()]),
                MovementKind::Adjustment | MovementKind::Count if leaves => out_of(line(kind, quantity, place)),
                _ => line(kind, quantity, place),
            };
            Movement { lot: lot.map(LotId), ..moved }
        },
    )
}

fn any_history() -> impl Strategy<Value = Vec<Movement>> {
    prop::collection::vec(any_line(), 0..60)
}

/// The same movements in two orders.
fn any_history_twice() -> impl Strategy<Value = (Vec<Movement>, Vec<Movement>)> {
    any_history().prop_flat_map(|history| (Just(history.clone()), Just(history).prop_shuffle()))
}

fn any_overdraw() -> impl Strategy<Value = Overdraw> {
    prop::sample::select(Overdraw::ALL.to_vec())
}

/// Posts what may be posted.
fn live(book: &mut ProductBook, history: &[Movement]) -> Vec<Posting> {
    history.iter().filter_map(|line| book.post(line).ok()).collect()
}

fn original_lines(posting: &Posting) -> Vec<OriginalLine> {
    let stored = |line: &Line| OriginalLine { location: line.location, lot: line.lot, delta: line.delta };
    posting.lines.iter().map(stored).collect()
}

/// Every balance that is not zero: what a rebuild from the lines must find.
fn balances(book: &ProductBook) -> BTreeMap<(LocationId, LotId), Qty> {
    let held = book.sides.values().flat_map(|side| side.lots.iter().map(|lot| ((side.location, lot.lot), lot.qty)));
    held.filter(|(_, qty)| !qty.is_zero()).collect()
}

fn undo(book: &mut ProductBook, posting: &Posting) -> Result<(), Refusal> {
    let sides: Vec<SideState> = book.sides.values().cloned().collect();
    let undone = reverse(&original_lines(posting), &sides)?;
    book.keep(&undone);
    Ok(())
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_sum_over_all_places_is_always_zero(history in any_history(), overdraw in any_overdraw()) {
        let mut everywhere: BTreeMap<LotId, i64> = BTreeMap::new();
        for posting in live(&mut new_shop(overdraw), &history) {
            for line in posting.lines {
                *everywhere.entry(line.lot).or_default() += line.delta.raw();
            }
            prop_assert!(everywhere.values().all(|sum| *sum == 0));
        }
    }

    #[test]
    fn balances_are_the_sum_of_their_lines(history in any_history(), overdraw in any_overdraw()) {
        let mut book = new_shop(overdraw);
        let mut rebuilt: BTreeMap<(LocationId, LotId), Qty> = BTreeMap::new();
        for posting in live(&mut book, &history) {
            for line in posting.lines.iter().filter(|line| REAL.contains(&line.location)) {
                let balance = rebuilt.entry((line.location, line.lot)).or_default();
                *balance = balance.checked_add(line.delta).unwrap();
                prop_assert_eq!(line.after, Some(*balance));
            }
        }
        rebuilt.retain(|_, qty| !qty.is_zero());
        prop_assert_eq!(balances(&book), rebuilt);
    }

    #[test]
    fn where_overdrawing_is_refused_nothing_is_ever_below_zero(history in any_history()) {
        let mut book = new_shop(Overdraw::Refuse);
        for line in &history {
            let _ = book.post(line);
            prop_assert!(balances(&book).values().all(|qty| !qty.is_negative()));
        }
    }

    /// R-11 for every history: undone from the last to the first, nothing is left of it.
    #[test]
    fn undoing_everything_ends_where_it_started(history in any_history(), overdraw in any_overdraw()) {
        let mut book = new_shop(overdraw);
        let start = balances(&book);
        let postings = live(&mut book, &history);
        for posting in postings.iter().rev() {
            prop_assert_eq!(undo(&mut book, posting), Ok(()));
        }
        prop_assert_eq!(balances(&book), start);
    }

    #[test]
    fn undoing_in_any_order_ends_there_too_where_overdrawing_is_allowed((history, shuffled) in any_history_twice()) {
        let mut book = new_shop(Overdraw::Allow);
        let mut postings = live(&mut book, &history);
        let place = |posting: &Posting| shuffled.iter().position(|line| line.quantity == posting.lines[1].delta);
        postings.sort_by_cached_key(place);
        for posting in &postings {
            undo(&mut book, posting).unwrap();
        }
        prop_assert!(balances(&book).is_empty());
    }

    #[test]
    fn undoing_an_undoing_is_the_original(history in any_history(), last in any_line()) {
        let mut book = new_shop(Overdraw::Allow);
        live(&mut book, &history);
        let before = balances(&book);
        let posting = book.post(&last).unwrap();
        let after = balances(&book);
        let sides: Vec<SideState> = book.sides.values().cloned().collect();
        let undone = reverse(&original_lines(&posting), &sides).unwrap();
        book.keep(&undone);
        prop_assert_eq!(balances(&book), before);
        undo(&mut book, &undone).unwrap();
        prop_assert_eq!(balances(&book), after);
    }

    #[test]
    fn totals_do_not_depend_on_the_order((history, shuffled) in any_history_twice()) {
        let totals = |history: &[Movement]| {
            let mut book = new_shop(Overdraw::Allow);
            live(&mut book, history);
            REAL.map(|location| on_hand(&book, location))
        };
        prop_assert_eq!(totals(&history), totals(&shuffled));
    }

    #[test]
    fn a_refused_line_changes_nothing(history in any_history(), line in any_line()) {
        let mut book = new_shop(Overdraw::Refuse);
        live(&mut book, &history);
        let before = book.clone();
        if book.post(&line).is_err() {
            prop_assert_eq!(book, before);
        }
    }

    #[test]
    fn transfers_never_change_what_the_shop_has(history in any_history()) {
        let mut book = new_shop(Overdraw::Allow);
        for line in &history {
            let total = |book: &ProductBook| Qty::checked_sum(REAL.map(|location| on_hand(book, location)));
            let before = total(&book);
            book.post(line).unwrap();
            let inside = PLACES.iter().filter(|(id, ..)| *id == line.from || *id == line.to).all(|(.., kind)| kind.is_real());
            prop_assert_eq!(total(&book) == before, inside);
        }
    }
}
