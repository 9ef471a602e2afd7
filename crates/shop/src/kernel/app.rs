//! The long-lived parts that handlers share. Passed as state; there are no globals.

use std::ops::Deref;
use std::sync::Arc;

use gondola_pricing::light::StaleAfter;
use gondola_store::{Db, Role};
use jiff::tz::TimeZone;
use tokio::sync::broadcast;
use uuid::Uuid;

use super::doors::Doors;
use super::export::Turns;
use super::kept::Kept;
use super::time::Hours;

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
    /// The hours in which there is work.
    pub hours: Hours,
    /// How many days a price may stay as it is before it is called old.
    pub stale_after: StaleAfter,
    /// How strict to be.
    pub profile: Profile,
    /// Whether cookies are marked `Secure` and named `__Host-`.
    pub https: bool,
    /// The roles whose log-in needs a second factor (USR-5).
    pub second_factor_roles: Vec<Role>,
    /// Whether this is the demo shop.
    pub demo: bool,
    /// Throttles and slots of the doors.
    pub doors: Doors,
    /// Turns at writing lists to files.
    pub exports: Turns,
    /// What is made of rows and kept while they stay as they are.
    pub kept: Kept,
    /// Stock changes seen by this process, for `/events`.
    pub stock_events: broadcast::Sender<Arc<StockChange>>,
}

/// A change of stock in the words of `/events`.
#[derive(Debug)]
pub struct StockChange {
    /// As who sees every place is told.
    pub told: String,
    /// As who sees one place only is told, for each place it touched.
    pub told_at: Vec<(Uuid, String)>,
}

impl StockChange {
    /// What somebody is told who sees one place only, or all; nothing about other places.
    pub fn told_to(&self, own: Option<Uuid>) -> Option<&str> {
        match own {
            None => Some(&self.told),
            Some(own) => self.told_at.iter().find(|(place, _)| *place == own).map(|(_, told)| told.as_str()),
        }
    }
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
