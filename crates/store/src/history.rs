//! What keeps history from being rewritten in the database itself, beside the chains that tell when it was: triggers that
//! refuse, and on PostgreSQL a role for the program that owns nothing.

use std::collections::BTreeSet;

use crate::both;
use crate::db::{Db, Engine, Pools};
use crate::error::StoreError;
use crate::schema::sql::LIST_TRIGGERS;

/// PostgreSQL's codes for a role that does not exist, and for what one may not do.
const UNDEFINED_OBJECT: &str = "42704";
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Why a role was granted nothing.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// SQLite has no roles.
    #[error("SQLite has no roles")]
    OnSqlite,
    /// There is no such role.
    #[error("there is no such role")]
    NoSuchRole,
    /// Whoever is connected may not grant, or the role is the owner's.
    #[error("{0}")]
    NotAllowed(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for GrantError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Db {
    /// Lets a role of PostgreSQL do what the program does and no more: it adds to the ledger, the audit trail and the
    /// log of accesses, and neither changes nor takes away what is there (DAL-4). To be called as the owner of the
    /// tables, again after every migration.
    ///
    /// # Errors
    /// [`GrantError`]; nothing was granted then.
    pub async fn grant_to_program(&self, role: &str) -> Result<(), GrantError> {
        let Pools::Postgres { pool, .. } = &self.pools else { return Err(GrantError::OnSqlite) };
        let mut tx = pool.begin().await?;
        let granted = sqlx::query(crate::sql::GRANT.text(Engine::Postgres)).bind(role).execute(&mut *tx).await;
        match granted {
            Ok(_) => Ok(tx.commit().await?),
            Err(sqlx::Error::Database(refused)) => Err(match refused.code().as_deref() {
                Some(UNDEFINED_OBJECT) => GrantError::NoSuchRole,
                Some(INSUFFICIENT_PRIVILEGE) => GrantError::NotAllowed(refused.message().to_owned()),
                _ => GrantError::Store(sqlx::Error::Database(refused).into()),
            }),
            Err(other) => Err(other.into()),
        }
    }

    /// Whether this program could rewrite what is kept for ever: true where it connects as the owner of the tables, and
    /// where there is only a file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn may_rewrite_history(&self) -> Result<bool, StoreError> {
        let Pools::Postgres { pool, .. } = &self.pools else { return Ok(true) };
        Ok(sqlx::query_scalar(crate::sql::MAY_REWRITE.text(Engine::Postgres)).fetch_one(pool).await?)
    }

    /// Triggers that the schema's migrations made and that are not at work: dropped, or turned off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn missing_triggers(&self) -> Result<Vec<String>, StoreError> {
        let mut missing = BTreeSet::new();
        for migration in self.migrator().iter().filter(|m| m.migration_type.is_up_migration()) {
            follow_triggers(migration.sql.as_str(), &mut missing);
        }
        let mut rx = self.read().await?;
        let there: Vec<(String,)> =
            both!(&mut rx.as_tx(), c, text => sqlx::query_as(text(LIST_TRIGGERS)).fetch_all(c).await?);
        for (name,) in there {
            missing.remove(&name);
        }
        Ok(missing.into_iter().collect())
    }
}

/// Which triggers there are once this migration has run.
fn follow_triggers(migration: &str, there: &mut BTreeSet<String>) {
    let words: Vec<&str> = migration.split_whitespace().collect();
    for phrase in words.windows(3) {
        let name = phrase[2].trim_end_matches(';');
        match [phrase[0], phrase[1]] {
            ["create", "trigger"] => drop(there.insert(name.to_owned())),
            ["drop", "trigger"] => drop(there.remove(name)),
            _ => {}
        }
    }
}
