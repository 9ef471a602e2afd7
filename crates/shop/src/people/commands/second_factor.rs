//! A person's second factor: begun, confirmed, written down anew, ended. A proof is spent in the command it
//! is given for, so that no code counts twice, not even in two requests at once.

use gondola_store::protect::{Protected, conceal};
use gondola_store::{Audited, Command, Context, Copies, Fail, Permission, Tx, both, expect_rows};
use gondola_vault::{Digest, TotpSecret};
use uuid::Uuid;

use super::super::queries::find_user;
use super::super::refusal::PeopleRefusal;
use super::super::second_factor::{Proof, TOTP_PENDING};
use super::super::sql;
use crate::kernel::bulk::json;

/// Spends a proof of `user`.
///
/// # Errors
/// [`PeopleRefusal::WrongCode`] when it was spent before.
pub(super) async fn spend(tx: &mut Tx<'_>, cx: &Context, user: Uuid, proof: &Proof) -> Result<(), Fail<PeopleRefusal>> {
    let spent = match proof {
        Proof::Step(step) => both!(tx, c, text => sqlx::query(text(sql::USE_STEP))
            .bind(user).bind(*step).execute(c).await?.rows_affected()),
        Proof::Recovery(digest) => both!(tx, c, text => sqlx::query(text(sql::USE_RECOVERY_CODE))
            .bind(user).bind(&digest[..]).bind(cx.now).execute(c).await?.rows_affected()),
    };
    if spent == 1 { Ok(()) } else { Err(Fail::Refused(PeopleRefusal::WrongCode)) }
}

/// Keeps the secret that the caller's authenticator is to learn; a log-in does not ask for it yet.
pub struct BeginSecondFactor {
    /// The secret.
    pub secret: Protected<TotpSecret>,
}

impl Command for BeginSecondFactor {
    const NAME: &'static str = "people.begin_second_factor";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        let sealed = conceal(tx, cx, &TOTP_PENDING, [(cx.actor.id, Some(&self.secret))]).await?;
        let begun = both!(tx, c, text => sqlx::query(text(sql::BEGIN_FACTOR))
            .bind(cx.actor.id).bind(sealed.into_iter().next().flatten()).bind(cx.now).execute(c).await?.rows_affected());
        if begun == 1 { Ok(()) } else { Err(Fail::Refused(PeopleRefusal::HasFactor)) }
    }
}

/// Has log-ins ask for the authenticator from now on: a code of it was right.
pub struct ConfirmSecondFactor {
    /// The secret that was begun with, sealed.
    pub sealed: Vec<u8>,
    /// The step of the code that was right, which is spent.
    pub step: i64,
    /// What the written-down codes are kept as.
    pub recovery: Vec<Digest>,
    /// The digest of the session that asks, which goes on under another id (USR-3), and of that one; the others
    /// end.
    pub session: Option<(Digest, Digest)>,
}

impl Command for ConfirmSecondFactor {
    const NAME: &'static str = "people.confirm_second_factor";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        let confirmed = both!(tx, c, text => sqlx::query(text(sql::CONFIRM_FACTOR))
            .bind(cx.actor.id).bind(&self.sealed).bind(self.step).bind(cx.now).execute(c).await?.rows_affected());
        if confirmed == 0 {
            return Err(Fail::Refused(PeopleRefusal::HasFactor));
        }
        write_down(tx, cx.actor.id, &self.recovery).await?;
        if let Some((before, after)) = &self.session {
            both!(tx, c, text => sqlx::query(text(sql::ROTATE_SESSION))
                .bind(&before[..]).bind(cx.actor.id).bind(&after[..]).execute(c).await?.rows_affected());
        }
        let keep = self.session.map(|(_, after)| Vec::from(after)).unwrap_or_default();
        both!(tx, c, text => sqlx::query(text(sql::END_SESSIONS_OF))
            .bind(cx.actor.id).bind(keep).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Replaces the caller's written-down codes.
pub struct ReplaceRecoveryCodes {
    /// That it is them.
    pub proof: Proof,
    /// What the new codes are kept as.
    pub recovery: Vec<Digest>,
}

impl Command for ReplaceRecoveryCodes {
    const NAME: &'static str = "people.replace_recovery_codes";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        spend(tx, cx, cx.actor.id, &self.proof).await?;
        write_down(tx, cx.actor.id, &self.recovery).await
    }
}

/// Has log-ins ask the caller for the password alone.
pub struct EndSecondFactor {
    /// That it is them.
    pub proof: Proof,
}

impl Command for EndSecondFactor {
    const NAME: &'static str = "people.end_second_factor";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        spend(tx, cx, cx.actor.id, &self.proof).await?;
        forget(tx, cx, cx.actor.id).await
    }
}

/// Has log-ins ask somebody for the password alone, whose telephone and codes are lost; their sessions end.
pub struct ResetSecondFactor {
    /// Who.
    pub id: Uuid,
}

impl Command for ResetSecondFactor {
    const NAME: &'static str = "people.reset_second_factor";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::ManagePeople
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        let user = find_user(tx, self.id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownUser))?;
        super::places::narrowed_to(tx, cx, user.location.as_deref()).await?;
        if !user.second_factor {
            return Err(Fail::Refused(PeopleRefusal::NoFactor));
        }
        forget(tx, cx, self.id).await?;
        both!(tx, c, text => sqlx::query(text(sql::END_SESSIONS_OF))
            .bind(self.id).bind(&[0u8; 0][..]).execute(c).await?.rows_affected());
        Ok(())
    }
}

async fn forget(tx: &mut Tx<'_>, cx: &Context, user: Uuid) -> Result<(), Fail<PeopleRefusal>> {
    let ended = both!(tx, c, text => sqlx::query(text(sql::END_FACTOR))
        .bind(user).bind(cx.now).execute(c).await?.rows_affected());
    expect_rows(sql::END_FACTOR, 1, ended)?;
    both!(tx, c, text => sqlx::query(text(sql::DELETE_RECOVERY_CODES)).bind(user).execute(c).await?.rows_affected());
    Ok(())
}

async fn write_down(tx: &mut Tx<'_>, user: Uuid, codes: &[Digest]) -> Result<(), Fail<PeopleRefusal>> {
    both!(tx, c, text => sqlx::query(text(sql::DELETE_RECOVERY_CODES)).bind(user).execute(c).await?.rows_affected());
    let digests: Vec<String> = codes.iter().map(|digest| gondola_vault::hex(digest)).collect();
    let written = both!(tx, c, text => sqlx::query(text(sql::CREATE_RECOVERY_CODES))
        .bind(user).bind(json(&digests)).execute(c).await?.rows_affected());
    Ok(expect_rows(sql::CREATE_RECOVERY_CODES, codes.len() as u64, written)?)
}
