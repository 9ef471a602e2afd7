//! The lists of categories and of places over HTTP. They are short and come whole, as JSON or as files.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa_axum::routes;

use super::reference_views::{CategoryView, LocationView, RoundingBandView};
use super::{categories, locations};
use crate::kernel::{App, Columns, Endpoint, List, Listing, Page, Problem, Reader};
use crate::stock::category_standings;

/// The route of the list of categories.
pub(super) fn categories_endpoint() -> Endpoint {
    Endpoint::list::<Categories>(routes!(list_categories))
}

/// The route of the list of places.
pub(super) fn locations_endpoint() -> Endpoint {
    Endpoint::list::<Locations>(routes!(list_locations))
}

/// Categories take no filter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Categories {}

impl List for Categories {
    type Item = CategoryView;
    type Key = ();
    type Filter = ();

    const NAME: &'static str = "categories";
    const TITLE: [&'static str; 2] = ["Categorías", "Categories"];
    const NEEDS: Permission = Permission::ReadCatalogue;
    const PAGED: bool = false;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(_: &(), reader: &mut Reader, _: Option<()>, _: i64) -> Result<Page<CategoryView>, Problem> {
        let items = categories::all(&mut reader.tx()).await?;
        let standings = category_standings(&mut reader.tx()).await?;
        let view = |category| CategoryView::of(category, &standings);
        Ok(Page { items: items.into_iter().map(view).collect(), next: None })
    }

    fn columns(_: Option<&()>) -> Columns<CategoryView> {
        let months = [
            ("Enero", "January"),
            ("Febrero", "February"),
            ("Marzo", "March"),
            ("Abril", "April"),
            ("Mayo", "May"),
            ("Junio", "June"),
            ("Julio", "July"),
            ("Agosto", "August"),
            ("Septiembre", "September"),
            ("Octubre", "October"),
            ("Noviembre", "November"),
            ("Diciembre", "December"),
        ];
        let columns = Columns::<CategoryView>::new()
            .text("Código", "Code", |category| category.code.clone())
            .text("Nombre", "Name", |category| category.name.clone())
            .text("Dentro de", "Inside", |category| category.parent.clone())
            .money("Margen mínimo %", "Least margin %", |category| category.margin_min.clone())
            .money("Margen máximo %", "Most margin %", |category| category.margin_max.clone())
            .money("IVA %", "VAT %", |category| category.vat_rate.clone())
            .money("Aviso de costo %", "Cost alert %", |category| category.cost_alert.clone())
            .money("Redondeo", "Rounding", |category| category.rounding_step.clone())
            .text("Redondeo por precio", "Rounding by price", |category| {
                let shown = |band: &RoundingBandView| format!("< {}: {}", band.below, band.step);
                category.rounding_bands.iter().map(shown).collect::<Vec<_>>().join("; ")
            })
            .flag("Perecedero", "Perishable", |category| category.perishable)
            .flag("Activa", "Active", |category| category.active);
        months.into_iter().enumerate().fold(columns, |columns, (month, (es, en))| {
            columns.number(es, en, move |category| category.seasons.get(month).cloned())
        })
    }
}

/// Every category, in the order of the screens.
#[utoipa::path(get, path = "/api/v1/categories", tag = "catalogue",
    responses((status = 200, description = "All of them", body = Page<CategoryView>)))]
async fn list_categories(asked: Listing<Categories>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Places take no filter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Locations {}

impl List for Locations {
    type Item = LocationView;
    type Key = ();
    type Filter = ();

    const NAME: &'static str = "locations";
    const TITLE: [&'static str; 2] = ["Ubicaciones", "Places"];
    const NEEDS: Permission = Permission::ReadCatalogue;
    const PAGED: bool = false;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(_: &(), reader: &mut Reader, _: Option<()>, _: i64) -> Result<Page<LocationView>, Problem> {
        let all = locations::all(&mut reader.tx()).await?;
        let visible = all.into_iter().filter(|place| place.is_visible_to(reader.actor()));
        Ok(Page { items: visible.map(LocationView::from).collect(), next: None })
    }

    fn columns(_: Option<&()>) -> Columns<LocationView> {
        Columns::<LocationView>::new()
            .text("Código", "Code", |place| place.code.clone())
            .text("Nombre", "Name", |place| place.name.clone())
            .text("Tipo", "Kind", |place| place.kind.clone())
            .flag("Guarda mercadería", "Holds goods", |place| place.holds_stock)
            .flag("Activa", "Active", |place| place.active)
            .text("Id", "Id", |place| place.id)
    }
}

/// The places: where goods are, and the virtual places that close the books.
#[utoipa::path(get, path = "/api/v1/locations", tag = "catalogue",
    responses((status = 200, description = "All that the caller may see", body = Page<LocationView>)))]
async fn list_locations(asked: Listing<Locations>) -> Result<Response, Problem> {
    asked.answer().await
}
