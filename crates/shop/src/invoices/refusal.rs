//! What the shop refuses about invoices, in a shopkeeper's words.

use axum::http::StatusCode;
use gondola_papers::check::{Finding, Severity};

use super::state::{InvoiceState, NotNow};
use crate::kernel::body::stale;
use crate::kernel::fields::FieldError;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text};
use crate::payables::PayableRefusal;
use crate::purchasing::PurchaseRefused;

/// Why nothing was changed.
#[derive(Debug)]
pub enum InvoiceRefusal {
    /// No such invoice.
    Unknown,
    /// It was typed: there is no file to read or to show.
    NoFile,
    /// Its state does not allow it.
    NotNow(InvoiceState),
    /// Somebody changed it meanwhile.
    Stale,
    /// The same file came before.
    SameFile {
        /// The number of that invoice.
        number: i64,
    },
    /// No such supplier.
    UnknownSupplier(String),
    /// No such order of that supplier.
    UnknownOrder,
    /// No such product.
    UnknownProduct {
        /// The line, from 0.
        line: usize,
    },
    /// What has to be corrected before it is confirmed, each in its field.
    Wrong(Vec<Wrong>),
    /// What somebody has to accept by saying so.
    Doubtful(Vec<Wrong>),
    /// A price list is no debt and brings no goods.
    NotForTheBooks,
    /// No receipt that it could be about.
    UnknownReceipt,
    /// A line that it does not have.
    UnknownLine {
        /// The place of it among those that were named, from 0.
        at: usize,
    },
    /// No open claim against that supplier.
    UnknownOpenClaim {
        /// The place of it among those that were named, from 0.
        at: usize,
    },
    /// Only a credit note makes claims good.
    NoCreditNote,
    /// The order or the shelf says no.
    Goods(Box<PurchaseRefused>),
    /// The supplier's account says no.
    Account(PayableRefusal),
    /// No such claim.
    UnknownClaim,
    /// The claim has ended.
    ClaimEnded,
}

/// Something wrong with an invoice: in which field, what, and how bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field in the API.
    pub field: String,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub text: Text,
    /// Whether a person may accept it.
    pub severity: Severity,
}

impl Wrong {
    /// What the checks of a paper found.
    pub fn of(finding: &Finding) -> Self {
        let field = match finding {
            Finding::LineNear { line, .. } | Finding::LineOff { line, .. } => format!("lines[{}].subtotal", line - 1),
            Finding::TotalOff { .. } | Finding::NotInPesos(_) => "total".to_owned(),
            Finding::VatOff { .. } | Finding::VatOnC => "amounts".to_owned(),
            Finding::FutureDate(_) | Finding::OldDate(_) => "issued_on".to_owned(),
            Finding::BadTaxId(_) | Finding::OtherSupplier { .. } => "supplier".to_owned(),
            Finding::BadCae(_) => "cae".to_owned(),
            Finding::RegisteredGivesC | Finding::MonotributoGivesA => "letter".to_owned(),
            Finding::LowConfidence(_) | Finding::UnmatchedLines(_) | Finding::NoLines => "lines".to_owned(),
        };
        let text = Text::new(finding.spanish(), finding.english());
        Self { field, code: finding.code(), text, severity: finding.severity() }
    }

    /// Something that has to be corrected.
    pub fn error(field: impl Into<String>, (code, text): FieldError) -> Self {
        Self { field: field.into(), code, text, severity: Severity::Error }
    }

    /// Something that a person may accept.
    pub fn warning(field: impl Into<String>, (code, text): FieldError) -> Self {
        Self { field: field.into(), code, text, severity: Severity::Warning }
    }

    /// Whether it keeps the invoice from being confirmed.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn problem(self) -> FieldProblem {
        FieldProblem { field: self.field, code: self.code, detail: self.text }
    }
}

impl From<NotNow> for InvoiceRefusal {
    fn from(NotNow(state): NotNow) -> Self {
        Self::NotNow(state)
    }
}

impl From<NotNow> for gondola_store::Fail<InvoiceRefusal> {
    fn from(refusal: NotNow) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<InvoiceRefusal> for Problem {
    fn from(refusal: InvoiceRefusal) -> Self {
        match refusal {
            InvoiceRefusal::Unknown | InvoiceRefusal::UnknownClaim => Self::not_found(),
            InvoiceRefusal::NoFile => conflict(
                "no_file",
                Text::new("Esa factura se cargó a mano: no tiene archivo.", "That invoice was typed: it has no file."),
            ),
            InvoiceRefusal::NotNow(state) => conflict("invoice_state", not_now(state)),
            InvoiceRefusal::Stale => stale(),
            InvoiceRefusal::SameFile { number } => conflict(
                "same_file",
                Text::new(
                    format!("Ese archivo ya se cargó: es la factura {number}."),
                    format!("That file was loaded before: it is invoice {number}."),
                ),
            ),
            InvoiceRefusal::Wrong(wrong) => Self::invalid(wrong.into_iter().map(Wrong::problem).collect()),
            InvoiceRefusal::Doubtful(wrong) => Self {
                fields: wrong.into_iter().map(Wrong::problem).collect(),
                ..conflict(
                    "warnings",
                    Text::new(
                        "Hay algo para revisar. Si está bien así, confirmá aceptando los avisos.",
                        "There is something to check. If it is right, confirm and accept the warnings.",
                    ),
                )
            },
            InvoiceRefusal::NotForTheBooks => conflict(
                "not_for_the_books",
                Text::new(
                    "Una lista de precios no es una factura: no trae mercadería ni se paga.",
                    "A price list is no invoice: it brings no goods and is not paid.",
                ),
            ),
            InvoiceRefusal::ClaimEnded => {
                conflict("claim_ended", Text::new("Ese reclamo ya se cerró.", "That claim has ended."))
            }
            InvoiceRefusal::Goods(refusal) => (*refusal).into(),
            InvoiceRefusal::Account(refusal) => refusal.into(),
            InvoiceRefusal::UnknownSupplier(code) => Self::invalid_field(
                "supplier",
                "unknown_supplier",
                format!("No hay ningún proveedor «{code}»."),
                format!("There is no supplier \"{code}\"."),
            ),
            other => Self::refused_field(&other.field(), other.told()),
        }
    }
}

impl InvoiceRefusal {
    /// The field of a reference that leads nowhere.
    fn field(&self) -> String {
        match self {
            Self::UnknownOrder => "order".to_owned(),
            Self::UnknownReceipt => "receipt".to_owned(),
            Self::UnknownProduct { line } => format!("lines[{line}].product"),
            Self::UnknownLine { at } => format!("lines[{at}].line"),
            Self::UnknownOpenClaim { at } => format!("claims[{at}]"),
            Self::NoCreditNote => "claims".to_owned(),
            _ => String::new(),
        }
    }

    /// What is told of it.
    fn told(&self) -> FieldError {
        match self {
            Self::UnknownOrder => (
                "unknown_order",
                Text::new("No hay ningún pedido así de ese proveedor.", "There is no such order of that supplier."),
            ),
            Self::UnknownReceipt => (
                "unknown_receipt",
                Text::new(
                    "No hay ninguna recepción así de ese proveedor sin factura.",
                    "There is no such receipt of that supplier without an invoice.",
                ),
            ),
            Self::UnknownLine { .. } => (
                "unknown_line",
                Text::new("La factura no tiene ese renglón de mercadería.", "The invoice has no such line of goods."),
            ),
            Self::UnknownOpenClaim { .. } => (
                "unknown_claim",
                Text::new(
                    "Ese proveedor no tiene abierto ese reclamo.",
                    "There is no such open claim against that supplier.",
                ),
            ),
            Self::NoCreditNote => (
                "not_together",
                Text::new("Solo una nota de crédito resuelve reclamos.", "Only a credit note makes claims good."),
            ),
            _ => ("unknown_product", Text::new("No hay ningún producto así.", "There is no such product.")),
        }
    }
}

fn conflict(code: &'static str, Text { es, en }: Text) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, es, en)
}

fn not_now(state: InvoiceState) -> Text {
    match state {
        InvoiceState::Pending => Text::new("Todavía se está leyendo.", "It is still being read."),
        InvoiceState::Extracted => {
            Text::new("Todavía no se confirmó lo que dice.", "What it says is not confirmed yet.")
        }
        InvoiceState::Validated => Text::new("Ya está confirmada.", "It is confirmed already."),
        InvoiceState::Applied => Text::new(
            "Ya se aplicó: para corregirla, anulala primero.",
            "It is applied: to correct it, reverse it first.",
        ),
        InvoiceState::Error => {
            Text::new("No se pudo leer: cargá a mano lo que dice.", "It could not be read: type what it says.")
        }
        InvoiceState::Rejected => Text::new("Se descartó.", "It was rejected."),
    }
}
