//! Walks the chain and tells where it was touched: an entry that was edited, taken out, put in or
//! moved, or cut off at the end (AUD-2).

use futures_util::{Stream, TryStreamExt};
use gondola_vault::{Digest, hex, unhex};
use sqlx::FromRow;

use super::entry::EntryRow;
use super::sql;
use crate::both;
use crate::chain::{GENESIS, Linked};
use crate::clock::At;
use crate::error::StoreError;
use crate::tx::Tx;

/// Faults told at most; where there are more, the first ones say where to look.
const FAULTS_MAX: usize = 100;

/// The end of the chain. Kept elsewhere, it proves later that nothing before it was touched or cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// Its place, 0 for an empty trail.
    pub position: i64,
    /// Its hash.
    pub hash: Digest,
}

impl std::fmt::Display for AuditHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.position, hex(&self.hash))
    }
}

impl std::str::FromStr for AuditHead {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (position, hash) = text.trim().split_once(':').ok_or(())?;
        let hash = unhex(hash).and_then(|bytes| bytes.try_into().ok()).ok_or(())?;
        Ok(Self { position: position.parse().map_err(|_| ())?, hash })
    }
}

/// What is wrong at a place of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// What the entry says is not what was sealed.
    Edited,
    /// It does not follow the one before it: something was taken out, put in or moved there.
    Unlinked,
    /// The place is missing, or there twice.
    Misplaced,
    /// The chain ends before a head that was kept, or goes another way there.
    CutOff,
    /// An anchor of this place is not the shop's: somebody else signed it, or nobody.
    Forged,
}

impl FaultKind {
    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Unlinked => "unlinked",
            Self::Misplaced => "misplaced",
            Self::CutOff => "cut_off",
            Self::Forged => "forged_anchor",
        }
    }
}

/// A fault and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditFault {
    /// The place in the chain.
    pub position: i64,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// What a walk along the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Entries in the chain.
    pub entries: u64,
    /// Entries that wait for their seal.
    pub waiting: i64,
    /// Since when the oldest of those waits.
    pub waiting_since: Option<At>,
    /// Where the chain ends.
    pub head: AuditHead,
    /// What is wrong, at most 100.
    pub faults: Vec<AuditFault>,
}

#[derive(FromRow)]
struct Waiting {
    entries: i64,
    since: Option<At>,
}

/// Walks the whole chain of a shop; `known` are heads that were kept elsewhere, which must be on it.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn verify(tx: &mut Tx<'_>, known: &[AuditHead]) -> Result<AuditReport, StoreError> {
    let mut walk = Walk::default();
    both!(&mut *tx, c, text => each(sqlx::query_as(text(sql::CHAIN)).bind(0_i64).fetch(c), |row: EntryRow| {
        walk.step(&row, known);
        Ok(())
    }).await?);
    let waiting: Waiting = both!(tx, c, text => sqlx::query_as(text(sql::WAITING)).fetch_one(c).await?);
    let report = walk.finish(known);
    Ok(AuditReport { waiting: waiting.entries, waiting_since: waiting.since, ..report })
}

/// Whether the chain has this hash at this place, without a walk along it.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub async fn has_head(tx: &mut Tx<'_>, head: &AuditHead) -> Result<bool, StoreError> {
    let hash: Option<Vec<u8>> = both!(tx, c, text => sqlx::query_scalar(text(sql::HASH_AT))
        .bind(head.position).fetch_optional(c).await?);
    Ok(hash.is_some_and(|hash| *hash == head.hash))
}

/// Hands every sealed entry on, in the order of the chain.
///
/// # Errors
/// [`StoreError`] when they cannot be read, or what `take` says.
pub async fn each_sealed(
    tx: &mut Tx<'_>,
    take: impl FnMut(EntryRow) -> Result<(), StoreError> + Send,
) -> Result<(), StoreError> {
    both!(tx, c, text => each(sqlx::query_as(text(sql::CHAIN)).bind(0_i64).fetch(c), take).await)
}

/// Hands every row of a chain on.
pub(crate) async fn each<R: Send>(
    mut rows: impl Stream<Item = sqlx::Result<R>> + Unpin + Send,
    mut take: impl FnMut(R) -> Result<(), StoreError> + Send,
) -> Result<(), StoreError> {
    while let Some(row) = rows.try_next().await? {
        take(row)?;
    }
    Ok(())
}

/// A walk along a chain, entry by entry, wherever the entries come from.
pub struct Walk {
    entries: u64,
    head: AuditHead,
    faults: Vec<AuditFault>,
}

impl Default for Walk {
    fn default() -> Self {
        Self { entries: 0, head: AuditHead { position: 0, hash: GENESIS }, faults: Vec::new() }
    }
}

impl Walk {
    /// The next entry; `known` are heads that were kept elsewhere.
    pub fn step(&mut self, row: &impl Linked, known: &[AuditHead]) {
        self.entries += 1;
        let position = row.position().unwrap_or(self.head.position);
        let stored = row.stored();
        if position != self.head.position + 1 {
            self.fault(position, FaultKind::Misplaced);
        }
        if *stored.0 != self.head.hash {
            self.fault(position, FaultKind::Unlinked);
        }
        // Measured against what it says stood before it, so that what is wrong there is told once.
        let own = row.hash(position, stored.0);
        if *stored.1 != own {
            self.fault(position, FaultKind::Edited);
        }
        if known.iter().any(|head| head.position == position && *stored.1 != head.hash) {
            self.fault(position, FaultKind::CutOff);
        }
        self.head = AuditHead { position, hash: stored.1.try_into().unwrap_or(own) };
    }

    /// What it found. A known head beyond the end means that the end is missing.
    pub fn finish(mut self, known: &[AuditHead]) -> AuditReport {
        let end = self.head.position;
        if known.iter().any(|head| head.position > end) {
            self.fault(end + 1, FaultKind::CutOff);
        }
        let Self { entries, head, faults } = self;
        AuditReport { entries, waiting: 0, waiting_since: None, head, faults }
    }

    fn fault(&mut self, position: i64, kind: FaultKind) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(AuditFault { position, kind });
        }
    }
}
