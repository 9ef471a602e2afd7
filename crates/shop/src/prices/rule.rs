//! The rule of a list over GENERAL that holds at an instant, and the price that it makes. Who sets them is `sale_lists`.

use gondola_ledger::{Money, UnitCost};
use gondola_pricing::Rate;
use gondola_pricing::price::{General, ListBasis, ListPrice, PriceRules, Rounding, Seller, list_price};
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::bands::StepBands;
use super::judging::{rate_of, rules_of, seller_of};
use super::sql;
use crate::kernel::time::Day;

/// What a list asks for over GENERAL; columns of `sale_list_rules`.
#[derive(Debug, Clone, Copy, FromRow, Serialize, Deserialize)]
pub struct ListRule {
    adjustment_bp: i64,
    rounding_step: Option<i64>,
    margin_min_bp: Option<i64>,
}

impl ListRule {
    /// A rule that is not kept yet: so much more or less than GENERAL; its own step and its own smallest margin, or those of
    /// each product's category.
    pub fn new(adjustment: Rate, step: Option<Money>, minimum: Option<Rate>) -> Self {
        Self {
            adjustment_bp: i64::from(adjustment.raw() / 100),
            rounding_step: step.map(Money::raw),
            margin_min_bp: minimum.map(|minimum| i64::from(minimum.raw() / 100)),
        }
    }

    /// How much more or less than GENERAL.
    pub fn adjustment(&self) -> Rate {
        rate_of(self.adjustment_bp)
    }

    /// The step that its prices are rounded to, if it has one of its own.
    pub fn step(&self) -> Option<Money> {
        self.rounding_step.map(Money::new)
    }

    /// The smallest margin it leaves, if it has one of its own.
    pub fn minimum(&self) -> Option<Rate> {
        self.margin_min_bp.map(rate_of)
    }

    /// What it makes of a price on GENERAL, built on that cost; `rules` are those of the product's category.
    pub(super) fn price(&self, seller: Seller, general: General, rules: &PriceRules) -> Option<ListPrice> {
        let own = self.step().and_then(|step| Rounding::new(Vec::new(), step));
        let rules = PriceRules {
            rounding: own.unwrap_or_else(|| rules.rounding.clone()),
            minimum: self.minimum().unwrap_or(rules.minimum),
        };
        list_price(seller, general, self.adjustment(), &rules)
    }
}

/// A cost that is kept, where it is one.
pub(super) fn known(cost: Option<i64>) -> Option<UnitCost> {
    cost.map(UnitCost::new).filter(|cost| cost.is_positive())
}

/// What a list's price is made of where nobody set one: columns of a row that were read beside it.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Beside {
    general_amount: Option<i64>,
    /// The cost that GENERAL's price was built on.
    pub general_cost: Option<i64>,
    vat_bp: i64,
    margin_min_bp: i64,
    rounding_step: i64,
    #[sqlx(try_from = "String")]
    rounding_bands: StepBands,
}

impl Beside {
    /// What a rule makes of it, to a shop of that status.
    pub fn price(&self, rule: &ListRule, status: TaxStatus) -> Option<ListPrice> {
        let general = General { price: Money::new(self.general_amount?), cost: known(self.general_cost) };
        let rules = rules_of(self.rounding_step, &self.rounding_bands, self.margin_min_bp);
        rule.price(seller_of(status, self.vat_bp), general, &rules)
    }
}

/// The code of why a list's price is what it is.
pub fn basis_code(basis: ListBasis) -> &'static str {
    match basis {
        ListBasis::Rule => "rule",
        ListBasis::Minimum => "minimum",
        ListBasis::General => "general",
    }
}

/// The rule of a list that held at an instant of a day: of those that somebody had set and nobody had removed, the one that
/// began last. GENERAL has none.
///
/// # Errors
/// [`StoreError`].
pub async fn rule_at(tx: &mut Tx<'_>, list: &str, at: At, day: Day) -> Result<Option<ListRule>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_LIST_RULE)).bind(list).bind(at).bind(day)
        .fetch_optional(c).await?))
}
