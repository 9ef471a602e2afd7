//! The JSON of the kardex: movements, newest first, and one of them.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use gondola_ledger::{MovementKind, Qty};
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::lists::find_place;
use super::lots::told_lot;
use super::places::Places;
use super::queries::{self, ListedLine, ListedMovement, MovementFilter, MovementKey};
use super::rows::unit;
use super::scalars::AnyKindCode;
use crate::kernel::scalars::{FilterText, Moment, ProductName};
use crate::kernel::time::{format_day, format_instant, moment};
use crate::kernel::{App, Caller, Columns, Errors, List, Listing, Page, Problem, Reader};

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
    /// What the shop had in all after it, in the order things happened; null for who sees one place only.
    #[schema(required)]
    pub balance_after: Option<String>,
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
    #[param(value_type = Option<ProductName>, nullable = false)]
    pub product: Option<String>,
    /// Code of a place it touched.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub location: Option<String>,
    /// Lot code.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub lot: Option<String>,
    /// Kind.
    #[param(value_type = Option<AnyKindCode>, nullable = false)]
    pub kind: Option<String>,
    /// Name of the person or key.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub user: Option<String>,
    /// Document.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub document: Option<String>,
    /// From this day or instant on.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub from: Option<String>,
    /// Up to this day (included) or instant.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub to: Option<String>,
}

impl List for MovementParams {
    type Item = MovementItem;
    type Key = MovementKey;
    type Filter = MovementFilter;

    const NAME: &'static str = "movements";
    const TITLE: [&'static str; 2] = ["Movimientos", "Movements"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<MovementFilter>, Problem> {
        movement_filter(app, reader, &self).await
    }

    async fn page(
        filter: &MovementFilter,
        reader: &mut Reader,
        after: Option<MovementKey>,
        limit: i64,
    ) -> Result<Page<MovementItem>, Problem> {
        let list = queries::movements(reader, filter, after, limit + 1).await?;
        let cost = reader.sees_cost();
        let key = |row: &ListedMovement| (row.movement.occurred_at, row.movement.sequence);
        let nothing = Vec::new();
        Ok(Page::cut(list.movements, limit, key, |row| {
            let lines = list.lines.get(&row.movement.sequence).unwrap_or(&nothing);
            movement_item(row, lines, &list.places, cost)
        }))
    }

    fn columns(_: Option<&MovementFilter>) -> Columns<MovementItem> {
        Columns::<MovementItem>::new()
            .whole("Número", "Number", |row| row.sequence)
            .instant("Fecha", "Date", |row| row.occurred_at.clone())
            .word("kind.", "Tipo", "Kind", |row| row.kind.clone())
            .text("SKU", "SKU", |row| row.product.trim_start_matches("sku:").to_owned())
            .text("Producto", "Product", |row| row.name.clone())
            .number("Cantidad", "Quantity", |row| row.quantity.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .text("Desde", "From", |row| row.from.clone())
            .text("Hasta", "To", |row| row.to.clone())
            .text("Lotes", "Lots", |row| told_lots(&row.changes))
            .number("Stock después", "Stock after", |row| row.balance_after.clone())
            .cost("Costo unitario", "Unit cost", |row| row.unit_cost.clone())
            .text("Motivo", "Reason", |row| row.reason.clone())
            .text("Comprobante", "Document", |row| row.document.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .text("Canal", "Channel", |row| row.channel.clone())
            .word("flag.", "Avisos", "Flags", |row| row.flags.clone())
            .text("Anula a", "Undoes", |row| row.reverses)
            .text("Anulado por", "Undone by", |row| row.reversed_by)
            .instant("Registrado", "Recorded", |row| row.recorded_at.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// The lots that were told apart, each once.
fn told_lots(changes: &[MovementChange]) -> Vec<String> {
    let told = changes.iter().filter_map(|change| told_lot(&change.lot, change.expires_on.as_deref()));
    told.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The kardex: movements, newest first.
#[utoipa::path(get, path = "/api/v1/movements", tag = "stock", params(MovementParams),
    responses((status = 200, description = "A page of movements", body = Page<MovementItem>)))]
pub(super) async fn list_movements(asked: Listing<MovementParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// One movement.
#[utoipa::path(get, path = "/api/v1/movements/{id}", tag = "stock", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The movement", body = MovementItem)))]
pub(super) async fn get_movement(
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
pub(super) async fn movement_filter(
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
    let from = params.from.as_deref().and_then(|text| moment(&app.zone, &mut errors, "from", text, 0));
    let until = params.to.as_deref().and_then(|text| moment(&app.zone, &mut errors, "to", text, 1));
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
        balance_after: row.quantity_after.map(|after| Qty::new(after).format(unit)),
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
