//! What a single price is refused for, in words a shopkeeper recognises.

use axum::http::StatusCode;
use gondola_ledger::Money;
use gondola_pricing::batch::Guard;
use gondola_pricing::rate::Rate;

use super::judging::below_minimum;
use crate::kernel::numbers::show_money;
use crate::kernel::{Problem, Text};

/// Why a price was not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceRefusal {
    /// No such product is in use.
    UnknownProduct,
    /// It leaves too little.
    Guarded {
        /// What the guard says.
        guard: Guard,
        /// What the category asks for.
        minimum: Rate,
    },
    /// The wholesale price would be above it.
    BelowWholesale(Money),
}

impl From<PriceRefusal> for Problem {
    fn from(refusal: PriceRefusal) -> Self {
        match refusal {
            PriceRefusal::UnknownProduct => Self::invalid_field(
                "product",
                "unknown_product",
                "No hay un producto activo así.",
                "There is no such product in use.",
            ),
            PriceRefusal::Guarded { guard, minimum } => {
                let (code, text) = below_minimum(guard, minimum).unwrap_or(("below_minimum", Text::new("", "")));
                let mut problem = Self::refused_field("price", (code, text.clone()));
                (problem.status, problem.code, problem.detail) = (StatusCode::CONFLICT, code, text);
                problem
            }
            PriceRefusal::BelowWholesale(wholesale) => {
                let wholesale = show_money(wholesale);
                Self::invalid_field(
                    "price",
                    "below_wholesale",
                    format!("No puede ser menor que el precio mayorista (${wholesale})."),
                    format!("It cannot be below the wholesale price (${wholesale})."),
                )
            }
        }
    }
}
