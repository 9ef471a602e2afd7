//! The feature's pages: what is kept for somebody, the ones that end soon on top, keeping something,
//! and the two ways a reservation ends. What may be promised is decided by the same commands and
//! refused in the same words as over the API; here are only texts in and out.

mod list;
mod new;
mod rows;
mod show;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;

use crate::kernel::{Access, Endpoint, LimitGroup};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::{General, LedgerWrites};
    let read = Access::Needs(Permission::ReadStock);
    let reserve = Access::Needs(Permission::Reserve);
    vec![
        Endpoint::page(Method::GET, "/reservations", get(list::list), read, General),
        Endpoint::page(Method::GET, "/reservations/new", get(new::form), reserve, General),
        Endpoint::page(Method::POST, "/reservations", post(new::reserve), reserve, LedgerWrites),
        Endpoint::page(Method::GET, "/reservations/{id}", get(show::show), read, General),
        Endpoint::page(Method::POST, "/reservations/{id}/post", post(show::hand_over), reserve, LedgerWrites),
        Endpoint::page(Method::POST, "/reservations/{id}/void", post(show::void), reserve, LedgerWrites),
    ]
}
