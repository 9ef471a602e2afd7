//! Numbers as people write them, exact to the thousandth.

use gondola_ledger::{Factor, Qty};

/// Figures of a number at most; a longer one is too large for anything.
const FIGURES_MAX: usize = 12;
/// Decimal places at most.
const PLACES_MAX: usize = 3;

/// What a point before three figures means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    /// Thousands, in counts and money: `1.500` is fifteen hundred.
    Thousands,
    /// Decimals, in kilos and litres: `1.250 kg`.
    Decimals,
}

/// The number that figures are; one that is too large is [`Qty::new`] of the largest value, which every limit refuses.
/// `None` when they are no number.
pub(super) fn figures(text: &str, point: Point) -> Option<Qty> {
    if let Some((over, under)) = text.split_once('/') {
        let factor = Factor::new(over.parse().ok()?, under.parse().ok()?)?;
        return factor.apply(Qty::whole(1)?).ok();
    }
    if point == Point::Thousands && is_grouped(text) {
        return Some(whole(&text.replace('.', "")));
    }
    let text = text.replace(',', ".");
    match text.split_once('.') {
        None => Some(whole(&text)),
        Some((_, places)) if places.contains('.') || places.len() > PLACES_MAX => None,
        Some((units, places)) => {
            let thousandths: i64 = format!("{places:0<3}").parse().ok()?;
            Some(whole(units).checked_add(Qty::new(thousandths)).unwrap_or(TOO_LARGE))
        }
    }
}

const TOO_LARGE: Qty = Qty::new(i64::MAX);

fn whole(figures: &str) -> Qty {
    let units = if figures.len() > FIGURES_MAX { None } else { figures.parse().ok() };
    units.and_then(Qty::whole).unwrap_or(TOO_LARGE)
}

fn is_grouped(text: &str) -> bool {
    let mut groups = text.split('.');
    let first = groups.next().unwrap_or_default();
    let is_figures = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut rest = groups.peekable();
    rest.peek().is_some()
        && (1..=3).contains(&first.len())
        && is_figures(first)
        && !first.starts_with('0')
        && rest.all(|group| group.len() == 3 && is_figures(group))
}

/// The whole number that a folded word is.
pub(super) fn word(text: &str) -> Option<i64> {
    Some(match text {
        "un" | "una" | "uno" => 1,
        "dos" => 2,
        "tres" => 3,
        "cuatro" => 4,
        "cinco" => 5,
        "seis" => 6,
        "siete" => 7,
        "ocho" => 8,
        "nueve" => 9,
        "diez" => 10,
        "once" => 11,
        "doce" => 12,
        "trece" => 13,
        "catorce" => 14,
        "quince" => 15,
        "dieciseis" => 16,
        "diecisiete" => 17,
        "dieciocho" => 18,
        "diecinueve" => 19,
        "veinte" => 20,
        "treinta" => 30,
        "cuarenta" => 40,
        "cincuenta" => 50,
        "sesenta" => 60,
        "setenta" => 70,
        "ochenta" => 80,
        "noventa" => 90,
        "cien" => 100,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_before_three_figures_is_thousands_in_counts_and_decimals_in_kilos() {
        for (text, counts, kilos) in [
            ("1.500", Some(1_500_000), Some(1_500)),
            ("1.250.000", Some(1_250_000_000), None),
            ("4,5", Some(4_500), Some(4_500)),
            ("4.5", Some(4_500), Some(4_500)),
            ("4,250", Some(4_250), Some(4_250)),
            ("0.500", Some(500), Some(500)),
            ("1/2", Some(500), Some(500)),
            ("1/0", None, None),
            ("1,2345", None, None),
            ("1,2,3", None, None),
            ("12", Some(12_000), Some(12_000)),
            ("99999999999999999999", Some(i64::MAX), Some(i64::MAX)),
        ] {
            assert_eq!(figures(text, Point::Thousands).map(Qty::raw), counts, "{text}");
            assert_eq!(figures(text, Point::Decimals).map(Qty::raw), kilos, "{text}");
        }
    }
}
