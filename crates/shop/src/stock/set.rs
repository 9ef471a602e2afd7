//! Setting what a place holds to what somebody says there is: the difference is posted, never the
//! balance written, and only when the goods stand as the speaker saw them. Used by imports.

use gondola_ledger::{MovementKind, Qty, UnitCost};
use gondola_store::{Fail, Tx};
use uuid::Uuid;

use super::book::{Book, Posted};
use super::movement::{LotRef, Movement, ProductRef, Source};
use super::refusal::StockRefusal;

/// What a place shall hold.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The product.
    pub product: Uuid,
    /// Code of the place.
    pub location: String,
    /// One lot; all of them together when absent.
    pub lot: Option<LotRef>,
    /// How much, in the product's unit; not below zero.
    pub quantity: Qty,
    /// What one unit cost, for what is more than before.
    pub unit_cost: Option<UnitCost>,
    /// How much there was when somebody looked.
    pub expected: Option<Qty>,
    /// The product's last movement when somebody looked.
    pub position: Option<i64>,
    /// Why.
    pub reason: String,
}

impl Book<'_> {
    /// The SKU of a locked product; empty when the book does not hold it.
    pub fn sku_of(&self, product: Uuid) -> String {
        self.shelf(&ProductRef::Id(product)).map(|shelf| shelf.sku.clone()).unwrap_or_default()
    }

    /// Posts the difference between what a place holds and what it shall hold: an opening for a
    /// product that never moved, a count otherwise. Nothing when there is no difference.
    ///
    /// # Errors
    /// [`StockRefusal::Changed`] when the goods moved since they were looked at, or another refusal.
    pub async fn set(
        &mut self,
        tx: &mut Tx<'_>,
        setting: &Setting,
        source: Option<Source>,
    ) -> Result<Option<Posted>, Fail<StockRefusal>> {
        let product = ProductRef::Id(setting.product);
        let place = self.real_place("from", &setting.location).map_err(Fail::Refused)?.id;
        let shelf = self.shelf(&product).map_err(Fail::Refused)?;
        let found = match &setting.lot {
            None => shelf.on_hand_at(place),
            Some(lot) => shelf.lot_at(place, lot),
        };
        if let Some(named) = &setting.lot {
            let (id, lots) = (shelf.id, self.lots_named(setting.product, named));
            if lots.iter().filter(|lot| !self.on_hand_of_lot(id, place, **lot).is_zero()).count() > 1 {
                return Err(Fail::Refused(StockRefusal::AmbiguousLot(named.code.clone())));
            }
        }
        let moved = setting.position.is_some_and(|position| shelf.last_sequence > position);
        if moved || setting.expected.is_some_and(|expected| expected != found) {
            let (sku, unit) = (shelf.sku.clone(), shelf.unit);
            return Err(Fail::Refused(StockRefusal::Changed { sku, place: setting.location.clone(), found, unit }));
        }
        let difference = setting.quantity.checked_sub(found).ok_or(Fail::Refused(StockRefusal::ValueTooLarge))?;
        if difference.is_zero() {
            return Ok(None);
        }
        let enters = difference.is_positive();
        let never_moved = shelf.last_occurred_at.is_none();
        let code = Some(setting.location.clone());
        let movement = Movement {
            kind: if never_moved && enters { MovementKind::Opening } else { MovementKind::Count },
            product,
            quantity: Qty::new(difference.raw().saturating_abs()),
            unit: None,
            from: code.clone().filter(|_| !enters),
            to: code.filter(|_| enters),
            lot: setting.lot.clone(),
            unit_cost: setting.unit_cost.filter(|_| enters),
            reason: setting.reason.clone(),
            document: None,
            occurred_at: None,
        };
        self.post(tx, &movement, source).await.map(Some)
    }
}
