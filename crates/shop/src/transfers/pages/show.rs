//! One transfer: what it carries, the claim when something was missing or over, and its undo while it
//! is on the road.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::TransferState;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::commands::CancelTransfer;
use super::super::queries;
use super::rows::{LineRow, TransferRow};
use super::transfer_id;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::{Places, ReasonBody};

/// Why people take a transfer back, keys of the words.
const CANCEL_REASONS: [&str; 3] = ["transfer.cancel_not_sent", "transfer.cancel_typo", "transfer.cancel_came_back"];

#[derive(Template)]
#[template(path = "transfer.html")]
pub(super) struct TransferPage<'a> {
    pub chrome: &'a Chrome,
    pub row: TransferRow,
    pub lines: Vec<LineRow>,
    pub form: Form,
    pub reasons: Vec<String>,
    /// Whether it was counted at the other end.
    pub is_received: bool,
}

impl TransferPage<'_> {
    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        self.form.named_messages(&self.chrome.lang, &[("reason", self.chrome.t("stock.undo_why"))])
    }
}

/// `GET /transfers/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    show_one(&app, chrome, &actor, transfer_id(&id)?, Form::new(), StatusCode::OK).await
}

async fn show_one(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    id: Uuid,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let found = queries::transfer(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let places = Places::load(&mut reader.tx()).await?;
    let row = TransferRow::of(&chrome, &found.transfer, &places);
    let mut chrome = chrome;
    chrome.title = format!("{} → {}", row.from, row.to);
    let page = TransferPage {
        lines: found.lines.iter().map(|line| LineRow::of(&chrome, line)).collect(),
        reasons: CANCEL_REASONS.iter().map(|key| chrome.t(key).to_owned()).collect(),
        is_received: found.transfer.state == TransferState::Received.code(),
        chrome: &chrome,
        row,
        form,
    };
    show_as(status, &chrome, &page)
}

/// `POST /transfers/{id}/cancel`.
pub async fn cancel(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = transfer_id(&id)?;
    let key = form.key(&format!("POST /transfers/{id}/cancel"))?;
    let done = match ReasonBody::of(&form).parse() {
        Ok(reason) => app.db.execute(&actor, key, CancelTransfer { id, reason }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(go_saying(&app, &format!("/transfers/{id}"), &Flash::says("transfer.cancelled", ""))),
        Err(problem) => {
            show_one(&app, chrome, &actor, id, form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
