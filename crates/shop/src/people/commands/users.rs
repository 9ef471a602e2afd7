//! Making and changing users. Nobody is ever deleted: movements name them for good. A change of
//! role, location, password or use ends their sessions, so that it is in force at once.

use gondola_store::{Audited, Command, Context, Copies, Fail, Permission, Role, Tx, both, expect_rows};
use uuid::Uuid;

use super::super::queries::find_user;
use super::super::refusal::PeopleRefusal;
use super::super::rows::UserRecord;
use super::super::sql;
use super::places::narrowed_to;

/// What the reason of an entry in the audit trail begins with when an account was given a role.
const GRANT: &str = "role:";

/// The role that an entry of the audit trail says an account was given, by its reason.
pub fn granted_role(reason: &str) -> Option<Role> {
    reason.strip_prefix(GRANT).and_then(Role::from_code)
}

/// Makes a user.
pub struct CreateUser {
    /// What they log in with, already checked.
    pub username: String,
    /// What others know them by.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The code of the one location they may see and touch.
    pub location: Option<String>,
    /// The hash of their password.
    pub password_hash: String,
}

impl Command for CreateUser {
    const NAME: &'static str = "people.create_user";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    type Out = UserRecord;
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.username.clone()
    }

    fn permission(&self) -> Permission {
        Permission::ManagePeople
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<UserRecord, Fail<PeopleRefusal>> {
        let location = narrowed_to(tx, cx, self.location.as_deref()).await?;
        cx.because(format!("{GRANT}{}", self.role.code()));
        let id = cx.new_id();
        let made = both!(tx, c, text => sqlx::query(text(sql::CREATE_USER))
            .bind(id).bind(&self.username).bind(&self.name).bind(self.role.code()).bind(location)
            .bind(&self.password_hash).bind(cx.now)
            .execute(c).await?.rows_affected());
        if made == 0 {
            return Err(Fail::Refused(PeopleRefusal::UsernameTaken(self.username.clone())));
        }
        find_user(tx, id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownUser))
    }
}

/// What to change about a user; what is none stays.
#[derive(Debug, Default)]
pub struct UserChange {
    /// What others know them by.
    pub name: Option<String>,
    /// The role.
    pub role: Option<Role>,
    /// The code of the one location they may see and touch; `Some(None)` means all from now on.
    pub location: Option<Option<String>>,
    /// Whether they may log in.
    pub active: Option<bool>,
    /// The hash of a new password.
    pub password_hash: Option<String>,
}

/// Changes a user.
pub struct ChangeUser {
    /// Who.
    pub id: Uuid,
    /// The version the change is based on; none changes whatever is there.
    pub version: Option<i64>,
    /// What.
    pub change: UserChange,
}

impl Command for ChangeUser {
    const NAME: &'static str = "people.change_user";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    const OUTDATES: Option<Copies> = Some(Copies::Sessions);
    type Out = UserRecord;
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::ManagePeople
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<UserRecord, Fail<PeopleRefusal>> {
        let admins: Vec<(Uuid,)> = both!(tx, c, text => sqlx::query_as(text(sql::LOCK_ADMINS)).fetch_all(c).await?);
        let before = find_user(tx, self.id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownUser))?;
        if self.version.is_some_and(|version| version != before.version) {
            return Err(Fail::Refused(PeopleRefusal::Stale));
        }
        cx.concerns(before.username.as_str());
        cx.changes(&before);
        let after = self.applied_to(&before)?;
        let stays_admin = after.active && after.role == Role::Admin.code();
        if !stays_admin && admins == [(self.id,)] {
            return Err(Fail::Refused(PeopleRefusal::LastAdmin));
        }
        if after.role != before.role {
            cx.because(format!("{GRANT}{}", after.role));
        }
        self.write(tx, cx, &before, &after).await?;
        find_user(tx, self.id).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownUser))
    }
}

impl ChangeUser {
    fn applied_to(&self, before: &UserRecord) -> Result<UserRecord, Fail<PeopleRefusal>> {
        let change = &self.change;
        let role = change.role.map_or_else(|| before.role(), Ok)?;
        Ok(UserRecord {
            name: change.name.clone().unwrap_or_else(|| before.name.clone()),
            role: role.code().to_owned(),
            location: change.location.clone().unwrap_or_else(|| before.location.clone()),
            active: change.active.unwrap_or(before.active),
            ..before.clone()
        })
    }

    async fn write(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        before: &UserRecord,
        after: &UserRecord,
    ) -> Result<(), Fail<PeopleRefusal>> {
        let location = narrowed_to(tx, cx, after.location.as_deref()).await?;
        let changed = both!(tx, c, text => sqlx::query(text(sql::CHANGE_USER))
            .bind(self.id).bind(before.version).bind(&after.name).bind(&after.role).bind(location)
            .bind(after.active).bind(cx.now)
            .execute(c).await?.rows_affected());
        if changed == 0 {
            return Err(Fail::Refused(PeopleRefusal::Stale));
        }
        if let Some(hash) = &self.change.password_hash {
            let set = both!(tx, c, text => sqlx::query(text(sql::SET_PASSWORD))
                .bind(self.id).bind(hash).bind(cx.now).execute(c).await?.rows_affected());
            expect_rows(sql::SET_PASSWORD, 1, set)?;
        }
        let rights_changed =
            (&before.role, &before.location, before.active) != (&after.role, &after.location, after.active);
        if rights_changed || self.change.password_hash.is_some() {
            both!(tx, c, text => sqlx::query(text(sql::END_SESSIONS_OF))
                .bind(self.id).bind(&[0u8; 0][..]).execute(c).await?.rows_affected());
        }
        Ok(())
    }
}
