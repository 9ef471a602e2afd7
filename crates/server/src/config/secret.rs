//! Settings that must never be shown. They print as `***`, and values that everybody knows (samples,
//! placeholders, keys of one repeated digit) are refused, whatever the profile (SEC-3).

use std::fmt;

use gondola_shop::kernel::Text;
use gondola_store::Redis;
use gondola_vault::{KeyFileError, MasterKey};

use super::schema::Kind;
use super::value::Value;

/// What people leave in a template and forget.
const PLACEHOLDERS: [&str; 32] = [
    "changeme",
    "changeit",
    "changethis",
    "replaceme",
    "replacethis",
    "placeholder",
    "password",
    "passw0rd",
    "contraseña",
    "contrasena",
    "clave",
    "secret",
    "secreto",
    "supersecret",
    "mysecret",
    "yoursecret",
    "topsecret",
    "secretkey",
    "yourpassword",
    "yourkey",
    "yourkeyhere",
    "default",
    "example",
    "ejemplo",
    "sample",
    "test",
    "testing",
    "todo",
    "fixme",
    "admin",
    "root",
    "gondola",
];

/// Whether `text` is one of the values that everybody knows.
fn is_placeholder(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let letters = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let one_character = plain.chars().all(|c| plain.starts_with(c));
    one_character || PLACEHOLDERS.contains(&plain.as_str()) || PLACEHOLDERS.contains(&letters)
}

fn known_to_everybody() -> Text {
    Text::new(
        "es un valor de muestra que cualquiera conoce; generá uno propio: openssl rand -hex 32",
        "is a sample that everybody knows; make one of your own: openssl rand -hex 32",
    )
}

/// The key from which the others derive.
#[derive(Clone)]
pub struct EncryptionKey(pub MasterKey);

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Value for EncryptionKey {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str) -> Result<Self, Text> {
        if is_placeholder(text) {
            return Err(known_to_everybody());
        }
        MasterKey::from_hex(text).map(Self).map_err(|error| match error {
            KeyFileError::Guessable => known_to_everybody(),
            _ => Text::new(
                "tiene que tener 64 dígitos hexadecimales; generala con: openssl rand -hex 32",
                "must have 64 hex digits; make one with: openssl rand -hex 32",
            ),
        })
    }
}

/// Where the database is, with its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl DatabaseUrl {
    /// Whether it names a server, which others on the network could listen to.
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres")
    }

    /// The password in it, empty if there is none.
    pub fn password(&self) -> &str {
        password_in(&self.0)
    }

    /// Whether it insists on TLS and on the server being the one it names.
    pub fn verifies_the_server(&self) -> bool {
        let options = self.0.split_once('?').map_or("", |(_, options)| options);
        let mut modes = options.split('&').filter_map(|option| option.split_once('='));
        // The driver heeds the last one.
        let last = modes.rfind(|(name, _)| matches!(*name, "sslmode" | "ssl-mode"));
        last.is_some_and(|(_, mode)| mode == "verify-full")
    }
}

impl Value for DatabaseUrl {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str) -> Result<Self, Text> {
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        if !known {
            return Err(Text::new(
                "tiene que empezar con sqlite: o postgres://",
                "must begin with sqlite: or postgres://",
            ));
        }
        refuse_sample_password(text)?;
        Ok(Self(text.to_owned()))
    }
}

/// Where Redis is, with its password.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(pub String);

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl RedisUrl {
    /// The password in it, empty if there is none.
    pub fn password(&self) -> &str {
        password_in(&self.0)
    }

    /// Whether it insists on TLS, and so on the server being the one it names.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("rediss://")
    }
}

impl Value for RedisUrl {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str) -> Result<Self, Text> {
        let known = ["redis://", "rediss://"].iter().any(|scheme| text.starts_with(scheme));
        // The driver would take a fragment for leave not to look at the certificate.
        if !known || text.contains('#') || !Redis::understands(text) {
            return Err(Text::new(
                "tiene que ser redis://… o rediss://…, por ejemplo rediss://:CONTRASEÑA@redis.example:6379/0",
                "must be redis://… or rediss://…, for example rediss://:PASSWORD@redis.example:6379/0",
            ));
        }
        refuse_sample_password(text)?;
        Ok(Self(text.to_owned()))
    }
}

fn password_in(url: &str) -> &str {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest).split(['/', '?']).next().unwrap_or("");
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    user.split_once(':').map_or("", |(_, password)| password)
}

fn refuse_sample_password(url: &str) -> Result<(), Text> {
    let password = password_in(url);
    if !password.is_empty() && is_placeholder(password) {
        return Err(Text::new(
            "la contraseña es un valor de muestra que cualquiera conoce; elegí otra",
            "the password is a sample that everybody knows; choose another",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_url_tells_its_password_and_whether_it_insists_on_tls() {
        let url = |text: &str| DatabaseUrl(text.to_owned());
        assert_eq!(url("postgres://u:p%40ss@h:5432/d?sslmode=verify-full").password(), "p%40ss");
        assert_eq!(url("postgres://h/d").password(), "");
        assert_eq!(url("sqlite:/a:b@c").password(), "");
        assert!(url("postgres://u:p@h/d?x=1&sslmode=verify-full").verifies_the_server());
        for weak in
            ["?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca", "", "?sslmode=verify-full&sslmode=disable"]
        {
            assert!(!url(&format!("postgres://u:p@h/d{weak}")).verifies_the_server(), "{weak}");
        }
        assert_eq!(format!("{:?}", url("postgres://u:hidden@h/d")), "***");
    }

    #[test]
    fn a_redis_is_named_by_a_url_without_tricks() {
        for good in ["redis://127.0.0.1", "redis://h:6380/2", "rediss://u:kx93hs7@h", "rediss://:kx93hs7@[::1]:1/0"] {
            assert!(RedisUrl::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["h:6379", "http://h", "unix:///run/redis", "redis://h/x", "rediss://:kx93hs7@h/#insecure", "redis://"]
        {
            assert!(RedisUrl::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(format!("{:?}", RedisUrl::parse("redis://:kx93hs7@h").unwrap()), "***");
    }

    /// Every document of the repository.
    fn documents(folder: &Path) -> Vec<String> {
        let mut texts = Vec::new();
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                texts.extend(documents(&path));
            } else if path.extension().is_some_and(|extension| extension == "md" || extension == "toml") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
        texts
    }

    /// SEC-3: nobody starts a shop with what a document shows.
    #[test]
    fn no_secret_that_a_document_shows_is_taken() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut shown = 0;
        for text in [documents(&root.join("docs")), documents(&root.join("ops"))].concat() {
            for word in text.split(|c: char| c.is_whitespace() || "\"'`()<>|,;".contains(c)) {
                let word = word.split_once('=').filter(|(_, url)| url.contains("://")).map_or(word, |(_, url)| url);
                let is_url = word.starts_with("postgres") || word.starts_with("redis");
                if is_url && !password_in(word).is_empty() {
                    shown += 1;
                    assert!(DatabaseUrl::parse(word).is_err() && RedisUrl::parse(word).is_err(), "{word}");
                }
                if word.len() == 64 {
                    assert!(EncryptionKey::parse(word).is_err(), "{word}");
                }
            }
        }
        assert!(shown > 0, "documents show addresses with a password");
    }

    /// SEC-3.
    #[test]
    fn samples_that_everybody_knows_are_refused() {
        for sample in PLACEHOLDERS {
            assert!(EncryptionKey::parse(sample).is_err(), "{sample}");
            assert!(DatabaseUrl::parse(&format!("postgres://u:{sample}@h/d")).is_err(), "{sample}");
            assert!(RedisUrl::parse(&format!("rediss://:{sample}@h")).is_err(), "{sample}");
        }
        for sample in ["change-me", "Change_Me!", "password123", "xxxxxxxx", "0000", "your-key-here"] {
            assert!(is_placeholder(sample), "{sample}");
        }
        for weak in ["0".repeat(64), "f".repeat(64), "deadbeef".repeat(8), "0123456789abcdef".repeat(4)] {
            assert!(EncryptionKey::parse(&weak).is_err(), "{weak}");
        }
        assert!(EncryptionKey::parse("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08").is_ok());
        assert!(DatabaseUrl::parse("postgres://u:kx93hs7@h/d").is_ok());
    }
}
