//! The lists about counts over HTTP: the counts, what was counted, and the sheet of what to count; what
//! narrows them, a page, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::api::parse_id;
use super::queries::{self, Count, CountFilter, CountKey, CountedLine, LineFilter, SheetFilter};
use super::refusal::CountState;
use super::scalars::{CountStateCode, CountedFilterCode};
use super::views::{CountItem, CountedLineItem, SheetItem, SheetLotItem, item, line_item, sheet_item};
use crate::kernel::scalars::FilterText;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};
use crate::stock::told_lot;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<CountParams>(utoipa_axum::routes!(list_counts)),
        Endpoint::list::<CountedParams>(utoipa_axum::routes!(list_counted)),
        Endpoint::list::<SheetParams>(utoipa_axum::routes!(get_sheet)),
    ]
}

/// Which counts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountParams {
    /// Code of the place.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub location: Option<String>,
    /// `open`, `posted` or `cancelled`.
    #[param(value_type = Option<CountStateCode>, nullable = false)]
    pub state: Option<String>,
}

impl List for CountParams {
    type Item = CountItem;
    type Key = CountKey;
    type Filter = CountFilter;

    const NAME: &'static str = "counts";
    const TITLE: [&'static str; 2] = ["Conteos", "Counts"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<CountFilter>, Problem> {
        let mut errors = Errors::new();
        let state = self.state.and_then(|code| {
            let state = CountState::from_code(&code);
            if state.is_none() {
                let known = CountState::ALL.map(CountState::code).join(", ");
                let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
                errors.add("state", "unknown_state", es, en);
            }
            state.map(CountState::code)
        });
        errors.finish()?;
        Ok(Some(CountFilter { location: self.location, state, only_ended: false }))
    }

    async fn page(
        filter: &CountFilter,
        reader: &mut Reader,
        after: Option<CountKey>,
        limit: i64,
    ) -> Result<Page<CountItem>, Problem> {
        let rows = queries::counts(reader, filter, after, limit).await?;
        let actor = reader.actor();
        let shown = |row: Count| {
            let sees = row.shows_expected_to(actor);
            item(row, sees)
        };
        Ok(Page::cut(rows, limit, |row| (row.opened_at, row.id), shown))
    }

    fn columns(_: Option<&CountFilter>) -> Columns<CountItem> {
        Columns::<CountItem>::new()
            .instant("Empezó", "Begun", |row| row.opened_at.clone())
            .word("count.state_", "Estado", "State", |row| row.state.clone())
            .text("Ubicación", "Place", |row| row.location.clone())
            .flag("A ciegas", "Blind", |row| row.blind)
            .text("Motivo", "Reason", |row| row.reason.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .whole("Renglones", "Lines", |row| row.lines_total)
            .whole("A recontar", "To recount", |row| row.lines_to_recount)
            .whole("Con diferencia", "With a difference", |row| row.differences)
            .instant("Terminó", "Ended", |row| row.closed_at.clone())
            .text("Lo cerró", "Ended by", |row| row.closed_by.clone())
            .text("Por qué", "Why", |row| row.closing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Counts, newest first.
#[utoipa::path(get, path = "/api/v1/counts", tag = "counts", params(CountParams),
    responses((status = 200, description = "A page of counts", body = Page<CountItem>)))]
async fn list_counts(asked: Listing<CountParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Which lines of a count.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountedParams {
    /// The count.
    #[param(ignore)]
    pub id: String,
    /// `recount`: only those to count again; `different`: only those that differ, when you may see it.
    #[param(value_type = Option<CountedFilterCode>, nullable = false)]
    pub only: Option<String>,
}

/// A count's lines, and whether their reader may know what was expected.
pub struct CountedFilter {
    count: Uuid,
    lines: LineFilter,
    sees: bool,
}

impl List for CountedParams {
    type Item = CountedLineItem;
    type Key = (String, Uuid, Uuid);
    type Filter = CountedFilter;

    const NAME: &'static str = "count-lines";
    const TITLE: [&'static str; 2] = ["Conteo", "Count"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<CountedFilter>, Problem> {
        let (only_recount, only_different) = match self.only.as_deref() {
            None => (false, false),
            Some("recount") => (true, false),
            Some("different") => (false, true),
            Some(_) => {
                let (es, en) = ("Va recount o different.", "It is recount or different.");
                return Err(Problem::invalid_field("only", "unknown_filter", es, en));
            }
        };
        let count = queries::count(reader, parse_id(&self.id)?).await?.ok_or_else(Problem::not_found)?;
        let sees = count.shows_expected_to(reader.actor());
        if only_different && !sees {
            return Err(Problem::forbidden());
        }
        let lines = LineFilter { only_recount, only_different, after: None };
        Ok(Some(CountedFilter { count: count.id, lines, sees }))
    }

    async fn page(
        filter: &CountedFilter,
        reader: &mut Reader,
        after: Option<Self::Key>,
        limit: i64,
    ) -> Result<Page<CountedLineItem>, Problem> {
        let lines = LineFilter { after, ..filter.lines.clone() };
        let rows = queries::counted_lines(reader, filter.count, &lines, limit).await?;
        let key = |row: &CountedLine| (row.name_folded.clone(), row.product_id, row.lot_id);
        Ok(Page::cut(rows, limit, key, |row| line_item(row, filter.sees)))
    }

    fn columns(_: Option<&CountedFilter>) -> Columns<CountedLineItem> {
        Columns::<CountedLineItem>::new()
            .text("SKU", "SKU", |row| row.product.trim_start_matches("sku:").to_owned())
            .text("Producto", "Product", |row| row.name.clone())
            .text("Lote", "Lot", |row| row.lot.as_ref().map(|lot| lot.code.clone()))
            .day("Vencimiento", "Expiry", |row| row.lot.as_ref().and_then(|lot| lot.expires_on.clone()))
            .number("Contado", "Counted", |row| row.counted.clone())
            .number("Esperado", "Expected", |row| row.expected.clone())
            .number("Diferencia", "Difference", |row| row.difference.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .flag("A recontar", "To recount", |row| row.recount)
            .whole("Veces", "Times", |row| row.times)
            .text("Quién", "Who", |row| row.user.clone())
            .instant("Cuándo", "When", |row| row.counted_at.clone())
            .whole("Posición", "Position", |row| row.position)
            .text("Movimiento", "Movement", |row| row.movement_id)
    }
}

/// What was counted, by name.
#[utoipa::path(get, path = "/api/v1/counts/{id}/lines", tag = "counts", params(("id" = Uuid, Path), CountedParams),
    responses((status = 200, description = "A page of lines", body = Page<CountedLineItem>)))]
async fn list_counted(asked: Listing<CountedParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Which part of the sheet.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetParams {
    /// The count.
    #[param(ignore)]
    pub id: String,
    /// Category code.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub category: Option<String>,
}

/// The count whose sheet it is, and which part.
pub struct CountSheet {
    count: Count,
    category: Option<String>,
}

impl List for SheetParams {
    type Item = SheetItem;
    type Key = (String, Uuid);
    type Filter = CountSheet;

    const NAME: &'static str = "count-sheet";
    const TITLE: [&'static str; 2] = ["Planilla de conteo", "Count sheet"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<CountSheet>, Problem> {
        let count = queries::count(reader, parse_id(&self.id)?).await?.ok_or_else(Problem::not_found)?;
        Ok(Some(CountSheet { count, category: self.category }))
    }

    async fn page(
        sheet: &CountSheet,
        reader: &mut Reader,
        after: Option<(String, Uuid)>,
        limit: i64,
    ) -> Result<Page<SheetItem>, Problem> {
        let filter = SheetFilter { category: sheet.category.clone(), part: None, after };
        let rows = queries::sheet(reader, &sheet.count, &filter, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.name_folded.clone(), row.id), sheet_item))
    }

    /// With a column to write in what was found.
    fn columns(_: Option<&CountSheet>) -> Columns<SheetItem> {
        Columns::<SheetItem>::new()
            .text("SKU", "SKU", |row| row.product.trim_start_matches("sku:").to_owned())
            .text("Producto", "Product", |row| row.name.clone())
            .text("Categoría", "Category", |row| row.category.clone())
            .text("Lotes", "Lots", |row| told_lots(&row.lots))
            .number("Esperado", "Expected", |row| row.expected.clone())
            .number("Contado", "Counted", |_| "")
            .text("Unidad", "Unit", |row| row.unit.clone())
            .flag("Ya contado", "Counted already", |row| row.counted)
            .flag("A recontar", "To recount", |row| row.recount)
            .whole("Posición", "Position", |row| row.position)
    }
}

/// The lots that were told apart, with their last good day.
fn told_lots(lots: &[SheetLotItem]) -> Vec<String> {
    lots.iter().filter_map(|lot| told_lot(&lot.code, lot.expires_on.as_deref())).collect()
}

/// What there is to count, by name: what the place holds or should hold.
#[utoipa::path(get, path = "/api/v1/counts/{id}/sheet", tag = "counts", params(("id" = Uuid, Path), SheetParams),
    responses((status = 200, description = "A page of the sheet", body = Page<SheetItem>)))]
async fn get_sheet(asked: Listing<SheetParams>) -> Result<Response, Problem> {
    asked.answer().await
}
