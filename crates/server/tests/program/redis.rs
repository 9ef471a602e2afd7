//! API-2, RL-2, RL-3, HLT-3, CAC-5: three processes of one shop with a real Redis, which goes away and comes back.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{IpAddr, SocketAddr};
use std::slice;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::process::Running;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use gondola_server::http::{Budgets, Outer, stack};
use gondola_shop::kernel::Face;
use gondola_store::Redis;
use gondola_testkit::TestShop;
use gondola_testkit::redis::{RedisServer, RedisTls};
use serde_json::json;
use tower::ServiceExt;

/// The budget of a stranger's network in a minute.
const BUDGET: u32 = 120;

/// A process with its dashboard, which counts as it does in a shop.
struct Replica {
    shop: TestShop,
    dashboard: Router,
}

impl Replica {
    async fn of(shop: &TestShop, number: u16, redis: Redis) -> Self {
        let shop = shop.replica(number, redis).await;
        let outer = Outer { budgets: Arc::new(Budgets::default()), ..shop.outer(Face::Dashboard) };
        let dashboard = stack(outer, gondola_shop::router(Face::Dashboard));
        Self { shop, dashboard }
    }

    async fn three_of(shop: &TestShop, redis: &RedisServer) -> [Self; 3] {
        [
            Self::of(shop, 1, redis.client().await).await,
            Self::of(shop, 2, redis.client().await).await,
            Self::of(shop, 3, redis.client().await).await,
        ]
    }

    fn redis(&self) -> &Redis {
        self.shop.db().redis()
    }

    /// The status and how long one is told to wait.
    async fn ask(&self, from: &str) -> (u16, Option<u32>) {
        let from: IpAddr = from.parse().unwrap();
        let request = Request::builder().uri("/setup").header("host", "localhost");
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(from, 4_000)));
        let answer = self.dashboard.clone().oneshot(request).await.unwrap();
        let wait = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap());
        (answer.status().as_u16(), wait)
    }
}

/// How many of `asked` requests from one address were admitted, one replica after the other.
async fn admitted(replicas: &[Replica], from: &str, asked: u32) -> u32 {
    let mut admitted = 0;
    for number in 0..asked {
        let replica = &replicas[number as usize % replicas.len()];
        admitted += u32::from(replica.ask(from).await.0 == 200);
    }
    admitted
}

/// RL-2: 105 % would be 126; they admit exactly one budget.
#[tokio::test]
async fn three_replicas_admit_one_budget_together() {
    let Some(redis) = RedisServer::start() else { return };
    let shop = TestShop::sqlite().await;
    let replicas = Replica::three_of(&shop, &redis).await;
    assert_eq!(admitted(&replicas, "192.0.2.1", 400).await, BUDGET);
    for replica in &replicas {
        let (status, wait) = replica.ask("192.0.2.1").await;
        assert_eq!(status, 429);
        assert!(wait.is_some_and(|seconds| (1..=60).contains(&seconds)), "RL-4: {wait:?}");
    }
    assert_eq!(admitted(&replicas, "192.0.2.2", 30).await, 30, "others have their own");
}

/// RL-2: however many ask at once.
#[tokio::test]
async fn a_crowd_at_three_replicas_gets_one_budget() {
    let Some(redis) = RedisServer::start() else { return };
    let shop = TestShop::sqlite().await;
    let replicas = Arc::new(Replica::three_of(&shop, &redis).await);
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..300 {
        let replicas = Arc::clone(&replicas);
        crowd.spawn(async move { replicas[number % 3].ask("192.0.2.1").await.0 });
    }
    let statuses = crowd.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), BUDGET as usize);
}

/// RL-3, CAC-5: killed in the middle of a minute, nobody is unlimited, and nobody who had their budget gets another
/// from the same process; when it is back they share again.
#[tokio::test]
async fn without_its_redis_a_replica_counts_by_itself_until_it_is_back() {
    let Some(mut redis) = RedisServer::start() else { return };
    let shop = TestShop::sqlite().await;
    let replicas = Replica::three_of(&shop, &redis).await;
    assert_eq!(admitted(&replicas, "192.0.2.1", 60).await, 60);
    redis.stop();
    // Twenty each were spent already, so that is what is left of three budgets.
    assert_eq!(admitted(&replicas, "192.0.2.1", 600).await, 3 * BUDGET - 60);
    assert_eq!(admitted(&replicas[..1], "192.0.2.2", 200).await, BUDGET, "the same number");
    assert_eq!(replicas[0].redis().is_up(), Some(false));
    redis.start_again();
    for replica in &replicas {
        replica.redis().becomes(true).await;
    }
    assert_eq!(admitted(&replicas, "192.0.2.3", 400).await, BUDGET);
}

/// RL-3, CAC-5: a Redis that hangs is passed by, and asked again when it answers.
#[tokio::test]
async fn a_redis_that_does_not_answer_is_passed_by() {
    let Some(redis) = RedisServer::start() else { return };
    let shop = TestShop::sqlite().await;
    let replica = Replica::of(&shop, 1, redis.client_that_waits(Duration::from_millis(100)).await).await;
    replica.redis().becomes(true).await;
    redis.stop_answering();
    assert_eq!(admitted(slice::from_ref(&replica), "192.0.2.1", 200).await, BUDGET);
    assert_eq!(replica.redis().is_up(), Some(false));
    redis.answer_again();
    replica.redis().becomes(true).await;
}

/// RL-3, CAC-5: a Redis that takes no more writes is as good as none.
#[tokio::test]
async fn a_full_redis_is_passed_by() {
    let Some(redis) = RedisServer::start() else { return };
    let shop = TestShop::sqlite().await;
    let replicas = Replica::three_of(&shop, &redis).await;
    assert_eq!(redis.tell("CONFIG SET maxmemory 1"), "+OK");
    assert_eq!(admitted(&replicas[..1], "192.0.2.1", 200).await, BUDGET);
    replicas[1].redis().becomes(false).await;
    assert_eq!(redis.tell("CONFIG SET maxmemory 0"), "+OK");
    for replica in &replicas {
        replica.redis().becomes(true).await;
    }
    assert_eq!(admitted(&replicas, "192.0.2.2", 400).await, BUDGET);
}

/// HLT-3: without Redis a shop is degraded and ready; the metrics say so.
#[tokio::test]
async fn a_lost_redis_degrades_and_takes_nobody_out_of_service() {
    let Some(mut redis) = RedisServer::start() else { return };
    let first = TestShop::sqlite().await;
    let shop = first.replica(1, redis.client().await).await;
    let told = async || {
        let report = shop.api(shop.nobody()).get("/health/ready").await.expect_status(200).json();
        let up = shop.api(shop.key("metrics")).get("/metrics").await.text();
        let up =
            up.lines().find_map(|line| line.strip_prefix("gondola_redis_up{face=\"dashboard\"} ")).map(str::to_owned);
        (report["status"].clone(), report["checks"][3].clone(), up.unwrap())
    };
    assert_eq!(told().await, (json!("healthy"), json!({"name": "redis", "status": "healthy"}), "1".to_owned()));
    redis.stop();
    shop.db().redis().becomes(false).await;
    let lost = (json!("degraded"), json!({"name": "redis", "status": "degraded"}), "0".to_owned());
    // A report stands for two seconds.
    until(async || told().await == lost).await;
    redis.start_again();
    shop.db().redis().becomes(true).await;
    until(async || told().await.0 == json!("healthy")).await;
}

/// CAC-5, SEC-1: the real program speaks TLS to a Redis that shows a certificate of the shop's own authority and asks
/// for a password; one that it does not trust is none, and the shop goes on.
#[test]
fn a_redis_is_reached_by_tls_with_an_authority_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let tls = folder.path().join("tls");
    drop(Running::start(folder.path(), &[]));
    let made = crate::process::run(folder.path(), &["tls", "init", "--ecdsa", "--service", "redis"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let files = RedisTls {
        certificate: tls.join("redis.crt"),
        key: tls.join("redis.key"),
        authority: tls.join("ca.crt"),
        password: "kx93hs7-of-this-test",
    };
    let Some(redis) = RedisServer::start_with_tls(files) else { return };
    let doctor = |settings: &[String]| {
        let mut command = crate::process::gondola(folder.path());
        command.env("REDIS_URL", redis.url()).args(["doctor", "--json", "--set", "redis.timeout_ms=500"]);
        let output = command.args(settings.iter().flat_map(|setting| ["--set", setting])).output().unwrap();
        let report = crate::process::json(&output);
        let checks = report["checks"].as_array().unwrap().clone();
        let check = checks.into_iter().find(|check| check["name"] == "redis").unwrap_or_else(|| panic!("{report}"));
        check["status"].as_str().unwrap().to_owned()
    };
    let authority = format!("redis.ca_file={}", tls.join("ca.crt").display());
    assert_eq!(doctor(std::slice::from_ref(&authority)), "ok");
    assert_eq!(doctor(&[]), "warn", "an authority that nobody named is not trusted");
    let other_password = redis.url().replace("kx93hs7", "another");
    assert_eq!(doctor(&[authority.clone(), format!("redis.url={other_password}")]), "warn");
    let plain = redis.url().replace("rediss://", "redis://");
    assert_eq!(doctor(&[format!("redis.url={plain}")]), "warn");
    let mut serve = vec!["--set".to_owned(), authority, "--set".to_owned(), format!("redis.url={}", redis.url())];
    serve.insert(0, "--set".to_owned());
    serve.insert(1, "redis.timeout_ms=500".to_owned());
    let running = Running::start(folder.path(), &serve.iter().map(String::as_str).collect::<Vec<_>>());
    let health = crate::process::get(running.dashboard(), "/health");
    assert!(health.contains(r#"{"name":"redis","status":"healthy"}"#), "{health}");
    assert!(!health.contains("kx93hs7"));
}

/// Nothing here takes longer, unless it never comes.
async fn until(comes: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !comes().await {
        assert!(Instant::now() < deadline, "it never came");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// RL-3: a process that starts while there is no Redis serves, and shares as soon as there is one.
#[tokio::test]
async fn a_replica_starts_without_its_redis() {
    let Some(mut redis) = RedisServer::start() else { return };
    redis.stop();
    let shop = TestShop::sqlite().await;
    let replicas = Replica::three_of(&shop, &redis).await;
    assert_eq!(admitted(&replicas[..1], "192.0.2.1", 200).await, BUDGET);
    redis.start_again();
    for replica in &replicas {
        replica.redis().becomes(true).await;
    }
    assert_eq!(admitted(&replicas, "192.0.2.2", 400).await, BUDGET);
}
