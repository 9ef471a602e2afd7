//! Applying a repricing, now or at an hour, and discarding one. Whatever changed since the preview refuses the whole.

use std::collections::HashMap;

use gondola_ledger::{Money, UnitCost};
use gondola_pricing::batch::Guard;
use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use sqlx::FromRow;
use uuid::Uuid;

use super::build::stored;
use super::queries::{Repricing, RepricingRow};
use super::refusal::RepricingRefusal;
use super::sql;
use crate::prices::{Equal, LIST_GENERAL, NewPrice, Priced, Why, count_up, find_priced, judge, place, status_on};

/// SKUs that a refusal names at most.
const NAMED_MAX: usize = 10;

/// How far ahead a repricing may be scheduled: a year.
const AHEAD_MAX: At = 366 * 86_400_000_000;

/// A repricing that is about to change, if it is in one of these states.
pub(super) async fn lock(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    states: &[&str],
) -> Result<RepricingRow, Fail<RepricingRefusal>> {
    let row: Option<RepricingRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_REPRICING)).bind(id).fetch_optional(c).await?);
    let row = row.ok_or(Fail::Refused(RepricingRefusal::NotFound))?;
    if !states.contains(&row.state.as_str()) {
        return Err(Fail::Refused(RepricingRefusal::NotNow { state: row.state }));
    }
    cx.concerns(id.to_string());
    cx.because(row.reason.as_str());
    Ok(row)
}

/// Writes what became of a repricing.
pub(super) async fn write(tx: &mut Tx<'_>, row: &RepricingRow) -> Result<(), StoreError> {
    let set = both!(tx, c, text => sqlx::query(text(sql::SET_STATE)).bind(row.id).bind(row.version).bind(&row.state)
        .bind(row.apply_at).bind(&row.guarded_reason).bind(&row.note).bind(&row.applied_by).bind(row.applied_at)
        .bind(&row.rolled_back_by).bind(row.rolled_back_at).bind(&row.guarded_by).execute(c).await?.rows_affected());
    expect_rows(sql::SET_STATE, 1, set)
}

/// Applies a repricing: all of its rows at once, or nothing.
#[derive(Debug, Clone)]
pub struct ApplyRepricing {
    /// Which one.
    pub id: Uuid,
    /// Why the owner takes the rows that break a guard; without that they are left out.
    pub guarded_reason: Option<String>,
}

fn rights(guarded_reason: &Option<String>) -> Vec<Permission> {
    let overrides = guarded_reason.as_ref().map(|_| Permission::OverridePrices);
    overrides.into_iter().collect()
}

impl Command for ApplyRepricing {
    const NAME: &'static str = "repricings.apply";
    type Out = Repricing;
    type Refusal = RepricingRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn also_needs(&self) -> Vec<Permission> {
        rights(&self.guarded_reason)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Repricing, Fail<RepricingRefusal>> {
        let mut row = lock(tx, cx, self.id, &["draft", "scheduled"]).await?;
        let (guarded_reason, guarded_by) = match &self.guarded_reason {
            Some(reason) => (Some(reason.clone()), Some(cx.actor.name.clone())),
            None => (row.guarded_reason.take(), row.guarded_by.take()),
        };
        if let Some(reason) = &guarded_reason {
            cx.because(reason.as_str());
            cx.approved_by(guarded_by.as_deref().unwrap_or_default());
        }
        let with_guarded = guarded_reason.is_some();
        let rows: Vec<RowToApply> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::ROWS_TO_APPLY)).bind(self.id)
            .bind(with_guarded).fetch_all(c).await?);
        if rows.is_empty() {
            return Err(Fail::Refused(RepricingRefusal::Nothing));
        }
        let products = as_seen(tx, cx, &rows, with_guarded).await?;
        let read: Vec<(Uuid, i64)> = products.iter().map(|product| (product.id, product.version)).collect();
        count_up(tx, cx, &read).await?;
        let reason = guarded_reason.as_deref().unwrap_or(&row.reason);
        let why = Why { source: row.wanted()?.source(), reason, repricing: Some(self.id), equal: Equal::IsKept };
        let prices: Vec<NewPrice> = rows.iter().map(RowToApply::price).collect();
        place(tx, cx, why, &prices).await?;
        let marked = both!(&mut *tx, c, text => sqlx::query(text(sql::MARK_APPLIED)).bind(self.id).bind(with_guarded)
            .execute(c).await?.rows_affected());
        expect_rows(sql::MARK_APPLIED, rows.len() as u64, marked)?;
        let applied = RepricingRow {
            state: "applied".to_owned(),
            guarded_reason,
            guarded_by,
            applied_by: Some(cx.actor.name.clone()),
            applied_at: Some(cx.now),
            ..row
        };
        write(tx, &applied).await?;
        Ok(stored(tx, self.id).await?)
    }
}

#[derive(FromRow)]
struct RowToApply {
    product_id: Uuid,
    old_price: Option<i64>,
    new_cost: Option<i64>,
    new_price: i64,
}

impl RowToApply {
    fn price(&self) -> NewPrice {
        let (amount, cost) = (Some(Money::new(self.new_price)), self.new_cost.map(UnitCost::new));
        NewPrice { product: self.product_id, list: LIST_GENERAL, amount, cost }
    }
}

/// The products of the rows, if all of them are still as the preview showed them.
async fn as_seen(
    tx: &mut Tx<'_>,
    cx: &Context,
    rows: &[RowToApply],
    with_guarded: bool,
) -> Result<Vec<Priced>, Fail<RepricingRefusal>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.product_id).collect();
    let status = status_on(tx, cx.day_of(cx.now)).await?;
    let products = find_priced(tx, LIST_GENERAL, &ids).await?;
    let known: HashMap<Uuid, &Priced> = products.iter().map(|product| (product.id, product)).collect();
    let (mut outdated, mut low) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(product) = known.get(&row.product_id) else {
            outdated.push(row.product_id.to_string());
            continue;
        };
        let price = Money::new(row.new_price);
        let guard = judge(product.seller(status), product.cost(), price, product.minimum());
        let is_same = product.price().map(Money::raw) == row.old_price
            && product.cost().map(UnitCost::raw) == row.new_cost
            && (with_guarded || guard == Guard::Clear);
        if !is_same {
            outdated.push(product.sku.clone());
        } else if product.wholesale_price().is_some_and(|wholesale| wholesale > price) {
            low.push(product.sku.clone());
        }
    }
    let first = |skus: Vec<String>| (skus.len(), skus.into_iter().take(NAMED_MAX).collect());
    if !outdated.is_empty() {
        let (many, skus) = first(outdated);
        return Err(Fail::Refused(RepricingRefusal::Outdated { skus, many }));
    }
    if !low.is_empty() {
        let (many, skus) = first(low);
        return Err(Fail::Refused(RepricingRefusal::BelowWholesale { skus, many }));
    }
    Ok(products)
}

/// Has a repricing applied at an hour; saying so again changes the hour.
pub struct ScheduleRepricing {
    /// Which one.
    pub id: Uuid,
    /// When.
    pub at: At,
    /// Why the owner takes the rows that break a guard; without that they are left out.
    pub guarded_reason: Option<String>,
}

impl Command for ScheduleRepricing {
    const NAME: &'static str = "repricings.schedule";
    type Out = Repricing;
    type Refusal = RepricingRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn also_needs(&self) -> Vec<Permission> {
        rights(&self.guarded_reason)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Repricing, Fail<RepricingRefusal>> {
        if self.at > cx.now + AHEAD_MAX {
            return Err(Fail::Refused(RepricingRefusal::TooLate));
        }
        let row = lock(tx, cx, self.id, &["draft", "scheduled"]).await?;
        if let Some(reason) = &self.guarded_reason {
            cx.because(reason.as_str());
            cx.approved_by(cx.actor.name.as_str());
        }
        let scheduled = RepricingRow {
            state: "scheduled".to_owned(),
            apply_at: Some(self.at),
            guarded_reason: self.guarded_reason.clone(),
            guarded_by: self.guarded_reason.as_ref().map(|_| cx.actor.name.clone()),
            ..row
        };
        write(tx, &scheduled).await?;
        Ok(stored(tx, self.id).await?)
    }
}

/// Discards a repricing that does not hold yet.
pub struct CancelRepricing {
    /// Which one.
    pub id: Uuid,
}

impl Command for CancelRepricing {
    const NAME: &'static str = "repricings.cancel";
    type Out = Repricing;
    type Refusal = RepricingRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Repricing, Fail<RepricingRefusal>> {
        let row = lock(tx, cx, self.id, &["draft", "scheduled"]).await?;
        write(tx, &RepricingRow { state: "cancelled".to_owned(), ..row }).await?;
        Ok(stored(tx, self.id).await?)
    }
}
