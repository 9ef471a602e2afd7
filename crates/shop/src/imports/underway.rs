//! Imports and their undo as requests begin them: whoever asked waits a while for the end, and what
//! takes longer, or whose caller went away, goes on.

use std::future::Future;
use std::time::Duration;

use gondola_store::{Actor, Fail, Key};
use tokio::task::JoinError;
use uuid::Uuid;

use super::run::{self, Request};
use super::undo;
use crate::kernel::{App, Problem};

/// How long a caller waits for the end.
const PATIENCE: Duration = Duration::from_secs(20);

/// An import that began.
pub(super) struct Begun {
    pub import: Uuid,
    /// Whether it is the stored answer of an earlier, equal request.
    pub replayed: bool,
    /// Why nothing went in, when that is how it ended.
    pub refused: Option<Problem>,
}

/// Begins an import and waits a while for its end.
///
/// # Errors
/// 403 without the rights, or the store's failure.
pub(super) async fn take_in(app: &App, actor: &Actor, key: Option<Key>, request: Request) -> Result<Begun, Problem> {
    let opened = run::open(&app.db, actor, key, &request).await?;
    let import = opened.out;
    let (db, who) = (app.db.clone(), actor.clone());
    let ended = awhile(async move { run::finish(&db, &who, &opened, request, |_| {}).await }).await?;
    let (replayed, refused) = match ended {
        None => (false, None),
        Some(Ok(finished)) => (finished.replayed, None),
        Some(Err(Fail::Refused(refusal))) => (false, Some(refusal.into())),
        Some(Err(fail)) => return Err(fail.into()),
    };
    Ok(Begun { import, replayed, refused })
}

/// Begins to undo an import and waits a while for the end; answers whether an equal request did before.
///
/// # Errors
/// As [`undo::undo`].
pub(super) async fn take_back(app: &App, actor: &Actor, key: Option<Key>, import: Uuid) -> Result<bool, Problem> {
    let (db, who) = (app.db.clone(), actor.clone());
    match awhile(async move { undo::undo(&db, &who, key, import).await }).await? {
        Some(undone) => Ok(undone?.replayed),
        None => Ok(false),
    }
}

/// What the work comes to, or nothing when it goes on without us.
async fn awhile<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<Option<T>, Problem> {
    let ended = tokio::time::timeout(PATIENCE, tokio::spawn(work)).await;
    ended.ok().transpose().map_err(|error: JoinError| {
        tracing::error!(%error, code = "internal", "an import broke off");
        Problem::internal()
    })
}
