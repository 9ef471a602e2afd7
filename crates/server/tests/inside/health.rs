//! Probes tell the truth, quickly, and cost little (HLT-1 … HLT-4).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gondola_server::http::stack;
use gondola_shop::kernel::Face;
use gondola_store::Engine;
use gondola_store::sqlx::{self, Connection, PgConnection, SqliteConnection};
use gondola_testkit::{TestShop, both_engines};
use gondola_vault::{MasterKey, Suite, Vault};

mod blocked;

async fn ready(shop: &TestShop) -> u16 {
    shop.api(shop.nobody()).get("/health/ready").await.status
}

/// Nothing here takes longer, unless it never comes; how soon it must come is held by constants.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks until the answer is `status`.
async fn until(shop: &TestShop, status: u16) {
    let deadline = Instant::now() + PATIENCE;
    while ready(shop).await != status {
        assert!(Instant::now() < deadline, "still not {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

both_engines! {
    /// HLT-3: after the fault and after the recovery; HLT-1: 503 then.
    fn a_database_that_takes_no_write_makes_every_face_unready(shop: TestShop) {
        assert_eq!(ready(&shop).await, 200);
        let block = blocked::Block::writes(&shop).await;
        until(&shop, 503).await;
        for face in Face::ALL {
            let client = shop.api(shop.nobody()).on(face);
            let report = client.get("/health").await.expect_status(503).json();
            assert_eq!(report["status"], "unhealthy");
            assert_eq!(report["checks"][0]["name"], "database");
            assert_eq!(report["checks"][0]["status"], "unhealthy");
            client.get("/health/live").await.expect_status(200);
        }
        let exposition = shop.api(shop.key("metrics")).get("/metrics").await.text();
        assert!(exposition.contains("gondola_ready{face=\"dashboard\"} 0\n"), "{exposition}");
        assert!(exposition.contains("gondola_db_up{face=\"dashboard\",role=\"primary\"} 0\n"), "{exposition}");
        block.release().await;
        until(&shop, 200).await;
    }
}

both_engines! {
    /// HLT-3.
    fn a_schema_of_another_version_makes_it_unready(shop: TestShop) {
        shop.as_owner().await.migrate_down(1).await.unwrap();
        let report = shop.api(shop.nobody()).get("/health").await.expect_status(503).json();
        let migrations = report["checks"].as_array().unwrap().iter().find(|check| check["name"] == "migrations");
        assert_eq!(migrations.unwrap()["status"], "unhealthy");
    }
}

/// Puts another wrapped key where the shop keeps its first one, and answers what stood there.
async fn swap_the_first_key(shop: &TestShop, wrapped: &[u8]) -> Vec<u8> {
    let read = "select wrapped from encryption_keys where id = 1";
    let write = "update encryption_keys set wrapped = $1 where id = 1";
    match shop.db().engine() {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(shop.url()).await.unwrap();
            let kept = sqlx::query_scalar(read).fetch_one(&mut connection).await.unwrap();
            sqlx::query(write).bind(wrapped).execute(&mut connection).await.unwrap();
            kept
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(shop.url()).await.unwrap();
            let kept = sqlx::query_scalar(read).fetch_one(&mut connection).await.unwrap();
            sqlx::query(write).bind(wrapped).execute(&mut connection).await.unwrap();
            kept
        }
    }
}

both_engines! {
    /// HLT-3: the ring in the database is not the one this process opened.
    fn a_database_with_another_key_ring_makes_it_unready(shop: TestShop) {
        assert_eq!(ready(&shop).await, 200);
        let others = Vault::draw_ring(&MasterKey::from_bytes([9; 32]), Suite::Aes256Gcm);
        let kept = swap_the_first_key(&shop, &others[0].bytes).await;
        until(&shop, 503).await;
        let report = shop.api(shop.nobody()).get("/health").await.expect_status(503).json();
        let unhealthy: Vec<_> = report["checks"].as_array().unwrap().iter().filter(|check| check["status"] != "healthy").collect();
        assert_eq!(unhealthy, [&serde_json::json!({"name": "keys", "status": "unhealthy"})]);
        swap_the_first_key(&shop, &kept).await;
        until(&shop, 200).await;
    }
}

both_engines! {
    /// HLT-1, RTE-2: names and states, nothing else.
    fn health_says_status_version_face_and_the_names_of_its_checks(shop: TestShop) {
        let report = shop.api(shop.nobody()).on(Face::Negocio).get("/health").await.expect_status(200).json();
        let names: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["checks", "face", "status", "version"]);
        assert_eq!(report["face"], "negocio");
        assert_eq!(report["status"], "healthy");
        let checks: Vec<&str> = report["checks"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(checks, ["database", "migrations", "keys"]);
    }
}

/// HLT-4: no herd, healthy or not: whoever asks while an answer is fresh asks nothing of the database.
/// How soon they are answered is measured by the bench.
#[tokio::test]
async fn two_hundred_probes_at_once_cost_one_check() {
    const FRESH_S: u64 = 2;
    let shop = TestShop::sqlite().await;
    let health = shop.outer(Face::Dashboard).health;
    let probes = async |status: u16| {
        let (began, before) = (Instant::now(), health.rounds());
        let statuses = futures_util::future::join_all((0..200).map(|_| ready(&shop))).await;
        assert_eq!(statuses, [status; 200]);
        let fresh_again = began.elapsed().as_secs() / FRESH_S;
        assert!(health.rounds() - before <= 1 + fresh_again, "{} checks", health.rounds() - before);
    };
    probes(200).await;
    let block = blocked::Block::writes(&shop).await;
    until(&shop, 503).await;
    probes(503).await;
    block.release().await;
}

/// HLT-2: every thread of the runtime waits for a lock that nobody gives back; live must not answer.
#[test]
fn a_deadlocked_process_does_not_look_alive() {
    const WORKERS: usize = 2;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().unwrap();
    let address = runtime.block_on(async {
        let shop = TestShop::sqlite().await;
        let service = stack(shop.outer(Face::Dashboard), gondola_shop::router(Face::Dashboard));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let _shop = shop;
            axum::serve(listener, service.into_make_service_with_connect_info::<SocketAddr>()).await
        });
        address
    });
    assert!(is_live(address));
    let lock = Arc::new(Mutex::new(()));
    let held = lock.lock().unwrap();
    for _ in 0..WORKERS {
        let lock = Arc::clone(&lock);
        runtime.spawn(async move { drop(lock.lock()) });
    }
    let deadline = Instant::now() + Duration::from_secs(5);
    while is_live(address) {
        assert!(Instant::now() < deadline, "it still looks alive");
    }
    assert!(!is_live(address), "and stays so");
    drop(held);
    let deadline = Instant::now() + Duration::from_secs(5);
    while !is_live(address) {
        assert!(Instant::now() < deadline, "it does not come back");
    }
}

fn is_live(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_millis(300)))?;
        stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
