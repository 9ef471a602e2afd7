//! Picking a product for something else: a movement, a transfer. What is scanned or typed whole is
//! found at once and the way goes on; letters give a list to choose from. The page leads only to
//! pages of ours.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;

use super::super::queries;
use crate::catalogue::{by_code, search};
use crate::kernel::numbers::show_amount;
use crate::kernel::page::{go, show};
use crate::kernel::{App, Asked, Caller, Chrome, Link, Problem, Reader};
use crate::stock::{self, ProductRow};

/// Products offered at once.
const FOUND_MAX: i64 = 12;

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
    if let Some(code) = typed.as_ref().filter(|_| !chrome.fragment)
        && let Some(link) = by_whole_code(&mut reader, &next, code).await?
    {
        return Ok(go(&link.href()));
    }
    let mut found = Vec::new();
    if let Some(text) = &typed {
        let ids: Vec<_> = search(&mut reader.tx(), text, FOUND_MAX).await?.into_iter().map(|(id, _)| id).collect();
        for product in queries::products(&mut reader.tx(), &ids).await?.iter().filter(|product| product.active) {
            let sku = product.sku.as_str();
            if let Some(standing) = stock::standing(&mut reader, sku).await? {
                found.push((next.clone().with("product", sku).href(), ProductRow::of(&chrome, &standing)));
            }
        }
    }
    if let [(only, _)] = found.as_slice()
        && !chrome.fragment
    {
        return Ok(go(only));
    }
    show(&chrome, &PickPage { chrome: &chrome, asked: &asked, found, searched: typed.is_some() })
}

/// Where a whole code leads, with the pack it stands for and the weight on a scale's label.
async fn by_whole_code(reader: &mut Reader, next: &Link, code: &str) -> Result<Option<Link>, Problem> {
    let Some(hit) = by_code(&mut reader.tx(), code).await? else { return Ok(None) };
    let Some(product) = queries::products(&mut reader.tx(), &[hit.product]).await?.pop() else { return Ok(None) };
    let pack = product.presentations.iter().find(|pack| Some(pack.id) == hit.presentation);
    let weight = hit.quantity(product.unit).map(|quantity| show_amount(quantity, product.unit));
    let link = next.clone().with("product", product.sku.as_str());
    let link = link.with("unit", pack.map_or("", |pack| pack.name.as_str()));
    Ok(Some(match weight {
        Some(weight) => link.with("quantity", &weight),
        None => link,
    }))
}
