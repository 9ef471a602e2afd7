//! What transfers refuse, in a shopkeeper's words.

use axum::http::StatusCode;
use gondola_ledger::TransferState;

use crate::kernel::{Problem, Text};
use crate::stock::{BatchRefused, StockRefusal};

/// Why goods did not leave, arrive or come back. Nothing was changed.
#[derive(Debug)]
pub enum TransferRefused {
    /// The shelf or the place says no.
    Stock(Box<StockRefusal>),
    /// Every line the shop refuses.
    Lines(BatchRefused),
    /// It would leave from and go to the same place.
    SamePlace,
    /// No such transfer, or not yours to see.
    Unknown,
    /// It is at the other end that this is done.
    OtherEnd,
    /// It arrived or came back before.
    NotOnTheRoad(TransferState),
}

impl From<StockRefusal> for TransferRefused {
    fn from(refusal: StockRefusal) -> Self {
        Self::Stock(Box::new(refusal))
    }
}

impl From<TransferRefused> for Problem {
    fn from(refusal: TransferRefused) -> Self {
        match refusal {
            TransferRefused::Stock(refusal) => (*refusal).into(),
            TransferRefused::Lines(lines) => lines.into(),
            TransferRefused::SamePlace => Self::invalid_field(
                "to",
                "same_location",
                "El origen y el destino son el mismo lugar.",
                "It leaves from and goes to the same place.",
            ),
            TransferRefused::Unknown => Self::not_found(),
            TransferRefused::OtherEnd => Self::new(
                StatusCode::FORBIDDEN,
                "other_end",
                "Lo recibe quien está en el destino y lo cancela quien está en el origen.",
                "It is received where it goes and cancelled where it left.",
            ),
            TransferRefused::NotOnTheRoad(state) => {
                let Text { es, en } = ended(state);
                Self::new(StatusCode::CONFLICT, "not_on_the_road", es, en)
            }
        }
    }
}

fn ended(state: TransferState) -> Text {
    match state {
        TransferState::Cancelled => Text::new("Ese envío ya se canceló.", "That transfer was already cancelled."),
        TransferState::Received | TransferState::Sent => {
            Text::new("Ese envío ya se recibió.", "That transfer was already received.")
        }
    }
}
