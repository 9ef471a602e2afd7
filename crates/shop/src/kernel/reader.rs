//! The way to read: a snapshot that cannot be had without holding the right. Query functions take a
//! [`Reader`], so a handler that forgets to check opens nothing.

use gondola_store::protect::{Gathered, Opener};
use gondola_store::{Actor, At, Db, Permission, Rx, Tx};
use uuid::Uuid;

use super::app::App;
use super::problem::Problem;

/// A snapshot, and who reads it.
pub struct Reader {
    rx: Rx,
    db: Db,
    actor: Actor,
    now: At,
    gathered: Option<Gathered>,
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
        let (rx, db) = (app.db.read().await?, app.db.clone());
        Ok(Self { rx, now: db.now(), db, actor: actor.clone(), gathered: None })
    }

    /// The same for a list that goes out: call [`Reader::write_down`] before anybody gets it.
    pub fn for_export(self) -> Self {
        Self { gathered: Some(Gathered::default()), ..self }
    }

    /// Writes down which protected values were opened for a list that goes out.
    ///
    /// # Errors
    /// 503: nobody gets the list.
    pub async fn write_down(&self) -> Result<(), Problem> {
        match &self.gathered {
            Some(gathered) => Ok(gathered.write_down(&self.db, &self.actor).await?),
            None => Ok(()),
        }
    }

    /// The snapshot, for read functions that commands share.
    pub fn tx(&mut self) -> Tx<'_> {
        self.rx.as_tx()
    }

    /// The snapshot, and who opens protected values read from it; `purpose` is what for.
    pub fn opening<'r>(&'r mut self, purpose: &'r str) -> (Tx<'r>, Opener<'r>) {
        let Self { rx, db, actor, gathered, .. } = self;
        (rx.as_tx(), Opener::Reader { db, actor, purpose, gathered: gathered.as_ref() })
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
