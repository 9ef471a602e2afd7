//! The notebook's pages: what is pending, by supplier, with a line to write the next thing down; and one line with who noted
//! it, to change or cross out. The same commands and words as over the API; here are only texts in and out.

mod list;
mod note;
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
    use LimitGroup::General;
    let read = Access::Needs(Permission::ReadStock);
    let write = Access::Needs(Permission::WriteNotebook);
    vec![
        Endpoint::page(Method::GET, "/notebook", get(list::list), read, General),
        Endpoint::page(Method::POST, "/notebook", post(note::note), write, General),
        Endpoint::page(Method::GET, "/notebook/{id}", get(show::show), read, General),
        Endpoint::page(Method::POST, "/notebook/{id}", post(show::change), write, General),
        Endpoint::page(Method::POST, "/notebook/{id}/discard", post(show::discard), write, General),
        Endpoint::page(Method::POST, "/notebook/{id}/restore", post(show::restore), write, General),
    ]
}
