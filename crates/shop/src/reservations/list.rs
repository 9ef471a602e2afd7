//! The list of reservations over HTTP: what narrows it, a page of it, and the whole as a file.

use axum::response::Response;
use gondola_ledger::ReservationState;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::api::{ReservationItem, item};
use super::queries::{self, ReservationFilter, ReservationKey};
use super::scalars::ReservationStateCode;
use crate::kernel::scalars::{FilterText, ProductName};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};
use crate::stock::{ProductRef, parse_product};

/// The route of this file.
pub(super) fn endpoint() -> Endpoint {
    Endpoint::list::<ReservationParams>(utoipa_axum::routes!(list_reservations))
}

/// Which reservations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReservationParams {
    /// `sku:SKU` or the product's id.
    #[param(value_type = Option<ProductName>, nullable = false)]
    pub product: Option<String>,
    /// Code of the place.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub location: Option<String>,
    /// `pending`, `posted`, `voided` or `expired`.
    #[param(value_type = Option<ReservationStateCode>, nullable = false)]
    pub state: Option<String>,
}

impl ReservationParams {
    fn filter(self) -> Result<ReservationFilter, Problem> {
        let mut errors = Errors::new();
        let product = self.product.and_then(|text| parse_product(&mut errors, &text));
        let state = self.state.and_then(|code| {
            let state = ReservationState::from_code(&code);
            if state.is_none() {
                let known = ReservationState::ALL.map(ReservationState::code).join(", ");
                let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
                errors.add("state", "unknown_state", es, en);
            }
            state.map(ReservationState::code)
        });
        errors.finish()?;
        let (product, sku) = match product {
            Some(ProductRef::Id(id)) => (Some(id), None),
            Some(ProductRef::Sku(sku)) => (None, Some(sku)),
            None => (None, None),
        };
        Ok(ReservationFilter { product, sku, location: self.location, state })
    }
}

impl List for ReservationParams {
    type Item = ReservationItem;
    type Key = ReservationKey;
    type Filter = ReservationFilter;

    const NAME: &'static str = "reservations";
    const TITLE: [&'static str; 2] = ["Reservas", "Reservations"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<ReservationFilter>, Problem> {
        self.filter().map(Some)
    }

    async fn page(
        filter: &ReservationFilter,
        reader: &mut Reader,
        after: Option<ReservationKey>,
        limit: i64,
    ) -> Result<Page<ReservationItem>, Problem> {
        let rows = queries::reservations(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id), item))
    }

    fn columns(_: Option<&ReservationFilter>) -> Columns<ReservationItem> {
        Columns::<ReservationItem>::new()
            .instant("Hecha", "Made", |row| row.created_at.clone())
            .word("reservation.state_", "Estado", "State", |row| row.state.clone())
            .text("SKU", "SKU", |row| row.product.trim_start_matches("sku:").to_owned())
            .text("Producto", "Product", |row| row.name.clone())
            .text("Ubicación", "Place", |row| row.location.clone())
            .number("Cantidad", "Quantity", |row| row.quantity.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .instant("Hasta", "Until", |row| row.expires_at.clone())
            .text("Para", "For", |row| row.reason.clone())
            .text("Comprobante", "Document", |row| row.document.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .text("Por qué terminó", "Why it ended", |row| row.closing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Reservations, newest first.
#[utoipa::path(get, path = "/api/v1/reservations", tag = "reservations", params(ReservationParams),
    responses((status = 200, description = "A page of reservations", body = Page<ReservationItem>)))]
async fn list_reservations(asked: Listing<ReservationParams>) -> Result<Response, Problem> {
    asked.answer().await
}
