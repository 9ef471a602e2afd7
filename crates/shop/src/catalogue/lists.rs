//! Finding products over HTTP: the filtered list, the search by letters, the look-up by code.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use gondola_ledger::Money;
use gondola_store::{Actor, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use super::finding::{self, Hit, Match, Search};
use super::listing::{self, PageKey, ProductFilter};
use super::product::Product;
use super::queries;
use super::rows::SummaryRow;
use super::scalars::SearchText;
use super::views::{PresentationView, ProductView, UnitCode, money, presentations};
use crate::kernel::path::Segment;
use crate::kernel::text::fold;
use crate::kernel::time::parse_instant;
use crate::kernel::{
    Access, App, Caller, Endpoint, Errors, LimitGroup, OpClass, Page, PageParams, Params, Problem, Reader,
};

/// Results of a search when the caller does not say.
const SEARCH_LIMIT_DEFAULT: i64 = 20;
/// Results of a search at most.
const SEARCH_LIMIT_MAX: i64 = 100;
/// Characters of a code that is looked up at most.
const CODE_MAX: usize = 100;
/// Characters that are searched for at most.
pub(super) const SEARCH_MAX: usize = 100;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let read =
        |routes| Endpoint::api(routes, Access::Needs(Permission::ReadCatalogue), OpClass::Read, LimitGroup::General);
    vec![read(routes!(list_products)), read(routes!(search_products)), read(routes!(find_by_code))]
}

/// What a list of products is narrowed to.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Letters of anything it is called, accents ignored. Not together with `updated_since`.
    #[param(max_length = 100, nullable = false)]
    q: Option<String>,
    /// The code of its category.
    #[param(nullable = false)]
    category: Option<String>,
    /// Its brand, accents and case ignored.
    #[param(max_length = 100, nullable = false)]
    brand: Option<String>,
    /// The code of one of its suppliers.
    #[param(nullable = false)]
    supplier: Option<String>,
    /// Whether it is sold and bought; both when it is not said.
    #[param(value_type = Option<bool>, nullable = false)]
    active: Option<String>,
    /// Changed at this instant or later; the list is then by change, oldest first.
    #[param(value_type = Option<String>, format = DateTime, nullable = false)]
    updated_since: Option<String>,
    /// The `next` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,2000}$", nullable = false)]
    after: Option<String>,
    /// Items on a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 500, nullable = false)]
    limit: Option<String>,
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
    fn parse(self) -> Result<(Wanted, PageParams), Problem> {
        let mut errors = Errors::new();
        let too_long = [("q", &self.q), ("brand", &self.brand)];
        for (field, text) in too_long {
            if text.as_ref().is_some_and(|text| text.chars().count() > SEARCH_MAX) {
                let (es, en) =
                    (format!("Admite hasta {SEARCH_MAX} caracteres."), format!("At most {SEARCH_MAX} characters."));
                errors.add(field, "text_too_long", es, en);
            }
        }
        let active = self.active.as_deref().and_then(|text| {
            let read = text.parse::<bool>().ok();
            if read.is_none() {
                errors.add("active", "not_true_or_false", "Se acepta true o false.", "Accepted: true or false.");
            }
            read
        });
        let updated_since = self.updated_since.as_deref().and_then(|text| {
            let read = parse_instant(text);
            if read.is_none() {
                errors.add(
                    "updated_since",
                    "not_an_instant",
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
        let wanted = Wanted { filter, hopeless, category: self.category, supplier: self.supplier };
        Ok((wanted, PageParams { after: self.after, limit: self.limit }))
    }
}

impl Wanted {
    /// The filter with its codes looked up; nothing when one of them names nothing.
    async fn filter(mut self, reader: &mut Reader) -> Result<Option<ProductFilter>, Problem> {
        if let Some(code) = &self.category {
            self.filter.category = queries::category_id(&mut reader.tx(), code).await?;
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

/// Products, by name or by change.
#[utoipa::path(get, path = "/api/v1/products", tag = "catalogue", params(ListParams),
    responses((status = 200, description = "A page of them", body = Page<ProductView>)))]
async fn list_products(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<ListParams>,
) -> Result<Json<Page<ProductView>>, Problem> {
    let (wanted, page) = params.parse()?;
    let limit = page.limit()?;
    let after: Option<PageKey> = page.after()?;
    if after.as_ref().is_some_and(|key| !wanted.filter.takes(key)) {
        return Err(Problem::invalid_field(
            "after",
            "bad_token",
            "Ese marcador de página es de otra lista. Empezá desde la primera página.",
            "That page token belongs to another list. Start from the first page.",
        ));
    }
    let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
    let Some(filter) = wanted.filter(&mut reader).await? else {
        return Ok(Json(Page { items: Vec::new(), next: None }));
    };
    let keys = listing::keys(&mut reader.tx(), &filter, after.as_ref(), limit + 1).await?;
    let Page { items, next } = Page::cut(keys, limit, PageKey::clone, |key| key.product());
    let products = queries::products(&mut reader.tx(), &items).await?;
    let items = products.iter().map(|product| ProductView::of(product).for_actor(&actor)).collect();
    Ok(Json(Page { items, next }))
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Letters of a name, an alias, a brand or a code; three are enough, accents are ignored.
    #[param(value_type = SearchText)]
    q: Option<String>,
    /// Results at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, nullable = false)]
    limit: Option<String>,
}

/// Products by some letters of anything they are called, best first.
#[utoipa::path(get, path = "/api/v1/products/search", tag = "catalogue", params(SearchParams),
    responses((status = 200, description = "What was found", body = Page<SummaryView>)))]
async fn search_products(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<SearchParams>,
) -> Result<Json<Page<SummaryView>>, Problem> {
    let mut errors = Errors::new();
    let text = errors.required("q", params.q).filter(|text| !text.is_empty());
    if text.as_ref().is_none_or(|text| text.chars().count() > SEARCH_MAX) && errors.is_empty() {
        let (es, en) =
            (format!("Lleva de 1 a {SEARCH_MAX} caracteres."), format!("It has 1 to {SEARCH_MAX} characters."));
        errors.add("q", "bad_length", es, en);
    }
    let limit = match params.limit.map_or(Ok(SEARCH_LIMIT_DEFAULT), |text| text.parse()) {
        Ok(limit) if (1..=SEARCH_LIMIT_MAX).contains(&limit) => limit,
        _ => {
            errors.add("limit", "out_of_range", "Va de 1 a 100.", "It goes from 1 to 100.");
            0
        }
    };
    errors.finish()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
    let mut tx = reader.tx();
    let found = finding::search(&mut tx, &text.unwrap_or_default(), limit).await?;
    let rows = finding::summaries(&mut tx, &found).await?;
    let items = rows.into_iter().map(|(row, reason)| SummaryView::of(row, reason)).collect();
    Ok(Json(Page { items, next: None }))
}

/// The product behind a code: a barcode, SKU, internal code, PLU or label of the scale.
#[utoipa::path(get, path = "/api/v1/products/by-code/{code}", tag = "catalogue",
    params(("code" = String, Path, description = "As it was scanned or typed")),
    responses((status = 200, description = "The product", body = FoundProductView)))]
async fn find_by_code(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(code): Segment,
) -> Result<Json<FoundProductView>, Problem> {
    let unknown = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "unknown_code",
            "Ningún producto tiene ese código. ¿De cuál es? Agregáselo y la próxima vez lo encontramos.",
            "No product has that code. Which one is it? Add the code to it and next time we will find it.",
        )
    };
    if code.chars().count() > CODE_MAX {
        return Err(unknown());
    }
    let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
    let hit = finding::by_code(&mut reader.tx(), &code).await?.ok_or_else(unknown)?;
    let ids: [Uuid; 1] = [hit.product];
    let product = queries::products(&mut reader.tx(), &ids).await?.pop().ok_or_else(unknown)?;
    Ok(Json(FoundProductView::of(&hit, &product).for_actor(&actor)))
}

/// A product found by a code.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundProduct)]
struct FoundProductView {
    #[serde(flatten)]
    product: ProductView,
    /// What kind of code it was.
    #[schema(value_type = HitKindCode)]
    found_by: &'static str,
    /// The pack whose barcode it was; null for the unit itself.
    #[schema(required)]
    presentation: Option<PresentationView>,
    /// What the scale's label weighs, in the product's unit.
    #[schema(required, example = "1.250")]
    quantity: Option<String>,
    /// What the scale's label charges.
    #[schema(required, example = "1995.00")]
    amount: Option<String>,
}

/// The kinds of code a product is found by.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum HitKindCode {
    /// A barcode.
    Barcode,
    /// The SKU.
    Sku,
    /// The shop's own number.
    InternalCode,
    /// The scale's number, typed.
    Plu,
    /// A label that the scale printed.
    ScaleLabel,
}

impl FoundProductView {
    /// The product behind a hit, costs included.
    fn of(hit: &Hit, product: &Product) -> Self {
        let all = presentations(product);
        Self {
            product: ProductView::of(product),
            found_by: hit.kind.code(),
            presentation: all.into_iter().find(|presentation| Some(presentation.id) == hit.presentation),
            quantity: hit.quantity(product.unit).map(|quantity| quantity.format(product.unit)),
            amount: hit.amount().map(money),
        }
    }

    /// The same without what `actor` may not see.
    fn for_actor(self, actor: &Actor) -> Self {
        Self { product: self.product.for_actor(actor), ..self }
    }
}

/// A product as search shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductSummary)]
struct SummaryView {
    /// Its id.
    id: Uuid,
    /// The code people use.
    #[schema(example = "LAC-LS-SACH")]
    sku: String,
    /// Its name.
    name: String,
    /// For labels and tickets.
    #[schema(required)]
    short_name: Option<String>,
    /// Its brand.
    brand: String,
    /// The code of its category.
    #[schema(example = "LAC")]
    category: String,
    /// The unit its stock is kept in.
    #[schema(value_type = UnitCode)]
    unit: String,
    /// Whether it is sold and bought.
    active: bool,
    /// Price on the GENERAL list.
    #[schema(required, example = "1850.00")]
    sale_price: Option<String>,
    /// Why it was found, best reason first.
    #[schema(value_type = MatchCode)]
    found_by: &'static str,
}

/// Why a search found a product.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum MatchCode {
    /// It is the code.
    Code,
    /// Its name begins so.
    Beginning,
    /// A word of its name begins so.
    Word,
    /// The letters are in its name.
    Name,
    /// They are elsewhere: an alias, its brand, part of a code.
    Other,
}

impl SummaryView {
    /// A found product.
    fn of(row: SummaryRow, reason: Match) -> Self {
        Self {
            id: row.id,
            sku: row.sku,
            name: row.name,
            short_name: Some(row.short_name).filter(|name| !name.is_empty()),
            brand: row.brand,
            category: row.category_code,
            unit: row.unit,
            active: row.active,
            sale_price: row.sale_price.map(|centavos| money(Money::new(centavos))),
            found_by: reason.code(),
        }
    }
}
