//! The shipped edge, `ops/nginx/gondola.conf`: the real nginx in front of the real program in production. What the
//! program answers by itself has tests of its own; here it is what comes through, and what the edge says of its own.

mod deployment;
mod visitor;

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::connect;
use crate::production::https::Answer;
use crate::production::people::PASSWORD;
use crate::production::shop::{Served, Shop};
use crate::production::versions::speaks_nothing_old;
use crate::tls_client::Client;
use deployment::{DASHBOARD, Deployment, FACES, PLAIN, is_here, open_ports, own_address, shipped};
use gondola_vault::certificates::Issued;
use visitor::Visitor;

/// API-3, API-4, API-5, API-6, API-13, API-14, API-15, API-16.
const TABLE: [&str; 9] = [
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "strict-transport-security",
    "cache-control",
];
/// One byte more than a JSON body may have (INP-1).
const TOO_LONG: usize = 2 * 1024 * 1024 + 1;
/// The largest quota of a key, in requests a minute.
const QUOTA_MAX: u64 = 1_000_000;
/// What a stranger may ask for in a minute.
const STRANGERS_BUDGET: usize = 120;
/// Receipts whose events, all together, fit into one buffer of nginx.
const RECEIPTS_MAX: u32 = 100;
/// The faces let nobody through who has no certificate.
const REQUIRED: [&str; 3] = [
    "--set=tls.dashboard_clients=required",
    "--set=tls.deposito_clients=required",
    "--set=tls.negocio_clients=required",
];
/// One path in many spellings, and others.
const SPELLINGS: [&str; 22] = [
    "/api/v1/products",
    "//api/v1/products",
    "/%61pi/v1/products",
    "/api/v1/%70roducts",
    "/api/v1/../v1/products",
    "/nothing/../api/v1/products",
    "/api/v1/%2e%2e/v1/products",
    "/api/v1/./products",
    "/api//v1/products",
    "/api/v1/products/",
    "/api/v1/products?limit=1",
    "/api/v1/products#here",
    "/api/v1/products;a=b",
    "/api%2fv1/products",
    "/API/V1/products",
    "/Api/v1/Products",
    "/api/v1/nothing",
    "/api/v1/events",
    "/openapi.json",
    "/products",
    "//products",
    "/nothing",
];

fn is_once_as_in(model: &Answer, answer: &Answer, context: &str) {
    for name in TABLE {
        assert_eq!((answer.all(name).len(), answer.all(name)), (1, model.all(name)), "{name} of {context}");
    }
    assert_eq!(answer.all("x-request-id").len(), 1, "{context}");
}

/// API-12: whoever comes without TLS is led to the same address with it, under the shop's own names only.
#[test]
fn plain_http_leads_to_https_with_path_and_query() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&REQUIRED);
    let _edge = deployment.open(&served);
    let plain = deployment.visitor(PLAIN).in_plain();
    let paths =
        ["/", "/products?q=dulce%20de%20leche&page=2", "//evil.example/x?y=//z", "/a%0d%0ab", "/x/%2e%2e/%C3%B1?&&="];
    for host in [deployment.address.to_string(), "tienda.example".to_owned()] {
        for path in paths {
            for method in ["GET", "POST", "HEAD", "DELETE"] {
                let named = plain.with("host", &format!("{host}:{PLAIN}"));
                let answer = named.ask(&format!("{method} {path}"), "").expect(308);
                assert_eq!(answer.all("location"), [format!("https://{host}:{DASHBOARD}{path}")], "{method}");
            }
        }
    }
    for foreign in ["evil.example", "tienda.example.evil.example"] {
        let answer = plain.with("host", foreign).get("/").expect(421);
        assert_eq!(answer.all("location"), Vec::<&str>::new(), "{foreign}");
    }
    deployment.visitor(DASHBOARD).with("accept", "text/html").get(paths[1]).expect(303);
}

/// API-12: what the program itself leads to is where one came from.
#[test]
fn nothing_leads_to_plain_http_or_to_another_port() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&REQUIRED);
    let _edge = deployment.open(&served);
    let browser = deployment.visitor(DASHBOARD).with("accept", "text/html");
    let stays = |answer: Answer| {
        let location = answer.expect(303).header("location").to_owned();
        assert!(location.starts_with('/') && !location.starts_with("//"), "{location}");
        location
    };
    assert_eq!(stays(browser.get("/login")), "/setup");
    browser.get("/setup").expect(200);
    let token = served.running.said["setup_token"].as_str().unwrap();
    let password = PASSWORD.replace(' ', "+");
    let form = format!("token={token}&username=ana&name=Ana&password={password}&password_again={password}");
    let form_of = |visitor: &Visitor| visitor.with("content-type", "application/x-www-form-urlencoded");
    stays(form_of(&browser).ask("POST /setup", &form));
    for path in ["/", "/products?q=leche", "/stock", "/setup"] {
        let to = stays(browser.get(path));
        browser.get(&to).expect(200);
    }
    let signed_in = form_of(&browser).ask("POST /login", &format!("username=ana&password={password}"));
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    stays(signed_in);
    stays(browser.with("cookie", &cookie).get("/products"));
}

/// What comes through the edge from the program, by its status.
fn passed_on(deployment: &Deployment, port: u16, key: &str) -> Vec<(u16, Answer)> {
    let stranger = deployment.visitor(port);
    let program = stranger.with("x-api-key", key).with("content-type", "application/json");
    let claims = stranger.with("content-length", "1000000000");
    let mut many = stranger.clone();
    for _ in 0..150 {
        many = many.and("x-one-of-many", "1");
    }
    vec![
        (200, stranger.get("/health/live")),
        (200, program.get("/api/v1/products")),
        (422, program.get("/api/v1/products?limit=none")),
        (400, program.ask("POST /api/v1/products", "{")),
        (401, stranger.get("/api/v1/products")),
        // Before the body was read.
        (401, claims.ask("POST /api/v1/products", "{")),
        (404, program.get("/api/v1/nothing")),
        (404, stranger.get("/metrics/")),
        (413, program.ask("POST /api/v1/products", &" ".repeat(TOO_LONG))),
        (414, stranger.get(&format!("/{}", "a".repeat(9_000)))),
        (421, stranger.with("host", "evil.example").get("/health/live")),
        (431, stranger.with("x-long", &"a".repeat(17_000)).get("/health/live")),
        // By the library, without a header of ours.
        (431, many.get("/health/live")),
    ]
}

/// What the edge answers by itself, by its status.
fn its_own(deployment: &Deployment, port: u16) -> Vec<(u16, Answer)> {
    let stranger = deployment.visitor(port);
    vec![
        (400, stranger.say("nonsense\r\n\r\n")),
        (400, stranger.say("GET / HTTP/1.1\r\n\r\n")),
        (400, stranger.say("GET / HTTP/1.1\r\nhost: localhost\r\nbad header: 1\r\n\r\n")),
        (404, stranger.get("/metrics")),
        (404, stranger.with("accept", "text/html").get("/metrics")),
        (405, stranger.ask("TRACE /", "")),
        (414, stranger.get(&format!("/{}", "a".repeat(40_000)))),
        (431, stranger.with("x-long", &"a".repeat(40_000)).get("/health/live")),
    ]
}

/// API-3, API-4, API-5, API-6, API-13, API-14, API-15, API-16, whoever answers; without TLS there is no promise of it.
#[test]
fn every_answer_through_the_edge_carries_each_header_once() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&[]);
    let _edge = deployment.open(&served);
    let key = deployment.key("read,write", 3_000);
    let model = Visitor::new(deployment.client(), served.running.dashboard()).with("host", "localhost");
    let model = model.get("/api/v1/products").expect(401);
    let browser = deployment.visitor(DASHBOARD).with("accept", "text/html");
    let pages = [(200, browser.get("/setup")), (303, browser.get("/products")), (404, browser.get("/nothing"))];
    let of_a_port = |(_, port)| passed_on(&deployment, port, &key).into_iter().chain(its_own(&deployment, port));
    for (status, answer) in FACES.into_iter().flat_map(of_a_port).chain(pages) {
        let answer = answer.expect(status);
        is_once_as_in(&model, &answer, &format!("{status}: {answer:?}"));
    }
    let plain = deployment.visitor(PLAIN).in_plain();
    let without = [
        (308, plain.get("/x?y")),
        (405, plain.ask("TRACE /", "")),
        (421, plain.with("host", "evil.example").get("/")),
        (400, deployment.visitor(DASHBOARD).in_plain().get("/")),
    ];
    for (status, mut answer) in without {
        assert_eq!(answer.all("strict-transport-security"), Vec::<&str>::new(), "{answer:?}");
        let promise = model.header("strict-transport-security").to_owned();
        answer.headers.push(("strict-transport-security".to_owned(), promise));
        is_once_as_in(&model, &answer.expect(status), &format!("{status} without TLS"));
    }
    served.stop();
    for (face, port) in FACES {
        let english = deployment.visitor(port).with("accept-language", "en");
        let answer = english.get("/health/live?token=s3cr3t").expect(502);
        is_once_as_in(&model, &answer, &format!("{face} is gone"));
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
        assert_eq!(answer.json()["detail"], "The shop does not answer. Try again in a minute.");
    }
    assert!(!deployment.written().contains("s3cr3t"), "addresses have tokens in them: {}", deployment.written());
}

/// Whom the trail says that requests were turned away of, once the program has ended.
fn turned_away(deployment: &Deployment) -> BTreeSet<String> {
    let trail = deployment.shop.path("trail.jsonl");
    deployment.shop.told(&["audit", "export", trail.to_str().unwrap()]);
    let trail = fs::read_to_string(trail).unwrap();
    let entries = trail.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let refused = entries.filter(|entry| entry["event"] == "http.refused");
    refused.map(|entry| entry["client_ip"].as_str().unwrap_or_default().to_owned()).collect()
}

/// API-11: whose request it is, is said by the edge alone, for budgets, the trail and the log.
#[test]
fn nobody_is_believed_about_their_own_address() {
    const BUDGET: u8 = 12;
    const CLAIMED: &str = "203.0.113";
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&[&format!("--set=http.stranger_requests_max={BUDGET}")]);
    let _edge = deployment.open(&served);
    let direct = Visitor::new(deployment.client(), served.running.dashboard()).with("host", "localhost");
    let outside = deployment.visitor(DASHBOARD);
    for (visitor, source) in [(&outside, [127, 0, 0, 21]), (&direct, [127, 0, 0, 31])] {
        let claiming = |last: u8| {
            let (claimed, chain) = (format!("{CLAIMED}.{last}"), format!("{CLAIMED}.{last}, 127.0.0.1"));
            let visitor = visitor.from(source).and("x-forwarded-for", &claimed).and("x-forwarded-for", &chain);
            let visitor = visitor.and("x-real-ip", &claimed).and("forwarded", &format!("for={claimed}"));
            visitor.get("/api/v1/products").status
        };
        let statuses: Vec<u16> = (1..=BUDGET + 3).map(claiming).collect();
        let admitted = usize::from(BUDGET);
        assert_eq!(statuses, [vec![401; admitted], vec![429; 3]].concat(), "{source:?} has one budget");
        let accused = source.map(|part| part.to_string()).join(".");
        let other = visitor.from([127, 0, 0, source[3] + 1]).with("x-forwarded-for", &accused);
        other.get("/api/v1/products").expect(401);
    }
    let log = served.stop();
    let expected = ["127.0.0.21", "127.0.0.22", "127.0.0.31", "127.0.0.32"];
    assert_eq!(turned_away(&deployment), expected.map(str::to_owned).into());
    assert!(!log.contains(CLAIMED) && log.contains(r#""client_ip":"127.0.0.21""#), "{log}");
    assert!(!deployment.written().contains(CLAIMED));
}

/// RL-6: what a key is good for comes through, and so would the largest quota, spent at once or evenly.
#[test]
fn a_keys_quota_is_never_undercut_by_the_edge() {
    const THREADS: usize = 25;
    const EACH: usize = 20;
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&REQUIRED);
    let _edge = deployment.open(&served);
    let program = deployment.visitor(DASHBOARD).with("x-api-key", &deployment.key("read", 3_000));
    let ask = || (0..EACH).map(|_| program.get("/api/v1/products").status).collect::<Vec<_>>();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let under_way: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
        under_way.into_iter().flat_map(|asked| asked.join().unwrap()).collect()
    });
    assert_eq!(statuses, [200; THREADS * EACH]);
    let shipped = shipped();
    let number = |before: &str, after: &str| {
        let text = shipped.split(before).nth(1).and_then(|rest| rest.split(after).next());
        text.and_then(|text| text.parse::<u64>().ok()).unwrap_or_else(|| panic!("{before}{text:?}{after}"))
    };
    assert!(number("zone=requests:16m rate=", "r/s;") * 60 >= QUOTA_MAX, "evenly");
    assert!(number("zone=requests burst=", " nodelay;") >= QUOTA_MAX, "at once");
}

/// RL-6: however a path is written and whichever face is asked, a stranger has one budget with the program.
#[test]
fn no_spelling_of_a_path_gets_past_the_budget_of_a_stranger() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&REQUIRED);
    let _edge = deployment.open(&served);
    let ask = |at: usize| {
        let visitor = deployment.visitor(FACES[at % 3].1).from([127, 0, 0, 41]);
        let visitor = if at.is_multiple_of(2) { visitor.with("accept", "text/html") } else { visitor };
        visitor.get(SPELLINGS[at % SPELLINGS.len()])
    };
    let asked = STRANGERS_BUDGET + 2 * SPELLINGS.len();
    let refused: Vec<usize> = (0..asked).filter(|at| ask(*at).status == 429).collect();
    assert_eq!(refused, (STRANGERS_BUDGET..asked).collect::<Vec<_>>(), "the first ones, and then nothing");
    deployment.visitor(DASHBOARD).from([127, 0, 0, 42]).get("/api/v1/products").expect(401);
}

/// RL-6: the edge's own limit counts whatever is asked for, its redirects and refusals included.
#[test]
fn no_path_gets_past_the_limit_of_the_edge() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&REQUIRED);
    let few = [("rate=17000r/s", "rate=1r/m"), ("burst=1000000", "burst=3")];
    let _edge = deployment.open_with(FACES.map(|(face, _)| served.running.addresses[face]), &few);
    let visitor = deployment.visitor(DASHBOARD).from([127, 0, 0, 51]);
    let model = visitor.get("/api/v1/products").expect(401);
    (0..3).for_each(|_| drop(visitor.get("/metrics").expect(404)));
    for (_, port) in FACES {
        for path in SPELLINGS.into_iter().chain(["/", "/metrics", "/%6detrics", "/health/live", "/static/nothing.js"]) {
            let answer = deployment.visitor(port).from([127, 0, 0, 51]).get(path).expect(429);
            is_once_as_in(&model, &answer, path);
            assert_eq!((answer.header("retry-after"), &answer.json()["code"]), ("1", &json!("too_many_requests")));
        }
    }
    let plain = deployment.visitor(PLAIN).in_plain().from([127, 0, 0, 51]);
    for host in ["tienda.example", "evil.example"] {
        plain.with("host", host).get("/").expect(429);
    }
    deployment.visitor(DASHBOARD).get("/health/live").expect(200);
}

/// KEY-10: numbers are for whoever asks the faces themselves, however the address is written.
#[test]
fn metrics_are_not_for_the_outside() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&[]);
    let _edge = deployment.open(&served);
    let key = deployment.key("metrics", 3_000);
    let direct = Visitor::new(deployment.client(), served.running.dashboard()).with("host", "localhost");
    direct.with("x-api-key", &key).get("/metrics").expect(200);
    let spellings = [
        "/metrics",
        "/metrics?",
        "/metrics?x=/",
        "/metrics#x",
        "//metrics",
        "/%6detrics",
        "/./metrics",
        "/x/../metrics",
        "/x/%2e%2e/metrics",
        "/metrics/",
        "/metrics/.",
        "/metrics;x",
        "/metrics%20",
        "/metrics%2f",
        "/%2fmetrics",
        "/METRICS",
        "http://localhost/metrics",
        "https://127.0.0.1//metrics",
    ];
    for (_, port) in FACES {
        for path in spellings {
            for method in ["GET", "HEAD", "OPTIONS", "POST"] {
                let answer = deployment.visitor(port).with("x-api-key", &key).ask(&format!("{method} {path}"), "");
                assert!((400..500).contains(&answer.status), "{method} {path}: {answer:?}");
                assert!(!answer.text().contains("gondola_"), "{method} {path}");
            }
        }
    }
}

/// Receives a product again and again, until somebody was told.
fn receive(program: &Visitor, has_come: &AtomicBool) {
    let program = program.with("content-type", "application/json");
    let product = json!({"sku": "LECHE", "name": "Leche", "category": "GEN", "unit": "un"});
    program.ask("POST /api/v1/products", &product.to_string()).expect(201);
    let receipt = json!({"kind": "receipt", "product": "sku:LECHE", "quantity": "10", "to": "deposito",
        "unit_cost": "900", "reason": "compra"});
    for number in 0..RECEIPTS_MAX {
        let program = program.with("idempotency-key", &format!("compra-{number}"));
        program.ask("POST /api/v1/movements", &receipt.to_string()).expect(201);
        thread::sleep(Duration::from_millis(100));
        if has_come.load(Ordering::Relaxed) {
            break;
        }
    }
}

/// An event comes when it happens, though the stream goes on. The first ones after a start are told to nobody.
#[test]
fn live_changes_do_not_wait_at_the_edge() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&REQUIRED);
    let _edge = deployment.open(&served);
    let program = deployment.visitor(DASHBOARD).with("x-api-key", &deployment.key("read,write", 3_000));
    let seen = program.follow("/api/v1/events", r#""sku":"LECHE""#, |has_come| receive(&program, has_come));
    assert!(seen.contains("event: stock"), "{seen}");
}

/// The certificate of the edge, as its files have it.
fn own_certificate(deployment: &Deployment) -> Issued {
    let text = |end: &str| fs::read_to_string(deployment.shop.certificates().join(format!("edge.{end}"))).unwrap();
    Issued { certificate: text("crt"), key: text("key") }
}

fn face(served: &Served, name: &str) -> SocketAddr {
    served.running.addresses[name]
}

/// TLS-2: a face that asks for certificates serves the edge, and nobody who passes it by.
#[test]
fn faces_that_ask_for_certificates_serve_the_edge_alone() {
    let Some(deployment) = Deployment::new() else { return };
    let served = deployment.serve(&REQUIRED);
    let _edge = deployment.open(&served);
    let nobody = Client::trusting(&fs::read(deployment.shop.certificates().join("ca.crt")).unwrap());
    for (name, port) in FACES {
        let address = face(&served, name);
        for client in [nobody.clone().only_1_2(), nobody.clone().only_1_3()] {
            let answer = client.get(address, "/health/live");
            assert!(answer.is_err(), "{name}: {answer:?}");
        }
        let answer = nobody.clone().showing(&own_certificate(&deployment)).get(address, "/health/live").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{name}: {answer}");
        deployment.visitor(port).get("/health/live").expect(200);
    }
}

/// TLS-2: what another authority signed, and what is ours with another name, is not the face that was meant. It gets no
/// request, and whoever asked gets no hint.
#[test]
fn the_edge_sends_nothing_to_who_is_not_the_face() {
    let Some(deployment) = Deployment::new() else { return };
    let (served, other) = (deployment.serve(&[]), Shop::on_sqlite(&["--ecdsa"]));
    let impostor = other.serve();
    let faces = [face(&impostor, "dashboard"), face(&served, "negocio"), face(&served, "negocio")];
    let _edge = deployment.open_with(faces, &[]);
    let key = "gnd_of-somebody-who-trusts-the-edge";
    for (_, port) in &FACES[..2] {
        for accept in ["application/json", "text/html"] {
            let visitor = deployment.visitor(*port).with("x-api-key", key).with("accept", accept);
            let answer = visitor.get("/health/live?of=s3cr3t").expect(502);
            let told = format!("{answer:?} {}", answer.text()).to_ascii_lowercase();
            for inner in ["certificate", "ssl", "upstream", "127.0.0.1", "s3cr3t", key] {
                assert!(!answer.text().contains(inner), "{inner} in {told}");
            }
        }
    }
    deployment.visitor(FACES[2].1).get("/health/live").expect(200);
    let written = deployment.written();
    assert!(!written.contains("s3cr3t") && !written.contains(key), "{written}");
    let log = impostor.stop();
    assert!(!log.contains("request answered"), "{log}");
    assert_eq!(served.stop().matches("request answered").count(), 1);
}

/// TLS-4: the edge speaks what the faces speak.
#[test]
fn the_edge_speaks_no_old_version_or_suite_without_forward_secrecy() {
    if !is_here() {
        return;
    }
    let deployment = Deployment::certified(Shop::on_sqlite(&[]), own_address(), &[]);
    let served = deployment.serve(&[]);
    let _edge = deployment.open(&served);
    let client = Client::trusting(&fs::read(deployment.shop.certificates().join("ca.crt")).unwrap());
    for (face, port) in FACES {
        speaks_nothing_old(face, &client, || connect((deployment.address, port).into()));
    }
}

/// A05, PEN-1: of a whole deployment the outside finds the edge, and nothing else, whichever port it tries.
#[test]
fn only_the_ports_of_the_edge_can_be_found_from_outside() {
    if !is_here() {
        return;
    }
    let address = own_address();
    let before = open_ports(address);
    let shop = Shop::on_postgres(&["--ecdsa"]).unwrap_or_else(|| Shop::on_sqlite(&["--ecdsa"]));
    let redis = shop.redis(&["--ecdsa"]);
    let deployment = Deployment::of(shop, address);
    let authority = format!("--set=redis.ca_file={}", deployment.shop.certificates().join("ca.crt").display());
    let shared = redis.as_ref().map(|redis| format!("--set=redis.url={}", redis.url()));
    let settings: Vec<&str> =
        shared.iter().flat_map(|url| [authority.as_str(), url.as_str()]).chain(REQUIRED).collect();
    let served = deployment.serve(&settings);
    let _edge = deployment.open(&served);
    deployment.visitor(DASHBOARD).get("/health/ready").expect(200);
    let expected: BTreeSet<u16> = FACES.map(|(_, port)| port).into_iter().chain([PLAIN]).collect();
    let found: BTreeSet<u16> = open_ports(address).difference(&before).copied().collect();
    assert_eq!(found, expected);
}
