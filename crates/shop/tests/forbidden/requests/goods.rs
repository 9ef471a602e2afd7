//! Requests about goods: the catalogue, stock, promises, transfers, counts, lists.

use axum::http::Method;
use gondola_shop::kernel::time::format_instant;
use gondola_store::Permission;
use serde_json::{Value, json};

use super::{Deeds, id_of};
use crate::common::pages::{field, leads_to, page};
use crate::common::receipt;

/// Products that the shop begins with; each request changes one that no other does.
pub const PRODUCTS: [&str; 8] = ["ARROZ", "YERBA", "CAMBIA", "EDITA", "APAGA", "PRENDE", "LOTE", "SAL"];

const REASON: (&str, &str) = ("reason", "Se cargó dos veces");
const HOUR_US: i64 = 3_600_000_000;

impl Deeds<'_> {
    pub(super) async fn catalogue(&mut self) {
        self.json("POST /api/v1/categories", &[], &json!({"code": "ZZZ", "name": "De prueba"}));
        self.json("PATCH /api/v1/categories/{code}", &["LAC"], &json!({"name": "Otros lácteos"}));
        self.json("POST /api/v1/locations", &[], &json!({"code": "freezer", "name": "Freezer"}));
        self.json("PATCH /api/v1/locations/{code}", &["local"], &json!({"name": "Salón"}));
        let product = json!({"sku": "NUEVO", "name": "Nuevo", "category": "GEN", "unit": "un"});
        self.json("POST /api/v1/products", &[], &product);
        let new = [("sku", "OTRO"), ("name", "Otro"), ("category", "GEN"), ("unit", "un")];
        self.form("POST /products", &[], &new);
        let lines = json!({"lines": [{"product": "sku:LOTE", "changes": {"sale_price": "10.00"}}]});
        self.json("POST /api/v1/products/bulk", &[], &lines);
        self.json("PATCH /api/v1/products/{id}", &["sku:CAMBIA"], &json!({"acquisition_cost": "77.0000"}));
        self.edit().await;
        self.bare("POST /api/v1/products/{id}/deactivate", &["sku:APAGA"]);
        self.api.post("/api/v1/products/sku:PRENDE/deactivate", json!({})).await.expect_status(200);
        self.bare("POST /api/v1/products/{id}/activate", &["sku:PRENDE"]);
        let alias = self.make("products/sku:SAL/aliases", json!({"text": "la fina"})).await;
        self.json("POST /api/v1/products/{id}/aliases", &["sku:SAL"], &json!({"text": "la gruesa"}));
        self.bare("DELETE /api/v1/products/{id}/aliases/{alias}", &["sku:SAL", &alias]);
        self.json("POST /api/v1/products/{id}/barcodes", &["sku:SAL"], &json!({"code": "7790742034007"}));
    }

    /// The form of a product as its page fills it, with another name and cost.
    async fn edit(&mut self) {
        let html = page(&self.shop.browser().header("cookie", &self.owner), "/products/EDITA/edit").await;
        let filled = ["version", "sku", "short_name", "min_stock", "max_stock", "reorder_point"];
        let filled = filled.map(|name| (name, field(&html, name)));
        let typed = [("name", "Editada"), ("category", "GEN"), ("unit", "un"), ("vat_rate", "21.00")];
        let filled = filled.iter().map(|(name, text)| (*name, text.as_str()));
        let fields: Vec<(&str, &str)> = filled.chain(typed).chain([("acquisition_cost", "88,00")]).collect();
        self.form("POST /products/{sku}/edit", &["EDITA"], &fields);
    }

    pub(super) async fn stock(&mut self) {
        self.make("movements", receipt("ARROZ", "900", "100")).await;
        let undone = self.make("movements", receipt("ARROZ", "1", "100")).await;
        let undone_too = self.make("movements", receipt("ARROZ", "1", "100")).await;
        self.make("movements", receipt("YERBA", "10", "100")).await;
        self.json("POST /api/v1/movements", &[], &receipt("ARROZ", "1", "100"));
        self.needing(&[Permission::Receive]);
        let lines = json!({"mode": "each", "lines": [receipt("ARROZ", "2", "100")]});
        self.json("POST /api/v1/movements/batch", &[], &lines);
        self.needing(&[Permission::Receive]);
        let fields = [("kind", "receipt"), ("product", "ARROZ"), ("quantity", "3"), ("unit", "un"), ("to", "deposito")];
        let told = [("unit_cost", "100"), ("reason_choice", "Compra")];
        self.form("POST /stock/movements", &[], &[&fields[..], &told].concat());
        self.needing(&[Permission::Receive]);
        self.json("POST /api/v1/movements/{id}/reverse", &[&undone], &json!({"reason": REASON.1}));
        self.form("POST /stock/movements/{id}/reverse", &[&undone_too], &[REASON]);
        let rule = |location: &str| json!({"location": location, "overdraw": "refuse"});
        let made = self.api.put("/api/v1/stock/negative-policies", rule("deposito")).await.expect_status(200).json();
        self.json("PUT /api/v1/stock/negative-policies", &[], &rule("local"));
        self.bare("DELETE /api/v1/stock/negative-policies/{id}", &[&id_of(&made)]);
    }

    pub(super) async fn promises(&mut self) {
        let until = format_instant(self.shop.db().now() + HOUR_US);
        let promise = json!({"product": "sku:ARROZ", "location": "deposito", "quantity": "1", "expires_at": until});
        let mut made = Vec::new();
        for _ in 0..4 {
            made.push(self.make("reservations", promise.clone()).await);
        }
        self.json("POST /api/v1/reservations", &[], &promise);
        let fields = [("product", "ARROZ"), ("location", "deposito"), ("quantity", "1"), ("until", "1"), REASON];
        self.form("POST /reservations", &[], &fields);
        self.json("POST /api/v1/reservations/{id}/post", &[&made[0]], &json!({"kind": "sale"}));
        self.needing(&[Permission::Sell]);
        self.form("POST /reservations/{id}/post", &[&made[1]], &[("kind", "sale")]);
        self.needing(&[Permission::Sell]);
        self.json("POST /api/v1/reservations/{id}/void", &[&made[2]], &json!({"reason": REASON.1}));
        self.form("POST /reservations/{id}/void", &[&made[3]], &[REASON]);
    }

    pub(super) async fn transfers(&mut self) {
        let lines = json!([{"product": "sku:ARROZ", "quantity": "1"}]);
        let sent = json!({"from": "deposito", "to": "local", "lines": lines, "reason": REASON.1});
        let mut made = Vec::new();
        for _ in 0..4 {
            made.push(self.make("transfers", sent.clone()).await);
        }
        self.json("POST /api/v1/transfers", &[], &sent);
        let line = [("lines[0].product", "ARROZ"), ("lines[0].quantity", "1")];
        let how = [("from", "deposito"), ("to", "local"), ("how", "road"), ("step", "send"), REASON];
        self.form("POST /transfers", &[], &[&line[..], &how].concat());
        self.json("POST /api/v1/transfers/{id}/receive", &[&made[0]], &json!({"lines": lines}));
        self.form("POST /transfers/{id}/receive", &[&made[1]], &line);
        self.json("POST /api/v1/transfers/{id}/cancel", &[&made[2]], &json!({"reason": REASON.1}));
        self.form("POST /transfers/{id}/cancel", &[&made[3]], &[REASON]);
    }

    pub(super) async fn counts(&mut self) {
        let count = json!({"location": "deposito", "products": ["sku:YERBA"], "reason": REASON.1});
        let counted = json!({"lines": [{"product": "sku:YERBA", "counted": "10"}]});
        let mut made = Vec::new();
        for _ in 0..7 {
            made.push(self.make("counts", count.clone()).await);
        }
        for ready in &made[..2] {
            let path = format!("/api/v1/counts/{ready}/lines");
            self.api.post(&path, counted.clone()).await.expect_status(200);
        }
        self.json("POST /api/v1/counts", &[], &count);
        let fields = [("location", "deposito"), ("blind", "yes"), ("scope", "place"), REASON];
        self.form("POST /counts", &[], &fields);
        self.json("POST /api/v1/counts/{id}/post", &[&made[0]], &json!({"reason": REASON.1}));
        self.form("POST /counts/{id}/post", &[&made[1]], &[REASON]);
        self.json("POST /api/v1/counts/{id}/lines", &[&made[2]], &counted);
        let line = [("lines[0].product", "YERBA"), ("lines[0].counted", "10")];
        self.form("POST /counts/{id}/count", &[&made[3]], &line);
        self.form("POST /counts/{id}/sheet", &[&made[4]], &line);
        self.json("POST /api/v1/counts/{id}/cancel", &[&made[5]], &json!({"reason": REASON.1}));
        self.form("POST /counts/{id}/cancel", &[&made[6]], &[REASON]);
    }

    pub(super) async fn imports(&mut self) {
        let csv = |text: &str| Some(("text/csv", text.as_bytes().to_vec()));
        self.add("POST /api/v1/imports/products", &[], csv("sku,nombre\nLISTA-1,De la lista\n"));
        self.needing(&[Permission::EditCatalogue]);
        self.add("POST /api/v1/imports/prices", &[], csv("sku,precio\nLOTE,100.00\n"));
        self.needing(&[Permission::EditPrices]);
        self.add("POST /api/v1/imports/stock", &[], csv("sku;cantidad;lugar\nLOTE;30;deposito\n"));
        self.needing(&[Permission::Count]);
        self.add("POST /api/v1/imports/suppliers", &[], csv("code,name\nLS,La Serenísima\n"));
        let done = self.import("sku,nombre\nHECHA-1,Ya cargada\n").await;
        self.bare("POST /api/v1/imports/{id}/undo", &[&done]);
        let done = self.import("sku,nombre\nHECHA-2,Ya cargada\n").await;
        self.form("POST /imports/{id}/undo", &[&done], &[]);
        let list = file_form("Código;Nombre;Precio\nPAGINA-1;Por la página;1.850,00\n");
        self.add("POST /imports", &[], list);
        let list = file_form("Código;Nombre;Precio\nMIRADA-1;Ya mirada;1.850,00\n");
        let seen = self.upload(list).await;
        self.form("POST /imports/{id}/apply", &[seen.trim_start_matches("/imports/")], &[]);
        let asked = self.upload(file_form("Cosa;Valor;Ref\nAzúcar;1.850,00;COLUMNA-1\n")).await;
        let kept = asked.strip_prefix("/imports/files/").expect("its columns are asked for");
        let columns = [("columns", "3"), ("column.0", "name"), ("column.1", "sale_price"), ("column.2", "sku")];
        self.form("POST /imports/files/{id}", &[kept], &columns);
    }

    /// Loads a list of products; answers the import's id.
    async fn import(&self, list: &str) -> String {
        let content = Some(("text/csv", list.as_bytes().to_vec()));
        let import: Value =
            self.api.send(Method::POST, "/api/v1/imports/products", content).await.expect_status(201).json();
        id_of(&import)
    }

    /// Sends a file by the page; answers where that leads.
    async fn upload(&self, content: Option<(&'static str, Vec<u8>)>) -> String {
        let browser = self.shop.browser().header("cookie", &self.owner);
        leads_to(&browser.send(Method::POST, "/imports", content).await)
    }
}

/// A list of products in a form, as a browser sends it.
fn file_form(list: &str) -> Option<(&'static str, Vec<u8>)> {
    let kind = "--XyZ\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nproducts\r\n";
    let file =
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lista.csv\"\r\nContent-Type: text/csv";
    let body = format!("{kind}{file}\r\n\r\n{list}\r\n--XyZ--\r\n");
    Some(("multipart/form-data; boundary=XyZ", body.into_bytes()))
}
