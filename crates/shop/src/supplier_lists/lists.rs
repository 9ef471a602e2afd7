//! The lists of price lists, of their lines, of what is gone and of what suppliers ask: what narrows them, a page, and the
//! whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::lines::{Certainty, Change};
use super::queries::{self, LineFilter, ListFilter, ListKey, ListRow, StoredLine};
use super::scalars::{PriceListCertainty, PriceListChange, PriceListOutcome, PriceListState};
use super::views::{LineView, ListView, OfferView};
use crate::catalogue;
use crate::kernel::fields::{Read, read};
use crate::kernel::scalars::{FilterText, ProductName};
use crate::kernel::time::{Day, local_day};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader, Text};
use crate::stock::ProductRef;

/// The states by their codes.
pub(super) const STATES: [&str; 4] = ["draft", "applied", "reversed", "discarded"];
/// What becomes of lines, by codes.
pub(super) const OUTCOMES: [&str; 3] = ["applied", "reversed", "skipped"];

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<PriceLists>(utoipa_axum::routes!(list_price_lists)),
        Endpoint::list::<PriceListLines>(utoipa_axum::routes!(list_price_list_lines)),
        Endpoint::list::<GoneLines>(utoipa_axum::routes!(list_gone_lines)),
        Endpoint::list::<SupplierCosts>(utoipa_axum::routes!(list_supplier_costs)),
    ]
}

/// The one of some words that a text is.
fn one_of(known: impl IntoIterator<Item = &'static str> + Clone, code: &str) -> Read<&'static str> {
    let found = known.clone().into_iter().find(|one| *one == code);
    found.ok_or_else(|| {
        let codes = known.into_iter().collect::<Vec<_>>().join(", ");
        ("unknown_word", Text::new(format!("Es uno de estos: {codes}."), format!("It is one of these: {codes}.")))
    })
}

/// Which price lists.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PriceLists {
    /// Those that stand so.
    #[param(value_type = Option<PriceListState>, nullable = false)]
    pub state: Option<String>,
    /// Code of the supplier.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
}

/// Price lists that somebody asked for, and the day they are told on.
pub struct ListsAsked {
    filter: ListFilter,
    today: Day,
}

impl List for PriceLists {
    type Item = ListView;
    type Key = ListKey;
    type Filter = ListsAsked;

    const NAME: &'static str = "supplier-price-lists";
    const TITLE: [&'static str; 2] = ["Listas de proveedores", "Suppliers' price lists"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<ListsAsked>, Problem> {
        let mut errors = Errors::new();
        let state = read(&mut errors, "state", self.state, |code| one_of(STATES, code));
        errors.finish()?;
        let today = local_day(reader.now(), &app.zone);
        Ok(Some(ListsAsked { filter: ListFilter { state, supplier: self.supplier }, today }))
    }

    async fn page(
        asked: &ListsAsked,
        reader: &mut Reader,
        before: Option<ListKey>,
        limit: i64,
    ) -> Result<Page<ListView>, Problem> {
        let rows = queries::lists(&mut reader.tx(), &asked.filter, before, limit).await?;
        Ok(Page::cut(rows, limit, |row: &ListRow| (row.created_at, row.id), |row| ListView::of(row, asked.today)))
    }

    fn columns(_: Option<&ListsAsked>) -> Columns<ListView> {
        Columns::<ListView>::new()
            .whole("Número", "Number", |row| row.number)
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .text("Nombre del proveedor", "Supplier's name", |row| row.supplier_name.clone())
            .text("Lista", "List", |row| row.name.clone())
            .word("price_list.state_", "Estado", "State", |row| row.state.clone())
            .day("Desde", "From", |row| row.valid_from.clone())
            .day("Hasta", "To", |row| row.valid_to.clone())
            .flag("Vencida", "Expired", |row| row.expired)
            .text("Archivo", "File", |row| row.file_name.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .instant("Cargada", "Loaded", |row| row.created_at.clone())
            .text("La aplicó", "Applied by", |row| row.applied_by.clone())
            .instant("Aplicada", "Applied", |row| row.applied_at.clone())
            .text("La deshizo", "Taken back by", |row| row.reversed_by.clone())
            .instant("Deshecha", "Taken back", |row| row.reversed_at.clone())
            .text("Por qué se deshizo", "Why taken back", |row| row.reversing_reason.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// Suppliers' price lists, newest first.
#[utoipa::path(get, path = "/api/v1/supplier-price-lists", tag = "suppliers", params(PriceLists),
    responses((status = 200, description = "A page of them", body = Page<ListView>)))]
async fn list_price_lists(asked: Listing<PriceLists>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Which lines of a price list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PriceListLines {
    /// Of which list.
    #[param(ignore)]
    pub id: String,
    /// Those that changed so since the supplier's last list.
    #[param(value_type = Option<PriceListChange>, nullable = false)]
    pub change: Option<String>,
    /// Those whose product is known so.
    #[param(value_type = Option<PriceListCertainty>, nullable = false)]
    pub certainty: Option<String>,
    /// Those that are ticked, or those that are not.
    #[param(value_type = Option<bool>, nullable = false)]
    pub chosen: Option<bool>,
    /// Those of which this became.
    #[param(value_type = Option<PriceListOutcome>, nullable = false)]
    pub outcome: Option<String>,
}

impl List for PriceListLines {
    type Item = LineView;
    type Key = i64;
    type Filter = (Uuid, LineFilter);

    const NAME: &'static str = "supplier-price-list-lines";
    const TITLE: [&'static str; 2] = ["Renglones de una lista", "Lines of a price list"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<Self::Filter>, Problem> {
        let mut errors = Errors::new();
        let change = read(&mut errors, "change", self.change, |code| one_of(Change::ALL.map(Change::code), code));
        let certainty =
            read(&mut errors, "certainty", self.certainty, |code| one_of(Certainty::ALL.map(Certainty::code), code));
        let outcome = read(&mut errors, "outcome", self.outcome, |code| one_of(OUTCOMES, code));
        errors.finish()?;
        let id = list_id(&self.id)?;
        queries::find(&mut reader.tx(), id).await?.ok_or_else(Problem::not_found)?;
        Ok(Some((id, LineFilter { change, certainty, chosen: self.chosen, outcome })))
    }

    async fn page(
        asked: &Self::Filter,
        reader: &mut Reader,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Page<LineView>, Problem> {
        let rows = queries::lines(&mut reader.tx(), *asked, after.unwrap_or_default(), limit).await?;
        Ok(Page::cut(rows, limit, |row: &StoredLine| row.line, LineView::of))
    }

    fn columns(_: Option<&Self::Filter>) -> Columns<LineView> {
        line_columns()
    }
}

fn line_columns() -> Columns<LineView> {
    Columns::<LineView>::new()
        .whole("Renglón", "Line", |row| row.line)
        .text("Código", "Code", |row| row.code.clone())
        .text("Código de barras", "Barcode", |row| row.barcode.clone())
        .text("Descripción", "Description", |row| row.text.clone())
        .cost("Precio de lista", "List price", |row| row.price.clone())
        .whole("Unidades por bulto", "Units per case", |row| row.units_per_case)
        .money("Descuento %", "Discount %", |row| row.discount.clone())
        .text("IVA", "VAT", |row| row.vat.clone())
        .text("SKU", "SKU", |row| row.sku.clone())
        .text("Producto", "Product", |row| row.product.clone())
        .word("price_list.certainty_", "Seguridad", "Certainty", |row| row.certainty.clone())
        .number("Parecido", "Likeness", |row| row.score.clone())
        .cost("Costo unitario", "Unit cost", |row| row.unit_cost.clone())
        .cost("Costo en la lista anterior", "Cost in the last list", |row| row.unit_cost_before.clone())
        .word("price_list.change_", "Cambio", "Change", |row| row.change.clone())
        .money("Cambio %", "Change %", |row| row.change_percent.clone())
        .cost("Costo de reposición", "Replacement cost", |row| row.replacement_cost.clone())
        .money("Contra reposición %", "Against replacement %", |row| row.replacement_percent.clone())
        .flag("Marcado", "Ticked", |row| row.chosen)
        .word("price_list.outcome_", "Qué pasó", "Outcome", |row| row.outcome.clone())
}

/// The lines of a price list, in their order.
#[utoipa::path(get, path = "/api/v1/supplier-price-lists/{id}/lines", tag = "suppliers",
    params(("id" = Uuid, Path), PriceListLines),
    responses((status = 200, description = "A page of lines", body = Page<LineView>)))]
async fn list_price_list_lines(asked: Listing<PriceListLines>) -> Result<Response, Problem> {
    asked.answer().await
}

/// What is gone since the supplier's last list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GoneLines {
    /// From which list.
    #[param(ignore)]
    pub id: String,
}

impl List for GoneLines {
    type Item = LineView;
    type Key = i64;
    /// The last list, and the one that does not have them.
    type Filter = (Uuid, Uuid);

    const NAME: &'static str = "supplier-price-list-gone";
    const TITLE: [&'static str; 2] = ["Lo que ya no está en la lista", "Gone from the price list"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<Self::Filter>, Problem> {
        let id = list_id(&self.id)?;
        let list = queries::find(&mut reader.tx(), id).await?.ok_or_else(Problem::not_found)?;
        Ok(list.row.previous_id.map(|previous| (previous, id)))
    }

    async fn page(
        asked: &Self::Filter,
        reader: &mut Reader,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Page<LineView>, Problem> {
        let rows = queries::gone(&mut reader.tx(), *asked, after.unwrap_or_default(), limit).await?;
        Ok(Page::cut(rows, limit, |row: &StoredLine| row.line, LineView::of))
    }

    fn columns(_: Option<&Self::Filter>) -> Columns<LineView> {
        line_columns()
    }
}

/// Lines of the supplier's last list that are not in this one, as that list says them.
#[utoipa::path(get, path = "/api/v1/supplier-price-lists/{id}/gone", tag = "suppliers",
    params(("id" = Uuid, Path), GoneLines),
    responses((status = 200, description = "A page of lines", body = Page<LineView>)))]
async fn list_gone_lines(asked: Listing<GoneLines>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Of which product.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SupplierCosts {
    /// Of which product.
    #[param(ignore)]
    pub product: String,
}

impl List for SupplierCosts {
    type Item = OfferView;
    type Key = ();
    /// The product, and the day.
    type Filter = (Uuid, Day);

    const NAME: &'static str = "supplier-costs";
    const TITLE: [&'static str; 2] = ["Costo por proveedor", "Cost by supplier"];
    const NEEDS: Permission = Permission::ReadCost;
    const PAGED: bool = false;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<Self::Filter>, Problem> {
        let product = ProductRef::parse(&self.product).ok_or_else(Problem::not_found)?;
        let today = local_day(reader.now(), &app.zone);
        let product = catalogue::product(&mut reader.tx(), &product).await?.ok_or_else(Problem::not_found)?;
        Ok(Some((product.id, today)))
    }

    async fn page(
        (product, day): &Self::Filter,
        reader: &mut Reader,
        _: Option<()>,
        _: i64,
    ) -> Result<Page<OfferView>, Problem> {
        let offers = queries::offers(&mut reader.tx(), *product, *day).await?;
        Ok(Page { items: OfferView::all(offers), next: None })
    }

    fn columns(_: Option<&Self::Filter>) -> Columns<OfferView> {
        Columns::<OfferView>::new()
            .text("Proveedor", "Supplier", |row| row.supplier.clone())
            .text("Nombre", "Name", |row| row.supplier_name.clone())
            .cost("Costo unitario", "Unit cost", |row| row.unit_cost.clone())
            .cost("Costo por bulto cerrado", "Cost by the case", |row| row.case_unit_cost.clone())
            .text("Unidades del bulto", "Units of the case", |row| row.case_units.map(|units| units.to_string()))
            .money("Ahorro del bulto", "Saving of the case", |row| row.case_saving.clone())
            .cost("Costo por medida", "Cost per measure", |row| row.cost_per_measure.clone())
            .text("Medida", "Measure", |row| row.measure)
            .money("Sobre el más barato %", "Above the cheapest %", |row| row.above_cheapest.clone())
            .money("Pedido mínimo", "Minimum order", |row| row.minimum_order.clone())
            .text("Unidades del mínimo", "Units of the minimum", |row| row.saving_units.map(|units| units.to_string()))
            .money("Ahorro en el más barato", "Saving at the cheapest", |row| row.saving.clone())
            .text("Lista", "List", |row| row.list_name.clone())
            .day("Desde", "From", |row| row.valid_from.clone())
            .day("Hasta", "To", |row| row.valid_to.clone())
            .text("Descripción", "Description", |row| row.text.clone())
    }
}

/// What a product costs by the list of each supplier that holds today, the cheapest first.
#[utoipa::path(get, path = "/api/v1/products/{product}/supplier-costs", tag = "suppliers",
    params(("product" = ProductName, Path, description = "The product"), SupplierCosts),
    responses((status = 200, description = "All of them", body = Page<OfferView>)))]
async fn list_supplier_costs(asked: Listing<SupplierCosts>) -> Result<Response, Problem> {
    asked.answer().await
}

/// The id of a list in a path.
pub(super) fn list_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
