//! The only undo: a movement's mirror, which gives back the same lots and the same value. Many
//! are undone with as many statements as one.

use std::collections::HashMap;

use gondola_ledger::{LocationId, LocationKind, LotId, Money, OriginalLine, Qty, UnitCost};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::book::{Book, Posted};
use super::commands::nothing_posted;
use super::movement::{ProductRef, channel_of};
use super::places::Places;
use super::receipt::Receipt;
use super::refusal::StockRefusal;
use super::rows::{LineRow, MovementRow, id_list, json, movement_kind};
use super::sql;
use super::worth::Paid;
use super::write::MovementOut;

/// The kind of source of what came with a delivery.
const DELIVERY: &str = "goods_receipt";

/// Undoes a movement by posting its mirror: same places, same lots, same value.
pub struct ReverseMovement {
    /// The movement.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for ReverseMovement {
    const NAME: &'static str = "stock.reverse_movement";
    type Out = Receipt;
    type Refusal = StockRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Adjust
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Receipt, Fail<StockRefusal>> {
        cx.because(self.reason.as_str());
        let found = find_movement(tx, self.id).await?.ok_or(Fail::Refused(StockRefusal::UnknownMovement))?;
        let mut book = Book::open(tx, cx, channel_of(cx), [&ProductRef::Id(found.product_id)]).await?;
        stands_alone(tx, &book, &found).await?;
        reverse(tx, cx, &mut book, self.id, &self.reason).await?;
        let receipts = book.close_with_receipts(tx).await?;
        receipts.into_iter().next().ok_or_else(|| nothing_posted().into())
    }
}

/// Refuses to undo by itself what belongs to a document that is undone whole.
pub(super) async fn stands_alone(
    tx: &mut Tx<'_>,
    book: &Book<'_>,
    movement: &MovementRow,
) -> Result<(), Fail<StockRefusal>> {
    // Half a transfer undone would leave goods on the road that nobody expects.
    let on_the_road = |id| book.places().by_id(id).is_some_and(|place| place.kind == LocationKind::Transit);
    if on_the_road(movement.from_location_id) || on_the_road(movement.to_location_id) {
        return Err(Fail::Refused(StockRefusal::OwnedBySource("transfer".to_owned())));
    }
    // A delivery is undone whole: its order would go on taking for received what went back.
    if source_of(tx, movement.id).await?.as_deref() == Some(DELIVERY) {
        return Err(Fail::Refused(StockRefusal::OwnedBySource(DELIVERY.to_owned())));
    }
    Ok(())
}

/// Posts the mirror of a movement in a book that holds its product.
///
/// # Errors
/// As [`Originals::reverse`], and the database's failure.
pub async fn reverse(
    tx: &mut Tx<'_>,
    cx: &Context,
    book: &mut Book<'_>,
    id: Uuid,
    reason: &str,
) -> Result<Posted, Fail<StockRefusal>> {
    Originals::load(tx, &[id]).await?.reverse(cx, book, id, reason)
}

/// Movements to undo, with their lines and what they moved in value.
pub struct Originals(HashMap<Uuid, Original>);

struct Original {
    movement: MovementRow,
    lines: Vec<LineRow>,
    moved: MovedRow,
}

#[derive(FromRow)]
struct MovedRow {
    sequence: i64,
    moved_value: i64,
    moved_fifo_value: i64,
}

impl Originals {
    /// Reads them. A book must hold their products already, so that nobody else is undoing them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Self, StoreError> {
        let movements = find_movements(tx, ids).await?;
        let sequences = json(&movements.iter().map(|movement| movement.sequence).collect::<Vec<_>>());
        let found: Vec<LineRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::FIND_LINES)).bind(&sequences).fetch_all(c).await?);
        let moved: Vec<MovedRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::FIND_MOVED_VALUES)).bind(&sequences).fetch_all(c).await?);
        let mut lines: HashMap<i64, Vec<LineRow>> = HashMap::new();
        for line in found {
            lines.entry(line.sequence).or_default().push(line);
        }
        let mut moved: HashMap<i64, MovedRow> = moved.into_iter().map(|row| (row.sequence, row)).collect();
        let mut originals = HashMap::with_capacity(movements.len());
        for movement in movements {
            let unvalued = || StoreError::corrupt("valuations", "sequence", movement.sequence, "there is no such row");
            let moved = moved.remove(&movement.sequence).ok_or_else(unvalued)?;
            let lines = lines.remove(&movement.sequence).unwrap_or_default();
            originals.insert(movement.id, Original { movement, lines, moved });
        }
        Ok(Self(originals))
    }

    /// The one lot that a movement was of; nothing when there were several.
    pub(super) fn lot_of(&self, id: Uuid) -> Option<Uuid> {
        let lines = &self.0.get(&id)?.lines;
        let first = lines.first()?.lot_id;
        lines.iter().all(|line| line.lot_id == first).then_some(first)
    }

    /// Posts the mirror of one of them.
    ///
    /// # Errors
    /// [`StockRefusal`] when it was undone before, is itself an undo, is of an inactive product, or its
    /// goods are gone.
    pub fn reverse(
        &mut self,
        cx: &Context,
        book: &mut Book<'_>,
        id: Uuid,
        reason: &str,
    ) -> Result<Posted, Fail<StockRefusal>> {
        let Some(original) = self.0.get_mut(&id) else { return Err(Fail::Refused(StockRefusal::UnknownMovement)) };
        if let Some(refusal) = refusal(&original.movement, book.places(), cx.actor.location) {
            return Err(Fail::Refused(refusal));
        }
        let posted = original.mirror(book, reason)?;
        original.movement.reversed_by = Some(posted.id);
        Ok(posted)
    }
}

impl Original {
    fn mirror(&mut self, book: &mut Book<'_>, reason: &str) -> Result<Posted, Fail<StockRefusal>> {
        let row = &self.movement;
        let unit_cost = row.unit_cost.map(UnitCost::new);
        let out = MovementOut {
            kind: movement_kind(&row.kind, row.id)?,
            quantity: Qty::new(row.quantity),
            entered_quantity: Qty::new(row.entered_quantity),
            entered_unit: row.entered_unit.clone(),
            from: row.to_location_id,
            to: row.from_location_id,
            unit_cost,
            paid: Paid {
                unit_cost,
                fixed: Some(Money::new(-self.moved.moved_value)),
                fixed_fifo: Some(Money::new(-self.moved.moved_fifo_value)),
            },
            reason: reason.to_owned(),
            waste_reason: row.waste_reason.clone(),
            document: row.document.clone(),
            source: None,
            reverses: Some(row.id),
            occurred_at: book.moment(row.product_id),
        };
        let line = |line: &LineRow| OriginalLine {
            location: LocationId(line.location_id.as_u128()),
            lot: LotId(line.lot_id.as_u128()),
            delta: Qty::new(line.delta),
        };
        let lines: Vec<_> = self.lines.iter().map(line).collect();
        book.know_lots(row.product_id, std::mem::take(&mut self.lines));
        book.post_mirror(row.product_id, &lines, out).map_err(Fail::Refused)
    }
}

async fn source_of(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<String>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::SOURCE_OF)).bind(id).fetch_one(c).await?))
}

/// Why a movement is not undone. Goods leave only one's own place, by an undo too.
fn refusal(movement: &MovementRow, places: &Places, own: Option<Uuid>) -> Option<StockRefusal> {
    let touches = |place| movement.from_location_id == place || movement.to_location_id == place;
    if own.is_some_and(|own| !touches(own)) {
        return Some(StockRefusal::UnknownMovement);
    }
    let holder = places.by_id(movement.to_location_id).filter(|place| place.kind.is_real());
    if let Some(holder) = holder.filter(|place| own.is_some_and(|own| own != place.id)) {
        return Some(StockRefusal::OtherPlace(holder.name.clone()));
    }
    match (movement.reversed_by, movement.reverses_id) {
        (Some(_), _) => Some(StockRefusal::AlreadyReversed),
        (None, Some(_)) => Some(StockRefusal::IsReversal),
        (None, None) => None,
    }
}

/// A movement as stored.
pub(super) async fn find_movement(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<MovementRow>, StoreError> {
    Ok(find_movements(tx, &[id]).await?.pop())
}

async fn find_movements(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<MovementRow>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_MOVEMENTS)).bind(id_list(ids)).fetch_all(c).await?))
}
