//! What an entry of the trail says.

use gondola_vault::Digest;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::access::Actor;
use crate::clock::At;

/// How the trail calls a request that was turned away.
pub const REFUSED: &str = "http.refused";

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Something of the shop was changed.
    Modify,
    /// Something protected was read, or a list went out.
    Read,
    /// A key was made, rotated or revoked.
    Key,
    /// Somebody came in or was turned away.
    Auth,
    /// Somebody's rights were changed.
    Privilege,
}

impl Family {
    /// All families.
    pub const ALL: [Self; 5] = [Self::Modify, Self::Read, Self::Key, Self::Auth, Self::Privilege];

    /// The name in API, command line and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Modify => "modify",
            Self::Read => "read",
            Self::Key => "key",
            Self::Auth => "auth",
            Self::Privilege => "privilege",
        }
    }
}

/// Whom what it is about may concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Anybody.
    Public,
    /// Whoever works in the shop.
    Internal,
    /// Some of them.
    Confidential,
    /// The owner.
    Restricted,
}

impl Class {
    /// The name in API, command line and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
        }
    }
}

/// How the trail keeps an event: what kind, whom it may concern, how much it matters from 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audited {
    /// What kind of thing.
    pub family: Family,
    /// Whom it may concern.
    pub class: Class,
    /// How much it matters, 1 to 100.
    pub sensitivity: u8,
}

impl Audited {
    /// A change of the shop's data.
    pub const MODIFY: Self = Self { family: Family::Modify, class: Class::Internal, sensitivity: 30 };
    /// A list that went out, or protected data that was read.
    pub const READ: Self = Self { family: Family::Read, class: Class::Confidential, sensitivity: 50 };
    /// Coming in, going out, being turned away.
    pub const AUTH: Self = Self { family: Family::Auth, class: Class::Confidential, sensitivity: 60 };
    /// A change of somebody's rights.
    pub const PRIVILEGE: Self = Self { family: Family::Privilege, class: Class::Restricted, sensitivity: 80 };
    /// A key made, rotated or revoked.
    pub const KEY: Self = Self { family: Family::Key, class: Class::Restricted, sensitivity: 90 };
}

/// Where a request came from; empty for the console and for what the product does by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The face that was asked.
    pub face: &'static str,
    /// The address of whoever asked.
    pub client_ip: String,
    /// What their program calls itself.
    pub agent: String,
    /// The request's id.
    pub request_id: String,
}

/// An entry as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened: a command's name, or `http.refused`.
    pub event: String,
    /// How it is kept.
    pub audited: Audited,
    /// When.
    pub at: At,
    /// Who did it and from where.
    pub actor: Actor,
    /// What it was done to: a code, an id or a route, never a protected value.
    pub resource: String,
    /// How it ended, as an HTTP status.
    pub status: u16,
    /// How many rows it read or how often it happened.
    pub records: i64,
    /// Why, where somebody said so.
    pub reason: String,
    /// Who gave the yes that it waited for beyond the right to do it; empty where nobody's was needed.
    pub approver: String,
    /// Digest of how it was before.
    pub before: Option<Digest>,
    /// Digest of how it is now.
    pub after: Option<Digest>,
}

/// An entry as it is stored, and as a line of an exported trail.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryRow {
    /// In which order entries were written.
    pub sequence: i64,
    /// What happened.
    pub event: String,
    /// What kind of thing.
    pub family: String,
    /// When.
    pub at: At,
    /// Who: `user:ID`, `key:ID`, `system:NAME`, `anonymous`.
    pub actor: String,
    /// The name people know them by.
    pub actor_name: String,
    /// The face that was asked.
    pub face: String,
    /// What it was done to.
    pub resource: String,
    /// How it ended, as an HTTP status.
    pub status: i64,
    /// How many rows it read or how often it happened.
    pub records: i64,
    /// The address of whoever asked.
    pub client_ip: String,
    /// What their program calls itself.
    pub agent: String,
    /// The request's id.
    pub request_id: String,
    /// Whom it may concern.
    pub class: String,
    /// How much it matters.
    pub sensitivity: i64,
    /// Why.
    pub reason: String,
    /// Who gave the yes that it waited for; empty where nobody's was needed, as in every entry before there was this column.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub approver: String,
    /// Digest of how it was before.
    #[serde(with = "in_hex")]
    pub before_digest: Option<Vec<u8>>,
    /// Digest of how it is now.
    #[serde(with = "in_hex")]
    pub after_digest: Option<Vec<u8>>,
    /// Its place in the chain, from 1; none before it is sealed.
    pub position: Option<i64>,
    /// The hash of the entry before it in the chain.
    #[serde(with = "in_hex")]
    pub prev_hash: Option<Vec<u8>>,
    /// Its own hash.
    #[serde(with = "in_hex")]
    pub row_hash: Option<Vec<u8>>,
}

impl EntryRow {
    /// An entry as it is stored, before it has a place in the chain.
    pub fn of(entry: &Entry, sequence: i64) -> Self {
        let Entry { actor, audited, .. } = entry;
        Self {
            sequence,
            event: entry.event.clone(),
            family: audited.family.code().to_owned(),
            at: entry.at,
            actor: actor.reference(),
            actor_name: actor.name.clone(),
            face: actor.origin.face.to_owned(),
            resource: entry.resource.clone(),
            status: i64::from(entry.status),
            records: entry.records,
            client_ip: actor.origin.client_ip.clone(),
            agent: actor.origin.agent.clone(),
            request_id: actor.origin.request_id.clone(),
            class: audited.class.code().to_owned(),
            sensitivity: i64::from(audited.sensitivity),
            reason: entry.reason.clone(),
            approver: entry.approver.clone(),
            before_digest: entry.before.map(Vec::from),
            after_digest: entry.after.map(Vec::from),
            position: None,
            prev_hash: None,
            row_hash: None,
        }
    }
}

/// Bytes as hex digits.
mod in_hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "serde asks for it")]
    pub fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
        bytes.as_deref().map(gondola_vault::hex).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        gondola_vault::unhex(&text).map(Some).ok_or_else(|| D::Error::custom("not hex digits"))
    }
}
