//! What the faces export: names, labels that cannot grow, and each number once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::http::Method;
use gondola_server::integrity::{BookGauges, look};
use gondola_server::keys::{self, KeyNumbers};
use gondola_server::worker::round;
use gondola_shop::PROTECTED;
use gondola_shop::kernel::Face;
use gondola_shop::people::{KeyInput, console};
use gondola_store::Actor;
use gondola_store::sqlx::{self, Connection as _, SqliteConnection};
use gondola_testkit::{TestShop, both_engines};
use gondola_vault::Suite;
use prometheus_client::registry::Registry;

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn scrape(shop: &TestShop, face: Face) -> String {
    shop.api(shop.key("metrics")).on(face).get("/metrics").await.expect_status(200).text()
}

/// Every sample's name and labels, without its value.
fn series(exposition: &str) -> BTreeSet<String> {
    let samples = exposition.lines().filter(|line| !line.starts_with('#'));
    samples.map(|line| line.rsplit_once(' ').expect("a sample has a value").0.to_owned()).collect()
}

/// Paths and methods that nobody declared, with what could break a label. The sequence is fixed.
fn hostile_requests() -> impl Iterator<Item = (Method, String)> {
    let mut state = 20_261_123_u64;
    (0..1000).map(move |number| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let tail = ["", "%22%7D%0A", "%0d%0aevil:%201", "/..%2f..", "?q=%22", "%C3%B1"][(state >> 60) as usize % 6];
        let method = match number % 4 {
            0 => Method::GET,
            1 => Method::POST,
            2 => Method::from_bytes(format!("X{}", state >> 50).as_bytes()).unwrap(),
            _ => Method::DELETE,
        };
        (method, format!("/{:x}/{:x}{tail}", state >> 40, number))
    })
}

/// MET-2, MET-3.
#[tokio::test]
async fn a_thousand_random_paths_and_methods_add_one_series_per_metric() {
    let shop = TestShop::sqlite().await;
    scrape(&shop, Face::Dashboard).await;
    let before = series(&scrape(&shop, Face::Dashboard).await);
    for (method, path) in hostile_requests() {
        shop.api(shop.admin()).send(method, &path, None).await.expect_status(404);
    }
    let exposition = scrape(&shop, Face::Dashboard).await;
    let added: Vec<String> = series(&exposition).difference(&before).cloned().collect();
    let requests: Vec<&String> = added.iter().filter(|name| name.starts_with("gondola_http_requests_total")).collect();
    assert_eq!(
        requests,
        [
            "gondola_http_requests_total{face=\"dashboard\",method=\"other\",route=\"unmatched\",status=\"404\",op=\"page\"}"
        ]
    );
    assert!(added.iter().all(|name| name.contains("route=\"unmatched\"")), "{added:#?}");
    let buckets = added.iter().filter(|name| name.contains("le=")).count();
    assert_eq!(added.len() - buckets, 3, "requests, and the duration's sum and count: {added:#?}");
    assert!(exposition.contains("status=\"404\",op=\"page\"} 1000\n"), "{exposition}");
}

/// MET-3, MET-5: each family is described once, under the name of its samples.
#[tokio::test]
async fn every_sample_belongs_to_a_described_family() {
    let shop = TestShop::sqlite().await;
    for face in Face::ALL {
        shop.api(shop.nobody()).on(face).get("/nothing").await.expect_status(404);
        let exposition = scrape(&shop, face).await;
        let described = |word: &str| -> Vec<String> {
            let prefix = format!("# {word} ");
            let names = exposition.lines().filter_map(|line| line.strip_prefix(&prefix)?.split(' ').next());
            names.map(str::to_owned).collect()
        };
        let (helped, typed) = (described("HELP"), described("TYPE"));
        assert_eq!(helped, typed);
        assert_eq!(typed.iter().collect::<BTreeSet<_>>().len(), typed.len(), "described twice: {typed:?}");
        for sample in series(&exposition) {
            let name = sample.split('{').next().unwrap();
            let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            assert!(typed.iter().any(|known| known == name || known == family), "{sample}");
        }
    }
}

/// MET-3: Prometheus' own check, after what could break an exposition.
#[tokio::test]
async fn the_exposition_passes_the_check_of_prometheus() {
    let shop = TestShop::sqlite().await;
    for (method, path) in hostile_requests() {
        shop.api(shop.admin()).send(method, &path, None).await.expect_status(404);
    }
    for face in Face::ALL {
        let mut promtool = Command::new("promtool");
        promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match promtool.spawn() {
            Ok(child) => child,
            Err(missing) if missing.kind() == ErrorKind::NotFound => {
                return gondola_testkit::skip("promtool check metrics", "there is no promtool (Debian: prometheus)");
            }
            Err(error) => panic!("start promtool: {error}"),
        };
        child.stdin.take().unwrap().write_all(scrape(&shop, face).await.as_bytes()).unwrap();
        let judged = child.wait_with_output().unwrap();
        assert!(judged.status.success(), "{}: {judged:?}", face.name());
    }
}

/// MET-6, MET-7 and the names of the contract.
#[tokio::test]
async fn each_face_exports_its_own_series_and_one_the_process() {
    let shop = TestShop::sqlite().await;
    for face in Face::ALL {
        let exposition = scrape(&shop, face).await;
        let label = format!("face=\"{}\"", face.name());
        assert!(series(&exposition).iter().all(|sample| sample.contains(&label)), "{exposition}");
        for own in [
            "gondola_ready",
            "gondola_http_requests_in_flight",
            "gondola_http_panics_total",
            "gondola_csrf_failures_total",
            "gondola_http_rejected_total",
        ] {
            assert!(exposition.contains(&format!("\n{own}{{")), "{own} of {label}: {exposition}");
        }
        assert!(exposition.contains(&format!("gondola_ready{{{label}}} 1\n")), "{exposition}");
        for process in [
            "process_start_time_seconds",
            "process_cpu_seconds_total",
            "process_resident_memory_bytes",
            "process_open_fds",
            "process_max_fds",
            "gondola_build_info",
            "gondola_db_up",
            "gondola_db_pool_connections",
        ] {
            let there = exposition.contains(&format!("# TYPE {process} "));
            assert_eq!(there, face == Face::Dashboard, "{process} of {label}");
        }
    }
    let dashboard = scrape(&shop, Face::Dashboard).await;
    for reason in ["size", "depth", "host", "type", "timeout"] {
        assert!(
            dashboard.contains(&format!("gondola_http_rejected_total{{face=\"dashboard\",reason=\"{reason}\"}} 0\n"))
        );
    }
    assert!(dashboard.contains("gondola_db_up{face=\"dashboard\",role=\"primary\"} 1\n"));
    assert!(dashboard.contains("gondola_db_pool_connections{face=\"dashboard\",state=\"max\"} 8\n"));
}

#[tokio::test]
async fn what_is_turned_away_is_counted_by_its_reason() {
    let shop = TestShop::sqlite().await;
    let client = shop.api(shop.admin());
    client.get(&format!("/{}", "a".repeat(9000))).await.expect_status(414);
    client.clone().header("host", "evil.example").get("/").await.expect_status(421);
    client.without("sec-fetch-site").post("/nothing", serde_json::json!({})).await.expect_status(403);
    let exposition = scrape(&shop, Face::Dashboard).await;
    assert!(exposition.contains("gondola_http_rejected_total{face=\"dashboard\",reason=\"size\"} 1\n"), "{exposition}");
    assert!(exposition.contains("gondola_http_rejected_total{face=\"dashboard\",reason=\"host\"} 1\n"), "{exposition}");
    assert!(exposition.contains("gondola_csrf_failures_total{face=\"dashboard\"} 1\n"), "{exposition}");
}

/// `# TYPE` of every family, its help and the labels its series were seen with, `face` and `le` left out.
fn families(exposition: &str) -> BTreeMap<String, (String, String, BTreeSet<String>)> {
    let told = |word: &str| {
        let prefix = format!("# {word} ");
        let lines = exposition.lines().filter_map(move |line| line.strip_prefix(&prefix)?.split_once(' '));
        lines.map(|(name, rest)| (name.to_owned(), rest.to_owned())).collect::<BTreeMap<_, _>>()
    };
    let helps = told("HELP");
    let mut families: BTreeMap<_, _> = told("TYPE")
        .into_iter()
        .map(|(name, kind)| (name.clone(), (kind, helps[&name].clone(), BTreeSet::new())))
        .collect();
    for sample in series(exposition) {
        let (name, labels) = sample.split_once('{').unwrap();
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        let name = if families.contains_key(name) { name } else { family };
        let labels = labels.trim_end_matches('}').split("\",").filter_map(|label| label.split_once('='));
        let labels = labels.map(|(label, _)| label.to_owned()).filter(|label| label != "face" && label != "le");
        families.get_mut(name).unwrap().2.extend(labels);
    }
    families
}

/// The reference page and what is served are one: every metric with its type, its labels and its sentence.
#[tokio::test]
async fn the_page_about_metrics_lists_what_is_served() {
    let shop = TestShop::sqlite().await;
    shop.api(shop.admin()).get("/api/v1/units").await.expect_status(200);
    let mut served = families(&scrape(&shop, Face::Dashboard).await);
    for face in [Face::Deposito, Face::Negocio] {
        shop.api(shop.admin()).on(face).get("/nothing").await.expect_status(404);
        served.extend(families(&scrape(&shop, face).await));
    }
    let row = |(name, (kind, help, labels)): (String, (String, String, BTreeSet<String>))| {
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        format!("| `{name}` | {kind} | {} | {help} |", labels.join(", "))
    };
    let served: Vec<String> = served.into_iter().map(row).collect();
    let page = include_str!("../../../../docs/METRICS.md");
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(listed, served, "docs/METRICS.md should hold:\n{}", served.join("\n"));
}

/// MET-5, MET-6, MET-8: nothing before the book was verified; then what was found, in every process, until the
/// next day's verification finds something else.
#[tokio::test]
async fn what_does_not_add_up_is_counted_by_its_check_once_a_day() {
    let shop = TestShop::sqlite().await;
    gondola_shop::catalogue::found_shop(shop.db()).await.unwrap();
    let body = serde_json::json!({"name": "Leche", "category": "LAC", "unit": "un",
        "opening": {"location": "deposito", "quantity": "3"}});
    shop.api(shop.admin()).post("/api/v1/products", body).await.expect_status(201);
    assert!(!scrape(&shop, Face::Dashboard).await.contains("gondola_stock_invariant_violations{"));
    look(shop.app(), shop.book()).await.unwrap();
    let sample = |check: &str, found: i64| {
        format!("gondola_stock_invariant_violations{{face=\"dashboard\",check=\"{check}\"}} {found}\n")
    };
    let sound = scrape(&shop, Face::Dashboard).await;
    assert!(gondola_shop::stock::CHECKS.iter().all(|check| sound.contains(&sample(check, 0))), "{sound}");
    let checked =
        "gondola_stock_invariant_checked_timestamp_seconds{face=\"dashboard\",check=\"balance\"} 1795435200\n";
    assert!(sound.contains(checked), "{sound}");
    let mut connection = SqliteConnection::connect(shop.url()).await.unwrap();
    let tamper = "update stock_heads set avco_value = avco_value + 1, level = 'negative'";
    sqlx::raw_sql(tamper).execute(&mut connection).await.unwrap();
    look(shop.app(), shop.book()).await.unwrap();
    assert!(scrape(&shop, Face::Dashboard).await.contains(&sample("worth", 0)), "once a day is enough");
    shop.clock().advance(std::time::Duration::from_secs(24 * 3600));
    look(shop.app(), shop.book()).await.unwrap();
    let another_process = BookGauges::default();
    look(shop.app(), &another_process).await.unwrap();
    let found = scrape(&shop, Face::Dashboard).await;
    for (check, count) in [("worth", 1), ("level", 1), ("balance", 0)] {
        assert!(found.contains(&sample(check, count)), "{check}: {found}");
    }
    let mut registry = Registry::default();
    another_process.register(&mut registry);
    let mut told = String::new();
    prometheus_client::encoding::text::encode(&mut told, &registry).unwrap();
    assert!(told.contains("stock_invariant_violations{check=\"worth\"} 1\n"), "{told}");
}

/// ENC-7, ENC-12: how far the newest key has come is told as a share, and what did not open by its table and why.
#[tokio::test]
async fn the_progress_of_a_key_and_what_does_not_open_are_told() {
    let shop = TestShop::sqlite().await;
    let (db, api) = (shop.db(), shop.api(shop.admin()));
    gondola_shop::catalogue::found_shop(db).await.unwrap();
    let make = async |sku: &str| {
        let product = serde_json::json!({"name": format!("Leche {sku}"), "sku": sku, "category": "LAC", "unit": "un",
            "acquisition_cost": "90"});
        api.post("/api/v1/products", product).await.expect_status(201);
    };
    let told = async |sample: &str| {
        let exposition = scrape(&shop, Face::Dashboard).await;
        let name = format!("gondola_{sample} ");
        exposition.lines().find_map(|line| line.strip_prefix(name.as_str()).map(str::to_owned))
    };
    let progress = "key_rotation_progress_ratio{face=\"dashboard\"}";
    for sku in ["A", "B", "C"] {
        make(sku).await;
    }
    assert_eq!(told(progress).await, None, "nobody has looked");
    round(db).await;
    assert_eq!(told(progress).await.as_deref(), Some("1.0"));
    let newest = db.add_field_key(&Actor::system("console"), Suite::Aes256Gcm).await.unwrap();
    make("D").await;
    let states = db.key_states(PROTECTED).await.unwrap().into_iter().filter(|key| key.seals_fields());
    db.tally().set_keys(states, db.rotation(PROTECTED).await.unwrap());
    assert_eq!(told(progress).await.as_deref(), Some("0.25"), "one of four, as they were looked at");
    round(db).await;
    assert_eq!(told(progress).await.as_deref(), Some("1.0"), "the worker went on with it");
    for (key, values) in [(1, "0"), (newest, "4")] {
        let rows = format!("encryption_key_rows{{face=\"dashboard\",key_id=\"{key}\"}}");
        assert_eq!(told(&rows).await.as_deref(), Some(values), "{rows}");
    }
    let failures = |table: &str, reason: &str| {
        format!("decrypt_failures_total{{face=\"dashboard\",table=\"{table}\",reason=\"{reason}\"}}")
    };
    assert_eq!(told(&failures("products", "bad_tag")).await.as_deref(), Some("0"), "there before the first one");
    let moved = "update products set acquisition_cost = (select b.acquisition_cost from products b where b.sku = 'B')
        where sku = 'A'";
    let mut connection = SqliteConnection::connect(shop.url()).await.unwrap();
    sqlx::raw_sql(moved).execute(&mut connection).await.unwrap();
    api.get("/api/v1/products/sku:A").await.expect_problem(500, "protected_data_unreadable");
    for (table, reason, count) in
        [("products", "bad_tag", "1"), ("products", "unknown_key", "0"), ("suppliers", "bad_tag", "0")]
    {
        assert_eq!(told(&failures(table, reason)).await.as_deref(), Some(count), "{table} {reason}");
    }
}

both_engines! {
    /// KEY-6: a week before a key ends a number says so, and an alert is made of it.
    fn a_key_that_ends_soon_is_counted_as_such(shop: TestShop) {
        for (name, scopes) in [("caja", &["read", "write"][..]), ("vieja", &["metrics"])] {
            let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            let key = KeyInput { name: Some(name.to_owned()), scopes, ..KeyInput::default() };
            console::create_key(shop.db(), &shop.app().zone, key).await.unwrap();
        }
        console::revoke_key(shop.db(), "vieja").await.unwrap();
        let numbers = KeyNumbers::default();
        let told = async || {
            keys::look(shop.app(), &numbers).await.unwrap();
            let (mut registry, mut text) = (Registry::default(), String::new());
            numbers.register(&mut registry);
            prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
            let counted = text.lines().filter(|line| line.starts_with("api_keys{") && !line.ends_with(" 0"));
            counted.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        let stand = |state: &str| {
            ["read", "write"].map(|scope| format!("api_keys{{scope=\"{scope}\",state=\"{state}\"}} 1"))
        };
        let revoked = "api_keys{scope=\"metrics\",state=\"revoked\"} 1".to_owned();
        let with = |state: &str| [vec![revoked.clone()], stand(state).to_vec()].concat();
        assert_eq!(told().await, with("active"), "a key lasts for 60 days and the rest of this one");
        shop.clock().advance(DAY * 53);
        assert_eq!(told().await, with("active"));
        shop.clock().advance(DAY);
        assert_eq!(told().await, with("expiring"), "seven days before");
        shop.clock().advance(DAY * 7);
        assert_eq!(told().await, with("expired"));
    }
}
