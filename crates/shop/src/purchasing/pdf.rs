//! An order on paper, for the supplier who wants one and for whoever checks what comes. In Spanish, as its text is.

use gondola_print::order::{Order, OrderLine, Urgency, order};
use gondola_print::sheet::Language;

use super::paper::amount;
use super::queries::{self, Ordered};
use crate::kernel::time::{Day, show_day};

/// The order as PDF: with the supplier's wording where it is known, and no prices.
///
/// # Panics
/// Never: a list of paper takes more lines than an order has.
pub(super) fn document(ordered: &Ordered, shop: Option<&str>, day: Day) -> Vec<u8> {
    let amounts: Vec<(String, String)> = ordered.lines.iter().map(amount_and_unit).collect();
    let lines: Vec<OrderLine<'_>> = ordered
        .lines
        .iter()
        .zip(&amounts)
        .map(|(line, (quantity, unit))| OrderLine {
            urgency: if line.urgent { Urgency::Urgent } else { Urgency::Normal },
            code: line.sku.as_deref().unwrap_or_default(),
            name: line.wording.as_deref().unwrap_or_else(|| line.title()),
            quantity,
            unit,
        })
        .collect();
    let shop: Vec<&str> = shop.into_iter().collect();
    let paper = Order {
        language: Language::Spanish,
        number: &ordered.order.number.to_string(),
        date: &show_day(day),
        shop: &shop,
        supplier: &[&ordered.order.supplier_name],
        lines: &lines,
        notes: &ordered.order.notes,
    };
    order(&paper).expect("an order is shorter than a list may be")
}

/// `4` and `cajones`; what nobody said is to be confirmed.
fn amount_and_unit(line: &queries::OrderLine) -> (String, String) {
    let Some((quantity, unit)) = line.quantity.zip(line.unit.as_deref()) else {
        return ("a confirmar".to_owned(), String::new());
    };
    let amount = amount(gondola_ledger::Qty::new(quantity), unit);
    let (quantity, unit) = amount.split_once(' ').unwrap_or((&amount, ""));
    (quantity.to_owned(), unit.to_owned())
}
