//! Lists as files that leave the shop: the whole of a list, from one snapshot, as CSV or XLSX. The
//! database is read page by page and the file written on a thread of its own, so that neither memory
//! nor other requests feel how long the list is; what goes out is a finished file or a refusal, never
//! half a file. What the columns are is in `columns`, how cells are written in the crate `sheets`.

use std::convert::Infallible;
use std::fs::File;
use std::future::Future;
use std::io::{self, BufWriter, Seek};
use std::pin::Pin;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gondola_sheets::{CsvStyle, CsvWriter, WriteError, XlsxWriter};
use gondola_store::{Actor, Audited, Command, Context, Fail, Permission, Tx};
use tokio::io::AsyncReadExt;
use tokio::sync::{Semaphore, mpsc};

use super::app::App;
use super::body::parse_query;
use super::columns::Told;
use super::lang::Lang;
use super::list::{List, take};
use super::paging::key_of;
use super::problem::Problem;
use super::reader::Reader;
use super::time::format_day;

/// Rows of a file at most; a workbook's sheet holds hardly more.
pub const ROWS_MAX: u64 = 1_000_000;
/// Files written at once by a process; further ones wait their turn within their own time.
const AT_ONCE: usize = 2;
/// Rows read from the database at a time.
const PAGE_ROWS: i64 = 2_000;
/// Pages read ahead of the writing thread.
const PAGES_AHEAD: usize = 1;
/// Bytes of a finished file sent at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// Turns at writing files, so that a crowd of exports leaves readers and memory to the others.
#[derive(Debug)]
pub struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

/// How a list is written into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma or semicolon separated.
    Csv(CsvStyle),
    /// An Excel workbook.
    Xlsx,
}

impl Default for FileFormat {
    fn default() -> Self {
        Self::Csv(CsvStyle::EXCEL_AR)
    }
}

impl FileFormat {
    /// Whether a query asks for a file.
    pub fn is_wanted(query: &str) -> bool {
        let asked: Vec<(String, String)> = parse_query(query).unwrap_or_default();
        asked.iter().any(|(name, text)| name == "format" && text != "json")
    }

    /// Takes the parameters about the file out of a query; none when a page as JSON is wanted.
    pub(super) fn take(asked: &mut Vec<(String, String)>) -> Result<Option<Self>, Problem> {
        let (format, dialect) = (take(asked, "format")?, take(asked, "dialect")?);
        match format.as_deref() {
            None | Some("json") => match dialect {
                None => Ok(None),
                Some(_) => Err(not_with_this_format()),
            },
            Some(format) => Self::named(format, dialect.as_deref()).map(Some),
        }
    }

    /// The format of that name, in that dialect of CSV.
    ///
    /// # Errors
    /// 422 when there is none.
    pub fn named(format: &str, dialect: Option<&str>) -> Result<Self, Problem> {
        match (format, dialect) {
            ("csv", None | Some("excel")) => Ok(Self::Csv(CsvStyle::EXCEL_AR)),
            ("csv", Some("plain")) => Ok(Self::Csv(CsvStyle::PLAIN)),
            ("csv", Some(_)) => {
                Err(Problem::invalid_field("dialect", "unknown_dialect", "Va excel o plain.", "It is excel or plain."))
            }
            ("xlsx", None) => Ok(Self::Xlsx),
            ("xlsx", Some(_)) => Err(not_with_this_format()),
            _ => Err(Problem::invalid_field(
                "format",
                "unknown_format",
                "Los formatos son: json, csv, xlsx.",
                "The formats are: json, csv, xlsx.",
            )),
        }
    }

    /// Its name, which ends the name of a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

fn not_with_this_format() -> Problem {
    Problem::invalid_field("dialect", "not_together", "Va solo con format=csv.", "It goes with format=csv only.")
}

/// A list that goes out as a file, under its name.
#[derive(Clone, Copy)]
pub struct Export {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is called, in Spanish and in English.
    pub title: [&'static str; 2],
    write: Write,
}

type Write = for<'a> fn(&'a App, &'a Actor, Lang, &'a str, FileFormat) -> Writing<'a>;
type Writing<'a> = Pin<Box<dyn Future<Output = Result<Exported, Problem>> + Send + 'a>>;

impl Export {
    /// The export of a list.
    pub fn of<L: List>() -> Self {
        let write: Write = |app, actor, lang, query, format| {
            Box::pin(async move { Exported::write::<L>(app, actor, lang, parse_query(query)?, format).await })
        };
        Self { name: L::NAME, title: L::TITLE, write }
    }

    /// Writes the file; `query` holds the filters, as the API takes them.
    ///
    /// # Errors
    /// 422 about the filters, 403 without the right.
    pub async fn write(
        &self,
        app: &App,
        actor: &Actor,
        lang: Lang,
        query: &str,
        format: FileFormat,
    ) -> Result<Exported, Problem> {
        (self.write)(app, actor, lang, query, format).await
    }
}

/// A list written out, in a nameless temporary file.
#[derive(Debug)]
pub struct Exported {
    /// A name for the file.
    pub name: String,
    /// Its format.
    pub format: FileFormat,
    /// Rows in it, besides the titles.
    pub rows: u64,
    /// The file, at its beginning.
    pub file: File,
}

impl Exported {
    /// Writes a list for somebody.
    pub(super) async fn write<L: List>(
        app: &App,
        actor: &Actor,
        lang: Lang,
        list: L,
        format: FileFormat,
    ) -> Result<Self, Problem> {
        if !actor.may(Permission::Export) {
            return Err(Problem::forbidden());
        }
        let _turn = app.exports.0.acquire().await.expect("nobody closes the exports");
        let mut reader = Reader::open(app, actor, L::NEEDS).await?.for_export();
        let filter = list.look_up(app, &mut reader).await?;
        let title = lang.pick(L::TITLE[0], L::TITLE[1]);
        let told = L::columns(filter.as_ref()).told(lang, app.zone.clone());
        let (pages, written) = mpsc::channel(PAGES_AHEAD);
        let sheet = Sheet { name: title.to_owned(), columns: told.titles(), format };
        let writing = tokio::task::spawn_blocking(move || sheet.write(written));
        let rows = send_rows::<L>(&mut reader, filter.as_ref(), &told, pages).await?;
        let file = writing.await.map_err(io::Error::other).map_err(WriteError::Io).flatten().map_err(not_written)?;
        reader.write_down().await?;
        let day = format_day(app.db.day_of(reader.now()));
        let name = format!("{}-{day}.{}", file_name(title), format.name());
        let note = ExportedList { list: L::NAME, format: format.name(), rows: i64::try_from(rows).unwrap_or(i64::MAX) };
        app.db.execute(actor, None, note).await?;
        tracing::info!(list = L::NAME, format = format.name(), rows, actor = actor.reference(), "list exported");
        Ok(Self { name, format, rows, file })
    }
}

/// Notes that somebody took a list along, before they get it: where it cannot be noted, nobody does (KEY-9, CSV-3).
struct ExportedList {
    list: &'static str,
    format: &'static str,
    rows: i64,
}

impl Command for ExportedList {
    const NAME: &'static str = "list.exported";
    const AUDITED: Option<Audited> = Some(Audited::READ);
    type Out = ();
    type Refusal = Infallible;

    fn subject(&self) -> String {
        format!("{}.{}", self.list, self.format)
    }

    fn records(&self) -> i64 {
        self.rows
    }

    fn permission(&self) -> Permission {
        Permission::Export
    }

    async fn run(&self, _: &mut Tx<'_>, _: &Context) -> Result<(), Fail<Infallible>> {
        Ok(())
    }
}

/// Reads a list page by page and hands its cells to whoever writes them; says how many rows it had.
async fn send_rows<L: List>(
    reader: &mut Reader,
    filter: Option<&L::Filter>,
    told: &Told<L::Item>,
    pages: mpsc::Sender<Vec<Vec<String>>>,
) -> Result<u64, Problem> {
    let Some(filter) = filter else { return Ok(0) };
    let (mut rows, mut after) = (0, None);
    loop {
        let page = L::page(filter, reader, after, PAGE_ROWS).await?;
        rows += page.items.len() as u64;
        if rows > ROWS_MAX {
            return Err(too_long());
        }
        let cells = page.items.iter().map(|item| told.cells(item)).collect();
        // A writer that is gone says why itself.
        let gone = pages.send(cells).await.is_err();
        match page.next {
            Some(token) if !gone => after = Some(key_of(&token).expect("a list reads the tokens that it made")),
            _ => return Ok(rows),
        }
    }
}

/// A file being written, on a thread that may wait for the disk.
struct Sheet {
    name: String,
    columns: Vec<gondola_sheets::Column>,
    format: FileFormat,
}

type Pages = mpsc::Receiver<Vec<Vec<String>>>;

impl Sheet {
    fn write(self, pages: Pages) -> Result<File, WriteError> {
        let mut file = tempfile::tempfile()?;
        match self.format {
            FileFormat::Csv(style) => {
                let mut writer = CsvWriter::new(BufWriter::new(&mut file), self.columns, style)?;
                each_row(pages, |row| writer.row(row))?;
                writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
            }
            FileFormat::Xlsx => {
                let mut writer = XlsxWriter::new(&self.name, self.columns)?;
                each_row(pages, |row| writer.row(row))?;
                writer.finish_into(BufWriter::new(&mut file))?;
            }
        }
        file.rewind()?;
        Ok(file)
    }
}

fn each_row(mut pages: Pages, mut row: impl FnMut(&[String]) -> Result<(), WriteError>) -> Result<(), WriteError> {
    while let Some(page) = pages.blocking_recv() {
        page.iter().try_for_each(|cells| row(cells))?;
    }
    Ok(())
}

/// `Stock a una fecha` as `stock-a-una-fecha`: letters that every system takes in the name of a file.
fn file_name(title: &str) -> String {
    super::text::fold(title).replace(' ', "-")
}

fn too_long() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "export_too_long",
        "La lista tiene más de 1.000.000 de filas y no entra en un archivo. Achicala con los filtros, por ejemplo de una fecha a otra.",
        "The list has more than 1,000,000 rows and does not fit in one file. Narrow it with the filters, for example from one date to another.",
    )
}

fn not_written(error: WriteError) -> Problem {
    if let WriteError::CellTooLong { row, column } = error {
        return Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "cell_too_long",
            format!("El texto de la fila {row}, columna {column}, no entra en una celda de Excel. Pedila en CSV."),
            format!("The text of row {row}, column {column}, does not fit in a cell of Excel. Ask for CSV."),
        );
    }
    tracing::error!(%error, code = "internal", "a list could not be written to a file");
    Problem::internal()
}

impl IntoResponse for Exported {
    fn into_response(self) -> Response {
        let attachment = format!("attachment; filename=\"{}\"", self.name);
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.format.media_type())),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_str(&attachment).expect("the name of a file is letters, digits and dashes"),
            ),
        ];
        (headers, body(self.file)).into_response()
    }
}

/// A file as it is read.
fn body(file: File) -> Body {
    let chunks = futures_util::stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let read = file.read_buf(&mut chunk).await?;
        Ok::<_, io::Error>((read > 0).then_some((chunk, file)))
    });
    Body::from_stream(chunks)
}
