//! The key ring: random keys, kept in the database wrapped by a key that derives from the master secret. Changing the
//! secret rewraps the ring and touches no row; rotating adds a field key and touches no secret (ENC-2, ENC-7).

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use aws_lc_rs::hkdf::Prk;
use zeroize::Zeroizing;

use crate::derive::{expand, extract, stretch};
use crate::digest::keyed;
use crate::keyfile::MasterKey;
use crate::random::{Randomness, SystemRandomness};
use crate::signature::Signer;
use crate::suite::Suite;

const KEY_LEN: usize = 32;
const SALT_LEN: usize = 16;
const WRAP_VERSION: u8 = 1;
const CHECK_LEN: usize = 8;
/// Version, iterations, salt and check stand before what is wrapped.
const WRAP_HEADER_LEN: usize = 1 + 4 + SALT_LEN + CHECK_LEN;

/// How often the master secret is stretched (OWASP's figure for PBKDF2-HMAC-SHA-256).
pub const ITERATIONS: NonZeroU32 = NonZeroU32::new(600_000).expect("it is not zero");
/// A ring that asks for more than this was not written by this program.
const ITERATIONS_MAX: u32 = 10_000_000;

/// What a key of the ring is for. A key of one use never serves another (ENC-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// Seals fields, with this suite.
    Field(Suite),
    /// Makes blind indexes.
    Index,
    /// Makes digests of secrets that are only compared.
    Digest,
    /// Signs the end of the audit trail.
    Signing,
}

impl KeyUse {
    /// The name in the database: `field-1`, `field-2`, `index`, `digest`, `signing`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Field(Suite::Aes256Gcm) => "field-1",
            Self::Field(Suite::Aes256CbcHmac) => "field-2",
            Self::Index => "index",
            Self::Digest => "digest",
            Self::Signing => "signing",
        }
    }

    /// The use of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        let fields = Suite::ALL.map(Self::Field);
        fields.into_iter().chain([Self::Index, Self::Digest, Self::Signing]).find(|known| known.code() == code)
    }
}

/// A key as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Its number, which envelopes name.
    pub id: u32,
    /// What it is for.
    pub usage: KeyUse,
    /// The key, sealed with what the master secret stretches to.
    pub bytes: Vec<u8>,
}

/// Why a ring did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// Wrapped with another master secret, or altered.
    #[error("the key ring was wrapped with another secret, or was altered")]
    OtherSecret,
    /// Not written by this program.
    #[error("the key ring is not one this program knows")]
    UnknownFormat,
    /// A use has no key.
    #[error("the key ring lacks a key")]
    Incomplete,
    /// The library gives another answer than the published one.
    #[error("the known answers of the encryption library are wrong: {0}")]
    SelfTest(&'static str),
}

/// What wraps the ring: the master secret, stretched once.
pub(crate) struct Kek {
    salt: [u8; SALT_LEN],
    iterations: u32,
    key: Zeroizing<[u8; KEY_LEN]>,
}

impl Kek {
    /// Stretches `master` with a salt of its own.
    pub fn fresh(master: &MasterKey) -> Arc<Self> {
        let mut salt = [0; SALT_LEN];
        SystemRandomness.fill(&mut salt);
        master.stretch(salt, ITERATIONS)
    }

    pub fn derive(master: &[u8], salt: [u8; SALT_LEN], iterations: NonZeroU32) -> Self {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        stretch(master, &salt, iterations, key.as_mut());
        Self { salt, iterations: iterations.get(), key }
    }

    pub fn is_of(&self, salt: [u8; SALT_LEN], iterations: NonZeroU32) -> bool {
        self.salt == salt && self.iterations == iterations.get()
    }

    /// Draws a key for `usage`: as it is used, and as it is kept.
    pub fn draw(&self, id: u32, usage: KeyUse) -> (RingKey, WrappedKey) {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        SystemRandomness.fill(key.as_mut());
        let key = RingKey::new(usage, key);
        let wrapped = self.wrap(id, &key);
        (key, wrapped)
    }

    pub fn wrap(&self, id: u32, key: &RingKey) -> WrappedKey {
        let mut bytes = vec![WRAP_VERSION];
        bytes.extend(self.iterations.to_be_bytes());
        bytes.extend(self.salt);
        bytes.extend(key.check());
        bytes.extend(Suite::Aes256Gcm.seal(self.key.as_ref(), &bound(id, key.usage), key.bytes.as_ref()));
        WrappedKey { id, usage: key.usage, bytes }
    }

    pub fn unwrap(&self, wrapped: &WrappedKey) -> Result<RingKey, UnlockError> {
        let body = wrapped.bytes.get(WRAP_HEADER_LEN..).ok_or(UnlockError::UnknownFormat)?;
        let opened = Suite::Aes256Gcm.open(self.key.as_ref(), &bound(wrapped.id, wrapped.usage), body);
        let opened = Zeroizing::new(opened.ok_or(UnlockError::OtherSecret)?);
        let key: [u8; KEY_LEN] = opened.as_slice().try_into().map_err(|_| UnlockError::UnknownFormat)?;
        Ok(RingKey::new(wrapped.usage, Zeroizing::new(key)))
    }

    /// What `wrapped` was wrapped with, were it wrapped with `master`.
    pub fn of(master: &MasterKey, wrapped: &WrappedKey) -> Result<Arc<Self>, UnlockError> {
        let header = wrapped.bytes.get(..WRAP_HEADER_LEN).ok_or(UnlockError::UnknownFormat)?;
        let iterations = u32::from_be_bytes(header[1..5].try_into().expect("four bytes"));
        let iterations =
            NonZeroU32::new(iterations).filter(|count| (ITERATIONS.get()..=ITERATIONS_MAX).contains(&count.get()));
        match (header[0], iterations) {
            (WRAP_VERSION, Some(iterations)) => {
                Ok(master.stretch(header[5..5 + SALT_LEN].try_into().expect("the salt's bytes"), iterations))
            }
            _ => Err(UnlockError::UnknownFormat),
        }
    }
}

fn bound(id: u32, usage: KeyUse) -> Vec<u8> {
    [b"gondola ring 1 ".as_slice(), &id.to_be_bytes(), usage.code().as_bytes()].concat()
}

/// A key of the ring in use.
pub(crate) struct RingKey {
    usage: KeyUse,
    bytes: Zeroizing<[u8; KEY_LEN]>,
    /// For field keys: what each row's key is expanded from.
    rows: Prk,
}

impl RingKey {
    fn new(usage: KeyUse, bytes: Zeroizing<[u8; KEY_LEN]>) -> Self {
        let rows = extract(b"gondola row key 1", bytes.as_ref());
        Self { usage, bytes, rows }
    }

    /// Tells the key from another without telling anything of it: so a ring that was only rewrapped is known.
    fn check(&self) -> [u8; CHECK_LEN] {
        let digest = keyed(self.bytes.as_ref(), "gondola key check 1", self.usage.code().as_bytes());
        digest[..CHECK_LEN].try_into().expect("a digest has 32 bytes")
    }

    fn is(&self, wrapped: &WrappedKey) -> bool {
        self.usage == wrapped.usage && wrapped.bytes.get(1 + 4 + SALT_LEN..WRAP_HEADER_LEN) == Some(&self.check())
    }

    /// The key of one row's column (ENC-10).
    fn row_key(&self, suite: Suite, place: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; suite.key_len()]);
        expand(&self.rows, &[&[suite.number()], place], &mut key).expect("HKDF gives up to 8,160 bytes");
        key
    }
}

/// The opened ring.
pub(crate) struct Ring {
    kek: Arc<Kek>,
    fields: BTreeMap<u32, (Suite, Arc<RingKey>)>,
    index: (u32, Arc<RingKey>),
    digest: (u32, Arc<RingKey>),
    signing: (u32, Arc<RingKey>),
}

impl Ring {
    /// A new ring: a key for each use.
    pub fn draw(kek: &Kek, suite: Suite) -> Vec<WrappedKey> {
        let uses = [(1, KeyUse::Field(suite)), (2, KeyUse::Index), (3, KeyUse::Digest), (4, KeyUse::Signing)];
        uses.map(|(id, usage)| kek.draw(id, usage).1).into()
    }

    pub fn open(kek: Arc<Kek>, keys: &[WrappedKey]) -> Result<Self, UnlockError> {
        let opened = keys.iter().map(|wrapped| Ok((wrapped, Arc::new(kek.unwrap(wrapped)?))));
        Self::of(Arc::clone(&kek), opened.collect::<Result<_, UnlockError>>()?)
    }

    /// The ring as another process left it. Keys that this one has already are not unwrapped again: they may be
    /// wrapped with a secret that it was never told.
    pub fn take_over(&self, keys: &[WrappedKey]) -> Result<Self, UnlockError> {
        let opened = keys.iter().map(|wrapped| match self.key(wrapped.id).filter(|key| key.is(wrapped)) {
            Some(key) => Ok((wrapped, Arc::clone(key))),
            None => Ok((wrapped, Arc::new(self.kek.unwrap(wrapped)?))),
        });
        Self::of(Arc::clone(&self.kek), opened.collect::<Result<_, UnlockError>>()?)
    }

    fn of(kek: Arc<Kek>, keys: Vec<(&WrappedKey, Arc<RingKey>)>) -> Result<Self, UnlockError> {
        let (mut fields, mut index, mut digest, mut signing) = (BTreeMap::new(), None, None, None);
        for (wrapped, key) in keys {
            match wrapped.usage {
                KeyUse::Field(suite) => drop(fields.insert(wrapped.id, (suite, key))),
                KeyUse::Index => index = Some((wrapped.id, key)),
                KeyUse::Digest => digest = Some((wrapped.id, key)),
                KeyUse::Signing => signing = Some((wrapped.id, key)),
            }
        }
        match (fields.is_empty(), index, digest, signing) {
            (false, Some(index), Some(digest), Some(signing)) => Ok(Self { kek, fields, index, digest, signing }),
            _ => Err(UnlockError::Incomplete),
        }
    }

    fn key(&self, id: u32) -> Option<&Arc<RingKey>> {
        let others =
            [&self.index, &self.digest, &self.signing].into_iter().find(|(other, _)| *other == id).map(|(_, key)| key);
        self.fields.get(&id).map(|(_, key)| key).or(others)
    }

    pub fn kek(&self) -> &Arc<Kek> {
        &self.kek
    }

    /// Whether it has a field key of that number.
    pub fn has_field(&self, id: u32) -> bool {
        self.fields.contains_key(&id)
    }

    /// The newest field key, which seals.
    pub fn newest(&self) -> (u32, Suite) {
        let (id, (suite, _)) = self.fields.last_key_value().expect("a ring has a field key");
        (*id, *suite)
    }

    /// The suite of a field key and its key for a place; none when the ring has no such key.
    pub fn row_key(&self, id: u32, place: &[u8]) -> Option<(Suite, Zeroizing<Vec<u8>>)> {
        let (suite, key) = self.fields.get(&id)?;
        Some((*suite, key.row_key(*suite, place)))
    }

    pub fn index_key(&self) -> &[u8] {
        self.index.1.bytes.as_ref()
    }

    pub fn digest_key(&self) -> &[u8] {
        self.digest.1.bytes.as_ref()
    }

    pub fn signer(&self) -> Signer {
        Signer::of(&self.signing.1.bytes)
    }

    /// The same ring, wrapped with another key.
    pub fn wrap(&self, kek: &Kek) -> Vec<WrappedKey> {
        let fields = self.fields.iter().map(|(id, (_, key))| (*id, key));
        let others = [&self.index, &self.digest, &self.signing].map(|(id, key)| (*id, key));
        fields.chain(others).map(|(id, key)| kek.wrap(id, key)).collect()
    }
}
