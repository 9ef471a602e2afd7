//! How sure a paper is. Figures that agree with one another are believed more than the eye that read them; figures that do
//! not are believed less, however clear they are.

use gondola_ledger::{Money, Qty};

use super::CERTAIN;
use super::paper::{Field, Header, Line, Paper, Source};
use crate::fiscal::DocumentKind;

/// What agreement lifts a confidence to.
const AGREED: u16 = 980;
/// What disagreement lowers it to.
const DISAGREED: u16 = 400;
/// A line that is off by less than an error.
const NEAR: u16 = 800;
/// A line without enough figures to check.
const UNCHECKED: u16 = 700;
/// Deviations of a subtotal, of a thousand: still in order, still a warning.
const OK_PERMILLE: u128 = 5;
const WARNING_PERMILLE: u128 = 20;
/// Of a unit, as a quantity counts.
const THOUSANDTHS: u128 = 1_000;
/// What head, sums and lines count.
const WEIGHTS: [u32; 3] = [350, 250, 400];

/// What the figures of a line say to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineVerdict {
    /// Too few figures.
    Unchecked,
    /// Within 0.5 %.
    Ok,
    /// Within 2 %.
    Near(Money),
    /// Further off.
    Off(Money),
}

/// Compares a subtotal with quantity × price − discount, whatever the sign of the quantity. Where two prices are printed,
/// either may be the one that is multiplied.
pub(crate) fn line_verdict(line: &Line) -> LineVerdict {
    let (Some(quantity), Some(subtotal)) = (line.quantity, line.subtotal) else { return LineVerdict::Unchecked };
    let verdicts = computed(line, quantity.value).map(|computed| verdict(subtotal.value.abs(), computed));
    verdicts.min_by_key(rank).unwrap_or(LineVerdict::Unchecked)
}

/// Is the subtotal quantity × price − discount but for rounding: half a centavo in the price of each, and one in the sum?
pub(super) fn agrees_exactly(line: &Line) -> bool {
    let (Some(quantity), Some(subtotal)) = (line.quantity, line.subtotal) else { return false };
    let rounding = u128::from(quantity.value.raw().unsigned_abs()) + 2 * THOUSANDTHS;
    let off = |computed: Money| i128::from(subtotal.value.abs().raw()).abs_diff(computed.raw().into());
    computed(line, quantity.value).any(|computed| off(computed) * 2 * THOUSANDTHS <= rounding)
}

/// What the figures of a line make, with each of its prices.
fn computed(line: &Line, quantity: Qty) -> impl Iterator<Item = Money> {
    let discount = Qty::new(line.discount.map_or(0, |field| field.value));
    [line.price, line.unit_price].into_iter().flatten().filter_map(move |price| {
        let gross = quantity.abs().times_cost(price.value)?;
        gross.checked_sub(gross.portion(discount, Qty::new(10_000))?)
    })
}

const fn rank(verdict: &LineVerdict) -> u8 {
    match verdict {
        LineVerdict::Ok => 0,
        LineVerdict::Near(_) => 1,
        LineVerdict::Off(_) => 2,
        LineVerdict::Unchecked => 3,
    }
}

fn verdict(printed: Money, computed: Money) -> LineVerdict {
    let off = i128::from(printed.raw()).abs_diff(computed.raw().into()) * 1_000;
    let base = u128::from(computed.raw().unsigned_abs());
    // A centavo is rounding, however small the line.
    if off <= (base * OK_PERMILLE).max(1_000) {
        LineVerdict::Ok
    } else if off <= base * WARNING_PERMILLE {
        LineVerdict::Near(computed)
    } else {
        LineVerdict::Off(computed)
    }
}

/// Gives every line and the whole their confidence.
pub(super) fn weigh(paper: &mut Paper) {
    for line in &mut paper.lines {
        take_thousandths(line);
        weigh_line(line);
    }
    let kind = paper.header.document.map(|field| field.value.kind);
    let parts = [head(&paper.header, kind), sums(paper, kind), Some(lines(paper))];
    let counted = || parts.iter().zip(WEIGHTS).filter_map(|(part, weight)| part.map(|part| (u32::from(part), weight)));
    let whole: u32 = counted().map(|(_, weight)| weight).sum();
    let sum: u32 = counted().map(|(part, weight)| part * weight).sum();
    paper.confidence_permille = u16::try_from(sum / whole.max(1)).unwrap_or(CERTAIN).min(CERTAIN);
}

/// `1.250` kg reads as 1250; when only a thousandth of it agrees with the price, that is what was meant.
fn take_thousandths(line: &mut Line) {
    let Some(quantity) = line.quantity.filter(|field| field.value.raw() % 1_000 == 0 && field.value.raw() >= 1_000_000)
    else {
        return;
    };
    if !matches!(line_verdict(line), LineVerdict::Off(_)) {
        return;
    }
    let meant = Field { value: Qty::new(quantity.value.raw() / 1_000), ..quantity };
    let changed = Line { quantity: Some(meant), ..line.clone() };
    if line_verdict(&changed) == LineVerdict::Ok {
        *line = changed;
    }
}

fn weigh_line(line: &mut Line) {
    let eye = [
        line.description.as_ref().map(|field| field.confidence_permille),
        line.quantity.map(|field| field.confidence_permille),
        line.price.map(|field| field.confidence_permille),
        line.subtotal.map(|field| field.confidence_permille),
    ];
    let eye = eye.into_iter().flatten().min().unwrap_or_default();
    line.confidence_permille = match line_verdict(line) {
        // A supplier rounds as he likes; a recogniser that misread a digit may be off by as little.
        LineVerdict::Ok if is_recognised(line) && !agrees_exactly(line) => eye.min(NEAR),
        LineVerdict::Ok => eye.max(AGREED),
        LineVerdict::Near(_) => eye.min(NEAR),
        LineVerdict::Off(_) => eye.min(DISAGREED),
        LineVerdict::Unchecked => eye.min(UNCHECKED),
    };
    let is_unchecked = line_verdict(line) == LineVerdict::Unchecked;
    if is_unchecked && line.subtotal.is_none() {
        return;
    }
    // Where an amount has no quantity or no price beside it, the one that is there may have been taken for the other.
    let confidence = if is_unchecked { eye.min(DISAGREED) } else { line.confidence_permille };
    line.quantity.iter_mut().for_each(|field| field.confidence_permille = confidence);
    line.price.iter_mut().for_each(|field| field.confidence_permille = confidence);
    if !is_unchecked {
        line.subtotal.iter_mut().for_each(|field| field.confidence_permille = confidence);
    }
}

fn is_recognised(line: &Line) -> bool {
    let sources = [line.quantity.map(|field| field.source), line.price.map(|field| field.source)];
    sources.contains(&Some(Source::Ocr)) || line.subtotal.map(|field| field.source) == Some(Source::Ocr)
}

/// The mean of what a document of its kind must say of itself. Check digits vouch for a CUIT.
fn head(header: &Header, kind: Option<DocumentKind>) -> Option<u16> {
    let is_fiscal = !matches!(kind, Some(DocumentKind::Informal | DocumentKind::PriceList));
    let own = |field: Option<u16>| Some(u32::from(field.unwrap_or_default()));
    let mut parts = vec![
        own(header.document.map(|field| field.confidence_permille)),
        own(header.date.map(|field| field.confidence_permille)),
    ];
    if is_fiscal {
        parts.push(own(header.seller.tax_id.map(|field| field.confidence_permille.max(AGREED))));
        parts.push(own(header.number.map(|field| field.confidence_permille)));
    }
    let parts: Vec<u32> = parts.into_iter().flatten().collect();
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX).max(1);
    u16::try_from(parts.iter().sum::<u32>() / count).ok()
}

/// Do the parts make the total, and the lines the net? Papers without prices have no sums.
fn sums(paper: &Paper, kind: Option<DocumentKind>) -> Option<u16> {
    if matches!(kind, Some(DocumentKind::DeliveryNote | DocumentKind::PriceList)) {
        return None;
    }
    let totals = &paper.header.totals;
    let Some(total) = totals.total else { return Some(0) };
    let adds_up = !totals.has_parts() || totals.sum().is_some_and(|sum| is_near(sum, total.value, 1));
    let agrees = lines_make_the_sums(paper).unwrap_or(false);
    Some(match (adds_up, agrees) {
        (true, true) => AGREED.max(total.confidence_permille),
        (false, false) => 0,
        _ => UNCHECKED.min(total.confidence_permille),
    })
}

/// The lines make the net and what carries no VAT, or all that is to be paid; `None` when a line has no amount.
pub(crate) fn lines_make_the_sums(paper: &Paper) -> Option<bool> {
    let amounts: Option<Vec<Money>> =
        paper.lines.iter().map(|line| line.subtotal.map(|field| field.value.abs())).collect();
    let amounts = amounts.filter(|amounts| !amounts.is_empty())?;
    let sum = Money::checked_sum(amounts.iter().copied())?;
    let totals = &paper.header.totals;
    let nets = totals.by_rate.iter().map(|sums| sums.net).chain([totals.exempt, totals.not_taxed]);
    let net = Money::checked_sum(nets.flatten().map(|field| field.value))?;
    let total = totals.total.map(|field| field.value)?;
    // Each line was rounded by itself.
    let centavos = i64::try_from(amounts.len()).unwrap_or(i64::MAX);
    Some(is_near(sum, net, centavos) || is_near(sum, total, centavos))
}

fn is_near(one: Money, other: Money, centavos: i64) -> bool {
    i128::from(one.raw()).abs_diff(other.raw().into()) <= u128::from(centavos.unsigned_abs())
}

fn lines(paper: &Paper) -> u16 {
    let sum: u64 = paper.lines.iter().map(|line| u64::from(line.confidence_permille)).sum();
    let count = u64::try_from(paper.lines.len()).unwrap_or(u64::MAX).max(1);
    u16::try_from(sum / count).unwrap_or(CERTAIN)
}

#[cfg(test)]
mod tests {
    use gondola_ledger::UnitCost;

    use super::*;

    fn typed<T>(value: T) -> Option<Field<T>> {
        Some(Field { value, confidence_permille: 900, source: Source::Ocr, place: None })
    }

    fn line(quantity: i64, price: &str, subtotal: &str) -> Line {
        Line {
            quantity: typed(Qty::new(quantity)),
            price: typed(UnitCost::parse(price).unwrap()),
            subtotal: typed(Money::parse(subtotal).unwrap()),
            ..Line::default()
        }
    }

    #[test]
    fn a_subtotal_may_be_off_by_half_a_per_cent_and_two_are_an_error() {
        assert_eq!(line_verdict(&line(1_000, "100", "100.50")), LineVerdict::Ok);
        assert_eq!(line_verdict(&line(1_000, "100", "100.51")), LineVerdict::Near(Money::new(10_000)));
        assert_eq!(line_verdict(&line(1_000, "100", "98")), LineVerdict::Near(Money::new(10_000)));
        assert_eq!(line_verdict(&line(1_000, "100", "97.99")), LineVerdict::Off(Money::new(10_000)));
        assert_eq!(line_verdict(&Line::default()), LineVerdict::Unchecked);
    }

    #[test]
    fn a_discount_is_taken_and_a_negative_quantity_is_charged_all_the_same() {
        let fargo = Line { discount: typed(1_000), ..line(1_000, "30000", "27000") };
        assert_eq!(line_verdict(&fargo), LineVerdict::Ok);
        assert_eq!(line_verdict(&line(-2_000, "64800", "129600")), LineVerdict::Ok);
    }

    #[test]
    fn of_two_prices_either_may_be_multiplied() {
        let both = Line { unit_price: typed(UnitCost::parse("10").unwrap()), ..line(3_000, "120", "30") };
        assert_eq!(line_verdict(&both), LineVerdict::Ok);
    }

    #[test]
    fn a_point_in_a_weight_is_a_comma_when_only_that_agrees() {
        let mut weighed = line(1_250_000, "1000", "1250");
        take_thousandths(&mut weighed);
        assert_eq!(weighed.quantity.unwrap().value, Qty::new(1_250));
        let mut counted = line(1_250_000, "1", "1250");
        take_thousandths(&mut counted);
        assert_eq!(counted.quantity.unwrap().value, Qty::new(1_250_000));
    }

    #[test]
    fn a_recognised_digit_that_is_a_little_off_is_not_vouched_for_and_a_written_one_is_rounding() {
        // 9 × 38.810,88 less 5 % is 331.833,02; the last digit but one was misread.
        let read = |price, source| {
            let mut line = Line { discount: typed(500), ..line(9_000, price, "331833.02") };
            line.price.iter_mut().for_each(|field| field.source = source);
            line.quantity.iter_mut().for_each(|field| field.source = source);
            line.subtotal.iter_mut().for_each(|field| field.source = source);
            weigh_line(&mut line);
            line.confidence_permille
        };
        assert_eq!((read("38810.88", Source::Ocr), read("38810.08", Source::Ocr)), (AGREED, NEAR));
        assert_eq!(read("38810.08", Source::Text), AGREED);
    }

    #[test]
    fn agreement_counts_for_more_than_the_eye() {
        let (mut good, mut bad) = (line(1_000, "100", "100"), line(1_000, "100", "150"));
        weigh_line(&mut good);
        weigh_line(&mut bad);
        assert_eq!((good.confidence_permille, bad.confidence_permille), (AGREED, DISAGREED));
    }
}
