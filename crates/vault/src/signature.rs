//! Signatures of the shop: Ed25519, with a key of the ring. What
//! the shop signed can be checked by anybody who knows its public key, without the shop.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

/// A public key of Ed25519.
pub type PublicKey = [u8; 32];
/// A signature of Ed25519.
pub type Signature = [u8; 64];

/// The shop's pair of keys.
pub(crate) struct Signer(Ed25519KeyPair);

impl Signer {
    pub fn of(seed: &[u8; 32]) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed).expect("a seed of 32 bytes is a key"))
    }

    pub fn public_key(&self) -> PublicKey {
        self.0.public_key().as_ref().try_into().expect("a public key has 32 bytes")
    }

    pub fn sign(&self, message: &[u8]) -> Signature {
        self.0.sign(message).as_ref().try_into().expect("a signature has 64 bytes")
    }
}

/// Whether whoever holds the private half of `key` signed `message`.
pub fn is_signed_by(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MasterKey, Vault, hex, unhex};

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn the_published_vector_is_signed_alike() {
        let bytes = |text: &str| unhex(text).unwrap();
        let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        let signer = Signer::of(&seed.try_into().unwrap());
        assert_eq!(hex(&signer.public_key()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(hex(&signer.sign(&[0x72])), signature);
        assert!(is_signed_by(&signer.public_key(), &[0x72], &bytes(signature).try_into().unwrap()));
    }

    #[test]
    fn another_message_key_or_bit_is_not_signed() {
        let (vault, other) = (Vault::of(&MasterKey::from_bytes([1; 32])), Vault::of(&MasterKey::from_bytes([2; 32])));
        let signature = vault.sign(b"1200");
        assert!(is_signed_by(&vault.public_key(), b"1200", &signature));
        assert!(!is_signed_by(&vault.public_key(), b"1201", &signature));
        assert!(!is_signed_by(&other.public_key(), b"1200", &signature));
        for byte in 0..signature.len() {
            let mut bent = signature;
            bent[byte] ^= 1;
            assert!(!is_signed_by(&vault.public_key(), b"1200", &bent), "byte {byte}");
        }
    }
}
