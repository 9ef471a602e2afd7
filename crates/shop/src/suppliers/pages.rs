//! The feature's pages: suppliers with the question whose goods something is, and one supplier to see and change. What
//! is allowed is decided by the same commands and refused in the same words as over the API.

mod edit;
mod form;
mod list;

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
    let write = Access::Needs(Permission::EditSuppliers);
    vec![
        Endpoint::page(Method::GET, "/suppliers", get(list::list), read, General),
        Endpoint::page(Method::GET, "/suppliers/new", get(edit::blank), write, General),
        Endpoint::page(Method::POST, "/suppliers", post(edit::add), write, General),
        Endpoint::page(Method::POST, "/suppliers/shipped", post(list::add_shipped), write, General),
        Endpoint::page(Method::POST, "/suppliers/lessons", post(list::teach), write, General),
        Endpoint::page(Method::POST, "/suppliers/lessons/{id}/forget", post(list::forget), write, General),
        Endpoint::page(Method::GET, "/suppliers/{code}", get(edit::show), read, General),
        Endpoint::page(Method::POST, "/suppliers/{code}", post(edit::change), write, General),
    ]
}
