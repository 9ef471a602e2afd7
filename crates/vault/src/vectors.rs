//! Project Wycheproof's vectors, made to find the mistakes that implementations make, asked of the very functions that
//! seal, digest, derive and check here: what is right comes out to the byte, what is wrong is refused. Sizes that no
//! envelope has are refused or left out. How many were tried is asserted: a filter that nothing passes is found out,
//! and vectors that a later release of them adds are looked at.

use std::num::NonZeroU32;

use wycheproof::{TestResult, aead, cipher, eddsa, hkdf, mac, pbkdf2};

use crate::derive::{expand, extract, stretch};
use crate::digest::{code_of, same};
use crate::signature::is_signed_by;
use crate::suite::{Suite, cbc_seal, gcm_seal};

/// How many vectors were tried.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tried {
    right: usize,
    wrong: usize,
}

impl Tried {
    /// Counts one; whether what it says is right.
    fn is_right(&mut self, result: TestResult) -> bool {
        match result {
            TestResult::Valid => self.right += 1,
            TestResult::Invalid => self.wrong += 1,
            TestResult::Acceptable => panic!("what may be taken or refused has to be decided here"),
        }
        result == TestResult::Valid
    }
}

fn aes_256_gcm() -> impl Iterator<Item = aead::TestGroup> {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    set.test_groups.into_iter().filter(|group| (group.key_size, group.tag_size) == (256, 128))
}

/// ENC-1, ENC-10: suite 1 with a nonce of twelve bytes, as the vault draws it.
#[test]
fn suite_1_seals_and_opens_to_the_byte_and_refuses_what_was_altered() {
    let mut tried = Tried::default();
    for test in aes_256_gcm().filter(|group| group.nonce_size == 96).flat_map(|group| group.tests) {
        let sealed = [&test.nonce[..], &test.ct, &test.tag].concat();
        let opened = Suite::Aes256Gcm.open(&test.key, &test.aad, &sealed);
        if tried.is_right(test.result) {
            let nonce = test.nonce[..].try_into().unwrap();
            assert_eq!(gcm_seal(&test.key, nonce, &test.aad, &test.pt), sealed, "vector {}", test.tc_id);
            assert_eq!(opened.as_deref(), Some(&test.pt[..]), "vector {}", test.tc_id);
        } else {
            assert_eq!(opened, None, "vector {}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!(tried, Tried { right: 39, wrong: 27 });
}

/// ENC-1: GCM itself takes a nonce of another length, an envelope has none such.
#[test]
fn suite_1_refuses_a_nonce_of_another_length() {
    let others = aes_256_gcm().filter(|group| group.nonce_size != 96).flat_map(|group| group.tests);
    let opened = others.map(|test| {
        let sealed = [&test.nonce[..], &test.ct, &test.tag].concat();
        (test.tc_id, Suite::Aes256Gcm.open(&test.key, &test.aad, &sealed))
    });
    let opened: Vec<_> = opened.collect();
    assert_eq!(opened.len(), 39);
    assert!(opened.iter().all(|(_, opened)| opened.is_none()), "{opened:?}");
}

/// ENC-1: suite 2, its code put together here as the envelope's description has it: wrong padding below a right code is
/// refused too.
#[test]
fn suite_2_seals_and_opens_to_the_byte_and_refuses_wrong_padding() {
    const CODE_KEY: [u8; 32] = [1; 32];
    const BOUND: &[u8] = b"products";
    let mut tried = Tried::default();
    let set = cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).unwrap();
    for test in set.test_groups.into_iter().filter(|group| group.key_size == 256).flat_map(|group| group.tests) {
        let key = [&test.key[..], &CODE_KEY].concat();
        let code = code_of(&CODE_KEY, &[&(BOUND.len() as u64).to_be_bytes(), BOUND, &test.nonce, &test.ct]);
        let sealed = [&test.nonce[..], &test.ct, &code].concat();
        let opened = Suite::Aes256CbcHmac.open(&key, BOUND, &sealed);
        if tried.is_right(test.result) {
            let iv = test.nonce[..].try_into().unwrap();
            assert_eq!(cbc_seal(&key, iv, BOUND, &test.pt), sealed, "vector {}", test.tc_id);
            assert_eq!(opened.as_deref(), Some(&test.pt[..]), "vector {}", test.tc_id);
        } else {
            assert_eq!(opened, None, "vector {}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!(tried, Tried { right: 24, wrong: 48 });
}

/// ENC-1, ENC-11: codes of whole length, and cut to the 128 bits of a blind index.
#[test]
fn codes_are_the_published_ones_however_the_message_is_cut_in_pieces() {
    let mut tried = Tried::default();
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    for group in set.test_groups {
        for test in group.tests {
            let (front, back) = test.msg.split_at(test.msg.len() / 2);
            let code = code_of(&test.key, &[front, back]);
            let equal = same(&code[..group.tag_size / 8], &test.tag);
            assert_eq!(equal, tried.is_right(test.result), "vector {}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!(tried, Tried { right: 66, wrong: 108 });
}

/// ENC-10: what the keys of rows are expanded with, up to the most that it gives, and not beyond.
#[test]
fn expanding_gives_the_published_keys_and_none_that_is_too_long() {
    let mut tried = Tried::default();
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap();
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let mut key = vec![0; test.size];
        let (front, back) = test.info.split_at(test.info.len() / 2);
        let expanded = expand(&extract(&test.salt, &test.ikm), &[front, back], &mut key);
        if tried.is_right(test.result) {
            assert!(expanded.is_ok() && key == *test.okm, "vector {}", test.tc_id);
        } else {
            assert!(expanded.is_err(), "vector {}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!(tried, Tried { right: 83, wrong: 3 });
}

/// ENC-2: what the master secret is stretched with.
#[test]
fn stretching_gives_the_published_keys() {
    let mut tried = Tried::default();
    let set = pbkdf2::TestSet::load(pbkdf2::TestName::Pbkdf2HmacSha256).unwrap();
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let iterations = u32::try_from(test.iteration_count).ok().and_then(NonZeroU32::new).unwrap();
        let mut key = vec![0; test.dk_len];
        stretch(&test.password, &test.salt, iterations, &mut key);
        assert_eq!(key == *test.dk, tried.is_right(test.result), "vector {}", test.tc_id);
    }
    assert_eq!(tried, Tried { right: 60, wrong: 0 });
}

/// AUD-7: what is checked under an anchor. A signature of another length is none, whatever it says.
#[test]
fn signatures_are_taken_and_refused_as_published() {
    let mut tried = Tried::default();
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    for group in set.test_groups {
        let key = group.key.pk[..].try_into().unwrap();
        for test in group.tests {
            let signature = test.sig[..].try_into();
            let signed = signature.is_ok_and(|signature| is_signed_by(&key, &test.msg, &signature));
            assert_eq!(signed, tried.is_right(test.result), "vector {}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!(tried, Tried { right: 88, wrong: 63 });
}
