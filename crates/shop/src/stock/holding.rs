//! What documents (reservations, transfers, counts) ask of an open book besides posting: which
//! product and place somebody meant, how much that is, what is there, and promises. Posting itself
//! is in `book.rs`; the documents' own rows belong to their features.

use gondola_ledger::reservation::{ReservationRefusal, can_reserve};
use gondola_ledger::{LocationId, Qty, Refusal, Unit};
use gondola_store::{Fail, StoreError, Tx};
use uuid::Uuid;

use super::book::Book;
use super::lookup::Mention;
use super::movement::{LotRef, ProductRef};
use super::places::Place;
use super::refusal::StockRefusal;
use super::shelf::Lot;
use super::sides::Goods;

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
        &mut self,
        tx: &mut Tx<'_>,
        product: Uuid,
        quantity: Qty,
        unit: Option<&str>,
    ) -> Result<Qty, Fail<StockRefusal>> {
        self.look_up(tx, &[Mention::of(&ProductRef::Id(product), unit)]).await?;
        self.measure(product, quantity, unit).map(|(base, _)| base).map_err(Fail::Refused)
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

    /// The lots of a locked product that somebody may mean: by code, by date or by both; the goods
    /// nobody told apart when neither is said.
    pub fn lots_named(&self, product: Uuid, named: &LotRef) -> Vec<Uuid> {
        if named.is_plain() {
            return vec![product];
        }
        let shelf = &self.shelves[&product];
        let fits =
            |lot: &Lot| lot.code == named.code && (named.expires_on.is_none() || lot.expires_on == named.expires_on);
        shelf.lots.iter().filter(|(_, lot)| fits(lot)).map(|(id, _)| *id).collect()
    }

    /// The lot with that code and date, made when the product has none; written by [`Book::close`].
    ///
    /// # Errors
    /// The database's failure.
    pub async fn lot_or_new(&mut self, tx: &mut Tx<'_>, product: Uuid, named: &LotRef) -> Result<Uuid, StoreError> {
        let reference = ProductRef::Id(product);
        self.look_up(tx, &[Mention { enters: true, lot: Some(named), ..Mention::of(&reference, None) }]).await?;
        let goods = Goods { lot: Some(named), cost: None, occurred_at: self.cx.now };
        Ok(self.lot_for_entry(product, named, goods))
    }

    /// The lot that goods found at a place belong to, when nobody looked at their lots: what is owed
    /// to the goods nobody told apart comes first; goods that spoil join what expires first there,
    /// so that nobody trusts a date that may be too late. None where the usual rule serves.
    pub fn lot_of_found(&self, product: Uuid, place: Uuid) -> Option<Uuid> {
        if self.on_hand_of_lot(product, place, product).is_negative() {
            return Some(product);
        }
        let shelf = &self.shelves[&product];
        shelf.shelf_life_days?;
        let here = shelf.balances.iter().filter(|((at, _), held)| *at == place && held.quantity.is_positive());
        let dated = here.filter_map(|((_, lot), _)| Some((shelf.lots.get(lot)?.expires_on?, *lot)));
        dated.min().map(|(_, lot)| lot)
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
