//! Who calls: an API key in `X-API-Key` (or as a bearer token for `/metrics`), or a session cookie.
//! A wrong, expired or revoked one, or one from a network that it is not for, makes the caller anonymous, the same as none, so that the answer
//! tells nothing (KEY-4). A revoked key is refused at the next request, on every process, because keys are read from
//! the database each time (KEY-7). Whose session it is may come from a copy that processes share, which whoever ends a
//! session has forgotten and which lasts for seconds at most (USR-4, USR-12).

use std::net::IpAddr;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use gondola_store::{Actor, ActorKind, Command, Copies, StoreError};
use gondola_vault::Digest;

use super::TOUCH_US;
use super::commands::{TouchKey, TouchSession};
use super::queries::{find_key_holder, find_session};
use super::rows::{self, SessionUserRow};
use super::secrets::{KEY_PREFIX, Kind, Secret};
use crate::kernel::client::ip_of;
use crate::kernel::{App, Problem, cookie};

/// The session cookie; over https it is `__Host-gondola_session`.
pub const SESSION_COOKIE: &str = cookie::SESSION;

/// Names under which people put keys into addresses.
const KEY_PARAMETERS: [&str; 4] = ["api_key", "apikey", "api-key", "x-api-key"];

/// Who calls, and how much they may ask for.
#[derive(Debug, Clone)]
pub struct Known {
    /// Who.
    pub actor: Actor,
    /// Requests a minute, when their key says how many.
    pub quota: Option<u32>,
    /// The key that they came with, if it is one of the shop's and opens nothing.
    pub refused_key: Option<RefusedKey>,
}

/// A key that was once made here and opens nothing: whoever holds it is nobody. The audit trail tells which it was, the
/// answer does not.
#[derive(Debug, Clone)]
pub struct RefusedKey {
    /// Whose it would be.
    pub actor: Actor,
    /// Why it opens nothing.
    pub code: &'static str,
}

impl From<Actor> for Known {
    fn from(actor: Actor) -> Self {
        Self { actor, quota: None, refused_key: None }
    }
}

/// Finds out who calls.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn authenticate(app: &App, parts: &Parts) -> Result<Known, Problem> {
    let known = if let Some(presented) = presented_key(parts) {
        key_holder(app, presented, ip_of(&parts.extensions)).await?.map(|(known, ended)| match ended {
            None => known,
            Some(code) => {
                let refused_key = Some(RefusedKey { actor: known.actor, code });
                Known { refused_key, ..Actor::anonymous().into() }
            }
        })
    } else if let Some(digest) = session_digest(app, &parts.headers) {
        session_actor(app, digest).await?.map(Known::from)
    } else {
        None
    };
    Ok(known.unwrap_or_else(|| Actor::anonymous().into()))
}

/// Whether whoever was let in would be let in now, by the same credentials; it is no use of them. Where the database does not
/// answer, they would.
pub async fn still_known(app: &App, parts: &Parts, actor: &Actor) -> bool {
    let known = if let Some(presented) = presented_key(parts) {
        let Some(secret) = presented else { return false };
        let holder = find_key_holder(&app.db, secret.digest(app.db.vault(), Kind::Key)).await;
        holder.map(|holder| holder.is_some_and(|holder| holder.id == actor.id && matches!(holder.ended(), Ok(None))))
    } else if let Some(digest) = session_digest(app, &parts.headers) {
        find_session(&app.db, digest).await.map(|user| user.is_some_and(|user| user.id == actor.id))
    } else {
        return true;
    };
    known.unwrap_or(true)
}

/// The digest of the session the browser holds, good or not.
pub(super) fn session_digest(app: &App, headers: &HeaderMap) -> Option<Digest> {
    let id = Secret::presented(cookie::read(headers, SESSION_COOKIE, app.https)?)?;
    Some(id.digest(app.db.vault(), Kind::Session))
}

/// A key in an address ends up in logs and histories, so it is refused even when it is good, wherever it is sent (KEY-8).
///
/// # Errors
/// 400.
pub fn refuse_key_in_address(uri: &Uri) -> Result<(), Problem> {
    let Some(query) = uri.query() else { return Ok(()) };
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let holds_key = |(name, value): &(String, String)| {
        let looks_like_one = value.starts_with(KEY_PREFIX);
        looks_like_one || (KEY_PARAMETERS.contains(&name.to_lowercase().as_str()) && !value.is_empty())
    };
    if !pairs.iter().any(holds_key) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::BAD_REQUEST,
        "key_in_address",
        "La clave va en el encabezado X-API-Key, nunca en la dirección. Si era una clave de verdad, revocala: quedó a la vista.",
        "The key goes in the header X-API-Key, never in the address. If it was a real one, revoke it: it was exposed.",
    ))
}

/// What was presented as a key: `Some(None)` when it cannot be one.
fn presented_key(parts: &Parts) -> Option<Option<Secret>> {
    let header = parts.headers.get("x-api-key").map(|value| value.to_str().unwrap_or_default());
    let bearer = || {
        let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        (parts.uri.path() == "/metrics" && scheme.eq_ignore_ascii_case("bearer")).then_some(token.trim())
    };
    header.or_else(bearer).map(Secret::presented_key)
}

/// Who holds a key, and why it opens nothing, if so.
async fn key_holder(
    app: &App,
    presented: Option<Secret>,
    ip: IpAddr,
) -> Result<Option<(Known, Option<&'static str>)>, Problem> {
    let Some(secret) = presented else { return Ok(None) };
    let digest = secret.digest(app.db.vault(), Kind::Key);
    let Some(holder) = find_key_holder(&app.db, digest).await? else { return Ok(None) };
    let networks = holder.networks.as_deref().map(|networks| rows::networks(networks, holder.id)).transpose()?;
    let foreign = networks.is_some_and(|networks| !networks.iter().any(|network| network.contains(&ip.to_canonical())));
    let ended = holder.ended()?.or(foreign.then_some("key_foreign_network"));
    if ended.is_none() && holder.last_used_at.is_none_or(|at| at < app.db.now() - TOUCH_US) {
        note(app, TouchKey { id: holder.id });
    }
    let kind = ActorKind::Key(rows::scopes(&holder.scopes, holder.id)?);
    let actor = Actor { id: holder.id, name: holder.name, location: holder.location_id, ..Actor::of(kind) };
    let quota = holder.quota.map(|quota| u32::try_from(quota).unwrap_or(u32::MAX));
    Ok(Some((Known { actor, quota, refused_key: None }, ended)))
}

async fn session_actor(app: &App, digest: Digest) -> Result<Option<Actor>, Problem> {
    let Some(user) = app.db.copied(Copies::Sessions, &digest, look_up(app, digest)).await? else { return Ok(None) };
    let role = rows::role(&user.role, user.id)?;
    let arriving = !user.second_factor && app.second_factor_roles.contains(&role);
    let kind = if arriving { ActorKind::Arriving(role) } else { ActorKind::User(role) };
    Ok(Some(Actor { id: user.id, name: user.name, location: user.location_id, ..Actor::of(kind) }))
}

/// Whose session it is by the database, which also notes that it is in use: often enough, for copies last shorter.
async fn look_up(app: &App, digest: Digest) -> Result<Option<SessionUserRow>, StoreError> {
    let user = find_session(&app.db, digest).await?;
    if let Some(user) = user.as_ref().filter(|user| user.seen_at < app.db.now() - TOUCH_US) {
        note(app, TouchSession { id: user.session_id });
    }
    Ok(user)
}

/// "Last seen" is written beside the request, which does not wait for it: a busy writer must not hold
/// up readers.
fn note<C: Command>(app: &App, command: C) {
    let db = app.db.clone();
    tokio::spawn(async move {
        if db.execute(&Actor::system("door"), None, command).await.is_err() {
            tracing::warn!(command.name = C::NAME, "the last use was not written");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KEY-8.
    #[test]
    fn a_key_in_the_address_is_refused() {
        let refused = |uri: &str| refuse_key_in_address(&uri.parse().unwrap()).is_err();
        for uri in ["/a?x=gnd_abc", "/a?api_key=1", "/a?X-API-Key=1", "/a?b=1&x=gnd%5Fabc", "/a?apikey=z"] {
            assert!(refused(uri), "{uri}");
        }
        for uri in ["/a", "/a?q=leche", "/a?q=agnd_"] {
            assert!(!refused(uri), "{uri}");
        }
    }
}
