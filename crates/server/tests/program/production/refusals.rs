//! SEC-1: a shop in production that is not as it should be does not open. The real program says what is wrong and what
//! puts it right, ends with 78, and leaves everything as it was. Settings alone are refused in `cli`, certificates in
//! `tls`.

use std::fs;

use crate::production::shop::Shop;

/// Takes away what would have refused, then the end of the trail that was signed.
const CUT_OFF_ON_SQLITE: &str =
    "drop trigger audit_trail_keep_history_update; drop trigger audit_trail_keep_history_delete;
    delete from audit_trail where position >= (select max(position) from trail_anchors)";
const CUT_OFF_ON_POSTGRES: &str = "alter table audit_trail disable trigger user;
    delete from audit_trail where position >= (select max(position) from trail_anchors);
    alter table audit_trail enable trigger user";
const ENTRIES: &str = "select count(*) from audit_trail";

/// SEC-1, AUD-2, AUD-7: a trail without the end that was signed, by the anchor that the database keeps.
#[test]
fn a_trail_that_lost_its_signed_end_keeps_production_closed() {
    for shop in Shop::each() {
        drop(shop.serve());
        shop.told(&["audit", "anchor"]);
        // It may sign a later end while it serves.
        shop.serve().stop();
        let (before, signed) = (shop.number(ENTRIES), shop.number("select max(position) from trail_anchors"));
        shop.change(if shop.postgres.is_some() { CUT_OFF_ON_POSTGRES } else { CUT_OFF_ON_SQLITE });
        let cut = shop.number(ENTRIES);
        assert!(cut < before, "{cut} of {before}");
        let told = shop.refuses_to_serve(&[]);
        let place = format!("signed at place {signed}");
        for part in ["audit.anchors_dir", place.as_str(), "gondola audit verify"] {
            assert!(told.contains(part), "{part} in {told}");
        }
        assert_eq!(shop.number(ENTRIES), cut, "what is there stays as it was found");
    }
}

/// SEC-1, AUD-7: a whole trail that an anchor elsewhere does not fit, since another shop signed it; without that anchor
/// the shop opens.
#[test]
fn a_trail_that_an_anchor_elsewhere_does_not_fit_keeps_production_closed() {
    let (shop, other) = (Shop::on_sqlite(&["--ecdsa"]), Shop::on_sqlite(&["--ecdsa"]));
    let (own, foreign) = (shop.path("anchors"), other.path("anchors"));
    let setting = |folder: &std::path::Path| format!("--set=audit.anchors_dir={}", folder.display());
    for (of, folder) in [(&shop, &own), (&other, &foreign)] {
        drop(of.serve());
        of.told(&["audit", "anchor", &setting(folder)]);
    }
    let entries = shop.number(ENTRIES);
    let told = shop.refuses_to_serve(&[&setting(&foreign)]);
    assert!(told.contains("audit.anchors_dir") && told.contains("put the anchors aside that are newer"), "{told}");
    assert_eq!(shop.number(ENTRIES), entries);
    assert!(fs::read_dir(&foreign).unwrap().count() == 1, "the anchor lies where it lay");
    shop.serve_with(&[&setting(&own)]).stop();
}

/// SEC-1: what is pending in a shop that holds something is for its owner to apply, after a backup.
#[test]
fn a_pending_migration_keeps_production_closed() {
    for shop in Shop::each() {
        drop(shop.serve());
        shop.told(&["migrate", "down", "1", "--yes"]);
        let pending = shop.migrations_pending();
        assert_eq!(pending, 1);
        let told = shop.refuses_to_serve(&[]);
        for part in ["migrations are pending", "take a backup", "gondola migrate up"] {
            assert!(told.contains(part), "{part} in {told}");
        }
        assert_eq!(shop.migrations_pending(), pending, "it did not migrate by itself");
        shop.told(&["migrate", "up"]);
        shop.serve().stop();
    }
}
