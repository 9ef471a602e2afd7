//! Suppliers' invoices: brought as a photograph, a PDF, a spreadsheet or typed; read in the background; corrected beside the
//! picture; checked by their figures; matched to products; and put into the books in one step, goods, debt and costs
//! together. What is found wrong afterwards is taken out again the same way, every part of it.
//!
//! A paper is hostile until it is read (crate `papers`), a claim until it adds up, and nothing in the books until a person
//! confirmed it. Its file and its words lie sealed.
//!
//! Not here: what a paper says (`papers`), what one unit cost (`pricing`), receipts (`purchasing`), accounts (`payables`).

mod api;
mod apply;
mod beside;
mod bodies;
mod change;
mod claims;
mod confirm;
mod cost;
mod files;
mod lists;
mod load;
mod matching;
mod pages;
mod queries;
mod reading;
mod refusal;
mod rows;
mod scalars;
mod sheet;
pub mod sql;
mod state;
mod sureness;
mod three_way;
mod views;
pub mod words;
mod written;

pub use apply::{ApplyInvoice, Arrival, Counted, ReverseInvoice};
pub use change::{ChangeInvoice, InvoiceEdit, LineEdit, ReadAgain, RejectInvoice, TypeInvoice};
pub use claims::{ClaimState, EndClaim};
pub use confirm::ConfirmInvoice;
pub(crate) use confirm::{learn_codes, learn_wording};
pub(crate) use cost::{Goods, Terms, received};
pub use load::LoadInvoice;
pub(crate) use matching::{ArticleRow, container, find_certain};
pub use queries::{Claim, Invoice, InvoiceRow, claims_of, to_check};
pub use reading::{ORIGINAL, PICTURE, WORDS, read_file, read_pending};
pub use refusal::InvoiceRefusal;
pub use scalars::schemas;
pub use state::InvoiceState;
pub use three_way::{DifferenceKind, FoundDifference};
pub(crate) use written::{MatchedBy, WrittenLine, vat_code, vat_from_code};

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(lists::endpoints());
    endpoints.extend(pages::endpoints());
    endpoints
}
