//! What is stored about users, sessions and keys, as read by the rest of the feature. Codes are
//! checked when a row is read; a value that cannot be one is reported with its table, column and id.

use std::sync::Arc;

use gondola_store::{Actor, ActorKind, At, Origin, Role, Scopes, StoreError};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::EXPIRES_SOON_US;
use super::second_factor::{Factor, TOTP_PENDING, TOTP_SECRET};

/// A user as lists and answers show them; never with the password's hash.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct UserRecord {
    /// The id.
    pub id: Uuid,
    /// What they log in with.
    pub username: String,
    /// What others know them by.
    pub name: String,
    /// The role's code.
    pub role: String,
    /// The code of the one location they may see and touch; none means all.
    pub location: Option<String>,
    /// Whether they may log in.
    pub active: bool,
    /// Until when too many failed log-ins keep them out.
    pub locked_until: Option<At>,
    /// Since when there is such a user.
    pub created_at: At,
    /// Counts changes, for `If-Match`.
    pub version: i64,
    /// Whether a log-in also asks for a code of their authenticator.
    pub second_factor: bool,
}

impl UserRecord {
    /// The role, checked.
    pub fn role(&self) -> Result<Role, StoreError> {
        role(&self.role, self.id)
    }
}

/// An API key as lists and answers show it; never with its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct KeyRecord {
    /// The id.
    pub id: Uuid,
    /// The name people gave it.
    pub name: String,
    /// Its scopes, as `read,write`.
    pub scopes: String,
    /// Requests per 60 seconds, when it has a budget of its own.
    pub quota: Option<i64>,
    /// The networks it may come from, as `192.168.1.0/24,10.0.0.7/32`; none means any.
    pub networks: Option<String>,
    /// The code of the one location it may see and touch; none means all.
    pub location: Option<String>,
    /// The user name of who made it; none for the console of the machine.
    pub owner: Option<String>,
    /// When it was made.
    pub created_at: At,
    /// When it ends by itself.
    pub expires_at: At,
    /// Until when the secret before the last rotation is good too.
    pub previous_until: Option<At>,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<At>,
    /// When it was revoked.
    pub revoked_at: Option<At>,
}

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// Good.
    Active,
    /// Good, for a week at most.
    Expiring,
    /// Ended by itself.
    Expired,
    /// Taken away.
    Revoked,
}

impl KeyState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Expiring, Self::Expired, Self::Revoked];

    /// How a key that ends then, or was revoked, stands at an instant.
    pub fn of(expires_at: At, revoked_at: Option<At>, now: At) -> Self {
        match revoked_at {
            Some(_) => Self::Revoked,
            None if expires_at <= now => Self::Expired,
            None if expires_at <= now + EXPIRES_SOON_US => Self::Expiring,
            None => Self::Active,
        }
    }

    /// The name in API, command line and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl KeyRecord {
    /// How it stands at an instant.
    pub fn state(&self, now: At) -> KeyState {
        KeyState::of(self.expires_at, self.revoked_at, now)
    }

    /// The networks it may come from, one by one; none means any.
    pub fn networks(&self) -> impl Iterator<Item = &str> {
        self.networks.iter().flat_map(|networks| networks.split(','))
    }

    /// Until when the secret before the last rotation is good; none when it no longer is.
    pub fn overlap(&self, now: At) -> Option<At> {
        self.previous_until.filter(|until| *until > now && self.revoked_at.is_none())
    }
}

/// What a key may be used for, and until when.
#[derive(Debug, FromRow)]
pub(super) struct KeyEndRow {
    pub scopes: String,
    pub expires_at: At,
    pub revoked_at: Option<At>,
}

/// A session as its owner and the shop's owner see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The id, which opens nothing.
    pub id: Uuid,
    /// When they logged in.
    pub created_at: At,
    /// When it was last used, give or take a minute.
    pub seen_at: At,
    /// When it ends by itself at the latest.
    pub expires_at: At,
    /// The address it was opened from.
    pub client_ip: String,
    /// The browser it was opened with.
    pub agent: String,
    /// Whether it is the session that asks.
    pub current: bool,
}

/// What a log-in is checked against.
#[derive(FromRow)]
pub(super) struct LogInRow {
    pub id: Uuid,
    pub name: String,
    pub role: String,
    pub password_hash: String,
    /// Sealed; see `second_factor`.
    pub totp_secret: Option<Vec<u8>>,
    pub totp_step: i64,
    pub active: bool,
    pub locked_until: Option<At>,
}

impl LogInRow {
    /// Who they are from now on, for a request that came from there.
    pub fn actor(&self, origin: &Arc<Origin>) -> Result<Actor, StoreError> {
        let kind = ActorKind::User(role(&self.role, self.id)?);
        Ok(Actor { id: self.id, name: self.name.clone(), origin: Arc::clone(origin), ..Actor::of(kind) })
    }

    /// Their second factor.
    pub fn factor(&self) -> Factor<'_> {
        Factor { user: self.id, column: &TOTP_SECRET, sealed: self.totp_secret.as_deref(), used: self.totp_step }
    }

    pub fn may_enter(&self, now: At) -> bool {
        self.active && self.locked_until.is_none_or(|until| until <= now)
    }
}

/// Whose session it is. Processes share copies of it, sealed.
#[derive(FromRow, Serialize, Deserialize)]
pub(super) struct SessionUserRow {
    pub session_id: Uuid,
    pub seen_at: At,
    pub id: Uuid,
    pub name: String,
    pub role: String,
    pub location_id: Option<Uuid>,
    pub second_factor: bool,
}

/// A person's second factor, as it is set up.
#[derive(FromRow)]
pub(super) struct FactorRow {
    pub id: Uuid,
    pub username: String,
    pub totp_secret: Option<Vec<u8>>,
    pub totp_pending: Option<Vec<u8>>,
    pub totp_step: i64,
    /// Written-down codes that are left.
    pub codes: i64,
}

impl FactorRow {
    /// The factor in use.
    pub fn factor(&self) -> Factor<'_> {
        Factor { user: self.id, column: &TOTP_SECRET, sealed: self.totp_secret.as_deref(), used: self.totp_step }
    }

    /// The factor that waits for its first code.
    pub fn pending(&self) -> Factor<'_> {
        Factor { user: self.id, column: &TOTP_PENDING, sealed: self.totp_pending.as_deref(), used: 0 }
    }
}

#[derive(FromRow)]
pub(super) struct SessionRow {
    pub id: Uuid,
    pub id_hash: Vec<u8>,
    pub created_at: At,
    pub seen_at: At,
    pub expires_at: At,
    pub client_ip: String,
    pub agent: String,
}

#[derive(FromRow)]
pub(super) struct KeyHolderRow {
    pub id: Uuid,
    pub name: String,
    pub scopes: String,
    pub location_id: Option<Uuid>,
    pub quota: Option<i64>,
    pub networks: Option<String>,
    pub last_used_at: Option<At>,
    pub ended: Option<String>,
}

impl KeyHolderRow {
    /// Why the key opens nothing, if so.
    pub fn ended(&self) -> Result<Option<&'static str>, StoreError> {
        let known = ["key_revoked", "key_expired", "key_owner_disabled"];
        let named = |code: &str| known.into_iter().find(|known| *known == code);
        let unknown = |code: &String| StoreError::corrupt("api_keys", "revoked_at", self.id, code);
        self.ended.as_ref().map(|code| named(code).ok_or_else(|| unknown(code))).transpose()
    }
}

pub(super) fn role(code: &str, id: Uuid) -> Result<Role, StoreError> {
    Role::from_code(code).ok_or_else(|| StoreError::corrupt("users", "role", id, code))
}

/// Networks as they are stored, with the key they are of.
pub(super) fn networks(text: &str, id: Uuid) -> Result<Vec<IpNet>, StoreError> {
    text.split(',')
        .map(|network| network.parse().map_err(|_| StoreError::corrupt("api_keys", "networks", id, network)))
        .collect()
}

pub(super) fn scopes(text: &str, id: Uuid) -> Result<Scopes, StoreError> {
    Scopes::parse(text).map_err(|word| StoreError::corrupt("api_keys", "scopes", id, word))
}
