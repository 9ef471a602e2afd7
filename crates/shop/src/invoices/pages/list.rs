//! The invoices that came, and a place to drop the next one.

use askama::Template;
use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::api::{ACCEPTS, loaded};
use super::super::queries::{self, InvoiceFilter, InvoiceKey};
use super::super::state::InvoiceState;
use super::rows::InvoiceLine;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Link, Pages, Problem, Reader, RequestKey, Upload};
use crate::notebook;
use crate::stock::Choice;

#[derive(Template)]
#[template(path = "invoices.html")]
pub(super) struct InvoicesPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub suppliers: Vec<Choice>,
    pub chips: Chips,
    pub rows: Vec<InvoiceLine>,
    pub pages: Pages,
    pub files: Link,
    pub may_load: bool,
    pub may_type: bool,
    pub sees_cost: bool,
}

impl InvoicesPage<'_> {
    /// Whether any of those on the screen is being read: the page then looks again by itself.
    fn is_reading(&self) -> bool {
        self.rows.iter().any(|row| row.is_pending)
    }

    /// The invoices that are being read.
    fn reading(&self) -> String {
        let ids = self.rows.iter().filter(|row| row.is_pending).map(|row| row.id.to_string());
        ids.collect::<Vec<_>>().join(" ")
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = [("file", self.chrome.t("invoice.file")), ("supplier", self.chrome.t("invoice.supplier"))];
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

/// `GET /invoices`.
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
    let chrome = chrome.titled("invoice.title");
    let pager = asked.pager();
    let after = pager.params().after::<InvoiceKey>()?;
    let state = InvoiceState::from_code(asked.value("state")).map(InvoiceState::code);
    let sees_cost = chrome.may(Permission::ReadCost);
    let needs = if sees_cost { Permission::ReadCost } else { Permission::LoadInvoices };
    let mut reader = Reader::open(app, actor, needs).await?;
    let filter = InvoiceFilter { state, supplier: None };
    let found = queries::invoices(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let list = Page::cut(found, LIMIT_DEFAULT, |row| (row.created_at, row.id), |row| InvoiceLine::of(&chrome, &row));
    let here = asked.link("/invoices", &["state"]);
    let named = |state: InvoiceState| {
        (state.code().to_owned(), chrome.t(&format!("invoice.state_{}", state.code())).to_owned())
    };
    let page = InvoicesPage {
        suppliers: notebook::supplier_choices(&mut reader).await?,
        chips: here.chips("state", state.unwrap_or_default(), chrome.t("list.all"), InvoiceState::ALL.map(named)),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        files: asked.link("/api/v1/invoices", &["state"]),
        may_load: chrome.may(Permission::LoadInvoices),
        may_type: chrome.may(Permission::EditInvoices),
        sees_cost,
        form,
        chrome: &chrome,
    };
    show_as(status, &chrome, &page)
}

/// `POST /invoices`: takes a file; it is read while whoever sent it goes on.
pub async fn load(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let problem = match Upload::receive(request, &ACCEPTS).await {
        Ok(upload) => match sent(&app, &actor, upload).await {
            Ok(()) => return Ok(go_saying(&app, "/invoices", &Flash::says("invoice.loaded", ""))),
            Err(problem) => problem,
        },
        Err(problem) => problem,
    };
    let status =
        if problem.status == StatusCode::PAYLOAD_TOO_LARGE { problem.status } else { StatusCode::UNPROCESSABLE_ENTITY };
    let about_the_file = matches!(problem.status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST);
    let problem = if about_the_file {
        Problem::invalid_field("file", problem.code, problem.detail.es, problem.detail.en)
    } else {
        problem
    };
    page(&app, chrome, &actor, (asked, Form::new().refused(problem)?, status)).await
}

async fn sent(app: &App, actor: &Actor, upload: Upload) -> Result<(), Problem> {
    let key = RequestKey::from_text(upload.form.value("idempotency_key"))?;
    let key = key.bind("POST /invoices (page)", &gondola_vault::sha256(&upload.bytes));
    app.db.execute(actor, key, loaded(upload)?).await?;
    Ok(())
}
