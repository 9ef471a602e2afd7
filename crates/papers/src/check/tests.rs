//! Every row of the table of checks, and papers that pass all of them.

use gondola_ledger::{Qty, UnitCost};

use super::*;
use crate::extract::{Field, Header, Line, Perception, RateSums, Source, Totals};
use crate::fiscal::{DocumentType, VatCondition};

const TODAY: Day = Day(20_550);

fn typed<T>(value: T) -> Option<Field<T>> {
    Some(Field { value, confidence_permille: 1_000, source: Source::Typed, place: None })
}

fn money(text: &str) -> Option<Field<Money>> {
    typed(Money::parse(text).unwrap())
}

fn line(quantity: i64, price: &str, subtotal: &str) -> Line {
    Line {
        quantity: typed(Qty::whole(quantity).unwrap()),
        price: typed(UnitCost::parse(price).unwrap()),
        subtotal: money(subtotal),
        ..Line::default()
    }
}

/// Net 1,500 at two rates and every other part; it adds up.
fn paper() -> Paper {
    let perception = Perception { province: "buenos aires".to_owned(), amount: money("37.50").unwrap() };
    let totals = Totals {
        by_rate: vec![
            RateSums { rate: VatRate::TwentyOne, net: money("1000"), vat: money("210") },
            RateSums { rate: VatRate::TenAndAHalf, net: money("500"), vat: money("52.50") },
        ],
        exempt: money("10"),
        not_taxed: money("20"),
        excise: money("30"),
        vat_perception: money("45"),
        gross_income: vec![perception],
        other: None,
        total: money("1905"),
    };
    let mut header = Header {
        document: typed(DocumentType::from_code(1).unwrap()),
        date: typed(TODAY),
        totals,
        ..Header::default()
    };
    header.seller.tax_id = typed(TaxId::parse("30-70804363-6").unwrap());
    header.seller.condition = typed(VatCondition::Registered);
    let lines = vec![line(1, "1000", "1000"), line(5, "100", "500")];
    Paper { header, lines, doubts: Vec::new(), confidence_permille: 900 }
}

fn codes(paper: &Paper) -> Vec<&'static str> {
    let context = Context { today: TODAY, supplier: TaxId::parse("30-70804363-6").ok(), unmatched_lines: 0 };
    check(paper, &context).iter().map(Finding::code).collect()
}

fn changed(change: impl FnOnce(&mut Paper)) -> Vec<&'static str> {
    let mut paper = paper();
    change(&mut paper);
    codes(&paper)
}

#[test]
fn a_paper_that_adds_up_has_no_finding() {
    assert!(codes(&paper()).is_empty());
    assert!(may_be_applied(&[]));
}

#[test]
fn sums_may_be_off_by_a_centavo_and_no_more() {
    assert!(changed(|paper| paper.header.totals.total = money("1905.01")).is_empty());
    assert_eq!(changed(|paper| paper.header.totals.total = money("1905.02")), ["total_off"]);
    let vat = |text| {
        changed(|paper| {
            paper.header.totals.by_rate[0].vat = money(text);
            paper.header.totals.total = paper.header.totals.sum().and_then(typed);
        })
    };
    assert!(vat("210.01").is_empty() && vat("209.99").is_empty());
    assert_eq!(vat("210.02"), ["vat_off"]);
}

#[test]
fn a_line_is_warned_of_above_half_a_per_cent_and_refused_above_two() {
    assert!(changed(|paper| paper.lines[0] = line(1, "1000", "1005")).is_empty());
    assert_eq!(changed(|paper| paper.lines[0] = line(1, "1000", "1005.01")), ["line_near"]);
    assert_eq!(changed(|paper| paper.lines[0] = line(1, "1000", "1020")), ["line_near"]);
    assert_eq!(changed(|paper| paper.lines[0] = line(1, "1000", "1020.01")), ["line_off"]);
}

#[test]
fn a_date_lies_between_ten_years_ago_and_today() {
    assert!(changed(|paper| paper.header.date = typed(Day(TODAY.0 - 3_653))).is_empty());
    assert_eq!(changed(|paper| paper.header.date = typed(Day(TODAY.0 - 3_654))), ["old_date"]);
    assert_eq!(changed(|paper| paper.header.date = typed(Day(TODAY.0 + 1))), ["future_date"]);
}

#[test]
fn the_paper_must_be_the_chosen_suppliers() {
    let other = TaxId::parse("33-66641681-9").unwrap();
    assert_eq!(changed(|paper| paper.header.seller.tax_id = typed(other)), ["other_supplier"]);
    assert!(changed(|paper| paper.header.seller.tax_id = None).is_empty());
}

#[test]
fn numbers_that_cannot_be_right_are_errors() {
    let kinds = [(DoubtKind::TaxId, "bad_tax_id"), (DoubtKind::Cae, "bad_cae"), (DoubtKind::Pesos, "not_in_pesos")];
    for (kind, code) in kinds {
        let doubt = Doubt { kind, text: "30-71136826-4".to_owned(), place: None };
        assert_eq!(changed(|paper| paper.doubts.push(doubt)), [code]);
    }
}

#[test]
fn letters_that_do_not_suit_the_seller_are_warnings() {
    let letter_c = typed(DocumentType::from_code(11).unwrap());
    assert_eq!(changed(|paper| paper.header.document = letter_c), ["vat_on_c", "registered_gives_c"]);
    let monotributo = typed(VatCondition::Monotributo);
    assert_eq!(changed(|paper| paper.header.seller.condition = monotributo), ["monotributo_gives_a"]);
    assert!(may_be_applied(&[Finding::VatOnC, Finding::RegisteredGivesC, Finding::MonotributoGivesA]));
}

#[test]
fn what_is_not_sure_or_not_matched_cannot_be_applied() {
    assert!(changed(|paper| paper.confidence_permille = 700).is_empty());
    assert_eq!(changed(|paper| paper.confidence_permille = 699), ["low_confidence"]);
    assert_eq!(changed(|paper| paper.lines.clear()), ["no_lines"]);
    let findings = check(&paper(), &Context { today: TODAY, supplier: None, unmatched_lines: 1 });
    assert_eq!(findings, [Finding::UnmatchedLines(1)]);
    assert!(!may_be_applied(&findings));
}

#[test]
fn findings_speak_with_their_numbers() {
    let off = Finding::TotalOff { printed: Money::new(123_456_789), computed: Money::new(-5) };
    assert!(off.spanish().contains("$ 1.234.567,89") && off.spanish().contains("-$ 0,05"));
    assert!(off.english().contains("$ 1.234.567,89"));
    assert!(Finding::FutureDate(TODAY).spanish().contains("07/04/2026"));
    let vat = Finding::VatOff { rate: VatRate::TenAndAHalf, printed: Money::ZERO, net: Money::new(100) };
    assert!(vat.spanish().contains("10,5 %"));
}
