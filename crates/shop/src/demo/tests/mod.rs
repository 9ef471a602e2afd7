//! What the whole plan promises to whoever seeds a shop with it (OPS-6): a catalogue that holds the domain's lists, a past that
//! adds up, and an end that shows every stock level. The rules of the parts are tested beside them.

mod catalogue;
mod past;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use gondola_ledger::Day;

use super::plan::{MovementPlan, Plan, PlanSize};

/// Monday 23 November 2026.
const TODAY: Day = Day(20_780);
static DEMO: LazyLock<Plan> = LazyLock::new(|| Plan::new(42, TODAY, PlanSize::DEMO));

fn movements(plan: &Plan) -> impl Iterator<Item = (Day, &MovementPlan)> + Clone {
    plan.days.iter().flat_map(|day| day.movements.iter().map(|movement| (day.day, movement)))
}

fn fingerprint(plan: &Plan) -> u64 {
    let mut hasher = DefaultHasher::new();
    for day in &plan.days {
        (day.day, &day.movements).hash(&mut hasher);
    }
    hasher.finish()
}

#[test]
fn the_same_seed_gives_the_same_shop_and_another_seed_another_past() {
    let small = |seed| Plan::new(seed, TODAY, PlanSize::SMALL);
    assert_eq!(small(1), small(1));
    assert_ne!(fingerprint(&small(1)), fingerprint(&small(2)));
    assert_eq!(small(1).products, small(2).products);
    assert_eq!(fingerprint(&DEMO), fingerprint(&Plan::new(42, TODAY, PlanSize::DEMO)));
}

/// OPS-6.
#[test]
fn the_demo_shop_has_two_thousand_products_and_ninety_days() {
    assert!(DEMO.products.len() >= 2_000, "{}", DEMO.products.len());
    let days: Vec<i32> = DEMO.days.iter().map(|day| day.day.0).collect();
    assert_eq!(days, (TODAY.0 - 90..TODAY.0).collect::<Vec<_>>());
    assert!(DEMO.days.iter().all(|day| !day.movements.is_empty()));
    assert!((40_000..=60_000).contains(&DEMO.movement_count()), "{}", DEMO.movement_count());
}
