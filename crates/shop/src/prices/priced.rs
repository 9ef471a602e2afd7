//! Products with everything their prices are judged by, read at once: cost, category, sales, what the price was built
//! on. Lists, lights and repricings all look at the same rows.

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_pricing::light::{CostChange, Light, StaleAfter, StockState, Watched};
use gondola_pricing::markup::{MarginBand, MarkupSource, Markups, Percentages};
use gondola_pricing::price::{General, ListBasis, PriceRefusal, PriceRules, Seller, shelf_price};
use gondola_pricing::rate::Rate;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{At, StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::bands::StepBands;
use super::judging::{minimum_of, rules_of, seller_of};
use super::rule::{ListRule, known};
use super::sql;
use crate::kernel::bulk::id_list;

/// Products read at once where all of them are wanted.
const ALL_AT_ONCE: i64 = 5_000;
/// Days of a month, for what sells in one.
const MONTH_DAYS: i128 = 30;
pub(super) const MICROSECONDS_PER_DAY: At = 86_400_000_000;

/// A product with what its price is judged by.
#[derive(Debug, Clone, FromRow)]
pub struct Priced {
    /// Its id.
    pub id: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its name, folded: lists are in this order.
    pub name_folded: String,
    /// Its brand.
    pub brand: String,
    /// Its unit.
    pub unit: String,
    /// The code of its category.
    pub category: String,
    /// Its VAT in basis points.
    pub vat_bp: i64,
    replacement_cost: Option<i64>,
    /// The version it was read at.
    pub version: i64,
    margin_min_bp: i64,
    margin_max_bp: i64,
    cost_alert_bp: i64,
    rounding_step: i64,
    #[sqlx(try_from = "String")]
    rounding_bands: StepBands,
    price: Option<i64>,
    built_on: Option<i64>,
    /// When its price changed.
    pub changed_at: Option<At>,
    general_amount: Option<i64>,
    general_cost: Option<i64>,
    general_changed_at: Option<At>,
    /// Why its price is what it is, where a rule of the list makes it.
    #[sqlx(skip)]
    pub basis: Option<ListBasis>,
    wholesale_price: Option<i64>,
    level: String,
    demand_quantity: i64,
    demand_days: i64,
    product_markup_bp: Option<i64>,
    brand_markup_bp: Option<i64>,
    category_markup_bp: Option<i64>,
}

/// What prices are judged by besides themselves.
#[derive(Debug, Clone, Copy)]
pub struct Today {
    /// What the shop is to the tax office.
    pub status: TaxStatus,
    /// When it is looked at.
    pub now: At,
    /// How many days a price may stay as it is.
    pub stale_after: StaleAfter,
}

/// Where a page of them begins: the folded name and the id of the last one before.
pub type PricedKey = (String, Uuid);

/// Which products.
#[derive(Debug, Clone, Default)]
pub struct PricedFilter {
    /// Of this category or one below it.
    pub category: Option<Uuid>,
    /// Of the brand with this folded name.
    pub brand: Option<String>,
    /// That this supplier brings.
    pub supplier: Option<Uuid>,
    /// That this invoice bills.
    pub invoice: Option<Uuid>,
    /// That stand on this price list of a supplier.
    pub price_list: Option<Uuid>,
}

impl Priced {
    /// What it costs to buy again, where that is known.
    pub fn cost(&self) -> Option<UnitCost> {
        known(self.replacement_cost)
    }

    /// Its price on the list that was read.
    pub fn price(&self) -> Option<Money> {
        self.price.map(Money::new)
    }

    /// Its price on the MAYORISTA list.
    pub fn wholesale_price(&self) -> Option<Money> {
        self.wholesale_price.map(Money::new)
    }

    /// Its price on GENERAL.
    pub fn general_price(&self) -> Option<Money> {
        self.general_amount.map(Money::new)
    }

    /// The same product with the price that a list's rule makes of GENERAL's, where nobody set one on that list. It is as old
    /// as GENERAL's, and built on the same cost.
    pub fn by_rule(mut self, rule: Option<&ListRule>, status: TaxStatus) -> Self {
        let (None, Some(price), Some(rule)) = (self.price, self.general_price(), rule) else { return self };
        let general = General { price, cost: known(self.general_cost) };
        if let Some(made) = rule.price(self.seller(status), general, &self.rules()) {
            (self.price, self.basis) = (Some(made.price.raw()), Some(made.basis));
            (self.built_on, self.changed_at) = (self.general_cost, self.general_changed_at);
        }
        self
    }

    /// The cost its price was built on.
    pub fn built_on(&self) -> Option<UnitCost> {
        known(self.built_on)
    }

    /// Who sells it.
    pub fn seller(&self, status: TaxStatus) -> Seller {
        seller_of(status, self.vat_bp)
    }

    /// Its category's smallest margin.
    pub fn minimum(&self) -> Rate {
        minimum_of(self.margin_min_bp)
    }

    /// From which change of its cost on its category is told at once.
    pub fn cost_alert(&self) -> Rate {
        minimum_of(self.cost_alert_bp)
    }

    /// The middle of its category's margins.
    pub fn band_middle(&self) -> Rate {
        self.band().middle()
    }

    fn band(&self) -> MarginBand {
        MarginBand { min: self.minimum(), max: minimum_of(self.margin_max_bp) }
    }

    /// The markup that holds for it and where that is set: on itself, its brand or its category, else the middle of the
    /// category's margins.
    pub fn markup(&self) -> Option<(Rate, MarkupSource)> {
        let rate = |points: Option<i64>| points.and_then(|points| i32::try_from(points * 100).ok()).map(Rate::new);
        let markups = Markups {
            product: rate(self.product_markup_bp),
            brand: rate(self.brand_markup_bp),
            category: rate(self.category_markup_bp),
            band: self.band(),
        };
        markups.choose()
    }

    /// The same where somebody set it.
    pub fn set_markup(&self) -> Option<Rate> {
        self.markup().filter(|(_, source)| *source != MarkupSource::BandMiddle).map(|(rate, _)| rate)
    }

    /// The shelf price that a markup makes of what it costs to buy again, also where the guard will keep it back.
    pub fn price_at(&self, markup: Rate, status: TaxStatus) -> Option<Money> {
        offered(self.seller(status), self.cost()?, markup, &self.rules())
    }

    /// How its prices are rounded and what they must earn.
    pub fn rules(&self) -> PriceRules {
        rules_of(self.rounding_step, &self.rounding_bands, self.margin_min_bp)
    }

    /// How its cost moved since its price was built; none where either is not known.
    pub fn cost_change(&self) -> Option<CostChange> {
        Some(CostChange { old: self.built_on()?, new: self.cost()? })
    }

    /// Both percentages of its price over what it costs to buy again.
    pub fn percentages(&self, status: TaxStatus) -> Option<Percentages> {
        self.seller(status).percentages(self.cost()?, self.price()?)
    }

    /// What sells in a month, by its demand of late.
    pub fn monthly_sales(&self) -> Qty {
        if self.demand_days <= 0 {
            return Qty::ZERO;
        }
        let sales = i128::from(self.demand_quantity) * MONTH_DAYS / i128::from(self.demand_days);
        Qty::new(i64::try_from(sales).unwrap_or(0))
    }

    /// The lights that are on, the gravest first; a product without a price or a cost has none but its age.
    pub(super) fn lights(&self, today: &Today) -> Vec<Light> {
        let Some(price) = self.price() else { return Vec::new() };
        let unchanged_days = self.changed_at.map_or(0, |at| (today.now - at) / MICROSECONDS_PER_DAY);
        let cost = self.cost();
        let known = cost.unwrap_or(UnitCost::ZERO);
        let watched = Watched {
            seller: self.seller(today.status),
            price,
            cost: CostChange { old: self.built_on().unwrap_or(known), new: known },
            minimum: self.minimum(),
            unchanged_days,
            stale_after_days: today.stale_after,
            stock: self.stock_state(),
            buy_ahead_gain: Money::ZERO,
        };
        let lights = watched.lights().into_iter();
        lights.filter(|light| cost.is_some() || *light == Light::Stale).collect()
    }

    fn stock_state(&self) -> StockState {
        match self.level.as_str() {
            "negative" | "out_of_stock" | "critical" | "low" => StockState::Low,
            _ => StockState::Enough,
        }
    }
}

/// The price of a cost and a markup, also where the guard will keep it back: a preview shows it apart.
fn offered(seller: Seller, cost: UnitCost, markup: Rate, rules: &PriceRules) -> Option<Money> {
    match shelf_price(seller, cost, markup, rules) {
        Ok(shelf) => Some(shelf.price),
        Err(PriceRefusal::BelowMinimum { offered, .. }) => Some(offered.price),
        Err(PriceRefusal::NoCost | PriceRefusal::TooLarge) => None,
    }
}

/// A page of products in use, by name, with one more than `limit`.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn priced(
    tx: &mut Tx<'_>,
    list: &str,
    filter: &PricedFilter,
    after: Option<&PricedKey>,
    limit: i64,
) -> Result<Vec<Priced>, StoreError> {
    let (name, id) = after.map_or(("", Uuid::nil()), |(name, id)| (name.as_str(), *id));
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_PRICED)).bind(list).bind(name).bind(id)
        .bind(filter.category).bind(&filter.brand).bind(filter.supplier).bind(filter.invoice).bind(filter.price_list)
        .bind(limit + 1).fetch_all(c).await?))
}

/// All products in use that a filter names, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn all_priced(tx: &mut Tx<'_>, list: &str, filter: &PricedFilter) -> Result<Vec<Priced>, StoreError> {
    let (mut all, mut after): (Vec<Priced>, Option<PricedKey>) = (Vec::new(), None);
    loop {
        let page = priced(tx, list, filter, after.as_ref(), ALL_AT_ONCE - 1).await?;
        let is_last = (page.len() as u64) < ALL_AT_ONCE.unsigned_abs();
        after = page.last().map(|last| (last.name_folded.clone(), last.id));
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

/// These products, those in use, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn find_priced(tx: &mut Tx<'_>, list: &str, ids: &[Uuid]) -> Result<Vec<Priced>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(crate::kernel::bulk::ROWS_PER_STATEMENT) {
        let page: Vec<Priced> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_PRICED)).bind(list)
            .bind(id_list(ids)).fetch_all(c).await?);
        found.extend(page);
    }
    Ok(found)
}
