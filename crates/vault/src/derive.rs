//! How keys come of secrets: stretched, or extracted and expanded. Which key comes of which secret is the ring's part.

use std::num::NonZeroU32;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::pbkdf2;

/// Fills `key` with what `secret` stretches to: PBKDF2-HMAC-SHA-256 (ENC-2).
pub fn stretch(secret: &[u8], salt: &[u8], iterations: NonZeroU32, key: &mut [u8]) {
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt, secret, key);
}

/// What keys are expanded from: the first half of HKDF-SHA-256 (ENC-10).
pub fn extract(salt: &[u8], secret: &[u8]) -> Prk {
    Salt::new(HKDF_SHA256, salt).extract(secret)
}

/// Fills `key` with what was extracted for the use that `info` names, its pieces in their order: the second half of
/// HKDF-SHA-256.
///
/// # Errors
/// When `key` has more than 8,160 bytes.
pub fn expand(extracted: &Prk, info: &[&[u8]], key: &mut [u8]) -> Result<(), Unspecified> {
    extracted.expand(info, Len(key.len()))?.fill(key)
}

struct Len(usize);

impl KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}
