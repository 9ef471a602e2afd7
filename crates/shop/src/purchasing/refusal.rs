//! What purchasing refuses, in a shopkeeper's words.

use axum::http::StatusCode;

use super::state::{NotNow, OrderState};
use crate::kernel::body::stale;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text};
use crate::stock::{BatchRefused, StockRefusal};

/// Why nothing was ordered, received or changed.
#[derive(Debug)]
pub enum PurchaseRefused {
    /// The product, the place or the shelf says no.
    Stock(Box<StockRefusal>),
    /// Every line that is refused.
    Lines(BatchRefused),
    /// No such supplier, in this field.
    UnknownSupplier {
        /// The field.
        field: String,
        /// What was given.
        code: String,
    },
    /// Lines of the notebook that cannot be ordered: which one of those that were named, and why.
    Notes(Vec<(usize, NoteRefusal)>),
    /// Nothing of the notebook waits to be ordered.
    NothingNoted,
    /// No such order, line or receipt.
    Unknown,
    /// The order's state does not allow it.
    NotNow(OrderState),
    /// An order of nothing.
    Empty,
    /// More lines than an order has.
    TooManyLines,
    /// Somebody changed it meanwhile.
    Stale,
    /// It was undone before.
    ReceiptReversed,
    /// An invoice is in the books with it.
    InInvoice {
        /// The number of that invoice.
        number: i64,
    },
}

/// Why a line of the notebook is not ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteRefusal {
    /// There is no such line.
    Unknown,
    /// It is not pending.
    NotPending,
    /// It tells of something and asks for nothing.
    NoGoods,
    /// Nobody knows whom to buy it from.
    NoSupplier,
}

impl NoteRefusal {
    fn told(self) -> (&'static str, Text) {
        match self {
            Self::Unknown => (
                "unknown_entry",
                Text::new("No hay ningún renglón así en el cuaderno.", "There is no such line in the notebook."),
            ),
            Self::NotPending => (
                "entry_not_pending",
                Text::new("Ese renglón ya no está pendiente.", "That line is not pending any more."),
            ),
            Self::NoGoods => (
                "entry_of_no_goods",
                Text::new("Una observación o una incidencia no se pide.", "A remark or an incident is not ordered."),
            ),
            Self::NoSupplier => (
                "supplier_needed",
                Text::new(
                    "Falta saber a quién se le compra: elegí el proveedor.",
                    "Nobody knows whom to buy it from: choose the supplier.",
                ),
            ),
        }
    }
}

impl From<StockRefusal> for PurchaseRefused {
    fn from(refusal: StockRefusal) -> Self {
        Self::Stock(Box::new(refusal))
    }
}

impl From<NotNow> for PurchaseRefused {
    fn from(NotNow(state): NotNow) -> Self {
        Self::NotNow(state)
    }
}

impl From<PurchaseRefused> for Problem {
    fn from(refusal: PurchaseRefused) -> Self {
        match refusal {
            PurchaseRefused::Stock(refusal) => (*refusal).into(),
            PurchaseRefused::Lines(lines) => lines.into(),
            PurchaseRefused::UnknownSupplier { field, code } => Self::invalid_field(
                &field,
                "unknown_supplier",
                format!("No hay ningún proveedor «{code}»."),
                format!("There is no supplier \"{code}\"."),
            ),
            PurchaseRefused::Notes(notes) => Self::invalid(notes.into_iter().map(about_a_note).collect()),
            PurchaseRefused::NothingNoted => conflict(
                "nothing_to_order",
                Text::new(
                    "En el cuaderno no hay nada para pedir: falta anotarlo o elegirle proveedor.",
                    "There is nothing to order in the notebook: it has to be noted, with a supplier.",
                ),
            ),
            PurchaseRefused::Unknown => Self::not_found(),
            PurchaseRefused::NotNow(state) => conflict("order_state", not_now(state)),
            PurchaseRefused::Empty => {
                conflict("order_empty", Text::new("El pedido no tiene renglones.", "The order has no lines."))
            }
            PurchaseRefused::TooManyLines => Self::invalid_field(
                "lines",
                "out_of_range",
                "Un pedido lleva hasta 500 renglones.",
                "An order has up to 500 lines.",
            ),
            PurchaseRefused::Stale => stale(),
            PurchaseRefused::ReceiptReversed => conflict(
                "already_reversed",
                Text::new("Esa recepción ya se anuló.", "That receipt was already undone."),
            ),
            PurchaseRefused::InInvoice { number } => conflict(
                "in_invoice",
                Text::new(
                    format!("Esa recepción está en la factura {number}: anulá la factura."),
                    format!("That receipt is in invoice {number}: reverse the invoice."),
                ),
            ),
        }
    }
}

fn conflict(code: &'static str, Text { es, en }: Text) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, es, en)
}

fn about_a_note((index, refusal): (usize, NoteRefusal)) -> FieldProblem {
    let (code, detail) = refusal.told();
    FieldProblem { field: format!("entries[{index}]"), code, detail }
}

fn not_now(state: OrderState) -> Text {
    match state {
        OrderState::Draft => Text::new("Ese pedido todavía no se envió.", "That order was not sent yet."),
        OrderState::Sent => Text::new("Ese pedido ya se envió.", "That order was already sent."),
        OrderState::Partial => Text::new("De ese pedido ya llegó una parte.", "Some of that order came already."),
        OrderState::Received => Text::new("Ese pedido ya llegó completo.", "All of that order came already."),
        OrderState::Closed => Text::new("Ese pedido ya se cerró.", "That order was already closed."),
        OrderState::Cancelled => Text::new("Ese pedido se canceló.", "That order was cancelled."),
    }
}
