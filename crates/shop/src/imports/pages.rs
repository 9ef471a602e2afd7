//! The pages of imports: send a file, see what it would do and what is wrong in it, say what its
//! columns are, apply it, undo it. What happens is decided by the same steps as over the API; here a
//! file waits between two pages.

mod columns;
mod one;
mod start;

#[cfg(test)]
mod samples;

use std::sync::Arc;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::{Actor, Key, Permission};
use uuid::Uuid;

use super::file::ListFile;
use super::keeping::Kept;
use super::queries::ImportRow;
use super::run::{Mode, Request};
use super::underway;
use crate::kernel::{Access, App, Chrome, Endpoint, LimitGroup, Problem};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    let (import, general) = (Access::Needs(Permission::Import), LimitGroup::General);
    vec![
        Endpoint::page(Method::GET, "/imports", get(start::list), import, general),
        Endpoint::page(Method::POST, "/imports", post(start::send), import, general),
        Endpoint::page(Method::GET, "/imports/files/{id}", get(columns::ask), import, general),
        Endpoint::page(Method::POST, "/imports/files/{id}", post(columns::review), import, general),
        Endpoint::page(Method::GET, "/imports/{id}", get(one::look), import, general),
        Endpoint::page(Method::POST, "/imports/{id}/apply", post(one::apply), import, general),
        Endpoint::page(Method::POST, "/imports/{id}/undo", post(one::take_back), import, general),
    ]
}

/// Runs a kept file that was understood; answers the import's id, however it ended.
async fn run(
    app: &App,
    actor: &Actor,
    key: Option<Key>,
    kept: &Kept,
    file: ListFile,
    mode: Mode,
) -> Result<Uuid, Problem> {
    let request = Request {
        file: Arc::new(file),
        file_name: kept.file_name.clone(),
        file_hash: gondola_vault::sha256(&kept.bytes),
        mode,
        kept_as: Some(kept.id),
    };
    Ok(underway::take_in(app, actor, key, request).await?.import)
}

/// How an import stands, as a badge shows it: its kind and its words.
fn badge<'c>(chrome: &'c Chrome, row: &ImportRow) -> (&'static str, &'c str) {
    match row.state.as_str() {
        "applied" if row.rows_bad > 0 => ("warn", chrome.t("import.state_applied_partly")),
        "applied" => ("good", chrome.t("import.state_applied")),
        "running" => ("info", chrome.t("import.state_running")),
        "previewed" => ("info", chrome.t("import.state_previewed")),
        "refused" => ("bad", chrome.t("import.state_refused")),
        "interrupted" => ("bad", chrome.t("import.state_interrupted")),
        "undoing" => ("info", chrome.t("import.state_undoing")),
        _ => ("", chrome.t("import.state_undone")),
    }
}

/// What an import is of, in words.
fn kind_name(chrome: &Chrome, kind: &str) -> String {
    chrome.t(&format!("import.kind_{kind}")).to_owned()
}
