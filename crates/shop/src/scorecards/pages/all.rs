//! How good all suppliers were over some days, the best on top.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;

use super::super::card::{Card, cards};
use super::super::views::CardView;
use super::{asked_period, decimal, percent};
use crate::kernel::ask::Link;
use crate::kernel::page::show as show_page;
use crate::kernel::time::local_day;
use crate::kernel::{App, Asked, Chrome, Form, Problem, Reader};

/// A supplier as the page shows it.
pub(super) struct CardLine {
    pub code: String,
    pub name: String,
    pub points: String,
    /// How the points look: good from 90, bad under 70.
    pub kind: &'static str,
    pub measured: u8,
    pub otif: String,
    pub unbroken: String,
    pub cost: String,
    pub in_time: String,
    pub compliance: String,
    pub lead_days: String,
    pub drift: String,
}

/// How a number of points looks.
pub(super) fn kind_of(card: &Card) -> &'static str {
    match card.score().map(|score| score.points.raw()) {
        None => "",
        Some(900_000..) => "good",
        Some(700_000..) => "warn",
        Some(_) => "bad",
    }
}

impl CardLine {
    pub(super) fn of(card: &Card) -> Self {
        let view = CardView::from(card);
        Self {
            kind: kind_of(card),
            code: view.supplier,
            name: view.name,
            points: view.points.map(|points| decimal(&points)).unwrap_or_default(),
            measured: view.measured,
            otif: percent(view.otif),
            unbroken: percent(view.unbroken),
            cost: percent(view.cost_as_expected),
            in_time: percent(view.in_time),
            compliance: percent(view.compliance),
            lead_days: view.mean_lead_days.map_or_else(|| "—".to_owned(), |days| days.replace('.', ",")),
            drift: view.price_drift.map_or_else(|| "—".to_owned(), |points| decimal(&points)),
        }
    }
}

#[derive(Template)]
#[template(path = "scorecards.html")]
pub(super) struct ScorecardsPage {
    pub chrome: Chrome,
    pub form: Form,
    pub rows: Vec<CardLine>,
    pub days: Link,
    pub list: Link,
}

/// `GET /supplier-scorecards`.
pub async fn show(State(app): State<App>, chrome: Chrome, asked: Asked) -> Result<Response, Problem> {
    let chrome = chrome.titled("scorecard.title");
    let mut reader = Reader::open(&app, &chrome.actor, Permission::ReadCost).await?;
    let today = local_day(reader.now(), &app.zone);
    let (period, form) = asked_period(&app, &asked, today)?;
    let mut found = cards(&mut reader, &period, None).await?;
    found.sort_by_key(|card| std::cmp::Reverse(card.score().map(|score| score.points.raw())));
    let page = ScorecardsPage {
        rows: found.iter().map(CardLine::of).collect(),
        days: asked.link("", &["from", "to"]),
        list: asked.link("/api/v1/supplier-scorecards", &["from", "to"]),
        form,
        chrome: chrome.clone(),
    };
    show_page(&chrome, &page)
}
