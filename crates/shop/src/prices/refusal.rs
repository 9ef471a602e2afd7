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
    /// A wholesale price that leaves nothing.
    NotAboveCost,
    /// A wholesale price above the one on GENERAL.
    AboveGeneral(Money),
    /// A price is not taken off GENERAL here.
    GeneralStays,
    /// Nobody set a price on that list.
    NotOnList,
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
            PriceRefusal::GeneralStays => {
                let es = "En GENERAL siempre hay un precio: decí cuál.";
                Self::invalid_field("price", "required", es, "There always is a price on GENERAL: say which.")
            }
            PriceRefusal::NotOnList => {
                let es = "Nadie le puso un precio propio en esa lista: ya vale la regla.";
                let en = "Nobody set a price of its own on that list: its rule holds already.";
                Self::invalid_field("price", "not_on_list", es, en)
            }
            PriceRefusal::NotAboveCost => {
                let es = "El precio mayorista tiene que estar por encima del costo.";
                Self::invalid_field("price", "below_cost", es, "The wholesale price must be above the cost.")
            }
            PriceRefusal::AboveGeneral(general) => {
                let general = show_money(general);
                Self::invalid_field(
                    "price",
                    "above_general",
                    format!("El mayorista no puede ser mayor que el precio de GENERAL ({general})."),
                    format!("The wholesale price cannot be above that of GENERAL ({general})."),
                )
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
