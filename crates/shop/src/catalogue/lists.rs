//! Finding products over HTTP: the search by letters, the look-up by code.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use gondola_ledger::Money;
use gondola_store::{Actor, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use super::finding::{self, Hit, Match};
use super::product::Product;
use super::protected::open_costs;
use super::queries;
use super::rows::SummaryRow;
use super::scalars::SearchText;
use super::views::{PresentationView, ProductView, UnitCode, money, presentations};
use crate::kernel::path::Segment;
use crate::kernel::text::TextError;
use crate::kernel::{Access, App, Caller, Endpoint, Errors, LimitGroup, OpClass, Page, Params, Problem, Reader};

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
    vec![read(routes!(search_products)), read(routes!(find_by_code))]
}

/// Notes that a text to search for is too long.
pub(super) fn too_long(errors: &mut Errors, field: &str) {
    let error = TextError::TooLong { max: SEARCH_MAX };
    let text = error.message();
    errors.add(field, error.code(), text.es, text.en);
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
    let text = errors.required("q", params.q.filter(|text| !text.is_empty()));
    if text.as_ref().is_some_and(|text| text.chars().count() > SEARCH_MAX) {
        too_long(&mut errors, "q");
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
    let (mut tx, opener) = reader.opening("catalogue.find_by_code");
    let mut products = queries::products(&mut tx, &ids).await?;
    open_costs(&mut tx, &opener, &mut products).await?;
    let product = products.pop().ok_or_else(unknown)?;
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
