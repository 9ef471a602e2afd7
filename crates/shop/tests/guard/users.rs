//! Users through API and pages, on both engines.

use crate::common::pages::form;
use crate::common::people::{PASSWORD, encoded, form_key, signed_in, try_log_in, user};
use gondola_shop::people::console;
use gondola_store::{Role, both, sqlx};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

fn caro() -> Value {
    json!({"username": "Caro", "name": "Caro Díaz", "role": "cashier", "password": PASSWORD})
}

both_engines! {
    fn a_user_is_made_and_listed_without_their_password(shop: TestShop) {
        let admin = shop.api(shop.admin()).key("k1");
        let made = admin.post("/api/v1/users", caro()).await.expect_status(201);
        let again = admin.post("/api/v1/users", caro()).await.expect_status(201);
        assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", made.json()));
        let made = made.json();
        assert_eq!((made["username"].as_str(), made["active"].as_bool()), (Some("caro"), Some(true)));
        admin.post("/api/v1/users", json!({"username": "x"})).await.expect_problem(422, "invalid");
        let list = shop.api(shop.admin()).get("/api/v1/users").await.expect_status(200);
        assert_eq!(list.json()["items"], json!([made]));
        assert!(!list.text().contains("argon2"));
        try_log_in(&shop, "caro", PASSWORD).await.expect_status(303);
    }
}

both_engines! {
    fn what_a_user_cannot_be_is_told_at_once(shop: TestShop) {
        let admin = shop.api(shop.admin());
        let answer = admin.post("/api/v1/users", json!({"username": "ñ", "role": "boss", "password": "123456789012"})).await;
        let errors = answer.expect_status(422).json()["errors"].clone();
        let fields: Vec<&str> = errors.as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["username", "name", "role", "password"]);
        admin.post("/api/v1/users", caro()).await.expect_status(201);
        admin.post("/api/v1/users", caro()).await.expect_problem(409, "username_taken");
        let mut lost = caro();
        lost["location"] = "luna".into();
        lost["username"] = "otra".into();
        let refused = admin.post("/api/v1/users", lost).await.expect_problem(422, "invalid");
        assert_eq!(refused.json()["errors"][0]["code"], "unknown_location");
        assert_eq!(console::list_users(shop.db()).await.unwrap().len(), 1);
    }
}

both_engines! {
    /// INP-2: a page of 500 at most.
    fn a_list_of_users_goes_on_where_the_page_ended(shop: TestShop) {
        for name in ["ana", "beto", "caro"] {
            user(&shop, name, "cashier").await;
        }
        let admin = shop.api(shop.admin());
        let first = admin.get("/api/v1/users?limit=2").await.expect_status(200).json();
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        let next = first["next"].as_str().unwrap();
        let second = admin.get(&format!("/api/v1/users?limit=2&after={next}")).await.expect_status(200).json();
        assert_eq!((second["items"][0]["username"].as_str(), &second["next"]), (Some("caro"), &Value::Null));
        admin.get("/api/v1/users?limit=501").await.expect_status(422);
        admin.get("/api/v1/users?after=zz").await.expect_status(422);
        admin.get("/api/v1/users?shoe_size=44").await.expect_status(422);
    }
}

both_engines! {
    fn a_change_names_the_version_it_is_based_on(shop: TestShop) {
        crate::common::stocked(&shop, &[]).await;
        let caro = user(&shop, "caro", "cashier").await;
        let path = format!("/api/v1/users/{}", caro.id);
        let admin = shop.api(shop.admin());
        admin.patch(&path, json!({"name": "Carolina"})).await.expect_status(428);
        let changed = admin.clone().if_match(1).patch(&path, json!({"name": "Carolina", "location": "local"})).await.expect_status(200).json();
        assert_eq!((changed["name"].as_str(), changed["location"].as_str(), changed["version"].as_i64()), (Some("Carolina"), Some("local"), Some(2)));
        admin.clone().if_match(1).patch(&path, json!({"name": "Otra"})).await.expect_problem(412, "stale_version");
        let wide = admin.clone().if_match(2).patch(&path, json!({"location": ""})).await.expect_status(200).json();
        assert_eq!(wide["location"], Value::Null);
        admin.clone().if_match(3).patch(&path, json!({"password": "corta"})).await.expect_status(422);
        admin.clone().if_match(3).patch(&path, json!({"password": "otra frase larga"})).await.expect_status(200);
        try_log_in(&shop, "caro", "otra frase larga").await.expect_status(303);
        let nobody = format!("/api/v1/users/{}", crate::common::nothing());
        admin.if_match(1).patch(&nobody, json!({"name": "x"})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// Somebody must be left who can let people in.
    fn the_last_owner_stays(shop: TestShop) {
        let (marta, jefa) = (user(&shop, "marta", "admin").await, user(&shop, "jefa", "admin").await);
        let admin = shop.api(shop.admin());
        let disable = |id| format!("/api/v1/users/{id}/disable");
        let disabled = admin.post(&disable(jefa.id), json!({})).await.expect_status(200).json();
        assert_eq!(disabled["active"], false);
        admin.post(&disable(marta.id), json!({})).await.expect_problem(409, "last_admin");
        let path = format!("/api/v1/users/{}", marta.id);
        admin.clone().if_match(1).patch(&path, json!({"role": "manager"})).await.expect_problem(409, "last_admin");
        admin.clone().if_match(1).patch(&path, json!({"name": "Marta G."})).await.expect_status(200);
        admin.post(&disable(crate::common::nothing()), json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// Two owners who shut each other out at the same moment: one of them stays.
    fn two_owners_cannot_shut_each_other_out(shop: TestShop) {
        let (marta, jefa) = (user(&shop, "marta", "admin").await, user(&shop, "jefa", "admin").await);
        let admin = shop.api(shop.admin());
        let disable = |id| format!("/api/v1/users/{id}/disable");
        let (one, other) = (disable(marta.id), disable(jefa.id));
        let (first, second) = tokio::join!(admin.post(&one, json!({})), admin.post(&other, json!({})));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}

both_engines! {
    fn users_are_managed_on_pages_that_need_no_javascript(shop: TestShop) {
        crate::common::stocked(&shop, &[]).await;
        user(&shop, "marta", "admin").await;
        let browser = signed_in(&shop, "marta").await;
        let wrong = browser.form("/people", &format!("{}&username=a&name=&role=x&password=corta", form_key(1))).await.expect_status(422).text();
        for field in ["username-error", "name-error", "role-error", "password-error"] {
            assert!(wrong.contains(field), "{field}");
        }
        assert!(!wrong.contains("corta\""), "the password is never sent back");
        let form = format!("{}&username=nico&name=Nico&role=deposito&location=deposito&password={}", form_key(1), encoded(PASSWORD));
        browser.form("/people", &form).await.expect_status(303);
        let back = format!("{}&username=nico2&name=Nico&role=deposito&password={}", form_key(1), encoded(PASSWORD));
        let back = browser.form("/people", &back).await.expect_status(422).text();
        assert!(back.contains("ya se había enviado con otros datos"), "{back}");
        let nico = console::list_users(shop.db()).await.unwrap().pop().unwrap();
        assert_eq!((nico.username.as_str(), nico.location.as_deref()), ("nico", Some("deposito")));
        let page = browser.get(&format!("/people/{}", nico.id)).await.expect_status(200).text();
        assert!(page.contains("value=\"Nico\"") && page.contains("name=\"version\" value=\"1\""), "{page}");
        let change = format!("{}&version=1&name=Nicol%C3%A1s&role=deposito&location=", form_key(2));
        browser.form(&format!("/people/{}", nico.id), &change).await.expect_status(303);
        let stale = format!("{}&version=1&name=Otro&role=deposito", form_key(3));
        let stale = browser.form(&format!("/people/{}", nico.id), &stale).await.expect_status(422).text();
        assert!(stale.contains("Otra persona lo cambió"), "{stale}");
        browser.form(&format!("/people/{}/disable", nico.id), "").await.expect_status(303);
        try_log_in(&shop, "nico", PASSWORD).await.expect_status(401);
        browser.form(&format!("/people/{}/enable", nico.id), "").await.expect_status(303);
        try_log_in(&shop, "nico", PASSWORD).await.expect_status(303);
        let list = browser.get("/people").await.expect_status(200).text();
        assert!(list.contains("Nicolás") && list.contains("Depósito"), "{list}");
    }
}

both_engines! {
    fn the_demo_has_one_user_per_role_whose_password_works(shop: TestShop) {
        let drawn = console::demo_users(shop.db()).await.unwrap();
        let roles: Vec<&str> = drawn.iter().map(|drawn| drawn.user.role.as_str()).collect();
        assert_eq!(roles, Role::ALL.map(Role::code));
        for drawn in &drawn {
            try_log_in(&shop, &drawn.user.username, drawn.password.reveal()).await.expect_status(303);
        }
    }
}

both_engines! {
    fn the_console_sets_a_password_and_draws_one(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let drawn = console::set_password(shop.db(), "marta", None).await.unwrap();
        try_log_in(&shop, "marta", drawn.password.reveal()).await.expect_status(303);
        console::set_password(shop.db(), "marta", Some("otra frase larga")).await.unwrap();
        try_log_in(&shop, "marta", "otra frase larga").await.expect_status(303);
        assert_eq!(console::set_password(shop.db(), "marta", Some("corta")).await.unwrap_err().status, 422);
        assert_eq!(console::set_password(shop.db(), "nadie", None).await.unwrap_err().status, 404);
        assert_eq!(console::revoke_key(shop.db(), "ninguna").await.unwrap_err().status, 404);
    }
}

/// Makes a user with an e-mail and a telephone; answers their id.
async fn reached(shop: &TestShop, username: &str, email: &str, phone: &str) -> String {
    user(shop, username, "cashier").await;
    let listed = shop.api(shop.admin()).get("/api/v1/users").await.expect_status(200).json();
    let found = listed["items"].as_array().unwrap().iter().find(|user| user["username"] == username).unwrap().clone();
    let id = found["id"].as_str().unwrap().to_owned();
    let admin = shop.api(shop.admin()).if_match(found["version"].as_i64().unwrap());
    let contact = json!({"email": email, "phone": phone});
    admin.put(&format!("/api/v1/users/{id}/contact"), contact).await.expect_status(200);
    id
}

async fn found_by(shop: &TestShop, email: &str) -> Vec<String> {
    let listed = shop.api(shop.admin()).get(&format!("/api/v1/users?email={email}")).await.expect_status(200).json();
    listed["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

both_engines! {
    /// ENC-11: an e-mail is found as a whole, however it is spelled, and what is nobody's finds nobody; no part of it is
    /// looked for. A new key of the fields changes nothing about it.
    fn an_email_is_found_as_a_whole_or_not_at_all(shop: TestShop) {
        reached(&shop, "marta", "Marta.Gomez@Ejemplo.com.ar", "+54 9 11 5555-0134").await;
        reached(&shop, "beto", "beto@ejemplo.com.ar", "4555-0134").await;
        reached(&shop, "caja", "beto@ejemplo.com.ar", "4555-0135").await;
        for _ in 0..2 {
            assert_eq!(found_by(&shop, "marta.gomez@ejemplo.com.ar").await, ["marta"]);
            assert_eq!(found_by(&shop, "BETO@ejemplo.com.ar").await, ["beto", "caja"]);
            for nobodys in ["marta@ejemplo.com.ar", "arta.gomez@ejemplo.com.ar", "marta.gomez@ejemplo.com"] {
                assert!(found_by(&shop, nobodys).await.is_empty(), "{nobodys}");
            }
            let admin = shop.api(shop.admin());
            for part in ["", "marta", "@ejemplo.com.ar", "marta.gomez@", "%25@ejemplo.com.ar.", "*@*"] {
                let refused = admin.get(&format!("/api/v1/users?email={part}")).await.expect_problem(422, "invalid");
                assert_eq!(refused.json()["errors"][0]["field"], "email", "{part}");
            }
            let (system, protected) = (gondola_store::Actor::system("test"), gondola_shop::PROTECTED);
            shop.db().add_field_key(&system, gondola_vault::Suite::Aes256Gcm).await.unwrap();
            shop.db().reseal(&system, protected, |_| {}).await.unwrap();
        }
    }
}

both_engines! {
    /// ENC-13, DAL-3: how somebody is reached lies sealed, and whoever looks is told by the log, not whoever lists.
    fn who_looks_how_somebody_is_reached_is_written_down(shop: TestShop) {
        let id = reached(&shop, "marta", "marta@ejemplo.com.ar", "+54 9 11 5555-0134").await;
        let admin = shop.api(shop.admin());
        let path = format!("/api/v1/users/{id}/contact");
        let before = opened(&shop).await;
        admin.get("/api/v1/users").await.expect_status(200);
        assert_eq!(found_by(&shop, "marta@ejemplo.com.ar").await, ["marta"]);
        assert_eq!(opened(&shop).await, before, "a list opens nothing");
        let contact = admin.get(&path).await.expect_status(200).json();
        assert_eq!(contact, json!({"email": "marta@ejemplo.com.ar", "phone": "+54 9 11 5555-0134", "version": 2}));
        let page = shop.page(shop.admin()).get(&format!("/people/{id}")).await.expect_status(200).text();
        assert!(page.contains("marta@ejemplo.com.ar") && page.contains("+54 9 11 5555-0134"), "{page}");
        assert_eq!(opened(&shop).await - before, 4, "two columns, twice");
        let rest = form(&[("idempotency_key", "test-2"), ("version", "2"), ("name", "Marta"), ("role", "cashier"), ("password", "")]);
        shop.page(shop.admin()).form(&format!("/people/{id}"), &rest).await.expect_status(303);
        assert_eq!(opened(&shop).await - before, 4, "whoever saves the rest is shown nothing of it");
        for role in [Role::Manager, Role::Cashier, Role::Auditor] {
            shop.api(shop.user(role)).get(&path).await.expect_status(403);
            shop.api(shop.user(role)).if_match(2).put(&path, json!({})).await.expect_status(403);
        }
        let stored = stored_contact(&shop).await;
        for told in [&b"marta@"[..], b"ejemplo.com", b"5555", b"MARTA"] {
            assert!(!stored.windows(told.len()).any(|bytes| bytes == told), "{}", String::from_utf8_lossy(told));
        }
    }
}

both_engines! {
    fn a_contact_is_changed_as_it_was_read_and_forgotten_when_it_is_empty(shop: TestShop) {
        let id = reached(&shop, "marta", "marta@ejemplo.com.ar", "4555-0134").await;
        let path = format!("/api/v1/users/{id}/contact");
        let admin = || shop.api(shop.admin());
        admin().put(&path, json!({"phone": "4555-0199"})).await.expect_problem(428, "version_required");
        admin().if_match(1).put(&path, json!({"phone": "4555-0199"})).await.expect_problem(412, "stale_version");
        let wrong = admin().if_match(2).put(&path, json!({"email": "marta", "phone": "llamame"})).await.expect_problem(422, "invalid").json();
        let fields: Vec<_> = wrong["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
        assert_eq!(fields, ["email", "phone"]);
        // A list is no object, though the library would take one for the other.
        admin().if_match(2).put(&path, json!([null, null])).await.expect_problem(422, "invalid");
        admin().if_match(2).put(&path, json!({"email": ""})).await.expect_problem(422, "invalid");
        let same = json!({"email": "marta@ejemplo.com.ar", "phone": "4555-0134", "version": 2});
        assert_eq!(admin().get(&path).await.json(), same, "what was refused changed nothing");
        let phone_alone = admin().if_match(2).put(&path, json!({"phone": "4555-0199"})).await.expect_status(200).json();
        assert_eq!(phone_alone, json!({"email": null, "phone": "4555-0199", "version": 3}));
        assert!(found_by(&shop, "marta@ejemplo.com.ar").await.is_empty(), "and is not found any more");
        let nobody = "/api/v1/users/00000000-0000-0000-0000-000000000000/contact";
        admin().get(nobody).await.expect_status(404);
        admin().if_match(1).put(nobody, json!({})).await.expect_status(404);

        let page = shop.page(shop.admin());
        let form = |version: &str, email: &str| form(&[("idempotency_key", "test-1"), ("version", version), ("email", email), ("phone", "")]);
        let refused = page.form(&format!("/people/{id}/contact"), &form("3", "marta arroba")).await.expect_status(422).text();
        assert!(refused.contains("marta arroba") && refused.contains("marta@ejemplo.com.ar."), "as typed, with what is accepted");
        page.form(&format!("/people/{id}/contact"), &form("3", "otra@ejemplo.com.ar")).await.expect_status(303);
        assert_eq!(found_by(&shop, "otra@ejemplo.com.ar").await, ["marta"]);
    }
}

/// How many values of users' contacts were opened.
async fn opened(shop: &TestShop) -> i64 {
    let text = "select count(*) from encrypted_data_access_log where table_name = 'users' and operation = 'DECRYPT'";
    let mut rx = shop.db().read().await.unwrap();
    both!(&mut rx.as_tx(), c, _text => sqlx::query_scalar(text).fetch_one(c).await.unwrap())
}

/// What lies in the columns of contacts, one after the other.
async fn stored_contact(shop: &TestShop) -> Vec<u8> {
    let text = "select email, email_index, phone from users where email is not null";
    let mut rx = shop.db().read().await.unwrap();
    let (email, index, phone): (Vec<u8>, Vec<u8>, Vec<u8>) =
        both!(&mut rx.as_tx(), c, _text => sqlx::query_as(text).fetch_one(c).await.unwrap());
    assert_eq!(index.len(), 16, "128 bits");
    [email, index, phone].concat()
}
