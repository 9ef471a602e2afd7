//! What the machine's console may do without a user: take a list in, and get its correction file. The
//! command line calls these; they are the same steps that pages and API take.

use std::sync::Arc;

use gondola_store::{Actor, Fail, Permission};
use uuid::Uuid;

use super::api::find;
use super::correction::correction;
use super::file::ReadAs;
use super::kind::ImportKind;
use super::reading::understand;
use super::refusal::ImportRefusal;
use super::run::{self, Mode, Progress, Request};
use super::views::ImportView;
use crate::kernel::{App, Lang, Problem, Reader};

/// A list to take in.
#[derive(Debug)]
pub struct Order {
    /// What it is of.
    pub kind: ImportKind,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Its name, for people.
    pub file_name: String,
    /// How it is read.
    pub read_as: ReadAs,
    /// What is asked.
    pub mode: Mode,
}

fn console() -> Actor {
    Actor::system("console")
}

/// Takes a list in, to its end; answers what became of it, with every bad row.
///
/// # Errors
/// When the file is no list or its columns cannot be used. Bad rows are no error, not even when all or
/// nothing was asked for.
pub async fn import(
    app: &App,
    order: Order,
    lang: Lang,
    progress: impl FnMut(Progress) + Send,
) -> Result<ImportView, Problem> {
    let Order { kind, bytes, file_name, read_as, mode } = order;
    let file_hash = gondola_vault::sha256(&bytes);
    let file = Arc::new(understand(app, &console(), kind, Arc::new(bytes), read_as).await?);
    let request = Request { file, file_name, file_hash, mode, kept_as: None };
    let import = match run::run(&app.db, &console(), None, request, progress).await {
        Ok(finished) => finished.import,
        Err(Fail::Refused(ImportRefusal::Rows { import, .. })) => import,
        Err(fail) => return Err(fail.into()),
    };
    let mut reader = Reader::open(app, &console(), Permission::Import).await?;
    let row = find(&mut reader, import).await?;
    Ok(ImportView::complete(&mut reader.tx(), row, lang).await?)
}

/// The correction file of an import.
///
/// # Errors
/// When there is no such import, or the database fails.
pub async fn corrections(app: &App, import: Uuid, lang: Lang) -> Result<Vec<u8>, Problem> {
    let mut reader = Reader::open(app, &console(), Permission::Import).await?;
    let row = find(&mut reader, import).await?;
    Ok(correction(&mut reader.tx(), &app.db, &row, lang).await?)
}
