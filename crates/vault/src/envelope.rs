//! The envelope: version, suite, key id, nonce, ciphertext and tag in one byte string (ENC-1).
//! Suite 1 is AES-256-GCM. What a value belongs to goes in as associated data, so that a sealed
//! value moved to another place does not open. Rotation and the key ring come with the security
//! layer; the key id is in the format already.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};

use crate::digest::{Digest, keyed};
use crate::keyfile::MasterKey;
use crate::random::{Randomness, SystemRandomness};
use crate::signature::{PublicKey, Signature, Signer};

const VERSION: u8 = 1;
const SUITE_AES_256_GCM: u8 = 1;
const KEY_ID: u32 = 1;
const HEADER_LEN: usize = 2 + 4 + NONCE_LEN;

/// Why a sealed value did not open. Never says anything about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Too short, or of a version or suite this program does not know.
    #[error("the envelope is not one this program knows")]
    UnknownFormat,
    /// Sealed with a key that is not in the ring.
    #[error("the envelope names a key that is not here")]
    UnknownKey,
    /// Altered, moved to another place, or sealed with another key of the same id.
    #[error("the envelope was altered, moved or sealed with another key")]
    BadTag,
}

/// Seals and opens values, and digests secrets, with keys derived from the master key.
pub struct Vault {
    sealing: LessSafeKey,
    digesting: [u8; 32],
    signer: Signer,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(***)")
    }
}

struct KeyLength;

impl aws_lc_rs::hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

impl Vault {
    /// A vault whose keys derive from `master` by HKDF, one per use.
    pub fn new(master: &MasterKey) -> Self {
        let sealing = derive(master, b"gondola sealing 1");
        let key = UnboundKey::new(&AES_256_GCM, &sealing).expect("the derived key has 32 bytes");
        let (digesting, signing) = (derive(master, b"gondola digest 1"), derive(master, b"gondola signing 1"));
        Self { sealing: LessSafeKey::new(key), digesting, signer: Signer::of(&signing) }
    }

    /// Seals `plain`; it opens only with the same `place` (for example `idempotency_keys.answer`
    /// and the row's key).
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandomness.fill(&mut nonce);
        let mut envelope = Vec::with_capacity(HEADER_LEN + plain.len() + 16);
        envelope.extend([VERSION, SUITE_AES_256_GCM]);
        envelope.extend(KEY_ID.to_be_bytes());
        envelope.extend(nonce);
        let mut body = plain.to_vec();
        let bound = [&envelope[..6], place].concat();
        self.sealing
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound), &mut body)
            .expect("sealing fails only above 64 GB");
        envelope.extend(body);
        envelope
    }

    /// Opens what [`Vault::seal`] made for the same `place`.
    ///
    /// # Errors
    /// [`OpenError`], and never a part of the value.
    pub fn open(&self, place: &[u8], envelope: &[u8]) -> Result<Vec<u8>, OpenError> {
        if envelope.len() < HEADER_LEN || envelope[..2] != [VERSION, SUITE_AES_256_GCM] {
            return Err(OpenError::UnknownFormat);
        }
        if envelope[2..6] != KEY_ID.to_be_bytes() {
            return Err(OpenError::UnknownKey);
        }
        let nonce = Nonce::try_assume_unique_for_key(&envelope[6..HEADER_LEN]).map_err(|_| OpenError::UnknownFormat)?;
        let bound = [&envelope[..6], place].concat();
        let mut body = envelope[HEADER_LEN..].to_vec();
        let plain = self.sealing.open_in_place(nonce, Aad::from(bound), &mut body).map_err(|_| OpenError::BadTag)?;
        Ok(plain.to_vec())
    }

    /// The key that the shop's signatures are checked with.
    pub fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    /// The shop's signature under a message.
    pub fn sign(&self, message: &[u8]) -> Signature {
        self.signer.sign(message)
    }

    /// Keyed digest of a secret, to be stored in its place.
    pub fn digest(&self, purpose: &str, secret: &[u8]) -> Digest {
        keyed(&self.digesting, purpose, secret)
    }
}

fn derive(master: &MasterKey, info: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    Salt::new(HKDF_SHA256, b"gondola")
        .extract(master.bytes())
        .expand(&[info], KeyLength)
        .and_then(|okm| okm.fill(&mut key))
        .expect("HKDF gives 32 bytes");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&MasterKey::from_bytes([42; 32]))
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        let sealed = vault().seal(b"a.b.1", b"1420.50");
        assert_eq!(vault().open(b"a.b.1", &sealed), Ok(b"1420.50".to_vec()));
        assert_eq!(vault().open(b"a.b.2", &sealed), Err(OpenError::BadTag));
    }

    /// ENC-1: any flipped bit in any field is a hard error.
    #[test]
    fn any_flipped_bit_is_an_error() {
        let sealed = vault().seal(b"place", b"secret");
        for byte in 0..sealed.len() {
            for bit in 0..8 {
                let mut bent = sealed.clone();
                bent[byte] ^= 1 << bit;
                assert!(vault().open(b"place", &bent).is_err(), "byte {byte} bit {bit}");
            }
        }
    }

    #[test]
    fn another_master_key_opens_nothing() {
        let sealed = vault().seal(b"place", b"secret");
        let other = Vault::new(&MasterKey::from_bytes([43; 32]));
        assert_eq!(other.open(b"place", &sealed), Err(OpenError::BadTag));
    }
}
