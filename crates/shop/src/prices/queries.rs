//! Reading prices: as they are, as they were, and how they came to be.

use gondola_pricing::light::{Light, OWNER_NOTICE};
use gondola_pricing::price::ListBasis;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::paper::OnPaper;
use super::placing::LIST_GENERAL;
use super::priced::{MICROSECONDS_PER_DAY, Priced, PricedFilter, PricedKey, Today, priced};
use super::rule::{Beside, ListRule};
use super::sql;
use super::tax::{DatedStatus, status_on};
use crate::kernel::Reader;
use crate::kernel::text::fold;
use crate::kernel::time::Day;
use crate::stock::{Choice, ProductRef};

/// Products looked at for one page of those with a light, until it is full.
const LOOKED_AT: i64 = 2_000;

/// The categories to choose from: code and name.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn category_choices(tx: &mut Tx<'_>) -> Result<Vec<Choice>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::CATEGORY_CHOICES)).fetch_all(c).await?))
}

/// Which prices.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub list: &'static str,
    /// The rule of that list today.
    pub rule: Option<ListRule>,
    pub filter: PricedFilter,
    pub only: Only,
    pub today: Today,
}

/// What of a price is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Only {
    /// All of them.
    All,
    /// Those with this light.
    Lit(Light),
    /// Those whose cost moved so much since that a new price is proposed.
    Proposed,
    /// Those whose cost moved so much that the owner is told at once.
    Notable,
}

impl Wanted {
    fn takes(&self, product: &Priced) -> bool {
        match self.only {
            Only::All => product.price().is_some(),
            Only::Lit(light) => product.lights(&self.today).contains(&light),
            Only::Proposed => product.cost_change().is_some_and(|change| change.is_proposed()),
            Only::Notable => product.cost_change().is_some_and(|change| change.reaches_the_owner(product.cost_alert())),
        }
    }
}

/// A page of prices by name, with one more than `limit`.
pub(super) async fn prices(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    mut after: Option<PricedKey>,
    limit: i64,
) -> Result<Vec<Priced>, StoreError> {
    let room = usize::try_from(limit + 1).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    loop {
        let page = priced(tx, wanted.list, &wanted.filter, after.as_ref(), LOOKED_AT - 1).await?;
        let is_last = (page.len() as u64) < LOOKED_AT.unsigned_abs();
        after = page.last().map(|last| (last.name_folded.clone(), last.id));
        let page = page.into_iter().map(|product| product.by_rule(wanted.rule.as_ref(), wanted.today.status));
        found.extend(page.filter(|product| wanted.takes(product)));
        if is_last || found.len() >= room {
            found.truncate(room);
            return Ok(found);
        }
    }
}

/// A price as it was.
#[derive(Debug, Clone, FromRow)]
pub(super) struct PastPrice {
    pub id: Uuid,
    pub sku: String,
    pub name: String,
    pub name_folded: String,
    pub vat_bp: i64,
    pub amount: Option<i64>,
    pub cost: Option<i64>,
    pub changed_at: Option<At>,
    /// Why it was that much, where a rule of the list made it.
    #[sqlx(skip)]
    pub basis: Option<ListBasis>,
    general_changed_at: Option<At>,
    #[sqlx(flatten)]
    beside: Beside,
}

impl PastPrice {
    /// The same with the price that a list's rule made of GENERAL's, where nobody had set one.
    fn by_rule(mut self, rule: Option<&ListRule>, status: TaxStatus) -> Self {
        let made = rule.filter(|_| self.amount.is_none()).and_then(|rule| self.beside.price(rule, status));
        if let Some(made) = made {
            (self.amount, self.basis) = (Some(made.price.raw()), Some(made.basis));
            (self.cost, self.changed_at) = (self.beside.general_cost, self.general_changed_at);
        }
        self
    }
}

/// A page of a list's prices as they were at an instant, with one more than `limit`.
pub(super) async fn prices_at(
    tx: &mut Tx<'_>,
    (list, at): (&str, At),
    (rule, status): (Option<ListRule>, TaxStatus),
    after: Option<&PricedKey>,
    limit: i64,
) -> Result<Vec<PastPrice>, StoreError> {
    let (name, id) = after.map_or(("", Uuid::nil()), |(name, id)| (name.as_str(), *id));
    let rows: Vec<PastPrice> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_PRICES_AT)).bind(list).bind(at)
        .bind(name).bind(id).bind(limit + 1).bind(rule.is_some()).fetch_all(c).await?);
    Ok(rows.into_iter().map(|price| price.by_rule(rule.as_ref(), status)).collect())
}

/// One change of a price.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct PriceChange {
    /// Counts all changes.
    pub number: i64,
    /// Of which product.
    pub product_id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// On which list.
    pub list: String,
    /// What it was, in centavos; none for a first price.
    pub before: Option<i64>,
    /// What it is; none where it was taken off the list.
    pub amount: Option<i64>,
    /// What the product cost to buy again, in ten-thousandths of a peso.
    pub cost: Option<i64>,
    /// The product's VAT in basis points.
    pub vat_bp: i64,
    /// Where it comes from.
    pub source: String,
    /// Why.
    pub reason: String,
    /// The repricing that did it.
    pub repricing_id: Option<Uuid>,
    /// When.
    pub changed_at: At,
    /// Who.
    pub actor_name: String,
}

/// A page of changes, newest first, with one more than `limit`.
pub(super) async fn changes(
    tx: &mut Tx<'_>,
    product: Option<Uuid>,
    list: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<PriceChange>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_CHANGES)).bind(before.unwrap_or(i64::MAX)).bind(product)
        .bind(list).bind(limit + 1).fetch_all(c).await?))
}

/// What the shop was from which day on, newest first, with one more than `limit`.
pub(super) async fn statuses(tx: &mut Tx<'_>, before: Option<Day>, limit: i64) -> Result<Vec<DatedStatus>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_TAX_STATUSES)).bind(before.unwrap_or(Day::MAX))
        .bind(limit + 1).fetch_all(c).await?))
}

/// What the shop is to the tax office now.
pub(super) async fn status_now(reader: &mut Reader, day: Day) -> Result<TaxStatus, StoreError> {
    status_on(&mut reader.tx(), day).await
}

/// The id of a product by its name.
///
/// # Errors
/// [`StoreError`].
pub async fn product_id(tx: &mut Tx<'_>, product: &ProductRef) -> Result<Option<Uuid>, StoreError> {
    let (id, sku) = match product {
        ProductRef::Id(id) => (Some(*id), None),
        ProductRef::Sku(sku) => (None, Some(sku)),
    };
    Ok(both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_PRODUCT)).bind(id).bind(sku).fetch_optional(c).await?))
}

/// The products that a category's code, a brand and a supplier's code name; none when one of them names nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn filter_of(
    tx: &mut Tx<'_>,
    category: Option<&str>,
    brand: Option<&str>,
    supplier: Option<&str>,
) -> Result<Option<PricedFilter>, StoreError> {
    let mut filter = PricedFilter { brand: brand.map(fold), ..PricedFilter::default() };
    if let Some(code) = category {
        filter.category = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_CATEGORY)).bind(code)
            .fetch_optional(c).await?);
        if filter.category.is_none() {
            return Ok(None);
        }
    }
    if let Some(code) = supplier {
        filter.supplier = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_SUPPLIER)).bind(code)
            .fetch_optional(c).await?);
        if filter.supplier.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(filter))
}

/// What stands on a printed list of prices, of a category or of all, by category and name; where nobody set a price, the one
/// that the list's rule makes.
///
/// # Errors
/// The database's failure.
pub(super) async fn on_paper(
    tx: &mut Tx<'_>,
    list: &str,
    (rule, status): (Option<ListRule>, TaxStatus),
    category: Option<Uuid>,
) -> Result<Vec<OnPaper>, StoreError> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        product: OnPaper,
        amount: Option<i64>,
        #[sqlx(flatten)]
        beside: Beside,
    }
    let rows: Vec<Row> = both!(tx, c, text => sqlx::query_as(text(sql::LIST_ON_PAPER)).bind(list).bind(category)
        .bind(rule.is_some()).fetch_all(c).await?);
    let told = |row: Row| {
        let made = || rule.and_then(|rule| row.beside.price(&rule, status)).map(|made| made.price.raw());
        Some(OnPaper { amount: row.amount.or_else(made)?, ..row.product })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}

/// How many prices of the GENERAL list stand on a cost that moved so much since that the owner is told at once.
///
/// # Errors
/// [`StoreError`].
pub async fn notable_changes(reader: &mut Reader) -> Result<i64, StoreError> {
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_scalar(text(sql::COUNT_NOTABLE)).bind(LIST_GENERAL)
        .bind(i64::from(OWNER_NOTICE.raw() / 100)).fetch_one(c).await?))
}

/// Prices that somebody should look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Warnings {
    /// Products that cost more than is kept of their price: the light `loss_risk`.
    pub losing: i64,
    /// Prices without a change for too long: the light `stale`.
    pub stale: i64,
}

/// How many prices of GENERAL somebody should look at, as their lights say.
///
/// # Errors
/// [`StoreError`].
pub async fn warnings(reader: &mut Reader, today: &Today) -> Result<Warnings, StoreError> {
    let is_registered = today.status == TaxStatus::RegisteredVat;
    let whole_days = i64::from(today.stale_after.days()) + 1;
    let oldest = today.now - whole_days * MICROSECONDS_PER_DAY;
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::COUNT_WARNINGS)).bind(LIST_GENERAL)
        .bind(is_registered).bind(oldest).fetch_one(c).await?))
}
