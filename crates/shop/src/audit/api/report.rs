//! The figures of a period, as JSON.

use axum::Json;
use axum::extract::State;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::report::{Period, Report, report};
use super::PeriodCode;
use crate::kernel::{Access, App, Caller, Endpoint, LimitGroup, OpClass, Params, Problem, Reader};

/// The route.
pub(super) fn endpoint() -> Endpoint {
    let audit = Access::Needs(Permission::ReadAudit);
    Endpoint::api(utoipa_axum::routes!(get_report), audit, OpClass::Read, LimitGroup::General)
}

/// Which period.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    /// The period that ends now; a day when nobody says.
    #[param(value_type = Option<PeriodCode>, nullable = false)]
    pub period: Option<String>,
}

impl ReportParams {
    /// The period.
    ///
    /// # Errors
    /// 422 about a word that is none.
    pub fn period(&self) -> Result<Period, Problem> {
        let Some(text) = self.period.as_deref() else { return Ok(Period::Day) };
        Period::from_code(text).ok_or_else(|| {
            let known = Period::ALL.map(Period::code).join(", ");
            let (es, en) = (format!("Los períodos son: {known}."), format!("The periods are: {known}."));
            Problem::invalid_field("period", "unknown_value", es, en)
        })
    }
}

/// The figures for somebody.
///
/// # Errors
/// 403 without the right, 503 without a database.
pub async fn report_for(reader: &mut Reader, period: Period) -> Result<Report, Problem> {
    let own = reader.location().map(|_| reader.actor().reference());
    let now = reader.now();
    Ok(report(&mut reader.tx(), period, now, own.as_deref()).await?)
}

/// The trail of an hour, a day, a week or a month in figures.
#[utoipa::path(get, path = "/api/v1/audit/report", tag = "audit", params(ReportParams),
    responses((status = 200, description = "The figures", body = Report)))]
async fn get_report(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<ReportParams>,
) -> Result<Json<Report>, Problem> {
    let period = params.period()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadAudit).await?;
    Ok(Json(report_for(&mut reader, period).await?))
}
