//! Drills: keys, certificates, the authority and a Redis of a shop in production are replaced, lost and brought back
//! while a hundred requests a second go, none of which may fail. How fast it is asked or answered decides nothing here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod load;

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use gondola_testkit::redis::RedisServer;
use gondola_vault::certificates::read_all;
use load::{CLIENTS, Load, Target};

use crate::production::people::{PASSWORD, log_in, session_of};
use crate::production::shop::{Served, Shop};
use crate::tls_client::Client;

/// Nothing here takes longer, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(50);
/// A drill says something when so many requests went through it.
const REQUESTS_MIN: u64 = 150;
/// What a rotation seals again, so that it takes a while.
const PRODUCTS: u64 = 1_000;
const FACES: [&str; 3] = ["dashboard", "deposito", "negocio"];

fn until(what: &str, comes: impl Fn() -> bool) {
    let began = Instant::now();
    while !comes() {
        assert!(began.elapsed() < PATIENCE, "it never came: {what}");
        std::thread::sleep(POLL);
    }
}

/// The serial number of the certificate that lies in a file.
fn serial(shop: &Shop, name: &str) -> Vec<u8> {
    let file = shop.certificates().join(format!("{name}.crt"));
    read_all(&fs::read(file).unwrap()).unwrap().swap_remove(0).serial
}

fn authorities(shop: &Shop) -> Vec<u8> {
    fs::read(shop.certificates().join("ca.crt")).unwrap()
}

/// A shop that serves, with a Redis, under load.
struct Drill {
    shop: Shop,
    served: Served,
    redis: RedisServer,
    load: Load,
}

impl Drill {
    /// Nothing where there is no Redis.
    fn begun(shop: Shop) -> Option<Self> {
        let redis = shop.redis(&["--ecdsa"])?;
        let authority = format!("--set=redis.ca_file={}", shop.certificates().join("ca.crt").display());
        let address = format!("--set=redis.url={}", redis.url());
        let served = shop.serve_with(&[&authority, &address, "--set=log.level=warn"]);
        stock_up(&shop);
        shop.told_typing(&["user", "add", "mora", "--role", "manager", "--password-stdin"], PASSWORD);
        let session = session_of(&log_in(&served, "mora").expect(303));
        let words = ["key", "create", "--name", "load", "--scope", "read,write,admin", "--quota", "100000"];
        let secret = shop.told(&words)["secret"].as_str().unwrap().to_owned();
        let faces = FACES.map(|face| served.running.addresses[face]);
        let load = Load::on(Target { faces, authorities: shop.certificates().join("ca.crt"), session, secret });
        let drill = Self { shop, served, redis, load };
        drill.shares("healthy");
        drill.during("nothing at all", || ());
        Some(drill)
    }

    /// Something is done while requests go, and more of them go afterwards; answers how many did.
    fn during<T>(&self, what: &str, act: impl FnOnce() -> T) -> T {
        let (good, opened) = (self.load.good(), self.load.opened());
        let done = act();
        self.goes_on(what, good, opened);
        done
    }

    /// So many requests were answered since then, some of them over new connections, and all as they should be.
    fn goes_on(&self, what: &str, good: u64, opened: u64) {
        until(what, || {
            self.load.nothing_failed(what);
            self.load.good() >= good + REQUESTS_MIN && self.load.opened() >= opened + CLIENTS
        });
    }

    /// What its health says of Redis.
    fn shares(&self, status: &str) {
        let told = format!(r#"{{"name":"redis","status":"{status}"}}"#);
        until(&told, || {
            Client::trusting(&authorities(&self.shop)).get(self.dashboard(), "/health").unwrap().contains(&told)
        });
    }

    fn dashboard(&self) -> SocketAddr {
        self.served.running.dashboard()
    }

    /// Every port that takes up new files by itself or when it is told shows what lies there.
    fn shows_new_certificates(&self) {
        let client = Client::trusting(&authorities(&self.shop));
        for face in FACES {
            let address = self.served.running.addresses[face];
            until(face, || client.serial(address).unwrap() == serial(&self.shop, face));
        }
        let Some(postgres) = &self.shop.postgres else { return };
        postgres.take_up(&self.shop.certificates());
        let shown = || client.over(postgres.asked_for_tls()).unwrap().serial().unwrap();
        until("postgres", || shown() == serial(&self.shop, "postgres"));
    }

    /// KEY-5: the old secret and the new one are good.
    fn an_api_key_is_rotated(&self) {
        let rotated = self.during("the rotation of an API key", || self.shop.told(&["key", "rotate", "load"]));
        let before = self.load.by_secret();
        assert_eq!(before[1], 0);
        self.load.also_with(rotated["secret"].as_str().unwrap());
        until("both secrets are used", || {
            self.load.nothing_failed("the time of two secrets");
            let after = self.load.by_secret();
            (0..2).all(|which| after[which] >= before[which] + REQUESTS_MIN / 2)
        });
        let key = &self.shop.told(&["key", "list"])["items"][0];
        assert!(key["previous_until"].is_string(), "it has two secrets: {key}");
    }

    /// ENC-7: what is written is sealed with the new key, what was written before follows.
    fn a_data_key_is_rotated(&self) {
        let good = self.load.good();
        let rotated = self.during("the rotation of a data key", || {
            let rotated = self.shop.told(&["encryption", "rotate"]);
            assert!(self.load.good() > good, "requests were answered while values were sealed again");
            rotated
        });
        assert_eq!(rotated["key"], 5, "{rotated}");
        assert!(rotated["resealed"].as_u64().unwrap() >= PRODUCTS - CLIENTS, "{rotated}");
        let keys = self.shop.told(&["encryption", "inventory"])["keys"].clone();
        let sealed = keys.as_array().unwrap().iter().find(|key| key["id"] == 5).map(|key| key["rows"].clone());
        assert!(sealed.as_ref().is_some_and(|rows| rows.as_u64().unwrap() >= PRODUCTS), "{keys}");
    }

    /// TLS-5, TLS-9.
    fn certificates_are_renewed(&self) {
        let authorities_before = authorities(&self.shop);
        let before = FACES.map(|face| serial(&self.shop, face));
        self.during("the renewal of certificates", || {
            self.shop.certify(&["renew", "--service", "dashboard,deposito,negocio,postgres,redis"]);
            self.shows_new_certificates();
        });
        assert!(FACES.iter().zip(&before).all(|(face, before)| serial(&self.shop, face) != *before));
        assert_eq!(authorities(&self.shop), authorities_before, "the authority is left alone");
        assert!(self.shop.told(&["key", "list"])["items"].is_array(), "the database is reached over a new connection");
    }

    /// RL-3, USR-4: nobody is logged out and nobody is refused.
    fn a_redis_is_lost_and_comes_back(&mut self) {
        let (good, opened) = (self.load.good(), self.load.opened());
        self.redis.stop();
        self.shares("degraded");
        self.goes_on("the loss of Redis", good, opened);
        let (good, opened) = (self.load.good(), self.load.opened());
        self.redis.start_again();
        self.shares("healthy");
        self.goes_on("the return of Redis", good, opened);
    }

    /// TLS-5: for a while two authorities are trusted.
    fn an_authority_is_replaced(&mut self) {
        let count = || read_all(&authorities(&self.shop)).unwrap().len();
        let before = authorities(&self.shop);
        self.during("the roll-over, when two are trusted", || {
            self.shop.certify(&["renew", "--service", "ca", "--ecdsa"]);
            assert_eq!(count(), 2);
        });
        self.during("the roll-over, when the new one signs", || {
            self.shop.certify(&["renew", "--force"]);
            self.shows_new_certificates();
        });
        self.during("the roll-over, when one is trusted", || {
            self.shop.certify(&["renew", "--forget-earlier"]);
            assert_eq!(count(), 1);
        });
        // Redis shows its new certificate when it comes back, and is taken by the authorities as they are now.
        self.a_redis_is_lost_and_comes_back();
        assert_ne!(authorities(&self.shop), before);
        let told = Client::trusting(&before).get(self.dashboard(), "/health").err().map(|error| error.to_string());
        assert!(told.as_ref().is_some_and(|told| told.contains("UnknownIssuer")), "{told:?}");
        assert!(self.shop.told(&["key", "list"])["items"].is_array(), "the database is reached over a new connection");
    }
}

/// Products that cost something, among them one for each client.
fn stock_up(shop: &Shop) {
    let mut list = String::from("SKU;Nombre;Costo\n");
    for number in 1..=PRODUCTS {
        writeln!(list, "P-{number};Producto {number};{number},5").unwrap();
    }
    let file = shop.path("list.csv");
    fs::write(&file, list).unwrap();
    let loaded = shop.told(&["import", "products", told(&file)]);
    assert_eq!(loaded["rows_created"], PRODUCTS, "{loaded}");
}

fn told(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn nothing_fails(shop: Shop) {
    let Some(mut drill) = Drill::begun(shop) else { return };
    let drilled = catch_unwind(AssertUnwindSafe(|| {
        drill.an_api_key_is_rotated();
        drill.a_data_key_is_rotated();
        drill.certificates_are_renewed();
        drill.a_redis_is_lost_and_comes_back();
        drill.an_authority_is_replaced();
        drill.load.nothing_failed("the whole drill");
    }));
    let Drill { served, load, .. } = drill;
    eprintln!("{} requests over {} connections in {:?}", load.good(), load.opened(), load.began.elapsed());
    drop(load);
    let log = served.stop();
    if let Err(panic) = drilled {
        eprintln!("what the program said: {log}");
        resume_unwind(panic);
    }
}

/// KEY-5, ENC-7, TLS-5, TLS-9, RL-3, USR-4.
#[test]
fn no_request_fails_on_sqlite_while_keys_certificates_and_redis_are_replaced() {
    nothing_fails(Shop::on_sqlite(&["--ecdsa"]));
}

/// KEY-5, ENC-7, TLS-5, TLS-9, RL-3, USR-4; the database's certificate is renewed too.
#[test]
fn no_request_fails_on_postgresql_while_keys_certificates_and_redis_are_replaced() {
    if let Some(shop) = Shop::on_postgres(&["--ecdsa"]) {
        nothing_fails(shop);
    }
}
