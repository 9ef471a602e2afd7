//! A month of the calendar, as programs and people write it. Kept as the day it begins on.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::kernel::time::{Day, date, day_of};

/// The first month that has a rate.
const FIRST: Date = Date::constant(2000, 1, 1);

/// A month, from January 2000 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(Date);

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text} is no month"))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl Month {
    /// The month that a day is in.
    pub fn of(day: Day) -> Self {
        Self(date(day).first_of_month().max(FIRST))
    }

    /// Reads `2026-10`; nothing for another shape, or before the year 2000.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 7
            && text.bytes().enumerate().all(|(at, byte)| matches!((at, byte), (4, b'-') | (_, b'0'..=b'9')));
        let (year, month) = shape.then(|| text.split_once('-')).flatten()?;
        let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        (first >= FIRST).then_some(Self(first))
    }

    /// The day it begins on, as it is kept.
    pub fn first_day(self) -> Day {
        day_of(self.0)
    }

    /// The month so many later, or earlier; the first or last one there is beyond them.
    pub fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months.months()).first_of_month().max(FIRST))
    }

    /// Months from this one until that one, both counted; none when that one is earlier.
    pub fn until(self, last: Self) -> usize {
        let count = |month: Self| i32::from(month.0.year()) * 12 + i32::from(month.0.month());
        usize::try_from(count(last) - count(self) + 1).unwrap_or(0)
    }

    /// The months from this one to that one, both included.
    pub fn to(self, last: Self) -> impl Iterator<Item = Self> {
        (0..self.until(last)).map(move |at| self.plus(i32::try_from(at).unwrap_or(i32::MAX)))
    }

    /// As people write it: `10/2026`.
    pub fn shown(self) -> String {
        format!("{:02}/{:04}", self.0.month(), self.0.year())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_counted_and_written() {
        let month = Month::parse("2025-11").expect("a month");
        assert_eq!((month.to_string(), month.shown()), ("2025-11".to_owned(), "11/2025".to_owned()));
        assert_eq!(Month::of(month.first_day() + 29), month, "the last day of it");
        assert_eq!(month.plus(3).to_string(), "2026-02");
        assert_eq!(month.plus(-11).to_string(), "2024-12");
        let all: Vec<String> = month.to(month.plus(2)).map(|month| month.to_string()).collect();
        assert_eq!(all, ["2025-11", "2025-12", "2026-01"]);
        assert_eq!(month.until(month.plus(-1)), 0);
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in
            ["", "2026", "2026-1", "2026-13", "2026-00", "1999-12", "2026/10", "10-2026", "2026-10-01", "٢٠٢٦-١"]
        {
            assert_eq!(Month::parse(text), None, "{text:?}");
        }
    }
}
