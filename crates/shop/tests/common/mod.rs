//! A shop with places and products for the tests of the stock feature alone: rows are put in
//! directly, so that these tests say nothing about the catalogue.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod files;
pub mod pages;
pub mod people;
pub mod purchases;
pub mod shelves;

use gondola_shop::stock::open_products;
use gondola_store::sqlx::{self, Connection as _, PgConnection, SqliteConnection};
use gondola_store::{Actor, Command, Context, Fail, Permission, Tx, both};
use gondola_testkit::TestShop;
use serde_json::{Value, json};
use uuid::Uuid;

/// Puts the places and the products `(SKU, unit)` into a shop.
pub async fn stocked(shop: &TestShop, products: &[(&str, &str)]) {
    let products = products.iter().map(|(sku, unit)| ((*sku).to_owned(), (*unit).to_owned())).collect();
    shop.db().execute(&Actor::system("test"), None, Found { products }).await.expect("found the shop");
}

/// Founds a shop as a person does and makes these products, given as the API takes them.
pub async fn shop_with(shop: &TestShop, products: &[Value]) {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
    for product in products {
        shop.api(shop.admin()).post("/api/v1/products", product.clone()).await.expect_status(201);
    }
}

/// Puts in a row that no call of the API makes; `$1` is its id.
pub async fn put_row(shop: &TestShop, insert: &'static str) {
    shop.db().execute(&Actor::system("test"), None, PutRow { insert }).await.expect("put the row");
}

struct PutRow {
    insert: &'static str,
}

impl Command for PutRow {
    const NAME: &'static str = "test.put_row";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<()>> {
        both!(tx, c, _text => sqlx::query(self.insert).bind(cx.new_id()).execute(c).await?.rows_affected());
        Ok(())
    }
}

struct Found {
    products: Vec<(String, String)>,
}

const PLACES: [(&str, &str); 9] = [
    ("deposito", "stock"),
    ("local", "stock"),
    ("cuarentena", "quarantine"),
    ("in_transit", "transit"),
    ("supplier", "supplier"),
    ("customer", "customer"),
    ("waste", "waste"),
    ("own_use", "own_use"),
    ("inventory_difference", "inventory_difference"),
];

impl Command for Found {
    const NAME: &'static str = "test.found";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<()>> {
        for (position, (code, kind)) in PLACES.iter().enumerate() {
            let sql = "insert into locations (id, code, name, kind, position) values ($1, $2, $2, $3, $4)";
            let position = position as i64;
            both!(tx, c, _text => sqlx::query(sql).bind(cx.new_id()).bind(code).bind(kind).bind(position).execute(c).await?.rows_affected());
        }
        let category = cx.new_id();
        let sql = "insert into categories (id, code, name, margin_min_bp, margin_max_bp, vat_bp, cost_alert_bp, rounding_step, expires, position)
            values ($1, 'GEN', 'General', 2000, 4000, 2100, 500, 5000, false, 1)";
        both!(tx, c, _text => sqlx::query(sql).bind(category).execute(c).await?.rows_affected());
        for (sku, unit) in &self.products {
            let id = cx.new_id();
            let sql = "insert into products (id, sku, name, short_name, category_id, unit, vat_bp, min_stock, max_stock, reorder_point, name_folded, search_text, created_at, updated_at)
                values ($1, $2, $2, $2, $3, $4, 2100, 5000, 15000, 5000, lower($2), lower($2), $5, $5)";
            both!(tx, c, _text => sqlx::query(sql).bind(id).bind(sku).bind(category).bind(unit).bind(cx.now).execute(c).await?.rows_affected());
            open_products(tx, &[id], cx.now).await?;
        }
        Ok(())
    }
}

/// The body of a movement.
pub fn movement(kind: &str, sku: &str, quantity: &str, from: Option<&str>, to: Option<&str>) -> Value {
    let mut body =
        json!({"kind": kind, "product": format!("sku:{sku}"), "quantity": quantity, "reason": "prueba de stock"});
    if let Some(from) = from {
        body["from"] = from.into();
    }
    if let Some(to) = to {
        body["to"] = to.into();
    }
    body
}

/// A receipt into the store room, with a cost.
pub fn receipt(sku: &str, quantity: &str, unit_cost: &str) -> Value {
    let mut body = movement("receipt", sku, quantity, None, Some("deposito"));
    body["unit_cost"] = unit_cost.into();
    body
}

/// What the API says there is of a product.
pub async fn on_hand(shop: &TestShop, sku: &str) -> String {
    let item = shop.api(shop.admin()).get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json();
    item["on_hand"].as_str().expect("a decimal").to_owned()
}

/// What the API says it is worth.
pub async fn value(shop: &TestShop, sku: &str) -> String {
    let page = shop.api(shop.admin()).get(&format!("/api/v1/stock/as-of?sku={sku}")).await.expect_status(200).json();
    page["items"][0]["value"].as_str().expect("a value").to_owned()
}

/// Asserts that the whole book adds up.
pub async fn adds_up(shop: &TestShop) {
    let mut reader =
        gondola_shop::kernel::Reader::open(shop.app(), &shop.admin(), Permission::ReadStock).await.expect("read");
    let report = gondola_shop::stock::verify(&mut reader).await.expect("verify");
    assert!(report.ok, "{:?}", report.findings);
}

/// An id that names nothing.
pub fn nothing() -> Uuid {
    Uuid::from_u128(42)
}

/// Runs statements behind the program's back.
pub async fn directly(shop: &TestShop, sql: &'static str) -> Result<(), sqlx::Error> {
    if shop.url().starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(shop.url()).await?;
        return sqlx::raw_sql(sql).execute(&mut connection).await.map(drop);
    }
    let mut connection = PgConnection::connect(shop.url()).await?;
    sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
}
