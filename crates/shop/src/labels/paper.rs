//! A print as PDF: what each label says, put into words here; how it looks is the crate `print`'s.

use gondola_ledger::{Money, Qty, Unit};
use gondola_pricing::ppum::{per_measure, without_national_taxes};
use gondola_pricing::rate::Rate;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_print::barcode::Barcode;
use gondola_print::labels::{Grid, Label, LabelRefusal, on_roll, on_sheets};
use gondola_print::sheet::{Head, Language};
use jiff::tz::TimeZone;

use super::queries::Printed;
use crate::kernel::numbers::show_money;
use crate::kernel::time::{local_day, show_day};
use crate::kernel::{Problem, Text};
use crate::prices::seller_of;

/// What labels are printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LabelPaper {
    /// A4 in three columns, beginning at a place, counted from 1.
    A4 {
        /// The first free place.
        first: usize,
    },
    /// The roll of 58 mm.
    Roll,
}

/// The texts of one label.
struct Texts {
    name: String,
    price: String,
    unit_price: String,
    net_price: String,
    date: String,
    barcode: Option<Barcode>,
}

impl Texts {
    fn of(printed: &Printed, status: TaxStatus, zone: &TimeZone) -> Self {
        let price = Money::new(printed.amount);
        let name = if printed.short_name.is_empty() { &printed.name } else { &printed.short_name };
        Self {
            name: name.clone(),
            price: show_money(price),
            unit_price: unit_price(printed, price).unwrap_or_default(),
            net_price: net_price(printed, price, status).unwrap_or_default(),
            date: show_day(local_day(printed.priced_at, zone)),
            barcode: printed.barcode.as_deref().and_then(|code| Barcode::of(code).ok()),
        }
    }

    fn label(&self) -> Label<'_> {
        Label {
            name: &self.name,
            price: &self.price,
            unit_price: &self.unit_price,
            net_price: &self.net_price,
            date: &self.date,
            barcode: self.barcode.as_ref(),
            offer: None,
        }
    }
}

/// The price per kilo, litre or metre of what a unit holds; none where nobody said, or where the price is one already.
fn unit_price(printed: &Printed, price: Money) -> Option<String> {
    let (content, unit) = match (printed.content_quantity, printed.content_unit.as_deref()) {
        (Some(quantity), Some(unit)) => (Qty::new(quantity), Unit::from_code(unit)?),
        _ => (Qty::whole(1)?, Unit::from_code(&printed.unit)?),
    };
    let per = per_measure(price, content, unit).filter(|per| per.unit != Unit::Un)?;
    (per.price != price).then(|| format!("{} por {}", show_money(per.price), measure(per.unit)))
}

fn measure(unit: Unit) -> &'static str {
    match unit {
        Unit::L => "litro",
        Unit::M => "metro",
        _ => unit.code(),
    }
}

/// The price without national taxes, for who charges VAT. Where internal taxes are in the price and nobody said how much,
/// nothing is told rather than something wrong.
fn net_price(printed: &Printed, price: Money, status: TaxStatus) -> Option<String> {
    if status != TaxStatus::RegisteredVat || printed.internal_taxes {
        return None;
    }
    let vat = seller_of(status, printed.vat_bp).vat;
    let net = without_national_taxes(price, vat, Rate::ZERO)?;
    Some(format!("Precio sin impuestos nacionales: {}", show_money(net)))
}

/// The document.
///
/// # Errors
/// 422 when the first place is not on the sheet, 409 when a price does not fit.
pub(super) fn document(
    printed: &[Printed],
    paper: LabelPaper,
    status: TaxStatus,
    zone: &TimeZone,
) -> Result<Vec<u8>, Problem> {
    let texts: Vec<Texts> = printed.iter().map(|printed| Texts::of(printed, status, zone)).collect();
    let labels: Vec<Label<'_>> = texts.iter().map(Texts::label).collect();
    let head = Head { title: "Etiquetas", language: Language::Spanish };
    let made = match paper {
        LabelPaper::A4 { first } => on_sheets(head, Grid { first, ..Grid::default() }, &labels),
        LabelPaper::Roll => on_roll(head, &labels),
    };
    made.map_err(refused)
}

fn refused(refusal: LabelRefusal) -> Problem {
    match refusal {
        LabelRefusal::Start { places } => {
            let (es, en) = (format!("Va de 1 a {places}."), format!("It goes from 1 to {places}."));
            Problem::invalid_field("first", "out_of_range", es, en)
        }
        other => {
            let text = Text::new("Un precio no entra en la etiqueta.", format!("The labels cannot be made: {other}."));
            Problem::new(axum::http::StatusCode::CONFLICT, "label_too_small", text.es, text.en)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(content: Option<(i64, &str)>, unit: &str) -> Printed {
        Printed {
            amount: 90_000,
            priced_at: 0,
            name: "Fideos".to_owned(),
            short_name: String::new(),
            unit: unit.to_owned(),
            content_quantity: content.map(|(quantity, _)| quantity),
            content_unit: content.map(|(_, unit)| unit.to_owned()),
            vat_bp: 2_100,
            internal_taxes: false,
            barcode: Some("7790742034007".to_owned()),
        }
    }

    #[test]
    fn a_label_says_the_price_per_kilo_where_it_is_another() {
        let per = |content, unit| unit_price(&printed(content, unit), Money::new(90_000)).unwrap_or_default();
        assert_eq!(per(Some((500_000, "g")), "un"), "$ 1.800,00 por kg");
        assert_eq!(per(Some((1_000, "l")), "un"), "");
        assert_eq!(per(None, "kg"), "");
        assert_eq!(per(None, "un"), "");
        assert_eq!(per(None, "g"), "$ 900.000,00 por kg");
    }

    #[test]
    fn only_who_charges_vat_tells_the_price_without_it() {
        let net = |status| net_price(&printed(None, "un"), Money::new(121_000), status).unwrap_or_default();
        assert_eq!(net(TaxStatus::Monotributo), "");
        assert_eq!(net(TaxStatus::RegisteredVat), "Precio sin impuestos nacionales: $ 1.000,00");
        let taxed = Printed { internal_taxes: true, ..printed(None, "un") };
        assert_eq!(net_price(&taxed, Money::new(121_000), TaxStatus::RegisteredVat), None);
    }
}
