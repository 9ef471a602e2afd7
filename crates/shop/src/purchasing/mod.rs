//! Purchasing: orders to suppliers, and what came of them. What the notebook asks for and what is low goes onto one draft per
//! supplier; a draft is sent as a text, received in one or several parts, and closed. A delivery that nobody ordered is
//! received the same way.
//!
//! Stock moves by receipts that the [`Book`](crate::stock::Book) posts, in the transaction that writes the delivery, the
//! order's lines, what things cost last, and what became of the notebook's lines.
//!
//! Not here: suppliers themselves, invoices, and what is owed.

mod api;
mod arrivals;
mod asked;
mod bodies;
mod change;
mod draft;
mod estimate;
mod lists;
mod notes;
mod pages;
mod paper;
mod pdf;
mod queries;
mod receipt_views;
mod receive;
mod refusal;
mod rows;
mod scalars;
mod sender;
pub mod sql;
mod state;
mod steps;
mod suggest;
mod undo;
mod unload;
mod views;
pub mod words;

pub use asked::{Asked, to_fill_up, together};
pub use change::{ChangeLine, LineChange, RemoveLine};
pub use draft::{AddLines, LineWanted, ORDER_LINES_MAX};
pub use notes::OrderNotes;
pub use paper::amount as amount_of;
pub use paper::{Heading, PaperLine, order_text, whatsapp_link};
pub use queries::{
    GoodsReceipt, Order, OrderFilter, OrderKey, OrderLine, Ordered, ReceiptFilter, ReceiptLine, Received, order,
    orders, receipt, receipts, receipts_of,
};
pub(crate) use queries::{find as find_order, find_receipt};
pub use receive::{ArrivedLine, ReceiveGoods};
pub use refusal::{NoteRefusal, PurchaseRefused};
pub(crate) use rows::next_number;
pub use scalars::schemas;
pub use sender::name_shop;
pub use state::{Came, NotNow, OrderState, Rest};
pub use steps::{CancelOrder, CloseOrder, ORDER_NOTES_MAX, SendOrder};
pub use suggest::{Suggestion, SuggestionKey, suggestions};
pub use undo::ReverseReceipt;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(lists::endpoints());
    endpoints.extend(pages::endpoints());
    endpoints
}
