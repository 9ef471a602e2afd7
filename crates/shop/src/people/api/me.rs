//! `/me`: who the caller is to the shop.

use axum::Json;
use axum::extract::State;
use gondola_store::{ActorKind, Permission};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::queries;
use crate::kernel::{App, Caller, Problem, Reader};

/// The caller.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// `user` or `key`.
    kind: &'static str,
    #[schema(format = "uuid")]
    id: String,
    name: String,
    /// A user's role.
    #[schema(required)]
    role: Option<&'static str>,
    /// A key's scopes.
    #[schema(required)]
    scopes: Option<Vec<&'static str>>,
    /// The code of the one location the caller may see and touch; null means all.
    #[schema(required)]
    location: Option<String>,
}

/// Who the caller is.
#[utoipa::path(get, path = "/api/v1/me", tag = "people", responses((status = 200, body = Me)))]
pub async fn me(State(app): State<App>, Caller(actor): Caller) -> Result<Json<Me>, Problem> {
    let location = match actor.location {
        None => None,
        Some(id) => {
            let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
            queries::location_code(&mut reader.tx(), id).await?
        }
    };
    let (kind, role, scopes) = match &actor.kind {
        ActorKind::User(role) | ActorKind::Arriving(role) => ("user", Some(role.code()), None),
        ActorKind::Key(scopes) => ("key", None, Some(scopes.codes())),
        ActorKind::System | ActorKind::Anonymous => return Err(Problem::forbidden()),
    };
    Ok(Json(Me { kind, id: actor.id.to_string(), name: actor.name, role, scopes, location }))
}
