//! The truths of a thousand seeds: their arithmetic by another road than the one that made them, their identities, their
//! profiles.

use std::collections::BTreeSet;

use gondola_ledger::{Money, Qty, UnitCost};

use crate::forge::plan::{SORTS, document_code};
use crate::forge::sums::{self, Surcharges};
use crate::forge::tax_id::{ean13, with_check_digit};
use crate::forge::truth::{Kind, Letter, Line, Per, Rate, Totals, Truth};
use crate::forge::{HELD_OUT, TUNING, script, truth};

fn truths() -> impl Iterator<Item = (u64, Truth)> {
    TUNING.map(|seed| (seed, truth(seed)))
}

fn line(net: &str, rate: Rate) -> Line {
    let price = UnitCost::parse(net).expect("a price of the test");
    let one = Qty::new(1_000);
    Line {
        code: None,
        barcode: None,
        description: "ARTICULO".to_owned(),
        quantity: Some(one),
        per: Per::Unit,
        units_per_case: None,
        price: Some(price),
        unit_price: None,
        discount: 0,
        rate,
        subtotal: Some(sums::subtotal(one, price, 0)),
    }
}

fn amounts(totals: &Totals) -> Vec<String> {
    let taxed = totals.taxed.iter().flat_map(|group| [group.net, group.vat]);
    taxed.chain([totals.total]).map(|amount| amount.to_string()).collect()
}

#[test]
fn the_vat_of_the_domain_comes_out_to_the_centavo() {
    let one = [line("1000", Rate::Full)];
    assert_eq!(amounts(&sums::totals(&one, Letter::A, Surcharges::default())), ["1000.00", "210.00", "1210.00"]);
    let two = [line("1000", Rate::Full), line("500", Rate::Reduced)];
    let totals = sums::totals(&two, Letter::A, Surcharges::default());
    assert_eq!(amounts(&totals), ["1000.00", "210.00", "500.00", "52.50", "1762.50"]);
}

#[test]
fn a_final_price_gives_back_its_net_and_loses_nothing() {
    let totals =
        sums::totals(&[line("1210", Rate::Full), line("0.01", Rate::Reduced)], Letter::B, Surcharges::default());
    assert_eq!(amounts(&totals), ["1000.00", "210.00", "0.01", "0.00", "1210.01"]);
}

#[test]
fn a_perception_below_the_least_is_not_charged() {
    let extra = Surcharges { vat_perception: 30, gross_income: Some(("Buenos Aires", 25)), ..Surcharges::default() };
    let perceived = |net: &str, rate| sums::totals(&[line(net, rate)], Letter::A, extra).vat_perception.to_string();
    assert_eq!(perceived("99999", Rate::Full), "0.00");
    assert_eq!(perceived("100000", Rate::Full), "3000.00");
    assert_eq!(perceived("200000", Rate::Reduced), "3000.00");
    let totals = sums::totals(&[line("100000", Rate::Full)], Letter::A, extra);
    assert_eq!(totals.gross_income.map(|(_, amount)| amount.to_string()), Some("2500.00".to_owned()));
    assert_eq!(totals.total.to_string(), "126500.00");
}

#[test]
fn the_lines_worked_in_the_domain_come_out() {
    let subtotal = |quantity: i64, price: &str, discount| {
        let price = UnitCost::parse(price).expect("a price of the test");
        sums::subtotal(Qty::new(quantity * 1_000), price, discount).to_string()
    };
    assert_eq!(subtotal(1, "30000", 1_000), "27000.00");
    assert_eq!(subtotal(-2, "64800", 0), "129600.00", "printed negative, charged all the same");
    assert_eq!(subtotal(12, "4321.9876", 0), "51863.85");
}

#[test]
fn every_line_of_a_thousand_papers_is_quantity_times_price() {
    for (seed, truth) in truths() {
        for line in &truth.lines {
            let (Some(quantity), Some(price), Some(subtotal)) = (line.quantity, line.price, line.subtotal) else {
                assert!(matches!(truth.kind, Kind::DeliveryNote | Kind::PriceList), "seed {seed}: {line:?}");
                continue;
            };
            // In ten-millionths of a peso × ten-thousandths: twice the distance is at most one centavo.
            let exact = i128::from(quantity.raw().abs()) * i128::from(price.raw()) * i128::from(10_000 - line.discount);
            let distance = (exact - i128::from(subtotal.raw()) * 1_000_000_000).abs();
            assert!(2 * distance <= 1_000_000_000, "seed {seed}: {line:?}");
            assert!(subtotal.is_positive(), "seed {seed}: {line:?}");
        }
    }
}

#[test]
fn every_total_of_a_thousand_papers_is_the_sum_of_its_parts() {
    for (seed, truth) in truths() {
        let (Some(totals), Some(letter)) = (&truth.totals, truth.letter) else { continue };
        let lines = script::sum_of_lines(&truth.lines);
        match letter {
            Letter::A | Letter::M => {
                assert_eq!(sums::sum_of_parts(totals), totals.total, "seed {seed}");
                let nets = totals.taxed.iter().map(|group| group.net).chain([totals.exempt, totals.not_taxed]);
                assert_eq!(Money::checked_sum(nets), Some(lines), "seed {seed}");
            }
            Letter::B => {
                assert_eq!(sums::sum_of_parts(totals), totals.total, "seed {seed}");
                assert_eq!(lines, totals.total, "seed {seed}");
            }
            Letter::C | Letter::R | Letter::X => {
                assert_eq!(lines, totals.total, "seed {seed}");
                assert!(totals.taxed.is_empty(), "seed {seed}");
            }
        }
        for group in &totals.taxed {
            let distance = (group.net.raw() * group.rate.permille() - group.vat.raw() * 1_000).abs();
            assert!(distance <= 1_000, "seed {seed}: {group:?} is off by more than a centavo");
        }
    }
}

#[test]
fn check_digits_are_those_of_known_numbers() {
    let known = [
        (3_366_641_681, 33_666_416_819),
        (3_071_533_519, 30_715_335_197),
        (3_070_804_363, 30_708_043_636),
        (3_050_001_091, 30_500_010_912),
        (2_012_345_678, 20_123_456_786),
        (2_312_345_600, 23_123_456_009),
    ];
    for (body, whole) in known {
        assert_eq!(with_check_digit(body), whole);
    }
    assert_eq!(with_check_digit(2_012_345_600) / 10, 2_012_345_601, "a remainder of 1 has no digit");
    assert_eq!(ean13(779_079_536_800), "7790795368005");
    assert_eq!(ean13(779_123_456_789), "7791234567898");
}

#[test]
fn every_tax_number_of_a_thousand_papers_is_valid() {
    for (seed, truth) in truths() {
        let buyer = truth.buyer.as_ref().and_then(|buyer| buyer.tax_id);
        for tax_id in truth.supplier.tax_id.into_iter().chain(buyer) {
            let weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
            let digits = tax_id.to_string();
            let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
            assert!(digits.len() == 11 && sum.is_multiple_of(11), "seed {seed}: {tax_id}");
        }
    }
}

#[test]
fn a_cae_has_fourteen_digits_and_stands_where_a_fiscal_number_does() {
    for (seed, truth) in truths() {
        assert_eq!(truth.cae.is_some(), truth.cae_due.is_some(), "seed {seed}");
        assert_eq!(truth.cae.is_some(), truth.qr.is_some(), "seed {seed}");
        assert!(truth.cae.is_none_or(|cae| cae.to_string().len() == 14), "seed {seed}");
        assert_eq!(truth.number.is_some(), truth.code.is_some(), "seed {seed}");
    }
}

#[test]
fn any_sixteen_seeds_hold_every_letter_kind_and_known_profile() {
    let truths: Vec<Truth> = TUNING.take(2 * SORTS as usize).map(truth).collect();
    for kind in [Kind::Invoice, Kind::CreditNote, Kind::Ticket, Kind::DeliveryNote, Kind::Informal, Kind::PriceList] {
        assert!(truths.iter().any(|truth| truth.kind == kind), "{kind:?}");
    }
    for code in [1, 3, 6, 11, 51, 91] {
        assert!(truths.iter().any(|truth| truth.code == Some(code)), "{code}");
    }
    let suppliers: BTreeSet<&str> = truths.iter().map(|truth| truth.supplier_code).collect();
    assert!(["ACE", "BC", "FA", "FR", "GA", "MAX", "TER"].iter().all(|code| suppliers.contains(code)), "{suppliers:?}");
    let everyone: BTreeSet<String> = TUNING.map(|seed| truth(seed).supplier_code.to_owned()).collect();
    assert_eq!(everyone.len(), 13, "the twelve and who is none of them: {everyone:?}");
    assert_eq!(document_code(Kind::PriceList, Letter::A), None);
}

#[test]
fn the_letter_m_ends_in_december_of_2025_and_keeps_its_codes() {
    let reviewed: Vec<Truth> = truths().map(|(_, truth)| truth).filter(|truth| truth.code == Some(51)).collect();
    for truth in &reviewed {
        let before = truth.date.to_string().as_str() < "2025-12-01";
        assert_eq!(truth.letter, Some(if before { Letter::M } else { Letter::A }));
        assert_eq!(truth.legend.is_none(), before);
    }
    assert!(reviewed.iter().any(|truth| truth.legend.is_none()) && reviewed.iter().any(|truth| truth.legend.is_some()));
}

#[test]
fn a_pack_in_a_name_is_the_pack_of_the_line() {
    for (seed, truth) in truths().filter(|(_, truth)| matches!(truth.supplier_code, "FA" | "TER")) {
        for line in &truth.lines {
            let word = line.description.split(' ').next_back().unwrap_or_default();
            let factors: Vec<u32> = word.split('X').filter_map(|factor| factor.parse().ok()).collect();
            let (_, outer) = factors.split_last().expect("a pack");
            assert_eq!(line.units_per_case, Some(outer.iter().product()), "seed {seed}: {}", line.description);
        }
    }
}

#[test]
fn terramare_prints_its_quantities_negative_and_nobody_else_does() {
    for (seed, truth) in truths() {
        for quantity in truth.lines.iter().filter_map(|line| line.quantity) {
            assert_eq!(quantity.is_negative(), truth.supplier_code == "TER", "seed {seed}");
        }
    }
}

#[test]
fn maxiconsumo_has_five_digit_codes_and_both_prices() {
    let of_max = |truth: &Truth| truth.supplier_code == "MAX" && truth.kind == Kind::Invoice;
    for (seed, truth) in truths().filter(|(_, truth)| of_max(truth)) {
        for line in &truth.lines {
            assert_eq!(line.code.as_ref().map(String::len), Some(5), "seed {seed}");
            let (price, unit, units) = (line.price, line.unit_price, line.units_per_case);
            let case = unit.zip(units).map(|(unit, units)| UnitCost::new(unit.raw() * i64::from(units)));
            assert_eq!(case, price, "seed {seed}");
        }
    }
}

#[test]
fn the_two_ranges_of_seeds_do_not_meet() {
    assert_eq!((TUNING.start, TUNING.end, HELD_OUT.start, HELD_OUT.end), (0, 1_000, 10_000, 11_000));
}
