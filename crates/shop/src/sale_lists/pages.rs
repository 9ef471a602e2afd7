//! The feature's page: what each list asks for over GENERAL, and the form that sets it. Words come from `words.rs`.

mod show;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;

use crate::kernel::{Access, Endpoint, LimitGroup};

/// The page's routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::General;
    let read = Access::Needs(Permission::ReadCost);
    let write = Access::Needs(Permission::EditPrices);
    vec![
        Endpoint::page(Method::GET, "/sale-lists", get(show::show), read, General),
        Endpoint::page(Method::POST, "/sale-lists", post(show::set), write, General),
        Endpoint::page(Method::POST, "/sale-lists/{id}/remove", post(show::remove), write, General),
    ]
}
