//! Plain and keyed SHA-256. Keyed digests stand in for secrets (API keys, session ids, set-up
//! tokens), so that a dump of the database holds nothing that opens a door.

use aws_lc_rs::{constant_time, digest, hmac};

/// A SHA-256 output.
pub type Digest = [u8; 32];

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Digest {
    to_array(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// SHA-256 of what comes in pieces.
pub struct Hasher(digest::Context);

impl Default for Hasher {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Hasher {
    /// Adds the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces in their order.
    pub fn finish(self) -> Digest {
        to_array(self.0.finish().as_ref())
    }
}

/// Whether two byte strings are equal, in time that does not depend on where they differ.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

pub(crate) fn keyed(key: &[u8], purpose: &str, bytes: &[u8]) -> Digest {
    code_of(key, &[purpose.as_bytes(), &[0], bytes])
}

/// HMAC-SHA-256 of all pieces in their order.
pub(crate) fn code_of(key: &[u8], pieces: &[&[u8]]) -> Digest {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    pieces.iter().for_each(|piece| context.update(piece));
    to_array(context.sign().as_ref())
}

fn to_array(bytes: &[u8]) -> Digest {
    bytes.try_into().expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_gives_the_published_vector() {
        assert_eq!(crate::hex(&sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn pieces_give_the_digest_of_the_whole() {
        let mut pieces = Hasher::default();
        pieces.update(b"a");
        pieces.update(b"bc");
        assert_eq!(pieces.finish(), sha256(b"abc"));
    }

    #[test]
    fn the_same_secret_for_another_purpose_has_another_digest() {
        assert_ne!(keyed(&[7; 32], "session", b"x"), keyed(&[7; 32], "api key", b"x"));
    }
}
