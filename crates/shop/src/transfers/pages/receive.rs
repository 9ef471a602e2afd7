//! Receiving: whoever takes over the goods counts them without being told how many left.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::TransferState;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::bodies::{ReceiveBody, ReceivedLineBody};
use super::super::queries::{self, Carried, CarriedLine};
use super::rows::{TransferRow, differences};
use super::transfer_id;
use crate::kernel::numbers::typed;
use crate::kernel::page::{go, go_saying, show_as};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::{
    self, Places, QuantityField, TypedLine, line_field, line_messages, line_problem, lot_name, unit_choices,
};

#[derive(Template)]
#[template(path = "transfer_receive.html")]
pub(super) struct ReceivePage<'a> {
    pub chrome: &'a Chrome,
    pub row: TransferRow,
    pub lines: Vec<ExpectedRow>,
    pub form: Form,
}

/// A product that was sent; how much is not told.
pub(super) struct ExpectedRow {
    /// The id its problems lead to.
    pub anchor: String,
    pub product_field: String,
    pub sku: String,
    pub name: String,
    pub lots: Vec<String>,
    pub quantity: QuantityField,
    pub problem: Option<String>,
}

impl ReceivePage<'_> {
    /// Every problem under the product or the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let names: Vec<&str> = self.lines.iter().map(|line| line.name.as_str()).collect();
        line_messages(&self.form, self.chrome.lang, &names, &[("reason", self.chrome.t("transfer.why_different"))])
    }
}

/// `GET /transfers/{id}/receive`.
pub async fn form(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, transfer_id(&id)?, Form::new(), StatusCode::OK).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    id: Uuid,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("transfer.receive_title");
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let Carried { transfer, lines } = queries::transfer(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    if transfer.state != TransferState::Sent.code() && status == StatusCode::OK {
        return Ok(go(&format!("/transfers/{id}")));
    }
    let places = Places::load(&mut reader.tx()).await?;
    let mut expected: Vec<ExpectedRow> = Vec::with_capacity(lines.len());
    for line in &lines {
        let lots = line.lots.iter().map(|lot| lot_name(&chrome, &lot.code, lot.expires_on));
        let lots = lots.filter(|lot| !lot.is_empty());
        match expected.iter_mut().find(|row| row.sku == line.sku) {
            Some(row) => row.lots.extend(lots),
            None => {
                let (at, lots) = (expected.len(), lots.collect());
                expected.push(expected_row(&chrome, &mut reader, &form, line, lots, at).await?);
            }
        }
    }
    let row = TransferRow::of(&chrome, &transfer, &places);
    show_as(status, &chrome, &ReceivePage { chrome: &chrome, row, lines: expected, form })
}

async fn expected_row(
    chrome: &Chrome,
    reader: &mut Reader,
    form: &Form,
    line: &CarriedLine,
    lots: Vec<String>,
    at: usize,
) -> Result<ExpectedRow, Problem> {
    let standing = stock::standing(reader, &line.sku).await?.ok_or_else(Problem::not_found)?;
    let units = unit_choices(reader, &standing).await?;
    let (quantity, unit) = (line_field(at, "quantity"), line_field(at, "unit"));
    Ok(ExpectedRow {
        anchor: format!("lines[{at}]"),
        product_field: line_field(at, "product"),
        sku: line.sku.clone(),
        name: line.name.clone(),
        quantity: QuantityField::of(form, chrome.lang, &quantity, &unit, units).focused(at == 0),
        problem: line_problem(form, chrome.lang, at),
        lots,
    })
}

/// `POST /transfers/{id}/receive`.
pub async fn receive(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = transfer_id(&id)?;
    let key = form.key(&format!("POST /transfers/{id}/receive"))?;
    let done = match body(&form).parse(id) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(go_saying(&app, &format!("/transfers/{id}"), &said(&chrome, &done.out))),
        Err(problem) => page(&app, chrome, &actor, id, form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// The form as the JSON call's body.
fn body(form: &Form) -> ReceiveBody {
    let line = |line: TypedLine| ReceivedLineBody {
        product: Some(line.reference()),
        quantity: Some(typed(&line.quantity)).filter(|text| !text.is_empty()),
        unit: Some(line.unit).filter(|unit| !unit.is_empty()),
    };
    ReceiveBody {
        lines: Some(TypedLine::all(form, "quantity").into_iter().map(line).collect()),
        reason: form.given("reason"),
    }
}

fn said(chrome: &Chrome, carried: &Carried) -> Flash {
    match carried.transfer.differences {
        0 => Flash::says("transfer.received", ""),
        claim => Flash::warns("transfer.received_with", &differences(chrome, claim)),
    }
}
