//! Lists of stock: differences are posted, and goods that moved meanwhile are told.

use gondola_shop::kernel::Reader;
use gondola_store::Permission;
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

use crate::files::{counts, errors, founded, send};

async fn with_products(shop: &TestShop) {
    founded(shop).await;
    let list = "sku;nombre;ean;unidad\nARROZ;Arroz;7790742034007;un\nQUESO;Queso;;kg\n";
    send(shop, "products", list).await.expect_status(201);
}

async fn inventory(shop: &TestShop, sku: &str) -> Value {
    shop.api(shop.admin()).get(&format!("/api/v1/inventory/{sku}")).await.expect_status(200).json()
}

async fn sell(shop: &TestShop, sku: &str, quantity: &str) {
    let body = json!({"kind": "sale", "product": format!("sku:{sku}"), "quantity": quantity, "from": "deposito", "reason": "venta de prueba"});
    shop.api(shop.admin()).post("/api/v1/movements", body).await.expect_status(201);
}

async fn adds_up(shop: &TestShop) {
    let mut reader = Reader::open(shop.app(), &shop.admin(), Permission::ReadStock).await.expect("read");
    let report = gondola_shop::stock::verify(&mut reader).await.expect("verify");
    assert!(report.ok, "{:?}", report.findings);
}

both_engines! {
    fn stock_is_set_by_posting_the_difference(shop: TestShop) {
        with_products(&shop).await;
        let first = "código;depósito;cantidad;costo\nARROZ;deposito;24;100,50\nQUESO;Local;2,500;\n";
        let import = send(&shop, "stock", first).await.expect_status(201).json();
        assert_eq!((errors(&import), counts(&import)), (vec![], [2, 2, 0, 0, 2]));
        assert_eq!((&inventory(&shop, "ARROZ").await["on_hand"], &inventory(&shop, "QUESO").await["on_hand"]), (&json!("24"), &json!("2.500")));
        let second = "ean;cantidad\n7790742034007;20\n";
        let import = send(&shop, "stock?location=deposito", second).await.expect_status(201).json();
        assert_eq!(counts(&import), [1, 1, 0, 0, 1]);
        let kardex = shop.api(shop.admin()).get("/api/v1/movements?product=sku:ARROZ").await.expect_status(200).json();
        let kinds: Vec<&str> = kardex["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["count", "opening"]);
        let again = send(&shop, "stock?location=deposito", second).await.expect_status(201).json();
        assert_eq!(counts(&again), [1, 1, 0, 0, 0]);
        adds_up(&shop).await;
    }
}

both_engines! {
    fn lots_are_set_one_by_one(shop: TestShop) {
        with_products(&shop).await;
        let list = "sku,location,quantity,lot,expires\nARROZ,local,5,L1,31/12/2026\nARROZ,local,7,L2,2027-01-31\n";
        send(&shop, "stock", list).await.expect_status(201);
        let list = "sku,location,quantity,lot,expires\nARROZ,local,3,L1,31/12/2026\nARROZ,local,9,L2,2027-01-31\n";
        send(&shop, "stock", list).await.expect_status(201);
        let lots = shop.api(shop.admin()).get("/api/v1/stock/lots?sku=ARROZ").await.expect_status(200).json();
        let lots: Vec<_> = lots["items"].as_array().unwrap().iter().map(|lot| (lot["code"].clone(), lot["quantity"].clone())).collect();
        assert_eq!(lots, [(json!("L1"), json!("3")), (json!("L2"), json!("9"))]);
        adds_up(&shop).await;
    }
}

both_engines! {
    fn rows_that_cannot_be_posted_are_told(shop: TestShop) {
        with_products(&shop).await;
        let list = "sku;lugar;cantidad\nNADA;deposito;1\nARROZ;luna;1\nARROZ;deposito;1,5\nQUESO;deposito;-1\nARROZ;;1\nARROZ;customer;1\n";
        let import = send(&shop, "stock", list).await.expect_status(201).json();
        assert_eq!(errors(&import), ["2 sku unknown_product", "3 location unknown_location", "4 quantity not_whole",
            "5 quantity negative", "6 location required", "7 location unknown_location"]);
        assert_eq!(counts(&import)[1], 0);
        let refused = send(&shop, "stock?atomic=true", "sku;lugar;cantidad\nARROZ;deposito;5\nQUESO;luna;1\n").await;
        refused.expect_problem(422, "import_refused");
        assert_eq!(inventory(&shop, "ARROZ").await["on_hand"], "0");
    }
}

both_engines! {
    fn a_dry_run_of_stock_moves_nothing(shop: TestShop) {
        with_products(&shop).await;
        let list = "sku;lugar;cantidad\nARROZ;deposito;5\nQUESO;luna;1\n";
        let import = send(&shop, "stock?dry_run=true", list).await.expect_status(200).json();
        assert_eq!((counts(&import), errors(&import)), ([2, 1, 1, 0, 1], vec!["3 location unknown_location".to_owned()]));
        assert_eq!(inventory(&shop, "ARROZ").await["on_hand"], "0");
    }
}

both_engines! {
    /// what the file says was seen is compared before anything is set.
    fn goods_that_moved_since_the_list_was_made_are_not_overwritten(shop: TestShop) {
        with_products(&shop).await;
        send(&shop, "stock", "sku;lugar;cantidad\nARROZ;deposito;10\nQUESO;deposito;4\n").await.expect_status(201);
        sell(&shop, "ARROZ", "1").await;
        let list = "sku;lugar;cantidad;esperado\nARROZ;deposito;12;10\nQUESO;deposito;5;4\n";
        let import = send(&shop, "stock", list).await.expect_status(201).json();
        assert_eq!((errors(&import), counts(&import)), (vec!["2 quantity stock_changed".to_owned()], [2, 1, 1, 0, 1]));
        assert!(import["errors"][0]["detail"].as_str().unwrap().contains("ahora hay 9 un"), "{import}");
        assert_eq!((&inventory(&shop, "ARROZ").await["on_hand"], &inventory(&shop, "QUESO").await["on_hand"]), (&json!("9"), &json!("5.000")));
        let kardex = shop.api(shop.admin()).get("/api/v1/movements?product=sku:ARROZ&kind=sale").await.expect_status(200).json();
        let position = kardex["items"][0]["sequence"].as_i64().unwrap();
        let list = |position: i64| format!("sku;lugar;cantidad;posición\nARROZ;deposito;12;{position}\n");
        let import = send(&shop, "stock", &list(position - 1)).await.expect_status(201).json();
        assert_eq!(errors(&import), ["2 quantity stock_changed"]);
        send(&shop, "stock", &list(position)).await.expect_status(201);
        assert_eq!(inventory(&shop, "ARROZ").await["on_hand"], "12");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// a sale that commits while the import runs is either seen by it or refused to be overwritten.
    fn a_sale_while_stock_is_imported_is_never_lost(shop: TestShop) {
        with_products(&shop).await;
        send(&shop, "stock", "sku;lugar;cantidad\nARROZ;deposito;100\n").await.expect_status(201);
        for round in 0..20_i64 {
            let before = inventory(&shop, "ARROZ").await["on_hand"].as_str().unwrap().parse::<i64>().unwrap();
            let list = format!("sku;lugar;cantidad\nARROZ;deposito;{}\n", 200 + round);
            let (import, ()) = tokio::join!(send(&shop, "stock", &list), sell(&shop, "ARROZ", "1"));
            let import = import.expect_status(201).json();
            let now = inventory(&shop, "ARROZ").await["on_hand"].as_str().unwrap().parse::<i64>().unwrap();
            let refused = import["rows_bad"] == 1;
            let kardex = shop.api(shop.admin()).get("/api/v1/movements?product=sku:ARROZ&limit=2").await.expect_status(200).json();
            let last_is_sale = kardex["items"][0]["kind"] == "sale";
            let expected = match (refused, last_is_sale) {
                (true, _) => before - 1,
                (false, true) => 200 + round - 1,
                // The sale was there before the import looked.
                (false, false) => 200 + round,
            };
            assert_eq!(now, expected, "round {round}: {import}");
        }
        adds_up(&shop).await;
    }
}

both_engines! {
    fn imported_stock_is_taken_back_by_reversing_it(shop: TestShop) {
        with_products(&shop).await;
        let import = send(&shop, "stock", "sku;lugar;cantidad\nARROZ;deposito;10\nQUESO;deposito;4\n").await.expect_status(201).json();
        sell(&shop, "ARROZ", "8").await;
        let undo = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
        let undone = shop.api(shop.admin()).post(&undo, json!({})).await.expect_status(200).json();
        assert_eq!((&undone["state"], &undone["taken_back"]), (&json!("undone"), &json!(1)));
        assert_eq!((&undone["kept"][0]["label"], &undone["kept"][0]["code"]), (&json!("ARROZ"), &json!("insufficient_stock")));
        assert_eq!((&inventory(&shop, "ARROZ").await["on_hand"], &inventory(&shop, "QUESO").await["on_hand"]), (&json!("2"), &json!("0.000")));
        let negocio = shop.user(gondola_store::Role::Negocio);
        shop.api(negocio).post(&undo, json!({})).await.expect_problem(409, "already_undone");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// Who may not count may not set stock with a file, nor take such a file back.
    fn setting_stock_takes_the_right_to_count(shop: TestShop) {
        with_products(&shop).await;
        let list = b"sku;lugar;cantidad\nARROZ;deposito;10\n";
        let negocio = shop.user(gondola_store::Role::Negocio);
        crate::files::send_as(&shop, negocio.clone(), "stock", "text/csv", list).await.expect_problem(403, "forbidden");
        let import = send(&shop, "stock", std::str::from_utf8(list).unwrap()).await.expect_status(201).json();
        let undo = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
        shop.api(negocio).post(&undo, json!({})).await.expect_problem(403, "forbidden");
        assert_eq!(inventory(&shop, "ARROZ").await["on_hand"], "10");
    }
}
