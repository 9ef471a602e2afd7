//! What is on which shelf, for the tests of documents that move stock.

use gondola_shop::kernel::Reader;
use gondola_shop::stock::Places;
use gondola_store::{Actor, Command, Context, Fail, Permission, Tx, both, sqlx};
use gondola_testkit::TestShop;
use serde_json::{Value, json};

use super::{movement, receipt, stocked};

/// A shop with one product by unit, `ARROZ`, of which `deposito` has so many.
pub async fn with_rice(shop: &TestShop, quantity: &str) {
    stocked(shop, &[("ARROZ", "un")]).await;
    stock_up(shop, "ARROZ", quantity).await;
}

/// Receives goods into `deposito`.
pub async fn stock_up(shop: &TestShop, sku: &str, quantity: &str) {
    let body = receipt(sku, quantity, "100.0000");
    shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
}

/// Receives a lot with a date into `deposito`.
pub async fn stock_up_lot(shop: &TestShop, sku: &str, quantity: &str, lot: &str, expires_on: &str) {
    let mut body = receipt(sku, quantity, "100.0000");
    body["lot"] = json!({"code": lot, "expires_on": expires_on});
    shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
}

/// Sells from a place, by the API.
pub async fn sell(shop: &TestShop, sku: &str, from: &str, quantity: &str) {
    let body = movement("sale", sku, quantity, Some(from), None);
    shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
}

/// What a place holds, is promised and has free.
pub async fn standing(shop: &TestShop, sku: &str, location: &str) -> (String, String, String) {
    let found = shop.api(shop.admin()).get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json();
    let places = found["locations"].as_array().expect("places").clone();
    let place = places.into_iter().find(|place| place["location"] == location).unwrap_or_default();
    let text = |field: &str| place[field].as_str().unwrap_or("0").to_owned();
    (text("on_hand"), text("reserved"), text("available"))
}

/// What a place holds.
pub async fn held(shop: &TestShop, sku: &str, location: &str) -> String {
    standing(shop, sku, location).await.0
}

/// The lots of a product at a place as `code:quantity`, first expiring first.
pub async fn lots(shop: &TestShop, sku: &str, location: &str) -> Vec<String> {
    let path = format!("/api/v1/stock/lots?sku={sku}&location={location}");
    let found = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
    let items = found["items"].as_array().expect("items").clone();
    let text = |item: &Value, field: &str| item[field].as_str().expect("text").to_owned();
    items.iter().map(|item| format!("{}:{}", text(item, "code"), text(item, "quantity"))).collect()
}

/// The same actor, narrowed to one place.
pub async fn of_place(shop: &TestShop, actor: Actor, code: &str) -> Actor {
    let mut reader = Reader::open(shop.app(), &shop.admin(), Permission::ReadStock).await.expect("read");
    let places = Places::load(&mut reader.tx()).await.expect("places");
    Actor { location: Some(places.by_code(code).expect("a place").id), ..actor }
}

/// Says how much of a product a place should hold, in whole units.
pub async fn put_shelf_target(shop: &TestShop, sku: &str, location: &str, units: i64) {
    let target = ShelfTarget { sku: sku.to_owned(), location: location.to_owned(), quantity: units * 1000 };
    shop.db().execute(&Actor::system("test"), None, target).await.expect("put the target");
}

struct ShelfTarget {
    sku: String,
    location: String,
    quantity: i64,
}

impl Command for ShelfTarget {
    const NAME: &'static str = "test.shelf_target";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<()>> {
        let sql = "insert into shelf_targets (product_id, location_id, quantity)
            select p.id, l.id, $3 from products p, locations l where p.sku = $1 and l.code = $2";
        both!(tx, c, _text => sqlx::query(sql).bind(&self.sku).bind(&self.location).bind(self.quantity).execute(c).await?.rows_affected());
        Ok(())
    }
}

/// Makes a product spoil so many days after it comes.
pub async fn spoils_after(shop: &TestShop, sku: &str, days: i64) {
    shop.db()
        .execute(&Actor::system("test"), None, ShelfLife { sku: sku.to_owned(), days })
        .await
        .expect("put the days");
}

struct ShelfLife {
    sku: String,
    days: i64,
}

impl Command for ShelfLife {
    const NAME: &'static str = "test.shelf_life";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<()>> {
        let sql = "update products set perishable = $3, shelf_life_days = $2 where sku = $1";
        both!(tx, c, _text => sqlx::query(sql).bind(&self.sku).bind(self.days).bind(true).execute(c).await?.rows_affected());
        Ok(())
    }
}
