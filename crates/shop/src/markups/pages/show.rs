//! The markups that are set, by what they are set on, and the form that sets one.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission, StoreError};

use super::super::api::{MarkupBody, markup_id};
use super::super::commands::ClearMarkup;
use super::super::queries::{self, MarkupKey, SetOn};
use crate::catalogue::category_choices;
use crate::kernel::numbers::{show_percent, typed};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Page, Pages, Problem, Reader};
use crate::stock::Choice;

/// Markups on a screen.
const ROWS_MAX: i64 = 100;

/// A markup as the page shows it.
pub(super) struct MarkupLine {
    pub href: String,
    /// What it is set on: a category, a brand, a product.
    pub of: &'static str,
    pub name: String,
    /// What it is known by besides: its code or SKU.
    pub code: String,
    pub markup: String,
    pub margin: String,
    pub who: String,
    pub when: i64,
}

impl MarkupLine {
    pub(super) fn of(set: SetOn) -> Result<Self, StoreError> {
        let both = set.percentages()?;
        let of = match (&set.sku, &set.category) {
            (Some(_), _) => "markup.product",
            (None, Some(_)) => "markup.category",
            (None, None) => "markup.brand",
        };
        Ok(Self {
            href: format!("/markups/{}", set.id),
            of,
            name: set.name,
            code: set.sku.or(set.category).unwrap_or_default(),
            markup: show_percent(both.markup),
            margin: show_percent(both.margin),
            who: set.actor_name,
            when: set.set_at,
        })
    }
}

#[derive(Template)]
#[template(path = "markups.html")]
pub(super) struct MarkupsPage {
    pub chrome: Chrome,
    pub rows: Vec<MarkupLine>,
    pub pages: Pages,
    pub list: Link,
    pub categories: Vec<Choice>,
    pub form: Form,
    pub may_set: bool,
}

impl MarkupsPage {
    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = ["category", "brand", "product", "markup"];
        let labels = labels.map(|name| (name, self.chrome.t(label(name))));
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

fn label(field: &str) -> &'static str {
    match field {
        "category" => "markup.category",
        "brand" => "markup.brand",
        "product" => "markup.sku",
        _ => "markup.markup",
    }
}

/// `GET /markups`.
pub async fn show(State(app): State<App>, chrome: Chrome, asked: Asked) -> Result<Response, Problem> {
    let form = Form::new().with("product", asked.value("product"));
    show_page(&app, chrome, &asked, (form, StatusCode::OK)).await
}

async fn show_page(
    app: &App,
    chrome: Chrome,
    asked: &Asked,
    (form, status): (Form, StatusCode),
) -> Result<Response, Problem> {
    let chrome = chrome.titled("markup.title");
    let pager = asked.pager();
    let after = pager.params().after::<MarkupKey>()?;
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let rows = queries::markups(&mut reader.tx(), after, ROWS_MAX).await?;
    let page = Page::cut(rows, ROWS_MAX, |set| (set.place, set.key.clone(), set.id), MarkupLine::of);
    let page = MarkupsPage {
        rows: page.items.into_iter().collect::<Result<_, _>>()?,
        pages: pager.pages(&Link::to("/markups"), page.next),
        list: Link::to("/api/v1/markups"),
        categories: category_choices(&mut reader).await?,
        form,
        may_set: chrome.may(Permission::EditPrices),
        chrome: chrome.clone(),
    };
    show_as(status, &chrome, &page)
}

/// `POST /markups`.
pub async fn set(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match post(&app, &actor, &form).await {
        Ok(set) => {
            let told = format!("{} {}", set.name, show_percent(set.percentages()?.markup));
            Ok(go_saying(&app, "/markups", &Flash::says("markup.was_set", &told)))
        }
        Err(problem) => {
            let form = form.refused(problem)?;
            show_page(&app, chrome, &Asked::default(), (form, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}

async fn post(app: &App, actor: &Actor, form: &Form) -> Result<SetOn, Problem> {
    let filled = |name| form.given(name).filter(|text| !text.trim().is_empty());
    let body = MarkupBody {
        product: filled("product").map(|sku| format!("sku:{}", sku.trim())),
        brand: filled("brand"),
        category: filled("category"),
        markup: filled("markup").map(|text| typed(&text)),
    };
    Ok(app.db.execute(actor, form.key("POST /markups (page)")?, body.parse()?).await?.out)
}

/// `POST /markups/{id}/clear`.
pub async fn clear(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let command = ClearMarkup { id: markup_id(&id)? };
    let key = form.key(&format!("POST /markups/{id}/clear (page)"))?;
    let gone = app.db.execute(&actor, key, command).await?.out;
    Ok(go_saying(&app, "/markups", &Flash::says("markup.was_cleared", &gone.name)))
}
