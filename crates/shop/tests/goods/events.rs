//! Stock changes as server-sent events, on both engines: what is told, whoever changed it, that nothing
//! is lost between two listeners, and what somebody hears who fell behind.

use std::time::Duration;

use crate::common::people::{PASSWORD, session_of, try_log_in};
use crate::common::{movement, receipt, stocked};
use axum::body::{Body, BodyDataStream};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::HOST;
use futures_util::StreamExt;
use gondola_ledger::{MovementKind, Qty};
use gondola_shop::kernel::Face;
use gondola_shop::people::{KeyInput, console};
use gondola_shop::stock::{Movement, PostMovement, ProductRef, events};
use gondola_store::{Db, sqlx};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};
use sqlx::Connection;
use tower::ServiceExt;

/// Nothing is told later than this, unless it is never told.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who listens.
struct Listener {
    stream: BodyDataStream,
    heard: String,
}

impl Listener {
    async fn open(shop: &TestShop) -> Self {
        let mut request = Request::get("/api/v1/events").header(HOST, "localhost").body(Body::empty()).unwrap();
        request.extensions_mut().insert(shop.key("read"));
        let response = shop.face(Face::Deposito).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { stream: response.into_body().into_data_stream(), heard: String::new() }
    }

    /// The next event and its data, if one comes in time.
    async fn within(&mut self, patience: Duration) -> Option<(String, Value)> {
        tokio::time::timeout(patience, async {
            loop {
                if let Some((event, rest)) = self.heard.split_once("\n\n") {
                    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    let told = field("event")
                        .map(|event| (event.to_owned(), serde_json::from_str(field("data").unwrap()).unwrap()));
                    self.heard = rest.to_owned();
                    match told {
                        Some(told) => return told,
                        None => continue, // a comment that keeps the line open
                    }
                }
                let bytes = self.stream.next().await.expect("the stream has no end").unwrap();
                self.heard.push_str(std::str::from_utf8(&bytes).unwrap());
            }
        })
        .await
        .ok()
    }

    async fn next(&mut self) -> (String, Value) {
        self.within(PATIENCE).await.expect("something is told")
    }
}

async fn post(shop: &TestShop, body: Value) {
    shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
}

/// A follower under way and a listener it tells: what moved before its first look, nobody hears.
async fn listening(shop: &TestShop) -> (Follower, Listener) {
    stocked(shop, &[("LECHE", "un"), ("PAN", "un")]).await;
    let follower = Follower(tokio::spawn(events::follow(shop.db().clone(), shop.app().stock_events.clone())));
    let mut listener = Listener::open(shop).await;
    loop {
        post(shop, receipt("PAN", "1", "100")).await;
        if listener.within(Duration::from_secs(1)).await.is_some() {
            return (follower, listener);
        }
    }
}

struct Follower(tokio::task::JoinHandle<()>);

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

both_engines! {
    fn a_movement_is_told_with_what_there_is_after_it(shop: TestShop) {
        let (_follower, mut listener) = listening(&shop).await;
        post(&shop, receipt("LECHE", "7", "100")).await;
        let (event, mut told) = listener.next().await;
        assert!(told["sequence"].take().is_i64());
        let expected = json!({"sequence": null, "sku": "LECHE", "kind": "receipt", "on_hand": "7", "level": "normal"});
        assert_eq!((event.as_str(), told), ("stock", expected));
        let refused = movement("sale", "LECHE", "8", Some("deposito"), None);
        shop.api(shop.admin()).post("/api/v1/movements", refused).await.expect_problem(409, "insufficient_stock");
        post(&shop, movement("sale", "LECHE", "6", Some("deposito"), None)).await;
        let (_, told) = listener.next().await;
        assert_eq!((&told["kind"], &told["on_hand"], &told["level"]), (&json!("sale"), &json!("1"), &json!("critical")));
    }
}

async fn sell_a_litre(db: &Db, shop: &TestShop) {
    let sale = Movement {
        kind: MovementKind::Sale,
        product: ProductRef::Sku("LECHE".to_owned()),
        quantity: Qty::new(1000),
        unit: None,
        from: Some("deposito".to_owned()),
        to: None,
        lot: None,
        unit_cost: None,
        reason: "venta de otra caja".to_owned(),
        document: None,
        occurred_at: None,
    };
    db.execute(&shop.admin(), None, PostMovement(sale)).await.unwrap();
}

both_engines! {
    fn what_another_process_moves_is_told_too(shop: TestShop) {
        let (_follower, mut listener) = listening(&shop).await;
        post(&shop, receipt("LECHE", "7", "100")).await;
        assert_eq!(listener.next().await.1["on_hand"], "7");
        sell_a_litre(&shop.another_process().await, &shop).await;
        let (_, told) = listener.next().await;
        assert_eq!((&told["kind"], &told["on_hand"]), (&json!("sale"), &json!("6")));
    }
}

both_engines! {
    fn whoever_comes_is_told_everything_from_then_on(shop: TestShop) {
        let (_follower, first) = listening(&shop).await;
        drop(first);
        for quantity in ["1", "2", "3", "4", "5"] {
            let mut listener = Listener::open(&shop).await;
            post(&shop, receipt("LECHE", "1", "100")).await;
            while listener.next().await.1["on_hand"] != quantity {}
        }
    }
}

both_engines! {
    fn who_falls_behind_is_told_to_read_again(shop: TestShop) {
        let (_follower, mut listener) = listening(&shop).await;
        let lines: Vec<_> = (0..300).map(|_| receipt("LECHE", "1", "100")).collect();
        let batch = json!({"mode": "atomic", "lines": lines});
        shop.api(shop.admin()).post("/api/v1/movements/batch", batch).await.expect_status(201);
        // More than is kept for somebody who does not read.
        assert_eq!(listener.next().await, ("reload".to_owned(), json!({})));
        post(&shop, movement("sale", "LECHE", "300", Some("deposito"), None)).await;
        while listener.next().await.1["kind"] != "sale" {}
    }
}

/// On PostgreSQL a position that was drawn early may be committed late; it is told all the same.
#[tokio::test]
async fn a_position_that_commits_late_is_told_once() {
    let Some(shop) = TestShop::postgres().await else { return };
    let (_follower, mut listener) = listening(&shop).await;
    let mut server = sqlx::PgConnection::connect(shop.url()).await.unwrap();
    let mut draw_from = async |position: i64| {
        let sql = "select setval(pg_get_serial_sequence('movements', 'sequence'), $1)";
        sqlx::query(sql).bind(position).execute(&mut server).await.unwrap();
    };
    draw_from(9_500).await;
    post(&shop, receipt("LECHE", "1", "100")).await;
    assert_eq!(listener.next().await.1["sequence"], 9_501);
    // As far back as a long batch begins.
    draw_from(300).await;
    post(&shop, receipt("PAN", "1", "100")).await;
    assert_eq!(listener.next().await.1["sequence"], 301);
    draw_from(9_501).await;
    post(&shop, receipt("LECHE", "1", "100")).await;
    assert_eq!(listener.next().await.1["sequence"], 9_502, "and nothing is told twice");
}

#[tokio::test]
async fn nobody_listens_without_the_right_to_read() {
    let shop = TestShop::sqlite().await;
    shop.api(shop.nobody()).get("/api/v1/events").await.expect_problem(401, "unauthorized");
    shop.api(shop.key("metrics")).get("/api/v1/events").await.expect_problem(403, "forbidden");
}

both_engines! {
    /// KEY-7, USR-4, USR-12: whoever listens hears no more soon after their key is revoked, their session ended or they
    /// themselves were disabled.
    fn a_listener_who_is_shut_out_hears_no_more(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let input = KeyInput { name: Some("tablero".to_owned()), scopes: vec!["read".to_owned()], ..KeyInput::default() };
        let key = console::create_key(shop.db(), &shop.app().zone, input).await.unwrap();
        let users = ["marta", "caro"];
        for name in users {
            crate::common::people::user(&shop, name, "manager").await;
        }
        let mut cookies = Vec::new();
        for name in users {
            cookies.push(session_of(&try_log_in(&shop, name, PASSWORD).await));
        }
        let by_key = as_sent(&shop, "x-api-key", key.secret.reveal()).await;
        let by_marta = as_sent(&shop, "cookie", &cookies[0]).await;
        let by_caro = as_sent(&shop, "cookie", &cookies[1]).await;
        let ends = [by_key, by_marta, by_caro].map(ended);
        console::revoke_key(shop.db(), "tablero").await.unwrap();
        shop.browser().header("cookie", &cookies[0]).form("/logout", "").await.expect_status(303);
        console::disable_user(shop.db(), "caro").await.unwrap();
        for (who, end) in ["key", "marta", "caro"].into_iter().zip(ends) {
            tokio::time::timeout(PATIENCE, end).await.unwrap_or_else(|_| panic!("{who} still listens"));
        }
    }
}

/// The stream of somebody whom the shop knows by what they send.
async fn as_sent(shop: &TestShop, header: &str, value: &str) -> BodyDataStream {
    let request = Request::get("/api/v1/events").header(HOST, "localhost").header(header, value);
    let mut request = request.header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 7], 4_000))));
    let response = shop.face(Face::Dashboard).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response.into_body().into_data_stream()
}

async fn ended(mut stream: BodyDataStream) {
    while stream.next().await.is_some() {}
}
