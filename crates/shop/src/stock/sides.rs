//! What a movement's words mean for one product: which places, which lot, how much in base units,
//! and what it cost. Unknown words are refused with what would be accepted.

use gondola_ledger::{Factor, LocationKind, MovementKind, Qty, Sides, Unit, UnitCost};
use gondola_store::{At, Fail};
use uuid::Uuid;

use super::book::Book;
use super::lookup::factor;
use super::movement::{LotRef, Movement, Source};
use super::places::Place;
use super::refusal::StockRefusal;
use super::shelf::Lot;
use super::worth::Paid;
use super::write::LotOut;

/// How much, in base units, and what it cost.
pub(super) struct Entered {
    pub base: Qty,
    pub unit_cost: Option<UnitCost>,
    pub paid: Paid,
}

/// Which places and which lot.
pub(super) struct Chosen {
    pub from: Uuid,
    pub to: Uuid,
    pub lot: Option<Uuid>,
}

/// One side of a movement: a place and its kind.
type Side = (Uuid, LocationKind);

impl Book<'_> {
    /// Turns the entered quantity and cost into base units. The cost is per entered unit, so that
    /// two packs at 13.99 are worth 27.98 and never a rounded unit price times 24.
    pub(super) fn entered(&self, product: Uuid, movement: &Movement) -> Result<Entered, StockRefusal> {
        let (base, factor) = self.measure(product, movement.quantity, movement.unit.as_deref())?;
        let Some(cost) = movement.unit_cost else {
            return Ok(Entered { base, unit_cost: None, paid: Paid::default() });
        };
        if !takes_cost(movement) {
            return Err(StockRefusal::CostNotTaken);
        }
        let value = movement.quantity.times_cost(cost).ok_or(StockRefusal::ValueTooLarge)?;
        let unit_cost = if factor.is_none() { Some(cost) } else { value.per(base) };
        let fixed = factor.is_some().then_some(value);
        Ok(Entered { base, unit_cost, paid: Paid { unit_cost, fixed, fixed_fifo: None } })
    }

    /// A quantity in the product's unit, and the factor when it was given in another.
    pub(super) fn measure(
        &self,
        product: Uuid,
        quantity: Qty,
        unit: Option<&str>,
    ) -> Result<(Qty, Option<Factor>), StockRefusal> {
        let shelf = &self.shelves[&product];
        let base_unit = shelf.unit;
        let factor = factor(base_unit, unit, shelf.packs.as_ref())?;
        let refuse = |error| StockRefusal::Quantity { error, unit: base_unit };
        let base = match factor {
            None => quantity,
            Some(factor) => factor.apply(quantity).map_err(refuse)?,
        };
        if base_unit == Unit::Un && !base.is_whole() {
            return Err(refuse(gondola_ledger::NumberError::NotWhole));
        }
        if base > gondola_ledger::qty::QUANTITY_MAX {
            return Err(refuse(gondola_ledger::NumberError::TooLarge { max: "999999" }));
        }
        Ok((base, factor))
    }

    /// Finds the places, and the lot when one is named or must be made.
    pub(super) fn choose(
        &mut self,
        product: Uuid,
        movement: &Movement,
        lot: Option<Uuid>,
        source: Option<Source>,
    ) -> Result<Chosen, Fail<StockRefusal>> {
        let (from, to) = self.sides(movement, source)?;
        if lot.is_some() {
            return Ok(Chosen { from: from.0, to: to.0, lot });
        }
        let occurred_at = movement.occurred_at.unwrap_or(self.cx.now);
        let enters = !from.1.is_real() && to.1.is_real();
        let lot = match (&movement.lot, enters) {
            (Some(lot), true) => Some(self.lot_for_entry(product, lot, movement.unit_cost, occurred_at)),
            (Some(lot), false) => Some(self.lot_for_exit(product, lot).map_err(Fail::Refused)?),
            (None, true) => Some(self.dated_lot(product, movement, occurred_at)),
            (None, false) => None,
        };
        Ok(Chosen { from: from.0, to: to.0, lot })
    }

    fn sides(&self, movement: &Movement, source: Option<Source>) -> Result<(Side, Side), Fail<StockRefusal>> {
        let by_transfer = source.is_some_and(|source| source.kind == "transfer");
        let (from, to) = (movement.from.as_deref(), movement.to.as_deref());
        let refuse = |refusal| Err(Fail::Refused(refusal));
        let kind = movement.kind;
        let (wants_from, wants_to) = match (kind.sides(), from, to) {
            (Sides::Both, ..) => (true, true),
            (Sides::From, ..) => (true, false),
            (Sides::To, ..) => (false, true),
            (Sides::One, Some(_), None) => (true, false),
            (Sides::One, None, Some(_)) => (false, true),
            (Sides::One, None, None) => return refuse(StockRefusal::LocationRequired("to")),
            (Sides::One, Some(_), Some(_)) => return refuse(StockRefusal::LocationNotTaken("to")),
        };
        let side = |field, wanted: bool, code: Option<&str>| match (wanted, code) {
            (true, Some(code)) => {
                let road = self.places.by_code(code).filter(|place| by_transfer && place.kind == LocationKind::Transit);
                let place = road.map_or_else(|| self.real_place(field, code), Ok);
                place.map(|place| (place.id, place.kind)).map_err(Fail::Refused)
            }
            (true, None) => Err(Fail::Refused(StockRefusal::LocationRequired(field))),
            (false, Some(_)) => Err(Fail::Refused(StockRefusal::LocationNotTaken(field))),
            (false, None) => {
                let other = kind.counterpart().expect("a kind with one real side has a counterpart");
                let place = self.places.of_kind(other)?;
                Ok((place.id, place.kind))
            }
        };
        Ok((side("from", wants_from, from)?, side("to", wants_to, to)?))
    }

    /// A place people may name: it keeps goods, is in use, and goods leave only the actor's own.
    /// What is on the road is nobody's to touch but its transfer's.
    pub(super) fn real_place(&self, field: &'static str, code: &str) -> Result<&Place, StockRefusal> {
        let unknown = || StockRefusal::UnknownLocation { field, code: code.to_owned() };
        let keeps_goods = |place: &&Place| place.active && place.kind.is_real() && place.kind != LocationKind::Transit;
        let place = self.places.by_code(code).filter(keeps_goods).ok_or_else(unknown)?;
        let foreign = self.cx.actor.location.is_some_and(|own| own != place.id);
        if foreign && field != "to" { Err(unknown()) } else { Ok(place) }
    }

    fn lot_for_exit(&self, product: Uuid, wanted: &LotRef) -> Result<Uuid, StockRefusal> {
        let shelf = &self.shelves[&product];
        let mut fitting: Vec<_> = shelf
            .lots
            .iter()
            .filter(|(_, lot)| lot.code == wanted.code)
            .filter(|(_, lot)| wanted.expires_on.is_none() || lot.expires_on == wanted.expires_on)
            .collect();
        fitting.sort_by_key(|(id, lot)| (lot.expires_on.unwrap_or(i32::MAX), lot.received_at, **id));
        let first = fitting.first().map(|(id, _)| **id);
        first.ok_or_else(|| StockRefusal::UnknownLot(wanted.code.clone()))
    }

    /// Goods that spoil and come without a date get one: received day plus shelf life.
    fn dated_lot(&mut self, product: Uuid, movement: &Movement, occurred_at: At) -> Uuid {
        let Some(days) = self.shelves[&product].shelf_life_days else { return product };
        let expires_on = self.cx.day_of(occurred_at).saturating_add(days);
        let wanted = LotRef { code: String::new(), expires_on: Some(expires_on) };
        self.lot_for_entry(product, &wanted, movement.unit_cost, occurred_at)
    }

    /// The lot with that code and date, which were looked up; made when the product has none.
    pub(super) fn lot_for_entry(
        &mut self,
        product: Uuid,
        wanted: &LotRef,
        unit_cost: Option<UnitCost>,
        occurred_at: At,
    ) -> Uuid {
        if wanted.code.is_empty() && wanted.expires_on.is_none() {
            return product;
        }
        let shelf = self.shelves.get_mut(&product).expect("the product is locked");
        let same = |lot: &Lot| lot.code == wanted.code && lot.expires_on == wanted.expires_on;
        if let Some((id, _)) = shelf.lots.iter().find(|(_, lot)| same(lot)) {
            return *id;
        }
        assert!(shelf.known_codes.contains(&wanted.code), "a lot is made only when none was found");
        let id = self.cx.new_id();
        let lot = Lot { code: wanted.code.clone(), expires_on: wanted.expires_on, received_at: occurred_at };
        shelf.lots.insert(id, lot);
        self.pending.lots.push(LotOut {
            id,
            product_id: product,
            code: wanted.code.clone(),
            expires_on: wanted.expires_on,
            unit_cost: unit_cost.map(UnitCost::raw),
            received_at: occurred_at,
        });
        id
    }
}

/// A cost makes sense only for what comes in from outside.
fn takes_cost(movement: &Movement) -> bool {
    match movement.kind {
        MovementKind::Receipt | MovementKind::Opening | MovementKind::CustomerReturn => true,
        MovementKind::Adjustment | MovementKind::Count => movement.to.is_some(),
        _ => false,
    }
}
