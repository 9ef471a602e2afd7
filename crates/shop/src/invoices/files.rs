//! The file and the pictures of an invoice, opened for who looks at them.

use gondola_store::protect::Protected;
use gondola_store::{Tx, both};
use uuid::Uuid;

use super::queries::{InvoiceRow, find};
use super::reading::{ORIGINAL, PICTURE};
use super::sql;
use crate::kernel::{Problem, Reader};

/// The file of an invoice as it came.
pub(super) struct File {
    pub row: InvoiceRow,
    pub kind: String,
    pub bytes: Vec<u8>,
}

/// Opens the file of an invoice; `purpose` is what for.
///
/// # Errors
/// 404 without such an invoice or for one that was typed, 503.
pub(super) async fn file(reader: &mut Reader, id: Uuid, purpose: &str) -> Result<File, Problem> {
    let row = find(&mut reader.tx(), id).await?.ok_or_else(Problem::not_found)?.row;
    let kind = row.file_kind.clone().ok_or_else(Problem::not_found)?;
    let sealed = sealed_file(&mut reader.tx(), id).await?.ok_or_else(Problem::not_found)?;
    let mut original = Protected::sealed(sealed);
    let (mut tx, opener) = reader.opening(purpose);
    opener.open(&mut tx, &ORIGINAL, [(id, &mut original)]).await?;
    Ok(File { row, kind, bytes: original.into_value().unwrap_or_default() })
}

/// A file as it lies in the database.
///
/// # Errors
/// The database's failure.
pub(super) async fn sealed_file(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Vec<u8>>, gondola_store::StoreError> {
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_FILE)).bind(id).fetch_optional(c).await?))
}

/// Opens the picture of a page, from 1; `purpose` is what for.
///
/// # Errors
/// 404 without such a page, 503.
pub(super) async fn picture(reader: &mut Reader, (id, page): (Uuid, i64), purpose: &str) -> Result<Vec<u8>, Problem> {
    let found: Option<(Uuid, Vec<u8>)> = both!(&mut reader.tx(), c, text =>
        sqlx::query_as(text(sql::FIND_PAGE)).bind(id).bind(page).fetch_optional(c).await?);
    let (row, sealed) = found.ok_or_else(Problem::not_found)?;
    let mut picture = Protected::sealed(sealed);
    let (mut tx, opener) = reader.opening(purpose);
    opener.open(&mut tx, &PICTURE, [(row, &mut picture)]).await?;
    Ok(picture.into_value().unwrap_or_default())
}
