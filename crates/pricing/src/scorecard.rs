//! Law: **a supplier's score comes from real receipts, and what was never measured weighs nothing.** The weights of
//! what is known are stretched to the whole, so a new supplier is neither punished nor praised for silence.
//!
//! Collecting the counts is the shop's business; here they become points and bands.

use crate::exact::Fraction;
use crate::rate::Rate;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// Deliveries on time and in full, of all deliveries.
    Otif,
    /// Units without defect, of units received.
    Defects,
    /// Lines billed at the expected cost, of all lines.
    Cost,
    /// Deliveries within the promised lead time, of all deliveries.
    LeadTime,
    /// Units received, of units ordered.
    Compliance,
    /// Claims and messages answered, of all.
    Response,
}

impl Criterion {
    /// All criteria, the heaviest first.
    pub const ALL: [Self; 6] =
        [Self::Otif, Self::Defects, Self::Cost, Self::LeadTime, Self::Compliance, Self::Response];

    /// Its part of the generic score, in percent; together they make 100.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Otif => 25,
            Self::Defects | Self::Cost => 20,
            Self::LeadTime => 15,
            Self::Compliance | Self::Response => 10,
        }
    }
}

/// How many went well, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those that went well; more than all counts as all.
    pub good: u64,
    /// All of them; zero is "not measured".
    pub all: u64,
}

impl Tally {
    /// The good part, to a millionth; `None` when nothing was measured.
    pub fn share(self) -> Option<Rate> {
        Rate::nearest(self.exact()?)
    }

    fn exact(self) -> Option<Fraction> {
        Fraction::new(self.good.min(self.all).into(), self.all.into())
    }
}

/// The counts of one supplier over some period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Receipts {
    /// [`Criterion::Otif`].
    pub otif: Tally,
    /// [`Criterion::Defects`].
    pub defects: Tally,
    /// [`Criterion::Cost`].
    pub cost: Tally,
    /// [`Criterion::LeadTime`].
    pub lead_time: Tally,
    /// [`Criterion::Compliance`].
    pub compliance: Tally,
    /// [`Criterion::Response`].
    pub response: Tally,
}

/// A score and how much of it rests on something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100 %.
    pub points: Rate,
    /// Percent of the weights that were measured.
    pub measured: u8,
}

impl Receipts {
    /// The generic score: the weighted mean of the shares, to a millionth; `None` when nothing was measured.
    pub fn score(&self) -> Option<Score> {
        let mut measured = 0;
        let mut sum = 0;
        for criterion in Criterion::ALL {
            if let Some(share) = self.tally(criterion).share() {
                measured += criterion.weight();
                sum += i128::from(share.raw()) * i128::from(criterion.weight());
            }
        }
        let millionths = Fraction::new(sum, measured.into())?.round();
        let points = i32::try_from(millionths).ok().map(Rate::new)?;
        Some(Score { points, measured })
    }

    /// The counts of one criterion.
    pub const fn tally(&self, criterion: Criterion) -> Tally {
        match criterion {
            Criterion::Otif => self.otif,
            Criterion::Defects => self.defects,
            Criterion::Cost => self.cost,
            Criterion::LeadTime => self.lead_time,
            Criterion::Compliance => self.compliance,
            Criterion::Response => self.response,
        }
    }
}

/// Good, middling or bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Needs a talk.
    Bad,
    /// In between.
    Fair,
    /// Keep it up.
    Good,
}

/// Compliance: under 80 % bad, over 95 % good, compared exactly; `None` when nothing was measured.
pub fn compliance_band(compliance: Tally) -> Option<Band> {
    let share = compliance.exact()?;
    Some(if share < Rate::basis_points(8_000).fraction() {
        Band::Bad
    } else if share > Rate::basis_points(9_500).fraction() {
        Band::Good
    } else {
        Band::Fair
    })
}

/// Mean lead time: under 2 days good, over 5 to be reviewed (bad); `None` without deliveries.
pub fn lead_time_band(days: u64, deliveries: u64) -> Option<Band> {
    let mean = Fraction::new(days.into(), deliveries.into())?;
    Some(if mean < Fraction::whole(2) {
        Band::Good
    } else if mean > Fraction::whole(5) {
        Band::Bad
    } else {
        Band::Fair
    })
}

/// How punctual one delivery was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Punctuality {
    /// By the promised day.
    OnTime,
    /// 1 to 3 days after it.
    Late,
    /// More than 3 days after it.
    VeryLate,
}

impl Punctuality {
    /// From the days between promise and receipt, negative when early.
    pub const fn of(days_late: i64) -> Self {
        match days_late {
            ..=0 => Self::OnTime,
            1..=3 => Self::Late,
            4.. => Self::VeryLate,
        }
    }
}

/// How much faster than the shop's own inflation a supplier's costs rose, both from
/// [`crate::inflation::own_inflation`]; negative when slower, `None` beyond what a rate can hold.
pub fn price_drift(supplier: Rate, own: Rate) -> Option<Rate> {
    supplier.raw().checked_sub(own.raw()).map(Rate::new)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_generic_weights_make_a_hundred() {
        let weights = Criterion::ALL.map(Criterion::weight);
        assert_eq!(weights, [25, 20, 20, 15, 10, 10]);
        assert_eq!(weights.iter().sum::<u8>(), 100);
    }

    #[test]
    fn a_score_is_the_weighted_mean_of_what_was_measured() {
        let tally = |good, all| Tally { good, all };
        let mut receipts = Receipts {
            otif: tally(18, 20),
            defects: tally(995, 1_000),
            cost: tally(45, 50),
            lead_time: tally(16, 20),
            compliance: tally(970, 1_000),
            response: tally(1, 2),
        };
        // 22.5 + 19.9 + 18 + 12 + 9.7 + 5
        assert_eq!(receipts.score(), Some(Score { points: Rate::basis_points(8_710), measured: 100 }));
        receipts.response = Tally::default();
        let without = receipts.score().unwrap();
        assert_eq!((without.points.to_string().as_str(), without.measured), ("91.22", 90));
        assert_eq!(Receipts::default().score(), None);
    }

    #[test]
    fn the_bands_are_open_at_both_ends() {
        for row in "799 Bad; 800 Fair; 950 Fair; 951 Good; 2000 Good".split("; ") {
            let (good, band) = row.split_once(' ').unwrap();
            let found = compliance_band(Tally { good: good.parse().unwrap(), all: 1_000 });
            assert_eq!(format!("{:?}", found.unwrap()), band, "{row}");
        }
        for row in "199 Good; 200 Fair; 500 Fair; 501 Bad".split("; ") {
            let (days, band) = row.split_once(' ').unwrap();
            assert_eq!(format!("{:?}", lead_time_band(days.parse().unwrap(), 100).unwrap()), band, "{row}");
        }
        assert_eq!((compliance_band(Tally::default()), lead_time_band(3, 0)), (None, None));
        assert_eq!([-2, 0, 1, 3, 4].map(Punctuality::of).map(|late| late as u8), [0, 0, 1, 1, 2]);
    }

    #[test]
    fn drift_is_what_the_supplier_rose_beyond_the_rest() {
        assert_eq!(price_drift(Rate::basis_points(900), Rate::basis_points(650)), Some(Rate::basis_points(250)));
        assert_eq!(price_drift(Rate::new(i32::MAX), Rate::new(-1)), None);
    }

    proptest! {
        #[test]
        fn a_score_is_always_a_share(counts in proptest::array::uniform12(any::<u64>())) {
            let tally = |n: usize| Tally { good: counts[n], all: counts[n + 6] };
            let receipts = Receipts {
                otif: tally(0), defects: tally(1), cost: tally(2), lead_time: tally(3), compliance: tally(4),
                response: tally(5),
            };
            prop_assert!(receipts.score().is_none_or(|score| score.points.is_share() && score.measured <= 100));
        }
    }
}
