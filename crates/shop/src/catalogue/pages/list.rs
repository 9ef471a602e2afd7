//! The list of products with their stock: search, levels as chips, further filters, page by page. A
//! search for exactly one product's code goes on to its card, so that a scanner needs no tap.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_ledger::Level;
use gondola_store::Permission;

use super::super::barcode::Barcode;
use super::super::queries;
use super::category_choices;
use crate::catalogue::by_code;
use crate::kernel::numbers::show_count;
use crate::kernel::page::{go, show};
use crate::kernel::paging::LIMIT_DEFAULT;
use crate::kernel::{App, Asked, Caller, Chrome, Link, Pages, Problem, Reader};
use crate::stock::{self, Choice, InventoryParams, ProductRow, StandingKey};

/// What is kept from page to page.
const KEPT: [&str; 6] = ["q", "category", "level", "location", "status", "low"];
/// The filters behind "more".
const MORE: [&str; 3] = ["category", "location", "status"];
/// Places shown as columns; a chain's other branches are on the card.
const COLUMNS_MAX: usize = 4;

/// A level to filter by.
pub(super) struct LevelChip {
    pub href: String,
    pub name: String,
    pub count: String,
    pub current: bool,
}

#[derive(Template)]
#[template(path = "products.html")]
pub(super) struct ProductsPage<'a> {
    pub chrome: &'a Chrome,
    pub asked: &'a Asked,
    pub levels: Vec<LevelChip>,
    pub categories: Vec<Choice>,
    pub places: Vec<Choice>,
    pub columns: Vec<Choice>,
    pub products: Vec<ProductRow>,
    pub pages: Pages,
    /// The list in the API, with the page's filters.
    pub file: Link,
    pub total: String,
    /// Whether the filters behind "more" are in use.
    pub more: bool,
    pub may_edit: bool,
    /// Where a product with the barcode that was looked for, and is nobody's, is made.
    pub make: Option<String>,
}

impl ProductsPage<'_> {
    /// The states to filter by, besides active.
    fn statuses(&self) -> [(&'static str, &str); 3] {
        [
            ("available", self.chrome.t("product.status_available")),
            ("unavailable", self.chrome.t("product.status_unavailable")),
            ("inactive", self.chrome.t("product.status_inactive")),
        ]
    }
}

/// `GET /products`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("product.list_title");
    let pager = asked.pager();
    let after = pager.params().after::<StandingKey>()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    if let Some(card) = card_of_code(&chrome, &mut reader, &asked).await? {
        return Ok(go(&card));
    }
    let params = InventoryParams {
        q: asked.given("q"),
        category: asked.given("category"),
        location: asked.given("location"),
        level: asked.given("level"),
        low_stock: asked.given("low").map(|_| "true".to_owned()),
        status: asked.given("status"),
        ..InventoryParams::default()
    };
    let filter = params.filter(&mut reader).await?;
    let row = |standing| ProductRow::of(&chrome, &standing);
    let rows = stock::standing_page(&mut reader, filter.as_ref(), after, LIMIT_DEFAULT, row).await?;
    let counts = stock::level_counts(&mut reader).await?;
    let own = reader.location();
    let places = stock::place_choices(&mut reader, own).await?;
    let here = asked.link("/products", &KEPT);
    let page = ProductsPage {
        levels: level_chips(&chrome, &here, &counts, asked.value("level"), asked.value("low")),
        categories: category_choices(&mut reader).await?,
        columns: if places.len() > COLUMNS_MAX { Vec::new() } else { places.clone() },
        pages: pager.pages(&here, rows.next),
        file: file(&asked),
        total: show_count(counts.iter().map(|(_, count)| count).sum()),
        more: MORE.iter().any(|name| !asked.value(name).is_empty()),
        may_edit: chrome.may(Permission::EditCatalogue),
        make: make_href(asked.value("q")).filter(|_| chrome.may(Permission::EditCatalogue)),
        chrome: &chrome,
        asked: &asked,
        products: rows.items,
        places,
    };
    show(&chrome, &page)
}

/// The form of a product with a barcode, if that is what was scanned or typed.
fn make_href(q: &str) -> Option<String> {
    let code = Barcode::parse(q).ok()?;
    Some(Link::to("/products/new").with("barcodes", code.as_str()).href())
}

/// The card behind a code that was scanned or typed whole; a search by letters has none.
async fn card_of_code(chrome: &Chrome, reader: &mut Reader, asked: &Asked) -> Result<Option<String>, Problem> {
    let Some(code) = asked.given("q").filter(|_| !chrome.fragment) else { return Ok(None) };
    let Some(hit) = by_code(&mut reader.tx(), &code).await? else { return Ok(None) };
    let product = queries::products(&mut reader.tx(), &[hit.product]).await?.pop();
    Ok(product.map(|product| stock::product_href(product.sku.as_str())))
}

/// What the page shows, whole: the API's inventory under the same filters.
fn file(asked: &Asked) -> Link {
    let low = if asked.value("low").is_empty() { "" } else { "true" };
    asked.link("/api/v1/inventory", &["q", "category", "level", "location", "status"]).with("low_stock", low)
}

fn level_chips(chrome: &Chrome, here: &Link, counts: &[(String, i64)], chosen: &str, low: &str) -> Vec<LevelChip> {
    let link = |level: &str| here.clone().with("low", "").with("level", level).href();
    let all = LevelChip {
        href: link(""),
        name: chrome.t("list.all").to_owned(),
        count: show_count(counts.iter().map(|(_, count)| count).sum()),
        current: chosen.is_empty() && low.is_empty(),
    };
    let short = LevelChip {
        href: here.clone().with("level", "").with("low", "yes").href(),
        name: chrome.t("product.low").to_owned(),
        count: show_count(counts.iter().filter(|(code, _)| is_short(code)).map(|(_, count)| count).sum()),
        current: !low.is_empty(),
    };
    let count = |level: &str| counts.iter().find(|(code, _)| code == level).map_or(0, |(_, count)| *count);
    let each = Level::ALL.map(Level::code).into_iter().filter(|level| count(level) > 0 || *level == chosen);
    let each = each.map(|level| LevelChip {
        href: link(level),
        name: chrome.t(&format!("level.{level}")).to_owned(),
        count: show_count(count(level)),
        current: chosen == level,
    });
    [all, short].into_iter().chain(each).collect()
}

fn is_short(level: &str) -> bool {
    Level::from_code(level).is_some_and(Level::is_short)
}
