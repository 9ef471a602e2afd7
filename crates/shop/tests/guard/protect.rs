//! Protected columns: sealed where they lie, opened with a line in the log, closed when anything is wrong.

use std::time::Duration;

use crate::common::shop_with;
use gondola_shop::PROTECTED;
use gondola_shop::inventory::{Kept, inventory, stale};
use gondola_store::audit::{FaultKind, SealAudit};
use gondola_store::protect::{Operation, verify};
use gondola_store::schema::{Column, Schema};
use gondola_store::sqlx::{self, Connection, PgConnection, SqliteConnection};
use gondola_store::{Actor, Engine, Redis};
use gondola_testkit::{Client, TestShop, both_engines};
use gondola_vault::{MasterKey, Suite};
use serde_json::{Value, json};

/// Runs a statement beside the program, as somebody with the database in their hands would.
pub async fn meddle(shop: &TestShop, text: &'static str) -> sqlx::Result<u64> {
    match shop.db().engine() {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(shop.url()).await?;
            Ok(sqlx::query(text).execute(&mut connection).await?.rows_affected())
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(shop.url()).await?;
            Ok(sqlx::query(text).execute(&mut connection).await?.rows_affected())
        }
    }
}

/// The rows of a statement whose columns are all text.
pub async fn rows(shop: &TestShop, text: &'static str) -> Vec<String> {
    match shop.db().engine() {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(shop.url()).await.unwrap();
            sqlx::query_scalar(text).fetch_all(&mut connection).await.unwrap()
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(shop.url()).await.unwrap();
            sqlx::query_scalar(text).fetch_all(&mut connection).await.unwrap()
        }
    }
}

const LOG: &str = "select operation || ' ' || table_name || '.' || column_name || ' ' || record_count || ' ' || purpose
        || ' ' || outcome || ' ' || error_code
    from encrypted_data_access_log order by id";

/// The log, a line per access.
async fn log(shop: &TestShop) -> Vec<String> {
    rows(shop, LOG).await.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// A shop with products that cost that much, made by its owner.
async fn with(shop: &TestShop, products: &[(&str, &str)]) {
    let product = |(sku, cost): &(&str, &str)| json!({"name": format!("Producto {sku}"), "sku": sku, "category": "GEN", "unit": "un", "acquisition_cost": cost});
    shop_with(shop, &products.iter().map(product).collect::<Vec<_>>()).await;
}

/// The owner, who read the product at a version.
fn owner(shop: &TestShop, version: u32) -> Client<'_> {
    shop.api(shop.admin()).header("if-match", &format!("\"{version}\""))
}

both_engines! {
    /// ENC-5, DAL-1, DAL-2: one line per request, table, column and operation, whoever reads and however much.
    fn every_access_leaves_one_line(shop: TestShop) {
        with(&shop, &[("A", "1420.5"), ("B", "90")]).await;
        let admin = shop.api(shop.admin());
        assert_eq!(log(&shop).await, ["ENCRYPT products.acquisition_cost 1 catalogue.create_product allowed"; 2]);
        let one = admin.get("/api/v1/products/sku:A").await.expect_status(200).json();
        assert_eq!(one["acquisition_cost"], "1420.5000");
        let all = admin.get("/api/v1/products").await.expect_status(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        admin.get("/api/v1/products?format=csv").await.expect_status(200);
        let lines = log(&shop).await.split_off(2);
        assert_eq!(lines, [
            "DECRYPT products.acquisition_cost 1 catalogue.get_product allowed",
            "DECRYPT products.acquisition_cost 2 catalogue.list_products allowed",
            "EXPORT products.acquisition_cost 2 catalogue.list_products allowed",
        ]);
        let named = rows(&shop, "select record_ids from encrypted_data_access_log where id = 3").await;
        assert_eq!(named, [json!([one["id"]]).to_string()]);
        let whole = "select actor_type || ' ' || actor_id || ' ' || face || ' ' || db_role || ' ' || key_id from encrypted_data_access_log where id = 3";
        let role = if shop.db().engine() == Engine::Sqlite { "file" } else { "postgres" };
        assert!(rows(&shop, whole).await[0].starts_with(&format!("user {} dashboard ", shop.admin().id)));
        assert!(rows(&shop, whole).await[0].ends_with(" 1"), "the key's number, for {role}");
    }
}

both_engines! {
    /// DAL-1: the log has these columns after migration, and no others.
    fn the_log_has_its_columns(shop: TestShop) {
        let mut rx = shop.db().read().await.unwrap();
        let schema = Schema::read(&mut rx.as_tx()).await.unwrap();
        let table = schema.tables.iter().find(|table| table.name == "encrypted_data_access_log").unwrap();
        let (required, open): (Vec<_>, Vec<_>) = table.columns.iter().partition(|column| column.required);
        let named = |columns: Vec<&Column>| columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        assert_eq!(named(required), [
            "accessed_at", "actor_id", "actor_type", "client_ip", "column_name", "db_role", "error_code", "face", "id", "operation",
            "outcome", "purpose", "record_count", "record_digest", "record_ids", "request_id", "table_name",
        ]);
        assert_eq!(named(open), ["key_id", "position", "prev_hash", "row_hash"], "filled by the sealer, or where keys were several");
    }
}

both_engines! {
    /// DAL-6: who read a column of a record, between two instants, however long the list was; and as a page.
    fn who_read_a_record_is_told(shop: TestShop) {
        with(&shop, &[("A", "1420.5"), ("B", "90")]).await;
        let admin = shop.api(shop.admin());
        admin.get("/api/v1/products/sku:A").await.expect_status(200);
        shop.clock().advance(HOUR);
        shop.api(shop.manager()).get("/api/v1/products").await.expect_status(200);
        let asked = async |query: &str| {
            let page = admin.get(&format!("/api/v1/audit/accesses?{query}")).await.expect_status(200).json();
            let items = page["items"].as_array().unwrap().clone();
            items.iter().map(|item| format!("{} {}", item["purpose"].as_str().unwrap(), item["records"])).collect::<Vec<_>>()
        };
        let of_a = "column=products.acquisition_cost&record=sku:A";
        assert_eq!(asked(of_a).await, ["catalogue.list_products 2", "catalogue.get_product 1"]);
        assert_eq!(asked("record=sku:B").await, ["catalogue.list_products 2"]);
        let since = gondola_shop::kernel::time::format_instant(shop.db().now());
        assert_eq!(asked(&format!("{of_a}&from={since}")).await, ["catalogue.list_products 2"]);
        assert_eq!(asked(&format!("user=user:{}", shop.manager().id)).await, ["catalogue.list_products 2"]);
        assert_eq!(asked("operation=ENCRYPT").await.len(), 2);
        assert_eq!(asked("user=nobody").await, [""; 0]);
        assert_eq!(asked("record=sku:NOTHING").await, [""; 0]);
        for bad in ["column=products.name", "operation=LOOK", "record=%20"] {
            admin.get(&format!("/api/v1/audit/accesses?{bad}")).await.expect_problem(422, "invalid");
        }
        let page = shop.page(shop.admin()).get("/audit/accesses?record=sku:A").await.expect_status(200).text();
        assert!(page.contains("Costo de compra") && page.contains("Vio un producto"));
        shop.api(shop.manager()).get("/api/v1/audit/accesses").await.expect_problem(403, "forbidden");
    }
}

both_engines! {
    /// USR-7, DAL-2: who may not see cost opens nothing, so nothing is written down.
    fn who_may_not_see_cost_opens_nothing(shop: TestShop) {
        with(&shop, &[("A", "1420.5")]).await;
        let cashier = shop.api(shop.user(gondola_store::Role::Cashier));
        let seen = cashier.get("/api/v1/products/sku:A").await.expect_status(200).json();
        assert_eq!(seen["acquisition_cost"], Value::Null);
        cashier.get("/api/v1/products").await.expect_status(200);
        assert_eq!(log(&shop).await.len(), 1);
    }
}

both_engines! {
    /// A change that leaves the cost alone seals nothing anew; a new one does.
    fn what_did_not_change_is_not_sealed_again(shop: TestShop) {
        with(&shop, &[("A", "1420.5")]).await;
        let lies = "select lower(hex(acquisition_cost)) from products";
        let lies = if shop.db().engine() == Engine::Sqlite { lies } else { "select encode(acquisition_cost, 'hex') from products" };
        let before = rows(&shop, lies).await;
        let changed = owner(&shop, 1).patch("/api/v1/products/sku:A", json!({"name": "Otro"})).await;
        assert_eq!(changed.expect_status(200).json()["acquisition_cost"], "1420.5000");
        assert_eq!(rows(&shop, lies).await, before);
        let change = json!({"acquisition_cost": "1421"});
        owner(&shop, 2).patch("/api/v1/products/sku:A", change).await.expect_status(200);
        assert_ne!(rows(&shop, lies).await, before);
        assert_eq!(log(&shop).await.split_off(1), [
            "DECRYPT products.acquisition_cost 1 catalogue.change_product allowed",
            "DECRYPT products.acquisition_cost 1 catalogue.change_product allowed",
            "ENCRYPT products.acquisition_cost 1 catalogue.change_product allowed",
        ]);
    }
}

both_engines! {
    /// ENC-9, ENC-12: a value moved to another row does not open; that is an error, never another value, and it is
    /// written down, also when a command met it.
    fn a_value_in_another_row_is_denied(shop: TestShop) {
        with(&shop, &[("A", "1420.5"), ("B", "90")]).await;
        let admin = shop.api(shop.admin());
        let moved = "update products set acquisition_cost = (select b.acquisition_cost from products b where b.sku = 'B') where sku = 'A'";
        assert_eq!(meddle(&shop, moved).await.unwrap(), 1);
        let refused = admin.get("/api/v1/products/sku:A").await.expect_status(500);
        assert_eq!(refused.json()["code"], "protected_data_unreadable");
        assert!(!refused.text().contains("90") && !refused.text().contains("1420"));
        owner(&shop, 1).patch("/api/v1/products/sku:A", json!({"name": "Otro"})).await.expect_status(500);
        assert_eq!(log(&shop).await.split_off(2), [
            "DENIED products.acquisition_cost 1 catalogue.get_product denied bad_tag",
            "DENIED products.acquisition_cost 1 catalogue.change_product denied bad_tag",
        ]);
        let names = rows(&shop, "select name from products order by name").await;
        assert_eq!(names, ["Producto A", "Producto B"], "nothing changed");
        let counts = shop.db().tally().counts();
        assert_eq!(counts[&(Operation::Decrypt, "products", "bad_tag")], 2);
    }
}

both_engines! {
    /// ENC-9: nor does one of another column of its own row, for who reads and for a command.
    fn a_value_in_another_column_is_denied(shop: TestShop) {
        let admin = shop.api(shop.admin());
        let supplier = json!({"code": "PROV", "name": "Prov", "email": "ventas@prov.com.ar", "phone": "+54 9 11 5555-0134"});
        admin.post("/api/v1/suppliers", supplier).await.expect_status(201);
        assert_eq!(meddle(&shop, "update suppliers set email = phone").await.unwrap(), 1);
        let path = "/api/v1/suppliers/PROV";
        for refused in [admin.get(path).await, owner(&shop, 1).patch(path, json!({"name": "Otro"})).await] {
            let refused = refused.expect_problem(500, "protected_data_unreadable").text();
            assert!(!refused.contains("5555") && !refused.contains("ventas"), "{refused}");
        }
        assert_eq!(log(&shop).await.split_off(2), [
            "DENIED suppliers.email 1 suppliers.get denied bad_tag",
            "DENIED suppliers.email 1 suppliers.change denied bad_tag",
        ]);
        assert_eq!(rows(&shop, "select name from suppliers").await, ["Prov"], "nothing changed");
        assert_eq!(shop.db().tally().counts()[&(Operation::Decrypt, "suppliers", "bad_tag")], 2);
    }
}

both_engines! {
    /// DAL-3: what cannot be written down is not shown.
    fn without_a_log_nothing_is_revealed(shop: TestShop) {
        with(&shop, &[("A", "1420.5")]).await;
        let admin = shop.api(shop.admin());
        meddle(&shop, "alter table encrypted_data_access_log rename to elsewhere").await.unwrap();
        for path in ["products/sku:A", "products", "products?format=csv", "products?format=xlsx"] {
            let refused = admin.get(&format!("/api/v1/{path}")).await.expect_status(503);
            assert!(refused.header("content-disposition").is_empty() && !refused.text().contains("1420"), "{path}");
        }
        shop.api(shop.user(gondola_store::Role::Cashier)).get("/api/v1/products/sku:A").await.expect_status(200);
        meddle(&shop, "alter table elsewhere rename to encrypted_data_access_log").await.unwrap();
        admin.get("/api/v1/products/sku:A").await.expect_status(200);
    }
}

both_engines! {
    /// DAL-4: the log takes lines and gives none back.
    fn the_log_is_never_edited(shop: TestShop) {
        with(&shop, &[("A", "1420.5")]).await;
        shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap();
        for text in [
            "update encrypted_data_access_log set actor_id = 'somebody else'",
            "update encrypted_data_access_log set position = 7",
            "delete from encrypted_data_access_log",
        ] {
            assert!(meddle(&shop, text).await.is_err(), "{text}");
        }
        if shop.db().engine() == Engine::Postgres {
            assert!(meddle(&shop, "truncate encrypted_data_access_log cascade").await.is_err());
        }
        assert_eq!(log(&shop).await.len(), 1);
    }
}

both_engines! {
    /// ENC-13: the value lies nowhere readable.
    fn a_cost_lies_nowhere_readable(shop: TestShop) {
        with(&shop, &[]).await;
        let admin = shop.api(shop.admin());
        let canary = "8317264.5931";
        admin.header("idempotency-key", "canary-1").post("/api/v1/products", json!({
            "name": "Producto A", "sku": "A", "category": "GEN", "unit": "un", "acquisition_cost": canary})).await.expect_status(201);
        let text = "select coalesce(description, '') || search_text || notes from products";
        assert!(!rows(&shop, text).await.concat().contains("8317264"));
        if let Some(file) = shop.db().file() {
            let raw = [std::fs::read(file).unwrap(), std::fs::read(file.with_extension("db-wal")).unwrap_or_default()].concat();
            for needle in [canary.as_bytes(), b"83172645931", &83_172_645_931_i64.to_be_bytes()[2..]] {
                assert!(!raw.windows(needle.len()).any(|window| window == needle), "{needle:?}");
            }
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);

both_engines! {
    /// ENC-7: what another process sealed with a key of a moment ago opens here at once, and nobody is denied.
    fn a_key_of_another_process_is_learnt(shop: TestShop) {
        with(&shop, &[("A", "1420.5")]).await;
        let late = shop.replica(2, Redis::none()).await;
        let console = Actor::system("console");
        shop.db().add_field_key(&console, Suite::Aes256Gcm).await.unwrap();
        let new = json!({"name": "Producto B", "sku": "B", "category": "GEN", "unit": "un", "acquisition_cost": "90"});
        let ask = async |shop: &TestShop| {
            let admin = shop.api(shop.admin()).header("idempotency-key", "alta-1");
            admin.post("/api/v1/products", new.clone()).await.expect_status(201).json()
        };
        let made = ask(&shop).await;
        assert_eq!(late.db().vault().newest_key().0, 1, "it has not looked");
        assert_eq!(ask(&late).await, made, "the answer that was kept");
        assert_eq!(late.db().vault().newest_key().0, 5);

        let late = shop.replica(3, Redis::none()).await;
        shop.db().add_field_key(&console, Suite::Aes256Gcm).await.unwrap();
        shop.db().reseal(&console, PROTECTED, |_| {}).await.unwrap();
        let rotation = late.db().rotation(PROTECTED).await.unwrap();
        assert_eq!((late.db().vault().newest_key().0, rotation.rows, rotation.done), (5, 2, 2));
        assert_eq!(late.db().reseal(&console, PROTECTED, |_| {}).await.unwrap(), 0);
        assert_eq!(late.db().vault().newest_key().0, 6);

        for path in ["/api/v1/products/sku:A", "/api/v1/products", "/api/v1/products?format=csv"] {
            let late = shop.replica(4, Redis::none()).await;
            let key = shop.db().add_field_key(&console, Suite::Aes256Gcm).await.unwrap();
            shop.db().reseal(&console, PROTECTED, |_| {}).await.unwrap();
            assert_eq!(late.db().vault().newest_key().0, key - 1);
            late.api(shop.admin()).get(path).await.expect_status(200);
            assert_eq!(late.db().vault().newest_key().0, key);
        }
        assert!(log(&shop).await.iter().all(|line| !line.contains("DENIED")));
    }
}

both_engines! {
    /// ENC-7: another key seals at once, what lies there follows, and the one before goes when nothing needs it.
    fn another_key_takes_over(shop: TestShop) {
        with(&shop, &[("A", "1420.5"), ("B", "90")]).await;
        let console = Actor::system("console");
        let other = shop.another_process().await;
        let added = shop.db().add_field_key(&console, Suite::Aes256CbcHmac).await.unwrap();
        assert_eq!(added, 5, "after the first field key and those for indexes, digests and signatures");
        let admin = shop.api(shop.admin());
        let third = json!({"name": "Producto C", "sku": "C", "category": "GEN", "unit": "un", "acquisition_cost": "7"});
        admin.post("/api/v1/products", third).await.expect_status(201);
        let before = shop.db().rotation(PROTECTED).await.unwrap();
        assert_eq!((before.rows, before.done), (3, 1), "what is written is sealed with it at once");
        assert!(other.refresh_keys().await.unwrap(), "another process takes it over");
        assert_eq!(other.vault().newest_key(), (5, Suite::Aes256CbcHmac));
        assert_eq!(shop.db().reseal(&console, PROTECTED, |_| {}).await.unwrap(), 2);
        assert_eq!(shop.db().reseal(&console, PROTECTED, |_| {}).await.unwrap(), 0, "it goes on where it was");
        let costs = admin.get("/api/v1/products").await.expect_status(200).json();
        let costs: Vec<&Value> = costs["items"].as_array().unwrap().iter().map(|item| &item["acquisition_cost"]).collect();
        assert_eq!(costs, ["1420.5000", "90.0000", "7.0000"]);
        assert!(log(&shop).await.contains(&"ROTATE products.acquisition_cost 2 protect.reseal allowed".to_owned()));
        assert!(shop.db().retire_keys(&console, PROTECTED).await.unwrap().is_empty(), "somebody may still write with it");
        shop.clock().advance(HOUR);
        assert_eq!(shop.db().retire_keys(&console, PROTECTED).await.unwrap(), [1]);
        let states = shop.db().key_states(PROTECTED).await.unwrap();
        assert_eq!((states[0].rows, states[0].retired_at.is_some(), states[4].rows), (0, true, 3));
        shop.db().refresh_keys().await.unwrap();
        admin.get("/api/v1/products/sku:A").await.expect_status(200);
    }
}

both_engines! {
    /// ENC-7: a key that still seals something stays, a kept answer included.
    fn a_key_that_is_needed_stays(shop: TestShop) {
        with(&shop, &[]).await;
        let admin = shop.api(shop.admin()).header("idempotency-key", "kept");
        let body = json!({"name": "Producto A", "sku": "A", "category": "GEN", "unit": "un", "acquisition_cost": "7"});
        admin.post("/api/v1/products", body.clone()).await.expect_status(201);
        let console = Actor::system("console");
        shop.db().add_field_key(&console, Suite::Aes256Gcm).await.unwrap();
        shop.db().reseal(&console, PROTECTED, |_| {}).await.unwrap();
        shop.clock().advance(2 * HOUR);
        assert!(shop.db().retire_keys(&console, PROTECTED).await.unwrap().is_empty());
        let again = admin.post("/api/v1/products", body).await.expect_status(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
}

both_engines! {
    /// ENC-7: another secret wraps the ring anew and touches no row; who is running goes on.
    fn another_secret_touches_no_row(shop: TestShop) {
        with(&shop, &[("A", "1420.5")]).await;
        let other = shop.another_process().await;
        shop.db().change_secret(&Actor::system("console"), &MasterKey::from_bytes([8; 32])).await.unwrap();
        assert!(other.refresh_keys().await.unwrap());
        shop.api(shop.admin()).get("/api/v1/products/sku:A").await.expect_status(200);
        assert!(log(&shop).await.iter().all(|line| !line.starts_with("ROTATE")));
    }
}

both_engines! {
    /// ENC-15, GDPR-6: every column that may tell something is protected or has a reason not to be.
    fn no_column_is_forgotten(shop: TestShop) {
        let mut rx = shop.db().read().await.unwrap();
        let schema = Schema::read(&mut rx.as_tx()).await.unwrap();
        let columns = inventory(&schema);
        let open: Vec<_> = columns.iter().filter(|entry| entry.kept == Kept::Unprotected).collect();
        assert!(open.is_empty(), "protect these or say why not in shop/src/inventory.rs: {open:?}");
        assert_eq!(stale(&schema), [""; 0], "these are on a list and nowhere else");
        assert_eq!(columns.iter().filter(|entry| entry.kept == Kept::Protected).count(), PROTECTED.len());
    }
}

/// ENC-3: pgcrypto opens what suite 2 sealed, here with a key that is thrown away. Nothing else hands it one.
#[tokio::test]
async fn pgcrypto_opens_what_suite_2_sealed() {
    let Some(shop) = TestShop::postgres().await else { return };
    let mut connection = PgConnection::connect(shop.url()).await.unwrap();
    let key: Vec<u8> = (0..64).collect();
    let bound = b"products.acquisition_cost 1";
    let sealed = Suite::Aes256CbcHmac.seal(&key, bound, b"1420.5000");
    let (kept, code) = sealed.split_at(sealed.len() - 32);
    let coded = [&(bound.len() as u64).to_be_bytes(), bound.as_slice(), kept].concat();
    let right: bool = sqlx::query_scalar("select hmac($1, $2, 'sha256') = $3")
        .bind(coded)
        .bind(&key[32..])
        .bind(code)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(right, "the code is HMAC-SHA-256 over length, place, IV and ciphertext");
    let opened: Vec<u8> = sqlx::query_scalar("select decrypt_iv($1, $2, $3, 'aes-cbc/pad:pkcs')")
        .bind(&kept[16..])
        .bind(&key[..32])
        .bind(&kept[..16])
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(opened, b"1420.5000");
}

both_engines! {
    /// DAL-4: should somebody take the triggers away, the chain tells where a line was touched.
    fn a_touched_line_is_found(shop: TestShop) {
        with(&shop, &[("A", "1420.5"), ("B", "90")]).await;
        shop.api(shop.admin()).get("/api/v1/products").await.expect_status(200);
        shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap();
        let walk = async || verify(&mut shop.db().read().await.unwrap().as_tx()).await.unwrap();
        let sound = walk().await;
        assert_eq!((sound.entries, sound.waiting, sound.faults.as_slice()), (3, 0, &[][..]));
        match shop.db().engine() {
            Engine::Sqlite => meddle(&shop, "drop trigger encrypted_data_access_log_keep_history_update").await.unwrap(),
            Engine::Postgres => meddle(&shop, "drop trigger encrypted_data_access_log_keep_history on encrypted_data_access_log").await.unwrap(),
        };
        meddle(&shop, "update encrypted_data_access_log set actor_id = 'somebody else' where id = 2").await.unwrap();
        let told: Vec<(i64, FaultKind)> = walk().await.faults.iter().map(|fault| (fault.position, fault.kind)).collect();
        assert_eq!(told, [(2, FaultKind::Edited)]);
    }
}

both_engines! {
    /// DAL-4: a line that came without its place, as in a copy that was taken before the sealer had been by, gets one.
    fn a_line_without_a_place_is_sealed(shop: TestShop) {
        with(&shop, &[("A", "1420.5")]).await;
        shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap();
        let unsealed = "insert into encrypted_data_access_log (accessed_at, actor_type, actor_id, face, db_role, operation, table_name,
                column_name, record_ids, record_count, record_digest, purpose, outcome, error_code, key_id, request_id, client_ip)
            select accessed_at, actor_type, actor_id, face, db_role, operation, table_name, column_name, record_ids, record_count,
                record_digest, purpose, outcome, error_code, key_id, request_id, client_ip from encrypted_data_access_log";
        assert_eq!(meddle(&shop, unsealed).await.unwrap(), 1);
        let sealed = shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap().out;
        assert_eq!(sealed, 1);
        let report = verify(&mut shop.db().read().await.unwrap().as_tx()).await.unwrap();
        assert_eq!((report.entries, report.waiting, report.faults.len()), (2, 0, 0));
    }
}
