//! The sums at the foot: an amount with its name to the left of it or above it.

use gondola_ledger::Money;

use super::number;
use super::paper::{Field, Perception, Totals};
use super::plain::{plain, says};
use super::rows::{Row, Run};
use crate::fiscal::VatRate;

/// What a name at the foot says of its amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    Net(Option<VatRate>),
    Vat(Option<VatRate>),
    Exempt,
    NotTaxed,
    Excise,
    VatPerception,
    GrossIncome(String),
    Other,
    Total,
    /// An amount that is no part of the document: a balance, the VAT inside, a sum before the sums.
    Aside,
}

const ASIDE: [&str; 6] =
    ["saldo", "iva contenido", "otros impuestos nacionales", "regimen de transparencia", "subtotal", "sub total"];
const NOT_TAXED: [&str; 4] = ["no gravado", "importe no gravado", "imp no gravado", "neto no gravado"];
const EXEMPT: [&str; 4] = ["exento", "importe exento", "imp exento", "op exentas"];
const EXCISE: [&str; 3] = ["imp internos", "impuestos internos", "internos"];
const NET: [&str; 7] =
    ["neto gravado", "subtotal gravado", "imp neto", "importe neto", "neto", "gravado", "importe gravado"];
const VAT: [&str; 3] = ["iva", "iva inscripto", "iva insc"];
const OTHER: [&str; 3] = ["otros tributos", "importe otros tributos", "imp otros tributos"];
const TOTAL: [&str; 4] = ["total", "importe total", "imp total", "total a pagar"];
/// How far an amount's right edge may be from that of the name above it, in tenths of a point.
const ABOVE_MAX: i32 = 250;
/// Perceptions of a document: there are 24 jurisdictions.
const PERCEPTIONS_MAX: usize = 24;

/// What a name says; `None` for any other text.
pub(super) fn label(text: &str) -> Option<Label> {
    let begins = |names: &[&str]| {
        names.iter().any(|name| text == *name || text.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))
    };
    if text.starts_with("perc") {
        return perception(text);
    }
    let rate = rate(text);
    match () {
        () if begins(&["subtotal gravado"]) => Some(Label::Net(rate)),
        () if begins(&ASIDE) => Some(Label::Aside),
        () if begins(&NOT_TAXED) => Some(Label::NotTaxed),
        () if begins(&EXEMPT) => Some(Label::Exempt),
        () if begins(&EXCISE) => Some(Label::Excise),
        () if begins(&NET) => Some(Label::Net(rate)),
        () if VAT.contains(&before_rate(text)) => Some(Label::Vat(rate)),
        () if begins(&OTHER) => Some(Label::Other),
        () if begins(&TOTAL) => Some(Label::Total),
        () => None,
    }
}

fn perception(text: &str) -> Option<Label> {
    for name in ["iibb", "ii bb", "ingresos brutos", "ing brutos", "ib"] {
        if says(text, name) {
            let province = text.split_once(name).map_or("", |(_, rest)| before_rate(rest.trim()));
            return Some(Label::GrossIncome(province.to_owned()));
        }
    }
    says(text, "iva").then_some(Label::VatPerception)
}

/// The text without a rate at its end.
fn before_rate(text: &str) -> &str {
    text.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '%' || letter == ' ')
}

/// `iva 10 50 %`: the rate that a name ends with.
fn rate(text: &str) -> Option<VatRate> {
    let end = text.strip_suffix('%').unwrap_or(text);
    let numbers: Vec<&str> = end[before_rate(end).len()..].split_whitespace().collect();
    let (whole, part) = match numbers.as_slice() {
        [whole] => (*whole, "0"),
        [whole, part] => (*whole, *part),
        _ => return None,
    };
    let tenth = part.get(..1)?.parse::<i64>().ok()?;
    let has_rest = part[1..].bytes().any(|digit| digit != b'0');
    let permille = whole.parse::<i64>().ok()?.checked_mul(10)?.checked_add(tenth)?;
    if has_rest { None } else { VatRate::from_permille(permille) }
}

/// Reads the sums from the rows below the table.
pub(super) fn read(rows: &[Row]) -> Totals {
    let mut totals = Totals::default();
    let mut unrated = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        for index in 0..row.runs.len() {
            let Some((name, amount)) = named_amount(rows, at, index) else { continue };
            match name {
                Label::Net(None) | Label::Vat(None) => unrated.push((name, amount)),
                name => put(&mut totals, name, amount),
            }
        }
    }
    place_unrated(&mut totals, &unrated);
    totals
}

/// The amount of a run with what its name says of it.
fn named_amount(rows: &[Row], at: usize, index: usize) -> Option<(Label, Field<Money>)> {
    let row = &rows[at];
    let run = &row.runs[index];
    let (before, amount) = trailing_amount(run)?;
    let name = if !before.is_empty() {
        label(&before)
    } else {
        let beside = index.checked_sub(1).map(|left| &row.runs[left]).and_then(|left| label(&left.plain));
        beside.or_else(|| at.checked_sub(1).and_then(|above| label_above(&rows[above], run)))
    };
    Some((name?, super::field(amount, run)))
}

/// The amount at the end of a run, with the text before it made comparable.
fn trailing_amount(run: &Run) -> Option<(String, Money)> {
    let (last, before) = run.words.split_last()?;
    let has_decimals = number::has_decimals(&last.text);
    let amount = number::money(&last.text).filter(|_| has_decimals)?;
    let before: Vec<&str> = before.iter().map(|word| word.text.as_str()).collect();
    let is_negative = before.last().is_some_and(|word| ["-", "-$"].contains(word));
    let amount = if is_negative { amount.checked_neg()? } else { amount };
    Some((plain(&before.join(" ")), amount))
}

fn label_above(above: &Row, run: &Run) -> Option<Label> {
    let distance =
        |other: &&Run| (other.place.right - run.place.right).abs().min((other.middle() - run.middle()).abs());
    let nearest = above.runs.iter().min_by_key(distance).filter(|other| distance(other) <= ABOVE_MAX)?;
    (above.place.page == run.place.page).then(|| label(&nearest.plain))?
}

/// The first of a kind is kept: pages repeat their sums, and what comes after them explains them.
fn put(totals: &mut Totals, name: Label, amount: Field<Money>) {
    let slot = match name {
        Label::Net(Some(rate)) => &mut totals.rate(rate).net,
        Label::Vat(Some(rate)) => &mut totals.rate(rate).vat,
        Label::Exempt => &mut totals.exempt,
        Label::NotTaxed => &mut totals.not_taxed,
        Label::Excise => &mut totals.excise,
        Label::VatPerception => &mut totals.vat_perception,
        Label::Other => &mut totals.other,
        Label::Total => &mut totals.total,
        Label::GrossIncome(province) => {
            let is_new = totals.gross_income.iter().all(|known| known.province != province);
            if is_new && totals.gross_income.len() < PERCEPTIONS_MAX {
                totals.gross_income.push(Perception { province, amount });
            }
            return;
        }
        Label::Net(None) | Label::Vat(None) | Label::Aside => return,
    };
    slot.get_or_insert(amount);
}

/// Net and VAT whose names give no rate: the arithmetic gives it, or the one rate that stands beside them.
fn place_unrated(totals: &mut Totals, unrated: &[(Label, Field<Money>)]) {
    let find = |wanted: &Label| unrated.iter().find(|(name, _)| name == wanted).map(|(_, amount)| *amount);
    let (net, vat) = (find(&Label::Net(None)), find(&Label::Vat(None)));
    match (net, vat) {
        (Some(net), Some(vat)) => {
            let rate = VatRate::ALL.into_iter().find(|rate| is_vat_of(*rate, net.value, vat.value));
            if let Some(rate) = rate {
                put(totals, Label::Net(Some(rate)), net);
                put(totals, Label::Vat(Some(rate)), vat);
            }
        }
        (Some(net), None) => {
            if let [one] = totals.by_rate.as_slice() {
                put(totals, Label::Net(Some(one.rate)), net);
            }
        }
        (None, Some(vat)) => {
            if let [one] = totals.by_rate.as_slice() {
                put(totals, Label::Vat(Some(one.rate)), vat);
            }
        }
        (None, None) => {}
    }
}

/// Is it the VAT of a net, to the centavo?
pub(crate) fn is_vat_of(rate: VatRate, net: Money, vat: Money) -> bool {
    let exact = i128::from(net.raw()) * i128::from(rate.permille());
    (exact - i128::from(vat.raw()) * 1_000).abs() <= 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::rows::rows;
    use crate::extract::sketch::Sketch;

    #[test]
    fn names_at_the_foot_are_known() {
        use VatRate::{TenAndAHalf, TwentyOne};
        for (text, wanted) in [
            ("Neto Gravado 21,00%", Some(Label::Net(Some(TwentyOne)))),
            ("Subtotal Gravado 10,50%", Some(Label::Net(Some(TenAndAHalf)))),
            ("Imp. Neto Gravado", Some(Label::Net(None))),
            ("I.V.A. 10.5 %", Some(Label::Vat(Some(TenAndAHalf)))),
            ("IVA Inscripto 21%", Some(Label::Vat(Some(TwentyOne)))),
            ("IVA Responsable Inscripto", None),
            ("No Gravado", Some(Label::NotTaxed)),
            ("Exento", Some(Label::Exempt)),
            ("Imp. Internos", Some(Label::Excise)),
            ("Percepción IVA", Some(Label::VatPerception)),
            ("Perc. IVA RG 5329", Some(Label::VatPerception)),
            ("Perc. IIBB Buenos Aires", Some(Label::GrossIncome("buenos aires".into()))),
            ("Subtotal", Some(Label::Aside)),
            ("IVA Contenido: $", Some(Label::Aside)),
            ("TOTAL $", Some(Label::Total)),
            ("Importe Total", Some(Label::Total)),
            ("TOTALGAZ 10 KG", None),
            ("", None),
        ] {
            assert_eq!(label(&plain(text)), wanted, "{text}");
        }
    }

    fn amounts(totals: &Totals) -> Vec<i64> {
        let groups = totals.by_rate.iter().flat_map(|sums| [sums.net, sums.vat]);
        groups.chain([totals.vat_perception, totals.total]).flatten().map(|field| field.value.raw()).collect()
    }

    #[test]
    fn sums_stand_one_under_another() {
        let mut sketch = Sketch::default();
        for (row, (name, amount)) in (0..).zip([
            ("Neto Gravado 21,00%", "$ 1.000,00"),
            ("IVA 21,00%", "$ 210,00"),
            ("Percepción IVA", "$ 30,00"),
            ("TOTAL", "$ 1.240,00"),
        ]) {
            sketch.row(6_000 + row * 130, &[(3_600, name)]).row_to(6_000 + row * 130, &[(5_600, amount)]);
        }
        assert_eq!(amounts(&read(&rows(&[sketch.page()]))), [100_000, 21_000, 3_000, 124_000]);
    }

    #[test]
    fn sums_stand_side_by_side_below_their_names() {
        let mut sketch = Sketch::default();
        sketch.row_to(6_000, &[(1_300, "Neto Gravado"), (2_400, "IVA"), (3_500, "Percepción IVA"), (4_600, "Total")]);
        sketch.row_to(6_140, &[(1_300, "1.000,00"), (2_400, "210,00"), (3_500, "30,00"), (4_600, "1.240,00")]);
        assert_eq!(amounts(&read(&rows(&[sketch.page()]))), [100_000, 21_000, 3_000, 124_000]);
    }

    #[test]
    fn a_net_without_any_rate_is_not_guessed() {
        let mut sketch = Sketch::default();
        sketch.row(6_000, &[(3_600, "Neto Gravado")]).row_to(6_000, &[(5_600, "1.000,00")]);
        assert!(read(&rows(&[sketch.page()])).by_rate.is_empty());
    }
}
