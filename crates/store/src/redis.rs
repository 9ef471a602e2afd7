//! What the processes of a shop share besides the database, where there is a Redis: counts of the last minute
//! and copies of what was read seconds ago (ADR 0010, 0023).
//!
//! It is never the truth and nobody waits for it: a question that it does not answer in a moment is answered without
//! it, and until it is there again it is not asked. Everything in it is named by a keyed
//! digest and sealed, so that it tells nothing and nothing can be slipped in (CAC-6). One task looks whether it is
//! there; the connection that requests use is the one that this task holds.

use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, FromRedisValue, RedisError, TlsCertificates, cmd};
use gondola_vault::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::clock::At;
use crate::db::Db;

/// How long a connection may take; only a start waits for it.
const CONNECT_WITHIN: Duration = Duration::from_millis(500);
/// How often somebody looks whether it is there.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The window that is counted in, as [`crate::Db::count_everywhere`] promises.
const WINDOW: Duration = Duration::from_secs(60);
/// How old a copy may be: whoever ends a session has it forgotten at once, and where that fails it lasts no longer
/// than this (USR-4, USR-12: five seconds).
const COPY_LASTS: Duration = Duration::from_secs(4);

/// One more, unless the window is full: -1, or the milliseconds until it ends.
const COUNT: &str = "
local spent = tonumber(redis.call('get', KEYS[1]) or '0')
if spent >= tonumber(ARGV[1]) then return math.max(redis.call('pttl', KEYS[1]), 0) end
if spent == 0 then redis.call('set', KEYS[1], 1, 'px', ARGV[2]) else redis.call('incr', KEYS[1]) end
return -1";

/// Copies that are outdated together: a command names those that it makes so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// Whose session it is.
    Sessions,
}

impl Copies {
    /// The name in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sessions => "session",
        }
    }
}

/// How often a copy was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CopyCounts {
    /// And was there.
    pub hits: u64,
    /// And was not.
    pub misses: u64,
    /// While Redis did not answer.
    pub bypasses: u64,
}

/// A Redis that may be there or not, or none.
#[derive(Clone, Default)]
pub struct Redis(Option<Arc<Link>>);

/// Where a Redis is to be looked for.
pub struct RedisOptions {
    /// `redis://…`, or `rediss://…` for TLS.
    pub url: String,
    /// A file in PEM with the authorities of which one must have signed the server's certificate, read for each connection;
    /// none for those that this machine trusts.
    pub authorities: Option<PathBuf>,
    /// How long an answer may take before Redis is passed by (CAC-5).
    pub answer_within: Duration,
}

struct Link {
    url: String,
    authorities: Option<PathBuf>,
    answer_within: Duration,
    connection: watch::Sender<Option<MultiplexedConnection>>,
    hits: AtomicU64,
    misses: AtomicU64,
    bypasses: AtomicU64,
}

impl Redis {
    /// None: every process counts for itself and reads from the database.
    pub fn none() -> Self {
        Self::default()
    }

    /// Looks for a Redis and goes on looking, whether it is there now or not.
    ///
    /// # Errors
    /// For an address that cannot be one; never because nobody answers.
    pub async fn look_for(options: RedisOptions) -> Result<Self, RedisError> {
        let RedisOptions { url, authorities, answer_within } = options;
        // An address that is none is told at once.
        Client::open(url.as_str())?;
        let link = Arc::new(Link {
            url,
            authorities,
            answer_within,
            connection: watch::Sender::new(None),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            bypasses: AtomicU64::new(0),
        });
        link.look().await.unwrap_or_else(|reason| tracing::warn!(code = "redis_down", "redis is not there: {reason}"));
        tokio::spawn(keep_looking(Arc::downgrade(&link)));
        Ok(Self(Some(link)))
    }

    /// Whether an address is one that this program understands.
    pub fn understands(url: &str) -> bool {
        Client::open(url).is_ok()
    }

    /// Whether it is there; nothing where none is configured.
    pub fn is_up(&self) -> Option<bool> {
        self.0.as_ref().map(|link| link.connection.borrow().is_some())
    }

    /// Waits until it is there, or is not.
    pub async fn becomes(&self, up: bool) {
        if let Some(link) = &self.0 {
            // The sender lives as long as the link.
            let _ = link.connection.subscribe().wait_for(|connection| connection.is_some() == up).await;
        }
    }

    /// How often copies were asked for; nothing where none is configured.
    pub fn copy_counts(&self) -> Option<CopyCounts> {
        let link = self.0.as_ref()?;
        let [hits, misses, bypasses] =
            [&link.hits, &link.misses, &link.bypasses].map(|count| count.load(Ordering::Relaxed));
        Some(CopyCounts { hits, misses, bypasses })
    }
}

impl Link {
    /// Whether it takes a write, over the connection there is or a new one. A server that is full or only a copy
    /// of another is as good as none.
    async fn look(&self) -> Result<(), String> {
        let held = self.connection.borrow().clone();
        let mut connection = match held {
            Some(connection) => connection,
            None => self.connect().await.map_err(|error| error.to_string())?,
        };
        let mut probe = cmd("SET");
        probe.arg("gondola:probe").arg(1).arg("PX").arg(millis(LOOK_EVERY));
        self.in_time(probe.query_async::<()>(&mut connection)).await?;
        let came_back = self.connection.send_if_modified(|held| held.replace(connection).is_none());
        if came_back {
            tracing::info!("redis is there");
        }
        Ok(())
    }

    /// With the authorities as they are now: they may have been replaced since.
    fn client(&self) -> Result<Client, RedisError> {
        let Some(file) = &self.authorities else { return Client::open(self.url.as_str()) };
        let root_cert = Some(std::fs::read(file)?);
        Client::build_with_tls(self.url.as_str(), TlsCertificates { client_tls: None, root_cert })
    }

    async fn connect(&self) -> Result<MultiplexedConnection, RedisError> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_WITHIN)).set_response_timeout(None);
        self.client()?.get_multiplexed_async_connection_with_config(&config).await
    }

    /// Nobody asks it again before somebody found it.
    fn lose(&self, reason: &str) {
        if self.connection.send_if_modified(|held| held.take().is_some()) {
            tracing::warn!(code = "redis_down", "redis is passed by: {reason}");
        }
    }

    /// The answer to one command, if it comes in time.
    async fn ask<T: FromRedisValue>(&self, command: &::redis::Cmd) -> Option<T> {
        let mut connection = self.connection.borrow().clone()?;
        let answer = self.in_time(command.query_async(&mut connection)).await;
        answer.map_err(|reason| self.lose(&reason)).ok()
    }

    async fn in_time<T>(&self, answer: impl Future<Output = Result<T, RedisError>>) -> Result<T, String> {
        match tokio::time::timeout(self.answer_within, answer).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no answer within {} ms", millis(self.answer_within))),
        }
    }
}

async fn keep_looking(link: Weak<Link>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(link) = link.upgrade() else { return };
        link.look().await.unwrap_or_else(|reason| link.lose(&reason));
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Db {
    /// What the processes of this shop share besides the database.
    pub fn redis(&self) -> &Redis {
        &self.redis
    }

    /// Counts one more of `what` in a minute that all processes share and that began with its first. The answer is
    /// the seconds to wait when `limit` were counted already; none where no Redis answers.
    pub async fn count_everywhere(&self, what: &str, limit: u32) -> Option<Result<(), u32>> {
        let link = self.redis.0.as_ref()?;
        let mut count = cmd("EVAL");
        count.arg(COUNT).arg(1).arg(self.name("count", what.as_bytes())).arg(limit).arg(millis(WINDOW));
        let wait_ms: i64 = link.ask(&count).await?;
        let seconds = u32::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(1);
        Some(if wait_ms < 0 { Ok(()) } else { Err(seconds) })
    }

    /// What `read` answers, or a copy of what it answered to a process of this shop within the last seconds. What
    /// it does not find is asked again each time.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn copied<T, E>(
        &self,
        of: Copies,
        key: &[u8],
        read: impl Future<Output = Result<Option<T>, E>>,
    ) -> Result<Option<T>, E>
    where
        T: Serialize + DeserializeOwned,
    {
        let Some(link) = &self.redis.0 else { return read.await };
        let asked_at = self.now();
        let (name, generation) = (self.name(of.name(), key), self.name("generation", of.name().as_bytes()));
        let mut look = cmd("MGET");
        look.arg(&generation).arg(&name);
        let Some((generation, kept)) = link.ask::<(Option<Vec<u8>>, Option<Vec<u8>>)>(&look).await else {
            link.bypasses.fetch_add(1, Ordering::Relaxed);
            return read.await;
        };
        // A copy opens under its own name only, and in its own generation: one that was outdated meanwhile is none.
        let row = [name.as_bytes(), &generation.unwrap_or_default()].concat();
        let place = Place { table: "redis", column: of.name(), row: &row };
        if let Some(copy) = kept.and_then(|sealed| self.open_copy(place, &sealed, asked_at)) {
            link.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(Some(copy));
        }
        link.misses.fetch_add(1, Ordering::Relaxed);
        let found = read.await?;
        if let Some(sealed) = found.as_ref().and_then(|found| self.seal_copy(place, found, asked_at)) {
            let mut keep = cmd("SET");
            keep.arg(&name).arg(sealed).arg("PX").arg(millis(COPY_LASTS));
            link.ask::<()>(&keep).await;
        }
        Ok(found)
    }

    /// Has all copies of a kind forgotten, by every process. Where Redis does not answer they last for seconds.
    pub(crate) async fn outdate(&self, copies: Copies) {
        let Some(link) = &self.redis.0 else { return };
        let mut next = cmd("INCR");
        next.arg(self.name("generation", copies.name().as_bytes()));
        link.ask::<i64>(&next).await;
    }

    /// What something is called in Redis: nobody without the shop's key can tell what it is of.
    fn name(&self, purpose: &str, what: &[u8]) -> String {
        let what = [purpose.as_bytes(), &[0], what].concat();
        format!("gondola:{}", gondola_vault::hex(&self.vault().digest("redis", &what)))
    }

    fn seal_copy<T: Serialize>(&self, place: Place<'_>, copy: &T, asked_at: At) -> Option<Vec<u8>> {
        Some(self.vault().seal(place, &serde_json::to_vec(&(asked_at, copy)).ok()?))
    }

    fn open_copy<T: DeserializeOwned>(&self, place: Place<'_>, sealed: &[u8], now: At) -> Option<T> {
        let plain = self.vault().open(place, sealed).ok()?;
        let (asked_at, copy): (At, T) = serde_json::from_slice(&plain).ok()?;
        let lasts = At::try_from(COPY_LASTS.as_micros()).unwrap_or(At::MAX);
        (asked_at..asked_at + lasts).contains(&now).then_some(copy)
    }
}
