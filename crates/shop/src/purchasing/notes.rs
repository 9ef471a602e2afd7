//! What the notebook asks for goes onto the drafts of its suppliers, and the notebook knows that it is ordered.

use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both};
use uuid::Uuid;

use super::draft::{LineWanted, ORDER_LINES_MAX, look_up, measure, of_line, put};
use super::queries::Ordered;
use super::refusal::{NoteRefusal, PurchaseRefused};
use super::rows::Known;
use super::sql;
use crate::notebook::{self, EntryState, Locked, Priority};
use crate::stock::{Book, ProductRef, channel_of};

/// Orders what the notebook asks for: these lines, or all that are pending and have a supplier.
#[derive(Debug, Clone)]
pub struct OrderNotes {
    /// Ids of lines; all when absent.
    pub entries: Option<Vec<Uuid>>,
}

impl Command for OrderNotes {
    const NAME: &'static str = "purchasing.order_notes";
    type Out = Vec<Ordered>;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        let ids = self.entries.iter().flatten();
        ids.map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    fn permission(&self) -> Permission {
        Permission::EditPurchases
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<Ordered>, Fail<PurchaseRefused>> {
        let ids = match &self.entries {
            Some(ids) => ids.clone(),
            None => pending(tx).await?,
        };
        let notes = notebook::lock(tx, &ids).await?;
        let notes = self.orderable(&ids, notes)?;
        if notes.is_empty() {
            return Err(Fail::Refused(PurchaseRefused::NothingNoted));
        }
        let products: Vec<_> = notes.iter().filter_map(|(note, _)| note.product.map(ProductRef::Id)).collect();
        let known = Known::load(tx, &products).await?;
        let mut book = Book::open(tx, cx, channel_of(cx), &products).await?;
        let lines: Vec<LineWanted> = notes.iter().map(|(note, _)| line_of(note)).collect();
        look_up(tx, &mut book, &lines).await?;
        let mut wanted = Vec::with_capacity(notes.len());
        for ((note, supplier), line) in notes.iter().zip(&lines) {
            let asked = measure(tx, &mut book, &known, line).await;
            let asked = asked.map_err(|fail| fail.map(PurchaseRefused::from))?;
            wanted.push(of_line(line, &known, asked, *supplier).asked_by(note.id));
        }
        let taken: Vec<Uuid> = notes.iter().map(|(note, _)| note.id).collect();
        notebook::turn(tx, &taken, EntryState::Pending, EntryState::Ordered).await?;
        put(tx, cx, wanted).await
    }
}

impl OrderNotes {
    /// The lines with whom they are bought from. Of those that were named, each that cannot be ordered is told.
    fn orderable(&self, ids: &[Uuid], notes: Vec<Locked>) -> Result<Vec<(Locked, Uuid)>, Fail<PurchaseRefused>> {
        let refusal = |id: &Uuid| match notes.iter().find(|note| note.id == *id) {
            None => Some(NoteRefusal::Unknown),
            Some(note) if note.state != EntryState::Pending => Some(NoteRefusal::NotPending),
            Some(note) if !note.action.wants_goods() => Some(NoteRefusal::NoGoods),
            Some(note) if note.supplier.is_none() => Some(NoteRefusal::NoSupplier),
            Some(_) => None,
        };
        let bad: Vec<_> = ids.iter().enumerate().filter_map(|(index, id)| Some((index, refusal(id)?))).collect();
        if self.entries.is_some() && !bad.is_empty() {
            return Err(Fail::Refused(PurchaseRefused::Notes(bad)));
        }
        // Somebody else may have ordered some of them since they were found.
        let ready = |note: Locked| {
            let supplier = note.supplier.filter(|_| note.state == EntryState::Pending && note.action.wants_goods())?;
            Some((note, supplier))
        };
        Ok(notes.into_iter().filter_map(ready).collect())
    }
}

fn line_of(note: &Locked) -> LineWanted {
    LineWanted {
        supplier: String::new(),
        product: note.product.map(ProductRef::Id),
        text: Some(note.about.clone()),
        quantity: note.quantity.as_ref().map(|(quantity, _)| *quantity),
        unit: note.quantity.as_ref().map(|(_, unit)| unit.clone()),
        expected_cost: None,
        is_urgent: note.priority == Priority::High,
    }
}

async fn pending(tx: &mut Tx<'_>) -> Result<Vec<Uuid>, StoreError> {
    let most = i64::try_from(ORDER_LINES_MAX).expect("a small number");
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::PENDING_NOTES)).bind(most).fetch_all(c).await?))
}
