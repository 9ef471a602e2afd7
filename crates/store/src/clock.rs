//! Time and ids as parameters. Commands get both from their `Context`; this file holds the only
//! reading of the system clock.

use uuid::Uuid;

use gondola_vault::{Randomness, SystemRandomness};

/// An instant: microseconds since 1970-01-01 UTC.
pub type At = i64;

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> At;

    /// The shop's day an instant falls on, as days since 1970-01-01. Argentina keeps UTC−3 without
    /// summer time; a clock for another zone says otherwise.
    fn day_of(&self, at: At) -> i32 {
        const HOUR: At = 3_600_000_000;
        i32::try_from((at - 3 * HOUR).div_euclid(24 * HOUR)).expect("accepted instants are in this age")
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> At {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("the machine's clock is past 1970");
        At::try_from(since.as_micros()).expect("the year is before 294,000")
    }
}

/// Draws ids that sort by time (UUIDv7).
pub trait Ids: Send + Sync {
    /// A new id for something that happens at `now`.
    fn next(&self, now: At) -> Uuid;
}

/// Ids from the system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next(&self, now: At) -> Uuid {
        let mut random = [0; 10];
        SystemRandomness.fill(&mut random);
        let millis = u64::try_from(now / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
