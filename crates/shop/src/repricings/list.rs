//! The lists of repricings and of their rows.

use axum::response::Response;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{At, Permission};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::queries::{self, RepricingRow, RowFilter, RowKey, StoredRow};
use super::scalars::{RepricingOutcome, RepricingState};
use super::views::{RepricingView, RowView};
use crate::kernel::fields::{Read, read};
use crate::kernel::time::local_day;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader, Text};
use crate::prices::status_on;

/// The states by their codes.
pub(super) const STATES: [&str; 6] = ["draft", "scheduled", "applied", "rolled_back", "cancelled", "failed"];
/// What becomes of rows, by codes.
pub(super) const OUTCOMES: [&str; 3] = ["applied", "restored", "skipped"];

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<Repricings>(utoipa_axum::routes!(list_repricings)),
        Endpoint::list::<Rows>(utoipa_axum::routes!(list_repricing_rows)),
    ]
}

fn one_of(known: &'static [&'static str], code: &str) -> Read<&'static str> {
    let found = known.iter().copied().find(|one| *one == code);
    found.ok_or_else(|| {
        let codes = known.join(", ");
        ("unknown_word", Text::new(format!("Es uno de estos: {codes}."), format!("It is one of these: {codes}.")))
    })
}

/// Which repricings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Repricings {
    /// Those that are so far.
    #[param(value_type = Option<RepricingState>, nullable = false)]
    pub state: Option<String>,
}

impl List for Repricings {
    type Item = RepricingView;
    type Key = (At, Uuid);
    type Filter = Option<&'static str>;

    const NAME: &'static str = "repricings";
    const TITLE: [&'static str; 2] = ["Cambios de precios", "Repricings"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<Self::Filter>, Problem> {
        let mut errors = Errors::new();
        let state = read(&mut errors, "state", self.state, |code| one_of(&STATES, code));
        errors.finish()?;
        Ok(Some(state))
    }

    async fn page(
        state: &Self::Filter,
        reader: &mut Reader,
        before: Option<Self::Key>,
        limit: i64,
    ) -> Result<Page<RepricingView>, Problem> {
        let rows = queries::list(&mut reader.tx(), *state, before, limit).await?;
        let page = Page::cut(rows, limit, |row: &RepricingRow| (row.built_at, row.id), RepricingView::of);
        let items = page.items.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Page { items, next: page.next })
    }

    fn columns(_: Option<&Self::Filter>) -> Columns<RepricingView> {
        Columns::<RepricingView>::new()
            .instant("Preparado", "Built", |row| row.built_at.clone())
            .word("repricing.state_", "Estado", "State", |row| row.state.clone())
            .word("repricing.rule_", "Regla", "Rule", |row| row.rule)
            .money("%", "%", |row| row.percent.clone())
            .text("Rubro", "Category", |row| row.category.clone())
            .text("Marca", "Brand", |row| row.brand.clone())
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .text("Motivo", "Reason", |row| row.reason.clone())
            .text("Quién", "Who", |row| row.built_by.clone())
            .instant("Aplicado", "Applied", |row| row.applied_at.clone())
            .instant("Deshecho", "Rolled back", |row| row.rolled_back_at.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Repricings, newest first.
#[utoipa::path(get, path = "/api/v1/repricings", tag = "repricings", params(Repricings),
    responses((status = 200, description = "A page of them", body = Page<RepricingView>)))]
async fn list_repricings(asked: Listing<Repricings>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Which rows of a repricing.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Rows {
    /// Of which repricing.
    #[param(ignore)]
    pub id: String,
    /// Those that break a guard, or those that do not.
    #[param(value_type = Option<bool>, nullable = false)]
    pub guarded: Option<bool>,
    /// Those of which this became.
    #[param(value_type = Option<RepricingOutcome>, nullable = false)]
    pub outcome: Option<String>,
}

/// Rows that somebody asked for.
pub struct RowsAsked {
    repricing: Uuid,
    filter: RowFilter,
    status: TaxStatus,
}

impl List for Rows {
    type Item = RowView;
    type Key = RowKey;
    type Filter = RowsAsked;

    const NAME: &'static str = "repricing-rows";
    const TITLE: [&'static str; 2] = ["Precios de un cambio", "Prices of a repricing"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<RowsAsked>, Problem> {
        let mut errors = Errors::new();
        let outcome = read(&mut errors, "outcome", self.outcome, |code| one_of(&OUTCOMES, code));
        errors.finish()?;
        let repricing = Uuid::try_parse(&self.id).map_err(|_| Problem::not_found())?;
        let day = local_day(reader.now(), &app.zone);
        let mut tx = reader.tx();
        queries::find(&mut tx, repricing).await?.ok_or_else(Problem::not_found)?;
        let status = status_on(&mut tx, day).await?;
        Ok(Some(RowsAsked { repricing, filter: RowFilter { guarded: self.guarded, outcome }, status }))
    }

    async fn page(
        asked: &RowsAsked,
        reader: &mut Reader,
        after: Option<RowKey>,
        limit: i64,
    ) -> Result<Page<RowView>, Problem> {
        let rows = queries::rows(&mut reader.tx(), asked.repricing, asked.filter, after, limit).await?;
        let key = |row: &StoredRow| (row.position, row.product_id);
        Ok(Page::cut(rows, limit, key, |row| RowView::of(row, asked.status)))
    }

    fn columns(_: Option<&RowsAsked>) -> Columns<RowView> {
        Columns::<RowView>::new()
            .text("SKU", "SKU", |row| row.sku.clone())
            .text("Nombre", "Name", |row| row.name.clone())
            .cost("Costo de antes", "Old cost", |row| row.old_cost.clone())
            .cost("Costo nuevo", "New cost", |row| row.new_cost.clone())
            .money("Precio de antes", "Old price", |row| row.old_price.clone())
            .money("Precio", "Price", |row| Some(row.new_price.clone()))
            .money("Recargo %", "Markup %", |row| row.markup.clone())
            .money("Margen %", "Margin %", |row| row.margin.clone())
            .word("price.severity_", "Gravedad", "Severity", |row| row.severity.clone())
            .money("En juego por mes", "At stake a month", |row| Some(row.at_stake.clone()))
            .word("repricing.guard_", "Guarda", "Guard", |row| row.guard.clone())
            .flag("Afuera", "Left out", |row| row.excluded)
            .word("repricing.outcome_", "Qué pasó", "Outcome", |row| row.outcome.clone())
    }
}

/// What a repricing does, product by product: what is clear first, most pesos at stake on top.
#[utoipa::path(get, path = "/api/v1/repricings/{id}/rows", tag = "repricings",
    params(("id" = Uuid, Path), Rows),
    responses((status = 200, description = "A page of rows", body = Page<RowView>)))]
async fn list_repricing_rows(asked: Listing<Rows>) -> Result<Response, Problem> {
    asked.answer().await
}
