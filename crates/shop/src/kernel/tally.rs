//! How often something happened in the last minute, per key: in all processes of the shop where they share a Redis
//! that answers, in this one otherwise (RL-2, RL-3). Here it takes bounded memory.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use gondola_store::{At, Db};

/// Keys counted at once: with all of them, some 13 MB.
const KEPT_MAX: usize = 450_000;
/// The window that is counted in.
const WINDOW_US: At = 60_000_000;

/// Counts per key in windows of one minute, which begin with a key's first time.
#[derive(Debug, Default)]
pub struct Tally {
    /// Keys are kept as the hash that nobody outside can foresee.
    hasher: RandomState,
    windows: Mutex<HashMap<u64, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    began: At,
    count: u32,
}

impl Window {
    fn is_open(&self, now: At) -> bool {
        // A clock that was set back ends the window too.
        (self.began..self.began + WINDOW_US).contains(&now)
    }
}

impl Tally {
    /// Counts one more of `key`, everywhere if it can. It is counted here in any case, so that nobody has a second
    /// helping when Redis goes away.
    ///
    /// # Errors
    /// The seconds to wait when `limit` were already counted in this window.
    pub async fn admit(&self, db: &Db, key: &str, limit: u32) -> Result<(), u32> {
        let here = self.count(key, limit, db.now());
        db.count_everywhere(key, limit).await.unwrap_or(here)
    }

    fn count(&self, key: &str, limit: u32, now: At) -> Result<(), u32> {
        let key = self.hasher.hash_one(key);
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut windows, now);
        let window = windows.entry(key).or_insert(Window { began: now, count: 0 });
        if !window.is_open(now) {
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

/// Forgets windows that ended. When all are still open the count begins anew: it takes hundreds of
/// thousands of networks to get there, and whoever has them needs no second helping.
fn make_room(windows: &mut HashMap<u64, Window>, now: At) {
    if windows.len() < KEPT_MAX {
        return;
    }
    windows.retain(|_, window| window.is_open(now));
    if windows.len() >= KEPT_MAX {
        windows.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_of_a_minute_waits_and_the_next_minute_begins_anew() {
        let tally = Tally::default();
        let knock = |key: &str, seconds: At| tally.count(key, 5, seconds * 1_000_000);
        for second in 0..5 {
            assert_eq!(knock("a", second), Ok(()));
        }
        assert_eq!(knock("a", 10), Err(50));
        assert_eq!(knock("b", 10), Ok(()), "another key has its own count");
        assert_eq!(knock("a", 60), Ok(()), "waiting that long is enough");
    }

    #[test]
    fn a_clock_set_back_holds_nobody_up_for_longer_than_a_minute() {
        let tally = Tally::default();
        assert_eq!(tally.count("a", 1, 3_600_000_000), Ok(()));
        assert_eq!(tally.count("a", 1, 0), Ok(()));
        assert_eq!(tally.count("a", 1, 1), Err(60));
    }

    /// RL-5.
    #[test]
    fn a_million_keys_do_not_grow_the_memory() {
        let tally = Tally::default();
        for key in 0..1_000_000 {
            assert_eq!(tally.count(&key.to_string(), 5, 0), Ok(()));
        }
        let windows = tally.windows.lock().unwrap();
        assert!(windows.len() <= KEPT_MAX);
        let bytes = windows.capacity() * (size_of::<(u64, Window)>() + 1);
        assert!(bytes < 64 << 20, "{bytes} bytes");
    }

    /// RL-5: what ended makes room for what begins, and what is still open keeps its count.
    #[test]
    fn windows_that_ended_are_forgotten_and_open_ones_are_not() {
        let tally = Tally::default();
        for key in 1..KEPT_MAX {
            assert_eq!(tally.count(&key.to_string(), 5, 0), Ok(()));
        }
        assert_eq!(tally.count("late", 1, WINDOW_US - 1_000_000), Ok(()));
        let kept = || tally.windows.lock().unwrap().len();
        assert_eq!(kept(), KEPT_MAX);
        assert_eq!(tally.count("next", 1, WINDOW_US), Ok(()));
        assert_eq!(kept(), 2, "a minute later the others are over");
        assert_eq!(tally.count("late", 1, WINDOW_US), Err(59));
    }
}
