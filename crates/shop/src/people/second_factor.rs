//! The second step of a log-in (USR-5): a code of the person's authenticator, or one of ten that they wrote
//! down. What is typed becomes a [`Proof`] here; that a proof counts once is decided where it is used, in a
//! command.

use gondola_store::protect::{Column, ColumnName, Protected};
use gondola_store::{Actor, At, Db, StoreError};
use gondola_vault::{Digest, Place, Randomness, SystemRandomness, TotpSecret, Vault, hex, unhex};
use uuid::Uuid;

use super::MINUTE_US;

/// What an authenticator calls the shop.
const ISSUER: &str = "Góndola";
/// Codes that are written down.
pub const RECOVERY_CODES: usize = 10;
/// Characters of one of them: 50 random bits.
const RECOVERY_LEN: usize = 10;
/// Digits of an authenticator's code.
const CODE_LEN: usize = 6;
/// How long the second step waits after a right password.
const TICKET_LASTS_US: At = 5 * MINUTE_US;

/// That somebody has what only they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The authenticator's code of this step.
    Step(i64),
    /// The digest of a written-down code.
    Recovery(Digest),
}

/// The secret that log-ins ask for.
pub const TOTP_SECRET: Column<TotpSecret> =
    Column::new("users", "totp_secret", |secret| secret.bytes().to_vec(), TotpSecret::from_bytes);
/// The secret that an authenticator is to learn; confirmed, it becomes the other as it lies there.
pub const TOTP_PENDING: Column<TotpSecret> = Column {
    name: ColumnName { column: "totp_pending", ..TOTP_SECRET.name },
    write: TOTP_SECRET.write,
    read: TOTP_SECRET.read,
};

/// Whose factor it is, its sealed secret, and the step that was used last.
#[derive(Clone, Copy)]
pub struct Factor<'a> {
    /// Whose.
    pub user: Uuid,
    /// Where the secret lies.
    pub column: &'static Column<TotpSecret>,
    /// The sealed secret; none when a log-in asks for the password alone.
    pub sealed: Option<&'a [u8]>,
    /// The step that was used last.
    pub used: i64,
}

/// Opens a secret for its owner.
///
/// # Errors
/// When it is none of this user's, or the access cannot be written down.
pub async fn open(db: &Db, actor: &Actor, purpose: &str, factor: Factor<'_>) -> Result<Option<TotpSecret>, StoreError> {
    let Some(sealed) = factor.sealed else { return Ok(None) };
    let mut cell = Protected::sealed(sealed.to_vec());
    db.reveal(actor, purpose, factor.column, [(factor.user, &mut cell)]).await?;
    Ok(cell.into_value())
}

/// The address for a square code.
pub fn uri(secret: &TotpSecret, username: &str) -> String {
    secret.uri(ISSUER, username)
}

/// What was typed, as proof against a user's factor; none when it proves nothing.
///
/// # Errors
/// As [`open`].
pub async fn prove(db: &Db, actor: &Actor, factor: Factor<'_>, typed: &str) -> Result<Option<Proof>, StoreError> {
    let typed = plain(typed);
    if typed.len() == CODE_LEN && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        let secret = open(db, actor, "people.prove_second_factor", factor).await?;
        return Ok(secret.and_then(|secret| secret.accept(&typed, db.now(), factor.used)).map(Proof::Step));
    }
    let recovery = factor.sealed.is_some() && typed.len() == RECOVERY_LEN;
    Ok(recovery.then(|| Proof::Recovery(recovery_digest(db.vault(), factor.user, &typed))))
}

/// What people put between characters to read them better does not count.
fn plain(typed: &str) -> String {
    let kept = typed.chars().filter(|character| !matches!(character, ' ' | '-' | '\u{a0}'));
    kept.take(RECOVERY_LEN + 1).collect::<String>().to_ascii_lowercase()
}

/// Draws the codes to write down, as they are shown (`abcde-fghjk`) and as they are kept.
pub fn draw_recovery_codes(vault: &Vault, user: Uuid) -> (Vec<String>, Vec<Digest>) {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let draw = |_| {
        let mut bytes = [0; RECOVERY_LEN];
        SystemRandomness.fill(&mut bytes);
        let code: String = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
        (format!("{}-{}", &code[..5], &code[5..]), recovery_digest(vault, user, &code))
    };
    (0..RECOVERY_CODES).map(draw).unzip()
}

fn recovery_digest(vault: &Vault, user: Uuid, code: &str) -> Digest {
    vault.digest("recovery code", &[user.as_bytes(), code.as_bytes()].concat())
}

/// Whose password was right, and which one that was.
#[derive(Debug, PartialEq, Eq)]
pub struct Holder {
    /// The user name.
    pub username: String,
    /// The mark of the password's hash.
    pub password: String,
}

/// What the second step's form carries: that this user's password was right a moment ago.
pub fn ticket(vault: &Vault, username: &str, password_hash: &str, now: At) -> String {
    let mark = password_mark(vault, password_hash);
    hex(&vault.seal(TICKET, format!("{now} {mark} {username}").as_bytes()))
}

/// What a ticket says; none when it is none or too old.
pub fn holder(vault: &Vault, ticket: &str, now: At) -> Option<Holder> {
    let text = String::from_utf8(vault.open(TICKET, &unhex(ticket)?).ok()?.to_vec()).ok()?;
    let mut parts = text.splitn(3, ' ');
    let (at, password, username) = (parts.next()?, parts.next()?, parts.next()?);
    let at: At = at.parse().ok()?;
    let holder = || Holder { username: username.to_owned(), password: password.to_owned() };
    (at..=at + TICKET_LASTS_US).contains(&now).then(holder)
}

/// What tells one password's hash from another, and tells nothing else.
pub fn password_mark(vault: &Vault, password_hash: &str) -> String {
    hex(&vault.digest("password mark", password_hash.as_bytes()))
}

const TICKET: Place<'static> = Place { table: "people", column: "second_step", row: b"" };

#[cfg(test)]
mod tests {
    use gondola_vault::MasterKey;

    use super::*;

    fn vault() -> Vault {
        Vault::of(&MasterKey::from_bytes([7; 32]))
    }

    #[test]
    fn a_written_down_code_is_one_persons() {
        let vault = vault();
        let (shown, kept) = draw_recovery_codes(&vault, Uuid::from_u128(1));
        assert_eq!((shown.len(), kept.len()), (RECOVERY_CODES, RECOVERY_CODES));
        let typed = plain(&shown[3].to_uppercase().replace('-', " "));
        assert_eq!(recovery_digest(&vault, Uuid::from_u128(1), &typed), kept[3]);
        assert_ne!(recovery_digest(&vault, Uuid::from_u128(2), &typed), kept[3]);
    }

    #[test]
    fn a_ticket_is_good_for_five_minutes() {
        let now = 1_764_000_015_000_000;
        let vault = vault();
        let ticket = ticket(&vault, "ana maría", "$argon2id$…", now);
        let holds = Holder { username: "ana maría".to_owned(), password: password_mark(&vault, "$argon2id$…") };
        assert_eq!(holder(&vault, &ticket, now), Some(holds));
        assert!(holder(&vault, &ticket, now + TICKET_LASTS_US).is_some());
        assert!(holder(&vault, &ticket, now + TICKET_LASTS_US + 1).is_none());
        assert!(holder(&vault, &ticket, now - 1).is_none());
        assert!(holder(&vault, &ticket[2..], now).is_none());
        assert!(holder(&vault, "", now).is_none());
    }
}
