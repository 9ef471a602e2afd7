//! One request, one effect. A caller's key is claimed inside the command's transaction together
//! with a hash of what was asked, and the answer is stored with it, sealed. A refused command rolls
//! its claim back, so that only what happened is remembered.

use gondola_vault::{Place, Vault};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::both;
use crate::clock::At;
use crate::command::{Fail, Key};
use crate::db::Db;
use crate::error::StoreError;
use crate::sql;
use crate::tx::Tx;

/// Claims `key` for `owner`; answers the stored answer of an equal request.
pub(crate) async fn claim<T: DeserializeOwned, R>(
    tx: &mut Tx<'_>,
    db: &Db,
    owner: &str,
    key: &Key,
    now: At,
) -> Result<Option<T>, Fail<R>> {
    // Keyed, so that a copy of the database is no help in guessing what was asked: a password, a cost.
    let digest = db.vault().digest("idempotency request", &key.request_hash);
    let hash = digest.as_slice();
    let claimed = both!(tx, c, text => sqlx::query(text(sql::CLAIM_KEY))
        .bind(owner).bind(&key.key).bind(hash).bind(&[0u8; 0][..]).bind(now)
        .execute(c).await?.rows_affected());
    if claimed == 1 {
        return Ok(None);
    }
    let (stored_hash, answer): (Vec<u8>, Vec<u8>) = both!(tx, c, text => sqlx::query_as(text(sql::FIND_ANSWER))
        .bind(owner).bind(&key.key).fetch_one(c).await?);
    if stored_hash != hash {
        return Err(Fail::KeyReused);
    }
    let corrupt = |detail: String| StoreError::corrupt("idempotency_keys", "answer", &key.key, detail);
    db.learn(tx, [answer.as_slice()]).await?;
    let plain = db.vault().open(place(&row_of(owner, key)), &answer).map_err(|error| corrupt(error.to_string()))?;
    let out = serde_json::from_slice(&plain).map_err(|error| corrupt(error.to_string()))?;
    Ok(Some(out))
}

/// Stores the answer of a key claimed in this transaction.
pub(crate) async fn store<T: Serialize>(
    tx: &mut Tx<'_>,
    vault: &Vault,
    owner: &str,
    key: &Key,
    out: &T,
) -> Result<(), StoreError> {
    let plain =
        serde_json::to_vec(out).map_err(|error| StoreError::corrupt("idempotency_keys", "answer", &key.key, error))?;
    let sealed = vault.seal(place(&row_of(owner, key)), &plain);
    let stored = both!(tx, c, text => sqlx::query(text(sql::STORE_ANSWER))
        .bind(owner).bind(&key.key).bind(sealed).execute(c).await?.rows_affected());
    crate::tx::expect_rows(sql::STORE_ANSWER, 1, stored)
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "idempotency_keys", column: "answer", row }
}

fn row_of(owner: &str, key: &Key) -> Vec<u8> {
    [owner.as_bytes(), key.key.as_bytes()].join(&0)
}
