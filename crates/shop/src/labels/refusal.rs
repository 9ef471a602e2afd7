//! What labels are refused for, in words a shopkeeper recognises.

use axum::http::StatusCode;

use crate::kernel::Problem;

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelRefused {
    /// No such print.
    NotFound,
    /// A product that does not exist, is out of use or has no price.
    UnknownProduct {
        /// Its place in the list.
        at: usize,
    },
    /// There is nothing to print.
    Nothing,
}

impl From<LabelRefused> for Problem {
    fn from(refusal: LabelRefused) -> Self {
        match refusal {
            LabelRefused::NotFound => Self::not_found(),
            LabelRefused::UnknownProduct { at } => Self::invalid_field(
                &format!("products[{at}]"),
                "unknown_product",
                "No hay un producto activo con precio así.",
                "There is no such product in use with a price.",
            ),
            LabelRefused::Nothing => Self::new(
                StatusCode::CONFLICT,
                "nothing_to_print",
                "No hay etiquetas para imprimir: todas dicen el precio de hoy.",
                "There are no labels to print: all of them say today's price.",
            ),
        }
    }
}
