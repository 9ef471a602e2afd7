//! The command line of the real program: settings, exit codes, starting and refusing to start.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::process::{Running, get, gondola, json, run};

const KEY: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// CFG-3.
#[test]
fn config_check_tells_every_mistake_and_exits_0_or_2() {
    let folder = tempfile::tempdir().unwrap();
    let good = run(folder.path(), &["config", "check"]);
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    std::fs::write(folder.path().join("gondola.toml"), "[database]\nconnection_max = 5\n[log]\nlevel = \"loud\"\n")
        .unwrap();
    let bad = run(folder.path(), &["config", "check"]);
    assert_eq!(bad.status.code(), Some(2));
    let told = String::from_utf8(bad.stderr).unwrap();
    assert!(told.contains("did you mean database.connections_max?") && told.contains("log.level"), "{told}");
    let machine = json(&run(folder.path(), &["config", "check", "--json"]));
    assert_eq!(machine["errors"].as_array().unwrap().len(), 2, "{machine}");
    assert_eq!(run(folder.path(), &["serve"]).status.code(), Some(78), "serve refuses what check complains about");
}

/// CFG-2.
#[test]
fn config_explain_shows_the_value_and_its_source_and_masks_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = gondola(folder.path());
    command.env("DATABASE_ENCRYPTION_KEY", KEY).env("GONDOLA__LOG__LEVEL", "debug");
    let told = json(&command.args(["--json", "config", "explain", "encryption.key"]).output().unwrap());
    assert_eq!(told["value"], "***");
    assert_eq!(told["source"], "DATABASE_ENCRYPTION_KEY");
    let mut command = gondola(folder.path());
    command.env("GONDOLA__LOG__LEVEL", "debug");
    let told =
        json(&command.args(["config", "explain", "log.level", "--json", "--set", "log.level=warn"]).output().unwrap());
    assert_eq!(told["value"], "warn");
    assert_eq!(told["source"], "--set");
    let unknown = run(folder.path(), &["config", "explain", "log.levl"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("did you mean log.level?"));
}

/// CFG-1.
#[test]
fn the_template_written_to_a_file_is_a_valid_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let template = run(folder.path(), &["config", "example"]);
    std::fs::write(folder.path().join("gondola.toml"), &template.stdout).unwrap();
    assert_eq!(run(folder.path(), &["config", "check"]).status.code(), Some(0));
    let environment = String::from_utf8(run(folder.path(), &["config", "example", "--form", "env"]).stdout).unwrap();
    assert!(environment.contains("\n#DATABASE_URL=\n"), "{environment}");
    assert_eq!(json(&run(folder.path(), &["config", "schema"]))["additionalProperties"], false);
}

/// `gondola decir`: written, shown and confirmed once, undone, asked; scripts go by the exit codes.
#[test]
fn the_shop_is_told_things_in_plain_spanish() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.csv").display().to_string();
    std::fs::write(&list, "sku;nombre;marca;rubro;unidad\nPAN-FARGO;Pan Fargo;Fargo;GEN;un\n").unwrap();
    assert_eq!(run(folder.path(), &["import", "products", &list]).status.code(), Some(0));
    let say = |words: &[&str]| {
        let output = run(folder.path(), &[&["decir"], words].concat());
        (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let read =
        |(exit, text): (i32, String)| -> (i32, serde_json::Value) { (exit, serde_json::from_str(&text).unwrap()) };
    let (exit, told) = say(&["falta pan Fargo, urgente"]);
    assert!(exit == 0 && told.contains("Restock · Pan Fargo · Urgent") && told.contains("decir --undo "), "{told}");
    assert_eq!(say(&["--place", "backstore", "dejé 6 pan Fargo"]).0, 0);
    let waste = ["--json", "--place", "backstore", "/merma \"pan fargo\" 2 \"roto\""];
    let (exit, plan) = read(say(&waste));
    assert_eq!((exit, &plan["status"], &plan["entries"][0]["id"]), (1, &"confirm".into(), &serde_json::Value::Null));
    let token = plan["token"].as_str().unwrap();
    let (exit, done) = read(say(&["--confirm", token, "--json"]));
    assert_eq!((exit, &done["status"], done["entries"][0]["id"].is_string()), (0, &"done".into(), true), "{done}");
    let (exit, told) = say(&["--confirm", token]);
    assert!(exit == 2 && told.contains("was confirmed"), "{told}");
    let undo = ["--undo", done["id"].as_str().unwrap()];
    let (exit, told) = say(&undo);
    assert!(exit == 0 && told.starts_with("It was undone."), "{told}");
    assert_eq!(say(&undo).0, 2);
    let (exit, told) = say(&["asdf qwerty"]);
    assert!(exit == 1 && told.contains("Not understood"), "{told}");
    let (exit, told) = say(&["--place", "calle", "falta pan"]);
    assert!(exit == 2 && told.contains("notebook, backstore"), "{told}");
    assert_eq!(say(&["--confirm", "nothing"]).0, 2);
    assert_eq!((say(&[]).0, say(&["falta pan", "--confirm", token]).0), (2, 2));
    assert_eq!(run(folder.path(), &["ledger", "verify"]).status.code(), Some(0));
}

/// Contract section 2: with `--json`, standard output is one JSON document and nothing else, whatever
/// the command; those that serve are met in the tests that start them.
#[test]
fn every_command_answers_json_with_one_document() {
    let folder = tempfile::tempdir().unwrap();
    let copy = format!("sqlite:{}", folder.path().join("copy.db").display());
    let own = format!("sqlite:{}", folder.path().join("gondola.db").display());
    let list = folder.path().join("list.csv").display().to_string();
    std::fs::write(&list, "sku;nombre;rubro;unidad\nARROZ;Arroz 1 kg;GEN;un\n").unwrap();
    let taken = folder.path().join("taken.xlsx").display().to_string();
    let trail = folder.path().join("trail.jsonl").display().to_string();
    let commands: [(&[&str], &[i32]); 45] = [
        (&["migrate", "up"], &[0]),
        (&["migrate", "status"], &[0]),
        (&["migrate", "down", "1"], &[0]),
        (&["migrate", "up"], &[0]),
        (&["user", "add", "ana", "--role", "admin"], &[0]),
        (&["user", "list"], &[0]),
        (&["user", "password", "ana"], &[0]),
        (&["user", "sessions", "ana"], &[0]),
        (&["user", "end-sessions", "ana"], &[0]),
        (&["user", "end-sessions", "nobody"], &[2]),
        (&["user", "disable", "ana"], &[2]),
        (&["key", "create", "--name", "scanner", "--scope", "read"], &[0]),
        (&["key", "list"], &[0]),
        (&["key", "revoke", "scanner"], &[0]),
        (&["key", "revoke", "nobody"], &[2]),
        (&["encryption", "inventory"], &[0]),
        (&["encryption", "rotate"], &[0]),
        (&["ledger", "verify"], &[0]),
        (&["audit", "verify"], &[0]),
        (&["audit", "report", "--period", "7d"], &[0]),
        (&["audit", "export", &trail], &[0]),
        (&["audit", "verify", "--file", &trail], &[0]),
        (&["audit", "verify", "--head", "nonsense"], &[2]),
        (&["audit", "verify", "--anchor", "nothing.txt"], &[2]),
        (&["audit", "anchor"], &[0]),
        // What it says of this machine is the machine's matter.
        (&["doctor"], &[0, 1, 2]),
        (&["health", "--probe", "--address", "127.0.0.1:1"], &[2]),
        (&["backup", "create"], &[0]),
        (&["backup", "list"], &[0]),
        (&["backup", "verify"], &[0]),
        (&["restore", "nothing"], &[1]),
        (&["import", "products", &list], &[0]),
        (&["export", "products", "--format", "xlsx", "--output", &taken], &[0]),
        (&["decir", "falta arroz"], &[0]),
        (&["decir", "--confirm", "nothing"], &[2]),
        (&["copy", "--from", &own, "--to", &copy], &[0]),
        (&["tls", "init", "--ecdsa", "--service", "dashboard,deposito,negocio"], &[0]),
        (&["tls", "renew", "--service", "nobody"], &[2]),
        (&["tls", "verify"], &[0]),
        (&["config", "check"], &[0]),
        (&["config", "explain"], &[0]),
        (&["config", "example"], &[0]),
        (&["config", "example", "--form", "env"], &[0]),
        (&["config", "schema"], &[0]),
        (&["openapi"], &[0]),
    ];
    for (words, exits) in commands {
        let output = run(folder.path(), &[&["--json"], words].concat());
        assert!(json(&output).is_object() && output.stderr.is_empty(), "{words:?}: {output:?}");
        assert!(exits.contains(&output.status.code().unwrap()), "{words:?}: {output:?}");
    }
    let help = String::from_utf8(run(folder.path(), &["--help"]).stdout).unwrap();
    let (_, listed) = help.split_once("Commands:\n").unwrap();
    // What a command does may go on in a second line, further in.
    let entries = listed.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = entries.filter(|entry| !entry.starts_with(' ')).filter_map(|entry| entry.split_whitespace().next());
    for name in names.filter(|name| !["serve", "demo", "help"].contains(name)) {
        assert!(commands.iter().any(|(words, _)| words[0] == name), "gondola {name} stands in no line above");
    }
}

/// SEC-1, SEC-2, OPS-6: exit 78, naming setting and fix.
#[test]
fn what_must_be_put_right_first_exits_78() {
    let folder = tempfile::tempdir().unwrap();
    let key_file = |name: &str, text: &str, mode: u32| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        format!("encryption.key_file={}", file.display())
    };
    let guessable = key_file("guessable.key", &"0".repeat(64), 0o600);
    let open = key_file("open.key", KEY, 0o640);
    let production = |setting| ["--set", "profile=production", "--set", setting];
    let postgres = |password: &str, how: &str| format!("database.url=postgres://u:{password}@h/d{how}");
    let (plain, sample) = (postgres("kx93hs7", ""), postgres("change-me", "?sslmode=verify-full"));
    let causes: [(&[&str], &str, &str); 15] = [
        (&["--set", &guessable], "encryption.key_file", "openssl rand -hex 32"),
        (&["--set", "profile=production"], "encryption.key_file", "openssl rand -hex 32"),
        (&["--set", "dashboard.listen=0.0.0.0:0"], "dashboard.listen", "127.0.0.1"),
        (&["--set", "encryption.key_file=/nowhere/key"], "encryption.key_file", "chmod 600"),
        (&["--set", "encryption.key=00"], "encryption.key", "openssl rand -hex 32"),
        (&production(&open), "encryption.key_file", "chmod 600"),
        (&production("tls.enabled=false"), "tls.enabled", "gondola tls init"),
        (&production("database.url=postgres://u@h/d?sslmode=verify-full"), "database.url", "USER:PASSWORD@"),
        (&production(&plain), "database.url", "sslmode=verify-full"),
        (&production(&sample), "database.url", "everybody knows"),
        (&["--set", "encription.key=00"], "encription.key", "did you mean encryption.key?"),
        (&production("redis.url=rediss://h"), "redis.url", "rediss://:PASSWORD@"),
        (&production("redis.url=redis://:kx93hs7@h"), "redis.url", "use rediss://"),
        (&["--set", "redis.ca_file=/nowhere/ca.crt"], "redis.ca_file", "correct redis.url"),
        (
            &["--set", "redis.url=rediss://h", "--set", "redis.ca_file=/nowhere/ca.crt"],
            "redis.ca_file",
            "does not exist, cannot be read or holds no certificates",
        ),
    ];
    for (arguments, setting, fix) in causes {
        let refused = run(folder.path(), &[arguments, &["serve"]].concat());
        let told = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(78), "{told}");
        assert!(told.contains(setting) && told.contains(fix), "{told}");
        assert_eq!(refused.stdout, b"");
        assert!(!folder.path().join("gondola.db").exists(), "no shop is made");
    }
}

/// OPS-2: one process, three faces, or one face alone; HLT-5.
#[test]
fn one_process_serves_three_faces_and_the_probe_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    assert_eq!(running.addresses.keys().collect::<Vec<_>>(), ["dashboard", "deposito", "negocio"]);
    for (face, address) in &running.addresses {
        let answer = get(*address, "/health/ready");
        assert!(
            answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(&format!("\"face\":\"{face}\"")),
            "{answer}"
        );
        let probe = run(folder.path(), &["health", "--probe", "--json", "--address", &address.to_string()]);
        assert_eq!(probe.status.code(), Some(0), "{probe:?}");
        assert_eq!(json(&probe)["status"], "ok");
    }
    let address = running.dashboard().to_string();
    drop(running);
    let probe = run(folder.path(), &["health", "--probe", "--address", &address]);
    assert_eq!(probe.status.code(), Some(2));
    let alone = Running::start(folder.path(), &["--face", "negocio"]);
    assert_eq!(alone.addresses.keys().collect::<Vec<_>>(), ["negocio"]);
    assert!(get(alone.addresses["negocio"], "/health").contains("healthy"));
}

/// AUD-2: a copy of the trail proves itself without the shop, and shows where it was touched or cut off.
#[test]
fn an_exported_trail_verifies_without_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |words: &[&str]| {
        let output = run(folder.path(), &[&["--json"], words].concat());
        (output.status.code(), json(&output))
    };
    for name in ["ana", "beto", "caro"] {
        assert_eq!(ask(&["user", "add", name, "--role", "manager"]).0, Some(0));
    }
    let (exit, verified) = ask(&["audit", "verify"]);
    assert_eq!((exit, &verified["ok"]), (Some(0), &true.into()));
    let file = folder.path().join("trail.jsonl");
    let path = file.display().to_string();
    assert_eq!(ask(&["audit", "export", &path]).1["entries"], verified["entries"]);
    assert_eq!(ask(&["audit", "export", &path]).0, Some(1), "no file is written over");
    let head = verified["head"].as_str().unwrap();
    let (exit, copied) = ask(&["audit", "verify", "--file", &path, "--head", head]);
    assert_eq!((exit, &copied["head"], &copied["entries"]), (Some(0), &verified["head"], &verified["entries"]));
    let whole = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let told = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let (exit, told) = ask(&["audit", "verify", "--file", &path, "--head", head]);
        (exit, told["faults"][0]["kind"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(told(&whole.replace("\"beto\"", "\"nadie\"")), (Some(1), "edited".to_owned()));
    assert_eq!(told(&lines[1..].join("\n")), (Some(1), "misplaced".to_owned()));
    assert_eq!(told(&lines[..lines.len() - 1].join("\n")), (Some(1), "cut_off".to_owned()));
    std::fs::write(&file, "no es un registro").unwrap();
    assert_eq!(run(folder.path(), &["audit", "verify", "--file", &path]).status.code(), Some(1));
}

/// AUD-7: an anchor is printed for a receipt, written where the settings say, and proves a copy of the trail without the
/// shop.
#[test]
fn an_anchor_is_printed_and_proves_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |words: &[&str]| {
        let output = run(folder.path(), &[&["--json"], words].concat());
        (output.status.code(), json(&output))
    };
    for name in ["ana", "beto", "caro"] {
        assert_eq!(ask(&["user", "add", name, "--role", "manager"]).0, Some(0));
    }
    let elsewhere = folder.path().join("elsewhere");
    let setting = format!("audit.anchors_dir={}", elsewhere.display());
    let (exit, anchored) = ask(&["audit", "anchor", "--set", &setting]);
    assert_eq!(exit, Some(0));
    let printed = String::from_utf8(run(folder.path(), &["audit", "anchor", "--print"]).stdout).unwrap();
    assert_eq!(anchored["text"], printed.as_str(), "the same end has the same anchor");
    assert!(printed.contains(&format!("position {}\n", anchored["position"])), "{printed}");
    assert!(printed.lines().all(|line| line.chars().count() <= 32), "{printed}");
    let files: Vec<_> = std::fs::read_dir(&elsewhere).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(std::fs::read_to_string(&files[0]).unwrap(), printed);
    let (anchor, trail) = (files[0].display().to_string(), folder.path().join("trail.jsonl"));
    let path = trail.display().to_string();
    assert_eq!(ask(&["audit", "export", &path]).0, Some(0));
    let (exit, told) = ask(&["audit", "verify", "--file", &path, "--anchor", &anchor]);
    assert_eq!((exit, &told["anchors"][0]["key"]), (Some(0), &anchored["key"]));
    assert_eq!(ask(&["audit", "verify", "--anchor", &anchor]).0, Some(0));
    let whole = std::fs::read_to_string(&trail).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    std::fs::write(&trail, lines[..lines.len() - 1].join("\n")).unwrap();
    let (exit, told) = ask(&["audit", "verify", "--file", &path, "--anchor", &anchor]);
    assert_eq!((exit, &told["faults"][0]["kind"]), (Some(1), &"cut_off".into()));
    std::fs::write(&files[0], printed.replacen("signature\n", "signature\n0", 1)).unwrap();
    assert_eq!(ask(&["audit", "verify", "--anchor", &anchor]).0, Some(2), "it was mistyped");
    // Another shop's anchor, of a chain that is not this one.
    let other = tempfile::tempdir().unwrap();
    assert_eq!(run(other.path(), &["user", "add", "ana", "--role", "admin"]).status.code(), Some(0));
    let foreign = run(other.path(), &["audit", "anchor", "--print"]).stdout;
    std::fs::write(&files[0], foreign).unwrap();
    let (exit, told) = ask(&["audit", "verify", "--anchor", &anchor]);
    let kinds: Vec<_> = told["faults"].as_array().unwrap().iter().map(|fault| fault["kind"].clone()).collect();
    assert_eq!((exit, kinds), (Some(1), vec!["cut_off".into(), "forged_anchor".into()]));
}

/// AUD-5: a start with other settings than the one before is told by their names, never by their values.
#[test]
fn a_start_with_other_settings_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trail.jsonl");
    let told = || {
        let exported = run(folder.path(), &["audit", "export", file.to_str().unwrap()]);
        assert_eq!(exported.status.code(), Some(0), "{exported:?}");
        let trail = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let entries = trail.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let entries: Vec<_> = entries.filter(|entry| entry["event"] == "shop.configured").collect();
        entries
    };
    let start = |more: &[&str]| drop(Running::start(folder.path(), more));
    start(&[]);
    start(&[]);
    assert!(told().is_empty(), "the first start has none before it, and the second is the same");
    start(&["--set", "shop.hours=20:00-04:00", "--set", "log.level=warn"]);
    let changed = told();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["resource"], "log.level,shop.hours");
    assert_eq!((&changed[0]["actor"], &changed[0]["class"]), (&"system:console".into(), &"restricted".into()));
    assert!(changed[0]["before_digest"] != changed[0]["after_digest"]);
    assert!(!changed[0].to_string().contains("20:00"));
    start(&[]);
    let back = told();
    assert_eq!((back.len(), &back[1]["after_digest"]), (2, &changed[0]["before_digest"]));
}

/// USR-9: why somebody may or may not, in words and for scripts; KEY-5 from the console.
#[test]
fn the_console_explains_rights_and_rotates_keys() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |words: &[&str]| {
        let output = run(folder.path(), &[&["--json"], words].concat());
        (output.status.code(), json(&output))
    };
    assert_eq!(ask(&["user", "add", "caro", "--role", "cashier"]).0, Some(0));
    let (exit, told) = ask(&["user", "explain", "caro", "POST /api/v1/keys"]);
    assert_eq!((exit, &told["granted"]), (Some(1), &false.into()));
    let needs = serde_json::json!([["manage_keys"], [], ["admin"]]);
    let route = &told["routes"][0];
    assert_eq!(serde_json::json!([route["needs_one_of"], route["holds"], route["roles"]]), needs);
    let (exit, told) = ask(&["user", "explain", "caro", "/metrics"]);
    assert_eq!((exit, &told["routes"][0]["route"]), (Some(1), &"/metrics".into()));
    assert_eq!(ask(&["user", "explain", "caro", "GET /api/v1/products"]).0, Some(0));
    let (exit, told) = ask(&["user", "explain", "caro", "GET /api/v1/products?format=csv"]);
    assert_eq!((exit, &told["routes"][0]["needs_one_of"]), (Some(1), &serde_json::json!(["export"])));
    for nothing in [["user", "explain", "caro", "/nowhere"], ["user", "explain", "nadie", "/health"]] {
        assert_eq!((ask(&nothing).0, &ask(&nothing).1["code"]), (Some(2), &"not_found".into()));
    }
    let words = run(folder.path(), &["user", "explain", "caro", "POST /api/v1/keys"]);
    assert!(String::from_utf8(words.stdout).unwrap().contains("manage_keys"));
    let made = ask(&["key", "create", "--name", "balanza", "--scope", "read", "--network", "10.0.0.0/8"]).1;
    let rotated = ask(&["key", "rotate", "balanza", "--overlap", "1"]).1;
    assert_eq!(made["id"], rotated["id"]);
    assert_ne!(made["secret"], rotated["secret"]);
    let listed = ask(&["key", "list"]).1;
    assert_eq!(
        (&listed["items"][0]["networks"], &listed["items"][0]["state"]),
        (&serde_json::json!(["10.0.0.0/8"]), &"active".into())
    );
    assert!(listed["items"][0]["previous_until"].is_string());
    assert_eq!(ask(&["key", "rotate", "balanza"]).1["code"], "rotated_already");
    assert_eq!(ask(&["key", "rotate", "ninguna"]).0, Some(2));
}

#[test]
fn the_schema_goes_down_and_up_again_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let count = |what: &str, list: &str| {
        let output =
            run(folder.path(), &["migrate", "--json"].into_iter().chain(what.split_whitespace()).collect::<Vec<_>>());
        (output.status.code(), json(&output)[list].as_array().unwrap().len())
    };
    assert_eq!(count("up", "pending"), (Some(0), 0));
    let (code, applied) = count("status", "applied");
    assert_eq!(code, Some(0));
    assert!(applied > 0);
    assert_eq!(count("down 1", "pending"), (Some(0), 1));
    assert_eq!(count("up", "pending"), (Some(0), 0));
}

#[test]
fn the_api_document_needs_no_shop() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("none");
    let document = json(&run(&data_dir, &["openapi"]));
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{document}");
    assert!(!data_dir.exists(), "and makes none");
}

fn get_with_key(address: std::net::SocketAddr, path: &str, secret: &str) -> String {
    use std::io::Write;
    let mut stream = crate::process::connect(address);
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {secret}\r\nconnection: close\r\n\r\n")
        .unwrap();
    crate::process::read_all(&mut stream)
}

/// KEY-2, KEY-7, KEY-10: made and revoked from the console beside the running shop.
#[test]
fn a_key_made_at_the_console_opens_the_running_shop_until_it_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let made = run(folder.path(), &["key", "create", "--name", "scraper", "--scope", "metrics", "--json"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let made = json(&made);
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("gnd_") && made["scopes"] == serde_json::json!(["metrics"]), "{made}");
    let metrics = |path: &str| get_with_key(running.dashboard(), path, &secret);
    assert!(metrics("/metrics").starts_with("HTTP/1.1 200"));
    assert!(metrics("/api/v1/inventory").starts_with("HTTP/1.1 403"));
    let listed = run(folder.path(), &["key", "list", "--json"]);
    assert!(!String::from_utf8_lossy(&listed.stdout).contains(&secret));
    assert_eq!(json(&listed)["items"][0]["state"], "active");
    assert_eq!(run(folder.path(), &["key", "revoke", "scraper"]).status.code(), Some(0));
    assert!(metrics("/metrics").starts_with("HTTP/1.1 401"));
    let unknown = run(folder.path(), &["key", "revoke", "nobody"]);
    assert_eq!(unknown.status.code(), Some(2));
}

/// SEC-4: the first run shows a token; once there is a user it does not.
#[test]
fn the_first_run_shows_a_set_up_token_until_there_is_a_user() {
    let folder = tempfile::tempdir().unwrap();
    let first = Running::start(folder.path(), &[]);
    assert!(first.said["setup_token"].as_str().unwrap().len() >= 43, "256 bits");
    let token = first.said["setup_token"].as_str().unwrap().to_owned();
    first.signal("TERM");
    assert!(!first.wait().2.contains(&token), "it is told to the console, not to the log");
    let added = run(folder.path(), &["user", "add", "ana", "--role", "admin", "--json"]);
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    assert!(json(&added)["password"].as_str().unwrap().len() >= 12);
    assert!(Running::start(folder.path(), &[]).said["setup_token"].is_null());
    assert_eq!(run(folder.path(), &["user", "disable", "ana"]).status.code(), Some(2), "the last owner stays");
    run(folder.path(), &["user", "add", "beto", "--role", "cashier"]);
    assert_eq!(run(folder.path(), &["user", "disable", "beto"]).status.code(), Some(0));
    let listed = json(&run(folder.path(), &["user", "list", "--json"]));
    let active: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|user| user["active"].as_bool().unwrap()).collect();
    assert_eq!(active, [true, false]);
    let wrong = run(folder.path(), &["user", "add", "x", "--role", "king"]);
    assert_eq!(wrong.status.code(), Some(2));
    let told = String::from_utf8(wrong.stderr).unwrap();
    assert!(told.contains("username") && told.contains("role"), "every field at once: {told}");
}

/// OPS-6: refused in production; never written into a real shop. The whole seeding is timed by the
/// black-box steps.
#[test]
fn the_demo_is_refused_in_production_and_in_a_real_shop() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["demo"], arguments].concat());
        assert_eq!(output.status.code(), Some(78), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let key = format!("encryption.key={KEY}");
    assert!(
        refused(&["--set", "profile=production", "--set", &key]).contains("tls.enabled"),
        "what production asks for comes first"
    );
    let production = ["--set", "profile=production", "--set", &key, "--set", "tls.enabled=true"];
    assert!(refused(&production).contains("does not run in production"));
    assert!(!folder.path().join("gondola.db").exists());
    run(folder.path(), &["user", "add", "ana", "--role", "admin"]);
    assert!(refused(&[]).contains("there is a real shop"));
    let users = json(&run(folder.path(), &["user", "list", "--json"]));
    assert_eq!(users["items"].as_array().unwrap().len(), 1);
}
