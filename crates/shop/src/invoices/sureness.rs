//! How sure each value of an invoice is. What the file says is as sure as the reading of it, what somebody wrote is certain,
//! and an invoice that somebody saw whole is as sure as its figures. Pure.

use std::collections::BTreeMap;

use gondola_papers::extract::{CERTAIN, Doubt, DoubtKind, Field, Header, Line, Paper, Perception, RateSums, Totals};
use gondola_papers::page::{Page, Place};

use super::written::{Amount, AmountKind, Head, Seller, WrittenLine, as_paper};
use crate::stock::line_field;

/// The name that a sum has on the page.
pub(super) fn amount_field(at: usize, name: &str) -> String {
    format!("amounts[{at}].{name}")
}

/// A value that was read less surely than this, of a thousand, is to be looked at.
pub(super) const SURE_PERMILLE: u16 = 900;

/// The paper of an invoice as it stands, weighed anew. `read` is what its file says, unless somebody saw the invoice whole.
pub(super) fn as_it_stands(head: &Head, lines: &[WrittenLine], seller: Seller, read: Option<&Paper>) -> Paper {
    let mut paper = as_paper(head, lines, seller);
    let Some(read) = read else { return paper };
    keep_header(&mut paper.header, &read.header);
    // A line that somebody wrote anew is certain even where it says what was read.
    let as_read = lines.iter().map(|line| line.confidence_permille < CERTAIN);
    for (at, line) in
        paper.lines.iter_mut().enumerate().zip(as_read).filter_map(|(line, is_read)| is_read.then_some(line))
    {
        let same = |one: &&Line| spoken(one) == spoken(line);
        let as_read = read.lines.get(at).filter(same).or_else(|| read.lines.iter().find(same));
        if let Some(as_read) = as_read {
            keep_line(line, as_read);
        }
    }
    paper.weigh();
    paper
}

/// What was there but could not be believed, but for what somebody has written since. Another currency is that of every
/// amount, so that a total in pesos alone does not end it: somebody has to have seen the whole.
pub(super) fn open_doubts(read: &Paper, head: &Head, is_seen: bool) -> Vec<Doubt> {
    let is_open = |doubt: &&Doubt| match doubt.kind {
        DoubtKind::Cae => head.cae.is_none(),
        DoubtKind::Pesos => !is_seen || head.total.is_none(),
        DoubtKind::TaxId => true,
    };
    read.doubts.iter().filter(is_open).cloned().collect()
}

/// A value that is as it was read is as sure as that.
fn keep<T: PartialEq + Clone>(now: &mut Option<Field<T>>, read: Option<&Field<T>>) {
    if let (Some(field), Some(read)) = (now.as_mut(), read)
        && field.value == read.value
    {
        *field = read.clone();
    }
}

fn keep_header(now: &mut Header, read: &Header) {
    keep(&mut now.document, read.document.as_ref());
    keep(&mut now.number, read.number.as_ref());
    keep(&mut now.cae, read.cae.as_ref());
    keep(&mut now.cae_due, read.cae_due.as_ref());
    keep(&mut now.date, read.date.as_ref());
    keep(&mut now.due, read.due.as_ref());
    keep(&mut now.seller.tax_id, read.seller.tax_id.as_ref());
    keep_totals(&mut now.totals, &read.totals);
}

fn keep_totals(now: &mut Totals, read: &Totals) {
    keep(&mut now.exempt, read.exempt.as_ref());
    keep(&mut now.not_taxed, read.not_taxed.as_ref());
    keep(&mut now.excise, read.excise.as_ref());
    keep(&mut now.vat_perception, read.vat_perception.as_ref());
    keep(&mut now.other, read.other.as_ref());
    keep(&mut now.total, read.total.as_ref());
    for RateSums { rate, net, vat } in &mut now.by_rate {
        let Some(read) = read.by_rate.iter().find(|sums| sums.rate == *rate) else { continue };
        keep(net, read.net.as_ref());
        keep(vat, read.vat.as_ref());
    }
    for Perception { province, amount } in &mut now.gross_income {
        let read =
            read.gross_income.iter().find(|read| (&read.province, read.amount.value) == (province, amount.value));
        *amount = read.map_or(*amount, |read| read.amount);
    }
}

/// What a line is told by.
fn spoken(line: &Line) -> &str {
    line.description.as_ref().map_or(line.raw.as_str(), |field| field.value.as_str())
}

fn keep_line(now: &mut Line, read: &Line) {
    keep(&mut now.code, read.code.as_ref());
    keep(&mut now.barcode, read.barcode.as_ref());
    keep(&mut now.description, read.description.as_ref());
    keep(&mut now.quantity, read.quantity.as_ref());
    keep(&mut now.unit, read.unit.as_ref());
    keep(&mut now.units_per_case, read.units_per_case.as_ref());
    keep(&mut now.price, read.price.as_ref());
    keep(&mut now.discount, read.discount.as_ref());
    keep(&mut now.vat, read.vat.as_ref());
    keep(&mut now.subtotal, read.subtotal.as_ref());
    now.unit_price = read.unit_price;
}

/// How sure a value is and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub confidence_permille: u16,
    /// Where it stands in the picture.
    pub spot: Option<Spot>,
}

/// A box on a page, in thousandths of its width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// From 1.
    pub page: usize,
    pub left: i32,
    pub top: i32,
    pub width: i32,
    pub height: i32,
}

impl Spot {
    fn of(place: Place, pages: &[Page]) -> Option<Self> {
        let page = pages.get(place.page).filter(|page| page.width > 0 && page.height > 0)?;
        let part = |length: i32, whole: i32| (i64::from(length) * 1_000 / i64::from(whole)).clamp(0, 1_000) as i32;
        Some(Self {
            page: place.page + 1,
            left: part(place.left, page.width),
            top: part(place.top, page.height),
            width: part(place.right - place.left, page.width),
            height: part(place.bottom - place.top, page.height),
        })
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { page, left, top, width, height } = self;
        write!(f, "{page} {left} {top} {width} {height}")
    }
}

/// What a paper says of one of its sums.
fn sum_of<'p>(totals: &'p Totals, amount: &Amount) -> Option<&'p Field<gondola_ledger::Money>> {
    let by_rate = || totals.by_rate.iter().find(|sums| Some(sums.rate) == amount.rate);
    match amount.kind {
        AmountKind::Net => by_rate()?.net.as_ref(),
        AmountKind::Vat => by_rate()?.vat.as_ref(),
        AmountKind::Exempt => totals.exempt.as_ref(),
        AmountKind::NotTaxed => totals.not_taxed.as_ref(),
        AmountKind::Excise => totals.excise.as_ref(),
        AmountKind::VatPerception => totals.vat_perception.as_ref(),
        AmountKind::Other => totals.other.as_ref(),
        AmountKind::GrossIncome => {
            let same = |read: &&Perception| (&read.province, read.amount.value) == (&amount.province, amount.amount);
            totals.gross_income.iter().find(same).map(|read| &read.amount)
        }
    }
}

/// The marks of all that was read of a paper, by the names the fields have on the page.
pub(super) fn marks(paper: &Paper, head: &Head, pages: &[Page]) -> BTreeMap<String, Mark> {
    let mut marks = Marks { pages, by_field: BTreeMap::new() };
    let header = &paper.header;
    marks.add("supplier", header.seller.tax_id.as_ref());
    marks.add("kind", header.document.as_ref());
    marks.add("letter", header.document.as_ref().filter(|field| field.value.letter.is_some()));
    marks.add("number", header.number.as_ref());
    marks.add("cae", header.cae.as_ref());
    marks.add("cae_due_on", header.cae_due.as_ref());
    marks.add("issued_on", header.date.as_ref());
    marks.add("due_on", header.due.as_ref());
    marks.add("total", header.totals.total.as_ref());
    for (at, amount) in head.amounts.iter().enumerate() {
        marks.add(&amount_field(at, "amount"), sum_of(&header.totals, amount));
    }
    for (at, line) in paper.lines.iter().enumerate() {
        let field = |name: &str| line_field(at, name);
        marks.add(&field("text"), line.description.as_ref());
        marks.add(&field("quantity"), line.quantity.as_ref());
        marks.add(&field("unit"), line.unit.as_ref());
        marks.add(&field("units_per_case"), line.units_per_case.as_ref());
        marks.add(&field("price"), line.price.as_ref());
        marks.add(&field("discount"), line.discount.as_ref());
        marks.add(&field("vat"), line.vat.as_ref());
        marks.add(&field("subtotal"), line.subtotal.as_ref());
        marks.add(&field("code"), line.code.as_ref());
        marks.add(&field("barcode"), line.barcode.as_ref());
    }
    marks.by_field
}

struct Marks<'p> {
    pages: &'p [Page],
    by_field: BTreeMap<String, Mark>,
}

impl Marks<'_> {
    fn add<T>(&mut self, name: &str, field: Option<&Field<T>>) {
        let Some(field) = field else { return };
        let spot = field.place.and_then(|place| Spot::of(place, self.pages));
        // What is certain and stands nowhere has nothing to tell.
        if spot.is_some() || field.confidence_permille < CERTAIN {
            self.by_field.insert(name.to_owned(), Mark { confidence_permille: field.confidence_permille, spot });
        }
    }
}

#[cfg(test)]
mod tests {
    use gondola_ledger::{Money, Qty, UnitCost};
    use gondola_papers::extract::Source;
    use gondola_papers::fiscal::Cae;

    use super::*;

    fn read<T>(value: T, confidence_permille: u16) -> Option<Field<T>> {
        let place = Place { page: 0, left: 100, top: 200, right: 300, bottom: 250 };
        Some(Field { value, confidence_permille, source: Source::Ocr, place: Some(place) })
    }

    fn pages() -> [Page; 1] {
        [Page { width: 1_000, height: 2_000, words: Vec::new() }]
    }

    /// One line of which the price was read badly, and a total that was read badly.
    fn paper() -> Paper {
        let line = Line {
            description: read("OREO".to_owned(), 950),
            quantity: read(Qty::whole(2).unwrap(), 940),
            price: read(UnitCost::parse("100").unwrap(), 520),
            subtotal: read(Money::new(20_000), 930),
            ..Line::default()
        };
        let mut paper = Paper { lines: vec![line], ..Paper::default() };
        paper.header.totals.total = read(Money::new(20_000), 610);
        paper
    }

    fn stands() -> (Head, Vec<WrittenLine>) {
        (Head::of(&paper().header), super::super::written::lines_of(&paper()))
    }

    #[test]
    fn what_nobody_wrote_is_as_sure_as_its_reading_and_what_somebody_wrote_is_certain() {
        let (mut head, lines) = stands();
        let kept = as_it_stands(&head, &lines, Seller::default(), Some(&paper()));
        assert_eq!(kept.header.totals.total.unwrap().confidence_permille, 610);
        head.total = Some(Money::new(20_001));
        let corrected = as_it_stands(&head, &lines, Seller::default(), Some(&paper()));
        assert_eq!(corrected.header.totals.total.unwrap().confidence_permille, CERTAIN);
        assert_eq!(corrected.lines[0].description.as_ref().unwrap().confidence_permille, 950);
        let seen = as_it_stands(&head, &lines, Seller::default(), None);
        assert_eq!(seen.lines[0].description.as_ref().unwrap().confidence_permille, CERTAIN);
    }

    #[test]
    fn a_line_is_found_again_when_another_one_before_it_is_gone() {
        let mut two = paper();
        two.lines.insert(0, Line { description: read("TITA".to_owned(), 800), ..Line::default() });
        let (head, lines) = stands();
        let kept = as_it_stands(&head, &lines, Seller::default(), Some(&two));
        assert_eq!(kept.lines[0].description.as_ref().unwrap().confidence_permille, 950);
    }

    #[test]
    fn a_doubt_ends_when_its_value_is_written() {
        let doubt = |kind| Doubt { kind, text: String::new(), place: None };
        let kinds = [DoubtKind::Cae, DoubtKind::Pesos, DoubtKind::TaxId];
        let read = Paper { doubts: kinds.map(doubt).to_vec(), ..Paper::default() };
        let open = |head: &Head, is_seen: bool| {
            open_doubts(&read, head, is_seen).iter().map(|doubt| doubt.kind).collect::<Vec<_>>()
        };
        assert_eq!(open(&Head::default(), true), kinds);
        let cae = Cae::parse("70417054367476").ok();
        assert_eq!(open(&Head { cae, ..Head::default() }, false), [DoubtKind::Pesos, DoubtKind::TaxId]);
        let written = Head { cae, total: Some(Money::ZERO), ..Head::default() };
        assert_eq!(open(&written, false), [DoubtKind::Pesos, DoubtKind::TaxId], "its lines may be in dollars yet");
        assert_eq!(open(&written, true), [DoubtKind::TaxId]);
    }

    #[test]
    fn marks_stand_under_the_fields_of_the_page_in_thousandths() {
        let head = stands().0;
        let marks = marks(&paper(), &head, &pages());
        let price = marks["lines[0].price"];
        assert_eq!((price.confidence_permille, price.spot.unwrap().to_string().as_str()), (520, "1 100 100 200 25"));
        assert!(!marks.contains_key("number"), "nothing was read of it");
        assert!(super::marks(&paper(), &head, &[])["total"].spot.is_none(), "a page without a picture");
    }
}
