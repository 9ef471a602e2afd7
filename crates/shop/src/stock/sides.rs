//! What a movement's words mean for one product: which places, which lot, how much in base units,
//! and what it cost. Unknown words are refused with what would be accepted.

use gondola_ledger::{Factor, LocationKind, MovementKind, Qty, Sides, Unit, UnitCost};
use gondola_store::{At, Fail, StoreError};
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

/// Goods on their way: the lot that was named, what one base unit of them cost, when they move.
#[derive(Clone, Copy)]
pub(super) struct Goods<'m> {
    pub lot: Option<&'m LotRef>,
    pub cost: Option<UnitCost>,
    pub occurred_at: At,
}

/// One side of a movement: a place and its kind.
type Side = (Uuid, LocationKind);

/// Both sides, each found or not.
type Sided = (Result<Side, StockRefusal>, Result<Side, StockRefusal>);

/// What a movement's words mean.
pub(super) struct Named {
    pub product: Uuid,
    pub entered: Entered,
    pub from: Side,
    pub to: Side,
}

impl Book<'_> {
    /// The product, the amount and the places of a movement; everything that means nothing is told together.
    pub(super) fn named(&self, movement: &Movement, source: Option<Source>) -> Result<Named, Fail<StockRefusal>> {
        let mut wrong = Vec::new();
        let product = told(self.product(&movement.product), &mut wrong);
        let entered = product.and_then(|product| told(self.entered(product, movement), &mut wrong));
        let (from, to) = match self.sides(movement, source)? {
            Ok((from, to)) => (told(from, &mut wrong), told(to, &mut wrong)),
            Err(refusal) => (told(Err(refusal), &mut wrong), None),
        };
        match (product, entered, from, to) {
            (Some(product), Some(entered), Some(from), Some(to)) => Ok(Named { product, entered, from, to }),
            _ => Err(Fail::Refused(StockRefusal::of_all(wrong).expect("what means nothing was told"))),
        }
    }

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

    /// Finds the lot when one is named or must be made.
    pub(super) fn choose(
        &mut self,
        product: Uuid,
        lot: Option<Uuid>,
        goods: Goods<'_>,
        (from, to): (Side, Side),
    ) -> Result<Chosen, StockRefusal> {
        let enters = !from.1.is_real() && to.1.is_real();
        let lot = match (lot, goods.lot) {
            (Some(lot), _) => Some(lot),
            (None, _) if enters => Some(self.lot_for_entry(product, &self.dated(product, goods), goods)),
            (None, Some(named)) => Some(self.lot_for_exit(product, named)?),
            (None, None) => None,
        };
        Ok(Chosen { from: from.0, to: to.0, lot })
    }

    /// Where a movement comes from and goes to: what was named, and the kind's virtual place for the other side.
    fn sides(&self, movement: &Movement, source: Option<Source>) -> Result<Result<Sided, StockRefusal>, StoreError> {
        let by_transfer = source.is_some_and(|source| source.kind == "transfer");
        let (from, to) = (movement.from.as_deref(), movement.to.as_deref());
        let kind = movement.kind;
        let (wants_from, wants_to) = match (kind.sides(), from, to) {
            (Sides::Both, ..) => (true, true),
            (Sides::From, ..) => (true, false),
            (Sides::To, ..) => (false, true),
            (Sides::One, Some(_), None) => (true, false),
            (Sides::One, None, Some(_)) => (false, true),
            (Sides::One, None, None) => return Ok(Err(StockRefusal::LocationRequired("to"))),
            (Sides::One, Some(_), Some(_)) => return Ok(Err(StockRefusal::LocationNotTaken("to"))),
        };
        let side = |field, wanted: bool, code: Option<&str>| match (wanted, code) {
            (true, Some(code)) => {
                let road = self.places.by_code(code).filter(|place| by_transfer && place.kind == LocationKind::Transit);
                let place = road.map_or_else(|| self.real_place(field, code), Ok);
                Ok(place.map(|place| (place.id, place.kind)))
            }
            (true, None) => Ok(Err(StockRefusal::LocationRequired(field))),
            (false, Some(_)) => Ok(Err(StockRefusal::LocationNotTaken(field))),
            (false, None) => {
                let other = kind.counterpart().expect("a kind with one real side has a counterpart");
                self.places.of_kind(other).map(|place| Ok((place.id, place.kind)))
            }
        };
        Ok(Ok((side("from", wants_from, from)?, side("to", wants_to, to)?)))
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

    /// Goods that spoil and come without a date get one: that of their lot, or received day plus shelf life.
    fn dated(&self, product: Uuid, goods: Goods<'_>) -> LotRef {
        let mut named = goods.lot.cloned().unwrap_or_else(LotRef::plain);
        let shelf = &self.shelves[&product];
        if let (None, Some(days)) = (named.expires_on, shelf.shelf_life_days) {
            let of_its_code = shelf.lots.values().filter(|lot| !named.code.is_empty() && lot.code == named.code);
            let known = of_its_code.filter_map(|lot| lot.expires_on).min();
            named.expires_on = known.or_else(|| Some(self.cx.day_of(goods.occurred_at).saturating_add(days)));
        }
        named
    }

    /// The lot with that code and date, which were looked up; made when the product has none.
    pub(super) fn lot_for_entry(&mut self, product: Uuid, wanted: &LotRef, goods: Goods<'_>) -> Uuid {
        if wanted.is_plain() {
            return product;
        }
        let shelf = self.shelves.get_mut(&product).expect("the product is locked");
        let same = |lot: &Lot| lot.code == wanted.code && lot.expires_on == wanted.expires_on;
        if let Some((id, _)) = shelf.lots.iter().find(|(_, lot)| same(lot)) {
            return *id;
        }
        assert!(shelf.known_codes.contains(&wanted.code), "a lot is made only when none was found");
        let id = self.cx.new_id();
        let lot = Lot { code: wanted.code.clone(), expires_on: wanted.expires_on, received_at: goods.occurred_at };
        shelf.lots.insert(id, lot);
        self.pending.lots.push(LotOut {
            id,
            product_id: product,
            code: wanted.code.clone(),
            expires_on: wanted.expires_on,
            unit_cost: goods.cost.map(UnitCost::raw),
            received_at: goods.occurred_at,
        });
        id
    }
}

/// What was found; what was not is told.
fn told<T>(found: Result<T, StockRefusal>, wrong: &mut Vec<StockRefusal>) -> Option<T> {
    found.map_err(|refusal| wrong.push(refusal)).ok()
}

/// A cost makes sense only for what comes in from outside.
fn takes_cost(movement: &Movement) -> bool {
    match movement.kind {
        MovementKind::Receipt | MovementKind::Opening | MovementKind::CustomerReturn => true,
        MovementKind::Adjustment | MovementKind::Count => movement.to.is_some(),
        _ => false,
    }
}
