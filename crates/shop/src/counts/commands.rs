//! The commands that begin a count and give one up. Entering what was counted is in `lines.rs`,
//! correcting the ledger in `post.rs`.

use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::queries::{Count, find};
use super::refusal::{CountRefused, CountState};
use super::rows::{close, lock_open};
use super::scope::CountScope;
use super::sql;
use crate::stock::{Book, channel_of};

/// Begins a count of a place.
#[derive(Debug, Clone)]
pub struct OpenCount {
    /// Code of the place.
    pub location: String,
    /// Whether those who count are not told what to find.
    pub blind: bool,
    /// What is counted there.
    pub scope: CountScope,
    /// Why it is counted.
    pub reason: String,
}

impl Command for OpenCount {
    const NAME: &'static str = "counts.open";
    type Out = Count;
    type Refusal = CountRefused;

    fn subject(&self) -> String {
        self.location.clone()
    }

    fn permission(&self) -> Permission {
        Permission::Count
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Count, Fail<CountRefused>> {
        let category = self.scope.category(tx).await?;
        let listed = self.scope.products();
        let book = Book::open(tx, cx, channel_of(cx), listed).await?;
        let place = book.place("location", &self.location).map_err(|refusal| Fail::Refused(refusal.into()))?.id;
        let id = cx.new_id();
        let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_COUNT))
            .bind(id).bind(place).bind(self.blind).bind(category).bind(!listed.is_empty()).bind(&self.reason).bind(cx.actor.reference()).bind(&cx.actor.name)
            .bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_COUNT, 1, inserted)?;
        self.scope.write_list(tx, &book, id).await?;
        as_stored(tx, id).await
    }
}

/// Gives a count up; nothing is corrected.
#[derive(Debug, Clone)]
pub struct CancelCount {
    /// The count.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for CancelCount {
    const NAME: &'static str = "counts.cancel";
    type Out = Count;
    type Refusal = CountRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Count
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Count, Fail<CountRefused>> {
        lock_open(tx, cx, self.id).await?;
        cx.changes(&as_stored(tx, self.id).await?);
        close(tx, cx, self.id, CountState::Cancelled, Some(&self.reason)).await?;
        as_stored(tx, self.id).await
    }
}

pub(super) async fn as_stored(tx: &mut Tx<'_>, id: Uuid) -> Result<Count, Fail<CountRefused>> {
    let found = find(tx, id).await?;
    Ok(found.ok_or_else(|| StoreError::corrupt("counts", "id", id, "it was just written"))?)
}
