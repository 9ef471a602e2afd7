//! Taking an import of products back.

use gondola_shop::PROTECTED;
use gondola_shop::imports::EndInterrupted;
use gondola_store::Actor;
use gondola_testkit::{TestShop, both_engines};
use gondola_vault::Suite;
use serde_json::{Value, json};

use crate::common::put_row;
use crate::files::{founded, product, products_shown, send};

async fn undo(shop: &TestShop, import: &Value) -> Value {
    let path = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
    shop.api(shop.admin()).post(&path, json!({})).await.expect_status(200).json()
}

both_engines! {
    fn fields_go_back_and_new_products_are_put_away(shop: TestShop) {
        founded(&shop).await;
        let first = "sku,nombre,precio,marca,ean\nA-1,Yerba,100.00,Taragüí,7790742034007\nA-2,Azúcar,50.00,,\n";
        send(&shop, "products", first).await.expect_status(201);
        let list = "sku,nombre,precio,marca,ean\nA-1,Yerba mate,120.00,,7790895000805\nA-2,Azúcar común,,Ledesma,\nA-3,Sal,30.00,,\n";
        let import = send(&shop, "products", list).await.expect_status(201).json();
        let sugar = shop.api(shop.admin()).if_match(2).patch("/api/v1/products/sku:A-2", json!({"notes": "Va abajo"})).await;
        sugar.expect_status(200);
        let undone = undo(&shop, &import).await;
        assert_eq!((&undone["state"], &undone["taken_back"]), (&json!("undone"), &json!(2)));
        assert_eq!(undone["kept"], json!([{"line": 3, "label": "A-2", "code": "changed_since", "detail": "Alguien lo cambió después; quedó como está."}]));
        let yerba = product(&shop, "A-1").await;
        assert_eq!((&yerba["name"], &yerba["sale_price"], &yerba["barcodes"]), (&json!("Yerba"), &json!("100.00"), &json!(["7790742034007"])));
        assert_eq!(product(&shop, "A-2").await["name"], "Azúcar común");
        assert_eq!(product(&shop, "A-3").await["active"], false);
        let path = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
        shop.api(shop.admin()).post(&path, json!({})).await.expect_problem(409, "already_undone");
    }
}

both_engines! {
    /// A list that was undone may come again, corrected: what it had created is brought back.
    fn a_list_that_was_undone_can_come_again(shop: TestShop) {
        founded(&shop).await;
        let list = "sku,nombre,precio\nA-1,Yerba,100.00\n";
        let import = send(&shop, "products", list).await.expect_status(201).json();
        undo(&shop, &import).await;
        assert_eq!(product(&shop, "A-1").await["active"], false);
        let again = send(&shop, "products", &list.replace("100.00", "110.00")).await.expect_status(201).json();
        let yerba = product(&shop, "A-1").await;
        assert_eq!((&yerba["active"], &yerba["sale_price"]), (&json!(true), &json!("110.00")));
        undo(&shop, &again).await;
        assert_eq!(product(&shop, "A-1").await["active"], false);
    }
}

both_engines! {
    /// What a list put to use again and then got stock stays in use: nothing with stock goes out of use.
    fn a_product_that_has_stock_stays_in_use(shop: TestShop) {
        founded(&shop).await;
        let list = "sku,nombre\nA-1,Yerba\nA-2,Sal\n";
        let first = send(&shop, "products", list).await.expect_status(201).json();
        undo(&shop, &first).await;
        let again = send(&shop, "products", list).await.expect_status(201).json();
        let body = json!({"kind": "receipt", "product": "sku:A-1", "quantity": "5", "to": "deposito", "reason": "llegó"});
        shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
        let undone = undo(&shop, &again).await;
        assert_eq!((&undone["taken_back"], &undone["kept"][0]["code"]), (&json!(1), &json!("has_stock")));
        let in_use = (product(&shop, "A-1").await["active"].clone(), product(&shop, "A-2").await["active"].clone());
        assert_eq!(in_use, (json!(true), json!(false)));
    }
}

both_engines! {
    /// An import whose process goes away is told as broken off a while later, and what it did can be undone.
    fn an_import_that_broke_off_is_ended_and_can_be_undone(shop: TestShop) {
        founded(&shop).await;
        let import = send(&shop, "products", "sku,nombre\nA-1,Yerba\n").await.expect_status(201).json();
        put_row(&shop, "update imports set state = 'running', finished_at = null where id <> $1").await;
        let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
        let look = async || shop.api(shop.admin()).get(&path).await.expect_status(200).json();
        let end = async || {
            let silent_since = shop.db().now() - 1;
            shop.db().execute(&Actor::system("worker"), None, EndInterrupted { silent_since }).await.unwrap().out
        };
        assert_eq!((end().await, &look().await["state"]), (0, &json!("running")));
        shop.clock().advance(std::time::Duration::from_secs(1));
        assert_eq!((end().await, &look().await["state"]), (1, &json!("interrupted")));
        assert_eq!((end().await, undo(&shop, &import).await["taken_back"].clone()), (0, json!(1)));
        assert_eq!(product(&shop, "A-1").await["active"], false);
        put_row(&shop, "update imports set state = 'undoing', undone_at = null where id <> $1").await;
        shop.clock().advance(std::time::Duration::from_secs(1));
        assert_eq!((end().await, undo(&shop, &import).await["state"].clone()), (1, json!("undone")));
    }
}

both_engines! {
    fn a_product_that_moved_since_is_not_put_away(shop: TestShop) {
        founded(&shop).await;
        let import = send(&shop, "products", "sku,nombre\nA-1,Yerba\n").await.expect_status(201).json();
        let body = json!({"kind": "receipt", "product": "sku:A-1", "quantity": "5", "to": "deposito", "reason": "llegó"});
        shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
        let undone = undo(&shop, &import).await;
        assert_eq!((&undone["taken_back"], &undone["kept"][0]["code"]), (&json!(0), &json!("has_moved")));
        assert_eq!(products_shown(&shop).await, 1);
    }
}

both_engines! {
    fn there_is_nothing_to_undo_in_what_changed_nothing(shop: TestShop) {
        founded(&shop).await;
        let import = send(&shop, "products?dry_run=true", "sku,nombre\nA-1,Yerba\n").await.expect_status(200).json();
        let path = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
        shop.api(shop.admin()).post(&path, json!({})).await.expect_problem(409, "nothing_to_undo");
        let none = "/api/v1/imports/00000000-0000-0000-0000-00000000002a/undo";
        shop.api(shop.admin()).post(none, json!({})).await.expect_problem(404, "not_found");
    }
}

both_engines! {
    /// ENC-7: what a list replaced follows the keys, so that a cost comes back after the one that sealed it is gone.
    fn a_cost_comes_back_after_its_key_is_gone(shop: TestShop) {
        founded(&shop).await;
        send(&shop, "products", "sku,nombre,costo\nA-1,Yerba,1420.50\n").await.expect_status(201);
        let list = "sku,nombre,costo\nA-1,Yerba,1500.25\nA-1,Yerba mate,1500.25\n";
        let import = send(&shop, "products", list).await.expect_status(201).json();
        assert_eq!(product(&shop, "A-1").await["acquisition_cost"], "1500.2500");
        let console = Actor::system("console");
        shop.db().add_field_key(&console, Suite::Aes256Gcm).await.unwrap();
        shop.db().reseal(&console, PROTECTED, |_| {}).await.unwrap();
        shop.clock().advance(std::time::Duration::from_secs(2 * 3_600));
        assert_eq!(shop.db().retire_keys(&console, PROTECTED).await.unwrap(), [1]);
        shop.db().refresh_keys().await.unwrap();
        let undone = undo(&shop, &import).await;
        assert_eq!((&undone["state"], &undone["kept"]), (&json!("undone"), &json!([])));
        let yerba = product(&shop, "A-1").await;
        assert_eq!((&yerba["acquisition_cost"], &yerba["name"]), (&json!("1420.5000"), &json!("Yerba")));
    }
}
