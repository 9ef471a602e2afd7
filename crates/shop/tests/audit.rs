//! The audit trail on both engines (AUD-2, AUD-4 … AUD-6): each thing that was done is there once, with who and from
//! where; nothing that was refused is told as done; whoever touches it is found out, and where.

mod common;

use std::sync::Arc;

use common::people::{PASSWORD, encoded, user};
use common::shelves::of_place;
use common::{receipt, stocked};
use gondola_store::audit::{AuditHead, AuditReport, FaultKind, SealAudit, awaits_seal, verify};
use gondola_store::sqlx::{self, Connection as _, PgConnection, SqliteConnection};
use gondola_store::{Actor, both};
use gondola_testkit::{TestShop, both_engines};
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

/// An entry, as far as these tests look.
#[derive(Debug, sqlx::FromRow)]
struct Told {
    event: String,
    family: String,
    actor: String,
    actor_name: String,
    face: String,
    resource: String,
    client_ip: String,
    agent: String,
    request_id: String,
    class: String,
    after_digest: Option<Vec<u8>>,
}

async fn trail(shop: &TestShop) -> Vec<Told> {
    let mut rx = shop.db().read().await.unwrap();
    let mut tx = rx.as_tx();
    both!(&mut tx, c, _text => sqlx::query_as("select event, family, actor, actor_name, face, resource, client_ip, agent, request_id, class, after_digest from audit_trail order by sequence").fetch_all(c).await.unwrap())
}

async fn sealed(shop: &TestShop, known: &[AuditHead]) -> AuditReport {
    shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap();
    let mut rx = shop.db().read().await.unwrap();
    verify(&mut rx.as_tx(), known).await.unwrap()
}

both_engines! {
    /// AUD-5, AUD-6: what was done is told once, with the request it came by; digests, never values.
    fn what_is_done_is_told_with_who_and_from_where(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let before = trail(&shop).await.len();
        let api = shop.api(shop.manager()).from("192.0.2.7".parse().unwrap()).header("user-agent", "caja/1").header("x-request-id", "pedido-0001");
        api.post("/api/v1/movements", receipt("LECHE", "7", "1234.56")).await.expect_status(201);
        let told = trail(&shop).await;
        assert_eq!(told.len(), before + 1, "{told:?}");
        let last = &told[before];
        assert_eq!((last.event.as_str(), last.family.as_str(), last.class.as_str()), ("stock.post_movement", "modify", "internal"));
        assert_eq!((last.actor.clone(), last.actor_name.as_str()), (shop.manager().reference(), "manager"));
        assert_eq!((last.face.as_str(), last.client_ip.as_str(), last.agent.as_str()), ("dashboard", "192.0.2.7", "caja/1"));
        assert_eq!((last.request_id.as_str(), last.resource.as_str()), ("pedido-0001", "sku:LECHE"));
        assert_eq!(last.after_digest.as_ref().map(Vec::len), Some(32));
        assert!(!format!("{told:?}").contains("1234"), "a cost is no part of the trail");
    }
}

both_engines! {
    /// What is refused, or answered from memory, was not done; reading does nothing.
    fn nothing_is_told_as_done_that_was_not(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        api.clone().key("once").post("/api/v1/movements", receipt("LECHE", "7", "100")).await.expect_status(201);
        let before = trail(&shop).await.len();
        api.clone().key("once").post("/api/v1/movements", receipt("LECHE", "7", "100")).await.expect_status(201);
        api.post("/api/v1/movements", receipt("NADA", "7", "100")).await.expect_problem(422, "unknown_product");
        shop.api(shop.user(gondola_store::Role::Auditor)).post("/api/v1/movements", receipt("LECHE", "1", "1")).await.expect_problem(403, "forbidden");
        api.get("/api/v1/inventory").await.expect_status(200);
        assert_eq!(trail(&shop).await.len(), before);
    }
}

both_engines! {
    fn keys_and_rights_are_families_of_their_own(shop: TestShop) {
        let marta = user(&shop, "marta", "admin").await;
        let admin = shop.api(Actor { id: marta.id, ..shop.admin() });
        let key = admin.post("/api/v1/keys", json!({"name": "balanza", "scopes": ["read"]})).await.expect_status(201).json();
        let path = format!("/api/v1/keys/{}", key["id"].as_str().unwrap());
        admin.post(&format!("{path}/rotate"), json!({})).await.expect_status(200);
        admin.post(&format!("{path}/revoke"), json!({})).await.expect_status(200);
        let told = trail(&shop).await;
        let of = |family: &str| told.iter().filter(|told| told.family == family).map(|told| told.event.as_str()).collect::<Vec<_>>();
        assert_eq!(of("key"), ["people.create_key", "people.rotate_key", "people.revoke_key"]);
        assert_eq!(of("privilege"), ["people.create_user"]);
        assert!(!format!("{told:?}").contains("gnd_"));
    }
}

both_engines! {
    /// AUD-5: who was turned away is told, once however often within a moment, and whoever takes a list along. Where a
    /// stranger wanted to go nobody looked, so that they cannot fill the trail with paths of their own.
    fn refusals_and_exports_are_told(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let before = trail(&shop).await.len();
        for _ in 0..3 {
            shop.program().from("192.0.2.9".parse().unwrap()).get("/api/v1/products").await.expect_status(401);
        }
        shop.api(shop.user(gondola_store::Role::Cashier)).get("/api/v1/audit").await.expect_status(403);
        shop.api(shop.admin()).get("/health/live").await.expect_status(200);
        shop.refusals().write(shop.db()).await.unwrap();
        let told = trail(&shop).await;
        let mut lines: Vec<_> = told[before..].iter().map(|told| (told.actor.as_str(), told.resource.as_str(), told.client_ip.as_str())).collect();
        lines.sort_unstable();
        let cashier = shop.user(gondola_store::Role::Cashier).reference();
        let mut expected = [("anonymous", "GET unmatched", "192.0.2.9"), (cashier.as_str(), "GET /api/v1/audit", "127.0.0.1")];
        expected.sort_unstable();
        assert_eq!(lines, expected);
        let api = shop.api(shop.admin());
        api.get("/api/v1/inventory?format=csv").await.expect_status(200);
        let list = api.get("/api/v1/audit?family=read").await.expect_status(200).json();
        assert_eq!((&list["items"][0]["event"], &list["items"][0]["resource"], &list["items"][0]["records"]), (&json!("list.exported"), &json!("inventory.csv"), &json!(1)));
        let refused = api.get("/api/v1/audit?event=http.refused&user=anonymous").await.expect_status(200).json();
        assert_eq!((&refused["items"][0]["records"], &refused["items"][0]["status"]), (&json!(3), &json!(401)));
        let file = api.get("/api/v1/audit?family=read&format=csv").await.expect_status(200).text();
        assert_eq!(file.matches("list.exported").count(), 1, "what was there before it was asked for: {file}");
        assert_eq!(api.get("/api/v1/audit?family=read").await.json()["items"].as_array().unwrap().len(), 2);
    }
}

both_engines! {
    /// The trail is read by the owner and the accountant; it narrows by who, what, about what and when.
    fn the_trail_is_read_by_owner_and_accountant(shop: TestShop) {
        use gondola_store::Role;
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let manager = shop.api(shop.manager());
        for sku in ["LECHE", "PAN", "LECHE"] {
            manager.post("/api/v1/movements", receipt(sku, "1", "100")).await.expect_status(201);
        }
        let found = async |query: &str| {
            let list = shop.api(shop.admin()).get(&format!("/api/v1/audit?{query}")).await.expect_status(200).json();
            list["items"].as_array().unwrap().len()
        };
        assert_eq!(found("user=manager&event=stock.post_movement").await, 3);
        assert_eq!(found("resource=sku:LECHE").await, 2);
        assert_eq!(found("resource=sku:LECHE&to=2020-01-01").await, 0);
        assert_eq!(found("user=manager&limit=2").await, 2);
        shop.api(shop.admin()).get("/api/v1/audit?family=chisme").await.expect_problem(422, "invalid");
        for (role, status) in [(Role::Auditor, 200), (Role::Manager, 403), (Role::Deposito, 403), (Role::Negocio, 403), (Role::Cashier, 403)] {
            shop.api(shop.user(role)).get("/api/v1/audit").await.expect_status(status);
            shop.page(shop.user(role)).get("/audit").await.expect_status(status);
        }
        shop.api(shop.key("read,write")).get("/api/v1/audit").await.expect_status(403);
        let page = shop.page(shop.admin()).get("/audit?resource=sku:LECHE").await.expect_status(200).text();
        assert!(page.contains("Registró un movimiento") && page.contains("sku:LECHE") && !page.contains("sku:PAN"), "{page}");
    }
}

both_engines! {
    /// AUD-5: a log-in is told with who came in, one that failed with from where, and neither with what was typed.
    fn log_ins_are_told(shop: TestShop) {
        let marta = user(&shop, "marta", "admin").await;
        let browser = shop.browser().from("192.0.2.7".parse().unwrap());
        browser.form("/login", "username=marta&password=otra+cosa+distinta").await.expect_status(401);
        browser.form("/login", &format!("username=marta&password={}", encoded(PASSWORD))).await.expect_status(303);
        let told = trail(&shop).await;
        let told: Vec<_> = told.iter().filter(|told| told.family == "auth").map(|told| {
            (told.event.as_str(), told.actor.clone(), told.client_ip.as_str())
        }).collect();
        let expected = [
            ("people.count_failed_log_in", "system:log-in".to_owned(), "192.0.2.7"),
            ("people.log_in", format!("user:{}", marta.id), "192.0.2.7"),
        ];
        assert_eq!(told, expected);
        assert!(!format!("{:?}", trail(&shop).await).contains("otra"));
    }
}

both_engines! {
    /// RTE-3: entries name no place, so an owner or accountant of one place reads what they did themselves.
    fn whoever_sees_one_place_reads_their_own_entries(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let narrow = of_place(&shop, shop.admin(), "deposito").await;
        let narrow = Actor { id: Uuid::from_u128(77), name: "narrow".to_owned(), ..narrow };
        shop.api(shop.manager()).post("/api/v1/movements", receipt("LECHE", "1", "100")).await.expect_status(201);
        shop.api(narrow.clone()).post("/api/v1/movements", receipt("LECHE", "1", "100")).await.expect_status(201);
        let own = shop.api(narrow.clone()).get("/api/v1/audit").await.expect_status(200).json();
        let users: Vec<_> = own["items"].as_array().unwrap().iter().map(|entry| entry["user"].clone()).collect();
        assert_eq!(users, ["narrow"]);
        let foreign = shop.api(narrow.clone()).get("/api/v1/audit?user=manager").await.expect_status(200).json();
        assert_eq!(foreign["items"], json!([]));
        let page = shop.page(narrow).get("/audit").await.expect_status(200).text();
        assert_eq!(page.matches("Registró un movimiento").count(), 1, "{page}");
    }
}

/// Ten entries and the end of their chain.
async fn ten_entries(shop: &TestShop) -> AuditHead {
    stocked(shop, &[("LECHE", "un")]).await;
    while trail(shop).await.len() < 10 {
        shop.api(shop.admin()).post("/api/v1/movements", receipt("LECHE", "1", "100")).await.expect_status(201);
    }
    let report = sealed(shop, &[]).await;
    assert_eq!((report.waiting, &report.faults[..]), (0, &[][..]));
    report.head
}

/// Runs statements behind the program's back.
async fn directly(shop: &TestShop, sql: &'static str) -> Result<(), sqlx::Error> {
    if shop.url().starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(shop.url()).await?;
        return sqlx::raw_sql(sql).execute(&mut connection).await.map(drop);
    }
    let mut connection = PgConnection::connect(shop.url()).await?;
    sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
}

/// Changes the trail, with the triggers taken away that would have refused.
async fn tamper(shop: &TestShop, sql: &'static str) {
    let triggers = match shop.url().starts_with("sqlite:") {
        true => "drop trigger audit_trail_keep_history_update; drop trigger audit_trail_keep_history_delete",
        false => "alter table audit_trail disable trigger user",
    };
    directly(shop, triggers).await.unwrap();
    directly(shop, sql).await.unwrap();
}

/// What somebody did to the trail, and what must be found where.
const TAMPERINGS: [(&str, FaultKind, i64); 11] = [
    ("update audit_trail set actor_name = 'nadie' where position = 4", FaultKind::Edited, 4),
    ("update audit_trail set at = at + 1 where position = 4", FaultKind::Edited, 4),
    ("update audit_trail set after_digest = null where position = 4", FaultKind::Edited, 4),
    ("update audit_trail set row_hash = prev_hash where position = 4", FaultKind::Edited, 4),
    ("update audit_trail set prev_hash = row_hash where position = 4", FaultKind::Unlinked, 4),
    ("delete from audit_trail where position = 4", FaultKind::Misplaced, 5),
    ("delete from audit_trail where position = 1", FaultKind::Misplaced, 2),
    ("delete from audit_trail where position > 8", FaultKind::CutOff, 9),
    (
        "update audit_trail set position = -position where position in (4, 5);
         update audit_trail set position = 9 + position where position in (-4, -5)",
        FaultKind::Unlinked,
        4,
    ),
    (
        "update audit_trail set position = -1 - position where position > 3;
         update audit_trail set position = -position where position < 0;
         insert into audit_trail (sequence, event, family, at, actor, actor_name, face, resource, status, records, client_ip,
            agent, request_id, class, sensitivity, reason, before_digest, after_digest, position, prev_hash, row_hash)
         select 1000, event, family, at, actor, actor_name, face, resource, status, records, client_ip,
            agent, request_id, class, sensitivity, reason, before_digest, after_digest, 4, prev_hash, row_hash
         from audit_trail where position = 3",
        FaultKind::Unlinked,
        4,
    ),
    ("update audit_trail set position = null, prev_hash = null, row_hash = null where position = 10", FaultKind::CutOff, 10),
];

async fn is_found(shop: TestShop, (sql, kind, position): (&'static str, FaultKind, i64)) {
    let head = ten_entries(&shop).await;
    tamper(&shop, sql).await;
    let mut rx = shop.db().read().await.unwrap();
    let report = verify(&mut rx.as_tx(), &[head]).await.unwrap();
    let found = report.faults.iter().any(|fault| (fault.kind, fault.position) == (kind, position));
    assert!(found, "{sql}: {:?}", report.faults);
}

#[tokio::test]
async fn whoever_touches_the_trail_is_found_out_on_sqlite() {
    for tampering in TAMPERINGS {
        is_found(TestShop::sqlite().await, tampering).await;
    }
}

#[tokio::test]
async fn whoever_touches_the_trail_is_found_out_on_postgres() {
    for tampering in TAMPERINGS {
        let Some(shop) = TestShop::postgres().await else { return };
        is_found(shop, tampering).await;
    }
}

both_engines! {
    /// The database itself refuses to edit or delete an entry, sealed or not, and to seal one twice.
    fn the_database_keeps_the_trail(shop: TestShop) {
        ten_entries(&shop).await;
        let before = format!("{:?}", trail(&shop).await);
        let attempts = [
            "update audit_trail set actor_name = 'nadie'",
            "update audit_trail set position = position + 100",
            "update audit_trail set position = null, prev_hash = null, row_hash = null",
            "delete from audit_trail where position = 10",
            "delete from audit_trail",
        ];
        for sql in attempts {
            let refused = directly(&shop, sql).await;
            assert!(refused.unwrap_err().to_string().contains("the audit trail is never"), "{sql}");
        }
        assert_eq!(format!("{:?}", trail(&shop).await), before);
    }
}

both_engines! {
    /// An entry that came without its seal, as from a shop copied in the moment before it, gets it on either engine.
    fn what_waits_is_sealed_on_either_engine(shop: TestShop) {
        let head = ten_entries(&shop).await;
        directly(&shop, "insert into audit_trail (sequence, event, family, at, actor, actor_name, face, resource, status, records,
                client_ip, agent, request_id, class, sensitivity, reason)
            values (1000, 'x', 'modify', 1, 'user:1', 'Ana', '', '', 200, 1, '', '', '', 'internal', 1, '')").await.unwrap();
        let waits = async || {
            let mut once = shop.db().read_once().await.unwrap();
            awaits_seal(&mut once.as_tx()).await.unwrap()
        };
        assert!(waits().await);
        let report = sealed(&shop, &[head]).await;
        assert_eq!((report.faults.len(), report.waiting, report.head.position), (0, 0, 11));
        assert!(!waits().await);
    }
}

both_engines! {
    /// AUD-4: many writers at once and two sealers keep one unbroken chain.
    fn many_writers_keep_one_chain(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let shop = Arc::new(shop);
        let before = trail(&shop).await.len();
        let mut writers = JoinSet::new();
        for at in 0..200 {
            let shop = Arc::clone(&shop);
            writers.spawn(async move {
                let sku = ["LECHE", "PAN"][at % 2];
                shop.api(shop.admin()).post("/api/v1/movements", receipt(sku, "1", "100")).await.expect_status(201);
                if at % 20 == 0 {
                    shop.db().execute(&Actor::system("worker"), None, SealAudit).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let report = sealed(&shop, &[]).await;
        assert_eq!((report.faults.len(), report.waiting), (0, 0));
        assert_eq!(report.entries, before as u64 + 200);
        assert_eq!(report.head.position, i64::try_from(report.entries).unwrap());
    }
}
