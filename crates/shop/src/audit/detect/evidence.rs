//! What the detectors look at.

use gondola_store::At;
use gondola_store::audit::{EntryRow, Family};
pub use gondola_store::protect::Operation;
use sqlx::FromRow;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not.
    Refused,
}

/// Something protected that somebody read, took along or failed to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedAccess {
    /// When.
    pub at: At,
    /// Who: `user:ID`, `key:ID`, `system:NAME`.
    pub actor: String,
    /// What they did.
    pub operation: Operation,
    /// The table, or the list that went out.
    pub table: String,
    /// The column; empty for a list.
    pub column: String,
    /// How many rows.
    pub count: i64,
    /// From where.
    pub client_ip: String,
    /// How it ended.
    pub outcome: Outcome,
}

impl ProtectedAccess {
    /// Whether somebody got to see something.
    pub(super) fn is_read(&self) -> bool {
        matches!(self.operation, Operation::Decrypt | Operation::Export) && self.outcome == Outcome::Done
    }

    /// A list that went out, as the trail tells it.
    fn told(entry: &EntryRow) -> Option<Self> {
        (entry.family == Family::Read.code()).then(|| Self {
            at: entry.at,
            actor: entry.actor.clone(),
            operation: Operation::Export,
            table: entry.resource.clone(),
            column: String::new(),
            count: entry.records,
            client_ip: entry.client_ip.clone(),
            outcome: if entry.status < 400 { Outcome::Done } else { Outcome::Refused },
        })
    }
}

/// A line of the log of accesses.
#[derive(Debug, FromRow)]
pub(in super::super) struct AccessLine {
    at: At,
    actor: String,
    operation: String,
    table_name: String,
    column_name: String,
    record_count: i64,
    client_ip: String,
}

impl From<AccessLine> for ProtectedAccess {
    fn from(line: AccessLine) -> Self {
        let denied = line.operation == Operation::Denied.code();
        Self {
            at: line.at,
            actor: line.actor,
            operation: if denied { Operation::Denied } else { Operation::Decrypt },
            table: line.table_name,
            column: line.column_name,
            count: line.record_count,
            client_ip: line.client_ip,
            outcome: if denied { Outcome::Refused } else { Outcome::Done },
        }
    }
}

/// Somebody seen at an address.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Sighting {
    /// When; of several within the same hour the last.
    pub at: At,
    /// Who.
    pub actor: String,
    /// The name people know them by.
    pub actor_name: String,
    /// Where.
    pub client_ip: String,
}

/// All of it. The order does not matter.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Entries of the trail: log-ins that failed, keys that were refused, roles that were given, lists that went out.
    pub entries: Vec<EntryRow>,
    /// What was done with protected data.
    pub accesses: Vec<ProtectedAccess>,
    /// Who was where.
    pub sightings: Vec<Sighting>,
}

impl Evidence {
    /// What entries tell by themselves: the lists that went out and who was where too.
    pub fn of_entries(entries: Vec<EntryRow>) -> Self {
        let sighting = |entry: &EntryRow| Sighting {
            at: entry.at,
            actor: entry.actor.clone(),
            actor_name: entry.actor_name.clone(),
            client_ip: entry.client_ip.clone(),
        };
        let sightings = entries.iter().map(sighting).collect();
        Self { sightings, ..Self::of_listed(entries) }
    }

    /// The same without sightings, which are too many to read one by one.
    pub(in super::super) fn of_listed(entries: Vec<EntryRow>) -> Self {
        let accesses = entries.iter().filter_map(ProtectedAccess::told).collect();
        Self { accesses, sightings: Vec::new(), entries }
    }

    /// The name people know an actor by.
    pub(super) fn name_of(&self, actor: &str) -> Option<&str> {
        let seen = self.sightings.iter().map(|seen| (&seen.actor, &seen.actor_name));
        let told = self.entries.iter().map(|entry| (&entry.actor, &entry.actor_name));
        seen.chain(told).find(|(known, _)| *known == actor).map(|(_, name)| name.as_str())
    }
}

/// Whether somebody is a person or a program, and not the product itself or nobody.
pub(super) fn is_somebody(actor: &str) -> bool {
    actor.starts_with("user:") || actor.starts_with("key:")
}
