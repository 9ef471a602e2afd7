//! Receiving an order: per line how much came, how much of it broken, which lot, until when it keeps, what it cost.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::purchase_id;
use super::super::arrivals::{ArrivedBody, ReceiveBody};
use super::super::draft::ORDER_LINES_MAX;
use super::super::queries::{self, OrderLine};
use super::rows::{OrderRow, field};
use crate::kernel::numbers::{typed, typed_money};
use crate::kernel::page::{go, go_saying, show_as};
use crate::kernel::time::{format_day, typed_day};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::{
    Choice, LotBody, QuantityField, line_field, line_messages, line_problem, place_choices, renumbered,
};

#[derive(Template)]
#[template(path = "purchase_receive.html")]
pub(super) struct ReceivePage<'a> {
    pub chrome: &'a Chrome,
    pub row: OrderRow,
    pub lines: Vec<ExpectedRow>,
    pub places: Vec<Choice>,
    pub form: Form,
}

/// A line that is expected.
pub(super) struct ExpectedRow {
    /// The id its problems lead to.
    pub anchor: String,
    pub at: usize,
    pub line: i64,
    pub name: String,
    /// `4 cajones`; none while nobody said.
    pub ordered: Option<String>,
    /// What came before, in the product's unit.
    pub received: Option<String>,
    pub quantity: QuantityField,
    /// Whether nobody knows yet which product it is.
    pub asks_product: bool,
    /// Whether pieces of it are weighed.
    pub asks_weight: bool,
    pub problem: Option<String>,
}

impl ExpectedRow {
    fn of(chrome: &Chrome, form: &Form, line: &OrderLine, at: usize) -> Self {
        let shown = super::rows::LineRow::of(chrome, line);
        let own = line.product_unit.clone();
        let mut units: Vec<String> = line.unit.iter().chain(own.iter()).cloned().collect();
        units.dedup();
        let units = units.into_iter().map(|unit| (unit.clone(), unit)).collect();
        let (quantity, unit) = (line_field(at, "quantity"), line_field(at, "unit"));
        let mut field = QuantityField::of(form, chrome.lang, &quantity, &unit, units);
        if form.first_name().is_none() {
            field.value = missing(line);
        }
        Self {
            anchor: format!("lines[{at}]"),
            at,
            line: line.line,
            name: shown.name,
            ordered: shown.ordered,
            received: (line.base_received > 0).then_some(shown.received),
            quantity: field,
            asks_product: line.product_id.is_none(),
            asks_weight: own.is_some_and(|own| own != "un" && line.unit.as_ref() != Some(&own)),
            problem: line_problem(form, chrome.lang, at),
        }
    }

    /// The name of one of its fields.
    fn field(&self, name: &str) -> String {
        line_field(self.at, name)
    }
}

/// What is expected, to be corrected by whoever counts; nothing once a part came, and while nobody said how much.
fn missing(line: &OrderLine) -> String {
    let quantity = line.quantity.filter(|_| line.base_received == 0);
    quantity.map(|quantity| field(quantity, line.unit.as_deref())).unwrap_or_default()
}

impl ReceivePage<'_> {
    fn order_title(&self) -> String {
        format!("{} {}", self.chrome.t("order.what_one"), self.row.number)
    }

    /// What was typed into a field of a line.
    fn typed(&self, line: &ExpectedRow, name: &str) -> &str {
        self.form.value(&line.field(name))
    }

    /// Every problem under the product or the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let names: Vec<&str> = self.lines.iter().map(|line| line.name.as_str()).collect();
        let labels = [
            ("location", self.chrome.t("order.place")),
            ("document", self.chrome.t("record.document")),
            ("lines", self.chrome.t("order.lines")),
        ];
        line_messages(&self.form, self.chrome.lang, &names, &labels)
    }
}

/// `GET /purchase-orders/{id}/receive`.
pub async fn form(
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
    let chrome = chrome.titled("order.receive_title");
    let mut reader = Reader::open(app, actor, Permission::ReadPurchases).await?;
    let found = queries::order(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let row = OrderRow::of(&chrome, &found.order);
    if !row.may_receive && status == StatusCode::OK {
        return Ok(go(&row.href));
    }
    let own = reader.location();
    let open = found.lines.iter().filter(|line| !line.is_complete()).enumerate();
    let page = ReceivePage {
        lines: open.map(|(at, line)| ExpectedRow::of(&chrome, &form, line, at)).collect(),
        places: place_choices(&mut reader, own).await?,
        chrome: &chrome,
        form,
        row,
    };
    show_as(status, &chrome, &page)
}

/// `POST /purchase-orders/{id}/receive`.
pub async fn receive(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = form.key(&format!("POST /purchase-orders/{id}/receive"))?;
    let lines: Vec<(usize, ArrivedBody)> =
        (0..ORDER_LINES_MAX).filter_map(|at| Some((at, arrived(&form, at)?))).collect();
    let (places, lines): (Vec<usize>, Vec<ArrivedBody>) = lines.into_iter().unzip();
    let body = ReceiveBody {
        location: form.given("location"),
        document: form.given("document"),
        reason: None,
        lines: Some(lines),
    };
    let done = match body.parse(id) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => {
            let receipt = &done.out.receipt;
            let flash = Flash::says("order.received", &receipt.number.to_string());
            Ok(go_saying(&app, &format!("/goods-receipts/{}", receipt.id), &flash))
        }
        Err(problem) => {
            let form = form.refused(renumbered(problem, &places))?;
            page(&app, chrome, &actor, (id, form, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}

/// A line of the form as the JSON call's body; none where nobody wrote how much came.
pub(super) fn arrived(form: &Form, at: usize) -> Option<ArrivedBody> {
    let given = |name: &str| form.given(&line_field(at, name));
    let (quantity, damaged) = (given("quantity"), given("damaged"));
    if quantity.is_none() && damaged.is_none() {
        return None;
    }
    let day = |text: String| typed_day(&text).map_or(text, format_day);
    let (code, expires_on) = (given("lot"), given("expires_on").map(day));
    let is_named = code.is_some() || expires_on.is_some();
    Some(ArrivedBody {
        line: given("line").and_then(|line| line.parse().ok()),
        product: given("product").map(|sku| format!("sku:{sku}")),
        quantity: Some(quantity.map_or_else(|| "0".to_owned(), |text| typed(&text))),
        damaged: damaged.map(|text| typed(&text)),
        unit: given("unit"),
        measured: given("measured").map(|text| typed(&text)),
        lot: is_named.then_some(LotBody { code, expires_on }),
        unit_cost: given("unit_cost").map(|text| typed_money(&text)),
    })
}
