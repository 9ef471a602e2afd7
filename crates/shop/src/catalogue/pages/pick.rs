//! Picking a product for something else: a movement, a reservation. What is scanned or typed whole is
//! found at once and the way goes on; letters give a list to choose from. The page leads only to
//! pages of ours.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;

use super::picked::{Picked, picks};
use crate::kernel::numbers::field_amount;
use crate::kernel::page::{go, show};
use crate::kernel::{App, Asked, Caller, Chrome, Link, Problem, Reader};
use crate::stock::ProductRow;

#[derive(Template)]
#[template(path = "pick.html")]
pub(super) struct PickPage<'a> {
    pub chrome: &'a Chrome,
    pub asked: &'a Asked,
    /// What was found, with the way on.
    pub found: Vec<(String, ProductRow)>,
    pub searched: bool,
}

/// `GET /products/pick?next=…`.
pub async fn pick(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("pick.title");
    let next = Link::parse(asked.value("next")).ok_or_else(Problem::not_found)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let typed = asked.given("q");
    let found = match &typed {
        Some(text) => picks(&mut reader, text).await?,
        None => Vec::new(),
    };
    if let [only] = found.as_slice()
        && !chrome.fragment
    {
        return Ok(go(&way_on(&next, only)));
    }
    let found = found.iter().map(|picked| (way_on(&next, picked), ProductRow::of(&chrome, &picked.standing))).collect();
    show(&chrome, &PickPage { chrome: &chrome, asked: &asked, found, searched: typed.is_some() })
}

/// Where a product leads, with what its code says about pack and weight.
fn way_on(next: &Link, picked: &Picked) -> String {
    let standing = &picked.standing;
    let weight = picked.quantity.map(|quantity| field_amount(quantity, standing.unit));
    let link = next.clone().with("product", &standing.sku).with("unit", picked.pack.as_deref().unwrap_or_default());
    weight.iter().fold(link, |link, weight| link.with("quantity", weight)).href()
}
