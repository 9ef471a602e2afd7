//! The schema as the database itself describes it, in words that both engines share: what the
//! conformance test compares and what `copy` walks. How the schema comes to be is in the migrations.

pub mod sql;

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use crate::both;
use crate::error::StoreError;
use crate::tx::Tx;

/// Every table of a shop, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// The tables, sorted by name.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, sorted by name.
    pub columns: Vec<Column>,
    /// Its indexes besides the primary key's.
    pub indexes: Vec<Index>,
    /// What it points to.
    pub references: Vec<Reference>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be filled.
    pub required: bool,
    /// Its place in the primary key, from 1; 0 outside.
    pub key_place: i64,
    /// Whether the database numbers rows by it.
    pub numbered: bool,
}

/// What a column holds. SQLite knows three kinds, PostgreSQL tells more of them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `blob`, `bytea`.
    Bytes,
    /// `uuid`.
    Id,
    /// `integer` on SQLite, `bigint`.
    Integer,
    /// `integer` on PostgreSQL.
    Day,
    /// `boolean`.
    Flag,
    /// `text`.
    Text,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name; empty where the engine made one up for a `unique` in the table.
    pub name: String,
    /// Whether it forbids repetition.
    pub unique: bool,
    /// Whether it covers some rows only.
    pub partial: bool,
    /// Its columns; none where an expression stands.
    pub columns: Vec<Option<String>>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The constraint's name on PostgreSQL.
    pub name: String,
    /// The pairs (own column, column over there).
    pub columns: Vec<(String, String)>,
    /// The table over there.
    pub target: String,
}

#[derive(FromRow)]
struct ColumnRow(String, String, String, bool, i64, bool);

#[derive(FromRow)]
struct IndexRow(String, String, bool, bool, bool, Option<String>);

#[derive(FromRow)]
struct ReferenceRow(String, String, String, String, String);

impl Schema {
    /// Asks the database.
    ///
    /// # Errors
    /// [`StoreError`], also for a column of a type this program does not use.
    pub async fn read(tx: &mut Tx<'_>) -> Result<Self, StoreError> {
        let on_sqlite = matches!(tx, Tx::Sqlite(_));
        let columns: Vec<ColumnRow> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_COLUMNS)).fetch_all(c).await?);
        let indexes: Vec<IndexRow> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_INDEXES)).fetch_all(c).await?);
        let references: Vec<ReferenceRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::LIST_REFERENCES)).fetch_all(c).await?);
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for ColumnRow(table, name, declared, required, key_place, numbered) in columns {
            let kind = Kind::declared(&declared, on_sqlite).ok_or_else(|| unknown_kind(&table, &name, &declared))?;
            table_of(&mut tables, &table).columns.push(Column { name, kind, required, key_place, numbered });
        }
        add_indexes(&mut tables, indexes);
        add_references(&mut tables, references);
        Ok(Self { tables: tables.into_values().collect() })
    }

    /// The schema as sorted lines that are equal on both engines when the schemas are.
    pub fn lines(&self) -> BTreeSet<String> {
        self.tables.iter().flat_map(Table::lines).collect()
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The tables so that each stands after those it points to. What points to itself is up to the
    /// caller.
    pub fn by_dependency(&self) -> Vec<&Table> {
        let mut ordered: Vec<&Table> = Vec::new();
        let mut waiting: Vec<&Table> = self.tables.iter().collect();
        while !waiting.is_empty() {
            let placed: BTreeSet<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
            let (ready, later): (Vec<_>, Vec<_>) = waiting.iter().partition(|table| {
                table.references.iter().all(|to| to.target == table.name || placed.contains(to.target.as_str()))
            });
            // Tables that point at each other in a circle would stay; the constraints then say so.
            let stuck = ready.is_empty();
            ordered.extend(if stuck { &later } else { &ready });
            waiting = if stuck { Vec::new() } else { later };
        }
        ordered
    }
}

impl Table {
    /// The primary key's columns in their order.
    pub fn key(&self) -> Vec<&Column> {
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key_place > 0).collect();
        key.sort_by_key(|column| column.key_place);
        key
    }

    fn lines(&self) -> Vec<String> {
        let table = &self.name;
        let key: Vec<&str> = self.key().into_iter().map(|column| column.name.as_str()).collect();
        let mut lines = vec![format!("{table}: key ({})", key.join(", "))];
        lines.extend(self.columns.iter().map(|column| {
            let required = if column.required { " required" } else { "" };
            let numbered = if column.numbered { " numbered" } else { "" };
            format!("{table}.{} {}{required}{numbered}", column.name, column.kind.storage())
        }));
        lines.extend(self.indexes.iter().map(|index| {
            let columns: Vec<&str> = index.columns.iter().map(|c| c.as_deref().unwrap_or("expression")).collect();
            let unique = if index.unique { "unique" } else { "index" };
            let partial = if index.partial { " on some rows" } else { "" };
            format!("{table}: {unique} {} ({}){partial}", index.name, columns.join(", "))
        }));
        lines.extend(self.references.iter().map(|reference| {
            let (here, there): (Vec<&str>, Vec<&str>) =
                reference.columns.iter().map(|(here, there)| (here.as_str(), there.as_str())).unzip();
            format!("{table}: ({}) points to {} ({})", here.join(", "), reference.target, there.join(", "))
        }));
        lines
    }
}

impl Kind {
    fn declared(kind: &str, on_sqlite: bool) -> Option<Self> {
        Some(match kind {
            "blob" | "bytea" => Self::Bytes,
            "uuid" => Self::Id,
            "integer" if on_sqlite => Self::Integer,
            "integer" => Self::Day,
            "bigint" => Self::Integer,
            "boolean" => Self::Flag,
            "text" => Self::Text,
            _ => return None,
        })
    }

    /// What SQLite calls it: the most that both engines tell apart.
    pub const fn storage(self) -> &'static str {
        match self {
            Self::Bytes | Self::Id => "blob",
            Self::Integer | Self::Day | Self::Flag => "integer",
            Self::Text => "text",
        }
    }

    /// What PostgreSQL calls it.
    pub const fn on_postgres(self) -> &'static str {
        match self {
            Self::Bytes => "bytea",
            Self::Id => "uuid",
            Self::Integer => "bigint",
            Self::Day => "integer",
            Self::Flag => "boolean",
            Self::Text => "text",
        }
    }
}

fn add_indexes(tables: &mut BTreeMap<String, Table>, rows: Vec<IndexRow>) {
    let mut last = (String::new(), String::new());
    for IndexRow(table, name, named, unique, partial, column) in rows {
        let indexes = &mut table_of(tables, &table).indexes;
        let this = (table, name);
        if this != last {
            let name = if named { this.1.clone() } else { String::new() };
            indexes.push(Index { name, unique, partial, columns: Vec::new() });
        }
        indexes.last_mut().expect("one was pushed above").columns.push(column);
        last = this;
    }
}

fn add_references(tables: &mut BTreeMap<String, Table>, rows: Vec<ReferenceRow>) {
    let mut last = (String::new(), String::new());
    for ReferenceRow(table, name, here, target, there) in rows {
        let references = &mut table_of(tables, &table).references;
        let this = (table, name);
        if this != last {
            references.push(Reference { name: this.1.clone(), columns: Vec::new(), target });
        }
        references.last_mut().expect("one was pushed above").columns.push((here, there));
        last = this;
    }
}

fn table_of<'t>(tables: &'t mut BTreeMap<String, Table>, name: &str) -> &'t mut Table {
    tables.entry(name.to_owned()).or_insert_with(|| Table {
        name: name.to_owned(),
        columns: Vec::new(),
        indexes: Vec::new(),
        references: Vec::new(),
    })
}

fn unknown_kind(table: &str, column: &str, declared: &str) -> StoreError {
    let what = format!("{table}.{column} is of type {declared}, which the shop does not use");
    StoreError::Driver(sqlx::Error::Configuration(what.into()))
}
