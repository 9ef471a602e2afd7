//! Prices under inflation on both engines, through the API and the pages (M12): the series of monthly rates, corrected
//! by newer rows, what it adds up to, and what idle stock loses a day.

use crate::common::pages::form;
use crate::common::shelves::of_place;
use crate::common::{directly, receipt, shop_with};
use axum::http::Method;
use gondola_store::Role;
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

const RATES: &str = "/api/v1/inflation/rates";

async fn record(shop: &TestShop, month: &str, rate: &str) -> Answer {
    shop.api(shop.admin()).post(RATES, json!({"month": month, "rate": rate, "source": "INDEC"})).await
}

async fn inflation(shop: &TestShop, query: &str) -> Value {
    shop.api(shop.admin()).get(&format!("/api/v1/inflation{query}")).await.expect_status(200).json()
}

async fn year(shop: &TestShop, rate: &str) {
    for month in [
        "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08",
        "2026-09", "2026-10",
    ] {
        record(shop, month, rate).await.expect_status(201);
    }
}

both_engines! {
    /// The check values of the domain.
    fn months_add_up_to_their_product(shop: TestShop) {
        assert_eq!(inflation(&shop, "").await["accumulated"], Value::Null, "nothing is recorded");
        year(&shop, "4.5").await;
        let seen = inflation(&shop, "").await;
        assert_eq!((&seen["from"], &seen["to"], &seen["months"]), (&json!("2025-11"), &json!("2026-10"), &json!(12)));
        assert_eq!((&seen["accumulated"], &seen["daily_rate"]), (&json!("69.59"), &json!("0.1447")));
        for (month, rate) in [("2026-08", "5"), ("2026-09", "5"), ("2026-10", "5")] {
            record(&shop, month, rate).await.expect_status(201);
        }
        let three = inflation(&shop, "?from=2026-08&to=2026-10").await;
        assert_eq!((&three["hundred_pesos"], &three["accumulated"]), (&json!("115.76"), &json!("15.76")));
        let one = inflation(&shop, "?to=2025-11").await;
        assert_eq!((&one["from"], &one["accumulated"]), (&json!("2025-11"), &json!("4.50")), "not before the first");
    }
}

both_engines! {
    fn a_correction_is_a_newer_row_and_the_old_one_stays(shop: TestShop) {
        let first = record(&shop, "2026-10", "28").await.expect_status(201).json();
        assert_eq!((&first["rate"], &first["warnings"], &first["current"]), (&json!("28.00"), &json!([]), &json!(true)));
        let second = record(&shop, "2026-10", "2.8").await.expect_status(201).json();
        assert_eq!((&second["rate"], &second["daily_rate"]), (&json!("2.80"), &json!("0.0908")));
        record(&shop, "2026-09", "3").await.expect_status(201);
        let api = shop.api(shop.admin());
        let rows = |list: Value| list["items"].as_array().unwrap().iter().map(|row| (row["month"].clone(), row["rate"].clone(), row["current"].clone())).collect::<Vec<_>>();
        let row = |month: &str, rate: &str, current: bool| (json!(month), json!(rate), json!(current));
        let all = rows(api.get(RATES).await.expect_status(200).json());
        assert_eq!(all, [row("2026-10", "2.80", true), row("2026-10", "28.00", false), row("2026-09", "3.00", true)]);
        let current = rows(api.get(&format!("{RATES}?current=true&from=2026-10&to=2026-10")).await.expect_status(200).json());
        assert_eq!(current, [row("2026-10", "2.80", true)]);
        let again = record(&shop, "2026-10", "2.80").await.expect_status(201).json();
        assert_eq!(again["id"], second["id"], "the same again is no correction");
        let page = api.get(&format!("{RATES}?limit=1")).await.expect_status(200).json();
        let next = api.get(&format!("{RATES}?limit=5&after={}", page["next"].as_str().unwrap())).await.expect_status(200).json();
        assert_eq!(rows(next), all[1..]);
        for statement in ["update inflation_rates set rate_bp = 1", "delete from inflation_rates"] {
            let refused = directly(&shop, statement).await.unwrap_err().to_string();
            assert!(refused.contains("never edited") || refused.contains("never deleted"), "{refused}");
        }
    }
}

both_engines! {
    fn a_month_without_a_rate_is_told_and_nothing_is_added_up(shop: TestShop) {
        record(&shop, "2026-08", "2").await.expect_status(201);
        record(&shop, "2026-10", "3").await.expect_status(201);
        let seen = inflation(&shop, "").await;
        assert_eq!((&seen["missing"], &seen["accumulated"]), (&json!(["2026-09"]), &Value::Null));
        record(&shop, "2026-09", "0").await.expect_status(201);
        assert_eq!(inflation(&shop, "").await["accumulated"], "5.06", "1.02 x 1 x 1.03");
    }
}

both_engines! {
    /// $10,000,000 of stock at 2.8 %, per day: $9,076.
    fn idle_stock_loses_its_value_by_the_daily_rate(shop: TestShop) {
        shop_with(&shop, &[json!({"sku": "VINO", "name": "Vino", "category": "GEN", "unit": "un"})]).await;
        shop.api(shop.admin()).post("/api/v1/movements", receipt("VINO", "1000", "10000")).await.expect_status(201);
        record(&shop, "2026-10", "2.8").await.expect_status(201);
        let seen = inflation(&shop, "").await;
        assert_eq!((&seen["stock_value"], &seen["latest_month"]), (&json!("10000000.00"), &json!("2026-10")));
        let loss = seen["daily_loss"].as_str().unwrap();
        assert!(loss.starts_with("9075.") || loss.starts_with("9076."), "{loss}");
        let narrowed = shop.api(of_place(&shop, shop.user(Role::Negocio), "local").await);
        assert_eq!(narrowed.get("/api/v1/inflation").await.expect_status(200).json()["stock_value"], Value::Null);
    }
}

both_engines! {
    fn bad_rates_are_told_by_field_and_change_nothing(shop: TestShop) {
        let api = shop.api(shop.admin());
        for (body, fields) in [
            (json!({}), vec!["month", "rate", "source"]),
            (json!({"month": "2026-13", "rate": "2", "source": "INDEC"}), vec!["month"]),
            (json!({"month": "1999-12", "rate": "2", "source": "INDEC"}), vec!["month"]),
            (json!({"month": "2026-12", "rate": "2", "source": "INDEC"}), vec!["month"]),
            (json!({"month": "2026-10", "rate": "50.01", "source": "INDEC"}), vec!["rate"]),
            (json!({"month": "2026-10", "rate": "-1", "source": "INDEC"}), vec!["rate"]),
            (json!({"month": "2026-10", "rate": "2,8", "source": "x"}), vec!["rate", "source"]),
        ] {
            let refused = api.post(RATES, body.clone()).await.expect_problem(422, "invalid").json();
            let told: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
            assert_eq!(told, fields, "{body}");
        }
        assert_eq!(api.get(RATES).await.expect_status(200).json()["items"], json!([]));
        for query in ["?from=2026-10&to=2026-09", "?from=2000-01&to=2026-10", "?from=ayer"] {
            api.get(&format!("/api/v1/inflation{query}")).await.expect_problem(422, "invalid");
        }
        let high = record(&shop, "2026-11", "50").await.expect_status(201).json();
        assert_eq!(high["warnings"], json!(["annual_suspected"]), "above 30 %");
        assert_eq!(record(&shop, "2026-10", "30").await.expect_status(201).json()["warnings"], json!([]));
    }
}

both_engines! {
    fn who_may_see_and_record_rates(shop: TestShop) {
        let rate = json!({"month": "2026-10", "rate": "2.8", "source": "INDEC"});
        for (role, sees, writes) in [(Role::Manager, 200, 201), (Role::Negocio, 200, 201), (Role::Auditor, 200, 403),
            (Role::Deposito, 403, 403), (Role::Cashier, 403, 403)] {
            let api = shop.api(shop.user(role));
            api.get(RATES).await.expect_status(sees);
            api.get("/api/v1/inflation").await.expect_status(sees);
            api.post(RATES, rate.clone()).await.expect_status(writes);
        }
        let once = shop.api(shop.admin()).key("tasa-1");
        let other = json!({"month": "2026-09", "rate": "1.9", "source": "INDEC"});
        let first = once.post(RATES, other.clone()).await.expect_status(201).json();
        assert_eq!(once.post(RATES, other).await.expect_status(201).json(), first, "twice with one key is once");
    }
}

both_engines! {
    fn the_page_records_shows_and_adds_up(shop: TestShop) {
        let page = shop.page(shop.admin());
        assert!(page.get("/inflation").await.expect_status(200).text().contains("Todavía no hay ningún mes"));
        let sent = |key: &str, month: &str, rate: &str| form(&[("idempotency_key", key), ("month", month), ("rate", rate), ("source", "INDEC, IPC nacional")]);
        page.form("/inflation", &sent("a", "2026-09", "2,8")).await.expect_status(303);
        page.form("/inflation", &sent("b", "2026-10", "45")).await.expect_status(303);
        let shown = page.get("/inflation").await.expect_status(200).text();
        assert!(shown.contains("0,0908 %") && shown.contains("09/2026") && shown.contains("¿es la anual?"), "{shown}");
        assert!(shown.contains("49,06 %") && shown.contains("149,06"), "1.028 x 1.45: {shown}");
        let refused = page.form("/inflation", &sent("c", "2026-10", "90")).await.expect_status(422).text();
        assert!(refused.contains("Va de 0 a 50 % por mes"), "{refused}");
        let turned = page.get("/inflation?from=2026-10&to=2026-09").await.expect_status(200).text();
        assert!(turned.contains("120 meses"), "{turned}");
    }
}

/// A delivery from a supplier, with what each costs.
async fn deliver(shop: &TestShop, supplier: &str, goods: &[(&str, &str, &str)]) -> String {
    let line = |(sku, quantity, cost): &(&str, &str, &str)| json!({"product": format!("sku:{sku}"), "quantity": quantity, "unit_cost": cost});
    let lines: Vec<Value> = goods.iter().map(line).collect();
    let body = json!({"supplier": supplier, "location": "deposito", "lines": lines});
    let made = shop.api(shop.admin()).post("/api/v1/goods-receipts", body).await.expect_status(201).json();
    made["id"].as_str().unwrap().to_owned()
}

both_engines! {
    /// Laspeyres by hand: October (110 x 10 + 60 x 20) over September (100 x 10 + 50 x 20) is 2,300 / 2,000.
    fn own_inflation_weighs_what_was_bought_in_both_months(shop: TestShop) {
        shop_with(&shop, &[]).await;
        let category = json!({"code": "ZZZ", "name": "De prueba"});
        shop.api(shop.admin()).post("/api/v1/categories", category).await.expect_status(201);
        for (sku, category) in [("LECHE", "ZZZ"), ("VINO", "GEN"), ("SAL", "GEN")] {
            let product = json!({"sku": sku, "name": sku, "category": category, "unit": "un"});
            shop.api(shop.admin()).post("/api/v1/products", product).await.expect_status(201);
        }
        for code in ["LS", "MAX"] {
            shop.api(shop.admin()).post("/api/v1/suppliers", json!({"code": code, "name": code})).await.expect_status(201);
        }
        let at = |text: &str| gondola_shop::kernel::time::parse_instant(text).unwrap();
        deliver(&shop, "LS", &[("LECHE", "10", "100")]).await;
        deliver(&shop, "MAX", &[("VINO", "5", "40"), ("VINO", "15", "50"), ("SAL", "9", "7")]).await;
        let undone = deliver(&shop, "MAX", &[("VINO", "100", "999")]).await;
        shop.api(shop.admin()).post(&format!("/api/v1/goods-receipts/{undone}/reverse"), json!({"reason": "Era de otro"})).await.expect_status(200);
        // The first minutes of December in UTC are still November in the shop.
        shop.clock().set(at("2026-12-01T02:59:00Z"));
        deliver(&shop, "LS", &[("VINO", "1", "5000")]).await;
        shop.clock().set(at("2026-12-05T12:00:00Z"));
        deliver(&shop, "LS", &[("LECHE", "1", "110")]).await;
        deliver(&shop, "MAX", &[("VINO", "1", "60")]).await;
        let api = shop.api(shop.admin());
        let seen = api.get("/api/v1/inflation/own?from=2026-11&to=2026-12").await.expect_status(200).json();
        let rows: Vec<(&str, &str, &str, u64)> = seen["items"].as_array().unwrap().iter().map(|row| {
            let text = |field: &str| row[field].as_str().unwrap_or("-");
            (text("month"), text("category"), text("rate"), row["goods"].as_u64().unwrap())
        }).collect();
        assert_eq!(rows, [("2026-12", "-", "15.00", 2), ("2026-12", "GEN", "20.00", 1), ("2026-12", "ZZZ", "10.00", 1), ("2026-11", "-", "-", 0)]);
        assert_eq!(seen["items"][0]["spent_before"], "2000.00");
        let local = shop.api(of_place(&shop, shop.user(Role::Negocio), "local").await);
        let blind = local.get("/api/v1/inflation/own").await.expect_status(200).json();
        assert_eq!(blind["items"][0]["rate"], Value::Null, "nothing came to that place");
        api.get("/api/v1/inflation/own?from=2020-01&to=2026-12").await.expect_problem(422, "invalid");
        let page = shop.page(shop.admin()).get("/inflation").await.expect_status(200).text();
        assert!(page.contains("15,00 %") && page.contains("Por rubro, 12/2026") && page.contains("20,00 %"), "{page}");
    }
}

async fn file(shop: &TestShop, text: &str) -> Answer {
    let sent = Some(("text/csv", text.as_bytes().to_vec()));
    shop.api(shop.admin()).send(Method::POST, &format!("{RATES}/file"), sent).await
}

both_engines! {
    /// A monthly index is typed or imported; what the shop exports is read back, and a file counts whole or not at all.
    fn months_come_in_a_file_and_what_goes_out_comes_back(shop: TestShop) {
        record(&shop, "2026-09", "3").await.expect_status(201);
        let told = file(&shop, "Mes;Inflación;Fuente\n2026-10;2,8;INDEC\n09/2026;2,1;INDEC\n").await.expect_status(201).json();
        assert_eq!((&told["recorded"], &told["unchanged"]), (&json!(2), &json!(0)));
        let again = file(&shop, "Mes;Inflación;Fuente\n2026-10;2,8;INDEC\nago-26;2;INDEC\n").await.expect_status(201).json();
        assert_eq!((&again["recorded"], &again["unchanged"], &again["rates"][0]["month"]), (&json!(1), &json!(1), &json!("2026-08")));
        let exported = shop.api(shop.admin()).get(&format!("{RATES}?format=csv")).await.expect_status(200).text();
        let back = file(&shop, &exported).await.expect_status(201).json();
        assert_eq!((&back["recorded"], &back["unchanged"]), (&json!(0), &json!(3)), "{exported}");
        let before = shop.api(shop.admin()).get(RATES).await.expect_status(200).json();
        let wrong = file(&shop, "Mes;Inflación\n2026-07;2,8\n2026-06;99\n").await.expect_problem(422, "invalid").json();
        assert_eq!((&wrong["errors"][0]["field"], &wrong["errors"][0]["code"]), (&json!("file"), &json!("out_of_range")));
        for (bytes, code) in [(&b""[..], "empty"), (b"solo texto", "columns_missing"), (b"PK\x03\x04roto", "")] {
            let sent = Some(("application/octet-stream", bytes.to_vec()));
            let refused = shop.api(shop.admin()).send(Method::POST, &format!("{RATES}/file"), sent).await;
            let refused = refused.expect_problem(422, "invalid").json();
            assert!(refused["errors"][0]["code"].as_str().unwrap().contains(code), "{refused}");
        }
        assert_eq!(shop.api(shop.admin()).get(RATES).await.expect_status(200).json(), before, "nothing of it");
        let part = "--XyZ\r\nContent-Disposition: form-data; name=\"idempotency_key\"\r\n\r\nrates-1\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ipc.csv\"\r\n\r\n";
        for (rows, status, shown) in [("mes;tasa\n2026-05;1,5\n", 303, ""), ("mes;tasa\nmayo;1,5\n", 422, "Renglón 2: El mes va como")] {
            let body = format!("{part}{rows}\r\n--XyZ--\r\n").into_bytes();
            let answer = shop.page(shop.admin()).send(Method::POST, "/inflation/file", Some(("multipart/form-data; boundary=XyZ", body))).await;
            assert!(answer.expect_status(status).text().contains(shown), "{rows}");
        }
        assert_eq!(inflation(&shop, "?from=2026-05&to=2026-05").await["accumulated"], json!("1.50"));
    }
}
