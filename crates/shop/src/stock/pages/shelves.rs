//! Stock by place: what a place holds of every product, and what the whole is worth for who may
//! see it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;

use super::super::inventory::InventoryParams;
use super::super::queries::{self, StandingKey};
use super::rows::ProductRow;
use super::{Choice, place_choices};
use crate::kernel::numbers::show_money;
use crate::kernel::page::show;
use crate::kernel::paging::LIMIT_DEFAULT;
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Link, Pages, Problem, Reader};

/// What is kept from page to page.
const KEPT: [&str; 2] = ["q", "location"];

#[derive(Template)]
#[template(path = "stock.html")]
pub(super) struct StockPage<'a> {
    pub chrome: &'a Chrome,
    pub asked: &'a Asked,
    pub chips: Chips,
    /// The columns: code and name of each place shown.
    pub places: Vec<Choice>,
    pub products: Vec<ProductRow>,
    pub pages: Pages,
    /// The list in the API, with the page's filters.
    pub file: Link,
    /// Everything at weighted average cost.
    pub value: Option<String>,
}

/// `GET /stock`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("stock.title");
    let pager = asked.pager();
    let after = pager.params().after::<StandingKey>()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let own = reader.location();
    let places = place_choices(&mut reader, own).await?;
    let params =
        InventoryParams { q: asked.given("q"), location: asked.given("location"), ..InventoryParams::default() };
    let filter = params.filter(&mut reader).await?;
    let row = |standing| ProductRow::of(&chrome, &standing);
    let list = queries::standing_page(&mut reader, filter.as_ref(), after, LIMIT_DEFAULT, row).await?;
    let worth = reader.sees_cost() && own.is_none();
    let value = if worth { Some(show_money(queries::stock_value(&mut reader).await?)) } else { None };
    let here = asked.link("/stock", &KEPT);
    let chosen = asked.value("location");
    let page = StockPage {
        chips: here.chips("location", chosen, chrome.t("stock.everywhere"), places.iter().cloned()),
        places: places.into_iter().filter(|(code, _)| chosen.is_empty() || code == chosen).collect(),
        pages: pager.pages(&here, list.next),
        file: asked.link("/api/v1/inventory", &KEPT),
        chrome: &chrome,
        asked: &asked,
        products: list.items,
        value,
    };
    show(&chrome, &page)
}
