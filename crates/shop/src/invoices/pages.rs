//! The pages of invoices: those that came, with a place to drop the next one; one of them beside its picture, to be corrected,
//! confirmed, applied or taken back; one that is typed; and the claims. The same commands and words as over the API.

mod claims;
mod filled;
mod list;
mod marks;
mod review;
mod rows;
mod steps;
mod typing;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;

use super::api::BRING;
use crate::kernel::{Access, Endpoint, LimitGroup};

/// Who sees which invoices there are: the warehouse without what they cost.
const LIST: Access = Access::NeedsOneOf(&[Permission::ReadCost, Permission::LoadInvoices]);

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::General;
    let read = Access::Needs(Permission::ReadCost);
    let edit = Access::Needs(Permission::EditInvoices);
    let load = Access::Needs(Permission::LoadInvoices);
    vec![
        Endpoint::page(Method::GET, "/invoices", get(list::list), LIST, General),
        Endpoint::page(Method::POST, "/invoices", post(list::load), BRING, General),
        Endpoint::page(Method::GET, "/invoices/new", get(typing::form), edit, General),
        Endpoint::page(Method::POST, "/invoices/new", post(typing::save), edit, General),
        Endpoint::page(Method::GET, "/invoices/{id}", get(review::show), read, General),
        Endpoint::page(Method::POST, "/invoices/{id}", post(review::save), edit, General),
        Endpoint::page(Method::GET, "/invoices/{id}/file", get(steps::file), read, General),
        Endpoint::page(Method::GET, "/invoices/{id}/pages/{page}", get(steps::picture), read, General),
        Endpoint::page(Method::POST, "/invoices/{id}/extract", post(steps::extract), load, General),
        Endpoint::page(Method::POST, "/invoices/{id}/confirm", post(steps::confirm), edit, General),
        Endpoint::page(Method::POST, "/invoices/{id}/apply", post(steps::apply), edit, General),
        Endpoint::page(Method::POST, "/invoices/{id}/reject", post(steps::reject), edit, General),
        Endpoint::page(Method::POST, "/invoices/{id}/reverse", post(steps::reverse), edit, General),
        Endpoint::page(Method::GET, "/supplier-claims", get(claims::list), read, General),
        Endpoint::page(Method::POST, "/supplier-claims/{id}/{step}", post(claims::end), edit, General),
    ]
}
