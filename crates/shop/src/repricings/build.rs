//! Building a repricing: every product that the rule is for gets a row that shows what it would do.

use std::collections::HashMap;

use gondola_ledger::{Money, ProductId, UnitCost};
use gondola_pricing::batch::{Guard, Preview, PreviewRow, PriceChange};
use gondola_pricing::inflation::Growth;
use gondola_pricing::light::CostChange;
use gondola_pricing::rate::Rate;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::queries::{Repricing, find};
use super::refusal::RepricingRefusal;
use super::rule::{Rule, Wanted};
use super::sql;
use crate::inflation::{Month, accumulated};
use crate::kernel::bulk::{hex, insert_all};
use crate::prices::{LIST_GENERAL, Priced, all_priced, filter_of, find_priced, product_id, severity_code, status_on};
use crate::stock::ProductRef;

/// Rows of a repricing at most.
pub(super) const ROWS_MAX: usize = 100_000;
/// Prices that somebody says one by one, at most.
pub(super) const PRICES_MAX: usize = 10_000;

/// Builds a repricing; nothing but the repricing itself is written.
pub struct BuildRepricing {
    /// What by, and for which products.
    pub wanted: Wanted,
    /// The prices that somebody says, by the names of the products; they become the rule's.
    pub prices: Vec<(ProductRef, Money)>,
    /// Why.
    pub reason: String,
}

impl Command for BuildRepricing {
    const NAME: &'static str = "repricings.build";
    type Out = Repricing;
    type Refusal = RepricingRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    /// A preview shows costs.
    fn also_needs(&self) -> Vec<Permission> {
        vec![Permission::ReadCost]
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Repricing, Fail<RepricingRefusal>> {
        let wanted = self.named(tx).await?;
        let products = meant(tx, &wanted).await?;
        let status = status_on(tx, cx.day_of(cx.now)).await?;
        let rows = preview(&products, &wanted.rule, status);
        if rows.is_empty() {
            return Err(Fail::Refused(RepricingRefusal::Nothing));
        }
        if rows.len() > ROWS_MAX {
            return Err(Fail::Refused(RepricingRefusal::TooMany));
        }
        let id = cx.new_id();
        cx.concerns(id.to_string());
        cx.because(self.reason.as_str());
        let rule = serde_json::to_string(&wanted).expect("a rule is plain values");
        let inserted = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_REPRICING)).bind(id).bind(&rule)
            .bind(&self.reason).bind(&cx.actor.name).bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_REPRICING, 1, inserted)?;
        insert_all(tx, sql::INSERT_ROWS, &columns(id, &products, rows)).await?;
        Ok(stored(tx, id).await?)
    }
}

/// A repricing that was just written.
pub(super) async fn stored(tx: &mut Tx<'_>, id: Uuid) -> Result<Repricing, StoreError> {
    find(tx, id).await?.ok_or_else(|| StoreError::corrupt("repricings", "id", id, "it was just written"))
}

impl BuildRepricing {
    /// The rule with the ids of the products that prices were said for, or with what its months add up to.
    async fn named(&self, tx: &mut Tx<'_>) -> Result<Wanted, Fail<RepricingRefusal>> {
        let mut wanted = self.wanted.clone();
        match &mut wanted.rule {
            Rule::Prices { prices } => {
                for (at, (product, price)) in self.prices.iter().enumerate() {
                    let unknown = || RepricingRefusal::Unknown { field: format!("prices[{at}].product") };
                    let id = product_id(tx, product).await?.ok_or_else(|| Fail::Refused(unknown()))?;
                    prices.push((id, price.raw()));
                }
            }
            Rule::Index { from, to, rate } => *rate = risen(tx, *from, *to).await?.raw(),
            _ => {}
        }
        Ok(wanted)
    }
}

/// What prices rose from the beginning of a month to the end of another.
async fn risen(tx: &mut Tx<'_>, from: Month, to: Month) -> Result<Rate, Fail<RepricingRefusal>> {
    let accumulated = accumulated(tx, from, to).await?;
    if let Some(month) = accumulated.missing.first() {
        return Err(Fail::Refused(RepricingRefusal::NoRate { month: *month, many: accumulated.missing.len() }));
    }
    let rate = accumulated.growth.and_then(Growth::rate);
    rate.ok_or(Fail::Refused(RepricingRefusal::TooSteep))
}

/// The products that a rule is for.
async fn meant(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<Vec<Priced>, Fail<RepricingRefusal>> {
    if let Rule::Prices { prices } = &wanted.rule {
        let ids: Vec<Uuid> = prices.iter().map(|(id, _)| *id).collect();
        return Ok(find_priced(tx, LIST_GENERAL, &ids).await?);
    }
    let [category, brand, supplier] = [&wanted.category, &wanted.brand, &wanted.supplier].map(Option::as_deref);
    if filter_of(tx, category, None, None).await?.is_none() {
        return Err(Fail::Refused(RepricingRefusal::Unknown { field: "category".to_owned() }));
    }
    let filter = filter_of(tx, category, brand, supplier).await?;
    let mut filter = filter.ok_or_else(|| Fail::Refused(RepricingRefusal::Unknown { field: "supplier".to_owned() }))?;
    let papers = [("invoice", wanted.invoice, sql::HAS_INVOICE), ("price_list", wanted.price_list, sql::HAS_LIST)];
    for (field, paper, statement) in papers {
        let Some(id) = paper else { continue };
        let found: Option<Uuid> =
            both!(&mut *tx, c, text => sqlx::query_scalar(text(statement)).bind(id).fetch_optional(c).await?);
        if found.is_none() {
            return Err(Fail::Refused(RepricingRefusal::Unknown { field: field.to_owned() }));
        }
    }
    (filter.invoice, filter.price_list) = (wanted.invoice, wanted.price_list);
    Ok(all_priced(tx, LIST_GENERAL, &filter).await?)
}

/// What a price would do to a product; none when the pesos at stake do not fit.
pub(super) fn row_of(product: &Priced, new_price: Money, status: TaxStatus) -> Option<PreviewRow> {
    let new = product.cost().unwrap_or(UnitCost::ZERO);
    let change = PriceChange {
        product: ProductId(product.id.as_u128()),
        seller: product.seller(status),
        cost: CostChange { old: product.built_on().unwrap_or(new), new },
        old_price: product.price(),
        new_price,
        minimum: product.minimum(),
        monthly_sales: product.monthly_sales(),
    };
    change.preview()
}

/// The rows of a preview in their order: those that are clear first, most pesos at stake on top.
fn preview(products: &[Priced], rule: &Rule, status: TaxStatus) -> Vec<PreviewRow> {
    let rows = products.iter().filter_map(|product| {
        let price = rule.price_of(product, status)?;
        let says_something = rule.keeps_equal() || product.price() != Some(price);
        if says_something { row_of(product, price, status) } else { None }
    });
    let Preview { clear, guarded } = Preview::of(rows.collect());
    [clear, guarded].concat()
}

/// The code of what the guard says.
pub(super) const fn guard_code(guard: Guard) -> &'static str {
    match guard {
        Guard::Clear => "clear",
        Guard::BelowMinimum => "below_minimum",
        Guard::Loss => "loss",
    }
}

#[derive(Serialize)]
struct Columns {
    #[serde(serialize_with = "hex")]
    repricing_id: Uuid,
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    position: usize,
    old_cost: Option<i64>,
    new_cost: Option<i64>,
    old_price: Option<i64>,
    new_price: i64,
    severity: Option<&'static str>,
    at_stake: i64,
    guard: &'static str,
}

fn columns(id: Uuid, products: &[Priced], rows: Vec<PreviewRow>) -> Vec<Columns> {
    let known: HashMap<Uuid, &Priced> = products.iter().map(|product| (product.id, product)).collect();
    let column = |(position, row): (usize, PreviewRow)| {
        let product_id = Uuid::from_u128(row.change.product.0);
        let product = known.get(&product_id);
        Columns {
            repricing_id: id,
            product_id,
            position,
            old_cost: product.and_then(|product| product.built_on()).map(UnitCost::raw),
            new_cost: product.and_then(|product| product.cost()).map(UnitCost::raw),
            old_price: row.change.old_price.map(Money::raw),
            new_price: row.change.new_price.raw(),
            severity: row.severity.map(severity_code),
            at_stake: row.at_stake.raw(),
            guard: guard_code(row.guard),
        }
    };
    rows.into_iter().enumerate().map(column).collect()
}
