//! Keys and envelopes: the only crate that touches key material.
//!
//! It seals values that must not lie readable in the database, makes blind indexes of them and keyed
//! digests of secrets that are only ever compared, signs for the shop, keeps the ring of keys for all
//! that, issues certificates and sets up both ends of TLS, and draws random bytes. Not here: where keys
//! are configured (the server's settings), where the ring is kept (the store) and what is sealed (the
//! store and the features).

pub mod certificates;
mod derive;
mod digest;
mod envelope;
mod keyfile;
mod random;
mod ring;
mod self_test;
mod signature;
mod suite;
mod totp;
#[cfg(test)]
mod vectors;

pub use digest::{Digest, Hasher, same, sha256};
pub use envelope::{BLIND_INDEX_LEN, OpenError, Place, Vault, key_of};
pub use keyfile::{KeyFileError, MasterKey, read as read_key, read_or_create};
pub use random::{Randomness, SystemRandomness, hex, token, unhex};
pub use ring::{ITERATIONS, KeyUse, UnlockError, WrappedKey};
pub use signature::{PublicKey, Signature, is_signed_by};
pub use suite::Suite;
pub use totp::TotpSecret;
