//! Secrets that open a door without a password: API keys, session ids, the set-up token. Each has 256
//! random bits and is stored as a keyed digest only (KEY-2), so that a copy of the database opens
//! nothing. An API key ends in check characters: a mistyped or cut one is refused without a look at
//! the database.

use gondola_vault::{Digest, Vault};

/// What an API key begins with.
pub const KEY_PREFIX: &str = "gnd_";
/// Characters of random text in every secret.
const BODY_LEN: usize = 43;
/// Check characters at the end of an API key.
const CHECK_LEN: usize = 6;

/// A secret in the clear, shown once to whom it belongs. Shows nothing when printed by accident.
#[derive(Clone)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Secret {
    /// Draws the secret of an API key: `gnd_`, 43 characters, 6 check characters.
    pub fn draw_key() -> Self {
        let body = gondola_vault::token(KEY_PREFIX);
        let check = check_of(&body);
        Self(body + &check)
    }

    /// Draws a session id or set-up token.
    pub fn draw() -> Self {
        Self(gondola_vault::token(""))
    }

    /// A secret that somebody presented as an API key, if it can be one.
    pub fn presented_key(text: &str) -> Option<Self> {
        let body = text.get(..text.len().checked_sub(CHECK_LEN)?)?;
        let whole = body.len() == KEY_PREFIX.len() + BODY_LEN && body.starts_with(KEY_PREFIX);
        (whole && gondola_vault::same(check_of(body).as_bytes(), &text.as_bytes()[body.len()..]))
            .then(|| Self(text.to_owned()))
    }

    /// A secret that somebody presented as a session id or set-up token, if it can be one.
    pub fn presented(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == BODY_LEN && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// The text, for the one time it is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored in its place.
    pub fn digest(&self, vault: &Vault, kind: Kind) -> Digest {
        vault.digest(kind.purpose(), self.0.as_bytes())
    }
}

/// What a secret opens; one secret's digest never equals another kind's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The API.
    Key,
    /// The pages, for one sign-in.
    Session,
    /// The first user.
    SetUp,
}

impl Kind {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Key => "api key",
            Self::Session => "session",
            Self::SetUp => "set-up token",
        }
    }
}

fn check_of(body: &str) -> String {
    gondola_vault::hex(&gondola_vault::sha256(body.as_bytes())[..CHECK_LEN / 2])
}

#[cfg(test)]
mod tests {
    use gondola_vault::MasterKey;

    use super::*;

    /// KEY-2: prefix, 256 bits, check characters.
    #[test]
    fn a_key_survives_copying_and_a_mistyped_one_is_noticed() {
        let secret = Secret::draw_key();
        let text = secret.reveal();
        assert_eq!(text.len(), 53);
        assert!(Secret::presented_key(text).is_some());
        for at in 0..text.len() {
            let mut bent = text.as_bytes().to_vec();
            bent[at] = if bent[at] == b'x' { b'y' } else { b'x' };
            assert!(Secret::presented_key(std::str::from_utf8(&bent).unwrap()).is_none(), "character {at}");
        }
        for wrong in ["", "gnd_", "ñ", &text[1..], &format!("{text}0"), "gnd_ñandúñandúñandúñandúñandúñandúñandúñandú"]
        {
            assert!(Secret::presented_key(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_session_id_is_no_set_up_token() {
        let vault = Vault::of(&MasterKey::from_bytes([1; 32]));
        let secret = Secret::draw();
        assert!(Secret::presented(secret.reveal()).is_some());
        assert!(Secret::presented("short").is_none());
        assert_ne!(secret.digest(&vault, Kind::Session), secret.digest(&vault, Kind::SetUp));
        assert_eq!(format!("{secret:?}"), "Secret(***)");
    }
}
