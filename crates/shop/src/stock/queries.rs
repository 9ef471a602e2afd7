//! The read side: how products stand. The kardex is in `movements.rs`, lots are in `expiry.rs`, the past in `as_of.rs`.
//! Every function takes a `Reader`, which cannot be had without the right to read.

use std::collections::{BTreeSet, HashMap};

use gondola_ledger::{Money, Qty, Unit, UnitCost};
use gondola_store::{Sql, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::movement::ProductRef;
use super::places::{Place, Places};
use super::rows::{ReservedRow, id_list, unit};
use super::sql;
use crate::kernel::paging::bad_token;
use crate::kernel::text::fold;
use crate::kernel::{Page, Problem, Reader};

pub(super) use super::expiry::{ListedLot, LotKey, lots};
pub(super) use super::movements::{
    ListedLine, ListedMovement, MovementFilter, MovementKey, MovementList, movement, movements,
};

/// The id of a product somebody named.
pub(super) async fn product_id(reader: &mut Reader, product: &ProductRef) -> Result<Option<Uuid>, Problem> {
    match product {
        ProductRef::Id(id) => Ok(Some(*id)),
        ProductRef::Sku(sku) => Ok(standing_row(reader, sku).await?.map(|row| row.id)),
    }
}

async fn standing_row(reader: &mut Reader, sku: &str) -> Result<Option<StandingRow>, Problem> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::INVENTORY_ONE))
        .bind(sku).fetch_optional(c).await?))
}

/// A product and how it stands.
#[derive(FromRow, Clone)]
pub(super) struct StandingRow {
    pub id: Uuid,
    pub sku: String,
    pub name: String,
    pub name_folded: String,
    pub category: String,
    pub unit: String,
    pub active: bool,
    pub level: String,
    pub severity: i64,
    pub cover_tenths: Option<i64>,
    pub last_occurred_at: Option<i64>,
    pub average_cost: Option<i64>,
}

/// What one place holds of a product.
#[derive(Debug, Clone)]
pub struct Holding {
    /// The place's code.
    pub location: String,
    /// The place's name.
    pub location_name: String,
    /// What is there.
    pub on_hand: Qty,
    /// What is promised.
    pub reserved: Qty,
    /// What is there and not promised; nothing at places that do not sell.
    pub available: Qty,
}

/// A product with its stock per place.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Product id.
    pub id: Uuid,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Category code.
    pub category: String,
    /// The product's unit.
    pub unit: Unit,
    /// Whether it is in use.
    pub active: bool,
    /// Over all places the reader sees.
    pub on_hand: Qty,
    /// Not promised.
    pub available: Qty,
    /// Level code.
    pub level: String,
    /// Tenths of a day the stock lasts.
    pub cover_tenths: Option<i64>,
    /// When it last moved.
    pub last_occurred_at: Option<i64>,
    /// What one unit cost by weighted average, over all places of the shop; nothing while no cost was ever known.
    pub average_cost: Option<UnitCost>,
    /// Per place.
    pub locations: Vec<Holding>,
    name_folded: String,
    severity: i64,
}

impl Standing {
    /// Where a page by name that begins after this product begins.
    pub fn key(&self) -> NameKey {
        NameKey(self.name_folded.clone(), self.id)
    }
}

/// Which products.
#[derive(Debug, Clone, Default)]
pub struct StandingFilter {
    /// Words of the name, alias or code.
    pub q: Option<String>,
    /// Category code.
    pub category: Option<String>,
    /// Place id.
    pub location: Option<Uuid>,
    /// Level code.
    pub level: Option<String>,
    /// Only low or worse.
    pub low_stock: bool,
    /// `available`, `unavailable` or `inactive`.
    pub status: Option<String>,
    /// Supplier code.
    pub supplier: Option<String>,
}

impl StandingFilter {
    /// Whether nothing narrows it, but that low ones are meant.
    fn is_everything(&self) -> bool {
        let Self { q, category, location, level, low_stock: _, status, supplier } = self;
        let words = q.as_deref().is_some_and(|q| !q.trim().is_empty());
        !words && category.is_none() && location.is_none() && level.is_none() && status.is_none() && supplier.is_none()
    }

    /// What people reorder by is listed worst first; everything else by name.
    fn order(&self) -> Order {
        match (self.low_stock, &self.level) {
            (true, _) => Order::WorstFirst(sql::INVENTORY_SHORT),
            (false, Some(_)) => Order::WorstFirst(sql::INVENTORY_OF_LEVEL),
            (false, None) => Order::ByName,
        }
    }

    fn beginning(&self) -> StandingKey {
        match self.order() {
            Order::ByName => StandingKey::Name(NameKey(String::new(), Uuid::nil())),
            Order::WorstFirst(_) => StandingKey::Care(CareKey(-1, 0, Uuid::nil())),
        }
    }

    /// Where a page of this list that begins after `standing` begins.
    fn key(&self, standing: &Standing) -> StandingKey {
        match self.order() {
            Order::ByName => StandingKey::Name(standing.key()),
            Order::WorstFirst(_) => {
                let cover = standing.cover_tenths.unwrap_or(i64::MAX);
                StandingKey::Care(CareKey(standing.severity, cover, standing.id))
            }
        }
    }
}

enum Order {
    ByName,
    WorstFirst(Sql),
}

/// Where a page of products begins, in the order of its list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StandingKey {
    /// By name.
    Name(NameKey),
    /// Worst first.
    Care(CareKey),
}

/// Where a page of products by name begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NameKey(pub String, pub Uuid);

/// Where a page of products, worst first, begins: severity, tenths of a day that the stock lasts, id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CareKey(pub i64, pub i64, pub Uuid);

/// Words of a search that are looked at.
const WORDS_MAX: usize = 3;

/// Products with their stock, by name or worst first; one more than `limit` when there are more.
///
/// # Errors
/// 422 when `after` is of a list in another order, 503 or 500.
pub async fn standings(
    reader: &mut Reader,
    filter: &StandingFilter,
    after: Option<StandingKey>,
    limit: i64,
) -> Result<Vec<Standing>, Problem> {
    let [one, two, three] = patterns(filter.q.as_deref().unwrap_or_default());
    let (low, status) = (i64::from(filter.low_stock), filter.status.as_deref().unwrap_or_default());
    let (own, now) = (reader.location(), reader.now());
    let mut tx = reader.tx();
    let rows: Vec<StandingRow> = match (filter.order(), after.unwrap_or_else(|| filter.beginning())) {
        (Order::ByName, StandingKey::Name(NameKey(name, id))) if filter.is_everything() => {
            both!(&mut tx, c, text => sqlx::query_as(text(sql::INVENTORY_ALL))
                .bind(name).bind(id).bind(limit + 1).fetch_all(c).await?)
        }
        (Order::WorstFirst(_), StandingKey::Care(CareKey(severity, cover, id))) if filter.is_everything() => {
            both!(&mut tx, c, text => sqlx::query_as(text(sql::INVENTORY_ALL_SHORT))
                .bind(severity).bind(cover).bind(id).bind(limit + 1).fetch_all(c).await?)
        }
        (Order::ByName, StandingKey::Name(NameKey(name, id))) => {
            both!(&mut tx, c, text => sqlx::query_as(text(sql::INVENTORY))
                .bind(one).bind(two).bind(three).bind(&filter.category).bind(&filter.level).bind(low).bind(status)
                .bind(filter.location).bind(&filter.supplier).bind(own).bind(now).bind(name).bind(id)
                .bind(limit + 1).fetch_all(c).await?)
        }
        (Order::WorstFirst(statement), StandingKey::Care(CareKey(severity, cover, id))) => {
            both!(&mut tx, c, text => sqlx::query_as(text(statement))
                .bind(one).bind(two).bind(three).bind(&filter.category).bind(&filter.level).bind(low).bind(status)
                .bind(filter.location).bind(&filter.supplier).bind(own).bind(now).bind(severity).bind(cover).bind(id)
                .bind(limit + 1).fetch_all(c).await?)
        }
        _ => return Err(bad_token()),
    };
    with_holdings(reader, rows).await
}

/// A page of products as `item` shows them; an empty one when the filter names what does not exist.
///
/// # Errors
/// As [`standings`].
pub async fn standing_page<T>(
    reader: &mut Reader,
    filter: Option<&StandingFilter>,
    after: Option<StandingKey>,
    limit: i64,
    item: impl FnMut(Standing) -> T,
) -> Result<Page<T>, Problem> {
    let Some(filter) = filter else { return Ok(Page { items: Vec::new(), next: None }) };
    let rows = standings(reader, filter, after, limit).await?;
    Ok(Page::cut(rows, limit, |row| filter.key(row), item))
}

/// The products that need care, worst first.
///
/// # Errors
/// 503 or 500.
pub async fn urgent(reader: &mut Reader, limit: i64) -> Result<Vec<Standing>, Problem> {
    let short = StandingFilter { low_stock: true, ..StandingFilter::default() };
    let mut worst = standings(reader, &short, None, limit).await?;
    worst.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(worst)
}

/// One product with its stock, by SKU.
///
/// # Errors
/// 503 or 500.
pub async fn standing(reader: &mut Reader, sku: &str) -> Result<Option<Standing>, Problem> {
    let row = standing_row(reader, sku).await?;
    Ok(with_holdings(reader, row.into_iter().collect()).await?.pop())
}

/// How many active products stand at each level.
///
/// # Errors
/// 503 or 500.
pub async fn level_counts(reader: &mut Reader) -> Result<Vec<(String, i64)>, Problem> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::LEVEL_COUNTS)).fetch_all(c).await?))
}

/// `LIKE` patterns for the first words of a search; `%` where there is none.
fn patterns(q: &str) -> [String; WORDS_MAX] {
    let folded = fold(q);
    let mut words = folded.split(' ').filter(|word| !word.is_empty());
    std::array::from_fn(|_| words.next().map_or("%".to_owned(), |word| format!("%{word}%")))
}

async fn with_holdings(reader: &mut Reader, rows: Vec<StandingRow>) -> Result<Vec<Standing>, Problem> {
    let own = reader.location();
    let now = reader.now();
    let ids = id_list(rows.iter().map(|row| &row.id));
    let mut tx = reader.tx();
    let places = Places::load(&mut tx).await?;
    let held = held(&mut tx, rows.iter().map(|row| &row.id)).await?;
    let reserved: Vec<ReservedRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::LOAD_RESERVED))
        .bind(&ids).bind(now).fetch_all(c).await?);
    let reserved = by_product_and_place(reserved);
    rows.into_iter().map(|row| standing_of(row, own, &places, &held, &reserved)).collect()
}

/// Amounts by product and place.
pub(super) type Amounts = HashMap<(Uuid, Uuid), Qty>;

/// What real places hold of these products.
pub(super) async fn held<'i>(tx: &mut Tx<'_>, products: impl Iterator<Item = &'i Uuid>) -> Result<Amounts, StoreError> {
    // Each once: what is named twice would be counted twice.
    let ids = id_list(products.collect::<BTreeSet<_>>());
    let rows: Vec<ReservedRow> = both!(tx, c, text => sqlx::query_as(text(sql::HELD)).bind(ids).fetch_all(c).await?);
    Ok(by_product_and_place(rows))
}

pub(super) fn by_product_and_place(rows: Vec<ReservedRow>) -> Amounts {
    rows.into_iter().map(|row| ((row.product_id, row.location_id), Qty::new(row.quantity))).collect()
}

fn standing_of(
    row: StandingRow,
    own: Option<Uuid>,
    places: &Places,
    held: &Amounts,
    reserved: &Amounts,
) -> Result<Standing, Problem> {
    let amount = |amounts: &Amounts, place: &Place| amounts.get(&(row.id, place.id)).copied().unwrap_or(Qty::ZERO);
    let mut locations = Vec::new();
    for place in places.all().iter().filter(|place| place.kind.is_real() && own.is_none_or(|own| own == place.id)) {
        let (on_hand, reserved) = (amount(held, place), amount(reserved, place));
        let sells = place.kind == gondola_ledger::LocationKind::Stock;
        if (sells && place.active) || !on_hand.is_zero() || !reserved.is_zero() {
            let free = on_hand.checked_sub(reserved).unwrap_or(Qty::ZERO);
            locations.push(Holding {
                location: place.code.clone(),
                location_name: place.name.clone(),
                on_hand,
                reserved,
                available: if sells { free } else { Qty::ZERO },
            });
        }
    }
    let sum = |of: fn(&Holding) -> Qty| Qty::checked_sum(locations.iter().map(of)).unwrap_or(Qty::ZERO);
    Ok(Standing {
        unit: unit(&row.unit, row.id)?,
        on_hand: sum(|holding| holding.on_hand),
        available: sum(|holding| holding.available),
        id: row.id,
        sku: row.sku,
        name: row.name,
        category: row.category,
        active: row.active,
        level: row.level,
        severity: row.severity,
        cover_tenths: row.cover_tenths,
        last_occurred_at: row.last_occurred_at,
        average_cost: row.average_cost.map(UnitCost::new),
        locations,
        name_folded: row.name_folded,
    })
}

/// What the whole stock is worth now, at weighted average cost.
///
/// # Errors
/// 503 or 500.
pub async fn stock_value(reader: &mut Reader) -> Result<Money, Problem> {
    let value: i64 = both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::STOCK_VALUE)).fetch_one(c).await?);
    Ok(Money::new(value))
}

/// The names of the packs a product comes in.
///
/// # Errors
/// 503 or 500.
pub async fn packs(reader: &mut Reader, product: Uuid) -> Result<Vec<String>, Problem> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::PACKS)).bind(product).fetch_all(c).await?))
}
