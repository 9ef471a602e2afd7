//! Windows that slide over events, and the cases that grow out of them: windows that show the same trouble and share
//! time are one case.

use std::collections::{BTreeMap, BTreeSet};

use gondola_store::At;

use super::{Case, Detector, Severity};

/// Whom and what about them.
pub type Who = (String, String);

/// Events by whom they are about, each list in the order of time.
pub struct Timeline<T>(BTreeMap<Who, Vec<(At, T)>>);

impl<T> Timeline<T> {
    /// Sorts events by whom they are about and when they happened.
    pub fn of(events: impl IntoIterator<Item = (Who, At, T)>) -> Self {
        let mut by_who: BTreeMap<Who, Vec<(At, T)>> = BTreeMap::new();
        for (who, at, event) in events {
            by_who.entry(who).or_default().push((at, event));
        }
        by_who.values_mut().for_each(|events| events.sort_by_key(|(at, _)| *at));
        Self(by_who)
    }
}

/// What happened up to an event.
pub struct Window<'a, T> {
    /// Before the window.
    pub before: &'a [(At, T)],
    /// Within it; the last one is where it ends.
    pub within: &'a [(At, T)],
}

impl<T> Window<'_, T> {
    /// How many events are within.
    pub fn len(&self) -> i64 {
        count_of(self.within.iter())
    }

    /// When the window ends.
    pub fn ends(&self) -> At {
        self.within.last().expect("a window ends with an event").0
    }
}

impl<T: Ord> Window<'_, T> {
    /// How many different events are within.
    pub fn different(&self) -> i64 {
        count_of(self.within.iter().map(|(_, event)| event).collect::<BTreeSet<_>>().iter())
    }
}

/// How many there are.
pub fn count_of(items: impl Iterator) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

/// A rule over windows of one length.
pub struct Rule {
    pub detector: Detector,
    /// How long a window is.
    pub window: At,
    /// Windows that end before this were judged before.
    pub since: At,
}

impl Rule {
    /// The cases in `timeline`; `judge` tells of a window how many it counts and how bad that is, or nothing.
    pub fn cases<T>(
        &self,
        timeline: &Timeline<T>,
        judge: impl Fn(&Window<'_, T>) -> Option<(i64, Severity)>,
    ) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        for ((subject, about), events) in &timeline.0 {
            let (mut start, mut open) = (0, None::<Case>);
            for end in 0..events.len() {
                let at = events[end].0;
                while events[start].0 <= at - self.window {
                    start += 1;
                }
                let window = Window { before: &events[..start], within: &events[start..=end] };
                let sign = (at >= self.since).then(|| judge(&window)).flatten();
                let Some((count, severity)) = sign else { continue };
                let first_at = events[start].0;
                match open.as_mut().filter(|case| first_at <= case.last_at) {
                    Some(case) => {
                        (case.last_at, case.count) = (at, case.count.max(count));
                        case.severity = case.severity.max(severity);
                    }
                    None => {
                        let (subject, about, name) = (subject.clone(), about.clone(), String::new());
                        let new = Case {
                            detector: self.detector,
                            severity,
                            subject,
                            name,
                            about,
                            first_at,
                            last_at: at,
                            count,
                        };
                        cases.extend(open.replace(new));
                    }
                }
            }
            cases.extend(open);
        }
        cases
    }
}
