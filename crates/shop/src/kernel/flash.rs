//! A message for the next page: "saved", said after the redirect that follows a form. It travels in
//! a cookie of one minute, signed, so that nobody else puts words in the product's mouth; the cookie
//! names a text of the catalogue and one value, never free text, and perhaps the way to undo what it
//! tells. It opens nothing.

use axum::http::{HeaderMap, HeaderValue};
use gondola_vault::Vault;
use serde::{Deserialize, Serialize};

use super::cookie;

/// The cookie's name.
const COOKIE: &str = "gondola_message";
/// How long a message waits for its page, in seconds.
const MAX_AGE_S: u32 = 60;
/// Characters of the value that are kept.
const VALUE_MAX: usize = 120;

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// It worked.
    Good,
    /// It did not, or not wholly.
    Warn,
}

impl Tone {
    /// The name that templates know.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
        }
    }
}

/// A message for the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// How it is meant.
    pub tone: Tone,
    /// A key of the catalogue of words.
    pub key: String,
    /// What replaces `{}` in it.
    pub value: String,
    /// Where to post to undo what it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

impl Flash {
    /// A message that something worked.
    pub fn says(key: &str, value: &str) -> Self {
        Self { tone: Tone::Good, key: key.to_owned(), value: value.chars().take(VALUE_MAX).collect(), undo: None }
    }

    /// A message that something needs attention.
    pub fn warns(key: &str, value: &str) -> Self {
        Self { tone: Tone::Warn, ..Self::says(key, value) }
    }

    /// The same message with a button beside it that posts to `path` and undoes what it tells.
    pub fn undone_at(self, path: impl Into<String>) -> Self {
        Self { undo: Some(path.into()), ..self }
    }

    /// The `Set-Cookie` that carries it.
    pub fn cookie(&self, vault: &Vault, https: bool) -> HeaderValue {
        let body = gondola_vault::hex(&serde_json::to_vec(self).expect("a message is plain text"));
        let signature = sign(vault, &body);
        cookie::write(COOKIE, &format!("{body}.{signature}"), Some(MAX_AGE_S), https)
    }

    /// The message that the request brought, if it is ours.
    pub fn of(headers: &HeaderMap, vault: &Vault, https: bool) -> Option<Self> {
        let (body, signature) = cookie::read(headers, COOKIE, https)?.split_once('.')?;
        if !gondola_vault::same(sign(vault, body).as_bytes(), signature.as_bytes()) {
            return None;
        }
        serde_json::from_slice(&gondola_vault::unhex(body)?).ok()
    }

    /// The `Set-Cookie` after the message was shown.
    pub fn spent(https: bool) -> HeaderValue {
        cookie::remove(COOKIE, https)
    }
}

fn sign(vault: &Vault, body: &str) -> String {
    gondola_vault::hex(&vault.digest("flash message", body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE as HEADER;
    use gondola_vault::MasterKey;

    use super::*;

    #[test]
    fn a_message_arrives_as_it_was_sent_and_a_forged_one_does_not() {
        let vault = Vault::of(&MasterKey::from_bytes([7; 32]));
        let sent = Flash::says("people.added", "José; «x»").undone_at("/stock/movements/1/reverse");
        let line = sent.cookie(&vault, false).to_str().unwrap().split(';').next().unwrap().to_owned();
        let read = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, line.parse().unwrap());
            Flash::of(&headers, &vault, false)
        };
        assert_eq!(read(&line), Some(sent));
        assert_eq!(read(&line.replace("=7b", "=7c")), None);
        assert_eq!(read("gondola_message=zz.00"), None);
    }
}
