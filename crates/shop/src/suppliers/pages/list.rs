//! The suppliers, and the question whose goods something is.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api;
use super::super::assigning::{self, Assigned, TEXT_MAX};
use super::super::commands::{AddShippedSuppliers, ForgetLesson};
use super::super::queries::{self, Lesson, SupplierFilter};
use super::super::refusal::SupplierRefusal;
use super::super::supplier::{SupplierRecord, Weekdays};
use super::super::views::time_of_day;
use crate::kernel::ask::Link;
use crate::kernel::numbers::show_money;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::path::Segment;
use crate::kernel::text::clean_line;
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Page, Pages, Problem, Reader};

/// Suppliers on a screen.
const ROWS_MAX: i64 = 100;
/// Lessons on a screen.
const LESSONS_SHOWN: i64 = 50;

/// A supplier as the list shows it.
pub(super) struct SupplierLine {
    pub code: String,
    pub name: String,
    pub legal_name: String,
    pub delivers: String,
    pub cut_off: String,
    pub minimum: String,
    pub brands: String,
    pub is_default: bool,
    pub active: bool,
}

impl SupplierLine {
    pub(super) fn of(chrome: &Chrome, supplier: SupplierRecord) -> Self {
        let minimum = match supplier.minimum_order {
            0 => String::new(),
            _ => show_money(supplier.minimum()),
        };
        let words = &supplier.words;
        let brands = [&words.own_brands, &words.distributed_brands, &words.specialities].map(|list| list.join(", "));
        let brands = brands.into_iter().filter(|list| !list.is_empty()).collect::<Vec<_>>().join(", ");
        Self {
            delivers: days(chrome, supplier.delivery_days),
            cut_off: supplier.cut_off_minutes.map(time_of_day).unwrap_or_default(),
            minimum,
            brands,
            code: supplier.code,
            name: supplier.name,
            legal_name: supplier.legal_name,
            is_default: supplier.is_default,
            active: supplier.active,
        }
    }
}

fn days(chrome: &Chrome, days: Weekdays) -> String {
    let short = |code: &&str| chrome.t(&format!("weekday_short_{code}")).to_owned();
    days.codes().iter().map(short).collect::<Vec<_>>().join(" ")
}

#[derive(Template)]
#[template(path = "suppliers.html")]
pub(super) struct SuppliersPage {
    pub chrome: Chrome,
    pub chips: Chips,
    pub rows: Vec<SupplierLine>,
    pub pages: Pages,
    pub list: Link,
    /// What was asked: whose is this.
    pub question: String,
    pub answer: Option<Assigned>,
    /// Codes and names to choose from when teaching.
    pub choices: Vec<(String, String)>,
    pub lessons: Vec<Lesson>,
    pub form: Form,
    pub may_edit: bool,
    pub sees_cost: bool,
}

/// `GET /suppliers`.
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
    let chrome = chrome.titled("supplier.title");
    let pager = asked.pager();
    let after = pager.params().after::<String>()?;
    let state = asked.value("state");
    let active = match state {
        "inactive" => Some(false),
        "all" => None,
        _ => Some(true),
    };
    let question = clean_line(asked.value("q"), TEXT_MAX).unwrap_or_default();
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadSuppliers).await?;
    let mut tx = reader.tx();
    let filter = SupplierFilter { active, ..SupplierFilter::default() };
    let found = queries::list(&mut tx, &filter, after.as_deref(), ROWS_MAX).await?;
    let answer = match question.as_str() {
        "" => None,
        text => Some(assigning::assign(app, &mut tx, text, chrome.lang).await?),
    };
    let may_edit = chrome.may(Permission::EditSuppliers);
    let choices = match may_edit && (answer.is_some() || status != StatusCode::OK) {
        true => queries::all(&mut tx).await?.into_iter().map(|one| (one.code, one.name)).collect(),
        false => Vec::new(),
    };
    let mut lessons = queries::lessons(&mut tx, None, LESSONS_SHOWN).await?;
    lessons.truncate(usize::try_from(LESSONS_SHOWN).unwrap_or(0));
    let page = Page::cut(
        found,
        ROWS_MAX,
        |supplier: &SupplierRecord| supplier.code.clone(),
        |supplier| SupplierLine::of(&chrome, supplier),
    );
    let here = asked.link("/suppliers", &["state"]);
    let states =
        ["inactive", "all"].map(|code| (code.to_owned(), chrome.t(&format!("supplier.states_{code}")).to_owned()));
    let page = SuppliersPage {
        chips: here.chips("state", state, chrome.t("supplier.states_active"), states),
        rows: page.items,
        pages: pager.pages(&here, page.next),
        list: Link::to("/api/v1/suppliers"),
        question,
        answer,
        choices,
        lessons,
        form,
        may_edit,
        sees_cost: chrome.may(Permission::ReadCost),
        chrome: chrome.clone(),
    };
    show_as(status, &chrome, &page)
}

/// `POST /suppliers/shipped`.
pub async fn add_shipped(State(app): State<App>, Caller(actor): Caller, form: Form) -> Result<Response, Problem> {
    let added = app.db.execute(&actor, form.key("POST /suppliers/shipped (page)")?, AddShippedSuppliers).await?.out;
    let message = match added.len() {
        0 => Flash::warns("supplier.shipped_none", ""),
        many => Flash::says("supplier.shipped_added", &many.to_string()),
    };
    Ok(go_saying(&app, "/suppliers", &message))
}

/// `POST /suppliers/lessons`.
pub async fn teach(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match learn(&app, &actor, &form).await {
        Ok(lesson) => {
            let text = format!("{} → {}", lesson.text, lesson.supplier);
            Ok(go_saying(&app, "/suppliers", &Flash::says("supplier.learned", &text)))
        }
        Err(problem) => {
            let asked = Asked(Form::new().with("q", form.value("text")));
            let form = form.refused(problem)?;
            show_list(&app, chrome, asked, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn learn(app: &App, actor: &Actor, form: &Form) -> Result<Lesson, Problem> {
    let command = api::teach(form.given("text"), form.given("supplier"))?;
    Ok(app.db.execute(actor, form.key("POST /suppliers/lessons (page)")?, command).await?.out)
}

/// `POST /suppliers/lessons/{id}/forget`.
pub async fn forget(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::from(SupplierRefusal::UnknownLesson))?;
    let key = form.key(&format!("POST /suppliers/lessons/{id}/forget (page)"))?;
    let lesson = app.db.execute(&actor, key, ForgetLesson { id }).await?.out;
    Ok(go_saying(&app, "/suppliers", &Flash::says("supplier.forgotten", &lesson.text)))
}
