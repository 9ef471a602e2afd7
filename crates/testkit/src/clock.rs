//! Time and ids that a test decides: the same run gives the same instants and the same ids.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use gondola_store::{At, Clock, Ids};
use uuid::Uuid;

/// Where every test begins: 2026-11-23 12:00 UTC, nine in the morning in the shop.
const BEGIN: At = 1_795_435_200_000_000;

/// A clock that moves only when told.
#[derive(Debug)]
pub struct MockClock(AtomicI64);

impl Default for MockClock {
    fn default() -> Self {
        Self(AtomicI64::new(BEGIN))
    }
}

impl MockClock {
    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).expect("tests stay within a human life");
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// Moves the clock on to an instant; it never goes back.
    pub fn reach(&self, at: At) {
        self.0.fetch_max(at, Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, at: At) {
        self.0.store(at, Ordering::SeqCst);
    }
}

impl Clock for MockClock {
    fn now(&self) -> At {
        self.0.load(Ordering::SeqCst)
    }
}

/// Ids in a fixed sequence that sort as drawn.
#[derive(Debug, Default)]
pub struct SeededIds {
    process: u16,
    drawn: AtomicU64,
}

impl SeededIds {
    /// Those of another process of the same shop, which are its own.
    pub fn of_process(number: u16) -> Self {
        Self { process: number, drawn: AtomicU64::default() }
    }
}

impl Ids for SeededIds {
    fn next(&self, now: At) -> Uuid {
        let number = self.drawn.fetch_add(1, Ordering::SeqCst);
        let mut tail = [0; 10];
        tail[..2].copy_from_slice(&self.process.to_be_bytes());
        tail[2..].copy_from_slice(&number.to_be_bytes());
        let millis = u64::try_from(now / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}
