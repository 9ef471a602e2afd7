//! Keys and envelopes: the only crate that touches key material.
//!
//! It seals values that must not lie readable in the database (stored answers today, protected
//! columns next), makes keyed digests of secrets that are only ever compared, signs for the shop, issues certificates and
//! sets up both ends of TLS, and draws random bytes. Not here: where keys are configured (the server's
//! settings) and what is sealed (the store and the features).

pub mod certificates;
mod digest;
mod envelope;
mod keyfile;
mod random;
mod signature;
mod totp;

pub use digest::{Digest, Hasher, same, sha256};
pub use envelope::{OpenError, Vault};
pub use keyfile::{KeyFileError, MasterKey, read_or_create};
pub use random::{Randomness, SystemRandomness, hex, token, unhex};
pub use signature::{PublicKey, Signature, is_signed_by};
pub use totp::TotpSecret;
