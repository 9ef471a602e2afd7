//! The lists of transfers and of what to bring to the shelves over HTTP: what narrows them, a page, and
//! the whole as a file.

use axum::response::Response;
use gondola_ledger::TransferState;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::queries::{self, TransferFilter, TransferKey};
use super::restock::{RestockRoute, restock_list};
use super::scalars::TransferStateCode;
use super::views::{RestockItem, RestockLotItem, TransferItem, item, restock_item};
use crate::kernel::scalars::{FilterText, LocationCode};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};
use crate::stock::{Places, told_lot};

/// The route of the list of transfers.
pub(super) fn transfers_endpoint() -> Endpoint {
    Endpoint::list::<TransferParams>(utoipa_axum::routes!(list_transfers))
}

/// The route of the list of what to bring.
pub(super) fn restock_endpoint() -> Endpoint {
    Endpoint::list::<RestockParams>(utoipa_axum::routes!(list_restock))
}

/// Which transfers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TransferParams {
    /// Code of the place they left.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub from: Option<String>,
    /// Code of the place they go to.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub to: Option<String>,
    /// `sent`, `received` or `cancelled`.
    #[param(value_type = Option<TransferStateCode>, nullable = false)]
    pub state: Option<String>,
}

impl List for TransferParams {
    type Item = TransferItem;
    type Key = TransferKey;
    type Filter = TransferFilter;

    const NAME: &'static str = "transfers";
    const TITLE: [&'static str; 2] = ["Traslados", "Transfers"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<TransferFilter>, Problem> {
        let mut errors = Errors::new();
        let state = self.state.and_then(|code| {
            let state = TransferState::from_code(&code);
            if state.is_none() {
                let known = TransferState::ALL.map(TransferState::code).join(", ");
                let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
                errors.add("state", "unknown_state", es, en);
            }
            state.map(TransferState::code)
        });
        errors.finish()?;
        Ok(Some(TransferFilter { from: self.from, to: self.to, state, only_ended: false }))
    }

    async fn page(
        filter: &TransferFilter,
        reader: &mut Reader,
        after: Option<TransferKey>,
        limit: i64,
    ) -> Result<Page<TransferItem>, Problem> {
        let rows = queries::transfers(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.sent_at, row.id), item))
    }

    fn columns(_: Option<&TransferFilter>) -> Columns<TransferItem> {
        Columns::<TransferItem>::new()
            .instant("Salió", "Sent", |row| row.sent_at.clone())
            .word("transfer.state_", "Estado", "State", |row| row.state.clone())
            .text("Desde", "From", |row| row.from.clone())
            .text("Hasta", "To", |row| row.to.clone())
            .text("Motivo", "Reason", |row| row.reason.clone())
            .text("Comprobante", "Document", |row| row.document.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .whole("Renglones", "Lines", |row| row.lines_total)
            .whole("Con diferencia", "With a difference", |row| row.differences)
            .instant("Cerrado", "Closed", |row| row.closed_at.clone())
            .text("Cerró", "Closed by", |row| row.closed_by.clone())
            .text("Qué dijo", "What they said", |row| row.closing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Transfers, newest first.
#[utoipa::path(get, path = "/api/v1/transfers", tag = "transfers", params(TransferParams),
    responses((status = 200, description = "A page of transfers", body = Page<TransferItem>)))]
async fn list_transfers(asked: Listing<TransferParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Between which places.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RestockParams {
    /// Code of the storeroom; `deposito` when absent.
    #[param(value_type = Option<LocationCode>, nullable = false)]
    pub from: Option<String>,
    /// Code of the place with the shelves; `local` when absent.
    #[param(value_type = Option<LocationCode>, nullable = false)]
    pub to: Option<String>,
}

impl List for RestockParams {
    type Item = RestockItem;
    type Key = (String, Uuid);
    type Filter = RestockRoute;

    const NAME: &'static str = "restock";
    const TITLE: [&'static str; 2] = ["Reponer góndola", "Restock"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<RestockRoute>, Problem> {
        let places = Places::load(&mut reader.tx()).await?;
        let mut errors = Errors::new();
        let from = known_place(&mut errors, &places, "from", self.from.as_deref().unwrap_or("deposito"));
        let to = known_place(&mut errors, &places, "to", self.to.as_deref().unwrap_or("local"));
        errors.finish()?;
        Ok(Some(RestockRoute { from, to, today: app.db.day_of(reader.now()) }))
    }

    async fn page(
        route: &RestockRoute,
        reader: &mut Reader,
        after: Option<(String, Uuid)>,
        limit: i64,
    ) -> Result<Page<RestockItem>, Problem> {
        let rows = restock_list(reader, *route, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.name_folded.clone(), row.id), restock_item))
    }

    fn columns(_: Option<&RestockRoute>) -> Columns<RestockItem> {
        Columns::<RestockItem>::new()
            .text("SKU", "SKU", |row| row.product.trim_start_matches("sku:").to_owned())
            .text("Producto", "Product", |row| row.name.clone())
            .number("Llevar", "Bring", |row| row.quantity.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .text("Lotes", "Lots", told_lots)
            .number("Debe haber", "Should hold", |row| row.target.clone())
            .number("Hay en góndola", "On the shelf", |row| row.on_shelf.clone())
            .number("En camino", "On the way", |row| row.on_the_way.clone())
            .number("Disponible", "Available", |row| row.available.clone())
    }
}

/// The lots to take from, each with how much of it; goods nobody told apart are not named.
fn told_lots(row: &RestockItem) -> Vec<String> {
    let told = |lot: &RestockLotItem| {
        let name = told_lot(&lot.code, lot.expires_on.as_deref())?;
        Some(format!("{name}: {}", lot.quantity))
    };
    row.lots.iter().filter_map(told).collect()
}

/// What to bring from the storeroom to the shelves, by name.
#[utoipa::path(get, path = "/api/v1/transfers/restock", tag = "transfers", params(RestockParams),
    responses((status = 200, description = "A page of products to bring", body = Page<RestockItem>)))]
async fn list_restock(asked: Listing<RestockParams>) -> Result<Response, Problem> {
    asked.answer().await
}

fn known_place(errors: &mut Errors, places: &Places, field: &str, code: &str) -> Uuid {
    match places.by_code(code).filter(|place| place.kind.is_real()) {
        Some(place) => place.id,
        None => {
            let (es, en) = (format!("No hay ningún lugar «{code}»."), format!("There is no place \"{code}\"."));
            errors.add(field, "unknown_location", es, en);
            Uuid::nil()
        }
    }
}
