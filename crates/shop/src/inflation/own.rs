//! The shop's own inflation: what the same goods from the same supplier cost in a month over what they cost in the month
//! before, weighted by how much was bought then (Laspeyres), for each category and for the whole shop:
//!
//! Σ (cost now × quantity before) / Σ (cost before × quantity before) − 1
//!
//! The cost of a month is the last one received in it. What was bought in one of the two months only says nothing about a
//! rise and is left out; without anything bought in both there is no rate.

use std::collections::BTreeMap;

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_pricing::Rate;
use gondola_pricing::inflation::{BoughtAgain, own_inflation};
use gondola_store::{At, StoreError, both};
use jiff::tz::TimeZone;
use sqlx::FromRow;
use uuid::Uuid;

use super::month::Month;
use super::sql;
use crate::kernel::Reader;
use crate::kernel::time::day_start;

/// Months that are looked at together, at most.
pub(super) const OWN_MONTHS_MAX: usize = 24;

/// Months, and when each begins in the shop.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// From the month before the first one until the one after the last.
    starts: Vec<(Month, At)>,
}

impl Calendar {
    /// The months from one to another.
    pub(super) fn of(from: Month, to: Month, zone: &TimeZone) -> Self {
        let starts = from.plus(-1).to(to.plus(1)).map(|month| (month, day_start(month.first_day(), zone)));
        Self { starts: starts.collect() }
    }

    /// Which month an instant is in, counted from the one before the first.
    fn place(&self, at: At) -> usize {
        self.starts.partition_point(|(_, start)| *start <= at).saturating_sub(1)
    }

    fn from(&self) -> At {
        self.starts.first().map_or(At::MIN, |(_, start)| *start)
    }

    fn until(&self) -> At {
        self.starts.last().map_or(At::MIN, |(_, start)| *start)
    }
}

/// How much the shop's own costs rose in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRate {
    /// In which month.
    pub month: Month,
    /// Of which category: code and name; none for the whole shop.
    pub category: Option<(String, String)>,
    /// How much; none when nothing was bought in both months.
    pub rate: Option<Rate>,
    /// How many goods, each from one supplier, were bought in both months.
    pub goods: usize,
    /// What they cost in the month before: the weight of it.
    pub spent: Option<Money>,
}

/// What was bought of a product from a supplier in a month.
#[derive(Debug, Clone, Copy)]
struct Bought {
    cost: UnitCost,
    quantity: i64,
}

#[derive(FromRow)]
struct PurchaseRow {
    received_at: At,
    product_id: Uuid,
    supplier_id: Uuid,
    category: String,
    category_name: String,
    unit_cost: i64,
    moved_quantity: i64,
}

/// What was bought in a month, by product and supplier, each with its category.
type Purchases = BTreeMap<(Uuid, Uuid), (Bought, (String, String))>;

/// The rates of all months, newest first; in each the whole shop on top and then every category that was measured. Who
/// sees one place is told of what came there.
pub(super) async fn own_rates(reader: &mut Reader, calendar: &Calendar) -> Result<Vec<OwnRate>, StoreError> {
    let rows = purchases(reader, calendar.from(), calendar.until()).await?;
    let mut months: Vec<Purchases> = vec![Purchases::new(); calendar.starts.len()];
    for row in rows {
        let place = calendar.place(row.received_at);
        let category = (row.category, row.category_name);
        let bought = months[place].entry((row.product_id, row.supplier_id));
        let (bought, _) = bought.or_insert((Bought { cost: UnitCost::new(0), quantity: 0 }, category));
        // They come in the order they were received: the last cost of the month stays.
        bought.cost = UnitCost::new(row.unit_cost);
        bought.quantity = bought.quantity.saturating_add(row.moved_quantity);
    }
    let measured = months.windows(2).zip(&calendar.starts[1..]).take(calendar.starts.len().saturating_sub(2));
    let rates = measured.map(|(pair, (month, _))| rates_of(*month, &pair[0], &pair[1]));
    Ok(rates.rev().flatten().collect())
}

async fn purchases(reader: &mut Reader, from: At, until: At) -> Result<Vec<PurchaseRow>, StoreError> {
    let place = reader.location();
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::PURCHASES))
        .bind(from).bind(until).bind(place).fetch_all(c).await?))
}

/// How much costs rose between two instants.
#[derive(Debug, Clone, Default)]
pub struct Risen {
    /// Of everything.
    pub all: Option<Rate>,
    /// Of what each supplier brought; without those from whom nothing was bought twice.
    pub by_supplier: BTreeMap<Uuid, Rate>,
}

/// How much the costs of goods that were bought more than once between two instants rose from the first purchase to the
/// last, weighted by how much was bought first. Who sees one place is told of what came there.
///
/// # Errors
/// The database's failure.
pub async fn risen(reader: &mut Reader, from: At, until: At) -> Result<Risen, StoreError> {
    let mut goods: BTreeMap<(Uuid, Uuid), (Bought, Option<UnitCost>)> = BTreeMap::new();
    for row in purchases(reader, from, until).await? {
        let cost = UnitCost::new(row.unit_cost);
        goods
            .entry((row.supplier_id, row.product_id))
            .and_modify(|(_, last)| *last = Some(cost))
            .or_insert((Bought { cost, quantity: row.moved_quantity }, None));
    }
    let mut by_supplier: BTreeMap<Uuid, Vec<BoughtAgain>> = BTreeMap::new();
    for ((supplier, _), (first, last)) in goods {
        let Some(now) = last else { continue };
        let again = BoughtAgain { before: first.cost, now, quantity: Qty::new(first.quantity) };
        by_supplier.entry(supplier).or_default().push(again);
    }
    let all: Vec<BoughtAgain> = by_supplier.values().flatten().copied().collect();
    let rate = |(supplier, goods): (&Uuid, &Vec<BoughtAgain>)| own_inflation(goods).map(|rate| (*supplier, rate));
    Ok(Risen { all: own_inflation(&all), by_supplier: by_supplier.iter().filter_map(rate).collect() })
}

/// The rates of one month: of the whole shop, then by the code of the category.
fn rates_of(month: Month, before: &Purchases, now: &Purchases) -> Vec<OwnRate> {
    let mut all = Vec::new();
    let mut by_category: BTreeMap<&(String, String), Vec<BoughtAgain>> = BTreeMap::new();
    for (key, (then, _)) in before {
        let Some((bought, category)) = now.get(key) else { continue };
        let again = BoughtAgain { before: then.cost, now: bought.cost, quantity: Qty::new(then.quantity) };
        all.push(again);
        by_category.entry(category).or_default().push(again);
    }
    let rate = |category: Option<(String, String)>, goods: &[BoughtAgain]| OwnRate {
        month,
        category,
        rate: own_inflation(goods),
        goods: goods.len(),
        spent: goods.iter().try_fold(Money::ZERO, |sum, one| sum.checked_add(one.quantity.times_cost(one.before)?)),
    };
    let mut rates = vec![rate(None, &all)];
    rates.extend(by_category.into_iter().map(|(category, goods)| rate(Some(category.clone()), &goods)));
    rates
}
