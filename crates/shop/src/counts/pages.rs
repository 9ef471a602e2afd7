//! The feature's pages: counts with how far they came, starting one, counting one product at a time or
//! on a list, and the review that corrects the stock. What is allowed is decided by the same commands
//! and refused in the same words as over the API; here are only texts in and out.

mod list;
mod new;
mod one;
mod review;
mod rows;
mod sheet;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;
use uuid::Uuid;

use super::queries::{self, Count};
use crate::kernel::{Access, Endpoint, LimitGroup, Problem, Reader};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::{General, LedgerWrites};
    let read = Access::Needs(Permission::ReadStock);
    let count = Access::Needs(Permission::Count);
    vec![
        Endpoint::page(Method::GET, "/counts", get(list::list), read, General),
        Endpoint::page(Method::GET, "/counts/new", get(new::form), count, General),
        Endpoint::page(Method::POST, "/counts", post(new::begin), count, LedgerWrites),
        Endpoint::page(Method::GET, "/counts/{id}", get(review::show), read, General),
        Endpoint::page(Method::GET, "/counts/{id}/count", get(one::show), count, General),
        Endpoint::page(Method::POST, "/counts/{id}/count", post(one::enter), count, LedgerWrites),
        Endpoint::page(Method::GET, "/counts/{id}/sheet", get(sheet::show), count, General),
        Endpoint::page(Method::POST, "/counts/{id}/sheet", post(sheet::enter), count, LedgerWrites),
        Endpoint::page(Method::POST, "/counts/{id}/post", post(review::post), count, LedgerWrites),
        Endpoint::page(Method::POST, "/counts/{id}/cancel", post(review::cancel), count, LedgerWrites),
    ]
}

/// The count of a path, for who may see it.
async fn found(reader: &mut Reader, id: &str) -> Result<Count, Problem> {
    let id = Uuid::try_parse(id).map_err(|_| Problem::not_found())?;
    queries::count(reader, id).await?.ok_or_else(Problem::not_found)
}
