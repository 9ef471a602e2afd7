//! AUD-1 on both engines: what happens in a shop is noticed by the detectors, kept once, told to whoever may read the
//! trail, and marked as seen with a note that is in the trail itself. The rules themselves are in `detectors`.

use std::time::Duration;

use crate::common::pages::form;
use crate::common::people::user;
use crate::common::shelves::of_place;
use crate::common::{nothing, stocked};
use gondola_shop::audit::detect::{Detector, Severity};
use gondola_shop::audit::{Found, watch};
use gondola_shop::people::{KeyInput, console};
use gondola_store::audit::{Entry, NoteEntries};
use gondola_store::{Actor, Audited, Role};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn cases(shop: &TestShop) -> Vec<Value> {
    let list = shop.api(shop.admin()).get("/api/v1/audit/detections").await.expect_status(200).json();
    list["items"].as_array().unwrap().clone()
}

/// Log-ins that fail, a minute apart, as an address that guesses sends them.
async fn guess(shop: &TestShop, username: &str, times: usize) {
    let browser = shop.browser().from("203.0.113.7".parse().unwrap());
    for _ in 0..times {
        browser.form("/login", &form(&[("username", username), ("password", "adivinanza")])).await.expect_status(401);
        shop.clock().advance(MINUTE);
    }
}

async fn look(shop: &TestShop) -> Vec<Found> {
    shop.clock().advance(5 * MINUTE);
    shop.refusals().write(shop.db()).await.unwrap();
    watch(shop.app()).await.unwrap()
}

both_engines! {
    /// AUD-1: guessed passwords are one case, found once, that grows; worse than what was seen, it is to be seen again.
    fn guessed_passwords_are_one_case_that_grows(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        guess(&shop, "marta", 4).await;
        assert_eq!(look(&shop).await, []);
        guess(&shop, "Marta", 1).await;
        assert_eq!(watch(shop.app()).await.unwrap(), [], "it was looked a moment ago");
        assert_eq!(look(&shop).await, [Found { detector: Detector::BruteForce, severity: Severity::High }]);
        assert_eq!(look(&shop).await, [], "once");
        let case = cases(&shop).await.remove(0);
        assert_eq!((&case["subject"], &case["about"], &case["count"]), (&json!("marta"), &json!("203.0.113.7"), &json!(5)));
        assert!(case["rule"].as_str().unwrap().starts_with("5 or more failed log-ins"), "{case}");
        let path = format!("/api/v1/audit/detections/{}/seen", case["id"].as_str().unwrap());
        shop.api(shop.admin()).post(&path, json!({"note": "Era ella, desde el celular"})).await.expect_status(200);
        guess(&shop, "marta", 15).await;
        assert_eq!(look(&shop).await, []);
        let grown = cases(&shop).await;
        assert_eq!(grown.len(), 1, "{grown:?}");
        assert_eq!((&grown[0]["severity"], &grown[0]["seen_at"], &grown[0]["id"]), (&json!("critical"), &Value::Null, &case["id"]));
        assert_eq!(grown[0]["first_at"], case["first_at"]);
    }
}

both_engines! {
    /// PEN-1 A07: whoever tries one password on one account after the other is a case of its address.
    fn one_password_on_many_accounts_is_a_case(shop: TestShop) {
        for number in 0..10 {
            assert_eq!(look(&shop).await, [], "{number}");
            guess(&shop, &format!("cuenta{number}"), 1).await;
        }
        assert_eq!(look(&shop).await, [Found { detector: Detector::BruteForce, severity: Severity::High }]);
        let case = cases(&shop).await.remove(0);
        assert_eq!((&case["subject"], &case["count"]), (&json!("203.0.113.7"), &json!(10)));
    }
}

both_engines! {
    /// What is typed as a name is told when it could be one: passwords are typed there too.
    fn a_password_typed_as_a_name_is_not_told(shop: TestShop) {
        guess(&shop, "mi clave es: perro", 1).await;
        guess(&shop, "nadie", 1).await;
        let trail = shop.api(shop.admin()).get("/api/v1/audit?event=people.count_failed_log_in").await.expect_status(200);
        let named: Vec<_> = trail.json()["items"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect();
        assert_eq!(named, ["nadie", "?"]);
        assert!(!trail.text().contains("perro") && !trail.text().contains("adivinanza"));
    }
}

async fn key(shop: &TestShop, name: &str, networks: &[&str]) -> String {
    let networks = networks.iter().map(|network| (*network).to_owned()).collect();
    let input =
        KeyInput { name: Some(name.to_owned()), scopes: vec!["read".to_owned()], networks, ..KeyInput::default() };
    console::create_key(shop.db(), &shop.app().zone, input).await.unwrap().secret.reveal().to_owned()
}

both_engines! {
    /// AUD-1, KEY-4: a key that expired, was revoked, lacks the scope or comes from elsewhere is told by its name in the
    /// trail, and by nothing in the answer; three uses are a case.
    fn uses_of_keys_that_are_no_good_are_told_by_the_key(shop: TestShop) {
        let expired = key(&shop, "vencida", &[]).await;
        shop.clock().advance(61 * DAY);
        let revoked = key(&shop, "revocada", &[]).await;
        console::revoke_key(shop.db(), "revocada").await.unwrap();
        let (foreign, narrow) = (key(&shop, "lejana", &["10.0.0.0/8"]).await, key(&shop, "corta", &[]).await);
        let stranger = gondola_shop::people::Secret::draw_key();
        let anonymous = shop.program().get("/api/v1/products").await.expect_status(401);
        for secret in [&expired, &revoked, &foreign] {
            for _ in 0..3 {
                let refused = shop.program().header("x-api-key", secret).get("/api/v1/products").await.expect_status(401);
                let without_id = |text: String| text.split("request_id").next().unwrap().to_owned();
                assert_eq!(without_id(refused.text()), without_id(anonymous.text()));
            }
        }
        for _ in 0..3 {
            shop.program().header("x-api-key", &narrow).get("/api/v1/audit").await.expect_status(403);
            shop.program().header("x-api-key", stranger.reveal()).get("/api/v1/audit").await.expect_status(401);
        }
        let found = look(&shop).await;
        assert_eq!(found, vec![Found { detector: Detector::KeyMisuse, severity: Severity::High }; 4]);
        let mut users: Vec<_> = cases(&shop).await.iter().map(|case| case["user"].as_str().unwrap().to_owned()).collect();
        users.sort();
        assert_eq!(users, ["corta", "lejana", "revocada", "vencida"]);
        let told = async |user: &str| {
            let list = shop.api(shop.admin()).get(&format!("/api/v1/audit?event=http.refused&user={user}")).await.json();
            let entry = list["items"][0].clone();
            assert!(entry["actor"].as_str().unwrap().starts_with("key:"), "{entry}");
            (entry["reason"].as_str().unwrap().to_owned(), entry["status"].clone(), entry["records"].clone())
        };
        for (user, reason, status) in [("vencida", "key_expired", 401), ("revocada", "key_revoked", 401), ("lejana", "key_foreign_network", 401), ("corta", "forbidden", 403)] {
            assert_eq!(told(user).await, (reason.to_owned(), json!(status), json!(3)), "{user}");
        }
        assert_eq!(cases(&shop).await.len(), 4, "a key that nobody made is nobody's");
    }
}

both_engines! {
    /// A key whose owner was put out of use is told too, and one that was rotated by the secret it had.
    fn a_key_without_an_owner_and_an_old_secret_are_told(shop: TestShop) {
        let marta = user(&shop, "marta", "admin").await;
        let own = shop.api(Actor { id: marta.id, ..shop.admin() });
        let made = own.post("/api/v1/keys", json!({"name": "propia", "scopes": ["read"]})).await.expect_status(201).json();
        let old = own.post("/api/v1/keys", json!({"name": "girada", "scopes": ["read"]})).await.expect_status(201).json();
        own.post(&format!("/api/v1/keys/{}/rotate", old["id"].as_str().unwrap()), json!({"overlap_hours": 1})).await.expect_status(200);
        let knock = async |made: &Value| {
            shop.program().header("x-api-key", made["secret"].as_str().unwrap()).get("/api/v1/products").await
        };
        knock(&old).await.expect_status(200);
        shop.clock().advance(DAY);
        knock(&old).await.expect_status(401);
        user(&shop, "otra", "admin").await;
        shop.api(shop.admin()).if_match(1).patch(&format!("/api/v1/users/{}", marta.id), json!({"active": false})).await.expect_status(200);
        knock(&made).await.expect_status(401);
        shop.refusals().write(shop.db()).await.unwrap();
        let list = shop.api(shop.admin()).get("/api/v1/audit?event=http.refused").await.json();
        let mut told: Vec<_> = list["items"].as_array().unwrap().iter().map(|entry| format!("{} {}", entry["user"], entry["reason"])).collect();
        told.sort();
        assert_eq!(told, ["\"girada\" \"key_expired\"", "\"propia\" \"key_owner_disabled\""]);
    }
}

both_engines! {
    /// AUD-1: an account that climbs is noticed, by its name.
    fn an_account_that_climbs_is_noticed(shop: TestShop) {
        user(&shop, "ana", "admin").await;
        let hugo = user(&shop, "hugo", "cashier").await;
        let owner = shop.api(shop.admin());
        let path = format!("/api/v1/users/{}", hugo.id);
        owner.clone().if_match(1).patch(&path, json!({"name": "Hugo"})).await.expect_status(200);
        owner.clone().if_match(2).patch(&path, json!({"role": "manager"})).await.expect_status(200);
        assert_eq!(look(&shop).await, []);
        owner.clone().if_match(3).patch(&path, json!({"role": "admin"})).await.expect_status(200);
        assert_eq!(look(&shop).await, [Found { detector: Detector::PrivilegeEscalation, severity: Severity::Critical }]);
        assert_eq!(cases(&shop).await[0]["subject"], "hugo");
    }
}

/// An entry of a manager, as the trail keeps what happened a while ago.
fn entry(shop: &TestShop, event: &str, audited: Audited, ip: &str) -> Entry {
    let origin = gondola_store::Origin { face: "dashboard", client_ip: ip.to_owned(), ..Default::default() };
    let actor = Actor { origin: std::sync::Arc::new(origin), ..shop.manager() };
    let (event, at) = (event.to_owned(), shop.db().now());
    let (resource, reason) = ("inventory.csv".to_owned(), String::new());
    Entry {
        event,
        audited,
        at,
        actor,
        resource,
        status: 200,
        records: 1,
        reason,
        approver: String::new(),
        before: None,
        after: None,
    }
}

both_engines! {
    /// AUD-1: lists and addresses are read from the trail as they are there.
    fn lists_that_go_out_and_addresses_are_read_from_the_trail(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let mut entries: Vec<Entry> =
            (0..11).map(|number| entry(&shop, "stock.post_movement", Audited::MODIFY, &format!("198.51.100.{number}"))).collect();
        entries.push(Entry { records: 60_000, ..entry(&shop, "list.exported", Audited::READ, "192.0.2.7") });
        shop.db().execute(&Actor::system("door"), None, NoteEntries(entries)).await.unwrap();
        let found: Vec<_> = look(&shop).await.into_iter().map(|found| (found.detector, found.severity)).collect();
        assert_eq!(found, [(Detector::IpSpread, Severity::Medium), (Detector::Exfiltration, Severity::Critical)]);
        for case in cases(&shop).await {
            assert_eq!((&case["subject"], &case["user"]), (&json!(shop.manager().reference()), &json!("manager")));
        }
    }
}

both_engines! {
    /// AUD-1: whoever may read the trail reads the cases and marks them, once, with a note; the trail tells.
    fn a_case_is_marked_as_seen_once_with_a_note(shop: TestShop) {
        guess(&shop, "nadie", 5).await;
        look(&shop).await;
        let id = cases(&shop).await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/audit/detections/{id}/seen");
        for role in [Role::Manager, Role::Cashier, Role::Auditor] {
            shop.api(shop.user(role)).post(&path, json!({"note": "Todo bien"})).await.expect_problem(403, "forbidden");
            let status = if role == Role::Auditor { 200 } else { 403 };
            let shown = shop.page(shop.user(role)).get("/audit/detections").await.expect_status(status).text();
            assert!(!shown.contains("/seen\""), "USR-6: {role:?} may not mark it");
        }
        let owner = shop.api(shop.admin());
        for note in [json!({}), json!({"note": "no"}), json!({"note": "x".repeat(201)})] {
            owner.post(&path, note).await.expect_problem(422, "invalid");
        }
        owner.post(&format!("/api/v1/audit/detections/{}/seen", nothing()), json!({"note": "Todo bien"})).await.expect_problem(404, "not_found");
        let page = shop.page(shop.admin());
        let html = page.get("/audit/detections").await.expect_status(200).text();
        assert!(html.contains("Prueban contraseñas") && html.contains("5 o más entradas fallidas") && html.contains("203.0.113.7"), "{html}");
        assert!(page.get("/audit").await.expect_status(200).text().contains("/audit/detections"));
        let short = page.form(&format!("/audit/detections/{id}/seen"), &form(&[("note", "no"), ("idempotency_key", "una")])).await;
        assert!(short.expect_status(422).text().contains("al menos 3 letras"));
        let marked = page.form(&format!("/audit/detections/{id}/seen"), &form(&[("note", "Era <Marta>"), ("idempotency_key", "dos")])).await;
        marked.expect_status(303);
        owner.post(&path, json!({"note": "Todo bien"})).await.expect_problem(409, "seen_already");
        let case = cases(&shop).await.remove(0);
        assert_eq!((&case["seen_by"], &case["note"]), (&json!("admin"), &json!("Era <Marta>")));
        let entries = owner.get("/api/v1/audit?event=audit.mark_seen").await.expect_status(200).json();
        let told: Vec<_> = entries["items"].as_array().unwrap().iter().map(|entry| (&entry["resource"], &entry["reason"])).collect();
        assert_eq!(told, [(&json!(id), &json!("Era <Marta>"))]);
        let html = page.get("/audit/detections").await.text();
        assert!(!html.contains("Prueban contraseñas"), "{html}");
        let html = page.get("/audit/detections?seen=yes").await.text();
        assert!(html.contains("Era &#60;Marta&#62;") && html.contains("La revisó admin"), "{html}");
        let asked = async |query: &str| {
            let list = owner.get(&format!("/api/v1/audit/detections?{query}")).await.expect_status(200).json();
            list["items"].as_array().unwrap().len()
        };
        assert_eq!((asked("seen=true").await, asked("seen=false").await), (1, 0));
        assert_eq!((asked("detector=brute_force&severity=high").await, asked("detector=off_hours").await), (1, 0));
        assert_eq!(asked("to=2020-01-01").await, 0);
        owner.get("/api/v1/audit/detections?severity=tremenda").await.expect_problem(422, "invalid");
    }
}

both_engines! {
    /// RTE-3: cases name no place, so who sees one place only sees and marks none.
    fn whoever_sees_one_place_sees_no_cases(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        guess(&shop, "nadie", 5).await;
        look(&shop).await;
        let id = cases(&shop).await[0]["id"].as_str().unwrap().to_owned();
        let narrow = shop.api(of_place(&shop, shop.admin(), "deposito").await);
        assert_eq!(narrow.get("/api/v1/audit/detections").await.expect_status(200).json()["items"], json!([]));
        narrow.post(&format!("/api/v1/audit/detections/{id}/seen"), json!({"note": "Nada"})).await.expect_problem(404, "not_found");
        let html = shop.page(of_place(&shop, shop.admin(), "deposito").await).get("/audit").await.expect_status(200).text();
        assert!(!html.contains("class=\"badge\" data-kind=\"warn\">1<"), "{html}");
        assert_eq!(cases(&shop).await[0]["seen_at"], Value::Null);
    }
}

both_engines! {
    /// Two processes that look at once keep a case once.
    fn two_that_look_at_once_keep_a_case_once(shop: TestShop) {
        guess(&shop, "nadie", 5).await;
        shop.clock().advance(5 * MINUTE);
        let (one, other) = tokio::join!(watch(shop.app()), watch(shop.app()));
        assert_eq!(one.unwrap().len() + other.unwrap().len(), 1);
        assert_eq!(cases(&shop).await.len(), 1);
    }
}
