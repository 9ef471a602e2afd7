//! Taking a repricing back: every price of it that nobody changed since is what it was before.

use std::collections::HashMap;

use gondola_ledger::{Money, ProductId, UnitCost};
use gondola_pricing::batch::{AppliedRow, PriceVersion, Rollback, rollback};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use sqlx::FromRow;
use uuid::Uuid;

use super::build::stored;
use super::commands::{lock, write};
use super::queries::{Repricing, RepricingRow};
use super::refusal::RepricingRefusal;
use super::sql;
use crate::kernel::bulk::{ROWS_PER_STATEMENT, id_list};
use crate::prices::{Equal, LIST_GENERAL, NewPrice, Source, Why, count_up, place};

/// Takes a repricing back.
pub struct RollBackRepricing {
    /// Which one.
    pub id: Uuid,
}

#[derive(FromRow)]
struct Applied {
    product_id: Uuid,
    old_price: Option<i64>,
    old_cost: Option<i64>,
    written: i64,
    in_force: i64,
    wholesale_price: Option<i64>,
    version: i64,
}

impl Applied {
    fn row(&self) -> AppliedRow {
        AppliedRow {
            product: ProductId(self.product_id.as_u128()),
            before: self.old_price.map(Money::new),
            written: PriceVersion(self.written.unsigned_abs()),
        }
    }

    /// What is in force; nothing where the price before could not stand any more beside a newer wholesale price.
    fn in_force(&self) -> Option<PriceVersion> {
        let stands =
            self.old_price.is_none() || self.wholesale_price.is_none_or(|wholesale| Some(wholesale) <= self.old_price);
        stands.then_some(PriceVersion(self.in_force.unsigned_abs()))
    }
}

impl Command for RollBackRepricing {
    const NAME: &'static str = "repricings.roll_back";
    type Out = Repricing;
    type Refusal = RepricingRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Repricing, Fail<RepricingRefusal>> {
        let row = lock(tx, cx, self.id, &["applied"]).await?;
        let applied: Vec<Applied> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::ROWS_TO_RESTORE)).bind(self.id)
            .fetch_all(c).await?);
        let known: HashMap<Uuid, &Applied> = applied.iter().map(|row| (row.product_id, row)).collect();
        let rows: Vec<AppliedRow> = applied.iter().map(Applied::row).collect();
        let found = |product: ProductId| known.get(&Uuid::from_u128(product.0))?.in_force();
        let Rollback { restore, skipped } = rollback(&rows, found);
        let restored: Vec<&Applied> =
            restore.iter().filter_map(|row| known.get(&Uuid::from_u128(row.product.0)).copied()).collect();
        let read: Vec<(Uuid, i64)> = restored.iter().map(|row| (row.product_id, row.version)).collect();
        count_up(tx, cx, &read).await?;
        let price = |row: &&Applied| NewPrice {
            product: row.product_id,
            list: LIST_GENERAL,
            amount: row.old_price.map(Money::new),
            cost: row.old_cost.map(UnitCost::new),
        };
        let prices: Vec<NewPrice> = restored.iter().map(price).collect();
        let why = Why { source: Source::Undo, reason: &row.reason, repricing: Some(self.id), equal: Equal::IsKept };
        place(tx, cx, why, &prices).await?;
        mark(tx, self.id, restored.iter().map(|row| row.product_id), "restored").await?;
        mark(tx, self.id, skipped.iter().map(|row| Uuid::from_u128(row.product.0)), "skipped").await?;
        let rolled_back = RepricingRow {
            state: "rolled_back".to_owned(),
            rolled_back_by: Some(cx.actor.name.clone()),
            rolled_back_at: Some(cx.now),
            ..row
        };
        write(tx, &rolled_back).await?;
        Ok(stored(tx, self.id).await?)
    }
}

/// Says what became of rows.
async fn mark(
    tx: &mut Tx<'_>,
    repricing: Uuid,
    products: impl Iterator<Item = Uuid>,
    outcome: &str,
) -> Result<(), StoreError> {
    let products: Vec<Uuid> = products.collect();
    for chunk in products.chunks(ROWS_PER_STATEMENT) {
        let marked = both!(&mut *tx, c, text => sqlx::query(text(sql::SET_OUTCOMES)).bind(repricing)
            .bind(id_list(chunk)).bind(outcome).execute(c).await?.rows_affected());
        expect_rows(sql::SET_OUTCOMES, chunk.len() as u64, marked)?;
    }
    Ok(())
}
