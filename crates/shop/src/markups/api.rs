//! The JSON calls about markups that are set, and what is said about one. The list is in `list.rs`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::commands::{ClearMarkup, MarkupOf, SetMarkup};
use super::list;
use super::scalars::MarkupText;
use super::views::MarkupView;
use crate::kernel::body::{NoBody, given};
use crate::kernel::fields::{line, must, parse_rate};
use crate::kernel::path::Segment;
use crate::kernel::scalars::{BRAND_MAX, BrandText, CategoryCode, ProductName};
use crate::kernel::{Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Problem};
use crate::stock::parse_product;

/// Percent at most.
const MARKUP_MAX: i32 = 500;
/// Letters of a category's code at most.
const CATEGORY_MAX: usize = 10;
/// A value whose field had no problem.
const READ: &str = "nothing was wrong with it";

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::EditPrices), OpClass::Write, LimitGroup::General);
    let mut endpoints = list::endpoints();
    endpoints.extend([write(routes!(put_markup)), write(routes!(delete_markup))]);
    endpoints
}

/// A markup to set on one of product, brand and category.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewMarkup)]
#[serde(deny_unknown_fields)]
pub struct MarkupBody {
    /// On this product.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName)]
    pub product: Option<String>,
    /// On this brand.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BrandText)]
    pub brand: Option<String>,
    /// On this category; those below it inherit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = CategoryCode)]
    pub category: Option<String>,
    /// Percent of the cost.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MarkupText, required)]
    pub markup: Option<String>,
}

impl MarkupBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self) -> Result<SetMarkup, Problem> {
        let mut errors = Errors::new();
        let many = [&self.product, &self.brand, &self.category].into_iter().flatten().count();
        if many != 1 {
            let es = "Decí una sola cosa: un rubro, una marca o un producto.";
            errors.add("category", "not_together", es, "Say one thing: a category, a brand or a product.");
        }
        let product = self.product.and_then(|text| parse_product(&mut errors, &text)).map(MarkupOf::Product);
        let brand = self.brand.and_then(|text| errors.take("brand", line(&text, 1, BRAND_MAX))).map(MarkupOf::Brand);
        let category = self.category.and_then(|text| errors.take("category", line(&text, 1, CATEGORY_MAX)));
        let markup = must(&mut errors, "markup", self.markup, |text| parse_rate(text, 0, MARKUP_MAX));
        errors.finish()?;
        let of = product.or(brand).or(category.map(MarkupOf::Category)).expect(READ);
        Ok(SetMarkup { of, markup: markup.expect(READ) })
    }
}

/// Set a markup on a product, a brand or a category, in place of the one that it had. No price changes by it: the next one
/// that is proposed follows it.
#[utoipa::path(put, path = "/api/v1/markups", tag = "prices", request_body = MarkupBody,
    responses((status = 200, description = "The markup", body = MarkupView)))]
async fn put_markup(
    State(app): State<App>,
    Caller(actor): Caller,
    body: Body<MarkupBody>,
) -> Result<Json<MarkupView>, Problem> {
    let done = app.db.execute(&actor, None, body.value.parse()?).await?;
    Ok(Json(MarkupView::of(done.out)?))
}

/// Take a markup away; what is less specific holds again.
#[utoipa::path(delete, path = "/api/v1/markups/{id}", tag = "prices", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is gone")))]
async fn delete_markup(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    app.db.execute(&actor, None, ClearMarkup { id: markup_id(&id)? }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The id of a markup.
pub(super) fn markup_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
