//! Requests about people: accounts, their sessions, one's own account with its second factor, the doors, keys.

use gondola_store::Clock as _;
use gondola_testkit::{Client, TestShop};
use gondola_vault::TotpSecret;
use serde_json::{Value, json};

use super::{Deeds, id_of, logged_in};
use crate::common::pages::form;
use crate::common::people::{PASSWORD, session_of, try_log_in, user};

const SECOND_FACTOR: &str = "/account/second-factor";
const STEP_US: i64 = 30_000_000;
/// Steps of an authenticator until the requests are sent: the clock is turned by a minute before.
const UNTIL_SENT: i64 = 2;

impl Deeds<'_> {
    /// Makes a cashier; answers the id.
    async fn account(&self, username: &str) -> String {
        user(self.shop, username, "cashier").await.id.to_string()
    }

    /// Makes a cashier who logs in; answers the ids of account and session.
    async fn inside(&self, username: &str) -> (String, String) {
        let account = self.account(username).await;
        logged_in(self.shop, username).await;
        let sessions = self.api.get(&format!("/api/v1/users/{account}/sessions")).await.expect_status(200).json();
        let session = id_of(&sessions["items"][0]);
        (account, session)
    }

    pub(super) async fn people(&mut self) {
        let new = [("username", "nico"), ("name", "Nico Paz"), ("role", "cashier"), ("password", PASSWORD)];
        let fields: Value = new.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
        self.json("POST /api/v1/users", &[], &fields);
        let (name, text) = ("username", "nicolas");
        self.form("POST /people", &[], &[&[(name, text)], &new[1..]].concat());
        let (changed, other) = (self.account("cambia").await, self.account("cambia2").await);
        self.json("PATCH /api/v1/users/{id}", &[&changed], &json!({"role": "manager"}));
        let change = [("name", "Otra"), ("role", "manager"), ("version", "1")];
        self.form("POST /people/{id}", &[&other], &change);
        let (reached, other) = (self.account("contacto").await, self.account("contacto2").await);
        let phone = ("phone", "4555-0134");
        self.json("PUT /api/v1/users/{id}/contact", &[&reached], &json!({"phone": phone.1}));
        self.form("POST /people/{id}/contact", &[&other], &[phone, ("version", "1")]);
        let (leaves, other) = (self.account("baja").await, self.account("baja2").await);
        self.bare("POST /api/v1/users/{id}/disable", &[&leaves]);
        self.form("POST /people/{id}/disable", &[&other], &[]);
        let back = self.account("vuelve").await;
        self.api.post(&format!("/api/v1/users/{back}/disable"), json!({})).await.expect_status(200);
        self.form("POST /people/{id}/enable", &[&back], &[]);
        let (all, _) = self.inside("adentro").await;
        self.bare("POST /api/v1/users/{id}/sessions/revoke", &[&all]);
        let (all, _) = self.inside("adentro2").await;
        self.form("POST /people/{id}/sessions/revoke", &[&all], &[]);
        let (account, session) = self.inside("adentro3").await;
        self.bare("POST /api/v1/users/{id}/sessions/{session}/revoke", &[&account, &session]);
        let (account, session) = self.inside("adentro4").await;
        self.form("POST /people/{id}/sessions/{session}/revoke", &[&account, &session], &[]);
        let lost = self.account("perdido").await;
        turned_on(self.shop, "perdido").await;
        self.form("POST /people/{id}/second-factor/reset", &[&lost], &[]);
    }

    pub(super) async fn own_account(&mut self) {
        logged_in(self.shop, "marta").await;
        logged_in(self.shop, "marta").await;
        let here = self.shop.program().header("cookie", &self.owner);
        let sessions = here.get("/api/v1/sessions").await.expect_status(200).json();
        let others = sessions["items"].as_array().expect("sessions").iter();
        let others: Vec<String> = others.filter(|session| session["current"] == false).map(id_of).collect();
        self.bare("POST /api/v1/sessions/{id}/revoke", &[&others[0]]);
        self.form("POST /account/sessions/{id}/revoke", &[&others[1]], &[]);
        for name in ["clave", "empieza", "aprende", "anota", "termina"] {
            self.account(name).await;
        }
        let new = "otra frase larga";
        let fields = [("password", PASSWORD), ("new_password", new), ("password_again", new)];
        self.form("POST /account/password", &[], &fields);
        self.sent_in(logged_in(self.shop, "clave").await);
        self.form("POST /account/second-factor", &[], &[]);
        self.sent_in(logged_in(self.shop, "empieza").await);
        let cookie = logged_in(self.shop, "aprende").await;
        let code = begun(self.shop, &self.shop.browser().header("cookie", &cookie), UNTIL_SENT).await;
        self.form("POST /account/second-factor/confirm", &[], &[("code", &code), ("password", PASSWORD)]);
        self.sent_in(cookie);
        let (codes, cookie) = turned_on(self.shop, "anota").await;
        self.form("POST /account/second-factor/codes", &[], &[("code", &codes[0])]);
        self.sent_in(cookie);
        let (codes, cookie) = turned_on(self.shop, "termina").await;
        self.form("POST /account/second-factor/end", &[], &[("code", &codes[0])]);
        self.sent_in(cookie);
    }

    pub(super) async fn doors(&mut self) {
        for name in ["entra", "dosveces", "sale"] {
            self.account(name).await;
        }
        self.form("POST /login", &[], &[("username", "entra"), ("password", PASSWORD)]);
        self.sent_in(logged_in(self.shop, "entra").await);
        let (codes, cookie) = turned_on(self.shop, "dosveces").await;
        let ticket = ticket(self.shop, "dosveces").await;
        self.form("POST /login/second-step", &[], &[("ticket", &ticket), ("code", &codes[0])]);
        self.sent_in(cookie);
        self.form("POST /logout", &[], &[]);
        self.sent_in(logged_in(self.shop, "sale").await);
        let owner = [("username", "otra"), ("name", "Otra dueña")];
        self.form("POST /setup", &[], &[&owner[..], &[("password", PASSWORD), ("password_again", PASSWORD)]].concat());
    }

    pub(super) async fn keys(&mut self) {
        let key = |name: &str| json!({"name": name, "scopes": ["read", "write"]});
        let mut made = Vec::new();
        for name in ["uno", "dos", "tres", "cuatro"] {
            made.push(self.make("keys", key(name)).await);
        }
        self.json("POST /api/v1/keys", &[], &key("balanza"));
        self.form("POST /keys", &[], &[("name", "caja"), ("scopes", "read")]);
        self.json("POST /api/v1/keys/{id}/rotate", &[&made[0]], &json!({}));
        self.form("POST /keys/{id}/rotate", &[&made[1]], &[]);
        self.bare("POST /api/v1/keys/{id}/revoke", &[&made[2]]);
        self.form("POST /keys/{id}/revoke", &[&made[3]], &[]);
    }
}

/// Begins a second factor; answers the code of so many steps from now.
async fn begun(shop: &TestShop, browser: &Client<'_>, steps: i64) -> String {
    browser.form(SECOND_FACTOR, "").await.expect_status(303);
    let page = browser.get(SECOND_FACTOR).await.expect_status(200).text();
    let shown = page.split("secret=").nth(1).expect("a secret");
    let bits = shown.bytes().take_while(u8::is_ascii_alphanumeric).map(|letter| match letter {
        b'A'..=b'Z' => u64::from(letter - b'A'),
        digit => u64::from(digit - b'2' + 26),
    });
    let bits: Vec<u64> = bits.collect();
    let word = |five: &[u64]| five.iter().fold(0, |word, bits| word << 5 | bits).to_be_bytes();
    let bytes: Vec<u8> = bits.chunks(8).flat_map(|letters| word(letters)[3..].to_vec()).collect();
    TotpSecret::from_bytes(&bytes).expect("20 bytes").code(shop.clock().now() / STEP_US + steps)
}

/// Turns the second factor of somebody on; answers the codes they wrote down and their session.
async fn turned_on(shop: &TestShop, username: &str) -> (Vec<String>, String) {
    let browser = shop.browser().header("cookie", &logged_in(shop, username).await);
    let fields = form(&[("code", &begun(shop, &browser, 0).await), ("password", PASSWORD)]);
    let answer = browser.form(&format!("{SECOND_FACTOR}/confirm"), &fields).await.expect_status(200);
    let page = answer.text();
    let codes = page.split("<li class=\"code\">").skip(1).map(|rest| rest.split('<').next().unwrap_or_default());
    (codes.map(str::to_owned).collect(), session_of(&answer))
}

/// The first step of a log-in: what the form of the second carries.
async fn ticket(shop: &TestShop, username: &str) -> String {
    let page = try_log_in(shop, username, PASSWORD).await.expect_status(200).text();
    let value = page.split("name=\"ticket\" value=\"").nth(1).expect("a ticket");
    value.split('"').next().expect("its end").to_owned()
}
