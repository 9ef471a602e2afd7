//! A small shop with everything that is hard to carry from one engine to the other: parents that
//! come after their children, odd texts, extreme numbers, bytes that are no text, nulls, flags,
//! movements and a reversal. What the product would refuse is put in directly.

use gondola_shop::catalogue::found_shop;
use gondola_store::{Actor, Command, Context, Fail, Permission, Tx, both, sqlx};
use gondola_testkit::TestShop;
use serde_json::json;
use uuid::Uuid;

/// Text that would not survive quoting, trimming, folding or a code page.
pub const ODD_TEXT: &str = "ñandú 🧉 'simple' \"doble\" \\ % _ \u{200b}\u{feff}\r\n\ttab; drop table products --";

/// Puts the small shop into an empty one.
pub async fn seed(shop: &TestShop) {
    found_shop(shop.db()).await.expect("found the shop");
    shop.db().execute(&Actor::system("test"), None, Seed).await.expect("seed");
    let api = shop.api(shop.admin());
    for (sku, name) in [("YER-1", "Yerba 'Ñandú' \"suave\" \\ % _ 🧉"), ("YER-2", "Zz"), ("A_1", "áé")] {
        let product = json!({"sku": sku, "name": name, "category": "GEN", "unit": "un"});
        api.post("/api/v1/products", product).await.expect_status(201);
    }
    let api = api.key("seed-1");
    let receipt = json!({"kind": "receipt", "product": "sku:YER-1", "quantity": "12", "to": "deposito",
        "unit_cost": "1234.5678", "reason": "compra ñandú 🧉", "lot": {"code": "L 'ñ'", "expires_on": "2027-01-31"}});
    let first = api.post("/api/v1/movements", receipt).await.expect_status(201).json();
    let api = shop.api(shop.admin());
    let sale = json!({"kind": "sale", "product": "sku:YER-1", "quantity": "5", "from": "deposito", "reason": "venta"});
    api.post("/api/v1/movements", sale.clone()).await.expect_status(201);
    let id = api.post("/api/v1/movements", sale).await.expect_status(201).json()["id"].as_str().unwrap().to_owned();
    let reverse = format!("/api/v1/movements/{id}/reverse");
    api.post(&reverse, json!({"reason": "era otro producto"})).await.expect_status(201);
    assert_eq!(first["sequence"], 1);
    import(shop).await;
}

/// An import with everything it leaves behind: a changed product, a bad row, columns to remember.
async fn import(shop: &TestShop) {
    let list = "Ref;Nombre;Precio\nYER-1;Yerba ñandú 🧉;1.850,50\nA B;'malo';caro\n";
    let path = "/api/v1/imports/products?mapping=%7B%22Ref%22%3A%22sku%22%7D";
    let content = Some(("text/csv", list.as_bytes().to_vec()));
    let sent = shop.api(shop.admin()).send(axum::http::Method::POST, path, content).await.expect_status(201).json();
    assert_eq!((&sent["rows_changed"], &sent["rows_bad"]), (&json!(1), &json!(1)));
}

struct Seed;

impl Command for Seed {
    const NAME: &'static str = "test.seed";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<()>> {
        let category = Uuid::from_u128(2);
        // The parent sorts after its child, and comes in after it when rows are copied in order.
        for (id, parent, expires) in
            [(Uuid::from_u128(u128::MAX), None, true), (category, Some(Uuid::from_u128(u128::MAX)), false)]
        {
            let sql = "insert into categories (id, code, name, parent_id, margin_min_bp, margin_max_bp, vat_bp, cost_alert_bp, rounding_step, expires, position)
                values ($1, $2, 'Rubro', $3, 0, $4, 2100, 500, 5000, $5, 1)";
            both!(tx, c, _text => sqlx::query(sql).bind(id).bind(id.to_string()).bind(parent).bind(i64::MAX)
                .bind(expires).execute(c).await?.rows_affected());
        }
        for bytes in [vec![], vec![0], vec![0, 0], vec![0, 255, 10, 13], (0..=255).collect::<Vec<u8>>()] {
            let used = (bytes.len() == 1).then_some(i64::MIN);
            let sql = "insert into setup_tokens (token_hash, created_at, expires_at, used_at) values ($1, 0, -1, $2)";
            both!(tx, c, _text => sqlx::query(sql).bind(bytes).bind(used).execute(c).await?.rows_affected());
        }
        for key in ["a", "A", "ä", "z", "_", "-", "a b", "ab", "🧉", ""] {
            let sql = "insert into settings (key, value, updated_at) values ($1, $2, 0)";
            both!(tx, c, _text => sqlx::query(sql).bind(key).bind(ODD_TEXT).execute(c).await?.rows_affected());
        }
        Ok(())
    }
}
