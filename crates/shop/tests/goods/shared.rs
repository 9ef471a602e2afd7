//! USR-4, USR-12, KEY-7, RL-2, CAC-6: two processes of one shop that share a real Redis, on both engines. What one of
//! them ends is over at the other.

use std::time::Duration;

use crate::common::people::{PASSWORD, encoded, session_of, signed_in, try_log_in, user};
use gondola_shop::people::{KeyInput, Password, RotationInput, console};
use gondola_store::CopyCounts;
use gondola_testkit::redis::RedisServer;
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::json;

/// A shop that two processes serve.
struct Pair {
    here: TestShop,
    there: TestShop,
    redis: RedisServer,
}

impl Pair {
    /// Nothing where this machine has no Redis.
    async fn of(shop: &TestShop) -> Option<Self> {
        let redis = RedisServer::start()?;
        let here = shop.replica(1, redis.client().await).await;
        let there = shop.replica(2, redis.client().await).await;
        Some(Self { here, there, redis })
    }

    /// How often the other process asked for a copy.
    fn counts(&self) -> CopyCounts {
        self.there.db().redis().copy_counts().unwrap()
    }

    /// Somebody signed in here, and the same browser at the other process, which knows it and has a copy.
    async fn signed_in(&self, username: &str) -> (Client<'_>, Client<'_>) {
        let cookie = session_of(&try_log_in(&self.here, username, PASSWORD).await.expect_status(303));
        let at = |shop| browser(shop, &cookie);
        let (here, there) = (at(&self.here), at(&self.there));
        let before = self.counts().hits;
        // On a machine that stands still for seconds a copy may be too old again.
        while self.counts().hits == before {
            assert!(is_in(&there).await);
        }
        (here, there)
    }
}

fn browser<'s>(shop: &'s TestShop, cookie: &str) -> Client<'s> {
    shop.browser().header("cookie", cookie)
}

async fn is_in(browser: &Client<'_>) -> bool {
    browser.get("/account").await.status == 200
}

both_engines! {
    /// USR-4: a session that is ended is over at the other process too, at its next request.
    fn a_session_ended_at_one_process_is_over_at_the_other(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        user(&pair.here, "marta", "admin").await;
        let caro = user(&pair.here, "caro", "manager").await;

        let (here, there) = pair.signed_in("caro").await;
        here.form("/logout", "").await.expect_status(303);
        assert!(!is_in(&there).await, "log-out");

        let (here, there) = pair.signed_in("caro").await;
        let list = signed_in(&pair.here, "caro").await.get("/api/v1/sessions").await.expect_status(200).json();
        let first = list["items"].as_array().unwrap().iter().find(|item| item["current"] == false).unwrap();
        let path = format!("/api/v1/sessions/{}/revoke", first["id"].as_str().unwrap());
        assert!(is_in(&there).await);
        here.post(&path, json!({})).await.expect_status(204);
        assert!(!is_in(&there).await, "one session of one's own");

        let (_, there) = pair.signed_in("caro").await;
        let path = format!("/api/v1/users/{}/sessions/revoke", caro.id);
        pair.here.api(pair.here.admin()).post(&path, json!({})).await.expect_status(204);
        assert!(!is_in(&there).await, "all sessions of somebody");
    }
}

both_engines! {
    /// USR-4, USR-12: so is one of somebody who may do something else now, or nothing.
    fn rights_changed_at_one_process_are_in_force_at_the_other(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        user(&pair.here, "marta", "admin").await;
        let caro = user(&pair.here, "caro", "manager").await;

        let (_, there) = pair.signed_in("caro").await;
        let path = format!("/api/v1/users/{}", caro.id);
        pair.here.api(pair.here.admin()).if_match(1).patch(&path, json!({"role": "cashier"})).await.expect_status(200);
        assert!(!is_in(&there).await, "another role");

        let (here, _) = pair.signed_in("caro").await;
        let (_, there) = pair.signed_in("caro").await;
        let other = encoded("otra frase larga");
        let fields = format!("password={}&new_password={other}&password_again={other}", encoded(PASSWORD));
        here.form("/account/password", &fields).await.expect_status(303);
        assert!(is_in(&here).await && !is_in(&there).await, "another password");
        console::set_password(pair.here.db(), "caro", Some(PASSWORD)).await.unwrap();

        let (_, there) = pair.signed_in("caro").await;
        console::disable_user(pair.here.db(), "caro").await.unwrap();
        assert!(!is_in(&there).await, "disabled");
    }
}

both_engines! {
    /// USR-4, USR-12: where whoever ends a session cannot reach Redis, a copy of it lasts less than five seconds.
    fn a_copy_that_nobody_outdates_ends_by_itself(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        user(&pair.here, "caro", "cashier").await;
        let (_, there) = pair.signed_in("caro").await;
        // This process of the shop has no Redis at all.
        console::disable_user(shop.db(), "caro").await.unwrap();
        shop.clock().advance(Duration::from_secs(4));
        assert!(!is_in(&there).await);
    }
}

both_engines! {
    /// USR-4: a Redis that is lost or forgets logs nobody out, and lets nobody in.
    fn losing_redis_logs_nobody_out(shop: TestShop) {
        let Some(mut pair) = Pair::of(&shop).await else { return };
        user(&pair.here, "caro", "cashier").await;
        let cookie = session_of(&try_log_in(&pair.here, "caro", PASSWORD).await.expect_status(303));
        assert!(is_in(&browser(&pair.there, &cookie)).await);
        assert_eq!(pair.redis.tell("FLUSHALL"), "+OK");
        assert!(is_in(&browser(&pair.there, &cookie)).await);
        pair.redis.stop();
        assert!(is_in(&browser(&pair.there, &cookie)).await);
        assert!(pair.counts().bypasses > 0);
        let out = browser(&pair.here, &cookie).form("/logout", "").await;
        out.expect_status(303);
        assert!(!is_in(&browser(&pair.there, &cookie)).await);
        pair.redis.start_again();
        pair.there.db().redis().becomes(true).await;
        assert!(!is_in(&browser(&pair.there, &cookie)).await);
    }
}

both_engines! {
    /// KEY-7, KEY-5: a revoked key and a secret that was given up are refused by the other process at its next request.
    fn a_key_revoked_at_one_process_is_refused_by_the_other(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        let zone = &pair.here.app().zone;
        let wanted = KeyInput { name: Some("balanza".to_owned()), scopes: vec!["read".to_owned()], ..KeyInput::default() };
        let made = console::create_key(pair.here.db(), zone, wanted).await.unwrap();
        let ask = async |secret: &str| pair.there.program().header("x-api-key", secret).get("/api/v1/products").await.status;
        assert_eq!(ask(made.secret.reveal()).await, 200);
        let rotation = RotationInput { overlap_hours: Some(0), ..RotationInput::default() };
        let next = console::rotate_key(pair.here.db(), zone, "balanza", rotation).await.unwrap();
        assert_eq!((ask(made.secret.reveal()).await, ask(next.secret.reveal()).await), (401, 200));
        console::revoke_key(pair.here.db(), "balanza").await.unwrap();
        assert_eq!(ask(next.secret.reveal()).await, 401);
    }
}

both_engines! {
    /// USR-12: the keys of whoever is disabled end too.
    fn a_key_of_somebody_disabled_at_one_process_is_refused_by_the_other(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        user(&pair.here, "marta", "admin").await;
        user(&pair.here, "sofi", "admin").await;
        let (marta, _) = pair.signed_in("marta").await;
        let made = marta.post("/api/v1/keys", json!({"name": "web", "scopes": ["read"]})).await.expect_status(201).json();
        let secret = made["secret"].as_str().unwrap();
        let ask = async || pair.there.program().header("x-api-key", secret).get("/api/v1/products").await.status;
        assert_eq!(ask().await, 200);
        console::disable_user(pair.here.db(), "marta").await.unwrap();
        assert_eq!(ask().await, 401);
    }
}

both_engines! {
    /// RL-2, USR-2: five attempts a minute are five at both processes together.
    fn log_in_attempts_are_counted_together(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        for process in [&pair.here, &pair.there, &pair.here, &pair.there, &pair.here] {
            try_log_in(process, "nadie", "not this one").await.expect_status(401);
        }
        for process in [&pair.here, &pair.there] {
            try_log_in(process, "nadie", "not this one").await.expect_status(429);
        }
    }
}

both_engines! {
    /// CAC-6: who reads Redis learns nobody's name, id, address or cookie.
    fn nothing_in_redis_tells_anything(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        let drawn = Password::draw();
        let caro = user(&pair.here, "caro", "cashier").await;
        pair.signed_in("caro").await;
        let cookie = session_of(&try_log_in(&pair.here, "caro", PASSWORD).await.expect_status(303));
        assert!(is_in(&browser(&pair.there, &cookie)).await);
        try_log_in(&pair.here, "caro", drawn.reveal()).await.expect_status(401);
        let dump = pair.redis.dump();
        let holds = |what: &[u8]| dump.windows(what.len()).any(|part| part == what);
        assert!(holds(b"gondola:"), "there is something in it");
        let (_, secret) = cookie.split_once('=').unwrap();
        let id = caro.id.to_string();
        for known in [secret, "caro", "cashier", "127.0.0.1", &id, &id.replace('-', ""), drawn.reveal(), "General"] {
            assert!(!holds(known.as_bytes()), "{known}");
        }
        assert!(!holds(caro.id.as_bytes()));
    }
}

both_engines! {
    /// CAC-6: who writes Redis opens nothing: a copy moved to another session's name is none.
    fn a_copy_moved_to_another_name_opens_nothing(shop: TestShop) {
        let Some(pair) = Pair::of(&shop).await else { return };
        user(&pair.here, "marta", "admin").await;
        user(&pair.here, "caro", "cashier").await;
        let (_, caro) = pair.signed_in("caro").await;
        let (_, marta) = pair.signed_in("marta").await;
        // Every copy is put under every other name.
        let mix = "local names = redis.call('keys', 'gondola:*') \
            local copies = {} \
            for _, name in ipairs(names) do \
                local copy = redis.call('get', name) if #copy > 100 then copies[#copies + 1] = {name, copy} end \
            end \
            for at, pair in ipairs(copies) do \
                redis.call('set', pair[1], copies[at % #copies + 1][2]) \
            end \
            return #copies";
        while pair.redis.tell(&format!("EVAL \"{mix}\" 0")) != ":2" {
            assert!(is_in(&caro).await && is_in(&marta).await);
        }
        let who = async |browser: &Client<'_>| browser.get("/api/v1/me").await.expect_status(200).json()["name"].clone();
        assert_eq!(who(&caro).await, "caro de prueba");
        assert_eq!(who(&marta).await, "marta de prueba");
    }
}
