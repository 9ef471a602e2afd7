//! Stock: movements, balances, what they are worth and how products stand. Read this first.
//!
//! Everything that moves goods goes through the [`Book`]: it locks the products, asks the ledger,
//! and writes. Counts, transfers, reservations, imports and the till build [`Movement`]s and hand
//! them to it inside their own commands.

pub mod api;
mod as_of;
mod book;
mod category;
mod commands;
mod correct;
mod effect;
pub mod events;
mod expiry;
mod holding;
pub mod inventory;
pub mod kardex;
mod level;
mod lists;
mod lookup;
mod lots;
mod movement;
mod movements;
mod opening;
mod outlook;
mod pages;
mod past;
mod places;
mod policies;
pub mod queries;
mod receipt;
mod refresh;
mod refusal;
mod rows;
mod scalars;
mod set;
mod shelf;
mod sides;
pub mod sql;
mod timeline;
mod undo;
mod verify;
pub mod words;
mod worth;
mod write;

pub use api::{
    LotBody, MOVES, MovementBody, ReasonBody, created, line, parse_lot, parse_product, parse_quantity, parse_reason,
};
pub use book::{Book, Posted, lock_heads};
pub use category::{CategoryStanding, category_standings};
pub use commands::{BATCH_LINES_MAX, BatchLine, BatchRefused, LineOutcome, LineRefusal, PostBatch, PostMovement};
pub use correct::{ToCorrect, correct_movement, movement_called};
pub use inventory::InventoryParams;
pub use lookup::Mention;
pub use lots::told_lot;
pub use movement::{
    DOCUMENT_MAX, LOT_CODE_MAX, LotRef, Movement, ProductRef, REASON_MAX, REASON_MIN, Source, UNIT_MAX, channel_of,
    permission_for,
};
pub use opening::{Opening, open_products, post_opening};
pub use outlook::Outlook;
pub use pages::{
    ChangeRow, Choice, DayRows, LINES_MAX, LotRow, MovementRow, PlaceRow, ProductRow, QuantityField, TypedLine, latest,
    line_field, line_messages, line_problem, lot_name, lot_rows, place_choices, product_href, renumbered, unit_choices,
};
pub(crate) use pages::{kinds, movement_page};
pub use places::{Place, Places};
pub use queries::{
    NameKey, Standing, StandingFilter, StandingKey, level_counts, standing, standing_page, stock_value, urgent,
};
pub use receipt::{Receipt, ReceiptBalance};
pub use refresh::{DEMAND_DAYS, RefreshStanding, refresh_all, restand};
pub use refusal::StockRefusal;
pub use scalars::{DocumentName, MovedQuantity, Reason, UnitName, schemas};
pub use set::Setting;
pub use undo::{Originals, ReverseMovement, reverse};
pub use verify::{CHECKS, Finding, Verification, verify};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(lists::endpoints());
    endpoints.extend(events::endpoints());
    endpoints.extend(policies::api::endpoints());
    endpoints.extend(pages::endpoints());
    endpoints
}
