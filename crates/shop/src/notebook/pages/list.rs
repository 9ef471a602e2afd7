//! The notebook: what is pending, by supplier, and a line to write the next thing down.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::entry::{Action, EntryState, Priority};
use super::super::queries::{self, EntryFilter, EntryKey};
use super::rows::{Group, groups};
use crate::kernel::page::show_as;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Form, Pages, Problem, Reader};
use crate::stock::ProductRow;

#[derive(Template)]
#[template(path = "notebook.html")]
pub(super) struct NotebookPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    /// Products to choose from, when what was typed may mean several.
    pub found: Vec<ProductRow>,
    pub chips: Chips,
    pub groups: Vec<Group>,
    pub pages: Pages,
    pub may_write: bool,
}

impl NotebookPage<'_> {
    /// What is to be done: code, name, whether it is chosen.
    fn actions(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = Action::from_code(self.form.value("action")).unwrap_or(Action::Restock);
        let named = |action: Action| (action.code(), self.name("action", action.code()), action == chosen);
        Action::ALL.map(named).into()
    }

    /// How soon: code, name, whether it is chosen.
    fn priorities(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = Priority::from_code(self.form.value("priority")).unwrap_or(Priority::Normal);
        let named = |one: Priority| (one.code(), self.name("priority", one.code()), one == chosen);
        Priority::ALL.map(named).into()
    }

    fn name(&self, of: &str, code: &str) -> String {
        self.chrome.t(&format!("notebook.{of}_{code}")).to_owned()
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let chrome = self.chrome;
        let labels = [
            ("q", chrome.t("notebook.what")),
            ("quantity", chrome.t("stock.quantity")),
            ("unit", chrome.t("notebook.unit")),
        ];
        self.form.named_messages(&chrome.lang, &labels)
    }
}

/// `GET /notebook`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, View { asked, ..View::default() }).await
}

/// Entries that wait on a screen (INP-2): grouped by supplier, so that as many as may be stand together.
const PENDING_MAX: i64 = 100;

/// What the page shows besides the list.
pub(super) struct View {
    pub asked: Asked,
    pub form: Form,
    pub found: Vec<ProductRow>,
    pub status: StatusCode,
}

impl Default for View {
    fn default() -> Self {
        Self { asked: Asked::default(), form: Form::new(), found: Vec::new(), status: StatusCode::OK }
    }
}

pub(super) async fn page(app: &App, chrome: Chrome, actor: &Actor, view: View) -> Result<Response, Problem> {
    let chrome = chrome.titled("notebook.title");
    let pager = view.asked.pager();
    let after = pager.params().after::<EntryKey>()?;
    let state = EntryState::from_code(view.asked.value("state")).unwrap_or(EntryState::Pending);
    let limit = if state == EntryState::Pending { PENDING_MAX } else { LIMIT_DEFAULT };
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let filter = EntryFilter { state: Some(state.code()), ..EntryFilter::default() };
    let found = queries::entries(&mut reader, &filter, after, limit).await?;
    let list = Page::cut(found, limit, |noted| (noted.entry.noted_at, noted.entry.id), |noted| noted);
    let here = view.asked.link("/notebook", &["state"]);
    let chip = |each: EntryState| {
        let name = chrome.t(&format!("notebook.states_{}", each.code())).to_owned();
        (here.clone().with("state", each.code()).href(), name, each == state)
    };
    let page = NotebookPage {
        chips: EntryState::ALL.map(chip).into(),
        groups: groups(&chrome, &list.items),
        pages: pager.pages(&here, list.next),
        may_write: chrome.may(Permission::WriteNotebook),
        form: view.form,
        found: view.found,
        chrome: &chrome,
    };
    show_as(view.status, &chrome, &page)
}
