//! Which column feeds which field: as the caller says, else as somebody said of a file with the same
//! titles before, else as titles and cells suggest. A list that cannot name its rows is refused
//! before any row is read.

use std::collections::BTreeMap;

use gondola_sheets::{DecimalStyle, FieldSpec, Table, column_letters, guess_columns};

use super::fields::{self, Field};
use super::file::{ColumnsAre, ReadAs};
use super::kind::ImportKind;
use super::words::field_name;
use crate::kernel::problem::FieldProblem;
use crate::kernel::text::fold;
use crate::kernel::{Lang, Text};

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

/// Decides what the columns are. `remembered` is what somebody said of the same titles before.
pub fn choose(
    kind: ImportKind,
    table: &Table,
    read_as: &ReadAs,
    remembered: Option<&[Option<String>]>,
) -> Result<Vec<Column>, Vec<FieldProblem>> {
    let fields = fields::of(kind);
    let remembered = remembered.filter(|remembered| remembered.len() == table.header.len());
    let feeds = match (&read_as.columns, remembered) {
        (ColumnsAre::Titled(named), _) => as_titled(table, fields, named)?,
        (ColumnsAre::InOrder(named), _) => in_order(fields, named)?,
        (ColumnsAre::Guessed, Some(remembered)) => as_remembered(fields, remembered),
        (ColumnsAre::Guessed, None) => as_guessed(table, fields),
    };
    let style = |at: usize| read_as.decimals.unwrap_or_else(|| table.decimal_style(at));
    let columns: Vec<Column> = feeds
        .into_iter()
        .take(table.header.len())
        .enumerate()
        .filter_map(|(at, field)| Some(Column { at, field: field?, style: style(at) }))
        .collect();
    check(kind, table, &columns)?;
    Ok(columns)
}

/// What the columns seem to be, whether or not a list can be made of them.
pub fn seem(kind: ImportKind, table: &Table, said: Option<&[Option<String>]>) -> Vec<Option<&'static str>> {
    let fields = fields::of(kind);
    let feeds = match said.filter(|said| said.len() == table.header.len()) {
        Some(said) => as_remembered(fields, said),
        None => as_guessed(table, fields),
    };
    feeds.into_iter().map(|field| field.map(|field| field.name)).collect()
}

type Feeds = Vec<Option<&'static Field>>;

fn as_titled(
    table: &Table,
    fields: &'static [Field],
    named: &BTreeMap<String, Option<String>>,
) -> Result<Feeds, Vec<FieldProblem>> {
    // A column that the caller does not mention is left to the guess, unless its field was given away.
    let mut feeds = as_guessed(table, fields);
    let (mut problems, mut given) = (Vec::new(), Given::default());
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
        let field = given.take(fields, name.as_deref(), &mut problems);
        for other in feeds.iter_mut().filter(|other| other.is_some() && **other == field) {
            *other = None;
        }
        feeds[at] = field;
    }
    if problems.is_empty() { Ok(feeds) } else { Err(problems) }
}

fn in_order(fields: &'static [Field], named: &[Option<String>]) -> Result<Feeds, Vec<FieldProblem>> {
    let (mut problems, mut given) = (Vec::new(), Given::default());
    let feeds = named.iter().map(|name| given.take(fields, name.as_deref(), &mut problems)).collect();
    if problems.is_empty() { Ok(feeds) } else { Err(problems) }
}

/// Fields that columns were given, each once.
#[derive(Default)]
struct Given(Vec<&'static str>);

impl Given {
    fn take(
        &mut self,
        fields: &'static [Field],
        name: Option<&str>,
        problems: &mut Vec<FieldProblem>,
    ) -> Option<&'static Field> {
        let name = name?;
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            let known = fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
            problems.push(problem(
                "unknown_field",
                format!("No hay un dato «{name}». Se aceptan: {known}."),
                format!("There is no field \"{name}\". Accepted: {known}."),
            ));
            return None;
        };
        if self.0.contains(&field.name) {
            let (es, en) = (field_name(Lang::Es, field.name), field_name(Lang::En, field.name));
            problems.push(problem(
                "field_named_twice",
                format!("Dos columnas no pueden ser «{es}». Dejá una."),
                format!("Two columns cannot be \"{en}\". Keep one."),
            ));
        }
        self.0.push(field.name);
        Some(field)
    }
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
                fields.filter_map(|field| field.titles.first()).map(|title| format!("«{title}»")).collect();
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
