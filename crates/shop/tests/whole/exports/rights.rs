//! Who gets a file, and what of it: role, location, filters.

use gondola_store::{Actor, Role};
use gondola_testkit::{TestShop, both_engines};
use serde_json::json;

use crate::common::shelves::{of_place, sell, stock_up};
use crate::common::{movement, receipt, stocked};
use crate::exports::files::{FORMATS, ask, column, founded, json_column, make, table};

both_engines! {
    /// CSV-3: who may not export gets no file, though the same list as JSON.
    fn a_role_without_the_right_gets_no_file(shop: TestShop) {
        founded(&shop).await;
        make(&shop, "Leche", json!({})).await;
        for format in FORMATS {
            ask(&shop, shop.user(Role::Cashier), "products", format).await.expect_problem(403, "forbidden");
            ask(&shop, shop.key("write"), "products", format).await.expect_problem(403, "forbidden");
            ask(&shop, shop.nobody(), "products", format).await.expect_problem(401, "unauthorized");
            for actor in [shop.user(Role::Auditor), shop.key("read")] {
                assert_eq!(table(&shop, actor, "products", format).await.rows.len(), 1);
            }
        }
        ask(&shop, shop.user(Role::Cashier), "products", "format=json").await.expect_status(200);
    }
}

both_engines! {
    /// CSV-3: cost is in the file of who sees cost.
    fn cost_is_only_in_the_file_of_who_sees_cost(shop: TestShop) {
        founded(&shop).await;
        make(&shop, "Leche", json!({"sku": "LECHE", "acquisition_cost": "1420.5"})).await;
        stock_up(&shop, "LECHE", "10").await;
        let costs = [("products", "Costo", "1420.5000"), ("movements", "Costo unitario", "100.0000")];
        for (list, title, cost) in costs {
            let query = "format=csv&dialect=plain";
            assert_eq!(column(&table(&shop, shop.user(Role::Auditor), list, query).await, title), [cost]);
            assert_eq!(column(&table(&shop, shop.user(Role::Deposito), list, query).await, title), [""]);
        }
    }
}

both_engines! {
    /// CSV-3: who is of one place gets what touched it.
    fn a_person_of_one_place_gets_only_what_touched_it(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        stock_up(&shop, "ARROZ", "10").await;
        let api = shop.api(shop.admin());
        api.post("/api/v1/movements", movement("transfer", "ARROZ", "4", Some("deposito"), Some("local"))).await.expect_status(201);
        sell(&shop, "ARROZ", "local", "1").await;
        let of_local = of_place(&shop, shop.user(Role::Deposito), "local").await;
        assert_eq!(numbers(&shop, of_local, "").await, ["3", "2"]);
        assert_eq!(numbers(&shop, shop.admin(), "").await, ["3", "2", "1"]);
    }
}

async fn numbers(shop: &TestShop, actor: Actor, query: &str) -> Vec<String> {
    column(&table(shop, actor, "movements", &format!("format=csv&{query}")).await, "Número")
}

both_engines! {
    /// CSV-3: a file has what the list has under the same filters.
    fn filters_of_the_file_are_those_of_the_list(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("QUESO", "kg")]).await;
        let api = shop.api(shop.admin());
        for round in 0..10 {
            for sku in ["ARROZ", "QUESO"] {
                let mut body = receipt(sku, "10", "100");
                body["document"] = json!(format!("R-{}", round % 2));
                api.post("/api/v1/movements", body).await.expect_status(201);
            }
            sell(&shop, "ARROZ", "deposito", "1").await;
        }
        let filters = [
            "", "product=sku:ARROZ", "kind=sale", "document=R-1", "product=sku:QUESO&document=R-0", "location=local",
            "location=nowhere", "user=admin&kind=receipt",
        ];
        for filter in filters {
            let list = json_column(&shop, shop.admin(), "movements", filter, "id").await;
            for format in FORMATS {
                let file = table(&shop, shop.admin(), "movements", &format!("{format}&{filter}")).await;
                assert_eq!(column(&file, "Id"), list, "{filter} {format}");
            }
        }
    }
}
