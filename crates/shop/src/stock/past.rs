//! The JSON of stock and value as of any instant.

use axum::Json;
use axum::extract::State;
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::lists::moment;
use super::queries::{self, NameKey};
use crate::kernel::time::format_instant;
use crate::kernel::{App, Caller, Errors, Page, PageParams, Params, Problem, Reader};

/// Which instant, and how it is valued.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfParams {
    /// The instant or day (its end); now when absent.
    pub at: Option<String>,
    /// SKU of one product.
    pub sku: Option<String>,
    /// `avco` (default) or `fifo`.
    pub method: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// Stock and value at an instant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AsOfPage {
    /// The instant, UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// The value of everything by weighted average, not only of this page; null without the right to see it.
    #[schema(required)]
    pub total_value: Option<String>,
    /// How many products had stock.
    pub products_with_stock: i64,
    /// The products of this page.
    pub items: Vec<AsOfItem>,
    /// Give it back as `after` for the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// One product at an instant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AsOfItem {
    /// Product id.
    pub id: Uuid,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// The product's unit.
    pub unit: String,
    /// What there was.
    pub on_hand: String,
    /// What it was worth by the method asked; null without the right to see it.
    #[schema(required)]
    pub value: Option<String>,
    /// What it would cost to buy again today; null when unknown or not for you to see.
    #[schema(required)]
    pub replacement_value: Option<String>,
    /// Per place that had some.
    pub locations: Vec<AsOfLocation>,
}

/// What a place had at an instant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AsOfLocation {
    /// The place's code.
    pub location: String,
    /// What there was.
    pub on_hand: String,
}

/// Stock and value at any instant.
#[utoipa::path(get, path = "/api/v1/stock/as-of", tag = "stock", params(AsOfParams),
    responses((status = 200, description = "A page of products as they stood", body = AsOfPage)))]
pub(super) async fn stock_as_of(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<AsOfParams>,
) -> Result<Json<AsOfPage>, Problem> {
    let page = PageParams { after: params.after.clone(), limit: params.limit.clone() };
    let (limit, after) = (page.limit()?, page.after::<NameKey>()?);
    let mut errors = Errors::new();
    let now = app.db.now();
    let at = params.at.as_deref().map_or(Some(now), |text| moment(&app, &mut errors, "at", text, 1)).unwrap_or(now);
    let method = params.method.as_deref().unwrap_or("avco");
    if method != "avco" && method != "fifo" {
        errors.add("method", "unknown_method", "Los métodos son avco y fifo.", "The methods are avco and fifo.");
    }
    errors.finish()?;
    let fifo = method == "fifo";
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let (cost, own) = (reader.sees_cost(), reader.location());
    let (total, products_with_stock) = queries::as_of_total(&mut reader, at).await?;
    let rows = queries::as_of(&mut reader, at, params.sku.as_deref(), fifo, after, limit).await?;
    let key = |row: &queries::Past| NameKey(row.name_folded.clone(), row.id);
    let list = Page::cut(rows, limit, key, |row| as_of_item(row, fifo, cost && own.is_none()));
    Ok(Json(AsOfPage {
        at: format_instant(at),
        total_value: (cost && own.is_none()).then(|| total.to_string()),
        products_with_stock,
        items: list.items,
        next: list.next,
    }))
}

fn as_of_item(row: queries::Past, fifo: bool, cost: bool) -> AsOfItem {
    let unit = row.unit;
    let value = if fifo { row.fifo } else { Some(row.avco) };
    AsOfItem {
        id: row.id,
        sku: row.sku,
        name: row.name,
        unit: unit.code().to_owned(),
        on_hand: row.on_hand.format(unit),
        value: value.filter(|_| cost).map(|value| value.to_string()),
        replacement_value: row.replacement.filter(|_| cost).map(|value| value.to_string()),
        locations: row
            .locations
            .into_iter()
            .map(|(location, quantity)| AsOfLocation { location, on_hand: quantity.format(unit) })
            .collect(),
    }
}
