//! The assistant's page: a line to write, what was understood with its buttons, and what one wrote last. The same commands
//! and words as over the API; it works without JavaScript.

mod rows;
mod say;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};

use super::api::SPEAKS;
use crate::kernel::{Access, Endpoint, LimitGroup};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::General;
    let speak = Access::Needs(SPEAKS);
    vec![
        Endpoint::page(Method::GET, "/decir", get(say::show_last), speak, General),
        Endpoint::page(Method::POST, "/decir", post(say::say), speak, General),
        Endpoint::page(Method::POST, "/decir/confirm", post(say::confirm), speak, General),
        Endpoint::page(Method::POST, "/decir/{id}/undo", post(say::undo), speak, General),
    ]
}
