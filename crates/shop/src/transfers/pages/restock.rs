//! What the shelves need: for each product below its target, how much to bring and from which lots, with
//! one button that moves it. How much that is, is decided by the ledger.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;
use uuid::Uuid;

use super::super::restock::{RestockLine, RestockRoute, restock_list};
use crate::kernel::numbers::{field_amount, show_amount};
use crate::kernel::page::show;
use crate::kernel::paging::Page;
use crate::kernel::{App, Asked, Caller, Chrome, Link, Pages, Problem, Reader};
use crate::stock::{Choice, Places, QuantityField, line_field, lot_name, place_choices, product_href};

/// Products on a page: what one walk with a cart can bring.
const PRODUCTS_MAX: i64 = 40;
/// The storeroom and the shelves, unless asked otherwise.
const USUAL: (&str, &str) = ("deposito", "local");

#[derive(Template)]
#[template(path = "restock.html")]
pub(super) struct RestockPage<'a> {
    pub chrome: &'a Chrome,
    /// The two places: code and name.
    pub from: Choice,
    pub to: Choice,
    pub places: Vec<Choice>,
    pub rows: Vec<RestockRow>,
    pub pages: Pages,
    pub may_move: bool,
}

/// A product to bring.
#[derive(Clone)]
pub(super) struct RestockRow {
    pub product_field: String,
    pub sku: String,
    pub href: String,
    pub name: String,
    pub unit: &'static str,
    /// As the other figures: nothing for who sees the other place only.
    pub target: Option<String>,
    pub on_shelf: Option<String>,
    /// What is on the road to the shelf; empty for nothing.
    pub on_the_way: String,
    pub free: Option<String>,
    pub bring: String,
    pub quantity: QuantityField,
    /// From which lots, when they are told apart.
    pub lots: Vec<String>,
}

/// `GET /transfers/restock`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let pager = asked.pager();
    let after = pager.params().after::<(String, Uuid)>()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let place = |name: &str, usual: &str| {
        let code = asked.given(name).unwrap_or_else(|| usual.to_owned());
        places.by_code(&code).filter(|place| place.kind.is_real()).ok_or_else(Problem::not_found)
    };
    let (from, to) = (place("from", USUAL.0)?, place("to", USUAL.1)?);
    let route = RestockRoute { from: from.id, to: to.id, today: app.db.day_of(reader.now()) };
    let found = restock_list(&mut reader, route, after, PRODUCTS_MAX).await?;
    let chosen = (from.code.clone(), to.code.clone());
    let mut chrome = chrome;
    chrome.title = chrome.tv("restock.title", &to.name);
    let mut at = 0;
    let row = |line| {
        at += 1;
        RestockRow::of(&chrome, &line, at - 1)
    };
    let list = Page::cut(found, PRODUCTS_MAX, |line| (line.name_folded.clone(), line.id), row);
    let here = Link::to("/transfers/restock").with("from", &chosen.0).with("to", &chosen.1);
    let page = RestockPage {
        from: (chosen.0, from.name.clone()),
        to: (chosen.1, to.name.clone()),
        places: place_choices(&mut reader, None).await?,
        rows: list.items,
        pages: pager.pages(&here, list.next),
        may_move: chrome.may(Permission::MoveStock),
        chrome: &chrome,
    };
    show(&chrome, &page)
}

impl RestockRow {
    fn of(chrome: &Chrome, line: &RestockLine, at: usize) -> Self {
        let amount = |quantity| show_amount(quantity, line.unit);
        let lot = |lot: &super::super::restock::RestockLot| {
            let name = lot_name(chrome, &lot.code, lot.expires_on);
            (!name.is_empty()).then(|| format!("{} {} · {name}", amount(lot.quantity), line.unit.code()))
        };
        let unit = line.unit.code();
        Self {
            product_field: line_field(at, "product"),
            sku: line.sku.clone(),
            href: product_href(&line.sku),
            name: line.name.clone(),
            unit,
            target: line.target.map(amount),
            on_shelf: line.on_shelf.map(amount),
            on_the_way: line.on_the_way.filter(|quantity| !quantity.is_zero()).map(amount).unwrap_or_default(),
            free: line.free.map(amount),
            bring: amount(line.bring),
            quantity: QuantityField::filled(
                &line_field(at, "quantity"),
                &line_field(at, "unit"),
                field_amount(line.bring, line.unit),
                unit,
            ),
            lots: line.lots.iter().filter_map(lot).collect(),
        }
    }
}
