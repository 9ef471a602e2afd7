//! What a book looks up besides what it holds: packs by name, lots by code, and what happened after
//! the date of a late line. One statement each for all lines together; whoever posts many lines says
//! so before the first, and a line alone looks up what it mentions itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gondola_ledger::{Factor, Unit};
use gondola_store::{At, StoreError, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::book::Book;
use super::movement::{LotRef, Movement, ProductRef};
use super::refusal::StockRefusal;
use super::rows::{hex, id_list, json};
use super::shelf::Lot;
use super::sql;
use super::timeline::{TimedLine, Timeline};
use crate::kernel::time::Day;

/// The packs of a product, by name.
pub(super) type Packs = HashMap<String, Factor>;

/// What a line mentions that may have to be looked up.
#[derive(Debug, Clone, Copy)]
pub struct Mention<'m> {
    /// The product.
    pub product: &'m ProductRef,
    /// The unit, when it is not the product's own.
    pub unit: Option<&'m str>,
    /// Whether goods come in from outside, so that a lot may have to be found or made.
    pub enters: bool,
    /// The lot that is named.
    pub lot: Option<&'m LotRef>,
    /// When it happened, when that is not now.
    pub occurred_at: Option<At>,
}

impl<'m> Mention<'m> {
    /// A product and how it is measured.
    pub fn of(product: &'m ProductRef, unit: Option<&'m str>) -> Self {
        Self { product, unit, enters: false, lot: None, occurred_at: None }
    }
}

impl<'m> From<&'m Movement> for Mention<'m> {
    fn from(movement: &'m Movement) -> Self {
        Self {
            product: &movement.product,
            unit: movement.unit.as_deref(),
            enters: movement.from.is_none(),
            lot: movement.lot.as_ref(),
            occurred_at: movement.occurred_at,
        }
    }
}

#[derive(FromRow)]
struct PackRow {
    product_id: Uuid,
    name: String,
    factor_num: i64,
    factor_den: i64,
}

#[derive(FromRow)]
struct LotRow {
    product_id: Uuid,
    id: Uuid,
    code: String,
    expires_on: Option<Day>,
    received_at: At,
}

#[derive(FromRow)]
struct LaterRow {
    product_id: Uuid,
    location_id: Uuid,
    occurred_at: At,
    delta: i64,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct WantedLot<'m> {
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    code: &'m str,
}

#[derive(Serialize)]
struct WantedTimeline {
    #[serde(serialize_with = "hex")]
    product_id: Uuid,
    after: At,
}

impl Book<'_> {
    /// Looks up what these lines mention and the book does not know yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn look_up(&mut self, tx: &mut Tx<'_>, mentions: &[Mention<'_>]) -> Result<(), StoreError> {
        let mut held = Vec::new();
        for mention in mentions {
            if let Ok(shelf) = self.shelf(mention.product) {
                held.push((shelf.id, *mention));
            }
        }
        self.look_up_packs(tx, &held).await?;
        self.look_up_lots(tx, &held).await?;
        self.look_up_later(tx, &held).await
    }

    async fn look_up_packs(&mut self, tx: &mut Tx<'_>, held: &[(Uuid, Mention<'_>)]) -> Result<(), StoreError> {
        let mut wanted = BTreeSet::new();
        for (product, mention) in held {
            let shelf = &self.shelves[product];
            let named = mention.unit.is_some_and(|unit| conversion(shelf.unit, unit).is_none());
            if named && shelf.packs.is_none() {
                wanted.insert(*product);
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let mut found = packs(tx, &wanted).await?;
        for product in wanted {
            if let Some(shelf) = self.shelves.get_mut(&product) {
                shelf.packs = Some(found.remove(&product).unwrap_or_default());
            }
        }
        Ok(())
    }

    async fn look_up_lots(&mut self, tx: &mut Tx<'_>, held: &[(Uuid, Mention<'_>)]) -> Result<(), StoreError> {
        let mut wanted = BTreeSet::new();
        for (product_id, mention) in held.iter().filter(|(_, mention)| mention.enters) {
            let shelf = &self.shelves[product_id];
            let code = match mention.lot {
                Some(lot) => Some(lot.code.as_str()),
                None => shelf.shelf_life_days.map(|_| ""),
            };
            if let Some(code) = code.filter(|code| !shelf.known_codes.contains(*code)) {
                wanted.insert(WantedLot { product_id: *product_id, code });
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let rows: Vec<LotRow> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_LOTS))
            .bind(json(&wanted)).fetch_all(c).await?);
        for WantedLot { product_id, code } in wanted {
            if let Some(shelf) = self.shelves.get_mut(&product_id) {
                shelf.known_codes.insert(code.to_owned());
            }
        }
        for LotRow { product_id, id, code, expires_on, received_at } in rows {
            if let Some(shelf) = self.shelves.get_mut(&product_id) {
                shelf.lots.entry(id).or_insert(Lot { code, expires_on, received_at });
            }
        }
        Ok(())
    }

    async fn look_up_later(&mut self, tx: &mut Tx<'_>, held: &[(Uuid, Mention<'_>)]) -> Result<(), StoreError> {
        let mut earliest: BTreeMap<Uuid, At> = BTreeMap::new();
        for (product, mention) in held {
            let Some(at) = mention.occurred_at else { continue };
            let first = earliest.entry(*product).or_insert(at);
            *first = at.min(*first);
        }
        let mut wanted = Vec::new();
        for (product, after) in &earliest {
            let shelf = self.shelves.get_mut(product).expect("mentions are of held products");
            if shelf.timeline.as_ref().is_some_and(|timeline| timeline.reaches(*after)) {
                continue;
            }
            if shelf.last_occurred_at.is_some_and(|last| last > *after) {
                wanted.push(WantedTimeline { product_id: *product, after: *after });
            }
            shelf.timeline = Some(Timeline::new(*after, Vec::new(), &shelf.posted));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let rows: Vec<LaterRow> = both!(tx, c, text => sqlx::query_as(text(sql::LATER_LINES))
            .bind(json(&wanted)).fetch_all(c).await?);
        let mut stored: HashMap<Uuid, Vec<TimedLine>> = HashMap::new();
        for LaterRow { product_id, location_id, occurred_at, delta } in rows {
            stored.entry(product_id).or_default().push(TimedLine { place: location_id, occurred_at, delta });
        }
        for WantedTimeline { product_id, after } in wanted {
            let shelf = self.shelves.get_mut(&product_id).expect("mentions are of held products");
            let lines = stored.remove(&product_id).unwrap_or_default();
            shelf.timeline = Some(Timeline::new(after, lines, &shelf.posted));
        }
        Ok(())
    }
}

/// The packs of these products.
pub(super) async fn packs(tx: &mut Tx<'_>, products: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, Packs>, StoreError> {
    let list = id_list(products);
    let rows: Vec<PackRow> = both!(tx, c, text => sqlx::query_as(text(sql::LOAD_PACKS)).bind(list).fetch_all(c).await?);
    let mut packs: HashMap<Uuid, Packs> = HashMap::new();
    for PackRow { product_id, name, factor_num, factor_den } in rows {
        let corrupt =
            || StoreError::corrupt("presentations", "factor_num", product_id, format!("{factor_num}/{factor_den}"));
        let parts = u64::try_from(factor_num).ok().zip(u64::try_from(factor_den).ok());
        let factor = parts.and_then(|(num, den)| Factor::new(num, den)).ok_or_else(corrupt)?;
        packs.entry(product_id).or_default().insert(name, factor);
    }
    Ok(packs)
}

/// How much of the base unit one `unit` is: nothing for the base unit itself, else a conversion or a pack.
pub(super) fn factor(base: Unit, unit: Option<&str>, packs: Option<&Packs>) -> Result<Option<Factor>, StockRefusal> {
    let Some(name) = unit else { return Ok(None) };
    if let Some(converted) = conversion(base, name) {
        return Ok(converted);
    }
    let pack = packs.and_then(|packs| packs.get(name)).copied();
    pack.map(Some).ok_or_else(|| StockRefusal::UnknownUnit { unit: name.to_owned(), base })
}

/// What a unit is in terms of the base unit, when it is one that converts; nothing to do for the same.
fn conversion(base: Unit, name: &str) -> Option<Option<Factor>> {
    let unit = Unit::from_code(name)?;
    if unit == base { Some(None) } else { Factor::between(unit, base).map(Some) }
}
