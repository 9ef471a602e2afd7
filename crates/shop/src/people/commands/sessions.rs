//! Sessions: opened at log-in under a fresh id, seen, ended. A log-in is run by whoever's password was right; what is
//! noted about one that was wrong by the product (`system:log-in`), because whoever knocks is nobody.

use gondola_store::{At, Audited, Command, Context, Copies, Fail, Permission, Tx, both, expect_rows};
use gondola_vault::Digest;
use uuid::Uuid;

use super::super::input::could_be_username;
use super::super::queries::find_user;
use super::super::refusal::PeopleRefusal;
use super::super::rows::LogInRow;
use super::super::second_factor::Proof;
use super::super::{FAILURES_MAX, IDLE_US, LASTS_US, LOCK_US, SESSIONS_MAX, TOUCH_US, sql};
use super::second_factor::spend;

/// Opens a session for a user whose password was right.
pub struct LogIn {
    /// Who.
    pub username: String,
    /// The hash that their password was compared with: another one by now opens nothing.
    pub password_hash: String,
    /// That they have their second factor; whoever has one does not get in without.
    pub proof: Option<Proof>,
    /// The digest of the new session's id.
    pub id_hash: Digest,
    /// The digest of the session that the browser held before, which ends.
    pub before: Option<Digest>,
    /// The address it is opened from.
    pub client_ip: String,
    /// The browser it is opened with.
    pub agent: String,
}

impl Command for LogIn {
    const NAME: &'static str = "people.log_in";
    const AUDITED: Option<Audited> = Some(Audited::AUTH);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.username.clone()
    }

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        let user: Option<LogInRow> = both!(tx, c, text => sqlx::query_as(text(sql::LOCK_LOG_IN))
            .bind(&self.username).fetch_optional(c).await?);
        let same = |user: &LogInRow| user.may_enter(cx.now) && user.password_hash == self.password_hash;
        let user = user.filter(same).ok_or(Fail::Refused(PeopleRefusal::UnknownUser))?;
        if user.totp_secret.is_some() {
            let proof = self.proof.as_ref().ok_or(Fail::Refused(PeopleRefusal::WrongCode))?;
            spend(tx, cx, user.id, proof).await?;
        }
        both!(tx, c, text => sqlx::query(text(sql::FORGIVE_FAILURES)).bind(user.id).execute(c).await?.rows_affected());
        both!(tx, c, text => sqlx::query(text(sql::FORGET_SESSIONS))
            .bind(cx.now).bind(cx.now - IDLE_US).execute(c).await?.rows_affected());
        if let Some(before) = &self.before {
            both!(tx, c, text => sqlx::query(text(sql::END_SESSION)).bind(&before[..]).execute(c).await?.rows_affected());
        }
        both!(tx, c, text => sqlx::query(text(sql::CREATE_SESSION))
            .bind(&self.id_hash[..]).bind(cx.new_id()).bind(user.id).bind(cx.now).bind(cx.now + LASTS_US)
            .bind(&self.client_ip).bind(&self.agent).execute(c).await?.rows_affected());
        both!(tx, c, text => sqlx::query(text(sql::TRIM_SESSIONS))
            .bind(user.id).bind(SESSIONS_MAX).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Counts a failed log-in. An account that does not exist costs the same write (USR-2).
pub struct CountFailedLogIn {
    /// The user name that was tried.
    pub username: String,
}

/// How the audit trail calls a log-in that failed; its subject is the account that was tried.
pub const FAILED_LOG_IN: &str = CountFailedLogIn::NAME;

/// The setting that is written for user names nobody has.
const STRANGERS: &str = "people.last_unknown_log_in_at";

impl Command for CountFailedLogIn {
    const NAME: &'static str = "people.count_failed_log_in";
    const AUDITED: Option<Audited> = Some(Audited::AUTH);
    type Out = ();
    type Refusal = PeopleRefusal;

    /// People type passwords into the field of the name: what no account can be called is not told.
    fn subject(&self) -> String {
        if could_be_username(&self.username) { self.username.clone() } else { "?".to_owned() }
    }

    fn status(&self) -> u16 {
        401
    }

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        let counted = both!(tx, c, text => sqlx::query(text(sql::COUNT_FAILURE))
            .bind(&self.username).bind(FAILURES_MAX).bind(cx.now + LOCK_US).bind(cx.now)
            .execute(c).await?.rows_affected());
        if counted == 0 {
            both!(tx, c, text => sqlx::query(text(gondola_store::sql::PUT_SETTING))
                .bind(STRANGERS).bind(cx.now.to_string()).bind(cx.now).execute(c).await?.rows_affected());
        }
        Ok(())
    }
}

/// Replaces a password's hash by one with today's parameters.
pub struct RehashPassword {
    /// Whose.
    pub user: Uuid,
    /// The hash it replaces.
    pub before: String,
    /// The new hash.
    pub after: String,
}

impl Command for RehashPassword {
    const NAME: &'static str = "people.rehash_password";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<PeopleRefusal>> {
        both!(tx, c, text => sqlx::query(text(sql::REHASH_PASSWORD))
            .bind(self.user).bind(&self.before).bind(&self.after).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Sets the caller's own password, checked before, and ends their other sessions.
pub struct SetOwnPassword {
    /// The new hash.
    pub password_hash: String,
    /// The digest of the session that asks, which goes on.
    pub keep: Option<Digest>,
}

impl Command for SetOwnPassword {
    const NAME: &'static str = "people.set_own_password";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        let set = both!(tx, c, text => sqlx::query(text(sql::SET_PASSWORD))
            .bind(cx.actor.id).bind(&self.password_hash).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::SET_PASSWORD, 1, set)?;
        let keep = self.keep.map(Vec::from).unwrap_or_default();
        both!(tx, c, text => sqlx::query(text(sql::END_SESSIONS_OF))
            .bind(cx.actor.id).bind(keep).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Notes that a session is in use.
pub struct TouchSession {
    /// Which.
    pub id: Uuid,
}

impl Command for TouchSession {
    const NAME: &'static str = "people.touch_session";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        both!(tx, c, text => sqlx::query(text(sql::TOUCH_SESSION))
            .bind(self.id).bind(cx.now).bind(seen_long_ago(cx.now)).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Before this instant "last seen" is due to be written again.
pub(in super::super) fn seen_long_ago(now: At) -> At {
    now - TOUCH_US
}

/// Ends the session that a browser holds.
pub struct LogOut {
    /// The digest of its id.
    pub id_hash: Digest,
}

impl Command for LogOut {
    const NAME: &'static str = "people.log_out";
    const AUDITED: Option<Audited> = Some(Audited::AUTH);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<PeopleRefusal>> {
        both!(tx, c, text => sqlx::query(text(sql::END_SESSION)).bind(&self.id_hash[..]).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Ends a session of somebody, or all of them.
pub struct EndSessionsOf {
    /// Whose.
    pub user: Uuid,
    /// Which; none ends all.
    pub session: Option<Uuid>,
}

impl Command for EndSessionsOf {
    const NAME: &'static str = "people.end_sessions_of";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.user.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::ManagePeople
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<PeopleRefusal>> {
        find_user(tx, self.user).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownUser))?;
        match self.session {
            Some(session) => end_session(tx, session, self.user).await,
            None => {
                both!(tx, c, text => sqlx::query(text(sql::END_SESSIONS_OF))
                    .bind(self.user).bind(&[0u8; 0][..]).execute(c).await?.rows_affected());
                Ok(())
            }
        }
    }
}

async fn end_session(tx: &mut Tx<'_>, session: Uuid, user: Uuid) -> Result<(), Fail<PeopleRefusal>> {
    let ended = both!(tx, c, text => sqlx::query(text(sql::END_SESSION_OF))
        .bind(session).bind(user).execute(c).await?.rows_affected());
    if ended == 0 {
        return Err(Fail::Refused(PeopleRefusal::UnknownSession));
    }
    Ok(expect_rows(sql::END_SESSION_OF, 1, ended)?)
}

/// Ends one of the caller's own sessions.
pub struct EndSession {
    /// Which.
    pub id: Uuid,
}

impl Command for EndSession {
    const NAME: &'static str = "people.end_session";
    const AUDITED: Option<Audited> = Some(Audited::AUTH);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::OwnSession
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        end_session(tx, self.id, cx.actor.id).await
    }
}
