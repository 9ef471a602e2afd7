//! The steps of a list from its page: applying it, taking it back, putting it away.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Command};
use uuid::Uuid;

use super::super::apply::{ApplyList, ReverseList};
use super::super::change::DiscardList;
use super::super::lists::list_id;
use super::super::queries::PriceList;
use super::super::refusal::ListRefusal;
use super::show::page;
use crate::kernel::page::go_saying;
use crate::kernel::path::Segment;
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Problem};
use crate::stock::ReasonBody;

/// `POST /price-lists/{id}/apply`.
pub async fn apply(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    let command = ApplyList { id, version: form.value("version").parse().unwrap_or_default() };
    take(&app, chrome, &actor, (id, form), Step { name: "apply", says: "price_list.applied_now", command }).await
}

/// `POST /price-lists/{id}/reverse`.
pub async fn reverse(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    match ReasonBody::of(&form).parse() {
        Ok(reason) => {
            let command = ReverseList { id, reason };
            take(&app, chrome, &actor, (id, form), Step { name: "reverse", says: "price_list.reversed_now", command })
                .await
        }
        Err(problem) => refused(&app, chrome, (id, form), problem).await,
    }
}

/// `POST /price-lists/{id}/discard`.
pub async fn discard(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = list_id(&id)?;
    let step = Step { name: "discard", says: "price_list.discarded_now", command: DiscardList { id } };
    take(&app, chrome, &actor, (id, form), step).await
}

/// A step, its name in the path and what is said once it is taken.
struct Step<C> {
    name: &'static str,
    says: &'static str,
    command: C,
}

async fn take<C>(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (id, form): (Uuid, Form),
    step: Step<C>,
) -> Result<Response, Problem>
where
    C: Command<Out = PriceList, Refusal = ListRefusal>,
{
    let key = form.key(&format!("POST /price-lists/{id}/{} (page)", step.name))?;
    match app.db.execute(actor, key, step.command).await.map_err(Problem::from) {
        Ok(_) => Ok(go_saying(app, &format!("/price-lists/{id}"), &Flash::says(step.says, ""))),
        Err(problem) => refused(app, chrome, (id, form), problem).await,
    }
}

async fn refused(app: &App, chrome: Chrome, (id, form): (Uuid, Form), problem: Problem) -> Result<Response, Problem> {
    let form = form.refused(problem)?;
    page(app, chrome, id, (Asked::default(), form, StatusCode::UNPROCESSABLE_ENTITY)).await
}
