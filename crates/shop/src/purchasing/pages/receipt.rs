//! What came with one delivery, and its undo.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::purchase_id;
use super::super::queries;
use super::super::undo::ReverseReceipt;
use super::rows::{ArrivedRow, ReceiptRow};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::{Places, ReasonBody};

/// Why people take a delivery back, keys of the words.
const REASONS: [&str; 3] = ["order.undo_typo", "order.undo_other", "order.undo_back"];

#[derive(Template)]
#[template(path = "goods_receipt.html")]
pub(super) struct ReceiptPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub row: ReceiptRow,
    pub lines: Vec<ArrivedRow>,
}

impl ReceiptPage<'_> {
    fn reasons(&self) -> [&str; 3] {
        REASONS.map(|key| self.chrome.t(key))
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        self.form.named_messages(&self.chrome.lang, &[("reason", self.chrome.t("stock.undo_why"))])
    }
}

/// `GET /goods-receipts/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, (purchase_id(&id)?, Form::new(), StatusCode::OK)).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (id, form, status): (Uuid, Form, StatusCode),
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadPurchases).await?;
    let found = queries::receipt(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let places = Places::load(&mut reader.tx()).await?;
    let row = ReceiptRow::of(&chrome, &found.receipt, places.name(found.receipt.location_id));
    let mut chrome = chrome;
    chrome.title = format!("{} {}", chrome.t("order.receipt"), row.number);
    let lines = found.lines.iter().map(|line| ArrivedRow::of(&chrome, line)).collect();
    show_as(status, &chrome, &ReceiptPage { chrome: &chrome, form, row, lines })
}

/// `POST /goods-receipts/{id}/reverse`.
pub async fn reverse(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = form.key(&format!("POST /goods-receipts/{id}/reverse"))?;
    let done = match ReasonBody::of(&form).parse() {
        Ok(reason) => app.db.execute(&actor, key, ReverseReceipt { id, reason }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(go_saying(&app, &format!("/goods-receipts/{id}"), &Flash::says("order.undone", ""))),
        Err(problem) => {
            page(&app, chrome, &actor, (id, form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}
