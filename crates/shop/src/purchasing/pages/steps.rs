//! What happens to an order by a button: a line changed or taken out, sent, closed, cancelled.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Command, Key};
use uuid::Uuid;

use super::super::api::{line_number, purchase_id};
use super::super::bodies::{ChangeLineBody, SendBody};
use super::super::change::{ChangeLine, RemoveLine};
use super::super::queries::Ordered;
use super::super::refusal::PurchaseRefused;
use super::super::steps::{CancelOrder, CloseOrder};
use super::show::page;
use crate::kernel::numbers::typed;
use crate::kernel::page::go_saying;
use crate::kernel::time::{format_day, typed_day};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem};
use crate::stock::ReasonBody;

/// Whose order, by which form.
struct Sent {
    app: App,
    chrome: Chrome,
    actor: Actor,
    id: Uuid,
    form: Form,
}

impl Sent {
    /// Runs a step and goes back to the order, which says what was done or what is wrong.
    async fn run<C>(self, key: Option<Key>, command: Result<C, Problem>, said: &str) -> Result<Response, Problem>
    where
        C: Command<Out = Ordered, Refusal = PurchaseRefused>,
    {
        let done = match command {
            Ok(command) => self.app.db.execute(&self.actor, key, command).await.map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        match done {
            Ok(_) => Ok(go_saying(&self.app, &format!("/purchase-orders/{}", self.id), &Flash::says(said, ""))),
            Err(problem) => {
                let view = (self.id, self.form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY);
                page(&self.app, self.chrome, &self.actor, view).await
            }
        }
    }
}

/// `POST /purchase-orders/{id}/lines/{line}`.
pub async fn line(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path((id, line)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Problem> {
    let (id, line) = (purchase_id(&id)?, line_number(&line)?);
    let key = form.key(&format!("POST /purchase-orders/{id}/lines/{line}"))?;
    if form.has("step", "remove") {
        let command = Ok(RemoveLine { order: id, line });
        return Sent { app, chrome, actor, id, form }.run(key, command, "order.line_removed").await;
    }
    let body = ChangeLineBody {
        quantity: Some(form.given("quantity").map(|text| typed(&text))),
        unit: form.given("unit"),
        expected_cost: None,
        urgent: Some(form.has("urgent", "yes")),
    };
    let version = form.value("version").parse().unwrap_or_default();
    let command = body.parse().map(|change| ChangeLine { order: id, line, version, change });
    Sent { app, chrome, actor, id, form }.run(key, command, "order.line_changed").await
}

/// `POST /purchase-orders/{id}/send`.
pub async fn send(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = form.key(&format!("POST /purchase-orders/{id}/send"))?;
    let day = |text: String| typed_day(&text).map_or(text, format_day);
    let body = SendBody { promised_on: form.given("promised_on").map(day), notes: form.given("notes") };
    let command = body.parse(id);
    Sent { app, chrome, actor, id, form }.run(key, command, "order.sent").await
}

/// `POST /purchase-orders/{id}/close`.
pub async fn close(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = form.key(&format!("POST /purchase-orders/{id}/close"))?;
    let command = ReasonBody::of(&form).parse().map(|reason| CloseOrder { id, reason });
    Sent { app, chrome, actor, id, form }.run(key, command, "order.closed").await
}

/// `POST /purchase-orders/{id}/cancel`.
pub async fn cancel(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = purchase_id(&id)?;
    let key = form.key(&format!("POST /purchase-orders/{id}/cancel"))?;
    let command = ReasonBody::of(&form).parse().map(|reason| CancelOrder { id, reason });
    Sent { app, chrome, actor, id, form }.run(key, command, "order.cancelled").await
}
