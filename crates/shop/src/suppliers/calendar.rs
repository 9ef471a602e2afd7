//! When a supplier visits, takes orders and delivers, by its weekdays, its cut-off hour and how long it takes. Pure.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::supplier::Weekdays;
use crate::kernel::time::{Day, weekday};

/// Days of a week.
const WEEK: Day = 7;
/// Days until the goods come where nobody said.
const LEAD_DAYS: Day = 1;

/// What is known of a supplier's calendar; columns of `suppliers`.
#[derive(Debug, Clone, Copy, Default, FromRow, Serialize, Deserialize)]
pub struct Calendar {
    /// The weekdays of its visits, as bits.
    pub visit_days: i64,
    /// The weekdays on which it delivers, as bits.
    pub delivery_days: i64,
    /// Until when it takes the orders of a day, in minutes after midnight.
    pub cut_off_minutes: Option<i64>,
    /// Days from the order to the delivery.
    pub lead_days: Option<i64>,
}

/// A day of the shop, and the minutes that passed of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// The day.
    pub day: Day,
    /// Minutes after midnight.
    pub minutes: i64,
}

/// The delivery that an order sent now would come with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextDelivery {
    /// The day it comes.
    pub day: Day,
    /// The last day to order for it.
    pub order_by: Day,
    /// Until when on that day, in minutes after midnight; all day unless it has a cut-off.
    pub cut_off_minutes: Option<i64>,
}

impl Calendar {
    /// The delivery of what is ordered now. Nothing where neither its weekdays nor how long it takes are known.
    pub fn next_delivery(&self, now: LocalTime) -> Option<NextDelivery> {
        let weekdays = Weekdays::from_bits(self.delivery_days);
        if self.lead_days.is_none() && weekdays.bits() == 0 {
            return None;
        }
        let lead = self.lead_days.map_or(Some(LEAD_DAYS), |days| Day::try_from(days).ok())?;
        let is_late = self.cut_off_minutes.is_some_and(|cut_off| now.minutes >= cut_off);
        let earliest = now.day.checked_add(lead)?.checked_add(Day::from(is_late))?;
        let day = if weekdays.bits() == 0 { earliest } else { first_of(weekdays, earliest)? };
        Some(NextDelivery { day, order_by: day - lead, cut_off_minutes: self.cut_off_minutes })
    }

    /// The day of its next visit, which may be today.
    pub fn next_visit(&self, today: Day) -> Option<Day> {
        first_of(Weekdays::from_bits(self.visit_days), today)
    }
}

/// The first of these weekdays from a day on.
fn first_of(weekdays: Weekdays, from: Day) -> Option<Day> {
    (from..from.checked_add(WEEK)?).find(|day| weekdays.has(weekday(*day)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::{format_day, parse_day};

    /// 23 November 2026 is a Monday.
    fn at(day: &str, hour: i64) -> LocalTime {
        LocalTime { day: parse_day(day).unwrap(), minutes: hour * 60 }
    }

    fn calendar(delivers: &[usize], cut_off_hour: Option<i64>, lead_days: Option<i64>) -> Calendar {
        let delivery_days = Weekdays::of(delivers.iter().copied()).bits();
        Calendar { visit_days: 0, delivery_days, cut_off_minutes: cut_off_hour.map(|hour| hour * 60), lead_days }
    }

    fn next(calendar: Calendar, now: LocalTime) -> Option<String> {
        let next = calendar.next_delivery(now)?;
        Some(format!("{} by {}", format_day(next.day), format_day(next.order_by)))
    }

    #[test]
    fn goods_come_on_a_day_of_delivery_once_their_time_has_passed() {
        let twice = calendar(&[1, 3], Some(19), Some(2));
        let told = |day, hour| next(twice, at(day, hour)).unwrap();
        assert_eq!(
            told("2026-11-23", 9),
            "2026-11-26 by 2026-11-24",
            "Tuesday is too soon: Thursday, if sent by Tuesday"
        );
        assert_eq!(told("2026-11-24", 18), "2026-11-26 by 2026-11-24");
        assert_eq!(told("2026-11-24", 19), "2026-12-01 by 2026-11-29", "the hour has passed: the next Tuesday");
        assert_eq!(told("2026-11-29", 23), "2026-12-03 by 2026-12-01");
    }

    #[test]
    fn what_is_not_known_is_not_promised() {
        assert_eq!(next(calendar(&[], Some(19), None), at("2026-11-23", 9)), None);
        assert_eq!(
            next(calendar(&[], None, Some(3)), at("2026-11-23", 23)).as_deref(),
            Some("2026-11-26 by 2026-11-23")
        );
        let same_day = calendar(&[0], Some(8), Some(0));
        assert_eq!(next(same_day, at("2026-11-23", 7)).as_deref(), Some("2026-11-23 by 2026-11-23"));
        assert_eq!(next(same_day, at("2026-11-23", 8)).as_deref(), Some("2026-11-30 by 2026-11-30"));
        let tomorrow = calendar(&[0, 1], None, None);
        assert_eq!(
            next(tomorrow, at("2026-11-23", 9)).as_deref(),
            Some("2026-11-24 by 2026-11-23"),
            "not on the same day"
        );
    }

    #[test]
    fn the_next_visit_may_be_today() {
        let visits = Calendar { visit_days: Weekdays::of([0, 4]).bits(), ..Calendar::default() };
        let told = |day| visits.next_visit(parse_day(day).unwrap()).map(format_day);
        assert_eq!(told("2026-11-23").as_deref(), Some("2026-11-23"));
        assert_eq!(told("2026-11-24").as_deref(), Some("2026-11-27"));
        assert_eq!(Calendar::default().next_visit(20_000), None);
    }
}
