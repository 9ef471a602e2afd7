//! The numbers of the detectors, all of them here (AUD-1). The page tells them in words: change both.

use gondola_store::At;

const MINUTE: At = 60_000_000;
/// An hour.
pub const HOUR: At = 60 * MINUTE;
/// A day of 24 hours.
pub const DAY: At = 24 * HOUR;
/// Seven of them.
pub const WEEK: At = 7 * DAY;

/// Failed log-ins to one account from one address within an hour.
pub const BRUTE_FORCE: i64 = 5;
/// So many are critical.
pub const BRUTE_FORCE_CRITICAL: i64 = 20;
/// Accounts at which one address fails within an hour: one password is tried on all of them.
pub const SPRAYED_ACCOUNTS: i64 = 10;
/// So many are critical.
pub const SPRAYED_ACCOUNTS_CRITICAL: i64 = 20;

/// Reads of a week from which on their hours are looked at.
pub const OFF_HOURS_READS: i64 = 10;
/// Of a hundred reads more than this many outside of the hours of work.
pub const OFF_HOURS_PERCENT: i64 = 50;
/// More than this many are high.
pub const OFF_HOURS_PERCENT_HIGH: i64 = 80;

/// Rows that anybody takes along within a day.
pub const EXPORTED_ROWS: i64 = 10_000;
/// More than this many are critical.
pub const EXPORTED_ROWS_CRITICAL: i64 = 50_000;
/// So many times the third quartile of one's own days.
pub const EXPORTED_TIMES_USUAL: i64 = 3;
/// Whose first export is younger has no usual day yet.
pub const EXPORT_HISTORY: At = 14 * DAY;
/// The days one is measured by.
pub const EXPORT_DAYS: i32 = 30;

/// Times an account is given a role within a week.
pub const GRANTS: i64 = 3;
/// Different roles among them.
pub const GRANTED_ROLES: usize = 2;

/// Protected values that do not open, per day and who wanted to read them: more than this many.
pub const DECRYPT_FAILURES: i64 = 3;

/// Addresses somebody comes from within a day: more than this many.
pub const ADDRESSES: i64 = 10;

/// Reads of a week beyond the mean of the weeks before: more than this many.
pub const READS_BEYOND_MEAN: i64 = 5;
/// The weeks before that the mean is taken of, at most.
pub const MEAN_WEEKS: i64 = 4;

/// Uses of a key that is no good, within an hour.
pub const KEY_MISUSES: i64 = 3;

/// How far back what people read is looked at: a week, and the weeks or days it is compared with.
pub const LOOK_BACK: At = 5 * WEEK + DAY;
