//! Requests about goods: the catalogue, stock, promises, transfers, counts, lists.

use axum::http::Method;
use gondola_shop::kernel::time::format_instant;
use gondola_store::{Actor, Permission, Role};
use gondola_testkit::Client;
use serde_json::{Value, json};

use super::{Deeds, id_of, logged_in};
use crate::common::pages::{field, leads_to, page};
use crate::common::people::user;
use crate::common::receipt;

/// Products that the shop begins with; each request changes one that no other does.
pub const PRODUCTS: [&str; 8] = ["ARROZ", "YERBA", "CAMBIA", "EDITA", "APAGA", "PRENDE", "LOTE", "SAL"];

pub(super) const REASON: (&str, &str) = ("reason", "Se cargó dos veces");
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

    pub(super) async fn suppliers(&mut self) {
        for code in ["CAMBIA", "EDITA"] {
            self.api.post("/api/v1/suppliers", json!({"code": code, "name": "Proveedor"})).await.expect_status(201);
        }
        self.json("POST /api/v1/suppliers", &[], &json!({"code": "NUEVO", "name": "Nuevo"}));
        self.form("POST /suppliers", &[], &[("code", "OTRO"), ("name", "Otro")]);
        self.json("PATCH /api/v1/suppliers/{code}", &["CAMBIA"], &json!({"name": "Otro nombre"}));
        self.form("POST /suppliers/{code}", &["EDITA"], &[("version", "1"), ("name", "Otro nombre")]);
        self.json("POST /api/v1/suppliers/lessons", &[], &json!({"text": "la de litro", "supplier": "CAMBIA"}));
        self.form("POST /suppliers/lessons", &[], &[("text", "la de dos litros"), ("supplier", "CAMBIA")]);
        let lesson = |text: &str| json!({"text": text, "supplier": "EDITA"});
        let taught = self.make("suppliers/lessons", lesson("la chica")).await;
        self.bare("POST /api/v1/suppliers/lessons/{id}/forget", &[&taught]);
        let taught = self.make("suppliers/lessons", lesson("la grande")).await;
        self.form("POST /suppliers/lessons/{id}/forget", &[&taught], &[]);
        let payment = json!({"kind": "payment", "amount": "5"});
        let mut paid = Vec::new();
        for _ in 0..2 {
            paid.push(self.make("suppliers/EDITA/account", payment.clone()).await);
        }
        self.json("POST /api/v1/suppliers/{code}/account", &["EDITA"], &payment);
        self.form("POST /suppliers/{code}/account", &["EDITA"], &[("kind", "payment"), ("amount", "7")]);
        self.json(
            "POST /api/v1/suppliers/{code}/account/{id}/reverse",
            &["EDITA", &paid[0]],
            &json!({"reason": REASON.1}),
        );
        self.form("POST /suppliers/{code}/account/{id}/reverse", &["EDITA", &paid[1]], &[REASON]);
        self.bare("POST /api/v1/suppliers/shipped", &[]);
        self.form("POST /suppliers/shipped", &[], &[]);
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

    pub(super) async fn notebook(&mut self) {
        let note = |text: &str| json!({"action": "purchase", "text": text, "supplier": "LS"});
        let mut made = Vec::new();
        for text in ["pilas", "velas", "bolsas", "cajas", "hilo", "cinta"] {
            made.push(self.make("notebook", note(text)).await);
        }
        for crossed_out in &made[4..] {
            let path = format!("/api/v1/notebook/{crossed_out}/discard");
            self.api.post(&path, json!({})).await.expect_status(200);
        }
        self.json("POST /api/v1/notebook", &[], &note("fósforos"));
        self.form("POST /notebook", &[], &[("q", "encendedores"), ("action", "purchase"), ("priority", "high")]);
        self.json("PATCH /api/v1/notebook/{id}", &[&made[0]], &json!({"priority": "high"}));
        self.form("POST /notebook/{id}", &[&made[1]], &[("version", "1"), ("priority", "high")]);
        self.json("POST /api/v1/notebook/{id}/discard", &[&made[2]], &json!({"reason": REASON.1}));
        self.form("POST /notebook/{id}/discard", &[&made[3]], &[REASON]);
        self.bare("POST /api/v1/notebook/{id}/restore", &[&made[4]]);
        self.form("POST /notebook/{id}/restore", &[&made[5]], &[]);
    }

    /// What one wrote last is undone first: whatever is said afterwards comes later.
    pub(super) async fn assistant(&mut self) {
        let write = async |api: &Client<'_>, text: &str| {
            let said = api.post("/api/v1/assistant/messages", json!({"text": text, "place": "backstore"})).await;
            said.expect_status(200).json()
        };
        let cashier = user(self.shop, "dice", "cashier").await;
        let cashier = Actor { id: cashier.id, name: cashier.name, ..self.shop.user(Role::Cashier) };
        let by_cashier = id_of(&write(&self.shop.api(cashier), "Revisar la heladera, hace ruido").await);
        let waste = "/merma \"arroz\" 1 \"roto\"";
        let plans = [write(&self.api, waste).await, write(&self.api, waste).await];
        let token = |plan: &Value| plan["token"].as_str().expect("a token").to_owned();
        let by_owner = id_of(&write(&self.api, "Revisar la persiana, se traba").await);
        self.bare("POST /api/v1/assistant/messages/{id}/undo", &[&by_owner]);
        self.form("POST /decir/{id}/undo", &[&by_cashier], &[]);
        self.sent_in(logged_in(self.shop, "dice").await);
        self.json("POST /api/v1/assistant/confirm", &[], &json!({"token": token(&plans[0])}));
        self.form("POST /decir/confirm", &[], &[("token", &token(&plans[1]))]);
        self.json("POST /api/v1/assistant/messages", &[], &json!({"text": "Falta arroz"}));
        self.form("POST /decir", &[], &[("text", "Falta yerba"), ("place", "backstore")]);
    }

    /// Begins an order of one line; answers its id.
    async fn draft(&self, supplier: &str) -> String {
        let lines = json!([{"product": "sku:ARROZ", "quantity": "5"}]);
        let body = json!({"supplier": supplier, "lines": lines});
        let made = self.api.post("/api/v1/purchase-orders", body).await.expect_status(201).json();
        id_of(&made["orders"][0])
    }

    /// An order that the supplier knows of.
    async fn order(&self, supplier: &str) -> String {
        let id = self.draft(supplier).await;
        self.api.post(&format!("/api/v1/purchase-orders/{id}/send"), json!({})).await.expect_status(200);
        id
    }

    pub(super) async fn purchasing(&mut self) {
        let lines = json!([{"product": "sku:ARROZ", "quantity": "1"}]);
        self.json("POST /api/v1/purchase-orders", &[], &json!({"supplier": "D01", "lines": lines}));
        self.form("POST /purchase-orders", &[], &[("supplier", "D13"), ("q", "piolín"), ("quantity", "3")]);
        let noted = self.make("notebook", json!({"action": "purchase", "text": "tizas", "supplier": "D01"})).await;
        self.json("POST /api/v1/purchase-orders/from-notebook", &[], &json!({"entries": [noted]}));
        self.form("POST /purchase-orders/from-notebook", &[], &[]);
        let changed = self.draft("D02").await;
        self.json("PATCH /api/v1/purchase-orders/{id}/lines/{line}", &[&changed, "1"], &json!({"urgent": true}));
        let removed = self.draft("D03").await;
        self.bare("DELETE /api/v1/purchase-orders/{id}/lines/{line}", &[&removed, "1"]);
        let line = self.draft("D04").await;
        self.form("POST /purchase-orders/{id}/lines/{line}", &[&line, "1"], &[("step", "remove")]);
        let (json_order, form_order) = (self.draft("D05").await, self.draft("D06").await);
        self.json("POST /api/v1/purchase-orders/{id}/send", &[&json_order], &json!({"promised_on": "2026-12-01"}));
        self.form("POST /purchase-orders/{id}/send", &[&form_order], &[]);
        let (json_order, form_order) = (self.order("D07").await, self.order("D08").await);
        let came = json!({"location": "deposito", "lines": [{"line": 1, "quantity": "5"}]});
        self.json("POST /api/v1/purchase-orders/{id}/receive", &[&json_order], &came);
        let fields = [("location", "deposito"), ("lines[0].line", "1"), ("lines[0].quantity", "5")];
        self.form("POST /purchase-orders/{id}/receive", &[&form_order], &fields);
        let (json_order, form_order) = (self.order("D09").await, self.order("D10").await);
        self.json("POST /api/v1/purchase-orders/{id}/close", &[&json_order], &json!({"reason": REASON.1}));
        self.form("POST /purchase-orders/{id}/close", &[&form_order], &[REASON]);
        let (json_order, form_order) = (self.draft("D11").await, self.draft("D12").await);
        self.json("POST /api/v1/purchase-orders/{id}/cancel", &[&json_order], &json!({"reason": REASON.1}));
        self.form("POST /purchase-orders/{id}/cancel", &[&form_order], &[REASON]);
        let goods = json!({"location": "deposito", "lines": lines});
        self.json("POST /api/v1/goods-receipts", &[], &goods);
        let (one, other) = (self.make("goods-receipts", goods.clone()).await, self.make("goods-receipts", goods).await);
        self.json("POST /api/v1/goods-receipts/{id}/reverse", &[&one], &json!({"reason": REASON.1}));
        let line =
            [("step", "send"), ("location", "deposito"), ("lines[0].product", "ARROZ"), ("lines[0].quantity", "3")];
        self.form("POST /goods-receipts", &[], &line);
        self.form("POST /goods-receipts/{id}/reverse", &[&other], &[REASON]);
    }

    /// An invoice of a supplier, typed; answers its id. With `step`s it goes on to be confirmed and applied.
    async fn invoice(&self, number: &str, steps: &[(&str, Value)]) -> String {
        let id = self.make("invoices", bill(number)).await;
        for (step, body) in steps {
            self.api.post(&format!("/api/v1/invoices/{id}/{step}"), body.clone()).await.expect_status(200);
        }
        id
    }

    /// A claim: an invoice of five of which four came.
    async fn claim(&self, number: &str) -> String {
        let came = json!({"location": "deposito", "lines": [{"line": 1, "received": "4"}]});
        let id = self.invoice(number, &[("confirm", json!({})), ("apply", came)]).await;
        let claims = self.api.get("/api/v1/supplier-claims?limit=500").await.expect_status(200).json();
        let own = claims["items"].as_array().unwrap().iter().find(|claim| claim["invoice"] == id.as_str());
        id_of(own.expect("it is claimed"))
    }

    pub(super) async fn invoices(&mut self) {
        let (confirm, came) = (json!({}), json!({"location": "deposito"}));
        let confirmed = [("confirm", confirm.clone())];
        let applied = [("confirm", confirm.clone()), ("apply", came.clone())];
        let number = |number: u32| format!("00001-{number:08}");
        self.json("POST /api/v1/invoices", &[], &bill(&number(1)));
        self.needing(&[Permission::EditInvoices]);
        self.add("POST /invoices", &[], file_form("", "Código;Descripción;Cantidad\n1;Arroz;2\n"));
        self.needing(&[Permission::LoadInvoices]);
        let fields = [("supplier", "D01"), ("total", "5"), ("lines[0].text", "Arroz")];
        self.form("POST /invoices/new", &[], &fields);
        let (one, other) = (self.invoice(&number(2), &[]).await, self.invoice(&number(3), &[]).await);
        self.json("PATCH /api/v1/invoices/{id}", &[&one], &json!({"due_on": "2026-12-31"}));
        self.form("POST /invoices/{id}", &[&other], &[("version", "1"), ("total", "7")]);
        let (one, other) = (self.brought("1;Fideos;2").await, self.brought("1;Harina;2").await);
        self.bare("POST /api/v1/invoices/{id}/extract", &[&one]);
        self.form("POST /invoices/{id}/extract", &[&other], &[]);
        let (one, other) = (self.invoice(&number(4), &[]).await, self.invoice(&number(5), &[]).await);
        self.json("POST /api/v1/invoices/{id}/confirm", &[&one], &confirm);
        self.form("POST /invoices/{id}/confirm", &[&other], &[]);
        let one = self.invoice(&number(6), &confirmed).await;
        let other = self.invoice(&number(7), &confirmed).await;
        self.json("POST /api/v1/invoices/{id}/apply", &[&one], &came);
        self.needing(&[Permission::Receive, Permission::PostAccounts]);
        self.form("POST /invoices/{id}/apply", &[&other], &[("location", "deposito")]);
        self.needing(&[Permission::Receive, Permission::PostAccounts]);
        let (one, other) = (self.invoice(&number(8), &[]).await, self.invoice(&number(9), &[]).await);
        self.json("POST /api/v1/invoices/{id}/reject", &[&one], &json!({"reason": REASON.1}));
        self.form("POST /invoices/{id}/reject", &[&other], &[REASON]);
        let (one, other) = (self.invoice(&number(10), &applied).await, self.invoice(&number(11), &applied).await);
        self.json("POST /api/v1/invoices/{id}/reverse", &[&one], &json!({"reason": REASON.1}));
        self.needing(&[Permission::Adjust, Permission::PostAccounts]);
        self.form("POST /invoices/{id}/reverse", &[&other], &[REASON]);
        self.needing(&[Permission::Adjust, Permission::PostAccounts]);
        let settled = self.claim(&number(12)).await;
        self.json("POST /api/v1/supplier-claims/{id}/settle", &[&settled], &json!({"reason": REASON.1}));
        let dropped = self.claim(&number(13)).await;
        self.json("POST /api/v1/supplier-claims/{id}/drop", &[&dropped], &json!({"reason": REASON.1}));
        let ended = self.claim(&number(14)).await;
        self.form("POST /supplier-claims/{id}/{step}", &[&ended, "drop"], &[REASON]);
    }

    /// An invoice in a file that nobody could read, so that it can be read again; answers its id.
    async fn brought(&self, line: &str) -> String {
        let list = Some(("text/csv", format!("Código;Descripción;Cantidad\n{line}\n").into_bytes()));
        let sent = self.api.send(Method::POST, "/api/v1/invoices", list).await.expect_status(201).json();
        let read = gondola_shop::invoices::read_pending(self.shop.db(), &Actor::system("worker"), 9).await;
        assert_eq!(read.expect("it is read"), 1);
        id_of(&sent)
    }

    /// The suppliers that orders and notes name.
    pub(super) async fn named_suppliers(&mut self) {
        let numbered: String = (1..=13).map(|number| format!("D{number:02},Distribuidora {number}\n")).collect();
        let list = Some(("text/csv", format!("code,name\nLS,La Serena\n{numbered}").into_bytes()));
        self.api.send(Method::POST, "/api/v1/imports/suppliers", list).await.expect_status(201);
    }

    pub(super) async fn imports(&mut self) {
        let csv = |text: &str| Some(("text/csv", text.as_bytes().to_vec()));
        self.add("POST /api/v1/imports/products", &[], csv("sku,nombre\nLISTA-1,De la lista\n"));
        self.needing(&[Permission::EditCatalogue]);
        self.add("POST /api/v1/imports/prices", &[], csv("sku,precio\nLOTE,100.00\n"));
        self.needing(&[Permission::EditPrices]);
        self.add("POST /api/v1/imports/stock", &[], csv("sku;cantidad;lugar\nLOTE;30;deposito\n"));
        self.needing(&[Permission::Count]);
        self.add("POST /api/v1/imports/suppliers", &[], csv("code,name\nDE-LA-LISTA,De la lista\n"));
        let done = self.import("sku,nombre\nHECHA-1,Ya cargada\n").await;
        self.bare("POST /api/v1/imports/{id}/undo", &[&done]);
        let done = self.import("sku,nombre\nHECHA-2,Ya cargada\n").await;
        self.form("POST /imports/{id}/undo", &[&done], &[]);
        let list = file_form("products", "Código;Nombre;Precio\nPAGINA-1;Por la página;1.850,00\n");
        self.add("POST /imports", &[], list);
        let list = file_form("products", "Código;Nombre;Precio\nMIRADA-1;Ya mirada;1.850,00\n");
        let seen = self.upload(list).await;
        self.form("POST /imports/{id}/apply", &[seen.trim_start_matches("/imports/")], &[]);
        let asked = self.upload(file_form("products", "Cosa;Valor;Ref\nAzúcar;1.850,00;COLUMNA-1\n")).await;
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

/// A bill of five bags of rice.
fn bill(number: &str) -> Value {
    json!({"supplier": "D01", "kind": "invoice", "letter": "C", "number": number, "issued_on": "2026-11-20", "total": "50",
        "lines": [{"text": "Arroz", "quantity": "5", "price": "10", "subtotal": "50", "product": "sku:ARROZ"}]})
}

/// A list in a form, as a browser sends it.
pub(super) fn file_form(kind: &str, list: &str) -> Option<(&'static str, Vec<u8>)> {
    let kind = match kind {
        "" => format!(
            "--XyZ\r\nContent-Disposition: form-data; name=\"idempotency_key\"\r\n\r\nforeign-{}\r\n",
            list.len()
        ),
        kind => format!("--XyZ\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n"),
    };
    let file =
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lista.csv\"\r\nContent-Type: text/csv";
    let body = format!("{kind}{file}\r\n\r\n{list}\r\n--XyZ--\r\n");
    Some(("multipart/form-data; boundary=XyZ", body.into_bytes()))
}
