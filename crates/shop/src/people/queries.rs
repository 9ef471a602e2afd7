//! Reading users, keys and sessions. Functions on a transaction are shared with the commands; those
//! on a [`Reader`] are what pages and API ask, and a reader is had only with the right.

use gondola_store::{Db, Scope, StoreError, Tx, both};
use gondola_vault::Digest;
use uuid::Uuid;

use super::rows::{
    FactorRow, KeyEndRow, KeyHolderRow, KeyRecord, KeyState, LogInRow, SessionRecord, SessionRow, SessionUserRow,
    UserRecord,
};
use super::{IDLE_US, SESSIONS_MAX, sql};
use crate::kernel::{Problem, Reader};

/// How many users there are.
pub async fn count_users(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let (count,) = both!(tx, c, text => sqlx::query_as(text(sql::COUNT_USERS)).fetch_one(c).await?);
    Ok(count)
}

/// How everybody's password is hashed, by user name.
pub(super) async fn list_password_hashes(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_PASSWORD_HASHES)).fetch_all(c).await?))
}

/// A user by id.
pub async fn find_user(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<UserRecord>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_USER)).bind(id).fetch_optional(c).await?))
}

/// A user by user name.
pub async fn find_user_by_name(tx: &mut Tx<'_>, username: &str) -> Result<Option<UserRecord>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_USER_BY_NAME)).bind(username).fetch_optional(c).await?))
}

/// Users after a user name.
pub async fn list_users(
    tx: &mut Tx<'_>,
    email: Option<&[u8]>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<UserRecord>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_USERS))
        .bind(after).bind(limit).bind(email).fetch_all(c).await?))
}

/// A key by id.
pub async fn find_key(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<KeyRecord>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_KEY)).bind(id).fetch_optional(c).await?))
}

/// A key by name.
pub async fn find_key_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<KeyRecord>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_KEY_BY_NAME)).bind(name).fetch_optional(c).await?))
}

/// Keys after a name.
pub async fn list_keys(tx: &mut Tx<'_>, after: Option<&str>, limit: i64) -> Result<Vec<KeyRecord>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_KEYS)).bind(after).bind(limit).fetch_all(c).await?))
}

/// The locations a user or key can be narrowed to, as code and name.
pub async fn list_locations(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_LOCATIONS)).fetch_all(c).await?))
}

/// The code of a location.
pub async fn location_code(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<String>, StoreError> {
    let found: Option<(String,)> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_LOCATION_CODE)).bind(id).fetch_optional(c).await?);
    Ok(found.map(|(code,)| code))
}

/// The reader's own sessions, the newest first.
pub async fn own_sessions(
    reader: &mut Reader,
    now: i64,
    current: Option<Digest>,
) -> Result<Vec<SessionRecord>, Problem> {
    let user = reader.actor().id;
    Ok(sessions_of(&mut reader.tx(), user, now, current).await?)
}

/// A user's sessions that still last, the newest first.
pub async fn sessions_of(
    tx: &mut Tx<'_>,
    user: Uuid,
    now: i64,
    current: Option<Digest>,
) -> Result<Vec<SessionRecord>, StoreError> {
    let rows: Vec<SessionRow> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_SESSIONS))
        .bind(user).bind(now).bind(now - IDLE_US).bind(SESSIONS_MAX).fetch_all(c).await?);
    let record = |row: SessionRow| SessionRecord {
        current: current.is_some_and(|digest| digest[..] == row.id_hash),
        id: row.id,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
        client_ip: row.client_ip,
        agent: row.agent,
    };
    Ok(rows.into_iter().map(record).collect())
}

/// Every key, by what it may be used for and how it stands; one of several scopes stands under each.
///
/// # Errors
/// [`StoreError`].
pub async fn key_ends(db: &Db) -> Result<Vec<(Scope, KeyState)>, StoreError> {
    let now = db.now();
    let mut once = db.read_once().await?;
    let rows: Vec<KeyEndRow> = both!(&mut once.as_tx(), c, text => sqlx::query_as(text(sql::LIST_KEY_ENDS))
        .fetch_all(c).await?);
    let ends = rows.iter().flat_map(|row| {
        let state = KeyState::of(row.expires_at, row.revoked_at, now);
        let has = |scope: &Scope| row.scopes.split(',').any(|code| code == scope.code());
        Scope::ALL.into_iter().filter(has).map(move |scope| (scope, state))
    });
    Ok(ends.collect())
}

/// Whether the shop still waits for its first user.
pub async fn awaits_set_up(db: &Db) -> Result<bool, StoreError> {
    let mut once = db.read_once().await?;
    Ok(count_users(&mut once.as_tx()).await? == 0)
}

/// Whether a set-up token is good now.
pub async fn token_is_good(db: &Db, digest: Digest) -> Result<bool, StoreError> {
    let now = db.now();
    let mut once = db.read_once().await?;
    let mut tx = once.as_tx();
    let found: Option<(i64,)> = both!(&mut tx, c, text => sqlx::query_as(text(sql::FIND_TOKEN))
        .bind(&digest[..]).bind(now).fetch_optional(c).await?);
    Ok(found.is_some())
}

/// What a log-in under a user name is checked against.
pub(super) async fn find_log_in(db: &Db, username: &str) -> Result<Option<LogInRow>, StoreError> {
    let mut once = db.read_once().await?;
    let mut tx = once.as_tx();
    Ok(both!(&mut tx, c, text => sqlx::query_as(text(sql::FIND_LOG_IN)).bind(username).fetch_optional(c).await?))
}

/// What a change of a user's own password is checked against.
pub(super) async fn find_password(db: &Db, user: Uuid) -> Result<Option<LogInRow>, StoreError> {
    let mut once = db.read_once().await?;
    let mut tx = once.as_tx();
    Ok(both!(&mut tx, c, text => sqlx::query_as(text(sql::FIND_PASSWORD)).bind(user).fetch_optional(c).await?))
}

/// A person's second factor, as it is set up.
pub(super) async fn find_factor(db: &Db, user: Uuid) -> Result<Option<FactorRow>, StoreError> {
    let mut once = db.read_once().await?;
    let mut tx = once.as_tx();
    Ok(both!(&mut tx, c, text => sqlx::query_as(text(sql::FIND_FACTOR)).bind(user).fetch_optional(c).await?))
}

/// Whose session has that digest.
pub(super) async fn find_session(db: &Db, digest: Digest) -> Result<Option<SessionUserRow>, StoreError> {
    let now = db.now();
    let mut once = db.read_once().await?;
    let mut tx = once.as_tx();
    Ok(both!(&mut tx, c, text => sqlx::query_as(text(sql::FIND_SESSION))
        .bind(&digest[..]).bind(now).bind(now - IDLE_US).fetch_optional(c).await?))
}

/// Who holds the key with that digest.
pub(super) async fn find_key_holder(db: &Db, digest: Digest) -> Result<Option<KeyHolderRow>, StoreError> {
    let now = db.now();
    let mut once = db.read_once().await?;
    let mut tx = once.as_tx();
    Ok(both!(&mut tx, c, text => sqlx::query_as(text(sql::FIND_KEY_BY_SECRET))
        .bind(&digest[..]).bind(now).fetch_optional(c).await?))
}
