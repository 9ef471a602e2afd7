//! Law: **an instant is microseconds UTC, a day is a count of days since 1970-01-01, and nobody here asks what time it is.**
//!
//! Time zones and the hour at which a business day closes belong to the edges; this crate receives instants and days.

use std::fmt;

/// An instant in microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(pub i64);

/// A calendar day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// Days from this day to `later`; negative when it has passed. Wide, because it cannot overflow.
    pub const fn days_until(self, later: Self) -> i64 {
        later.0 as i64 - self.0 as i64
    }

    /// So many days later, or `None` beyond the calendar.
    pub const fn checked_add(self, days: i32) -> Option<Self> {
        match self.0.checked_add(days) {
            Some(day) => Some(Self(day)),
            None => None,
        }
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.civil().1
    }

    /// Year, month and day in the Gregorian calendar (Hinnant's `civil_from_days`).
    const fn civil(self) -> (i64, u8, u8) {
        let shifted = self.0 as i64 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month as u8, day as u8)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_dates() {
        assert_eq!(Day(0).to_string(), "1970-01-01");
        assert_eq!(Day(-1).to_string(), "1969-12-31");
        assert_eq!(Day(11_016).to_string(), "2000-02-29");
        assert_eq!(Day(20_780).to_string(), "2026-11-23");
        assert_eq!(Day(20_780).month(), 11);
        assert_eq!(Day(47_540).to_string(), "2100-02-28", "a century is no leap year");
        assert_eq!(Day(47_541).to_string(), "2100-03-01");
    }

    #[test]
    fn the_ends_of_the_calendar_neither_wrap_nor_panic() {
        assert_eq!(Day(i32::MIN).days_until(Day(i32::MAX)), i64::from(u32::MAX));
        assert_eq!(Day(i32::MAX).checked_add(1), None);
        assert!((1..=12).contains(&Day(i32::MIN).month()));
    }
}
