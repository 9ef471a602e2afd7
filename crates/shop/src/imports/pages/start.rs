//! Where an import begins: the form that takes a file, and what was imported before.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::file::{ACCEPTS, ReadAs};
use super::super::keeping::{self, Sent};
use super::super::kind::ImportKind;
use super::super::queries::{self, ImportRow};
use super::super::reading::understand;
use super::super::refusal::BAD_COLUMNS;
use super::super::run::Mode;
use super::{badge, kind_name, run};
use crate::kernel::numbers::show_count;
use crate::kernel::page::{go, show_as};
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chrome, Errors, Form, Link, Pages, Problem, Reader, Upload};
use crate::stock::{self, Choice};

/// An import as the list shows it.
pub(super) struct PastRow {
    pub href: String,
    pub name: String,
    pub kind: String,
    pub when: String,
    pub who: String,
    pub good: String,
    pub bad: Option<String>,
    pub badge: (&'static str, String),
}

#[derive(Template)]
#[template(path = "imports.html")]
pub(super) struct ImportsPage<'a> {
    pub chrome: &'a Chrome,
    pub form: &'a Form,
    pub kinds: Vec<Choice>,
    pub places: Vec<Choice>,
    pub past: Vec<PastRow>,
    pub pages: Pages,
}

impl ImportsPage<'_> {
    fn problem<'f>(&'f self, name: &str) -> Option<&'f str> {
        self.form.problem(name, &self.chrome.lang)
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let labels = ["file", "kind", "location"].map(|field| (field, self.chrome.t(label(field))));
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

fn label(field: &str) -> &'static str {
    match field {
        "file" => "import.file",
        "kind" => "import.kind",
        _ => "import.location",
    }
}

/// `GET /imports`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, &asked, &asked.0, StatusCode::OK).await
}

/// `POST /imports`: keeps the file and looks at what it would do. Columns that are not clear are asked
/// for; a file that is no list is told on the form.
pub async fn send(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let (status, refused) = match Upload::receive(request, &ACCEPTS).await {
        Ok(upload) => match begin(&app, &actor, upload).await? {
            Ok(path) => return Ok(go(&path)),
            Err(form) => (StatusCode::UNPROCESSABLE_ENTITY, form),
        },
        Err(problem) if problem.status == StatusCode::PAYLOAD_TOO_LARGE => {
            let told = Problem::invalid_field("file", problem.code, problem.detail.es, problem.detail.en);
            (problem.status, Form::new().refused(told)?)
        }
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, Form::new().refused(problem)?),
    };
    page(&app, chrome, &actor, &asked, &refused, status).await
}

/// Where a file that was sent leads, or the form with what is wrong.
async fn begin(app: &App, actor: &Actor, upload: Upload) -> Result<Result<String, Form>, Problem> {
    let Upload { bytes, name, form } = upload;
    let mut errors = Errors::new();
    let kind = ImportKind::from_code(form.value("kind"));
    if kind.is_none() {
        errors.required::<()>("kind", None);
    }
    let Some(kind) = kind else {
        return Ok(Err(form.refused(errors.finish().expect_err("a problem was just noted"))?));
    };
    let location = form.given("location").filter(|_| kind == ImportKind::Stock);
    let bytes = Arc::new(bytes);
    let read_as = ReadAs { location: location.clone(), ..ReadAs::default() };
    let understood = match understand(app, actor, kind, Arc::clone(&bytes), read_as).await {
        Ok(file) => Some(file),
        Err(problem) if problem.code == BAD_COLUMNS => None,
        Err(problem) => return Ok(Err(form.refused(problem)?)),
    };
    let kept = keeping::keep(app, actor, Sent { kind, file_name: name, location, bytes }).await?;
    Ok(Ok(match understood {
        Some(file) => format!("/imports/{}", run(app, actor, None, &kept, file, Mode::DryRun).await?),
        None => format!("/imports/files/{}", kept.id),
    }))
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    asked: &Asked,
    form: &Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("import.title");
    let pager = asked.pager();
    let after = pager.params().after::<(i64, Uuid)>()?;
    let mut reader = Reader::open(app, actor, Permission::Import).await?;
    let rows = queries::imports(&mut reader.tx(), actor, None, Some(false), after, LIMIT_DEFAULT + 1).await?;
    let rows = Page::cut(rows, LIMIT_DEFAULT, |row| (row.created_at, row.id), |row| past(&chrome, &row));
    let own = reader.location();
    let page = ImportsPage {
        kinds: kinds(&chrome),
        places: stock::place_choices(&mut reader, own).await?,
        past: rows.items,
        pages: pager.pages(&Link::to("/imports"), rows.next),
        chrome: &chrome,
        form,
    };
    show_as(status, &chrome, &page)
}

/// The kinds of list that who looks may import.
fn kinds(chrome: &Chrome) -> Vec<Choice> {
    let may = |kind: &ImportKind| kind.needs().into_iter().all(|right| chrome.may(right));
    let kinds = ImportKind::ALL.into_iter().filter(may);
    kinds.map(|kind| (kind.code().to_owned(), kind_name(chrome, kind.code()))).collect()
}

fn past(chrome: &Chrome, row: &ImportRow) -> PastRow {
    let (kind, words) = badge(chrome, row);
    PastRow {
        href: format!("/imports/{}", row.id),
        name: if row.file_name.is_empty() { chrome.t("import.no_name").to_owned() } else { row.file_name.clone() },
        kind: kind_name(chrome, &row.kind),
        when: chrome.instant(&row.created_at),
        who: row.actor_name.clone(),
        good: show_count(row.rows_good),
        bad: (row.rows_bad > 0).then(|| show_count(row.rows_bad)),
        badge: (kind, words.to_owned()),
    }
}
