//! `/keys`: the keys of programs. A secret is in the answer that makes the key and nowhere else: it is
//! not stored with the idempotency key either, so a repeated request is refused instead of answered.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::commands::RevokeKey;
use super::super::input::{KeyInput, RotationInput};
use super::super::queries;
use super::super::rows::KeyRecord;
use super::super::scalars::{KeyName, Network, OwnLocation, ScopeCode};
use super::super::secrets::{Kind, Secret};
use super::id;
use super::users::answer;
use crate::kernel::body::NoBody;
use crate::kernel::scalars::Day;
use crate::kernel::{App, Body, Caller, Columns, List, Listing, Page, Problem, Reader, RequestKey, time};

/// An API key, without its secret.
#[derive(Serialize, ToSchema)]
pub struct ApiKey {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    /// Of `read`, `write`, `admin`, `metrics`.
    scopes: Vec<String>,
    /// Requests per 60 seconds; null means the general budget.
    #[schema(required)]
    quota: Option<i64>,
    /// The networks it may come from; empty means any.
    networks: Vec<String>,
    /// The code of the one location it may see and touch; null means all.
    #[schema(required)]
    location: Option<String>,
    /// The user name of who made it; null for the machine's console.
    #[schema(required)]
    owner: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(format = "date-time")]
    expires_at: String,
    /// Until when the secret before the last rotation is good too; null without one.
    #[schema(required, format = "date-time")]
    previous_until: Option<String>,
    /// Give or take a minute.
    #[schema(required, format = "date-time")]
    last_used_at: Option<String>,
    #[schema(required, format = "date-time")]
    revoked_at: Option<String>,
}

impl From<KeyRecord> for ApiKey {
    fn from(key: KeyRecord) -> Self {
        let networks = key.networks().map(str::to_owned).collect();
        Self {
            id: key.id.to_string(),
            name: key.name,
            scopes: key.scopes.split(',').map(str::to_owned).collect(),
            quota: key.quota,
            networks,
            location: key.location,
            owner: key.owner,
            created_at: time::format_instant(key.created_at),
            expires_at: time::format_instant(key.expires_at),
            previous_until: key.previous_until.map(time::format_instant),
            last_used_at: key.last_used_at.map(time::format_instant),
            revoked_at: key.revoked_at.map(time::format_instant),
        }
    }
}

/// A new API key with its secret, shown this once.
#[derive(Serialize, ToSchema)]
pub struct CreatedKey {
    #[serde(flatten)]
    key: ApiKey,
    /// Send it as `X-API-Key`. It is not shown again.
    #[schema(pattern = "^gnd_[A-Za-z0-9_-]{49}$")]
    secret: String,
}

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What people call it.
    #[schema(value_type = KeyName, required)]
    name: Option<String>,
    /// What it is good for.
    #[schema(value_type = Vec<ScopeCode>, required, min_items = 1)]
    scopes: Option<Vec<String>>,
    /// Requests per 60 seconds.
    #[schema(minimum = 1, maximum = 1_000_000)]
    quota: Option<i64>,
    /// The networks it may come from; none means any.
    #[schema(value_type = Option<Vec<Network>>, max_items = 20)]
    networks: Option<Vec<String>>,
    /// The last day it is good; 60 days from now when left out, 365 at most.
    #[schema(value_type = Option<Day>)]
    expires_on: Option<String>,
    /// The code of the one location it may see and touch; none means all.
    #[schema(value_type = Option<OwnLocation>)]
    location: Option<String>,
}

/// How a key gets another secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Hours that the secret until now stays good; 24 when left out. 0 ends it at once, as when it was seen by a stranger.
    #[schema(minimum = 0, maximum = 168)]
    overlap_hours: Option<i64>,
    /// The last day the new one is good; 60 days from now when left out, 365 at most.
    #[schema(value_type = Option<Day>)]
    expires_on: Option<String>,
}

/// Keys take no filter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {}

impl List for Keys {
    type Item = ApiKey;
    type Key = String;
    type Filter = ();

    const NAME: &'static str = "keys";
    const TITLE: [&'static str; 2] = ["Claves de API", "API keys"];
    const NEEDS: Permission = Permission::ManageKeys;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(_: &(), reader: &mut Reader, after: Option<String>, limit: i64) -> Result<Page<ApiKey>, Problem> {
        let rows = queries::list_keys(&mut reader.tx(), after.as_deref(), limit + 1).await?;
        Ok(Page::cut(rows, limit, |key| key.name.clone(), ApiKey::from))
    }

    fn columns(_: Option<&()>) -> Columns<ApiKey> {
        Columns::<ApiKey>::new()
            .text("Nombre", "Name", |key| key.name.clone())
            .text("Permisos", "Scopes", |key| key.scopes.join(","))
            .text("Ubicación", "Place", |key| key.location.clone())
            .text("De quién", "Whose", |key| key.owner.clone())
            .whole("Pedidos por minuto", "Requests per minute", |key| key.quota)
            .text("Redes", "Networks", |key| key.networks.join(","))
            .instant("Creada", "Created", |key| key.created_at.clone())
            .instant("Vence", "Expires", |key| key.expires_at.clone())
            .instant("Último uso", "Last used", |key| key.last_used_at.clone())
            .instant("Revocada", "Revoked", |key| key.revoked_at.clone())
            .text("Id", "Id", |key| key.id.clone())
    }
}

/// API keys by name, revoked ones too.
#[utoipa::path(get, path = "/api/v1/keys", tag = "people",
    responses((status = 200, body = Page<ApiKey>)))]
pub async fn list_keys(asked: Listing<Keys>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Makes an API key. The secret is in this answer only; the same request with the same
/// `Idempotency-Key` makes no second key and answers 409.
#[utoipa::path(post, path = "/api/v1/keys", tag = "people", request_body = NewKey,
    responses((status = 201, body = CreatedKey)))]
pub async fn create_key(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<NewKey>,
) -> Result<Response, Problem> {
    let request_key = body.key(&key, "POST /keys");
    let NewKey { name, scopes, quota, networks, expires_on, location } = body.value;
    let (scopes, networks) = (scopes.unwrap_or_default(), networks.unwrap_or_default());
    let new = KeyInput { name, scopes, quota, expires_on, networks, location }.parse(app.db.now(), &app.zone)?;
    let secret = Secret::draw_key();
    let command = new.create(secret.digest(app.db.vault(), Kind::Key));
    let done = app.db.execute(&actor, request_key, command).await?;
    if done.replayed {
        return Err(shown_once());
    }
    let created = CreatedKey { key: done.out.into(), secret: secret.reveal().to_owned() };
    Ok(answer(StatusCode::CREATED, created, false))
}

fn shown_once() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "secret_shown_once",
        "Esa clave ya se creó y su secreto se mostró una sola vez. Si se perdió, revocala y creá otra.",
        "That key was made already and its secret was shown once. If it is lost, revoke the key and make another.",
    )
}

/// Gives a key another secret. The one until now stays good for the overlap, so that no program has to stop. The new
/// secret is in this answer only; the same request with the same `Idempotency-Key` answers 409.
#[utoipa::path(post, path = "/api/v1/keys/{id}/rotate", tag = "people", request_body = Rotation,
    params(("id" = Uuid, Path, description = "The key's id.")), responses((status = 200, body = CreatedKey)))]
pub async fn rotate_key(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    key: RequestKey,
    body: Body<Rotation>,
) -> Result<Response, Problem> {
    let id = id(&path)?;
    let request_key = body.key(&key, &format!("POST /keys/{id}/rotate"));
    let Rotation { overlap_hours, expires_on } = body.value;
    let secret = Secret::draw_key();
    let digest = secret.digest(app.db.vault(), Kind::Key);
    let command = RotationInput { overlap_hours, expires_on }.rotate(id, digest, app.db.now(), &app.zone)?;
    let done = app.db.execute(&actor, request_key, command).await?;
    if done.replayed {
        return Err(shown_once());
    }
    let rotated = CreatedKey { key: done.out.into(), secret: secret.reveal().to_owned() };
    Ok(answer(StatusCode::OK, rotated, false))
}

/// Revokes a key, at once and for good.
#[utoipa::path(post, path = "/api/v1/keys/{id}/revoke", tag = "people",
    params(("id" = Uuid, Path, description = "The key's id.")), responses((status = 200, body = ApiKey)))]
pub async fn revoke_key(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = id(&path)?;
    let request_key = key.bind(&format!("POST /keys/{id}/revoke"), &[]);
    let done = app.db.execute(&actor, request_key, RevokeKey { id }).await?;
    Ok(answer(StatusCode::OK, ApiKey::from(done.out), done.replayed))
}
