//! Secrets in files of their own (SCR-3): the file that a variable ending in `_FILE` names, and the credentials that systemd
//! hands over in a folder of the process (`LoadCredential=database.url:…`), named like their settings.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gondola_shop::kernel::{Profile, Text};

use super::SCHEMA;
use super::fault::Fault;
use super::schema::Setting;
use super::sources::{Source, Values};

/// Names the folder of the process's credentials.
pub const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// What the name of a variable ends with that names a file.
const SUFFIX: &str = "_FILE";
/// Bytes of a secret, more than any has.
const LENGTH_MAX: u64 = 4096;

/// The variable that names a file with the value of a secret; none where that is a setting of its own.
pub fn variable(setting: &Setting) -> Option<String> {
    let name = format!("{}{SUFFIX}", setting.env.filter(|_| setting.secret)?);
    let own = SCHEMA.iter().any(|other| other.env == Some(name.as_str()));
    (!own).then_some(name)
}

/// The one line that a file holds, which its owner alone may read.
///
/// # Errors
/// What would be accepted.
pub fn read(file: &Path) -> Result<String, Text> {
    let unreadable = |error: std::io::Error| {
        Text::new(format!("ese archivo no se puede leer ({error})"), format!("that file cannot be read ({error})"))
    };
    let about = fs::metadata(file).map_err(unreadable)?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(Text::new(
            "otros usuarios pueden leer ese archivo: chmod 600",
            "other users can read that file: chmod 600",
        ));
    }
    let one_line = || Text::new("ese archivo tiene que tener una sola línea", "that file must hold a single line");
    if about.len() > LENGTH_MAX {
        return Err(one_line());
    }
    let text = fs::read_to_string(file).map_err(unreadable)?;
    let line = text.trim();
    if line.is_empty() || line.contains(['\n', '\r']) { Err(one_line()) } else { Ok(line.to_owned()) }
}

/// In production nobody else may read a settings file that holds a secret (SEC-1).
pub fn check(profile: Profile, values: &Values, faults: &mut Vec<Fault>) {
    if profile != Profile::Production {
        return;
    }
    for setting in SCHEMA.iter().filter(|setting| setting.secret) {
        let Source::File(file) = values.source(setting.key) else { continue };
        let open = fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
        if open {
            let text = Text::new(
                "otros usuarios pueden leer el archivo que la tiene: chmod 600",
                "other users can read the file that holds it: chmod 600",
            );
            faults.push(Fault::new(setting.key, file.display(), text));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::*;
    use super::*;

    const KEY: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const SHOP: &str = "postgres://u:kx93hs7@127.0.0.1/shop";

    fn secret(folder: &Path, name: &str, text: &str) -> String {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file.display().to_string()
    }

    fn origins(pairs: &[(&str, &str)], flags: &[&str]) -> Origins {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Origins { environment: Environment::new(pairs), flags, ..Origins::default() }
    }

    /// SCR-3: every secret there is comes out of a file, of systemd's folder or of its variable; the nearer one wins.
    #[test]
    fn a_secret_comes_from_a_file_a_credential_or_its_variable() {
        let folder = tempfile::tempdir().unwrap();
        let own = secret(folder.path(), "own", &format!("{SHOP}\n"));
        secret(folder.path(), "database.url", "postgres://u:zz81kq4@127.0.0.1/other");
        secret(folder.path(), "redis.url", "redis://:mm72hd9@127.0.0.1");
        secret(folder.path(), "encryption.key", KEY);
        let handed = folder.path().display().to_string();
        let taken = |pairs: &[(&str, &str)]| load(&origins(pairs, &[])).unwrap();
        let all = taken(&[("CREDENTIALS_DIRECTORY", &handed)]);
        assert_eq!(all.settings.database_url.as_ref().unwrap().password(), "zz81kq4");
        assert_eq!(all.settings.redis_url.as_ref().unwrap().password(), "mm72hd9");
        assert!(all.settings.encryption_key.is_some());
        let missing: Vec<&str> =
            SCHEMA.iter().filter(|of| of.secret && all.explain(of).value != "***").map(|of| of.key).collect();
        assert!(missing.is_empty(), "no credential of this test: {missing:?}");
        let pairs = [("CREDENTIALS_DIRECTORY", handed.as_str()), ("DATABASE_URL_FILE", own.as_str())];
        let nearer = taken(&pairs);
        assert_eq!(nearer.settings.database_url.as_ref().unwrap().0, SHOP);
        let told = nearer.explain(find("database.url").unwrap());
        assert_eq!((told.value.as_str(), told.source), ("***", Source::File(PathBuf::from(&own))));
        let flag = load(&origins(&pairs, &["database.url=sqlite:x.db"])).unwrap();
        assert_eq!(flag.settings.database_url.unwrap().0, "sqlite:x.db");
    }

    /// SCR-3, SEC-1: a file that others may read, that is missing, or that holds no secret is refused by its name.
    #[test]
    fn a_bad_file_is_refused_and_its_content_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let told = |file: &str| {
            let faults = load(&origins(&[("REDIS_URL_FILE", file)], &[])).unwrap_err();
            faults.iter().map(|fault| fault.line(gondola_shop::kernel::Lang::En)).collect::<Vec<_>>().join("\n")
        };
        let open = secret(folder.path(), "open", "redis://:mm72hd9@127.0.0.1");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(told(&open).contains("chmod 600"));
        assert!(told("/nowhere/at/all").contains("cannot be read"));
        for bad in ["", "one\ntwo", "http://:mm72hd9@h", &"x".repeat(5000), "redis://:changeme@h"] {
            let told = told(&secret(folder.path(), "bad", bad));
            assert!(told.contains("redis.url") && !told.contains("mm72hd9"), "{told}");
        }
        let both = [("REDIS_URL", "redis://h"), ("REDIS_URL_FILE", open.as_str())];
        assert!(load(&origins(&both, &[])).unwrap_err()[0].line(gondola_shop::kernel::Lang::En).contains("keep one"));
    }

    /// SEC-1: in production a settings file with a secret is its owner's alone.
    #[test]
    fn a_settings_file_with_a_secret_is_closed_to_others_in_production() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gondola.toml");
        fs::write(&file, format!("[encryption]\nkey = \"{KEY}\"\n")).unwrap();
        let load = |mode: u32, profile: &str| {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let flags = vec![format!("profile={profile}"), "tls.enabled=true".to_owned()];
            load(&Origins { flags, file: Some(file.clone()), ..Origins::default() })
        };
        let told = load(0o644, "production").unwrap_err()[0].line(gondola_shop::kernel::Lang::En);
        assert!(told.contains("encryption.key") && told.contains("chmod 600") && !told.contains(KEY), "{told}");
        assert!(load(0o600, "production").is_ok() && load(0o644, "development").is_ok());
    }

    /// SCR-3: what is printed to begin with has the names of secrets and not one value.
    #[test]
    fn a_template_names_secrets_and_holds_none() {
        use gondola_shop::kernel::Lang;
        for template in [example(Lang::En), example_environment(Lang::Es)] {
            for of in SCHEMA.iter().filter(|of| of.secret) {
                let name = of.key.rsplit('.').next().unwrap();
                let line = |line: &&str| {
                    line.starts_with(&format!("#{name} =")) || line.starts_with(&format!("#{}=", of.env.unwrap()))
                };
                let line = template.lines().find(line).unwrap();
                assert!(line.ends_with("= \"\"") || line.ends_with('='), "{line}");
            }
        }
    }
}
