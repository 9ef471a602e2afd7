//! Passwords: what may be one, and how it is kept (USR-1). Argon2id with 19 MiB, two passes and one
//! lane, computed off the async threads and never more than a few at once. Which account a password
//! belongs to, and how often one may try, is not here.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use gondola_vault::{Randomness, SystemRandomness};
use unicode_normalization::UnicodeNormalization;

use crate::kernel::{Doors, Problem, Text};

/// Characters of a password at least.
pub const PASSWORD_MIN: usize = 12;
/// Characters of a password at most; a bound for the hash, not a rule for people.
pub const PASSWORD_MAX: usize = 128;
/// Different characters at least.
const DIFFERENT_MIN: usize = 5;
/// KiB of memory per hash.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// How long a log-in waits for its turn to be hashed.
const TURN_WAIT_MAX: Duration = Duration::from_secs(5);

/// The stems of passwords that everybody tries first, one a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password in the clear, for as long as it takes to hash it. Shows nothing when printed.
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(***)")
    }
}

impl Password {
    /// A password somebody chooses now.
    ///
    /// # Errors
    /// What makes it too easy, as a code and a message.
    pub fn choose(raw: &str, username: &str) -> Result<Self, (&'static str, Text)> {
        let password: String = raw.nfc().collect();
        let length = password.chars().count();
        if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) {
            let code = if length < PASSWORD_MIN { "text_too_short" } else { "text_too_long" };
            return Err((
                code,
                Text::new(
                    format!(
                        "La contraseña lleva de {PASSWORD_MIN} a {PASSWORD_MAX} caracteres. Una frase corta sirve."
                    ),
                    format!("A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters. A short phrase will do."),
                ),
            ));
        }
        if is_common(&password, username) {
            return Err((
                "too_common",
                Text::new(
                    "Esa contraseña es de las primeras que alguien probaría. Elegí otra, por ejemplo tres palabras sueltas.",
                    "That password is among the first somebody would try. Choose another, for example three unrelated words.",
                ),
            ));
        }
        Ok(Self(password))
    }

    /// A password somebody claims to be theirs; nothing is asked of it but a bounded length.
    pub fn claim(raw: &str) -> Self {
        Self(raw.nfc().take(PASSWORD_MAX + 1).collect())
    }

    /// A password drawn at random, easy to read aloud: `xkqf-mbtr-nzvd-hwps`.
    pub fn draw() -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut bytes = [0; 16];
        SystemRandomness.fill(&mut bytes);
        let groups: Vec<String> = bytes
            .chunks(4)
            .map(|group| group.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect())
            .collect();
        Self(groups.join("-"))
    }

    /// The text, to be shown once to whoever asked for a drawn password.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Hashes the password when it is its turn.
    ///
    /// # Errors
    /// 503 when too many are waiting.
    pub async fn hash(self, doors: &Doors) -> Result<String, Problem> {
        in_turn(doors, move || hash_now(&self.0)).await
    }

    /// Whether `stored` is this password's hash. Takes the same work when there is no account.
    ///
    /// # Errors
    /// 503 when too many are waiting.
    pub async fn matches(self, stored: Option<String>, doors: &Doors) -> Result<bool, Problem> {
        in_turn(doors, move || {
            let exists = stored.is_some();
            let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
            exists & verify_now(&self.0, &stored)
        })
        .await
    }
}

/// A hash of today's parameters that no password is known for: an account that does not exist takes
/// as long to refuse as one that does.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z29uZG9sYS1uYWRpZS0x$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether a stored hash was made with other parameters than today's.
pub fn needs_rehash(stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return true };
    let wanted = (MEMORY_KIB, PASSES, LANES);
    let found = Params::try_from(&hash).map(|params| (params.m_cost(), params.t_cost(), params.p_cost()));
    hash.algorithm != Algorithm::Argon2id.ident() || found.ok() != Some(wanted)
}

/// Whether a stored hash is easier to guess a password from than one with today's parameters.
pub fn is_weak(stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return true };
    let strong = Params::try_from(&hash)
        .is_ok_and(|params| params.m_cost() >= MEMORY_KIB && params.t_cost() >= PASSES && params.p_cost() >= LANES);
    hash.algorithm != Algorithm::Argon2id.ident() || !strong
}

fn hash_now(password: &str) -> String {
    let mut salt = [0; 16];
    SystemRandomness.fill(&mut salt);
    let hash = argon2().hash_password_with_salt(password.as_bytes(), &salt);
    hash.expect("a 16-byte salt and a bounded password can be hashed").to_string()
}

fn verify_now(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn in_turn<T: Send + 'static>(doors: &Doors, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let turn = tokio::time::timeout(TURN_WAIT_MAX, doors.hashing.acquire()).await;
    let _turn = turn.ok().and_then(Result::ok).ok_or_else(Problem::unavailable)?;
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, code = "internal", "a password hash did not finish");
        Problem::internal()
    })
}

/// Too few different characters, the user's own name, or a stem from the list with digits around it.
fn is_common(password: &str, username: &str) -> bool {
    let lower = password.to_lowercase();
    let letters: String = lower.chars().filter(|character| character.is_alphabetic()).collect();
    let different = lower.chars().collect::<std::collections::BTreeSet<_>>().len();
    let own_name = username.len() >= 3 && letters.replace(&username.to_lowercase(), "").len() < 4;
    different < DIFFERENT_MIN || is_a_run(&lower) || own_name || COMMON.lines().any(|stem| stem == letters)
}

/// `123456789012`, `abcdefghijkl` and the same backwards.
fn is_a_run(text: &str) -> bool {
    let steps: Vec<i64> = text
        .chars()
        .zip(text.chars().skip(1))
        .map(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a)))
        .collect();
    let regular = |step: i64| steps.iter().filter(|found| **found == step).count() * 10 >= steps.len() * 8;
    regular(1) || regular(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str) -> Option<&'static str> {
        Password::choose(password, "marta").err().map(|(code, _)| code)
    }

    /// USR-1: at least 12 characters, none of those that everybody tries.
    #[test]
    fn short_and_common_passwords_are_refused() {
        assert_eq!(refused("corta"), Some("text_too_short"));
        assert_eq!(refused(&"x1y2".repeat(40)), Some("text_too_long"));
        for password in [
            "password1234",
            "Contraseña2026",
            "123456789012",
            "aaaaaaaaaaaa",
            "qwertyuiop12",
            "marta1234567",
            "martamarta12",
            "gondola-2026!",
            "abcabcabcabc",
            "987654321098",
        ] {
            assert_eq!(refused(password), Some("too_common"), "{password}");
        }
        assert_eq!(refused("tres palabras sueltas"), None);
        assert_eq!(refused("yerba con cascarita"), None);
    }

    /// USR-1: twelve characters, however many bytes they take.
    #[test]
    fn eleven_characters_are_too_few_and_twelve_are_enough() {
        for (eleven, twelve) in [("sol y arena", "sol y arenal"), ("ñandú y sol", "ñandú y sola")] {
            assert_eq!((eleven.chars().count(), twelve.chars().count()), (11, 12));
            assert_eq!((refused(eleven), refused(twelve)), (Some("text_too_short"), None), "{eleven}, {twelve}");
        }
    }

    #[test]
    fn a_drawn_password_is_acceptable_and_never_the_same() {
        let first = Password::draw();
        assert_eq!(refused(first.reveal()), None);
        assert_ne!(first.reveal(), Password::draw().reveal());
        assert_eq!(format!("{first:?}"), "Password(***)");
    }

    /// USR-1: Argon2id, 19 MiB, two passes, one lane; accents match however they were typed.
    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let doors = Doors::default();
        let hash = Password::claim("camión de yerba").hash(&doors).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(!needs_rehash(&hash));
        let decomposed = Password::claim("camio\u{301}n de yerba");
        assert!(decomposed.matches(Some(hash.clone()), &doors).await.unwrap());
        assert!(!Password::claim("camion de yerba").matches(Some(hash), &doors).await.unwrap());
        assert!(!Password::claim("camion de yerba").matches(None, &doors).await.unwrap());
    }

    #[test]
    fn a_hash_with_other_parameters_is_made_anew_and_nobodys_hash_is_a_hash() {
        assert!(needs_rehash(
            "$argon2id$v=19$m=4096,t=3,p=1$Z29uZG9sYS1uYWRpZS0x$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ));
        assert!(needs_rehash(
            "$argon2i$v=19$m=19456,t=2,p=1$Z29uZG9sYS1uYWRpZS0x$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ));
        assert!(needs_rehash("nonsense"));
        for (stored, weak) in [
            (NOBODY.to_owned(), false),
            (NOBODY.replace("t=2", "t=3"), false),
            (NOBODY.replace("t=2", "t=1"), true),
            (NOBODY.replace("m=19456", "m=65536"), false),
            (NOBODY.replace("m=19456", "m=19455"), true),
            (NOBODY.replace("argon2id", "argon2i"), true),
            ("nonsense".to_owned(), true),
        ] {
            assert_eq!(is_weak(&stored), weak, "{stored}");
        }
        assert!(!needs_rehash(NOBODY), "the stand-in costs what a real hash costs");
    }
}
