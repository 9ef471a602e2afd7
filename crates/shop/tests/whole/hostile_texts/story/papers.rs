//! The part of the story that is about suppliers' invoices and what is claimed because of them.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Round, cell, form_data, id_of};

impl Round<'_> {
    /// One that waits to be checked, one that was corrected, one that was rejected, one that was taken back, and claims that
    /// ended.
    pub(super) async fn invoices(&mut self) {
        let body = self.invoice(1);
        self.make("invoices", "POST /api/v1/invoices", "", body).await;
        let plain = json!({"supplier": self.code('S'), "kind": "informal", "issued_on": "2026-11-20", "total": "6",
            "lines": [{"text": "Algo", "quantity": "6", "price": "1", "subtotal": "6", "product": self.product()}]});
        let changed = self.make("invoices", "POST /api/v1/invoices", "", plain.clone()).await;
        let body = self.invoice(2);
        self.call("PATCH /api/v1/invoices/{id}", &changed, body).await;
        let rejected = self.make("invoices", "POST /api/v1/invoices", "", plain.clone()).await;
        let reason = json!({"reason": self.words()});
        self.call("POST /api/v1/invoices/{id}/reject", &rejected, reason).await;
        for is_taken_back in [true, false] {
            let made = self.make("invoices", "POST /api/v1/invoices", "", plain.clone()).await;
            self.call("POST /api/v1/invoices/{id}/confirm", &made, json!({})).await;
            let came = json!({"location": "deposito", "lines": [{"line": 1, "received": "3", "damaged": "1"}]});
            self.call("POST /api/v1/invoices/{id}/apply", &made, came).await;
            if is_taken_back {
                let reason = json!({"reason": self.words()});
                self.call("POST /api/v1/invoices/{id}/reverse", &made, reason).await;
            }
        }
        let open =
            self.shop.api(self.shop.admin()).get("/api/v1/supplier-claims?state=open").await.expect_status(200).json();
        for (claim, end) in open["items"].as_array().expect("claims").iter().zip(["settle", "drop"]) {
            let reason = json!({"reason": self.words()});
            let claim = id_of(claim);
            self.told.note("supplier-claims", claim.as_str());
            self.call(&format!("POST /api/v1/supplier-claims/{{id}}/{end}"), &claim, reason).await;
        }
    }

    /// Two price lists of a supplier: one that waits and was corrected, and one that was applied and taken back.
    pub(super) async fn price_lists(&mut self) {
        let (name, title, about) = (self.words(), self.words(), self.words());
        let waiting = self.price_list(&[("price", "10"), ("name", "Lista"), ("title", &title), ("text", &about)]).await;
        self.told.keep_as_it_is("price list title", &title);
        let body = json!({"name": self.words(), "lines": [{"line": 2, "product": self.product()}]});
        self.call("PATCH /api/v1/supplier-price-lists/{id}", &waiting, body).await;
        // What was said of the first one is known of the second.
        let applied = self.price_list(&[("price", "11"), ("name", &name), ("title", "Otro"), ("text", &about)]).await;
        self.told.keep("price list name", &name);
        self.told.keep("price list text", &about);
        let client = self.shop.api(self.told.owner.clone()).if_match(1);
        let path = format!("/api/v1/supplier-price-lists/{applied}/apply");
        client.send(Method::POST, &path, None).await.expect_status(200);
        let reason = json!({"reason": self.words()});
        self.call("POST /api/v1/supplier-price-lists/{id}/reverse", &applied, reason).await;
        for id in [waiting, applied] {
            self.told.note("supplier-price-lists", id.as_str());
            self.told.note("price-lists", id);
        }
        self.told.note("supplier-costs", self.code('A'));
    }

    /// A price list of a supplier of whom nothing is known yet, with a text in its file's name and its code; answers its id.
    async fn price_list(&mut self, says: &[(&str, &str); 4]) -> String {
        let [price, name, title, about] = says.map(|(_, text)| text);
        let (file, code) = (self.file_name(), self.words());
        let list = format!("Cod,Descripcion,Precio,{}\n{},{},{price},\n", cell(title), cell(&code), cell(about));
        let sent = Some(("multipart/form-data; boundary=XyZ", form_data(&[("name", name)], &file, &list)));
        let path = format!("/api/v1/suppliers/{}/price-lists", self.code('R'));
        let client = self.shop.api(self.told.owner.clone());
        let answer = client.send(Method::POST, &path, sent).await.expect_status(201).json();
        for (place, text) in [("file", &file), ("code", &code)] {
            self.told.keep(&format!("price list {price} {place}"), text);
        }
        id_of(&answer)
    }

    /// An invoice with a text in everything.
    fn invoice(&mut self, number: usize) -> Value {
        let line = json!({"code": self.words(), "barcode": self.words(), "text": self.words(), "unit": self.words(), "quantity": "1",
            "price": "2", "subtotal": "2", "product": self.product(), "lot": {"code": self.words(), "expires_on": "2027-06-30"}});
        json!({"supplier": self.code('S'), "kind": "invoice", "letter": "B", "number": format!("{:05}-{number:08}", self.number + 1),
            "issued_on": "2026-11-20", "total": "2.00", "lines": [line],
            "amounts": [{"kind": "gross_income", "province": self.words(), "amount": "0.00"}]})
    }
}
