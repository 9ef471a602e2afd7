//! Where SQL may stand, how it is written, and who may write the ledger (invariants 2 and 3 of
//! `docs/ARCHITECTURE.md`). Whether a statement works is the registry test's question, not this one.
//!
//! Tests may hold SQL: a test that proves a tampered ledger is noticed has to tamper with it.

use super::Finding;
use super::lexer::{Kind, Token};
use super::tree::{File, Tree};

/// How a statement begins; each followed by a word.
const OPENINGS: [&str; 19] = [
    "select",
    "insert into",
    "insert or",
    "replace into",
    "merge into",
    "update",
    "delete from",
    "truncate",
    "create table",
    "create index",
    "create unique index",
    "create trigger",
    "create view",
    "create database",
    "alter table",
    "drop table",
    "drop index",
    "pragma",
    "vacuum into",
];
/// What only the feature `stock` writes.
const LEDGER_TABLES: [&str; 3] = ["balances", "movements", "movement_lines"];
/// What nobody changes once it is written.
const FOREVER_TABLES: [&str; 2] = ["movements", "movement_lines"];

pub fn check(tree: &Tree<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| !file.path.starts_with("xtask/")) {
        for literal in file.product().into_iter().filter(|token| token.kind == Kind::Text) {
            findings.extend(judge(file, literal));
        }
    }
    findings
}

fn judge(file: &File<'_>, literal: Token<'_>) -> Vec<Finding> {
    let words = normal(literal.text);
    let mut complaints = Vec::new();
    if is_sql_file(file.path) {
        complaints.extend(manners(literal.text, &words));
    } else if is_statement(&words) {
        complaints.push(("sql-place", "SQL lives in sql.rs".to_owned()));
    }
    for (verb, table) in writes(&words) {
        if !is_stock_sql(file.path) {
            complaints.push(("ledger-writers", format!("only the feature stock writes {table}, by posting")));
        }
        if verb != "insert" && FOREVER_TABLES.contains(&table) {
            complaints.push(("ledger-forever", format!("{table} is never {verb}d: a correction is a new movement")));
        }
    }
    let finding = |(rule, message)| Finding::new(rule, file.path, literal.line, message);
    complaints.into_iter().map(finding).collect()
}

fn is_sql_file(path: &str) -> bool {
    path.ends_with("/sql.rs") || path.contains("/src/sql/")
}

fn is_stock_sql(path: &str) -> bool {
    path == "crates/shop/src/stock/sql.rs" || path.starts_with("crates/shop/src/stock/sql/")
}

/// Lower case, and one space for every run of white space, quote, escape or bracket around words.
fn normal(literal: &str) -> String {
    let lower = literal.to_lowercase().replace("\\n", " ").replace("\\t", " ");
    let words = lower.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\\' | '(' | ')'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_statement(words: &str) -> bool {
    let opens = |opening: &str| words.strip_prefix(opening).is_some_and(|rest| rest.starts_with(' '));
    let table_expression = words.starts_with("with ") && words.contains(" as ") && words.contains("select ");
    table_expression || OPENINGS.iter().any(|opening| opens(opening))
}

fn manners(text: &str, words: &str) -> Vec<(&'static str, String)> {
    let mut complaints = Vec::new();
    let shouted = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", " FROM ", " WHERE "];
    if shouted.iter().any(|word| text.contains(word)) {
        complaints.push(("sql-manners", "SQL is written in lower case".to_owned()));
    }
    if words.contains("select * ") || words.contains(".* ") {
        complaints.push(("sql-manners", "columns are listed, not starred".to_owned()));
    }
    complaints
}

/// The (verb, ledger table) pairs that a text writes; an upsert is an insert and an update.
fn writes(words: &str) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    for table in LEDGER_TABLES {
        let names = |prefix: &str| {
            let statement = format!("{prefix} {table}");
            words.match_indices(&statement).any(|(at, _)| !words[at + statement.len()..].starts_with(is_name))
        };
        let inserts = ["insert into", "ignore into", "abort into", "fail into"].iter().any(|prefix| names(prefix));
        let upserts = inserts && words.contains("do update");
        if inserts {
            found.push(("insert", table));
        }
        if upserts || ["update", "update only", "replace into", "merge into"].iter().any(|prefix| names(prefix)) {
            found.push(("update", table));
        }
        if ["delete from", "delete from only", "truncate", "truncate table"].iter().any(|prefix| names(prefix)) {
            found.push(("delete", table));
        }
    }
    found
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::check;

    fn rules(path: &str, sql: &str) -> Vec<&'static str> {
        let text = format!("const A: &str = \"{sql}\";");
        check(&Tree::new([(path, text.as_str())])).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn sql_outside_sql_rs_is_found() {
        let feature = "crates/shop/src/stock/queries.rs";
        for sql in ["select id from products", "\\n  Select id from products", "with a as (select 1) select 2"] {
            assert_eq!(rules(feature, sql), ["sql-place"], "{sql}");
        }
        for prose in ["selected", "Products with low stock", "Actualizá el precio", "updated", "deleted"] {
            assert!(rules(feature, prose).is_empty(), "{prose}");
        }
        assert!(rules("crates/shop/src/stock/sql.rs", "select id from products").is_empty());
        assert!(rules("crates/store/src/sql/queue.rs", "select id from jobs").is_empty());
        assert!(rules("crates/shop/tests/model.rs", "select id from products").is_empty());
    }

    #[test]
    fn a_comment_or_a_test_module_is_not_product_sql() {
        let text = "// \"select id from products\"\n#[cfg(test)]\nmod tests { const A: &str = \"select id from a\"; }";
        assert!(check(&Tree::new([("crates/shop/src/till.rs", text)])).is_empty());
    }

    #[test]
    fn sql_is_lower_case_and_lists_its_columns() {
        let file = "crates/shop/src/people/sql.rs";
        assert_eq!(rules(file, "select * from users"), ["sql-manners"]);
        assert_eq!(rules(file, "SELECT id FROM users"), ["sql-manners"]);
        assert!(rules(file, "select count(*) from users").is_empty());
    }

    #[test]
    fn only_stock_writes_the_ledger() {
        for sql in [
            "insert into movements (id) values ($1)",
            "insert or ignore into movement_lines (id) values ($1)",
            "update\\n balances set quantity = 1",
            "delete from balances where true",
            "insert into balances (id) values ($1) on conflict (id) do update set id = 1",
        ] {
            assert!(rules("crates/shop/src/till/sql.rs", sql).contains(&"ledger-writers"), "{sql}");
        }
        assert!(rules("crates/shop/src/stock/sql.rs", "update balances set quantity = 1").is_empty());
        assert!(rules("crates/shop/src/till/sql.rs", "insert into movements_seen (id) values ($1)").is_empty());
    }

    #[test]
    fn nobody_changes_a_movement() {
        let file = "crates/shop/src/stock/sql.rs";
        for sql in [
            "update movements set reason = $1",
            "delete from movement_lines where line = 1",
            "truncate movements",
            "insert into movements (id) values ($1) on conflict (id) do update set reason = $2",
            "with gone as (delete from movements returning id) select id from gone",
        ] {
            assert_eq!(rules(file, sql), ["ledger-forever"], "{sql}");
        }
        assert!(rules(file, "insert into movements (id) values ($1)").is_empty());
    }
}
