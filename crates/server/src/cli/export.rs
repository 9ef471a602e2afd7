//! `gondola export`: a list of the shop as a file, the same that the API answers with `format`. Which
//! lists there are, and what narrows them, is the shop's to say; here it is asked and put where it goes.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use gondola_shop::kernel::{Exported, FileFormat, Problem};
use gondola_store::Actor;
use serde_json::json;

use super::console::Console;
use super::{Exit, Global};
use crate::start::{self, Purpose, StartError};

/// Write a whole list to a file, CSV or XLSX
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola export products --format xlsx --output productos.xlsx\n  \
                        gondola export movements product=sku:LAC-LS-SACH from=2026-11-01 > kardex.csv\n  \
                        gondola export lots --dialect plain location=local\n\n\
                        The filters are those of the API; without a list, the lists are named.")]
pub struct Export {
    /// Which list: products, movements, inventory…
    list: Option<String>,
    /// What narrows it
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    filters: Vec<(String, String)>,
    /// csv or xlsx
    #[arg(long, default_value = "csv")]
    format: String,
    /// How a CSV is written: excel, as Argentine Excel opens it (the default), or plain
    #[arg(long)]
    dialect: Option<String>,
    /// The file to write; a CSV goes to standard output when it is left out
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a filter is written NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Export {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let wanted = match self.wanted(console) {
            Ok(Some(wanted)) => wanted,
            Ok(None) => return Ok(tell_lists(console)),
            Err(problem) => return Ok(console.problem(&problem)),
        };
        let settings = global.load()?.settings;
        let db = start::open_existing(&settings, global.data_dir()).await?;
        let app = start::app(&settings, db, Purpose::Shop);
        let query = serde_urlencoded::to_string(&self.filters).context("write the filters as a query")?;
        let written = wanted.export.write(&app, &Actor::system("console"), console.lang, &query, wanted.format).await;
        app.db.close().await;
        match written {
            Ok(file) => Ok(self.put(&wanted, file, console)?),
            Err(problem) => Ok(console.problem(&problem)),
        }
    }

    /// What is asked for; nothing when no list is named.
    fn wanted(&self, console: &Console) -> Result<Option<Wanted>, Problem> {
        let Some(name) = &self.list else { return Ok(None) };
        let export = lists().into_iter().find(|export| export.name == name).ok_or_else(unknown_list)?;
        let format = FileFormat::named(&self.format, self.dialect.as_deref())?;
        if self.output.is_none() && (console.json || format == FileFormat::Xlsx) {
            return Err(Problem::invalid_field("output", "required", "Decí en qué archivo.", "Say into which file."));
        }
        Ok(Some(Wanted { export, format }))
    }

    fn put(&self, wanted: &Wanted, exported: Exported, console: &Console) -> anyhow::Result<Exit> {
        let Exported { rows, mut file, .. } = exported;
        let Some(output) = &self.output else {
            // A reader that went away (`| head`) does not need the rest.
            return match io::copy(&mut file, &mut io::stdout().lock()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("write the list"),
                _ => Ok(Exit::Done),
            };
        };
        let bytes = replace(output, &mut file).with_context(|| format!("write {}", output.display()))?;
        let facts = json!({
            "list": wanted.export.name, "format": wanted.format.name(), "file": output, "rows": rows, "bytes": bytes,
        });
        let words = format!("{}: {rows} {}\n", output.display(), console.pick("filas", "rows"));
        console.answer(&facts, &words);
        Ok(Exit::Done)
    }
}

/// A list and how it is written.
struct Wanted {
    export: gondola_shop::kernel::Export,
    format: FileFormat,
}

fn lists() -> Vec<gondola_shop::kernel::Export> {
    let mut lists = gondola_shop::exports();
    lists.sort_by_key(|export| export.name);
    lists
}

fn unknown_list() -> Problem {
    let known = lists().iter().map(|export| export.name).collect::<Vec<_>>().join(", ");
    Problem::invalid_field(
        "list",
        "unknown_list",
        format!("Las listas son: {known}."),
        format!("The lists are: {known}."),
    )
}

fn tell_lists(console: &Console) -> Exit {
    let title = |export: &gondola_shop::kernel::Export| console.pick(export.title[0], export.title[1]).to_owned();
    let facts: Vec<_> = lists().iter().map(|export| json!({"name": export.name, "title": title(export)})).collect();
    let words: String = lists().iter().map(|export| format!("{:<14} {}\n", export.name, title(export))).collect();
    console.answer(&json!({"items": facts}), &words);
    Exit::Done
}

/// Puts the whole of `from` in the file's place in one step: whoever looks finds the old file or the new
/// one, never a part.
fn replace(output: &Path, from: &mut File) -> io::Result<u64> {
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    let bytes = io::copy(from, &mut beside)?;
    beside.flush()?;
    beside.persist(output).map_err(|error| error.error)?;
    Ok(bytes)
}
