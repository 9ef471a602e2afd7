//! Law: **what a label says beside the price is the price itself, divided.** Per kilo, litre, metre or unit, and
//! without national taxes; each rounded once to the centavo.

use gondola_ledger::{Money, Qty, Unit};

use crate::exact::Fraction;
use crate::rate::Rate;

/// A price per unit of measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasurePrice {
    /// The price of one.
    pub price: Money,
    /// One what: `Kg`, `L`, `M` or `Un`.
    pub unit: Unit,
}

/// The price per kg, L, m or unit of an article with that content; `None` for a content that is not above zero.
pub fn per_measure(price: Money, content: Qty, unit: Unit) -> Option<MeasurePrice> {
    let (unit, thousandths) = match unit {
        Unit::G => (Unit::Kg, 1_000_000),
        Unit::Ml => (Unit::L, 1_000_000),
        Unit::Kg | Unit::L | Unit::M | Unit::Un => (unit, 1_000),
    };
    let exact = Fraction::new(i128::from(price.raw()) * thousandths, content.raw().into())?;
    i64::try_from(exact.round()).ok().map(|centavos| MeasurePrice { price: Money::new(centavos), unit })
}

/// The price without VAT and internal taxes, both on the net price; `None` unless both rates are from 0 to 100 %.
pub fn without_national_taxes(price: Money, vat: Rate, internal_taxes: Rate) -> Option<Money> {
    if !vat.is_share() || !internal_taxes.is_share() {
        return None;
    }
    let taxed = vat.grown().plus(internal_taxes.fraction())?;
    let net = Fraction::whole(price.raw().into()).over(taxed)?;
    i64::try_from(net.round()).ok().map(Money::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pesos(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn a_label_says_the_price_per_measure() {
        let table = "\
            900 500 g 1800.00 kg
            1850 1 l 1850.00 l
            1000 473 ml 2114.16 l
            2500 2.5 kg 1000.00 kg
            600 6 un 100.00 un
            100 30 m 3.33 m";
        for row in table.lines() {
            let cells: Vec<&str> = row.split_whitespace().collect();
            let unit = Unit::from_code(cells[2]).unwrap();
            let found = per_measure(pesos(cells[0]), Qty::parse(cells[1], unit).unwrap(), unit).unwrap();
            assert_eq!((found.price.to_string().as_str(), found.unit.code()), (cells[3], cells[4]), "{row}");
        }
        assert_eq!(per_measure(pesos("1"), Qty::ZERO, Unit::G), None);
        assert_eq!(per_measure(Money::new(i64::MAX), Qty::new(1), Unit::G), None);
    }

    #[test]
    fn national_taxes_come_off_the_price() {
        let rate = |text| Rate::parse_percent(text).unwrap();
        assert_eq!(without_national_taxes(pesos("1210"), rate("21"), Rate::ZERO), Some(pesos("1000")));
        assert_eq!(without_national_taxes(pesos("1290"), rate("21"), rate("8")), Some(pesos("1000")));
        assert_eq!(without_national_taxes(pesos("1200"), rate("21"), Rate::ZERO), Some(pesos("991.74")));
        assert_eq!(without_national_taxes(pesos("1200"), Rate::new(-1), Rate::ZERO), None);
    }
}
