//! What to bring from the storeroom to the shelves: up to each shelf's target, no more than the
//! storeroom can give, first expiring first.

use gondola_ledger::pick::first_expiring;
use gondola_ledger::transfer::restock;
use gondola_ledger::{LotBalance, LotId, Qty, Unit};
use gondola_store::{Permission, StoreError, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::kernel::bulk::id_list;
use crate::kernel::time::Day;
use crate::kernel::{Problem, Reader};

/// A product to bring.
pub struct RestockLine {
    /// Product id.
    pub id: Uuid,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Name as it is sorted.
    pub name_folded: String,
    /// The product's unit.
    pub unit: Unit,
    /// What the shelf should hold; nothing for who sees the storeroom only.
    pub target: Option<Qty>,
    /// What it holds; nothing for who sees the storeroom only.
    pub on_shelf: Option<Qty>,
    /// What is on the road to it; nothing for who sees the storeroom only.
    pub on_the_way: Option<Qty>,
    /// What the storeroom can give; nothing for who sees the shelf only.
    pub free: Option<Qty>,
    /// What to bring.
    pub bring: Qty,
    /// From which lots.
    pub lots: Vec<RestockLot>,
}

/// A lot to take from.
pub struct RestockLot {
    /// Its code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
    /// How much of it.
    pub quantity: Qty,
}

/// The two places and the day.
#[derive(Debug, Clone, Copy)]
pub struct RestockRoute {
    /// The storeroom's id.
    pub from: Uuid,
    /// The shelf's id.
    pub to: Uuid,
    /// Lots past this day stay where they are.
    pub today: Day,
}

#[derive(FromRow)]
struct NeedRow {
    id: Uuid,
    sku: String,
    name: String,
    name_folded: String,
    unit: String,
    target: i64,
    on_shelf: i64,
    on_the_way: i64,
    free: i64,
}

#[derive(FromRow)]
struct LotRow {
    product_id: Uuid,
    lot_id: Uuid,
    code: String,
    expires_on: Option<Day>,
    received_at: i64,
    quantity: i64,
}

/// Products to bring, by name, with one more than `limit`. Who sees one of the two places only is told
/// what to bring and the figures of that place.
///
/// # Errors
/// 404 for who sees neither place, or the database's failure.
pub async fn restock_list(
    reader: &mut Reader,
    route: RestockRoute,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<RestockLine>, Problem> {
    let (now, own) = (reader.now(), reader.location());
    if own.is_some_and(|own| own != route.from && own != route.to) {
        return Err(Problem::not_found());
    }
    let (name, id) = after.unwrap_or_default();
    // Who receives counts blind: what is on the road is not theirs to know before it arrives.
    let blind = own == Some(route.to) && !reader.actor().may(Permission::Adjust);
    let mut tx = reader.tx();
    let needs: Vec<NeedRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::RESTOCK))
        .bind(route.from).bind(route.to).bind(route.today).bind(now).bind(name).bind(id).bind(limit + 1)
        .fetch_all(c).await?);
    let ids = id_list(needs.iter().map(|need| &need.id));
    let lots: Vec<LotRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::GOOD_LOTS))
        .bind(ids).bind(route.from).bind(route.today).fetch_all(c).await?);
    let lines = needs.into_iter().map(|need| line(need, &lots, route, own));
    let mut lines: Vec<_> = lines.collect::<Result<_, StoreError>>()?;
    if blind {
        lines.iter_mut().for_each(|line| line.on_the_way = None);
    }
    Ok(lines)
}

fn line(need: NeedRow, lots: &[LotRow], route: RestockRoute, own: Option<Uuid>) -> Result<RestockLine, StoreError> {
    let unit =
        Unit::from_code(&need.unit).ok_or_else(|| StoreError::corrupt("products", "unit", need.id, &need.unit))?;
    let [target, on_shelf, on_the_way, free] = [need.target, need.on_shelf, need.on_the_way, need.free].map(Qty::new);
    let bring = restock(target, Qty::new(on_shelf.raw() + on_the_way.raw()), free);
    let here: Vec<&LotRow> = lots.iter().filter(|lot| lot.product_id == need.id).collect();
    let balances: Vec<LotBalance> = here.iter().map(|lot| balance(lot)).collect();
    let picks = first_expiring(&balances, LotId(need.id.as_u128()), bring);
    let named = picks.iter().filter_map(|pick| {
        let lot = here.iter().find(|lot| lot.lot_id.as_u128() == pick.lot.0)?;
        Some(RestockLot { code: lot.code.clone(), expires_on: lot.expires_on, quantity: pick.quantity })
    });
    let lots = named.collect();
    let NeedRow { id, sku, name, name_folded, .. } = need;
    let at = |place: Uuid, quantity: Qty| own.is_none_or(|own| own == place).then_some(quantity);
    Ok(RestockLine {
        id,
        sku,
        name,
        name_folded,
        unit,
        target: at(route.to, target),
        on_shelf: at(route.to, on_shelf),
        on_the_way: at(route.to, on_the_way),
        free: at(route.from, free),
        bring,
        lots,
    })
}

fn balance(lot: &LotRow) -> LotBalance {
    LotBalance {
        lot: LotId(lot.lot_id.as_u128()),
        expires_on: lot.expires_on.map(gondola_ledger::Day),
        received_order: lot.received_at,
        qty: Qty::new(lot.quantity),
    }
}
