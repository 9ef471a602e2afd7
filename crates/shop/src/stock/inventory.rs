//! The JSON of the inventory: products with their stock per place and how they stand.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use gondola_ledger::Level;
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::lists::{PlaceColumn, find_place, place_columns, with_places};
use super::queries::{self, Standing, StandingFilter, StandingKey};
use super::scalars::{LevelCode, StatusCode};
use crate::kernel::path::Segment;
use crate::kernel::scalars::FilterText;
use crate::kernel::text::Sku;
use crate::kernel::{App, Caller, Columns, Errors, List, Listing, Page, Problem, Reader};

/// A product with its stock.
#[derive(Debug, Serialize, ToSchema)]
pub struct InventoryItem {
    /// Product id.
    pub id: Uuid,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Category code.
    pub category: String,
    /// The product's unit.
    pub unit: String,
    /// Over all real places.
    pub on_hand: String,
    /// On hand and not promised.
    pub available: String,
    /// `negative`, `out_of_stock`, `critical`, `low`, `normal`, `overstock` or `no_movement`.
    pub level: String,
    /// How many days it lasts at the usual demand; null when nothing sells.
    #[schema(required)]
    pub cover_days: Option<String>,
    /// What one unit cost by weighted average, over the whole shop, with 4 places; null while no cost was ever known,
    /// and for who may not see cost.
    #[schema(required, example = "132.5000")]
    pub average_cost: Option<String>,
    /// Per place.
    pub locations: Vec<InventoryLocation>,
}

/// What one place holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct InventoryLocation {
    /// The place's code.
    pub location: String,
    /// What is there.
    pub on_hand: String,
    /// What is promised.
    pub reserved: String,
    /// What is there and not promised.
    pub available: String,
}

/// Whether there is any of a product to sell; inactive ones apart.
pub(super) const STATUSES: [&str; 3] = ["available", "unavailable", "inactive"];

/// Which products.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InventoryParams {
    /// Words of the name, alias or code; accents do not matter.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub q: Option<String>,
    /// Category code; those below it count.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub category: Option<String>,
    /// Code of a place that has some.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub location: Option<String>,
    /// Level.
    #[param(value_type = Option<LevelCode>, nullable = false)]
    pub level: Option<String>,
    /// `true`: only low or worse.
    #[param(value_type = Option<bool>, nullable = false)]
    pub low_stock: Option<String>,
    /// `available` (some is there and not promised), `unavailable` or `inactive`; active products when absent.
    #[param(value_type = Option<StatusCode>, nullable = false)]
    pub status: Option<String>,
    /// Supplier code.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
}

impl InventoryParams {
    /// The filter; none when it names a place that does not exist.
    ///
    /// # Errors
    /// 422 about words we do not know.
    pub async fn filter(&self, reader: &mut Reader) -> Result<Option<StandingFilter>, Problem> {
        let mut errors = Errors::new();
        if self.level.as_deref().is_some_and(|level| Level::from_code(level).is_none()) {
            errors.add("level", "unknown_level", "Ese nivel no existe.", "There is no such level.");
        }
        if self.status.as_deref().is_some_and(|status| !STATUSES.contains(&status)) {
            let known = STATUSES.join(", ");
            errors.add(
                "status",
                "unknown_status",
                format!("Los estados son: {known}."),
                format!("The statuses are: {known}."),
            );
        }
        let low_stock = match self.low_stock.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                errors.add("low_stock", "not_a_flag", "Va true o false.", "It is true or false.");
                false
            }
        };
        errors.finish()?;
        let (Some(category), Some(supplier)) = (code_of(&self.category), code_of(&self.supplier)) else {
            return Ok(None);
        };
        let location = match &self.location {
            None => None,
            Some(code) => match find_place(reader, code).await? {
                None => return Ok(None),
                found => found,
            },
        };
        Ok(Some(StandingFilter {
            q: self.q.clone(),
            category,
            location,
            level: self.level.clone(),
            low_stock,
            status: self.status.clone(),
            supplier,
        }))
    }
}

/// A filter, and the places that a file has columns for.
pub struct InventoryFilter {
    standing: StandingFilter,
    places: Vec<PlaceColumn>,
}

impl List for InventoryParams {
    type Item = InventoryItem;
    type Key = StandingKey;
    type Filter = InventoryFilter;

    const NAME: &'static str = "inventory";
    const TITLE: [&'static str; 2] = ["Stock", "Stock"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<InventoryFilter>, Problem> {
        let Some(standing) = self.filter(reader).await? else { return Ok(None) };
        Ok(Some(InventoryFilter { standing, places: place_columns(reader).await? }))
    }

    async fn page(
        filter: &InventoryFilter,
        reader: &mut Reader,
        after: Option<StandingKey>,
        limit: i64,
    ) -> Result<Page<InventoryItem>, Problem> {
        let sees_cost = reader.sees_cost();
        let item = |row| inventory_item(row, sees_cost);
        queries::standing_page(reader, Some(&filter.standing), after, limit, item).await
    }

    fn columns(filter: Option<&InventoryFilter>) -> Columns<InventoryItem> {
        let columns = Columns::<InventoryItem>::new()
            .text("SKU", "SKU", |row| row.sku.clone())
            .text("Producto", "Product", |row| row.name.clone())
            .text("Categoría", "Category", |row| row.category.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .number("Total", "Total", |row| row.on_hand.clone())
            .number("Disponible", "Available", |row| row.available.clone())
            .word("level.", "Nivel", "Level", |row| row.level.clone())
            .number("Alcanza (días)", "Lasts (days)", |row| row.cover_days.clone())
            .cost("Costo promedio", "Average cost", |row| row.average_cost.clone());
        let places = filter.map_or(&[][..], |filter| &filter.places);
        with_places(columns, places, |row, code| {
            row.locations.iter().find(|place| place.location == code).map(|place| place.on_hand.clone())
        })
    }
}

/// The code of a category or supplier as it is kept; nothing when none can have it.
fn code_of(typed: &Option<String>) -> Option<Option<String>> {
    match typed {
        None => Some(None),
        Some(code) => Sku::parse(code).ok().map(|code| Some(code.as_str().to_owned())),
    }
}

/// Products with their stock per place, by name; with `low_stock` or `level` the worst first, then those that last
/// least.
#[utoipa::path(get, path = "/api/v1/inventory", tag = "stock", params(InventoryParams),
    responses((status = 200, description = "A page of products", body = Page<InventoryItem>)))]
pub(super) async fn list_inventory(asked: Listing<InventoryParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// One product with its stock per place.
#[utoipa::path(get, path = "/api/v1/inventory/{sku}", tag = "stock", params(("sku" = String, Path, description = "The SKU, with or without `sku:` before it")),
    responses((status = 200, description = "The product", body = InventoryItem)))]
pub(super) async fn get_inventory(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(sku): Segment,
) -> Result<Json<InventoryItem>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let sku = sku.strip_prefix("sku:").unwrap_or(&sku).to_uppercase();
    let standing = queries::standing(&mut reader, &sku).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(inventory_item(standing, reader.sees_cost())))
}

fn inventory_item(row: Standing, sees_cost: bool) -> InventoryItem {
    let unit = row.unit;
    InventoryItem {
        id: row.id,
        sku: row.sku,
        name: row.name,
        category: row.category,
        unit: unit.code().to_owned(),
        on_hand: row.on_hand.format(unit),
        available: row.available.format(unit),
        level: row.level,
        cover_days: row.cover_tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)),
        average_cost: row.average_cost.filter(|_| sees_cost).map(|cost| cost.to_string()),
        locations: row
            .locations
            .iter()
            .map(|holding| InventoryLocation {
                location: holding.location.clone(),
                on_hand: holding.on_hand.format(unit),
                reserved: holding.reserved.format(unit),
                available: holding.available.format(unit),
            })
            .collect(),
    }
}
