//! What in the trail looks like trouble (AUD-1): eight detectors, each a pure function over what happened.
//!
//! Nothing here reads the clock or the database: `watch` brings the evidence and keeps what was found. The numbers are
//! all in `rules`; how windows slide and cases grow is in `windows`.

mod doors;
mod evidence;
mod reads;
mod rights;
pub mod rules;
mod windows;

use gondola_store::At;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub(super) use evidence::AccessLine;
pub use evidence::{Evidence, Operation, Outcome, ProtectedAccess, Sighting};

use crate::kernel::time::Hours;

/// A rule that something can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Detector {
    /// Somebody tries passwords.
    BruteForce,
    /// Somebody reads protected data mostly while the shop is shut.
    OffHours,
    /// Somebody takes more rows along than they ever did.
    Exfiltration,
    /// An account is given one role after the other.
    PrivilegeEscalation,
    /// Protected values do not open.
    DecryptFailures,
    /// Somebody comes from many addresses.
    IpSpread,
    /// Somebody reads more protected data than they used to, or another kind.
    UnusualAccess,
    /// A key is used where it is no good.
    KeyMisuse,
}

impl Detector {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::BruteForce,
        Self::OffHours,
        Self::Exfiltration,
        Self::PrivilegeEscalation,
        Self::DecryptFailures,
        Self::IpSpread,
        Self::UnusualAccess,
        Self::KeyMisuse,
    ];

    /// The name in API, metrics and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BruteForce => "brute_force",
            Self::OffHours => "off_hours",
            Self::Exfiltration => "exfiltration",
            Self::PrivilegeEscalation => "privilege_escalation",
            Self::DecryptFailures => "decrypt_failures",
            Self::IpSpread => "ip_spread",
            Self::UnusualAccess => "unusual_access",
            Self::KeyMisuse => "key_misuse",
        }
    }

    /// How bad its cases can be.
    pub const fn severities(self) -> &'static [Severity] {
        use Severity::{Critical, High, Medium};
        match self {
            Self::BruteForce | Self::Exfiltration | Self::PrivilegeEscalation => &[High, Critical],
            Self::OffHours => &[Medium, High],
            Self::DecryptFailures => &[Critical],
            Self::IpSpread | Self::UnusualAccess => &[Medium],
            Self::KeyMisuse => &[High],
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Worth a look.
    Medium,
    /// Look today.
    High,
    /// Look now.
    Critical,
}

impl Severity {
    /// All of them, the mildest first.
    pub const ALL: [Self; 3] = [Self::Medium, Self::High, Self::Critical];

    /// The name in API, metrics and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Something that broke a rule, from its first sign to its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Which rule.
    pub detector: Detector,
    /// How bad it got.
    pub severity: Severity,
    /// Whom it is about: who did it, or the account it was done to.
    pub subject: String,
    /// The name people know them by, where it is known.
    pub name: String,
    /// What about them: the address it came from, the column that was read.
    pub about: String,
    /// When the first of what it counts happened.
    pub first_at: At,
    /// When the last of it happened.
    pub last_at: At,
    /// How many it counts, at the worst: failures, rows, roles, addresses or reads.
    pub count: i64,
}

/// What the shop's own time is, for rules that ask for it.
#[derive(Debug, Clone)]
pub struct Local {
    /// The time zone.
    pub zone: TimeZone,
    /// When there is work.
    pub hours: Hours,
}

/// Every case whose last sign is not before `since`. The evidence goes back further, as far as [`rules::LOOK_BACK`].
pub fn look(evidence: &Evidence, local: &Local, since: At) -> Vec<Case> {
    let Evidence { entries, accesses, sightings } = evidence;
    let mut cases = doors::brute_force(entries, since);
    cases.extend(doors::key_misuse(entries, since));
    cases.extend(doors::ip_spread(sightings, since));
    cases.extend(doors::decrypt_failures(accesses, since));
    cases.extend(rights::privilege_escalation(entries, since));
    cases.extend(reads::off_hours(accesses, local, since));
    cases.extend(reads::exfiltration(accesses, &local.zone, since));
    cases.extend(reads::unusual_access(accesses, since));
    for case in &mut cases {
        case.name = evidence.name_of(&case.subject).unwrap_or_default().to_owned();
    }
    cases
}
