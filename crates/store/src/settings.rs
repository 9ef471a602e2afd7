//! Small facts a shop keeps about itself (whether it is a demo, when a job last ran), and the store's
//! own housekeeping. What people configure is in the server's settings file, not here.

use std::convert::Infallible;

use crate::access::Permission;
use crate::audit::Audited;
use crate::clock::At;
use crate::command::{Command, Context, Fail};
use crate::error::StoreError;
use crate::tx::{Tx, expect_rows};
use crate::{both, sql};

/// The value kept under `key`.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_SETTING)).bind(key).fetch_optional(c).await?);
    Ok(row.map(|(value,)| value))
}

/// Keeps a value under a key, within another command.
pub(crate) async fn put(tx: &mut Tx<'_>, key: &str, value: &str, at: At) -> Result<(), StoreError> {
    let put = both!(tx, c, text => sqlx::query(text(sql::PUT_SETTING))
        .bind(key).bind(value).bind(at).execute(c).await?.rows_affected());
    expect_rows(sql::PUT_SETTING, 1, put)
}

/// Keeps a value under a key.
pub struct PutSetting {
    /// The key.
    pub key: &'static str,
    /// The value.
    pub value: String,
}

impl Command for PutSetting {
    const NAME: &'static str = "store.put_setting";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Infallible>> {
        Ok(put(tx, self.key, &self.value, cx.now).await?)
    }
}

/// Forgets idempotency keys that were claimed before an instant. Answers how many.
pub struct ForgetKeys {
    /// The instant.
    pub before: At,
}

impl Command for ForgetKeys {
    const NAME: &'static str = "store.forget_keys";
    const AUDITED: Option<Audited> = None;
    type Out = u64;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<u64, Fail<Infallible>> {
        Ok(both!(tx, c, text => sqlx::query(text(sql::FORGET_OLD_KEYS))
            .bind(self.before).execute(c).await?.rows_affected()))
    }
}
