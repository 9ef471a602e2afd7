//! How often protected values were sealed and opened, and how often they could not be: what the metrics tell.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::access::Operation;
use super::rotate::{KeyState, Rotation};

/// What is counted: the operation, the table, and why it failed (empty when it did not).
pub type Tallied = (Operation, &'static str, &'static str);

/// Counts since the process started, and the keys as they were last looked at.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Mutex<BTreeMap<Tallied, u64>>,
    keys: Mutex<(Vec<KeyState>, Rotation)>,
}

impl Tally {
    /// Counts values.
    pub(super) fn add(&self, operation: Operation, table: &'static str, failure: &'static str, values: usize) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((operation, table, failure)).or_default() += values as u64;
    }

    /// All counts.
    pub fn counts(&self) -> BTreeMap<Tallied, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps how the keys stand, and how far the newest has come.
    pub fn set_keys(&self, keys: impl Iterator<Item = KeyState>, rotation: Rotation) {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = (keys.collect(), rotation);
    }

    /// How the keys stood when they were last looked at, the newest at the end, and how far it had come.
    pub fn keys(&self) -> (Vec<KeyState>, Rotation) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
