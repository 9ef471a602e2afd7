//! USR-5: the second step of a log-in, on both engines: turned on, asked for, spent once, lost.

use std::time::Duration;

use crate::common::people::{PASSWORD, encoded, session_of, signed_in, try_log_in, user};
use gondola_shop::people::console;
use gondola_store::{Clock, Role};
use gondola_testkit::redis::RedisServer;
use gondola_testkit::{Answer, Client, TestShop, both_engines};
use gondola_vault::TotpSecret;
use serde_json::Value;

const STEP: Duration = Duration::from_secs(30);
const PAGE: &str = "/account/second-factor";

/// The secret that the page shows to the authenticator.
async fn learnt(browser: &Client<'_>) -> TotpSecret {
    let page = browser.get(PAGE).await.expect_status(200).text();
    let shown = page.split("secret=").nth(1).unwrap_or_else(|| panic!("no secret on {page}"));
    let letters = shown.chars().take_while(char::is_ascii_alphanumeric);
    let bits: Vec<u8> = letters
        .map(|letter| match letter {
            'A'..='Z' => letter as u8 - b'A',
            digit => digit as u8 - b'2' + 26,
        })
        .collect();
    let bytes: Vec<u8> = bits
        .chunks(8)
        .flat_map(|chunk| {
            let word = chunk.iter().fold(0_u64, |word, five| word << 5 | u64::from(*five));
            word.to_be_bytes()[3..].to_vec()
        })
        .collect();
    TotpSecret::from_bytes(&bytes).expect("20 bytes")
}

/// The code of now, and so many steps from now.
fn code(shop: &TestShop, secret: &TotpSecret, steps: i64) -> String {
    secret.code(shop.clock().now() / 30_000_000 + steps)
}

async fn send(browser: &Client<'_>, path: &str, code: &str) -> Answer {
    browser.form(path, &format!("code={}", encoded(code))).await
}

async fn confirm(browser: &Client<'_>, password: &str, code: &str) -> Answer {
    let fields = format!("code={}&password={}", encoded(code), encoded(password));
    browser.form(&format!("{PAGE}/confirm"), &fields).await
}

/// Turns the second step on; answers the secret and the written-down codes, and the browser with its new session.
pub async fn turned_on<'s>(shop: &'s TestShop, browser: &Client<'s>) -> (TotpSecret, Vec<String>, Client<'s>) {
    browser.form(PAGE, "").await.expect_status(303);
    let secret = learnt(browser).await;
    let answer = confirm(browser, PASSWORD, &code(shop, &secret, 0)).await.expect_status(200);
    let page = answer.text();
    let written: Vec<String> =
        page.split("<li class=\"code\">").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(written.len(), 10, "{page}");
    assert_eq!(browser.get("/account").await.status, 303, "USR-3: the session has another id now");
    let browser = shop.browser().header("cookie", &session_of(&answer));
    (secret, written, browser)
}

/// The first step: what the form of the second carries.
async fn ticket(shop: &TestShop, username: &str) -> String {
    let page = try_log_in(shop, username, PASSWORD).await.expect_status(200);
    assert!(page.headers.get("set-cookie").is_none(), "nobody is in after the first step");
    let text = page.text();
    text.split("name=\"ticket\" value=\"").nth(1).expect("a ticket").split('"').next().unwrap().to_owned()
}

async fn second_step(shop: &TestShop, ticket: &str, code: &str) -> Answer {
    shop.browser().form("/login/second-step", &format!("next=%2Fproducts&ticket={ticket}&code={}", encoded(code))).await
}

both_engines! {
    /// USR-4: the session of before is over at another process too, which had a copy of it.
    fn turning_it_on_ends_the_session_of_before_everywhere(shop: TestShop) {
        let Some(redis) = RedisServer::start() else { return };
        let here = shop.replica(1, redis.client().await).await;
        let there = shop.replica(2, redis.client().await).await;
        user(&here, "caro", "cashier").await;
        let cookie = session_of(&try_log_in(&here, "caro", PASSWORD).await.expect_status(303));
        let far = there.browser().header("cookie", &cookie);
        far.get("/account").await.expect_status(200);
        turned_on(&here, &here.browser().header("cookie", &cookie)).await;
        far.get("/account").await.expect_status(303);
    }
}

both_engines! {
    fn a_log_in_asks_for_the_code_and_each_code_counts_once(shop: TestShop) {
        crate::common::stocked(&shop, &[]).await;
        user(&shop, "marta", "admin").await;
        let (first, other) = (signed_in(&shop, "marta").await, signed_in(&shop, "marta").await);
        let (secret, _, first) = turned_on(&shop, &first).await;
        assert_eq!(other.get("/account").await.status, 303, "sessions of before end, but for this one");
        assert_eq!(first.get("/account").await.status, 200);
        let confirmed = code(&shop, &secret, 0);
        shop.clock().advance(2 * STEP);
        let ticket = ticket(&shop, "marta").await;
        second_step(&shop, &ticket, &confirmed).await.expect_status(401);
        let next = code(&shop, &secret, 1);
        let inside = second_step(&shop, &ticket, &format!("{} {}", &next[..3], &next[3..])).await.expect_status(303);
        assert_eq!(inside.header("location"), "/products");
        let browser = shop.browser().header("cookie", &session_of(&inside));
        assert_eq!(browser.get("/account").await.status, 200);
        second_step(&shop, &ticket, &next).await.expect_status(401);
        let users = shop.api(shop.admin()).get("/api/v1/users").await.expect_status(200).json();
        assert_eq!(users["items"][0]["second_factor"], true);
        assert!(!users.to_string().contains(&secret.base32()));
    }
}

both_engines! {
    fn a_written_down_code_counts_once_and_new_ones_replace_the_rest(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let (secret, written, browser) = turned_on(&shop, &browser).await;
        let first = ticket(&shop, "marta").await;
        second_step(&shop, &first, &written[0].to_uppercase()).await.expect_status(303);
        second_step(&shop, &first, &written[0]).await.expect_status(401);
        assert!(browser.get(PAGE).await.text().contains("quedan: 9"));
        shop.clock().advance(2 * STEP);
        let page = send(&browser, &format!("{PAGE}/codes"), &code(&shop, &secret, 0)).await.expect_status(200).text();
        assert!(page.contains("quedan: 10") && !page.contains(&written[1]));
        second_step(&shop, &first, &written[1]).await.expect_status(401);
    }
}

both_engines! {
    /// One of two log-ins at once with the same code gets in.
    fn two_at_once_do_not_share_a_code(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let (secret, written, _) = turned_on(&shop, &browser).await;
        let ticket = ticket(&shop, "marta").await;
        for code in [code(&shop, &secret, 1), written[4].clone()] {
            let (one, other) = tokio::join!(second_step(&shop, &ticket, &code), second_step(&shop, &ticket, &code));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 401]);
            shop.clock().advance(Duration::from_secs(60));
        }
    }
}

both_engines! {
    fn five_wrong_codes_lock_the_account_and_an_old_ticket_begins_anew(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let (secret, _, _) = turned_on(&shop, &browser).await;
        let held = ticket(&shop, "marta").await;
        shop.clock().advance(Duration::from_secs(60));
        for _ in 0..5 {
            second_step(&shop, &held, "000000").await.expect_status(401);
        }
        second_step(&shop, &held, "000000").await.expect_status(429);
        shop.clock().advance(Duration::from_secs(60));
        let locked = second_step(&shop, &held, &code(&shop, &secret, 0)).await.expect_status(401);
        assert!(locked.headers.get("set-cookie").is_none());
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(401);
        shop.clock().advance(Duration::from_secs(15 * 60));
        let late = second_step(&shop, &held, &code(&shop, &secret, 0)).await.expect_status(401);
        assert!(late.text().contains("name=\"password\""), "the first step again");
        let fresh = ticket(&shop, "marta").await;
        second_step(&shop, &fresh, &code(&shop, &secret, 0)).await.expect_status(303);
        second_step(&shop, "", "000000").await.expect_status(401);
    }
}

both_engines! {
    fn it_is_turned_off_with_a_code_only(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        send(&browser, &format!("{PAGE}/end"), "000000").await.expect_status(422);
        let (secret, written, browser) = turned_on(&shop, &browser).await;
        let refused = send(&browser, &format!("{PAGE}/end"), "000000").await.expect_status(422);
        assert!(refused.text().contains("code-error"), "{}", refused.text());
        browser.form(PAGE, "").await.expect_status(409);
        let own = browser.get(PAGE).await.text();
        assert!(!own.contains(&secret.base32()) && !own.contains(&written[0]), "shown once");
        send(&browser, &format!("{PAGE}/end"), &written[2]).await.expect_status(303);
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(303);
        assert_eq!(shop.api(shop.admin()).get("/api/v1/users").await.json()["items"][0]["second_factor"], false);
    }
}

both_engines! {
    fn a_wrong_first_code_or_password_turns_nothing_on(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        confirm(&browser, PASSWORD, "000000").await.expect_status(409);
        browser.form(PAGE, "").await.expect_status(303);
        let first = learnt(&browser).await;
        confirm(&browser, PASSWORD, "000000").await.expect_status(422);
        let open_browser = confirm(&browser, "wrong wrong wrong", &code(&shop, &first, 0)).await.expect_status(422);
        assert!(open_browser.text().contains("password-error"));
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(303);
        browser.form(PAGE, "").await.expect_status(303);
        let second = learnt(&browser).await;
        assert_ne!(first.base32(), second.base32());
        confirm(&browser, PASSWORD, &code(&shop, &first, 0)).await.expect_status(422);
        confirm(&browser, PASSWORD, &code(&shop, &second, 0)).await.expect_status(200);
    }
}

both_engines! {
    /// A ticket of the first step is worth nothing once the password is another.
    fn a_new_password_ends_what_the_old_one_began(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let (secret, _, _) = turned_on(&shop, &browser).await;
        let held = ticket(&shop, "marta").await;
        console::set_password(shop.db(), "marta", Some("otra frase bien larga")).await.unwrap();
        shop.clock().advance(2 * STEP);
        let late = second_step(&shop, &held, &code(&shop, &secret, 0)).await.expect_status(401);
        assert!(late.text().contains("name=\"password\""), "the first step again");
        assert!(late.headers.get("set-cookie").is_none());
    }
}

both_engines! {
    /// USR-12: nor is it once the account is disabled, with whichever code; nobody is told why.
    fn a_disabled_account_ends_what_the_first_step_began(shop: TestShop) {
        user(&shop, "marta", "manager").await;
        let browser = signed_in(&shop, "marta").await;
        let (secret, written, browser) = turned_on(&shop, &browser).await;
        let held = ticket(&shop, "marta").await;
        console::disable_user(shop.db(), "marta").await.unwrap();
        shop.clock().advance(2 * STEP);
        for code in [code(&shop, &secret, 0), written[0].clone()] {
            let refused = second_step(&shop, &held, &code).await.expect_status(401);
            assert!(refused.headers.get("set-cookie").is_none() && !refused.text().contains("marta"), "{}", refused.text());
        }
        assert_eq!(browser.get("/account").await.status, 303, "out");
        try_log_in(&shop, "marta", PASSWORD).await.expect_status(401);
    }
}

both_engines! {
    /// Whoever has lost the telephone and the codes asks the owner, or the console.
    fn the_owner_takes_it_away_and_the_sessions_end(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let beto = user(&shop, "beto", "manager").await;
        let owner = signed_in(&shop, "marta").await;
        let browser = signed_in(&shop, "beto").await;
        let reset = format!("/people/{}/second-factor/reset", beto.id);
        owner.form(&reset, "").await.expect_status(409);
        let (_, _, browser) = turned_on(&shop, &browser).await;
        assert!(owner.get(&format!("/people/{}", beto.id)).await.text().contains(&reset));
        browser.form(&reset, "").await.expect_status(403);
        owner.form(&reset, "").await.expect_status(303);
        assert_eq!(browser.get("/account").await.status, 303, "out");
        let again = signed_in(&shop, "beto").await;
        turned_on(&shop, &again).await;
        assert!(!console::reset_second_factor(shop.db(), "beto").await.unwrap().second_factor);
        assert!(console::reset_second_factor(shop.db(), "beto").await.is_err());
        assert!(console::reset_second_factor(shop.db(), "nadie").await.is_err());
        try_log_in(&shop, "beto", PASSWORD).await.expect_status(303);
        let trail = shop.api(shop.admin()).get("/api/v1/audit?limit=200").await.expect_status(200).json();
        let events: Vec<&str> = trail["items"].as_array().unwrap().iter().filter_map(|of| of["event"].as_str()).collect();
        for event in ["people.begin_second_factor", "people.confirm_second_factor", "people.reset_second_factor"] {
            assert!(events.contains(&event), "{event} in {events:?}");
        }
    }
}

both_engines! {
    /// A role that must have one gets no further without: no page, no call, no change.
    fn a_role_that_must_have_one_does_nothing_before(shop: TestShop) {
        let mut shop = shop;
        shop.ask_second_factor_of(&[Role::Manager]);
        crate::common::stocked(&shop, &[("LECHE", "un")]).await;
        user(&shop, "marta", "admin").await;
        user(&shop, "beto", "manager").await;
        assert_eq!(signed_in(&shop, "marta").await.get("/products").await.status, 200, "nobody asks the others");
        let browser = signed_in(&shop, "beto").await;
        for page in ["/", "/products", "/people", "/stock/movements/new"] {
            let led = browser.get(page).await.expect_status(303);
            assert_eq!(led.header("location"), PAGE, "{page}");
        }
        browser.get("/api/v1/products").await.expect_status(403);
        let movement = serde_json::json!({"kind": "receipt", "product": "sku:LECHE", "quantity": "5", "to": "deposito",
            "unit_cost": "10", "reason": "Compra"});
        browser.post("/api/v1/movements", movement).await.expect_status(403);
        let stock: Value = shop.api(shop.admin()).get("/api/v1/inventory/LECHE").await.expect_status(200).json();
        assert_eq!(stock["on_hand"], "0");
        assert!(browser.get(PAGE).await.text().contains("Con tu rol se entra con un segundo paso"));
        let (_, _, browser) = turned_on(&shop, &browser).await;
        browser.get("/products").await.expect_status(200);
        browser.get("/api/v1/products").await.expect_status(200);
    }
}
