//! Understanding a file that came in, away from those who wait for answers: a large one takes a second.

use std::sync::Arc;

use gondola_store::{Actor, Permission};

use super::file::{self, ListFile, ReadAs};
use super::kind::ImportKind;
use super::queries;
use crate::kernel::{App, Problem, Reader};

/// Reads bytes as a list of that kind, with what the shop remembers of its titles.
///
/// # Errors
/// When the file is no list or its columns cannot be used.
pub async fn understand(
    app: &App,
    actor: &Actor,
    kind: ImportKind,
    bytes: Arc<Vec<u8>>,
    read_as: ReadAs,
) -> Result<ListFile, Problem> {
    let table = aside(move || file::read_table(&bytes)).await??;
    let mut reader = Reader::open(app, actor, Permission::Import).await?;
    let remembered = queries::remembered(&mut reader.tx(), kind, &file::signature(&table)).await?;
    Ok(aside(move || ListFile::new(kind, table, read_as, remembered)).await??)
}

/// Runs work that keeps a processor busy on a thread for such work.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, code = "internal", "read a file");
        Problem::internal()
    })
}
