//! Entries of the trail, newest first.

use gondola_store::audit::EntryRow;
use gondola_store::{At, both};

use super::sql;
use crate::kernel::{Problem, Reader};

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Of this family.
    pub family: Option<&'static str>,
    /// What happened.
    pub event: Option<String>,
    /// By the person or key of this name or reference.
    pub user: Option<String>,
    /// About this.
    pub resource: Option<String>,
    /// Not before this instant.
    pub from: Option<At>,
    /// Before this instant.
    pub until: Option<At>,
}

/// Where a page of entries begins: instant and number of the last one shown.
pub type EntryKey = (At, i64);

/// Entries, one more than `limit` when there are more. Entries name no place, so who sees one place only reads what they
/// did themselves.
pub(super) async fn entries(
    reader: &mut Reader,
    filter: &EntryFilter,
    after: Option<EntryKey>,
    limit: i64,
) -> Result<Vec<EntryRow>, Problem> {
    let (at, sequence) = after.unwrap_or((i64::MAX, i64::MAX));
    let (from, until) = (filter.from.unwrap_or(i64::MIN), filter.until.unwrap_or(i64::MAX));
    let own = reader.location().map(|_| reader.actor().reference());
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::ENTRIES))
        .bind(filter.family).bind(&filter.event).bind(&filter.user).bind(&filter.resource)
        .bind(from).bind(until).bind(at).bind(sequence).bind(own).bind(limit + 1).fetch_all(c).await?))
}
