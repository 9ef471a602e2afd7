//! How a product stands: what its head holds, as the ledger's classification takes it. The words and
//! the bounds are in `gondola_ledger::level`; when a level is written is decided by `book.rs` (with
//! every movement) and `refresh.rs` (with the calendar, and when the policy changes).

use gondola_ledger::level::{Demand, Situation, classify, cover_days_tenths};
use gondola_ledger::season::Season;
use gondola_ledger::{Factor, Level, Qty, StockPolicy};
use gondola_store::{At, StoreError};
use uuid::Uuid;

const MICROSECONDS_PER_DAY: At = 86_400_000_000;

/// What a level depends on, but for the day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outlook {
    pub product: Uuid,
    pub on_hand: Qty,
    pub policy: StockPolicy,
    pub demand: Demand,
    pub last_occurred_at: Option<At>,
}

impl Outlook {
    /// The level in `month` at the moment `now`; `factor_permille` when the category has one of its own
    /// for that month.
    pub fn level(&self, factor_permille: Option<i64>, month: i8, now: At) -> Result<Level, StoreError> {
        let season = match factor_permille {
            Some(permille) => u64::try_from(permille).ok().and_then(|permille| Factor::new(permille, 1000)),
            None => u8::try_from(month).ok().and_then(Season::of_month).map(Season::factor),
        };
        let corrupt = || StoreError::corrupt("category_seasons", "factor_permille", self.product, "not a factor");
        Ok(classify(&Situation {
            on_hand: self.on_hand,
            policy: self.policy,
            season: season.ok_or_else(corrupt)?,
            demand: self.demand,
            days_since_last_movement: self.last_occurred_at.map(|last| days_between(last, now)),
        }))
    }

    /// For how many tenths of a day it lasts.
    pub fn cover_tenths(&self) -> Option<i64> {
        cover_days_tenths(self.on_hand, self.demand)
    }
}

fn days_between(last: At, now: At) -> u32 {
    u32::try_from(((now - last) / MICROSECONDS_PER_DAY).max(0)).unwrap_or(u32::MAX)
}
