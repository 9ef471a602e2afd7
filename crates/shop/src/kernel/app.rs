//! The long-lived parts that handlers share. Passed as state; there are no globals.

use std::ops::Deref;
use std::sync::Arc;

use gondola_store::Db;
use jiff::tz::TimeZone;
use tokio::sync::broadcast;

use super::doors::Doors;
use super::export::Turns;

/// How strict the product is about its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Loopback, plain http, secrets drawn on first start.
    Development,
    /// Fails closed.
    Production,
}

/// What an [`App`] is made of.
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// The shop's time zone.
    pub zone: TimeZone,
    /// How strict to be.
    pub profile: Profile,
    /// Whether cookies are marked `Secure` and named `__Host-`.
    pub https: bool,
    /// Whether this is the demo shop.
    pub demo: bool,
    /// Throttles and slots of the doors.
    pub doors: Doors,
    /// Turns at writing lists to files.
    pub exports: Turns,
    /// Stock changes seen by this process, for `/events`.
    pub stock_events: broadcast::Sender<Arc<str>>,
}

/// Shared by every handler.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

impl App {
    /// Wraps the parts.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
