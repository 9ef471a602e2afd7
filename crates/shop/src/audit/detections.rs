//! What the detectors found, to read and to mark as seen. Cases name no place, so who sees one place only sees none.

use axum::http::StatusCode;
use gondola_store::{At, Audited, Command, Context, Fail, Permission, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::{Problem, Reader};

/// A case that was found.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Detection {
    /// Its id.
    pub id: Uuid,
    /// What found it.
    pub detector: String,
    /// How bad it is.
    pub severity: String,
    /// Whom it is about: a reference, or the account that was tried.
    pub subject: String,
    /// The name people know them by.
    pub subject_name: String,
    /// What about them: an address, a column.
    pub about: String,
    /// When the first of what it counts happened.
    pub first_at: At,
    /// When the last of it happened.
    pub last_at: At,
    /// How many it counts.
    pub count: i64,
    /// When it was found.
    pub found_at: At,
    /// When somebody looked at it.
    pub seen_at: Option<At>,
    /// Who did.
    pub seen_by: Option<String>,
    /// What they found out.
    pub note: Option<String>,
}

/// Which cases.
#[derive(Debug, Clone, Default)]
pub struct DetectionFilter {
    /// Found by this.
    pub detector: Option<&'static str>,
    /// So bad.
    pub severity: Option<&'static str>,
    /// `yes` those that somebody has seen, `no` the others.
    pub seen: Option<&'static str>,
    /// Not found before this instant.
    pub from: Option<At>,
    /// Found before this instant.
    pub until: Option<At>,
}

/// Where a page of cases begins: instant and id of the last one shown.
pub type DetectionKey = (At, Uuid);

/// Cases, one more than `limit` when there are more.
pub(super) async fn detections(
    reader: &mut Reader,
    filter: &DetectionFilter,
    after: Option<DetectionKey>,
    limit: i64,
) -> Result<Vec<Detection>, Problem> {
    if reader.location().is_some() {
        return Ok(Vec::new());
    }
    let (at, id) = after.unwrap_or((At::MAX, Uuid::max()));
    let (from, until) = (filter.from.unwrap_or(At::MIN), filter.until.unwrap_or(At::MAX));
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::DETECTIONS))
        .bind(filter.detector).bind(filter.severity).bind(filter.seen).bind(from).bind(until).bind(at).bind(id)
        .bind(limit + 1).fetch_all(c).await?))
}

/// How many cases nobody has seen.
pub(super) async fn unseen(reader: &mut Reader) -> Result<i64, Problem> {
    if reader.location().is_some() {
        return Ok(0);
    }
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::COUNT_UNSEEN)).fetch_one(c).await?))
}

/// Why a case was not marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetectionRefusal {
    /// There is none of that id, or not for whom asks.
    Unknown,
    /// Somebody was faster.
    SeenAlready,
}

impl From<DetectionRefusal> for Problem {
    fn from(refusal: DetectionRefusal) -> Self {
        match refusal {
            DetectionRefusal::Unknown => Self::not_found(),
            DetectionRefusal::SeenAlready => Self::new(
                StatusCode::CONFLICT,
                "seen_already",
                "Alguien ya lo revisó: mirá qué anotó.",
                "Somebody has seen it already: look at what they noted.",
            ),
        }
    }
}

/// Marks a case as seen, with what whoever looked found out.
pub struct MarkSeen {
    /// Which.
    pub id: Uuid,
    /// What they found out.
    pub note: String,
}

/// Whoever answers for the people of the shop: an auditor reads, and changes nothing (USR-6).
pub(super) const MARKS_SEEN: Permission = Permission::ManagePeople;

impl Command for MarkSeen {
    const NAME: &'static str = "audit.mark_seen";
    const AUDITED: Option<Audited> = Some(Audited::MODIFY);
    type Out = Detection;
    type Refusal = DetectionRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        MARKS_SEEN
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Detection, Fail<DetectionRefusal>> {
        let unknown = || Fail::Refused(DetectionRefusal::Unknown);
        if cx.actor.location.is_some() {
            return Err(unknown());
        }
        let before = find(tx, self.id).await?.ok_or_else(unknown)?;
        cx.changes(&before);
        cx.because(self.note.as_str());
        let marked = both!(&mut *tx, c, text => sqlx::query(text(sql::MARK_SEEN))
            .bind(self.id).bind(cx.now).bind(&cx.actor.name).bind(&self.note).execute(c).await?.rows_affected());
        if marked == 0 {
            return Err(Fail::Refused(DetectionRefusal::SeenAlready));
        }
        expect_rows(sql::MARK_SEEN, 1, marked)?;
        find(tx, self.id).await?.ok_or_else(unknown)
    }
}

async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Detection>, gondola_store::StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_DETECTION)).bind(id).fetch_optional(c).await?))
}
