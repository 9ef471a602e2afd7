//! Coming in and going out, on both engines: the first start, log-in and its throttles, sessions.

use std::time::Duration;

use crate::common::pages::form;
use crate::common::people::{PASSWORD, encoded, form_key, session_of, signed_in, try_log_in, user};
use crate::second_factor::turned_on;
use gondola_shop::people::console;
use gondola_store::{Actor, Command, Context, Fail, Permission, Tx, both, sqlx};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::json;

const MINUTE: Duration = Duration::from_secs(60);

async fn is_in(browser: &gondola_testkit::Client<'_>) -> bool {
    browser.get("/account").await.status == 200
}

fn set_up_form(token: &str) -> String {
    let password = encoded(PASSWORD);
    format!("token={token}&username=Marta&name=Marta+G%C3%B3mez&password={password}&password_again={password}")
}

both_engines! {
    /// SEC-4: no default account; one token, single use, to the console only.
    fn the_token_of_the_first_start_makes_one_owner_once(shop: TestShop) {
        let browser = shop.browser();
        assert_eq!(browser.get("/login").await.expect_status(303).header("location"), "/setup");
        browser.get("/setup").await.expect_status(200);
        let token = console::draw_set_up_token(shop.db()).await.unwrap().expect("there is no user yet");
        let wrong = browser.form("/setup", &set_up_form(&"x".repeat(43))).await.expect_status(422);
        assert!(wrong.text().contains("Ese código no sirve"), "{}", wrong.text());
        let made = browser.form("/setup", &set_up_form(token.reveal())).await.expect_status(303);
        assert_eq!(made.header("location"), "/");
        assert!(is_in(&shop.browser().header("cookie", &session_of(&made))).await);
        let again = browser.form("/setup", &set_up_form(token.reveal())).await.expect_status(303);
        assert_eq!(again.header("location"), "/login");
        assert!(console::draw_set_up_token(shop.db()).await.unwrap().is_none());
        let users = console::list_users(shop.db()).await.unwrap();
        assert_eq!(users.iter().map(|user| (user.username.as_str(), user.role.as_str())).collect::<Vec<_>>(), [("marta", "admin")]);
    }
}

both_engines! {
    /// SEC-4: 30 minutes, and a new start voids the token before it.
    fn an_old_token_is_no_good(shop: TestShop) {
        let first = console::draw_set_up_token(shop.db()).await.unwrap().unwrap();
        let second = console::draw_set_up_token(shop.db()).await.unwrap().unwrap();
        shop.browser().form("/setup", &set_up_form(first.reveal())).await.expect_status(422);
        shop.clock().advance(30 * MINUTE);
        shop.browser().form("/setup", &set_up_form(second.reveal())).await.expect_status(422);
        assert!(console::list_users(shop.db()).await.unwrap().is_empty());
    }
}

both_engines! {
    fn everything_wrong_with_the_first_user_is_told_at_once(shop: TestShop) {
        let token = console::draw_set_up_token(shop.db()).await.unwrap().unwrap();
        let form = format!("token={}&username=a&name=&password=short&password_again=other", token.reveal());
        let html = shop.browser().form("/setup", &form).await.expect_status(422).text();
        for field in ["username-error", "name-error", "password-error"] {
            assert!(html.contains(field), "{field} in {html}");
        }
        assert!(!html.contains("short") && !html.contains(token.reveal()), "no secret is sent back");
        shop.browser().form("/setup", &set_up_form(token.reveal())).await.expect_status(303);
    }
}

both_engines! {
    /// USR-3: the cookie's attributes over plain http.
    fn a_log_in_sets_a_cookie_that_scripts_cannot_read(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let answer = try_log_in(&shop, " MARTA ", PASSWORD).await.expect_status(303);
        let cookie = answer.header("set-cookie");
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        assert_eq!(session_of(&answer).len(), "gondola_session=".len() + 43);
    }
}

/// What a refused log-in says, without what differs by design.
fn said(answer: &Answer, username: &str) -> (u16, String) {
    let id = answer.header("x-request-id").to_owned();
    let text = answer.text().replace(username, "USERNAME");
    (answer.status, if id.is_empty() { text } else { text.replace(&id, "ID") })
}

both_engines! {
    /// USR-2: a wrong password, an account that does not exist, one that is locked and one that may
    /// not enter are refused alike.
    fn a_refused_log_in_does_not_tell_why(shop: TestShop) {
        user(&shop, "owner", "admin").await;
        user(&shop, "locked", "cashier").await;
        user(&shop, "gone", "cashier").await;
        console::disable_user(shop.db(), "gone").await.unwrap();
        for _ in 0..5 {
            try_log_in(&shop, "locked", "wrong wrong wrong").await.expect_status(401);
        }
        shop.clock().advance(MINUTE);
        let wrong = said(&try_log_in(&shop, "owner", "wrong wrong wrong").await, "owner");
        assert_eq!(wrong.0, 401);
        assert_eq!(wrong, said(&try_log_in(&shop, "nobody", PASSWORD).await, "nobody"));
        assert_eq!(wrong, said(&try_log_in(&shop, "locked", PASSWORD).await, "locked"));
        assert_eq!(wrong, said(&try_log_in(&shop, "gone", PASSWORD).await, "gone"));
    }
}

both_engines! {
    /// USR-2: five failures lock for 15 minutes; afterwards the right password opens.
    fn five_failures_lock_the_account_for_fifteen_minutes(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        for _ in 0..5 {
            try_log_in(&shop, "marta", "wrong wrong wrong").await.expect_status(401);
        }
        shop.clock().advance(14 * MINUTE);
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(401);
        shop.clock().advance(MINUTE);
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(303);
    }
}

both_engines! {
    /// USR-2: at most five attempts a minute from one address for one account, existing or not.
    fn the_sixth_attempt_of_a_minute_has_to_wait(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        for username in ["marta", "nobody"] {
            for _ in 0..5 {
                try_log_in(&shop, username, "wrong wrong wrong").await.expect_status(401);
            }
            let refused = try_log_in(&shop, username, "wrong wrong wrong").await.expect_status(429);
            let wait: u64 = refused.header("retry-after").parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
        shop.clock().advance(MINUTE);
        try_log_in(&shop, "nobody", "wrong wrong wrong").await.expect_status(401);
    }
}

both_engines! {
    /// PEN-1 A07: one password on many accounts stays under the limit of each, not under that of the network; others are
    /// not held up.
    fn one_network_tries_twenty_accounts_a_minute(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        for number in 0..20 {
            try_log_in(&shop, &format!("cuenta{number}"), "wrong wrong wrong").await.expect_status(401);
        }
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(429);
        let form = form(&[("username", "marta"), ("password", PASSWORD)]);
        let elsewhere = shop.browser().from("203.0.113.7".parse().unwrap());
        elsewhere.form("/login", &form).await.expect_status(303);
        shop.clock().advance(MINUTE);
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(303);
    }
}

both_engines! {
    fn a_good_log_in_forgives_the_failures_before_it(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        for _ in 0..2 {
            for _ in 0..4 {
                try_log_in(&shop, "marta", "wrong wrong wrong").await.expect_status(401);
            }
            try_log_in(&shop, "marta", PASSWORD).await.expect_status(303);
            shop.clock().advance(MINUTE);
        }
    }
}

both_engines! {
    /// USR-3: a session ends after 30 minutes without use, and after 8 hours in any case.
    fn a_session_ends_when_idle_and_when_old(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let idle = signed_in(&shop, "marta").await;
        shop.clock().advance(29 * MINUTE);
        assert!(is_in(&idle).await);
        let busy = signed_in(&shop, "marta").await;
        shop.clock().advance(30 * MINUTE);
        assert_eq!(idle.get("/account").await.expect_status(303).header("location"), "/login?next=%2Faccount");
        assert!(!is_in(&busy).await, "nobody used it");
        let used = signed_in(&shop, "marta").await;
        for _ in 0..23 {
            shop.clock().advance(20 * MINUTE);
            assert!(is_in(&used).await);
            seen_now(&shop).await;
        }
        shop.clock().advance(20 * MINUTE);
        assert!(!is_in(&used).await, "eight hours have passed");
    }
}

/// Waits until "last seen", which no request waits for, is written.
async fn seen_now(shop: &TestShop) {
    let now = gondola_store::Clock::now(shop.clock());
    loop {
        let mut rx = shop.db().read().await.unwrap();
        let mut tx = rx.as_tx();
        let (seen,): (i64,) =
            both!(&mut tx, c, _text => sqlx::query_as("select max(seen_at) from sessions").fetch_one(c).await.unwrap());
        if seen == now {
            return;
        }
        tokio::task::yield_now().await;
    }
}

both_engines! {
    /// USR-3: what somebody sends when their session has ended goes along through the log-in, both steps of it, and is sent
    /// afterwards; nothing was done before. No secret is carried, and a stranger without a session is just sent to the door.
    fn logging_in_again_keeps_what_was_being_sent(shop: TestShop) {
        crate::common::shop_with(&shop, &[]).await;
        user(&shop, "marta", "admin").await;
        let (_, codes, ended) = turned_on(&shop, &signed_in(&shop, "marta").await).await;
        shop.clock().advance(31 * MINUTE);
        let typed = form(&[("name", "Yerba \"Suave\" 1 kg"), ("sku", "YER-1"), ("category", "GEN"), ("unit", "un"), ("barcodes", "7790742034007"), ("sale_price", "1.234,50"), ("idempotency_key", "una")]);
        let kept = ended.form("/products", &typed).await.expect_status(307);
        assert_eq!(kept.header("location"), "/login/keep?to=%2Fproducts");
        let shown = ended.form(kept.header("location"), &typed).await.expect_status(401).text();
        assert!(shown.contains("lo que escribiste no se perdió"), "{shown}");
        let wrong = hidden(&shown, &[("username", "marta"), ("password", "otra cosa distinta")]);
        let again = ended.form("/login", &wrong).await.expect_status(401).text();
        let step = ended.form("/login", &hidden(&again, &[("username", "marta"), ("password", PASSWORD)])).await.expect_status(200);
        let entered = ended.form("/login/second-step", &hidden(&step.text(), &[("code", &codes[0])])).await.expect_status(200);
        let resumed = entered.text();
        assert!(resumed.contains("Yerba &#34;Suave&#34; 1 kg") && resumed.contains("action=\"/products\""), "{resumed}");
        let inside = shop.browser().header("cookie", &session_of(&entered));
        inside.get("/api/v1/products/sku:YER-1").await.expect_status(404);
        inside.form("/products", &hidden(&resumed, &[])).await.expect_status(303);
        assert_eq!(inside.get("/api/v1/products/sku:YER-1").await.expect_status(200).json()["name"], "Yerba \"Suave\" 1 kg");
        let secret = form(&[("current_password", PASSWORD), ("password", "x")]);
        let dropped = ended.form("/login/keep?to=%2Faccount", &secret).await.expect_status(401).text();
        assert!(dropped.contains("no se guardó nada") && !dropped.contains(PASSWORD), "{dropped}");
        assert_eq!(shop.browser().form("/products", &typed).await.expect_status(303).header("location"), "/login");
    }
}

/// The hidden fields of a page's form and what is typed besides, as a browser sends them.
fn hidden(html: &str, typed: &[(&str, &str)]) -> String {
    let unescaped =
        |text: &str| text.replace("&#34;", "\"").replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">");
    let part = |field: &str, name: &str| {
        let from = field.split_once(&format!("{name}=\"")).expect("an attribute").1;
        unescaped(from.split_once('"').expect("its end").0)
    };
    let fields = html.split("<input type=\"hidden\"").skip(1).map(|field| (part(field, "name"), part(field, "value")));
    let fields: Vec<(String, String)> = fields.collect();
    let all: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(typed.iter().copied()).collect();
    form(&all)
}

both_engines! {
    /// USR-3: the id rotates at log-in; the one before is no good.
    fn logging_in_again_ends_the_session_before(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let first = try_log_in(&shop, "marta", PASSWORD).await;
        let browser = shop.browser().header("cookie", &session_of(&first));
        let fields = format!("username=marta&password={}&next=%2Fkeys", encoded(PASSWORD));
        let second = browser.form("/login", &fields).await.expect_status(303);
        assert_eq!(second.header("location"), "/keys");
        assert_ne!(session_of(&first), session_of(&second));
        assert!(!is_in(&browser).await);
        assert!(is_in(&shop.browser().header("cookie", &session_of(&second))).await);
    }
}

both_engines! {
    /// A user holds 20 sessions at most: one more ends the oldest.
    fn the_oldest_session_makes_room(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let first = signed_in(&shop, "marta").await;
        let mut last = first.clone();
        for n in 0..20 {
            if n % 4 == 3 {
                shop.clock().advance(MINUTE);
            }
            last = signed_in(&shop, "marta").await;
        }
        assert!(!is_in(&first).await);
        let list = last.get("/api/v1/sessions").await.expect_status(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 20);
    }
}

both_engines! {
    /// A07: use after log-out.
    fn logging_out_ends_the_session(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let out = browser.form("/logout", "").await.expect_status(303);
        assert!(out.header("set-cookie").starts_with("gondola_session=;"), "{}", out.header("set-cookie"));
        assert!(!is_in(&browser).await);
    }
}

both_engines! {
    /// USR-4: one sees one's own sessions and ends any of them; nobody else's.
    fn a_user_sees_and_ends_their_own_sessions(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        user(&shop, "caro", "cashier").await;
        let (here, there) = (signed_in(&shop, "marta").await, signed_in(&shop, "marta").await);
        let caro = signed_in(&shop, "caro").await;
        let list = here.get("/api/v1/sessions").await.expect_status(200).json();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.iter().map(|item| item["current"].as_bool().unwrap()).filter(|current| *current).count(), 1);
        assert_eq!(items.len(), 2);
        let other = items.iter().find(|item| item["current"] == false).unwrap()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/sessions/{other}/revoke");
        caro.post(&path, json!({})).await.expect_problem(404, "not_found");
        assert!(is_in(&there).await);
        here.post(&path, json!({})).await.expect_status(204);
        assert!(!is_in(&there).await);
        assert!(is_in(&here).await);
        here.post(&path, json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// USR-4: the owner sees and ends the sessions of anybody; nobody else does.
    fn the_owner_sees_and_ends_the_sessions_of_anybody(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let caro = user(&shop, "caro", "cashier").await;
        let owner = signed_in(&shop, "marta").await;
        let browsers = [signed_in(&shop, "caro").await, signed_in(&shop, "caro").await, signed_in(&shop, "caro").await];
        let list = format!("/api/v1/users/{}/sessions", caro.id);
        browsers[0].get(&list).await.expect_status(403);
        let sessions = owner.get(&list).await.expect_status(200).json();
        let ids: Vec<&str> = sessions["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!((ids.len(), &sessions["items"][0]["current"]), (3, &json!(false)));
        // Page and API end one each; the sessions are listed newest first.
        let card = owner.get(&format!("/people/{}", caro.id)).await.expect_status(200).text();
        assert!(ids.iter().all(|id| card.contains(&format!("/people/{}/sessions/{id}/revoke", caro.id))), "{card}");
        owner.form(&format!("/people/{}/sessions/{}/revoke", caro.id, ids[0]), "").await.expect_status(303);
        let one = format!("{list}/{}/revoke", ids[1]);
        browsers[0].post(&one, json!({})).await.expect_status(403);
        owner.post(&one, json!({})).await.expect_status(204);
        owner.post(&one, json!({})).await.expect_problem(404, "not_found");
        assert_eq!([is_in(&browsers[0]).await, is_in(&browsers[1]).await, is_in(&browsers[2]).await], [true, false, false]);
        // Somebody else's session is not theirs to end under another name.
        let of_marta = console::list_sessions(shop.db(), "marta").await.unwrap();
        owner.post(&format!("{list}/{}/revoke", of_marta[0].id), json!({})).await.expect_problem(404, "not_found");
        owner.post(&format!("{list}/revoke"), json!({})).await.expect_status(204);
        assert!(!is_in(&browsers[0]).await && is_in(&owner).await);
        let card = owner.get(&format!("/people/{}", caro.id)).await.expect_status(200).text();
        assert!(card.contains("no está conectado en ningún lado"), "{card}");
        let nobody = format!("/api/v1/users/{}/sessions", crate::common::nothing());
        owner.get(&nobody).await.expect_problem(404, "not_found");
        owner.post(&format!("{nobody}/revoke"), json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// USR-4: so does the machine's console.
    fn the_console_sees_and_ends_the_sessions_of_anybody(shop: TestShop) {
        user(&shop, "caro", "cashier").await;
        let browsers = [signed_in(&shop, "caro").await, signed_in(&shop, "caro").await, signed_in(&shop, "caro").await];
        let sessions = console::list_sessions(shop.db(), "caro").await.unwrap();
        assert_eq!(sessions.len(), 3);
        console::end_sessions(shop.db(), "caro", Some(sessions[0].id)).await.unwrap();
        assert_eq!([is_in(&browsers[0]).await, is_in(&browsers[1]).await, is_in(&browsers[2]).await], [true, true, false]);
        let again = console::end_sessions(shop.db(), "caro", Some(sessions[0].id)).await.unwrap_err();
        assert_eq!(again.code, "not_found");
        console::end_sessions(shop.db(), "caro", None).await.unwrap();
        assert!(!is_in(&browsers[0]).await && !is_in(&browsers[1]).await);
        assert!(console::list_sessions(shop.db(), "caro").await.unwrap().is_empty());
        assert_eq!(console::list_sessions(shop.db(), "nobody").await.unwrap_err().code, "not_found");
    }
}

both_engines! {
    /// USR-12: whoever is disabled is out at the next request.
    fn disabling_a_user_ends_their_sessions(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        user(&shop, "caro", "cashier").await;
        let caro = signed_in(&shop, "caro").await;
        console::disable_user(shop.db(), "caro").await.unwrap();
        assert!(!is_in(&caro).await);
        try_log_in(&shop, "caro", PASSWORD).await.expect_status(401);
    }
}

both_engines! {
    /// USR-3: a change of rights takes a new log-in.
    fn a_new_role_is_in_force_at_once(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let caro = user(&shop, "caro", "manager").await;
        let browser = signed_in(&shop, "caro").await;
        let path = format!("/api/v1/users/{}", caro.id);
        shop.api(shop.admin()).if_match(1).patch(&path, json!({"role": "cashier"})).await.expect_status(200);
        assert!(!is_in(&browser).await);
        let me = signed_in(&shop, "caro").await.get("/api/v1/me").await.expect_status(200).json();
        assert_eq!((me["kind"].as_str(), me["role"].as_str()), (Some("user"), Some("cashier")));
    }
}

both_engines! {
    fn changing_ones_password_asks_for_the_current_one_and_ends_the_other_sessions(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let (here, there) = (signed_in(&shop, "marta").await, signed_in(&shop, "marta").await);
        let form = |current: &str, new: &str, again: &str| {
            format!("password={}&new_password={}&password_again={}", encoded(current), encoded(new), encoded(again))
        };
        for (fields, field) in [
            (form("not this one", "otra frase larga", "otra frase larga"), "password-error"),
            (form(PASSWORD, "otra frase larga", "otra frase corta"), "new_password-error"),
            (form(PASSWORD, "corta", "corta"), "new_password-error"),
        ] {
            let html = here.form("/account/password", &fields).await.expect_status(422).text();
            assert!(html.contains(field), "{field}");
        }
        let good = form(PASSWORD, "otra frase larga", "otra frase larga");
        here.form("/account/password", &good).await.expect_status(303);
        assert!(is_in(&here).await && !is_in(&there).await);
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(401);
        try_log_in(&shop, "marta", "otra frase larga").await.expect_status(303);
    }
}

both_engines! {
    /// A form that worked says so on the next page, once.
    fn the_page_after_a_form_says_that_it_worked(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let form = format!("{}&username=caro&name=Caro&role=cashier&password={}", form_key(1), encoded(PASSWORD));
        let added = browser.form("/people", &form).await.expect_status(303);
        let message = added.header("set-cookie").split(';').next().unwrap().to_owned();
        let session = session_of(&try_log_in(&shop, "marta", PASSWORD).await);
        let next = shop.browser().header("cookie", &format!("{session}; {message}")).get("/people").await.expect_status(200);
        assert!(next.text().contains("Caro ya puede entrar."), "{}", next.text());
        assert!(next.header("set-cookie").starts_with("gondola_message=;"), "{}", next.header("set-cookie"));
        let again = browser.form("/people", &form).await.expect_status(303);
        assert_eq!(again.header("location"), "/people", "sent twice, made once");
        assert_eq!(console::list_users(shop.db()).await.unwrap().len(), 2);
    }
}

struct SetHash(String);

impl Command for SetHash {
    const NAME: &'static str = "test.set_hash";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::ManagePeople
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<()>> {
        both!(tx, c, _text => sqlx::query("update users set password_hash = $1").bind(&self.0).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// A hash with 8 KiB and one pass.
fn weak_hash(password: &str) -> String {
    use argon2::password_hash::PasswordHasher;
    let params = argon2::Params::new(8, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    weak.hash_password_with_salt(password.as_bytes(), b"sixteen bytes of").unwrap().to_string()
}

async fn stored_hash(shop: &TestShop) -> String {
    let mut rx = shop.db().read().await.unwrap();
    let mut tx = rx.as_tx();
    let (hash,): (String,) =
        both!(&mut tx, c, _text => sqlx::query_as("select password_hash from users").fetch_one(c).await.unwrap());
    hash
}

both_engines! {
    /// USR-1: a hash with other parameters is made anew at the next good log-in.
    fn a_weak_hash_is_replaced_at_log_in(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        shop.db().execute(&Actor::system("test"), None, SetHash(weak_hash(PASSWORD))).await.unwrap();
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(303);
        assert!(stored_hash(&shop).await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(303);
    }
}
