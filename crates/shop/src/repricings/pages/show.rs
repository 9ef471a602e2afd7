//! One repricing: what it would do, row by row; applying it, discarding it and taking it back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{Money, UnitCost};
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::id_of;
use super::super::bodies::{ApplyBody, RowBody, RowsBody};
use super::super::commands::{ApplyRepricing, CancelRepricing, ScheduleRepricing};
use super::super::queries::{self, Repricing, RowFilter, RowKey, StoredRow};
use super::super::rollback::RollBackRepricing;
use super::super::views::percentages;
use super::list::{rule_name, scope};
use crate::kernel::numbers::{show_money, show_short_cost, typed_money};
use crate::kernel::page::{go, go_saying, show_as};
use crate::kernel::path::Segment;
use crate::kernel::time::{format_instant, local_day, parse_local};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Page, Pages, Problem, Reader};
use crate::prices::status_on;

/// Rows on a screen.
const ROWS_MAX: i64 = 100;
/// Rows on a screen that wait for the owner; all of them are in the file.
const GUARDED_MAX: i64 = 100;

/// A row as the page shows it.
pub(super) struct RowLine {
    pub product: Uuid,
    pub sku: String,
    pub name: String,
    pub old_cost: String,
    pub new_cost: String,
    pub old_price: String,
    pub new_price: String,
    /// The same as it is typed.
    pub typed_price: String,
    pub markup: String,
    pub margin: String,
    pub at_stake: String,
    /// The key of the severity's word; empty when the cost did not move.
    pub severity: String,
    /// The key of what the guard says; empty when nothing.
    pub guard: String,
    pub excluded: bool,
    /// The key of what became of it; empty when nothing yet.
    pub outcome: String,
}

impl RowLine {
    fn of(row: StoredRow, status: TaxStatus) -> Self {
        let both = percentages(&row, status);
        let percent = |rate: gondola_pricing::rate::Rate| format!("{} %", rate.to_string().replace('.', ","));
        let cost = |cost: Option<i64>| cost.map(|cost| show_short_cost(UnitCost::new(cost))).unwrap_or_default();
        let key = |family: &str, code: Option<String>| code.map(|code| format!("{family}{code}")).unwrap_or_default();
        Self {
            product: row.product_id,
            old_cost: cost(row.old_cost),
            new_cost: cost(row.new_cost),
            old_price: row.old_price.map(|price| show_money(Money::new(price))).unwrap_or_default(),
            new_price: show_money(Money::new(row.new_price)),
            typed_price: Money::new(row.new_price).to_string().replace('.', ","),
            markup: both.map(|both| percent(both.markup)).unwrap_or_default(),
            margin: both.map(|both| percent(both.margin)).unwrap_or_default(),
            at_stake: show_money(Money::new(row.at_stake)),
            severity: key("price.severity_", row.severity),
            guard: key("repricing.guard_", Some(row.guard).filter(|guard| guard != "clear")),
            outcome: key("repricing.outcome_", row.outcome),
            sku: row.sku,
            name: row.name,
            excluded: row.excluded,
        }
    }
}

#[derive(Template)]
#[template(path = "repricing.html")]
pub(super) struct RepricingPage {
    pub chrome: Chrome,
    pub repricing: Repricing,
    pub rule: String,
    pub scope: String,
    pub state: String,
    pub at_stake: String,
    /// Those that wait for the owner, on the first page.
    pub guarded: Vec<RowLine>,
    /// The others.
    pub rows: Vec<RowLine>,
    pub pages: Pages,
    pub file: Link,
    pub form: Form,
    pub may_price: bool,
    pub may_override: bool,
}

impl RepricingPage {
    fn is_open(&self) -> bool {
        matches!(self.repricing.row.state.as_str(), "draft" | "scheduled")
    }

    fn holds(&self) -> bool {
        self.repricing.row.state == "applied"
    }
}

/// `GET /repricings/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Segment(id): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    show_one(&app, chrome, id_of(&id)?, asked, Form::new()).await
}

async fn show_one(app: &App, chrome: Chrome, id: Uuid, asked: Asked, form: Form) -> Result<Response, Problem> {
    let chrome = chrome.titled("repricing.one");
    let refused = !form.messages(&chrome.lang).is_empty();
    let pager = asked.pager();
    let after = pager.params().after::<RowKey>()?;
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let day = local_day(reader.now(), &app.zone);
    let mut tx = reader.tx();
    let repricing = queries::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let status = status_on(&mut tx, day).await?;
    // What a guard keeps back stands apart and before the rest, wherever one is on the way through it.
    let of = |guarded| RowFilter { guarded: Some(guarded), ..RowFilter::default() };
    let guarded = match after {
        None => queries::rows(&mut tx, id, of(true), None, GUARDED_MAX).await?,
        Some(_) => Vec::new(),
    };
    let found = queries::rows(&mut tx, id, of(false), after, ROWS_MAX).await?;
    let key = |row: &StoredRow| (row.position, row.product_id);
    let page = Page::cut(found, ROWS_MAX, key, |row| RowLine::of(row, status));
    let wanted = repricing.row.wanted()?;
    let page = RepricingPage {
        rule: rule_name(&chrome, &wanted),
        scope: scope(&chrome, &wanted),
        state: format!("repricing.state_{}", repricing.row.state),
        at_stake: show_money(Money::new(repricing.counts.at_stake)),
        guarded: guarded.into_iter().map(|row| RowLine::of(row, status)).collect(),
        rows: page.items,
        pages: pager.pages(&Link::to(path(id)), page.next),
        file: Link::to(format!("/api/v1/repricings/{id}/rows")),
        may_price: chrome.may(Permission::EditPrices),
        may_override: chrome.may(Permission::OverridePrices),
        repricing,
        form,
        chrome: chrome.clone(),
    };
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show_as(status, &chrome, &page)
}

fn path(id: Uuid) -> String {
    format!("/repricings/{id}")
}

/// Where an answer leads: on, or back to the page with what was wrong.
async fn answered(
    app: &App,
    chrome: Chrome,
    (id, form): (Uuid, Form),
    done: Result<Option<Flash>, Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(Some(message)) => Ok(go_saying(app, &path(id), &message)),
        Ok(None) => Ok(go(&path(id))),
        Err(problem) => show_one(app, chrome, id, Asked(Form::new()), form.refused(problem)?).await,
    }
}

/// `POST /repricings/{id}/rows`.
pub async fn edit(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let done = edited(&app, &actor, id, &form).await.map(|_| None);
    answered(&app, chrome, (id, form), done).await
}

async fn edited(app: &App, actor: &Actor, id: Uuid, form: &Form) -> Result<Repricing, Problem> {
    let row = RowBody {
        product: form.given("product"),
        price: form.given("price").filter(|text| !text.is_empty()).map(|text| typed_money(&text)),
        excluded: form.given("excluded").map(|answer| answer == "yes"),
    };
    let command = RowsBody { rows: Some(vec![row]) }.parse(id)?;
    let key = form.key(&format!("POST /repricings/{id}/rows (page)"))?;
    Ok(app.db.execute(actor, key, command).await?.out)
}

/// `POST /repricings/{id}/apply`.
pub async fn apply(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let done = applied(&app, &actor, id, &form).await.map(|repricing| {
        let key = if repricing.row.state == "applied" { "repricing.was_applied" } else { "repricing.was_scheduled" };
        Some(Flash::says(key, &repricing.counts.applied.to_string()))
    });
    answered(&app, chrome, (id, form), done).await
}

async fn applied(app: &App, actor: &Actor, id: Uuid, form: &Form) -> Result<Repricing, Problem> {
    let filled = |name| form.given(name).filter(|text| !text.trim().is_empty());
    // An hour as browsers write it is the shop's; anything else is told like a wrong instant.
    let at = filled("at").map(|text| parse_local(&text, &app.zone).map_or(text, format_instant));
    let how = ApplyBody { at, guarded_reason: filled("guarded_reason") }.parse()?;
    let key = form.key(&format!("POST /repricings/{id}/apply (page)"))?;
    let guarded_reason = how.guarded_reason;
    let done = match how.at {
        None => app.db.execute(actor, key, ApplyRepricing { id, guarded_reason }).await?,
        Some(at) => app.db.execute(actor, key, ScheduleRepricing { id, at, guarded_reason }).await?,
    };
    Ok(done.out)
}

/// `POST /repricings/{id}/cancel`.
pub async fn cancel(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = form.key(&format!("POST /repricings/{id}/cancel (page)"))?;
    let done = app.db.execute(&actor, key, CancelRepricing { id }).await;
    let done = done.map(|_| Some(Flash::says("repricing.was_cancelled", ""))).map_err(Problem::from);
    answered(&app, chrome, (id, form), done).await
}

/// `POST /repricings/{id}/rollback`.
pub async fn roll_back(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = form.key(&format!("POST /repricings/{id}/rollback (page)"))?;
    let done = app.db.execute(&actor, key, RollBackRepricing { id }).await;
    let done = done.map(|done| Some(Flash::says("repricing.was_rolled_back", &done.out.counts.restored.to_string())));
    answered(&app, chrome, (id, form), done.map_err(Problem::from)).await
}
