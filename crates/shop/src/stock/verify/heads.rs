//! Heads against a fold of everything that moved: what each movement was worth, what there is now by
//! both methods, and how the product stands.

use std::collections::{BTreeSet, HashMap};

use gondola_ledger::{Level, Qty, UnitCost};
use gondola_store::{At, StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::Finding;
use crate::stock::level::Outlook;
use crate::stock::rows::{ValuationRow, id_list};
use crate::stock::shelf::{demand, policy};
use crate::stock::sql;
use crate::stock::worth::Worth;

/// Heads looked at per statement.
const HEADS_PER_PAGE: i64 = 500;
/// Months of a year.
const MONTHS: std::ops::RangeInclusive<i8> = 1..=12;

#[derive(FromRow)]
struct Head {
    product_id: Uuid,
    sku: String,
    on_hand: i64,
    avco_value: i64,
    average_cost: Option<i64>,
    fifo_layers: String,
    last_occurred_at: Option<At>,
    demand_quantity: i64,
    demand_days: i64,
    level: String,
    severity: i64,
    cover_tenths: Option<i64>,
    min_stock: i64,
    max_stock: i64,
    reorder_point: i64,
    category_id: Uuid,
}

/// Factors by category and month.
type Seasons = HashMap<(Uuid, i8), i64>;

/// Folds every product's movements again, compares each stored step and the head, and asks whether
/// the level is one that the product can have.
pub(super) async fn worth_and_level(tx: &mut Tx<'_>, now: At) -> Result<Vec<Finding>, StoreError> {
    let seasons = seasons(tx).await?;
    let mut findings = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let heads: Vec<Head> = both!(tx, c, text => sqlx::query_as(text(sql::HEADS_PAGE))
            .bind(after).bind(HEADS_PER_PAGE).fetch_all(c).await?);
        let Some(last) = heads.last() else { return Ok(findings) };
        after = last.product_id;
        let ids = id_list(heads.iter().map(|head| &head.product_id));
        let rows: Vec<ValuationRow> = both!(tx, c, text => sqlx::query_as(text(sql::EVENTS_UNTIL))
            .bind(ids).bind(i64::MAX).fetch_all(c).await?);
        let mut steps: HashMap<Uuid, Vec<ValuationRow>> = HashMap::new();
        for row in rows {
            steps.entry(row.product_id).or_default().push(row);
        }
        for head in &heads {
            findings.extend(worth_of(head, &steps.remove(&head.product_id).unwrap_or_default())?);
            findings.extend(level_of(head, &seasons, now)?);
        }
    }
}

async fn seasons(tx: &mut Tx<'_>) -> Result<Seasons, StoreError> {
    let rows: Vec<(Uuid, i64, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::ALL_SEASONS)).fetch_all(c).await?);
    let season = |(category, month, factor): (Uuid, i64, i64)| {
        let month =
            i8::try_from(month).map_err(|error| StoreError::corrupt("category_seasons", "month", category, error))?;
        Ok(((category, month), factor))
    };
    rows.into_iter().map(season).collect()
}

fn worth_of(head: &Head, steps: &[ValuationRow]) -> Result<Option<Finding>, StoreError> {
    let mut running = Worth::default();
    for row in steps {
        let moved = running.step(row)?;
        let stored = [row.moved_value, row.moved_fifo_value, row.quantity_after, row.value_after];
        let expected = [moved.avco.raw(), moved.fifo.raw(), running.quantity().raw(), running.value().raw()];
        let average = running.average_cost().map(UnitCost::raw);
        if (stored, row.cost_after) != (expected, average) {
            return Ok(Some(Finding {
                check: "worth",
                subject: format!("{} after movement {}", head.sku, row.sequence),
                stored: step_text(stored, row.cost_after),
                expected: step_text(expected, average),
            }));
        }
    }
    let text = |quantity: i64, value: i64, average: Option<i64>, layers: &str| {
        format!("{quantity} worth {value}, average {}, layers {layers}", cost_text(average))
    };
    let stored = text(head.on_hand, head.avco_value, head.average_cost, &head.fifo_layers);
    let average = running.average_cost().map(UnitCost::raw);
    let expected = text(running.quantity().raw(), running.value().raw(), average, &running.stored_layers());
    Ok((stored != expected).then(|| Finding { check: "worth", subject: head.sku.clone(), stored, expected }))
}

fn step_text([moved, moved_fifo, quantity, value]: [i64; 4], average: Option<i64>) -> String {
    format!("moved {moved}, {moved_fifo} by layers; {quantity} worth {value}, average {}", cost_text(average))
}

fn cost_text(cost: Option<i64>) -> String {
    cost.map_or("unknown".to_owned(), |cost| cost.to_string())
}

/// When a level was last written is not kept, and the calendar moves on between two refreshes. So it
/// must be the level of some month of the year, with or without 30 days of rest.
fn level_of(head: &Head, seasons: &Seasons, now: At) -> Result<Option<Finding>, StoreError> {
    let outlook = Outlook {
        product: head.product_id,
        on_hand: Qty::new(head.on_hand),
        policy: policy(head.min_stock, head.max_stock, head.reorder_point),
        demand: demand(head.demand_quantity, head.demand_days),
        last_occurred_at: head.last_occurred_at,
    };
    let mut possible = BTreeSet::new();
    for month in MONTHS {
        let factor = seasons.get(&(head.category_id, month)).copied();
        possible.insert(outlook.level(factor, month, now)?);
        possible.insert(outlook.level(factor, month, head.last_occurred_at.unwrap_or(now))?);
    }
    let fits = |level: &Level| level.code() == head.level && i64::from(level.severity()) == head.severity;
    if possible.iter().any(fits) && head.cover_tenths == outlook.cover_tenths() {
        return Ok(None);
    }
    let cover = |tenths: Option<i64>| tenths.map_or(String::new(), |tenths| format!(" for {tenths} tenths of a day"));
    let codes: Vec<_> = possible.iter().map(|level| level.code()).collect();
    Ok(Some(Finding {
        check: "level",
        subject: head.sku.clone(),
        stored: format!("{}{}", head.level, cover(head.cover_tenths)),
        expected: format!("{}{}", codes.join(" or "), cover(outlook.cover_tenths())),
    }))
}
