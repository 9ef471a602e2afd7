//! Messages as they are kept.

use gondola_language::parse::Place;
use gondola_store::{At, StoreError, Tx, both};
use gondola_vault::Digest;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::place::{code_of, place_of};
use super::plan::{Plan, Status};
use super::sql;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    place: String,
    sentence: String,
    status: String,
    plan: String,
    expires_at: Option<At>,
    actor: String,
    actor_name: String,
    said_at: At,
    done_at: Option<At>,
    undone_at: Option<At>,
}

/// A sentence with what it was read as and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// The code of where it was written.
    pub place: String,
    /// The sentence as typed.
    pub sentence: String,
    /// How it was read.
    pub status: Status,
    /// What it was read as.
    pub plan: Plan,
    /// Until when its plan may be confirmed.
    pub expires_at: Option<At>,
    /// Who wrote it, as records name them.
    pub actor: String,
    /// Who wrote it.
    pub actor_name: String,
    /// When.
    pub said_at: At,
    /// When it was carried out.
    pub done_at: Option<At>,
    /// When it was undone.
    pub undone_at: Option<At>,
}

impl Message {
    /// How it stands now.
    pub fn stands(&self) -> Status {
        if self.done_at.is_some() { Status::Done } else { self.status }
    }

    /// Where it was written.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn place(&self) -> Result<Place, StoreError> {
        place_of(&self.place).ok_or_else(|| StoreError::corrupt("assistant_messages", "place", self.id, &self.place))
    }
}

impl TryFrom<Row> for Message {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = |column, found: &str| StoreError::corrupt("assistant_messages", column, row.id, found.to_owned());
        Ok(Self {
            status: Status::from_code(&row.status).ok_or_else(|| corrupt("status", &row.status))?,
            plan: serde_json::from_str(&row.plan).map_err(|error| corrupt("plan", &error.to_string()))?,
            id: row.id,
            place: row.place,
            sentence: row.sentence,
            expires_at: row.expires_at,
            actor: row.actor,
            actor_name: row.actor_name,
            said_at: row.said_at,
            done_at: row.done_at,
            undone_at: row.undone_at,
        })
    }
}

/// One message.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_MESSAGE)).bind(id).fetch_optional(c).await?);
    row.map(Message::try_from).transpose()
}

/// The message whose plan the token with this digest confirms.
///
/// # Errors
/// [`StoreError`].
pub async fn find_plan(tx: &mut Tx<'_>, digest: &Digest) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_PLAN)).bind(&digest[..]).fetch_optional(c).await?);
    row.map(Message::try_from).transpose()
}

/// A message about to change.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn lock(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_MESSAGE)).bind(id).fetch_optional(c).await?);
    row.map(Message::try_from).transpose()
}

/// What somebody wrote last, the latest first.
///
/// # Errors
/// [`StoreError`].
pub async fn latest(tx: &mut Tx<'_>, actor: &str, limit: i64) -> Result<Vec<Message>, StoreError> {
    let rows: Vec<Row> = both!(tx, c, text => sqlx::query_as(text(sql::LATEST_MESSAGES))
        .bind(actor).bind(limit).fetch_all(c).await?);
    rows.into_iter().map(Message::try_from).collect()
}

/// Keeps a new message; the digest is that of the token that confirms it.
pub(super) async fn insert(tx: &mut Tx<'_>, message: &Message, digest: Option<Digest>) -> Result<(), StoreError> {
    let plan = as_json(&message.plan);
    let digest = digest.map(|digest| digest.to_vec());
    let place = code_of(message.place()?);
    let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_MESSAGE))
        .bind(message.id).bind(place).bind(&message.sentence).bind(message.status.code()).bind(plan).bind(digest)
        .bind(message.expires_at).bind(&message.actor).bind(&message.actor_name).bind(message.said_at)
        .bind(message.done_at).execute(c).await?.rows_affected());
    gondola_store::expect_rows(sql::INSERT_MESSAGE, 1, inserted)
}

pub(super) fn as_json(plan: &Plan) -> String {
    serde_json::to_string(plan).expect("a plan is plain values")
}
