//! How products stand depends on the calendar too: demand slides with its window, seasons change,
//! and what does not move for 30 days says so. Every movement refreshes its own product; this job
//! refreshes all of them, once a day. Who changes a minimum or a season asks for those it touches.

use std::collections::{BTreeSet, HashMap};

use gondola_ledger::Channel;
use gondola_store::{Actor, At, Audited, Command, Context, Db, Fail, Permission, StoreError, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::book::Book;
use super::movement::ProductRef;
use super::rows::{hex, id_list};
use super::shelf::demand;
use super::sql;
use super::write::insert_all;
use crate::kernel::time::Day;

/// Days over which demand is averaged.
pub const DEMAND_DAYS: i32 = 30;
/// Products refreshed per command, so that writers in between wait little.
const PRODUCTS_PER_COMMAND: i64 = 200;
const DAY_LENGTH: At = 86_400_000_000;

/// Refreshes demand and level of some products.
pub struct RefreshStanding {
    /// The products.
    pub products: Vec<Uuid>,
}

#[derive(FromRow)]
struct QuantityRow {
    product_id: Uuid,
    quantity: Option<i64>,
}

#[derive(FromRow)]
struct WindowRow {
    product_id: Uuid,
    occurred_at: At,
    quantity_after: i64,
}

#[derive(Serialize)]
struct StandingOut {
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    demand_quantity: i64,
    demand_days: u32,
    level: &'static str,
    severity: u8,
    cover_tenths: Option<i64>,
    version: i64,
}

impl Command for RefreshStanding {
    const NAME: &'static str = "stock.refresh_standing";
    const AUDITED: Option<Audited> = None;
    type Out = ();
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::Adjust
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Self::Refusal>> {
        let products: Vec<_> = self.products.iter().copied().map(ProductRef::Id).collect();
        let mut book = Book::open(tx, cx, Channel::Job, &products).await?;
        let from = day_begin(cx) - DAY_LENGTH * At::from(DEMAND_DAYS);
        let ids = id_list(&self.products);
        let taken: Vec<QuantityRow> = both!(tx, c, text => sqlx::query_as(text(sql::DEMAND))
            .bind(&ids).bind(from).bind(cx.now + 1).fetch_all(c).await?);
        let start: Vec<QuantityRow> = both!(tx, c, text => sqlx::query_as(text(sql::WINDOW_START))
            .bind(&ids).bind(from).fetch_all(c).await?);
        let steps: Vec<WindowRow> = both!(tx, c, text => sqlx::query_as(text(sql::WINDOW))
            .bind(&ids).bind(from).bind(cx.now + 1).fetch_all(c).await?);
        let taken: HashMap<_, _> = taken.into_iter().map(|row| (row.product_id, row.quantity.unwrap_or(0))).collect();
        let days = days_in_stock(cx, from, &start, &steps);
        for shelf in book.shelves.values_mut() {
            let sold = taken.get(&shelf.id).copied().unwrap_or(0).max(0);
            shelf.demand = demand(sold, days.get(&shelf.id).copied().unwrap_or(0));
        }
        Ok(stand(tx, &book).await?)
    }
}

/// Says again how these products stand, after what decides about it was changed: minimum, maximum,
/// reorder point, category, or the seasons of their category.
///
/// # Errors
/// [`StoreError`].
pub async fn restand(tx: &mut Tx<'_>, cx: &Context, products: &[Uuid]) -> Result<(), StoreError> {
    if products.is_empty() {
        return Ok(());
    }
    let products: Vec<_> = products.iter().copied().map(ProductRef::Id).collect();
    let book = Book::open(tx, cx, Channel::Job, &products).await?;
    stand(tx, &book).await
}

/// Writes how the products of a book stand today.
async fn stand(tx: &mut Tx<'_>, book: &Book<'_>) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(book.shelves.len());
    for shelf in book.shelves.values() {
        let (level, cover_tenths) = shelf.standing(book.month, book.cx.now)?;
        rows.push(StandingOut {
            product_id: shelf.id,
            demand_quantity: shelf.demand.total.raw(),
            demand_days: shelf.demand.days,
            level: level.code(),
            severity: level.severity(),
            cover_tenths,
            version: shelf.version,
        });
    }
    insert_all(tx, sql::PUT_STANDING, &rows).await
}

/// The instant the shop's day began.
fn day_begin(cx: &Context) -> At {
    // The shop's days begin at a whole hour of UTC; the first hour of today is found by asking.
    let today = cx.day_of(cx.now);
    let hour = 3_600_000_000;
    let mut begin = cx.now - cx.now.rem_euclid(hour);
    while cx.day_of(begin - 1) == today {
        begin -= hour;
    }
    begin
}

/// On how many days of the window there was something to sell (domain: cover days count days in
/// stock, not movements). Today counts.
fn days_in_stock(cx: &Context, from: At, start: &[QuantityRow], steps: &[WindowRow]) -> HashMap<Uuid, i64> {
    let today = cx.day_of(cx.now);
    let first = cx.day_of(from);
    let mut by_product: HashMap<Uuid, Vec<(Day, i64)>> = HashMap::new();
    for step in steps {
        by_product.entry(step.product_id).or_default().push((cx.day_of(step.occurred_at), step.quantity_after));
    }
    start
        .iter()
        .map(|row| {
            let steps = by_product.remove(&row.product_id).unwrap_or_default();
            (row.product_id, stocked_days(first, today, row.quantity.unwrap_or(0), &steps))
        })
        .collect()
}

fn stocked_days(first: Day, today: Day, before: i64, steps: &[(Day, i64)]) -> i64 {
    let mut stocked = BTreeSet::new();
    let mut quantity = before;
    let mut since = first;
    for (day, after) in steps {
        if quantity > 0 {
            stocked.extend(since..=*day);
        }
        if *after > 0 {
            stocked.insert(*day);
        }
        (quantity, since) = (*after, *day);
    }
    if quantity > 0 {
        stocked.extend(since..=today);
    }
    i64::try_from(stocked.len()).expect("a window has few days")
}

/// Refreshes every product, a few at a time.
///
/// # Errors
/// The first failure; what was refreshed before it stays refreshed.
pub async fn refresh_all(db: &Db) -> Result<u64, StoreError> {
    let actor = Actor::system("levels");
    let mut after = Uuid::nil();
    let mut refreshed = 0;
    loop {
        let products: Vec<(Uuid,)> = {
            let mut rx = db.read().await?;
            both!(&mut rx.as_tx(), c, text => sqlx::query_as(text(sql::PRODUCTS_PAGE))
                .bind(after).bind(PRODUCTS_PER_COMMAND).fetch_all(c).await?)
        };
        let Some((last,)) = products.last() else { return Ok(refreshed) };
        after = *last;
        refreshed += products.len() as u64;
        let command = RefreshStanding { products: products.into_iter().map(|(id,)| id).collect() };
        match db.execute(&actor, None, command).await {
            Ok(_) => {}
            Err(Fail::Failed(error)) => return Err(error),
            Err(Fail::Refused(never)) => match never {},
            Err(Fail::Forbidden(_) | Fail::KeyReused) => unreachable!("the system may refresh, and uses no key"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_counts_when_there_was_something_to_sell_on_it() {
        assert_eq!(stocked_days(1, 10, 5, &[]), 10);
        assert_eq!(stocked_days(1, 10, 0, &[]), 0);
        assert_eq!(stocked_days(1, 10, 5, &[(4, 0)]), 4);
        assert_eq!(stocked_days(1, 10, 0, &[(4, 3), (6, 0), (9, 2)]), 5);
    }
}
