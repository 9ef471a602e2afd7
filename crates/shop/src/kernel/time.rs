//! Instants and days as people and programs write them. Stored UTC in microseconds; shown in the
//! shop's zone (CFG-5). Nothing here reads the clock.

use gondola_store::At;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Days since 1970-01-01.
pub type Day = i32;

/// The first instant the product accepts: 2000-01-01 UTC.
pub const AT_MIN: At = 946_684_800_000_000;
/// How far ahead of our clock a client's may be.
pub const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

/// Parses RFC 3339.
pub fn parse_instant(text: &str) -> Option<At> {
    let bytes = text.as_bytes();
    let looks_right = bytes.len() <= 40 && bytes.len() >= 20 && bytes[4] == b'-' && matches!(bytes[10], b'T' | b't');
    looks_right.then(|| text.parse::<Timestamp>().ok()).flatten().map(Timestamp::as_microsecond)
}

/// RFC 3339 in UTC.
pub fn format_instant(at: At) -> String {
    timestamp(at).to_string()
}

/// Parses `2026-12-31`.
pub fn parse_day(text: &str) -> Option<Day> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| matches!((at, byte), (4 | 7, b'-') | (_, b'0'..=b'9')));
    shape.then(|| text.parse::<Date>().ok()).flatten().map(day_of)
}

/// `2026-12-31`.
pub fn format_day(day: Day) -> String {
    date(day).to_string()
}

/// The local day of an instant.
pub fn local_day(at: At, zone: &TimeZone) -> Day {
    day_of(timestamp(at).to_zoned_datetime(zone.clone()).date())
}

/// The instant a local day begins.
pub fn day_start(day: Day, zone: &TimeZone) -> At {
    date(day).to_zoned_datetime(zone.clone()).map_or(AT_MIN, |zoned| zoned.timestamp().as_microsecond())
}

/// The civil date of a day.
pub fn date(day: Day) -> Date {
    Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(day))
}

/// The day of a civil date.
pub fn day_of(date: Date) -> Day {
    let since = date.duration_since(Date::constant(1970, 1, 1));
    Day::try_from(since.as_hours() / 24).expect("civil dates span 8 million days at most")
}

/// `23/11/2026 22:15`, in the shop's zone.
pub fn show_instant(at: At, zone: &TimeZone) -> String {
    timestamp(at).to_zoned_datetime(zone.clone()).strftime("%d/%m/%Y %H:%M").to_string()
}

/// `22:15`, in the shop's zone.
pub fn show_time(at: At, zone: &TimeZone) -> String {
    timestamp(at).to_zoned_datetime(zone.clone()).strftime("%H:%M").to_string()
}

/// `23/11/2026`.
pub fn show_day(day: Day) -> String {
    date(day).strftime("%d/%m/%Y").to_string()
}

fn timestamp(at: At) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_comes_back_in_utc() {
        let at = parse_instant("2026-11-23T10:00:00-03:00").unwrap();
        assert_eq!(format_instant(at), "2026-11-23T13:00:00Z");
        assert_eq!(parse_instant("2026-11-23"), None);
        assert_eq!(parse_instant("2026-11-23 10:00:00-03:00"), None);
    }

    #[test]
    fn a_day_is_strict_and_round_trips() {
        let day = parse_day("2026-12-31").unwrap();
        assert_eq!(format_day(day), "2026-12-31");
        assert_eq!(show_day(day), "31/12/2026");
        assert_eq!(parse_day("2026-02-30"), None);
        assert_eq!(parse_day("31/12/2026"), None);
    }

    /// CFG-5: a movement at 23:30 local counts on that local day.
    #[test]
    fn half_past_eleven_at_night_counts_on_that_day() {
        let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
        let at = parse_instant("2026-11-23T23:30:00-03:00").unwrap();
        assert_eq!(format_day(local_day(at, &zone)), "2026-11-23");
        assert_eq!(format_instant(day_start(local_day(at, &zone), &zone)), "2026-11-23T03:00:00Z");
    }
}
