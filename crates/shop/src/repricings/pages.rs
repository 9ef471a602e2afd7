//! The feature's pages: repricings with the form that builds one, and one to look over, apply and take back. What is
//! allowed is decided by the same commands and refused in the same words as over the API.

mod list;
mod show;

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
    let write = Access::Needs(Permission::EditPrices);
    vec![
        Endpoint::page(Method::GET, "/repricings", get(list::list), read, General),
        Endpoint::page(Method::POST, "/repricings", post(list::build), write, General),
        Endpoint::page(Method::POST, "/repricings/file", post(list::build_from_file), write, General),
        Endpoint::page(Method::GET, "/repricings/{id}", get(show::show), read, General),
        Endpoint::page(Method::POST, "/repricings/{id}/rows", post(show::edit), write, General),
        Endpoint::page(Method::POST, "/repricings/{id}/apply", post(show::apply), write, General),
        Endpoint::page(Method::POST, "/repricings/{id}/cancel", post(show::cancel), write, General),
        Endpoint::page(Method::POST, "/repricings/{id}/rollback", post(show::roll_back), write, General),
    ]
}
