//! Law: **recargo and margen are never shown apart.** Markup is on cost, margin on price; each is computed from the
//! exact amounts and rounded once, to a millionth.
//!
//! Turning one into the other and back loses at most one millionth from a margin; from a markup m, at most
//! `(1 + m)² / 2 + 1` of them, because a margin near 100 % holds ever larger markups.

use gondola_ledger::UnitCost;

use crate::exact::Fraction;
use crate::rate::Rate;

/// Both percentages of one price, always together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percentages {
    /// Recargo: what is gained, over the cost.
    pub markup: Rate,
    /// Margen: what is gained, over the price.
    pub margin: Rate,
}

impl Percentages {
    /// From a cost and the price that faces it, both with the same taxes; `None` unless both are above zero, or when
    /// the markup is beyond what a [`Rate`] can hold.
    pub fn between(cost: UnitCost, price: UnitCost) -> Option<Self> {
        Self::of(Fraction::whole(cost.raw().into()), Fraction::whole(price.raw().into()))
    }

    /// From exact values.
    pub(crate) fn of(cost: Fraction, price: Fraction) -> Option<Self> {
        let gain = price.minus(cost)?;
        Some(Self { markup: Rate::nearest(gain.over(cost)?)?, margin: Rate::nearest(gain.over(price)?)? })
    }

    /// From a markup; `None` at -100 % or less, which is no price.
    pub fn from_markup(markup: Rate) -> Option<Self> {
        Some(Self { markup, margin: Rate::nearest(markup.fraction().over(markup.grown())?)? })
    }

    /// From a margin; `None` at 100 % or more, which no price can reach.
    pub fn from_margin(margin: Rate) -> Option<Self> {
        let rest = Fraction::ONE.minus(margin.fraction())?;
        Some(Self { markup: Rate::nearest(margin.fraction().over(rest)?)?, margin })
    }
}

/// Where a markup was set; the most specific wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkupSource {
    /// On the product itself.
    Product,
    /// On its brand.
    Brand,
    /// On its category.
    Category,
    /// Nowhere: the middle of the category's margin band.
    BandMiddle,
}

/// The margins a category asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarginBand {
    /// Below it a price is guarded.
    pub min: Rate,
    /// The upper end.
    pub max: Rate,
}

impl MarginBand {
    /// The middle, to a millionth.
    pub const fn middle(self) -> Rate {
        // i64 holds the sum of any two i32, and the middle of two i32 is one.
        Rate::new(((self.min.raw() as i64 + self.max.raw() as i64) / 2) as i32)
    }
}

/// The markups that are set for one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Markups {
    /// Of the product.
    pub product: Option<Rate>,
    /// Of its brand.
    pub brand: Option<Rate>,
    /// Of its category.
    pub category: Option<Rate>,
    /// Margins of its category.
    pub band: MarginBand,
}

impl Markups {
    /// The markup that holds and where it comes from; `None` only when the band's middle is no margin.
    pub fn choose(self) -> Option<(Rate, MarkupSource)> {
        let set = [
            (self.product, MarkupSource::Product),
            (self.brand, MarkupSource::Brand),
            (self.category, MarkupSource::Category),
        ];
        let most_specific = set.into_iter().find_map(|(markup, source)| markup.map(|markup| (markup, source)));
        most_specific.or_else(|| {
            Percentages::from_margin(self.band.middle()).map(|both| (both.markup, MarkupSource::BandMiddle))
        })
    }
}

/// Margin bands of the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportBand {
    /// Below zero.
    Loss,
    /// 0 to 15 %.
    Under15,
    /// 15 to 30 %.
    From15,
    /// 30 to 50 %.
    From30,
    /// 50 % or more.
    From50,
}

impl ReportBand {
    /// The band of a margin; each begins at its lower end.
    pub const fn of(margin: Rate) -> Self {
        match margin.raw() {
            ..0 => Self::Loss,
            0..150_000 => Self::Under15,
            150_000..300_000 => Self::From15,
            300_000..500_000 => Self::From30,
            500_000.. => Self::From50,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn percent(text: &str) -> Rate {
        Rate::parse_percent(text).unwrap()
    }

    /// M11: check values of `pricing.md`.
    #[test]
    fn a_markup_of_30_is_a_margin_of_23_08_and_a_margin_of_30_a_markup_of_42_86() {
        assert_eq!(Percentages::from_markup(percent("30")).unwrap().margin.to_string(), "23.08");
        assert_eq!(Percentages::from_margin(percent("30")).unwrap().markup.to_string(), "42.86");
        assert_eq!(Percentages::from_margin(Rate::WHOLE), None);
        assert_eq!(Percentages::from_markup(percent("-100")), None);
    }

    /// M11.
    #[test]
    fn the_most_specific_markup_wins() {
        let band = MarginBand { min: percent("15"), max: percent("30") };
        let mut set =
            Markups { product: Some(percent("5")), brand: Some(percent("6")), category: Some(percent("7")), band };
        assert_eq!(set.choose(), Some((percent("5"), MarkupSource::Product)));
        set.product = None;
        assert_eq!(set.choose(), Some((percent("6"), MarkupSource::Brand)));
        set.brand = None;
        assert_eq!(set.choose(), Some((percent("7"), MarkupSource::Category)));
    }

    /// M11: SAL, 15 to 30: margin 22.5 %, markup 29.03 %.
    #[test]
    fn with_none_set_the_middle_of_the_band_becomes_a_markup() {
        let band = MarginBand { min: percent("15"), max: percent("30") };
        assert_eq!(band.middle(), percent("22.5"));
        let (markup, source) = Markups { product: None, brand: None, category: None, band }.choose().unwrap();
        assert_eq!((markup.to_string().as_str(), source), ("29.03", MarkupSource::BandMiddle));
    }

    /// M11: every band of the seed categories, with its middle and the markup that comes of it.
    #[test]
    fn each_category_band_has_its_markup() {
        let table = "\
            15 30 22.50 29.03
            20 35 27.50 37.93
            10 25 17.50 21.21
            20 40 30.00 42.86
            25 45 35.00 53.85
            25 50 37.50 60.00
            30 60 45.00 81.82
            15 35 25.00 33.33";
        for row in table.lines() {
            let cells: Vec<&str> = row.split_whitespace().collect();
            let middle = MarginBand { min: percent(cells[0]), max: percent(cells[1]) }.middle();
            let markup = Percentages::from_margin(middle).unwrap().markup;
            assert_eq!([middle.to_string(), markup.to_string()], cells[2..], "{row}");
        }
    }

    /// M11.
    #[test]
    fn a_report_band_begins_at_its_lower_end() {
        let table = "-0.0001 Loss; 0 Under15; 14.9999 Under15; 15 From15; 30 From30; 49.9999 From30; 50 From50";
        for (margin, band) in table.split("; ").map(|row| row.split_once(' ').unwrap()) {
            assert_eq!(format!("{:?}", ReportBand::of(percent(margin))), band, "{margin}");
        }
    }

    proptest! {
        #[test]
        fn a_margin_survives_the_round_trip_within_a_millionth(margin in 0..999_000_i32) {
            let there = Percentages::from_margin(Rate::new(margin)).unwrap();
            let back = Percentages::from_markup(there.markup).unwrap();
            prop_assert!((back.margin.raw() - margin).abs() <= 1);
        }

        #[test]
        fn a_markup_survives_within_the_stated_bound(markup in 0..10_000_000_i32) {
            let there = Percentages::from_markup(Rate::new(markup)).unwrap();
            let back = Percentages::from_margin(there.margin).unwrap();
            let grown = i64::from(markup) + 1_000_000;
            let off = i64::from((back.markup.raw() - markup).abs());
            prop_assert!(off * 2_000_000_000_000 <= grown * grown + 2_000_000_000_000);
        }

        #[test]
        fn any_amounts_give_both_or_none(cost in any::<i64>(), price in any::<i64>()) {
            if let Some(both) = Percentages::between(UnitCost::new(cost), UnitCost::new(price)) {
                prop_assert!(both.markup.raw().signum() * both.margin.raw().signum() >= 0);
            }
        }
    }
}
