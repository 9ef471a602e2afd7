//! Correcting a preview: another price for a product, or leaving it out.

use std::collections::HashMap;

use gondola_ledger::Money;
use gondola_store::{Command, Context, Fail, Permission, Tx, both, expect_rows};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::build::{guard_code, row_of, stored};
use super::commands::{lock, write};
use super::queries::{Repricing, RepricingRow};
use super::refusal::RepricingRefusal;
use super::sql;
use crate::kernel::bulk::{hex, id_list, json};
use crate::prices::{LIST_GENERAL, Priced, find_priced, product_id, status_on};
use crate::stock::ProductRef;

/// Rows corrected at once at most.
pub(super) const EDITS_MAX: usize = 1_000;

/// Whether a row is part of what will be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is.
    In,
    /// It is left out.
    Out,
}

/// What changes about a row.
#[derive(Debug, Clone)]
pub(super) struct RowEdit {
    /// Of which product.
    pub product: ProductRef,
    /// Its new price.
    pub price: Option<Money>,
    /// Whether it is left out.
    pub place: Option<Place>,
}

/// Corrects rows of a repricing that does not hold yet.
pub(super) struct EditRows {
    /// Which one.
    pub id: Uuid,
    /// The rows.
    pub rows: Vec<RowEdit>,
}

#[derive(FromRow)]
struct Found {
    product_id: Uuid,
    new_price: i64,
    excluded: bool,
}

#[derive(Serialize)]
struct Columns {
    #[serde(serialize_with = "hex")]
    repricing_id: Uuid,
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    new_price: i64,
    at_stake: i64,
    guard: &'static str,
    excluded: bool,
}

impl Command for EditRows {
    const NAME: &'static str = "repricings.edit";
    type Out = Repricing;
    type Refusal = RepricingRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn also_needs(&self) -> Vec<Permission> {
        vec![Permission::ReadCost]
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Repricing, Fail<RepricingRefusal>> {
        let row = lock(tx, cx, self.id, &["draft", "scheduled"]).await?;
        let mut ids = Vec::with_capacity(self.rows.len());
        for (at, edit) in self.rows.iter().enumerate() {
            let id = product_id(tx, &edit.product).await?;
            ids.push(id.ok_or_else(|| unknown(at))?);
        }
        let found: Vec<Found> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_ROWS)).bind(self.id)
            .bind(id_list(&ids)).fetch_all(c).await?);
        let found: HashMap<Uuid, Found> = found.into_iter().map(|row| (row.product_id, row)).collect();
        let status = status_on(tx, cx.day_of(cx.now)).await?;
        let products = find_priced(tx, LIST_GENERAL, &ids).await?;
        let products: HashMap<Uuid, Priced> = products.into_iter().map(|product| (product.id, product)).collect();
        let mut columns = HashMap::with_capacity(ids.len());
        for (at, (id, edit)) in ids.iter().zip(&self.rows).enumerate() {
            let (Some(found), Some(product)) = (found.get(id), products.get(id)) else { return Err(unknown(at)) };
            let price = edit.price.unwrap_or_else(|| Money::new(found.new_price));
            let preview = row_of(product, price, status).ok_or(Fail::Refused(RepricingRefusal::TooMany))?;
            let one = Columns {
                repricing_id: self.id,
                product_id: *id,
                new_price: price.raw(),
                at_stake: preview.at_stake.raw(),
                guard: guard_code(preview.guard),
                excluded: edit.place.map_or(found.excluded, |place| place == Place::Out),
            };
            columns.insert(*id, one);
        }
        let columns: Vec<Columns> = columns.into_values().collect();
        let many = columns.len() as u64;
        let updated = both!(&mut *tx, c, text => sqlx::query(text(sql::UPDATE_ROWS)).bind(json(&columns)).execute(c)
            .await?.rows_affected());
        expect_rows(sql::UPDATE_ROWS, many, updated)?;
        // What the owner took was the rows as they were.
        write(tx, &RepricingRow { guarded_reason: None, guarded_by: None, ..row }).await?;
        Ok(stored(tx, self.id).await?)
    }
}

fn unknown(at: usize) -> Fail<RepricingRefusal> {
    Fail::Refused(RepricingRefusal::Unknown { field: format!("rows[{at}].product") })
}
