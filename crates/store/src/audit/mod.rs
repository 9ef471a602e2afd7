//! The audit trail: who did what, when and from where, in a chain that tells when somebody changed it
//! (AUD-2, AUD-5, AUD-6).
//!
//! A command's entry is written inside its own transaction, so that nothing happens unrecorded and
//! nothing is recorded that did not happen. Each entry's hash covers the entry and the hash before it.
//! On SQLite, where one writes at a time, an entry is linked as it is written; on PostgreSQL a sealer
//! links what was committed, so that no two transactions wait for one row ([`SealAudit`]). Entries hold
//! digests of what changed, never values. An [`Anchor`] is the end of the chain, signed, to be kept elsewhere.

mod anchor;
mod chain;
mod entry;
mod seal;
pub mod sql;
mod verify;

pub use anchor::{Anchor, KeepAnchor, last_anchor};
pub use entry::{Audited, Class, Entry, EntryRow, Family, Origin, REFUSED};
pub use seal::{NoteEntries, SealAudit, awaits_seal};
pub use verify::{AuditFault, AuditHead, AuditReport, FaultKind, Walk, each_sealed, has_head, verify};

pub(crate) use seal::append;
pub(crate) use verify::each;
