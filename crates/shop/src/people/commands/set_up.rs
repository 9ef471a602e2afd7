//! The first user of a shop, made by whoever sees the console: a token that the first start prints,
//! good once and for 30 minutes. There is no default account (SEC-4).

use gondola_store::{Audited, Command, Context, Fail, Permission, Role, Tx, both};
use gondola_vault::Digest;

use super::super::queries::count_users;
use super::super::refusal::PeopleRefusal;
use super::super::rows::UserRecord;
use super::super::{TOKEN_LASTS_US, sql};
use super::users::CreateUser;

/// Keeps a new set-up token and forgets those before it; refused once there is a user.
pub struct DrawToken {
    /// The token's digest.
    pub token_hash: Digest,
}

impl Command for DrawToken {
    const NAME: &'static str = "people.draw_token";
    const AUDITED: Option<Audited> = Some(Audited::PRIVILEGE);
    type Out = ();
    type Refusal = PeopleRefusal;

    fn permission(&self) -> Permission {
        Permission::ManagePeople
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<PeopleRefusal>> {
        if count_users(tx).await? > 0 {
            return Err(Fail::Refused(PeopleRefusal::AlreadySetUp));
        }
        both!(tx, c, text => sqlx::query(text(sql::FORGET_TOKENS)).execute(c).await?.rows_affected());
        both!(tx, c, text => sqlx::query(text(sql::CREATE_TOKEN))
            .bind(&self.token_hash[..]).bind(cx.now).bind(cx.now + TOKEN_LASTS_US).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Makes the first user, an administrator, against the token.
pub struct SetUp {
    /// The token's digest.
    pub token_hash: Digest,
    /// What they log in with.
    pub username: String,
    /// What others know them by.
    pub name: String,
    /// The hash of their password.
    pub password_hash: String,
}

impl Command for SetUp {
    const NAME: &'static str = "people.set_up";
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
        // The token's row is taken first: of two that come at once, the second finds it used.
        let used = both!(tx, c, text => sqlx::query(text(sql::USE_TOKEN))
            .bind(&self.token_hash[..]).bind(cx.now).execute(c).await?.rows_affected());
        if count_users(tx).await? > 0 {
            return Err(Fail::Refused(PeopleRefusal::AlreadySetUp));
        }
        if used == 0 {
            return Err(Fail::Refused(PeopleRefusal::BadToken));
        }
        let first = CreateUser {
            username: self.username.clone(),
            name: self.name.clone(),
            role: Role::Admin,
            location: None,
            password_hash: self.password_hash.clone(),
        };
        first.run(tx, cx).await
    }
}
