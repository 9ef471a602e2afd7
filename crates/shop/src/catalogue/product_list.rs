//! The list of products over HTTP: what narrows it, a page of it, and the whole as a file that an import
//! takes back. The pages themselves are read in `listing.rs`.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::finding::Search;
use super::listing::{self, PageKey, ProductFilter};
use super::lists::{SEARCH_MAX, too_long};
use super::protected::open_costs;
use super::queries;
use super::scalars::Letters;
use super::views::{ContentView, ProductView};
use crate::kernel::scalars::FilterText;
use crate::kernel::text::fold;
use crate::kernel::time::parse_instant;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};

/// The route of this file.
pub(super) fn endpoint() -> Endpoint {
    Endpoint::list::<ListParams>(routes!(list_products))
}

/// What a list of products is narrowed to.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// Letters of anything it is called, accents ignored. Not together with `updated_since`.
    #[param(value_type = Option<Letters>, nullable = false)]
    q: Option<String>,
    /// The code of its category, or of one above that.
    #[param(value_type = Option<FilterText>, nullable = false)]
    category: Option<String>,
    /// Its brand, accents and case ignored.
    #[param(value_type = Option<Letters>, nullable = false)]
    brand: Option<String>,
    /// The code of one of its suppliers.
    #[param(value_type = Option<FilterText>, nullable = false)]
    supplier: Option<String>,
    /// Whether it is sold and bought; both when it is not said.
    #[param(value_type = Option<bool>, nullable = false)]
    active: Option<String>,
    /// Changed at this instant or later; the list is then by change, oldest first.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    updated_since: Option<String>,
}

/// A filter as read: the codes are not yet looked up.
struct Wanted {
    filter: ProductFilter,
    /// Whether the letters to search for hold no letter, so that nothing can match.
    hopeless: bool,
    category: Option<String>,
    supplier: Option<String>,
}

impl ListParams {
    fn parse(self) -> Result<Wanted, Problem> {
        let mut errors = Errors::new();
        for (field, text) in [("q", &self.q), ("brand", &self.brand)] {
            if text.as_ref().is_some_and(|text| text.chars().count() > SEARCH_MAX) {
                too_long(&mut errors, field);
            }
        }
        let active = self.active.as_deref().and_then(|text| {
            let read = text.parse::<bool>().ok();
            if read.is_none() {
                errors.add("active", "not_a_flag", "Va true o false.", "It is true or false.");
            }
            read
        });
        let updated_since = self.updated_since.as_deref().and_then(|text| {
            let read = parse_instant(text);
            if read.is_none() {
                errors.add(
                    "updated_since",
                    "bad_instant",
                    "Va como 2026-11-23T10:00:00-03:00.",
                    "It goes as 2026-11-23T10:00:00-03:00.",
                );
            }
            read
        });
        if self.q.is_some() && updated_since.is_some() {
            errors.add(
                "q",
                "not_together",
                "No se puede buscar por letras dentro de los cambios. Sacá q o updated_since.",
                "Letters cannot be searched within changes. Leave out q or updated_since.",
            );
        }
        errors.finish()?;
        let letters = self.q.as_deref().map(str::trim).filter(|letters| !letters.is_empty());
        let search = letters.and_then(Search::parse);
        let hopeless = letters.is_some() && search.is_none();
        let brand = self.brand.as_deref().map(fold);
        let filter = ProductFilter { search, brand, active, updated_since, ..ProductFilter::default() };
        Ok(Wanted { filter, hopeless, category: self.category, supplier: self.supplier })
    }
}

impl Wanted {
    /// The filter with its codes looked up; nothing when one of them names nothing.
    async fn filter(mut self, reader: &mut Reader) -> Result<Option<ProductFilter>, Problem> {
        if let Some(code) = &self.category {
            self.filter.category = queries::family(&mut reader.tx(), code).await?;
        }
        if let Some(code) = &self.supplier {
            self.filter.supplier = queries::supplier_id(&mut reader.tx(), code).await?;
        }
        let found = !self.hopeless
            && self.category.is_some() == self.filter.category.is_some()
            && self.supplier.is_some() == self.filter.supplier.is_some();
        Ok(found.then_some(self.filter))
    }
}

impl List for ListParams {
    type Item = ProductView;
    type Key = PageKey;
    type Filter = ProductFilter;

    const NAME: &'static str = "products";
    const TITLE: [&'static str; 2] = ["Productos", "Products"];
    const NEEDS: Permission = Permission::ReadCatalogue;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<ProductFilter>, Problem> {
        self.parse()?.filter(reader).await
    }

    async fn page(
        filter: &ProductFilter,
        reader: &mut Reader,
        after: Option<PageKey>,
        limit: i64,
    ) -> Result<Page<ProductView>, Problem> {
        if after.as_ref().is_some_and(|key| !filter.takes(key)) {
            return Err(Problem::invalid_field(
                "after",
                "bad_token",
                "Ese marcador de página es de otra lista. Empezá desde la primera página.",
                "That page token belongs to another list. Start from the first page.",
            ));
        }
        let actor = reader.actor().clone();
        let (mut tx, opener) = reader.opening("catalogue.list_products");
        let keys = listing::keys(&mut tx, filter, after.as_ref(), limit + 1).await?;
        let Page { items, next } = Page::cut(keys, limit, PageKey::clone, |key| key.product());
        let mut products = queries::products(&mut tx, &items).await?;
        open_costs(&mut tx, &opener, &mut products).await?;
        let items = products.iter().map(|product| ProductView::of(product).for_actor(&actor)).collect();
        Ok(Page { items, next })
    }

    /// The titles are those that an import of products knows, and what it takes stands first.
    fn columns(_: Option<&ProductFilter>) -> Columns<ProductView> {
        Columns::<ProductView>::new()
            .text("SKU", "SKU", |product| product.sku.clone())
            .text("Códigos de barras", "Barcodes", |product| product.barcodes.clone())
            .text("Nombre", "Product name", |product| product.name.clone())
            .text("Nombre corto", "Short name", |product| product.short_name.clone())
            .text("Descripción larga", "Long description", |product| product.description.clone())
            .text("Categoría", "Category", |product| product.category.clone())
            .text("Marca", "Brand", |product| product.brand.clone())
            .text("Variante", "Variant", |product| product.variant.clone())
            .text("Unidad", "Unit", |product| product.unit.clone())
            .text("Contenido neto", "Net content", |product| product.content.as_ref().map(ContentView::told))
            .money("Precio de venta", "Sale price", |product| product.sale_price.clone())
            .money("Precio mayorista", "Wholesale price", |product| product.wholesale_price.clone())
            .cost("Costo", "Cost", |product| product.acquisition_cost.clone())
            .cost("Costo de reposición", "Replacement cost", |product| product.replacement_cost.clone())
            .money("IVA", "VAT", |product| product.vat_rate.clone())
            .number("Stock mínimo", "Minimum stock", |product| product.min_stock.clone())
            .number("Stock máximo", "Maximum stock", |product| product.max_stock.clone())
            .number("Punto de pedido", "Reorder point", |product| product.reorder_point.clone())
            .whole("Días objetivo", "Target days", |product| product.target_days)
            .text("Código interno", "Internal code", |product| product.internal_code.clone())
            .text("PLU", "Scale PLU", |product| product.scale_plu.clone())
            .flag("Pesable", "Sold by weight", |product| product.sold_by_weight)
            .whole("Peso en gramos", "Weight g", |product| product.weight_g)
            .flag("Perecedero", "Perishable", |product| product.perishable)
            .whole("Vida útil", "Shelf life", |product| product.shelf_life_days)
            .whole("Días de aviso", "Alert days", |product| product.alert_days)
            .flag("Impuestos internos", "Internal taxes", |product| product.internal_taxes)
            .flag("Bebida alcohólica", "Alcohol", |product| product.alcohol)
            .flag("Tabaco", "Tobacco", |product| product.tobacco)
            .flag("Retornable", "Returnable", |product| product.returnable)
            .text("Notas", "Notes", |product| product.notes.clone())
            .flag("Activo", "Active", |product| product.active)
            .text("Proveedor", "Supplier", |product| product.suppliers.first().map(|main| main.supplier.clone()))
            .instant("Creado", "Created", |product| product.created_at.clone())
            .instant("Modificado", "Changed", |product| product.updated_at.clone())
    }
}

/// Products, by name or by change.
#[utoipa::path(get, path = "/api/v1/products", tag = "catalogue", params(ListParams),
    responses((status = 200, description = "A page of them", body = Page<ProductView>)))]
async fn list_products(asked: Listing<ListParams>) -> Result<Response, Problem> {
    asked.answer().await
}
