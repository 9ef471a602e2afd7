//! Anchors: the end of the chain on a day, signed by the shop (AUD-7). Kept in another place, an anchor proves later that
//! nothing before it was changed or cut off, also to who does not trust the machine.

use std::convert::Infallible;

use gondola_vault::{Digest, PublicKey, Signature, Vault, is_signed_by};
use sqlx::FromRow;

use super::sql;
use super::verify::AuditHead;
use crate::access::Permission;
use crate::audit::Audited;
use crate::both;
use crate::clock::At;
use crate::command::{Command, Context, Fail};
use crate::error::StoreError;
use crate::tx::Tx;

/// Says what is signed and how; another way of signing has another name.
const DOMAIN: &[u8] = b"gondola anchor 1";

/// The end of the chain at an instant, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The end.
    pub head: AuditHead,
    /// When.
    pub at: At,
    /// The public key of whoever signed it.
    pub key: PublicKey,
    /// Their signature.
    pub signature: Signature,
}

impl Anchor {
    /// The end of the chain, signed by the shop.
    pub fn sign(vault: &Vault, head: AuditHead, at: At) -> Self {
        Self { head, at, key: vault.public_key(), signature: vault.sign(&message(head, at)) }
    }

    /// Whether whoever holds the private half of its key signed it.
    pub fn is_signed(&self) -> bool {
        is_signed_by(&self.key, &message(self.head, self.at), &self.signature)
    }

    /// Whether the shop of this vault signed it.
    pub fn is_of(&self, vault: &Vault) -> bool {
        self.key == vault.public_key() && self.is_signed()
    }
}

fn message(head: AuditHead, at: At) -> Vec<u8> {
    [DOMAIN, &head.position.to_be_bytes()[..], &head.hash[..], &at.to_be_bytes()[..]].concat()
}

/// Keeps an anchor; the first one of a place stays.
pub struct KeepAnchor(pub Anchor);

impl Command for KeepAnchor {
    const NAME: &'static str = "audit.keep_anchor";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<Infallible>> {
        let Anchor { head, at, key, signature } = &self.0;
        both!(tx, c, text => sqlx::query(text(sql::KEEP_ANCHOR))
            .bind(head.position).bind(at).bind(&head.hash[..]).bind(&key[..]).bind(&signature[..])
            .execute(c).await?.rows_affected());
        Ok(())
    }
}

#[derive(FromRow)]
struct AnchorRow {
    position: i64,
    at: At,
    hash: Vec<u8>,
    public_key: Vec<u8>,
    signature: Vec<u8>,
}

/// The anchor that was kept last.
///
/// # Errors
/// [`StoreError`], also for one that is no anchor.
pub async fn last_anchor(tx: &mut Tx<'_>) -> Result<Option<Anchor>, StoreError> {
    let row: Option<AnchorRow> = both!(tx, c, text => sqlx::query_as(text(sql::LAST_ANCHOR)).fetch_optional(c).await?);
    let Some(row) = row else { return Ok(None) };
    let broken = |column| StoreError::corrupt("trail_anchors", column, row.position, "it has another length");
    let hash: Digest = row.hash.try_into().map_err(|_| broken("hash"))?;
    Ok(Some(Anchor {
        head: AuditHead { position: row.position, hash },
        at: row.at,
        key: row.public_key.try_into().map_err(|_| broken("public_key"))?,
        signature: row.signature.try_into().map_err(|_| broken("signature"))?,
    }))
}
