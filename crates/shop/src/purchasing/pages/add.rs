//! Ordering by name: a whole code or a name that only one product has is that product; letters that may mean several are asked
//! about; what no product has is ordered as it was written. And ordering all that the notebook asks for, in one tap.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::bodies::{NotesBody, OrderBody, OrderLineBody};
use super::super::queries::Ordered;
use super::list::{View, page};
use crate::catalogue::picks;
use crate::kernel::numbers::typed;
use crate::kernel::page::go_saying;
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::ProductRow;

/// What was written may mean.
enum Meant {
    /// One product, by its SKU.
    Product(String),
    /// Nothing that the catalogue knows.
    Text(Option<String>),
    /// One of these.
    OneOf(Vec<ProductRow>),
}

/// `POST /purchase-orders`.
pub async fn add(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /purchase-orders")?;
    let (product, text) = match meant(&app, &chrome, &actor, &form).await? {
        Meant::Product(sku) => (Some(format!("sku:{sku}")), None),
        Meant::Text(text) => (None, text),
        Meant::OneOf(found) => return page(&app, chrome, &actor, View { form, found, ..View::default() }).await,
    };
    let line = OrderLineBody {
        quantity: form.given("quantity").map(|text| typed(&text)),
        unit: form.given("unit"),
        urgent: Some(form.has("urgent", "yes")),
        product,
        text,
        ..OrderLineBody::default()
    };
    let done = match (OrderBody { supplier: form.given("supplier"), lines: Some(vec![line]) }).parse() {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(go_saying(&app, &way_on(&done.out), &Flash::says("order.added", ""))),
        Err(problem) => {
            let form = form.refused(at_its_field(problem))?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&app, chrome, &actor, View { form, status, ..View::default() }).await
        }
    }
}

/// What is wrong with the only line is wrong with the fields of the page.
fn at_its_field(mut problem: Problem) -> Problem {
    for told in &mut problem.fields {
        let name = told.field.trim_start_matches("lines[0]").trim_start_matches('.');
        told.field = if matches!(name, "" | "text" | "product") { "q".to_owned() } else { name.to_owned() };
    }
    problem
}

async fn meant(app: &App, chrome: &Chrome, actor: &Actor, form: &Form) -> Result<Meant, Problem> {
    if let Some(sku) = form.given("pick") {
        return Ok(Meant::Product(sku));
    }
    let Some(text) = form.given("q").filter(|_| !form.has("as", "text")) else {
        return Ok(Meant::Text(form.given("q")));
    };
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let mut found = picks(&mut reader, &text).await?;
    Ok(match found.len() {
        0 => Meant::Text(Some(text)),
        1 => Meant::Product(found.remove(0).standing.sku),
        _ => Meant::OneOf(found.iter().map(|picked| ProductRow::of(chrome, &picked.standing)).collect()),
    })
}

/// `POST /purchase-orders/from-notebook`.
pub async fn from_notebook(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /purchase-orders/from-notebook")?;
    let command = NotesBody::default().parse()?;
    match app.db.execute(&actor, key, command).await.map_err(Problem::from) {
        Ok(done) => Ok(go_saying(&app, &way_on(&done.out), &Flash::says("order.from_notebook_done", ""))),
        Err(problem) => {
            let (form, status) = (form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY);
            page(&app, chrome, &actor, View { form, status, ..View::default() }).await
        }
    }
}

/// One order leads to itself, several to their list.
fn way_on(orders: &[Ordered]) -> String {
    match orders {
        [only] => format!("/purchase-orders/{}", only.order.id),
        _ => "/purchase-orders?state=draft".to_owned(),
    }
}
