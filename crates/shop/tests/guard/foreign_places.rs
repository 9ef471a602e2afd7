//! RTE-3: whoever belongs to one place does not find what belongs to another, on any route that names
//! an object, page or API. Every such route stands here; a new one fails until it does. A file that was
//! brought in may name any place, so its import belongs to who brought it.

use crate::common::pages::{form, leads_to};
use crate::common::shelves::of_place;
use crate::common::{adds_up, movement, receipt, shop_with};
use axum::http::Method;
use gondola_shop::FEATURES;
use gondola_shop::kernel::{Endpoint, OpClass};
use gondola_store::Actor;
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

/// Routes whose object belongs to the whole shop, by how they begin.
const OF_THE_WHOLE_SHOP: [&str; 36] = [
    "/account/sessions/",
    "/api/v1/assistant/messages/",
    "/api/v1/audit/detections/",
    "/api/v1/categories/",
    "/api/v1/inventory/",
    "/api/v1/invoices/",
    "/api/v1/keys/",
    "/api/v1/labels/prints/",
    "/api/v1/markups/",
    "/api/v1/notebook/",
    "/api/v1/products/",
    "/api/v1/purchase-orders/",
    "/api/v1/repricings/",
    "/api/v1/sale-lists/rules/",
    "/api/v1/sessions/",
    "/api/v1/supplier-claims/",
    "/api/v1/supplier-price-lists/",
    "/api/v1/suppliers/",
    "/api/v1/users/",
    "/audit/detections/",
    "/decir/",
    "/invoices/",
    "/markups/",
    "/keys/",
    "/labels/prints/",
    "/notebook/",
    "/people/",
    "/price-lists/",
    "/prices/",
    "/products/",
    "/purchase-orders/",
    "/repricings/",
    "/sale-lists/",
    "/supplier-claims/",
    "/supplier-costs/",
    "/suppliers/",
];

/// What `deposito` has, by how the routes to it begin.
struct Objects(Vec<(&'static [&'static str], String)>);

impl Objects {
    async fn make(shop: &TestShop, own: &Actor) -> Self {
        let api = shop.api(shop.admin());
        let make = async |path: &str, body: Value| {
            let made = api.post(&format!("/api/v1/{path}"), body).await.expect_status(201).json();
            id_of(&made)
        };
        make("locations", json!({"code": "freezer", "name": "Freezer"})).await;
        make("movements", receipt("LECHE", "20", "100")).await;
        let sale = movement("sale", "LECHE", "1", Some("deposito"), None);
        let lines = json!([{"product": "sku:LECHE", "quantity": "1"}]);
        let transfer = json!({"from": "deposito", "to": "freezer", "lines": lines.clone(), "reason": "Reposición"});
        let promise = json!({"product": "sku:LECHE", "location": "deposito", "quantity": "1", "expires_at": "2026-11-23T20:00:00-03:00"});
        let count = json!({"location": "deposito", "reason": "Conteo semanal"});
        let goods = json!({"location": "deposito", "lines": lines});
        let policy = json!({"location": "deposito", "overdraw": "refuse"});
        let policy = api.put("/api/v1/stock/negative-policies", policy).await.expect_status(200).json();
        let list = Some(("text/csv", b"sku;cantidad;lugar\nLECHE;30;deposito\n".to_vec()));
        let import = shop.api(own.clone()).send(Method::POST, "/api/v1/imports/stock", list).await;
        let import = import.expect_status(201).json();
        Self(vec![
            (&["/api/v1/locations/"], "deposito".to_owned()),
            (&["/api/v1/stock/negative-policies/"], id_of(&policy)),
            (&["/imports/files/"], keep_file(shop, own).await),
            (&["/api/v1/imports/", "/imports/"], id_of(&import)),
            (&["/api/v1/movements/", "/stock/movements/"], make("movements", sale).await),
            (&["/api/v1/transfers/", "/transfers/"], make("transfers", transfer).await),
            (&["/api/v1/reservations/", "/reservations/"], make("reservations", promise).await),
            (&["/api/v1/counts/", "/counts/"], make("counts", count).await),
            (&["/api/v1/goods-receipts/", "/goods-receipts/"], make("goods-receipts", goods).await),
        ])
    }

    /// The path to the object of `deposito` that a route is about; none when no place owns it.
    fn path(&self, route: &str) -> Option<String> {
        let begins = |with: &&str| route.starts_with(*with);
        if OF_THE_WHOLE_SHOP.iter().any(begins) {
            return None;
        }
        let owned = self.0.iter().find(|(routes, _)| routes.iter().any(begins));
        let (_, id) = owned.unwrap_or_else(|| panic!("{route}: say in this test whose object it names"));
        Some(route.replace("{id}", id).replace("{code}", id))
    }

    /// What the API shows of them.
    async fn seen(&self, shop: &TestShop) -> Vec<Value> {
        let api = shop.api(shop.admin());
        let mut seen = vec![api.get("/api/v1/stock/negative-policies").await.expect_status(200).json()];
        for (routes, id) in self.0.iter().skip(3) {
            seen.push(api.get(&format!("{}{id}", routes[0])).await.expect_status(200).json());
        }
        seen
    }
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// A file that the page of imports keeps until somebody says what its columns are.
async fn keep_file(shop: &TestShop, own: &Actor) -> String {
    let body = "--XyZ\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nstock\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"; \
        filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nuno;dos\nLECHE;3\n\r\n--XyZ--\r\n";
    let content = Some(("multipart/form-data; boundary=XyZ", body.as_bytes().to_vec()));
    let address = leads_to(&shop.page(own.clone()).send(Method::POST, "/imports", content).await);
    address.strip_prefix("/imports/files/").unwrap_or_else(|| panic!("the columns are asked: {address}")).to_owned()
}

/// A body that the route would take, so that what it is refused for is not its words.
fn body(route: &str) -> Value {
    let line = |field: &str| json!({"lines": [{"product": "sku:LECHE", field: "1"}]});
    match route.rsplit('/').next() {
        Some("lines") => line("counted"),
        Some("receive") => line("quantity"),
        Some("{code}") => json!({"name": "No es de acá"}),
        Some("void" | "undo") => json!({}),
        _ => json!({"reason": "No es de acá"}),
    }
}

async fn ask(shop: &TestShop, endpoint: &Endpoint, path: &str, actor: &Actor) -> Answer {
    let page = endpoint.class == OpClass::Page;
    let client = if page { shop.page(actor.clone()) } else { shop.api(actor.clone()).if_match(1) };
    match endpoint.method {
        Method::GET => client.get(path).await,
        Method::DELETE => client.delete(path).await,
        _ if page => client.form(path, &form(&[("reason", "No es de acá"), ("idempotency_key", "rte-3-x")])).await,
        _ => {
            client
                .send(
                    endpoint.method.clone(),
                    path,
                    Some(("application/json", body(&endpoint.path).to_string().into_bytes())),
                )
                .await
        }
    }
}

both_engines! {
    /// RTE-3.
    fn an_object_of_another_place_is_not_found_by_any_route(shop: TestShop) {
        let milk = json!({"sku": "LECHE", "name": "Leche", "category": "LAC", "unit": "un", "perishable": false});
        shop_with(&shop, &[milk]).await;
        let foreign = of_place(&shop, shop.manager(), "local").await;
        let own = of_place(&shop, shop.admin(), "deposito").await;
        let objects = Objects::make(&shop, &own).await;
        let before = objects.seen(&shop).await;
        let routes = || FEATURES.iter().flat_map(|feature| (feature.endpoints)()).filter(|endpoint| endpoint.path.contains('{'));
        let mut walked = 0;
        for endpoint in routes() {
            let Some(path) = objects.path(&endpoint.path) else { continue };
            let answer = ask(&shop, &endpoint, &path, &foreign).await;
            // A file that is not kept any more is told as gone; to a stranger, this one is.
            let refused = if path.starts_with("/imports/files/") { 409 } else { 404 };
            assert_eq!(answer.status, refused, "{} {path}: {}", endpoint.method, answer.text());
            walked += 1;
        }
        assert!(walked >= 24, "{walked} routes name an object of a place");
        assert_eq!(objects.seen(&shop).await, before, "and nothing changed");
        // Those whose it is find it by the same requests.
        for endpoint in routes() {
            let Some(path) = objects.path(&endpoint.path) else { continue };
            let answer = ask(&shop, &endpoint, &path, &own).await;
            assert!(answer.status != 404 && answer.status < 500, "{} {path}: {}", endpoint.method, answer.text());
        }
        adds_up(&shop).await;
    }
}
