//! The steps of an invoice from its page, and its file and pictures.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Command, Key};
use uuid::Uuid;

use super::super::api::{self, invoice_id};
use super::super::apply::ReverseInvoice;
use super::super::bodies::{ApplyBody, CountedBody};
use super::super::change::{ReadAgain, RejectInvoice};
use super::super::confirm::ConfirmInvoice;
use super::super::queries::Invoice;
use super::super::refusal::InvoiceRefusal;
use super::super::written::LINES_MAX;
use super::review;
use crate::kernel::numbers::typed;
use crate::kernel::page::{go, go_saying};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem};
use crate::stock::{ReasonBody, line_field};

/// `GET /invoices/{id}/file`.
pub async fn file(State(app): State<App>, Caller(actor): Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    api::file(&app, &actor, invoice_id(&id)?).await
}

/// `GET /invoices/{id}/pages/{page}`.
pub async fn picture(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, page)): Path<(String, String)>,
) -> Result<Response, Problem> {
    api::picture(&app, &actor, (invoice_id(&id)?, &page)).await
}

/// `POST /invoices/{id}/extract`.
pub async fn extract(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = form.key(&format!("POST /invoices/{id}/extract (page)"))?;
    let step = Step { id, key, command: ReadAgain { id }, says: "invoice.reading", leads_to: Some("/invoices") };
    step.take(&app, chrome, &actor, form).await
}

/// `POST /invoices/{id}/confirm`.
pub async fn confirm(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    confirmed(&app, chrome, &actor, (invoice_id(&id)?, form.has("accept_warnings", "true"))).await
}

/// Confirms; what is wrong is then on the page of the invoice, at its fields.
pub(super) async fn confirmed(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (id, accepts_warnings): (Uuid, bool),
) -> Result<Response, Problem> {
    match app.db.execute(actor, None, ConfirmInvoice { id, accepts_warnings }).await.map_err(Problem::from) {
        Ok(_) => Ok(go_saying(app, &format!("/invoices/{id}"), &Flash::says("invoice.confirmed", ""))),
        Err(problem) if problem.code == "invalid" || problem.code == "warnings" => Ok(go(&format!("/invoices/{id}"))),
        Err(problem) => {
            let form = Form::new().refused(problem)?;
            review::page(app, chrome, actor, (id, Some(form), StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}

/// `POST /invoices/{id}/apply`.
pub async fn apply(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = form.key(&format!("POST /invoices/{id}/apply (page)"))?;
    let receipt = form.given("receipt");
    let body = ApplyBody {
        location: form.given("location").filter(|_| receipt.is_none()),
        receipt,
        lines: Some((0..LINES_MAX).filter_map(|at| counted(&form, at)).collect()),
        claims: Some(form.texts("claims").map(str::to_owned).collect()),
    };
    match body.parse(id) {
        Ok(command) => {
            let step = Step { id, key, command, says: "invoice.applied_now", leads_to: None };
            step.take(&app, chrome, &actor, form).await
        }
        Err(problem) => {
            let form = form.refused(problem)?;
            review::page(&app, chrome, &actor, (id, Some(form), StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}

/// What was counted of a line; none where nobody wrote that it differs.
fn counted(form: &Form, at: usize) -> Option<CountedBody> {
    let given = |name: &str| form.given(&line_field(at, name)).map(|text| typed(&text));
    let line = i64::try_from(at + 1).ok();
    match (given("received"), given("damaged")) {
        (None, None) => None,
        (received, damaged) => Some(CountedBody { line, received: received.or_else(|| Some("0".to_owned())), damaged }),
    }
}

/// `POST /invoices/{id}/reject`.
pub async fn reject(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = form.key(&format!("POST /invoices/{id}/reject (page)"))?;
    let reason = ReasonBody::of(&form).parse()?;
    let step = Step {
        id,
        key,
        command: RejectInvoice { id, reason },
        says: "invoice.rejected_now",
        leads_to: Some("/invoices"),
    };
    step.take(&app, chrome, &actor, form).await
}

/// `POST /invoices/{id}/reverse`.
pub async fn reverse(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = form.key(&format!("POST /invoices/{id}/reverse (page)"))?;
    let reason = ReasonBody::of(&form).parse()?;
    let step = Step { id, key, command: ReverseInvoice { id, reason }, says: "invoice.reversed_now", leads_to: None };
    step.take(&app, chrome, &actor, form).await
}

/// A step from the page of an invoice.
struct Step<C> {
    id: Uuid,
    key: Option<Key>,
    command: C,
    /// What is said when it is done.
    says: &'static str,
    /// Where it leads; to the invoice otherwise.
    leads_to: Option<&'static str>,
}

impl<C: Command<Out = Invoice, Refusal = InvoiceRefusal>> Step<C> {
    async fn take(self, app: &App, chrome: Chrome, actor: &Actor, form: Form) -> Result<Response, Problem> {
        let Self { id, key, command, says, leads_to } = self;
        match app.db.execute(actor, key, command).await.map_err(Problem::from) {
            Ok(_) => {
                let path = leads_to.map_or_else(|| format!("/invoices/{id}"), str::to_owned);
                Ok(go_saying(app, &path, &Flash::says(says, "")))
            }
            Err(problem) => {
                let form = form.refused(problem)?;
                review::page(app, chrome, actor, (id, Some(form), StatusCode::UNPROCESSABLE_ENTITY)).await
            }
        }
    }
}
