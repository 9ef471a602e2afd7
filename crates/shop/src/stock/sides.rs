//! What a movement's words mean for one product: which places, which lot, how much in base units,
//! and what it cost. Unknown words are refused with what would be accepted.

use gondola_ledger::{Factor, LocationKind, MovementKind, Qty, Sides, Unit, UnitCost};
use gondola_store::{At, Fail, StoreError, Tx, both};
use uuid::Uuid;

use super::book::Book;
use super::movement::{LotRef, Movement, Source};
use super::places::Place;
use super::refusal::StockRefusal;
use super::rows::LotRow;
use super::shelf::Lot;
use super::sql;
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
    pub(super) async fn entered(
        &self,
        tx: &mut Tx<'_>,
        product: Uuid,
        movement: &Movement,
    ) -> Result<Entered, Fail<StockRefusal>> {
        let (base, factor) = self.measure(tx, product, movement.quantity, movement.unit.as_deref()).await?;
        let Some(cost) = movement.unit_cost else {
            return Ok(Entered { base, unit_cost: None, paid: Paid::default() });
        };
        if !takes_cost(movement) {
            return Err(Fail::Refused(StockRefusal::CostNotTaken));
        }
        let value = movement.quantity.times_cost(cost).ok_or(Fail::Refused(StockRefusal::ValueTooLarge))?;
        let unit_cost = if factor.is_none() { Some(cost) } else { value.per(base) };
        let fixed = factor.is_some().then_some(value);
        Ok(Entered { base, unit_cost, paid: Paid { unit_cost, fixed, fixed_fifo: None } })
    }

    /// A quantity in the product's unit, and the factor when it was given in another.
    pub(super) async fn measure(
        &self,
        tx: &mut Tx<'_>,
        product: Uuid,
        quantity: Qty,
        unit: Option<&str>,
    ) -> Result<(Qty, Option<Factor>), Fail<StockRefusal>> {
        let base_unit = self.shelves[&product].unit;
        let factor = factor(tx, product, base_unit, unit).await?;
        let refuse = |error| Fail::Refused(StockRefusal::Quantity { error, unit: base_unit });
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
    pub(super) async fn choose(
        &mut self,
        tx: &mut Tx<'_>,
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
            (Some(lot), true) => Some(self.lot_for_entry(tx, product, lot, movement.unit_cost, occurred_at).await?),
            (Some(lot), false) => Some(self.lot_for_exit(product, lot).map_err(Fail::Refused)?),
            (None, true) => Some(self.dated_lot(tx, product, movement, occurred_at).await?),
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
    async fn dated_lot(
        &mut self,
        tx: &mut Tx<'_>,
        product: Uuid,
        movement: &Movement,
        occurred_at: At,
    ) -> Result<Uuid, StoreError> {
        let Some(days) = self.shelves[&product].shelf_life_days else { return Ok(product) };
        let expires_on = self.cx.day_of(occurred_at).saturating_add(days);
        let wanted = LotRef { code: String::new(), expires_on: Some(expires_on) };
        self.lot_for_entry(tx, product, &wanted, movement.unit_cost, occurred_at).await
    }

    /// The lot with that code and date; made when the product has none.
    pub(super) async fn lot_for_entry(
        &mut self,
        tx: &mut Tx<'_>,
        product: Uuid,
        wanted: &LotRef,
        unit_cost: Option<UnitCost>,
        occurred_at: At,
    ) -> Result<Uuid, StoreError> {
        if wanted.code.is_empty() && wanted.expires_on.is_none() {
            return Ok(product);
        }
        let shelf = self.shelves.get_mut(&product).expect("the product is locked");
        let same = |lot: &Lot| lot.code == wanted.code && lot.expires_on == wanted.expires_on;
        if let Some((id, _)) = shelf.lots.iter().find(|(_, lot)| same(lot)) {
            return Ok(*id);
        }
        let stored: Vec<LotRow> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_LOTS))
            .bind(product).bind(&wanted.code).fetch_all(c).await?);
        if let Some(row) = stored.into_iter().find(|row| row.expires_on == wanted.expires_on) {
            shelf.lots.insert(row.id, Lot { code: row.code, expires_on: row.expires_on, received_at: row.received_at });
            return Ok(row.id);
        }
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
        Ok(id)
    }
}

/// How much of the base unit one `unit` is: nothing for the base unit itself, else a conversion or a pack.
pub(super) async fn factor(
    tx: &mut Tx<'_>,
    product: Uuid,
    base: Unit,
    unit: Option<&str>,
) -> Result<Option<Factor>, Fail<StockRefusal>> {
    let Some(name) = unit else { return Ok(None) };
    match Unit::from_code(name) {
        Some(unit) if unit == base => return Ok(None),
        Some(unit) => {
            if let Some(factor) = Factor::between(unit, base) {
                return Ok(Some(factor));
            }
        }
        None => {}
    }
    let found: Option<(i64, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_PRESENTATION))
        .bind(product).bind(name).fetch_optional(c).await?);
    let unknown = || Fail::Refused(StockRefusal::UnknownUnit { unit: name.to_owned(), base });
    let (num, den) = found.ok_or_else(unknown)?;
    let corrupt = || StoreError::corrupt("presentations", "factor_num", product, format!("{num}/{den}"));
    let parts = u64::try_from(num).ok().zip(u64::try_from(den).ok());
    let factor = parts.and_then(|(num, den)| Factor::new(num, den)).ok_or_else(corrupt)?;
    Ok(Some(factor))
}

/// A cost makes sense only for what comes in from outside.
fn takes_cost(movement: &Movement) -> bool {
    match movement.kind {
        MovementKind::Receipt | MovementKind::Opening | MovementKind::CustomerReturn => true,
        MovementKind::Adjustment | MovementKind::Count => movement.to.is_some(),
        _ => false,
    }
}
