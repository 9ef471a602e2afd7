//! The notebook as a list over HTTP: what narrows it, a page of it, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry::{Action, EntryState};
use super::queries::{self, EntryFilter, EntryKey};
use super::scalars::{ActionCode, EntryStateCode};
use super::views::{EntryItem, item};
use crate::kernel::scalars::FilterText;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};

/// The route of this file.
pub(super) fn endpoint() -> Endpoint {
    Endpoint::list::<EntryParams>(utoipa_axum::routes!(list_entries))
}

/// Which lines.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntryParams {
    /// `pending`, `ordered`, `received` or `discarded`.
    #[param(value_type = Option<EntryStateCode>, nullable = false)]
    pub state: Option<String>,
    /// Code of whom they are bought from.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
    /// `restock`, `purchase`, `remark` or `incident`.
    #[param(value_type = Option<ActionCode>, nullable = false)]
    pub action: Option<String>,
}

impl List for EntryParams {
    type Item = EntryItem;
    type Key = EntryKey;
    type Filter = EntryFilter;

    const NAME: &'static str = "notebook";
    const TITLE: [&'static str; 2] = ["Cuaderno", "Notebook"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<EntryFilter>, Problem> {
        let mut errors = Errors::new();
        let state = self.state.and_then(|code| parse_state(&mut errors, &code)).map(EntryState::code);
        let action = self.action.and_then(|code| parse_action(&mut errors, &code)).map(Action::code);
        errors.finish()?;
        Ok(Some(EntryFilter { state, supplier: self.supplier, action }))
    }

    async fn page(
        filter: &EntryFilter,
        reader: &mut Reader,
        after: Option<EntryKey>,
        limit: i64,
    ) -> Result<Page<EntryItem>, Problem> {
        let rows = queries::entries(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.entry.noted_at, row.entry.id), item))
    }

    fn columns(_: Option<&EntryFilter>) -> Columns<EntryItem> {
        Columns::<EntryItem>::new()
            .instant("Anotado", "Noted", |row| row.noted_at.clone())
            .word("notebook.action_", "Qué hacer", "What to do", |row| row.action.clone())
            .word("notebook.state_", "Estado", "State", |row| row.state.clone())
            .word("notebook.priority_", "Prioridad", "Priority", |row| row.priority.clone())
            .text("SKU", "SKU", |row| row.product.as_deref().map(|sku| sku.trim_start_matches("sku:").to_owned()))
            .text("Producto", "Product", |row| row.name.clone())
            .text("Anotado así", "As noted", |row| row.text.clone())
            .number("Cantidad", "Quantity", |row| row.quantity.clone())
            .text("Unidad", "Unit", |row| row.unit.clone())
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .text("Quién", "Who", |row| row.notes.iter().map(|note| note.user.clone()).collect::<Vec<_>>())
            .text("Motivo", "Reason", |row| row.reason.clone())
            .text("Por qué se tachó", "Why crossed out", |row| row.closing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Lines of the notebook, the one noted last on top.
#[utoipa::path(get, path = "/api/v1/notebook", tag = "notebook", params(EntryParams),
    responses((status = 200, description = "A page of the notebook", body = Page<EntryItem>)))]
async fn list_entries(asked: Listing<EntryParams>) -> Result<Response, Problem> {
    asked.answer().await
}

pub(super) fn parse_action(errors: &mut Errors, code: &str) -> Option<Action> {
    let action = Action::from_code(code);
    if action.is_none() {
        let known = Action::ALL.map(Action::code).join(", ");
        let (es, en) = (format!("Las acciones son: {known}."), format!("The actions are: {known}."));
        errors.add("action", "unknown_action", es, en);
    }
    action
}

fn parse_state(errors: &mut Errors, code: &str) -> Option<EntryState> {
    let state = EntryState::from_code(code);
    if state.is_none() {
        let known = EntryState::ALL.map(EntryState::code).join(", ");
        let (es, en) = (format!("Los estados son: {known}."), format!("The states are: {known}."));
        errors.add("state", "unknown_state", es, en);
    }
    state
}
