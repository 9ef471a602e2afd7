//! Writing something down by its name: a whole code or a name that only one product has is that product; letters that may
//! mean several are asked about; what no product has is kept as it was written.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::api::NoteBody;
use super::super::entry::Action;
use super::super::queries::Noted;
use super::list::{View, page};
use crate::catalogue::picks;
use crate::kernel::numbers::typed;
use crate::kernel::page::go_saying;
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};
use crate::stock::ProductRow;

/// What was written may mean.
enum Meant {
    /// One product, by its SKU.
    Product(String),
    /// Nothing that the catalogue knows.
    Text(String),
    /// One of these.
    OneOf(Vec<ProductRow>),
}

/// `POST /notebook`.
pub async fn note(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /notebook")?;
    let (product, text) = match meant(&app, &chrome, &actor, &form).await? {
        Meant::Product(sku) => (Some(format!("sku:{sku}")), None),
        Meant::Text(text) => (None, Some(text)),
        Meant::OneOf(found) => return page(&app, chrome, &actor, View { form, found, ..View::default() }).await,
    };
    let body = NoteBody {
        action: form.given("action").or_else(|| Some(Action::Restock.code().to_owned())),
        quantity: form.given("quantity").map(|text| typed(&text)),
        unit: form.given("unit"),
        priority: form.given("priority"),
        product,
        text,
        ..NoteBody::default()
    };
    let done = match body.parse() {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(go_saying(&app, "/notebook", &said(&done.out))),
        Err(mut problem) => {
            // What is wrong with the text or the product is wrong with the line that was typed.
            let typed_line = |field: &str| matches!(field, "text" | "product" | "");
            problem
                .fields
                .iter_mut()
                .filter(|one| typed_line(&one.field))
                .for_each(|one| "q".clone_into(&mut one.field));
            let form = form.refused(problem)?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&app, chrome, &actor, View { form, status, ..View::default() }).await
        }
    }
}

async fn meant(app: &App, chrome: &Chrome, actor: &Actor, form: &Form) -> Result<Meant, Problem> {
    if let Some(sku) = form.given("pick") {
        return Ok(Meant::Product(sku));
    }
    let text = form.given("q").unwrap_or_default();
    let is_remark = form.value("action") == Action::Remark.code();
    if text.is_empty() || is_remark || form.has("as", "text") {
        return Ok(Meant::Text(text));
    }
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let mut found = picks(&mut reader, &text).await?;
    Ok(match found.len() {
        0 => Meant::Text(text),
        1 => Meant::Product(found.remove(0).standing.sku),
        _ => Meant::OneOf(found.iter().map(|picked| ProductRow::of(chrome, &picked.standing)).collect()),
    })
}

/// What was written down, and whether it was there before or is in no catalogue.
fn said(noted: &Noted) -> Flash {
    let name = noted.entry.name.as_deref().unwrap_or(&noted.entry.about);
    // The line that others noted too is not one person's to undo.
    if noted.notes.len() > 1 {
        return Flash::says("notebook.noted_again", name);
    }
    let key = if noted.entry.sku.is_some() { "notebook.noted" } else { "notebook.noted_as_text" };
    Flash::says(key, name).undone_at(format!("/notebook/{}/discard", noted.entry.id))
}
