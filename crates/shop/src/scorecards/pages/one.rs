//! What the score of one supplier is made of.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_pricing::scorecard::{Band, Criterion, Profile, compliance_band, lead_time_band};
use gondola_store::Permission;

use super::super::card::{Card, cards};
use super::super::views::{CardView, mean_lead_days};
use super::all::kind_of;
use super::{asked_period, decimal, percent};
use crate::kernel::page::show as show_page;
use crate::kernel::path::Segment;
use crate::kernel::time::local_day;
use crate::kernel::{App, Asked, Chrome, Form, Problem, Reader};
use crate::suppliers;

/// One of the things that are measured, as the page shows it.
pub(super) struct CriterionLine {
    pub name: String,
    pub what: String,
    pub share: String,
    pub counts: String,
    pub weight: u8,
}

/// The short name of a criterion in the words.
const fn key(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Otif => "otif",
        Criterion::Defects => "defects",
        Criterion::Cost => "cost",
        Criterion::LeadTime => "lead_time",
        Criterion::Compliance => "compliance",
        Criterion::Response => "response",
    }
}

/// How a band looks.
const fn look(band: Band) -> &'static str {
    match band {
        Band::Bad => "bad",
        Band::Fair => "warn",
        Band::Good => "good",
    }
}

#[derive(Template)]
#[template(path = "scorecard.html")]
pub(super) struct ScorecardPage {
    pub chrome: Chrome,
    pub code: String,
    pub name: String,
    pub form: Form,
    /// None when nothing was measured.
    pub points: Option<String>,
    pub kind: &'static str,
    pub measured: u8,
    /// What it mainly brings.
    pub profile: String,
    /// What is expected of one that brings that.
    pub expected: Option<String>,
    pub criteria: Vec<CriterionLine>,
    pub deliveries: u64,
    pub very_late: u64,
    pub lead_days: Option<(String, &'static str)>,
    pub compliance: Option<(String, &'static str)>,
    pub drift: Option<String>,
}

impl ScorecardPage {
    pub(super) fn of(chrome: Chrome, form: Form, card: &Card) -> Self {
        let line = |criterion: Criterion| {
            let tally = card.receipts.tally(criterion);
            // Shares of lines are counted in thousandths of one: as people count, they are the percentage alone.
            let is_counted = !matches!(criterion, Criterion::Compliance | Criterion::Defects);
            let counts = format!("{} / {}", tally.good.min(tally.all), tally.all);
            CriterionLine {
                name: chrome.t(&format!("scorecard.{}", key(criterion))).to_owned(),
                what: chrome.t(&format!("scorecard.{}_what", key(criterion))).to_owned(),
                share: percent(tally.share().map(|share| share.to_string())),
                counts: if is_counted && tally.all > 0 { counts } else { String::new() },
                weight: Profile::from(card.profile).weight(criterion),
            }
        };
        let band = compliance_band(card.receipts.compliance);
        let named = |band: Band| chrome.t(&format!("scorecard.band_{}", look(band))).to_owned();
        let view = CardView::from(card);
        Self {
            criteria: Criterion::ALL.into_iter().map(line).collect(),
            points: view.points.map(|points| decimal(&points)),
            kind: kind_of(card),
            measured: view.measured,
            profile: chrome.t(&format!("supplier.score_{}", card.profile.code())).to_owned(),
            expected: expected(&chrome, card),
            deliveries: card.deliveries,
            very_late: card.very_late,
            lead_days: mean_lead_days(card).zip(lead_time_band(card.lead_days, card.deliveries)).map(|(days, band)| {
                let days = chrome.tv("scorecard.days", days.replace('.', ","));
                (format!("{days} · {}", named(band)), look(band))
            }),
            compliance: band.map(|band| (named(band), look(band))),
            drift: view.price_drift.map(|points| chrome.tv("scorecard.drift_points", decimal(&points))),
            code: view.supplier,
            name: view.name,
            form,
            chrome,
        }
    }
}

/// What a shop expects of who brings such goods: in full and in time, days from the order, days of sales to keep.
fn expected(chrome: &Chrome, card: &Card) -> Option<String> {
    let targets = Profile::from(card.profile).targets()?;
    let days = |(from, to): (u8, u8)| if from == to { from.to_string() } else { format!("{from}–{to}") };
    let parts = [
        chrome.tv("scorecard.expected_otif", targets.otif_percent.to_string()),
        chrome.tv("scorecard.expected_lead", days(targets.lead_days)),
        chrome.tv("scorecard.expected_cover", days(targets.cover_days)),
    ];
    Some(parts.join(" · "))
}

/// `GET /suppliers/{code}/scorecard`.
pub async fn show(
    State(app): State<App>,
    mut chrome: Chrome,
    Segment(code): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, &chrome.actor, Permission::ReadCost).await?;
    let supplier = suppliers::by_code(&mut reader.tx(), &code).await?.ok_or_else(Problem::not_found)?;
    let today = local_day(reader.now(), &app.zone);
    let (period, form) = asked_period(&app, &asked, today)?;
    let card = cards(&mut reader, &period, Some(supplier.id)).await?.pop().ok_or_else(Problem::not_found)?;
    chrome.title = chrome.tv("scorecard.of", &supplier.name);
    show_page(&chrome.clone(), &ScorecardPage::of(chrome, form, &card))
}
