//! Many changes in one request over HTTP: each line stands or falls for itself, all in one
//! transaction and a handful of statements.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::bodies::ProductBody;
use super::commands::{ChangeProducts, LineOutcome};
use super::many::Change;
use crate::kernel::answer::replay;
use crate::kernel::body::BatchBody;
use crate::kernel::problem::{FieldError, FieldProblem};
use crate::kernel::scalars::ProductName;
use crate::kernel::{Access, App, Caller, Endpoint, Errors, Lang, LimitGroup, OpClass, Problem, RequestKey};
use crate::stock::ProductRef;

/// Lines of a bulk change at most (INP-2).
const LINES_MAX: usize = 10_000;

/// The route of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let edit = Access::Needs(Permission::EditCatalogue);
    vec![Endpoint::api(routes!(change_products), edit, OpClass::Write, LimitGroup::General)]
}

/// Many changes at once.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProductChanges)]
#[serde(deny_unknown_fields)]
struct BulkBody {
    /// The changes; a product stands in one line only.
    #[schema(value_type = Vec<BulkLine>, required, min_items = 1, max_items = 10000)]
    lines: Option<Vec<BulkLine>>,
}

/// The change of one product.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProductChangeLine)]
#[serde(deny_unknown_fields)]
struct BulkLine {
    /// `sku:SKU` or the product's id.
    #[schema(value_type = ProductName, required)]
    product: Option<String>,
    /// The version that was read; without it, whatever it is now.
    #[schema(minimum = 0, maximum = 999999999999999999_i64)]
    version: Option<i64>,
    /// What changes.
    #[schema(value_type = ProductBody, required)]
    changes: Option<ProductBody>,
}

impl BulkLine {
    fn parse(self) -> Result<Change, Vec<FieldProblem>> {
        let mut errors = Errors::new();
        let product = errors.required("product", self.product);
        let product = product.and_then(|text| {
            let found = ProductRef::parse(&text);
            if found.is_none() {
                errors.add("product", "bad_reference", "Va el id o sku:CÓDIGO.", "It is the id or sku:SKU.");
            }
            found
        });
        let changes = errors.required("changes", self.changes);
        errors.within("changes.".to_owned());
        let edit = changes.map(|changes| changes.parse(&mut errors));
        match (product, edit) {
            (Some(product), Some(edit)) if errors.is_empty() => Ok(Change { product, version: self.version, edit }),
            _ => Err(errors.into_inner()),
        }
    }
}

/// What became of each line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductChangeResults)]
struct BulkResults {
    /// One entry per line, in their order.
    results: Vec<BulkResult>,
}

/// What became of one line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductChangeResult)]
struct BulkResult {
    /// The line, from 0.
    index: usize,
    /// The product, when it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id: Option<Uuid>,
    /// Its version now, when it was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    version: Option<i64>,
    /// Why not, when it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error: Option<LineError>,
}

/// Why a line was refused.
#[derive(Debug, Serialize, ToSchema)]
struct LineError {
    /// Stable code.
    code: String,
    /// What happened and what to do.
    detail: String,
    /// One entry per field that has a problem.
    errors: Vec<FieldError>,
}

impl BulkResult {
    fn of(index: usize, outcome: LineOutcome, lang: Lang) -> Self {
        match outcome {
            LineOutcome::Changed { id, version } => Self { index, id: Some(id), version: Some(version), error: None },
            LineOutcome::Refused(refusal) => {
                let field = |(field, code, es, en): (String, String, String, String)| FieldError {
                    field,
                    code,
                    detail: lang.pick(&es, &en).to_owned(),
                };
                let error = LineError {
                    code: refusal.code,
                    detail: lang.pick(&refusal.detail.0, &refusal.detail.1).to_owned(),
                    errors: refusal.fields.into_iter().map(field).collect(),
                };
                Self { index, id: None, version: None, error: Some(error) }
            }
        }
    }
}

/// Change up to 10,000 products, each line for itself.
#[utoipa::path(post, path = "/api/v1/products/bulk", tag = "catalogue", request_body = BulkBody,
    responses((status = 200, description = "One result per line", body = BulkResults)))]
async fn change_products(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    lang: Lang,
    body: BatchBody<BulkBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /api/v1/products/bulk");
    let mut errors = Errors::new();
    let lines = errors.required("lines", body.value.lines).unwrap_or_default();
    if errors.is_empty() && !(1..=LINES_MAX).contains(&lines.len()) {
        errors.add("lines", "out_of_range", "Van de 1 a 10.000 renglones.", "It takes 1 to 10,000 lines.");
    }
    errors.finish()?;
    let lines = lines.into_iter().map(BulkLine::parse).collect();
    let done = app.db.execute(&actor, key, ChangeProducts { lines }).await.map_err(|fail| fail.map(never))?;
    let results = done.out.into_iter().enumerate().map(|(index, line)| BulkResult::of(index, line, lang)).collect();
    Ok(replay(Json(BulkResults { results }).into_response(), done.replayed))
}

fn never(refusal: std::convert::Infallible) -> Problem {
    match refusal {}
}
