//! One line of the notebook: who noted it, what may be changed about it, and crossing it out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::{ChangeBody, DiscardBody, entry_id};
use super::super::change::RestoreEntry;
use super::super::entry::Priority;
use super::super::queries::{self, Noted};
use super::rows::{EntryRow, amount};
use crate::kernel::numbers::{field_amount, typed};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::Choice;
use gondola_ledger::{Qty, Unit};

#[derive(Template)]
#[template(path = "notebook_entry.html")]
pub(super) struct EntryPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub row: EntryRow,
    pub supplier: Option<String>,
    pub notes: Vec<NoteRow>,
    pub suppliers: Vec<Choice>,
}

/// Somebody's note as the page shows it.
pub(super) struct NoteRow {
    pub who: String,
    pub when: String,
    pub sentence: String,
    pub amount: Option<String>,
}

impl EntryPage<'_> {
    fn priorities(&self) -> Vec<Choice> {
        let named = |one: Priority| {
            (one.code().to_owned(), self.chrome.t(&format!("notebook.priority_{}", one.code())).to_owned())
        };
        Priority::ALL.map(named).into()
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let chrome = self.chrome;
        let labels = [
            ("quantity", chrome.t("stock.quantity")),
            ("unit", chrome.t("notebook.unit")),
            ("supplier", chrome.t("notebook.supplier")),
            ("reason", chrome.t("notebook.why_discard")),
        ];
        self.form.named_messages(&chrome.lang, &labels)
    }
}

/// `GET /notebook/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, entry_id(&id)?, None).await
}

/// The page: with what stands in the line, or with a form that came back.
async fn page(app: &App, chrome: Chrome, actor: &Actor, id: Uuid, back: Option<Form>) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let noted = queries::entry(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let suppliers = queries::supplier_choices(&mut reader).await?;
    let row = EntryRow::of(&chrome, &noted);
    let mut chrome = chrome;
    chrome.title.clone_from(&row.name);
    let status = if back.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let note = |note: &queries::Said| NoteRow {
        who: note.actor_name.clone(),
        when: chrome.instant(&note.noted_at),
        sentence: note.sentence.clone(),
        amount: amount(note.quantity, note.unit.as_deref()),
    };
    let page = EntryPage {
        notes: noted.notes.iter().map(note).collect(),
        form: back.unwrap_or_else(|| filled(&noted)),
        supplier: noted.entry.supplier_name,
        row,
        suppliers,
        chrome: &chrome,
    };
    show_as(status, &chrome, &page)
}

/// The form with what stands in the line.
fn filled(noted: &Noted) -> Form {
    let entry = &noted.entry;
    let quantity = entry.quantity.map(|quantity| field_amount(Qty::new(quantity), Unit::Kg)).unwrap_or_default();
    Form::new()
        .with("quantity", quantity.trim_end_matches('0').trim_end_matches([',', '.']))
        .with("unit", entry.unit.clone().unwrap_or_default())
        .with("supplier", entry.supplier.clone().unwrap_or_default())
        .with("priority", entry.priority.clone())
        .with("version", entry.version.to_string())
}

/// `POST /notebook/{id}`.
pub async fn change(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = entry_id(&id)?;
    let key = form.key(&format!("POST /notebook/{id}"))?;
    let body = ChangeBody {
        quantity: Some(form.given("quantity").map(|text| typed(&text))),
        unit: Some(form.given("unit")),
        supplier: Some(form.given("supplier")),
        priority: form.given("priority"),
    };
    let version = form.value("version").parse().unwrap_or_default();
    let done = match body.parse(id, version) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(go_saying(&app, "/notebook", &Flash::says("notebook.changed", name_of(&done.out)))),
        Err(problem) => page(&app, chrome, &actor, id, Some(form.refused(problem)?)).await,
    }
}

/// `POST /notebook/{id}/discard`.
pub async fn discard(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = entry_id(&id)?;
    let key = form.key(&format!("POST /notebook/{id}/discard"))?;
    let done = match (DiscardBody { reason: form.given("reason") }).parse(id) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => {
            let flash = Flash::says("notebook.discarded", name_of(&done.out));
            Ok(go_saying(&app, "/notebook", &flash.undone_at(format!("/notebook/{id}/restore"))))
        }
        Err(problem) => page(&app, chrome, &actor, id, Some(form.refused(problem)?)).await,
    }
}

/// `POST /notebook/{id}/restore`.
pub async fn restore(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = entry_id(&id)?;
    let key = form.key(&format!("POST /notebook/{id}/restore"))?;
    match app.db.execute(&actor, key, RestoreEntry { id }).await.map_err(Problem::from) {
        Ok(done) => Ok(go_saying(&app, "/notebook", &Flash::says("notebook.restored", name_of(&done.out)))),
        Err(problem) => page(&app, chrome, &actor, id, Some(form.refused(problem)?)).await,
    }
}

fn name_of(noted: &Noted) -> &str {
    noted.entry.name.as_deref().unwrap_or(&noted.entry.about)
}
