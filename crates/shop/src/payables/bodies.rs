//! What is said about an entry of an account: over the API as JSON, from the page as a form. Texts become values here, all
//! field errors at once.

use gondola_ledger::{Money, NumberError};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::commands::PostEntry;
use super::entry::{EntryKind, Method, NewEntry};
use super::scalars::{AccountAmount, EntryKindCode, PaymentMethodCode};
use crate::kernel::body::given;
use crate::kernel::fields::{Read, must, read, wrong};
use crate::kernel::scalars::Day as DayText;
use crate::kernel::time::{Day, parse_day};
use crate::kernel::{Errors, Problem, Text};
use crate::stock::{DOCUMENT_MAX, DocumentName, Reason, line, parse_reason};

/// Days from an invoice until it is due, at most.
const DUE_DAYS_MAX: Day = 731;

/// Something that goes into the account of a supplier.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewAccountEntry)]
#[serde(deny_unknown_fields)]
pub struct EntryBody {
    /// What it is.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = EntryKindCode, required)]
    pub kind: Option<String>,
    /// How much, in pesos, above zero; the kind says which side it is on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = AccountAmount, required)]
    pub amount: Option<String>,
    /// The number on the paper; an invoice or a note needs it, and has it once.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DocumentName)]
    pub document: Option<String>,
    /// The day on the paper; today when it is not said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DayText)]
    pub issued_on: Option<String>,
    /// Until when it is to be paid; after the supplier's days to pay when it is not said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DayText)]
    pub due_on: Option<String>,
    /// How a payment was made; `cash` when it is not said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PaymentMethodCode)]
    pub method: Option<String>,
    /// What for, 3 to 200 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
}

impl EntryBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub fn parse(self, supplier: String, today: Day) -> Result<PostEntry, Problem> {
        let mut errors = Errors::new();
        let kind = must(&mut errors, "kind", self.kind, parse_kind);
        let amount = must(&mut errors, "amount", self.amount, |text| parse_amount(text, kind));
        let document = self.document.and_then(|text| line(&mut errors, "document", &text, DOCUMENT_MAX));
        let issued_on = read(&mut errors, "issued_on", self.issued_on, parse_date).unwrap_or(today);
        let due_on = read(&mut errors, "due_on", self.due_on, parse_date);
        let method = read(&mut errors, "method", self.method, parse_method);
        let reason = self.reason.map(|text| parse_reason(&mut errors, &text));
        if issued_on > today {
            errors.add("issued_on", "in_the_future", "Todavía no llegó ese día.", "That day has not come yet.");
        }
        if due_on.is_some_and(|due_on| !(issued_on..=issued_on.saturating_add(DUE_DAYS_MAX)).contains(&due_on)) {
            let (es, en) =
                ("Va del día del comprobante a dos años después.", "It is from the day of the paper to two years on.");
            errors.add("due_on", "out_of_range", es, en);
        }
        if let Some(kind) = kind {
            misplaced(&mut errors, kind, (due_on.is_some(), method.is_some()));
            if matches!(kind, EntryKind::Invoice | EntryKind::DebitNote | EntryKind::CreditNote) && document.is_none() {
                errors.required("document", None::<String>);
            }
        }
        errors.finish()?;
        let read = "nothing was wrong with it";
        let (kind, amount) = (kind.expect(read), amount.expect(read));
        let amount = if kind.is_owed() { amount } else { Money::new(-amount.raw()) };
        let method = if kind == EntryKind::Payment { Some(method.unwrap_or(Method::Cash)) } else { None };
        let reason = reason.flatten().unwrap_or_else(|| usual_reason(kind).to_owned());
        let supplier_id = Uuid::nil();
        let entry =
            NewEntry { supplier: supplier_id, kind, amount, document, issued_on, due_on, method, reason, source: None };
        Ok(PostEntry { supplier, entry })
    }
}

/// A date of payment on what is not owed, or a way of paying on what is no payment.
fn misplaced(errors: &mut Errors, kind: EntryKind, (has_due, has_method): (bool, bool)) {
    if has_due && !kind.is_owed() {
        let (es, en) = ("Solo lo que se debe tiene vencimiento.", "Only what is owed has a due date.");
        errors.add("due_on", "not_together", es, en);
    }
    if has_method && kind != EntryKind::Payment {
        errors.add("method", "not_together", "Solo un pago lo lleva.", "Only a payment has it.");
    }
}

/// What an entry is for when nobody said, in the shop's language.
const fn usual_reason(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Opening => "Saldo inicial",
        EntryKind::Invoice => "Factura",
        EntryKind::DebitNote => "Nota de débito",
        EntryKind::CreditNote => "Nota de crédito",
        EntryKind::Payment => "Pago",
    }
}

fn parse_kind(text: &str) -> Read<EntryKind> {
    EntryKind::from_code(text).ok_or_else(|| {
        let codes = EntryKind::ALL.map(EntryKind::code).join(", ");
        ("unknown_kind", Text::new(format!("Se acepta: {codes}."), format!("Accepted: {codes}.")))
    })
}

fn parse_method(text: &str) -> Read<Method> {
    Method::from_code(text).ok_or_else(|| {
        let codes = Method::ALL.map(Method::code).join(", ");
        ("unknown_method", Text::new(format!("Se acepta: {codes}."), format!("Accepted: {codes}.")))
    })
}

/// An amount above zero; the opening of an account may also be below.
fn parse_amount(text: &str, kind: Option<EntryKind>) -> Read<Money> {
    match Money::parse(text).map_err(wrong)? {
        amount if amount.is_zero() => Err(wrong(NumberError::TooSmall { min: "0.01" })),
        amount if amount.is_negative() && kind != Some(EntryKind::Opening) => Err(wrong(NumberError::Negative)),
        amount => Ok(amount),
    }
}

fn parse_date(text: &str) -> Read<Day> {
    parse_day(text).ok_or_else(|| {
        let text = Text::new("La fecha va como 2026-11-23.", "The date is written as 2026-11-23.");
        ("bad_date", text)
    })
}
