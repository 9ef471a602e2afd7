//! What is stored about users, sessions and keys, as read by the rest of the feature. Codes are
//! checked when a row is read; a value that cannot be one is reported with its table, column and id.

use gondola_store::{At, Role, Scopes, StoreError};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

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
    /// The code of the one location it may see and touch; none means all.
    pub location: Option<String>,
    /// The user name of who made it; none for the console of the machine.
    pub owner: Option<String>,
    /// When it was made.
    pub created_at: At,
    /// When it ends by itself.
    pub expires_at: At,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<At>,
    /// When it was revoked.
    pub revoked_at: Option<At>,
}

/// A session as its owner sees it.
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
    pub password_hash: String,
    pub active: bool,
    pub locked_until: Option<At>,
}

impl LogInRow {
    pub fn may_enter(&self, now: At) -> bool {
        self.active && self.locked_until.is_none_or(|until| until <= now)
    }
}

#[derive(FromRow)]
pub(super) struct SessionUserRow {
    pub session_id: Uuid,
    pub seen_at: At,
    pub id: Uuid,
    pub name: String,
    pub role: String,
    pub location_id: Option<Uuid>,
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
    pub last_used_at: Option<At>,
}

pub(super) fn role(code: &str, id: Uuid) -> Result<Role, StoreError> {
    Role::from_code(code).ok_or_else(|| StoreError::corrupt("users", "role", id, code))
}

pub(super) fn scopes(text: &str, id: Uuid) -> Result<Scopes, StoreError> {
    Scopes::parse(text).map_err(|word| StoreError::corrupt("api_keys", "scopes", id, word))
}
