//! The suppliers that come with the shop, as their profiles read their papers: what is shipped is read back, and the worked
//! examples of `suppliers-and-purchasing.md` come out of it, on both engines.

use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

use crate::common::purchases::text;
use crate::common::{on_hand, shop_with};

/// A shop with the twelve and one product.
async fn with_shipped(shop: &TestShop) {
    shop_with(shop, &[json!({"sku": "P", "name": "Lo que llega", "category": "GEN", "unit": "un"})]).await;
    let added = shop.api(shop.admin()).post("/api/v1/suppliers/shipped", Value::Null).await;
    assert!((200..300).contains(&added.status), "{}", added.text());
}

/// One line on an invoice A of a supplier: what it says, and what the foot adds up to.
struct Example {
    number: &'static str,
    supplier: &'static str,
    line: Value,
    net: &'static str,
    vat: &'static str,
    total: &'static str,
    units: &'static str,
    unit_cost: &'static str,
}

fn examples() -> Vec<Example> {
    let line = |text: &str, quantity: &str, price: &str| json!({"text": text, "quantity": quantity, "price": price});
    let with = |mut line: Value, field: &str, value: Value| {
        line[field] = value;
        line
    };
    vec![
        Example {
            number: "2",
            supplier: "GA",
            line: with(line("BIZCOCHO", "2", "18000"), "units_per_case", json!(24)),
            net: "36000.00",
            vat: "7560.00",
            total: "43560.00",
            units: "48",
            unit_cost: "907.5000",
        },
        Example {
            number: "3",
            supplier: "FA",
            line: with(line("FIDEO 20X500", "1", "30000"), "discount", json!("10")),
            net: "27000.00",
            vat: "5670.00",
            total: "32670.00",
            units: "20",
            unit_cost: "1633.5000",
        },
        Example {
            number: "4",
            supplier: "TER",
            line: line("OREO 3X12X118", "-2", "64800"),
            net: "129600.00",
            vat: "27216.00",
            total: "156816.00",
            units: "72",
            unit_cost: "2178.0000",
        },
        Example {
            number: "5",
            supplier: "TER",
            line: line("TANG 20X18", "-1", "20000"),
            net: "20000.00",
            vat: "4200.00",
            total: "24200.00",
            units: "20",
            unit_cost: "1210.0000",
        },
        Example {
            number: "6",
            supplier: "ACE",
            line: line("NUEZ MARIPOSA", "10", "4321.9876"),
            net: "43219.88",
            vat: "9076.17",
            total: "52296.05",
            units: "10",
            unit_cost: "5229.6050",
        },
    ]
}

impl Example {
    fn invoice(&self) -> Value {
        let mut line = self.line.clone();
        for (field, value) in [("vat", "21"), ("subtotal", self.net), ("product", "sku:P")] {
            line[field] = json!(value);
        }
        json!({"supplier": self.supplier, "kind": "invoice", "letter": "A", "number": format!("00001-0000000{}", self.number),
            "issued_on": "2026-11-20", "total": self.total, "lines": [line],
            "amounts": [{"kind": "net", "rate": "21", "amount": self.net}, {"kind": "vat", "rate": "21", "amount": self.vat}]})
    }
}

both_engines! {
    /// M3: what each of the twelve writes where, as the domain's table of document profiles has it.
    fn the_shipped_profiles_are_those_of_the_domain(shop: TestShop) {
        with_shipped(&shop).await;
        let api = shop.api(shop.admin());
        for (code, said) in [
            ("BC", json!({"kind": "price_list", "price_per": "unit", "price_places": 4})),
            ("FA", json!({"kind": "invoice", "price_per": "case", "price_includes_vat": false, "pack_rule": "first_number", "negative_quantities": false})),
            ("ACE", json!({"kind": "invoice", "price_per": "unit", "price_includes_vat": false, "price_places": 4})),
            ("TER", json!({"kind": "invoice", "price_per": "case", "pack_rule": "all_but_last", "negative_quantities": true})),
            ("GA", json!({"kind": "invoice", "price_per": "case", "price_includes_vat": false, "pack_rule": "column", "pack_column": "UxB"})),
            ("FR", json!({"kind": "informal", "price_per": "unit"})),
        ] {
            let paper = api.get(&format!("/api/v1/suppliers/{code}")).await.expect_status(200).json()["paper"].clone();
            for (field, value) in said.as_object().unwrap() {
                assert_eq!(&paper[field], value, "{code} {field}: {paper}");
            }
        }
        let unknown: Vec<Value> = [
            api.get("/api/v1/suppliers/CO").await.json()["paper"].clone(),
            api.get("/api/v1/suppliers/Q").await.json()["paper"].clone(),
            api.get("/api/v1/suppliers/LS").await.json()["paper"].clone(),
            api.get("/api/v1/suppliers/LV").await.json()["paper"].clone(),
            api.get("/api/v1/suppliers/MU").await.json()["paper"].clone(),
        ].into();
        assert!(unknown.windows(2).all(|pair| pair[0] == pair[1]), "of these the first documents tell: {unknown:?}");
    }
}

both_engines! {
    /// M9: examples 2 to 6, exact to four decimals, with nothing said but what stands on the paper; the goods of each are on the
    /// shelf once it is applied, and the paper a second time is refused.
    fn the_worked_examples_follow_from_the_shipped_profiles(shop: TestShop) {
        with_shipped(&shop).await;
        let api = shop.api(shop.admin());
        let mut there = 0;
        for example in examples() {
            let name = format!("example {} of {}", example.number, example.supplier);
            let invoice = api.post("/api/v1/invoices", example.invoice()).await.expect_status(201).json();
            let path = format!("/api/v1/invoices/{}", text(&invoice, "id"));
            let confirmed = api.post(&format!("{path}/confirm"), json!({"accept_warnings": true})).await.expect_status(200).json();
            let line = &confirmed["lines"][0];
            assert_eq!((&line["received"], &line["unit_cost"]), (&json!(example.units), &json!(example.unit_cost)), "{name}");
            api.post(&format!("{path}/apply"), json!({"location": "deposito"})).await.expect_status(200);
            there += example.units.parse::<i64>().unwrap();
            assert_eq!(on_hand(&shop, "P").await, there.to_string(), "{name}");
            let again = api.post("/api/v1/invoices", example.invoice()).await.expect_status(201).json();
            let again = api.post(&format!("/api/v1/invoices/{}/confirm", text(&again, "id")), json!({"accept_warnings": true})).await;
            let refused = again.expect_problem(422, "invalid").json();
            assert_eq!(refused["errors"][0]["code"], "duplicate_invoice", "{refused}");
            assert_eq!(on_hand(&shop, "P").await, there.to_string(), "{name}");
        }
        crate::common::adds_up(&shop).await;
    }
}
