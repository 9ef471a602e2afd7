//! Whether a price earns what it must: asked here by every door that sets one, and decided by the crate `pricing`.

use gondola_ledger::{Money, ProductId, Qty, UnitCost};
use gondola_pricing::batch::{Guard, PriceChange};
use gondola_pricing::light::CostChange;
use gondola_pricing::price::{PriceRules, Seller};
use gondola_pricing::rate::Rate;
use gondola_pricing::unit_cost::TaxStatus;

use super::bands::StepBands;
use crate::kernel::Text;

/// Who sells a product with that VAT, in basis points.
pub fn seller_of(status: TaxStatus, vat_bp: i64) -> Seller {
    Seller { status, vat: rate_of(vat_bp) }
}

/// How a category's prices are rounded and what they must earn: its step in centavos and those below limits, its smallest margin
/// in basis points.
pub(super) fn rules_of(rounding_step: i64, bands: &StepBands, margin_min_bp: i64) -> PriceRules {
    PriceRules { rounding: bands.rounding(Money::new(rounding_step)), minimum: rate_of(margin_min_bp) }
}

/// A category's smallest margin, kept in basis points.
pub fn minimum_of(margin_min_bp: i64) -> Rate {
    rate_of(margin_min_bp)
}

/// Basis points beyond what a rate holds are more than any category or tax has.
pub(super) fn rate_of(basis_points: i64) -> Rate {
    Rate::basis_points(i16::try_from(basis_points).unwrap_or(i16::MAX))
}

/// What the guard says of a price. Without a cost there is nothing to compare it with.
pub fn judge(seller: Seller, cost: Option<UnitCost>, price: Money, minimum: Rate) -> Guard {
    let Some(cost) = cost.filter(|cost| cost.is_positive()) else { return Guard::Clear };
    let cost = CostChange { old: cost, new: cost };
    let (product, old_price, monthly_sales) = (ProductId(0), None, Qty::ZERO);
    PriceChange { product, seller, cost, old_price, new_price: price, minimum, monthly_sales }.guard()
}

/// What is said of a price that the guard keeps back. It tells no cost: not everybody who sets a price sees one.
pub fn below_minimum(guard: Guard, minimum: Rate) -> Option<(&'static str, Text)> {
    match guard {
        Guard::Clear => None,
        Guard::BelowMinimum => Some((
            "below_minimum",
            Text::new(
                format!(
                    "Deja menos margen que el mínimo del rubro ({minimum} %). El dueño puede confirmarlo en Precios, con el motivo."
                ),
                format!(
                    "It leaves less margin than the category's minimum ({minimum} %). The owner can confirm it under Prices, with the reason."
                ),
            ),
        )),
        Guard::Loss => Some((
            "loss",
            Text::new(
                "Se vendería por debajo del costo de reposición. El dueño puede confirmarlo en Precios, con el motivo.",
                "It would sell below the replacement cost. The owner can confirm it under Prices, with the reason.",
            ),
        )),
    }
}
