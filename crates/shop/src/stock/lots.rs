//! The JSON of lots with stock, first expiring first.

use axum::Json;
use axum::extract::State;
use gondola_ledger::Qty;
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::lists::find_place;
use super::places::Places;
use super::queries::{self, ListedLot};
use super::rows::unit;
use crate::kernel::time::{format_day, format_instant, parse_day};
use crate::kernel::{App, Caller, Page, PageParams, Params, Problem, Reader};

/// A lot with stock at a place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lot)]
pub struct LotItem {
    /// The lot's id.
    pub id: Uuid,
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The place's code.
    pub location: String,
    /// The lot's code; empty for goods nobody told apart.
    pub code: String,
    /// Its last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// How many days it has left; negative when it is past its day.
    #[schema(required)]
    pub days_left: Option<i64>,
    /// When it came, UTC.
    #[schema(format = DateTime)]
    pub received_at: String,
    /// What is there.
    pub quantity: String,
    /// The product's unit.
    pub unit: String,
}

/// Which lots.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LotParams {
    /// SKU of the product.
    pub sku: Option<String>,
    /// Code of the place.
    pub location: Option<String>,
    /// Only lots whose last good day is this one or before.
    pub expires_until: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// Lots with stock, first expiring first.
#[utoipa::path(get, path = "/api/v1/stock/lots", tag = "stock", params(LotParams),
    responses((status = 200, description = "A page of lots", body = Page<LotItem>)))]
pub(super) async fn list_lots(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<LotParams>,
) -> Result<Json<Page<LotItem>>, Problem> {
    let page = PageParams { after: params.after.clone(), limit: params.limit.clone() };
    let (limit, after) = (page.limit()?, page.after()?);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let mut location = None;
    if let Some(code) = &params.location {
        location = find_place(&mut reader, code).await?;
        if location.is_none() {
            return Ok(Json(Page { items: Vec::new(), next: None }));
        }
    }
    let until = match params.expires_until.as_deref() {
        None => None,
        Some(text) => Some(parse_day(text).ok_or_else(|| {
            Problem::invalid_field(
                "expires_until",
                "bad_date",
                "La fecha va como 2026-12-31.",
                "The date is written as 2026-12-31.",
            )
        })?),
    };
    let today = app.db.day_of(reader.now());
    let (rows, places) = queries::lots(&mut reader, params.sku.as_deref(), location, until, after, limit).await?;
    let key = |row: &ListedLot| (row.expires_on.unwrap_or(i32::MAX), row.lot_id, row.location_id);
    Ok(Json(Page::cut(rows, limit, key, |row| lot_item(row, &places, today))))
}

fn lot_item(row: ListedLot, places: &Places, today: i32) -> LotItem {
    let unit = unit(&row.unit, row.lot_id).unwrap_or(gondola_ledger::Unit::Kg);
    LotItem {
        id: row.lot_id,
        product: format!("sku:{}", row.sku),
        name: row.name,
        location: places.code(row.location_id),
        code: row.code,
        expires_on: row.expires_on.map(format_day),
        days_left: row.expires_on.map(|day| i64::from(day) - i64::from(today)),
        received_at: format_instant(row.received_at),
        quantity: Qty::new(row.quantity).format(unit),
        unit: row.unit,
    }
}
