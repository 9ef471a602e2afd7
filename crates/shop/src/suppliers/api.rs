//! The JSON calls about suppliers. Lists are in `list.rs`, what bodies look like in `bodies.rs`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gondola_store::{Done, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::assigning::{self, Assigned, TEXT_MAX};
use super::bodies::{SupplierBody, parse_code};
use super::commands::{AddShippedSuppliers, ForgetLesson, TeachAssignment};
use super::list;
use super::queries::{Supplier, by_code, open_supplier};
use super::refusal::SupplierRefusal;
use super::scalars::SupplierText;
use super::views::{LessonView, SupplierView};
use crate::kernel::answer::{marked, replayable};
use crate::kernel::body::{NoBody, given};
use crate::kernel::fields::{line, must};
use crate::kernel::path::Segment;
use crate::kernel::scalars::{SupplierCode, Version};
use crate::kernel::text::fold;
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, IfMatch, Lang, LimitGroup, OpClass, Problem, Reader, RequestKey,
};

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let needs = |right| Access::Needs(right);
    let write = |routes| Endpoint::api(routes, needs(Permission::EditSuppliers), OpClass::Write, LimitGroup::General);
    let read = |routes| Endpoint::api(routes, needs(Permission::ReadSuppliers), OpClass::Read, LimitGroup::General);
    let mut endpoints = list::endpoints();
    endpoints.extend([
        write(routes!(create_supplier)),
        read(routes!(get_supplier)),
        write(routes!(change_supplier)),
        write(routes!(add_shipped_suppliers)),
        read(routes!(assign_supplier)),
        write(routes!(teach_assignment)),
        write(routes!(forget_lesson)),
    ]);
    endpoints
}

/// Add a supplier.
#[utoipa::path(post, path = "/api/v1/suppliers", tag = "suppliers", request_body = SupplierBody,
    responses((status = 201, description = "Added", body = SupplierView)))]
async fn create_supplier(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<SupplierBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /suppliers");
    let done = app.db.execute(&actor, key, body.value.create()?).await?;
    Ok(answer(StatusCode::CREATED, done))
}

/// One supplier with how it is reached; that somebody looked is written down.
#[utoipa::path(get, path = "/api/v1/suppliers/{code}", tag = "suppliers",
    params(("code" = SupplierCode, Path, description = "The supplier's code, or its id")),
    responses((status = 200, description = "The supplier", body = SupplierView)))]
async fn get_supplier(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(code): Segment,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadSuppliers).await?;
    let record = by_code(&mut reader.tx(), &code).await?.ok_or_else(Problem::not_found)?;
    let (mut tx, opener) = reader.opening("suppliers.get");
    let out = open_supplier(&mut tx, &opener, record).await?;
    Ok(answer(StatusCode::OK, Done { out, replayed: false }))
}

/// Change a supplier.
#[utoipa::path(patch, path = "/api/v1/suppliers/{code}", tag = "suppliers", request_body = SupplierBody,
    params(("code" = SupplierCode, Path, description = "The supplier's code, or its id"),
        ("If-Match" = Version, Header, description = "The version that was read")),
    responses((status = 200, description = "The supplier as it is now", body = SupplierView)))]
async fn change_supplier(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(code): Segment,
    IfMatch(version): IfMatch,
    body: Body<SupplierBody>,
) -> Result<Response, Problem> {
    let command = body.value.change(code, version)?;
    Ok(answer(StatusCode::OK, app.db.execute(&actor, None, command).await?))
}

/// The suppliers that were added.
#[derive(Debug, Serialize, ToSchema)]
struct AddedSuppliers {
    /// Their codes; none when all were there.
    added: Vec<String>,
}

/// Add those of the suppliers that come with Góndola which are not there yet.
#[utoipa::path(post, path = "/api/v1/suppliers/shipped", tag = "suppliers",
    responses((status = 200, description = "Which were added", body = AddedSuppliers)))]
async fn add_shipped_suppliers(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let key = key.bind("POST /suppliers/shipped", &[]);
    let done = app.db.execute(&actor, key, AddShippedSuppliers).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &AddedSuppliers { added: done.out }))
}

/// A text to find the supplier of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssignBody {
    /// A product or a sentence, as people write it.
    #[schema(value_type = SupplierText, required)]
    text: Option<String>,
}

/// Whose a product or a sentence is, with how sure that is and why; or whom to ask about. Changes nothing.
#[utoipa::path(post, path = "/api/v1/suppliers/assign", tag = "suppliers", request_body = AssignBody,
    responses((status = 200, description = "The supplier, or the candidates", body = Assigned)))]
async fn assign_supplier(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    // Nothing is done that could be done twice; a key that is none is refused here as everywhere.
    _: RequestKey,
    body: Body<AssignBody>,
) -> Result<Json<Assigned>, Problem> {
    let mut errors = Errors::new();
    let text = must(&mut errors, "text", body.value.text, |text| line(text, 1, TEXT_MAX));
    errors.finish()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadSuppliers).await?;
    let assigned = assigning::assign(&app, &mut reader.tx(), &text.expect("nothing was wrong with it"), lang).await?;
    Ok(Json(assigned))
}

/// What a text means.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSupplierLesson)]
#[serde(deny_unknown_fields)]
struct LessonBody {
    /// The text, as people write it.
    #[schema(value_type = SupplierText, required)]
    text: Option<String>,
    /// The code of the supplier it means.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierCode, required)]
    supplier: Option<String>,
}

/// Teach whose a text is from now on.
#[utoipa::path(post, path = "/api/v1/suppliers/lessons", tag = "suppliers", request_body = LessonBody,
    responses((status = 201, description = "Taught", body = LessonView)))]
async fn teach_assignment(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<LessonBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /suppliers/lessons");
    let command = teach(body.value.text, body.value.supplier)?;
    let done = app.db.execute(&actor, key, command).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &LessonView::from(done.out)))
}

/// The command that teaches, or every field's problem.
pub(super) fn teach(text: Option<String>, supplier: Option<String>) -> Result<TeachAssignment, Problem> {
    let mut errors = Errors::new();
    let text = must(&mut errors, "text", text, |text| line(text, 1, TEXT_MAX));
    if text.as_deref().is_some_and(|text| fold(text).is_empty()) {
        errors.add("text", "text_too_short", "Necesita letras o números.", "It needs letters or digits.");
    }
    let supplier = must(&mut errors, "supplier", supplier, parse_code);
    errors.finish()?;
    let read = "nothing was wrong with it";
    Ok(TeachAssignment { text: text.expect(read), supplier: supplier.expect(read) })
}

/// Forget something that was taught; answers what it was.
#[utoipa::path(post, path = "/api/v1/suppliers/lessons/{id}/forget", tag = "suppliers",
    params(("id" = Uuid, Path, description = "The lesson's id")),
    responses((status = 200, description = "Forgotten", body = LessonView)))]
async fn forget_lesson(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::from(SupplierRefusal::UnknownLesson))?;
    let key = key.bind(&format!("POST /suppliers/lessons/{id}/forget"), &[]);
    let done = app.db.execute(&actor, key, ForgetLesson { id }).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &LessonView::from(done.out)))
}

fn answer(status: StatusCode, done: Done<Supplier>) -> Response {
    let version = done.out.record.version;
    marked((status, Json(SupplierView::from(done.out))).into_response(), version, done.replayed)
}
