//! The same thing noted again in plain words: what adds to its line, what does not, and when it is another line.

use std::time::Duration;

use gondola_store::Role;
use gondola_testkit::{TestShop, both_engines};
use serde_json::Value;

use crate::assistant::seed::{said, say_as, shop_of};

/// The pending lines of the notebook as `sku:SKU quantity`, the newest first, and who noted the first of them.
async fn pending(shop: &TestShop) -> (Vec<String>, Vec<String>) {
    let page = shop.api(shop.admin()).get("/api/v1/notebook?state=pending").await.expect_status(200).json();
    let lines = page["items"].as_array().expect("items");
    let told = |line: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        format!("{} {}", text(&line["product"]), text(&line["quantity"]))
    };
    let id = lines[0]["id"].as_str().expect("an id");
    let first = shop.api(shop.admin()).get(&format!("/api/v1/notebook/{id}")).await.expect_status(200).json();
    let notes = first["notes"].as_array().expect("notes").iter();
    (lines.iter().map(told).collect(), notes.map(|note| note["user"].as_str().expect("a name").to_owned()).collect())
}

both_engines! {
    /// M6: "otros" and "más" with a number add to what is noted within the hour; a number said again does not.
    fn otros_and_mas_in_a_sentence_add_to_the_line(shop: TestShop) {
        shop_of(&shop, &["LAC-CIND"]).await;
        for (sentence, quantity) in [
            ("Pedir 6 Cindor", "6"),
            ("Pedir 4 Cindor", "6"),
            ("Pedir otros 3 Cindor", "9"),
            ("Pedir 2 más de Cindor", "11"),
            ("Pedir más Cindor", "11"),
            ("No hay más Cindor", "11"),
            ("Pedir 12 Cindor", "12"),
        ] {
            shop.clock().advance(Duration::from_secs(59 * 60));
            assert_eq!(said(&shop, sentence).await["status"], "done", "{sentence}");
            assert_eq!(pending(&shop).await.0, [format!("sku:LAC-CIND {quantity}")], "{sentence}");
        }
        say_as(&shop, shop.user(Role::Cashier), "Pedir otros tres Cindor").await.expect_status(200);
        let (lines, authors) = pending(&shop).await;
        assert_eq!(lines, ["sku:LAC-CIND 15"]);
        assert_eq!(authors.iter().filter(|author| *author == "cashier").count(), 1, "{authors:?}");
        shop.clock().advance(Duration::from_secs(60 * 60 + 1));
        said(&shop, "Pedir otros 3 Cindor").await;
        let (mut lines, _) = pending(&shop).await;
        lines.sort();
        assert_eq!(lines, ["sku:LAC-CIND 15", "sku:LAC-CIND 3"], "after the hour it is another need");
    }
}
