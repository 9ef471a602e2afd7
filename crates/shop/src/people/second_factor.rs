//! The second step of a log-in (USR-5): a code of the person's authenticator, or one of ten that they wrote
//! down. What is typed becomes a [`Proof`] here; that a proof counts once is decided where it is used, in a
//! command.

use gondola_store::{At, StoreError};
use gondola_vault::{Digest, Randomness, SystemRandomness, TotpSecret, Vault, hex, unhex};
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

/// Whose factor it is, its sealed secret, and the step that was used last.
#[derive(Debug, Clone, Copy)]
pub struct Factor<'a> {
    /// Whose.
    pub user: Uuid,
    /// The sealed secret; none when a log-in asks for the password alone.
    pub sealed: Option<&'a [u8]>,
    /// The step that was used last.
    pub used: i64,
}

/// Seals a secret for the row of its user.
pub fn seal(vault: &Vault, user: Uuid, secret: &TotpSecret) -> Vec<u8> {
    vault.seal(&place(user), secret.bytes())
}

/// Opens a secret that was sealed for the row of `user`.
///
/// # Errors
/// When it is none of this user's, or sealed with another key.
pub fn open(vault: &Vault, user: Uuid, sealed: &[u8]) -> Result<TotpSecret, StoreError> {
    let bytes = vault
        .open(&place(user), sealed)
        .map_err(|_| StoreError::corrupt("users", "totp_secret", user, "does not open"))?;
    TotpSecret::from_bytes(&bytes).ok_or_else(|| StoreError::corrupt("users", "totp_secret", user, "is no secret"))
}

fn place(user: Uuid) -> Vec<u8> {
    [b"users.totp_secret ".as_slice(), user.as_bytes()].concat()
}

/// The address for a square code.
pub fn uri(secret: &TotpSecret, username: &str) -> String {
    secret.uri(ISSUER, username)
}

/// What was typed, as proof against a user's factor; none when it proves nothing.
///
/// # Errors
/// When the user's secret does not open.
pub fn prove(vault: &Vault, factor: Factor<'_>, typed: &str, now: At) -> Result<Option<Proof>, StoreError> {
    let Some(sealed) = factor.sealed else { return Ok(None) };
    let typed = plain(typed);
    if typed.len() == CODE_LEN && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        let secret = open(vault, factor.user, sealed)?;
        return Ok(secret.accept(&typed, now, factor.used).map(Proof::Step));
    }
    Ok((typed.len() == RECOVERY_LEN).then(|| Proof::Recovery(recovery_digest(vault, factor.user, &typed))))
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
    let text = String::from_utf8(vault.open(TICKET, &unhex(ticket)?).ok()?).ok()?;
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

const TICKET: &[u8] = b"people.second_step";

#[cfg(test)]
mod tests {
    use gondola_vault::MasterKey;

    use super::*;

    fn vault() -> Vault {
        Vault::new(&MasterKey::from_bytes([7; 32]))
    }

    /// USR-5.
    #[test]
    fn a_code_is_read_with_the_spaces_people_type() {
        let secret = TotpSecret::draw();
        let now = 1_764_000_015_000_000;
        let step = 1_764_000_015 / 30;
        let code = secret.code(step);
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        let user = Uuid::from_u128(1);
        let sealed = seal(&vault(), user, &secret);
        let factor = Factor { user, sealed: Some(&sealed), used: 0 };
        assert_eq!(prove(&vault(), factor, &spaced, now).unwrap(), Some(Proof::Step(step)));
        assert_eq!(prove(&vault(), Factor { used: step, ..factor }, &spaced, now).unwrap(), None, "used");
        assert_eq!(prove(&vault(), factor, "", now).unwrap(), None);
        assert_eq!(prove(&vault(), Factor { sealed: None, ..factor }, &spaced, now).unwrap(), None);
    }

    #[test]
    fn a_written_down_code_is_one_persons() {
        let (shown, kept) = draw_recovery_codes(&vault(), Uuid::from_u128(1));
        assert_eq!((shown.len(), kept.len()), (RECOVERY_CODES, RECOVERY_CODES));
        let typed = shown[3].to_uppercase().replace('-', " ");
        let factor = Factor { user: Uuid::from_u128(1), sealed: Some(&[]), used: 0 };
        let proof = prove(&vault(), factor, &typed, 0).unwrap();
        assert_eq!(proof, Some(Proof::Recovery(kept[3])));
        let others = Factor { user: Uuid::from_u128(2), ..factor };
        assert_ne!(prove(&vault(), others, &typed, 0).unwrap(), proof);
    }

    /// ENC-9: a sealed secret is one row's.
    #[test]
    fn a_secret_in_another_row_does_not_open() {
        let sealed = seal(&vault(), Uuid::from_u128(1), &TotpSecret::draw());
        assert!(open(&vault(), Uuid::from_u128(1), &sealed).is_ok());
        assert!(open(&vault(), Uuid::from_u128(2), &sealed).is_err());
    }

    #[test]
    fn a_ticket_is_good_for_five_minutes() {
        let now = 1_764_000_015_000_000;
        let ticket = ticket(&vault(), "ana maría", "$argon2id$…", now);
        let holds = Holder { username: "ana maría".to_owned(), password: password_mark(&vault(), "$argon2id$…") };
        assert_eq!(holder(&vault(), &ticket, now), Some(holds));
        assert!(holder(&vault(), &ticket, now + TICKET_LASTS_US).is_some());
        assert!(holder(&vault(), &ticket, now + TICKET_LASTS_US + 1).is_none());
        assert!(holder(&vault(), &ticket, now - 1).is_none());
        assert!(holder(&vault(), &ticket[2..], now).is_none());
        assert!(holder(&vault(), "", now).is_none());
    }
}
