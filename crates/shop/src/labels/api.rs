//! The JSON calls about labels, and a print as PDF. Lists are in `list.rs`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;
use uuid::Uuid;

use super::commands::{LABELS_MAX, PlaceLabels, PrintLabels};
use super::list::{self, PrintView};
use super::paper::{LabelPaper, document};
use super::queries;
use super::scalars::LabelPaperCode;
use crate::kernel::answer::{pdf, replayable};
use crate::kernel::body::{NoBody, given};
use crate::kernel::fields::{Read, read};
use crate::kernel::path::Segment;
use crate::kernel::scalars::ProductName;
use crate::kernel::time::local_day;
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Params, Problem, Reader, RequestKey, Text,
};
use crate::prices::status_on;
use crate::stock::ProductRef;

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::EditPrices), OpClass::Write, LimitGroup::General);
    let read = Access::Needs(Permission::ReadCatalogue);
    let mut endpoints = list::endpoints();
    endpoints.extend([
        write(routes!(print_labels)),
        Endpoint::api(routes!(get_label_print), read, OpClass::Read, LimitGroup::General),
        write(routes!(place_labels)),
    ]);
    endpoints
}

/// The id in a path.
pub(super) fn id_of(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}

/// Whose labels to print.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewLabelPrint)]
#[serde(deny_unknown_fields)]
pub struct PrintBody {
    /// These products; the first 500 that are to be printed when nobody says.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<ProductName>, max_items = 500)]
    pub products: Option<Vec<String>>,
}

fn parse_product(text: &str) -> Read<ProductRef> {
    let told = || Text::new("Escribí sku: y el SKU, o el id.", "Write sku: and the SKU, or the id.");
    ProductRef::parse(text).ok_or_else(|| ("bad_product", told()))
}

impl PrintBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self) -> Result<PrintLabels, Problem> {
        let mut errors = Errors::new();
        let products = self.products.unwrap_or_default();
        if products.len() > LABELS_MAX {
            errors.add("products", "out_of_range", "Entran hasta 500.", "It takes up to 500.");
        }
        let named = products.into_iter().take(LABELS_MAX).enumerate();
        let products = named
            .filter_map(|(at, text)| read(&mut errors, &format!("products[{at}]"), Some(text), parse_product))
            .collect();
        errors.finish()?;
        Ok(PrintLabels { products })
    }
}

/// Print labels: what they say is kept, and they wait to be placed.
#[utoipa::path(post, path = "/api/v1/labels/prints", tag = "labels", request_body = Option<PrintBody>,
    responses((status = 201, description = "Printed", body = PrintView)))]
async fn print_labels(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Option<Body<PrintBody>>,
) -> Result<Response, Problem> {
    let (key, body) = Body::or_empty(body, &key, "POST /labels/prints");
    let done = app.db.execute(&actor, key, body.parse()?).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &PrintView::from(done.out)))
}

/// On what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaperParams {
    /// `a4` in three columns of eight, or the `roll` of 58 mm; `a4` unless said.
    #[param(value_type = Option<LabelPaperCode>, nullable = false)]
    pub paper: Option<String>,
    /// The first free place of the first A4 sheet, line by line.
    #[param(value_type = Option<i64>, nullable = false, minimum = 1, maximum = 24)]
    pub first: Option<String>,
}

impl PaperParams {
    fn parse(self) -> Result<LabelPaper, Problem> {
        let mut errors = Errors::new();
        let first = read(&mut errors, "first", self.first, |text| {
            let told = || Text::new("Va de 1 a 24.", "It goes from 1 to 24.");
            let number = text.parse::<usize>().ok().filter(|number| (1..=24).contains(number));
            number.ok_or_else(|| ("out_of_range", told()))
        });
        let a4 = LabelPaper::A4 { first: first.unwrap_or(1) };
        let paper = read(&mut errors, "paper", self.paper, |code| match code {
            "a4" => Ok(a4),
            "roll" => Ok(LabelPaper::Roll),
            _ => Err(("unknown_word", Text::new("Es a4 o roll.", "It is a4 or roll."))),
        });
        errors.finish()?;
        Ok(paper.unwrap_or(a4))
    }
}

/// A print as PDF, as often as the paper gets stuck.
#[utoipa::path(get, path = "/api/v1/labels/prints/{id}/pdf", tag = "labels", params(("id" = Uuid, Path), PaperParams),
    responses((status = 200, description = "The labels", content_type = "application/pdf", body = String)))]
async fn get_label_print(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    Params(params): Params<PaperParams>,
) -> Result<Response, Problem> {
    let (id, paper) = (id_of(&id)?, params.parse()?);
    let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
    let day = local_day(reader.now(), &app.zone);
    let mut tx = reader.tx();
    queries::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let printed = queries::printed(&mut tx, id).await?;
    let status = status_on(&mut tx, day).await?;
    let bytes = document(&printed, paper, status, &app.zone)?;
    Ok(pdf(&format!("etiquetas-{}", id.simple()), bytes))
}

/// Say that the labels of a print stand on the shelf.
#[utoipa::path(post, path = "/api/v1/labels/prints/{id}/placed", tag = "labels", params(("id" = Uuid, Path)),
    responses((status = 200, description = "Placed", body = PrintView)))]
async fn place_labels(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let print = id_of(&id)?;
    let key = key.bind(&format!("POST /labels/prints/{print}/placed"), &[]);
    let done = app.db.execute(&actor, key, PlaceLabels { print }).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &PrintView::from(done.out)))
}
