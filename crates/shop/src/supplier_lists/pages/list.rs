//! The price lists that came, and a place to drop the next one.

use askama::Template;
use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::{ACCEPTS, loaded};
use super::super::bodies::fingerprint;
use super::super::lists::STATES;
use super::super::queries::{self, ListFilter, ListKey, ListRow};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::time::{Day, local_day, show_day, show_instant};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Link, Pages, Problem, Reader, RequestKey, Upload};
use crate::notebook;
use crate::stock::Choice;

/// A list as the page shows it.
pub(super) struct ListLine {
    pub id: Uuid,
    pub number: i64,
    pub name: String,
    pub supplier: String,
    /// The key of the state's word, and its colour.
    pub state: String,
    pub kind: &'static str,
    pub is_expired: bool,
    pub from: String,
    pub to: Option<String>,
    pub when: String,
    pub who: String,
}

impl ListLine {
    pub(super) fn of(app: &App, row: ListRow, today: Day) -> Self {
        Self {
            id: row.id,
            number: row.number,
            is_expired: row.has_expired(today),
            kind: state_kind(&row.state),
            state: format!("price_list.state_{}", row.state),
            name: row.name,
            supplier: row.supplier_name,
            from: show_day(row.valid_from),
            to: row.valid_to.map(show_day),
            when: show_instant(row.created_at, &app.zone),
            who: row.actor_name,
        }
    }
}

/// The colour of a state.
pub(super) fn state_kind(state: &str) -> &'static str {
    match state {
        "draft" => "warn",
        "applied" => "ok",
        _ => "",
    }
}

#[derive(Template)]
#[template(path = "price_lists.html")]
pub(super) struct ListsPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub suppliers: Vec<Choice>,
    pub chips: Chips,
    pub rows: Vec<ListLine>,
    pub pages: Pages,
    pub files: Link,
    pub may_load: bool,
}

impl ListsPage<'_> {
    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let fields = ["file", "supplier", "name", "valid_from", "valid_to"];
        let labels = fields.map(|field| (field, label(self.chrome, field)));
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

fn label<'c>(chrome: &'c Chrome, field: &str) -> &'c str {
    chrome.t(match field {
        "file" => "price_list.file",
        "supplier" => "price_list.supplier",
        "name" => "price_list.name",
        "valid_from" => "price_list.valid_from",
        _ => "price_list.valid_to",
    })
}

/// `GET /price-lists`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, (asked, Form::new(), StatusCode::OK)).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (asked, form, status): (Asked, Form, StatusCode),
) -> Result<Response, Problem> {
    let chrome = chrome.titled("price_list.title");
    let pager = asked.pager();
    let after = pager.params().after::<ListKey>()?;
    let state = STATES.into_iter().find(|state| *state == asked.value("state"));
    let mut reader = Reader::open(app, actor, Permission::ReadCost).await?;
    let today = local_day(reader.now(), &app.zone);
    let filter = ListFilter { state, supplier: asked.given("supplier") };
    let found = queries::lists(&mut reader.tx(), &filter, after, LIMIT_DEFAULT).await?;
    let key = |row: &ListRow| (row.created_at, row.id);
    let list = Page::cut(found, LIMIT_DEFAULT, key, |row| ListLine::of(app, row, today));
    let here = asked.link("/price-lists", &["state", "supplier"]);
    let named = |state: &str| (state.to_owned(), chrome.t(&format!("price_list.state_{state}")).to_owned());
    let page = ListsPage {
        suppliers: notebook::supplier_choices(&mut reader).await?,
        chips: here.chips("state", state.unwrap_or_default(), chrome.t("list.all"), STATES.map(named)),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        files: asked.link("/api/v1/supplier-price-lists", &["state", "supplier"]),
        may_load: chrome.may(Permission::EditInvoices),
        form,
        chrome: &chrome,
    };
    show_as(status, &chrome, &page)
}

/// `POST /price-lists`.
pub async fn load(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let mut typed = Form::new();
    let problem = match Upload::receive(request, &ACCEPTS).await {
        Ok(upload) => {
            for name in ["supplier", "name", "valid_from", "valid_to"] {
                typed = typed.with(name, upload.form.value(name));
            }
            match sent(&app, &actor, upload).await {
                Ok(id) => {
                    let path = format!("/price-lists/{id}");
                    return Ok(go_saying(&app, &path, &Flash::says("price_list.loaded", "")));
                }
                Err(problem) => problem,
            }
        }
        Err(problem) => problem,
    };
    let is_about_the_file = matches!(problem.status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST);
    let status =
        if problem.status == StatusCode::PAYLOAD_TOO_LARGE { problem.status } else { StatusCode::UNPROCESSABLE_ENTITY };
    let problem = match problem {
        problem if is_about_the_file => {
            Problem::invalid_field("file", problem.code, problem.detail.es, problem.detail.en)
        }
        problem if problem.status == StatusCode::NOT_FOUND => {
            let (es, en) = ("Elegí el proveedor.", "Choose the supplier.");
            Problem::invalid_field("supplier", "unknown_supplier", es, en)
        }
        problem => problem,
    };
    page(&app, chrome, &actor, (asked, typed.refused(problem)?, status)).await
}

async fn sent(app: &App, actor: &Actor, upload: Upload) -> Result<Uuid, Problem> {
    let key = RequestKey::from_text(upload.form.value("idempotency_key"))?;
    let key = key.bind("POST /price-lists (page)", &fingerprint(&upload));
    let supplier = upload.form.value("supplier").trim().to_owned();
    let done = app.db.execute(actor, key, loaded(supplier, upload).await?).await?;
    Ok(done.out.row.id)
}
