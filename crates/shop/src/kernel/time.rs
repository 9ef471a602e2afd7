//! Instants and days as people and programs write them. Stored UTC in microseconds; shown in the
//! shop's zone (CFG-5). Nothing here reads the clock.

use gondola_store::At;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::validate::Errors;

/// Days since 1970-01-01.
pub type Day = i32;

/// The first instant the product accepts: 2000-01-01 UTC.
pub const AT_MIN: At = 946_684_800_000_000;
/// Where the instants that it can show and compare end: 9999-12-30 UTC, so that every zone has a day for each.
const AT_END: At = 253_402_128_000_000_000;
/// How far ahead of our clock a client's may be.
pub const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

/// Parses RFC 3339.
pub fn parse_instant(text: &str) -> Option<At> {
    let bytes = text.as_bytes();
    let looks_right = bytes.len() <= 40 && bytes.len() >= 20 && bytes[4] == b'-' && matches!(bytes[10], b'T' | b't');
    let read = looks_right.then(|| text.parse::<Timestamp>().ok()).flatten().map(Timestamp::as_microsecond);
    read.filter(|at| *at < AT_END)
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

/// The instant a local day begins; the last instant there is for days after it.
pub fn day_start(day: Day, zone: &TimeZone) -> At {
    let beyond = if day < 0 { AT_MIN } else { Timestamp::MAX.as_microsecond() };
    date(day).to_zoned_datetime(zone.clone()).map_or(beyond, |zoned| zoned.timestamp().as_microsecond())
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

/// Parses the shop's own time as a browser's field writes it, `2026-11-23T10:00`.
pub fn parse_local(text: &str, zone: &TimeZone) -> Option<At> {
    let (day, time) = text.split_once('T')?;
    let shape = matches!(time.len(), 5 | 8)
        && time
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 2 | 5) { byte == b':' } else { byte.is_ascii_digit() });
    let time: Time = shape.then(|| time.parse().ok()).flatten()?;
    let at = date(parse_day(day)?).at(time.hour(), time.minute(), 0, 0);
    Some(at.to_zoned_datetime(zone.clone()).ok()?.timestamp().as_microsecond())
}

/// Minutes after midnight of an instant in the shop's zone.
pub fn local_minutes(at: At, zone: &TimeZone) -> i64 {
    let time = timestamp(at).to_zoned_datetime(zone.clone()).time();
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// `2026-11-23T22:15`, in the shop's zone: what a browser's field takes.
pub fn local_field(at: At, zone: &TimeZone) -> String {
    timestamp(at).to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// `2026-11-23T22:15:00`, in the shop's zone.
pub fn local_text(at: At, zone: &TimeZone) -> String {
    timestamp(at).to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A day as people type it, `31/12/2026` or `31/12/26`, or as a browser's field writes it.
pub fn typed_day(text: &str) -> Option<Day> {
    parse_day(text).or_else(|| {
        let mut parts = text.splitn(3, '/');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let century = match year.len() {
            2 => "20",
            4 => "",
            _ => return None,
        };
        parse_day(&format!("{century}{year}-{month:0>2}-{day:0>2}"))
    })
}

/// The weekday of a day, Monday 0.
pub fn weekday(day: Day) -> usize {
    usize::try_from(date(day).weekday().to_monday_zero_offset()).expect("weekdays are 0 to 6")
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

/// The hours of the day in which there is work, in the shop's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    from: Time,
    until: Time,
}

impl Hours {
    /// Eight in the morning until half past eleven at night.
    pub const USUAL: Self = Self { from: Time::constant(8, 0, 0, 0), until: Time::constant(23, 30, 0, 0) };

    /// Parses `08:00-23:30`; `20:00-04:00` goes past midnight.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let time = |text: &str| {
            let shape = text.len() == 5
                && text.bytes().enumerate().all(|(at, byte)| match at {
                    2 => byte == b':',
                    _ => byte.is_ascii_digit(),
                });
            shape.then(|| Time::new(text[..2].parse().ok()?, text[3..].parse().ok()?, 0, 0).ok()).flatten()
        };
        let hours = Self { from: time(from.trim())?, until: time(until.trim())? };
        (hours.from != hours.until).then_some(hours)
    }

    /// Whether an instant falls within them.
    pub fn include(self, at: At, zone: &TimeZone) -> bool {
        let time = timestamp(at).to_zoned_datetime(zone.clone()).time();
        let (begun, over) = (time >= self.from, time >= self.until);
        if self.from < self.until { begun && !over } else { begun || !over }
    }
}

fn timestamp(at: At) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// An instant somebody asks for, or the beginning of a day `days` later.
pub fn moment(zone: &TimeZone, errors: &mut Errors, field: &str, text: &str, days: i32) -> Option<i64> {
    let at = parse_instant(text).or_else(|| parse_day(text).map(|day| day_start(day.saturating_add(days), zone)));
    if at.is_none() {
        errors.add(
            field,
            "bad_instant",
            "Va como 2026-11-23 o 2026-11-23T10:00:00-03:00.",
            "It is written as 2026-11-23 or 2026-11-23T10:00:00-03:00.",
        );
    }
    at
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

    #[test]
    fn a_browsers_own_time_is_the_shops() {
        let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
        let at = parse_local("2026-11-23T10:05", &zone).unwrap();
        assert_eq!(format_instant(at), "2026-11-23T13:05:00Z");
        assert_eq!(local_field(at, &zone), "2026-11-23T10:05");
        assert_eq!(parse_local("2026-11-23T10:05:30", &zone), Some(at));
        for bad in ["2026-11-23", "2026-11-23T25:00", "2026-11-23T10:0", "xT10:00", "2026-11-23T10:05é"] {
            assert_eq!(parse_local(bad, &zone), None, "{bad}");
        }
        assert_eq!(typed_day("1/12/2026"), parse_day("2026-12-01"));
        assert_eq!(typed_day("32/12/2026"), None);
        assert_eq!(weekday(parse_day("2026-11-23").unwrap()), 0);
    }

    #[test]
    fn hours_of_work_have_a_beginning_and_an_end() {
        let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
        let at = |time: &str| parse_instant(&format!("2026-11-23T{time}:00-03:00")).unwrap();
        let open =
            |hours: Hours| ["07:59", "08:00", "23:29", "23:30", "03:00"].map(|time| hours.include(at(time), &zone));
        assert_eq!(Hours::parse("08:00-23:30"), Some(Hours::USUAL));
        assert_eq!(open(Hours::USUAL), [false, true, true, false, false]);
        assert_eq!(open(Hours::parse("20:00 - 04:00").unwrap()), [false, false, true, true, true]);
        for bad in ["", "8-23", "08:00", "08:00-24:30", "08:00-08:00", "08:00-é9:00", "-08:00-09:00"] {
            assert_eq!(Hours::parse(bad), None, "{bad}");
        }
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
