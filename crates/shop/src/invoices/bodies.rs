//! What is said about invoices, over the API as JSON and from the pages as a form. Texts become values here, all field errors
//! at once.

use gondola_ledger::{Money, Qty, Unit};
use gondola_papers::fiscal::{Cae, DocumentNumber, Letter};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::apply::{ApplyInvoice, Arrival, Counted};
use super::change::{InvoiceEdit, LineEdit};
use super::scalars::{
    AmountKindCode, CaeText, DocumentKindCode, DocumentLetter, DocumentNumberText, InvoiceAmount, InvoiceLineText,
    InvoiceWord, PrintedQuantity, VatCode, VatRateCode,
};
use super::written::{
    AMOUNTS_MAX, Amount, AmountKind, KINDS, LINES_MAX, kind_from_code, rate_from_text, vat_from_code,
};
use crate::kernel::body::given;
use crate::kernel::fields::{Read, must, named, parse_cost, parse_date, parse_percent, read, read_or_null, wrong};
use crate::kernel::scalars::{Cost, Day as DayText, LocationCode, Percent, ProductName, Quantity, SupplierCode};
use crate::kernel::{Errors, Problem, Text};
use crate::notebook::parse_supplier;
use crate::stock::{LotBody, line, parse_lot, parse_product};

/// Characters of what a line says at most.
pub(super) const ABOUT_MAX: usize = 200;
/// Characters of a code, a barcode or a unit at most.
pub(super) const WORD_MAX: usize = 80;
/// Characters of a province at most.
const PROVINCE_MAX: usize = 80;
/// Units of a case at most.
const PACK_MAX: i64 = 10_000;

/// What an invoice says. To change one, what is not named stays as it is, null empties it, sums and lines are given whole.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewInvoice, example = json!({
    "supplier": "LS", "kind": "invoice", "letter": "A", "number": "00003-00001234", "issued_on": "2026-11-20", "total": "121000.00",
    "amounts": [{"kind": "net", "rate": "21", "amount": "100000.00"}, {"kind": "vat", "rate": "21", "amount": "21000.00"}],
    "lines": [{"text": "QUESO CREMOSO", "quantity": "10", "price": "10000", "subtotal": "100000.00", "product": "sku:QUE-CREMOSO"}],
}))]
#[serde(deny_unknown_fields)]
pub struct InvoiceBody {
    /// Code of the supplier.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<SupplierCode>)]
    pub supplier: Option<Option<String>>,
    /// The order that it bills.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Uuid>)]
    pub order: Option<Option<String>>,
    /// What the document is.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DocumentKindCode>)]
    pub kind: Option<Option<String>>,
    /// Its letter.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DocumentLetter>)]
    pub letter: Option<Option<String>>,
    /// Point of sale and number.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DocumentNumberText>)]
    pub number: Option<Option<String>>,
    /// The code it was authorised under, 14 digits.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<CaeText>)]
    pub cae: Option<Option<String>>,
    /// Last day of that code.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DayText>)]
    pub cae_due_on: Option<Option<String>>,
    /// Day of issue.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DayText>)]
    pub issued_on: Option<Option<String>>,
    /// When it is to be paid; by the supplier's terms when nobody says.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DayText>)]
    pub due_on: Option<Option<String>>,
    /// What is to be paid.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<InvoiceAmount>)]
    pub total: Option<Option<String>>,
    /// Its sums, at most 50.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<AmountBody>, max_items = 50)]
    pub amounts: Option<Vec<AmountBody>>,
    /// Its lines, at most 500.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<InvoiceLineBody>, max_items = 500)]
    pub lines: Option<Vec<InvoiceLineBody>>,
}

/// One sum of an invoice.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewInvoiceAmount)]
#[serde(deny_unknown_fields)]
pub struct AmountBody {
    /// What it is.
    #[schema(value_type = AmountKindCode, required)]
    pub kind: Option<String>,
    /// The rate of VAT, of `net` and `vat`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = VatRateCode)]
    pub rate: Option<String>,
    /// The province, of `gross_income`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = InvoiceWord)]
    pub province: Option<String>,
    /// How much.
    #[schema(value_type = InvoiceAmount, required)]
    pub amount: Option<String>,
}

/// One line of an invoice, as it is printed, and what it is to the shop.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewInvoiceLine)]
#[serde(deny_unknown_fields)]
pub struct InvoiceLineBody {
    /// The supplier's code.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = InvoiceWord)]
    pub code: Option<String>,
    /// A barcode.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = InvoiceWord)]
    pub barcode: Option<String>,
    /// What it says.
    #[schema(value_type = InvoiceLineText, required)]
    pub text: Option<String>,
    /// How much, with the sign that is printed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PrintedQuantity)]
    pub quantity: Option<String>,
    /// What the quantity counts, as it is printed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = InvoiceWord)]
    pub unit: Option<String>,
    /// Units of a case, where the price is for a case.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, minimum = 1, maximum = 10000)]
    pub units_per_case: Option<i64>,
    /// The price of what is counted.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Cost)]
    pub price: Option<String>,
    /// Discount in per cent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    pub discount: Option<String>,
    /// The VAT it carries.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = VatCode)]
    pub vat: Option<String>,
    /// Its amount.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = InvoiceAmount)]
    pub subtotal: Option<String>,
    /// Whether it is goods; freight and deposits are not. It is when nobody says.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub goods: Option<bool>,
    /// Which product it is, `sku:SKU` or its id; what is not said is looked for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName)]
    pub product: Option<String>,
    /// Its lot and its last good day.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LotBody)]
    pub lot: Option<LotBody>,
}

impl InvoiceBody {
    /// What somebody writes, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub fn parse(self) -> Result<InvoiceEdit, Problem> {
        let mut errors = Errors::new();
        let e = &mut errors;
        let supplier = match self.supplier {
            Some(Some(text)) => parse_supplier(e, &text).map(Some),
            other => other,
        };
        let edit = InvoiceEdit {
            supplier,
            order: read_or_null(e, "order", self.order, parse_id),
            kind: read_or_null(e, "kind", self.kind, parse_kind),
            letter: read_or_null(e, "letter", self.letter, parse_letter),
            number: read_or_null(e, "number", self.number, parse_number),
            cae: read_or_null(e, "cae", self.cae, parse_cae),
            cae_due_on: read_or_null(e, "cae_due_on", self.cae_due_on, parse_date),
            issued_on: read_or_null(e, "issued_on", self.issued_on, parse_date),
            due_on: read_or_null(e, "due_on", self.due_on, parse_date),
            total: read_or_null(e, "total", self.total, parse_amount),
            amounts: self.amounts.map(|amounts| {
                at_most(e, "amounts", &amounts, AMOUNTS_MAX);
                each(e, "amounts", amounts.into_iter().take(AMOUNTS_MAX), AmountBody::parse)
            }),
            lines: self.lines.map(|lines| {
                at_most(e, "lines", &lines, LINES_MAX);
                each(e, "lines", lines.into_iter().take(LINES_MAX), InvoiceLineBody::parse)
            }),
        };
        errors.finish()?;
        Ok(edit)
    }
}

fn at_most<T>(errors: &mut Errors, field: &str, list: &[T], max: usize) {
    if list.len() > max {
        errors.add(field, "out_of_range", format!("Van hasta {max}."), format!("It takes up to {max}."));
    }
}

/// Reads every item of a list, its problems in its own fields.
fn each<B, T>(
    errors: &mut Errors,
    field: &str,
    list: impl Iterator<Item = B>,
    parse: impl Fn(B, &mut Errors) -> Option<T>,
) -> Vec<T> {
    let mut read = Vec::new();
    for (at, body) in list.enumerate() {
        errors.within(format!("{field}[{at}]."));
        read.extend(parse(body, errors));
    }
    errors.within(String::new());
    read
}

impl AmountBody {
    fn parse(self, errors: &mut Errors) -> Option<Amount> {
        let kind = must(errors, "kind", self.kind, parse_amount_kind);
        let rate = read(errors, "rate", self.rate, |text| rate_from_text(text).ok_or_else(unknown_rate));
        let province = self.province.and_then(|text| short(errors, "province", &text, PROVINCE_MAX));
        let amount = must(errors, "amount", self.amount, parse_amount);
        let kind = kind?;
        if kind.has_rate() && rate.is_none() {
            errors.add("rate", "required", "Falta la alícuota.", "The rate is missing.");
        }
        Some(Amount {
            kind,
            rate: rate.filter(|_| kind.has_rate()),
            province: province.filter(|_| kind == AmountKind::GrossIncome).unwrap_or_default(),
            amount: amount?,
        })
    }
}

impl InvoiceLineBody {
    fn parse(self, errors: &mut Errors) -> Option<LineEdit> {
        let about = errors.required("text", self.text).and_then(|text| line(errors, "text", &text, ABOUT_MAX));
        let mut word = |field: &str, text: Option<String>| {
            text.and_then(|text| short(errors, field, &text, WORD_MAX)).unwrap_or_default()
        };
        let (code, barcode, unit) = (word("code", self.code), word("barcode", self.barcode), word("unit", self.unit));
        if self.units_per_case.is_some_and(|units| !(1..=PACK_MAX).contains(&units)) {
            let (es, en) = (format!("Va de 1 a {PACK_MAX}."), format!("It goes from 1 to {PACK_MAX}."));
            errors.add("units_per_case", "out_of_range", es, en);
        }
        let quantity = read(errors, "quantity", self.quantity, |text| Qty::parse(text, Unit::Kg).map_err(wrong));
        let price = read(errors, "price", self.price, parse_cost);
        let discount = read(errors, "discount", self.discount, parse_percent);
        let vat = read(errors, "vat", self.vat, |text| vat_from_code(text).ok_or_else(unknown_rate));
        let subtotal = read(errors, "subtotal", self.subtotal, parse_amount);
        let product = self.product.and_then(|text| parse_product(errors, &text));
        let lot = self.lot.and_then(|lot| parse_lot(errors, &lot));
        Some(LineEdit {
            code,
            barcode,
            about: about?,
            quantity,
            unit,
            units_per_case: self.units_per_case.and_then(|units| u32::try_from(units).ok()),
            price,
            discount_bp: discount.unwrap_or_default(),
            vat,
            subtotal,
            is_goods: self.goods.unwrap_or(true),
            product,
            lot_code: lot.as_ref().map(|lot| lot.code.clone()).unwrap_or_default(),
            expires_on: lot.and_then(|lot| lot.expires_on),
        })
    }
}

/// A line of text that may be empty.
fn short(errors: &mut Errors, field: &str, text: &str, max: usize) -> Option<String> {
    errors.take(field, crate::kernel::fields::line(text, 0, max))
}

fn parse_id(text: &str) -> Read<Uuid> {
    Uuid::try_parse(text)
        .map_err(|_| ("bad_reference", Text::new("Va el id de un pedido.", "It is the id of an order.")))
}

fn parse_kind(text: &str) -> Read<gondola_papers::fiscal::DocumentKind> {
    kind_from_code(text).ok_or_else(|| unknown("unknown_kind", &KINDS.map(|(code, _)| code)))
}

fn parse_letter(text: &str) -> Read<Letter> {
    Letter::parse(text).ok_or_else(|| unknown("unknown_letter", &Letter::ALL.map(Letter::text)))
}

fn parse_amount_kind(text: &str) -> Read<AmountKind> {
    AmountKind::from_code(text).ok_or_else(|| unknown("unknown_kind", &AmountKind::ALL.map(AmountKind::code)))
}

fn unknown_rate() -> (&'static str, Text) {
    unknown("unknown_rate", &["21", "10.5", "27", "5", "2.5", "0", "exempt", "not_taxed"])
}

fn unknown(code: &'static str, known: &[&str]) -> (&'static str, Text) {
    let known = known.join(", ");
    (code, Text::new(format!("Se acepta: {known}."), format!("Accepted: {known}.")))
}

fn parse_number(text: &str) -> Read<DocumentNumber> {
    DocumentNumber::parse(text.trim()).ok_or_else(|| {
        let (es, en) = ("Va como 00003-00001234.", "It is written as 00003-00001234.");
        ("bad_number", Text::new(es, en))
    })
}

fn parse_cae(text: &str) -> Read<Cae> {
    Cae::parse(text.trim()).map_err(|_| ("bad_cae", Text::new("Son 14 dígitos.", "It has 14 digits.")))
}

fn parse_amount(text: &str) -> Read<Money> {
    Money::parse(text).map_err(wrong)
}

/// How an invoice is confirmed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ConfirmInvoice)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// `true`: what is only doubtful is right as it is.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub accept_warnings: Option<bool>,
}

/// Where the goods of an invoice are.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ApplyInvoice, example = json!({"location": "deposito", "lines": [{"line": 1, "received": "22", "damaged": "2"}]}))]
#[serde(deny_unknown_fields)]
pub struct ApplyBody {
    /// Code of the place where they came with the invoice.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LocationCode)]
    pub location: Option<String>,
    /// The receipt by which they came before, in the place of `location`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    pub receipt: Option<String>,
    /// What came otherwise than it is billed; the rest came as billed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<CountedBody>, max_items = 500)]
    pub lines: Option<Vec<CountedBody>>,
    /// Open claims that a credit note makes good, by their ids.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<Uuid>, max_items = 500)]
    pub claims: Option<Vec<String>>,
}

/// What was counted of a line.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = CountedInvoiceLine)]
#[serde(deny_unknown_fields)]
pub struct CountedBody {
    /// The invoice's line.
    #[schema(value_type = i64, required, minimum = 1)]
    pub line: Option<i64>,
    /// How much came in good order, in the product's own unit.
    #[schema(value_type = Quantity, required)]
    pub received: Option<String>,
    /// How much came broken.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Quantity)]
    pub damaged: Option<String>,
}

impl ApplyBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub fn parse(self, id: Uuid) -> Result<ApplyInvoice, Problem> {
        let mut errors = Errors::new();
        let location = self.location.and_then(|text| line(&mut errors, "location", &text, 40));
        let receipt = read(&mut errors, "receipt", self.receipt, |text| {
            let bad = || ("bad_reference", Text::new("Va el id de una recepción.", "It is the id of a receipt."));
            Uuid::try_parse(text).map_err(|_| bad())
        });
        if location.is_some() && receipt.is_some() {
            let (es, en) = ("Va el lugar o la recepción, no los dos.", "It is the place or the receipt, not both.");
            errors.add("receipt", "not_together", es, en);
        }
        let lines = self.lines.unwrap_or_default();
        at_most(&mut errors, "lines", &lines, LINES_MAX);
        let counted = each(&mut errors, "lines", lines.into_iter().take(LINES_MAX), CountedBody::parse);
        let claims = self.claims.unwrap_or_default();
        at_most(&mut errors, "claims", &claims, LINES_MAX);
        let settles = claims.iter().take(LINES_MAX).enumerate().filter_map(|(at, text)| {
            let bad = || ("bad_reference", Text::new("Va el id de un reclamo.", "It is the id of a claim."));
            errors.take(&format!("claims[{at}]"), Uuid::try_parse(text).map_err(|_| bad()))
        });
        let settles: Vec<Uuid> = settles.collect();
        errors.finish()?;
        let arrival = match (location, receipt) {
            (Some(location), _) => Arrival::Now(location),
            (None, Some(receipt)) => Arrival::Before(receipt),
            (None, None) => Arrival::Unsaid,
        };
        Ok(ApplyInvoice { id, arrival, counted, settles })
    }
}

impl CountedBody {
    fn parse(self, errors: &mut Errors) -> Option<Counted> {
        let line = errors.required("line", self.line);
        if line.is_some_and(|line| line < 1) {
            errors.add("line", "out_of_range", "Los renglones se cuentan desde 1.", "Lines are counted from 1.");
        }
        let received = must(errors, "received", self.received, parse_counted);
        let damaged = read(errors, "damaged", self.damaged, parse_counted);
        Some(Counted { line: line?, received: received?, damaged: damaged.unwrap_or(Qty::ZERO) })
    }
}

/// A quantity that may be zero.
fn parse_counted(text: &str) -> Read<Qty> {
    match Qty::parse(text, Unit::Kg).map_err(wrong)? {
        quantity if quantity.is_negative() => Err(wrong(gondola_ledger::NumberError::Negative)),
        quantity => Ok(quantity),
    }
}
