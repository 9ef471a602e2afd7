//! What a list costs the shop and what changed in it: the unit cost of each line by the supplier's papers and the shop's tax
//! status, its price beside the last list, and which lines are ticked before a person looks.

use std::collections::HashMap;

use gondola_ledger::UnitCost;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::lines::{Change, ListLine};
use super::matching;
use super::sql;
use crate::invoices::{Goods, Terms, WrittenLine, received};
use crate::kernel::bulk::id_list;
use crate::suppliers::SupplierRecord;

/// What a line may say that nothing is worked out of.
const UNREADABLE: [&str; 4] = ["no_price", "bad_price", "bad_vat", "bad_discount"];
/// Everything that may be wrong with a line: what cannot be read, what the cost asks for, and two costs for one product.
pub const PROBLEMS: [&str; 10] = [
    "no_price",
    "bad_price",
    "bad_vat",
    "bad_discount",
    "pack_needed",
    "too_large",
    "out_of_range",
    "bad_cost",
    "two_costs",
    "required",
];

/// What a list is worked out with.
pub struct Ground<'s> {
    /// Whose list it is.
    pub supplier: &'s SupplierRecord,
    /// What the shop is to the tax office.
    pub status: TaxStatus,
    /// The list it is compared with.
    pub previous: Option<Uuid>,
}

#[derive(FromRow)]
struct GoodsRow {
    id: Uuid,
    vat_bp: i64,
    pack_num: i64,
    pack_den: i64,
    /// Whether another supplier mainly brings it.
    of_another: bool,
}

#[derive(FromRow)]
struct Before {
    row_key: String,
    product_id: Option<Uuid>,
    price: Option<i64>,
    unit_cost: Option<i64>,
}

/// Works out all of the lines: their products, costs, changes and ticks.
///
/// # Errors
/// The database's failure.
pub async fn work_out(tx: &mut Tx<'_>, ground: &Ground<'_>, lines: &mut [ListLine]) -> Result<(), StoreError> {
    matching::find(tx, ground.supplier, lines).await?;
    let of_another = costs(tx, ground, lines).await?;
    changes(tx, ground, lines).await?;
    tick(lines, &of_another);
    Ok(())
}

/// Works out one line again whose product or pack a person said.
///
/// # Errors
/// The database's failure.
pub async fn work_out_again(tx: &mut Tx<'_>, ground: &Ground<'_>, line: &mut ListLine) -> Result<(), StoreError> {
    let lines = std::slice::from_mut(line);
    costs(tx, ground, lines).await?;
    changes(tx, ground, lines).await
}

/// The unit cost of every line with a price, and which products another supplier mainly brings.
async fn costs(tx: &mut Tx<'_>, ground: &Ground<'_>, lines: &mut [ListLine]) -> Result<Vec<Uuid>, StoreError> {
    let ids = id_list(lines.iter().filter_map(|line| line.written.product.as_ref()));
    let rows: Vec<GoodsRow> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_GOODS)).bind(ids)
        .bind(ground.supplier.id).fetch_all(c).await?);
    let known: HashMap<Uuid, &GoodsRow> = rows.iter().map(|row| (row.id, row)).collect();
    let terms = Terms::of_list(ground.supplier, ground.status);
    for line in lines {
        (line.unit_cost, line.case_unit_cost) = (None, None);
        let Some(row) = line.written.product.and_then(|product| known.get(&product)) else { continue };
        if line.written.price.is_none() || UNREADABLE.contains(&line.problem) {
            continue;
        }
        let goods = Goods { pack: (row.pack_num, row.pack_den), vat_bp: row.vat_bp, internal_taxes: false };
        match received(&line.written, goods, &terms) {
            Ok(received) => (line.unit_cost, line.problem) = (received.unit_cost, ""),
            Err((_, (code, _))) => line.problem = code,
        }
        line.case_unit_cost = closed_case(line).and_then(|case| received(&case, goods, &terms).ok()?.unit_cost);
    }
    Ok(rows.into_iter().filter(|row| row.of_another).map(|row| row.id).collect())
}

/// The line as if a closed case was bought. What is no more than the price of one is the price of each, by the case.
fn closed_case(line: &ListLine) -> Option<WrittenLine> {
    let (price, loose) = line.case_price.zip(line.written.price)?;
    let unit = if price <= loose { "unidad" } else { "bulto" };
    Some(WrittenLine { price: Some(price), unit: unit.to_owned(), ..line.written.clone() })
}

/// What changed since the last list: by barcode, code or wording, else by the product.
async fn changes(tx: &mut Tx<'_>, ground: &Ground<'_>, lines: &mut [ListLine]) -> Result<(), StoreError> {
    let before: Vec<Before> = match ground.previous {
        None => Vec::new(),
        Some(previous) => {
            both!(tx, c, text => sqlx::query_as(text(sql::LINES_BEFORE)).bind(previous).fetch_all(c).await?)
        }
    };
    let by_key: HashMap<&str, &Before> = before.iter().map(|row| (row.row_key.as_str(), row)).collect();
    let by_product: HashMap<Uuid, &Before> = before.iter().filter_map(|row| Some((row.product_id?, row))).collect();
    for line in lines {
        let key = line.key();
        let found = by_key.get(key.as_str()).or_else(|| by_product.get(&line.known_product()?));
        (line.price_before, line.unit_cost_before) = found.map_or((None, None), |row| (row.price, row.unit_cost));
        line.change = change(line, found.is_some());
    }
    Ok(())
}

/// Costs are compared where both are known: the same price for a smaller case is dearer.
fn change(line: &ListLine, was_there: bool) -> Change {
    if !was_there {
        return Change::New;
    }
    let costs = line.unit_cost.map(UnitCost::raw).zip(line.unit_cost_before);
    let prices = line.written.price.map(UnitCost::raw).zip(line.price_before);
    match costs.or(prices) {
        None => Change::Unknown,
        Some((now, before)) if now > before => Change::Dearer,
        Some((now, before)) if now < before => Change::Cheaper,
        Some(_) => Change::Same,
    }
}

/// Ticks what needs nobody: the product is known, it has a cost, no other supplier mainly brings it, and no other line says
/// another cost for it. Of lines that say the same, the first.
fn tick(lines: &mut [ListLine], of_another: &[Uuid]) {
    let mut costs: HashMap<Uuid, Vec<i64>> = HashMap::new();
    for line in lines.iter() {
        if let Some((product, cost)) = line.known_product().zip(line.unit_cost) {
            costs.entry(product).or_default().push(cost.raw());
        }
    }
    let mut ticked: Vec<Uuid> = Vec::new();
    for line in lines.iter_mut() {
        let Some((product, _)) = line.known_product().zip(line.unit_cost) else { continue };
        let says_two = costs.get(&product).is_some_and(|costs| costs.iter().any(|cost| *cost != costs[0]));
        let repeats = costs.get(&product).is_some_and(|costs| costs.len() > 1) && ticked.contains(&product);
        if says_two {
            line.problem = "two_costs";
        }
        line.is_chosen = !says_two && !repeats && !of_another.contains(&product);
        if line.is_chosen && costs.get(&product).is_some_and(|costs| costs.len() > 1) {
            ticked.push(product);
        }
    }
}
