//! What a product is recognised by, over HTTP: its aliases, and the barcode that a first scan adds.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gondola_ledger::{Qty, Unit};
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::aliases::{self, ALIAS_MAX, AddAlias, Alias, AliasSource, CONFIDENCE_FULL, RemoveAlias};
use super::api::{answer, reference};
use super::barcode::Barcode;
use super::commands::AddBarcode;
use super::fields::{Read, given, line, must, parse_confidence, parse_supplier, read};
use super::scalars::{AliasText, BarcodeText, Confidence, Label};
use super::views::ProductView;
use crate::kernel::answer::replay;
use crate::kernel::path::Segment;
use crate::kernel::scalars::{ProductName, SupplierCode};
use crate::kernel::time::format_instant;
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Page, Problem, Reader, RequestKey, Text,
};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let edit = Access::Needs(Permission::EditCatalogue);
    let write = |routes| Endpoint::api(routes, edit, OpClass::Write, LimitGroup::General);
    let read = Access::Needs(Permission::ReadCatalogue);
    vec![
        Endpoint::api(routes!(list_aliases), read, OpClass::Read, LimitGroup::General),
        write(routes!(add_alias)),
        write(routes!(remove_alias)),
        write(routes!(add_barcode)),
    ]
}

/// What a product is called besides.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alias)]
struct AliasView {
    /// Its id.
    id: Uuid,
    /// The text.
    #[schema(example = "coca de dos")]
    text: String,
    /// Where it comes from.
    #[schema(value_type = AliasSourceCode)]
    source: String,
    /// How sure it is, from 0 to 1.
    #[schema(example = "1.000")]
    confidence: String,
    /// The code of the supplier in whose papers it holds; null means everywhere.
    #[schema(required)]
    supplier: Option<String>,
    /// When it was added.
    created_at: String,
}

/// Where aliases come from.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum AliasSourceCode {
    /// Somebody wrote it.
    Manual,
    /// A photo was read so.
    Ocr,
    /// The notebook of missing goods.
    Notebook,
    /// A supplier's list.
    List,
}

impl From<Alias> for AliasView {
    fn from(alias: Alias) -> Self {
        Self {
            id: alias.id,
            text: alias.text,
            source: alias.source,
            confidence: Qty::new(alias.confidence_permille).format(Unit::Kg),
            supplier: alias.supplier,
            created_at: format_instant(alias.created_at),
        }
    }
}

/// The aliases of a product, oldest first.
#[utoipa::path(get, path = "/api/v1/products/{id}/aliases", tag = "catalogue",
    params(("id" = ProductName, Path, description = "The id, or `sku:` and the SKU")),
    responses((status = 200, description = "All of them", body = Page<AliasView>)))]
async fn list_aliases(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
) -> Result<Json<Page<AliasView>>, Problem> {
    let product = reference(&id)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
    let all = aliases::aliases(&mut reader.tx(), &product).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(Page { items: all.into_iter().map(AliasView::from).collect(), next: None }))
}

/// Another name of a product.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewAlias)]
#[serde(deny_unknown_fields)]
struct AliasBody {
    /// The text: slang, a supplier's wording, a misread label.
    #[schema(value_type = AliasText, required)]
    text: Option<String>,
    /// `manual` when it is not said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = AliasSourceCode)]
    source: Option<String>,
    /// How sure it is; 1 when it is not said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Confidence)]
    confidence: Option<String>,
    /// The code of the supplier in whose papers it holds; everywhere when it is not said.
    #[schema(value_type = Option<SupplierCode>)]
    supplier: Option<String>,
}

/// Give a product another name to be found by.
#[utoipa::path(post, path = "/api/v1/products/{id}/aliases", tag = "catalogue", request_body = AliasBody,
    params(("id" = ProductName, Path, description = "The id, or `sku:` and the SKU")),
    responses((status = 201, description = "Added", body = AliasView)))]
async fn add_alias(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    body: Body<AliasBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, &format!("POST /api/v1/products/{id}/aliases"));
    let product = reference(&id)?;
    let mut errors = Errors::new();
    let AliasBody { text, source, confidence, supplier } = body.value;
    let text = must(&mut errors, "text", text, parse_alias);
    let source = read(&mut errors, "source", source, parse_source).unwrap_or(AliasSource::Manual);
    let confidence_permille = read(&mut errors, "confidence", confidence, parse_confidence).unwrap_or(CONFIDENCE_FULL);
    let supplier = read(&mut errors, "supplier", supplier, parse_supplier);
    errors.finish()?;
    let text = text.expect("nothing was wrong with it");
    let command = AddAlias { product, text, source, confidence_permille, supplier };
    let done = app.db.execute(&actor, key, command).await?;
    let response = (StatusCode::CREATED, Json(AliasView::from(done.out))).into_response();
    Ok(replay(response, done.replayed))
}

fn parse_alias(text: &str) -> Read<String> {
    let text = line(text, 2, ALIAS_MAX)?;
    if text.chars().any(char::is_alphanumeric) {
        return Ok(text);
    }
    let wrong = Text::new("Tiene que llevar alguna letra o número.", "It must hold a letter or a digit.");
    Err(("no_letters", wrong))
}

fn parse_source(text: &str) -> Read<AliasSource> {
    AliasSource::from_code(text).ok_or_else(|| {
        let codes = AliasSource::ALL.map(AliasSource::code).join(", ");
        ("unknown_source", Text::new(format!("Se acepta: {codes}."), format!("Accepted: {codes}.")))
    })
}

/// Take a name away from a product.
#[utoipa::path(delete, path = "/api/v1/products/{id}/aliases/{alias}", tag = "catalogue",
    params(("id" = ProductName, Path, description = "The id, or `sku:` and the SKU"), ("alias" = Uuid, Path, description = "The alias's id")),
    responses((status = 204, description = "Gone")))]
async fn remove_alias(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment((id, alias)): Segment<(String, String)>,
) -> Result<StatusCode, Problem> {
    let product = reference(&id)?;
    let alias = Uuid::try_parse(&alias).map_err(|_| Problem::not_found())?;
    app.db.execute(&actor, None, RemoveAlias { product, alias }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code that was scanned and nobody knew.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewBarcode)]
#[serde(deny_unknown_fields)]
struct BarcodeBody {
    /// The code.
    #[schema(value_type = BarcodeText, required)]
    code: Option<String>,
    /// The name of the presentation it stands on; the unit itself when it is not said.
    #[schema(value_type = Option<Label>)]
    presentation: Option<String>,
}

/// Add a barcode to a product: the first scan asks which product it is and keeps the answer.
#[utoipa::path(post, path = "/api/v1/products/{id}/barcodes", tag = "catalogue", request_body = BarcodeBody,
    params(("id" = ProductName, Path, description = "The id, or `sku:` and the SKU")),
    responses((status = 200, description = "The product as it is now", body = ProductView)))]
async fn add_barcode(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    body: Body<BarcodeBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, &format!("POST /api/v1/products/{id}/barcodes"));
    let product = reference(&id)?;
    let mut errors = Errors::new();
    let BarcodeBody { code, presentation } = body.value;
    let code = must(&mut errors, "code", code, |text| Ok(Barcode::parse(text)?));
    errors.finish()?;
    let code = code.expect("nothing was wrong with it");
    let done = app.db.execute(&actor, key, AddBarcode { product, code, presentation }).await?;
    Ok(answer(done.out, &actor, done.replayed))
}
