//! Law: **a season scales the minimum, from the date, exactly.** Summer 1.3, autumn 1.0, winter 0.8, spring 1.1, of the
//! southern hemisphere. A category may say otherwise month by month; that table is the shop's.

use crate::factor::Factor;

/// A quarter of the southern year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Season {
    /// December to February.
    Summer,
    /// March to May.
    Autumn,
    /// June to August.
    Winter,
    /// September to November.
    Spring,
}

impl Season {
    /// The season of a month, 1 to 12.
    pub const fn of_month(month: u8) -> Option<Self> {
        match month {
            12 | 1 | 2 => Some(Self::Summer),
            3..=5 => Some(Self::Autumn),
            6..=8 => Some(Self::Winter),
            9..=11 => Some(Self::Spring),
            _ => None,
        }
    }

    /// What the minimum is multiplied by when nobody said otherwise.
    pub const fn factor(self) -> Factor {
        let tenths = match self {
            Self::Summer => 13,
            Self::Autumn => 10,
            Self::Winter => 8,
            Self::Spring => 11,
        };
        Factor::new(tenths, 10).expect("the factors of the seasons are not zero")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_has_its_season_and_no_other_number_does() {
        let factors: Vec<String> =
            (1..=12).map(|month| Season::of_month(month).unwrap().factor().to_string()).collect();
        let expected = ["13/10", "13/10", "1", "1", "1", "4/5", "4/5", "4/5", "11/10", "11/10", "11/10", "13/10"];
        assert_eq!(factors, expected);
        assert_eq!((Season::of_month(0), Season::of_month(13)), (None, None));
    }
}
