//! VAT rates with the ids of the authority. Rates are permille, so 10.5 % is exact.

use gondola_ledger::{Money, Qty};

/// A rate of VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VatRate {
    /// 0 %.
    Zero,
    /// 2.5 %.
    TwoAndAHalf,
    /// 5 %.
    Five,
    /// 10.5 %: fresh food, flour, loose bread.
    TenAndAHalf,
    /// 21 %: the default.
    TwentyOne,
    /// 27 %: power, gas, water, telephone.
    TwentySeven,
}

impl VatRate {
    /// Every rate, the lowest first.
    pub const ALL: [Self; 6] =
        [Self::Zero, Self::TwoAndAHalf, Self::Five, Self::TenAndAHalf, Self::TwentyOne, Self::TwentySeven];

    /// The id in the services and books of the authority.
    pub const fn id(self) -> u8 {
        match self {
            Self::Zero => 3,
            Self::TenAndAHalf => 4,
            Self::TwentyOne => 5,
            Self::TwentySeven => 6,
            Self::Five => 8,
            Self::TwoAndAHalf => 9,
        }
    }

    /// The rate of an id.
    pub fn from_id(id: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|rate| rate.id() == id)
    }

    /// Thousandths of the net.
    pub const fn permille(self) -> i64 {
        match self {
            Self::Zero => 0,
            Self::TwoAndAHalf => 25,
            Self::Five => 50,
            Self::TenAndAHalf => 105,
            Self::TwentyOne => 210,
            Self::TwentySeven => 270,
        }
    }

    /// The rate of so many thousandths.
    pub fn from_permille(permille: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|rate| rate.permille() == permille)
    }

    /// The VAT on a net amount, rounded once; `None` beyond 64 bits.
    pub fn of(self, net: Money) -> Option<Money> {
        net.portion(Qty::new(self.permille()), Qty::new(1_000))
    }
}

/// What a line says of VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VatTreatment {
    /// It carries a rate.
    Rate(VatRate),
    /// Exempt (exento).
    Exempt,
    /// Outside VAT (no gravado).
    NotTaxed,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M24.
    #[test]
    fn every_rate_has_the_id_of_the_table() {
        for (permille, id) in [(210, 5), (105, 4), (270, 6), (0, 3), (50, 8), (25, 9)] {
            let rate = VatRate::from_permille(permille).unwrap();
            assert_eq!((rate.id(), VatRate::from_id(id)), (id, Some(rate)));
        }
        assert_eq!((VatRate::from_id(7), VatRate::from_permille(211)), (None, None));
    }

    /// M24: the check of `argentina.md`.
    #[test]
    fn a_thousand_at_21_and_five_hundred_at_10_5_pay_262_50() {
        let full = VatRate::TwentyOne.of(Money::new(100_000)).unwrap();
        let reduced = VatRate::TenAndAHalf.of(Money::new(50_000)).unwrap();
        assert_eq!((full, full.checked_add(reduced)), (Money::new(21_000), Some(Money::new(26_250))));
    }
}
