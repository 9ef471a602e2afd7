//! One line of a delivery: what it is about, how it comes into stock, and what the order's line takes of it.

use gondola_ledger::{MovementKind, Qty, UnitCost};
use gondola_store::{Fail, Tx};
use serde::Serialize;
use uuid::Uuid;

use super::queries::OrderLine;
use super::receive::ArrivedLine;
use super::rows::Known;
use crate::kernel::Text;
use crate::kernel::bulk::{hex, hex_option};
use crate::kernel::problem::FieldProblem;
use crate::kernel::time::Day;
use crate::stock::{Book, LotRef, Mention, Movement, ProductRef, Source, StockRefusal};

/// What a line mentions that may have to be looked up, for all lines at once.
pub(super) fn mention<'l>(line: &'l ArrivedLine, product: &'l ProductRef, ordered: &'l [OrderLine]) -> Mention<'l> {
    let of_order = ordered.iter().find(|one| Some(one.line) == line.order_line);
    let unit = line.unit.as_deref().or_else(|| of_order.and_then(|one| one.unit.as_deref()));
    Mention { enters: true, lot: line.lot.as_ref(), ..Mention::of(product, unit) }
}

/// What a line is about: the product, the unit it is counted in, and how much of it was ordered.
pub(super) struct Target {
    product: Uuid,
    unit: String,
    /// What the order's line asks for in its own unit, where nobody knew how much that is when it was ordered.
    ordered: Option<(Qty, String)>,
}

/// Finds out what a line is about, or what is wrong with it.
pub(super) fn target(
    line: &ArrivedLine,
    product: Option<&ProductRef>,
    known: &Known,
    ordered: &[OrderLine],
) -> Result<Target, FieldProblem> {
    let of_order = line.order_line.map(|number| ordered.iter().find(|one| one.line == number));
    if of_order.is_some_and(|one| one.is_none()) {
        return Err(wrong("line", "unknown_line", "El pedido no tiene ese renglón.", "The order has no such line."));
    }
    let of_order = of_order.flatten();
    let product = product
        .ok_or_else(|| wrong("product", "required", "Falta decir qué producto es.", "Say which product it is."))?;
    let goods = known.get(product).ok_or_else(|| {
        wrong("product", "unknown_product", "No hay ningún producto así.", "There is no such product.")
    })?;
    if of_order.and_then(|one| one.product_id).is_some_and(|id| id != goods.id) {
        let (es, en) = ("Ese renglón del pedido es de otro producto.", "That line of the order is of another product.");
        return Err(wrong("product", "other_product", es, en));
    }
    let has_a_date = line.lot.as_ref().is_some_and(|lot| lot.expires_on.is_some());
    if goods.needs_a_date() && !has_a_date && line.quantity.is_positive() {
        let (es, en) = ("Es perecedero: falta el vencimiento.", "It is perishable: its last good day is missing.");
        return Err(wrong("lot.expires_on", "expiry_required", es, en));
    }
    let own = goods.unit().map(|unit| unit.code().to_owned()).unwrap_or_default();
    let unit = line.unit.clone().or_else(|| of_order.and_then(|one| one.unit.clone())).unwrap_or(own);
    let asked = of_order.filter(|one| one.base_quantity.is_none());
    let ordered = asked.and_then(|one| one.quantity.map(Qty::new).zip(one.unit.clone()));
    Ok(Target { product: goods.id, unit, ordered })
}

fn wrong(field: &str, code: &'static str, es: &str, en: &str) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code, detail: Text::new(es, en) }
}

#[derive(Serialize)]
pub(super) struct LineOut {
    #[serde(serialize_with = "hex")]
    receipt_id: Uuid,
    line: usize,
    order_line: Option<i64>,
    #[serde(serialize_with = "hex")]
    pub product_id: Uuid,
    quantity: i64,
    unit: String,
    base_quantity: i64,
    moved_quantity: i64,
    damaged: i64,
    lot_code: String,
    expires_on: Option<Day>,
    unit_cost: Option<i64>,
    pub last_cost_before: Option<i64>,
    #[serde(serialize_with = "hex_option")]
    movement_id: Option<Uuid>,
    /// How much was ordered in the product's own unit, where that is known only now.
    #[serde(skip)]
    ordered_base: Option<Qty>,
}

impl LineOut {
    /// How much came into stock, in the product's own unit.
    pub fn moved(&self) -> Qty {
        Qty::new(self.moved_quantity)
    }
}

/// What the movements of a delivery have in common.
pub(super) struct Posting<'p> {
    pub reason: String,
    pub document: Option<String>,
    pub location: &'p str,
    pub delivery: Uuid,
}

impl Posting<'_> {
    /// Posts one line; `index` is where it stands in what was told.
    pub async fn line(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        index: usize,
        (line, target): (&ArrivedLine, &Target),
    ) -> Result<LineOut, Fail<StockRefusal>> {
        let product = target.product;
        book.product(&ProductRef::Id(product)).map_err(Fail::Refused)?;
        let ordered_base = match &target.ordered {
            Some((quantity, unit)) => Some(book.in_base_units(tx, product, *quantity, Some(unit)).await?),
            None => None,
        };
        let base = book.in_base_units(tx, product, line.quantity, Some(&target.unit)).await?;
        book.in_base_units(tx, product, line.damaged, Some(&target.unit)).await?;
        let (entered, unit) = match line.measured {
            Some(measured) => (measured, None),
            None => (line.quantity, Some(target.unit.clone())),
        };
        let posted = if line.quantity.is_positive() {
            let movement = self.movement(line, product, (entered, unit));
            Some(book.post(tx, &movement, Some(Source { kind: "goods_receipt", id: self.delivery })).await?)
        } else {
            None
        };
        let lot = line.lot.clone().unwrap_or_else(LotRef::plain);
        Ok(LineOut {
            receipt_id: self.delivery,
            line: index + 1,
            order_line: line.order_line,
            product_id: product,
            quantity: line.quantity.raw(),
            unit: target.unit.clone(),
            base_quantity: base.raw(),
            moved_quantity: posted.as_ref().map_or(0, |posted| posted.quantity.raw()),
            damaged: line.damaged.raw(),
            lot_code: lot.code,
            expires_on: lot.expires_on,
            unit_cost: line.unit_cost.map(UnitCost::raw),
            last_cost_before: None,
            movement_id: posted.map(|posted| posted.id),
            ordered_base,
        })
    }

    fn movement(&self, line: &ArrivedLine, product: Uuid, (quantity, unit): (Qty, Option<String>)) -> Movement {
        Movement {
            kind: MovementKind::Receipt,
            product: ProductRef::Id(product),
            quantity,
            unit,
            from: None,
            to: Some(self.location.to_owned()),
            lot: line.lot.clone(),
            unit_cost: line.unit_cost,
            reason: self.reason.clone(),
            document: self.document.clone(),
            occurred_at: None,
        }
    }
}

/// The order's line takes what came: it knows its product from now on, and how much of it there is.
pub(super) fn take(ordered: &mut [OrderLine], out: &LineOut) {
    let Some(line) = ordered.iter_mut().find(|line| Some(line.line) == out.order_line) else { return };
    line.product_id = Some(out.product_id);
    line.base_quantity = line.base_quantity.or(out.ordered_base.map(Qty::raw));
    line.base_received = line.base_received.saturating_add(out.base_quantity);
}
