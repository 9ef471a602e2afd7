//! What people read of protected data and take along: when, how much, and how that differs from what they used to.

use std::collections::{BTreeMap, BTreeSet};

use gondola_store::At;
use jiff::tz::TimeZone;

use super::evidence::{Operation, ProtectedAccess, is_somebody};
use super::rules::{
    DAY, EXPORT_DAYS, EXPORT_HISTORY, EXPORTED_ROWS, EXPORTED_ROWS_CRITICAL, EXPORTED_TIMES_USUAL, MEAN_WEEKS,
    OFF_HOURS_PERCENT, OFF_HOURS_PERCENT_HIGH, OFF_HOURS_READS, READS_BEYOND_MEAN, WEEK,
};
use super::windows::{Rule, Timeline, Window, count_of};
use super::{Case, Detector, Local, Severity};
use crate::kernel::time::{Day, local_day};

/// Reads while there is no work. Whoever has no hours, as the product itself, has none outside of them.
pub fn off_hours(accesses: &[ProtectedAccess], local: &Local, since: At) -> Vec<Case> {
    let outside = |access: &ProtectedAccess| !local.hours.include(access.at, &local.zone);
    let timeline = reads_of(accesses, |access| outside(access));
    let rule = Rule { detector: Detector::OffHours, window: WEEK, since };
    rule.cases(&timeline, |window| {
        let outside = count_of(window.within.iter().filter(|(_, outside)| *outside));
        let more_than = |percent: i64| outside * 100 > window.len() * percent;
        let severity = if more_than(OFF_HOURS_PERCENT_HIGH) { Severity::High } else { Severity::Medium };
        (window.len() >= OFF_HOURS_READS && more_than(OFF_HOURS_PERCENT)).then_some((outside, severity))
    })
}

/// Rows taken along within a day: too many for anybody, or many more than on this one's usual days.
pub fn exfiltration(accesses: &[ProtectedAccess], zone: &TimeZone, since: At) -> Vec<Case> {
    let exports = accesses.iter().filter(|access| access.operation == Operation::Export && access.is_read());
    let timeline = Timeline::of(exports.map(|access| ((access.actor.clone(), String::new()), access.at, access.count)));
    let rule = Rule { detector: Detector::Exfiltration, window: DAY, since };
    rule.cases(&timeline, |window| {
        let rows: i64 = window.within.iter().map(|(_, rows)| rows).sum();
        let unusual = usual_rows(window, zone).is_some_and(|usual| rows > EXPORTED_TIMES_USUAL * usual);
        let severity = if rows > EXPORTED_ROWS_CRITICAL { Severity::Critical } else { Severity::High };
        (rows > EXPORTED_ROWS || unusual).then_some((rows, severity))
    })
}

/// The rows of a usual day: the third quartile of the days of the last thirty on which something was taken along. A day
/// without exports says nothing about how long one's lists are.
fn usual_rows(window: &Window<'_, i64>, zone: &TimeZone) -> Option<i64> {
    let (first, _) = window.before.first()?;
    if *first > window.ends() - EXPORT_HISTORY {
        return None;
    }
    let today = local_day(window.ends(), zone);
    let mut by_day: BTreeMap<Day, i64> = BTreeMap::new();
    for (at, rows) in window.before {
        let day = local_day(*at, zone);
        if day >= today - EXPORT_DAYS {
            *by_day.entry(day).or_default() += rows;
        }
    }
    let mut days: Vec<i64> = by_day.into_values().collect();
    days.sort_unstable();
    // The nearest rank: of four days the third, of five the fourth.
    days.get((3 * days.len()).div_ceil(4).checked_sub(1)?).copied()
}

/// More reads in a week than in the weeks before, or a column that somebody never read. Who came less than a week ago has
/// no habits yet.
pub fn unusual_access(accesses: &[ProtectedAccess], since: At) -> Vec<Case> {
    let rule = Rule { detector: Detector::UnusualAccess, window: WEEK, since };
    let mut cases = rule.cases(&reads_of(accesses, |_| ()), |window| {
        let weeks = weeks_before(window)?;
        let before = count_of(window.before.iter().filter(|(at, ())| *at > window.ends() - (weeks + 1) * WEEK));
        // More than the mean and five, told without fractions.
        ((window.len() - READS_BEYOND_MEAN) * weeks > before).then_some((window.len(), Severity::Medium))
    });
    cases.extend(first_uses(accesses, since));
    cases
}

/// Whole weeks before the window in which somebody was here, as many as the mean takes.
fn weeks_before(window: &Window<'_, ()>) -> Option<i64> {
    let (first, ()) = window.before.first()?;
    let weeks = (window.ends() - WEEK - first) / WEEK;
    (weeks >= 1).then(|| weeks.min(MEAN_WEEKS))
}

fn first_uses(accesses: &[ProtectedAccess], since: At) -> Vec<Case> {
    let mut reads: Vec<_> = accesses.iter().filter(|access| access.is_read() && is_somebody(&access.actor)).collect();
    reads.sort_by_key(|access| access.at);
    let (mut arrived, mut known, mut cases) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for access in reads {
        let since_when = *arrived.entry(&access.actor).or_insert(access.at);
        let column = format!("{}.{}", access.table, access.column);
        let first = !access.column.is_empty() && known.insert((&access.actor, column.clone()));
        if first && access.at - since_when >= WEEK && access.at >= since {
            cases.push(Case {
                detector: Detector::UnusualAccess,
                severity: Severity::Medium,
                subject: access.actor.clone(),
                name: String::new(),
                about: column,
                first_at: access.at,
                last_at: access.at,
                count: 1,
            });
        }
    }
    cases
}

/// What people and programs read, with what `tell` says of each.
fn reads_of<T>(accesses: &[ProtectedAccess], tell: impl Fn(&ProtectedAccess) -> T) -> Timeline<T> {
    let reads = accesses.iter().filter(|access| access.is_read() && is_somebody(&access.actor));
    Timeline::of(reads.map(|access| ((access.actor.clone(), String::new()), access.at, tell(access))))
}
