//! Rows of suppliers: a code and a name, which is all the catalogue needs to know of them.

use std::collections::HashMap;
use std::ops::Range;

use gondola_store::{Context, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::cells::Cells;
use super::file::ListFile;
use super::outcome::{Change, Outcome, RowError};
use super::sql;
use crate::kernel::Text;
use crate::kernel::bulk::json;
use crate::kernel::text::clean_line;

/// Characters of a supplier's code at most.
const CODE_MAX: usize = 40;
/// Characters of a supplier's name: 2 to this.
const NAME_MAX: usize = 80;

#[derive(sqlx::FromRow)]
struct SupplierRow {
    id: Uuid,
    code: String,
    name: String,
    active: bool,
    version: i64,
}

/// A supplier as written, and what it goes back to when the import is undone.
#[derive(Serialize)]
struct SupplierOut {
    id: Uuid,
    code: String,
    name: String,
    active: bool,
    version: i64,
}

struct SupplierLine {
    line: u32,
    code: String,
    name: Option<String>,
}

/// Compares rows with the shop; with a context, also writes what the good ones say.
pub(super) async fn take(
    tx: &mut Tx<'_>,
    cx: Option<&Context>,
    file: &ListFile,
    rows: Range<usize>,
) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    let mut lines = Vec::new();
    for at in &file.order[rows] {
        match read(file, *at) {
            Ok(line) => lines.push(line),
            Err(errors) => outcome.errors.extend(errors),
        }
    }
    let known = find(tx, &lines).await?;
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for SupplierLine { line, code, name } in lines {
        match (known.get(&code), name) {
            (None, None) => {
                let detail = Text::new("Falta el nombre del proveedor nuevo.", "The new supplier's name is missing.");
                outcome.errors.push(RowError::new(line, "name", "required", detail, ""));
                continue;
            }
            (None, Some(name)) => {
                let id = cx.map_or_else(Uuid::nil, Context::new_id);
                outcome.created += 1;
                outcome.changes.push(change(line, id, &code, None, 1));
                new.push(SupplierOut { id, code, name, active: true, version: 1 });
            }
            (Some(stored), Some(name)) if stored.name != name || !stored.active => {
                outcome.changed += 1;
                outcome.changes.push(change(line, stored.id, &code, Some(stored), stored.version + 1));
                let version = stored.version + 1;
                changed.push(SupplierOut { id: stored.id, code, name, active: true, version });
            }
            (Some(_), _) => {}
        }
        outcome.good += 1;
    }
    if let Some(cx) = cx {
        write(tx, cx, &new, &changed).await?;
    }
    Ok(outcome)
}

fn change(line: u32, id: Uuid, code: &str, stored: Option<&SupplierRow>, version_after: i64) -> Change {
    let before = stored.map(|stored| serde_json::json!({"name": stored.name, "active": stored.active}).to_string());
    Change { line, target_kind: "supplier", target_id: id, label: code.to_owned(), before, version_after }
}

async fn find(tx: &mut Tx<'_>, lines: &[SupplierLine]) -> Result<HashMap<String, SupplierRow>, StoreError> {
    let codes = json(&lines.iter().map(|line| &line.code).collect::<Vec<_>>());
    let rows: Vec<SupplierRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_SUPPLIERS)).bind(codes).fetch_all(c).await?);
    Ok(rows.into_iter().map(|row| (row.code.clone(), row)).collect())
}

async fn write(tx: &mut Tx<'_>, cx: &Context, new: &[SupplierOut], changed: &[SupplierOut]) -> Result<(), StoreError> {
    for (statement, rows) in [(sql::INSERT_SUPPLIERS, new), (sql::UPDATE_SUPPLIERS, changed)] {
        if rows.is_empty() {
            continue;
        }
        let written = both!(tx, c, text => sqlx::query(text(statement))
            .bind(json(rows)).bind(cx.now).execute(c).await?.rows_affected());
        if written != rows.len() as u64 {
            return Err(StoreError::meanwhile("a supplier of the list was changed"));
        }
    }
    Ok(())
}

/// Brings a supplier back to what it was, or puts away one that the import made; no when somebody
/// changed it since.
pub(super) async fn restore(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    version: i64,
    before: Option<&str>,
) -> Result<bool, StoreError> {
    #[derive(serde::Deserialize)]
    struct Before {
        name: Option<String>,
        active: bool,
    }
    let before = match before {
        None => Before { name: None, active: false },
        Some(text) => {
            serde_json::from_str(text).map_err(|error| StoreError::corrupt("import_changes", "before", id, error))?
        }
    };
    let changed = both!(tx, c, text => sqlx::query(text(sql::RESTORE_SUPPLIER))
        .bind(id).bind(version).bind(before.name).bind(before.active).bind(cx.now)
        .execute(c).await?.rows_affected());
    if changed == 0 {
        return Ok(false);
    }
    expect_rows(sql::RESTORE_SUPPLIER, 1, changed)?;
    Ok(true)
}

fn read(file: &ListFile, at: usize) -> Result<SupplierLine, Vec<RowError>> {
    let mut cells = Cells::of(file, at);
    let code = cells.required("code").and_then(|text| cells.take("code", parse_code(text)));
    let name = cells.text("name").and_then(|text| cells.take("name", parse_name(text)));
    match code {
        Some(code) if cells.errors.is_empty() => Ok(SupplierLine { line: cells.line(), code, name }),
        _ => Err(cells.errors),
    }
}

fn parse_code(text: &str) -> Result<String, (&'static str, Text)> {
    let code = text.to_uppercase();
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (1..=CODE_MAX).contains(&code.len()) && code.bytes().all(good) {
        return Ok(code);
    }
    let es = format!("El código lleva de 1 a {CODE_MAX} letras sin acento, números, guiones o guiones bajos.");
    let en = format!("The code has 1 to {CODE_MAX} letters without accents, digits, hyphens or underscores.");
    Err(("bad_code", Text::new(es, en)))
}

fn parse_name(text: &str) -> Result<String, (&'static str, Text)> {
    let name = clean_line(text, NAME_MAX)?;
    if name.chars().count() < 2 {
        let es = format!("Lleva de 2 a {NAME_MAX} caracteres.");
        return Err(("text_too_short", Text::new(es, format!("It has 2 to {NAME_MAX} characters."))));
    }
    Ok(name)
}
