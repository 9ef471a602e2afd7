//! Settings from every source, and every mistake at once (CFG-1 … CFG-3).

use std::path::Path;

use gondola_shop::kernel::Lang;

use super::*;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn file(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("gondola.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn lines(origins: &Origins) -> Vec<String> {
    load(origins).unwrap_err().iter().map(|fault| fault.line(Lang::En)).collect()
}

#[test]
fn the_defaults_are_valid_and_serve_three_faces() {
    let settings = load(&Origins::default()).unwrap().settings;
    assert_eq!(settings.dashboard_listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.database_connections_max.get(), 20);
    assert_eq!((settings.http_handler_timeout_s.get(), settings.http_export_timeout_s.get()), (30, 60), "INP-1");
    assert_eq!(settings.shop_time_zone.0.iana_name(), Some("America/Argentina/Buenos_Aires"), "CFG-5");
}

/// CFG-2.
#[test]
fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let mut origins = Origins::default();
    let setting = find("database.connections_max").unwrap();
    let now = |origins: &Origins, value: &str, source: Source| {
        assert_eq!(explain(origins, setting), Explained { value: value.to_owned(), source });
    };
    now(&origins, "20", Source::Default);
    let path = file(folder.path(), "[database]\nconnections_max = 21\n");
    origins.usual_files = vec![folder.path().join("missing.toml"), path.clone()];
    now(&origins, "21", Source::File(path));
    origins.environment = environment(&[("GONDOLA__DATABASE__CONNECTIONS_MAX", "22")]);
    now(&origins, "22", Source::Environment("GONDOLA__DATABASE__CONNECTIONS_MAX".to_owned()));
    origins.flags = vec!["database.connections_max=23".to_owned()];
    now(&origins, "23", Source::Flag);
}

/// CFG-2: conventional names are honoured; ours, being more precise, win over them.
#[test]
fn conventional_variables_are_honoured_and_secrets_masked() {
    let mut variables = vec![("DATABASE_URL", "postgres://u:kx93hs7@127.0.0.1/shop")];
    let origins = |variables: &[(&str, &str)]| Origins { environment: environment(variables), ..Origins::default() };
    let url = find("database.url").unwrap();
    let explained = explain(&origins(&variables), url);
    assert_eq!(explained.value, "***");
    assert_eq!(explained.source.to_string(), "DATABASE_URL");
    variables.push(("GONDOLA__DATABASE__URL", "sqlite:shop.db"));
    let loaded = load(&origins(&variables)).unwrap();
    assert_eq!(loaded.settings.database_url.as_ref().unwrap().0, "sqlite:shop.db");
    assert!(!format!("{loaded:?}").contains("sqlite:shop.db"), "no value shows in Debug: {loaded:?}");
}

#[test]
fn a_shop_has_a_name_of_one_line_or_none() {
    let named = |name: &str| {
        let origins = Origins { flags: vec![format!("shop.name={name}")], ..Origins::default() };
        load(&origins).map(|loaded| loaded.settings.shop_name.map(|name| name.0))
    };
    assert_eq!((named("").unwrap(), named(" ").unwrap()), (None, None));
    assert_eq!(named(" Almacén Ñandú ").unwrap().as_deref(), Some("Almacén Ñandú"));
    assert_eq!(named(&"ñ".repeat(60)).unwrap().map(|name| name.chars().count()), Some(60));
    for wrong in [&*"ñ".repeat(61), "Dos\nrenglones"] {
        assert!(named(wrong).is_err(), "{wrong:?}");
    }
}

/// CFG-3.
#[test]
fn every_mistake_is_told_at_once_with_a_suggestion() {
    let folder = tempfile::tempdir().unwrap();
    let text = "profil = \"development\"\n[database]\nconections_max = 5\ngroup_wait_ms = \"2\"\n[shop]\ntime_zone = \"Atlantis\"\n";
    let origins = Origins {
        file: Some(file(folder.path(), text)),
        environment: environment(&[("GONDOLA__LOG__LEVEL", "loud"), ("GONDOLA__LOG__COLOUR", "red")]),
        flags: vec!["database.connections_max=0".to_owned()],
        ..Origins::default()
    };
    let told = lines(&origins);
    let has = |start: &str, end: &str| {
        assert!(told.iter().any(|line| line.starts_with(start) && line.ends_with(end)), "{start}…{end} in {told:#?}");
    };
    has("profil (", "did you mean profile?");
    has("database.conections_max (", "did you mean database.connections_max?");
    has("database.group_wait_ms (", "is a number, without quotes");
    has("shop.time_zone (", "for example America/Argentina/Buenos_Aires");
    has("log.level (GONDOLA__LOG__LEVEL)", "must be one of: error, warn, info, debug");
    has("log.colour (GONDOLA__LOG__COLOUR)", "shows what there is");
    has("database.connections_max (--set)", "must be a whole number from 1 to 500");
    assert_eq!(told.len(), 7, "{told:#?}");
}

#[test]
fn a_malformed_file_names_the_line_and_shows_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "[encryption]\nkey = 9f86d081884c7d65 oops\n");
    let told = lines(&Origins { file: Some(path), ..Origins::default() });
    assert_eq!(told.len(), 1);
    assert!(told[0].ends_with("malformed TOML in line 2") && !told[0].contains("9f86"), "{told:?}");
    let missing = lines(&Origins { file: Some(folder.path().join("nowhere.toml")), ..Origins::default() });
    assert!(missing[0].contains("cannot be read"), "{missing:?}");
}

/// SEC-2.
#[test]
fn the_development_profile_serves_loopback_only() {
    for face in ["dashboard", "deposito", "negocio"] {
        let with = |address: &str| Origins { flags: vec![format!("{face}.listen={address}")], ..Origins::default() };
        for address in ["0.0.0.0:8080", "192.168.0.10:8080", "[::]:8080"] {
            let told = lines(&with(address));
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with(&format!("{face}.listen")) && told[0].contains("127.0.0.1"), "{told:?}");
        }
        load(&with("[::1]:0")).unwrap();
    }
}

/// SEC-2: no flag of a build leaves a check out, since no crate of ours has any.
#[test]
fn there_is_one_build_of_the_program() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in std::fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path()) {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("[features]"), "{}", folder.display());
    }
}

/// SEC-1: one cause each; the fix is named.
#[test]
fn the_production_profile_names_each_missing_guard() {
    let told = |extra: &[&str]| {
        let flags = ["profile=production"].iter().chain(extra).map(|flag| (*flag).to_owned()).collect();
        lines(&Origins { flags, ..Origins::default() }).join("\n")
    };
    let key = "encryption.key=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    assert!(told(&[]).contains("encryption.key_file"), "{}", told(&[]));
    assert!(told(&["encryption.key_file=/nowhere/key"]).contains("does not exist"));
    assert!(told(&["encryption.key=abc"]).contains("64 hex digits"));
    assert!(told(&[key, "database.url=postgres://u@h/d?sslmode=verify-full"]).contains("lacks a password"));
    assert!(told(&[key, "database.url=postgres://u:kx93hs7@h/d"]).contains("sslmode=verify-full"));
    assert!(told(&[key, "redis.url=rediss://h"]).contains("redis.url (settings): the Redis address lacks a password"));
    assert!(told(&[key, "redis.url=redis://:kx93hs7@h"]).contains("redis.url (settings): the connection to Redis"));
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("key");
    std::fs::write(&open, &key[15..]).unwrap();
    std::fs::set_permissions(&open, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(told(&[&format!("encryption.key_file={}", open.display())]).contains("chmod 600"));
}

/// CFG-1: everything made from the schema agrees with it.
#[test]
fn the_template_is_a_valid_file_at_the_defaults_and_the_schema_has_every_key() {
    let folder = tempfile::tempdir().unwrap();
    for lang in [Lang::Es, Lang::En] {
        let text = example(lang);
        // A setting is commented out with a bare `#`, an explanation with `# `.
        let active: Vec<&str> = text
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .collect();
        for text in [&text, &active.join("\n")] {
            let origins = Origins { file: Some(file(folder.path(), text)), ..Origins::default() };
            load(&origins).unwrap_or_else(|faults| panic!("{faults:#?}\n{text}"));
        }
        assert_eq!(active.iter().filter(|line| line.contains(" = ") && !line.starts_with('#')).count(), SCHEMA.len());
    }
    let page = include_str!("../../../../docs/SETTINGS.md");
    assert_eq!(page, reference(), "run: gondola config example --form markdown > docs/SETTINGS.md");
    let schema = json_schema();
    for setting in SCHEMA {
        let mut at = &schema;
        for part in setting.key.split('.') {
            at = &at["properties"][part];
        }
        assert!(at["type"].is_string(), "{}", setting.key);
        assert!(example(Lang::Es).contains(&setting.variable()) && !setting.es.is_empty() && !setting.en.is_empty());
    }
    let mut keys: Vec<_> = SCHEMA.iter().map(|setting| setting.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), SCHEMA.len(), "no setting is listed twice");
}
