//! The feature's pages: what is on the road and what arrived, moving goods to another place, receiving
//! them blind, and what the shelves need. What moves goods is decided by the same commands and refused
//! in the same words as over the API; here are only texts in and out.

mod list;
mod receive;
mod restock;
mod rows;
mod send;
mod show;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::Permission;
use uuid::Uuid;

use crate::kernel::{Access, Endpoint, LimitGroup, Problem};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::{General, LedgerWrites};
    let read = Access::Needs(Permission::ReadStock);
    let moves = Access::Needs(Permission::MoveStock);
    vec![
        Endpoint::page(Method::GET, "/transfers", get(list::list), read, General),
        Endpoint::page(Method::GET, "/transfers/new", get(send::new), moves, General),
        Endpoint::page(Method::POST, "/transfers", post(send::send), moves, LedgerWrites),
        Endpoint::page(Method::GET, "/transfers/restock", get(restock::list), read, General),
        Endpoint::page(Method::GET, "/transfers/{id}", get(show::show), read, General),
        Endpoint::page(Method::GET, "/transfers/{id}/receive", get(receive::form), moves, General),
        Endpoint::page(Method::POST, "/transfers/{id}/receive", post(receive::receive), moves, LedgerWrites),
        Endpoint::page(Method::POST, "/transfers/{id}/cancel", post(show::cancel), moves, LedgerWrites),
    ]
}

fn transfer_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
