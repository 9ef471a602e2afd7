//! Known answers: what the encryption library must say to published questions, asked at every start (ENC-1, ENC-2).
//! These are FIPS-approved algorithms; no validated module is linked.

use std::num::NonZeroU32;

use crate::derive::{expand, extract, stretch};
use crate::digest::{code_of, sha256};
use crate::random::{hex, unhex};
use crate::suite::{Suite, cbc_seal, gcm_seal};

/// Whether an algorithm gives the published answer.
type Question = fn() -> bool;

/// Asks every question; the name of the first algorithm that answers wrong.
pub fn run() -> Result<(), &'static str> {
    let answers: [(&str, Question); 6] = [
        ("SHA-256", sha_256),
        ("HMAC-SHA-256", hmac_sha_256),
        ("HKDF-SHA-256", hkdf_sha_256),
        ("PBKDF2-HMAC-SHA-256", pbkdf2_sha_256),
        ("AES-256-GCM", aes_256_gcm),
        ("AES-256-CBC", aes_256_cbc),
    ];
    match answers.into_iter().find(|(_, right)| !right()) {
        Some((wrong, _)) => Err(wrong),
        None => Ok(()),
    }
}

/// FIPS 180-4, the example of one block.
fn sha_256() -> bool {
    hex(&sha256(b"abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
}

/// RFC 4231, test case 2.
fn hmac_sha_256() -> bool {
    let code = code_of(b"Jefe", &[b"what do ya want for nothing?"]);
    hex(&code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
}

/// RFC 5869, test case 1.
fn hkdf_sha_256() -> bool {
    let mut okm = [0; 42];
    let rows = extract(&bytes("000102030405060708090a0b0c"), &[0x0b; 22]);
    expand(&rows, &[&bytes("f0f1f2f3f4f5f6f7f8f9")], &mut okm).is_ok()
        && hex(&okm) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
}

/// RFC 7914, section 11, the first vector.
fn pbkdf2_sha_256() -> bool {
    let mut key = [0; 64];
    stretch(b"passwd", b"salt", NonZeroU32::MIN, &mut key);
    hex(&key)
        == "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
            49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
}

/// The GCM specification NIST published with SP 800-38D, test case 16.
fn aes_256_gcm() -> bool {
    let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    let nonce: [u8; 12] = bytes("cafebabefacedbaddecaf888").try_into().expect("12 bytes");
    let plain = bytes(concat!(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72",
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    ));
    let bound = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let sealed = gcm_seal(&key, nonce, &bound, &plain);
    let expected = concat!(
        "cafebabefacedbaddecaf888",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa",
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b"
    );
    hex(&sealed) == expected && Suite::Aes256Gcm.open(&key, &bound, &sealed).as_deref() == Some(plain.as_slice())
}

/// SP 800-38A, F.2.5 (CBC-AES256.Encrypt), before the padding; what it seals opens again, and bent it does not.
fn aes_256_cbc() -> bool {
    let key = [bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"), vec![1; 32]].concat();
    let iv: [u8; 16] = bytes("000102030405060708090a0b0c0d0e0f").try_into().expect("16 bytes");
    let plain = bytes(concat!(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
    ));
    let mut sealed = cbc_seal(&key, iv, b"bound", &plain);
    let expected = concat!(
        "000102030405060708090a0b0c0d0e0f",
        "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d",
        "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"
    );
    let right = hex(&sealed).starts_with(expected)
        && Suite::Aes256CbcHmac.open(&key, b"bound", &sealed).as_deref() == Some(plain.as_slice());
    sealed[20] ^= 1;
    right && Suite::Aes256CbcHmac.open(&key, b"bound", &sealed).is_none()
}

fn bytes(text: &str) -> Vec<u8> {
    unhex(text).expect("hex digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ENC-1: the published answers.
    #[test]
    fn the_library_gives_the_published_answers() {
        assert_eq!(run(), Ok(()));
    }

    /// ENC-2: RFC 7914, section 11, the second vector, which a start does not wait for.
    #[test]
    fn stretching_gives_the_published_answer() {
        let mut key = [0; 64];
        let iterations = NonZeroU32::new(80_000).unwrap();
        stretch(b"Password", b"NaCl", iterations, &mut key);
        let expected = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\
                        a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d";
        assert_eq!(hex(&key), expected);
    }
}
