//! Users through API and pages, on both engines.

mod common;

use common::people::{PASSWORD, encoded, form_key, signed_in, try_log_in, user};
use gondola_shop::people::console;
use gondola_store::Role;
use gondola_testkit::both_engines;
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
        common::stocked(&shop, &[]).await;
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
        let nobody = format!("/api/v1/users/{}", common::nothing());
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
        admin.post(&disable(common::nothing()), json!({})).await.expect_problem(404, "not_found");
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
        common::stocked(&shop, &[]).await;
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
