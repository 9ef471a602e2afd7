//! How values are written on Argentine papers: amounts, quantities, dates and tax numbers. Reading them back is the work of
//! the crate under test.

use gondola_ledger::{Day, Money, Qty, UnitCost};

/// How a paper writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    /// 12/03/2026.
    Slashes,
    /// 12/03/26.
    Short,
    /// 12-03-2026.
    Dashes,
}

/// How a paper writes tax numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxIdStyle {
    /// 33-66641681-9.
    Dashed,
    /// 33666416819, as ARCA's own forms have it.
    Plain,
}

/// `1.234,56`.
pub fn pesos(amount: Money) -> String {
    decimal(amount.raw(), 2)
}

/// `1.234,5678`, or with the two places that most papers print.
pub fn price(price: UnitCost, places: u32) -> String {
    if places == 4 { decimal(price.raw(), 4) } else { pesos(price.to_money()) }
}

/// `12`, `-2`, or with its decimals where there are any.
pub fn quantity(quantity: Qty) -> String {
    if quantity.is_whole() { decimal(quantity.raw() / 1_000, 0) } else { decimal(quantity.raw(), 3) }
}

/// Hundredths of a per cent as `10,00`.
pub fn percent(hundredths: i64) -> String {
    decimal(hundredths, 2)
}

/// A tax number as the paper's style has it.
pub fn tax_id(digits: u64, style: TaxIdStyle) -> String {
    match style {
        TaxIdStyle::Dashed => {
            format!("{:02}-{:08}-{}", digits / 1_000_000_000, digits / 10 % 100_000_000, digits % 10)
        }
        TaxIdStyle::Plain => format!("{digits:011}"),
    }
}

/// A day as the paper's style has it.
pub fn date(day: Day, style: DateStyle) -> String {
    let iso = day.to_string();
    let (year, month, day) = (&iso[..4], &iso[5..7], &iso[8..]);
    match style {
        DateStyle::Slashes => format!("{day}/{month}/{year}"),
        DateStyle::Short => format!("{day}/{month}/{}", &year[2..]),
        DateStyle::Dashes => format!("{day}-{month}-{year}"),
    }
}

/// Whole units with points between thousands, then a comma and so many places.
fn decimal(minor: i64, places: u32) -> String {
    let scale = 10_i64.pow(places);
    let whole = (minor.abs() / scale).to_string();
    let mut text = String::from(if minor < 0 { "-" } else { "" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if places > 0 {
        text.push_str(&format!(",{:0width$}", minor.abs() % scale, width = places as usize));
    }
    text
}
