//! The statements of a copy. Tables and columns come out of the schema's own catalogue, so these
//! texts are composed; values never are. Text is ordered by its bytes on both engines.

use crate::db::Engine;
use crate::schema::{Column, Kind, Table};

crate::sql! {
    /// The highest number a table gave to a row, also to one that was rolled back.
    LAST_NUMBER =
        sqlite "select coalesce(max(seq), 0) from sqlite_sequence where name = $1 and $2 <> ''"
        postgres "select coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0)";
}

/// Lets a transaction on PostgreSQL read or write a whole table in one statement.
pub const TAKE_TIME: &str = "set local statement_timeout = 0";
/// Judges what was deferred, now.
pub const JUDGE_NOW: &str = "set constraints all immediate";
/// Continues the numbers of a table on PostgreSQL after one that was given.
pub const CONTINUE_NUMBERS: &str = "select setval(pg_get_serial_sequence($1, $2), $3)";
/// Lets rows of a transaction on SQLite point to rows that come later in it.
pub const DEFER_REFERENCES: &str = "pragma defer_foreign_keys = on";
/// The same on SQLite, for a table that never gives a number twice.
pub const CONTINUE_SEQUENCE: &str = "update sqlite_sequence set seq = max(seq, $2) where name = $1";

/// How many rows a table has.
pub fn count(table: &Table) -> String {
    format!("select count(*) from {}", quoted(&table.name))
}

/// The highest number in a column.
pub fn highest(table: &Table, column: &Column) -> String {
    format!("select coalesce(max({}), 0) from {}", quoted(&column.name), quoted(&table.name))
}

/// Every row of a table in the order of its key.
pub fn read(table: &Table, engine: Engine) -> String {
    let order: Vec<String> = table.key().into_iter().map(|column| by_bytes(column, engine)).collect();
    format!("select {} from {} order by {}", names(table), quoted(&table.name), order.join(", "))
}

/// Inserts rows that come as one array per column.
pub fn insert_arrays(table: &Table) -> String {
    let arrays: Vec<String> =
        (1..).zip(&table.columns).map(|(place, column)| format!("${place}::{}[]", column.kind.on_postgres())).collect();
    let (into, names) = (quoted(&table.name), names(table));
    format!("insert into {into} ({names}) select {names} from unnest({}) as rows ({names})", arrays.join(", "))
}

/// Inserts that many rows, value by value.
pub fn insert_rows(table: &Table, rows: usize) -> String {
    let row = format!("({})", vec!["?"; table.columns.len()].join(", "));
    format!("insert into {} ({}) values {}", quoted(&table.name), names(table), vec![row; rows].join(", "))
}

/// Lets rows point to later rows of the same table until the transaction ends.
pub fn defer(table: &Table, constraint: &str) -> String {
    format!("alter table {} alter constraint {} deferrable initially deferred", quoted(&table.name), quoted(constraint))
}

/// The opposite of [`defer`].
pub fn undefer(table: &Table, constraint: &str) -> String {
    format!("alter table {} alter constraint {} not deferrable", quoted(&table.name), quoted(constraint))
}

fn names(table: &Table) -> String {
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    names.join(", ")
}

fn by_bytes(column: &Column, engine: Engine) -> String {
    let collate = match (column.kind, engine) {
        (Kind::Text, Engine::Postgres) => " collate \"C\"",
        _ => "",
    };
    format!("{}{collate}", quoted(&column.name))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
