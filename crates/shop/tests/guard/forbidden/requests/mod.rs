//! Requests that do something: one for each writing route of the product, with a body and objects such that the shop
//! changes if it is let in. Tests of what must be refused send these, so that nothing is refused for its words alone.
//! A new route fails those tests until its request stands here.

mod goods;
mod people;
mod prices;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::Method;
use gondola_shop::FEATURES;
use gondola_shop::audit::watch;
use gondola_shop::kernel::{Access, Endpoint, Face, OpClass};
use gondola_store::{Actor, Permission, TableDigest, digest_of_all};
use gondola_testkit::{Answer, Client, TestShop};
use serde_json::{Value, json};

use crate::common::pages::form;
use crate::common::people::{PASSWORD, session_of, try_log_in, user};
use crate::common::shop_with;

const MINUTE: Duration = Duration::from_secs(60);

/// The one request that does nothing in a shop that has its owner already.
pub const SET_UP: &str = "POST /setup";
/// The form that nothing is done with: a log-in carries it along.
const KEPT: &str = "/login/keep";

/// A request that does something.
pub struct Deed {
    /// The method and the route's template.
    pub route: &'static str,
    /// Where it goes.
    pub path: String,
    /// What the route declares.
    pub access: Access,
    /// Whether the route is a page's.
    pub is_page: bool,
    /// The last of the faces that serve the route.
    pub face: Face,
    /// What its body asks for beyond the route.
    pub also: &'static [Permission],
    /// The session of whoever may do it.
    pub cookie: String,
    /// What it sends.
    pub content: Option<(&'static str, Vec<u8>)>,
}

impl Deed {
    /// The method.
    pub fn method(&self) -> Method {
        let (method, _) = self.route.split_once(' ').expect("a method and a path");
        method.parse().expect("a method")
    }

    /// Sends it as somebody.
    pub async fn send(&self, client: &Client<'_>) -> Answer {
        let is_based_on_a_version = matches!(self.method(), Method::PATCH | Method::PUT)
            || self.route.ends_with("/supplier-price-lists/{id}/apply");
        let client = if is_based_on_a_version { client.clone().if_match(1) } else { client.clone() };
        client.send(self.method(), &self.path, self.content.clone()).await
    }

    /// Sends it to its face, from a page of the shop, in the session of whoever may do it.
    pub async fn send_from_here(&self, shop: &TestShop) -> Answer {
        self.send(&shop.program().on(self.face).header("cookie", &self.cookie)).await
    }
}

/// The digest of every table but the audit trail and the log of accesses: that somebody tried is told.
pub async fn digest(shop: &TestShop) -> String {
    let tables = shop.db().digest().await.expect("the shop's digest").into_iter();
    let counts =
        |table: &TableDigest| table.table != "audit_trail" && !table.table.starts_with("encrypted_data_access");
    digest_of_all(&tables.filter(counts).collect::<Vec<TableDigest>>())
}

/// Does everything, each in the session of whoever may: what was refused before would have changed the shop.
pub async fn all_do_something(shop: &TestShop, deeds: &[Deed]) {
    let mut before = digest(shop).await;
    for deed in deeds.iter().filter(|deed| deed.route != SET_UP) {
        let answer = deed.send_from_here(shop).await;
        let done = matches!(answer.status, 200 | 201 | 202 | 204 | 303);
        assert!(done, "{}: {} {}", deed.route, answer.status, answer.text());
        let after = digest(shop).await;
        assert_ne!(after, before, "{} changes nothing: {}", deed.route, answer.text());
        before = after;
    }
}

/// A shop in which each request does something, and the requests.
pub async fn prepare(shop: &TestShop) -> Vec<Deed> {
    let mut made = Deeds::open(shop).await;
    // The clock is turned before anybody is in.
    let cases = cases(shop).await;
    let owner = user(shop, "marta", "admin").await;
    made.owner = logged_in(shop, "marta").await;
    made.api = shop.api(Actor { id: owner.id, name: owner.name, ..shop.admin() });
    made.audit(&cases);
    made.people().await;
    made.own_account().await;
    made.doors().await;
    made.keys().await;
    made.catalogue().await;
    made.named_suppliers().await;
    made.suppliers().await;
    made.notebook().await;
    made.stock().await;
    made.assistant().await;
    made.promises().await;
    made.transfers().await;
    made.counts().await;
    made.purchasing().await;
    made.invoices().await;
    made.imports().await;
    made.prices().await;
    made.price_lists().await;
    // So many log-ins of one network are all that a minute takes.
    shop.clock().advance(MINUTE);
    made.finish()
}

/// Two cases for whoever reads the audit trail: passwords of two accounts were guessed.
async fn cases(shop: &TestShop) -> Vec<String> {
    let guesses = shop.browser().from("203.0.113.7".parse().expect("an address"));
    for name in ["nadie", "alguien"] {
        for _ in 0..5 {
            guesses.form("/login", &form(&[("username", name), ("password", "adivinanza")])).await.expect_status(401);
            shop.clock().advance(MINUTE);
        }
    }
    shop.refusals().write(shop.db()).await.expect("write what was refused");
    shop.clock().advance(5 * MINUTE);
    watch(shop.app()).await.expect("watch");
    let found = shop.api(shop.admin()).get("/api/v1/audit/detections").await.expect_status(200).json();
    let cases: Vec<String> = found["items"].as_array().expect("cases").iter().map(id_of).collect();
    assert_eq!(cases.len(), 2, "{found}");
    cases
}

/// The session of somebody who logs in.
pub async fn logged_in(shop: &TestShop, username: &str) -> String {
    session_of(&try_log_in(shop, username, PASSWORD).await.expect_status(303))
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// What a writing route declares.
struct Declared {
    access: Access,
    is_page: bool,
    face: Face,
}

/// Whether a route changes something: a question with a long text is sent as a POST too.
fn writes(endpoint: &Endpoint) -> bool {
    endpoint.method != Method::GET && endpoint.class != OpClass::Read && endpoint.path != KEPT
}

/// Every writing route of the product, from its own table.
fn writing_routes() -> BTreeMap<String, Declared> {
    let mut routes = BTreeMap::new();
    for feature in FEATURES {
        for endpoint in (feature.endpoints)().into_iter().filter(writes) {
            let is_page = endpoint.class == OpClass::Page;
            let serves = |face: &Face| feature.faces.include(*face) && (!is_page || *face == Face::Dashboard);
            let face = Face::ALL.into_iter().rfind(serves).expect("a face serves it");
            let declared = Declared { access: endpoint.access, is_page, face };
            routes.insert(format!("{} {}", endpoint.method, endpoint.path), declared);
        }
    }
    routes
}

/// The requests while they are made.
struct Deeds<'s> {
    shop: &'s TestShop,
    /// Whoever may do everything, by whom the objects are made.
    api: Client<'s>,
    /// Their session.
    owner: String,
    /// Routes that have no request yet.
    missing: BTreeMap<String, Declared>,
    deeds: Vec<Deed>,
}

impl<'s> Deeds<'s> {
    async fn open(shop: &'s TestShop) -> Self {
        let product = |sku: &&str| json!({"sku": sku, "name": sku.to_lowercase(), "category": "GEN", "unit": "un"});
        shop_with(shop, &goods::PRODUCTS.iter().map(product).collect::<Vec<Value>>()).await;
        Self { shop, api: shop.api(shop.admin()), owner: String::new(), missing: writing_routes(), deeds: Vec::new() }
    }

    fn finish(self) -> Vec<Deed> {
        let missing: Vec<&String> = self.missing.keys().collect();
        assert!(missing.is_empty(), "say here what request does something: {missing:?}");
        self.deeds
    }

    /// Makes an object over the API; answers its id.
    async fn make(&self, path: &str, body: Value) -> String {
        id_of(&self.api.post(&format!("/api/v1/{path}"), body).await.expect_status(201).json())
    }

    /// The request of a route, whose path names these.
    fn add(&mut self, route: &'static str, names: &[&str], content: Option<(&'static str, Vec<u8>)>) {
        let declared = self.missing.remove(route).unwrap_or_else(|| panic!("{route} is no writing route"));
        let Declared { access, is_page, face } = declared;
        let (_, template) = route.split_once(' ').expect("a method and a path");
        let mut names = names.iter();
        let part = |part| if str::starts_with(part, '{') { names.next().expect("a name for each part") } else { part };
        let path = template.split('/').map(part).collect::<Vec<&str>>().join("/");
        assert!(names.next().is_none(), "{route} has fewer parts");
        let cookie = self.owner.clone();
        self.deeds.push(Deed { route, path, access, is_page, face, also: &[], cookie, content });
    }

    fn json(&mut self, route: &'static str, names: &[&str], body: &Value) {
        self.add(route, names, Some(("application/json", body.to_string().into_bytes())));
    }

    /// A request without a body.
    fn bare(&mut self, route: &'static str, names: &[&str]) {
        self.add(route, names, None);
    }

    fn form(&mut self, route: &'static str, names: &[&str], fields: &[(&str, &str)]) {
        let key = format!("foreign-{}", self.deeds.len());
        let fields = form(&[&[("idempotency_key", key.as_str())], fields].concat());
        self.add(route, names, Some(("application/x-www-form-urlencoded", fields.into_bytes())));
    }

    /// The last request's body asks for these rights too.
    fn needing(&mut self, also: &'static [Permission]) {
        self.deeds.last_mut().expect("a request").also = also;
    }

    /// Somebody else sends the last request, in a session of their own.
    fn sent_in(&mut self, cookie: String) {
        self.deeds.last_mut().expect("a request").cookie = cookie;
    }

    fn audit(&mut self, cases: &[String]) {
        let note = "Era ella, desde el celular";
        self.json("POST /api/v1/audit/detections/{id}/seen", &[&cases[0]], &json!({"note": note}));
        self.form("POST /audit/detections/{id}/seen", &[&cases[1]], &[("note", note)]);
    }
}
