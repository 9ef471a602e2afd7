//! The sheet of a count: what there is to count on a list, page by page, to be filled in on a screen
//! or printed and taken to the shelves.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{Qty, Unit};
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::bodies::CountedBody;
use super::super::lines::CountedLines;
use super::super::progress::progress;
use super::super::queries::{self, SheetFilter, SheetLine, SheetPart};
use super::found;
use super::one::counted_line;
use super::rows::{CountRow, ProgressRow, products};
use crate::kernel::numbers::show_quantity;
use crate::kernel::page::{go, go_saying, show_as};
use crate::kernel::paging::Page;
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Pages, Problem, Reader};
use crate::stock::{Places, QuantityField, TypedLine, line_field, line_messages, line_problem, renumbered};

/// Products on a page of the sheet.
const PRODUCTS_MAX: i64 = 30;
/// What is kept from page to page.
const KEPT: [&str; 3] = ["part", "after", "back"];

#[derive(Template)]
#[template(path = "count_sheet.html")]
pub(super) struct SheetPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub row: CountRow,
    pub progress: ProgressRow,
    pub chips: Chips,
    pub lines: Vec<SheetRow>,
    pub pages: Pages,
    /// This very page of the sheet, where the form goes.
    pub action: String,
}

/// A product to count.
#[derive(Clone)]
pub(super) struct SheetRow {
    pub anchor: String,
    pub product_field: String,
    pub sku: String,
    pub name: String,
    pub quantity: QuantityField,
    pub problem: Option<String>,
    /// How it stands: a key of the words, and how that is marked.
    pub status: &'static str,
    pub kind: &'static str,
    /// What the system says, for who may know.
    pub expected: Option<String>,
}

impl SheetPage<'_> {
    /// Every problem under its product's name.
    fn messages(&self) -> Vec<(String, String)> {
        let names: Vec<&str> = self.lines.iter().map(|line| line.name.as_str()).collect();
        line_messages(&self.form, self.chrome.lang, &names, &[])
    }
}

impl SheetRow {
    fn of(chrome: &Chrome, form: &Form, line: SheetLine, at: usize) -> Self {
        let unit = Unit::from_code(&line.unit).unwrap_or(Unit::Kg);
        let (status, kind) = match (line.recount, line.is_counted) {
            (true, _) => ("count.is_recount", "warn"),
            (_, true) => ("count.is_counted", "good"),
            _ => ("count.is_open", ""),
        };
        let own = vec![(line.unit.clone(), line.unit.clone())];
        let (counted, unit_name) = (line_field(at, "counted"), line_field(at, "unit"));
        Self {
            anchor: format!("lines[{at}]"),
            product_field: line_field(at, "product"),
            quantity: QuantityField::of(form, chrome.lang, &counted, &unit_name, own),
            problem: line_problem(form, chrome.lang, at),
            expected: line.expected.map(|expected| show_quantity(Qty::new(expected), unit)),
            sku: line.sku,
            name: line.name,
            status,
            kind,
        }
    }
}

/// `GET /counts/{id}/sheet`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, &id, &asked, Form::new(), StatusCode::OK).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    id: &str,
    asked: &Asked,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let count = found(&mut reader, id).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let row = CountRow::of(&chrome, &count, &places);
    if !row.is_open {
        return Ok(go(&row.href));
    }
    let mut chrome = chrome;
    chrome.title.clone_from(&row.what);
    let path = format!("{}/sheet", row.href);
    let pager = asked.pager();
    let after = pager.params().after::<(String, Uuid)>()?;
    let part = SheetPart::from_code(asked.value("part"));
    let filter = SheetFilter { part, after, ..SheetFilter::default() };
    let lines = queries::sheet(&mut reader, &count, &filter, PRODUCTS_MAX).await?;
    let mut at = 0;
    let line = |line| {
        at += 1;
        SheetRow::of(&chrome, &form, line, at - 1)
    };
    let list = Page::cut(lines, PRODUCTS_MAX, |line| (line.name_folded.clone(), line.id), line);
    let here = asked.link(path.as_str(), &["part"]);
    let named = |part: SheetPart| (part.code().to_owned(), chrome.t(part_key(part)).to_owned());
    let page = SheetPage {
        progress: ProgressRow::of(&chrome, progress(&mut reader, &count).await?),
        chips: here.chips("part", asked.value("part"), chrome.t("list.all"), SheetPart::ALL.map(named)),
        pages: pager.pages(&here, list.next),
        action: asked.link(path.as_str(), &KEPT).href(),
        lines: list.items,
        chrome: &chrome,
        form,
        row,
    };
    show_as(status, &chrome, &page)
}

fn part_key(part: SheetPart) -> &'static str {
    match part {
        SheetPart::Uncounted => "count.is_open",
        SheetPart::Recount => "count.is_recount",
    }
}

/// `POST /counts/{id}/sheet`.
pub async fn enter(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    asked: Asked,
    form: Form,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let count = found(&mut reader, &id).await?;
    let path = format!("/counts/{}/sheet", count.id);
    let key = form.key(&format!("POST {path}"))?;
    let typed = TypedLine::all(&form, "counted").into_iter().enumerate().filter(|(_, line)| !line.quantity.is_empty());
    let (places, lines): (Vec<usize>, Vec<TypedLine>) = typed.unzip();
    let body = CountedBody { lines: Some(lines.iter().map(counted_line).collect()) };
    let done = match body.parse(count.id) {
        _ if lines.is_empty() => Err(nothing_written()),
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => {
            let here = asked.link(path, &KEPT).href();
            Ok(go_saying(&app, &here, &saved(&chrome, &mut reader, &lines, &done.out).await?))
        }
        Err(problem) => {
            let form = form.refused(renumbered(problem, &places))?;
            page(&app, chrome, &actor, &id, &asked, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// How many were entered, or the names of those to count again.
async fn saved(
    chrome: &Chrome,
    reader: &mut Reader,
    lines: &[TypedLine],
    entered: &CountedLines,
) -> Result<Flash, Problem> {
    let mut names = Vec::new();
    for line in entered.recount.iter().filter_map(|at| lines.get(*at)) {
        names.extend(crate::stock::standing(reader, &line.sku).await?.map(|standing| standing.name));
    }
    if names.is_empty() {
        let count = i64::try_from(entered.entered).unwrap_or(i64::MAX);
        return Ok(Flash::says("count.sheet_saved", &products(chrome, count)));
    }
    Ok(Flash::warns("count.sheet_saved_again", &names.join(", ")))
}

fn nothing_written() -> Problem {
    Problem::invalid_field("", "nothing_counted", "Todavía no anotaste nada.", "Nothing is written down yet.")
}
