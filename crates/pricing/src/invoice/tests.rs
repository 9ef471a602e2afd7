//! Papers that add up and papers that do not, to the centavo.

use proptest::prelude::*;

use super::*;

fn pesos(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn units(text: &str) -> Qty {
    Qty::parse(text, gondola_ledger::Unit::Kg).unwrap()
}

fn cost(text: &str) -> UnitCost {
    UnitCost::parse(text).unwrap()
}

fn vat_line(rate: &str, net: &str, vat: &str) -> VatLine {
    VatLine { rate: Rate::parse_percent(rate).unwrap(), net: pesos(net), vat: pesos(vat) }
}

/// 1,000 net at 21 % and 500 at 10.5 %: VAT 262.50, total 1,762.50.
fn two_rates() -> Header {
    Header {
        by_rate: vec![vat_line("21", "1000", "210"), vat_line("10.5", "500", "52.50")],
        exempt: Money::ZERO,
        not_taxed: Money::ZERO,
        internal_taxes: Money::ZERO,
        perceptions: vec![],
        other: Money::ZERO,
        total: pesos("1762.50"),
    }
}

#[test]
fn a_header_of_two_rates_adds_up() {
    assert_eq!(two_rates().faults(), []);
    let full = Header {
        exempt: pesos("10"),
        not_taxed: pesos("20"),
        internal_taxes: pesos("30"),
        perceptions: vec![pesos("45"), pesos("37.50")],
        other: pesos("5"),
        total: pesos("1910"),
        ..two_rates()
    };
    assert_eq!(full.faults(), []);
}

#[test]
fn one_centavo_is_forgiven_and_two_are_not() {
    assert_eq!(Header { total: pesos("1762.51"), ..two_rates() }.faults(), []);
    let (printed, computed) = (pesos("1762.52"), pesos("1762.50"));
    assert_eq!(Header { total: printed, ..two_rates() }.faults(), [HeaderFault::Total { printed, computed }]);
    assert_eq!(vat_line("21", "1000", "210.01").fault(), None);
    let (rate, printed, computed) = (Rate::basis_points(2_100), pesos("209.98"), pesos("210"));
    assert_eq!(vat_line("21", "1000", "209.98").fault(), Some(HeaderFault::Vat { rate, printed, computed }));
}

#[test]
fn amounts_beyond_any_document_are_a_fault_of_their_own() {
    let largest = Money::new(i64::MAX);
    assert_eq!(Header { exempt: largest, other: largest, ..two_rates() }.faults(), [HeaderFault::TooLarge]);
    let huge = VatLine { rate: Rate::new(i32::MAX), net: largest, vat: Money::ZERO };
    assert_eq!(huge.fault(), Some(HeaderFault::TooLarge));
}

#[test]
fn a_line_is_in_order_to_half_a_percent_and_a_warning_to_two() {
    let table = "\
        10 100 0 1000 ok
        10 100 0 1005 ok
        10 100 0 995 ok
        10 100 0 1005.01 warning
        10 100 0 1020 warning
        10 100 0 980 warning
        10 100 0 1020.01 error
        10 100 100 900 ok
        2.5 100.1234 0 250.31 ok
        10 100 1000 0 ok
        10 100 1000 0.01 error
        -10 100 0 -1000 ok
        -10 100 0 1000 error";
    for row in table.lines() {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let line = InvoiceLine {
            quantity: units(cells[0]),
            price: cost(cells[1]),
            discount: pesos(cells[2]),
            subtotal: pesos(cells[3]),
        };
        let verdict = match line.verdict() {
            LineVerdict::Ok => "ok",
            LineVerdict::Warning { .. } => "warning",
            LineVerdict::Error { .. } => "error",
            LineVerdict::TooLarge => "too large",
        };
        assert_eq!(verdict, cells[4], "{row}");
    }
}

fn agreed() -> ThreeWay {
    ThreeWay {
        expected: Expected::Ordered { quantity: units("24"), cost: cost("1000") },
        received: units("24"),
        invoiced: units("24"),
        cost: cost("1005"),
    }
}

#[test]
fn any_quantity_difference_and_any_cost_above_half_a_percent_is_shown() {
    assert_eq!(agreed().differences(), []);
    let (ordered, received, invoiced) = (units("24"), units("23"), units("24"));
    let short = [
        Difference::ReceivedOtherThanOrdered { ordered, received },
        Difference::InvoicedOtherThanReceived { received, invoiced },
    ];
    assert_eq!(ThreeWay { received, ..agreed() }.differences(), short);
    let dear = [Difference::Cost { expected: cost("1000"), invoiced: cost("1005.0001") }];
    assert_eq!(ThreeWay { cost: cost("1005.0001"), ..agreed() }.differences(), dear);
}

#[test]
fn without_an_order_the_last_cost_speaks() {
    let bare = ThreeWay { expected: Expected::LastCost(cost("990")), ..agreed() };
    assert_eq!(bare.differences(), [Difference::Cost { expected: cost("990"), invoiced: cost("1005") }]);
    assert_eq!(ThreeWay { expected: Expected::Nothing, ..bare }.differences(), []);
}

proptest! {
    #[test]
    fn no_figures_panic(
        a in any::<i64>(), b in any::<i64>(), c in any::<i64>(), d in any::<i64>(), rate in any::<i32>()
    ) {
        let line = InvoiceLine {
            quantity: Qty::new(a), price: UnitCost::new(b), discount: Money::new(c), subtotal: Money::new(d),
        };
        let _ = line.verdict();
        let by_rate = vec![VatLine { rate: Rate::new(rate), net: Money::new(a), vat: Money::new(b) }];
        let _ = Header { by_rate, exempt: Money::new(c), total: Money::new(d), ..two_rates() }.faults();
        let _ = ThreeWay {
            expected: Expected::LastCost(UnitCost::new(a)), received: Qty::new(b), invoiced: Qty::new(c),
            cost: UnitCost::new(d),
        }.differences();
    }
}
