//! The JSON of lots with stock, first expiring first.

use axum::response::Response;
use gondola_ledger::Qty;
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::lists::find_place;
use super::places::Places;
use super::queries::{self, ListedLot, LotKey};
use super::rows::unit;
use crate::kernel::scalars::{self, FilterText};
use crate::kernel::time::{Day, format_day, format_instant, parse_day};
use crate::kernel::{App, Columns, List, Listing, Page, Problem, Reader};

/// A lot in one cell of a file: its code and its last good day, as far as it has them.
pub fn told_lot(code: &str, expires_on: Option<&str>) -> Option<String> {
    match (code, expires_on) {
        ("", day) => day.map(str::to_owned),
        (code, None) => Some(code.to_owned()),
        (code, Some(day)) => Some(format!("{code} ({day})")),
    }
}

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
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub sku: Option<String>,
    /// Code of the place.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub location: Option<String>,
    /// Only lots whose last good day is this one or before.
    #[param(value_type = Option<scalars::Day>, nullable = false)]
    pub expires_until: Option<String>,
}

/// Which lots, as the database takes it, and the day they are looked at.
pub struct LotFilter {
    sku: Option<String>,
    location: Option<Uuid>,
    until: Option<Day>,
    today: Day,
}

impl List for LotParams {
    type Item = LotItem;
    type Key = LotKey;
    type Filter = LotFilter;

    const NAME: &'static str = "lots";
    const TITLE: [&'static str; 2] = ["Lotes", "Lots"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<LotFilter>, Problem> {
        let until = self.expires_until.as_deref().map(|text| parse_day(text).ok_or_else(bad_date)).transpose()?;
        let location = match &self.location {
            None => None,
            Some(code) => match find_place(reader, code).await? {
                None => return Ok(None),
                found => found,
            },
        };
        Ok(Some(LotFilter { sku: self.sku, location, until, today: app.db.day_of(reader.now()) }))
    }

    async fn page(
        filter: &LotFilter,
        reader: &mut Reader,
        after: Option<LotKey>,
        limit: i64,
    ) -> Result<Page<LotItem>, Problem> {
        let LotFilter { sku, location, until, today } = filter;
        let (rows, places) = queries::lots(reader, sku.as_deref(), *location, *until, after, limit).await?;
        let key = |row: &ListedLot| (row.expires_on.unwrap_or(Day::MAX), row.lot_id, row.location_id);
        Ok(Page::cut(rows, limit, key, |row| lot_item(row, &places, *today)))
    }

    /// The titles are those that an import of stock knows.
    fn columns(_: Option<&LotFilter>) -> Columns<LotItem> {
        Columns::<LotItem>::new()
            .text("SKU", "SKU", |row| row.product.trim_start_matches("sku:").to_owned())
            .text("Producto", "Product", |row| row.name.clone())
            .text("Ubicación", "Place", |row| row.location.clone())
            .text("Lote", "Lot", |row| row.code.clone())
            .day("Vencimiento", "Expiry", |row| row.expires_on.clone())
            .whole("Días que le quedan", "Days left", |row| row.days_left)
            .number("Cantidad", "Quantity", |row| row.quantity.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .instant("Llegó", "Came", |row| row.received_at.clone())
    }
}

fn bad_date() -> Problem {
    Problem::invalid_field(
        "expires_until",
        "bad_date",
        "La fecha va como 2026-12-31.",
        "The date is written as 2026-12-31.",
    )
}

/// Lots with stock, first expiring first.
#[utoipa::path(get, path = "/api/v1/stock/lots", tag = "stock", params(LotParams),
    responses((status = 200, description = "A page of lots", body = Page<LotItem>)))]
pub(super) async fn list_lots(asked: Listing<LotParams>) -> Result<Response, Problem> {
    asked.answer().await
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
