//! API-2, RL-1, RL-4: what a caller may ask for in a minute, on a shop whose budgets are the contract's. The
//! clock is the test's: a minute passes when it says so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use gondola_server::http::{Budgets, Outer, Proxies, stack};
use gondola_shop::kernel::Face;
use gondola_shop::people::{KeyInput, console};
use gondola_store::{Actor, Role};
use gondola_testkit::{Answer, TestShop};
use tower::ServiceExt;

/// Both faces that a warehouse program meets, drawing from the same budgets.
fn faces(shop: &TestShop) -> [Router; 2] {
    let budgets = Arc::new(Budgets::default());
    [Face::Dashboard, Face::Deposito].map(|face| {
        let outer = Outer { budgets: Arc::clone(&budgets), ..shop.outer(face) };
        stack(outer, gondola_shop::router(face))
    })
}

struct Asking {
    actor: Option<Actor>,
    key: Option<String>,
    from: IpAddr,
    /// What is sent as `X-Forwarded-For`.
    forwarded: Option<String>,
}

impl Asking {
    fn actor(actor: Actor) -> Self {
        Self { actor: Some(actor), ..Self::stranger("192.0.2.1") }
    }

    fn key(key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..Self::stranger("192.0.2.1") }
    }

    fn stranger(from: &str) -> Self {
        Self { actor: None, key: None, from: from.parse().unwrap(), forwarded: None }
    }

    async fn send(&self, face: &Router, method: Method, path: &str, body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        request = request.header("content-type", "application/json");
        if let Some(key) = &self.key {
            request = request.header("x-api-key", key);
        }
        if let Some(chain) = &self.forwarded {
            request = request.header("x-forwarded-for", chain);
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.from, 4_000)));
        if let Some(actor) = &self.actor {
            request.extensions_mut().insert(actor.clone());
        }
        let (parts, body) = face.clone().oneshot(request).await.unwrap().into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn get(&self, face: &Router, path: &str) -> Answer {
        self.send(face, Method::GET, path, Body::empty()).await
    }

    /// Asks for `path` until it is refused; how often it was answered.
    async fn until_refused(&self, face: &Router, path: &str) -> u32 {
        let mut answered = 0;
        while self.get(face, path).await.status != 429 {
            answered += 1;
        }
        answered
    }
}

#[tokio::test]
async fn everybody_has_the_budget_of_what_they_are() {
    let shop = TestShop::sqlite().await;
    let [dashboard, deposito] = &faces(&shop);
    let program = Asking::actor(shop.key("read,write"));
    for _ in 0..40 {
        program.get(dashboard, "/api/v1/products").await.expect_status(200);
        program.get(deposito, "/api/v1/inventory").await.expect_status(200);
        program.get(dashboard, "/api/v1/nothing").await.expect_status(404);
    }
    // The 121st, whatever the path and the face, known or not.
    for (face, path) in [(dashboard, "/api/v1/products"), (deposito, "/api/v1/inventory"), (dashboard, "/nothing")] {
        let refused = program.get(face, path).await.expect_problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "60");
        assert_eq!(refused.header("x-frame-options"), "DENY", "with every header of any answer");
    }
    // Others have their own, and a person more than a program.
    assert_eq!(Asking::actor(shop.user(Role::Cashier)).until_refused(dashboard, "/api/v1/products").await, 600);
    assert_eq!(Asking::stranger("192.0.2.7").until_refused(dashboard, "/setup").await, 120);
    Asking::actor(shop.admin()).get(dashboard, "/api/v1/products").await.expect_status(200);
    // Waiting as long as was said is enough, and not a second less.
    shop.clock().advance(Duration::from_secs(59));
    program.get(dashboard, "/api/v1/products").await.expect_status(429);
    shop.clock().advance(Duration::from_secs(1));
    program.get(dashboard, "/api/v1/products").await.expect_status(200);
}

#[tokio::test]
async fn strangers_share_the_budget_of_their_network_even_when_they_are_turned_away() {
    let shop = TestShop::sqlite().await;
    let [dashboard, _] = &faces(&shop);
    for at in 0..120 {
        let guess = Asking { key: Some(format!("gnd_{at:040}")), ..Asking::stranger(&format!("2001:db8::{at:x}")) };
        guess.get(dashboard, "/api/v1/products").await.expect_status(401);
    }
    let neighbour = Asking::stranger("2001:db8::ffff");
    neighbour.get(dashboard, "/api/v1/products").await.expect_problem(429, "too_many_requests");
    neighbour.get(dashboard, "/setup").await.expect_status(429);
    Asking::stranger("2001:db8:0:1::1").get(dashboard, "/setup").await.expect_status(200);
    // Probes and files are never counted.
    for _ in 0..200 {
        neighbour.get(dashboard, "/health/live").await.expect_status(200);
    }
    neighbour.get(dashboard, "/assets/app.css").await.expect_status(200);
}

#[tokio::test]
async fn ledger_writes_and_files_have_budgets_of_their_own() {
    let shop = TestShop::sqlite().await;
    let [dashboard, _] = &faces(&shop);
    let program = Asking::actor(shop.key("read,write"));
    assert_eq!(program.until_refused(dashboard, "/api/v1/products").await, 120);
    assert_eq!(program.until_refused(dashboard, "/api/v1/products?format=csv").await, 10);
    let post = async || program.send(dashboard, Method::POST, "/api/v1/movements", Body::from("{}")).await;
    for _ in 0..6_000 {
        post().await.expect_status(422);
    }
    post().await.expect_problem(429, "too_many_requests");
}

/// KEY-1: a key's own quota stands in for every number.
#[tokio::test]
async fn a_quota_overrides_the_budget_of_its_key() {
    let shop = TestShop::sqlite().await;
    let [dashboard, _] = &faces(&shop);
    for (quota, path) in [(5, "/api/v1/products"), (200, "/api/v1/products"), (30, "/api/v1/products?format=csv")] {
        let wanted = KeyInput {
            name: Some(format!("of {quota}")),
            scopes: vec!["read".to_owned()],
            quota: Some(quota),
            ..KeyInput::default()
        };
        let made = console::create_key(shop.db(), &shop.app().zone, wanted).await.unwrap();
        let key = Asking::key(made.secret.reveal());
        assert_eq!(i64::from(key.until_refused(dashboard, path).await), quota);
    }
}

/// API-11: whoever says they come from elsewhere has the budget of where they come from; who comes by a proxy of ours
/// has their own.
#[tokio::test]
async fn a_forwarded_address_counts_from_our_proxies_only() {
    let shop = TestShop::sqlite().await;
    let face = |proxies: &str| {
        let networks = proxies.split(',').filter_map(|network| network.parse().ok()).collect();
        let outer = Outer { budgets: Arc::default(), proxies: Proxies::new(networks), ..shop.outer(Face::Dashboard) };
        stack(outer, gondola_shop::router(Face::Dashboard))
    };
    let (plain, behind) = (face(""), face("10.0.0.0/24"));
    let mut answered = [0, 0];
    for number in 0..240 {
        let asking = Asking { forwarded: Some(format!("198.51.100.{number}")), ..Asking::stranger("10.0.0.2") };
        for (face, answered) in [&plain, &behind].into_iter().zip(&mut answered) {
            *answered += u32::from(asking.get(face, "/login").await.status != 429);
        }
    }
    assert_eq!(answered, [120, 240]);
    let spoofed = Asking { forwarded: Some("198.51.100.7".to_owned()), ..Asking::stranger("203.0.113.9") };
    assert_eq!(spoofed.until_refused(&behind, "/login").await, 120);
}
