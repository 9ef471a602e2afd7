//! The feature's page: the series, what it adds up to, and the form to add to it. Words come from `words.rs`.

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
        Endpoint::page(Method::GET, "/inflation", get(show::show), read, General),
        Endpoint::page(Method::POST, "/inflation", post(show::record), write, General),
        Endpoint::page(Method::POST, "/inflation/file", post(show::record_file), write, General),
    ]
}
