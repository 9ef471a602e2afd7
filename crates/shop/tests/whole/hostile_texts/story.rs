//! One round of a shop's life in which whatever takes a text is told a hostile one: every call of the API
//! with a text in its body, and the ways in that stand in no document: files, their names, the trail.

mod papers;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use gondola_shop::audit::watch;
use gondola_shop::kernel::time::format_instant;
use gondola_store::audit::{Entry, NoteEntries};
use gondola_store::{Actor, Audited, Origin};
use gondola_testkit::TestShop;
use serde_json::{Value, json};
use uuid::Uuid;

use super::words::{Told, leaves};
use crate::common::pages::{form, leads_to};

/// A round: its shop, its number, and the hostile text it tells.
pub struct Round<'s> {
    pub shop: &'s TestShop,
    pub number: usize,
    pub payload: &'static str,
    pub told: &'s mut Told,
    /// The texts that were drawn for it.
    drawn: Vec<String>,
}

impl<'s> Round<'s> {
    pub fn new(shop: &'s TestShop, number: usize, payload: &'static str, told: &'s mut Told) -> Self {
        Self { shop, number, payload, told, drawn: Vec::new() }
    }

    /// Tells everything.
    pub async fn tell(mut self) {
        self.categories_and_places().await;
        self.suppliers().await;
        let label = self.products().await;
        self.prices().await;
        let lot = self.movements(&label).await;
        self.transfers(&label, &lot).await;
        self.reservations(&label).await;
        self.counts(&label, &lot).await;
        self.notebook().await;
        self.assistant().await;
        self.orders(&label).await;
        self.invoices().await;
        self.price_lists().await;
        self.people().await;
        self.trail().await;
        self.kept_file().await;
    }

    fn words(&mut self) -> String {
        let text = self.told.draw(self.payload);
        self.drawn.push(text.clone());
        text
    }

    /// A longer text: a password has to be, and no code can be.
    fn sentence(&mut self) -> String {
        let text = format!("{} tres palabras", self.words());
        self.drawn.push(text.clone());
        text
    }

    fn code(&self, letter: char) -> String {
        format!("{letter}{}", self.number)
    }

    fn product(&self) -> String {
        format!("sku:{}", self.code('A'))
    }

    /// Makes a call about something, or about something of something, which must succeed, and remembers the texts in its body.
    async fn call(&mut self, call: &str, id: &str, body: Value) -> Value {
        let (method, template) = call.split_once(' ').expect("a method and a path");
        let mut ids = id.split(' ');
        let part = |part| match part {
            "{line}" => "1",
            part if str::starts_with(part, '{') => ids.next().expect("an id for each part"),
            part => part,
        };
        let path = template.split('/').map(part).collect::<Vec<_>>().join("/");
        let method: Method = method.parse().expect("a method");
        let client = self.shop.api(self.told.owner.clone()).if_match(1);
        let answer = client.send(method, &path, Some(("application/json", body.to_string().into_bytes()))).await;
        assert!(matches!(answer.status, 200 | 201), "{call} {body}: {} {}", answer.status, answer.text());
        for (field, text) in leaves(&body, "") {
            if self.drawn.contains(&text) {
                self.told.keep(&format!("{call} {field}"), &text);
            }
        }
        answer.json()
    }

    /// Makes a call and remembers the object it made.
    async fn make(&mut self, kind: &'static str, call: &str, id: &str, body: Value) -> String {
        let made = id_of(&self.call(call, id, body).await);
        self.told.note(kind, made.as_str());
        made
    }

    async fn categories_and_places(&mut self) {
        let (own, other) = (self.code('H'), self.code('C'));
        let name = self.words();
        self.call("POST /api/v1/categories", "", json!({"code": own, "name": name})).await;
        self.call("POST /api/v1/categories", "", json!({"code": other, "name": "Otro rubro"})).await;
        let name = self.words();
        self.call("PATCH /api/v1/categories/{code}", &other, json!({"name": name})).await;
        let (own, other) = (self.code('h'), self.code('c'));
        let name = self.words();
        self.call("POST /api/v1/locations", "", json!({"code": own, "name": name})).await;
        self.call("POST /api/v1/locations", "", json!({"code": other, "name": "Otro lugar"})).await;
        let name = self.words();
        self.call("PATCH /api/v1/locations/{code}", &other, json!({"name": name})).await;
    }

    /// A supplier with a text in everything, the same changed, and what people teach about it.
    async fn suppliers(&mut self) {
        let (own, other) = (self.code('P'), self.code('R'));
        let body = self.supplier();
        self.call("POST /api/v1/suppliers", "", with(body, "code", &own)).await;
        self.call("POST /api/v1/suppliers", "", json!({"code": other, "name": "Otro"})).await;
        let body = self.supplier();
        self.call("PATCH /api/v1/suppliers/{code}", &other, body).await;
        self.told.note("suppliers", own.clone());
        self.told.note("suppliers", other);
        let body = json!({"text": self.words(), "supplier": own});
        self.make("lessons", "POST /api/v1/suppliers/lessons", "", body).await;
        let (document, reason) = (self.words(), self.words());
        let body = json!({"kind": "payment", "amount": "5", "document": document, "reason": reason});
        let entry = id_of(&self.call("POST /api/v1/suppliers/{code}/account", &own, body).await);
        let body = json!({"reason": self.words()});
        let names = format!("{own} {entry}");
        self.call("POST /api/v1/suppliers/{code}/account/{id}/reverse", &names, body).await;
        let body = json!({"text": self.words()});
        self.call("POST /api/v1/suppliers/assign", "", body).await;
        self.suppliers_list().await;
    }

    /// A price with its reason, a repricing with its own and the owner's, and a label.
    async fn prices(&mut self) {
        let price = json!({"product": self.product(), "price": "100.00", "reason": self.words()});
        self.call("POST /api/v1/prices", "", price).await;
        self.told.note("prices", self.code('A'));
        let one = json!({"product": self.product(), "price": "150.00"});
        let body = json!({"rule": "prices", "prices": [one], "reason": self.words(), "brand": self.words()});
        let built = self.make("repricings", "POST /api/v1/repricings", "", body).await;
        let body = json!({"guarded_reason": self.words()});
        self.call("POST /api/v1/repricings/{id}/apply", &built, body).await;
        let body = json!({"month": "2026-10", "rate": "2.8", "source": self.words()});
        self.make("inflation", "POST /api/v1/inflation/rates", "", body).await;
        let body = json!({"products": [self.product()]});
        self.make("prints", "POST /api/v1/labels/prints", "", body).await;
    }

    fn supplier(&mut self) -> Value {
        json!({"name": self.words(), "legal_name": self.words(), "contact_name": self.words(), "address": self.words(),
            "notes": self.words(), "paper": {"pack_column": self.words()}, "names": [self.words()],
            "own_brands": [self.words()], "distributed_brands": [self.words()], "specialities": [self.words()],
            "excluded": [self.words()]})
    }

    /// Suppliers come in by lists too; here with the name of the file, a title and a cell that nobody expects.
    async fn suppliers_list(&mut self) {
        let (code, file) = (self.code('S'), self.file_name());
        let (name, title, wrong) = (self.words(), self.words(), self.sentence());
        let list = format!("code,name,{}\n{code},{},\n{},Nadie,\n", cell(&title), cell(&name), cell(&wrong));
        let body = form_data(&[], &file, &list);
        let client = self.shop.api(self.told.owner.clone());
        let sent = Some(("multipart/form-data; boundary=XyZ", body));
        let answer = client.send(Method::POST, "/api/v1/imports/suppliers", sent).await.expect_status(201).json();
        assert_eq!((&answer["rows_good"], &answer["rows_bad"]), (&json!(1), &json!(1)), "{answer}");
        self.told.note("imports", id_of(&answer));
        for (place, text) in [("file", &file), ("supplier", &name)] {
            self.told.keep(&format!("import {place}"), text);
        }
        // What its columns are called, and what of it is wrong, is told as it stands in the file.
        for (place, text) in [("title", &title), ("cell", &wrong)] {
            self.told.keep_as_it_is(&format!("import {place}"), text);
        }
    }

    /// A file whose columns nobody understands waits to be asked about.
    async fn kept_file(&mut self) {
        let file = self.file_name();
        let (title, sample) = (self.words(), self.words());
        let list = format!("{},otra\n{},1\n", cell(&title), cell(&sample));
        let body = form_data(&[("kind", "products")], &file, &list);
        let sent = Some(("multipart/form-data; boundary=XyZ", body));
        let page = self.shop.page(self.told.owner.clone());
        let address = leads_to(&page.send(Method::POST, "/imports", sent).await);
        let id = address.strip_prefix("/imports/files/").unwrap_or_else(|| panic!("columns are asked: {address}"));
        self.told.note("files", id);
        for (place, text) in [("waiting_file", &file), ("waiting_title", &title), ("waiting_sample", &sample)] {
            self.told.keep(&format!("import {place}"), text);
        }
    }

    /// What a browser sends as the name of a file has neither quotes nor backslashes.
    fn file_name(&mut self) -> String {
        self.words().replace(['"', '\\'], "")
    }

    /// A body for a product with a text in every field that takes one, and the name of its pack.
    fn described(&mut self) -> (Value, String) {
        let label = self.words();
        let mut body = json!({
            "presentations": [{"name": label, "factor": "6"}],
            "suppliers": [{"supplier": self.code('S'), "supplier_sku": self.words()}],
        });
        for field in ["name", "short_name", "brand", "variant", "description", "notes", "image"] {
            body[field] = self.words().into();
        }
        (body, label)
    }

    /// Three products: made so, changed so, and changed so among many. Answers the first one's pack.
    async fn products(&mut self) -> String {
        let (mut body, label) = self.described();
        for (field, text) in [("sku", self.code('A')), ("category", self.code('H')), ("unit", "un".to_owned())] {
            body[field] = text.into();
        }
        self.call("POST /api/v1/products", "", body).await;
        for letter in ['B', 'D'] {
            let plain = json!({"sku": self.code(letter), "name": "Sin nada raro", "category": "GEN", "unit": "un"});
            self.call("POST /api/v1/products", "", plain).await;
        }
        for letter in ['A', 'B', 'D'] {
            let sku = self.code(letter);
            self.told.note("products", sku);
        }
        let (changes, _) = self.described();
        let markup = json!({"brand": changes["brand"], "markup": "30"});
        self.call("PATCH /api/v1/products/{id}", &format!("sku:{}", self.code('B')), changes).await;
        self.make("markups", "PUT /api/v1/markups", "", markup).await;
        let rule = json!({"list": "MAYORISTA", "adjustment": "-10"});
        let id = self.make("sale-lists", "POST /api/v1/sale-lists/rules", "", rule).await;
        self.told.note("rules", id);
        let (changes, _) = self.described();
        let line = json!({"product": format!("sku:{}", self.code('D')), "version": 1, "changes": changes});
        let done = self.call("POST /api/v1/products/bulk", "", json!({"lines": [line]})).await;
        assert!(done["results"][0]["error"].is_null(), "{done}");
        let alias = self.words();
        let product = self.product();
        self.call("POST /api/v1/products/{id}/aliases", &product, json!({"text": alias})).await;
        let code = json!({"code": barcode(self.number), "presentation": label});
        self.call("POST /api/v1/products/{id}/barcodes", &product, code).await;
        label
    }

    fn receipt(&mut self, label: &str) -> Value {
        json!({"kind": "receipt", "product": self.product(), "quantity": "20", "unit": label, "to": "deposito",
            "unit_cost": "600", "reason": self.words(), "document": self.words(),
            "lot": {"code": self.words(), "expires_on": "2027-06-30"}})
    }

    /// Answers the code of a lot.
    async fn movements(&mut self, label: &str) -> String {
        let body = self.receipt(label);
        let lot = body["lot"]["code"].as_str().expect("a code").to_owned();
        self.make("movements", "POST /api/v1/movements", "", body).await;
        let lines = json!([self.receipt(label)]);
        let batch = json!({"mode": "atomic", "lines": lines});
        let done = self.call("POST /api/v1/movements/batch", "", batch).await;
        self.told.note("movements", id_of(&done["results"][0]));
        let issue = json!({"kind": "issue", "product": self.product(), "quantity": "1", "from": "deposito",
            "reason": "Donación"});
        let issued = self.make("movements", "POST /api/v1/movements", "", issue).await;
        let reason = json!({"reason": self.words()});
        self.make("movements", "POST /api/v1/movements/{id}/reverse", &issued, reason).await;
        lot
    }

    /// One that arrived, one that came back and one on the road.
    async fn transfers(&mut self, label: &str, lot: &str) {
        let line = json!({"product": self.product(), "quantity": "1", "unit": label, "lot": {"code": lot}});
        let body = json!({"from": "deposito", "to": "local", "lines": [line], "reason": self.words(),
            "document": self.words()});
        let sent = self.make("transfers", "POST /api/v1/transfers", "", body).await;
        let line = json!({"product": self.product(), "quantity": "1", "unit": label});
        let body = json!({"lines": [line], "reason": self.words()});
        self.call("POST /api/v1/transfers/{id}/receive", &sent, body).await;
        let line = json!({"product": self.product(), "quantity": "1"});
        let body = json!({"from": "deposito", "to": "local", "lines": [line], "reason": "Reposición"});
        let back = self.make("transfers", "POST /api/v1/transfers", "", body.clone()).await;
        let reason = json!({"reason": self.words()});
        self.call("POST /api/v1/transfers/{id}/cancel", &back, reason).await;
        self.make("transfers", "POST /api/v1/transfers", "", body).await;
    }

    /// One handed over, one given up and one that waits.
    async fn reservations(&mut self, label: &str) {
        for ending in ["post", "void", ""] {
            let until = format_instant(self.shop.db().now() + 48 * 3_600_000_000);
            let body = json!({"product": self.product(), "location": "deposito", "quantity": "1", "unit": label,
                "reason": self.words(), "document": self.words(), "expires_at": until});
            let made = self.make("reservations", "POST /api/v1/reservations", "", body).await;
            let mut body = json!({"reason": self.words()});
            if ending == "post" {
                body["kind"] = "issue".into();
            }
            if !ending.is_empty() {
                self.call(&format!("POST /api/v1/reservations/{{id}}/{ending}"), &made, body).await;
            }
        }
    }

    /// One that waits, one that was changed and one that was crossed out.
    async fn notebook(&mut self) {
        let mut made = Vec::new();
        for action in ["purchase", "restock", "incident"] {
            let body = json!({"action": action, "text": self.words(), "quantity": "2", "unit": self.words(),
                "supplier": self.code('S'), "reason": self.words(), "sentence": self.words()});
            made.push(self.make("notebook", "POST /api/v1/notebook", "", body).await);
        }
        let change = json!({"unit": self.words()});
        self.call("PATCH /api/v1/notebook/{id}", &made[1], change).await;
        let reason = json!({"reason": self.words()});
        self.call("POST /api/v1/notebook/{id}/discard", &made[2], reason).await;
    }

    /// A sentence that means nothing is kept as it was written.
    async fn assistant(&mut self) {
        let body = json!({"text": self.words()});
        self.make("messages", "POST /api/v1/assistant/messages", "", body).await;
    }

    /// One that was received and closed, one that was called off, one that is expected and one that is written; and goods that
    /// nobody ordered, taken back.
    async fn orders(&mut self, label: &str) {
        let plain =
            json!([{"text": "Algo", "quantity": "2"}, {"product": self.product(), "quantity": "1", "unit": label}]);
        let mut ended = self.order_of(plain).await;
        let change = json!({"unit": self.words()});
        self.call("PATCH /api/v1/purchase-orders/{id}/lines/{line}", &ended, change).await;
        let notes = json!({"notes": self.words()});
        self.call("POST /api/v1/purchase-orders/{id}/send", &ended, notes).await;
        let line = json!({"line": 2, "quantity": "1", "unit": label, "lot": {"code": self.words(), "expires_on": "2027-06-30"}});
        let came = json!({"location": "deposito", "document": self.words(), "reason": self.words(), "lines": [line]});
        self.make("goods-receipts", "POST /api/v1/purchase-orders/{id}/receive", &ended, came).await;
        for (step, end) in [("close", true), ("cancel", true), ("send", false)] {
            let body = if end { json!({"reason": self.words()}) } else { json!({}) };
            self.call(&format!("POST /api/v1/purchase-orders/{{id}}/{step}"), &ended, body).await;
            ended = self.order(label).await;
        }
        let line = json!({"product": self.product(), "quantity": "1", "unit": label, "lot": {"code": self.words()}});
        let goods = json!({"supplier": self.code('S'), "location": "deposito", "document": self.words(),
            "reason": self.words(), "lines": [line]});
        let back = self.make("goods-receipts", "POST /api/v1/goods-receipts", "", goods).await;
        let reason = json!({"reason": self.words()});
        self.call("POST /api/v1/goods-receipts/{id}/reverse", &back, reason).await;
    }

    /// An order that is being written, of a text and a product; answers its id.
    async fn order(&mut self, label: &str) -> String {
        let lines = json!([{"text": self.words(), "quantity": "2", "unit": self.words()},
            {"product": self.product(), "quantity": "1", "unit": label}]);
        self.order_of(lines).await
    }

    async fn order_of(&mut self, lines: Value) -> String {
        let body = json!({"supplier": self.code('S'), "lines": lines});
        let made = self.call("POST /api/v1/purchase-orders", "", body).await;
        let id = id_of(&made["orders"][0]);
        self.told.note("purchase-orders", id.as_str());
        id
    }

    /// One posted, one given up and one that is open.
    async fn counts(&mut self, label: &str, lot: &str) {
        for ending in ["post", "cancel", ""] {
            let body = json!({"location": "deposito", "category": self.code('H'), "reason": self.words()});
            let made = self.make("counts", "POST /api/v1/counts", "", body).await;
            let line = json!({"product": self.product(), "counted": "15", "unit": label, "lot": {"code": lot}});
            self.call("POST /api/v1/counts/{id}/lines", &made, json!({"lines": [line]})).await;
            let mut body = json!({"reason": self.words()});
            if ending == "post" {
                body["accept_differences"] = true.into();
            }
            if !ending.is_empty() {
                self.call(&format!("POST /api/v1/counts/{{id}}/{ending}"), &made, body).await;
            }
        }
    }

    /// People, who come in with the passwords they were given, and a key.
    async fn people(&mut self) {
        for (letter, made_so) in [('u', true), ('v', false)] {
            let (name, password) = (self.words(), self.sentence());
            let (first_name, first_password) =
                if made_so { (name.as_str(), password.as_str()) } else { ("Marta", "otra frase larga") };
            let username = format!("{letter}{:03}", self.number);
            let body = json!({"username": username, "name": first_name, "role": "cashier", "password": first_password});
            let made = self.make("users", "POST /api/v1/users", "", body).await;
            if !made_so {
                let body = json!({"name": name, "password": password});
                self.call("PATCH /api/v1/users/{id}", &made, body).await;
            }
            // A header holds plain letters alone.
            let agent: String = self.words().chars().filter(char::is_ascii).collect();
            self.told.keep("header agent", &agent);
            let browser = self.shop.browser().header("user-agent", &agent);
            browser.form("/login", &form(&[("username", &username), ("password", &password)])).await.expect_status(303);
        }
        let body = json!({"name": self.words(), "scopes": ["read"]});
        self.call("POST /api/v1/keys", "", body).await;
    }

    /// An entry of the trail that a detector notices, and what somebody says to it.
    async fn trail(&mut self) {
        let (name, resource) = (self.words(), self.words());
        let origin = Origin { face: "dashboard", client_ip: "192.0.2.7".to_owned(), ..Origin::default() };
        let id = Uuid::from_u128(5_000 + self.number as u128);
        let actor = Actor { id, name: name.clone(), origin: Arc::new(origin), ..self.shop.manager() };
        let (event, at) = ("list.exported".to_owned(), self.shop.db().now());
        let what = Entry {
            event,
            audited: Audited::READ,
            at,
            actor,
            resource: resource.clone(),
            status: 200,
            records: 60_000,
            reason: String::new(),
            approver: String::new(),
            before: None,
            after: None,
        };
        self.shop.db().execute(&Actor::system("door"), None, NoteEntries(vec![what])).await.expect("note it");
        self.told.keep_as_it_is("trail name", &name);
        self.told.keep_as_it_is("trail resource", &resource);
        self.shop.clock().advance(Duration::from_secs(300));
        watch(self.shop.app()).await.expect("the detectors look");
        let list = self
            .shop
            .api(self.told.owner.clone())
            .get("/api/v1/audit/detections?seen=false&detector=exfiltration")
            .await;
        let list = list.expect_status(200).json();
        let case = id_of(&list["items"][0]);
        let note = json!({"note": self.words()});
        self.call("POST /api/v1/audit/detections/{id}/seen", &case, note).await;
    }
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("an id in {object}")).to_owned()
}

/// A barcode of 13 digits that no other round has.
fn barcode(number: usize) -> String {
    let digits = format!("779{:09}", 500_000_000 + number);
    let weighed = |(at, digit): (usize, u8)| u32::from(digit - b'0') * if at % 2 == 0 { 1 } else { 3 };
    let sum: u32 = digits.bytes().enumerate().map(weighed).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A text as a cell of a list with commas.
fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A form with a file in it, as a browser sends it.
fn form_data(fields: &[(&str, &str)], file: &str, content: &str) -> Vec<u8> {
    let field = |(name, text): &(&str, &str)| {
        format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let fields: String = fields.iter().map(field).collect();
    let head = format!(
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    format!("{fields}{head}{content}\r\n--XyZ--\r\n").into_bytes()
}

/// A body with one field more.
fn with(mut body: Value, field: &str, text: &str) -> Value {
    body[field] = json!(text);
    body
}
