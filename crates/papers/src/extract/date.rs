//! Dates as papers write them: `12/03/2026`, `12-03-26`, `31 de marzo de 2026`. The day always comes first.

use gondola_ledger::Day;

/// Years that a paper may bear; later ones and older ones are misread.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2099;
/// Century of a year of two digits.
const CENTURY: i32 = 2_000;
/// Longest date of one word looked at.
const BYTES_MAX: usize = 12;
const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// A date of one word: `12/03/2026`, `12-03-26`, `12.3.2026`.
pub fn numeric(text: &str) -> Option<Day> {
    let text = text.trim_matches(|letter: char| !letter.is_ascii_digit());
    if text.len() > BYTES_MAX {
        return None;
    }
    let mark = text.chars().find(|letter| !letter.is_ascii_digit()).filter(|mark| ['/', '-', '.'].contains(mark))?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let has_lengths = (1..=2).contains(&day.len()) && (1..=2).contains(&month.len());
    let year = match year.len() {
        4 => digits(year)?,
        2 => CENTURY + digits(year)?,
        _ => return None,
    };
    if has_lengths { civil(year, digits(month)?, digits(day)?) } else { None }
}

/// `2026-03-12`, as a QR has it.
pub(crate) fn iso(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let has_lengths = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    if has_lengths { civil(digits(year)?, digits(month)?, digits(day)?) } else { None }
}

/// The first date in a text, in figures or in words.
pub fn find(text: &str) -> Option<Day> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.iter().find_map(|word| numeric(word)).or_else(|| words.windows(5).find_map(in_words))
}

/// `31 de marzo de 2026`.
fn in_words(words: &[&str]) -> Option<Day> {
    let [day, "de", month, "de", year] = words else { return None };
    let month = super::plain::plain(month);
    let at = MONTHS.iter().position(|name| *name == month || (*name == "septiembre" && month == "setiembre"))?;
    let year = year.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    if year.len() != 4 || day.len() > 2 {
        return None;
    }
    civil(digits(year)?, i32::try_from(at).ok()? + 1, digits(day)?)
}

fn digits(text: &str) -> Option<i32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// The day of a date, when there is such a date.
pub(crate) fn civil(year: i32, month: i32, day: i32) -> Option<Day> {
    if !YEARS.contains(&year) || !(1..=12).contains(&month) || !(1..=month_days(year, month)).contains(&day) {
        return None;
    }
    let before: i32 = (1..month).map(|earlier| month_days(year, earlier)).sum();
    let past = year - 1_970;
    let leap_days = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477;
    Some(Day(past * 365 + leap_days + before + day - 1))
}

const fn month_days(year: i32, month: i32) -> i32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read_in_figures_and_in_words() {
        for (text, wanted) in [
            ("12/03/2026", "2026-03-12"),
            ("Fecha: 31-03-26", "2026-03-31"),
            ("1.4.2026", "2026-04-01"),
            ("Mar del Plata, 31 de marzo de 2026.", "2026-03-31"),
            ("1 de Setiembre de 2025", "2025-09-01"),
            ("29/02/2024", "2024-02-29"),
        ] {
            assert_eq!(find(text).map(|day| day.to_string()).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "29/02/2026",
            "31/04/2026",
            "12/13/2026",
            "0/1/2026",
            "12/03/202",
            "12/03-2026",
            "1/2/1969",
            "30-71533519-7",
            "1.234,56",
            "31 de brumario de 2026",
            "é/é/2026",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back(day in 0_i32..47_000) {
            prop_assert_eq!(iso(&Day(day).to_string()), Some(Day(day)));
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            let _ = (find(&text), iso(&text));
        }
    }
}
