//! A shop opened with another encryption key than before could read nothing of what it sealed. So the
//! first start seals a word, and every later start must be able to open it.

use gondola_store::sqlx;
use gondola_store::{
    Actor, Audited, Command, Context, Db, Fail, Permission, StoreError, Tx, both, expect_rows, settings, sql,
};

use super::StartError;

/// The setting that holds the sealed word, and the word's place in the vault.
const PLACE: &str = "vault.check";
const WORD: &[u8] = b"the shelf is full";

/// Whether no start ever got as far as keeping the word: the shop is still to be founded.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn is_new(db: &Db) -> Result<bool, StoreError> {
    Ok(find(db).await?.is_none())
}

/// Seals the word on a new database; opens it on one that has it.
///
/// # Errors
/// [`StartError::Refused`] when the database was sealed with another key.
pub async fn same_key_as_before(db: &Db) -> Result<(), StartError> {
    let sealed = gondola_vault::hex(&db.vault().seal(PLACE.as_bytes(), WORD));
    let kept = match find(db).await? {
        Some(kept) => kept,
        None => {
            let done = db.execute(&Actor::system("start"), None, KeepWord { sealed }).await;
            done.map_err(|fail| anyhow::anyhow!("keep the key's check word: {fail:?}"))?.out
        }
    };
    if opens(db, &kept) {
        return Ok(());
    }
    Err(StartError::refused(
        "encryption.key",
        "database",
        "la base de datos se selló con otra clave: poné la clave con la que se creó (keys/master.key de su directorio de datos)",
        "the database was sealed with another key: set the key it was created with (keys/master.key of its data directory)",
    ))
}

/// Whether this process's key opens the word that was kept; nothing where none was.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn opens_the_kept_word(db: &Db) -> Result<Option<bool>, StoreError> {
    Ok(find(db).await?.map(|kept| opens(db, &kept)))
}

fn opens(db: &Db, kept: &str) -> bool {
    let opened = unhex(kept).and_then(|sealed| db.vault().open(PLACE.as_bytes(), &sealed).ok());
    opened.as_deref() == Some(WORD)
}

async fn find(db: &Db) -> Result<Option<String>, StoreError> {
    let mut rx = db.read().await?;
    settings::find(&mut rx.as_tx(), PLACE).await
}

/// Keeps the sealed word unless another process was faster; answers the one that is kept.
struct KeepWord {
    sealed: String,
}

impl Command for KeepWord {
    const NAME: &'static str = "start.keep_word";
    const AUDITED: Option<Audited> = None;
    type Out = String;
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<String, Fail<Self::Refusal>> {
        if let Some(kept) = settings::find(tx, PLACE).await? {
            return Ok(kept);
        }
        let put = both!(tx, c, text => sqlx::query(text(sql::PUT_SETTING))
            .bind(PLACE).bind(&self.sealed).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_SETTING, 1, put)?;
        Ok(self.sealed.clone())
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(byte).collect()).flatten()
}
