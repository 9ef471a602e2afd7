//! The envelope: version, suite, key id, nonce or IV, ciphertext and tag in one byte string (ENC-1). What a value
//! belongs to goes in as associated data, so that a sealed value moved to another row or column does not open
//! (ENC-9). Every envelope of a row has a key of that row's own (ENC-10).

use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::digest::{Digest, keyed};
use crate::keyfile::MasterKey;
use crate::ring::{Kek, KeyUse, Ring, UnlockError, WrappedKey};
use crate::self_test;
use crate::signature::{PublicKey, Signature};
use crate::suite::Suite;

const VERSION: u8 = 1;
const HEADER_LEN: usize = 2 + 4;
/// Bytes of a blind index.
pub const BLIND_INDEX_LEN: usize = 16;

/// Where a sealed value belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's id, as bytes.
    pub row: &'a [u8],
}

impl Place<'_> {
    /// No two places give the same bytes: names hold no zero byte.
    fn bytes(self) -> Vec<u8> {
        [self.table.as_bytes(), self.column.as_bytes(), self.row].join(&0)
    }
}

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

impl OpenError {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::UnknownFormat, Self::UnknownKey, Self::BadTag];

    /// The name in metrics and in the log of accesses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownFormat => "unknown_format",
            Self::UnknownKey => "unknown_key",
            Self::BadTag => "bad_tag",
        }
    }
}

/// The id of the key that an envelope names; none when it is no envelope.
pub fn key_of(envelope: &[u8]) -> Option<u32> {
    let header = envelope.get(..HEADER_LEN).filter(|header| header[0] == VERSION)?;
    Some(u32::from_be_bytes(header[2..].try_into().expect("four bytes")))
}

/// Seals and opens values, and digests secrets, with the keys of a shop's ring. It begins locked; what seals or
/// digests before it is unlocked is a fault of the program and stops it.
#[derive(Default)]
pub struct Vault(RwLock<Option<Arc<Ring>>>);

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(***)")
    }
}

impl Vault {
    /// Draws the keys of a new shop, wrapped with `master`. Takes as long as one stretch.
    pub fn draw_ring(master: &MasterKey, suite: Suite) -> Vec<WrappedKey> {
        Ring::draw(&Kek::fresh(master), suite)
    }

    /// A vault with a ring of its own that is kept nowhere.
    pub fn of(master: &MasterKey) -> Self {
        let vault = Self::default();
        vault.unlock(master, &Self::draw_ring(master, Suite::Aes256Gcm)).expect("the ring was wrapped with this key");
        vault
    }

    /// Opens the ring with the master secret: one stretch, whatever the ring holds. The library's known answers are
    /// asked for first (ENC-1).
    ///
    /// # Errors
    /// [`UnlockError`]; the vault is as it was.
    pub fn unlock(&self, master: &MasterKey, keys: &[WrappedKey]) -> Result<(), UnlockError> {
        self_test::run().map_err(UnlockError::SelfTest)?;
        let first = keys.first().ok_or(UnlockError::Incomplete)?;
        let kek = Kek::of(master, first)?;
        self.put(Ring::open(kek, keys)?);
        Ok(())
    }

    /// Takes over a ring that was changed by another process, without the master secret.
    ///
    /// # Errors
    /// [`UnlockError`], also when a new key was wrapped with another secret; the vault goes on with the ring it has.
    pub fn refresh(&self, keys: &[WrappedKey]) -> Result<(), UnlockError> {
        let ring = self.ring().take_over(keys)?;
        self.put(ring);
        Ok(())
    }

    /// Whether the ring is open.
    pub fn is_unlocked(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Draws a further field key for this ring, wrapped. It seals once the ring that has it is taken over.
    pub fn draw_field_key(&self, id: u32, suite: Suite) -> WrappedKey {
        self.ring().kek().draw(id, KeyUse::Field(suite)).1
    }

    /// The ring wrapped with another master secret. Takes as long as one stretch.
    pub fn rewrap(&self, master: &MasterKey) -> Vec<WrappedKey> {
        self.ring().wrap(&Kek::fresh(master))
    }

    /// Whether it opens what a key of that number sealed.
    pub fn has_key(&self, id: u32) -> bool {
        self.ring().has_field(id)
    }

    /// The id of the key that seals, and its suite.
    pub fn newest_key(&self) -> (u32, Suite) {
        self.ring().newest()
    }

    /// Seals `plain`; it opens in the same `place` only.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let ring = self.ring();
        let (id, suite) = ring.newest();
        let place = place.bytes();
        let (_, key) = ring.row_key(id, &place).expect("the newest key is in the ring");
        let mut envelope = header(id, suite).to_vec();
        let body = suite.seal(&key, &[&envelope, place.as_slice()].concat(), plain);
        envelope.extend(body);
        envelope
    }

    /// Opens what [`Vault::seal`] made for the same `place`.
    ///
    /// # Errors
    /// [`OpenError`], and never a part of the value.
    pub fn open(&self, place: Place<'_>, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let id = key_of(envelope).ok_or(OpenError::UnknownFormat)?;
        let named = Suite::from_number(envelope[1]).ok_or(OpenError::UnknownFormat)?;
        let place = place.bytes();
        let (suite, key) = self.ring().row_key(id, &place).ok_or(OpenError::UnknownKey)?;
        if suite != named {
            return Err(OpenError::BadTag);
        }
        let bound = [&envelope[..HEADER_LEN], &place].concat();
        suite.open(&key, &bound, &envelope[HEADER_LEN..]).map(Zeroizing::new).ok_or(OpenError::BadTag)
    }

    /// The key that the shop's signatures are checked with.
    pub fn public_key(&self) -> PublicKey {
        self.ring().signer().public_key()
    }

    /// The shop's signature under a message.
    pub fn sign(&self, message: &[u8]) -> Signature {
        self.ring().signer().sign(message)
    }

    /// Keyed digest of a secret, to be stored in its place.
    pub fn digest(&self, purpose: &str, secret: &[u8]) -> Digest {
        keyed(self.ring().digest_key(), purpose, secret)
    }

    /// The blind index of a value: 128 bits that are equal for equal values of the same column, so that a sealed
    /// column can be searched for one value and for nothing else (ENC-11). `normal` is the value in the column's
    /// normal form.
    pub fn blind_index(&self, table: &str, column: &str, normal: &str) -> [u8; BLIND_INDEX_LEN] {
        let whole = keyed(self.ring().index_key(), &format!("{table}.{column}"), normal.as_bytes());
        whole[..BLIND_INDEX_LEN].try_into().expect("a digest has 32 bytes")
    }

    fn ring(&self) -> Arc<Ring> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(ring.as_ref().expect("the keys are unlocked before anything is sealed"))
    }

    fn put(&self, ring: Ring) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(ring));
    }
}

fn header(id: u32, suite: Suite) -> [u8; HEADER_LEN] {
    let [a, b, c, d] = id.to_be_bytes();
    [VERSION, suite.number(), a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place { table: "products", column: "acquisition_cost", row: b"1" };

    fn master(byte: u8) -> MasterKey {
        MasterKey::from_bytes([byte; 32])
    }

    fn vault(suite: Suite) -> Vault {
        let vault = Vault::default();
        vault.unlock(&master(42), &Vault::draw_ring(&master(42), suite)).unwrap();
        vault
    }

    /// ENC-9: what is sealed for a row's column opens there only.
    #[test]
    fn what_is_sealed_opens_in_its_place_only() {
        for suite in Suite::ALL {
            let vault = vault(suite);
            let sealed = vault.seal(PLACE, b"1420.50");
            assert_eq!(vault.open(PLACE, &sealed).unwrap().as_slice(), b"1420.50");
            let elsewhere = [
                Place { row: b"2", ..PLACE },
                Place { column: "suggested_price", ..PLACE },
                Place { table: "users", ..PLACE },
            ];
            for place in elsewhere {
                assert_eq!(vault.open(place, &sealed), Err(OpenError::BadTag), "{place:?}");
            }
        }
    }

    /// ENC-1: any flipped bit in any field is a hard error, and so is any other length.
    #[test]
    fn any_flipped_bit_is_an_error() {
        for suite in Suite::ALL {
            let vault = vault(suite);
            let sealed = vault.seal(PLACE, b"secret");
            for byte in 0..sealed.len() {
                assert!(vault.open(PLACE, &sealed[..byte]).is_err(), "cut at {byte}");
                for bit in 0..8 {
                    let mut bent = sealed.clone();
                    bent[byte] ^= 1 << bit;
                    assert!(vault.open(PLACE, &bent).is_err(), "byte {byte} bit {bit}");
                }
            }
            assert!(vault.open(PLACE, &[sealed, vec![0]].concat()).is_err());
        }
    }

    #[test]
    fn nothing_and_much_are_sealed_alike() {
        for suite in Suite::ALL {
            let vault = vault(suite);
            for len in [0, 1, 15, 16, 17, 100_000] {
                let plain = vec![7; len];
                assert_eq!(vault.open(PLACE, &vault.seal(PLACE, &plain)).unwrap().as_slice(), plain);
            }
        }
    }

    /// ENC-7: a further key seals from then on, the one before still opens; ENC-12: a key that is not there is told.
    #[test]
    fn a_further_key_seals_and_the_one_before_opens() {
        let keys = Vault::draw_ring(&master(42), Suite::Aes256Gcm);
        let vault = Vault::default();
        vault.unlock(&master(42), &keys).unwrap();
        let before = vault.seal(PLACE, b"before");
        let more = [keys.clone(), vec![vault.draw_field_key(9, Suite::Aes256CbcHmac)]].concat();
        vault.refresh(&more).unwrap();
        let after = vault.seal(PLACE, b"after");
        assert_eq!((key_of(&before), key_of(&after)), (Some(1), Some(9)));
        assert_eq!(vault.open(PLACE, &before).unwrap().as_slice(), b"before");
        vault.refresh(&keys).unwrap();
        assert_eq!(vault.open(PLACE, &after), Err(OpenError::UnknownKey));
    }

    /// ENC-7: another master secret is another wrapping of the same ring.
    #[test]
    fn another_secret_rewraps_the_ring() {
        let vault = vault(Suite::Aes256Gcm);
        let (sealed, digest) = (vault.seal(PLACE, b"kept"), vault.digest("api key", b"x"));
        let rewrapped = vault.rewrap(&master(43));
        let other = Vault::default();
        assert_eq!(other.unlock(&master(42), &rewrapped), Err(UnlockError::OtherSecret));
        assert!(!other.is_unlocked());
        other.unlock(&master(43), &rewrapped).unwrap();
        vault.refresh(&rewrapped).expect("its keys are the same ones");
        let further = [rewrapped, vec![other.draw_field_key(9, Suite::Aes256Gcm)]].concat();
        assert_eq!(vault.refresh(&further), Err(UnlockError::OtherSecret));
        assert_eq!(other.open(PLACE, &sealed).unwrap().as_slice(), b"kept");
        assert_eq!(other.digest("api key", b"x"), digest);
    }

    /// A key of the ring cannot stand in for another: its id and its use are bound.
    #[test]
    fn a_wrapped_key_serves_its_own_use_only() {
        let mut keys = Vault::draw_ring(&master(42), Suite::Aes256Gcm);
        assert_eq!(Vault::default().unlock(&master(42), &keys[..3]), Err(UnlockError::Incomplete));
        let bytes = keys[1].bytes.clone();
        keys[2].bytes = bytes;
        assert_eq!(Vault::default().unlock(&master(42), &keys), Err(UnlockError::OtherSecret));
        keys[0].bytes[4] = 0xff;
        assert_eq!(Vault::default().unlock(&master(42), &keys), Err(UnlockError::OtherSecret));
        keys[0].bytes[1..5].fill(0);
        assert_eq!(Vault::default().unlock(&master(42), &keys), Err(UnlockError::UnknownFormat));
    }

    /// ENC-11: equal values of a column, and only those, have equal indexes; its key is not the fields'.
    #[test]
    fn a_blind_index_tells_equal_from_different() {
        let vault = vault(Suite::Aes256Gcm);
        let index = |column, value| vault.blind_index("users", column, value);
        assert_eq!(index("email", "ana@example.com"), index("email", "ana@example.com"));
        assert_ne!(index("email", "ana@example.com"), index("email", "eva@example.com"));
        assert_ne!(index("email", "ana@example.com"), index("phone", "ana@example.com"));
        assert_ne!(index("email", "x").as_slice(), &vault.digest("users.email", b"x")[..BLIND_INDEX_LEN]);
    }

    /// ENC-10: no (key, nonce) pair twice, not even for one row over and over. `cargo xtask bench protect` asks for ten
    /// million.
    #[test]
    fn no_nonce_comes_twice() {
        let vault = vault(Suite::Aes256Gcm);
        let nonce = |_| vault.seal(PLACE, b"")[HEADER_LEN..HEADER_LEN + 12].to_vec();
        let mut seen: Vec<Vec<u8>> = (0..20_000).map(nonce).collect();
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
