//! What each list asks for over GENERAL, and the form that sets it: seen first, then set.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{Actor, Permission};

use super::super::api::{ListRuleBody, rule_id};
use super::super::commands::{RemoveListRule, SetListRule};
use super::super::preview::Preview;
use super::super::queries::{self, KeptRule};
use super::super::scalars::RULED;
use crate::kernel::numbers::{show_count, show_money, show_percent, typed, typed_money};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::time::{Day, local_day, show_day};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Link, Problem, Reader};
use crate::prices::{Priced, basis_code, status_on};

/// A rule as the page shows it.
pub(super) struct RuleLine {
    pub href: String,
    pub adjustment: String,
    /// What it is rounded to, if it says so itself.
    pub step: String,
    /// What it leaves at least, if it says so itself.
    pub minimum: String,
    pub from: String,
    /// Empty when it has no end.
    pub to: String,
    /// Whether it makes the list's prices today.
    pub holds: bool,
    pub who: String,
}

impl RuleLine {
    fn of(rule: KeptRule, holds: bool) -> Self {
        Self {
            href: format!("/sale-lists/{}", rule.id),
            adjustment: show_percent(rule.asks.adjustment()),
            step: rule.asks.step().map(show_money).unwrap_or_default(),
            minimum: rule.asks.minimum().map(show_percent).unwrap_or_default(),
            from: show_day(rule.valid_from),
            to: rule.valid_to.map(show_day).unwrap_or_default(),
            holds,
            who: rule.actor_name,
        }
    }
}

/// A list as the page shows it.
pub(super) struct ListCard {
    pub code: &'static str,
    /// The key of what it is for.
    pub lead: &'static str,
    pub rules: Vec<RuleLine>,
    /// How many prices somebody set on it; empty for none.
    pub own: String,
}

/// A product of a preview.
pub(super) struct PreviewLine {
    pub sku: String,
    pub name: String,
    pub general: String,
    pub price: String,
    pub markup: String,
    pub margin: String,
    /// The key of why.
    pub basis: String,
}

/// What a rule would do.
pub(super) struct PreviewCard {
    pub by_rule: String,
    pub at_minimum: String,
    pub as_general: String,
    pub own: String,
    /// Empty when none loses.
    pub losing: String,
    pub most: Vec<PreviewLine>,
}

fn counted(many: usize) -> String {
    show_count(i64::try_from(many).unwrap_or(i64::MAX))
}

impl PreviewCard {
    fn of(preview: Preview, status: TaxStatus) -> Self {
        let line = |product: Priced| {
            let both = product.percentages(status);
            PreviewLine {
                general: product.general_price().map(show_money).unwrap_or_default(),
                price: product.price().map(show_money).unwrap_or_default(),
                markup: both.map(|both| show_percent(both.markup)).unwrap_or_default(),
                margin: both.map(|both| show_percent(both.margin)).unwrap_or_default(),
                basis: product.basis.map(|basis| format!("price.basis_{}", basis_code(basis))).unwrap_or_default(),
                sku: product.sku,
                name: product.name,
            }
        };
        Self {
            by_rule: counted(preview.by_rule),
            at_minimum: counted(preview.at_minimum),
            as_general: counted(preview.as_general),
            own: counted(preview.own),
            losing: if preview.losing == 0 { String::new() } else { counted(preview.losing) },
            most: preview.most.into_iter().map(line).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "sale_lists.html")]
pub(super) struct SaleListsPage {
    pub chrome: Chrome,
    pub lists: Vec<ListCard>,
    pub preview: Option<PreviewCard>,
    pub rules: Link,
    pub form: Form,
    pub may_set: bool,
    /// Whether it is the owner, who may say the smallest margin.
    pub may_override: bool,
}

/// The fields of the form, and the keys of their labels.
const FIELDS: [(&str, &str); 6] = [
    ("list", "sale_list.list"),
    ("adjustment", "sale_list.adjustment"),
    ("rounding_step", "sale_list.step"),
    ("minimum_margin", "sale_list.minimum"),
    ("valid_from", "sale_list.from"),
    ("valid_to", "sale_list.to"),
];

impl SaleListsPage {
    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = FIELDS.map(|(name, key)| (name, self.chrome.t(key)));
        self.form.named_messages(&self.chrome.lang, &labels)
    }

    fn choices(&self) -> [(&'static str, &'static str); 2] {
        RULED.map(|code| (code, code))
    }

    /// What was asked for, to set it as it was seen.
    fn asked(&self) -> Vec<(&'static str, &str)> {
        FIELDS.map(|(name, _)| (name, self.form.value(name))).to_vec()
    }
}

/// `GET /sale-lists`.
pub async fn show(State(app): State<App>, chrome: Chrome) -> Result<Response, Problem> {
    show_page(&app, chrome, Form::new(), None, StatusCode::OK).await
}

async fn show_page(
    app: &App,
    chrome: Chrome,
    form: Form,
    wanted: Option<SetListRule>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("sale_list.title");
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let today = local_day(reader.now(), &app.zone);
    let mut tx = reader.tx();
    let mut lists = Vec::new();
    for code in RULED {
        let own = queries::own_prices(&mut tx, code).await?;
        let own = if own == 0 { String::new() } else { show_count(own) };
        let rules = lines(queries::standing(&mut tx, code, today).await?, today);
        lists.push(ListCard { code, lead: lead_of(code), rules, own });
    }
    let mut preview = None;
    if let Some(wanted) = wanted {
        let seller = status_on(&mut tx, today).await?;
        preview = Some(PreviewCard::of(Preview::of(&mut tx, &wanted, seller).await?, seller));
    }
    let page = SaleListsPage {
        lists,
        preview,
        rules: Link::to("/api/v1/sale-lists/rules"),
        form,
        may_set: chrome.may(Permission::EditPrices),
        may_override: chrome.may(Permission::OverridePrices),
        chrome: chrome.clone(),
    };
    show_as(status, &chrome, &page)
}

fn lead_of(code: &str) -> &'static str {
    if code == crate::prices::LIST_WHOLESALE { "sale_list.wholesale_lead" } else { "sale_list.special_lead" }
}

/// The rules as lines; the one that holds is the first that has begun.
fn lines(rules: Vec<KeptRule>, today: Day) -> Vec<RuleLine> {
    let holds = rules.iter().position(|rule| rule.valid_from <= today);
    rules.into_iter().enumerate().map(|(at, rule)| RuleLine::of(rule, Some(at) == holds)).collect()
}

/// `POST /sale-lists`: shows what a rule would do, or sets it.
pub async fn set(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    let told = async {
        let today = local_day(app.db.now(), &app.zone);
        let wanted = body_of(&form).parse(today)?;
        if form.has("step", "preview") {
            wanted.check(today)?;
            return Ok((wanted, None));
        }
        let key = form.key("POST /sale-lists (page)")?;
        Ok((wanted, Some(app.db.execute(&actor, key, wanted).await?.out)))
    };
    match told.await {
        Ok((wanted, None)) => show_page(&app, chrome, form, Some(wanted), StatusCode::OK).await,
        Ok((_, Some(kept))) => {
            let told = format!("{} {}", kept.list, show_percent(kept.asks.adjustment()));
            Ok(go_saying(&app, "/sale-lists", &Flash::says("sale_list.was_set", &told)))
        }
        Err(problem) => {
            show_page(&app, chrome, Form::refused(form, problem)?, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn body_of(form: &Form) -> ListRuleBody {
    let filled = |name| form.given(name).filter(|text| !text.trim().is_empty());
    ListRuleBody {
        list: filled("list"),
        adjustment: filled("adjustment").map(|text| typed(text.trim().trim_start_matches('+'))),
        rounding_step: filled("rounding_step").map(|text| typed_money(&text)),
        minimum_margin: filled("minimum_margin").map(|text| typed(&text)),
        valid_from: filled("valid_from"),
        valid_to: filled("valid_to"),
    }
}

/// `POST /sale-lists/{id}/remove`.
pub async fn remove(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let gone = remove_rule(&app, &actor, &id, &form).await?;
    Ok(go_saying(&app, "/sale-lists", &Flash::says("sale_list.was_removed", &gone.list)))
}

async fn remove_rule(app: &App, actor: &Actor, id: &str, form: &Form) -> Result<KeptRule, Problem> {
    let command = RemoveListRule { id: rule_id(id)? };
    let key = form.key(&format!("POST /sale-lists/{id}/remove (page)"))?;
    Ok(app.db.execute(actor, key, command).await?.out)
}
