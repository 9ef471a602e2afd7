//! The scorecards as a list: rows, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::card::{Period, cards};
use super::views::CardView;
use crate::kernel::scalars::{Day as DayText, FilterText};
use crate::kernel::time::{Day, local_day, parse_day};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};
use crate::suppliers;

/// Days of a period when nobody says how many.
const DAYS: Day = 90;
/// Days of a period, at most.
const DAYS_MAX: Day = 731;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::list::<Scorecards>(utoipa_axum::routes!(list_scorecards))]
}

/// Over which days, and whose.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Scorecards {
    /// The first day; the 89 days before the last when it is not said.
    #[param(value_type = Option<DayText>, nullable = false)]
    pub from: Option<String>,
    /// The last day, at most two years on; today when it is not said.
    #[param(value_type = Option<DayText>, nullable = false)]
    pub to: Option<String>,
    /// Only this supplier's: a code, or an id.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub supplier: Option<String>,
}

/// The period between two days as somebody wrote them, ending today when nothing is said.
pub(super) fn period(app: &App, from: Option<String>, to: Option<String>, today: Day) -> Result<Period, Problem> {
    let mut errors = Errors::new();
    let mut day = |field: &str, text: Option<String>| {
        let text = text?;
        let day = parse_day(&text);
        if day.is_none() {
            errors.add(field, "bad_date", "La fecha va como 2026-11-23.", "The date is written as 2026-11-23.");
        }
        day
    };
    let (from, to) = (day("from", from), day("to", to));
    errors.finish()?;
    let to = to.unwrap_or_else(|| from.map_or(today, |from| today.max(from)));
    let from = from.unwrap_or_else(|| to.saturating_sub(DAYS - 1));
    if !(0..DAYS_MAX).contains(&to.saturating_sub(from)) {
        let es = format!("Va de «from» en adelante, {DAYS_MAX} días como mucho.");
        let en = format!("It is \"from\" or later, {DAYS_MAX} days at most.");
        return Err(Problem::invalid_field("to", "out_of_range", es, en));
    }
    Ok(Period { from, to, zone: app.zone.clone() })
}

impl List for Scorecards {
    type Item = CardView;
    type Key = ();
    type Filter = (Period, Option<Uuid>);

    const NAME: &'static str = "supplier-scorecards";
    const TITLE: [&'static str; 2] = ["Calificación de proveedores", "Supplier scorecards"];
    const NEEDS: Permission = Permission::ReadCost;
    const PAGED: bool = false;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<Self::Filter>, Problem> {
        let period = period(app, self.from, self.to, local_day(reader.now(), &app.zone))?;
        let Some(code) = self.supplier else { return Ok(Some((period, None))) };
        let found = suppliers::by_code(&mut reader.tx(), &code).await?;
        Ok(found.map(|supplier| (period, Some(supplier.id))))
    }

    async fn page(
        (period, supplier): &Self::Filter,
        reader: &mut Reader,
        _: Option<()>,
        _: i64,
    ) -> Result<Page<CardView>, Problem> {
        let cards = cards(reader, period, *supplier).await?;
        Ok(Page { items: cards.iter().map(CardView::from).collect(), next: None })
    }

    fn columns(_: Option<&Self::Filter>) -> Columns<CardView> {
        Columns::<CardView>::new()
            .text("Proveedor", "Supplier", |card| card.supplier.clone())
            .text("Nombre", "Name", |card| card.name.clone())
            .word("supplier.score_", "Sobre todo trae", "Mainly brings", |card| card.score_profile.code())
            .money("Puntaje", "Points", |card| card.points.clone())
            .whole("Medido %", "Measured %", |card| card.measured.to_string())
            .money("Completo y a tiempo %", "In full and in time %", |card| card.otif.clone())
            .money("Sin roturas %", "Unbroken %", |card| card.unbroken.clone())
            .money("Al costo esperado %", "At the expected cost %", |card| card.cost_as_expected.clone())
            .money("Entregas a tiempo %", "Deliveries in time %", |card| card.in_time.clone())
            .money("Cumplimiento %", "Compliance %", |card| card.compliance.clone())
            .money("Reclamos resueltos %", "Claims answered %", |card| card.claims_answered.clone())
            .whole("Entregas", "Deliveries", |card| card.deliveries.to_string())
            .number("Días de demora", "Lead days", |card| card.mean_lead_days.clone())
            .whole("Muy tarde", "Very late", |card| card.very_late.to_string())
            .money("Suba sobre el resto, puntos", "Rise beyond the rest, points", |card| card.price_drift.clone())
    }
}

/// How good each supplier was, from what really happened in the days that are asked for; by name, without those of whom
/// nothing was measured.
#[utoipa::path(get, path = "/api/v1/supplier-scorecards", tag = "suppliers", params(Scorecards),
    responses((status = 200, description = "All of them", body = Page<CardView>)))]
async fn list_scorecards(asked: Listing<Scorecards>) -> Result<Response, Problem> {
    asked.answer().await
}
