//! What the columns of a kept file are: the guess with a few cells of each, to be corrected. What
//! somebody says is remembered for files with the same titles.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::api::{find, id_of};
use super::super::file::{self, ColumnsAre, ReadAs, SeenColumn, decimals_named};
use super::super::keeping::{self, Kept};
use super::super::queries::{self, ImportRow};
use super::super::reading::{aside, understand};
use super::super::run::Mode;
use super::super::{fields, words};
use super::{kind_name, run};
use crate::kernel::page::{go, show_as};
use crate::kernel::path::Segment;
use crate::kernel::{App, Asked, Caller, Chrome, Form, Problem, Reader};
use crate::stock::Choice;

/// A column to say something about.
pub(super) struct ColumnRow {
    pub name: String,
    pub letter: String,
    pub title: String,
    pub samples: Vec<String>,
    pub chosen: String,
}

impl ColumnRow {
    /// Whether it was taken for that field.
    fn is_chosen(&self, field: &str) -> bool {
        self.chosen == field
    }
}

#[derive(Template)]
#[template(path = "import_columns.html")]
pub(super) struct ColumnsPage<'a> {
    pub chrome: &'a Chrome,
    pub form: &'a Form,
    pub action: String,
    pub file_name: String,
    pub kind: String,
    pub columns: Vec<ColumnRow>,
    pub fields: Vec<Choice>,
    pub decimals: [Choice; 2],
    pub style: String,
}

/// `GET /imports/files/{id}`: with `import`, as that one read it.
pub async fn ask(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    let kept = keeping::find(&app, &actor, id_of(&id)?).await?;
    let before = match asked.given("import") {
        None => None,
        Some(import) => {
            let mut reader = Reader::open(&app, &actor, Permission::Import).await?;
            Some(find(&mut reader, id_of(&import)?).await?)
        }
    };
    // What the guess lacks is told at once; the first look is no mistake of anybody's.
    let lacking = match before {
        None => understand(&app, &actor, kept.kind, Arc::clone(&kept.bytes), as_sent(&kept)).await.err(),
        Some(_) => None,
    };
    let form = match lacking {
        None => Form::new(),
        Some(problem) => Form::new().refused(problem)?,
    };
    page(&app, chrome, &actor, &kept, before.as_ref(), &form, StatusCode::OK).await
}

/// `POST /imports/files/{id}`: looks at what the file would do, its columns being what the form says.
pub async fn review(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let kept = keeping::find(&app, &actor, id_of(&id)?).await?;
    let named: Vec<Option<String>> = (0..fields_of(&form)).map(|at| form.given(&column_name(at))).collect();
    let read_as = ReadAs {
        columns: ColumnsAre::InOrder(named),
        decimals: decimals_named(form.value("decimals")),
        ..as_sent(&kept)
    };
    match understand(&app, &actor, kept.kind, Arc::clone(&kept.bytes), read_as).await {
        Ok(file) => {
            let import = run(&app, &actor, None, &kept, file, Mode::DryRun).await?;
            Ok(go(&format!("/imports/{import}")))
        }
        Err(problem) => {
            let form = form.refused(problem)?;
            page(&app, chrome, &actor, &kept, None, &form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// How a kept file is read unless somebody says otherwise.
fn as_sent(kept: &Kept) -> ReadAs {
    ReadAs { location: kept.location.clone(), ..ReadAs::default() }
}

fn column_name(at: usize) -> String {
    format!("column.{at}")
}

/// How many columns a form speaks of.
fn fields_of(form: &Form) -> usize {
    form.value("columns").parse().unwrap_or(0).min(file::COLUMNS_MAX)
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    kept: &Kept,
    before: Option<&ImportRow>,
    form: &Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut chrome = chrome;
    chrome.title = chrome.t("import.columns_title").to_owned();
    let bytes = Arc::clone(&kept.bytes);
    let table = aside(move || file::read_table(&bytes)).await??;
    let mut reader = Reader::open(app, actor, Permission::Import).await?;
    let remembered = queries::remembered(&mut reader.tx(), kept.kind, &file::signature(&table)).await?;
    let said = before.map(ImportRow::fields).transpose()?;
    let seen = file::seen(kept.kind, &table, said.or(remembered).as_deref());
    let sent = fields_of(form) > 0;
    let columns = seen.into_iter().enumerate().map(|(at, column)| row(at, column, sent.then_some(form)));
    let style = before.and_then(|row| row.decimals.clone()).unwrap_or_else(|| form.value("decimals").to_owned());
    let page = ColumnsPage {
        action: format!("/imports/files/{}", kept.id),
        file_name: kept.file_name.clone(),
        kind: kind_name(&chrome, kept.kind.code()),
        columns: columns.collect(),
        fields: field_choices(&chrome, kept),
        decimals: ["comma", "point"]
            .map(|code| (code.to_owned(), chrome.t(&format!("import.decimals_{code}")).to_owned())),
        style,
        chrome: &chrome,
        form,
    };
    show_as(status, &chrome, &page)
}

/// A column as it was chosen on the form that was sent, else as it was seen.
fn row(at: usize, column: SeenColumn, sent: Option<&Form>) -> ColumnRow {
    let name = column_name(at);
    let chosen = match sent {
        Some(form) => form.value(&name).to_owned(),
        None => column.field.map(str::to_owned).unwrap_or_default(),
    };
    ColumnRow { name, letter: column.letter, title: column.title, samples: column.samples, chosen }
}

fn field_choices(chrome: &Chrome, kept: &Kept) -> Vec<Choice> {
    let choice = |field: &fields::Field| (field.name.to_owned(), words::field_name(chrome.lang, field.name));
    fields::of(kept.kind).iter().map(choice).collect()
}
