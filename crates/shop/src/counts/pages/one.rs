//! The screen of whoever counts: one product at a time, found by scanning, by typing, or as the next
//! one where they left off. It says nothing of what there should be to who counts blind.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{Qty, Unit};
use gondola_store::{Actor, Permission};

use super::super::bodies::{CountedBody, CountedLineBody};
use super::super::progress::{Entered, entered, next_to_count, progress};
use super::super::queries::Count;
use super::found;
use super::rows::{CountRow, ProgressRow, again_href};
use crate::catalogue::picks;
use crate::kernel::numbers::{show_quantity, typed};
use crate::kernel::page::{go, go_saying, show_as};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Problem, Reader};
use crate::stock::{
    self, NameKey, Places, ProductRow, QuantityField, Standing, TypedLine, line_messages, unit_choices,
};

/// Digits of the shortest code that is no quantity.
const CODE_DIGITS_MIN: usize = 8;
/// The fields of the one line, as the API names them in its problems.
const COUNTED: &str = "lines[0].counted";
const UNIT: &str = "lines[0].unit";

#[derive(Template)]
#[template(path = "count_one.html")]
pub(super) struct OnePage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub row: CountRow,
    pub progress: ProgressRow,
    /// What was looked for.
    pub q: String,
    /// What it may be: address and product.
    pub found: Vec<(String, ProductRow)>,
    /// What is counted now.
    pub current: Option<Current>,
}

/// The product that is counted now.
#[derive(Clone)]
pub(super) struct Current {
    pub sku: String,
    pub name: String,
    pub quantity: QuantityField,
    /// What was written down of it before.
    pub before: Option<String>,
    pub recount: bool,
    /// What the system says, for who may know.
    pub expected: Option<String>,
    /// The way to the one after it.
    pub skip: String,
}

impl OnePage<'_> {
    /// Every problem under the product's name.
    fn messages(&self) -> Vec<(String, String)> {
        let name = self.current.as_ref().map(|current| current.name.as_str()).unwrap_or_default();
        line_messages(&self.form, self.chrome.lang, &[name], &[])
    }
}

/// `GET /counts/{id}/count`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let count = found(&mut reader, &id).await?;
    let path = format!("/counts/{}", count.id);
    let mut options = Vec::new();
    if let Some(text) = asked.given("q") {
        let here = Link::to(format!("{path}/count"));
        for picked in picks(&mut reader, &text).await? {
            let way = here.clone().with("product", &picked.standing.sku);
            let way = way.with("unit", picked.pack.as_deref().unwrap_or_default());
            options.push((way.href(), ProductRow::of(&chrome, &picked.standing)));
        }
        if let [(only, _)] = options.as_slice() {
            return Ok(go(only));
        }
    }
    let product = match asked.given("product") {
        Some(sku) => stock::standing(&mut reader, &sku).await?,
        None if asked.given("q").is_some() => None,
        None => {
            let after = match asked.given("after") {
                Some(sku) => stock::standing(&mut reader, &sku).await?.map(|standing| standing.key()),
                None => None,
            };
            let next = next_to_count(&mut reader, &count, after.map(|NameKey(name, id)| (name, id))).await?;
            match next {
                Some(line) => stock::standing(&mut reader, &line.sku).await?,
                None => None,
            }
        }
    };
    let form = Form::new().with(UNIT, asked.value("unit"));
    let screen = Screen { count, product, found: options, q: asked.value("q").to_owned(), form };
    screen.show(chrome, reader, StatusCode::OK).await
}

/// What the screen is made of.
struct Screen {
    count: Count,
    product: Option<Standing>,
    found: Vec<(String, ProductRow)>,
    q: String,
    form: Form,
}

impl Screen {
    async fn show(self, chrome: Chrome, mut reader: Reader, status: StatusCode) -> Result<Response, Problem> {
        let places = Places::load(&mut reader.tx()).await?;
        let row = CountRow::of(&chrome, &self.count, &places);
        if !row.is_open {
            return Ok(go(&row.href));
        }
        let mut chrome = chrome;
        chrome.title.clone_from(&row.what);
        let current = match &self.product {
            Some(product) => Some(self.current(&chrome, &mut reader, product, &row).await?),
            None => None,
        };
        let page = OnePage {
            progress: ProgressRow::of(&chrome, progress(&mut reader, &self.count).await?),
            chrome: &chrome,
            form: self.form,
            row,
            q: self.q,
            found: self.found,
            current,
        };
        show_as(status, &chrome, &page)
    }

    async fn current(
        &self,
        chrome: &Chrome,
        reader: &mut Reader,
        product: &Standing,
        row: &CountRow,
    ) -> Result<Current, Problem> {
        let before = entered(reader, self.count.id, product.id).await?;
        let sees = self.count.shows_expected_to(reader.actor());
        let here = product.locations.iter().find(|holding| holding.location == self.count.location);
        let expected = here.map_or(Qty::ZERO, |holding| holding.on_hand);
        let units = unit_choices(reader, product).await?;
        let text = |entered: Entered| show_quantity(Qty::new(entered.counted), product.unit);
        Ok(Current {
            sku: product.sku.clone(),
            name: product.name.clone(),
            quantity: QuantityField::of(&self.form, chrome.lang, COUNTED, UNIT, units).focused(true),
            before: before.map(text),
            recount: before.is_some_and(|entered| entered.recount),
            expected: sees.then(|| show_quantity(expected, product.unit)),
            skip: Link::to(format!("{}/count", row.href)).with("after", &product.sku).href(),
        })
    }
}

/// `POST /counts/{id}/count`.
pub async fn enter(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let count = found(&mut reader, &id).await?;
    let path = format!("/counts/{}", count.id);
    let find = |code: &str| Link::to(format!("{path}/count")).with("q", code).href();
    let line = TypedLine::all(&form, "counted").into_iter().next().unwrap_or_default();
    let scanned = form.given("scanned");
    match &scanned {
        Some(code) if line.quantity.is_empty() => return Ok(go(&find(code))),
        None if is_code(&line.quantity) => return Ok(go(&find(&line.quantity))),
        _ => {}
    }
    let key = form.key(&format!("POST {path}/count"))?;
    let body = CountedBody { lines: Some(vec![counted_line(&line)]) };
    let done = match body.parse(count.id) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    let product = stock::standing(&mut reader, &line.sku).await?;
    match done {
        Ok(done) => {
            let recount = !done.out.recount.is_empty();
            let flash = written(&line, product.as_ref(), recount);
            let next = match scanned {
                Some(code) => find(&code),
                None if recount => again_href(&path, &line.sku),
                None => format!("{path}/count"),
            };
            Ok(go_saying(&app, &next, &flash))
        }
        Err(problem) => again(app, chrome, &actor, &id, form.refused(problem)?, product).await,
    }
}

/// The screen as it was filled in, with what is wrong, on the count as it stands now.
async fn again(
    app: App,
    chrome: Chrome,
    actor: &Actor,
    id: &str,
    form: Form,
    product: Option<Standing>,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, actor, Permission::ReadStock).await?;
    let count = found(&mut reader, id).await?;
    let screen = Screen { count, product, found: Vec::new(), q: String::new(), form };
    screen.show(chrome, reader, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// A typed line as the JSON call's.
pub(super) fn counted_line(line: &TypedLine) -> CountedLineBody {
    CountedLineBody {
        product: Some(line.reference()),
        lot: None,
        counted: Some(typed(&line.quantity)).filter(|text| !text.is_empty()),
        unit: Some(line.unit.clone()).filter(|unit| !unit.is_empty()),
        position: None,
    }
}

/// Whether somebody scanned a code into the quantity, where no browser could help.
fn is_code(text: &str) -> bool {
    text.len() >= CODE_DIGITS_MIN && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn written(line: &TypedLine, product: Option<&Standing>, recount: bool) -> Flash {
    let name = product.map(|product| product.name.as_str()).unwrap_or_default();
    if recount {
        return Flash::warns("count.entered_again", name);
    }
    let own = product.map_or(Unit::Un.code(), |product| product.unit.code());
    let unit = if line.unit.is_empty() { own } else { &line.unit };
    Flash::says("count.entered", &format!("{name} · {} {unit}", line.quantity))
}
