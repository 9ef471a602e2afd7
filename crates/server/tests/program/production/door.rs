//! The door of a shop in production: its first run makes one owner, the owner does nothing before a second
//! step is set up, and every session is in a cookie for https alone (SEC-4, USR-3, USR-5).

use serde_json::{Value, json};

use crate::process::get_if_answered;
use crate::production::https::Caller;
use crate::production::people::{SECOND_STEP, begin, confirm, log_in, session_of, set_up, signed_in, step_now, token};
use crate::production::shop::{Served, Shop};

/// Calls that somebody half-way in may make, since they are about their own session.
const OWN: [&str; 2] = ["get /api/v1/sessions", "post /api/v1/sessions/{id}/revoke"];

/// Where pages send what people typed.
const FORMS: [&str; 9] = [
    "/products",
    "/products/LECHE/edit",
    "/people",
    "/keys",
    "/imports",
    "/stock/movements",
    "/transfers",
    "/reservations",
    "/counts",
];

/// What programs see of the shop, and who is in it.
fn seen(shop: &Shop, program: &Caller) -> [Value; 5] {
    let [products, stock, movements] =
        ["products", "inventory", "movements"].map(|list| program.get(&format!("/api/v1/{list}")).expect(200).json());
    let keys = shop.told(&["key", "list"]);
    let names = keys["items"].as_array().unwrap_or_else(|| panic!("{keys}")).iter().map(|key| key["name"].clone());
    [products, stock, movements, shop.told(&["user", "list"]), names.collect()]
}

/// A product with ten of it in the warehouse, by a program.
fn stock_up(program: &Caller) {
    let product = json!({"sku": "LECHE", "name": "Leche", "category": "GEN", "unit": "un"});
    program.post("/api/v1/products", &product).expect(201);
    let receipt = json!({"kind": "receipt", "product": "sku:LECHE", "quantity": "10", "to": "deposito",
        "unit_cost": "900", "reason": "compra"});
    program.with("idempotency-key", "la-primera-compra").post("/api/v1/movements", &receipt).expect(201);
}

/// The token of the first run makes one owner, once; whoever guesses makes none.
fn founded(shop: &Shop, served: &Served) -> Caller {
    let nobody = json!([]);
    set_up(served, "0000000000000000000000000000000000000000000").expect(422);
    assert_eq!(shop.told(&["user", "list"])["items"], nobody);
    let token = token(served);
    let owner = signed_in(served, &set_up(served, &token).expect(303));
    let again = set_up(served, &token).expect(303);
    assert_eq!((again.header("location"), again.all("set-cookie").len()), ("/login", 0));
    let users = shop.told(&["user", "list"])["items"].clone();
    assert_eq!(users.as_array().map(Vec::len), Some(1), "{users}");
    assert_eq!((&users[0]["username"], &users[0]["role"]), (&json!("ana"), &json!("admin")));
    owner
}

/// No page, no call and no form does anything for an owner without a second step.
fn does_nothing_without_a_second_step(shop: &Shop, owner: &Caller, program: &Caller) {
    let before = seen(shop, program);
    for page in ["/", "/products", "/stock", "/people", "/keys", "/imports", "/audit", "/docs"] {
        assert_eq!(owner.get(page).expect(303).header("location"), SECOND_STEP, "{page}");
    }
    let fields = [
        ("idempotency_key", "pan-1"),
        ("sku", "PAN"),
        ("name", "Pan"),
        ("category", "GEN"),
        ("unit", "un"),
        ("kind", "sale"),
        ("product", "LECHE"),
        ("quantity", "3"),
        ("from", "deposito"),
        ("reason", "venta"),
    ];
    for form in FORMS {
        assert_eq!(owner.form(form, &fields).expect(303).header("location"), SECOND_STEP, "{form}");
    }
    let document = program.get("/openapi.json").expect(200).json();
    let mut own = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|name| name.len() <= 6) {
            let address = path.split('/').map(|part| if part.starts_with('{') { NO_ID } else { part });
            let address = address.collect::<Vec<_>>().join("/");
            let body = json!({"sku": "PAN", "name": "Pan", "category": "GEN", "unit": "un"}).to_string();
            let answer =
                owner.send(&format!("{} {address}", method.to_uppercase()), "application/json", body.as_bytes());
            match answer.status {
                403 => assert_eq!(answer.json()["code"], "forbidden", "{method} {path}"),
                _ => own.push(format!("{method} {path}")),
            }
        }
    }
    own.sort();
    assert_eq!(own, OWN);
    assert_eq!(seen(shop, program), before, "nothing has changed");
}

/// The program's connections to its database, and those that are not encrypted.
const CONNECTIONS: &str = "select count(*) from pg_stat_activity join pg_stat_ssl using (pid) where usename = 'tienda'";
const OPEN_CONNECTIONS: &str =
    "select count(*) from pg_stat_activity join pg_stat_ssl using (pid) where usename = 'tienda' and not ssl";

/// An id that nothing has.
const NO_ID: &str = "00000000-0000-7000-8000-000000000001";

/// USR-3, USR-5, SEC-4: the whole way in, on both engines.
#[test]
fn the_owner_of_a_shop_in_production_does_nothing_before_a_second_step() {
    for shop in Shop::each() {
        let served = shop.serve();
        assert_eq!(served.running.said["profile"], "production");
        let plain = get_if_answered(served.running.dashboard(), "/health/live");
        assert!(!plain.contains("HTTP/1.1"), "{plain}");
        let program = served.dashboard().with("x-api-key", &shop.key("read,write,admin"));
        stock_up(&program);
        let owner = founded(&shop, &served);
        does_nothing_without_a_second_step(&shop, &owner, &program);

        let secret = begin(&owner);
        assert_eq!(owner.get("/products").expect(303).header("location"), SECOND_STEP, "it is not proven yet");
        let (proven, spent) = confirm(&owner, &secret);
        let inside = signed_in(&served, &proven);
        assert_eq!(owner.get("/account").expect(303).header("location"), "/login?next=%2Faccount", "another id now");
        inside.get("/products").expect(200);
        let made = json!({"sku": "PAN", "name": "Pan", "category": "GEN", "unit": "un", "acquisition_cost": "700"});
        inside.post("/api/v1/products", &made).expect(201);
        assert_eq!(program.get("/api/v1/products/sku:PAN").expect(200).json()["acquisition_cost"], "700.0000");

        let out = inside.form("/logout", &[]).expect(303);
        assert_eq!(
            out.all("set-cookie"),
            ["__Host-gondola_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure"]
        );
        inside.get("/products").expect(303);
        let first = log_in(&served, "ana").expect(200);
        assert!(first.all("set-cookie").is_empty(), "nobody is in after the first step");
        let page = first.text();
        let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let second = |code: &str| served.dashboard().form("/login/second-step", &[("ticket", ticket), ("code", code)]);
        assert!(second(&secret.code(spent)).expect(401).all("set-cookie").is_empty(), "a code counts once");
        let entered = second(&secret.code(step_now().max(spent + 1))).expect(303);
        let session = session_of(&entered);
        served.dashboard().with("cookie", &session).get("/products").expect(200);
        let unbound = session.replace("__Host-", "");
        served.dashboard().with("cookie", &unbound).get("/products").expect(303);
        if let Some(postgres) = &shop.postgres {
            assert!(postgres.number(CONNECTIONS) > 0);
            assert_eq!(postgres.number(OPEN_CONNECTIONS), 0, "what the program asks its database goes by TLS");
            assert!(!postgres.lets_in_without_tls());
        }
        served.stop();
    }
}
