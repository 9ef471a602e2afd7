//! Lots with stock, the ones that expire first on top, with the days they have left.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;

use super::super::queries::{self, ListedLot, LotKey};
use super::place_choices;
use super::rows::LotRow;
use crate::kernel::page::show;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::time::{Day, format_day};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Link, Pages, Problem, Reader};

/// What is kept from page to page.
const KEPT: [&str; 3] = ["sku", "location", "within"];
/// The horizons offered: the query's text, the last day counted from today, a key of the words.
const HORIZONS: [(&str, Day, &str); 4] = [
    ("expired", -1, "stock.within_expired"),
    ("7", 7, "stock.within_7"),
    ("30", 30, "stock.within_30"),
    ("60", 60, "stock.within_60"),
];

#[derive(Template)]
#[template(path = "lots.html")]
pub(super) struct LotsPage<'a> {
    pub chrome: &'a Chrome,
    /// Whose lots, when it is one product's.
    pub sku: String,
    pub places: Chips,
    pub horizons: Chips,
    pub lots: Vec<LotRow>,
    pub pages: Pages,
    /// The list in the API, with the page's filters.
    pub file: Link,
    pub may_waste: bool,
}

/// `GET /stock/lots`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("stock.lots_title");
    let pager = asked.pager();
    let after = pager.params().after::<LotKey>()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let own = reader.location();
    let places = place_choices(&mut reader, own).await?;
    let today = app.db.day_of(reader.now());
    let until = HORIZONS.iter().find(|(text, ..)| *text == asked.value("within")).map(|(_, days, _)| today + days);
    let place = match asked.given("location") {
        Some(code) => super::super::lists::find_place(&mut reader, &code).await?,
        None => None,
    };
    let sku = asked.value("sku").to_uppercase();
    let one = Some(sku.as_str()).filter(|sku| !sku.is_empty());
    let (found, names) = queries::lots(&mut reader, one, place, until, after, LIMIT_DEFAULT).await?;
    let key = |lot: &ListedLot| (lot.expires_on.unwrap_or(Day::MAX), lot.lot_id, lot.location_id);
    let list = Page::cut(found, LIMIT_DEFAULT, key, |lot| LotRow::of(&chrome, &lot, &names, today));
    let here = asked.link("/stock/lots", &KEPT);
    let horizons = HORIZONS.iter().map(|(text, _, key)| ((*text).to_owned(), chrome.t(key).to_owned()));
    let last_day = until.map(format_day).unwrap_or_default();
    let page = LotsPage {
        places: here.chips("location", asked.value("location"), chrome.t("stock.everywhere"), places),
        horizons: here.chips("within", asked.value("within"), chrome.t("list.all"), horizons),
        pages: pager.pages(&here, list.next),
        file: asked.link("/api/v1/stock/lots", &["location"]).with("sku", &sku).with("expires_until", &last_day),
        may_waste: chrome.may(Permission::Waste),
        chrome: &chrome,
        sku,
        lots: list.items,
    };
    show(&chrome, &page)
}
