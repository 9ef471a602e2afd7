//! How somebody is reached: their e-mail and telephone, sealed in their row (ENC). An e-mail is found by a blind index, a
//! keyed digest beside it: whole addresses only, no beginnings and no ranges (ENC-11).

use gondola_store::audit::Class;
use gondola_store::protect::{Column, Opener, Protected, conceal};
use gondola_store::{Audited, Command, Context, Fail, Permission, StoreError, Tx, both};
use gondola_vault::Vault;
use uuid::Uuid;

use super::queries::find_user;
use super::refusal::PeopleRefusal;
use super::rows::UserRecord;
use super::sql;
use crate::kernel::fields::read;
use crate::kernel::{Errors, contact};

/// Where a person's mail goes.
pub const EMAIL: Column<String> = Column::new("users", "email", |text| text.clone().into_bytes(), text_of);
/// What a person is called on.
pub const PHONE: Column<String> = Column::new("users", "phone", |text| text.clone().into_bytes(), text_of);

fn text_of(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// The digest that an e-mail is found by. Two spellings that differ in case are one address.
pub fn email_index(vault: &Vault, email: &str) -> Vec<u8> {
    vault.blind_index("users", "email", &email.to_ascii_lowercase()).to_vec()
}

/// An e-mail address as it is kept.
pub fn parse_email(errors: &mut Errors, text: Option<String>) -> Option<String> {
    read(errors, "email", text, contact::parse_email)
}

/// A telephone number as it is kept, the way it was written.
pub fn parse_phone(errors: &mut Errors, text: Option<String>) -> Option<String> {
    read(errors, "phone", text, contact::parse_phone)
}

/// How somebody is reached, opened or not.
#[derive(Debug, Default)]
pub struct Contact {
    /// Their e-mail.
    pub email: Option<Protected<String>>,
    /// Their telephone.
    pub phone: Option<Protected<String>>,
}

impl Contact {
    /// What is written; nothing of what is still sealed.
    pub fn email(&self) -> Option<&str> {
        self.email.as_ref().and_then(Protected::get).map(String::as_str)
    }

    /// The same of the telephone.
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_ref().and_then(Protected::get).map(String::as_str)
    }
}

/// How a user is reached, as it lies there.
#[derive(sqlx::FromRow)]
struct ContactRow {
    email: Option<Vec<u8>>,
    phone: Option<Vec<u8>>,
}

/// How a user is reached, opened once it is written down that somebody looked.
///
/// # Errors
/// [`StoreError`] when it does not open or the access cannot be written down.
pub async fn open_contact(tx: &mut Tx<'_>, opener: &Opener<'_>, user: Uuid) -> Result<Contact, StoreError> {
    let found: Option<ContactRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_CONTACT)).bind(user).fetch_optional(c).await?);
    let mut contact = found.map_or_else(Contact::default, |row| Contact {
        email: row.email.map(Protected::sealed),
        phone: row.phone.map(Protected::sealed),
    });
    opener.open(tx, &EMAIL, contact.email.as_mut().map(|email| (user, email))).await?;
    opener.open(tx, &PHONE, contact.phone.as_mut().map(|phone| (user, phone))).await?;
    Ok(contact)
}

/// Writes down how a user is reached, in the place of what was there.
pub struct SetContact {
    /// Who.
    pub user: Uuid,
    /// The version of the user that the change is based on.
    pub version: i64,
    /// Their e-mail; none forgets it.
    pub email: Option<String>,
    /// Their telephone; none forgets it.
    pub phone: Option<String>,
}

impl Command for SetContact {
    const NAME: &'static str = "people.set_contact";
    const AUDITED: Option<Audited> = Some(Audited { class: Class::Confidential, ..Audited::MODIFY });
    type Out = UserRecord;
    type Refusal = PeopleRefusal;

    fn subject(&self) -> String {
        self.user.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::ManagePeople
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<UserRecord, Fail<PeopleRefusal>> {
        let before = find_user(tx, self.user).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownUser))?;
        cx.concerns(before.username.as_str());
        let index = self.email.as_deref().map(|email| email_index(cx.vault(), email));
        let sealed = async |tx: &mut Tx<'_>, column, text: &Option<String>| {
            let value = text.clone().map(Protected::new);
            let mut stored = conceal(tx, cx, column, [(self.user, value.as_ref())]).await?;
            Ok::<_, StoreError>(stored.pop().flatten())
        };
        let email = sealed(tx, &EMAIL, &self.email).await?;
        let phone = sealed(tx, &PHONE, &self.phone).await?;
        let changed = both!(&mut *tx, c, text => sqlx::query(text(sql::SET_CONTACT))
            .bind(self.user).bind(self.version).bind(email).bind(index).bind(phone).bind(cx.now)
            .execute(c).await?.rows_affected());
        if changed == 0 {
            return Err(Fail::Refused(PeopleRefusal::Stale));
        }
        find_user(tx, self.user).await?.ok_or(Fail::Refused(PeopleRefusal::UnknownUser))
    }
}
