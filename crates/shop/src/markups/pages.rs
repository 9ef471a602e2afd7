//! The feature's page: the markups that are set, and the form that sets one. Words come from `words.rs`.

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
        Endpoint::page(Method::GET, "/markups", get(show::show), read, General),
        Endpoint::page(Method::POST, "/markups", post(show::set), write, General),
        Endpoint::page(Method::POST, "/markups/{id}/clear", post(show::clear), write, General),
    ]
}
