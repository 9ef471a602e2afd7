//! The statements of the test shop itself.

/// Writes everything that is committed into one new file, whatever still lies in the log.
pub const SNAPSHOT: &str = "vacuum into $1";
/// Takes the key ring away.
pub const FORGET_KEYS: &str = "delete from encryption_keys";
