//! What stands above the table, and the authorisation below it: type, number, dates, parties, CAE. A value stands behind its
//! label in the same run, or in the next run of the row.

use gondola_ledger::Day;

use super::alike::letters_off;
use super::paper::{Doubt, DoubtKind, Field, Header, Party, Source};
use super::plain::{plain, says};
use super::rows::{Row, Run};
use super::{CERTAIN, date, field};
use crate::fiscal::{Cae, DocumentKind, DocumentNumber, DocumentType, Letter, QrData, TaxId, TaxIdError, VatCondition};

/// Titles by how they begin; the first that fits counts.
const TITLES: [(&str, DocumentKind); 9] = [
    ("nota de credito", DocumentKind::CreditNote),
    ("nota de debito", DocumentKind::DebitNote),
    ("tique", DocumentKind::Ticket),
    ("ticket", DocumentKind::Ticket),
    ("factura", DocumentKind::Invoice),
    ("remito", DocumentKind::DeliveryNote),
    ("recibo", DocumentKind::Receipt),
    ("presupuesto", DocumentKind::Informal),
    ("lista de precios", DocumentKind::PriceList),
];
const BUYER: [&str; 6] = ["senor", "sr", "cliente", "apellido y nombre", "comprador", "destinatario"];
const EXPIRY: [&str; 5] = ["vencimiento", "vto", "venc", "validos hasta", "valida hasta"];
/// Digits by which a number is taken for a CAE that was misread.
const CAE_DIGITS_MIN: usize = 10;

/// Reads the rows above the table and those below it.
pub(super) fn read(head: &[Row], foot: &[Row]) -> (Header, Vec<Doubt>) {
    let mut doubts = Vec::new();
    let (seller, buyer) = parties(head, &mut doubts);
    let cae = cae(foot, &mut doubts).or_else(|| cae(head, &mut doubts));
    let header = Header {
        document: document(head),
        number: number(head),
        cae_due: cae.and(cae_due(foot).or_else(|| cae_due(head))),
        cae,
        date: issued(head),
        due: dated(head, |label| EXPIRY.iter().any(|word| says(label, word)) && !is_cae(label)),
        seller,
        buyer,
        totals: super::Totals::default(),
    };
    (header, doubts)
}

/// What the QR says outweighs what is printed, and ends the doubts about it. A total in another currency is nobody's debt in
/// pesos: it is left out and doubted.
pub(super) fn take_qr(header: &mut Header, doubts: &mut Vec<Doubt>, qr: &QrData) {
    header.document = qr.document().map(certain).or(header.document);
    header.number = Some(certain(qr.number));
    header.cae = Some(certain(qr.cae));
    header.date = Some(certain(qr.date));
    header.seller.tax_id = Some(certain(qr.issuer));
    header.buyer.tax_id = qr.receiver_tax_id().map(certain).or(header.buyer.tax_id);
    doubts.retain(|doubt| doubt.kind != DoubtKind::Cae);
    if qr.is_in_pesos() {
        header.totals.total = Some(certain(qr.total));
    } else {
        header.totals.total = None;
        doubts.push(Doubt { kind: DoubtKind::Pesos, text: qr.currency.clone(), place: None });
    }
}

const fn certain<T>(value: T) -> Field<T> {
    Field { value, confidence_permille: CERTAIN, source: Source::Qr, place: None }
}

fn runs(rows: &[Row]) -> impl Iterator<Item = &Run> {
    rows.iter().flat_map(|row| &row.runs)
}

/// The code says both; without it the title says the kind, and the box at the top the letter.
fn document(head: &[Row]) -> Option<Field<DocumentType>> {
    if let Some(found) = runs(head).find_map(|run| coded(run).map(|document| field(document, run))) {
        return Some(found);
    }
    let titled = runs(head).filter_map(|run| title(run).map(|kind| (run, kind)));
    let (run, kind) = titled.reduce(|best, next| if next.0.height() > best.0.height() { next } else { best })?;
    Some(field(DocumentType { kind, letter: letter(head).or_else(|| quoted_letter(run)) }, run))
}

/// `COD. 001`.
fn coded(run: &Run) -> Option<DocumentType> {
    let words = || run.plain.split(' ');
    let (_, code) = words().zip(words().skip(1)).find(|(word, _)| ["cod", "codigo"].contains(word))?;
    let code = code.replace('o', "0");
    if (2..=3).contains(&code.len()) { DocumentType::from_code(code.parse().ok()?) } else { None }
}

fn title(run: &Run) -> Option<DocumentKind> {
    let (_, kind) = TITLES.iter().find(|(begin, _)| run.plain.starts_with(begin))?;
    Some(*kind)
}

/// A letter alone, larger than running text.
fn letter(head: &[Row]) -> Option<Letter> {
    let mut heights: Vec<i32> = runs(head).map(Run::height).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or_default();
    runs(head).filter(|run| run.height() > usual).find_map(|run| Letter::parse(&run.text))
}

/// `FACTURA A` or `FACTURA "A"`.
fn quoted_letter(run: &Run) -> Option<Letter> {
    run.words.iter().find_map(|word| Letter::parse(word.text.trim_matches(['"', '\'', '“', '”'])))
}

fn number(head: &[Row]) -> Option<Field<DocumentNumber>> {
    for run in runs(head) {
        if let Some(number) = run.words.iter().find_map(|word| joined(&word.text)) {
            return Some(field(number, run));
        }
    }
    // The letters of a roll stand so far apart that a label and its number may be two runs.
    let part = |labels: &[&str], digits: std::ops::RangeInclusive<usize>| {
        head.iter().filter(|row| labels.iter().any(|label| says(&plain(&row.text()), label))).find_map(|row| {
            row.runs.iter().find_map(|run| {
                let mut words = run.words.iter().map(|word| digits_of(&word.text));
                Some((run, words.find(|word| digits.contains(&word.len()))?.parse::<u32>().ok()?))
            })
        })
    };
    let (run, point) = part(&["punto de venta", "pv", "pto vta", "p v"], 4..=5)?;
    let (_, number) = part(&["comp nro", "comp n", "nro t", "nro", "numero"], 8..=8)?;
    DocumentNumber::new(point, number).map(|number| field(number, run))
}

/// `00003-00001234`, perhaps behind its letter: `A-00003-00001234`.
fn joined(text: &str) -> Option<DocumentNumber> {
    let text = mended(text);
    let from = text.find(|letter: char| letter.is_ascii_digit())?;
    let (point, number) = text[from..].split_once('-')?;
    let has_lengths = (4..=5).contains(&point.len()) && number.len() == 8;
    if has_lengths { DocumentNumber::parse(&text[from..]) } else { None }
}

/// The digits of a word that has nothing else, but for letters misread.
fn digits_of(text: &str) -> String {
    let text = mended(text);
    let digits = text.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.to_owned() } else { String::new() }
}

/// Letters taken for digits, in a word that has digits.
fn mended(text: &str) -> String {
    if text.len() > 40 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return text.chars().take(40).collect();
    }
    text.replace(['O', 'o'], "0").replace(['l', 'I', '|'], "1")
}

fn issued(head: &[Row]) -> Option<Field<Day>> {
    let is_other = |label: &str| EXPIRY.iter().any(|word| says(label, word)) || says(label, "inicio") || is_cae(label);
    dated(head, |label| (label.starts_with("fecha") || says(label, "emision")) && !is_other(label))
        .or_else(|| dated(head, |label| !is_other(label)))
}

/// The first date behind a label that is wanted.
fn dated(rows: &[Row], is_wanted: impl Fn(&str) -> bool) -> Option<Field<Day>> {
    rows.iter().find_map(|row| {
        row.runs.iter().enumerate().filter(|(_, run)| is_wanted(&run.plain)).find_map(|(at, run)| {
            let own = date::find(&run.text).map(|day| field(day, run));
            own.or_else(|| row.runs.get(at + 1).and_then(|next| date::find(&next.text).map(|day| field(day, next))))
        })
    })
}

fn is_cae(label: &str) -> bool {
    says(label, "cae") || says(label, "caea")
}

fn cae_due(rows: &[Row]) -> Option<Field<Day>> {
    dated(rows, |label| is_cae(label) && EXPIRY.iter().any(|word| says(label, word))).or_else(|| {
        dated(rows, |label| EXPIRY.iter().any(|word| label.contains(word)) || label.starts_with("fecha de v"))
    })
}

fn cae(rows: &[Row], doubts: &mut Vec<Doubt>) -> Option<Field<Cae>> {
    let mut doubt = None;
    for row in rows {
        let labelled =
            row.runs.iter().position(|run| is_cae(&run.plain) && !EXPIRY.iter().any(|word| says(&run.plain, word)));
        let Some(at) = labelled else { continue };
        for run in row.runs.iter().skip(at).take(2) {
            for digits in run.words.iter().map(|word| digits_of(&word.text)) {
                match Cae::parse(&digits) {
                    Ok(cae) => return Some(field(cae, run)),
                    Err(_) if digits.len() >= CAE_DIGITS_MIN => {
                        doubt = Some(Doubt { kind: DoubtKind::Cae, text: digits, place: Some(run.place) });
                    }
                    Err(_) => {}
                }
            }
        }
    }
    doubts.extend(doubt);
    None
}

/// Who stands above the buyer's label sells; without the label, the first is the seller.
fn parties(head: &[Row], doubts: &mut Vec<Doubt>) -> (Party, Party) {
    let is_buyer = |run: &Run| BUYER.iter().any(|word| run.plain.starts_with(word));
    let border = head.iter().position(|row| row.runs.iter().any(is_buyer));
    let mut parties = [Party::default(), Party::default()];
    for (at, row) in head.iter().enumerate() {
        for (index, run) in row.runs.iter().enumerate() {
            let side = |is_known: bool| border.map_or(usize::from(is_known), |border| usize::from(at >= border));
            let is_labelled = labels_tax_id(&run.plain) || index > 0 && labels_tax_id(&row.runs[index - 1].plain);
            if let Some(tax_id) = tax_id(run, is_labelled, doubts) {
                let known = parties.iter().flat_map(|party| party.tax_id).any(|known| known.value == tax_id);
                let side = side(parties[0].tax_id.is_some());
                if !known {
                    parties[side].tax_id.get_or_insert(field(tax_id, run));
                }
            }
            if let Some(condition) = condition(&run.plain) {
                let side = side(parties[0].condition.is_some());
                parties[side].condition.get_or_insert(field(condition, run));
            }
        }
    }
    let [seller, buyer] = parties;
    (seller, buyer)
}

/// Is it CUIT or CUIL, or what a recogniser makes of it, as `C.U.LT.`? The check digit vouches for what stands behind.
fn labels_tax_id(label: &str) -> bool {
    label.split(' ').any(|word| word.len() >= 3 && word.len() <= 6 && letters_off(word, "cuit") <= 1)
}

fn tax_id(run: &Run, is_labelled: bool, doubts: &mut Vec<Doubt>) -> Option<TaxId> {
    for word in &run.words {
        let text = mended(word.text.trim_matches(|letter: char| !letter.is_alphanumeric()));
        if !is_labelled && text.matches('-').count() != 2 {
            continue;
        }
        match TaxId::parse(&text) {
            Ok(tax_id) => return Some(tax_id),
            Err(TaxIdError::NotElevenDigits) => {}
            Err(_) if is_labelled && is_new(doubts, &text) => {
                doubts.push(Doubt { kind: DoubtKind::TaxId, text, place: Some(run.place) });
            }
            Err(_) => {}
        }
    }
    None
}

fn is_new(doubts: &[Doubt], text: &str) -> bool {
    doubts.iter().all(|doubt| doubt.text != text)
}

fn condition(label: &str) -> Option<VatCondition> {
    let label = plain(label);
    match () {
        () if says(&label, "responsable inscripto") || says(&label, "resp inscripto") => Some(VatCondition::Registered),
        () if says(&label, "monotributista social") || says(&label, "monotributo social") => {
            Some(VatCondition::SocialMonotributo)
        }
        () if says(&label, "monotributo") || says(&label, "monotributista") => Some(VatCondition::Monotributo),
        () if says(&label, "consumidor final") => Some(VatCondition::FinalConsumer),
        () if says(&label, "iva") && says(&label, "exento") => Some(VatCondition::Exempt),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::rows::rows;
    use crate::extract::sketch::Sketch;

    fn heads(lines: &[&str]) -> (Header, Vec<Doubt>) {
        let mut sketch = Sketch::default();
        for (row, line) in (0..).zip(lines) {
            sketch.row(200 + row * 140, &[(400, line)]);
        }
        let rows = rows(&[sketch.page()]);
        read(&rows, &rows)
    }

    #[test]
    fn an_ordinary_head_is_read() {
        let (header, doubts) = heads(&[
            "FACTURA",
            "COD. 001",
            "Nº A-00003-00001234",
            "Fecha de Emisión: 12/03/2026",
            "C.U.I.T.: 30-70804363-6",
            "Ingresos Brutos: 30-70804363-6",
            "Inicio de Actividades: 01/03/2004",
            "IVA Responsable Inscripto",
            "Señor(es): Autoservicio La Rotonda",
            "CUIT: 30-71533519-7",
            "Condición frente al IVA: Responsable Monotributo",
            "Vencimiento: 31/03/2026",
            "CAE Nº: 70417054367476",
            "Fecha de Vto. de CAE: 22/03/2026",
        ]);
        assert_eq!(header.document.unwrap().value.code(), Some(1));
        assert_eq!(header.number.unwrap().value.to_string(), "00003-00001234");
        assert_eq!(header.seller.tax_id.unwrap().value.to_string(), "30-70804363-6");
        assert_eq!(header.buyer.tax_id.unwrap().value.to_string(), "30-71533519-7");
        assert_eq!(header.seller.condition.unwrap().value, VatCondition::Registered);
        assert_eq!(header.buyer.condition.unwrap().value, VatCondition::Monotributo);
        let days = [header.date, header.due, header.cae_due].map(|day| day.unwrap().value.to_string());
        assert_eq!(days, ["2026-03-12", "2026-03-31", "2026-03-22"]);
        assert_eq!(header.cae.unwrap().value.raw(), 70_417_054_367_476);
        assert!(doubts.is_empty());
    }

    #[test]
    fn a_ticket_says_its_letter_in_the_title_and_its_number_apart() {
        let (header, _) =
            heads(&["TIQUE FACTURA \"A\" (COD. 081)", "P.V. Nro.: 00012", "Nro. T.: 00004567", "Fecha 12-03-26"]);
        assert_eq!(
            header.document.unwrap().value,
            DocumentType { kind: DocumentKind::Ticket, letter: Some(Letter::A) }
        );
        assert_eq!(header.number.unwrap().value.to_string(), "00012-00004567");
        assert_eq!(header.date.unwrap().value.to_string(), "2026-03-12");
    }

    #[test]
    fn what_cannot_be_believed_is_a_doubt_and_no_value() {
        let (header, doubts) = heads(&["CUIT: 30-71136826-4", "C.A.E.: 7041705436747"]);
        assert_eq!((header.seller.tax_id, header.cae), (None, None));
        let kinds: Vec<DoubtKind> = doubts.iter().map(|doubt| doubt.kind).collect();
        assert!(kinds.contains(&DoubtKind::TaxId) && kinds.contains(&DoubtKind::Cae), "{doubts:?}");
    }

    #[test]
    fn digits_that_were_taken_for_letters_are_mended_by_their_check() {
        let (header, _) = heads(&["CUIT: 3O-7O8O4363-6", "Nº OOOO3-OOOOl234"]);
        assert_eq!(header.seller.tax_id.unwrap().value.to_string(), "30-70804363-6");
        assert_eq!(header.number.unwrap().value.to_string(), "00003-00001234");
    }

    #[test]
    fn a_label_that_was_misread_still_says_cuit_and_the_check_digit_vouches() {
        let (header, doubts) = heads(&["C.U.LT.: 30502006009", "CUIT: 3O716408104"]);
        assert_eq!(header.seller.tax_id.unwrap().value.to_string(), "30-50200600-9");
        assert_eq!(header.buyer.tax_id.unwrap().value.to_string(), "30-71640810-4");
        assert!(doubts.is_empty());
        assert_eq!(heads(&["Pedido: 30502006009"]).0.seller.tax_id, None, "any number could be one");
    }

    #[test]
    fn the_number_of_a_roll_may_stand_apart_from_its_label() {
        let mut sketch = Sketch::recognised(90);
        sketch.row(200, &[(90, "P.V."), (400, "Nro.:"), (800, "00120")]);
        sketch.row(340, &[(90, "Nro."), (400, "T.:"), (800, "05213059")]);
        let rows = rows(&[sketch.page()]);
        assert_eq!(read(&rows, &rows).0.number.unwrap().value.to_string(), "00120-05213059");
    }

    #[test]
    fn an_informal_paper_is_one() {
        let (header, _) = heads(&["PRESUPUESTO", "Documento no válido como factura", "31 de marzo de 2026"]);
        assert_eq!(header.document.unwrap().value.kind, DocumentKind::Informal);
        assert_eq!(header.date.unwrap().value.to_string(), "2026-03-31");
    }
}
