//! The feature's pages: how all accounts stand, and one account with what is open, what happened and the form to add to
//! it. Words come from `words.rs`; what is allowed is decided by the commands.

mod account;
mod overview;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;

use crate::kernel::{Access, Endpoint, LimitGroup};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::General;
    let read = Access::Needs(Permission::ReadSuppliers);
    let write = Access::Needs(Permission::PostAccounts);
    vec![
        Endpoint::page(Method::GET, "/supplier-accounts", get(overview::show), read, General),
        Endpoint::page(Method::GET, "/suppliers/{code}/account", get(account::show), read, General),
        Endpoint::page(Method::POST, "/suppliers/{code}/account", post(account::add), write, General),
        Endpoint::page(Method::POST, "/suppliers/{code}/account/{id}/reverse", post(account::reverse), write, General),
    ]
}
