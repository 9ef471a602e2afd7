//! Products over HTTP. What bodies and answers look like is in `bodies.rs` and `views.rs`; lists,
//! search, categories and locations have their own files.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gondola_store::{Done, Permission};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::bodies::{NewProductBody, ProductBody};
use super::bulk;
use super::commands::{ActivateProduct, ChangeProduct, CreateProduct, DeactivateProduct, SimilarProduct};
use super::lists;
use super::many::Change;
use super::naming;
use super::product_list;
use super::protected::open_product;
use super::reference;
use super::views::ProductView;
use crate::kernel::answer::marked;
use crate::kernel::body::NoBody;
use crate::kernel::path::Segment;
use crate::kernel::scalars::{ProductName, Version};
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, IfMatch, Lang, LimitGroup, OpClass, Problem, Reader, RequestKey,
};
use crate::stock::ProductRef;

/// The catalogue's routes.
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = reference::endpoints();
    endpoints.push(product_list::endpoint());
    endpoints.extend(lists::endpoints());
    endpoints.extend(naming::endpoints());
    endpoints.extend(products());
    endpoints.extend(bulk::endpoints());
    endpoints
}

fn products() -> Vec<Endpoint> {
    let edit = Access::Needs(Permission::EditCatalogue);
    let write = |routes| Endpoint::api(routes, edit, OpClass::Write, LimitGroup::General);
    let read = Access::Needs(Permission::ReadCatalogue);
    vec![
        write(routes!(create_product)),
        Endpoint::api(routes!(get_product), read, OpClass::Read, LimitGroup::General),
        write(routes!(change_product)),
        write(routes!(deactivate_product)),
        write(routes!(activate_product)),
    ]
}

/// A product just created.
#[derive(Serialize, ToSchema)]
struct CreatedProductView {
    #[serde(flatten)]
    product: ProductView,
    /// What deserves a look; the product was created.
    warnings: Vec<WarningView>,
}

/// Something that deserves a look.
#[derive(Serialize, ToSchema)]
#[schema(as = Warning)]
struct WarningView {
    /// Stable code.
    #[schema(example = "possible_duplicate")]
    code: &'static str,
    /// What to look at.
    detail: String,
    /// The product it is about.
    product: Uuid,
    /// Its SKU.
    sku: String,
    /// Its name.
    name: String,
}

impl WarningView {
    fn of(similar: SimilarProduct, lang: Lang) -> Self {
        let SimilarProduct { id, sku, name } = similar;
        let es = format!("Se parece mucho a {name} ({sku}). Si es el mismo, usá ese.");
        let en = format!("It looks a lot like {name} ({sku}). If it is the same, use that one.");
        let detail = lang.pick(&es, &en).to_owned();
        Self { code: "possible_duplicate", detail, product: id, sku, name }
    }
}

/// Create a product.
///
/// A possible duplicate is a warning, never a refusal.
#[utoipa::path(
    post, path = "/api/v1/products", tag = "catalogue", request_body = NewProductBody,
    responses((status = 201, description = "Created", body = CreatedProductView))
)]
async fn create_product(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    lang: Lang,
    body: Body<NewProductBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /api/v1/products");
    let mut errors = Errors::new();
    let (edit, opening) = body.value.parse(&mut errors);
    errors.finish()?;
    let Done { out, replayed } = app.db.execute(&actor, key, CreateProduct { edit, opening }).await?;
    let warnings = out.similar.into_iter().map(|similar| WarningView::of(similar, lang)).collect();
    let product = out.product.for_actor(&actor);
    let (version, location) = (product.version, format!("/api/v1/products/{}", product.id));
    let mut response = (StatusCode::CREATED, Json(CreatedProductView { product, warnings })).into_response();
    response.headers_mut().insert(header::LOCATION, ascii(&location));
    Ok(marked(response, version, replayed))
}

/// One product, by id or `sku:SKU`.
#[utoipa::path(
    get, path = "/api/v1/products/{id}", tag = "catalogue",
    params(("id" = ProductName, Path, description = "The id, or `sku:` and the SKU")),
    responses((status = 200, description = "The product", body = ProductView))
)]
async fn get_product(State(app): State<App>, Caller(actor): Caller, Segment(id): Segment) -> Result<Response, Problem> {
    let reference = reference(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
    let product = open_product(&mut reader, &reference, "catalogue.get_product").await?;
    Ok(answer(ProductView::of(&product), &actor, false))
}

/// Change what the body names.
///
/// Everything else stays as it is; stock is never changed here.
#[utoipa::path(
    patch, path = "/api/v1/products/{id}", tag = "catalogue", request_body = ProductBody,
    params(
        ("id" = ProductName, Path, description = "The id, or `sku:` and the SKU"),
        ("If-Match" = Version, Header, description = "The version that was read"),
    ),
    responses((status = 200, description = "The product as it is now", body = ProductView))
)]
async fn change_product(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    IfMatch(version): IfMatch,
    body: Body<ProductBody>,
) -> Result<Response, Problem> {
    let product = reference(&id)?;
    let mut errors = Errors::new();
    let edit = body.value.parse(&mut errors);
    errors.finish()?;
    let done = app.db.execute(&actor, None, ChangeProduct(Change { product, version: Some(version), edit })).await?;
    Ok(answer(done.out, &actor, done.replayed))
}

/// Take a product out of use. It is never deleted.
///
/// `If-Match` may be left out here.
#[utoipa::path(post, path = "/api/v1/products/{id}/deactivate", tag = "catalogue",
    params(
        ("id" = ProductName, Path, description = "The id, or `sku:` and the SKU"),
        ("If-Match" = Option<Version>, Header, nullable = false, description = "The version that was read"),
    ),
    responses((status = 200, description = "The product as it is now", body = ProductView)))]
async fn deactivate_product(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    MaybeVersion(version): MaybeVersion,
    _: NoBody,
) -> Result<Response, Problem> {
    let product = reference(&id)?;
    let key = key.bind(&format!("POST /api/v1/products/{id}/deactivate"), format!("{version:?}").as_bytes());
    let done = app.db.execute(&actor, key, DeactivateProduct { product, version }).await?;
    Ok(answer(done.out, &actor, done.replayed))
}

/// Take a product into use again.
///
/// `If-Match` may be left out here.
#[utoipa::path(post, path = "/api/v1/products/{id}/activate", tag = "catalogue",
    params(
        ("id" = ProductName, Path, description = "The id, or `sku:` and the SKU"),
        ("If-Match" = Option<Version>, Header, nullable = false, description = "The version that was read"),
    ),
    responses((status = 200, description = "The product as it is now", body = ProductView)))]
async fn activate_product(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    MaybeVersion(version): MaybeVersion,
    _: NoBody,
) -> Result<Response, Problem> {
    let product = reference(&id)?;
    let key = key.bind(&format!("POST /api/v1/products/{id}/activate"), format!("{version:?}").as_bytes());
    let done = app.db.execute(&actor, key, ActivateProduct { product, version }).await?;
    Ok(answer(done.out, &actor, done.replayed))
}

/// The version in `If-Match`, where it may be left out.
struct MaybeVersion(Option<i64>);

impl<S: Sync> FromRequestParts<S> for MaybeVersion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if !parts.headers.contains_key(header::IF_MATCH) {
            return Ok(Self(None));
        }
        let IfMatch(version) = IfMatch::from_request_parts(parts, state).await?;
        Ok(Self(Some(version)))
    }
}

/// The product that a path names, or 404.
pub(super) fn reference(text: &str) -> Result<ProductRef, Problem> {
    ProductRef::parse(text).ok_or_else(Problem::not_found)
}

/// A product as an answer, with its version as the entity tag.
pub(super) fn answer(product: ProductView, actor: &gondola_store::Actor, replayed: bool) -> Response {
    let version = product.version;
    marked(Json(product.for_actor(actor)).into_response(), version, replayed)
}

fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("ids and versions are ASCII")
}
