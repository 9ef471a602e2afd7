//! The JSON lists of the feature: movements, inventory, lots, and the past. Filters in, pages out.

use axum::Json;
use axum::extract::{Path, State};
use gondola_ledger::{Level, MovementKind, Qty};
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::places::Places;
use super::queries::{
    self, ListedLine, ListedLot, ListedMovement, MovementFilter, MovementKey, NameKey, Standing, StandingFilter,
};
use super::rows::unit;
use crate::kernel::time::{day_start, format_day, format_instant, parse_day, parse_instant};
use crate::kernel::{
    Access, App, Caller, Endpoint, Errors, LimitGroup, OpClass, Page, PageParams, Params, Problem, Reader,
};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    vec![
        read(utoipa_axum::routes!(list_movements)),
        read(utoipa_axum::routes!(get_movement)),
        read(utoipa_axum::routes!(list_inventory)),
        read(utoipa_axum::routes!(get_inventory)),
        read(utoipa_axum::routes!(list_lots)),
        read(utoipa_axum::routes!(stock_as_of)),
    ]
}

/// A movement in the kardex.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Movement)]
pub struct MovementItem {
    /// Its id.
    pub id: Uuid,
    /// Its place in the ledger.
    pub sequence: i64,
    /// The product, as `sku:SKU`.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// What happened.
    pub kind: String,
    /// How much, in the product's unit.
    pub quantity: String,
    /// The product's unit.
    pub unit: String,
    /// Code of the place it left, real or virtual.
    pub from: String,
    /// Code of the place it reached, real or virtual.
    pub to: String,
    /// What it changed at real places, per lot.
    pub changes: Vec<MovementChange>,
    /// What the shop had in all after it, in the order things happened.
    pub balance_after: String,
    /// What one unit cost; null when unknown or not for you to see.
    #[schema(required)]
    pub unit_cost: Option<String>,
    /// Why.
    pub reason: String,
    /// The listed waste reason, when it is one.
    #[schema(required)]
    pub waste_reason: Option<String>,
    /// Whose paper it goes with.
    #[schema(required)]
    pub document: Option<String>,
    /// Who did it.
    pub user: String,
    /// By which channel.
    pub channel: String,
    /// What was allowed and must be looked at.
    pub flags: Vec<String>,
    /// The movement this one undoes.
    #[schema(required)]
    pub reverses: Option<Uuid>,
    /// The movement that undoes this one.
    #[schema(required)]
    pub reversed_by: Option<Uuid>,
    /// When it happened, UTC.
    #[schema(format = DateTime)]
    pub occurred_at: String,
    /// When it was recorded, UTC.
    #[schema(format = DateTime)]
    pub recorded_at: String,
}

/// What a movement changed at one place and lot.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovementChange {
    /// The place's code.
    pub location: String,
    /// The lot's code; empty for goods nobody told apart.
    pub lot: String,
    /// The lot's last good day.
    #[schema(required, format = Date)]
    pub expires_on: Option<String>,
    /// More or less than before, signed.
    pub quantity: String,
}

/// Which movements.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MovementParams {
    /// `sku:SKU` or the product's id.
    pub product: Option<String>,
    /// Code of a place it touched.
    pub location: Option<String>,
    /// Lot code.
    pub lot: Option<String>,
    /// Kind.
    pub kind: Option<String>,
    /// Name of the person or key.
    pub user: Option<String>,
    /// Document.
    pub document: Option<String>,
    /// From this day or instant on.
    pub from: Option<String>,
    /// Up to this day (included) or instant.
    pub to: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
}

/// The kardex: movements, newest first.
#[utoipa::path(get, path = "/api/v1/movements", tag = "stock", params(MovementParams),
    responses((status = 200, description = "A page of movements", body = Page<MovementItem>)))]
async fn list_movements(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<MovementParams>,
) -> Result<Json<Page<MovementItem>>, Problem> {
    let page = PageParams { after: params.after.clone(), limit: params.limit.clone() };
    let (limit, after) = (page.limit()?, page.after::<MovementKey>()?);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let Some(filter) = movement_filter(&app, &mut reader, &params).await? else {
        return Ok(Json(Page { items: Vec::new(), next: None }));
    };
    let list = queries::movements(&mut reader, &filter, after, limit + 1).await?;
    let cost = reader.sees_cost();
    let key = |row: &ListedMovement| (row.movement.occurred_at, row.movement.sequence);
    let nothing = Vec::new();
    Ok(Json(Page::cut(list.movements, limit, key, |row| {
        let lines = list.lines.get(&row.movement.sequence).unwrap_or(&nothing);
        movement_item(row, lines, &list.places, cost)
    })))
}

/// One movement.
#[utoipa::path(get, path = "/api/v1/movements/{id}", tag = "stock", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The movement", body = MovementItem)))]
async fn get_movement(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<MovementItem>, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let list = queries::movement(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let cost = reader.sees_cost();
    let row = list.movements.into_iter().next().ok_or_else(Problem::not_found)?;
    let lines = list.lines.into_values().next().unwrap_or_default();
    Ok(Json(movement_item(row, &lines, &list.places, cost)))
}

/// The filter, or nothing when it names a product or place that does not exist.
async fn movement_filter(
    app: &App,
    reader: &mut Reader,
    params: &MovementParams,
) -> Result<Option<MovementFilter>, Problem> {
    let mut errors = Errors::new();
    let kind = params.kind.as_deref().map(|code| (code, MovementKind::from_code(code)));
    if let Some((_, None)) = kind {
        errors.add("kind", "unknown_kind", "Ese tipo de movimiento no existe.", "There is no such kind of movement.");
    }
    let product = params.product.as_deref().and_then(|text| super::api::parse_product(&mut errors, text));
    let from = params.from.as_deref().and_then(|text| moment(app, &mut errors, "from", text, 0));
    let until = params.to.as_deref().and_then(|text| moment(app, &mut errors, "to", text, 1));
    errors.finish()?;
    let mut filter = MovementFilter {
        lot: params.lot.clone(),
        kind: kind.and_then(|(_, kind)| kind).map(MovementKind::code),
        user: params.user.clone(),
        document: params.document.clone(),
        from,
        until,
        ..MovementFilter::default()
    };
    if let Some(code) = &params.location {
        let Some(place) = find_place(reader, code).await? else { return Ok(None) };
        filter.location = Some(place);
    }
    if let Some(product) = product {
        let Some(id) = queries::product_id(reader, &product).await? else { return Ok(None) };
        filter.product = Some(id);
    }
    Ok(Some(filter))
}

/// An instant, or the beginning of a day `days` later.
fn moment(app: &App, errors: &mut Errors, field: &str, text: &str, days: i32) -> Option<i64> {
    let at = parse_instant(text).or_else(|| parse_day(text).map(|day| day_start(day.saturating_add(days), &app.zone)));
    if at.is_none() {
        errors.add(
            field,
            "bad_instant",
            "Va como 2026-11-23 o 2026-11-23T10:00:00-03:00.",
            "It is written as 2026-11-23 or 2026-11-23T10:00:00-03:00.",
        );
    }
    at
}

async fn find_place(reader: &mut Reader, code: &str) -> Result<Option<Uuid>, Problem> {
    let own = reader.location();
    let places = Places::load(&mut reader.tx()).await?;
    Ok(places.by_code(code).map(|place| place.id).filter(|id| own.is_none_or(|own| own == *id)))
}

fn movement_item(row: ListedMovement, lines: &[ListedLine], places: &Places, cost: bool) -> MovementItem {
    let movement = row.movement;
    let unit = unit(&row.unit, movement.product_id).unwrap_or(gondola_ledger::Unit::Kg);
    MovementItem {
        id: movement.id,
        sequence: movement.sequence,
        product: format!("sku:{}", row.sku),
        name: row.name,
        kind: movement.kind,
        quantity: Qty::new(movement.quantity).format(unit),
        unit: row.unit,
        from: places.code(movement.from_location_id),
        to: places.code(movement.to_location_id),
        changes: lines
            .iter()
            .map(|line| MovementChange {
                location: places.code(line.location_id),
                lot: line.code.clone(),
                expires_on: line.expires_on.map(format_day),
                quantity: Qty::new(line.delta).format(unit),
            })
            .collect(),
        balance_after: Qty::new(row.quantity_after).format(unit),
        unit_cost: movement.unit_cost.filter(|_| cost).map(|cost| gondola_ledger::UnitCost::new(cost).to_string()),
        reason: movement.reason,
        waste_reason: movement.waste_reason,
        document: movement.document,
        user: movement.actor_name,
        channel: movement.channel,
        flags: movement.flags.split(',').filter(|flag| !flag.is_empty()).map(str::to_owned).collect(),
        reverses: movement.reverses_id,
        reversed_by: movement.reversed_by,
        occurred_at: format_instant(movement.occurred_at),
        recorded_at: format_instant(movement.recorded_at),
    }
}

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

/// Which products.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InventoryParams {
    /// Words of the name, alias or code; accents do not matter.
    pub q: Option<String>,
    /// Category code.
    pub category: Option<String>,
    /// Code of a place that has some.
    pub location: Option<String>,
    /// Level.
    pub level: Option<String>,
    /// `true`: only low or worse.
    pub low_stock: Option<String>,
    /// `available`, `unavailable` or `inactive`; active products when absent.
    pub status: Option<String>,
    /// Supplier code.
    pub supplier: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Items on a page, 1–500.
    pub limit: Option<String>,
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
        let statuses = ["available", "unavailable", "inactive"];
        if self.status.as_deref().is_some_and(|status| !statuses.contains(&status)) {
            let known = "available, unavailable, inactive";
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
        let location = match &self.location {
            None => None,
            Some(code) => match find_place(reader, code).await? {
                None => return Ok(None),
                found => found,
            },
        };
        Ok(Some(StandingFilter {
            q: self.q.clone(),
            category: self.category.clone(),
            location,
            level: self.level.clone(),
            low_stock,
            status: self.status.clone(),
            supplier: self.supplier.clone(),
        }))
    }
}

/// Products with their stock per place, by name.
#[utoipa::path(get, path = "/api/v1/inventory", tag = "stock", params(InventoryParams),
    responses((status = 200, description = "A page of products", body = Page<InventoryItem>)))]
async fn list_inventory(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<InventoryParams>,
) -> Result<Json<Page<InventoryItem>>, Problem> {
    let page = PageParams { after: params.after.clone(), limit: params.limit.clone() };
    let (limit, after) = (page.limit()?, page.after::<NameKey>()?);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let Some(filter) = params.filter(&mut reader).await? else {
        return Ok(Json(Page { items: Vec::new(), next: None }));
    };
    let rows = queries::standings(&mut reader, &filter, after, limit).await?;
    let key = |row: &Standing| NameKey(row.name_folded.clone(), row.id);
    Ok(Json(Page::cut(rows, limit, key, inventory_item)))
}

/// One product with its stock per place.
#[utoipa::path(get, path = "/api/v1/inventory/{sku}", tag = "stock", params(("sku" = String, Path)),
    responses((status = 200, description = "The product", body = InventoryItem)))]
async fn get_inventory(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(sku): Path<String>,
) -> Result<Json<InventoryItem>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let sku = sku.strip_prefix("sku:").unwrap_or(&sku).to_uppercase();
    let standing = queries::standing(&mut reader, &sku).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(inventory_item(standing)))
}

fn inventory_item(row: Standing) -> InventoryItem {
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
async fn list_lots(
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
async fn stock_as_of(
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
