//! The past of the demo shop: every movement possible, nothing out of nowhere, the days of a shop, every level at the end.

use std::collections::{BTreeMap, BTreeSet};

use gondola_ledger::level::{Demand, Level, Situation, StockPolicy, classify};
use gondola_ledger::{Day, Factor, MovementKind, Qty, Sides};

use super::{DEMO, TODAY, movements};
use crate::demo::calendar::weekday;
use crate::demo::plan::{LotPlan, Place, Plan, PlanSize};
use crate::demo::products::ProductPlan;
use crate::demo::suppliers::{SUPPLIERS, position};
use crate::stock::permission_for;

#[test]
fn every_movement_has_the_sides_of_its_kind_a_reason_and_a_right_quantity() {
    for (_, movement) in movements(&DEMO) {
        let sides = (movement.from.is_some(), movement.to.is_some());
        let fits = match movement.kind.sides() {
            Sides::To => sides == (false, true),
            Sides::From => sides == (true, false),
            Sides::Both => sides == (true, true) && movement.from != movement.to,
            Sides::One => sides.0 != sides.1,
        };
        assert!(fits, "{movement:?}");
        assert!((3..=200).contains(&movement.reason.chars().count()) && (0..1_440).contains(&movement.minute));
        let product = &DEMO.products[movement.product];
        assert!(
            movement.quantity.is_positive() && (product.sold_by_weight || movement.quantity.is_whole()),
            "{movement:?}"
        );
        assert_eq!(movement.lot.is_some(), product.shelf_life_days.is_some(), "{movement:?}");
        let comes_in = matches!(movement.kind, MovementKind::Receipt | MovementKind::Opening);
        assert_eq!(movement.unit_cost.is_some(), comes_in);
    }
}

#[test]
fn every_movement_is_written_by_somebody_who_may() {
    for (_, movement) in movements(&DEMO) {
        assert!(movement.by.may(permission_for(movement.kind)), "{movement:?}");
    }
}

/// What is left at the end, per product and place; panics where something leaves that is not there.
fn replay(plan: &Plan) -> BTreeMap<(usize, Place), i64> {
    let mut lots: BTreeMap<(usize, Place, Option<&LotPlan>), i64> = BTreeMap::new();
    for (day, movement) in movements(plan) {
        let lot = movement.lot.as_ref();
        if let Some(place) = movement.from {
            let left = lots.entry((movement.product, place, lot)).or_default();
            *left -= movement.quantity.raw();
            assert_eq!(*left < 0, movement.overdraws, "{day} {movement:?}");
        }
        if let Some(place) = movement.to {
            *lots.entry((movement.product, place, lot)).or_default() += movement.quantity.raw();
        }
    }
    let mut stock = BTreeMap::new();
    for ((product, place, _), quantity) in lots {
        *stock.entry((product, place)).or_default() += quantity;
    }
    stock
}

#[test]
fn nothing_leaves_a_lot_that_does_not_hold_it_but_what_the_till_overdraws() {
    let overdrawn = movements(&DEMO).filter(|(_, movement)| movement.overdraws);
    assert!(overdrawn.clone().all(|(_, movement)| movement.kind == MovementKind::Sale));
    assert!(overdrawn.count() >= 5);
    replay(&DEMO);
    for seed in [1, 7, u64::MAX] {
        replay(&Plan::new(seed, TODAY, PlanSize::SMALL));
    }
}

/// How many products stand at each level on the morning of `today`.
fn levels(plan: &Plan, today: Day, season: Factor) -> BTreeMap<Level, usize> {
    let stock = replay(plan);
    let mut sold = vec![0; plan.products.len()];
    let mut last = vec![Day(0); plan.products.len()];
    for (day, movement) in movements(plan) {
        last[movement.product] = day;
        if movement.kind == MovementKind::Sale {
            sold[movement.product] += movement.quantity.raw();
        }
    }
    let mut levels = BTreeMap::new();
    for (index, product) in plan.products.iter().enumerate() {
        let on_hand: i64 = Place::ALL.iter().filter_map(|place| stock.get(&(index, *place))).sum();
        let ProductPlan { min_stock: min, max_stock: max, reorder_point, .. } = *product;
        let level = classify(&Situation {
            on_hand: Qty::new(on_hand),
            policy: StockPolicy { min, max, reorder_point },
            season,
            demand: Demand { total: Qty::new(sold[index]), days: u32::try_from(plan.days.len()).unwrap() },
            days_since_last_movement: u32::try_from(last[index].days_until(today)).ok(),
        });
        *levels.entry(level).or_default() += 1;
    }
    levels
}

/// In spring, summer and winter: the demo begins on whatever day it is.
#[test]
fn every_stock_level_appears_on_the_last_day() {
    for (days_later, season) in [(0, 11), (60, 13), (250, 8)] {
        let today = Day(TODAY.0 + days_later);
        let plan = Plan::new(42, today, PlanSize::DEMO);
        let levels = levels(&plan, today, Factor::new(season, 10).unwrap());
        for level in Level::ALL {
            let products = levels.get(&level).copied().unwrap_or_default();
            let (at_least, at_most) = if level == Level::Normal { (60, 90) } else { (0, 15) };
            let percent = products * 100 / plan.products.len();
            assert!(products >= 3 && (at_least..at_most).contains(&percent), "{today} {level:?}: {levels:?}");
        }
    }
}

#[test]
fn what_came_in_less_what_went_out_is_what_is_there() {
    let moved = movements(&DEMO).map(|(_, movement)| {
        let sign = i64::from(movement.to.is_some()) - i64::from(movement.from.is_some());
        sign * movement.quantity.raw()
    });
    let moved: i64 = moved.sum();
    assert_eq!(moved, replay(&DEMO).values().sum::<i64>());
}

#[test]
fn trucks_come_on_their_days_with_dates_ahead_and_costs_that_rise() {
    let mut first_cost = BTreeMap::new();
    for (day, movement) in movements(&DEMO).filter(|(_, movement)| movement.kind == MovementKind::Receipt) {
        let product = &DEMO.products[movement.product];
        let supplier = &SUPPLIERS[position(product.supplies[0].supplier).unwrap()];
        assert!(supplier.delivery_weekdays.contains(&weekday(day)), "{} {day}", supplier.code);
        assert_eq!(movement.to, Some(Place::Deposito));
        assert!(movement.lot.as_ref().is_none_or(|lot| lot.expires_on > day));
        let cost = movement.unit_cost.unwrap();
        assert!(cost <= product.acquisition_cost && *first_cost.entry(movement.product).or_insert(cost) <= cost);
    }
}

#[test]
fn the_till_sells_nothing_expired_and_no_alcohol_after_hours() {
    for (day, movement) in movements(&DEMO).filter(|(_, movement)| movement.kind == MovementKind::Sale) {
        assert!(movement.lot.as_ref().is_none_or(|lot| lot.expires_on >= day));
        assert!(!DEMO.products[movement.product].alcohol || movement.minute < 21 * 60);
        assert!(movement.document.as_ref().is_some_and(|ticket| ticket.starts_with("Ticket ")));
    }
}

#[test]
fn the_shop_is_busier_on_saturday_and_loses_what_a_shop_loses() {
    let mut sold = [0; 7];
    let (mut sales, mut waste) = (0, 0);
    for (day, movement) in movements(&DEMO) {
        let price = DEMO.products[movement.product].sale_price;
        let amount = movement.quantity.times_price(price).unwrap().raw();
        match movement.kind {
            MovementKind::Sale => {
                sold[weekday(day)] += amount;
                sales += amount;
            }
            MovementKind::Waste => waste += amount,
            _ => {}
        }
    }
    assert!(sold[5] * 10 > sold[2] * 13, "{sold:?}");
    assert!((8..=25).contains(&(waste * 1_000 / sales)), "{} permille", waste * 1_000 / sales);
}

#[test]
fn all_kinds_of_movement_occur() {
    let kinds: BTreeSet<MovementKind> = movements(&DEMO).map(|(_, movement)| movement.kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), MovementKind::ALL);
}

#[test]
fn any_day_of_the_calendar_can_be_today() {
    for today in [11_016, 20_089, 20_819, 20_910, 40_000] {
        replay(&Plan::new(3, Day(today), PlanSize { products_max: 350, days: 21 }));
    }
}

/// Whoever starts the demo at noon sees what sold in the morning.
#[test]
fn today_goes_on_from_yesterday_minute_by_minute() {
    assert_eq!(DEMO.today.day, TODAY);
    let minutes: Vec<i32> = DEMO.today.movements.iter().map(|movement| movement.minute).collect();
    assert!(minutes.is_sorted() && minutes.iter().any(|minute| *minute < 12 * 60), "{minutes:?}");
    let mut plan = DEMO.clone();
    plan.days.push(plan.today.clone());
    replay(&plan);
}
