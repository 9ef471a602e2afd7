//! The JSON of stock and value as of any instant.

use axum::Json;
use axum::response::{IntoResponse, Response};
use gondola_store::{At, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::as_of;
use super::lists::{PlaceColumn, place_columns, with_places};
use super::queries::NameKey;
use super::scalars::MethodCode;
use crate::kernel::scalars::{FilterText, Moment};
use crate::kernel::time::{format_instant, moment};
use crate::kernel::{App, Columns, Errors, List, Listing, Page, Problem, Reader};

/// How stock can be valued: by weighted average, or by layers.
pub(super) const METHODS: [&str; 2] = ["avco", "fifo"];

/// Which instant, and how it is valued.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfParams {
    /// The instant or day (its end); now when absent.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub at: Option<String>,
    /// SKU of one product.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub sku: Option<String>,
    /// `avco` (default) or `fifo`.
    #[param(value_type = Option<MethodCode>, nullable = false)]
    pub method: Option<String>,
}

/// Stock and value at an instant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AsOfPage {
    /// The instant, UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// The value of everything by the method asked, not only of this page; null after the first page, and without the
    /// right to see it.
    #[schema(required)]
    pub total_value: Option<String>,
    /// How many products had stock; null after the first page.
    #[schema(required)]
    pub products_with_stock: Option<i64>,
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
    /// What it would have cost to buy again then; null when that is not known (the product was changed since) or not for
    /// you to see.
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

/// Which instant and products, how they are valued, and the places that a file has columns for.
pub struct AsOfFilter {
    at: At,
    sku: Option<String>,
    fifo: bool,
    places: Vec<PlaceColumn>,
}

impl List for AsOfParams {
    type Item = AsOfItem;
    type Key = NameKey;
    type Filter = AsOfFilter;

    const NAME: &'static str = "stock-as-of";
    const TITLE: [&'static str; 2] = ["Stock a una fecha", "Stock as of"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<AsOfFilter>, Problem> {
        let mut errors = Errors::new();
        let now = reader.now();
        let at =
            self.at.as_deref().map_or(Some(now), |text| moment(&app.zone, &mut errors, "at", text, 1)).unwrap_or(now);
        let method = self.method.as_deref().unwrap_or("avco");
        if !METHODS.contains(&method) {
            errors.add("method", "unknown_method", "Los métodos son avco y fifo.", "The methods are avco and fifo.");
        }
        errors.finish()?;
        let fifo = method == "fifo";
        Ok(Some(AsOfFilter { at, fifo, sku: self.sku, places: place_columns(reader).await? }))
    }

    async fn page(
        filter: &AsOfFilter,
        reader: &mut Reader,
        after: Option<NameKey>,
        limit: i64,
    ) -> Result<Page<AsOfItem>, Problem> {
        let AsOfFilter { at, sku, fifo, .. } = filter;
        let value = sees_value(reader);
        let rows = as_of::as_of(reader, *at, sku.as_deref(), *fifo, after, limit).await?;
        let key = |row: &as_of::Past| NameKey(row.name_folded.clone(), row.id);
        Ok(Page::cut(rows, limit, key, |row| as_of_item(row, *fifo, value)))
    }

    fn columns(filter: Option<&AsOfFilter>) -> Columns<AsOfItem> {
        let at = filter.map(|filter| format_instant(filter.at));
        let columns = Columns::<AsOfItem>::new()
            .text("SKU", "SKU", |row| row.sku.clone())
            .text("Producto", "Product", |row| row.name.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .instant("Fecha", "Date", move |_| at.clone())
            .number("Total", "Total", |row| row.on_hand.clone())
            .money("Valor", "Value", |row| row.value.clone())
            .money("Valor de reposición", "Replacement value", |row| row.replacement_value.clone());
        let places = filter.map_or(&[][..], |filter| &filter.places);
        with_places(columns, places, |row, code| {
            row.locations.iter().find(|place| place.location == code).map(|place| place.on_hand.clone())
        })
    }
}

/// Whether value may be shown: it is the whole shop's, so not to a reader of one place.
fn sees_value(reader: &Reader) -> bool {
    reader.sees_cost() && reader.location().is_none()
}

/// Stock and value at any instant.
#[utoipa::path(get, path = "/api/v1/stock/as-of", tag = "stock", params(AsOfParams),
    responses((status = 200, description = "A page of products as they stood", body = AsOfPage)))]
pub(super) async fn stock_as_of(asked: Listing<AsOfParams>) -> Result<Response, Problem> {
    if asked.file.is_some() {
        return asked.answer().await;
    }
    let (limit, after) = (asked.page.limit()?, asked.page.after()?);
    let mut reader = Reader::open(&asked.app, &asked.actor, AsOfParams::NEEDS).await?;
    let filter = asked.list.look_up(&asked.app, &mut reader).await?.ok_or_else(Problem::not_found)?;
    let (total, products_with_stock) = match after {
        Some(_) => (None, None),
        None => {
            let (average, products) = as_of::total(&mut reader, filter.at).await?;
            let total = match sees_value(&reader) {
                false => None,
                true if filter.fifo => Some(as_of::fifo_total(&mut reader, filter.at).await?),
                true => Some(average),
            };
            (total, Some(products))
        }
    };
    let list = AsOfParams::page(&filter, &mut reader, after, limit).await?;
    let page = AsOfPage {
        at: format_instant(filter.at),
        total_value: total.map(|total| total.to_string()),
        products_with_stock,
        items: list.items,
        next: list.next,
    };
    Ok(Json(page).into_response())
}

fn as_of_item(row: as_of::Past, fifo: bool, cost: bool) -> AsOfItem {
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
