//! The JSON calls about the notebook: bodies in, lines out. Texts become values here, all field errors at once; nothing is
//! decided here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::change::{ChangeEntry, DiscardEntry, EntryChange, RestoreEntry};
use super::commands::{ABOUT_MAX, Note, SENTENCE_MAX};
use super::entry::{Again, Priority};
use super::list::parse_action;
use super::queries;
use super::scalars::{ActionCode, AgainCode, NotedText, PriorityCode, Sentence};
use super::views::{EntryItem, item};
use crate::kernel::answer::replayable;
use crate::kernel::body::{NoBody, given};
use crate::kernel::scalars::{ProductName, SupplierCode, Version};
use crate::kernel::text::Sku;
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, IfMatch, LimitGroup, OpClass, Problem, Reader, RequestKey,
};
use crate::stock::{MovedQuantity, Reason, UNIT_MAX, UnitName, line, parse_product, parse_quantity, parse_reason};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::WriteNotebook), OpClass::Write, LimitGroup::General);
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    vec![
        write(utoipa_axum::routes!(note)),
        read(utoipa_axum::routes!(get_entry)),
        write(utoipa_axum::routes!(change_entry)),
        write(utoipa_axum::routes!(discard_entry)),
        write(utoipa_axum::routes!(restore_entry)),
    ]
}

/// Something to write down.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewNotebookEntry, example = json!({
    "action": "restock", "product": "sku:LAC-LS-SACH", "quantity": "12", "priority": "high",
}))]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    /// `restock`, `purchase`, `remark` or `incident`.
    #[schema(value_type = ActionCode, required)]
    pub action: Option<String>,
    /// `sku:SKU` or the product's id, when the product is known.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName)]
    pub product: Option<String>,
    /// What it is about in your own words, 1 to 120 characters: a brand, or anything. Needed without a product.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = NotedText)]
    pub text: Option<String>,
    /// How much, more than zero; nothing when nobody said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MovedQuantity)]
    pub quantity: Option<String>,
    /// A unit, as people say it; the product's own, or `un`, when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName)]
    pub unit: Option<String>,
    /// Code of whom it is bought from; the product's main supplier when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierCode)]
    pub supplier: Option<String>,
    /// `high`, `normal` (when absent) or `low`; an incident is always `high`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PriorityCode)]
    pub priority: Option<String>,
    /// Why, 3 to 200 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
    /// The sentence as typed, up to 500 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Sentence)]
    pub sentence: Option<String>,
    /// What it means when the same was noted within the hour: `larger` (when absent), the larger quantity counts; `add`, so
    /// many more.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = AgainCode)]
    pub mode: Option<String>,
}

impl NoteBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self) -> Result<Note, Problem> {
        let mut errors = Errors::new();
        let action = errors.required("action", self.action).and_then(|code| parse_action(&mut errors, &code));
        let product = self.product.and_then(|text| parse_product(&mut errors, &text));
        let text = self.text.and_then(|text| line(&mut errors, "text", &text, ABOUT_MAX));
        let quantity = self.quantity.and_then(|text| parse_quantity(&mut errors, "quantity", &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        let supplier = self.supplier.and_then(|text| parse_supplier(&mut errors, &text));
        let priority = self.priority.map_or(Some(Priority::Normal), |code| parse_priority(&mut errors, &code));
        let reason = self.reason.and_then(|text| parse_reason(&mut errors, &text));
        let sentence = self.sentence.and_then(|text| line(&mut errors, "sentence", &text, SENTENCE_MAX));
        let again = self.mode.map_or(Some(Again::Larger), |code| parse_mode(&mut errors, &code));
        match (action, priority, again) {
            (Some(action), Some(priority), Some(again)) if errors.is_empty() => {
                Ok(Note { action, product, text, quantity, unit, supplier, priority, reason, sentence, again })
            }
            _ => Err(Problem::invalid(errors.into_inner())),
        }
    }
}

/// Reads a supplier's code, which is kept in capitals.
pub(crate) fn parse_supplier(errors: &mut Errors, text: &str) -> Option<String> {
    errors
        .take("supplier", Sku::parse(text).map_err(|error| (error.code(), error.message())))
        .map(|code| code.to_string())
}

fn parse_priority(errors: &mut Errors, code: &str) -> Option<Priority> {
    let priority = Priority::from_code(code);
    if priority.is_none() {
        let known = Priority::ALL.map(Priority::code).join(", ");
        let (es, en) = (format!("Las prioridades son: {known}."), format!("The priorities are: {known}."));
        errors.add("priority", "unknown_priority", es, en);
    }
    priority
}

fn parse_mode(errors: &mut Errors, code: &str) -> Option<Again> {
    let again = Again::from_code(code);
    if again.is_none() {
        errors.add("mode", "unknown_mode", "El modo es larger o add.", "The mode is larger or add.");
    }
    again
}

/// A change to a line that is pending: what is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NotebookEntryChange, example = json!({"quantity": "4", "unit": "cajón", "priority": "high"}))]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    /// How much; null for nobody knows.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<MovedQuantity>)]
    pub quantity: Option<Option<String>>,
    /// A unit, as people say it; null for the product's own.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<UnitName>)]
    pub unit: Option<Option<String>>,
    /// Code of whom it is bought from; null for nobody knows.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<SupplierCode>)]
    pub supplier: Option<Option<String>>,
    /// `high`, `normal` or `low`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PriorityCode)]
    pub priority: Option<String>,
}

impl ChangeBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self, id: Uuid, version: i64) -> Result<ChangeEntry, Problem> {
        let mut errors = Errors::new();
        let quantity = inner(self.quantity, |text| parse_quantity(&mut errors, "quantity", text));
        let unit = inner(self.unit, |text| line(&mut errors, "unit", text, UNIT_MAX));
        let supplier = inner(self.supplier, |text| parse_supplier(&mut errors, text));
        let priority = self.priority.and_then(|code| parse_priority(&mut errors, &code));
        errors.finish()?;
        Ok(ChangeEntry { id, version, change: EntryChange { quantity, unit, supplier, priority } })
    }
}

/// A field that may be left out or null.
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(input).map(Some)
}

/// Reads what stands in such a field.
fn inner<T>(field: Option<Option<String>>, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    match field? {
        None => Some(None),
        Some(text) => read(&text).map(Some),
    }
}

/// Why a line is crossed out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = DiscardNotebookEntry)]
#[serde(deny_unknown_fields)]
pub struct DiscardBody {
    /// Why, 3 to 200 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
}

impl DiscardBody {
    /// The command, or the field's problem.
    pub(super) fn parse(self, id: Uuid) -> Result<DiscardEntry, Problem> {
        let mut errors = Errors::new();
        let reason = self.reason.and_then(|text| parse_reason(&mut errors, &text));
        errors.finish()?;
        Ok(DiscardEntry { id, reason })
    }
}

/// Writes something down. The same thing, noted again within the hour, is one line.
#[utoipa::path(post, path = "/api/v1/notebook", tag = "notebook", request_body = NoteBody,
    responses((status = 201, description = "Noted", body = EntryItem)))]
async fn note(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<NoteBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /notebook");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &item(done.out)))
}

/// One line.
#[utoipa::path(get, path = "/api/v1/notebook/{id}", tag = "notebook", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The line", body = EntryItem)))]
async fn get_entry(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<EntryItem>, Problem> {
    let id = entry_id(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let found = queries::entry(&mut reader, id).await?;
    Ok(Json(item(found.ok_or_else(Problem::not_found)?)))
}

/// Changes a line that is pending.
#[utoipa::path(patch, path = "/api/v1/notebook/{id}", tag = "notebook", request_body = ChangeBody,
    params(("id" = Uuid, Path), ("If-Match" = Version, Header, description = "The version you read")),
    responses((status = 200, description = "Changed", body = EntryItem)))]
async fn change_entry(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    body: Body<ChangeBody>,
) -> Result<Json<EntryItem>, Problem> {
    let command = body.value.parse(entry_id(&id)?, version)?;
    Ok(Json(item(app.db.execute(&actor, None, command).await?.out)))
}

/// Crosses a line out.
#[utoipa::path(post, path = "/api/v1/notebook/{id}/discard", tag = "notebook", params(("id" = Uuid, Path)),
    request_body = Option<DiscardBody>, responses((status = 200, description = "Crossed out", body = EntryItem)))]
async fn discard_entry(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Option<Body<DiscardBody>>,
) -> Result<Response, Problem> {
    let id = entry_id(&id)?;
    let (key, body) = Body::or_empty(body, &key, &format!("POST /notebook/{id}/discard"));
    let done = app.db.execute(&actor, key, body.parse(id)?).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &item(done.out)))
}

/// Brings a line back that was crossed out.
#[utoipa::path(post, path = "/api/v1/notebook/{id}/restore", tag = "notebook", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Pending again", body = EntryItem)))]
async fn restore_entry(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = entry_id(&id)?;
    let key = key.bind(&format!("POST /notebook/{id}/restore"), &[]);
    let done = app.db.execute(&actor, key, RestoreEntry { id }).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &item(done.out)))
}

pub(super) fn entry_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
