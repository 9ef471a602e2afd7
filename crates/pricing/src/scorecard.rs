//! Law: **a supplier's score comes from real receipts, and what was never measured weighs nothing.** The weights of
//! what is known are stretched to the whole, so a new supplier is neither punished nor praised for silence.
//!
//! Collecting the counts is the shop's business; here they become points and bands.

use crate::exact::Fraction;
use crate::rate::Rate;

/// What a supplier mainly brings: it decides what weighs how much, and what to expect (`suppliers-and-purchasing.md`, scorecard).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Anything.
    Generic,
    /// Frescos.
    Fresh,
    /// Bebidas.
    Drinks,
    /// Limpieza.
    Cleaning,
    /// Higiene.
    Hygiene,
    /// Hogar.
    Household,
}

/// What a shop expects of a supplier of some profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Targets {
    /// Days of sales on the shelf, from and to.
    pub cover_days: (u8, u8),
    /// Days from the order to the goods, from and to.
    pub lead_days: (u8, u8),
    /// Percent of orders in full and in time.
    pub otif_percent: u8,
}

impl Profile {
    /// What to expect; nothing is said of the generic one.
    pub const fn targets(self) -> Option<Targets> {
        let (cover_days, lead_days, otif_percent) = match self {
            Self::Generic => return None,
            Self::Fresh => ((1, 2), (1, 1), 95),
            Self::Drinks => ((3, 5), (2, 3), 93),
            Self::Cleaning => ((5, 7), (3, 3), 92),
            Self::Hygiene => ((5, 7), (3, 3), 93),
            Self::Household => ((7, 10), (4, 4), 92),
        };
        Some(Targets { cover_days, lead_days, otif_percent })
    }

    /// The part of a criterion in the score, in percent. What the domain calls price is [`Criterion::Cost`], stock
    /// [`Criterion::Compliance`], quality [`Criterion::Defects`]. Innovation (5) and, of drinks and cleaning, terms (5) are
    /// nothing that receipts tell: they are never measured.
    pub const fn weight(self, criterion: Criterion) -> u8 {
        let [otif, defects, cost, lead_time, compliance, response] = match self {
            Self::Generic | Self::Hygiene | Self::Household => [25, 20, 20, 15, 10, 10],
            Self::Fresh => [10, 5, 20, 30, 30, 0],
            Self::Drinks => [15, 5, 30, 20, 20, 0],
            Self::Cleaning => [15, 10, 35, 15, 15, 0],
        };
        match criterion {
            Criterion::Otif => otif,
            Criterion::Defects => defects,
            Criterion::Cost => cost,
            Criterion::LeadTime => lead_time,
            Criterion::Compliance => compliance,
            Criterion::Response => response,
        }
    }
}

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
    /// All criteria, the heaviest of the generic profile first.
    pub const ALL: [Self; 6] =
        [Self::Otif, Self::Defects, Self::Cost, Self::LeadTime, Self::Compliance, Self::Response];
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
    /// The score by the weights of a profile: the weighted mean of the shares, to a millionth; `None` when nothing was
    /// measured.
    pub fn score(&self, profile: Profile) -> Option<Score> {
        let mut measured = 0;
        let mut sum = 0;
        for criterion in Criterion::ALL {
            if let Some(share) = self.tally(criterion).share() {
                let weight = profile.weight(criterion);
                measured += weight;
                sum += i128::from(share.raw()) * i128::from(weight);
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
        let weights = Criterion::ALL.map(|criterion| Profile::Generic.weight(criterion));
        assert_eq!(weights, [25, 20, 20, 15, 10, 10]);
        assert_eq!(weights.iter().sum::<u8>(), 100);
    }

    /// Price, stock, lead, OTIF and quality as the domain gives them; what is left are innovation and terms.
    #[test]
    fn the_weights_of_each_trade_leave_out_what_receipts_do_not_tell() {
        let order = [Criterion::Cost, Criterion::Compliance, Criterion::LeadTime, Criterion::Otif, Criterion::Defects];
        for (profile, weights, untold) in [
            (Profile::Fresh, [20, 30, 30, 10, 5], 5),
            (Profile::Drinks, [30, 20, 20, 15, 5], 10),
            (Profile::Cleaning, [35, 15, 15, 15, 10], 10),
        ] {
            assert_eq!(order.map(|criterion| profile.weight(criterion)), weights, "{profile:?}");
            assert_eq!(weights.iter().sum::<u8>() + untold + profile.weight(Criterion::Response), 100, "{profile:?}");
        }
        let drinks = Profile::Drinks.targets().unwrap();
        assert_eq!((drinks.cover_days, drinks.lead_days, drinks.otif_percent), ((3, 5), (2, 3), 93));
        assert_eq!(Profile::Generic.targets(), None);
    }

    /// One who is never late but often without goods: with fresh goods that weighs three times as much.
    #[test]
    fn the_same_receipts_weigh_otherwise_in_another_trade() {
        let tally = |good, all| Tally { good, all };
        let receipts = Receipts { lead_time: tally(10, 10), compliance: tally(1, 2), ..Receipts::default() };
        let points = |profile| receipts.score(profile).map(|score| (score.points.to_string(), score.measured));
        assert_eq!(points(Profile::Generic), Some(("80.00".to_owned(), 25)));
        assert_eq!(points(Profile::Fresh), Some(("75.00".to_owned(), 60)));
        let answered = Receipts { response: tally(1, 1), ..Receipts::default() };
        assert_eq!(answered.score(Profile::Fresh), None, "claims weigh nothing there");
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
        assert_eq!(receipts.score(Profile::Generic), Some(Score { points: Rate::basis_points(8_710), measured: 100 }));
        receipts.response = Tally::default();
        let without = receipts.score(Profile::Generic).unwrap();
        assert_eq!((without.points.to_string().as_str(), without.measured), ("91.22", 90));
        assert_eq!(Receipts::default().score(Profile::Generic), None);
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
            prop_assert!(receipts.score(Profile::Generic).is_none_or(|score| score.points.is_share() && score.measured <= 100));
        }
    }
}
