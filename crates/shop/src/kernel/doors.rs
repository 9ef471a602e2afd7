//! What keeps a crowd at the door from hurting those inside: slots for the costly password hash, and
//! a count of recent attempts per key in bounded memory. Both live in this process only; what must
//! outlive it (the lock of an account) is in the database.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use gondola_store::At;
use tokio::sync::Semaphore;

/// Password hashes computed at once; each takes 19 MiB and a core.
const HASHES_MAX: usize = 2;
/// Keys remembered at once.
const ATTEMPTS_KEPT_MAX: usize = 10_000;
/// The window attempts are counted in.
const WINDOW_US: At = 60_000_000;

/// The guards of the doors, one per process.
#[derive(Debug)]
pub struct Doors {
    /// A permit per password hash that may run now.
    pub hashing: Semaphore,
    /// Log-in attempts of the last minute, by address and account.
    pub log_ins: Attempts,
}

impl Default for Doors {
    fn default() -> Self {
        Self { hashing: Semaphore::new(HASHES_MAX), log_ins: Attempts::default() }
    }
}

/// Counts attempts per key in windows of one minute.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, Window>>);

#[derive(Debug, Clone, Copy)]
struct Window {
    began: At,
    count: u32,
}

impl Attempts {
    /// Counts an attempt.
    ///
    /// # Errors
    /// The seconds to wait when `limit` attempts were already made in this window.
    pub fn admit(&self, key: String, limit: u32, now: At) -> Result<(), u32> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut windows, now);
        let window = windows.entry(key).or_insert(Window { began: now, count: 0 });
        if now - window.began >= WINDOW_US {
            *window = Window { began: now, count: 0 };
        }
        if window.count >= limit {
            let wait_us = window.began + WINDOW_US - now;
            return Err(u32::try_from((wait_us + 999_999) / 1_000_000).unwrap_or(60));
        }
        window.count += 1;
        Ok(())
    }
}

/// Forgets windows that ended. When all are still open the count begins anew: whoever can fill it is
/// held by the lock of the account, which is in the database.
fn make_room(windows: &mut HashMap<String, Window>, now: At) {
    if windows.len() < ATTEMPTS_KEPT_MAX {
        return;
    }
    windows.retain(|_, window| now - window.began < WINDOW_US);
    if windows.len() >= ATTEMPTS_KEPT_MAX {
        windows.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_attempt_of_a_minute_waits_and_the_next_minute_begins_anew() {
        let attempts = Attempts::default();
        let knock = |key: &str, seconds: At| attempts.admit(key.to_owned(), 5, seconds * 1_000_000);
        for second in 0..5 {
            assert_eq!(knock("a", second), Ok(()));
        }
        assert_eq!(knock("a", 10), Err(50));
        assert_eq!(knock("b", 10), Ok(()), "another key has its own budget");
        assert_eq!(knock("a", 60), Ok(()), "waiting that long is enough");
    }

    #[test]
    fn a_million_keys_do_not_grow_the_memory() {
        let attempts = Attempts::default();
        for key in 0..20_000 {
            assert_eq!(attempts.admit(key.to_string(), 5, 0), Ok(()));
        }
        assert!(attempts.0.lock().unwrap().len() <= ATTEMPTS_KEPT_MAX);
    }
}
