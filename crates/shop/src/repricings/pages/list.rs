//! Repricings, newest first, and the form that builds one.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, At, Permission};
use uuid::Uuid;

use super::super::api::{ACCEPTS, fingerprint};
use super::super::bodies::{RULES, RepricingBody};
use super::super::file::repricing_of;
use super::super::queries::{self, Repricing, RepricingRow};
use super::super::rule::Wanted;
use crate::catalogue::category_choices;
use crate::kernel::numbers::typed;
use crate::kernel::page::{go, show_as};
use crate::kernel::{App, Asked, Caller, Chrome, Form, Link, Page, Pages, Problem, Reader, RequestKey, Upload};
use crate::notebook::supplier_choices;
use crate::stock::Choice;

/// Repricings on a screen.
const ROWS_MAX: i64 = 50;

/// A repricing as the list shows it.
pub(super) struct RepricingLine {
    pub id: Uuid,
    pub state: String,
    pub rule: String,
    pub scope: String,
    pub reason: String,
    pub who: String,
    pub when: At,
}

/// What a rule says: its name, its percentage.
pub(super) fn rule_name(chrome: &Chrome, wanted: &Wanted) -> String {
    let mut name = chrome.t(rule_key(wanted.rule.code())).to_owned();
    if let Some((from, to)) = wanted.rule.months() {
        name = format!("{name} {}–{}", from.shown(), to.shown());
    }
    match wanted.rule.rate() {
        Some(rate) => format!("{name} {} %", rate.to_string().replace('.', ",")),
        None => name,
    }
}

/// For which products it is.
pub(super) fn scope(chrome: &Chrome, wanted: &Wanted) -> String {
    let parts = [&wanted.category, &wanted.brand, &wanted.supplier].into_iter().flatten().cloned();
    let papers = [(wanted.invoice, "repricing.of_invoice"), (wanted.price_list, "repricing.of_list")];
    let papers = papers.into_iter().filter(|(paper, _)| paper.is_some()).map(|(_, key)| chrome.t(key).to_owned());
    parts.chain(papers).collect::<Vec<_>>().join(" · ")
}

fn rule_key(code: &str) -> &'static str {
    match code {
        "percentage" => "repricing.rule_percentage",
        "markup" => "repricing.rule_markup",
        "margin" => "repricing.rule_margin",
        "index" => "repricing.rule_index",
        "band" => "repricing.rule_band",
        "set_markup" => "repricing.rule_set_markup",
        "cost" => "repricing.rule_cost",
        _ => "repricing.rule_prices",
    }
}

impl RepricingLine {
    pub(super) fn of(chrome: &Chrome, row: RepricingRow) -> Result<Self, Problem> {
        let wanted = row.wanted()?;
        Ok(Self {
            rule: rule_name(chrome, &wanted),
            scope: scope(chrome, &wanted),
            id: row.id,
            state: format!("repricing.state_{}", row.state),
            reason: row.reason,
            who: row.built_by,
            when: row.built_at,
        })
    }
}

#[derive(Template)]
#[template(path = "repricings.html")]
pub(super) struct RepricingsPage {
    pub chrome: Chrome,
    pub rows: Vec<RepricingLine>,
    pub pages: Pages,
    pub list: Link,
    pub form: Form,
    /// Rules to choose from.
    pub rules: Vec<(&'static str, String)>,
    pub categories: Vec<Choice>,
    pub suppliers: Vec<Choice>,
    pub may_build: bool,
}

impl RepricingsPage {
    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = [
            ("rule", "repricing.rule"),
            ("percent", "repricing.percent"),
            ("from", "repricing.from"),
            ("to", "repricing.to"),
            ("category", "price.category"),
            ("brand", "product.brand"),
            ("supplier", "repricing.supplier"),
            ("reason", "repricing.reason"),
        ];
        let mut messages =
            self.form.named_messages(&self.chrome.lang, &labels.map(|(name, key)| (name, self.chrome.t(key))));
        messages.retain(|(field, _)| field != "file");
        messages
    }

    /// What is wrong with the file that was sent.
    fn file_messages(&self) -> Vec<(String, String)> {
        self.form.messages(&self.chrome.lang).into_iter().filter(|(field, _)| field == "file").collect()
    }
}

/// `GET /repricings`.
pub async fn list(State(app): State<App>, chrome: Chrome, asked: Asked) -> Result<Response, Problem> {
    show_list(&app, chrome, asked, Form::new(), StatusCode::OK).await
}

async fn show_list(
    app: &App,
    chrome: Chrome,
    asked: Asked,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("repricing.title");
    let pager = asked.pager();
    let after = pager.params().after::<(At, Uuid)>()?;
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let found = queries::list(&mut reader.tx(), None, after, ROWS_MAX).await?;
    let page = Page::cut(found, ROWS_MAX, |row| (row.built_at, row.id), |row| RepricingLine::of(&chrome, row));
    let said_one_by_one = "prices";
    let rules = RULES.into_iter().filter(|code| *code != said_one_by_one);
    let page = RepricingsPage {
        rows: page.items.into_iter().collect::<Result<_, _>>()?,
        pages: pager.pages(&Link::to("/repricings"), page.next),
        list: Link::to("/api/v1/repricings"),
        rules: rules.map(|code| (code, chrome.t(rule_key(code)).to_owned())).collect(),
        categories: category_choices(&mut reader).await?,
        suppliers: supplier_choices(&mut reader).await?,
        may_build: chrome.may(Permission::EditPrices),
        form,
        chrome: chrome.clone(),
    };
    show_as(status, &chrome, &page)
}

/// `POST /repricings`.
pub async fn build(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match built(&app, &actor, &form).await {
        Ok(repricing) => Ok(go(&format!("/repricings/{}", repricing.row.id))),
        Err(problem) => {
            let form = form.refused(problem)?;
            show_list(&app, chrome, Asked(Form::new()), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /repricings/file`.
pub async fn build_from_file(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    request: Request,
) -> Result<Response, Problem> {
    let built = match Upload::receive(request, &ACCEPTS).await {
        Ok(upload) => built_from_file(&app, &actor, &upload).await,
        Err(problem) => Err(problem),
    };
    match built {
        Ok(repricing) => Ok(go(&format!("/repricings/{}", repricing.row.id))),
        Err(problem) => {
            let (status, problem) = problem.about_the_file();
            show_list(&app, chrome, Asked(Form::new()), Form::new().refused(problem)?, status).await
        }
    }
}

async fn built_from_file(app: &App, actor: &Actor, upload: &Upload) -> Result<Repricing, Problem> {
    let key = RequestKey::from_text(upload.form.value("idempotency_key"))?;
    let key = key.bind("POST /repricings/file (page)", &fingerprint(upload));
    let command = {
        let mut reader = Reader::open(app, actor, Permission::ReadCost).await?;
        repricing_of(upload, &mut reader).await?
    };
    Ok(app.db.execute(actor, key, command).await?.out)
}

async fn built(app: &App, actor: &Actor, form: &Form) -> Result<Repricing, Problem> {
    let filled = |name| form.given(name).filter(|text| !text.trim().is_empty());
    let body = RepricingBody {
        rule: filled("rule"),
        percent: filled("percent").map(|text| typed(&text)),
        from: filled("from"),
        to: filled("to"),
        category: filled("category").map(|code| code.trim().to_uppercase()),
        brand: filled("brand"),
        supplier: filled("supplier").map(|code| code.trim().to_uppercase()),
        invoice: filled("invoice"),
        price_list: filled("price_list"),
        prices: None,
        reason: filled("reason"),
    };
    Ok(app.db.execute(actor, form.key("POST /repricings (page)")?, body.parse()?).await?.out)
}
