//! What the notebook refuses, in a shopkeeper's words.

use axum::http::StatusCode;

use super::entry::EntryState;
use crate::kernel::body::stale;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text};
use crate::stock::StockRefusal;

/// Why nothing was written down or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotebookRefused {
    /// The product or its quantity is not one.
    Stock(Box<StockRefusal>),
    /// No such supplier.
    UnknownSupplier(String),
    /// Nobody said what it is about.
    NothingNamed,
    /// No such entry.
    UnknownEntry,
    /// It is done already.
    NotPending(EntryState),
    /// Only what was crossed out comes back.
    NotDiscarded,
    /// Somebody changed it meanwhile.
    Stale,
}

impl From<StockRefusal> for NotebookRefused {
    fn from(refusal: StockRefusal) -> Self {
        Self::Stock(Box::new(refusal))
    }
}

impl From<NotebookRefused> for Problem {
    fn from(refusal: NotebookRefused) -> Self {
        match refusal {
            NotebookRefused::Stock(refusal) => about_a_field(*refusal),
            NotebookRefused::UnknownSupplier(code) => unknown_supplier(&code),
            NotebookRefused::NothingNamed => Self::invalid_field(
                "text",
                "required",
                "Decí qué es: un producto o un texto.",
                "Say what it is: a product or a text.",
            ),
            NotebookRefused::UnknownEntry => Self::not_found(),
            NotebookRefused::NotPending(state) => {
                let Text { es, en } = done(state);
                Self::new(StatusCode::CONFLICT, "entry_not_pending", es, en)
            }
            NotebookRefused::NotDiscarded => Self::new(
                StatusCode::CONFLICT,
                "not_discarded",
                "Ese renglón no está tachado.",
                "That line is not crossed out.",
            ),
            NotebookRefused::Stale => stale(),
        }
    }
}

/// A reference or number in a body is 422 at its field, also where it is only looked up later.
fn about_a_field(refusal: StockRefusal) -> Problem {
    let fields: Vec<FieldProblem> = refusal.fields().collect();
    if fields.is_empty() { refusal.into() } else { Problem::invalid(fields) }
}

/// 422 for a code that is no supplier's.
pub(super) fn unknown_supplier(code: &str) -> Problem {
    Problem::invalid_field(
        "supplier",
        "unknown_supplier",
        format!("No hay ningún proveedor «{code}»."),
        format!("There is no supplier \"{code}\"."),
    )
}

fn done(state: EntryState) -> Text {
    match state {
        EntryState::Ordered => Text::new("Ese renglón ya está pedido.", "That line is already ordered."),
        EntryState::Received => Text::new("Eso ya llegó.", "That came already."),
        EntryState::Discarded | EntryState::Pending => {
            Text::new("Ese renglón está tachado.", "That line is crossed out.")
        }
    }
}
