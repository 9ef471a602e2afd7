//! How busy a day is: weekday, month, holidays, paydays and the trade's own dates in Necochea, as one factor in thousandths.
//! Source: the domain's `forecast-and-replenishment.md` (weak priors) and `argentina.md` (calendar). Not here: opening hours,
//! and what a single product sells.

use gondola_ledger::Day;
use jiff::Span;
use jiff::civil::{Date, Weekday, date};

use crate::kernel::time;

/// What the weather does to a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// Drinks and ice: the beach decides.
    Cold,
    /// Soups, infusions, chocolate: winter decides.
    Warm,
    /// The same all year.
    Even,
}

impl Season {
    /// All of them, in the order they are declared.
    pub const ALL: [Self; 3] = [Self::Cold, Self::Warm, Self::Even];

    /// The season of that name in the tables.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "cold" => Some(Self::Cold),
            "warm" => Some(Self::Warm),
            "even" => Some(Self::Even),
            _ => None,
        }
    }
}

/// How busy, against an ordinary day (1,000), Monday to Sunday.
const WEEKDAY: [i64; 7] = [1_100, 1_000, 900, 1_000, 1_200, 1_400, 1_300];
/// January to December, as a beach town lives them.
const MONTH_EVEN: [i64; 12] = [1_200, 1_100, 1_000, 1_000, 1_000, 800, 700, 800, 1_100, 1_200, 1_250, 1_300];
/// Drinks in January and February stand above December.
const MONTH_COLD: [i64; 12] = [1_500, 1_400, 1_050, 900, 800, 650, 650, 700, 900, 1_050, 1_200, 1_350];
const MONTH_WARM: [i64; 12] = [800, 800, 950, 1_050, 1_150, 1_250, 1_250, 1_150, 1_050, 950, 900, 850];
/// An event is felt this many days before it.
const FADE_DAYS: i64 = 4;

/// The weekday, 0 for Monday.
pub fn weekday(day: Day) -> usize {
    usize::from(time::date(day.0).weekday().to_monday_zero_offset().unsigned_abs())
}

/// The month's factor in thousandths.
pub fn month_factor(day: Day, season: Season) -> i64 {
    let table = match season {
        Season::Cold => MONTH_COLD,
        Season::Warm => MONTH_WARM,
        Season::Even => MONTH_EVEN,
    };
    table[usize::from(day.month()) - 1]
}

/// The day's whole factor in thousandths: month, weekday, coming events, and the first days after wages.
pub fn busyness(day: Day, season: Season) -> i64 {
    let payday = if time::date(day.0).day() <= 5 { 1_080 } else { 1_000 };
    let factors = [WEEKDAY[weekday(day)], event_factor(day), payday];
    factors.into_iter().fold(month_factor(day, season), |busy, factor| busy * factor / 1_000)
}

/// Whether alcohol is sold until 23:00 (town season, 8 December to Easter) and not until 21:00.
pub fn is_town_season(day: Day) -> bool {
    let today = time::date(day.0);
    today >= date(today.year(), 12, 8) || today <= easter(today.year())
}

fn event_factor(today: Day) -> i64 {
    // Only events of the same year: by the first of January, New Year's Eve is over.
    let felt = events(time::date(today.0).year()).into_iter().map(|(event, peak)| {
        match today.days_until(Day(time::day_of(event))) {
            days @ 0..FADE_DAYS => 1_000 + (peak - 1_000) * (FADE_DAYS - days) / FADE_DAYS,
            _ => 1_000,
        }
    });
    felt.max().unwrap_or(1_000)
}

/// What raises sales, each with the factor of its own day.
fn events(year: i16) -> Vec<(Date, i64)> {
    let [carnival_monday, carnival, good_friday] = of_easter(year);
    let mut events = vec![
        (date(year, 12, 24), 2_500),
        (date(year, 12, 31), 2_000),
        (mothers_day(year), 1_800),
        (fathers_day(year), 1_500),
        (childrens_day(year), 1_300),
        (carnival_monday, 1_600),
        (carnival, 1_600),
        (good_friday, 1_600),
        (date(year, 2, 28), 1_400),
        (date(year, 7, 20), 1_200),
    ];
    events.extend(holidays(year).into_iter().map(|holiday| (holiday, 1_300)));
    events
}

/// The national holidays of a year, in its order.
fn holidays(year: i16) -> Vec<Date> {
    let fixed = [(1, 1), (3, 24), (4, 2), (5, 1), (5, 25), (6, 20), (7, 9), (12, 8), (12, 25)];
    let movable = [(6, 17), (8, 17), (10, 12), (11, 20)].map(|(month, day)| moved(date(year, month, day)));
    let mut holidays = Vec::from(fixed.map(|(month, day)| date(year, month, day)));
    holidays.extend(movable.into_iter().chain(of_easter(year)).chain(bridges(year)));
    holidays.sort();
    holidays
}

/// Days between a holiday and a weekend that a decree makes one of them; of a year without its decree there are none.
fn bridges(year: i16) -> Vec<Date> {
    let decreed: &[(i8, i8)] = if year == 2026 { &[(3, 23), (7, 10), (12, 7)] } else { &[] };
    decreed.iter().map(|(month, day)| date(year, *month, *day)).collect()
}

/// The Monday and Tuesday of Carnival, and Good Friday.
fn of_easter(year: i16) -> [Date; 3] {
    [48, 47, 2].map(|days| before(easter(year), days))
}

fn fathers_day(year: i16) -> Date {
    third_sunday(year, 6)
}

fn childrens_day(year: i16) -> Date {
    third_sunday(year, 8)
}

fn mothers_day(year: i16) -> Date {
    third_sunday(year, 10)
}

/// A movable holiday: Tuesday and Wednesday go to the Monday before, Thursday and Friday to the Monday after.
fn moved(holiday: Date) -> Date {
    let shift = match holiday.weekday() {
        Weekday::Tuesday => -1,
        Weekday::Wednesday => -2,
        Weekday::Thursday => 4,
        Weekday::Friday => 3,
        _ => 0,
    };
    holiday.saturating_add(Span::new().days(shift))
}

fn third_sunday(year: i16, month: i8) -> Date {
    date(year, month, 1).nth_weekday_of_month(3, Weekday::Sunday).expect("every month has a third Sunday")
}

fn before(day: Date, days: i64) -> Date {
    day.saturating_sub(Span::new().days(days))
}

/// Easter Sunday (the anonymous Gregorian computus).
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    let narrow = |number: i32| i8::try_from(number).expect("the computus gives a day of March or April");
    date(year, narrow(month), narrow(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Day {
        Day(time::day_of(date(year, month, day)))
    }

    #[test]
    fn easter_and_the_movable_holidays_are_those_of_the_calendar() {
        assert_eq!(easter(2026), date(2026, 4, 5));
        assert_eq!(easter(2027), date(2027, 3, 28));
        assert_eq!(easter(2028), date(2028, 4, 16));
        assert_eq!(moved(date(2026, 11, 20)), date(2026, 11, 23));
        assert_eq!(moved(date(2026, 6, 17)), date(2026, 6, 15));
    }

    /// `argentina.md`, with its bridge days.
    #[test]
    fn the_holidays_of_2026_are_those_of_the_list() {
        let list = "1/1 16/2 17/2 23/3 24/3 2/4 3/4 1/5 25/5 15/6 20/6 9/7 10/7 17/8 12/10 23/11 7/12 8/12 25/12";
        let listed = list.split(' ').map(|day| {
            let (day, month) = day.split_once('/').expect("day/month");
            date(2026, month.parse().expect("a month"), day.parse().expect("a day"))
        });
        assert_eq!(holidays(2026), listed.collect::<Vec<_>>());
        for holiday in holidays(2026) {
            assert!(event_factor(Day(time::day_of(holiday))) >= 1_300, "{holiday}");
        }
        assert_eq!(holidays(2027).len(), 16, "of other years nothing is decreed yet");
    }

    #[test]
    fn carnival_good_friday_and_the_days_of_the_trade_fall_where_the_domain_says() {
        assert_eq!(of_easter(2026), [date(2026, 2, 16), date(2026, 2, 17), date(2026, 4, 3)]);
        assert_eq!(of_easter(2027), [date(2027, 2, 8), date(2027, 2, 9), date(2027, 3, 26)]);
        let trade = [fathers_day(2026), childrens_day(2026), mothers_day(2026)];
        assert_eq!(trade, [date(2026, 6, 21), date(2026, 8, 16), date(2026, 10, 18)]);
        for (day, factor) in [((2, 16), 1_600), ((2, 17), 1_600), ((4, 3), 1_600), ((6, 21), 1_500), ((10, 18), 1_800)]
        {
            assert_eq!(event_factor(self::day(2026, day.0, day.1)), factor, "{day:?}");
        }
    }

    #[test]
    fn drinks_in_january_stand_above_december_and_saturday_above_wednesday() {
        assert!(busyness(day(2027, 1, 20), Season::Cold) > busyness(day(2026, 12, 16), Season::Cold));
        assert!(busyness(day(2026, 11, 14), Season::Even) > busyness(day(2026, 11, 11), Season::Even));
        assert_eq!(weekday(day(2026, 11, 23)), 0);
    }

    #[test]
    fn a_holiday_raises_sales_and_never_cuts_them() {
        assert_eq!(event_factor(day(2026, 12, 24)), 2_500);
        assert!((1_001..2_500).contains(&event_factor(day(2026, 12, 22))));
        let Day(new_year) = day(2026, 1, 1);
        assert!((new_year..new_year + 365).all(|each| event_factor(Day(each)) >= 1_000));
    }

    #[test]
    fn the_alcohol_hour_follows_the_town_season() {
        assert!(is_town_season(day(2027, 1, 15)) && is_town_season(day(2026, 12, 8)));
        assert!(!is_town_season(day(2026, 11, 23)));
    }
}
