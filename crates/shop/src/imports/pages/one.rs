//! One import: what it would do, what it did, every bad row, and the ways on: apply it, correct its
//! columns, fetch the correction file, undo it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use uuid::Uuid;

use super::super::api::{find, id_of};
use super::super::columns::letters;
use super::super::file::{ColumnsAre, ReadAs, decimals_named};
use super::super::outcome::RowError;
use super::super::queries::{self, ErrorKey, ImportRow};
use super::super::reading::understand;
use super::super::refusal::ImportRefusal;
use super::super::run::Mode;
use super::super::words::field_name;
use super::super::{keeping, underway, undo};
use super::{badge, kind_name, run};
use crate::kernel::numbers::show_count;
use crate::kernel::page::{go, go_saying, show};
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::path::Segment;
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Lang, Link, Pages, Problem, Reader};

/// What became, or would become, of the rows.
pub(super) struct Sums {
    pub total: String,
    pub good: String,
    pub created: String,
    pub changed: String,
    pub same: String,
    pub bad: String,
    /// Whether any row is bad, and whether any is good.
    pub any_bad: bool,
    pub any_good: bool,
}

/// A column and what it feeds.
pub(super) struct Fed {
    pub letter: String,
    pub title: String,
    pub field: Option<String>,
}

/// Something wrong in a row.
pub(super) struct Wrong {
    pub line: u32,
    pub field: String,
    pub value: String,
    pub why: String,
}

/// A row that an undo left as it is.
pub(super) struct Left {
    pub line: i64,
    pub label: String,
    pub why: String,
}

#[derive(Template)]
#[template(path = "import.html")]
pub(super) struct ImportPage<'a> {
    pub chrome: &'a Chrome,
    pub id: Uuid,
    pub state: &'a str,
    pub file_name: &'a str,
    pub when: String,
    pub who: &'a str,
    pub badge: (&'static str, String),
    pub sums: Sums,
    pub done: i64,
    pub total: i64,
    pub columns: Vec<Fed>,
    /// Where its columns can be corrected, while its file is kept.
    pub correct: Option<String>,
    pub remarks: Vec<(String, String)>,
    pub wrong: Vec<Wrong>,
    pub pages: Pages,
    pub taken_back: String,
    pub left: Vec<Left>,
}

impl ImportPage<'_> {
    fn is(&self, state: &str) -> bool {
        self.state == state
    }

    /// How it stands and what that means, in one sentence.
    fn says(&self) -> String {
        let key = match (self.state, self.sums.any_good, self.sums.any_bad) {
            ("previewed", false, _) => "import.preview_none",
            ("previewed", true, true) => "import.preview_some",
            ("previewed", true, false) => "import.preview_good",
            ("applied", false, _) => "import.applied_none",
            ("applied", true, true) => "import.applied_some",
            ("applied", true, false) => "import.applied_good",
            ("refused", ..) => "import.refused",
            ("running", ..) => "import.running",
            ("interrupted", true, _) => "import.interrupted_some",
            ("interrupted", false, _) => "import.interrupted_none",
            ("undoing", ..) => "import.undoing",
            _ => return self.chrome.tv("import.undone", &self.taken_back),
        };
        self.chrome.t(key).to_owned()
    }

    /// Whether that is good news.
    fn tone(&self) -> &'static str {
        match (self.state, self.sums.any_good, self.sums.any_bad) {
            ("refused" | "interrupted", ..) | ("previewed" | "applied", false, _) => "bad",
            ("previewed" | "applied", true, true) => "warn",
            ("previewed" | "applied", true, false) => "good",
            _ => "info",
        }
    }

    /// Whether it is still at work, so that the page looks again by itself.
    fn moving(&self) -> bool {
        matches!(self.state, "running" | "undoing")
    }

    /// Whether its rows can be applied from here.
    fn may_apply(&self) -> bool {
        matches!(self.state, "previewed" | "refused") && self.correct.is_some() && self.sums.any_good
    }

    /// Whether there is something to undo.
    fn may_undo(&self) -> bool {
        matches!(self.state, "running" | "applied" | "interrupted") && self.sums.any_good
    }
}

/// `GET /imports/{id}`.
pub async fn look(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(id): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    let pager = asked.pager();
    let after = pager.params().after::<ErrorKey>()?.unwrap_or((0, -1));
    let mut reader = Reader::open(&app, &actor, Permission::Import).await?;
    let row = find(&mut reader, id_of(&id)?).await?;
    let wrong = queries::errors_of(&mut reader.tx(), row.id, after, LIMIT_DEFAULT + 1).await?;
    let wrong = Page::cut(wrong, LIMIT_DEFAULT, |(key, _)| *key, |(_, error)| told(&chrome, error));
    let kept = match row.file_id {
        Some(file) => queries::file_is_kept(&mut reader.tx(), file).await?,
        None => false,
    };
    let undone = undo::outcome(&mut reader.tx(), row.id).await?;
    let mut chrome = chrome;
    chrome.title = chrome.tv("import.of", kind_name(&chrome, &row.kind).to_lowercase());
    let (kind, words) = badge(&chrome, &row);
    let left = undone.kept.into_iter().map(|kept| {
        let why = kept.text().in_lang(chrome.lang).to_owned();
        Left { line: kept.line, label: kept.label, why }
    });
    let page = ImportPage {
        id: row.id,
        state: &row.state,
        file_name: if row.file_name.is_empty() { chrome.t("import.no_name") } else { &row.file_name },
        when: chrome.instant(&row.created_at),
        who: &row.actor_name,
        badge: (kind, words.to_owned()),
        sums: sums(&row),
        done: row.rows_done(),
        total: row.rows_total,
        columns: columns(&chrome, &row)?,
        correct: row.file_id.filter(|_| kept).map(|file| format!("/imports/files/{file}?import={}", row.id)),
        remarks: remarks(chrome.lang, &row)?,
        wrong: wrong.items,
        pages: pager.pages(&Link::to(format!("/imports/{}", row.id)), wrong.next),
        taken_back: show_count(undone.taken_back),
        left: left.collect(),
        chrome: &chrome,
    };
    show(&chrome, &page)
}

/// `POST /imports/{id}/apply`: applies what a dry run showed, read in the same way.
pub async fn apply(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = form.key(&format!("POST /imports/{id}/apply"))?;
    let row = {
        let mut reader = Reader::open(&app, &actor, Permission::Import).await?;
        find(&mut reader, id).await?
    };
    let kept = keeping::find(&app, &actor, row.file_id.ok_or(ImportRefusal::FileGone)?).await?;
    let read_as = ReadAs {
        columns: ColumnsAre::InOrder(row.fields()?),
        decimals: row.decimals.as_deref().and_then(decimals_named),
        location: row.location.clone(),
    };
    let file = understand(&app, &actor, kept.kind, Arc::clone(&kept.bytes), read_as).await?;
    let mode = if form.has("atomic", "yes") { Mode::Atomic } else { Mode::Each };
    let import = run(&app, &actor, key, &kept, file, mode).await?;
    Ok(go(&format!("/imports/{import}")))
}

/// `POST /imports/{id}/undo`.
pub async fn take_back(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let id = id_of(&id)?;
    let key = form.key(&format!("POST /imports/{id}/undo (page)"))?;
    let here = format!("/imports/{id}");
    match underway::take_back(&app, &actor, key, id).await {
        Ok(_) => Ok(go(&here)),
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            Ok(go_saying(&app, &here, &Flash::warns("import.not_undone", "")))
        }
        Err(problem) => Err(problem),
    }
}

fn told(chrome: &Chrome, error: RowError) -> Wrong {
    let why = error.detail().in_lang(chrome.lang).to_owned();
    Wrong { line: error.line, field: field_name(chrome.lang, &error.field), value: error.value, why }
}

fn sums(row: &ImportRow) -> Sums {
    Sums {
        total: show_count(row.rows_total),
        good: show_count(row.rows_good),
        created: show_count(row.rows_created),
        changed: show_count(row.rows_changed),
        same: show_count(row.rows_same()),
        bad: show_count(row.rows_bad),
        any_bad: row.rows_bad > 0,
        any_good: row.rows_good > 0,
    }
}

fn columns(chrome: &Chrome, row: &ImportRow) -> Result<Vec<Fed>, Problem> {
    let fed = |(at, (title, field)): (usize, (String, Option<String>))| Fed {
        letter: letters(at),
        title,
        field: field.map(|field| field_name(chrome.lang, &field)),
    };
    Ok(row.header()?.into_iter().zip(row.fields()?).enumerate().map(fed).collect())
}

/// What deserves a look, and how many rows it is about.
fn remarks(lang: Lang, row: &ImportRow) -> Result<Vec<(String, String)>, Problem> {
    let remarks = row.remarks()?.into_iter();
    Ok(remarks.map(|sum| (lang.pick(&sum.es, &sum.en).to_owned(), show_count(sum.lines.into()))).collect())
}
