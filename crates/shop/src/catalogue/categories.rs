//! Categories: what a product inherits from its kind. Margin band, VAT, cost alert, rounding step,
//! expiry policy, and how much each month scales the minimum stock.

use gondola_ledger::Money;
use gondola_ledger::season::Season;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::fields::Read;
use super::product::CategoryRef;
use super::reference_views::CategoryView;
use super::refusals::CatalogueRefusal;
use super::sql;
use crate::kernel::Text;
use crate::kernel::bulk::json;
use crate::prices::StepBands;
use crate::stock;

/// The category of what has none yet.
pub const GENERAL: &str = "GEN";
/// Categories of a shop at most.
pub const CATEGORIES_MAX: usize = 500;
/// Characters of a category's code at most.
pub const CATEGORY_CODE_MAX: usize = 10;
/// Characters of a category's name at most.
pub const CATEGORY_NAME_MAX: usize = 60;
/// Months of a year.
const MONTHS: u8 = 12;

/// A category.
#[derive(Debug, Clone)]
pub struct Category {
    /// Its id.
    pub id: Uuid,
    /// Its code: `LAC`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The code of the category above.
    pub parent: Option<String>,
    /// Margin band in basis points, lower end.
    pub margin_min_bp: i64,
    /// Margin band in basis points, upper end.
    pub margin_max_bp: i64,
    /// VAT of its new products in basis points.
    pub vat_bp: i64,
    /// A supplier's cost that moves this much is told at once, in basis points.
    pub cost_alert_bp: i64,
    /// Prices are rounded to this.
    pub rounding_step: Money,
    /// And to these below limits.
    pub rounding_bands: StepBands,
    /// Whether its new products go off.
    pub expires: bool,
    /// Whether it takes products.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
    /// What each month makes of the minimum stock, in thousandths, January first.
    pub seasons: [i64; MONTHS as usize],
}

impl Category {
    /// What a product keeps of it.
    pub fn reference(&self) -> CategoryRef {
        CategoryRef { id: self.id, code: self.code.clone(), margin_min_bp: self.margin_min_bp }
    }
}

/// Every category, in the order of the screens.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Category>, StoreError> {
    let rows: Vec<CategoryRow> = both!(tx, c, text => sqlx::query_as(text(sql::ALL_CATEGORIES)).fetch_all(c).await?);
    rows.into_iter().map(Category::try_from).collect()
}

/// What a month makes of the minimum stock when nobody said otherwise, in thousandths, January first.
pub(super) fn default_seasons() -> [i64; MONTHS as usize] {
    let mut factors = [1_000; MONTHS as usize];
    for (month, factor) in (1..=MONTHS).zip(&mut factors) {
        let season = Season::of_month(month).expect("months go from 1 to 12").factor();
        *factor = i64::try_from(1_000 * season.num() / season.den()).expect("season factors are small");
    }
    factors
}

/// What changes about a category.
#[derive(Debug, Clone, Default)]
pub struct CategoryEdit {
    /// Its name.
    pub name: Option<String>,
    /// The code of the category above; `Some(None)` for none.
    pub parent: Option<Option<String>>,
    /// Lower end of the margin band.
    pub margin_min_bp: Option<i64>,
    /// Upper end of the margin band.
    pub margin_max_bp: Option<i64>,
    /// VAT of its new products.
    pub vat_bp: Option<i64>,
    /// Cost change that is told at once.
    pub cost_alert_bp: Option<i64>,
    /// Prices are rounded to this.
    pub rounding_step: Option<Money>,
    /// And to these below limits.
    pub rounding_bands: Option<StepBands>,
    /// Whether its new products go off.
    pub expires: Option<bool>,
    /// Whether it takes products.
    pub active: Option<bool>,
    /// Factors in thousandths by month; `None` goes back to the season's.
    pub seasons: Vec<(u8, Option<i64>)>,
}

/// Adds a category. What its edit does not name it takes from the category above, or from [`GENERAL`].
pub struct CreateCategory {
    /// Its code, already parsed by [`parse_category_code`].
    pub code: String,
    /// Its name and whatever else is known of it.
    pub edit: CategoryEdit,
}

impl Command for CreateCategory {
    const NAME: &'static str = "catalogue.create_category";
    type Out = CategoryView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.code.clone()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<CategoryView, Fail<CatalogueRefusal>> {
        let categories = all(tx).await?;
        if categories.len() >= CATEGORIES_MAX {
            return Err(Fail::Refused(CatalogueRefusal::TooMany { max: CATEGORIES_MAX }));
        }
        let above = self.edit.parent.as_ref().and_then(Option::as_deref).unwrap_or(GENERAL);
        let model = categories.iter().find(|category| category.code == above);
        let model = model.ok_or_else(|| Fail::Refused(bad_parent()))?;
        let category = self.edit.apply(Category {
            id: cx.new_id(),
            code: self.code.clone(),
            parent: None,
            active: true,
            version: 1,
            seasons: default_seasons(),
            ..model.clone()
        });
        let parent_id = parent_id(&category, &categories).map_err(Fail::Refused)?;
        check_band(&category).map_err(Fail::Refused)?;
        match insert(tx, &category, parent_id).await? {
            0 => Err(Fail::Refused(CatalogueRefusal::CodeTaken)),
            added => {
                expect_rows(sql::INSERT_CATEGORY, 1, added)?;
                Ok(CategoryView::of(category, &[]))
            }
        }
    }
}

/// Adds a category after the others unless its code exists; answers how many were added.
pub(super) async fn insert(tx: &mut Tx<'_>, category: &Category, parent_id: Option<Uuid>) -> Result<u64, StoreError> {
    let added = both!(tx, c, text => sqlx::query(text(sql::INSERT_CATEGORY))
        .bind(category.id).bind(&category.code).bind(&category.name).bind(parent_id)
        .bind(category.margin_min_bp).bind(category.margin_max_bp).bind(category.vat_bp)
        .bind(category.cost_alert_bp).bind(category.rounding_step.raw()).bind(category.expires)
        .bind(category.rounding_bands.kept()).execute(c).await?.rows_affected());
    Ok(added)
}

/// Reads a category's code: 1 to 10 letters without accents and digits, kept in capitals.
pub(super) fn parse_category_code(text: &str) -> Read<String> {
    let code = text.trim().to_ascii_uppercase();
    if (1..=CATEGORY_CODE_MAX).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(code);
    }
    let es = format!("Lleva de 1 a {CATEGORY_CODE_MAX} letras sin acento o números.");
    let en = format!("It has 1 to {CATEGORY_CODE_MAX} letters without accents or digits.");
    Err(("bad_code", Text::new(es, en)))
}

/// Changes a category.
pub struct ChangeCategory {
    /// Which one.
    pub code: String,
    /// The version it was read at.
    pub version: i64,
    /// What changes.
    pub edit: CategoryEdit,
}

impl Command for ChangeCategory {
    const NAME: &'static str = "catalogue.change_category";
    type Out = CategoryView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.code.clone()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<CategoryView, Fail<CatalogueRefusal>> {
        let categories = all(tx).await?;
        let Some(stored) = categories.iter().find(|category| category.code == self.code) else {
            return Err(Fail::Refused(CatalogueRefusal::NotFound));
        };
        if stored.version != self.version {
            return Err(Fail::Refused(CatalogueRefusal::Stale));
        }
        cx.changes(&CategoryView::of(stored.clone(), &stock::category_standings(tx).await?));
        let category = self.edit.apply(stored.clone());
        let parent_id = parent_id(&category, &categories).map_err(Fail::Refused)?;
        check_band(&category).map_err(Fail::Refused)?;
        update(tx, &category, parent_id, self.version).await?;
        if !self.edit.seasons.is_empty() {
            store_seasons(tx, category.id, &self.edit.seasons).await?;
            let products: Vec<Uuid> = both!(tx, c, text => sqlx::query_scalar(text(sql::PRODUCTS_OF_CATEGORY))
                .bind(category.id).fetch_all(c).await?);
            stock::restand(tx, cx, &products).await?;
        }
        let changed = all(tx).await?.into_iter().find(|other| other.id == category.id);
        let changed = changed.expect("it was read in this transaction and is never deleted");
        Ok(CategoryView::of(changed, &stock::category_standings(tx).await?))
    }
}

impl CategoryEdit {
    fn apply(&self, mut category: Category) -> Category {
        let edit = self.clone();
        category.name = edit.name.unwrap_or(category.name);
        category.parent = edit.parent.unwrap_or(category.parent);
        category.margin_min_bp = edit.margin_min_bp.unwrap_or(category.margin_min_bp);
        category.margin_max_bp = edit.margin_max_bp.unwrap_or(category.margin_max_bp);
        category.vat_bp = edit.vat_bp.unwrap_or(category.vat_bp);
        category.cost_alert_bp = edit.cost_alert_bp.unwrap_or(category.cost_alert_bp);
        category.rounding_step = edit.rounding_step.unwrap_or(category.rounding_step);
        category.rounding_bands = edit.rounding_bands.unwrap_or(category.rounding_bands);
        category.expires = edit.expires.unwrap_or(category.expires);
        category.active = edit.active.unwrap_or(category.active);
        category
    }
}

/// The id of the category above, which must exist and not stand below this one.
fn parent_id(category: &Category, categories: &[Category]) -> Result<Option<Uuid>, CatalogueRefusal> {
    let mut above = category.parent.as_deref();
    let mut parent_id = None;
    for _ in 0..=categories.len() {
        let Some(code) = above else { return Ok(parent_id) };
        let Some(parent) = categories.iter().find(|other| other.code == code && code != category.code) else {
            break;
        };
        parent_id = parent_id.or(Some(parent.id));
        above = parent.parent.as_deref();
    }
    Err(bad_parent())
}

fn bad_parent() -> CatalogueRefusal {
    CatalogueRefusal::field(
        "parent",
        "unknown_category",
        "El rubro de arriba tiene que existir y no puede estar debajo de este.",
        "The category above must exist and cannot stand below this one.",
    )
}

fn check_band(category: &Category) -> Result<(), CatalogueRefusal> {
    if category.margin_max_bp < category.margin_min_bp {
        return Err(CatalogueRefusal::field(
            "margin_max",
            "max_below_min",
            "El margen máximo no puede ser menor que el mínimo.",
            "The maximum margin cannot be below the minimum.",
        ));
    }
    Ok(())
}

async fn update(
    tx: &mut Tx<'_>,
    category: &Category,
    parent_id: Option<Uuid>,
    version: i64,
) -> Result<(), Fail<CatalogueRefusal>> {
    let changed = both!(tx, c, text => sqlx::query(text(sql::UPDATE_CATEGORY))
        .bind(category.id).bind(version).bind(&category.name).bind(parent_id)
        .bind(category.margin_min_bp).bind(category.margin_max_bp).bind(category.vat_bp)
        .bind(category.cost_alert_bp).bind(category.rounding_step.raw()).bind(category.expires)
        .bind(category.active).bind(category.rounding_bands.kept()).execute(c).await?.rows_affected());
    if changed == 0 {
        return Err(Fail::Refused(CatalogueRefusal::Stale));
    }
    Ok(expect_rows(sql::UPDATE_CATEGORY, 1, changed)?)
}

async fn store_seasons(tx: &mut Tx<'_>, category: Uuid, seasons: &[(u8, Option<i64>)]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Month {
        month: u8,
        factor_permille: Option<i64>,
    }
    let months: Vec<_> =
        seasons.iter().map(|(month, factor)| Month { month: *month, factor_permille: *factor }).collect();
    let months = json(&months);
    both!(tx, c, text => sqlx::query(text(sql::DELETE_SEASONS)).bind(category).bind(&months).execute(c).await.map(drop)?);
    both!(tx, c, text => sqlx::query(text(sql::INSERT_SEASONS)).bind(category).bind(&months).execute(c).await.map(drop)?);
    Ok(())
}

#[derive(sqlx::FromRow)]
struct CategoryRow {
    id: Uuid,
    code: String,
    name: String,
    parent_code: Option<String>,
    margin_min_bp: i64,
    margin_max_bp: i64,
    vat_bp: i64,
    cost_alert_bp: i64,
    rounding_step: i64,
    #[sqlx(try_from = "String")]
    rounding_bands: StepBands,
    expires: bool,
    active: bool,
    version: i64,
    seasons: String,
}

impl TryFrom<CategoryRow> for Category {
    type Error = StoreError;

    fn try_from(row: CategoryRow) -> Result<Self, StoreError> {
        let set: Vec<(usize, i64)> = serde_json::from_str(&row.seasons)
            .map_err(|error| StoreError::corrupt("category_seasons", "month", row.id, error))?;
        let mut seasons = default_seasons();
        for (month, factor) in set {
            let known = month.checked_sub(1).and_then(|at| seasons.get_mut(at));
            *known.ok_or_else(|| StoreError::corrupt("category_seasons", "month", row.id, month))? = factor;
        }
        Ok(Self {
            id: row.id,
            code: row.code,
            name: row.name,
            parent: row.parent_code,
            margin_min_bp: row.margin_min_bp,
            margin_max_bp: row.margin_max_bp,
            vat_bp: row.vat_bp,
            cost_alert_bp: row.cost_alert_bp,
            rounding_step: Money::new(row.rounding_step),
            rounding_bands: row.rounding_bands,
            expires: row.expires,
            active: row.active,
            version: row.version,
            seasons,
        })
    }
}
