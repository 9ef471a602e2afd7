//! API keys on both engines: made once, known by their digest only, refused alike in every wrong way.

use std::time::Duration;

use crate::common::people::{encoded, form_key, signed_in, user};
use crate::common::shop_with;
use axum::http::Method;
use gondola_shop::FEATURES;
use gondola_shop::kernel::{Access, Endpoint, Face, OpClass};
use gondola_shop::people::console::CreatedKey;
use gondola_shop::people::{KeyInput, RotationInput, console};
use gondola_store::{both, sqlx};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn key(shop: &TestShop, name: &str, scopes: &[&str]) -> CreatedKey {
    let input = KeyInput {
        name: Some(name.to_owned()),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..KeyInput::default()
    };
    console::create_key(shop.db(), &shop.app().zone, input).await.expect("make a key")
}

async fn me(shop: &TestShop, secret: &str) -> u16 {
    shop.program().header("x-api-key", secret).get("/api/v1/me").await.status
}

both_engines! {
    /// KEY-1, KEY-2: the secret is in the answer that makes the key and nowhere else.
    fn a_secret_is_shown_once_and_kept_as_a_digest(shop: TestShop) {
        let admin = shop.api(console_admin(&shop).await);
        let made = admin.post("/api/v1/keys", json!({"name": "balanza", "scopes": ["read", "write"], "quota": 600}))
            .await.expect_status(201).json();
        let secret = made["secret"].as_str().unwrap();
        assert!(secret.starts_with("gnd_") && secret.len() == 53, "{secret}");
        assert_eq!(made["scopes"], json!(["read", "write"]));
        assert_eq!(me(&shop, secret).await, 200);
        let list = admin.get("/api/v1/keys").await.expect_status(200);
        assert!(!list.text().contains(secret) && !list.text().contains("secret"), "{}", list.text());
        assert_eq!(list.json()["items"][0]["quota"], 600);
        if let Some(file) = shop.db().file() {
            for file in [file.to_owned(), file.with_extension("db-wal")] {
                let bytes = std::fs::read(file).unwrap();
                assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
            }
        }
    }
}

/// An administrator who is a row of the shop, as the owner of keys must be.
async fn console_admin(shop: &TestShop) -> gondola_store::Actor {
    let owner = user(shop, "marta", "admin").await;
    gondola_store::Actor { id: owner.id, name: owner.name, ..shop.admin() }
}

both_engines! {
    /// A request for a key that is sent twice makes one key, and does not repeat the secret.
    fn the_same_request_makes_no_second_key_and_repeats_no_secret(shop: TestShop) {
        let admin = shop.api(console_admin(&shop).await).key("once");
        let body = json!({"name": "balanza", "scopes": ["read"]});
        let first = admin.post("/api/v1/keys", body.clone()).await.expect_status(201);
        let second = admin.post("/api/v1/keys", body).await.expect_problem(409, "secret_shown_once");
        assert!(!second.text().contains(first.json()["secret"].as_str().unwrap()));
        assert_eq!(console::list_keys(shop.db()).await.unwrap().len(), 1);
    }
}

both_engines! {
    fn what_a_key_cannot_be_is_told_at_once(shop: TestShop) {
        let admin = shop.api(console_admin(&shop).await);
        let answer = admin.post("/api/v1/keys", json!({"scopes": ["root"], "quota": 0, "expires_on": "2036-01-01"})).await;
        let fields: Vec<String> = answer.expect_status(422).json()["errors"].as_array().unwrap()
            .iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect();
        assert_eq!(fields, ["name", "scopes", "quota", "expires_on"]);
        admin.post("/api/v1/keys", json!({"name": "a", "scopes": ["read"], "location": "luna"})).await
            .expect_problem(422, "invalid");
        admin.post("/api/v1/keys", json!({"name": "a", "scopes": ["read"]})).await.expect_status(201);
        admin.post("/api/v1/keys", json!({"name": "a", "scopes": ["read"]})).await.expect_problem(409, "key_name_taken");
    }
}

/// What an answer says, without its request id.
fn said(answer: &Answer) -> (u16, String) {
    let mut body = answer.json();
    body["request_id"] = "".into();
    (answer.status, body.to_string())
}

both_engines! {
    /// KEY-4: missing, wrong, malformed, expired and revoked keys are refused alike, everywhere.
    fn every_key_that_is_no_good_gets_the_same_answer(shop: TestShop) {
        let expired = key(&shop, "vieja", &["admin"]).await;
        shop.clock().advance(61 * DAY);
        let revoked = key(&shop, "revocada", &["admin"]).await;
        console::revoke_key(shop.db(), "revocada").await.unwrap();
        let good = key(&shop, "buena", &["admin"]).await;
        assert_eq!(me(&shop, good.secret.reveal()).await, 200);
        let (mut bent, last) = (good.secret.reveal().to_owned(), good.secret.reveal().len() - 1);
        bent.replace_range(last.., if bent.ends_with('0') { "1" } else { "0" });
        let stranger = gondola_shop::people::Secret::draw_key();
        let bad = [expired.secret.reveal(), revoked.secret.reveal(), &bent, stranger.reveal(), "", "gnd_", "ñandú"];
        let refusal = said(&shop.program().get("/api/v1/me").await);
        assert_eq!(refusal.0, 401);
        for face in Face::ALL {
            for (method, path) in api_calls(face) {
                let (program, call) = (shop.program().on(face), format!("{method} {path} of {}", face.name()));
                assert_eq!(said(&program.send(method.clone(), &path, None).await), refusal, "{call}");
                for secret in bad {
                    let presented = program.clone().header("x-api-key", secret);
                    assert_eq!(said(&presented.send(method.clone(), &path, None).await), refusal, "{call}");
                }
            }
        }
    }
}

both_engines! {
    /// SEC-2: nothing that a request says of itself makes somebody of a stranger.
    fn no_header_stands_in_for_a_key(shop: TestShop) {
        let refusal = said(&shop.program().get("/api/v1/products").await);
        for (name, value) in [
            ("authorization", "Basic YWRtaW46YWRtaW4="), ("authorization", "Bearer null"), ("x-forwarded-user", "admin"),
            ("x-remote-user", "admin"), ("x-real-ip", "127.0.0.1"), ("x-forwarded-for", "127.0.0.1"), ("x-original-url", "/health"),
            ("x-ssl-client-verify", "SUCCESS"), ("x-debug", "1"), ("cookie", "session=admin; role=admin"), ("x-api-key", "null"),
        ] {
            assert_eq!(said(&shop.program().header(name, value).get("/api/v1/products").await), refusal, "{name}: {value}");
        }
        assert_eq!(refusal.0, 401);
    }
}

/// Every call that a face serves to somebody and not to everybody, pages included where there are any.
fn closed(face: Face) -> impl Iterator<Item = (Method, String)> {
    let served = FEATURES.iter().filter(move |feature| feature.faces.include(face));
    let is_closed = move |endpoint: &Endpoint| {
        endpoint.access != Access::Anonymous && (face == Face::Dashboard || endpoint.class != OpClass::Page)
    };
    let endpoints = served.flat_map(|feature| (feature.endpoints)()).filter(is_closed);
    endpoints.map(|endpoint| (endpoint.method, endpoint.path.replace(['{', '}'], "")))
}

/// Every call below `/api/` with its own method, one that the face does not serve with any, and the metrics.
fn api_calls(face: Face) -> Vec<(Method, String)> {
    let mut calls: Vec<(Method, String)> = closed(face).filter(|(_, path)| path.starts_with("/api/")).collect();
    let methods = [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE];
    calls.extend(methods.map(|method| (method, "/api/v1/nothing-here".to_owned())));
    calls.push((Method::GET, "/metrics".to_owned()));
    calls
}

both_engines! {
    /// KEY-7: a revoked key is refused at the next request.
    fn a_revoked_key_is_refused_at_once(shop: TestShop) {
        let admin = shop.api(console_admin(&shop).await);
        let made = key(&shop, "balanza", &["read"]).await;
        assert_eq!(me(&shop, made.secret.reveal()).await, 200);
        let path = format!("/api/v1/keys/{}/revoke", made.key.id);
        let revoked = admin.post(&path, json!({})).await.expect_status(200).json();
        assert!(revoked["revoked_at"].is_string());
        assert_eq!(me(&shop, made.secret.reveal()).await, 401);
        let again = admin.post(&path, json!({})).await.expect_status(200).json();
        assert_eq!(again["revoked_at"], revoked["revoked_at"]);
        admin.post(&format!("/api/v1/keys/{}/revoke", crate::common::nothing()), json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// KEY-9, AUD-5, R-30: what a key looked at and took along is told by its id, with how many rows and from where: a key that leaked is
    /// known by what it read.
    fn what_a_key_read_is_told_by_its_id(shop: TestShop) {
        let product = |sku: &str| json!({"name": format!("Producto {sku}"), "sku": sku, "category": "GEN", "unit": "un", "acquisition_cost": "90"});
        shop_with(&shop, &[product("A"), product("B")]).await;
        let leaked = key(&shop, "balanza", &["read"]).await;
        let thief = shop.program().from("192.0.2.66".parse().unwrap()).header("x-api-key", leaked.secret.reveal());
        for path in ["products/sku:A", "products", "products?format=csv", "inventory?format=csv"] {
            thief.get(&format!("/api/v1/{path}")).await.expect_status(200);
        }
        let (api, who) = (shop.api(shop.admin()), format!("key:{}", leaked.key.id));
        let told = async |path: &str, fields: [&str; 5]| {
            let list = api.get(&format!("/api/v1/audit{path}")).await.expect_status(200).json();
            let rows = list["items"].as_array().unwrap().iter();
            rows.map(|row| json!(fields.map(|field| row[field].clone()))).collect::<Vec<_>>()
        };
        let looks = told(&format!("/accesses?user={who}"), ["operation", "purpose", "records", "actor", "client_ip"]).await;
        let look = |operation: &str, purpose: &str, records: i64| json!([operation, purpose, records, who, "192.0.2.66"]);
        assert_eq!(looks, [look("EXPORT", "catalogue.list_products", 2), look("DECRYPT", "catalogue.list_products", 2), look("DECRYPT", "catalogue.get_product", 1)]);
        shop.db().write_reads().await.unwrap();
        let taken = told(&format!("?family=read&user={who}"), ["event", "resource", "records", "reason", "client_ip"]).await;
        let of = |event: &str, resource: &str, records: i64, reason: &str| json!([event, resource, records, reason, "192.0.2.66"]);
        let cost = "products.acquisition_cost";
        let [mut reads, lists]: [Vec<Value>; 2] = [true, false].map(|read| taken.iter().filter(|row| (row[0] == "protected.read") == read).cloned().collect());
        assert_eq!(lists, [of("list.exported", "inventory.csv", 2, ""), of("list.exported", "products.csv", 2, "")]);
        reads.sort_by_key(|row| row[2].as_i64());
        assert_eq!(reads, [of("protected.read", cost, 1, "catalogue.get_product"), of("protected.read", cost, 2, "catalogue.list_products")]);
        shop.db().write_reads().await.unwrap();
        assert_eq!(told(&format!("?event=protected.read&user={who}"), ["event"; 5]).await.len(), 2, "each is told once");
        let page = shop.page(shop.admin()).get("/audit/accesses?user=balanza").await.expect_status(200).text();
        assert!(page.contains("balanza") && page.contains("192.0.2.66"), "{page}");
    }
}

async fn rotate(shop: &TestShop, name: &str, overlap_hours: Option<i64>) -> CreatedKey {
    let input = RotationInput { overlap_hours, expires_on: None };
    console::rotate_key(shop.db(), &shop.app().zone, name, input).await.expect("rotate a key")
}

both_engines! {
    /// KEY-5: both secrets are good for a day, then the new one alone; a third one waits.
    fn a_rotated_key_has_two_secrets_for_a_day(shop: TestShop) {
        let old = key(&shop, "balanza", &["read"]).await;
        shop.clock().advance(50 * DAY);
        let new = rotate(&shop, "balanza", None).await;
        assert_eq!((old.key.id, &old.key.scopes), (new.key.id, &new.key.scopes));
        assert!(new.key.expires_at > old.key.expires_at);
        assert_eq!((me(&shop, old.secret.reveal()).await, me(&shop, new.secret.reveal()).await), (200, 200));
        let refused = console::rotate_key(shop.db(), &shop.app().zone, "balanza", RotationInput::default()).await;
        assert_eq!(refused.unwrap_err().code, "rotated_already");
        shop.clock().advance(DAY - Duration::from_secs(1));
        assert_eq!((me(&shop, old.secret.reveal()).await, me(&shop, new.secret.reveal()).await), (200, 200));
        shop.clock().advance(Duration::from_secs(1));
        assert_eq!((me(&shop, old.secret.reveal()).await, me(&shop, new.secret.reveal()).await), (401, 200));
        let third = rotate(&shop, "balanza", None).await;
        let at_once = rotate(&shop, "balanza", Some(0)).await;
        for (secret, status) in [(&new, 401), (&third, 401), (&at_once, 200)] {
            assert_eq!(me(&shop, secret.secret.reveal()).await, status);
        }
    }
}

both_engines! {
    /// KEY-5, KEY-6: nothing outlives its own lifetime by being rotated, and what has ended stays ended.
    fn rotation_revives_nothing(shop: TestShop) {
        let old = key(&shop, "balanza", &["read"]).await;
        let hour = 3_600_000_000;
        let left = u64::try_from(old.key.expires_at - gondola_store::Clock::now(shop.clock()) - hour).unwrap();
        shop.clock().advance(Duration::from_micros(left));
        let new = rotate(&shop, "balanza", None).await;
        assert_eq!(new.key.previous_until, Some(old.key.expires_at));
        shop.clock().advance(Duration::from_secs(3600));
        assert_eq!((me(&shop, old.secret.reveal()).await, me(&shop, new.secret.reveal()).await), (401, 200));
        console::revoke_key(shop.db(), "balanza").await.unwrap();
        assert_eq!((me(&shop, old.secret.reveal()).await, me(&shop, new.secret.reveal()).await), (401, 401));
        let refuse = async |name| {
            let input = RotationInput { overlap_hours: Some(0), expires_on: None };
            console::rotate_key(shop.db(), &shop.app().zone, name, input).await.unwrap_err().code
        };
        assert_eq!(refuse("balanza").await, "key_ended");
        key(&shop, "vieja", &["read"]).await;
        shop.clock().advance(61 * DAY);
        assert_eq!(refuse("vieja").await, "key_ended");
        assert_eq!(refuse("ninguna").await, "not_found");
    }
}

both_engines! {
    fn a_key_is_rotated_over_the_api_and_its_secret_shown_once(shop: TestShop) {
        let admin = shop.api(console_admin(&shop).await);
        let old = key(&shop, "balanza", &["read"]).await;
        let path = format!("/api/v1/keys/{}/rotate", old.key.id);
        for bad in [json!({"overlap_hours": -1}), json!({"overlap_hours": 169}), json!({"expires_on": "2036-01-01"})] {
            admin.post(&path, bad).await.expect_problem(422, "invalid");
        }
        let made = admin.clone().key("again").post(&path, json!({"overlap_hours": 1})).await.expect_status(200).json();
        assert!(made["previous_until"].is_string(), "{made}");
        assert_eq!((me(&shop, old.secret.reveal()).await, me(&shop, made["secret"].as_str().unwrap()).await), (200, 200));
        admin.clone().key("again").post(&path, json!({"overlap_hours": 1})).await.expect_problem(409, "secret_shown_once");
        admin.post(&path, json!({})).await.expect_problem(409, "rotated_already");
        admin.post(&format!("/api/v1/keys/{}/rotate", crate::common::nothing()), json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// KEY-5: of those who rotate a key at once one does, and the secret that was in use is good for a day all the same.
    fn of_many_rotations_at_once_one_happens(shop: TestShop) {
        let old = key(&shop, "balanza", &["read"]).await;
        let many = (0..8).map(|_| console::rotate_key(shop.db(), &shop.app().zone, "balanza", RotationInput::default()));
        let done = futures_util::future::join_all(many).await;
        let refused: Vec<_> = done.iter().filter_map(|done| done.as_ref().err()).map(|problem| problem.code).collect();
        assert_eq!(refused, ["rotated_already"; 7]);
        let new = done.into_iter().find_map(Result::ok).unwrap();
        assert_eq!((me(&shop, old.secret.reveal()).await, me(&shop, new.secret.reveal()).await), (200, 200));
    }
}

both_engines! {
    /// KEY-5: who uses the key meanwhile is never refused.
    fn nobody_is_refused_while_a_key_is_rotated(shop: TestShop) {
        let old = key(&shop, "balanza", &["read"]).await;
        let ask = async |secret: &str| {
            for _ in 0..60 {
                assert_eq!(me(&shop, secret).await, 200);
            }
        };
        let rotated = async {
            let new = rotate(&shop, "balanza", None).await;
            ask(new.secret.reveal()).await;
        };
        tokio::join!(ask(old.secret.reveal()), ask(old.secret.reveal()), rotated);
    }
}

both_engines! {
    /// KEY-1: from elsewhere a key is no good, like one that does not exist.
    fn a_key_works_from_its_networks_only(shop: TestShop) {
        let input = KeyInput {
            name: Some("sucursal".to_owned()),
            scopes: vec!["read".to_owned()],
            networks: vec!["192.168.7.0/24".to_owned(), "fd00::/8".to_owned()],
            ..KeyInput::default()
        };
        let made = console::create_key(shop.db(), &shop.app().zone, input).await.unwrap();
        let from = async |address: &str| {
            let program = shop.program().from(address.parse().unwrap()).header("x-api-key", made.secret.reveal());
            said(&program.get("/api/v1/me").await)
        };
        for near in ["192.168.7.1", "192.168.7.254", "::ffff:192.168.7.9", "fd12::1"] {
            assert_eq!(from(near).await.0, 200, "{near}");
        }
        let nothing = said(&shop.program().get("/api/v1/me").await);
        for far in ["192.168.8.1", "127.0.0.1", "2001:db8::1"] {
            assert_eq!(from(far).await, nothing, "{far}");
        }
        let told = shop.api(console_admin(&shop).await).get("/api/v1/keys").await.expect_status(200).json();
        assert_eq!(told["items"][0]["networks"], json!(["192.168.7.0/24", "fd00::/8"]));
    }
}

both_engines! {
    /// USR-12: the keys of somebody who is disabled end with them.
    fn a_key_ends_with_whoever_made_it(shop: TestShop) {
        user(&shop, "jefa", "admin").await;
        let owner = console_admin(&shop).await;
        let made = shop.api(owner).post("/api/v1/keys", json!({"name": "suya", "scopes": ["read", "admin"]})).await.expect_status(201).json();
        assert_eq!(made["owner"], "marta");
        let secret = made["secret"].as_str().unwrap();
        let child = shop.program().header("x-api-key", secret).post("/api/v1/keys", json!({"name": "hija", "scopes": ["read"]})).await.expect_status(201).json();
        assert_eq!(child["owner"], "marta", "a key answers to the same person as the key that made it");
        let console = key(&shop, "de consola", &["read"]).await;
        console::disable_user(shop.db(), "marta").await.unwrap();
        assert_eq!(me(&shop, secret).await, 401);
        assert_eq!(me(&shop, child["secret"].as_str().unwrap()).await, 401);
        assert_eq!(me(&shop, console.secret.reveal()).await, 200);
    }
}

both_engines! {
    /// KEY-8: a key in the address is refused even when it is good.
    fn a_key_in_the_address_is_refused(shop: TestShop) {
        let made = key(&shop, "balanza", &["read"]).await;
        let secret = made.secret.reveal();
        for query in [format!("api_key={secret}"), format!("anything={secret}")] {
            let program = shop.program().header("x-api-key", secret);
            for path in ["/api/v1/me", "/health", "/assets/app.css", "/login"] {
                program.get(&format!("{path}?{query}")).await.expect_problem(400, "key_in_address");
            }
        }
    }
}

both_engines! {
    /// KEY-10: a metrics key scrapes every face, also as a bearer token, and gets 403 from everything else: calls, pages and
    /// the document.
    fn a_metrics_key_opens_the_metrics_and_nothing_else(shop: TestShop) {
        let made = key(&shop, "prometheus", &["metrics"]).await;
        let secret = made.secret.reveal();
        let bearer = shop.program().header("authorization", &format!("Bearer {secret}"));
        bearer.get("/metrics").await.expect_status(200);
        bearer.get("/api/v1/me").await.expect_status(401);
        for face in Face::ALL {
            let scraper = shop.program().on(face).header("x-api-key", secret);
            scraper.get("/metrics").await.expect_status(200);
            let own = ["/openapi.json", "/docs"].map(|path| (Method::GET, path.to_owned()));
            let own = own.into_iter().filter(|(_, path)| face == Face::Dashboard || path != "/docs");
            for (method, path) in closed(face).chain(own) {
                let call = format!("{method} {path} of {}", face.name());
                assert_eq!(scraper.send(method, &path, None).await.status, 403, "{call}");
            }
        }
        let other = key(&shop, "lectora", &["read"]).await;
        shop.program().header("x-api-key", other.secret.reveal()).get("/metrics").await.expect_status(403);
    }
}

both_engines! {
    /// API-1: a key opens no page.
    fn a_key_opens_no_page(shop: TestShop) {
        let made = key(&shop, "todo", &["read", "write", "admin"]).await;
        let browser = shop.browser().header("x-api-key", made.secret.reveal());
        for path in ["/people", "/keys", "/account"] {
            browser.get(path).await.expect_status(403);
        }
    }
}

both_engines! {
    fn the_last_use_is_written_at_most_once_a_minute(shop: TestShop) {
        let made = key(&shop, "balanza", &["read"]).await;
        let begin = gondola_store::Clock::now(shop.clock());
        me(&shop, made.secret.reveal()).await;
        used_at(&shop, begin).await;
        shop.clock().advance(Duration::from_secs(59));
        me(&shop, made.secret.reveal()).await;
        shop.clock().advance(Duration::from_secs(2));
        me(&shop, made.secret.reveal()).await;
        used_at(&shop, begin + 61_000_000).await;
    }
}

/// Waits until the last use, which no request waits for, is written; it is never another instant.
async fn used_at(shop: &TestShop, at: i64) {
    loop {
        let mut rx = shop.db().read().await.unwrap();
        let mut tx = rx.as_tx();
        let (used,): (Option<i64>,) =
            both!(&mut tx, c, _text => sqlx::query_as("select last_used_at from api_keys").fetch_one(c).await.unwrap());
        match used {
            Some(used) if used == at => return,
            Some(used) => assert!(used < at, "{used}"),
            None => {}
        }
        tokio::task::yield_now().await;
    }
}

both_engines! {
    /// A narrowed administrator gives away no more than they have.
    fn whoever_is_bound_to_one_place_gives_rights_there_only(shop: TestShop) {
        crate::common::stocked(&shop, &[]).await;
        let owner = console_admin(&shop).await;
        let wide = shop.api(owner.clone());
        let made = wide.post("/api/v1/keys", json!({"name": "local", "scopes": ["admin"], "location": "local"})).await.expect_status(201).json();
        let narrow = shop.program().header("x-api-key", made["secret"].as_str().unwrap());
        for location in [json!(null), json!("deposito")] {
            let body = json!({"name": "más", "scopes": ["read"], "location": location});
            let refused = narrow.post("/api/v1/keys", body).await.expect_problem(422, "invalid");
            assert_eq!(refused.json()["errors"][0]["code"], "outside_location");
        }
        narrow.post("/api/v1/keys", json!({"name": "igual", "scopes": ["read"], "location": "local"})).await.expect_status(201);
        assert_eq!(narrow.get("/api/v1/me").await.expect_status(200).json()["location"], "local");
        assert_eq!(narrow.get("/api/v1/users").await.expect_status(200).json()["items"][0]["username"], "marta");
    }
}

both_engines! {
    /// The page shows the secret in its answer, once.
    fn the_page_shows_a_new_secret_once(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let form = format!("{}&name={}&scopes=read&scopes=write", form_key(1), encoded("balanza 1"));
        let html = browser.form("/keys", &form).await.expect_status(201).text();
        let at = html.find("gnd_").expect("the secret");
        assert_eq!(me(&shop, &html[at..at + 53]).await, 200);
        browser.form("/keys", &form).await.expect_status(303);
        assert!(!browser.get("/keys").await.expect_status(200).text().contains("gnd_"));
        let wrong = browser.form("/keys", &format!("{}&name=&quota=mucho", form_key(2))).await.expect_status(422).text();
        assert!(wrong.contains("quota-error"), "{wrong}");
        let id = console::list_keys(shop.db()).await.unwrap()[0].id;
        let renewed = browser.form(&format!("/keys/{id}/rotate"), &form_key(3)).await.expect_status(200).text();
        let new = renewed.find("gnd_").expect("the new secret");
        assert_eq!((me(&shop, &renewed[new..new + 53]).await, me(&shop, &html[at..at + 53]).await), (200, 200));
        for (number, asked) in [(3, "shown once"), (4, "the one before is still good")] {
            let page = browser.form(&format!("/keys/{id}/rotate"), &form_key(number)).await.expect_status(303);
            assert!(!page.text().contains("gnd_"), "{asked}");
        }
        browser.form(&format!("/keys/{id}/revoke"), "").await.expect_status(303);
        assert_eq!(me(&shop, &html[at..at + 53]).await, 401);
    }
}
