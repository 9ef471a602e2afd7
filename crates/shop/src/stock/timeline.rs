//! What happened to a product after a moment, for movements dated before its last one. Read once from
//! the ledger, then kept up with what the book posts, so that a batch of late lines asks once.

use gondola_store::At;
use uuid::Uuid;

/// What a movement changed at a place, and when it happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimedLine {
    pub place: Uuid,
    pub occurred_at: At,
    pub delta: i64,
}

/// Everything after a moment, in the order it happened.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    from: At,
    lines: Vec<TimedLine>,
}

impl Timeline {
    /// What the ledger holds after `from`, in its order, and what was posted since.
    pub fn new(from: At, stored: Vec<TimedLine>, posted: &[TimedLine]) -> Self {
        let mut timeline = Self { from, lines: stored };
        posted.iter().for_each(|line| timeline.add(*line));
        timeline
    }

    /// Whether it begins early enough to answer about a moment.
    pub fn reaches(&self, at: At) -> bool {
        self.from <= at
    }

    /// Takes in what was just posted: after everything else of its instant.
    pub fn add(&mut self, line: TimedLine) {
        if line.occurred_at > self.from {
            let at = self.lines.partition_point(|other| other.occurred_at <= line.occurred_at);
            self.lines.insert(at, line);
        }
    }

    /// What changed at a place after a moment, and the lowest sum on the way, never above zero.
    pub fn later_at(&self, place: Uuid, at: At) -> (i64, i64) {
        let later = self.lines.iter().filter(|line| line.occurred_at > at && line.place == place);
        later.fold((0, 0), |(sum, lowest): (i64, i64), line| (sum + line.delta, lowest.min(sum + line.delta)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: Uuid = Uuid::from_u128(1);
    const STORE: Uuid = Uuid::from_u128(2);

    fn line(place: Uuid, occurred_at: At, delta: i64) -> TimedLine {
        TimedLine { place, occurred_at, delta }
    }

    #[test]
    fn the_lowest_sum_on_the_way_counts_and_not_only_the_last() {
        let timeline = Timeline::new(10, vec![line(SHOP, 11, -5), line(STORE, 12, -9), line(SHOP, 13, 7)], &[]);
        assert_eq!(timeline.later_at(SHOP, 10), (2, -5));
        assert_eq!(timeline.later_at(SHOP, 11), (7, 0));
        assert_eq!(timeline.later_at(STORE, 10), (-9, -9));
        assert_eq!(timeline.later_at(SHOP, 13), (0, 0));
    }

    #[test]
    fn what_was_posted_stands_after_what_happened_at_the_same_moment() {
        let mut timeline = Timeline::new(10, vec![line(SHOP, 12, 5)], &[line(SHOP, 11, -1), line(SHOP, 9, -100)]);
        timeline.add(line(SHOP, 12, -3));
        assert_eq!(timeline.later_at(SHOP, 10), (1, -1));
        assert!(timeline.reaches(10) && timeline.reaches(11) && !timeline.reaches(9));
    }
}
