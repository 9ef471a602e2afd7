//! The way to read: a snapshot that cannot be had without holding the right. Query functions take a
//! [`Reader`], so a handler that forgets to check opens nothing.

use gondola_store::{Actor, At, Permission, Rx, Tx};
use uuid::Uuid;

use super::app::App;
use super::problem::Problem;

/// A snapshot, and who reads it.
pub struct Reader {
    rx: Rx,
    actor: Actor,
    now: At,
}

impl Reader {
    /// Opens a snapshot for an actor that holds the right.
    ///
    /// # Errors
    /// 403 without the right, 503 without a database.
    pub async fn open(app: &App, actor: &Actor, needs: Permission) -> Result<Self, Problem> {
        if !actor.may(needs) {
            return Err(Problem::forbidden());
        }
        Ok(Self { rx: app.db.read().await?, actor: actor.clone(), now: app.db.now() })
    }

    /// The snapshot, for read functions that commands share.
    pub fn tx(&mut self) -> Tx<'_> {
        self.rx.as_tx()
    }

    /// Whether cost, margin and value may be shown to this actor.
    pub fn sees_cost(&self) -> bool {
        self.actor.may(Permission::ReadCost)
    }

    /// The one location this actor may see; none means all.
    pub fn location(&self) -> Option<Uuid> {
        self.actor.location
    }

    /// When the snapshot was opened.
    pub fn now(&self) -> At {
        self.now
    }

    /// Who reads.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}
