//! Days, hours and instants as people, browsers and programs write them.

use gondola_shop::kernel::Errors;
use gondola_shop::kernel::time::{
    self, Hours, format_day, format_instant, local_field, moment, parse_day, parse_instant, parse_local, typed_day,
};
use jiff::tz::TimeZone;

use crate::fuzz::Fuzz;

/// Rounds in CI.
const TEXTS: u64 = 100_000;

const DATES: [&str; 18] = [
    "31/12/26",
    "2026-12-31",
    "2024-02-29",
    "2000-02-29",
    "1900-02-28",
    "0001-01-01",
    "9999-12-31",
    "31/12/2026",
    "1/2/2027",
    "2026-11-23T10:00:00-03:00",
    "2026-11-23T10:00:00.123456789Z",
    "0000-01-01T00:00:00Z",
    "9999-12-29T22:00:00Z",
    "2026-11-23T10:05",
    "2026-11-23T23:59:59",
    "2007-12-30T00:30",
    "08:00-23:30",
    "20:00 - 04:00",
];
const WORDS: [&str; 24] = [
    "-", "/", ":", "T", "t", " ", "Z", "z", "+", "24", "60", "00", "99", "02-29", "02-30", "13", "31", "-03:00",
    "+23:59", ":60", "[UTC]", "0000", "9999", "10000",
];

/// Whether there is such a day: of the Gregorian calendar, in the years 0 to 9999.
fn exists(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// The number in a text of digits alone, as many as that.
fn digits(text: &str, many: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let plain = many.contains(&text.len()) && text.chars().all(|letter| "0123456789".contains(letter));
    plain.then(|| text.parse().ok()).flatten()
}

/// The day that a text says, as `2026-12-31`.
fn plain_day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return None };
    exists(digits(year, 4..=4)?, digits(month, 2..=2)?, digits(day, 2..=2)?).then(|| text.to_owned())
}

/// As [`plain_day`], also as `31/12/2026` with parts that may be short.
fn any_day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month, year] = parts[..] else { return plain_day(text) };
    let number = |text: &str, most| if text.is_empty() { Some(0) } else { digits(text, 1..=most) };
    let year = match year.len() {
        2 => 2000 + digits(year, 2..=2)?,
        4 => digits(year, 4..=4)?,
        _ => return None,
    };
    let (day, month) = (number(day, 2)?, number(month, 2)?);
    exists(year, month, day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[test]
fn a_damaged_day_is_a_day_of_the_calendar_or_refused() {
    Fuzz::new("days", TEXTS, DATES, &WORDS).each_text(|text| {
        assert_eq!(parse_day(text).map(format_day), plain_day(text), "{text:?}");
        assert_eq!(typed_day(text).map(format_day), any_day(text), "{text:?} as typed");
        let Some(day) = typed_day(text) else { return false };
        let shown = time::show_day(day);
        assert_eq!(typed_day(&shown), Some(day), "{text:?}: what is shown is read as itself");
        assert!(time::weekday(day) < 7);
        true
    });
}

#[test]
fn a_damaged_instant_is_read_as_itself_or_refused() {
    let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
    Fuzz::new("instants", TEXTS, DATES, &WORDS).each_text(|text| {
        if let Some(hours) = Hours::parse(text) {
            assert!(
                [0, 43_200_000_000].map(|at| hours.include(at, &zone)).len() == 2 && text.contains('-'),
                "{text:?}"
            );
        }
        let mut errors = Errors::new();
        for days in [0, 1] {
            let read = moment(&zone, &mut errors, "from", text, days);
            assert_eq!(read.is_some(), parse_instant(text).is_some() || plain_day(text).is_some(), "{text:?}");
        }
        let Some(at) = parse_instant(text) else { return false };
        // An offset may lead before the year 0, whose years have a sign that nobody writes.
        let written = format_instant(at);
        assert!(
            written.starts_with('-') || parse_instant(&written) == Some(at),
            "{text:?}: {written} is read as itself"
        );
        for shown in [time::show_instant(at, &zone), time::show_time(at, &zone), time::local_text(at, &zone)] {
            assert!(!shown.is_empty(), "{text:?}");
        }
        let begins = time::day_start(time::local_day(at, &zone), &zone);
        assert!(begins <= at, "{text:?}: a day begins before what happens in it");
        true
    });
}

/// What a browser's field sends is an instant of that day, and shows again as it was.
#[test]
fn a_damaged_local_time_is_read_as_itself_or_refused() {
    let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
    Fuzz::new("local times", TEXTS, DATES, &WORDS).each_text(|text| {
        let Some(at) = parse_local(text, &zone) else { return false };
        let field = local_field(at, &zone);
        assert_eq!(parse_local(&field, &zone), Some(at), "{text:?}: what a field shows is read as itself");
        let hour = |text: &str| text.get(11..13).and_then(|hour| digits(hour, 2..=2));
        assert!(hour(&field).is_some_and(|hour| hour < 24), "{text:?}: {field}");
        assert_eq!(Some(&text[..10]), plain_day(&text[..10]).as_deref(), "{text:?} begins with a day");
        true
    });
}
