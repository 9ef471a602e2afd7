//! What keeps a crowd at the door from hurting those inside: slots for the costly password hash, and
//! a count of recent attempts. What must outlive them (the lock of an account) is in the database.

use tokio::sync::Semaphore;

use super::tally::Tally;

/// Password hashes computed at once; each takes 19 MiB and a core.
const HASHES_MAX: usize = 2;

/// The guards of the doors, one per process.
#[derive(Debug)]
pub struct Doors {
    /// A permit per password hash that may run now.
    pub hashing: Semaphore,
    /// Log-in attempts of the last minute, by network and account and by network alone.
    pub log_ins: Tally,
}

impl Default for Doors {
    fn default() -> Self {
        Self { hashing: Semaphore::new(HASHES_MAX), log_ins: Tally::default() }
    }
}
