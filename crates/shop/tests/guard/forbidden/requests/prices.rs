//! Requests about prices: one of them, suppliers' lists, repricings, rates of inflation, labels.

use axum::http::Method;
use gondola_store::Permission;
use serde_json::json;

use super::goods::{REASON, file_form};
use super::{Deeds, id_of};

impl Deeds<'_> {
    pub(super) async fn prices(&mut self) {
        let priced = json!({"sku": "PRECIO", "name": "Con precio", "category": "GEN", "unit": "un",
            "replacement_cost": "700.00", "sale_price": "1000.00"});
        self.api.post("/api/v1/products", priced).await.expect_status(201);
        let price = json!({"product": "sku:PRECIO", "price": "1100.00", "reason": REASON.1});
        self.json("POST /api/v1/prices", &[], &price);
        self.form("POST /prices/{sku}", &["PRECIO"], &[("price", "1150"), REASON]);
        let status = [("status", "monotributo"), ("valid_from", "2026-01-01")];
        self.json("POST /api/v1/tax-statuses", &[], &json!({"status": "monotributo", "valid_from": "2026-02-01"}));
        self.form("POST /prices/tax-status", &[], &status);
        let set =
            self.api.put("/api/v1/markups", json!({"category": "GEN", "markup": "30"})).await.expect_status(200).json();
        let other = json!({"product": "sku:PRECIO", "markup": "30"});
        let of_product = self.api.put("/api/v1/markups", other).await.expect_status(200).json();
        let rule = json!({"list": "MAYORISTA", "adjustment": "-10"});
        let [one, other] =
            [self.make("sale-lists/rules", rule.clone()).await, self.make("sale-lists/rules", rule.clone()).await];
        self.json("POST /api/v1/sale-lists/rules", &[], &rule);
        self.form("POST /sale-lists", &[], &[("list", "ESPECIAL"), ("adjustment", "-5")]);
        self.bare("DELETE /api/v1/sale-lists/rules/{id}", &[&one]);
        self.form("POST /sale-lists/{id}/remove", &[&other], &[]);
        self.json("PUT /api/v1/markups", &[], &json!({"category": "GEN", "markup": "35"}));
        self.form("POST /markups", &[], &[("category", "GEN"), ("markup", "36")]);
        self.bare("DELETE /api/v1/markups/{id}", &[&id_of(&set)]);
        self.form("POST /markups/{id}/clear", &[&id_of(&of_product)], &[]);
        let rate = json!({"month": "2026-10", "rate": "2.8", "source": "INDEC"});
        self.json("POST /api/v1/inflation/rates", &[], &rate);
        self.form("POST /inflation", &[], &[("month", "2026-09"), ("rate", "3"), ("source", "INDEC")]);
        let rates = Some(("text/csv", b"mes;inflacion\n2026-08;2,8\n".to_vec()));
        self.add("POST /api/v1/inflation/rates/file", &[], rates);
        self.add("POST /inflation/file", &[], file_form("", "mes;inflacion\n2026-07;2,8\n"));
        self.repricings().await;
        let first = self.make("labels/prints", json!({"products": ["sku:PRECIO"]})).await;
        self.bare("POST /api/v1/labels/prints/{id}/placed", &[&first]);
        self.json("POST /api/v1/labels/prints", &[], &json!({"products": ["sku:PRECIO"]}));
        self.form("POST /labels/prints", &[], &[]);
        let other = json!({"sku": "PRECIO-2", "name": "Con precio también", "category": "GEN", "unit": "un", "sale_price": "500.00"});
        self.api.post("/api/v1/products", other).await.expect_status(201);
        let second = self.make("labels/prints", json!({"products": ["sku:PRECIO-2"]})).await;
        self.form("POST /labels/prints/{id}/placed", &[&second], &[]);
    }

    /// A price list of which one line is ticked; answers its id. With `applied` it counts.
    async fn price_list(&self, price: u32, steps: &[&str]) -> String {
        let list = Some(("text/csv", format!("Cod;Descripción;Precio\n1;Con precio;{price}\n").into_bytes()));
        let sent =
            self.api.send(Method::POST, "/api/v1/suppliers/D01/price-lists", list).await.expect_status(201).json();
        let id = id_of(&sent);
        for step in steps {
            let path = format!("/api/v1/supplier-price-lists/{id}/{step}");
            self.api.clone().if_match(1).send(Method::POST, &path, None).await.expect_status(200);
        }
        id
    }

    pub(super) async fn price_lists(&mut self) {
        let mut made = Vec::new();
        for price in 1..=8 {
            made.push(self.price_list(price, &[]).await);
        }
        let csv = Some(("text/csv", b"Cod;Descripci\xc3\xb3n;Precio\n1;Con precio;99\n".to_vec()));
        self.add("POST /api/v1/suppliers/{code}/price-lists", &["D01"], csv);
        let form = "--XyZ\r\nContent-Disposition: form-data; name=\"idempotency_key\"\r\n\r\nforeign-list\r\n--XyZ\r\nContent-Disposition: form-data; name=\"supplier\"\r\n\r\nD01\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lista.csv\"\r\nContent-Type: text/csv\r\n\r\nCod;Detalle;Precio\n1;Con precio;98\n\r\n--XyZ--\r\n";
        self.add("POST /price-lists", &[], Some(("multipart/form-data; boundary=XyZ", form.as_bytes().to_vec())));
        self.json("PATCH /api/v1/supplier-price-lists/{id}", &[&made[0]], &json!({"name": "Otro nombre"}));
        let head = [("version", "1"), ("name", "Otro"), ("valid_from", "2026-11-01"), ("valid_to", "")];
        self.form("POST /price-lists/{id}", &[&made[1]], &head);
        let columns =
            [("version", "1"), ("columns", "3"), ("column.0", ""), ("column.1", "text"), ("column.2", "price")];
        self.form("POST /price-lists/{id}/columns", &[&made[2]], &columns);
        let lines = [
            ("version", "1"),
            ("line", "2"),
            ("product.2", "PRECIO"),
            ("product_was.2", "PRECIO"),
            ("tick_was.2", "yes"),
        ];
        self.form("POST /price-lists/{id}/lines", &[&made[3]], &lines);
        self.bare("POST /api/v1/supplier-price-lists/{id}/apply", &[&made[4]]);
        self.needing(&[Permission::EditPrices]);
        self.form("POST /price-lists/{id}/apply", &[&made[5]], &[("version", "1")]);
        self.needing(&[Permission::EditPrices]);
        let (one, other) = (self.price_list(9, &["apply"]).await, self.price_list(10, &["apply"]).await);
        self.json("POST /api/v1/supplier-price-lists/{id}/reverse", &[&one], &json!({"reason": REASON.1}));
        self.needing(&[Permission::EditPrices]);
        self.form("POST /price-lists/{id}/reverse", &[&other], &[REASON]);
        self.needing(&[Permission::EditPrices]);
        self.bare("POST /api/v1/supplier-price-lists/{id}/discard", &[&made[6]]);
        self.form("POST /price-lists/{id}/discard", &[&made[7]], &[]);
    }

    /// Each of its own products, so that none of them is out of date when it is applied.
    async fn repricings(&mut self) {
        let mut made = Vec::new();
        for number in 0..8 {
            let sku = format!("CAMBIO-{number}");
            let priced = json!({"sku": sku, "name": format!("Cambia {number}"), "category": "GEN", "unit": "un",
                "replacement_cost": "700.00", "sale_price": "1000.00"});
            self.api.post("/api/v1/products", priced).await.expect_status(201);
            let rule = json!({"rule": "prices", "reason": REASON.1, "prices": [{"product": format!("sku:{sku}"), "price": "1200.00"}]});
            made.push(self.make("repricings", rule).await);
        }
        for ready in &made[6..] {
            self.api.post(&format!("/api/v1/repricings/{ready}/apply"), json!({})).await.expect_status(200);
        }
        let rule = json!({"rule": "percentage", "percent": "5", "reason": REASON.1});
        self.json("POST /api/v1/repricings", &[], &rule);
        self.needing(&[Permission::ReadCost]);
        self.form("POST /repricings", &[], &[("rule", "percentage"), ("percent", "5"), REASON]);
        let prices = "sku;precio\nCAMBIO-0;1300\n";
        self.add("POST /api/v1/repricings/file", &[], Some(("text/csv", prices.as_bytes().to_vec())));
        self.needing(&[Permission::ReadCost]);
        self.add("POST /repricings/file", &[], file_form("", prices));
        self.needing(&[Permission::ReadCost]);
        let out = json!({"rows": [{"product": "sku:CAMBIO-0", "excluded": true}]});
        self.json("POST /api/v1/repricings/{id}/rows", &[&made[0]], &out);
        self.needing(&[Permission::ReadCost]);
        self.form("POST /repricings/{id}/rows", &[&made[1]], &[("product", "sku:CAMBIO-1"), ("excluded", "yes")]);
        self.json("POST /api/v1/repricings/{id}/apply", &[&made[2]], &json!({}));
        self.form("POST /repricings/{id}/apply", &[&made[3]], &[("at", "")]);
        self.bare("POST /api/v1/repricings/{id}/cancel", &[&made[4]]);
        self.form("POST /repricings/{id}/cancel", &[&made[5]], &[]);
        self.bare("POST /api/v1/repricings/{id}/rollback", &[&made[6]]);
        self.form("POST /repricings/{id}/rollback", &[&made[7]], &[]);
    }
}
