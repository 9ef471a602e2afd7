//! API keys: made with a secret that is stored as a digest only, seen, revoked for good. A secret is
//! never part of an answer that is kept: a repeated request does not get it a second time.

use gondola_store::{ActorKind, At, Audited, Command, Context, Fail, Permission, Scopes, Tx, both};
use gondola_vault::Digest;
use ipnet::IpNet;
use uuid::Uuid;

use super::super::queries::find_key;
use super::super::refusal::PeopleRefusal;
use super::super::rows::{KeyRecord, KeyState};
use super::super::sql;
use super::places::narrowed_to;
use super::sessions::seen_long_ago;

/// Makes an API key.
pub struct CreateKey {
    /// The name people give it.
    pub name: String,
    /// What it is good for.
    pub scopes: Scopes,
    /// Requests per 60 seconds, instead of the general budget.
    pub quota: Option<i64>,
    /// The networks it may come from; empty means any.
    pub networks: Vec<IpNet>,
    /// The code of the one location it may see and touch.
    pub location: Option<String>,
    /// When it ends by itself.
    pub expires_at: At,
    /// The digest of its secret.
    pub secret_hash: Digest,
}

impl Command for CreateKey {
    const NAME: &'static str = "people.create_key";
    const AUDITED: Option<Audited> = Some(Audited::KEY);
    type Out = KeyRecord;
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.name.clone()
    }

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<KeyRecord, Fail<PeopleRefusal>> {
        let location = narrowed_to(tx, cx, self.location.as_deref()).await?;
        let owner = owner(tx, cx).await?;
        let id = cx.new_id();
        let made = both!(tx, c, text => sqlx::query(text(sql::CREATE_KEY))
            .bind(id).bind(&self.name).bind(&self.secret_hash[..]).bind(self.scopes.to_string()).bind(self.quota)
            .bind(networks(&self.networks)).bind(location).bind(owner).bind(cx.now).bind(self.expires_at)
            .execute(c).await?.rows_affected());
        if made == 0 {
            return Err(Fail::Refused(PeopleRefusal::KeyNameTaken(self.name.clone())));
        }
        find_key(tx, id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownKey))
    }
}

/// The person who answers for a new key: who makes it, or who answers for the key that makes it.
async fn owner(tx: &mut Tx<'_>, cx: &Context) -> Result<Option<Uuid>, Fail<PeopleRefusal>> {
    match cx.actor.kind {
        ActorKind::User(_) | ActorKind::Arriving(_) => Ok(Some(cx.actor.id)),
        ActorKind::Key(_) => {
            let (owner,): (Option<Uuid>,) = both!(tx, c, text => sqlx::query_as(text(sql::FIND_KEY_OWNER))
                .bind(cx.actor.id).fetch_one(c).await?);
            Ok(owner)
        }
        ActorKind::System | ActorKind::Anonymous => Ok(None),
    }
}

/// Networks as they are stored.
fn networks(networks: &[IpNet]) -> Option<String> {
    let texts: Vec<String> = networks.iter().map(IpNet::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

/// Gives a good key another secret, and a lifetime from now on. The secret until now stays good for a while, so that no
/// program has to stop (KEY-5).
pub struct RotateKey {
    /// Which.
    pub id: Uuid,
    /// The digest of its new secret.
    pub secret_hash: Digest,
    /// When the new one ends by itself.
    pub expires_at: At,
    /// Until when the secret until now is good; the instant of the rotation ends it, and one before it, at once.
    pub previous_until: At,
}

impl Command for RotateKey {
    const NAME: &'static str = "people.rotate_key";
    const AUDITED: Option<Audited> = Some(Audited::KEY);
    type Out = KeyRecord;
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<KeyRecord, Fail<PeopleRefusal>> {
        if let Some(before) = find_key(tx, self.id).await? {
            cx.changes(&before);
        }
        let rotated = both!(tx, c, text => sqlx::query(text(sql::ROTATE_KEY))
            .bind(self.id).bind(&self.secret_hash[..]).bind(self.expires_at).bind(self.previous_until).bind(cx.now)
            .execute(c).await?.rows_affected());
        let key = find_key(tx, self.id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownKey))?;
        match (rotated, key.state(cx.now)) {
            (1, _) => Ok(key),
            (_, KeyState::Revoked | KeyState::Expired) => Err(Fail::Refused(PeopleRefusal::KeyEnded)),
            (_, KeyState::Active | KeyState::Expiring) => Err(Fail::Refused(PeopleRefusal::RotatedAlready)),
        }
    }
}

/// Revokes a key; revoking it twice changes nothing.
pub struct RevokeKey {
    /// Which.
    pub id: Uuid,
}

impl Command for RevokeKey {
    const NAME: &'static str = "people.revoke_key";
    const AUDITED: Option<Audited> = Some(Audited::KEY);
    type Out = KeyRecord;
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::ManageKeys
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<KeyRecord, Fail<PeopleRefusal>> {
        let before = find_key(tx, self.id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownKey))?;
        cx.changes(&before);
        both!(tx, c, text => sqlx::query(text(sql::REVOKE_KEY)).bind(self.id).bind(cx.now).execute(c).await?.rows_affected());
        find_key(tx, self.id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownKey))
    }
}

/// Notes that a key is in use.
pub struct TouchKey {
    /// Which.
    pub id: Uuid,
}

impl Command for TouchKey {
    const NAME: &'static str = "people.touch_key";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        both!(tx, c, text => sqlx::query(text(sql::TOUCH_KEY))
            .bind(self.id).bind(cx.now).bind(seen_long_ago(cx.now)).execute(c).await?.rows_affected());
        Ok(())
    }
}
