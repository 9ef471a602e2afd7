//! The lists of invoices and of claims over HTTP: what narrows them, a page, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::claims::ClaimState;
use super::queries::{self, ClaimFilter, InvoiceFilter, InvoiceKey};
use super::scalars::{ClaimStateCode, InvoiceStateCode};
use super::state::InvoiceState;
use super::views::{ClaimItem, InvoiceItem, claim_item, item};
use crate::kernel::scalars::FilterText;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<InvoiceParams>(utoipa_axum::routes!(list_invoices)),
        Endpoint::list::<ClaimParams>(utoipa_axum::routes!(list_claims)),
    ]
}

/// A state by its code, or a problem that names those there are.
fn state_of<S>(code: Option<String>, parse: impl Fn(&str) -> Option<S>, known: &[&str]) -> Result<Option<S>, Problem> {
    let mut errors = Errors::new();
    let state = code.and_then(|code| {
        let state = parse(&code);
        if state.is_none() {
            let known = known.join(", ");
            let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
            errors.add("state", "unknown_state", es, en);
        }
        state
    });
    errors.finish()?;
    Ok(state)
}

/// Which invoices.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvoiceParams {
    /// `pending`, `extracted`, `validated`, `applied`, `error` or `rejected`.
    #[param(value_type = Option<InvoiceStateCode>, nullable = false)]
    pub state: Option<String>,
    /// Code of the supplier.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
}

impl List for InvoiceParams {
    type Item = InvoiceItem;
    type Key = InvoiceKey;
    type Filter = InvoiceFilter;

    const NAME: &'static str = "invoices";
    const TITLE: [&'static str; 2] = ["Facturas de proveedores", "Suppliers' invoices"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<InvoiceFilter>, Problem> {
        let known = InvoiceState::ALL.map(InvoiceState::code);
        let state = state_of(self.state, InvoiceState::from_code, &known)?.map(InvoiceState::code);
        Ok(Some(InvoiceFilter { state, supplier: self.supplier }))
    }

    async fn page(
        filter: &InvoiceFilter,
        reader: &mut Reader,
        after: Option<InvoiceKey>,
        limit: i64,
    ) -> Result<Page<InvoiceItem>, Problem> {
        let rows = queries::invoices(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id), item))
    }

    fn columns(_: Option<&InvoiceFilter>) -> Columns<InvoiceItem> {
        Columns::<InvoiceItem>::new()
            .whole("Número", "Number", |row| row.number)
            .word("invoice.state_", "Estado", "State", |row| row.state.clone())
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .text("Nombre", "Name", |row| row.supplier_name.clone())
            .word("invoice.kind_", "Tipo", "Kind", |row| row.kind.clone())
            .text("Letra", "Letter", |row| row.letter.clone())
            .text("Comprobante", "Document", |row| row.document.clone())
            .day("Fecha", "Date", |row| row.issued_on.clone())
            .day("Vence", "Due", |row| row.due_on.clone())
            .money("Total", "Total", |row| row.total.clone())
            .number("Confianza", "Confidence", |row| row.confidence.clone())
            .whole("Renglones", "Lines", |row| row.lines_total)
            .whole("Sin producto", "Unmatched", |row| row.lines_unmatched)
            .text("Archivo", "File", |row| row.file_name.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .instant("Cargada", "Loaded", |row| row.created_at.clone())
            .text("La aplicó", "Applied by", |row| row.applied_by.clone())
            .instant("Aplicada", "Applied", |row| row.applied_at.clone())
            .text("La anuló", "Reversed by", |row| row.reversed_by.clone())
            .instant("Anulada", "Reversed", |row| row.reversed_at.clone())
            .text("Por qué se anuló", "Why reversed", |row| row.reversing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Invoices, newest first.
#[utoipa::path(get, path = "/api/v1/invoices", tag = "invoices", params(InvoiceParams),
    responses((status = 200, description = "A page of invoices", body = Page<InvoiceItem>)))]
async fn list_invoices(asked: Listing<InvoiceParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Which claims.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClaimParams {
    /// `open`, `settled` or `dropped`.
    #[param(value_type = Option<ClaimStateCode>, nullable = false)]
    pub state: Option<String>,
    /// Code of the supplier.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
}

impl List for ClaimParams {
    type Item = ClaimItem;
    type Key = InvoiceKey;
    type Filter = ClaimFilter;

    const NAME: &'static str = "supplier-claims";
    const TITLE: [&'static str; 2] = ["Reclamos a proveedores", "Claims against suppliers"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<ClaimFilter>, Problem> {
        let known = ClaimState::ALL.map(ClaimState::code);
        let state = state_of(self.state, ClaimState::from_code, &known)?.map(ClaimState::code);
        Ok(Some(ClaimFilter { state, supplier: self.supplier }))
    }

    async fn page(
        filter: &ClaimFilter,
        reader: &mut Reader,
        after: Option<InvoiceKey>,
        limit: i64,
    ) -> Result<Page<ClaimItem>, Problem> {
        let rows = queries::claims(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id), claim_item))
    }

    fn columns(_: Option<&ClaimFilter>) -> Columns<ClaimItem> {
        Columns::<ClaimItem>::new()
            .whole("Número", "Number", |row| row.number)
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .text("Nombre", "Name", |row| row.supplier_name.clone())
            .whole("Factura", "Invoice", |row| row.invoice_number)
            .word("invoice.claim_", "Qué", "What", |row| row.kind.clone())
            .text("Producto", "Product", |row| {
                row.product.as_deref().map(|sku| sku.trim_start_matches("sku:").to_owned())
            })
            .text("Detalle", "Detail", |row| row.text.clone())
            .number("Facturado o acordado", "Billed or agreed", |row| row.expected.clone())
            .number("Recibido o cobrado", "Received or charged", |row| row.found.clone())
            .money("Importe", "Amount", |row| row.amount.clone())
            .word("invoice.claim_state_", "Estado", "State", |row| row.state.clone())
            .instant("Desde", "Since", |row| row.created_at.clone())
            .text("Lo cerró", "Ended by", |row| row.ended_by.clone())
            .instant("Cerrado", "Ended", |row| row.ended_at.clone())
            .text("Cómo", "How", |row| row.ending.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Claims, newest first.
#[utoipa::path(get, path = "/api/v1/supplier-claims", tag = "invoices", params(ClaimParams),
    responses((status = 200, description = "A page of claims", body = Page<ClaimItem>)))]
async fn list_claims(asked: Listing<ClaimParams>) -> Result<Response, Problem> {
    asked.answer().await
}
