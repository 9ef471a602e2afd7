//! Which column feeds which field: as the caller says, else as somebody said of a file with the same
//! titles before, else as titles and cells suggest. A list that cannot name its rows is refused
//! before any row is read.

use std::collections::BTreeMap;

use gondola_sheets::{DecimalStyle, FieldSpec, Table, column_letters, guess_columns};

use super::fields::{self, Field};
use super::kind::ImportKind;
use crate::kernel::Text;
use crate::kernel::problem::FieldProblem;
use crate::kernel::text::fold;

/// A column that feeds a field.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its place, from 0.
    pub at: usize,
    /// What it feeds.
    pub field: &'static Field,
    /// How its numbers write decimals.
    pub style: DecimalStyle,
}

/// What is known about the columns of a file before looking at it.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// What the caller says: title to field, or to nothing.
    pub named: Option<BTreeMap<String, Option<String>>>,
    /// What somebody said of the same titles before, by column.
    pub remembered: Option<Vec<Option<String>>>,
    /// How the caller says that numbers are written.
    pub decimals: Option<DecimalStyle>,
}

/// Decides what the columns are.
pub fn choose(kind: ImportKind, table: &Table, hints: &Hints) -> Result<Vec<Column>, Vec<FieldProblem>> {
    let fields = fields::of(kind);
    let feeds = match (&hints.named, &hints.remembered) {
        (Some(named), _) => as_named(table, fields, named)?,
        (None, Some(remembered)) if remembered.len() == table.header.len() => as_remembered(fields, remembered),
        _ => as_guessed(table, fields),
    };
    let columns: Vec<Column> = feeds
        .into_iter()
        .enumerate()
        .filter_map(|(at, field)| Some(Column { at, field: field?, style: DecimalStyle::Unknown }))
        .map(|column| Column { style: hints.decimals.unwrap_or_else(|| table.decimal_style(column.at)), ..column })
        .collect();
    check(kind, table, &columns)?;
    Ok(columns)
}

type Feeds = Vec<Option<&'static Field>>;

fn as_named(
    table: &Table,
    fields: &'static [Field],
    named: &BTreeMap<String, Option<String>>,
) -> Result<Feeds, Vec<FieldProblem>> {
    // A column that the caller does not mention is left to the guess, unless its field was given away.
    let mut feeds = as_guessed(table, fields);
    let (mut problems, mut given) = (Vec::new(), Vec::new());
    for (title, name) in named {
        let Some(at) = column_titled(table, title) else {
            let known = titles(table);
            problems.push(problem(
                "unknown_column",
                format!("No hay una columna «{title}». Las del archivo son: {known}."),
                format!("There is no column \"{title}\". The file's are: {known}."),
            ));
            continue;
        };
        let field = name.as_deref().and_then(|name| fields.iter().find(|field| field.name == name));
        if let (Some(name), None) = (name, field) {
            let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let known = known.join(", ");
            problems.push(problem(
                "unknown_field",
                format!("No hay un dato «{name}». Se aceptan: {known}."),
                format!("There is no field \"{name}\". Accepted: {known}."),
            ));
        }
        if let Some(field) = field.filter(|field| given.contains(&field.name)) {
            problems.push(problem(
                "field_named_twice",
                format!("Dos columnas no pueden ser «{}». Dejá una.", field.name),
                format!("Two columns cannot be \"{}\". Keep one.", field.name),
            ));
        }
        given.extend(field.map(|field| field.name));
        for other in feeds.iter_mut().filter(|other| other.is_some() && **other == field) {
            *other = None;
        }
        feeds[at] = field;
    }
    if problems.is_empty() { Ok(feeds) } else { Err(problems) }
}

/// A column by its title, or by its letter when no title is so.
fn column_titled(table: &Table, title: &str) -> Option<usize> {
    let wanted = fold(title);
    let by_title = table.header.iter().position(|other| fold(other) == wanted && !wanted.is_empty());
    let letter = title.trim().to_ascii_uppercase();
    by_title.or_else(|| (0..table.header.len()).find(|at| letters(*at) == letter))
}

fn as_remembered(fields: &'static [Field], remembered: &[Option<String>]) -> Feeds {
    let named = |name: &String| fields.iter().find(|field| field.name == name);
    remembered.iter().map(|name| name.as_ref().and_then(named)).collect()
}

fn as_guessed(table: &Table, fields: &'static [Field]) -> Feeds {
    let specs: Vec<FieldSpec<'_>> = fields
        .iter()
        .map(|field| FieldSpec { name: field.name, synonyms: field.titles, content: field.content() })
        .collect();
    let guesses = guess_columns(&table.header, &table.rows, &specs);
    guesses.into_iter().map(|guess| guess.map(|at| &fields[at])).collect()
}

/// What a list cannot do without: one of each group.
fn required(kind: ImportKind) -> &'static [&'static [&'static str]] {
    match kind {
        ImportKind::Products => &[&["name", "sku", "barcode", "internal_code", "scale_plu"]],
        ImportKind::Suppliers => &[&["code"]],
        ImportKind::Stock => &[&["sku", "barcode"], &["quantity"]],
        ImportKind::Prices => &[&["sku", "barcode"], &["price"]],
    }
}

fn check(kind: ImportKind, table: &Table, columns: &[Column]) -> Result<(), Vec<FieldProblem>> {
    let has = |name: &&str| columns.iter().any(|column| column.field.name == *name);
    let missing = required(kind).iter().filter(|group| !group.iter().any(has));
    let problems: Vec<FieldProblem> = missing
        .map(|group| {
            let fields = fields::of(kind).iter().filter(|field| group.contains(&field.name));
            let accepted: Vec<String> =
                fields.flat_map(|field| field.titles.iter().take(2)).map(|t| format!("«{t}»")).collect();
            let (accepted, found) = (accepted.join(", "), titles(table));
            problem(
                "missing_column",
                format!("Falta una columna. Puede llamarse {accepted}; las del archivo son: {found}."),
                format!("A column is missing. It may be called {accepted}; the file's are: {found}."),
            )
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Titles that a message shows at most.
const TITLES_SHOWN_MAX: usize = 20;

fn titles(table: &Table) -> String {
    let shown: Vec<String> =
        table.header.iter().take(TITLES_SHOWN_MAX).map(|title| title.chars().take(40).collect()).collect();
    shown.join(", ")
}

fn problem(code: &'static str, es: String, en: String) -> FieldProblem {
    FieldProblem { field: "mapping".to_owned(), code, detail: Text::new(es, en) }
}

/// The letters that a spreadsheet shows over a column, counted from 0.
pub fn letters(at: usize) -> String {
    column_letters(u32::try_from(at + 1).unwrap_or(u32::MAX))
}
