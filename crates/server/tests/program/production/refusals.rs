//! SEC-1: a shop in production that is not as it should be does not open. The real program says what is wrong and what
//! puts it right, ends with 78, and leaves everything as it was. Settings alone are refused in `cli`, certificates in
//! `tls`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

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

/// SEC-1: one cause each, in a shop that is otherwise as it should be; with its own secret it opens again.
#[test]
fn a_secret_or_setting_of_no_use_keeps_production_closed() {
    let shop = Shop::on_sqlite(&["--ecdsa"]);
    drop(shop.serve());
    let entries = shop.number(ENTRIES);
    let secret = |name: &str, text: &str| {
        let file = shop.path(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        format!("--set=encryption.key_file={}", file.display())
    };
    let another: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 5 + 13).unwrap());
    let another = gondola_vault::hex(&another);
    let causes = [
        (secret("short", &another[1..]), "encryption.key_file", "64 hex digits"),
        (secret("no-hex", &another.replace('1', "x")), "encryption.key_file", "64 hex digits"),
        ("--set=encryption.key=abc".to_owned(), "encryption.key", "openssl rand -hex 32"),
        (secret("guessable", &"0".repeat(64)), "encryption.key_file", "openssl rand -hex 32"),
        ("--set=encryption.key_file=/nowhere/key".to_owned(), "encryption.key_file", "does not exist"),
        ("--set=encryption.keyfile=/nowhere/key".to_owned(), "encryption.keyfile", "did you mean encryption.key_file?"),
        (secret("another", &another), "encryption.key", "set the key it was created with"),
    ];
    for (setting, named, fix) in causes {
        let told = shop.refuses_to_serve(&[&setting]);
        assert!(told.contains(named) && told.contains(fix), "{setting}: {told}");
        assert!(!told.contains(&another[1..]), "no secret is told: {told}");
    }
    assert_eq!(shop.number(ENTRIES), entries, "what is there stays as it was found");
    shop.serve().stop();
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
