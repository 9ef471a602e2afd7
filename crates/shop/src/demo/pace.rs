//! How fast a product sells and, from that, how much of it this shop wants to hold: minimum, reorder point, order-up-to level,
//! maximum, shelf. Given by the product alone, never by the seed, so that two demo shops have the same catalogue. Not here:
//! what the weather and the calendar make of a day (`calendar.rs`).

use gondola_ledger::UnitCost;

use super::random::number_of;
use super::table::Rotation;

/// When somebody buys it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Every day, more or less.
    Daily,
    /// On that many days of a thousand.
    Often(i64),
    /// Once in so many days.
    Seldom(i64),
}

/// How a product sells, quantities in thousandths of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub rhythm: Rhythm,
    /// What one sale takes, on average.
    pub per_sale: i64,
    /// What an ordinary day takes.
    pub per_day: i64,
}

/// What decides a product's pace.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits<'a> {
    pub sku: &'a str,
    pub pull: i64,
    pub rotation: Option<Rotation>,
    pub by_weight: bool,
    pub life_days: Option<i64>,
    pub cost: UnitCost,
}

/// Chance in thousandths that a daily seller sells by day, and in the evening.
pub(super) const DAILY_CHANCES: [i64; 2] = [450, 650];
/// From this unit cost on, people buy one at a time: 5,000 pesos.
const DEAR: UnitCost = UnitCost::new(50_000_000);
/// A lot that keeps less cannot wait for a slow seller.
const SLOW_LIFE_DAYS: i64 = 45;
/// Goods without an expiry keep longer than any demand the shop plans for.
const FOR_EVER_DAYS: i64 = 3_650;

/// The pace of a product.
pub(super) fn pace(traits: Traits<'_>) -> Pace {
    let number = number_of(traits.sku);
    // Independent small draws from one number: the low bits choose the class, the rest vary within it.
    let vary = |low: i64, high: i64, bits: u32| low + (number >> bits).cast_signed().rem_euclid(high - low + 1);
    let dear = traits.cost >= DEAR && !traits.by_weight;
    match rotation(traits, number % 1_000) {
        Rotation::A => {
            let per_sale = if traits.by_weight { vary(1_200, 3_500, 20) } else { vary(3, 8, 20) * 1_000 };
            let chances: i64 = DAILY_CHANCES.iter().sum();
            Pace { rhythm: Rhythm::Daily, per_sale, per_day: per_sale * chances / 1_000 }
        }
        Rotation::B => {
            let chance = vary(150, 250, 20);
            let per_sale = match (traits.by_weight, dear) {
                (true, _) => vary(600, 1_300, 30),
                (false, true) => 1_000,
                (false, false) => vary(2, 3, 30) * 1_000,
            };
            Pace { rhythm: Rhythm::Often(chance), per_sale, per_day: per_sale * chance / 1_000 }
        }
        Rotation::C => {
            let (cadence, per_sale) = match (traits.by_weight, dear) {
                (true, _) => (vary(14, 18, 20), vary(900, 1_600, 30)),
                (false, true) => (vary(12, 18, 20), 1_000),
                (false, false) => (vary(18, 21, 20), 3_000),
            };
            Pace { rhythm: Rhythm::Seldom(cadence), per_sale, per_day: per_sale / cadence }
        }
    }
}

/// The class the row gives, or the one the category's pull makes likely; who sells every day is always said in the row.
fn rotation(traits: Traits<'_>, drawn: u64) -> Rotation {
    let often = match traits.pull {
        3 => 380,
        2 => 150,
        _ => 60,
    };
    let keeps = traits.life_days.is_none_or(|days| days >= SLOW_LIFE_DAYS);
    match traits.rotation {
        Some(given) => given,
        None if drawn < often || !keeps => Rotation::B,
        None => Rotation::C,
    }
}

/// How much to hold, in thousandths of the product's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StockPolicy {
    pub min: i64,
    pub reorder: i64,
    /// Order up to this.
    pub target: i64,
    pub max: i64,
    /// Shelf target in the local.
    pub shelf: i64,
}

impl Pace {
    /// The policy for a product whose supplier comes at least every `gap` days, whose lots keep `life_days`, and that is bought
    /// in multiples of `step` thousandths.
    pub fn policy(self, gap: i64, life_days: Option<i64>, step: i64) -> StockPolicy {
        // Days of demand: minimum, reorder, target, maximum, shelf.
        let days = match self.rhythm {
            Rhythm::Daily => [3, 3 + gap, 6 + 2 * gap, 10 + 2 * gap, 5],
            Rhythm::Often(_) => [6, 6 + gap, 24 + gap, 30 + gap, 16],
            Rhythm::Seldom(_) => [11, 17, 41, 52, 41],
        };
        let keeps = (life_days.unwrap_or(FOR_EVER_DAYS) * 6 / 10).max(2);
        let amount = |days: i64| (self.per_day * days).div_euclid(step).max(1) * step;
        let target = amount(days[2].min(keeps)).max(2 * step);
        let reorder = amount(days[1].min((keeps * 2 / 3).max(gap))).min(target - step);
        let min = amount(days[0].min((keeps / 3).max(1))).min(reorder);
        let max = amount(days[3].min(keeps + 2)).max(target + step);
        StockPolicy { min, reorder, target, max, shelf: amount(days[4]).clamp(min, target) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traits(sku: &str, rotation: Rotation) -> Traits<'_> {
        Traits { sku, pull: 1, rotation: Some(rotation), by_weight: false, life_days: None, cost: UnitCost::ZERO }
    }

    #[test]
    fn a_policy_is_in_order_for_every_pace_supplier_and_shelf_life() {
        for rotation in [Rotation::A, Rotation::B, Rotation::C] {
            for (sku, gap, life) in [("A-1", 7, None), ("B-2", 2, Some(4)), ("C-3", 4, Some(25)), ("D-4", 3, Some(7))] {
                for by_weight in [false, true] {
                    let pace = pace(Traits { by_weight, ..traits(sku, rotation) });
                    let policy = pace.policy(gap, life, if by_weight { 100 } else { 1_000 });
                    assert!(
                        policy.min > 0 && policy.min <= policy.reorder && policy.reorder < policy.target,
                        "{policy:?}"
                    );
                    assert!(policy.target < policy.max && policy.shelf <= policy.target, "{policy:?}");
                }
            }
        }
    }

    #[test]
    fn a_product_keeps_its_pace_and_short_lived_goods_are_never_slow() {
        assert_eq!(pace(traits("CLA-HEIN-473", Rotation::B)), pace(traits("CLA-HEIN-473", Rotation::B)));
        let milk = Traits { life_days: Some(7), rotation: None, ..traits("LAC-X", Rotation::C) };
        assert!(matches!(pace(milk).rhythm, Rhythm::Often(_)));
    }
}
