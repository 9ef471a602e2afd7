//! The trail of an hour, a day, a week or a month in figures (AUD-8): how much happened, what failed, who did most, what
//! happened most, what the detectors found. Each figure is one look at the table; nothing is counted twice or kept.

use gondola_store::{At, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::detect::rules::{DAY, HOUR};
use super::sql;
use crate::kernel::time::format_instant;

/// Lines of the lists of what failed, who did most and what happened most.
const TOP: i64 = 20;

/// How far back a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// An hour.
    Hour,
    /// 24 hours.
    Day,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
}

impl Period {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    /// The name in API and command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// The period of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.code() == code)
    }

    const fn length(self) -> At {
        match self {
            Self::Hour => HOUR,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Month => 30 * DAY,
        }
    }
}

/// The figures of a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditReport)]
pub struct Report {
    /// `1h`, `24h`, `7d` or `30d`.
    pub period: &'static str,
    /// After this instant, UTC.
    #[schema(format = DateTime)]
    pub from: String,
    /// Until this one, UTC.
    #[schema(format = DateTime)]
    pub to: String,
    /// All of it.
    pub totals: Totals,
    /// By what kind of thing it was.
    pub families: Vec<FamilyFigures>,
    /// What failed or was turned away most, at most 20.
    pub failures: Vec<FailureFigures>,
    /// Who did most, at most 20.
    pub actors: Vec<ActorFigures>,
    /// What happened most, at most 20.
    pub events: Vec<EventFigures>,
    /// What the detectors found within the period.
    pub detections: Vec<DetectionFigures>,
}

/// All of a period.
#[derive(Debug, Clone, FromRow, Serialize, ToSchema)]
#[schema(as = AuditTotals)]
pub struct Totals {
    /// Entries of the trail.
    pub entries: i64,
    /// Those that failed or were turned away: a status of 400 or more.
    pub failures: i64,
    /// Different actors.
    pub actors: i64,
    /// Rows that went out with lists, and other protected rows that were read.
    pub rows_read: i64,
}

/// A kind of thing.
#[derive(Debug, Clone, FromRow, Serialize, ToSchema)]
pub struct FamilyFigures {
    /// `modify`, `read`, `key`, `auth` or `privilege`.
    pub family: String,
    /// Entries.
    pub entries: i64,
    /// Those that failed.
    pub failures: i64,
}

/// Something that failed or was turned away.
#[derive(Debug, Clone, FromRow, Serialize, ToSchema)]
pub struct FailureFigures {
    /// What was tried.
    pub event: String,
    /// How it ended, as an HTTP status.
    pub status: i64,
    /// Why.
    pub reason: String,
    /// Entries.
    pub entries: i64,
    /// How often: an entry stands for all that were alike within a second.
    pub times: i64,
}

/// Somebody.
#[derive(Debug, Clone, FromRow, Serialize, ToSchema)]
pub struct ActorFigures {
    /// `user:ID`, `key:ID`, `system:NAME` or `anonymous`.
    pub actor: String,
    /// The name people know them by.
    pub user: String,
    /// Entries.
    pub entries: i64,
    /// Those that failed.
    pub failures: i64,
}

/// Something that happened.
#[derive(Debug, Clone, FromRow, Serialize, ToSchema)]
pub struct EventFigures {
    /// What.
    pub event: String,
    /// Entries.
    pub entries: i64,
}

/// What a detector found.
#[derive(Debug, Clone, FromRow, Serialize, ToSchema)]
pub struct DetectionFigures {
    /// Which.
    pub detector: String,
    /// How bad.
    pub severity: String,
    /// Cases.
    pub found: i64,
    /// Those that nobody has seen.
    pub unseen: i64,
}

/// The figures of the period that ends now; of `own` entries only for who sees one place, who sees no cases either.
///
/// # Errors
/// [`StoreError`](gondola_store::StoreError).
pub async fn report(
    tx: &mut Tx<'_>,
    period: Period,
    now: At,
    own: Option<&str>,
) -> Result<Report, gondola_store::StoreError> {
    let from = now - period.length();
    let totals = both!(&mut *tx, c, text => sqlx::query_as(text(sql::REPORT_TOTALS))
        .bind(from).bind(now).bind(own).fetch_one(c).await?);
    let families = both!(&mut *tx, c, text => sqlx::query_as(text(sql::REPORT_FAMILIES))
        .bind(from).bind(now).bind(own).fetch_all(c).await?);
    let failures = both!(&mut *tx, c, text => sqlx::query_as(text(sql::REPORT_FAILURES))
        .bind(from).bind(now).bind(own).bind(TOP).fetch_all(c).await?);
    let actors = both!(&mut *tx, c, text => sqlx::query_as(text(sql::REPORT_ACTORS))
        .bind(from).bind(now).bind(own).bind(TOP).fetch_all(c).await?);
    let events = both!(&mut *tx, c, text => sqlx::query_as(text(sql::REPORT_EVENTS))
        .bind(from).bind(now).bind(own).bind(TOP).fetch_all(c).await?);
    let detections = match own {
        Some(_) => Vec::new(),
        None => {
            both!(tx, c, text => sqlx::query_as(text(sql::REPORT_DETECTIONS)).bind(from).bind(now).fetch_all(c).await?)
        }
    };
    let (from, to) = (format_instant(from), format_instant(now));
    Ok(Report { period: period.code(), from, to, totals, families, failures, actors, events, detections })
}
