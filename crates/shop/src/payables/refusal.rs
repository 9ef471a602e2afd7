//! What accounts with suppliers refuse, in words a shopkeeper recognises.

use axum::http::StatusCode;

use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text};

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayableRefusal {
    /// No such supplier, or no such entry of theirs.
    NotFound,
    /// An invoice or note of that number is in the account already.
    DocumentTaken(String),
    /// The entry was taken back already.
    AlreadyReversed,
    /// A reversal is not taken back: enter it anew.
    IsReversal,
    /// The entry follows from a document of the shop, which takes it back with everything else.
    BelongsToDocument,
    /// The sum does not fit an account.
    TooLarge,
}

impl PayableRefusal {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::DocumentTaken(_) => "document_taken",
            Self::AlreadyReversed => "already_reversed",
            Self::IsReversal => "is_reversal",
            Self::BelongsToDocument => "belongs_to_document",
            Self::TooLarge => "too_large",
        }
    }

    /// The message.
    pub fn text(&self) -> Text {
        match self {
            Self::NotFound => {
                Text::new("No hay nada así en esa cuenta.", "There is nothing like that in that account.")
            }
            Self::DocumentTaken(number) => Text::new(
                format!("El comprobante {number} ya está en la cuenta de ese proveedor."),
                format!("Document {number} is in that supplier's account already."),
            ),
            Self::AlreadyReversed => Text::new("Eso ya se anuló.", "That was reversed already."),
            Self::IsReversal => Text::new(
                "Una anulación no se anula. Cargá de nuevo lo que corresponda.",
                "A reversal is not reversed. Enter what is right anew.",
            ),
            Self::BelongsToDocument => Text::new(
                "Viene de una factura cargada: anulá la factura y se anula todo junto.",
                "It comes from an invoice: reverse the invoice, and all of it is reversed together.",
            ),
            Self::TooLarge => Text::new("El saldo no entra en una cuenta.", "The balance does not fit an account."),
        }
    }
}

impl From<PayableRefusal> for Problem {
    fn from(refusal: PayableRefusal) -> Self {
        let text = refusal.text();
        let status = match refusal {
            PayableRefusal::NotFound => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        let problem = Self::new(status, refusal.code(), text.es.clone(), text.en.clone());
        match refusal {
            PayableRefusal::DocumentTaken(_) => {
                let fields = vec![FieldProblem { field: "document".to_owned(), code: "document_taken", detail: text }];
                Self { fields, ..problem }
            }
            _ => problem,
        }
    }
}
