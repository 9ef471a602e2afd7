//! The JSON calls about inflation: record a rate, and what the rates add up to. The series is in `list.rs`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use gondola_vault::sha256;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::bodies::RateBody;
use super::commands::RecordRates;
use super::file::{FILE_BYTES_MAX, rates_of};
use super::list;
use super::month::Month;
use super::scalars::MonthText;
use super::summary::{Range, summary};
use super::views::{RateView, RecordedView, SummaryView};
use crate::kernel::answer::replayable;
use crate::kernel::time::local_day;
use crate::kernel::{
    Accepts, Access, App, Body, Caller, Endpoint, LimitGroup, OpClass, Params, Problem, Reader, RequestKey, SentFile,
    TableFile, Upload,
};

/// Which files hold rates.
pub(super) const ACCEPTS: Accepts = TableFile::accepts(FILE_BYTES_MAX);

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let read = Access::Needs(Permission::ReadCost);
    let write = Access::Needs(Permission::EditPrices);
    let mut endpoints = list::endpoints();
    endpoints.extend([
        Endpoint::api(routes!(record_rate), write, OpClass::Write, LimitGroup::General),
        Endpoint::api(routes!(record_file), write, OpClass::Write, LimitGroup::General),
        Endpoint::api(routes!(get_inflation), read, OpClass::Read, LimitGroup::General),
    ]);
    endpoints
}

/// The month that is running in the shop.
pub(super) fn this_month(app: &App) -> Month {
    Month::of(local_day(app.db.now(), &app.zone))
}

/// Record the rate of a month; one that has a rate goes by the new one, and the old one stays to be seen.
#[utoipa::path(post, path = "/api/v1/inflation/rates", tag = "inflation", request_body = RateBody,
    responses((status = 201, description = "The rate", body = RateView)))]
async fn record_rate(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<RateBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /inflation/rates");
    let rate = body.value.parse(this_month(&app))?;
    let done = app.db.execute(&actor, key, RecordRates(vec![rate])).await?;
    let recorded = done.out.rates.into_iter().next().expect("one rate was recorded");
    Ok(replayable(StatusCode::CREATED, done.replayed, &RateView::of(recorded)?))
}

/// A file in a form.
#[derive(ToSchema)]
#[schema(as = InflationForm)]
#[expect(dead_code, reason = "it only describes the form")]
struct FileForm {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Record the rates of a file, all or none.
///
/// A CSV or XLSX of at most 1 MB, as a form (field `file`) or as the body itself, with titles: a column for the month, one for
/// the rate in percent, and one for the source if there is one.
#[utoipa::path(post, path = "/api/v1/inflation/rates/file", tag = "inflation",
    request_body(content((FileForm = "multipart/form-data"))),
    responses((status = 201, description = "What became of it", body = RecordedView)))]
async fn record_file(sent: SentFile) -> Result<Response, Problem> {
    let SentFile { app, actor, key, request } = sent;
    let upload = Upload::receive(request, &ACCEPTS).await?;
    let key = key.bind("POST /inflation/rates/file", &sha256(&upload.bytes));
    let rates = rates_of(&upload, this_month(&app))?;
    let done = app.db.execute(&actor, key, RecordRates(rates)).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &RecordedView::of(done.out)?))
}

/// Which months are added up.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Months {
    /// The first one; eleven before the last when it is not said.
    #[param(value_type = Option<MonthText>, nullable = false)]
    from: Option<String>,
    /// The last one; the newest with a rate when it is not said.
    #[param(value_type = Option<MonthText>, nullable = false)]
    to: Option<String>,
}

/// What the rates of some months add up to, what 100 pesos become, and what the stock loses a day by standing still.
#[utoipa::path(get, path = "/api/v1/inflation", tag = "inflation", params(Months),
    responses((status = 200, description = "What they add up to", body = SummaryView)))]
async fn get_inflation(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(months): Params<Months>,
) -> Result<Json<SummaryView>, Problem> {
    let range = Range::parse(months.from, months.to)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadCost).await?;
    Ok(Json(summary(&mut reader, range).await?))
}
