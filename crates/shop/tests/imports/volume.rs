//! Long lists (SC-8, R-27): every error in one reply, and seconds rather than minutes. The full
//! hundred thousand rows run where `GONDOLA_SOAK_MINUTES` is set, or in a release build.

use std::fmt::Write;

use gondola_testkit::{TestShop, both_engines};
use serde_json::json;

use crate::files::{counts, founded, products_shown, send};

fn rows() -> usize {
    if cfg!(debug_assertions) && std::env::var_os("GONDOLA_SOAK_MINUTES").is_none() { 10_000 } else { 100_000 }
}

/// A list with 37 bad rows, spread out.
fn list(rows: usize) -> String {
    let mut text = String::from("sku;nombre;rubro;marca;precio;costo;stock mínimo\n");
    let every = rows / 37;
    for row in 0..rows {
        let price = if row % every == 7 && row / every < 37 { "caro" } else { "1.850,50" };
        writeln!(text, "P-{row:06};Producto número {row};LAC;Marca {};{price};1.200,25;12", row % 500).expect("memory");
    }
    text
}

both_engines! {
    /// 37 errors in one reply, the others applied; none when atomic.
    fn thirty_seven_bad_rows_are_told_in_one_reply(shop: TestShop) {
        founded(&shop).await;
        let rows = rows();
        let text = list(rows);
        let refused = send(&shop, "products?atomic=true", &text).await.expect_problem(422, "import_refused").json();
        assert_eq!(refused["errors"].as_array().unwrap().len(), 37);
        let import = send(&shop, "products", &text).await.json();
        let id = import["id"].as_str().unwrap().to_owned();
        let import = ended(&shop, &id).await;
        let total = i64::try_from(rows).unwrap();
        assert_eq!(counts(&import), [total, total - 37, 37, total - 37, 0]);
        assert_eq!(import["errors"].as_array().unwrap().len(), 37);
        shop.api(shop.admin()).post(&format!("/api/v1/imports/{id}/undo"), json!({})).await;
        assert_eq!(ended(&shop, &id).await["state"], "undone");
        assert_eq!(products_shown(&shop).await, 0);
    }
}

/// The import once it ended; a slow machine answers 202 before.
async fn ended(shop: &TestShop, id: &str) -> serde_json::Value {
    loop {
        let import = shop.api(shop.admin()).get(&format!("/api/v1/imports/{id}")).await.expect_status(200).json();
        if import["state"] != "running" && import["state"] != "undoing" {
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}
