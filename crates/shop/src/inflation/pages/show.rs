//! The series of rates, what some months of it add up to, and what idle stock loses a day.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::Money;
use gondola_store::{Actor, Permission, StoreError};
use gondola_vault::sha256;

use super::super::api::{ACCEPTS, this_month};
use super::super::bodies::RateBody;
use super::super::commands::{RecordRates, Recorded};
use super::super::file::rates_of;
use super::super::list::own_months;
use super::super::month::Month;
use super::super::own::{OwnRate, own_rates};
use super::super::queries::{self, RateFilter, RateKey, RecordedRate};
use super::super::summary::{Range, summary};
use super::super::views::{RateView, SummaryView};
use crate::kernel::numbers::{show_money, show_percent, typed};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::time::{Day, parse_instant, show_instant};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Page, Pages, Problem, Reader, RequestKey, Upload};

/// Rates on a screen.
const ROWS_MAX: i64 = 50;
/// What is kept from page to page.
const KEPT: [&str; 2] = ["from", "to"];

/// A rate as the page shows it.
pub(super) struct RateLine {
    pub month: String,
    pub rate: String,
    pub daily: String,
    pub source: String,
    pub who: String,
    pub when: String,
    pub is_current: bool,
    pub is_suspect: bool,
}

impl RateLine {
    pub(super) fn of(app: &App, recorded: RecordedRate) -> Result<Self, StoreError> {
        let month = Month::of(recorded.month).shown();
        let view = RateView::of(recorded)?;
        let when = parse_instant(&view.recorded_at).map(|at| show_instant(at, &app.zone)).unwrap_or_default();
        Ok(Self {
            month,
            rate: show_percent(&view.rate),
            daily: show_percent(&view.daily_rate),
            source: view.source,
            who: view.recorded_by,
            when,
            is_current: view.current,
            is_suspect: !view.warnings.is_empty(),
        })
    }
}

/// A month of the shop's own inflation, or a category of one, as the page shows it.
pub(super) struct OwnLine {
    pub name: String,
    pub rate: String,
    pub goods: usize,
    pub spent: String,
}

impl OwnLine {
    fn of(own: &OwnRate) -> Self {
        let month = own.month.shown();
        Self {
            name: own.category.as_ref().map_or(month, |(_, name)| name.clone()),
            rate: own.rate.map(show_percent).unwrap_or_default(),
            goods: own.goods,
            spent: own.spent.filter(|spent| !spent.is_zero()).map(show_money).unwrap_or_default(),
        }
    }
}

/// The shop's own inflation, as the page shows it.
pub(super) struct Own {
    /// Month by month, newest first.
    pub months: Vec<OwnLine>,
    /// The newest month that was measured, and its categories.
    pub newest: String,
    pub categories: Vec<OwnLine>,
}

impl Own {
    pub(super) fn of(rates: &[OwnRate]) -> Self {
        let newest = rates.iter().find(|own| own.rate.is_some()).map(|own| own.month);
        let is_measured = |own: &&OwnRate| own.category.is_none() && own.rate.is_some();
        let is_newest = |own: &&OwnRate| own.category.is_some() && Some(own.month) == newest;
        Self {
            months: rates.iter().filter(is_measured).map(OwnLine::of).collect(),
            newest: newest.map(Month::shown).unwrap_or_default(),
            categories: rates.iter().filter(is_newest).map(OwnLine::of).collect(),
        }
    }
}

/// What the months add up to, as the page shows it.
pub(super) struct Sums {
    pub from: String,
    pub to: String,
    pub from_field: String,
    pub to_field: String,
    pub accumulated: Option<String>,
    pub hundred: Option<String>,
    /// Months without a rate.
    pub missing: String,
    pub latest: String,
    pub daily: Option<String>,
    /// None for whoever sees one place only.
    pub stock: Option<String>,
    pub loss: Option<String>,
}

impl Sums {
    pub(super) fn of(view: SummaryView) -> Self {
        let shown =
            |text: &Option<String>| text.as_deref().and_then(Month::parse).map(Month::shown).unwrap_or_default();
        let money = |text: &String| Money::parse(text).map(show_money).unwrap_or_default();
        let missing = view.missing.iter().filter_map(|text| Month::parse(text)).map(Month::shown);
        Self {
            from: shown(&view.from),
            to: shown(&view.to),
            accumulated: view.accumulated.as_deref().map(show_percent),
            hundred: view.hundred_pesos.as_ref().map(money),
            missing: missing.collect::<Vec<_>>().join(", "),
            latest: shown(&view.latest_month),
            daily: view.daily_rate.as_deref().map(show_percent),
            stock: view.stock_value.as_ref().map(money),
            loss: view.daily_loss.as_ref().map(money),
            from_field: view.from.unwrap_or_default(),
            to_field: view.to.unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "inflation.html")]
pub(super) struct InflationPage {
    pub chrome: Chrome,
    pub sums: Sums,
    pub own: Own,
    pub own_list: Link,
    pub rows: Vec<RateLine>,
    pub pages: Pages,
    pub list: Link,
    /// The months that are asked for, with what is wrong with them.
    pub range: Form,
    pub form: Form,
    pub may_record: bool,
}

impl InflationPage {
    /// The first month, as it was typed or else as it was added up.
    fn from(&self) -> &str {
        self.typed("from", &self.sums.from_field)
    }

    /// The last month.
    fn to(&self) -> &str {
        self.typed("to", &self.sums.to_field)
    }

    fn typed<'p>(&'p self, name: &str, otherwise: &'p str) -> &'p str {
        Some(self.range.value(name)).filter(|text| !text.is_empty()).unwrap_or(otherwise)
    }

    /// What is wrong with the file that was sent.
    fn file_messages(&self) -> Vec<(String, String)> {
        self.form.messages(&self.chrome.lang).into_iter().filter(|(field, _)| field == "file").collect()
    }

    fn messages(&self) -> Vec<(String, String)> {
        let labels = ["month", "rate", "source"].map(|name| (name, self.chrome.t(label(name))));
        let mut messages = self.form.named_messages(&self.chrome.lang, &labels);
        messages.retain(|(field, _)| field != "file");
        messages
    }
}

fn label(field: &str) -> &'static str {
    match field {
        "month" => "inflation.month",
        "rate" => "inflation.rate",
        _ => "inflation.source",
    }
}

/// `GET /inflation`.
pub async fn show(State(app): State<App>, chrome: Chrome, asked: Asked) -> Result<Response, Problem> {
    show_page(&app, chrome, &asked, Form::new(), StatusCode::OK).await
}

async fn show_page(
    app: &App,
    chrome: Chrome,
    asked: &Asked,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("inflation.title");
    let pager = asked.pager();
    let after = pager.params().after::<RateKey>()?;
    let typed = KEPT.into_iter().fold(Form::new(), |form, name| form.with(name, asked.value(name)));
    let (range, typed) = match Range::parse(asked.given("from"), asked.given("to")) {
        Ok(range) => (range, typed),
        Err(problem) => (Range::default(), typed.refused(problem)?),
    };
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let sums = Sums::of(summary(&mut reader, range).await?);
    let calendar = own_months(app, Range::default(), this_month(app))?;
    let own = Own::of(&own_rates(&mut reader, &calendar).await?);
    let filter = RateFilter { from: Day::MIN, to: Day::MAX, current: false };
    let rows = queries::rates(&mut reader.tx(), &filter, after, ROWS_MAX).await?;
    let here = asked.link("/inflation", &KEPT);
    let page = Page::cut(rows, ROWS_MAX, |rate| (rate.month, rate.number), |rate| RateLine::of(app, rate));
    let page = InflationPage {
        sums,
        own,
        own_list: Link::to("/api/v1/inflation/own"),
        rows: page.items.into_iter().collect::<Result<_, _>>()?,
        pages: pager.pages(&here, page.next),
        list: Link::to("/api/v1/inflation/rates"),
        range: typed,
        form,
        may_record: chrome.may(Permission::EditPrices),
        chrome: chrome.clone(),
    };
    show_as(status, &chrome, &page)
}

/// `POST /inflation`.
pub async fn record(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match post(&app, &actor, &form).await {
        Ok(recorded) => {
            let key = if recorded.rate()?.is_suspect() { "inflation.recorded_suspect" } else { "inflation.recorded" };
            Ok(go_saying(&app, "/inflation", &Flash::says(key, &Month::of(recorded.month).shown())))
        }
        Err(problem) => {
            let form = form.refused(problem)?;
            show_page(&app, chrome, &Asked::default(), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /inflation/file`.
pub async fn record_file(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    request: Request,
) -> Result<Response, Problem> {
    let problem = match Upload::receive(request, &ACCEPTS).await {
        Ok(upload) => match post_file(&app, &actor, &upload).await {
            Ok(recorded) => {
                let count = (recorded.rates.len() - recorded.unchanged).to_string();
                return Ok(go_saying(&app, "/inflation", &Flash::says("inflation.recorded_file", &count)));
            }
            Err(problem) => problem,
        },
        Err(problem) => problem,
    };
    let (status, problem) = problem.about_the_file();
    show_page(&app, chrome, &Asked::default(), Form::new().refused(problem)?, status).await
}

async fn post_file(app: &App, actor: &Actor, upload: &Upload) -> Result<Recorded, Problem> {
    let key = RequestKey::from_text(upload.form.value("idempotency_key"))?;
    let key = key.bind("POST /inflation/file (page)", &sha256(&upload.bytes));
    let rates = rates_of(upload, this_month(app))?;
    Ok(app.db.execute(actor, key, RecordRates(rates)).await?.out)
}

async fn post(app: &App, actor: &Actor, form: &Form) -> Result<RecordedRate, Problem> {
    let body = RateBody {
        month: form.given("month"),
        rate: form.given("rate").map(|text| typed(&text)),
        source: form.given("source"),
    };
    let rate = body.parse(this_month(app))?;
    let done = app.db.execute(actor, form.key("POST /inflation (page)")?, RecordRates(vec![rate])).await?;
    Ok(done.out.rates.into_iter().next().expect("one rate was recorded"))
}
