//! What every supplier asks for a product, and what is gone from a list.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::UnitCost;
use gondola_store::Permission;
use uuid::Uuid;

use super::super::lists::list_id;
use super::super::queries::{self, Offer, Saving, StoredLine};
use super::super::views::OfferView;
use super::show::LineRow;
use crate::catalogue;
use crate::kernel::numbers::{show_count, show_money, show_short_cost};
use crate::kernel::page::show_as;
use crate::kernel::path::Segment;
use crate::kernel::time::{local_day, show_day};
use crate::kernel::{App, Asked, Chrome, Link, Page, Pages, Problem, Reader};
use crate::stock::ProductRef;

/// What a supplier asks, as the page shows it.
pub(super) struct OfferLine {
    pub supplier: String,
    pub cost: String,
    /// What one costs by the case, units of the case, and what it saves.
    pub case: Option<(String, String)>,
    pub per_measure: String,
    pub above: String,
    /// What the cheapest saves, and by how many units.
    pub saving: Option<(String, String)>,
    pub list: Uuid,
    pub list_name: String,
    pub to: Option<String>,
    pub text: String,
}

impl OfferLine {
    fn all(chrome: &Chrome, offers: Vec<Offer>) -> Vec<Self> {
        let cheapest = offers.first().cloned();
        let saving = |offer: &Offer| cheapest.as_ref().and_then(|cheapest| offer.saving(cheapest));
        let savings: Vec<Option<Saving>> = offers.iter().map(saving).collect();
        let cases: Vec<Option<(String, String)>> = offers.iter().map(|offer| case(chrome, offer)).collect();
        let shown: Vec<(String, String, Option<String>)> = offers
            .iter()
            .map(|offer| {
                let per =
                    offer.per_measure().map(|(cost, unit)| format!("{} / {}", show_short_cost(cost), unit.code()));
                (show_short_cost(UnitCost::new(offer.unit_cost)), per.unwrap_or_default(), offer.valid_to.map(show_day))
            })
            .collect();
        type Shown = (String, String, Option<String>);
        type Worth = (Option<Saving>, Option<(String, String)>);
        let line = |((view, (cost, per_measure, to)), (saving, case)): ((OfferView, Shown), Worth)| Self {
            supplier: view.supplier_name,
            cost,
            case,
            per_measure,
            above: view.above_cheapest.map(|text| format!("{} %", text.replace('.', ","))).unwrap_or_default(),
            saving: saving.map(|saving| (show_money(saving.amount), show_count(saving.units))),
            list: view.list,
            list_name: view.list_name,
            to,
            text: view.text,
        };
        OfferView::all(offers).into_iter().zip(shown).zip(savings.into_iter().zip(cases)).map(line).collect()
    }
}

/// Whether a closed case pays: what one costs then, and what the case saves.
fn case(chrome: &Chrome, offer: &Offer) -> Option<(String, String)> {
    let case = offer.by_case()?;
    let units = chrome.tv("price_list.case_of", show_count(case.units));
    Some((
        show_short_cost(case.unit_cost),
        format!("{units} {}", chrome.tv("price_list.case_saves", show_money(case.saving))),
    ))
}

#[derive(Template)]
#[template(path = "supplier_costs.html")]
pub(super) struct OffersPage<'a> {
    pub chrome: &'a Chrome,
    pub sku: String,
    pub name: String,
    pub rows: Vec<OfferLine>,
    pub file: Link,
}

/// `GET /supplier-costs/{product}`.
pub async fn show(State(app): State<App>, chrome: Chrome, Segment(product): Segment) -> Result<Response, Problem> {
    let chrome = chrome.titled("price_list.offers");
    let reference = ProductRef::parse(&product).or_else(|| ProductRef::parse(&format!("sku:{product}")));
    let reference = reference.ok_or_else(Problem::not_found)?;
    let mut reader = Reader::open(&app, &chrome.actor, Permission::ReadCost).await?;
    let today = local_day(reader.now(), &app.zone);
    let mut tx = reader.tx();
    let product = catalogue::product(&mut tx, &reference).await?.ok_or_else(Problem::not_found)?;
    let offers = queries::offers(&mut tx, product.id, today).await?;
    let page = OffersPage {
        file: Link::to(format!("/api/v1/products/{}/supplier-costs", product.id)),
        sku: product.sku.to_string(),
        name: product.name.clone(),
        rows: OfferLine::all(&chrome, offers),
        chrome: &chrome,
    };
    show_as(StatusCode::OK, &chrome, &page)
}

/// Lines on a screen.
const ROWS_MAX: i64 = 100;

#[derive(Template)]
#[template(path = "price_list_gone.html")]
pub(super) struct GonePage<'a> {
    pub chrome: &'a Chrome,
    /// Where the list is.
    pub path: String,
    pub name: String,
    pub rows: Vec<LineRow>,
    pub pages: Pages,
    pub file: Link,
}

impl GonePage<'_> {
    fn path(&self) -> &str {
        &self.path
    }
}

/// `GET /price-lists/{id}/gone`.
pub async fn gone(
    State(app): State<App>,
    chrome: Chrome,
    Segment(id): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    let chrome = chrome.titled("price_list.gone");
    let pager = asked.pager();
    let after = pager.params().after::<i64>()?.unwrap_or_default();
    let mut reader = Reader::open(&app, &chrome.actor, Permission::ReadCost).await?;
    let mut tx = reader.tx();
    let list = queries::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let found = match list.row.previous_id {
        Some(previous) => queries::gone(&mut tx, (previous, id), after, ROWS_MAX).await?,
        None => Vec::new(),
    };
    let lines = Page::cut(found, ROWS_MAX, |row: &StoredLine| row.line, LineRow::of);
    let page = GonePage {
        path: format!("/price-lists/{id}"),
        name: list.row.name,
        rows: lines.items,
        pages: pager.pages(&Link::to(format!("/price-lists/{id}/gone")), lines.next),
        file: Link::to(format!("/api/v1/supplier-price-lists/{id}/gone")),
        chrome: &chrome,
    };
    show_as(StatusCode::OK, &chrome, &page)
}
