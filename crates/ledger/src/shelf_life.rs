//! Law: **goods are good until the end of their last day.** Days left decide what is done: quarantine below 0, an offer up to 7,
//! the board up to 30, a list up to 60.
//!
//! When a day ends and what is forecast to sell are not here.

use crate::money::Money;
use crate::number::mul_div;
use crate::post::{Posting, SideState};
use crate::time::Day;

use crate::ids::LotId;

/// Days left up to which goods are urgent and may be on offer.
pub const URGENT_DAYS: i64 = 7;
/// Days left up to which goods are on the board.
pub const SOON_DAYS: i64 = 30;
/// Days left up to which goods are listed on request.
pub const HORIZON_DAYS: i64 = 60;
/// What an offer takes off the price of urgent goods, in per cent.
pub const OFFER_PERCENT: i64 = 30;

/// How near its end a lot is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShelfLife {
    /// Its last day has passed.
    Expired,
    /// 0 to 7 days left.
    Urgent,
    /// 8 to 30 days left.
    Soon,
    /// 31 to 60 days left.
    Horizon,
    /// More, or no date.
    Fine,
}

impl ShelfLife {
    /// All states, worst first.
    pub const ALL: [Self; 5] = [Self::Expired, Self::Urgent, Self::Soon, Self::Horizon, Self::Fine];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Urgent => "urgent",
            Self::Soon => "soon",
            Self::Horizon => "horizon",
            Self::Fine => "fine",
        }
    }

    /// The state of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state of goods with so many days left.
    pub const fn of_days_left(days_left: i64) -> Self {
        match days_left {
            i64::MIN..=-1 => Self::Expired,
            0..=URGENT_DAYS => Self::Urgent,
            8..=SOON_DAYS => Self::Soon,
            31..=HORIZON_DAYS => Self::Horizon,
            _ => Self::Fine,
        }
    }

    /// The state today of goods whose last good day is `expires_on`.
    pub const fn of(expires_on: Option<Day>, today: Day) -> Self {
        match expires_on {
            Some(last_day) => Self::of_days_left(today.days_until(last_day)),
            None => Self::Fine,
        }
    }
}

/// The last good day of perishable goods that came without a date; `None` beyond the calendar.
pub const fn estimated_expiry(received_on: Day, shelf_life_days: i32) -> Option<Day> {
    received_on.checked_add(shelf_life_days)
}

/// The price of urgent goods: 30 % off, never below the owner's floor; `None` when that is no offer.
pub fn offer_price(price: Money, floor: Money, state: ShelfLife) -> Option<Money> {
    if state != ShelfLife::Urgent {
        return None;
    }
    let reduced = mul_div(price.raw(), 100 - OFFER_PERCENT, 100).map(Money::new)?.max(floor);
    (reduced < price && reduced.is_positive()).then_some(reduced)
}

/// The expired lots a posting takes from a place: what the till blocks until the owner says otherwise.
pub fn expired_lots(posting: &Posting, from: &SideState, today: Day) -> Vec<LotId> {
    let leaving = posting.lines.iter().filter(|line| line.location == from.location && line.delta.is_negative());
    let is_expired = |lot: LotId| {
        let dates = from.lots.iter().filter(|held| held.lot == lot).map(|held| held.expires_on);
        dates.into_iter().any(|date| ShelfLife::of(date, today) == ShelfLife::Expired)
    };
    leaving.map(|line| line.lot).filter(|lot| is_expired(*lot)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_where_the_table_says() {
        let expected = [
            (-1, ShelfLife::Expired),
            (0, ShelfLife::Urgent),
            (7, ShelfLife::Urgent),
            (8, ShelfLife::Soon),
            (30, ShelfLife::Soon),
            (31, ShelfLife::Horizon),
            (60, ShelfLife::Horizon),
            (61, ShelfLife::Fine),
        ];
        for (days, state) in expected {
            assert_eq!(ShelfLife::of(Some(Day(1_000 + days)), Day(1_000)), state, "{days}");
        }
        assert_eq!(ShelfLife::of(None, Day(0)), ShelfLife::Fine);
        assert!(ShelfLife::ALL.into_iter().all(|state| ShelfLife::from_code(state.code()) == Some(state)));
    }

    #[test]
    fn an_offer_is_thirty_per_cent_off_but_never_below_the_floor() {
        let offer = |price, floor, state| offer_price(Money::new(price), Money::new(floor), state).map(Money::raw);
        assert_eq!(offer(100_000, 0, ShelfLife::Urgent), Some(70_000));
        assert_eq!(offer(100_000, 82_000, ShelfLife::Urgent), Some(82_000));
        assert_eq!(offer(100_000, 100_000, ShelfLife::Urgent), None);
        assert_eq!(offer(100_000, 0, ShelfLife::Soon), None);
        assert_eq!(offer(99, 0, ShelfLife::Urgent), Some(69));
    }

    #[test]
    fn goods_without_a_date_expire_after_their_shelf_life() {
        assert_eq!(estimated_expiry(Day(100), 15), Some(Day(115)));
        assert_eq!(estimated_expiry(Day(i32::MAX), 1), None);
    }
}
