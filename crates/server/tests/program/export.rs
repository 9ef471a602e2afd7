//! `gondola export` with the real program: beside a server and without one, to a file and to a pipe.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::process::{Running, gondola, json, run};
use gondola_sheets::{Limits, read};
use gondola_testkit::postgres::{fresh_database, postgres_url};

#[test]
fn a_list_goes_to_a_file_while_the_shop_is_open_and_after() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), &[]);
    let file = folder.path().join("lugares.xlsx");
    let path = file.to_str().unwrap();
    let write = || run(folder.path(), &["export", "locations", "--format", "xlsx", "--output", path, "--json"]);
    let beside = write();
    assert_eq!(beside.status.code(), Some(0), "{beside:?}");
    let told = json(&beside);
    assert_eq!((&told["list"], &told["format"], &told["file"]), (&"locations".into(), &"xlsx".into(), &path.into()));
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!(told["bytes"], bytes.len());
    let table = read(&bytes, &Limits::default()).unwrap();
    assert_eq!((told["rows"].as_u64().unwrap() as usize, &table.header[0]), (table.rows.len(), &"Code".to_owned()));
    assert!(table.rows.iter().any(|row| row.cells[0] == "deposito"));
    drop(server);
    assert_eq!(json(&write())["rows"], told["rows"], "the same without a server, over the file that was there");
}

#[test]
fn a_list_goes_to_standard_output_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path(), &[]));
    let excel = run(folder.path(), &["export", "categories"]);
    assert_eq!((excel.status.code(), excel.stderr.len()), (Some(0), 0), "{excel:?}");
    let text = String::from_utf8(excel.stdout).unwrap();
    assert!(text.starts_with("\u{feff}Code;Name;") && text.contains("\r\nLAC;Lácteos;"), "{text}");
    let plain = run(folder.path(), &["export", "movements", "kind=sale", "--dialect", "plain"]);
    assert!(String::from_utf8(plain.stdout).unwrap().starts_with("Number,Date,Kind,"));
}

#[test]
fn what_cannot_be_exported_is_refused_with_what_can() {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path(), &[]));
    let refusals = [
        (&["export", "secrets", "--json"][..], "list", "unknown_list"),
        (&["export", "products", "--format", "pdf", "--json"], "format", "unknown_format"),
        (&["export", "products", "--format", "xlsx"], "output", "required"),
        (&["export", "products", "--json"], "output", "required"),
        (&["export", "products", "--output", "x.csv", "colour=red", "--json"], "colour", "bad_parameter"),
        (&["export", "products", "--output", "x.csv", "active=perhaps", "--json"], "active", "not_a_flag"),
    ];
    for (words, field, code) in refusals {
        let refused = run(folder.path(), words);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        if words.contains(&"--json") {
            let error = &json(&refused)["errors"][0];
            assert_eq!((&error["field"], &error["code"]), (&field.into(), &code.into()), "{words:?}");
        } else {
            assert!(refused.stdout.is_empty() && String::from_utf8(refused.stderr).unwrap().contains(field));
        }
    }
    assert!(!std::path::Path::new("x.csv").exists());
    let missing = run(&folder.path().join("typo"), &["export", "products"]);
    assert_eq!(missing.status.code(), Some(78), "no shop is made: {missing:?}");
}

#[test]
fn without_a_list_the_lists_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let named = json(&run(folder.path(), &["export", "--json"]));
    let names: Vec<_> = named["items"].as_array().unwrap().iter().map(|list| list["name"].as_str().unwrap()).collect();
    for name in ["products", "inventory", "movements", "lots", "count-lines", "users"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
}

#[tokio::test]
async fn a_list_of_a_shop_on_postgresql_goes_out_too() {
    let Some(server) = postgres_url() else { return };
    let url = fresh_database(server).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let on_postgres = |words: &[&str]| gondola(folder.path()).env("DATABASE_URL", &url).args(words).output().unwrap();
    assert_eq!(on_postgres(&["migrate", "up"]).status.code(), Some(0));
    let exported = on_postgres(&["export", "products"]);
    assert_eq!(exported.status.code(), Some(0), "{exported:?}");
    assert!(String::from_utf8(exported.stdout).unwrap().starts_with("\u{feff}SKU;Barcodes;Product name;"));
}
