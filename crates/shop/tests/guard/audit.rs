//! The audit trail on both engines (AUD-2, AUD-4 … AUD-6): each thing that was done is there once, with who and from
//! where; nothing that was refused is told as done; whoever touches it is found out, and where.

use std::sync::Arc;

use crate::common::people::{PASSWORD, encoded, user};
use crate::common::shelves::of_place;
use crate::common::{directly, receipt, stocked};
use gondola_store::audit::{AuditHead, AuditReport, FaultKind, SealAudit, awaits_seal, verify};
use gondola_store::sqlx;
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

/// An entry's reason and its digests of before and after.
type Change = (String, Option<Vec<u8>>, Option<Vec<u8>>);

async fn last_change(shop: &TestShop) -> Change {
    let mut rx = shop.db().read().await.unwrap();
    both!(&mut rx.as_tx(), c, _text => sqlx::query_as("select reason, before_digest, after_digest from audit_trail order by sequence desc limit 1").fetch_one(c).await.unwrap())
}

both_engines! {
    /// AUD-6: what changes has a digest of how it was, which is that of how it became the time before; never a value.
    fn what_changes_has_a_digest_of_how_it_was(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let owner = user(&shop, "marta", "admin").await;
        let admin = shop.api(Actor { id: owner.id, ..shop.admin() });
        let product = admin.get("/api/v1/products/sku:LECHE").await.expect_status(200).json();
        let version = product["version"].as_i64().unwrap();
        admin.clone().if_match(version).patch("/api/v1/products/sku:LECHE", json!({"name": "Leche entera"})).await.expect_status(200);
        let (_, before_name, after_name) = last_change(&shop).await;
        admin.clone().if_match(version + 1).patch("/api/v1/products/sku:LECHE", json!({"sale_price": "1850.00"})).await.expect_status(200);
        let (_, before_price, after_price) = last_change(&shop).await;
        assert_eq!(before_price, after_name, "the price was changed on what the name left");
        assert!(before_name.is_some() && before_name != after_name && before_price != after_price);
        admin.post("/api/v1/products/sku:LECHE/deactivate", json!({})).await.expect_status(200);
        let (_, before, after) = last_change(&shop).await;
        assert!(before == after_price && before != after);
        let hugo = user(&shop, "hugo", "cashier").await;
        let (reason, before, made) = last_change(&shop).await;
        assert_eq!((reason.as_str(), before), ("role:cashier", None), "who is new was nothing before");
        admin.clone().if_match(1).patch(&format!("/api/v1/users/{}", hugo.id), json!({"role": "manager"})).await.expect_status(200);
        let (reason, before, after) = last_change(&shop).await;
        assert!(reason == "role:manager" && before == made && before != after);
        let key = admin.post("/api/v1/keys", json!({"name": "balanza", "scopes": ["read"]})).await.expect_status(201).json();
        let path = format!("/api/v1/keys/{}", key["id"].as_str().unwrap());
        let (_, _, made) = last_change(&shop).await;
        admin.post(&format!("{path}/rotate"), json!({})).await.expect_status(200);
        let (_, before, rotated) = last_change(&shop).await;
        assert!(before == made && before != rotated);
        admin.post(&format!("{path}/revoke"), json!({})).await.expect_status(200);
        let (_, before, revoked) = last_change(&shop).await;
        assert!(before == rotated && before != revoked);
        admin.post(&format!("{path}/revoke"), json!({})).await.expect_status(200);
        let (_, before, after) = last_change(&shop).await;
        assert_eq!(before, after, "revoked twice, nothing changed");
    }
}

both_engines! {
    /// AUD-6: rules and places too, many products at once, and why something was undone.
    fn rules_places_and_batches_have_a_digest_of_how_they_were(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let admin = shop.api(shop.admin());
        let rule = |overdraw: &str| json!({"location": "deposito", "overdraw": overdraw});
        let made = admin.put("/api/v1/stock/negative-policies", rule("refuse")).await.expect_status(200).json();
        let (_, none, first) = last_change(&shop).await;
        admin.put("/api/v1/stock/negative-policies", rule("allow")).await.expect_status(200);
        let (_, before, second) = last_change(&shop).await;
        assert!(none.is_none() && before == first && second != first);
        admin.delete(&format!("/api/v1/stock/negative-policies/{}", made["id"].as_str().unwrap())).await.expect_status(204);
        assert_eq!(last_change(&shop).await.1, second);
        admin.clone().if_match(1).patch("/api/v1/locations/local", json!({"name": "Salón"})).await.expect_status(200);
        let (_, before, after) = last_change(&shop).await;
        assert!(before.is_some() && before != after);
        let lines = json!({"lines": [{"product": "sku:LECHE", "changes": {"sale_price": "10.00"}}, {"product": "sku:PAN", "changes": {"sale_price": "20.00"}}]});
        admin.post("/api/v1/products/bulk", lines).await.expect_status(200);
        assert!(last_change(&shop).await.1.is_some());
        let movement = admin.post("/api/v1/movements", receipt("LECHE", "1", "100")).await.expect_status(201).json();
        let path = format!("/api/v1/movements/{}/reverse", movement["id"].as_str().unwrap());
        admin.post(&path, json!({"reason": "Se cargó dos veces"})).await.expect_status(201);
        assert_eq!(last_change(&shop).await.0, "Se cargó dos veces");
        let told = admin.get("/api/v1/audit?event=stock.reverse_movement").await.expect_status(200).json();
        assert_eq!(told["items"][0]["reason"], "Se cargó dos veces");
    }
}

both_engines! {
    /// AUD-3: where the trail cannot be written nothing is changed, nobody gets in and no list goes out; reading goes on.
    fn without_the_trail_nothing_is_changed_and_nothing_goes_out(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        user(&shop, "marta", "admin").await;
        let admin = shop.api(shop.admin());
        admin.post("/api/v1/movements", receipt("LECHE", "7", "100")).await.expect_status(201);
        let held = async || admin.get("/api/v1/inventory/LECHE").await.expect_status(200).json()["on_hand"].clone();
        let before = (trail(&shop).await.len(), held().await);
        directly(&shop, "alter table audit_trail rename to taken_away").await.unwrap();
        let denied = [
            admin.post("/api/v1/movements", receipt("LECHE", "1", "100")).await,
            admin.clone().if_match(1).patch("/api/v1/products/sku:LECHE", json!({"name": "Otra"})).await,
            admin.post("/api/v1/keys", json!({"name": "balanza", "scopes": ["read"]})).await,
            shop.browser().form("/login", &format!("username=marta&password={}", encoded(PASSWORD))).await,
            admin.get("/api/v1/inventory?format=csv").await,
            admin.get("/api/v1/products?format=xlsx").await,
        ];
        for (at, answer) in denied.iter().enumerate() {
            assert!(answer.status >= 500, "{at}: {} {}", answer.status, answer.text());
            assert!(!answer.text().contains("LECHE"), "{at}: {}", answer.text());
            assert_eq!(answer.header("set-cookie"), "", "{at}");
        }
        assert_eq!(held().await, before.1, "reading goes on, and nothing was changed");
        directly(&shop, "alter table taken_away rename to audit_trail").await.unwrap();
        assert_eq!((trail(&shop).await.len(), held().await), before);
        assert!(admin.get("/api/v1/keys").await.expect_status(200).json()["items"].as_array().unwrap().is_empty());
        assert_eq!(admin.get("/api/v1/products/sku:LECHE").await.json()["version"], 1);
        admin.post("/api/v1/movements", receipt("LECHE", "1", "100")).await.expect_status(201);
        crate::common::adds_up(&shop).await;
    }
}

both_engines! {
    /// AUD-6: what goes from state to state has a digest of the state before, which is that of how it got there.
    fn what_goes_from_state_to_state_has_a_digest_of_the_one_before(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = || shop.api(shop.admin());
        api().post("/api/v1/movements", receipt("LECHE", "10", "100")).await.expect_status(201);
        let transfer = json!({"from": "deposito", "to": "local", "lines": [{"product": "sku:LECHE", "quantity": "2"}],
            "reason": "Reposición"});
        let reservation = json!({"product": "sku:LECHE", "location": "deposito", "quantity": "1", "reason": "Para Ana",
            "expires_at": "2026-11-23T20:00:00-03:00"});
        for (begin, body, end, finish) in [
            ("transfers", transfer.clone(), "cancel", json!({"reason": "Se rompió la moto"})),
            ("transfers", transfer, "receive", json!({"lines": [{"product": "sku:LECHE", "quantity": "2"}]})),
            ("counts", json!({"location": "deposito", "blind": true, "reason": "Conteo semanal"}), "cancel", json!({"reason": "Mañana"})),
            ("reservations", reservation, "void", json!({})),
        ] {
            let begun = api().post(&format!("/api/v1/{begin}"), body).await.expect_status(201).json();
            let (_, nothing, made) = last_change(&shop).await;
            assert_eq!(nothing, None, "{begin}: it was nothing before");
            let path = format!("/api/v1/{begin}/{}/{end}", begun["id"].as_str().unwrap());
            api().post(&path, finish).await.expect_status(200);
            let (_, before, after) = last_change(&shop).await;
            assert!(before == made && before != after, "{path}");
        }
        let rubro = json!({"code": "ZZ", "name": "Varios"});
        let made = api().post("/api/v1/categories", rubro).await.expect_status(201).json();
        let (_, _, was) = last_change(&shop).await;
        let change = json!({"name": "Varios y más"});
        api().if_match(made["version"].as_i64().unwrap()).patch("/api/v1/categories/ZZ", change).await.expect_status(200);
        let (_, before, after) = last_change(&shop).await;
        assert!(before == was && before != after);
    }
}
