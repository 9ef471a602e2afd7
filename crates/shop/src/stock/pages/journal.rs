//! The journal of movements with its filters, one movement with what it changed, and its undo.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::MovementKind;
use gondola_store::Permission;
use uuid::Uuid;

use super::super::api::ReasonBody;
use super::super::kardex::{MovementParams, movement_filter};
use super::super::queries::{self, ListedMovement, MovementKey, MovementList};
use super::super::undo::ReverseMovement;
use super::rows::{self, DayRows, MovementRow};
use super::{Choice, place_choices};
use crate::kernel::page::{self, go_saying, show_as};
use crate::kernel::paging::{LIMIT_DEFAULT, token};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Pages, Problem, Reader};

/// What is kept from page to page.
const KEPT: [&str; 7] = ["product", "kind", "location", "user", "document", "from", "to"];
/// Why people undo, keys of the words.
const REVERSE_REASONS: [&str; 3] = ["stock.undo_typo", "stock.undo_twice", "stock.undo_other_product"];

#[derive(Template)]
#[template(path = "movements.html")]
pub(super) struct MovementsPage<'a> {
    pub chrome: &'a Chrome,
    pub asked: &'a Asked,
    pub kinds: Vec<Choice>,
    pub places: Vec<Choice>,
    pub days: Vec<DayRows>,
    pub pages: Pages,
    /// The list in the API, with the page's filters.
    pub file: Link,
    /// Whether anything is filtered.
    pub filtered: bool,
    pub may_record: bool,
}

/// `GET /stock/movements`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("stock.movements_title");
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let own = reader.location();
    let places = place_choices(&mut reader, own).await?;
    let product = asked.given("product").map(|sku| format!("sku:{}", sku.trim_start_matches("sku:")));
    let file = asked.link("/api/v1/movements", &KEPT).with("product", product.as_deref().unwrap_or_default());
    let (days, pages) = movement_page(&app, &chrome, &mut reader, &asked, product, "/stock/movements", &KEPT).await?;
    let page = MovementsPage {
        kinds: kinds(&chrome),
        filtered: KEPT.iter().any(|name| !asked.value(name).is_empty()),
        may_record: super::MOVES.iter().any(|permission| chrome.may(*permission)),
        chrome: &chrome,
        asked: &asked,
        places,
        days,
        pages,
        file,
    };
    page::show(&chrome, &page)
}

/// A page of movements as the query asks for it, and its neighbours.
pub(crate) async fn movement_page(
    app: &App,
    chrome: &Chrome,
    reader: &mut Reader,
    asked: &Asked,
    product: Option<String>,
    path: &str,
    kept: &[&str],
) -> Result<(Vec<DayRows>, Pages), Problem> {
    let pager = asked.pager();
    let after = pager.params().after::<MovementKey>()?;
    let params = MovementParams {
        product,
        location: asked.given("location"),
        kind: asked.given("kind"),
        user: asked.given("user"),
        document: asked.given("document"),
        from: asked.given("from"),
        to: asked.given("to"),
        ..MovementParams::default()
    };
    let here = asked.link(path, kept);
    let Some(filter) = movement_filter(app, reader, &params).await? else {
        return Ok((Vec::new(), pager.pages(&here, None)));
    };
    let cost = reader.sees_cost();
    let mut list = queries::movements(reader, &filter, after, LIMIT_DEFAULT + 1).await?;
    let next = cut(&mut list);
    let rows = rows::movement_rows(app, chrome, list, cost);
    Ok((rows::by_day(app, chrome, rows), pager.pages(&here, next)))
}

/// Cuts the list to one page and names where the next begins.
fn cut(list: &mut MovementList) -> Option<String> {
    let limit = usize::try_from(LIMIT_DEFAULT).unwrap_or(usize::MAX);
    let more = list.movements.len() > limit;
    list.movements.truncate(limit);
    let key = |row: &ListedMovement| token(&(row.movement.occurred_at, row.movement.sequence));
    list.movements.last().filter(|_| more).map(key)
}

/// Every kind, to filter by.
pub(crate) fn kinds(chrome: &Chrome) -> Vec<Choice> {
    let kind = |kind: MovementKind| {
        let code = kind.code();
        (code.to_owned(), chrome.t(&format!("kind.{code}")).to_owned())
    };
    MovementKind::ALL.into_iter().map(kind).collect()
}

#[derive(Template)]
#[template(path = "movement.html")]
pub(super) struct MovementPage<'a> {
    pub chrome: &'a Chrome,
    pub row: MovementRow,
    pub form: Form,
    pub reasons: Vec<String>,
    /// Whether it can still be undone by who looks.
    pub may_reverse: bool,
}

/// The page of one movement, with the form that undoes it as it was filled in.
async fn show_one(
    app: &App,
    chrome: Chrome,
    actor: &gondola_store::Actor,
    id: Uuid,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let list = queries::movement(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let cost = reader.sees_cost();
    let row = rows::movement_rows(app, &chrome, list, cost).pop().ok_or_else(Problem::not_found)?;
    let mut chrome = chrome;
    chrome.title = format!("{} · {}", row.what, row.name);
    let page = MovementPage {
        may_reverse: chrome.may(Permission::Adjust) && row.reversed_by.is_none() && row.reverses.is_none(),
        reasons: reverse_reasons(&chrome),
        chrome: &chrome,
        row,
        form,
    };
    show_as(status, &chrome, &page)
}

impl MovementPage<'_> {
    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        self.form.named_messages(&self.chrome.lang, &[("reason", self.chrome.t("stock.undo_why"))])
    }
}

/// `GET /stock/movements/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    show_one(&app, chrome, &actor, movement_id(&id)?, Form::new(), StatusCode::OK).await
}

/// `POST /stock/movements/{id}/reverse`.
pub async fn reverse(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = movement_id(&id)?;
    let key = form.key(&format!("POST /stock/movements/{id}/reverse"))?;
    let done = match ReasonBody::of(&form).parse() {
        Ok(reason) => app.db.execute(&actor, key, ReverseMovement { id, reason }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(go_saying(&app, &format!("/stock/movements/{id}"), &Flash::says("stock.undone", ""))),
        Err(problem) => {
            show_one(&app, chrome, &actor, id, form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Why people undo, in their language.
pub(crate) fn reverse_reasons(chrome: &Chrome) -> Vec<String> {
    REVERSE_REASONS.iter().map(|key| chrome.t(key).to_owned()).collect()
}

fn movement_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
