//! One product's price: what it earns, how it came about, and setting it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::Money;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{Actor, Permission};

use super::super::api::PriceBody;
use super::super::placing::{LIST_GENERAL, LISTS};
use super::super::priced::{Priced, Today, find_priced};
use super::super::queries::{self, PriceChange, product_id, status_now};
use super::super::rule::{basis_code, rule_at};
use super::super::views::source_code;
use super::list::PriceLine;
use crate::kernel::ask::segment;
use crate::kernel::numbers::{show_money, show_percent, typed_money};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::path::Segment;
use crate::kernel::time::local_day;
use crate::kernel::{App, Caller, Chrome, Flash, Form, Link, Problem, Reader};
use crate::stock::ProductRef;

/// Changes on a screen.
const CHANGES_SHOWN: i64 = 50;

/// A change as the page shows it.
pub(super) struct ChangeLine {
    pub when: i64,
    pub list: String,
    pub before: String,
    pub price: String,
    pub source: String,
    pub reason: String,
    pub who: String,
}

impl From<PriceChange> for ChangeLine {
    fn from(change: PriceChange) -> Self {
        let money = |amount: Option<i64>| amount.map(|amount| show_money(Money::new(amount))).unwrap_or_default();
        Self {
            when: change.changed_at,
            before: money(change.before),
            price: money(change.amount),
            list: change.list,
            source: format!("price.source_{}", change.source),
            reason: change.reason,
            who: change.actor_name,
        }
    }
}

/// A product's price on a list other than GENERAL.
pub(super) struct OnList {
    pub list: &'static str,
    /// Empty where it is not sold by that list.
    pub price: String,
    pub markup: String,
    pub margin: String,
    /// The key of why it is that much.
    pub basis: String,
    /// Whether somebody set it.
    pub own: bool,
}

impl OnList {
    fn of(product: &Priced, list: &'static str, status: TaxStatus) -> Self {
        let both = product.percentages(status);
        let own = product.basis.is_none() && product.price().is_some();
        Self {
            list,
            price: product.price().map(show_money).unwrap_or_default(),
            markup: both.map(|both| show_percent(both.markup)).unwrap_or_default(),
            margin: both.map(|both| show_percent(both.margin)).unwrap_or_default(),
            basis: format!("price.basis_{}", product.basis.map_or("own", basis_code)),
            own,
        }
    }
}

#[derive(Template)]
#[template(path = "price.html")]
pub(super) struct PricePage {
    pub chrome: Chrome,
    pub line: PriceLine,
    pub minimum: String,
    /// The markup that holds, where it is set, and the price that it makes.
    pub usual: Option<(String, String, String)>,
    /// What it costs on the other lists.
    pub others: Vec<OnList>,
    pub changes: Vec<ChangeLine>,
    pub file: Link,
    pub form: Form,
    pub may_price: bool,
    pub may_override: bool,
}

impl PricePage {
    fn lists(&self) -> [(&'static str, &'static str); 3] {
        LISTS.map(|code| (code, code))
    }
}

/// `GET /prices/{sku}`.
pub async fn show(State(app): State<App>, chrome: Chrome, Segment(sku): Segment) -> Result<Response, Problem> {
    show_price(&app, chrome, &sku, Form::new()).await
}

fn reference(sku: &str) -> Result<ProductRef, Problem> {
    ProductRef::parse(&format!("sku:{sku}")).ok_or_else(Problem::not_found)
}

async fn show_price(app: &App, mut chrome: Chrome, sku: &str, form: Form) -> Result<Response, Problem> {
    let refused = !form.messages(&chrome.lang).is_empty();
    let reference = reference(sku)?;
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let now = reader.now();
    let status = status_now(&mut reader, local_day(now, &app.zone)).await?;
    let mut tx = reader.tx();
    let id = product_id(&mut tx, &reference).await?.ok_or_else(Problem::not_found)?;
    let product = find_priced(&mut tx, LIST_GENERAL, &[id]).await?.pop().ok_or_else(Problem::not_found)?;
    let mut changes = queries::changes(&mut tx, Some(id), None, None, CHANGES_SHOWN).await?;
    changes.truncate(usize::try_from(CHANGES_SHOWN).unwrap_or(0));
    let mut others = Vec::new();
    for list in LISTS.into_iter().filter(|list| *list != LIST_GENERAL) {
        let rule = rule_at(&mut tx, list, now, local_day(now, &app.zone)).await?;
        let product = find_priced(&mut tx, list, &[id]).await?.pop().ok_or_else(Problem::not_found)?;
        others.push(OnList::of(&product.by_rule(rule.as_ref(), status), list, status));
    }
    chrome.title.clone_from(&product.name);
    let page = PricePage {
        minimum: show_percent(product.minimum()),
        usual: product.markup().map(|(markup, source)| {
            let price = product.price_at(markup, status).map(show_money).unwrap_or_default();
            (show_percent(markup), format!("price.usual_{}", source_code(source)), price)
        }),
        line: PriceLine::of(product, &Today { status, now, stale_after: app.stale_after }),
        others,
        changes: changes.into_iter().map(ChangeLine::from).collect(),
        file: Link::to("/api/v1/prices/history").with("product", &reference.to_string()),
        form,
        may_price: chrome.may(Permission::EditPrices),
        may_override: chrome.may(Permission::OverridePrices),
        chrome: chrome.clone(),
    };
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show_as(status, &chrome, &page)
}

/// `POST /prices/{sku}`.
pub async fn set(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    Segment(sku): Segment,
    form: Form,
) -> Result<Response, Problem> {
    match set_price(&app, &actor, &sku, &form).await {
        Ok(change) => {
            let path = format!("/prices/{}", segment(&change.sku));
            let flash = match change.amount {
                Some(amount) if change.list == LIST_GENERAL => {
                    Flash::says("price.set", &show_money(Money::new(amount)))
                }
                Some(amount) => {
                    Flash::says("price.set", &format!("{} {}", change.list, show_money(Money::new(amount))))
                }
                None => Flash::says("price.taken_off", &change.list),
            };
            Ok(go_saying(&app, &path, &flash))
        }
        Err(problem) => show_price(&app, chrome, &sku, form.refused(problem)?).await,
    }
}

async fn set_price(app: &App, actor: &Actor, sku: &str, form: &Form) -> Result<PriceChange, Problem> {
    let body = PriceBody {
        product: Some(reference(sku)?.to_string()),
        list: form.given("list"),
        price: if form.has("off", "yes") {
            Some(None)
        } else {
            form.given("price").map(|text| Some(typed_money(&text)))
        },
        reason: form.given("reason"),
        confirmed: form.has("confirmed", "yes").then_some(true),
    };
    let key = form.key(&format!("POST /prices/{sku} (page)"))?;
    Ok(app.db.execute(actor, key, body.parse()?).await?.out)
}
