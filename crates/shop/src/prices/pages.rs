//! The feature's pages: prices with their lights, and one product's price with how it came about. What is allowed is
//! decided by the same commands and refused in the same words as over the API.

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
    vec![
        Endpoint::page(Method::GET, "/prices", get(list::list), read, General),
        Endpoint::page(
            Method::POST,
            "/prices/tax-status",
            post(list::set_status),
            Access::Needs(Permission::ManageSettings),
            General,
        ),
        Endpoint::page(Method::GET, "/prices/{sku}", get(show::show), read, General),
        Endpoint::page(Method::POST, "/prices/{sku}", post(show::set), Access::Needs(Permission::EditPrices), General),
    ]
}
