//! Which product a line is, what one of it costs, and what a correction teaches.

use gondola_testkit::both_engines;
use serde_json::json;

use crate::common::purchases::fields;
use crate::supplier_lists::given::{brought, change, costs, founded, lines, seen, told};

both_engines! {
    fn a_barcode_a_code_and_a_wording_are_certain_and_likeness_asks(shop: TestShop) {
        founded(&shop).await;
        let file = "Cod;EAN;Descripción;Precio\n1;7790742034007;CUALQUIER COSA;100\n2;;VINO  Santa Julia chenin 750 ML;100\n3;;V. ROSADO SANTA JULIA DULCE 750 CC;100\n4;;GASEOSA MANAOS COLA 2.25 L;100\n5;;CHENIN S. JULIA 375 ML;100\n";
        let list = brought(&shop, "MAX", file).await;
        assert_eq!(told(&lines(&shop, &list, "").await, &["sku", "certainty", "matched_by", "chosen"]), [
            "MALBEC certain barcode true", "CHENIN certain alias true", "ROSADO person likeness false", "- none - false", "- none - false",
        ]);
        let counts = &list["counts"];
        assert_eq!([&counts["lines"], &counts["known"], &counts["to_a_person"], &counts["unmatched"]], [&json!(5), &json!(2), &json!(1), &json!(2)]);
    }
}

both_engines! {
    /// S16: one correction is automatic next time, for that supplier.
    fn one_correction_is_learned_for_the_suppliers_next_list(shop: TestShop) {
        founded(&shop).await;
        let list = brought(&shop, "MAX", "Cod;Descripción;Precio\nX9;ROS. DULCE S.J. 0,75;100\nX8;MALBEC ELEM;90\n").await;
        let all = lines(&shop, &list, "").await;
        assert_eq!(told(&all, &["certainty"]), ["none", "none"]);
        let said = json!({"lines": [{"line": all[0]["line"], "product": "sku:ROSADO"}, {"line": all[1]["line"], "product": "sku:MALBEC", "chosen": false}]});
        change(&shop, &list, said).await.expect_status(200);
        assert_eq!(told(&lines(&shop, &list, "").await, &["sku", "certainty", "matched_by", "unit_cost", "chosen"]),
            ["ROSADO certain person 121.0000 true", "MALBEC certain person 108.9000 false"]);
        let next = brought(&shop, "MAX", "Cod;Descripción;Precio\nX9;OTRO NOMBRE;101\n;malbec elem.;91\n").await;
        assert_eq!(told(&lines(&shop, &next, "").await, &["sku", "certainty", "matched_by"]), ["ROSADO certain code", "MALBEC certain alias"]);
        let of_another = brought(&shop, "LS", "Cod;Descripción;Precio\nX9;OTRO NOMBRE;101\n;malbec elem.;91\n").await;
        assert_eq!(told(&lines(&shop, &of_another, "").await, &["sku"]), ["-", "-"], "what one supplier means is no other's");
        // None of the shop's is an answer, too.
        let none = json!({"lines": [{"line": all[0]["line"], "product": null}]});
        change(&shop, &list, none).await.expect_status(200);
        assert_eq!(told(&lines(&shop, &list, "?certainty=none").await, &["sku", "unit_cost", "chosen"]), ["- - false"]);
    }
}

both_engines! {
    /// The worked examples: a case of 24 at $18,000 is 907.5 for a monotributista and 750 for who is registered.
    fn a_cost_follows_the_suppliers_papers_and_the_shops_tax_status(shop: TestShop) {
        founded(&shop).await;
        let file = "EAN;Descripción;UxB;Precio bulto;Dto;IVA\n7790742034007;MALBEC;24;18.000;;21\n;Vino Santa Julia Chenin 750 ml;12;24.000;10;21\n;Vino Santa Julia Rosado 750 ml;;6.000;;10,5\n";
        let list = brought(&shop, "MAX", file).await;
        let all = lines(&shop, &list, "").await;
        assert_eq!(told(&all, &["unit_cost", "problem", "chosen"]), ["907.5000  true", "2178.0000  true", "- pack_needed false"]);
        let rosado = all[2]["line"].clone();
        let refused = change(&shop, &list, json!({"lines": [{"line": rosado, "chosen": true}]})).await;
        assert_eq!(fields(refused, 422, "invalid"), ["lines[0].chosen"]);
        change(&shop, &list, json!({"lines": [{"line": rosado, "units_per_case": 6}]})).await.expect_status(200);
        assert_eq!(told(&lines(&shop, &list, "").await, &["unit_cost", "problem", "chosen"])[2], "1105.0000  true");
        let status = json!({"valid_from": "2026-01-01", "status": "registered_vat"});
        shop.api(shop.admin()).post("/api/v1/tax-statuses", status).await.expect_status(201);
        let next = brought(&shop, "MAX", &file.replace("18.000", "18.000,0")).await;
        assert_eq!(told(&lines(&shop, &next, "").await, &["unit_cost"])[0], "750.0000");
    }
}

both_engines! {
    /// What the supplier always takes off comes off each price, and the perception that their invoices bring is cost where VAT is:
    /// 750 less 10 % is 675, and 24 % on top of it 837.
    fn a_cost_knows_the_suppliers_discount_and_perception(shop: TestShop) {
        founded(&shop).await;
        let version = shop.api(shop.admin()).get("/api/v1/suppliers/MAX").await.expect_status(200).json()["version"].as_i64().unwrap();
        let terms = json!({"discount": "10", "vat_perception": "3", "gross_income_perception": "2.5"});
        shop.api(shop.admin()).if_match(version).patch("/api/v1/suppliers/MAX", terms).await.expect_status(200);
        let file = "EAN;Descripción;UxB;Precio bulto;Dto;IVA\n7790742034007;MALBEC;24;18.000;;21\n;Vino Santa Julia Chenin 750 ml;24;18.000;10;21\n";
        let list = brought(&shop, "MAX", file).await;
        assert_eq!(told(&lines(&shop, &list, "").await, &["unit_cost"]), ["837.0000", "753.3000"], "one discount upon the other");
        let status = json!({"valid_from": "2026-01-01", "status": "registered_vat"});
        shop.api(shop.admin()).post("/api/v1/tax-statuses", status).await.expect_status(201);
        let next = brought(&shop, "MAX", &file.replace("18.000", "18.000,0")).await;
        assert_eq!(told(&lines(&shop, &next, "").await, &["unit_cost"]), ["675.0000", "607.5000"]);
    }
}

both_engines! {
    fn two_costs_for_one_product_are_for_a_person_and_another_main_supplier_is_not_overruled(shop: TestShop) {
        founded(&shop).await;
        let file = "EAN;Descripción;Precio\n7790742034007;MALBEC;100\n7790742034007;MALBEC OFERTA;90\n;Vino Santa Julia Chenin 750 ml;50\n;vino SANTA JULIA chenin 750 ml;50\n;Andes lata 473 ml;70\n";
        let list = brought(&shop, "MAX", file).await;
        assert_eq!(told(&lines(&shop, &list, "").await, &["sku", "problem", "chosen"]),
            ["MALBEC two_costs false", "MALBEC two_costs false", "CHENIN  true", "CHENIN  false", "ANDES  false"], "Quilmes mainly brings Andes");
    }
}

both_engines! {
    fn what_a_person_says_wrongly_changes_nothing(shop: TestShop) {
        founded(&shop).await;
        let list = brought(&shop, "MAX", "EAN;Descripción;Precio\n7790742034007;MALBEC;100\n77;X;\n").await;
        let all = lines(&shop, &list, "").await;
        let (malbec, x) = (all[0]["line"].clone(), all[1]["line"].clone());
        let before = (seen(&shop, &list).await, all, costs(&shop).await);
        for (body, field) in [
            (json!({"lines": [{"line": malbec, "chosen": false}, {"line": 999, "chosen": false}]}), "lines[1].line"),
            (json!({"lines": [{"line": malbec, "product": "sku:NADA"}]}), "lines[0].product"),
            (json!({"lines": [{"line": malbec, "product": "0196a1a4-0000-7000-8000-000000000000"}]}), "lines[0].product"),
            (json!({"lines": [{"line": x, "product": "sku:CHENIN", "chosen": true}]}), "lines[0].chosen"),
            (json!({"lines": [{"line": malbec, "units_per_case": 0}]}), "lines[0].units_per_case"),
            (json!({"lines": [{"chosen": true}]}), "lines[0].line"),
            (json!({"name": " "}), "name"),
            (json!({"valid_to": "1999-01-01"}), "valid_to"),
            (json!({"valid_from": "2026-02-30"}), "valid_from"),
            (json!({"columns": ["barcode", "text"]}), "columns"),
            (json!({"columns": ["barcode", "text", "text"]}), "columns"),
            (json!({"columns": ["barcode", "text", "nada"]}), "columns[2]"),
            (json!({"columns": [null, null, "price"]}), "columns"),
        ] {
            assert_eq!(fields(change(&shop, &list, body.clone()).await, 422, "invalid"), [field], "{body}");
        }
        assert_eq!((seen(&shop, &list).await, lines(&shop, &list, "").await, costs(&shop).await), before);
    }
}
