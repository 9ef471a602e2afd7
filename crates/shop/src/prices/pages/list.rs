//! Prices with cost, both percentages and lights.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_pricing::light::Light;
use gondola_store::{Actor, Permission};

use super::super::api::TaxStatusBody;
use super::super::placing::{LIST_GENERAL, LISTS};
use super::super::priced::{Priced, PricedKey, Today};
use super::super::queries::{self, Only, Wanted, filter_of, status_now};
use super::super::rule::{basis_code, rule_at};
use super::super::tax::{DatedStatus, code_of};
use super::super::views::{LIGHTS, light_code, severity_code};
use crate::kernel::numbers::{show_money, show_percent, show_short_cost, typed};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::time::local_day;
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Link, Page, Pages, Problem, Reader};
use crate::stock::Choice;

/// Prices on a screen.
const ROWS_MAX: i64 = 100;
/// What is kept from page to page.
const KEPT: [&str; 5] = ["list", "only", "category", "brand", "supplier"];
/// The choice of those for which another price is proposed.
const PROPOSED: &str = "proposed";
/// The choice of those whose cost moved so much that the owner is told.
const NOTABLE: &str = "notable";

/// A price as the list shows it.
pub(super) struct PriceLine {
    pub sku: String,
    pub name: String,
    pub brand: String,
    pub price: String,
    pub cost: String,
    pub markup: String,
    pub margin: String,
    /// The key of why, where a rule of the list makes the price.
    pub basis: Option<String>,
    /// Kind of badge and the key of its word.
    pub lights: Vec<(&'static str, String)>,
    /// How the cost moved, and the severity's kind of badge.
    pub moved: Option<(String, &'static str)>,
}

fn badge_of(light: Light) -> &'static str {
    match light {
        Light::LossRisk => "bad",
        Light::LowMargin => "warn",
        Light::Stale => "",
        Light::BuyNow => "good",
    }
}

impl PriceLine {
    pub(super) fn of(product: Priced, today: &Today) -> Self {
        let both = product.percentages(today.status);
        let told = |light: Light| (badge_of(light), format!("price.light_{}", light_code(light)));
        let change = product.cost_change().filter(|change| change.is_proposed());
        Self {
            price: product.price().map(show_money).unwrap_or_default(),
            cost: product.cost().map(show_short_cost).unwrap_or_default(),
            markup: both.map(|both| show_percent(both.markup)).unwrap_or_default(),
            margin: both.map(|both| show_percent(both.margin)).unwrap_or_default(),
            basis: product.basis.map(|basis| format!("price.basis_{}", basis_code(basis))),
            lights: product.lights(today).into_iter().map(told).collect(),
            moved: change.and_then(|change| {
                let kind = match change.severity().map(severity_code) {
                    Some("critical" | "high") => "bad",
                    Some(_) => "warn",
                    None => "info",
                };
                Some((show_percent(change.rate()?), kind))
            }),
            sku: product.sku,
            name: product.name,
            brand: product.brand,
        }
    }
}

#[derive(Template)]
#[template(path = "prices.html")]
pub(super) struct PricesPage {
    pub chrome: Chrome,
    pub chips: Chips,
    pub asked: Asked,
    pub rows: Vec<PriceLine>,
    pub pages: Pages,
    /// The same prices in the API.
    pub file: Link,
    /// The lists to print: for the staff, and for the wall.
    pub staff_paper: Link,
    pub wall_paper: Link,
    pub categories: Vec<Choice>,
    pub status: &'static str,
    pub form: Form,
    pub may_settle: bool,
    pub may_reprice: bool,
}

impl PricesPage {
    /// Whether it shows prices of GENERAL that a repricing may follow.
    fn is_proposed(&self) -> bool {
        self.asked.value("only") == PROPOSED && self.list() == LIST_GENERAL
    }

    fn list(&self) -> &'static str {
        list_asked(&self.asked)
    }

    fn chosen_status(&self) -> &str {
        self.status
    }

    /// Whether known costs follow; they do unless somebody says that they are as they must be.
    fn chosen_following(&self) -> &str {
        if self.form.value("costs_follow") == "false" { "false" } else { "true" }
    }

    fn followings(&self) -> [(&'static str, &str); 2] {
        [("true", "price.costs_follow"), ("false", "price.costs_stay")].map(|(code, key)| (code, self.chrome.t(key)))
    }

    fn statuses(&self) -> [(&'static str, &str); 2] {
        ["monotributo", "registered_vat"].map(|code| (code, self.chrome.t(status_key(code))))
    }
}

/// The key of a status's word.
pub(super) fn status_key(code: &str) -> &'static str {
    match code {
        "registered_vat" => "price.status_registered_vat",
        _ => "price.status_monotributo",
    }
}

/// `GET /prices`.
pub async fn list(State(app): State<App>, chrome: Chrome, asked: Asked) -> Result<Response, Problem> {
    show_list(&app, chrome, asked, Form::new(), StatusCode::OK).await
}

async fn show_list(
    app: &App,
    chrome: Chrome,
    asked: Asked,
    form: Form,
    status_code: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("price.title");
    let pager = asked.pager();
    let after = pager.params().after::<PricedKey>()?;
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let now = reader.now();
    let status = status_now(&mut reader, local_day(now, &app.zone)).await?;
    let today = Today { status, now, stale_after: app.stale_after };
    let given = |name| Some(asked.value(name)).filter(|text| !text.is_empty());
    let mut tx = reader.tx();
    let filter = filter_of(&mut tx, given("category"), given("brand"), given("supplier")).await?;
    let list = list_asked(&asked);
    let rule = rule_at(&mut tx, list, now, local_day(now, &app.zone)).await?;
    let found = match filter {
        None => Vec::new(),
        Some(filter) => {
            let wanted = Wanted { list, rule, filter, only: only_of(asked.value("only")), today };
            queries::prices(&mut tx, &wanted, after, ROWS_MAX).await?
        }
    };
    let key = |product: &Priced| (product.name_folded.clone(), product.id);
    let page = Page::cut(found, ROWS_MAX, key, |product| PriceLine::of(product, &today));
    let here = asked.link("/prices", &KEPT);
    let choices = [PROPOSED, NOTABLE].into_iter().chain(LIGHTS.map(|(code, _)| code));
    let choices = choices.map(|code| (code.to_owned(), chrome.t(only_key(code)).to_owned())).collect::<Vec<_>>();
    let page = PricesPage {
        chips: here.chips("only", asked.value("only"), chrome.t("price.only_all"), choices),
        rows: page.items,
        pages: pager.pages(&here, page.next),
        file: file_of(&asked),
        staff_paper: paper_of(&asked, "staff"),
        wall_paper: paper_of(&asked, "customers"),
        categories: queries::category_choices(&mut reader.tx()).await?,
        status: code_of(status),
        form,
        may_settle: chrome.may(Permission::ManageSettings),
        may_reprice: chrome.may(Permission::EditPrices),
        asked,
        chrome: chrome.clone(),
    };
    show_as(status_code, &chrome, &page)
}

/// The list that is looked at: GENERAL unless another one is asked for.
fn list_asked(asked: &Asked) -> &'static str {
    let code = asked.value("list");
    LISTS.into_iter().find(|known| *known == code).unwrap_or(LIST_GENERAL)
}

/// The list that is looked at, on paper.
fn paper_of(asked: &Asked, readers: &str) -> Link {
    asked.link("/api/v1/prices/pdf", &["category"]).with("list", list_asked(asked)).with("readers", readers)
}

fn only_of(code: &str) -> Only {
    match LIGHTS.into_iter().find(|(known, _)| *known == code) {
        Some((_, light)) => Only::Lit(light),
        None if code == PROPOSED => Only::Proposed,
        None if code == NOTABLE => Only::Notable,
        None => Only::All,
    }
}

fn only_key(code: &str) -> &'static str {
    match code {
        "loss_risk" => "price.light_loss_risk",
        "low_margin" => "price.light_low_margin",
        "stale" => "price.light_stale",
        "buy_now" => "price.light_buy_now",
        NOTABLE => "price.only_notable",
        _ => "price.only_proposed",
    }
}

/// The same prices in the API.
fn file_of(asked: &Asked) -> Link {
    let list = asked.link("/api/v1/prices", &["category", "brand", "supplier"]).with("list", list_asked(asked));
    match only_of(asked.value("only")) {
        Only::All => list,
        Only::Proposed => list.with(PROPOSED, "true"),
        Only::Notable => list.with(NOTABLE, "true"),
        Only::Lit(light) => list.with("light", light_code(light)),
    }
}

/// `POST /prices/tax-status`.
pub async fn set_status(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match settle(&app, &actor, &form).await {
        Ok(said) => {
            let name = chrome.t(status_key(&said.status));
            Ok(go_saying(&app, "/prices", &Flash::says("price.status_set", name)))
        }
        Err(problem) => {
            let form = form.refused(problem)?;
            show_list(&app, chrome, Asked(Form::new()), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn settle(app: &App, actor: &Actor, form: &Form) -> Result<DatedStatus, Problem> {
    let body = TaxStatusBody {
        status: form.given("status"),
        valid_from: form.given("valid_from").map(|day| typed(&day)),
        costs_follow: Some(form.value("costs_follow") == "true"),
    };
    Ok(app.db.execute(actor, form.key("POST /prices/tax-status (page)")?, body.parse()?).await?.out)
}
