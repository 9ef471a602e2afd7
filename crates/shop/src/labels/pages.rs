//! The feature's page: what is due, printing it, and placing what was printed.

use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use gondola_ledger::Money;
use gondola_store::{At, Permission};
use uuid::Uuid;

use super::api::{PrintBody, id_of};
use super::commands::PlaceLabels;
use super::queries::{self, Due, DueKey, DueLabel, Print};
use crate::kernel::numbers::show_money;
use crate::kernel::page::{go_saying, show};
use crate::kernel::path::Segment;
use crate::kernel::{
    Access, App, Asked, Caller, Chips, Chrome, Endpoint, Flash, Form, LimitGroup, Link, Page, Pages, Problem, Reader,
};

#[cfg(test)]
mod samples;

/// Labels on a screen.
const ROWS_MAX: i64 = 100;
/// Prints on a screen.
const PRINTS_SHOWN: i64 = 10;

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::General;
    let read = Access::Needs(Permission::ReadCatalogue);
    let write = Access::Needs(Permission::EditPrices);
    vec![
        Endpoint::page(Method::GET, "/labels", get(list), read, General),
        Endpoint::page(Method::POST, "/labels/prints", post(print), write, General),
        Endpoint::page(Method::POST, "/labels/prints/{id}/placed", post(place), write, General),
    ]
}

/// A label as the page shows it.
struct LabelLine {
    sku: String,
    name: String,
    category: String,
    price: String,
    says: String,
    since: At,
    is_late: bool,
}

impl LabelLine {
    fn of(label: DueLabel, now: At) -> Self {
        Self {
            is_late: label.is_late(now),
            sku: label.sku,
            name: label.name,
            category: label.category,
            price: show_money(Money::new(label.amount)),
            says: label.says.map(|says| show_money(Money::new(says))).unwrap_or_default(),
            since: label.changed_at,
        }
    }
}

#[derive(Template)]
#[template(path = "labels.html")]
struct LabelsPage {
    chrome: Chrome,
    chips: Chips,
    rows: Vec<LabelLine>,
    pages: Pages,
    list: Link,
    prints: Vec<Print>,
    late: i64,
    to_print: bool,
    may_print: bool,
}

impl LabelsPage {
    fn late_title(&self) -> String {
        self.chrome.tv("label.late_title", self.late.to_string())
    }
}

/// `GET /labels`.
async fn list(State(app): State<App>, chrome: Chrome, asked: Asked) -> Result<Response, Problem> {
    let chrome = chrome.titled("label.title");
    let pager = asked.pager();
    let after = pager.params().after::<DueKey>()?;
    let what = if asked.value("due") == "to_place" { Due::ToPlace } else { Due::ToPrint };
    let mut reader = Reader::open(&app, &chrome.actor, Permission::ReadCatalogue).await?;
    let now = reader.now();
    let mut tx = reader.tx();
    let found = queries::due(&mut tx, what, after, ROWS_MAX).await?;
    let mut prints = queries::prints(&mut tx, None, PRINTS_SHOWN).await?;
    prints.truncate(usize::try_from(PRINTS_SHOWN).unwrap_or(0));
    let key = |label: &DueLabel| (label.position, label.name_folded.clone(), label.id);
    let page = Page::cut(found, ROWS_MAX, key, |label| LabelLine::of(label, now));
    let here = asked.link("/labels", &["due"]);
    let to_place = [("to_place".to_owned(), chrome.t("label.to_place").to_owned())];
    let page = LabelsPage {
        chips: here.chips("due", asked.value("due"), chrome.t("label.to_print"), to_place),
        rows: page.items,
        pages: pager.pages(&here, page.next),
        list: asked.link("/api/v1/labels", &["due"]),
        prints,
        late: queries::late(&mut tx, now).await?,
        to_print: what == Due::ToPrint,
        may_print: chrome.may(Permission::EditPrices),
        chrome: chrome.clone(),
    };
    show(&chrome, &page)
}

/// `POST /labels/prints`.
async fn print(State(app): State<App>, Caller(actor): Caller, form: Form) -> Result<Response, Problem> {
    let ticked: Vec<String> = form.texts("products").map(str::to_owned).collect();
    let wants_ticked = form.has("which", "ticked");
    if wants_ticked && ticked.is_empty() {
        return Ok(go_saying(&app, "/labels", &Flash::says("label.none_ticked", "")));
    }
    let command = PrintBody { products: wants_ticked.then_some(ticked) }.parse()?;
    let print = app.db.execute(&actor, form.key("POST /labels/prints (page)")?, command).await?.out;
    Ok(go_saying(&app, "/labels?due=to_place", &Flash::says("label.printed", &print.labels.to_string())))
}

/// `POST /labels/prints/{id}/placed`.
async fn place(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let print: Uuid = id_of(&id)?;
    let key = form.key(&format!("POST /labels/prints/{print}/placed (page)"))?;
    app.db.execute(&actor, key, PlaceLabels { print }).await?;
    Ok(go_saying(&app, "/labels", &Flash::says("label.placed", "")))
}
