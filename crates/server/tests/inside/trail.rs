//! What a process does about the audit trail by itself, on both engines: it verifies and anchors it every night (AUD-7),
//! looks for trouble in it (AUD-1), and tells both in its metrics.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::Duration;

use gondola_server::anchors::{broken, read_file, verify, verify_and_anchor, write_into};
use gondola_server::trail::{TrailNumbers, anchor_daily, look};
use gondola_store::audit::{Anchor, AuditHead, Entry, FaultKind, NoteEntries, last_anchor};
use gondola_store::sqlx::{self, Connection as _, PgConnection, SqliteConnection};
use gondola_store::{Actor, Audited};
use gondola_testkit::{TestShop, both_engines};
use gondola_vault::{MasterKey, Vault};
use prometheus_client::registry::Registry;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What the numbers are, as Prometheus reads them.
fn told(numbers: &TrailNumbers) -> String {
    let (mut registry, mut text) = (Registry::default(), String::new());
    numbers.register(&mut registry);
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    text
}

async fn happen(shop: &TestShop, times: i64) {
    let entry = |resource: i64| Entry {
        event: "stock.post_movement".to_owned(),
        audited: Audited::MODIFY,
        at: shop.db().now(),
        actor: shop.manager(),
        resource: resource.to_string(),
        status: 200,
        records: 1,
        reason: String::new(),
        approver: String::new(),
        before: None,
        after: None,
    };
    let entries = (0..times).map(entry).collect();
    shop.db().execute(&Actor::system("door"), None, NoteEntries(entries)).await.unwrap();
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

/// Takes the triggers away that would have refused what somebody does next.
async fn disarm(shop: &TestShop) {
    let sql = match shop.url().starts_with("sqlite:") {
        true => {
            "drop trigger audit_trail_keep_history_update; drop trigger audit_trail_keep_history_delete;
             drop trigger trail_anchors_keep_update; drop trigger trail_anchors_keep_delete"
        }
        false => "alter table audit_trail disable trigger user; alter table trail_anchors disable trigger user",
    };
    directly(shop, sql).await.unwrap();
}

async fn kept(shop: &TestShop) -> Option<Anchor> {
    let mut rx = shop.db().read().await.unwrap();
    last_anchor(&mut rx.as_tx()).await.unwrap()
}

fn written(folder: &Path) -> Vec<Anchor> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| read_file(file).unwrap()).collect()
}

both_engines! {
    /// AUD-7: once a day the chain is verified against the last anchor, its end signed, kept and written elsewhere, and
    /// the gauge says so, in every process.
    fn every_day_has_an_anchor(shop: TestShop) {
        let folder = tempfile::tempdir().unwrap();
        let (numbers, folder) = (TrailNumbers::default(), folder.path());
        assert!(!told(&numbers).contains("audit_chain_valid{"), "nothing was verified yet");
        happen(&shop, 3).await;
        anchor_daily(shop.app(), &numbers, Some(folder)).await.unwrap();
        let first = kept(&shop).await.unwrap();
        assert!(first.is_of(shop.db().vault()) && first.head.position == 3, "{first:?}");
        assert!(told(&numbers).contains("audit_chain_valid{log=\"trail\"} 1\n"), "{}", told(&numbers));
        happen(&shop, 2).await;
        anchor_daily(shop.app(), &numbers, Some(folder)).await.unwrap();
        assert_eq!(kept(&shop).await, Some(first.clone()), "once a day");
        shop.clock().advance(DAY);
        anchor_daily(shop.app(), &numbers, Some(folder)).await.unwrap();
        let second = kept(&shop).await.unwrap();
        assert_eq!((second.head.position, second.at - first.at), (5, 24 * 3_600_000_000));
        assert_eq!(written(folder), [first, second]);
        let other_process = TrailNumbers::default();
        anchor_daily(shop.app(), &other_process, None).await.unwrap();
        assert!(told(&other_process).contains("audit_chain_length{log=\"trail\"} 5\n"), "{}", told(&other_process));
        let seconds = shop.db().now() / 1_000_000;
        assert!(told(&other_process).contains(&format!("audit_chain_verified_timestamp_seconds{{log=\"trail\"}} {seconds}\n")));
    }
}

both_engines! {
    /// AUD-7, AUD-2: whoever cuts the trail off, even with the anchor that the database keeps, is found out by the one
    /// that lies elsewhere; a touched trail gets no anchor.
    fn an_anchor_elsewhere_tells_what_the_database_cannot(shop: TestShop) {
        let folder = tempfile::tempdir().unwrap();
        let (numbers, folder) = (TrailNumbers::default(), folder.path());
        happen(&shop, 5).await;
        anchor_daily(shop.app(), &numbers, Some(folder)).await.unwrap();
        assert_eq!(broken(shop.db(), Some(folder)).await.unwrap(), None);
        disarm(&shop).await;
        directly(&shop, "delete from audit_trail where position > 3; delete from trail_anchors").await.unwrap();
        let blind = verify_and_anchor(shop.db(), None).await.unwrap();
        assert_eq!(blind.report.faults, [], "nothing here remembers the two");
        let missing = broken(shop.db(), Some(folder)).await.unwrap().expect("the one elsewhere does");
        assert_eq!(missing.head.position, 5);
        directly(&shop, "delete from trail_anchors").await.unwrap();
        shop.clock().advance(DAY);
        anchor_daily(shop.app(), &numbers, Some(folder)).await.unwrap();
        assert!(told(&numbers).contains("audit_chain_valid{log=\"trail\"} 0\n"), "{}", told(&numbers));
        let found = verify_and_anchor(shop.db(), Some(folder)).await.unwrap();
        assert_eq!(found.report.faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(), [FaultKind::CutOff]);
        assert!(found.anchor.is_none() && kept(&shop).await.is_none(), "what was touched is not signed");
        assert_eq!(written(folder).len(), 1);
    }
}

both_engines! {
    /// An anchor that somebody else signed proves nothing, and is told.
    fn an_anchor_of_somebody_else_is_told(shop: TestShop) {
        happen(&shop, 3).await;
        let own = verify_and_anchor(shop.db(), None).await.unwrap().anchor.unwrap();
        let stranger = Vault::of(&MasterKey::from_bytes([99; 32]));
        let forged = Anchor::sign(&stranger, own.head, own.at);
        let bent = Anchor { at: own.at + 1_000_000, ..own.clone() };
        for (anchor, faults) in [(own, 0), (forged.clone(), 1), (bent, 1)] {
            let report = verify(shop.db(), &[], &[anchor]).await.unwrap();
            assert_eq!(report.faults.len(), faults);
            assert!(report.faults.iter().all(|fault| fault.kind == FaultKind::Forged));
        }
        let folder = tempfile::tempdir().unwrap();
        write_into(folder.path(), &forged).unwrap();
        assert!(verify_and_anchor(shop.db(), Some(folder.path())).await.unwrap().anchor.is_none());
        let elsewhere = Anchor::sign(shop.db().vault(), AuditHead { position: 3, hash: [1; 32] }, forged.at);
        let report = verify(shop.db(), &[], &[elsewhere]).await.unwrap();
        assert_eq!(report.faults[0].kind, FaultKind::CutOff, "signed by the shop, of another chain");
    }
}

both_engines! {
    /// The database itself refuses to edit or delete an anchor.
    fn the_database_keeps_the_anchors(shop: TestShop) {
        happen(&shop, 1).await;
        verify_and_anchor(shop.db(), None).await.unwrap();
        for sql in ["update trail_anchors set at = 0", "delete from trail_anchors"] {
            assert!(directly(&shop, sql).await.unwrap_err().to_string().contains("anchors are never"), "{sql}");
        }
    }
}

both_engines! {
    /// AUD-1: a case counts once, in the process that found it.
    fn a_case_is_counted_once(shop: TestShop) {
        let (numbers, other_process) = (TrailNumbers::default(), TrailNumbers::default());
        let sample = |found: i64| format!("audit_detections_total{{detector=\"exfiltration\",severity=\"high\"}} {found}\n");
        look(shop.app(), &numbers).await.unwrap();
        assert!(told(&numbers).contains(&sample(0)), "{}", told(&numbers));
        happen(&shop, 1).await;
        let taken = Entry {
            event: "list.exported".to_owned(),
            audited: Audited::READ,
            at: shop.db().now(),
            actor: shop.manager(),
            resource: "movements.csv".to_owned(),
            status: 200,
            records: 10_001,
            reason: String::new(),
            approver: String::new(),
            before: None,
            after: None,
        };
        shop.db().execute(&Actor::system("door"), None, NoteEntries(vec![taken])).await.unwrap();
        for _ in 0..3 {
            shop.clock().advance(Duration::from_secs(300));
            look(shop.app(), &numbers).await.unwrap();
            look(shop.app(), &other_process).await.unwrap();
        }
        assert!(told(&numbers).contains(&sample(1)), "{}", told(&numbers));
        assert!(told(&other_process).contains(&sample(0)), "{}", told(&other_process));
    }
}
