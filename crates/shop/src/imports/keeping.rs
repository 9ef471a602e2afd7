//! A file between two pages. It waits, sealed, in the database that every process shares, from the
//! moment it is sent until somebody has seen what it would do and says yes; a day later it is
//! forgotten (decision 0017).

use std::sync::Arc;

use gondola_store::protect::ColumnName;
use gondola_store::{Actor, At, Audited, Command, Context, Fail, Permission, Tx, both, expect_rows};
use uuid::Uuid;

use super::kind::ImportKind;
use super::refusal::ImportRefusal;
use super::{queries, sql};
use crate::kernel::{App, Problem, Reader};

/// A file that was kept.
pub(super) struct Kept {
    pub id: Uuid,
    pub kind: ImportKind,
    pub file_name: String,
    /// The place of rows that name none.
    pub location: Option<String>,
    pub bytes: Arc<Vec<u8>>,
}

/// A file to keep.
pub(super) struct Sent {
    pub kind: ImportKind,
    pub file_name: String,
    pub location: Option<String>,
    pub bytes: Arc<Vec<u8>>,
}

/// Keeps a file; answers how to find it again.
///
/// # Errors
/// 403 without the right to import, or the store's failure.
pub(super) async fn keep(app: &App, actor: &Actor, sent: Sent) -> Result<Kept, Problem> {
    let id = app.db.new_id();
    let Sent { kind, file_name, location, bytes } = sent;
    let content = app.db.vault().seal(KEPT_FILE.place(&id), &bytes);
    let command = KeepFile { id, kind, file_name: file_name.clone(), location: location.clone(), content };
    app.db.execute(actor, None, command).await.map_err(|fail| fail.map(|never| -> Problem { match never {} }))?;
    Ok(Kept { id, kind, file_name, location, bytes })
}

/// A kept file with its bytes.
///
/// # Errors
/// [`ImportRefusal::FileGone`] when it is not kept any more.
pub(super) async fn find(app: &App, actor: &Actor, id: Uuid) -> Result<Kept, Problem> {
    let mut reader = Reader::open(app, actor, Permission::Import).await?;
    let row = queries::file(&mut reader.tx(), actor, id).await?.ok_or(ImportRefusal::FileGone)?;
    let kind = ImportKind::from_code(&row.kind).ok_or(ImportRefusal::FileGone)?;
    let bytes = app.db.hand_back(&mut reader.tx(), KEPT_FILE, &row.id, &row.content).await?;
    Ok(Kept { id, kind, file_name: row.file_name, location: row.location, bytes: Arc::new(bytes.to_vec()) })
}

/// The bytes of a kept file. They go back to whoever sent them, so opening one is no access of its own.
pub const KEPT_FILE: ColumnName = ColumnName { table: "import_files", column: "content", sealed_for: "content" };

struct KeepFile {
    id: Uuid,
    kind: ImportKind,
    file_name: String,
    location: Option<String>,
    content: Vec<u8>,
}

impl Command for KeepFile {
    const NAME: &'static str = "imports.keep_file";
    type Out = ();
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::Import
    }

    fn also_needs(&self) -> Vec<Permission> {
        self.kind.needs()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Self::Refusal>> {
        let kept = both!(tx, c, text => sqlx::query(text(sql::INSERT_FILE))
            .bind(self.id).bind(self.kind.code()).bind(&self.file_name).bind(&self.location)
            .bind(self.content.as_slice()).bind(cx.actor.reference()).bind(cx.now).execute(c).await?.rows_affected());
        Ok(expect_rows(sql::INSERT_FILE, 1, kept)?)
    }
}

/// Forgets files that were sent before a moment.
pub struct ForgetFiles {
    /// The moment.
    pub before: At,
}

impl Command for ForgetFiles {
    const NAME: &'static str = "imports.forget_files";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::Import
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<Self::Refusal>> {
        both!(tx, c, text => sqlx::query(text(sql::FORGET_FILES)).bind(self.before).execute(c).await.map(drop)?);
        Ok(())
    }
}
