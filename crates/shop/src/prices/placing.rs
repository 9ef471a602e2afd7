//! The one way a price is written: whoever changes one, it is kept what it was, what it is, who did it, why, and what
//! the product cost to buy again at that moment, in the transaction of the change.

use gondola_ledger::{Money, UnitCost};
use gondola_store::{Context, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::sql;
use crate::kernel::bulk::{ROWS_PER_STATEMENT, hex, json};

/// The list of shelf and till.
pub const LIST_GENERAL: &str = "GENERAL";
/// The list by customer or quantity.
pub const LIST_WHOLESALE: &str = "MAYORISTA";
/// The list of customers with an agreement of their own.
pub const LIST_SPECIAL: &str = "ESPECIAL";
/// Every list.
pub const LISTS: [&str; 3] = [LIST_GENERAL, LIST_WHOLESALE, LIST_SPECIAL];

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody typed it.
    Hand,
    /// A file brought it.
    Import,
    /// A repricing.
    Rule,
    /// A repricing of what a supplier's price list brings.
    List,
    /// A repricing of what an invoice bills.
    Invoice,
    /// A repricing or an import was taken back.
    Undo,
}

impl Source {
    /// Its name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Import => "import",
            Self::Rule => "rule",
            Self::List => "list",
            Self::Invoice => "invoice",
            Self::Undo => "undo",
        }
    }
}

/// What a price that is the one it was before means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Equal {
    /// Nothing: it keeps its date and the cost it was built on.
    IsNothing,
    /// Somebody looked at it again: it is dated and built anew.
    IsKept,
}

/// Why prices change.
#[derive(Debug, Clone, Copy)]
pub struct Why<'a> {
    /// Where they come from.
    pub source: Source,
    /// In somebody's words; may be empty.
    pub reason: &'a str,
    /// The repricing that did it.
    pub repricing: Option<Uuid>,
    /// What an equal price means.
    pub equal: Equal,
}

impl Why<'static> {
    /// As part of a product that is written whole.
    pub const fn part_of_product(source: Source) -> Self {
        Self { source, reason: "", repricing: None, equal: Equal::IsNothing }
    }
}

/// A price as it shall be.
#[derive(Debug, Clone, Serialize)]
pub struct NewPrice {
    /// Of which product.
    #[serde(rename = "product_id", serialize_with = "hex")]
    pub product: Uuid,
    /// On which list.
    pub list: &'static str,
    /// How much; none takes it off the list.
    #[serde(serialize_with = "centavos")]
    pub amount: Option<Money>,
    /// What the product costs to buy again, which the price is built on.
    #[serde(serialize_with = "ten_thousandths")]
    pub cost: Option<UnitCost>,
}

fn centavos<S: serde::Serializer>(amount: &Option<Money>, serializer: S) -> Result<S::Ok, S::Error> {
    amount.map(Money::raw).serialize(serializer)
}

fn ten_thousandths<S: serde::Serializer>(cost: &Option<UnitCost>, serializer: S) -> Result<S::Ok, S::Error> {
    cost.map(UnitCost::raw).serialize(serializer)
}

/// Writes prices and keeps how they changed. The products' versions are the caller's to count up.
///
/// # Errors
/// [`StoreError`].
pub async fn place(tx: &mut Tx<'_>, cx: &Context, why: Why<'_>, prices: &[NewPrice]) -> Result<(), StoreError> {
    let (by, equal_too) = (cx.actor.reference(), why.equal == Equal::IsKept);
    for chunk in prices.chunks(ROWS_PER_STATEMENT) {
        let rows = json(chunk);
        both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_CHANGES)).bind(&rows).bind(why.source.code())
            .bind(why.reason).bind(why.repricing).bind(cx.now).bind(&by).bind(&cx.actor.name).bind(equal_too)
            .execute(c).await.map(drop)?);
        if chunk.iter().any(|price| price.amount.is_some()) {
            both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_PRICES)).bind(&rows).bind(cx.now).bind(&by)
                .bind(equal_too).execute(c).await.map(drop)?);
        }
        if chunk.iter().any(|price| price.amount.is_none()) {
            both!(&mut *tx, c, text => sqlx::query(text(sql::DELETE_PRICES)).bind(&rows).execute(c).await.map(drop)?);
        }
    }
    Ok(())
}

/// Counts up the products whose prices changed, each from the version it was read at.
///
/// # Errors
/// [`StoreError::Busy`] when one of them was changed meanwhile.
pub async fn count_up(tx: &mut Tx<'_>, cx: &Context, read: &[(Uuid, i64)]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Read {
        #[serde(serialize_with = "hex")]
        product_id: Uuid,
        version: i64,
    }
    let read: Vec<Read> =
        read.iter().map(|(product_id, version)| Read { product_id: *product_id, version: *version }).collect();
    for chunk in read.chunks(ROWS_PER_STATEMENT) {
        let counted = both!(&mut *tx, c, text => sqlx::query(text(sql::COUNT_UP)).bind(json(chunk)).bind(cx.now)
            .execute(c).await?.rows_affected());
        if expect_rows(sql::COUNT_UP, chunk.len() as u64, counted).is_err() {
            return Err(StoreError::meanwhile("a product was changed while its price was"));
        }
    }
    Ok(())
}
