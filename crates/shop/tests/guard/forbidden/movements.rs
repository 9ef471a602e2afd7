//! What a movement asks for is decided by its kind: every kind, by the API, in a batch and by the form, for each role
//! that has not its right (USR-6).

use gondola_store::{Permission, Role};
use gondola_testkit::both_engines;
use serde_json::{Value, json};

use crate::common::pages::form;
use crate::common::{adds_up, movement, receipt, stocked};
use crate::forbidden::requests::digest;

/// A kind of movement, its right, and from where to where it goes.
type Kind = (&'static str, Permission, Option<&'static str>, Option<&'static str>);

const KINDS: [Kind; 10] = [
    ("receipt", Permission::Receive, None, Some("deposito")),
    ("opening", Permission::Receive, None, Some("deposito")),
    ("supplier_return", Permission::Receive, Some("deposito"), None),
    ("transfer", Permission::MoveStock, Some("deposito"), Some("local")),
    ("issue", Permission::TakeOut, Some("deposito"), None),
    ("own_use", Permission::TakeOut, Some("deposito"), None),
    ("sale", Permission::Sell, Some("deposito"), None),
    ("customer_return", Permission::Sell, None, Some("deposito")),
    ("waste", Permission::Waste, Some("deposito"), None),
    ("adjustment", Permission::Adjust, Some("deposito"), None),
];

/// An opening is the first that a product has at a place.
fn body((kind, _, from, to): Kind) -> Value {
    let sku = if kind == "opening" { "NUEVO" } else { "ARROZ" };
    let mut body = movement(kind, sku, "1", from, to);
    if matches!(kind, "receipt" | "opening") {
        body["unit_cost"] = json!("100");
    }
    body
}

/// The same as the form of the page sends it.
fn typed(body: &Value) -> String {
    let text = |name: &str| match body[name].as_str().unwrap_or_default() {
        // An adjustment is called by its side.
        "adjustment" => "missing",
        text => text,
    };
    let sku = text("product").trim_start_matches("sku:");
    let names = ["kind", "quantity", "from", "to", "unit_cost", "reason"];
    let fields = names.map(|name| (name, text(name)));
    form(&[&[("idempotency_key", text("kind")), ("product", sku), ("unit", "un")][..], &fields].concat())
}

both_engines! {
    fn each_kind_of_movement_is_for_who_has_its_right(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("NUEVO", "un")]).await;
        shop.api(shop.admin()).post("/api/v1/movements", receipt("ARROZ", "100", "100")).await.expect_status(201);
        let before = digest(&shop).await;
        for role in Role::ALL {
            let (api, page) = (shop.api(shop.user(role)), shop.page(shop.user(role)));
            let own = KINDS.into_iter().find(|(_, right, ..)| role.may(*right)).map(body);
            for kind in KINDS.into_iter().filter(|(_, right, ..)| !role.may(*right)) {
                let body = body(kind);
                api.post("/api/v1/movements", body.clone()).await.expect_problem(403, "forbidden");
                page.form("/stock/movements", &typed(&body)).await.expect_status(403);
                // Beside one that is theirs, it takes that with it.
                let lines: Vec<Value> = own.iter().cloned().chain([body]).collect();
                for mode in ["each", "atomic"] {
                    let batch = json!({"mode": mode, "lines": lines});
                    api.post("/api/v1/movements/batch", batch).await.expect_problem(403, "forbidden");
                }
            }
            assert_eq!(digest(&shop).await, before, "{} changed something", role.code());
        }
        for kind in KINDS {
            let body = body(kind);
            shop.api(shop.admin()).post("/api/v1/movements", body.clone()).await.expect_status(201);
            if kind.0 != "opening" {
                shop.page(shop.admin()).form("/stock/movements", &typed(&body)).await.expect_status(303);
            }
        }
        adds_up(&shop).await;
    }
}
