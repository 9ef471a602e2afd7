//! Law: **a batch of prices is seen before it is applied, and one key takes all of it back.** Each row shows what it
//! does in pesos; a row that breaks a guard waits for the owner; a rollback never undoes what somebody did since.
//!
//! Building the rows (invoice, list, rule, file) and the transaction itself belong to the shop.

use std::cmp::Reverse;

use gondola_ledger::{Money, ProductId, Qty, UnitCost};

use crate::light::{CostChange, Severity};
use crate::markup::Percentages;
use crate::price::Seller;
use crate::rate::Rate;

/// One change of a price, before anything is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceChange {
    /// The product.
    pub product: ProductId,
    /// Who sells, with which VAT.
    pub seller: Seller,
    /// The cost behind today's price and the cost behind the new one.
    pub cost: CostChange,
    /// Today's price; none for a product that had none.
    pub old_price: Option<Money>,
    /// The price proposed.
    pub new_price: Money,
    /// Smallest margin of the category.
    pub minimum: Rate,
    /// Units expected to sell in a month.
    pub monthly_sales: Qty,
}

/// What the guard says of one row, the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// May be applied.
    Clear,
    /// Under the category's minimum: needs the owner.
    BelowMinimum,
    /// Sells under its cost: needs the owner and a reason.
    Loss,
}

/// One row of the preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewRow {
    /// The change it shows.
    pub change: PriceChange,
    /// Percentages of today's price over the cost it was built on; none without a price or a cost.
    pub old: Option<Percentages>,
    /// Percentages of the new price over the new cost.
    pub new: Option<Percentages>,
    /// How much the cost moved.
    pub severity: Option<Severity>,
    /// (New - old price) × expected monthly sales; nothing for a first price.
    pub at_stake: Money,
    /// May it be applied?
    pub guard: Guard,
}

impl PriceChange {
    /// The row of the preview; `None` when the pesos at stake do not fit.
    pub fn preview(self) -> Option<PreviewRow> {
        let percentages = |cost: UnitCost, price| self.seller.percentages(cost, price);
        Some(PreviewRow {
            change: self,
            old: self.old_price.and_then(|price| percentages(self.cost.old, price)),
            new: percentages(self.cost.new, self.new_price),
            severity: self.cost.severity(),
            at_stake: self.at_stake()?,
            guard: self.guard(),
        })
    }

    /// What the guard says of it.
    pub fn guard(&self) -> Guard {
        if self.seller.loses(self.cost.new, self.new_price) {
            Guard::Loss
        } else if self.seller.reaches(self.cost.new, self.new_price, self.minimum) {
            Guard::Clear
        } else {
            Guard::BelowMinimum
        }
    }

    fn at_stake(&self) -> Option<Money> {
        match self.old_price {
            Some(old) => self.monthly_sales.times_price(self.new_price.checked_sub(old)?),
            None => Some(Money::ZERO),
        }
    }
}

/// The preview in two lists, most pesos at stake first; equal stakes by product, so the order is always the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// Rows that may be applied.
    pub clear: Vec<PreviewRow>,
    /// Rows that need the owner.
    pub guarded: Vec<PreviewRow>,
}

impl Preview {
    /// Sorts and parts the rows.
    pub fn of(mut rows: Vec<PreviewRow>) -> Self {
        rows.sort_by_key(|row| (Reverse(row.at_stake.raw().unsigned_abs()), row.change.product));
        let (clear, guarded) = rows.into_iter().partition(|row| row.guard == Guard::Clear);
        Self { clear, guarded }
    }
}

/// Which entry of a product's price history is in force; every change, even to the same amount, makes a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceVersion(pub u64);

/// One row of a batch that was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppliedRow {
    /// The product.
    pub product: ProductId,
    /// The price before; none for a product that had none.
    pub before: Option<Money>,
    /// The history entry the batch wrote.
    pub written: PriceVersion,
}

/// What a rollback does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rollback {
    /// Rows whose price before comes back.
    pub restore: Vec<AppliedRow>,
    /// Rows whose price somebody changed since: listed, left alone.
    pub skipped: Vec<AppliedRow>,
}

/// Parts the rows of a batch by whether what it wrote is still in force.
pub fn rollback(applied: &[AppliedRow], in_force: impl Fn(ProductId) -> Option<PriceVersion>) -> Rollback {
    let untouched = |row: &AppliedRow| in_force(row.product) == Some(row.written);
    let (restore, skipped) = applied.iter().copied().partition(untouched);
    Rollback { restore, skipped }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::unit_cost::TaxStatus;

    fn change(new_cost: &str, new_price: &str) -> PriceChange {
        let cost = |text| UnitCost::parse(text).unwrap();
        PriceChange {
            product: ProductId(1),
            seller: Seller { status: TaxStatus::Monotributo, vat: Rate::basis_points(2_100) },
            cost: CostChange { old: cost("750"), new: cost(new_cost) },
            old_price: Money::parse("1000").ok(),
            new_price: Money::parse(new_price).unwrap(),
            minimum: Rate::basis_points(2_000),
            monthly_sales: Qty::whole(40).unwrap(),
        }
    }

    #[test]
    fn a_row_shows_percentages_severity_and_pesos_at_stake() {
        let row = change("907.50", "1200").preview().unwrap();
        assert_eq!(row.old.unwrap().markup.to_string(), "33.33");
        assert_eq!(row.old.unwrap().margin.to_string(), "25.00");
        assert_eq!(row.new.unwrap().margin.to_string(), "24.38");
        assert_eq!((row.severity, row.guard), (Some(Severity::High), Guard::Clear));
        assert_eq!(row.at_stake, Money::parse("8000").unwrap());
    }

    #[test]
    fn a_first_price_puts_nothing_at_stake() {
        let first = PriceChange { old_price: None, ..change("800", "1200") }.preview().unwrap();
        assert_eq!((first.old, first.at_stake), (None, Money::ZERO));
    }

    /// M11: a row that breaks a guard waits for the owner.
    #[test]
    fn guarded_rows_stand_apart_and_the_largest_stake_comes_first() {
        let table =
            "800 1000 Clear; 800.0001 1000 BelowMinimum; 1000 1000 BelowMinimum; 1000.0001 1000 Loss; 0 0 BelowMinimum";
        for row in table.split("; ") {
            let cells: Vec<&str> = row.split(' ').collect();
            assert_eq!(format!("{:?}", change(cells[0], cells[1]).guard()), cells[2], "{row}");
        }
        let rows = ["1100", "1300", "900"].map(|price| change("700", price).preview().unwrap());
        let guarded = change("1000", "1100").preview().unwrap();
        let preview = Preview::of(rows.into_iter().chain([guarded]).collect());
        let prices: Vec<i64> = preview.clear.iter().map(|row| row.change.new_price.raw()).collect();
        assert_eq!(prices, [130_000, 110_000, 90_000]);
        assert_eq!(preview.guarded, [guarded]);
    }

    proptest! {
        /// M11: whatever is changed after the batch keeps its price; everything else gets back the one it had.
        #[test]
        fn a_rollback_restores_exactly_what_nobody_touched_since(
            before in proptest::collection::vec(proptest::option::of(1..1_000_000_i64), 0..40), touched in any::<u64>()
        ) {
            let applied: Vec<AppliedRow> = (0_u64..)
                .zip(&before)
                .map(|(n, price)| AppliedRow {
                    product: ProductId(n.into()),
                    before: price.map(Money::new),
                    written: PriceVersion(n * 10),
                })
                .collect();
            let was_touched = |row: &AppliedRow| touched >> row.product.0 & 1 == 1;
            let history: BTreeMap<ProductId, PriceVersion> = applied
                .iter()
                .map(|row| (row.product, PriceVersion(row.written.0 + u64::from(was_touched(row)))))
                .collect();
            let undone = rollback(&applied, |product| history.get(&product).copied());
            prop_assert!(undone.restore.iter().all(|row| !was_touched(row)));
            prop_assert!(undone.skipped.iter().all(was_touched));
            prop_assert_eq!(undone.restore.len() + undone.skipped.len(), applied.len());
        }
    }
}
