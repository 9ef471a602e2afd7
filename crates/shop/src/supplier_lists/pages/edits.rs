//! What a person says of a list on its page: its name and days, its columns, its lines.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Actor;
use uuid::Uuid;

use super::super::bodies::{LineBody, ListBody};
use super::super::grid::COLUMNS_MAX;
use super::super::lists::list_id;
use super::show::{ROWS_MAX, column_name, page};
use crate::kernel::page::go_saying;
use crate::kernel::path::Segment;
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Problem};

/// `POST /price-lists/{id}`: its name and days.
pub async fn head(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    (asked, form): (Asked, Form),
) -> Result<Response, Problem> {
    let body = ListBody {
        name: Some(form.value("name").to_owned()),
        valid_from: Some(form.value("valid_from").to_owned()),
        valid_to: Some(form.given("valid_to")),
        ..ListBody::default()
    };
    let saying = Saying { id: list_id(&id)?, body, says: "price_list.saved", named: Vec::new() };
    saying.say(&app, chrome, &actor, (asked, form)).await
}

/// `POST /price-lists/{id}/columns`: what each column is.
pub async fn columns(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    (asked, form): (Asked, Form),
) -> Result<Response, Problem> {
    let many = form.value("columns").parse().unwrap_or(0).min(COLUMNS_MAX);
    let columns = (0..many).map(|at| form.given(&column_name(at))).collect();
    let body = ListBody { columns: Some(columns), ..ListBody::default() };
    let saying = Saying { id: list_id(&id)?, body, says: "price_list.columns_saved", named: Vec::new() };
    saying.say(&app, chrome, &actor, (asked, form)).await
}

/// `POST /price-lists/{id}/lines`: products, packs and ticks of the lines on the screen.
pub async fn lines(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    (asked, form): (Asked, Form),
) -> Result<Response, Problem> {
    let shown = form.texts("line").filter_map(|line| line.parse::<i64>().ok()).take(ROWS_MAX as usize);
    let said: Vec<LineBody> = shown.filter_map(|line| said_of(&form, line)).collect();
    let named = said.iter().filter_map(|body| body.line).collect();
    let body = ListBody { lines: Some(said), ..ListBody::default() };
    let saying = Saying { id: list_id(&id)?, body, says: "price_list.saved", named };
    saying.say(&app, chrome, &actor, (asked, form)).await
}

/// What somebody said of a line; nothing when it is as it was. Whoever ticks one that waits for a person says that the product
/// it offers is right.
fn said_of(form: &Form, line: i64) -> Option<LineBody> {
    let value = |name: &str| form.value(&format!("{name}.{line}")).trim();
    let (sku, was) = (value("product"), value("product_was"));
    let is_ticked = value("tick") == "yes";
    let turned = is_ticked != (value("tick_was") == "yes");
    let confirms = value("person") == "yes" && is_ticked;
    let says_product = !sku.eq_ignore_ascii_case(was) || confirms && !sku.is_empty();
    let says_units = value("units") != value("units_was");
    if !says_product && !says_units && !turned {
        return None;
    }
    Some(LineBody {
        line: Some(line),
        product: says_product.then(|| (!sku.is_empty()).then(|| format!("sku:{sku}"))),
        // What is no number is told as one that nobody can mean.
        units_per_case: says_units.then(|| (!value("units").is_empty()).then(|| value("units").parse().unwrap_or(0))),
        chosen: turned.then_some(is_ticked),
    })
}

/// Something said of a list on its page.
struct Saying {
    id: Uuid,
    body: ListBody,
    says: &'static str,
    /// The lines that are named, in the order of the body's.
    named: Vec<i64>,
}

impl Saying {
    async fn say(
        self,
        app: &App,
        chrome: Chrome,
        actor: &Actor,
        (asked, form): (Asked, Form),
    ) -> Result<Response, Problem> {
        let Self { id, body, says, named } = self;
        let version = form.value("version").parse().unwrap_or_default();
        let done = match body.parse(id, version) {
            Ok(command) => app.db.execute(actor, None, command).await.map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        match done {
            Ok(_) => {
                let path = asked.link(format!("/price-lists/{id}"), &["change", "certainty"]).href();
                Ok(go_saying(app, &path, &Flash::says(says, "")))
            }
            Err(problem) => {
                let form = form.refused(at_its_line(problem, &named))?;
                page(app, chrome, id, (asked, form, StatusCode::UNPROCESSABLE_ENTITY)).await
            }
        }
    }
}

/// A problem at the fields that the page has: `lines[0].product` is the product of the first line that was named.
fn at_its_line(mut problem: Problem, named: &[i64]) -> Problem {
    for field in &mut problem.fields {
        let place = field.field.strip_prefix("lines[").and_then(|rest| rest.split_once("]."));
        let told = place.and_then(|(at, name)| Some((named.get(at.parse::<usize>().ok()?)?, name.to_owned())));
        if let Some((line, name)) = told {
            let name = match name.as_str() {
                "chosen" => "tick",
                "units_per_case" => "units",
                _ => "product",
            };
            field.field = format!("{name}.{line}");
        } else if field.field.starts_with("columns[") {
            "columns".clone_into(&mut field.field);
        }
    }
    problem
}
