//! What products are found by follows their names on both engines, and nothing else about them (ADR 0031).

use crate::common::{directly, shop_with};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

/// The table that PostgreSQL searches says what the products say.
const AGREES: &str = "do $$ begin
    if exists (select from products p full join product_search s on s.product_id = p.id where s.search_text is distinct from p.search_text)
    then raise exception 'they disagree'; end if;
end $$";

async fn found(shop: &TestShop, words: &str) -> Vec<String> {
    let page = shop.api(shop.admin()).get(&format!("/api/v1/products?q={words}")).await.expect_status(200).json();
    page["items"].as_array().unwrap().iter().map(|one| one["sku"].as_str().unwrap().to_owned()).collect()
}

async fn change(shop: &TestShop, sku: &str, body: Value) {
    let path = format!("/api/v1/products/sku:{sku}");
    let version = shop.api(shop.admin()).get(&path).await.expect_status(200).json()["version"].as_i64().unwrap();
    shop.api(shop.admin()).if_match(version).patch(&path, body).await.expect_status(200);
}

both_engines! {
    fn a_product_is_found_by_the_name_that_it_has_now(shop: TestShop) {
        let product = |sku: &str, name: &str| json!({"sku": sku, "name": name, "category": "GEN", "unit": "un", "sale_price": "100.00"});
        shop_with(&shop, &[product("YERBA", "Yerba Playadito"), product("ARROZ", "Arroz Gallo")]).await;
        assert_eq!(found(&shop, "playadito").await, ["YERBA"]);
        change(&shop, "YERBA", json!({"sale_price": "120.00"})).await;
        assert_eq!(found(&shop, "playadito").await, ["YERBA"], "another price");
        change(&shop, "YERBA", json!({"name": "Yerba Taragüí"})).await;
        assert_eq!((found(&shop, "playadito").await, found(&shop, "taragui").await), (Vec::new(), vec!["YERBA".to_owned()]));
        if !shop.url().starts_with("sqlite:") {
            directly(&shop, AGREES).await.unwrap();
        }
    }
}
