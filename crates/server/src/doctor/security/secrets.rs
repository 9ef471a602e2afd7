//! Are the secrets where only their owner may read them? Their files, and where the settings take them from. Samples
//! that everybody knows are refused by the settings themselves, before any check.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use gondola_shop::kernel::{Profile, Text};

use super::Faults;
use crate::config::{Loaded, Settings, Source, find};
use crate::doctor::{Diagnosis, State, machine};
use crate::tls::shelf::AUTHORITY;

/// What group and others may do with a file.
const NOT_THE_OWNER: u32 = 0o077;

/// Looks at all of them.
pub(super) fn examine(loaded: &Loaded, data_dir: &Path) -> Diagnosis {
    let (settings, mut faults) = (&loaded.settings, Faults::default());
    let key = machine::key(settings, data_dir);
    if key.state == State::Critical {
        let Text { es, en } = key.detail;
        faults.add(State::Critical, es, en);
    }
    for file in private_keys(data_dir) {
        if is_open(&file) {
            let path = file.display();
            faults.add(
                State::Critical,
                format!("otros usuarios pueden leer {path}"),
                format!("other users can read {path}"),
            );
        }
    }
    let authority = data_dir.join(AUTHORITY).join("ca.key");
    if settings.profile == Profile::Production && authority.exists() {
        let path = authority.display();
        faults.add(
            State::Critical,
            format!("{path} está al alcance de las caras: llevala a otro lado y usá --ca-dir"),
            format!("{path} is within reach of the faces: move it elsewhere and use --ca-dir"),
        );
    }
    encryption_key(loaded, &mut faults);
    for (key, password) in passwords(settings) {
        if !password.is_empty() {
            password_from(loaded, key, &mut faults);
        }
    }
    let well = ("solo los lee su dueño", "only their owner may read them");
    faults.into_diagnosis("secrets", well, [
        "chmod 600 a los archivos; la clave en encryption.key_file; las contraseñas en un gondola.toml 0600 o en el entorno del servicio.",
        "chmod 600 on the files; the key in encryption.key_file; passwords in a gondola.toml of mode 0600 or in the environment of the service.",
    ])
}

/// The private keys of certificates that lie in the data directory.
fn private_keys(data_dir: &Path) -> Vec<PathBuf> {
    let folders = [crate::tls::folder(data_dir), data_dir.join(AUTHORITY)];
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let is_key =
        |path: &PathBuf| path.to_string_lossy().ends_with(".key") || path.to_string_lossy().ends_with(".key.before");
    let mut keys: Vec<PathBuf> = files.map(|entry| entry.path()).filter(is_key).collect();
    keys.sort();
    keys
}

fn is_open(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & NOT_THE_OWNER != 0)
}

fn source(loaded: &Loaded, key: &str) -> Source {
    loaded.explain(find(key).expect("the settings have that name")).source
}

/// The key opens everything: in production it comes from a file of its own. The environment is seen by whoever sees the
/// process, and passed on to what it starts; a command line is seen by everybody.
fn encryption_key(loaded: &Loaded, faults: &mut Faults) {
    if loaded.settings.encryption_key.is_none() {
        return;
    }
    let (es, en) = match source(loaded, "encryption.key") {
        Source::File(path) => (
            format!("la clave de cifrado está en {}", path.display()),
            format!("the encryption key is in {}", path.display()),
        ),
        Source::Flag => (
            "la clave de cifrado va en la línea de comandos".into(),
            "the encryption key is on the command line".into(),
        ),
        Source::Environment(name) if loaded.settings.profile == Profile::Production => (
            format!("la clave de cifrado está en el entorno ({name})"),
            format!("the encryption key is in the environment ({name})"),
        ),
        Source::Environment(_) | Source::Default => return,
    };
    faults.add(State::Critical, es, en);
}

/// Settings whose value has a password in it, which no file of its own can hold.
fn passwords(settings: &Settings) -> [(&'static str, &str); 2] {
    [
        ("database.url", settings.database_url.as_ref().map_or("", |url| url.password())),
        ("redis.url", settings.redis_url.as_ref().map_or("", |url| url.password())),
    ]
}

fn password_from(loaded: &Loaded, key: &str, faults: &mut Faults) {
    let (es, en) = match source(loaded, key) {
        Source::Flag => (
            format!("la contraseña de {key} va en la línea de comandos"),
            format!("the password of {key} is on the command line"),
        ),
        Source::File(path) if is_open(&path) => {
            let path = path.display();
            (
                format!("otros usuarios pueden leer la contraseña de {key} en {path}"),
                format!("other users can read the password of {key} in {path}"),
            )
        }
        Source::File(_) | Source::Environment(_) | Source::Default => return,
    };
    faults.add(State::Critical, es, en);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Origins, load};

    const KEY_VARIABLE: &str = "DATABASE_ENCRYPTION_KEY";

    /// A folder with a key, and how the secrets stand with these flags, variables and this settings file of that mode.
    fn examined(flags: &[&str], variables: &[(&str, &str)], file: &str, mode: u32) -> Diagnosis {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("gondola.toml");
        fs::write(&settings, file).unwrap();
        fs::set_permissions(&settings, fs::Permissions::from_mode(mode)).unwrap();
        fs::create_dir(folder.path().join("keys")).unwrap();
        let key = folder.path().join("keys/master.key");
        fs::write(&key, key_text()).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let origins = Origins {
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            environment: Environment::new(variables),
            file: Some(settings),
            usual_files: Vec::new(),
        };
        examine(&load(&origins).unwrap(), folder.path())
    }

    /// Put together at run time: it opens nothing, and must not look as if it did.
    fn key_text() -> String {
        gondola_vault::hex(&gondola_vault::sha256(b"a key of this test"))
    }

    #[test]
    fn a_key_is_in_a_file_of_its_own_or_else_it_is_told_where_it_is() {
        let key = key_text();
        let production = ["profile=production", "tls.enabled=true"];
        let flag = format!("encryption.key={key}");
        let file = format!("[encryption]\nkey = \"{key}\"\n");
        assert_eq!(examined(&[], &[], "", 0o644).state, State::Ok);
        assert_eq!(examined(&[], &[(KEY_VARIABLE, &key)], "", 0o600).state, State::Ok, "development");
        for (found, place) in [
            (examined(&production, &[(KEY_VARIABLE, &key)], "", 0o600), KEY_VARIABLE),
            (examined(&[&flag], &[], "", 0o600), "command line"),
            (examined(&[], &[], &file, 0o600), "gondola.toml"),
        ] {
            assert_eq!(found.state, State::Critical);
            assert!(found.detail.en.contains(place) && !found.detail.en.contains(&key), "{}", found.detail.en);
        }
    }

    #[test]
    fn a_password_of_a_server_is_in_the_environment_or_in_a_file_that_nobody_else_reads() {
        let url = format!("redis://:{}@127.0.0.1", ["kx93", "hs7q"].concat());
        let file = format!("[redis]\nurl = \"{url}\"\n");
        assert_eq!(examined(&[], &[("REDIS_URL", &url)], "", 0o644).state, State::Ok);
        assert_eq!(examined(&[], &[], &file, 0o600).state, State::Ok);
        assert_eq!(examined(&[], &[], &file, 0o640).state, State::Critical);
        assert_eq!(examined(&[&format!("redis.url={url}")], &[], "", 0o600).state, State::Critical);
        assert_eq!(examined(&["redis.url=redis://127.0.0.1"], &[], "", 0o600).state, State::Ok, "it has none");
    }
}
