//! The JSON calls of the assistant: a sentence in, what became of it out; a plan confirmed; a message undone.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_language::parse::Place;
use gondola_store::{Actor, Done, Key, Permission};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::confirm::ConfirmPlan;
use super::known::parser;
use super::place::{PLACES, place_of};
use super::queries::{self, Message};
use super::read::read;
use super::refusal::AssistantRefused;
use super::say::{Said, Say, TOKEN_LEN, digest};
use super::scalars::{PlaceCode, PlainSentence, PlanToken};
use super::undo::UndoMessage;
use super::views::{MessageItem, item};
use crate::kernel::answer::replayable;
use crate::kernel::body::{NoBody, given};
use crate::kernel::path::Segment;
use crate::kernel::text::clean_text;
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, Lang, LimitGroup, OpClass, Problem, Reader, RequestKey,
};
use crate::notebook::SENTENCE_MAX;

/// The right to speak to the assistant; what a sentence writes needs its own besides.
pub(super) const SPEAKS: Permission = Permission::WriteNotebook;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write = |routes| Endpoint::api(routes, Access::Needs(SPEAKS), OpClass::Write, LimitGroup::General);
    let read = |routes| Endpoint::api(routes, Access::Needs(SPEAKS), OpClass::Read, LimitGroup::General);
    vec![write(routes!(say)), read(routes!(get_message)), write(routes!(confirm_plan)), write(routes!(undo_message))]
}

/// A sentence in plain Spanish.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewAssistantMessage, example = json!({"text": "Falta pan Fargo", "place": "notebook"}))]
#[serde(deny_unknown_fields)]
struct SayBody {
    /// The sentence, 1 to 500 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PlainSentence, required)]
    text: Option<String>,
    /// `notebook` (when absent) or `backstore`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PlaceCode)]
    place: Option<String>,
}

/// The sentence and its place, or every field's problem.
pub(super) fn parse(text: Option<String>, place: Option<String>) -> Result<(String, Place), Problem> {
    let mut errors = Errors::new();
    let text = errors.required("text", text).and_then(|text| {
        errors.take("text", clean_text(&text, SENTENCE_MAX).map_err(|error| (error.code(), error.message())))
    });
    if text.as_deref() == Some("") {
        errors.add("text", "empty", "No puede estar vacío.", "It cannot be empty.");
    }
    let place = place.map_or(Some(Place::Notebook), |code| {
        let place = place_of(&code);
        if place.is_none() {
            let known = PLACES.map(|(_, code)| code).join(", ");
            errors.add(
                "place",
                "unknown_place",
                format!("Los lugares son: {known}."),
                format!("The places are: {known}."),
            );
        }
        place
    });
    errors.finish()?;
    Ok((text.expect("nothing was wrong with it"), place.expect("nothing was wrong with it")))
}

/// Reads a sentence and does what it says.
///
/// # Errors
/// What the command refuses, and the database's failure.
pub(super) async fn speak(
    app: &App,
    actor: &Actor,
    key: Option<Key>,
    (sentence, place): (String, Place),
) -> Result<Done<Said>, Problem> {
    let parser = {
        let mut reader = Reader::open(app, actor, SPEAKS).await?;
        parser(app, &mut reader).await?
    };
    let (status, plan) = read(&parser, &sentence, place);
    Ok(app.db.execute(actor, key, Say { sentence, place, status, plan }).await?)
}

/// Carries out the plan that a token is for.
///
/// # Errors
/// What the command refuses, and the database's failure.
pub(super) async fn confirm(app: &App, actor: &Actor, key: Option<Key>, token: &str) -> Result<Done<Said>, Problem> {
    let is_token = token.len() == TOKEN_LEN && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if !is_token {
        return Err(AssistantRefused::NoToken.into());
    }
    let found = {
        let mut reader = Reader::open(app, actor, SPEAKS).await?;
        queries::find_plan(&mut reader.tx(), &digest(app.db.vault(), token)).await?
    };
    let message = found.filter(|found| is_own(found, actor)).ok_or(AssistantRefused::UnknownPlan)?;
    Ok(app.db.execute(actor, key, ConfirmPlan::of(&message)).await?)
}

/// Undoes a message.
///
/// # Errors
/// What the command refuses, and the database's failure.
pub(super) async fn undo(app: &App, actor: &Actor, key: Option<Key>, id: Uuid) -> Result<Done<Said>, Problem> {
    let message = own_message(app, actor, id).await?;
    Ok(app.db.execute(actor, key, UndoMessage::of(&message)).await?)
}

async fn own_message(app: &App, actor: &Actor, id: Uuid) -> Result<Message, Problem> {
    let mut reader = Reader::open(app, actor, SPEAKS).await?;
    let found = queries::find(&mut reader.tx(), id).await?;
    Ok(found.filter(|found| is_own(found, actor)).ok_or(AssistantRefused::UnknownMessage)?)
}

fn is_own(message: &Message, actor: &Actor) -> bool {
    message.actor == actor.reference()
}

fn answer(done: Done<Said>, lang: Lang) -> Response {
    replayable(StatusCode::OK, done.replayed, &item(done.out, lang))
}

/// Say something to the shop in plain Spanish. What is clear is written; what is critical waits for its confirmation; what is
/// not clear is asked.
#[utoipa::path(post, path = "/api/v1/assistant/messages", tag = "assistant", request_body = SayBody,
    responses((status = 200, description = "What became of it", body = MessageItem)))]
async fn say(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    key: RequestKey,
    body: Body<SayBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /assistant/messages");
    let said = parse(body.value.text, body.value.place)?;
    Ok(answer(speak(&app, &actor, key, said).await?, lang))
}

/// One message of yours, as it stands now. A token is told once only.
#[utoipa::path(get, path = "/api/v1/assistant/messages/{id}", tag = "assistant", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The message", body = MessageItem)))]
async fn get_message(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    Segment(id): Segment,
) -> Result<Json<MessageItem>, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let message = own_message(&app, &actor, id).await?;
    Ok(Json(item(Said { message, token: None }, lang)))
}

/// The token of a plan.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = AssistantConfirmation)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    /// The token that the plan came with.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PlanToken, required)]
    token: Option<String>,
}

/// Confirm a plan: once, within 120 seconds, by who wrote the sentence.
#[utoipa::path(post, path = "/api/v1/assistant/confirm", tag = "assistant", request_body = ConfirmBody,
    responses((status = 200, description = "Carried out", body = MessageItem)))]
async fn confirm_plan(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    key: RequestKey,
    body: Body<ConfirmBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /assistant/confirm");
    let mut errors = Errors::new();
    let token = errors.required("token", body.value.token);
    errors.finish()?;
    let token = token.expect("nothing was wrong with it");
    Ok(answer(confirm(&app, &actor, key, &token).await?, lang))
}

/// Undo what you wrote last: its lines are crossed out, its movements reversed.
#[utoipa::path(post, path = "/api/v1/assistant/messages/{id}/undo", tag = "assistant", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Undone", body = MessageItem)))]
async fn undo_message(
    State(app): State<App>,
    Caller(actor): Caller,
    lang: Lang,
    Segment(id): Segment,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = key.bind(&format!("POST /assistant/messages/{id}/undo"), &[]);
    Ok(answer(undo(&app, &actor, key, id).await?, lang))
}
