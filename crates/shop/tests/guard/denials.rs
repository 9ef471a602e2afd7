//! AUD-5 for what was refused: each cause leaves one entry in the audit trail, with its status and reason, who asked
//! and from where. Who is somebody the shop knows by a real session or key, never by what a header says; whoever is
//! turned away before they are asked is nobody, and is told by their address. Time limits, the budgets of people and
//! addresses, and failures of the program itself are met in the server's own tests.

use std::time::Duration;

use crate::common::people::{PASSWORD, encoded, session_of, try_log_in, user};
use crate::common::{movement, receipt, stocked};
use axum::http::Method;
use gondola_shop::kernel::Face;
use gondola_shop::people::{KeyInput, Secret, UserInput, console};
use gondola_store::{both, sqlx};
use gondola_testkit::{Answer, Client, TestShop, both_engines};
use serde_json::json;

const ADDRESS: &str = "192.0.2.7";
const AGENT: &str = "caja/1";
const REQUEST: &str = "pedido-0001";

/// An entry about a refusal.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Told {
    status: i64,
    reason: String,
    actor: String,
    actor_name: String,
    face: String,
    resource: String,
    client_ip: String,
    agent: String,
    request_id: String,
    records: i64,
}

/// The refusals that the trail tells of, once what waits is written.
async fn refusals(shop: &TestShop) -> Vec<Told> {
    shop.refusals().write(shop.db()).await.unwrap();
    let mut rx = shop.db().read().await.unwrap();
    both!(&mut rx.as_tx(), c, _text => sqlx::query_as(
        "select status, reason, actor, actor_name, face, resource, client_ip, agent, request_id, records
         from audit_trail where event = 'http.refused' order by sequence").fetch_all(c).await.unwrap())
}

/// Somebody who asks, and what the trail should call them.
struct Asker<'s> {
    client: Client<'s>,
    actor: String,
    name: String,
    agent: &'static str,
}

impl<'s> Asker<'s> {
    /// Somebody at a known machine, with a program that says its name.
    fn new(client: Client<'s>, actor: String, name: &str) -> Self {
        let client = client.from(ADDRESS.parse().unwrap()).header("user-agent", AGENT).header("x-request-id", REQUEST);
        Self { client, actor, name: name.to_owned(), agent: AGENT }
    }

    fn nobody(client: Client<'s>) -> Self {
        Self::new(client, "anonymous".to_owned(), "")
    }

    /// Somebody who logs in, and sees one place or all.
    async fn person(shop: &'s TestShop, username: &str, role: &str, location: Option<&str>) -> Self {
        let input = UserInput {
            username: Some(username.to_owned()),
            name: Some(format!("{username} de prueba")),
            role: Some(role.to_owned()),
            location: location.map(str::to_owned),
            password: Some(PASSWORD.to_owned()),
        };
        let person = console::add_user(shop.db(), input).await.unwrap();
        let cookie = session_of(&try_log_in(shop, username, PASSWORD).await.expect_status(303));
        let client = shop.program().header("cookie", &cookie);
        Self::new(client, format!("user:{}", person.id), &person.name)
    }

    /// The same as nobody, where nobody looked who they are: neither is it told what program they use.
    fn unasked(&self) -> Self {
        Self { client: self.client.clone(), actor: "anonymous".to_owned(), name: String::new(), agent: "" }
    }

    fn with(&self, change: impl FnOnce(Client<'s>) -> Client<'s>) -> Self {
        Self {
            client: change(self.client.clone()),
            actor: self.actor.clone(),
            name: self.name.clone(),
            agent: self.agent,
        }
    }

    /// What the trail should say of a refusal by this somebody.
    fn told(&self, status: i64, reason: &str, resource: &str) -> Told {
        let text = str::to_owned;
        Told {
            status,
            reason: text(reason),
            actor: self.actor.clone(),
            actor_name: self.name.clone(),
            face: text("dashboard"),
            resource: text(resource),
            client_ip: text(ADDRESS),
            agent: text(self.agent),
            request_id: text(REQUEST),
            records: 1,
        }
    }
}

/// A refusal leaves one entry, and this one.
#[track_caller]
fn left_one(before: &[Told], after: &[Told], expected: &Told) {
    assert_eq!(&after[..before.len()], before);
    assert_eq!(&after[before.len()..], std::slice::from_ref(expected), "the entries of one refusal");
}

/// Sends one request, which must be refused so, and looks for its entry.
async fn leaves(shop: &TestShop, expected: &Told, answer: impl Future<Output = Answer>) -> Answer {
    let before = refusals(shop).await;
    let answer = answer.await;
    assert_eq!(i64::from(answer.status), expected.status, "{}", answer.text());
    left_one(&before, &refusals(shop).await, expected);
    answer
}

async fn a_key<'s>(shop: &'s TestShop, name: &str, quota: Option<i64>) -> Asker<'s> {
    let input = KeyInput { name: Some(name.to_owned()), scopes: vec!["read".to_owned()], quota, ..KeyInput::default() };
    let key = console::create_key(shop.db(), &shop.app().zone, input).await.unwrap();
    Asker::new(shop.program().header("x-api-key", key.secret.reveal()), format!("key:{}", key.key.id), name)
}

const PRODUCTS: &str = "/api/v1/products";
const MOVEMENTS: &str = "/api/v1/movements";

both_engines! {
    /// 401: without a key, with one that never was, with one that is no good any more, with a wrong password or code.
    fn whoever_is_not_known_is_told_by_their_address(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let stranger = Asker::nobody(shop.program()).unasked();
        let told = stranger.told(401, "unauthorized", "GET unmatched");
        leaves(&shop, &told, stranger.client.get(PRODUCTS)).await;
        let told = stranger.told(401, "unauthorized", "POST unmatched");
        leaves(&shop, &told, stranger.client.post(MOVEMENTS, receipt("LECHE", "1", "100"))).await;
        let unknown = Secret::draw_key().reveal().to_owned();
        let forged = stranger.with(|client| client.header("x-api-key", &unknown));
        let told = forged.told(401, "unauthorized", "DELETE unmatched");
        leaves(&shop, &told, forged.client.delete("/api/v1/keys/1")).await;
        let session = format!("gondola_session={}", "A".repeat(43));
        let over = stranger.with(|client| client.header("cookie", &session));
        leaves(&shop, &over.told(401, "unauthorized", "PUT unmatched"), over.client.put(PRODUCTS, json!({}))).await;
        let revoked = a_key(&shop, "revocada", None).await;
        console::revoke_key(shop.db(), "revocada").await.unwrap();
        let told = revoked.told(401, "key_revoked", "GET unmatched");
        leaves(&shop, &told, revoked.client.get(PRODUCTS)).await;
        assert!(!format!("{:?}", refusals(&shop).await).contains(&unknown), "a key is not told");
    }
}

both_engines! {
    /// 401 and 429 at the log-in. The page comes back as a form, so the trail has the status alone.
    fn whoever_does_not_get_in_is_told(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let stranger = Asker::nobody(shop.browser());
        for _ in 0..5 {
            let wrong = stranger.client.form("/login", "username=marta&password=una+frase+cualquiera");
            leaves(&shop, &stranger.told(401, "", "POST /login"), wrong).await;
        }
        let right = format!("username=marta&password={}", encoded(PASSWORD));
        leaves(&shop, &stranger.told(429, "", "POST /login"), stranger.client.form("/login", &right)).await;
        let step = stranger.client.form("/login/second-step", "ticket=x&code=000000");
        leaves(&shop, &stranger.told(401, "", "POST /login/second-step"), step).await;
        assert!(!format!("{:?}", refusals(&shop).await).contains("cualquiera"), "what was typed is not told");
    }
}

both_engines! {
    /// 403 for want of a right: told by the route, by a page, by the command, to a person and to a program.
    fn whoever_may_not_is_told_by_name(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let caro = Asker::person(&shop, "caro", "cashier", None).await;
        let told = caro.told(403, "forbidden", "GET /api/v1/audit");
        leaves(&shop, &told, caro.client.get("/api/v1/audit")).await;
        let told = caro.told(403, "forbidden", "POST /api/v1/users");
        leaves(&shop, &told, caro.client.post("/api/v1/users", json!({"role": "admin"}))).await;
        let browser = caro.with(|client| client.header("accept", "text/html"));
        leaves(&shop, &browser.told(403, "forbidden", "GET /people"), browser.client.get("/people")).await;
        // The route lets a cashier in; a receipt is not theirs.
        let told = caro.told(403, "forbidden", "POST /api/v1/movements");
        leaves(&shop, &told, caro.client.post(MOVEMENTS, receipt("LECHE", "1", "100"))).await;
        let scale = a_key(&shop, "balanza", None).await;
        let told = scale.told(403, "forbidden", "POST /api/v1/movements");
        leaves(&shop, &told, scale.client.post(MOVEMENTS, receipt("LECHE", "1", "100"))).await;
        leaves(&shop, &scale.told(403, "forbidden", "GET /people"), scale.client.get("/people")).await;
        // A key is asked for before a session, so it is the key that is told.
        let session = caro.client.clone();
        let both = scale.with(|client| client.header("cookie", "gondola_session=x"));
        leaves(&shop, &both.told(403, "forbidden", "GET /api/v1/audit"), both.client.get("/api/v1/audit")).await;
        session.get(PRODUCTS).await.expect_status(200);
    }
}

both_engines! {
    /// 403 for another site's page: whose session it used is told, and that it was a write; which, nobody looked.
    fn a_foreign_site_is_told_with_whose_session_it_used(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let marta = Asker::person(&shop, "marta", "admin", None).await;
        let marta = marta.with(|client| client.header("sec-fetch-site", "cross-site"));
        let told = marta.told(403, "foreign_origin", "POST unmatched");
        leaves(&shop, &told, marta.client.post(MOVEMENTS, receipt("LECHE", "1", "100"))).await;
        let told = marta.told(403, "foreign_origin", "DELETE unmatched");
        leaves(&shop, &told, marta.client.delete("/api/v1/keys/1")).await;
        let pushed = Asker::nobody(shop.browser()).with(|client| client.header("sec-fetch-site", "same-site"));
        let form = pushed.client.form("/login", "username=marta&password=x");
        leaves(&shop, &pushed.told(403, "foreign_origin", "POST unmatched"), form).await;
    }
}

both_engines! {
    /// 404, 405: what belongs to another place, what is nothing, what the route does not do.
    fn whoever_looks_for_what_is_not_theirs_is_told(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let made = shop.api(shop.admin()).post(MOVEMENTS, receipt("LECHE", "9", "100")).await.expect_status(201).json();
        let id = made["id"].as_str().unwrap();
        let local = Asker::person(&shop, "caro", "manager", Some("local")).await;
        let told = local.told(404, "not_found", "GET /api/v1/movements/{id}");
        leaves(&shop, &told, local.client.get(&format!("{MOVEMENTS}/{id}"))).await;
        let told = local.told(404, "not_found", "POST /api/v1/movements/{id}/reverse");
        let reason = json!({"reason": "No es de acá"});
        leaves(&shop, &told, local.client.post(&format!("{MOVEMENTS}/{id}/reverse"), reason)).await;
        let browser = local.with(|client| client.header("accept", "text/html"));
        let told = browser.told(404, "not_found", "GET /stock/movements/{id}");
        leaves(&shop, &told, browser.client.get(&format!("/stock/movements/{id}"))).await;
        let other = movement("sale", "LECHE", "1", Some("deposito"), None);
        let refused = local.client.post(MOVEMENTS, other);
        leaves(&shop, &local.told(422, "unknown_location", "POST /api/v1/movements"), refused).await;
        leaves(&shop, &local.told(404, "not_found", "GET unmatched"), local.client.get("/api/v1/nada")).await;
        leaves(&shop, &local.told(405, "method_not_allowed", "DELETE unmatched"), local.client.delete(PRODUCTS)).await;
    }
}

both_engines! {
    /// 409, 412, 422, 428: what the shop does not do with what was sent.
    fn what_cannot_be_done_is_told(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let marta = Asker::person(&shop, "marta", "admin", None).await;
        let sale = |quantity: &str| movement("sale", "LECHE", quantity, Some("deposito"), None);
        let (post, patch) = ("POST /api/v1/movements", "PATCH /api/v1/products/{id}");
        let told = marta.told(409, "insufficient_stock", post);
        leaves(&shop, &told, marta.client.post(MOVEMENTS, sale("5"))).await;
        let once = marta.with(|client| client.key("una-vez"));
        once.client.post(MOVEMENTS, receipt("LECHE", "1", "100")).await.expect_status(201);
        let told = marta.told(409, "idempotency_mismatch", post);
        leaves(&shop, &told, once.client.post(MOVEMENTS, receipt("LECHE", "2", "100"))).await;
        leaves(&shop, &marta.told(422, "invalid", post), marta.client.post(MOVEMENTS, sale("nada"))).await;
        let told = marta.told(422, "unknown_product", post);
        leaves(&shop, &told, marta.client.post(MOVEMENTS, receipt("NADA", "1", "100"))).await;
        let (path, change) = ("/api/v1/products/sku:LECHE", json!({"name": "Otra"}));
        let told = marta.told(428, "version_required", patch);
        leaves(&shop, &told, marta.client.patch(path, change.clone())).await;
        let old = marta.with(|client| client.if_match(77));
        leaves(&shop, &marta.told(412, "stale_version", patch), old.client.patch(path, change)).await;
        // A form with mistakes comes back as typed, so the trail has the status alone.
        let form = marta.client.form("/account/password", "password=x&new_password=corta&password_again=corta");
        leaves(&shop, &marta.told(422, "", "POST /account/password"), form).await;
    }
}

both_engines! {
    /// 400, 413, 415: what cannot be read.
    fn what_cannot_be_read_is_told(shop: TestShop) {
        stocked(&shop, &[]).await;
        let marta = Asker::person(&shop, "marta", "admin", None).await;
        let post = "POST /api/v1/movements";
        let json = |bytes: &[u8]| Some(("application/json", bytes.to_vec()));
        let send = |content| marta.client.send(Method::POST, MOVEMENTS, content);
        leaves(&shop, &marta.told(400, "malformed", post), send(json(b"{"))).await;
        leaves(&shop, &marta.told(413, "too_large", post), send(json(&vec![b' '; 3 * 1024 * 1024]))).await;
        let text = Some(("text/plain", b"{}".to_vec()));
        leaves(&shop, &marta.told(415, "unsupported_media_type", post), send(text)).await;
        let long = "x".repeat(2 * 1024 * 1024);
        let page = marta.client.form("/account/password", &long);
        leaves(&shop, &marta.told(413, "too_large", "POST /account/password"), page).await;
    }
}

both_engines! {
    /// 400, 414, 421, 431: whoever is turned away before they are asked who they are is told by their address.
    fn whoever_is_turned_away_at_the_door_is_told_by_their_address(shop: TestShop) {
        stocked(&shop, &[]).await;
        let marta = Asker::person(&shop, "marta", "admin", None).await;
        let unasked = marta.unasked();
        let elsewhere = marta.client.clone().header("host", "otro.example");
        leaves(&shop, &unasked.told(421, "unknown_host", "GET unmatched"), elsewhere.get(PRODUCTS)).await;
        let long = format!("{PRODUCTS}?q={}", "a".repeat(9 * 1024));
        leaves(&shop, &unasked.told(414, "url_too_long", "GET unmatched"), marta.client.get(&long)).await;
        let heavy = marta.client.clone().header("x-much", &"a".repeat(17 * 1024));
        leaves(&shop, &unasked.told(431, "headers_too_long", "GET unmatched"), heavy.get(PRODUCTS)).await;
        let key = Secret::draw_key().reveal().to_owned();
        let address = format!("{PRODUCTS}?api_key={key}");
        let told = unasked.told(400, "key_in_address", "GET unmatched");
        leaves(&shop, &told, marta.client.get(&address)).await;
        let told = refusals(&shop).await;
        assert!(!format!("{told:?}").contains(&key), "a key is not told");
    }
}

both_engines! {
    /// 429: whose key asked too often.
    fn whoever_asks_too_often_is_told(shop: TestShop) {
        stocked(&shop, &[]).await;
        let scale = a_key(&shop, "balanza", Some(2)).await;
        for _ in 0..2 {
            scale.client.get(PRODUCTS).await.expect_status(200);
        }
        let told = scale.told(429, "too_many_requests", "GET /api/v1/products");
        leaves(&shop, &told, scale.client.get(PRODUCTS)).await;
        shop.clock().advance(Duration::from_secs(60));
        scale.client.get(PRODUCTS).await.expect_status(200);
    }
}

both_engines! {
    /// Which face was asked is told, and what is alike within a moment is one entry with how often.
    fn a_refusal_is_told_by_its_face_and_counted(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let caro = Asker::person(&shop, "caro", "auditor", None).await;
        for face in Face::ALL {
            let before = refusals(&shop).await;
            for _ in 0..3 {
                let client = caro.client.clone().on(face);
                client.post("/api/v1/products", json!({"name": "Otra"})).await.expect_status(403);
            }
            let told = caro.told(403, "forbidden", "POST /api/v1/products");
            left_one(&before, &refusals(&shop).await, &Told { face: face.name().to_owned(), records: 3, ..told });
        }
    }
}

both_engines! {
    /// Who asks is what the shop found out: no header, and no name that somebody gives themselves.
    fn nobody_is_told_as_who_they_say_they_are(shop: TestShop) {
        let said = ["x-user", "x-actor", "x-forwarded-user", "x-remote-user", "from"];
        let client = said.iter().fold(shop.program(), |client, name| client.header(name, "user:marta"));
        let client = client.header("x-forwarded-for", "203.0.113.9").header("forwarded", "for=203.0.113.9");
        let stranger = Asker::nobody(client).unasked();
        let told = stranger.told(401, "unauthorized", "GET unmatched");
        leaves(&shop, &told, stranger.client.get(PRODUCTS)).await;
    }
}
