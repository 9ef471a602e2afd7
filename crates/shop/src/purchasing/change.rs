//! What happens to a line of an order while it is being written: it is changed, or taken out.

use gondola_ledger::{Qty, UnitCost};
use gondola_store::{Command, Context, Fail, Permission, Tx, both, expect_rows};
use uuid::Uuid;

use super::draft::{LineWanted, asked_of, measure, write};
use super::queries::{OrderLine, Ordered};
use super::refusal::PurchaseRefused;
use super::rows::{Known, Locked, as_stored, lock, put_lines, touch, turn_notes};
use super::sql;
use crate::notebook::EntryState;
use crate::stock::{Book, ProductRef, channel_of};

/// A line of an order that is being written, changed in place.
#[derive(Debug, Clone)]
pub struct ChangeLine {
    /// The order.
    pub order: Uuid,
    /// The line.
    pub line: i64,
    /// The order's version that was read.
    pub version: i64,
    /// What changes.
    pub change: LineChange,
}

/// What changes about a line. What is not named stays; an inner nothing takes away.
#[derive(Debug, Clone, Default)]
pub struct LineChange {
    /// How much.
    pub quantity: Option<Option<Qty>>,
    /// Of which unit.
    pub unit: Option<String>,
    /// What one unit should cost.
    pub expected_cost: Option<Option<UnitCost>>,
    /// Whether it is urgent.
    pub is_urgent: Option<bool>,
}

impl Command for ChangeLine {
    const NAME: &'static str = "purchasing.change_line";
    type Out = Ordered;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        self.order.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditPurchases
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Ordered, Fail<PurchaseRefused>> {
        let products: Vec<ProductRef> = match line_of(&as_known(tx, self.order).await?, self.line)?.product_id {
            Some(id) => vec![ProductRef::Id(id)],
            None => Vec::new(),
        };
        let known = Known::load(tx, &products).await?;
        let mut book = Book::open(tx, cx, channel_of(cx), &products).await?;
        let locked = lock_draft(tx, self.order).await?;
        if locked.version != self.version {
            return Err(Fail::Refused(PurchaseRefused::Stale));
        }
        let before = as_stored(tx, self.order).await?;
        let mut line = line_of(&before, self.line)?.clone();
        cx.changes(&before);
        let wanted = self.change.of(&line);
        let (asked, _) =
            measure(tx, &mut book, &known, &wanted).await.map_err(|fail| fail.map(PurchaseRefused::from))?;
        write(&mut line, asked);
        put_lines(tx, &[&line]).await?;
        touch(tx, self.order).await?;
        as_stored(tx, self.order).await
    }
}

impl LineChange {
    /// What the line asks for once it is changed.
    fn of(&self, line: &OrderLine) -> LineWanted {
        let before = asked_of(line);
        LineWanted {
            supplier: String::new(),
            product: line.product_id.map(ProductRef::Id),
            text: Some(line.about.clone()),
            quantity: self.quantity.unwrap_or(before.quantity.map(|(quantity, _)| quantity)),
            unit: self.unit.clone().or_else(|| line.unit.clone()),
            expected_cost: self.expected_cost.unwrap_or(before.expected_cost),
            is_urgent: self.is_urgent.unwrap_or(before.is_urgent),
        }
    }
}

/// Takes a line out of an order that is being written. What the notebook asked for by it is pending again.
#[derive(Debug, Clone, Copy)]
pub struct RemoveLine {
    /// The order.
    pub order: Uuid,
    /// The line.
    pub line: i64,
}

impl Command for RemoveLine {
    const NAME: &'static str = "purchasing.remove_line";
    type Out = Ordered;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        self.order.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditPurchases
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Ordered, Fail<PurchaseRefused>> {
        lock_draft(tx, self.order).await?;
        let before = as_stored(tx, self.order).await?;
        line_of(&before, self.line)?;
        cx.changes(&before);
        turn_notes(tx, self.order, (EntryState::Ordered, EntryState::Pending), |line| line == self.line).await?;
        let removed = both!(tx, c, text => sqlx::query(text(sql::DELETE_LINE))
            .bind(self.order).bind(self.line).execute(c).await?.rows_affected());
        expect_rows(sql::DELETE_LINE, 1, removed)?;
        touch(tx, self.order).await?;
        as_stored(tx, self.order).await
    }
}

/// An order that is there, before anything is locked.
async fn as_known(tx: &mut Tx<'_>, id: Uuid) -> Result<Ordered, Fail<PurchaseRefused>> {
    super::queries::find(tx, id).await?.ok_or(Fail::Refused(PurchaseRefused::Unknown))
}

fn line_of(ordered: &Ordered, line: i64) -> Result<&OrderLine, Fail<PurchaseRefused>> {
    ordered.lines.iter().find(|one| one.line == line).ok_or(Fail::Refused(PurchaseRefused::Unknown))
}

async fn lock_draft(tx: &mut Tx<'_>, id: Uuid) -> Result<Locked, Fail<PurchaseRefused>> {
    let locked = lock(tx, id).await?;
    locked.state()?.change().map_err(|refusal| Fail::Refused(refusal.into()))?;
    Ok(locked)
}
