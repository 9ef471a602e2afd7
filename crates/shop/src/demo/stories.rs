//! The few products that do not just sell along: those that run out, fall below zero, were bought too much of, or lie still. They
//! make every stock level of the domain appear on the last day. Not here: how levels are computed.

use super::pace::Rhythm;
use super::products::ProductPlan;
use super::random::Random;

/// What becomes of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// It sells and is bought again.
    Ordinary,
    /// The till sells what is not there.
    Negative,
    /// It sells out and does not come.
    SoldOut,
    /// It does not come and runs low.
    RunsLow,
    /// A good offer filled the depósito.
    Overstocked,
    /// Nobody ever moved it.
    Still,
    /// It sold once, and then no more.
    Forgotten,
}

/// Of a thousand products that keep and are sold by unit, so many have a story; of each at least one.
const STORIES: [(Story, usize); 6] = [
    (Story::Negative, 6),
    (Story::SoldOut, 26),
    (Story::RunsLow, 40),
    (Story::Overstocked, 30),
    (Story::Still, 22),
    (Story::Forgotten, 10),
];
/// Days before the end from which each story's product is no longer delivered.
const SOLD_OUT_DAYS: i64 = 26;
const RUNS_LOW_DAYS: i64 = 18;
const FORGOTTEN_DAYS: i64 = 35;
/// Days before the end at which the good offer came.
const OFFER_DAYS: i64 = 12;

/// One story per product.
pub(super) fn tell_stories(products: &[ProductPlan], random: &mut Random) -> Vec<Story> {
    let mut stories = vec![Story::Ordinary; products.len()];
    let mut free: Vec<usize> = (0..products.len()).filter(|index| may_have_one(&products[*index])).collect();
    let eligible = free.len();
    for (story, permille) in STORIES {
        let mut suited: Vec<usize> = free.iter().copied().filter(|index| story.suits(&products[*index])).collect();
        for _ in 0..(eligible * permille / 1_000).max(1).min(suited.len()) {
            let chosen = suited.swap_remove(random.below(suited.len()));
            stories[chosen] = story;
        }
        free.retain(|index| stories[*index] == Story::Ordinary);
    }
    stories
}

/// Perishables have lots and daily sellers are watched: neither is forgotten.
fn may_have_one(product: &ProductPlan) -> bool {
    let keeps = product.shelf_life_days.is_none() && !product.sold_by_weight;
    keeps && product.pace.rhythm != Rhythm::Daily
}

impl Story {
    /// Running low needs a minimum of two: between one and none there is nothing low.
    fn suits(self, product: &ProductPlan) -> bool {
        self != Self::RunsLow || product.policy.min >= 2_000
    }

    /// Whether the supplier still brings it so many days before the end.
    pub fn is_delivered(self, days_left: i64) -> bool {
        match self {
            Self::Ordinary | Self::Overstocked => true,
            Self::Negative | Self::SoldOut => days_left > SOLD_OUT_DAYS,
            Self::RunsLow => days_left > RUNS_LOW_DAYS,
            Self::Forgotten => days_left > FORGOTTEN_DAYS,
            Self::Still => false,
        }
    }

    /// Whether the good offer comes with the next truck.
    pub fn has_offer(self, days_left: i64) -> bool {
        self == Self::Overstocked && days_left <= OFFER_DAYS
    }

    /// Whether nothing may happen to it any more.
    pub fn is_quiet(self, days_left: i64) -> bool {
        match self {
            Self::Still => true,
            Self::Forgotten => days_left <= FORGOTTEN_DAYS,
            _ => false,
        }
    }

    /// Whether the last of it is sold before the end.
    pub fn ends_empty(self) -> bool {
        matches!(self, Self::Negative | Self::SoldOut)
    }

    /// How much faster it sells, in thousandths, so many days before the end.
    pub fn haste(self, days_left: i64) -> i64 {
        if self.ends_empty() && days_left <= SOLD_OUT_DAYS { 2_500 } else { 1_000 }
    }
}
