//! Undoing what one wrote last, in one step: lines of the notebook are crossed out if nobody touched them, movements are
//! reversed. What came before is corrected where it was written.

use gondola_store::{Command, Context, Fail, Permission, Tx, both, expect_rows};
use uuid::Uuid;

use super::plan::{Step, Written};
use super::queries::{Message, lock};
use super::refusal::AssistantRefused;
use super::say::Said;
use super::sql;
use crate::notebook::DiscardEntry;
use crate::stock::{Book, Originals, ProductRef, channel_of};

/// Why lines are crossed out and movements reversed.
const REASON: &str = "deshecho";

/// Undoes a message.
#[derive(Debug, Clone)]
pub struct UndoMessage {
    /// The message.
    pub id: Uuid,
    /// The rights that its plan needed.
    pub needs: Vec<Permission>,
}

impl UndoMessage {
    /// What undoes a message.
    pub fn of(message: &Message) -> Self {
        Self { id: message.id, needs: message.plan.needs() }
    }
}

impl Command for UndoMessage {
    const NAME: &'static str = "assistant.undo";
    type Out = Said;
    type Refusal = AssistantRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::WriteNotebook
    }

    fn also_needs(&self) -> Vec<Permission> {
        self.needs.clone()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Said, Fail<AssistantRefused>> {
        let mut message = self.undoable(tx, cx).await?;
        cx.changes(&Said { message: message.clone(), token: None });
        for step in &message.plan.steps {
            if let Some(Written::Line { id, version, was_there }) = step.written {
                cross_out(tx, cx, id, version, was_there).await?;
            }
        }
        reverse(tx, cx, &message.plan.steps).await?;
        message.undone_at = Some(cx.now);
        let undone = both!(tx, c, text => sqlx::query(text(sql::SET_UNDONE))
            .bind(self.id).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::SET_UNDONE, 1, undone)?;
        Ok(Said { message, token: None })
    }
}

impl UndoMessage {
    async fn undoable(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Message, Fail<AssistantRefused>> {
        let refuse = |refusal| Err(Fail::Refused(refusal));
        let actor = cx.actor.reference();
        let Some(message) = lock(tx, self.id).await?.filter(|message| message.actor == actor) else {
            return refuse(AssistantRefused::UnknownMessage);
        };
        if message.done_at.is_none() {
            return refuse(AssistantRefused::NothingWritten);
        }
        if message.undone_at.is_some() {
            return refuse(AssistantRefused::AlreadyUndone);
        }
        if message.plan.steps.iter().any(|step| step.corrects.is_some()) {
            return refuse(AssistantRefused::IsCorrection);
        }
        let latest: Option<Uuid> =
            both!(tx, c, text => sqlx::query_scalar(text(sql::LATEST_DONE)).bind(&actor).fetch_optional(c).await?);
        if latest == Some(self.id) { Ok(message) } else { refuse(AssistantRefused::NotTheLast) }
    }
}

async fn cross_out(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    version: i64,
    was_there: bool,
) -> Result<(), Fail<AssistantRefused>> {
    if was_there {
        return Err(Fail::Refused(AssistantRefused::LineWasThere));
    }
    let discard = DiscardEntry { id, reason: Some(REASON.to_owned()) };
    let gone = discard.run(tx, cx).await.map_err(|fail| fail.map(AssistantRefused::from))?;
    if gone.entry.version == version + 1 { Ok(()) } else { Err(Fail::Refused(AssistantRefused::LineChanged)) }
}

/// Reverses the movements of a plan in one book, the last one first.
async fn reverse(tx: &mut Tx<'_>, cx: &Context, steps: &[Step]) -> Result<(), Fail<AssistantRefused>> {
    let moved: Vec<(Uuid, ProductRef)> = steps
        .iter()
        .filter_map(|step| match (&step.written, &step.product) {
            (Some(Written::Movement(id)), Some((sku, _))) => Some((*id, ProductRef::Sku(sku.clone()))),
            _ => None,
        })
        .collect();
    if moved.is_empty() {
        return Ok(());
    }
    let mut book = Book::open(tx, cx, channel_of(cx), moved.iter().map(|(_, product)| product)).await?;
    let ids: Vec<Uuid> = moved.iter().map(|(id, _)| *id).collect();
    let mut originals = Originals::load(tx, &ids).await?;
    for id in ids.iter().rev() {
        originals.reverse(cx, &mut book, *id, REASON).map_err(|fail| fail.map(AssistantRefused::from))?;
    }
    book.close(tx).await?;
    Ok(())
}
