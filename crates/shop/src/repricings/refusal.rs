//! What a repricing is refused for, in words a shopkeeper recognises.

use axum::http::StatusCode;

use super::build::ROWS_MAX;
use crate::inflation::Month;
use crate::kernel::{Problem, Text};

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepricingRefusal {
    /// No such repricing.
    NotFound,
    /// A product, category or supplier that does not exist.
    Unknown {
        /// The field that names it.
        field: String,
    },
    /// Months of an index that have no rate.
    NoRate {
        /// The first of them.
        month: Month,
        /// How many there are.
        many: usize,
    },
    /// An index that is more than a percentage can say.
    TooSteep,
    /// No price would change.
    Nothing,
    /// More rows than one repricing holds.
    TooMany,
    /// Its hour is too far ahead.
    TooLate,
    /// It is not in a state for that.
    NotNow {
        /// The state it is in.
        state: String,
    },
    /// Products whose price, cost or category changed since the preview, or are out of use.
    Outdated {
        /// Some of their SKUs.
        skus: Vec<String>,
        /// How many there are.
        many: usize,
    },
    /// Products whose wholesale price would be above the new one.
    BelowWholesale {
        /// Some of their SKUs.
        skus: Vec<String>,
        /// How many there are.
        many: usize,
    },
}

impl RepricingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Unknown { field } if field.starts_with("category") => "unknown_category",
            Self::Unknown { field } if field.starts_with("supplier") => "unknown_supplier",
            Self::Unknown { field } if field == "invoice" => "unknown_invoice",
            Self::Unknown { field } if field == "price_list" => "unknown_price_list",
            Self::Unknown { .. } => "unknown_product",
            Self::NoRate { .. } => "no_rate",
            Self::TooSteep => "out_of_range",
            Self::Nothing => "nothing_to_change",
            Self::TooMany => "too_many",
            Self::TooLate => "out_of_range",
            Self::NotNow { .. } => "wrong_state",
            Self::Outdated { .. } => "preview_outdated",
            Self::BelowWholesale { .. } => "below_wholesale",
        }
    }

    /// The message.
    pub fn text(&self) -> Text {
        let some = |skus: &[String], many: usize| match many.saturating_sub(skus.len()) {
            0 => skus.join(", "),
            more => format!("{} (+{more})", skus.join(", ")),
        };
        match self {
            Self::NotFound => Text::new("No hay un cambio de precios así.", "There is no such repricing."),
            Self::Unknown { .. } => Text::new("No existe.", "It does not exist."),
            Self::NoRate { month, many } => {
                let month = month.shown();
                Text::new(
                    format!(
                        "Falta la inflación de {month} ({many} en total). Anotala en Inflación o elegí otros meses."
                    ),
                    format!("The inflation of {month} is missing ({many} in all). Record it or choose other months."),
                )
            }
            Self::TooSteep => Text::new("Es demasiado: elegí menos meses.", "It is too much: choose fewer months."),
            Self::Nothing => Text::new(
                "Con esa regla no cambia ningún precio. Fijate que los productos tengan precio y costo de reposición.",
                "No price changes by that rule. See that the products have a price and a replacement cost.",
            ),
            Self::TooMany => Text::new(
                format!("Entran hasta {ROWS_MAX} productos. Elegí un rubro, una marca o un proveedor."),
                format!("It takes up to {ROWS_MAX} products. Choose a category, a brand or a supplier."),
            ),
            Self::TooLate => Text::new("La hora va hasta un año adelante.", "The hour is at most a year ahead."),
            Self::NotNow { state } => Text::new(
                format!("Eso ya no se puede: está en «{state}»."),
                format!("That is not possible any more: it is \"{state}\"."),
            ),
            Self::Outdated { skus, many } => Text::new(
                format!(
                    "Cambiaron desde la vista previa: {}. Sacalos o prepará el cambio de nuevo.",
                    some(skus, *many)
                ),
                format!("They changed since the preview: {}. Leave them out or prepare it again.", some(skus, *many)),
            ),
            Self::BelowWholesale { skus, many } => Text::new(
                format!("Quedarían por debajo de su precio mayorista: {}. Sacalos o corregilos.", some(skus, *many)),
                format!(
                    "They would be below their wholesale price: {}. Leave them out or correct them.",
                    some(skus, *many)
                ),
            ),
        }
    }
}

impl From<RepricingRefusal> for Problem {
    fn from(refusal: RepricingRefusal) -> Self {
        let text = refusal.text();
        match &refusal {
            RepricingRefusal::NotFound => Self::not_found(),
            RepricingRefusal::NoRate { .. } => Self::invalid_field("from", refusal.code(), text.es, text.en),
            RepricingRefusal::TooSteep => Self::invalid_field("to", refusal.code(), text.es, text.en),
            RepricingRefusal::TooLate => Self::invalid_field("at", refusal.code(), text.es, text.en),
            RepricingRefusal::Unknown { field } => Self::invalid_field(field, refusal.code(), text.es, text.en),
            _ => Self::new(StatusCode::CONFLICT, refusal.code(), text.es, text.en),
        }
    }
}
