//! What suppliers refuse, in words a shopkeeper recognises.

use axum::http::StatusCode;

use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text, body};

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SupplierRefusal {
    /// No such supplier.
    NotFound,
    /// Another supplier has that code.
    CodeTaken(String),
    /// Another supplier has that CUIT.
    TaxIdTaken(String),
    /// Somebody changed it since it was read.
    Stale,
    /// There are as many as there can be.
    TooMany {
        /// How many that is.
        max: i64,
    },
    /// A supplier named in a body does not exist.
    UnknownSupplier(String),
    /// Nothing was taught under that id.
    UnknownLesson,
}

impl SupplierRefusal {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound | Self::UnknownLesson => "not_found",
            Self::CodeTaken(_) => "code_taken",
            Self::TaxIdTaken(_) => "tax_id_taken",
            Self::Stale => "stale_version",
            Self::TooMany { .. } => "too_many",
            Self::UnknownSupplier(_) => "unknown_supplier",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::CodeTaken(_) => Some("code"),
            Self::TaxIdTaken(_) => Some("tax_id"),
            Self::UnknownSupplier(_) => Some("supplier"),
            _ => None,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownLesson => StatusCode::NOT_FOUND,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::CodeTaken(_) | Self::TaxIdTaken(_) | Self::TooMany { .. } => StatusCode::CONFLICT,
            Self::UnknownSupplier(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// The message.
    pub fn text(&self) -> Text {
        match self {
            Self::NotFound => Text::new("No hay ningún proveedor así.", "There is no such supplier."),
            Self::CodeTaken(code) => Text::new(
                format!("Ya hay un proveedor con el código «{code}». Elegí otro."),
                format!("There is a supplier with the code \"{code}\" already. Choose another."),
            ),
            Self::TaxIdTaken(code) => Text::new(
                format!("Ese CUIT ya es el del proveedor {code}."),
                format!("That CUIT is the one of supplier {code} already."),
            ),
            Self::Stale => body::stale().detail,
            Self::TooMany { max } => Text::new(
                format!("No entran más de {max}. Borrá primero lo que no uses."),
                format!("There is room for {max}. First remove what you do not use."),
            ),
            Self::UnknownSupplier(code) => {
                Text::new(format!("No hay ningún proveedor «{code}»."), format!("There is no supplier \"{code}\"."))
            }
            Self::UnknownLesson => {
                Text::new("Eso ya no está entre lo aprendido.", "That is not among what was taught.")
            }
        }
    }
}

impl From<SupplierRefusal> for Problem {
    fn from(refusal: SupplierRefusal) -> Self {
        let text = refusal.text();
        let Some(field) = refusal.field() else {
            return Self::new(refusal.status(), refusal.code(), text.es, text.en);
        };
        let fields = vec![FieldProblem { field: field.to_owned(), code: refusal.code(), detail: text.clone() }];
        match refusal.status() {
            StatusCode::UNPROCESSABLE_ENTITY => Self::invalid(fields),
            status => Self { fields, ..Self::new(status, refusal.code(), text.es, text.en) },
        }
    }
}
