//! What documents (reservations, transfers, counts) ask of an open book besides posting: which
//! product and place somebody meant, how much that is, what is there, and promises. Posting itself
//! is in `book.rs`; the documents' own rows belong to their features.

use gondola_ledger::reservation::{ReservationRefusal, can_reserve};
use gondola_ledger::{LocationId, Qty, Refusal, Unit};
use gondola_store::{Fail, Tx};
use uuid::Uuid;

use super::book::Book;
use super::movement::{LotRef, ProductRef};
use super::places::Place;
use super::refusal::StockRefusal;

impl Book<'_> {
    /// The product somebody named; it must be in use.
    ///
    /// # Errors
    /// [`StockRefusal::UnknownProduct`], [`StockRefusal::InactiveProduct`].
    pub fn product(&self, product: &ProductRef) -> Result<Uuid, StockRefusal> {
        let shelf = self.shelf(product)?;
        if shelf.active { Ok(shelf.id) } else { Err(StockRefusal::InactiveProduct(shelf.sku.clone())) }
    }

    /// The place somebody named in `field`: it keeps goods, is in use and is the actor's to touch.
    ///
    /// # Errors
    /// [`StockRefusal::UnknownLocation`].
    pub fn place(&self, field: &'static str, code: &str) -> Result<&Place, StockRefusal> {
        self.real_place(field, code)
    }

    /// A quantity in the unit of a locked product.
    ///
    /// # Errors
    /// [`StockRefusal::UnknownUnit`] or [`StockRefusal::Quantity`], or the database's failure.
    pub async fn in_base_units(
        &self,
        tx: &mut Tx<'_>,
        product: Uuid,
        quantity: Qty,
        unit: Option<&str>,
    ) -> Result<Qty, Fail<StockRefusal>> {
        Ok(self.measure(tx, product, quantity, unit).await?.0)
    }

    /// The unit of a locked product.
    pub fn unit(&self, product: Uuid) -> Unit {
        self.shelves[&product].unit
    }

    /// The SKU of a locked product.
    pub fn sku(&self, product: Uuid) -> &str {
        &self.shelves[&product].sku
    }

    /// What a place holds of a locked product over all lots.
    pub fn on_hand(&self, product: Uuid, place: Uuid) -> Qty {
        self.shelves[&product].on_hand_at(place)
    }

    /// What a place holds of one lot.
    pub fn on_hand_of_lot(&self, product: Uuid, place: Uuid, lot: Uuid) -> Qty {
        self.shelves[&product].balances.get(&(place, lot)).map_or(Qty::ZERO, |balance| balance.quantity)
    }

    /// The ledger position up to which the balances of a locked product are known: its last movement.
    pub fn position(&self, product: Uuid) -> i64 {
        self.shelves[&product].last_sequence
    }

    /// Promises some of what a place holds; refused when less is free.
    ///
    /// # Errors
    /// [`StockRefusal::Ledger`] with what is there and what is free.
    pub fn promise(&mut self, product: Uuid, place: Uuid, quantity: Qty) -> Result<(), StockRefusal> {
        let shelf = &self.shelves[&product];
        let (on_hand, reserved) = (shelf.on_hand_at(place), shelf.reserved_at(place));
        if let Err(refusal) = can_reserve(on_hand, reserved, quantity) {
            return Err(self.name(product, as_stock_refusal(refusal, place)));
        }
        self.hold(product, place, quantity);
        Ok(())
    }

    /// Lets go of a promise, so that what was kept for somebody can be handed to them.
    pub fn release(&mut self, product: Uuid, place: Uuid, quantity: Qty) {
        self.hold(product, place, Qty::new(-quantity.raw()));
    }

    fn hold(&mut self, product: Uuid, place: Uuid, change: Qty) {
        let shelf = self.shelves.get_mut(&product).expect("the product is locked");
        let held = shelf.reserved.entry(place).or_insert(Qty::ZERO);
        *held = held.checked_add(change).expect("promises never exceed what is there, which fits");
    }

    /// The lot somebody named among those a locked product has in its places.
    ///
    /// # Errors
    /// [`StockRefusal::UnknownLot`].
    pub fn lot(&self, product: Uuid, lot: &LotRef) -> Result<Uuid, StockRefusal> {
        self.lot_for_exit(product, lot)
    }
}

fn as_stock_refusal(refusal: ReservationRefusal, place: Uuid) -> Refusal {
    match refusal {
        ReservationRefusal::InsufficientStock { on_hand, available, requested } => {
            let location = LocationId(place.as_u128());
            Refusal::InsufficientStock { location, on_hand, available, requested }
        }
        ReservationRefusal::QuantityNotPositive { quantity } => Refusal::QuantityNotPositive { quantity },
        _ => Refusal::Overflow,
    }
}
