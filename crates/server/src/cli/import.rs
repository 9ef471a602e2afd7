//! `gondola import`: takes a list in from a file, in front of the machine. How rows are read and what
//! they mean is the shop's `imports`; here the file is opened and the outcome told.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use gondola_sheets::DecimalStyle;
use gondola_shop::imports::console::{self as imports, Order};
use gondola_shop::imports::{ColumnsAre, FILE_BYTES_MAX, ImportKind, ImportView, Mode, Progress, ReadAs, field_name};
use gondola_shop::kernel::numbers::show_count;
use gondola_shop::kernel::{App, Text};

use super::console::Console;
use super::{Exit, Global};
use crate::start::{self, Purpose, StartError};

/// Take in a list of products, suppliers, stock or prices from a CSV or XLSX file
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola import products lista.csv --dry-run\n  \
                        gondola import products lista.xlsx --corrections corregir.csv\n  \
                        gondola import stock conteo.csv --location deposito --atomic\n\n\
                        Good rows go in and bad ones are listed, each with its line (exit 0).\n\
                        With --atomic no row goes in when one is bad (exit 1). A file that is no list exits 2.")]
pub struct Import {
    /// What the list is of
    kind: Kind,
    /// The file, CSV or XLSX
    file: PathBuf,
    /// Say what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
    /// All rows go in, or none
    #[arg(long)]
    atomic: bool,
    /// Write the bad rows here, with what to correct in each; the file must not exist yet
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
    /// What a column is, by title or letter: "Precio=sale_price"; "Nota=" leaves it out
    #[arg(long = "column", value_name = "TITLE=FIELD", value_parser = column)]
    columns: Vec<(String, Option<String>)>,
    /// How numbers write decimals, where the file does not tell
    #[arg(long)]
    decimals: Option<DecimalsArg>,
    /// The place of stock rows that do not name one
    #[arg(long, value_name = "CODE")]
    location: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Products,
    Suppliers,
    Stock,
    Prices,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DecimalsArg {
    Comma,
    Point,
}

fn column(text: &str) -> Result<(String, Option<String>), String> {
    let (title, field) = text.split_once('=').ok_or("it is TITLE=FIELD")?;
    Ok((title.to_owned(), Some(field.to_owned()).filter(|field| !field.is_empty())))
}

impl Import {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        if let Some(file) = self.corrections.as_deref().filter(|file| file.exists()) {
            console.refusal("corrections_exist", &corrections_exist(file));
            return Ok(Exit::Wrong);
        }
        let order = match self.order() {
            Ok(order) => order,
            Err(error) => {
                console.refusal("file_unreadable", &unreadable(&self.file, &error));
                return Ok(Exit::Wrong);
            }
        };
        let settings = global.load()?.settings;
        let db = start::open(&settings, global.data_dir()).await?;
        let app = start::app(&settings, db, Purpose::Shop);
        let exit = self.take_in(&app, order, console).await;
        app.db.close().await;
        exit
    }

    fn order(&self) -> std::io::Result<Order> {
        let mut bytes = Vec::new();
        // One byte more than is accepted is enough to be refused.
        fs::File::open(&self.file)?.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
        let columns = match self.columns.as_slice() {
            [] => ColumnsAre::Guessed,
            named => ColumnsAre::Titled(named.iter().cloned().collect()),
        };
        let decimals = self.decimals.map(|decimals| match decimals {
            DecimalsArg::Comma => DecimalStyle::Comma,
            DecimalsArg::Point => DecimalStyle::Point,
        });
        let mode = match (self.dry_run, self.atomic) {
            (true, _) => Mode::DryRun,
            (false, true) => Mode::Atomic,
            (false, false) => Mode::Each,
        };
        let file_name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let read_as = ReadAs { columns, decimals, location: self.location.clone() };
        Ok(Order { kind: self.kind.into(), bytes, file_name, read_as, mode })
    }

    async fn take_in(&self, app: &App, order: Order, console: &Console) -> Result<Exit, StartError> {
        let progress = console.progress();
        let what = console.pick("Filas", "Rows");
        let told = move |step: Progress| progress.tell(what, step.done as u64, step.total as u64);
        let outcome = imports::import(app, order, console.lang, told).await;
        progress.end();
        let view = match outcome {
            Ok(view) => view,
            Err(problem) => return Ok(console.problem(&problem)),
        };
        let written = match &self.corrections {
            Some(file) if view.rows_bad > 0 => Some(self.write_corrections(app, &view, file, console).await?),
            _ => None,
        };
        console.answer(&serde_json::to_value(&view)?, &words(&view, written, console));
        let refused = self.atomic && view.rows_bad > 0;
        Ok(if refused { Exit::Attention } else { Exit::Done })
    }

    async fn write_corrections<'f>(
        &self,
        app: &App,
        view: &ImportView,
        file: &'f Path,
        console: &Console,
    ) -> Result<&'f Path, StartError> {
        let bytes = imports::corrections(app, view.id, console.lang).await;
        let bytes = bytes.map_err(|problem| anyhow::anyhow!("{}", problem.detail.in_lang(console.lang)))?;
        let to = || format!("write {}", file.display());
        let mut out = OpenOptions::new().write(true).create_new(true).open(file).with_context(to)?;
        out.write_all(&bytes).and_then(|()| out.sync_all()).with_context(to)?;
        Ok(file)
    }
}

impl From<Kind> for ImportKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Products => Self::Products,
            Kind::Suppliers => Self::Suppliers,
            Kind::Stock => Self::Stock,
            Kind::Prices => Self::Prices,
        }
    }
}

fn corrections_exist(file: &Path) -> Text {
    let file = file.display();
    Text::new(
        format!("{file} ya existe y no se pisa. Elegí otro nombre para las correcciones. No se cargó nada."),
        format!("{file} exists and is not overwritten. Choose another name for the corrections. Nothing was imported."),
    )
}

fn unreadable(file: &Path, error: &std::io::Error) -> Text {
    let file = file.display();
    Text::new(format!("{file} no se puede leer: {error}."), format!("{file} cannot be read: {error}."))
}

/// What became of the list, for people: columns first, then every bad row, the sums last, where the
/// eye is when it ends.
fn words(view: &ImportView, corrections: Option<&Path>, console: &Console) -> String {
    let mut words = columns(view, console);
    for error in &view.errors {
        let line = console.pick("línea", "line");
        let field = field_name(console.lang, &error.field);
        let value = if error.value.is_empty() { String::new() } else { format!(" «{}»", error.value) };
        let about = format!("{field}{value}");
        let about = if about.is_empty() { about } else { format!(", {}", about.trim_start()) };
        words.push_str(&format!("  {line} {}{about}: {}\n", error.line, error.detail));
    }
    for remark in &view.remarks {
        let rows = rows(remark.lines.into(), console);
        words.push_str(&format!("  {} ({rows})\n", remark.detail));
    }
    words.push_str(&sums(view, console));
    if let Some(file) = corrections {
        let text = console.pick("Filas para corregir en", "Rows to correct are in");
        words.push_str(&format!("{text} {}\n", file.display()));
    }
    words
}

fn columns(view: &ImportView, console: &Console) -> String {
    let mut words = String::new();
    let mut unused = Vec::new();
    for column in &view.columns {
        match &column.field {
            None => unused.push(column.title.as_str()),
            Some(field) => {
                let name = field_name(console.lang, field);
                words.push_str(&format!("  {:<3} {:<24} → {name}\n", column.column, column.title));
            }
        }
    }
    if !unused.is_empty() {
        words.push_str(&format!("  {}: {}\n", console.pick("Sin usar", "Not used"), unused.join(", ")));
    }
    words
}

fn sums(view: &ImportView, console: &Console) -> String {
    let good = rows(view.rows_good, console);
    let (created, changed) = (show_count(view.rows_created), show_count(view.rows_changed));
    let verdict = match view.state.as_str() {
        "previewed" => Text::new(
            format!("Ensayo, no se cambió nada. Entrarían {good} ({created} nuevas, {changed} con cambios)."),
            format!("Dry run, nothing was changed. {good} would go in ({created} new, {changed} with changes)."),
        ),
        "refused" => Text::new(
            "No se cargó ninguna fila: se pidió todo o nada.".to_owned(),
            "No row went in: all or nothing was asked for.".to_owned(),
        ),
        _ => Text::new(
            format!("Entraron {good} ({created} nuevas, {changed} con cambios)."),
            format!("{good} went in ({created} new, {changed} with changes)."),
        ),
    };
    let mut words = format!("{}\n", verdict.in_lang(console.lang));
    if view.rows_bad > 0 {
        let bad = rows(view.rows_bad, console);
        let text = Text::new(format!("Hay {bad} para corregir."), format!("{bad} to correct."));
        words.push_str(&format!("{}\n", text.in_lang(console.lang)));
    }
    words
}

fn rows(count: i64, console: &Console) -> String {
    let (one, many) = (console.pick("fila", "row"), console.pick("filas", "rows"));
    format!("{} {}", show_count(count), if count == 1 { one } else { many })
}
