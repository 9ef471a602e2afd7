//! How bytes are sealed: the two suites an envelope may name (ENC-1). Both take a key that serves one row only
//! and both bind what the value belongs to. Which key that is, is the ring's part.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;

use crate::random::{Randomness, SystemRandomness};

const IV_LEN: usize = 16;
const GCM_TAG_LEN: usize = 16;
const MAC_LEN: usize = 32;

/// An authenticated way to seal, by its number in the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// 1: AES-256-GCM, the one that is used unless another is asked for.
    Aes256Gcm,
    /// 2: AES-256-CBC with PKCS#7 padding, then HMAC-SHA-256 over everything: what pgcrypto can open too (ENC-3).
    Aes256CbcHmac,
}

impl Suite {
    /// Both suites.
    pub const ALL: [Self; 2] = [Self::Aes256Gcm, Self::Aes256CbcHmac];

    /// The number in envelopes and in the ring.
    pub const fn number(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
            Self::Aes256CbcHmac => 2,
        }
    }

    /// The suite of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.number() == number)
    }

    /// Bytes of key material it takes: suite 2 has a second key for the code.
    pub(crate) const fn key_len(self) -> usize {
        match self {
            Self::Aes256Gcm => 32,
            Self::Aes256CbcHmac => 64,
        }
    }

    /// Seals `plain` so that it opens with the same `key` and `bound` only. The nonce or IV stands in front, the tag
    /// at the end. Values of the shop are sealed by the vault, which knows the key.
    ///
    /// # Panics
    /// When the key has another length than 32 bytes for suite 1 and 64 for suite 2.
    pub fn seal(self, key: &[u8], bound: &[u8], plain: &[u8]) -> Vec<u8> {
        match self {
            Self::Aes256Gcm => {
                let mut nonce = [0; NONCE_LEN];
                SystemRandomness.fill(&mut nonce);
                gcm_seal(key, nonce, bound, plain)
            }
            Self::Aes256CbcHmac => {
                let mut iv = [0; IV_LEN];
                SystemRandomness.fill(&mut iv);
                cbc_seal(key, iv, bound, plain)
            }
        }
    }

    /// Opens what [`Suite::seal`] made; none when a bit differs.
    pub(crate) fn open(self, key: &[u8], bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Aes256Gcm => gcm_open(key, bound, sealed),
            Self::Aes256CbcHmac => cbc_open(key, bound, sealed),
        }
    }
}

fn gcm(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the suite's key has 32 bytes"))
}

pub(crate) fn gcm_seal(key: &[u8], nonce: [u8; NONCE_LEN], bound: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + GCM_TAG_LEN);
    sealed.extend(nonce);
    sealed.extend(plain);
    let tag = gcm(key)
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound), &mut sealed[NONCE_LEN..])
        .expect("sealing fails only above 64 GB");
    sealed.extend(tag.as_ref());
    sealed
}

fn gcm_open(key: &[u8], bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut body = body.to_vec();
    let len = gcm(key).open_in_place(nonce, Aad::from(bound), &mut body).ok()?.len();
    body.truncate(len);
    Some(body)
}

fn cipher_key(key: &[u8]) -> UnboundCipherKey {
    UnboundCipherKey::new(&AES_256, &key[..32]).expect("the first key has 32 bytes")
}

pub(crate) fn cbc_seal(key: &[u8], iv: [u8; IV_LEN], bound: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut body = plain.to_vec();
    let encrypting = PaddedBlockEncryptingKey::cbc_pkcs7(cipher_key(key)).expect("CBC takes AES-256");
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    encrypting.less_safe_encrypt(&mut body, context).expect("CBC seals any length");
    let mut sealed = [iv.as_slice(), &body].concat();
    let code = hmac::sign(&code_key(key), &coded(bound, &sealed));
    sealed.extend(code.as_ref());
    sealed
}

fn cbc_open(key: &[u8], bound: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (kept, code) = sealed.split_at_checked(sealed.len().checked_sub(MAC_LEN)?)?;
    hmac::verify(&code_key(key), &coded(bound, kept), code).ok()?;
    let (iv, body) = kept.split_at_checked(IV_LEN)?;
    let iv: [u8; IV_LEN] = iv.try_into().ok()?;
    let mut body = body.to_vec();
    let decrypting = PaddedBlockDecryptingKey::cbc_pkcs7(cipher_key(key)).ok()?;
    let len = decrypting.decrypt(&mut body, DecryptionContext::Iv128(FixedLength::from(iv))).ok()?.len();
    body.truncate(len);
    Some(body)
}

fn code_key(key: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &key[32..])
}

/// What the code of suite 2 is taken over. The length in front keeps the two parts apart.
fn coded(bound: &[u8], kept: &[u8]) -> Vec<u8> {
    [&(bound.len() as u64).to_be_bytes(), bound, kept].concat()
}
