//! AUD-8 on both engines: the figures of an hour, a day, a week and a month are those that a query of one's own gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::common::shelves::of_place;
use crate::common::stocked;
use gondola_shop::audit::watch;
use gondola_store::audit::{Entry, NoteEntries};
use gondola_store::{Actor, Audited, Origin, Role, both, sqlx};
use gondola_testkit::{TestShop, both_engines};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000;
/// The periods and how long each is.
const PERIODS: [(&str, i64); 4] = [("1h", HOUR), ("24h", 24 * HOUR), ("7d", 7 * 24 * HOUR), ("30d", 30 * 24 * HOUR)];

/// An entry as the figures are checked by.
#[derive(sqlx::FromRow)]
struct Row {
    at: i64,
    event: String,
    family: String,
    actor: String,
    status: i64,
    records: i64,
}

async fn rows(shop: &TestShop) -> Vec<Row> {
    let mut rx = shop.db().read().await.unwrap();
    both!(&mut rx.as_tx(), c, _text => sqlx::query_as("select at, event, family, actor, status, records from audit_trail order by sequence").fetch_all(c).await.unwrap())
}

fn entry(shop: &TestShop, role: Role, ago: i64, event: &str, audited: Audited) -> Entry {
    let origin = Origin { client_ip: "203.0.113.7".to_owned(), ..Origin::default() };
    let actor = Actor { origin: Arc::new(origin), ..shop.user(role) };
    let (event, at, resource) = (event.to_owned(), shop.db().now() - ago, "marta".to_owned());
    Entry {
        event,
        audited,
        at,
        actor,
        resource,
        status: 200,
        records: 1,
        reason: String::new(),
        approver: String::new(),
        before: None,
        after: None,
    }
}

/// Six weeks of a shop: writes, lists that went out, refusals and log-ins that failed, on the edges of the periods too.
async fn six_weeks(shop: &TestShop) {
    stocked(shop, &[("LECHE", "un")]).await;
    shop.clock().advance(std::time::Duration::from_secs(45 * 24 * 3600));
    let mut entries = Vec::new();
    for (_, length) in PERIODS {
        for ago in [length - 1, length, length + 1, length / 2, length / 3] {
            entries.push(entry(shop, Role::Manager, ago, "stock.post_movement", Audited::MODIFY));
            entries.push(Entry { records: 40, ..entry(shop, Role::Auditor, ago, "list.exported", Audited::READ) });
            let refused = entry(shop, Role::Cashier, ago, "http.refused", Audited::AUTH);
            entries.push(Entry { status: 403, records: 3, reason: "forbidden".to_owned(), ..refused });
        }
    }
    for minute in 0..6 {
        let failed = entry(shop, Role::Cashier, minute * 60_000_000, "people.count_failed_log_in", Audited::AUTH);
        entries.push(Entry { status: 401, ..failed });
    }
    entries.sort_by_key(|entry| entry.at);
    shop.db().execute(&Actor::system("door"), None, NoteEntries(entries)).await.unwrap();
    assert!(!watch(shop.app()).await.unwrap().is_empty());
}

/// The cases there are, by detector and severity: all were found a moment ago.
async fn cases(shop: &TestShop) -> Vec<(String, i64)> {
    let mut rx = shop.db().read().await.unwrap();
    both!(&mut rx.as_tx(), c, _text => sqlx::query_as("select detector || ' ' || severity, count(*) from detections group by 1 order by 1").fetch_all(c).await.unwrap())
}

/// Counts by a name, the most first, as lists of a report are.
fn by<'r>(rows: &[&'r Row], name: impl Fn(&Row) -> &str + 'r) -> Vec<(String, i64)> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(name(row).to_owned()).or_default() += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    counts
}

fn told(list: &Value, name: &str, count: &str) -> Vec<(String, i64)> {
    let line = |line: &Value| (line[name].as_str().unwrap().to_owned(), line[count].as_i64().unwrap());
    list.as_array().unwrap().iter().map(line).collect()
}

both_engines! {
    /// AUD-8.
    fn the_figures_are_those_of_a_query_of_ones_own(shop: TestShop) {
        six_weeks(&shop).await;
        let (api, now, rows) = (shop.api(shop.user(Role::Auditor)), shop.db().now(), rows(&shop).await);
        let cases = cases(&shop).await;
        assert!(cases.contains(&("brute_force high".to_owned(), 1)), "{cases:?}");
        let mut before = 0;
        for (period, length) in PERIODS {
            let report = api.get(&format!("/api/v1/audit/report?period={period}")).await.expect_status(200).json();
            let within: Vec<&Row> = rows.iter().filter(|row| row.at > now - length && row.at <= now).collect();
            let failed: Vec<&Row> = within.iter().copied().filter(|row| row.status >= 400).collect();
            let count = |rows: &[&Row]| i64::try_from(rows.len()).unwrap();
            let read: i64 = within.iter().filter(|row| row.family == "read").map(|row| row.records).sum();
            let actors = by(&within, |row| &row.actor);
            let totals = json!({"entries": count(&within), "failures": count(&failed), "actors": actors.len(), "rows_read": read});
            assert_eq!(report["totals"], totals, "{period}");
            assert!(count(&within) > before, "{period} has more than the period before");
            before = count(&within);
            assert_eq!(told(&report["actors"], "actor", "entries"), actors, "{period}");
            assert_eq!(told(&report["events"], "event", "entries"), by(&within, |row| &row.event), "{period}");
            let mut families = by(&within, |row| &row.family);
            families.sort();
            assert_eq!(told(&report["families"], "family", "entries"), families, "{period}");
            let times = |event: &str| failed.iter().filter(|row| row.event == event).map(|row| row.records).sum::<i64>();
            let expected = [("http.refused", times("http.refused")), ("people.count_failed_log_in", times("people.count_failed_log_in"))];
            let mut failures = told(&report["failures"], "event", "times");
            failures.sort();
            assert_eq!(failures, expected.map(|(event, times)| (event.to_owned(), times)), "{period}");
            let found = report["detections"].as_array().unwrap().iter();
            let found: Vec<_> = found.map(|line| {
                assert_eq!(line["found"], line["unseen"], "nobody looked yet");
                (format!("{} {}", line["detector"].as_str().unwrap(), line["severity"].as_str().unwrap()), line["found"].as_i64().unwrap())
            }).collect();
            assert_eq!(found, cases);
            let html = shop.page(shop.user(Role::Auditor)).get(&format!("/audit/report?period={period}")).await.expect_status(200).text();
            assert!(html.contains(&format!("<dd>{}</dd>", count(&within))) && html.contains("Prueban contraseñas"), "{html}");
        }
    }
}

both_engines! {
    /// Only who may read the trail sees its figures; who sees one place, those of their own entries.
    fn the_figures_are_for_who_reads_the_trail(shop: TestShop) {
        six_weeks(&shop).await;
        shop.api(shop.manager()).get("/api/v1/audit/report").await.expect_problem(403, "forbidden");
        shop.page(shop.manager()).get("/audit/report").await.expect_status(403);
        shop.api(shop.admin()).get("/api/v1/audit/report?period=2d").await.expect_problem(422, "invalid");
        assert_eq!(shop.api(shop.admin()).get("/api/v1/audit/report").await.json()["period"], "24h");
        let narrow = of_place(&shop, shop.user(Role::Auditor), "deposito").await;
        let own = shop.api(narrow.clone()).get("/api/v1/audit/report?period=30d").await.expect_status(200).json();
        assert_eq!(told(&own["actors"], "actor", "entries").len(), 1);
        assert_eq!((&own["actors"][0]["actor"], &own["detections"]), (&json!(narrow.reference()), &json!([])));
    }
}
