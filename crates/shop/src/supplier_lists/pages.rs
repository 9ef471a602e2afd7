//! The pages of suppliers' price lists: those that came, with a place to drop the next one; one of them, to be corrected,
//! applied or taken back; what is gone from it; and what every supplier asks for a product. The same commands as over the API.

mod edits;
mod list;
mod offers;
mod show;
mod steps;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;

use crate::kernel::{Access, Endpoint, LimitGroup};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::General;
    let read = Access::Needs(Permission::ReadCost);
    let edit = Access::Needs(Permission::EditInvoices);
    vec![
        Endpoint::page(Method::GET, "/price-lists", get(list::list), read, General),
        Endpoint::page(Method::POST, "/price-lists", post(list::load), edit, General),
        Endpoint::page(Method::GET, "/price-lists/{id}", get(show::show), read, General),
        Endpoint::page(Method::POST, "/price-lists/{id}", post(edits::head), edit, General),
        Endpoint::page(Method::POST, "/price-lists/{id}/columns", post(edits::columns), edit, General),
        Endpoint::page(Method::POST, "/price-lists/{id}/lines", post(edits::lines), edit, General),
        Endpoint::page(Method::POST, "/price-lists/{id}/apply", post(steps::apply), edit, General),
        Endpoint::page(Method::POST, "/price-lists/{id}/reverse", post(steps::reverse), edit, General),
        Endpoint::page(Method::POST, "/price-lists/{id}/discard", post(steps::discard), edit, General),
        Endpoint::page(Method::GET, "/price-lists/{id}/gone", get(offers::gone), read, General),
        Endpoint::page(Method::GET, "/supplier-costs/{product}", get(offers::show), read, General),
    ]
}
