//! The lists of orders, of deliveries and of what to order over HTTP: what narrows them, a page, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::queries::{self, OrderFilter, OrderKey, ReceiptFilter};
use super::receipt_views::{ReceiptItem, SuggestionItem, receipt_item, suggestion_item};
use super::scalars::OrderStateCode;
use super::state::OrderState;
use super::suggest::{self, SuggestionKey};
use super::views::{Costs, OrderItem, item};
use crate::kernel::scalars::FilterText;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<OrderParams>(utoipa_axum::routes!(list_orders)),
        Endpoint::list::<ReceiptParams>(utoipa_axum::routes!(list_receipts)),
        Endpoint::list::<SuggestionParams>(utoipa_axum::routes!(list_suggestions)),
    ]
}

/// Which orders.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrderParams {
    /// `draft`, `sent`, `partial`, `received`, `closed` or `cancelled`.
    #[param(value_type = Option<OrderStateCode>, nullable = false)]
    pub state: Option<String>,
    /// Code of the supplier.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
}

impl List for OrderParams {
    type Item = OrderItem;
    type Key = OrderKey;
    type Filter = OrderFilter;

    const NAME: &'static str = "purchase-orders";
    const TITLE: [&'static str; 2] = ["Pedidos", "Purchase orders"];
    const NEEDS: Permission = Permission::ReadPurchases;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<OrderFilter>, Problem> {
        let mut errors = Errors::new();
        let state = self.state.and_then(|code| {
            let state = OrderState::from_code(&code);
            if state.is_none() {
                let known = OrderState::ALL.map(OrderState::code).join(", ");
                let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
                errors.add("state", "unknown_state", es, en);
            }
            state.map(OrderState::code)
        });
        errors.finish()?;
        Ok(Some(OrderFilter { state, supplier: self.supplier }))
    }

    async fn page(
        filter: &OrderFilter,
        reader: &mut Reader,
        after: Option<OrderKey>,
        limit: i64,
    ) -> Result<Page<OrderItem>, Problem> {
        let rows = queries::orders(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id), item))
    }

    fn columns(_: Option<&OrderFilter>) -> Columns<OrderItem> {
        Columns::<OrderItem>::new()
            .whole("Número", "Number", |row| row.number)
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .text("Nombre", "Name", |row| row.supplier_name.clone())
            .word("order.state_", "Estado", "State", |row| row.state.clone())
            .instant("Empezado", "Begun", |row| row.created_at.clone())
            .instant("Enviado", "Sent", |row| row.sent_at.clone())
            .day("Prometido", "Promised", |row| row.promised_on.clone())
            .instant("Recibido", "Received", |row| row.received_at.clone())
            .whole("Renglones", "Lines", |row| row.lines_total)
            .whole("Faltan", "Missing", |row| row.lines_missing)
            .text("Aclaración", "Note", |row| row.notes.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .instant("Terminado", "Ended", |row| row.closed_at.clone())
            .text("Lo terminó", "Ended by", |row| row.closed_by.clone())
            .text("Por qué terminó", "Why it ended", |row| row.closing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Orders, newest first.
#[utoipa::path(get, path = "/api/v1/purchase-orders", tag = "purchasing", params(OrderParams),
    responses((status = 200, description = "A page of orders", body = Page<OrderItem>)))]
async fn list_orders(asked: Listing<OrderParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Which deliveries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReceiptParams {
    /// Code of whom they came from.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
    /// Id of the order they belong to.
    #[param(value_type = Option<Uuid>, nullable = false)]
    pub order: Option<String>,
}

impl List for ReceiptParams {
    type Item = ReceiptItem;
    type Key = OrderKey;
    type Filter = ReceiptFilter;

    const NAME: &'static str = "goods-receipts";
    const TITLE: [&'static str; 2] = ["Recepciones", "Goods receipts"];
    const NEEDS: Permission = Permission::ReadPurchases;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<ReceiptFilter>, Problem> {
        let order = match self.order.as_deref().map(Uuid::try_parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => {
                let (es, en) = ("Va el id de un pedido.", "It is the id of an order.");
                return Err(Problem::invalid_field("order", "bad_reference", es, en));
            }
        };
        Ok(Some(ReceiptFilter { supplier: self.supplier, order }))
    }

    async fn page(
        filter: &ReceiptFilter,
        reader: &mut Reader,
        after: Option<OrderKey>,
        limit: i64,
    ) -> Result<Page<ReceiptItem>, Problem> {
        let rows = queries::receipts(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.received_at, row.id), receipt_item))
    }

    fn columns(_: Option<&ReceiptFilter>) -> Columns<ReceiptItem> {
        Columns::<ReceiptItem>::new()
            .whole("Número", "Number", |row| row.number)
            .instant("Recibido", "Received", |row| row.received_at.clone())
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .whole("Pedido", "Order", |row| row.order_number)
            .text("Ubicación", "Place", |row| row.location.clone())
            .text("Comprobante", "Document", |row| row.document.clone())
            .text("Motivo", "Reason", |row| row.reason.clone())
            .whole("Renglones", "Lines", |row| row.lines_total)
            .text("Quién", "Who", |row| row.user.clone())
            .instant("Anulada", "Undone", |row| row.reversed_at.clone())
            .text("La anuló", "Undone by", |row| row.reversed_by.clone())
            .text("Por qué se anuló", "Why undone", |row| row.reversing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Deliveries, newest first.
#[utoipa::path(get, path = "/api/v1/goods-receipts", tag = "purchasing", params(ReceiptParams),
    responses((status = 200, description = "A page of deliveries", body = Page<ReceiptItem>)))]
async fn list_receipts(asked: Listing<ReceiptParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// From whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestionParams {
    /// Code of the supplier.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
}

impl List for SuggestionParams {
    type Item = SuggestionItem;
    type Key = SuggestionKey;
    type Filter = Option<String>;

    const NAME: &'static str = "purchase-suggestions";
    const TITLE: [&'static str; 2] = ["Sugerencias de pedido", "Purchase suggestions"];
    const NEEDS: Permission = Permission::ReadPurchases;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<Option<String>>, Problem> {
        Ok(Some(self.supplier))
    }

    async fn page(
        supplier: &Option<String>,
        reader: &mut Reader,
        after: Option<SuggestionKey>,
        limit: i64,
    ) -> Result<Page<SuggestionItem>, Problem> {
        let costs = Costs::of(reader.sees_cost());
        let rows = suggest::suggestions(reader, supplier.as_deref(), after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.name_folded.clone(), row.id), |row| suggestion_item(row, costs)))
    }

    fn columns(_: Option<&Option<String>>) -> Columns<SuggestionItem> {
        Columns::<SuggestionItem>::new()
            .text("SKU", "SKU", |row| row.product.trim_start_matches("sku:").to_owned())
            .text("Producto", "Product", |row| row.name.clone())
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .number("Pedir", "Order", |row| row.quantity.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .number("Por bulto", "Per pack", |row| row.pack.clone())
            .number("Hay", "On hand", |row| row.on_hand.clone())
            .number("En camino", "On order", |row| row.on_order.clone())
            .word("level.", "Nivel", "Level", |row| row.level.clone())
            .cost("Último costo", "Last cost", |row| row.last_cost.clone())
    }
}

/// What to order, by name.
#[utoipa::path(get, path = "/api/v1/purchase-orders/suggestions", tag = "purchasing", params(SuggestionParams),
    responses((status = 200, description = "A page of products to order", body = Page<SuggestionItem>)))]
async fn list_suggestions(asked: Listing<SuggestionParams>) -> Result<Response, Problem> {
    asked.answer().await
}
