//! The series and the shop's own inflation as lists: rows, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::bodies::parse_month;
use super::month::Month;
use super::own::{Calendar, OWN_MONTHS_MAX, own_rates};
use super::queries::{self, RateFilter, RateKey};
use super::scalars::MonthText;
use super::summary::Range;
use super::views::{OwnView, RateView};
use crate::kernel::fields::read;
use crate::kernel::time::{Day, local_day};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<Rates>(utoipa_axum::routes!(list_rates)),
        Endpoint::list::<OwnRates>(utoipa_axum::routes!(list_own_rates)),
    ]
}

/// Which rates.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Rates {
    /// From this month on.
    #[param(value_type = Option<MonthText>, nullable = false)]
    pub from: Option<String>,
    /// Until this month.
    #[param(value_type = Option<MonthText>, nullable = false)]
    pub to: Option<String>,
    /// Only what the shop goes by, without what was corrected.
    #[param(value_type = Option<bool>, nullable = false)]
    pub current: Option<bool>,
}

impl List for Rates {
    type Item = RateView;
    type Key = RateKey;
    type Filter = RateFilter;

    const NAME: &'static str = "inflation-rates";
    const TITLE: [&'static str; 2] = ["Inflación mensual", "Monthly inflation"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<RateFilter>, Problem> {
        let mut errors = Errors::new();
        let from = read(&mut errors, "from", self.from, parse_month);
        let to = read(&mut errors, "to", self.to, parse_month);
        errors.finish()?;
        Ok(Some(RateFilter {
            from: from.map_or(Day::MIN, Month::first_day),
            to: to.map_or(Day::MAX, Month::first_day),
            current: self.current == Some(true),
        }))
    }

    async fn page(
        filter: &RateFilter,
        reader: &mut Reader,
        after: Option<RateKey>,
        limit: i64,
    ) -> Result<Page<RateView>, Problem> {
        let rows = queries::rates(&mut reader.tx(), filter, after, limit).await?;
        let page = Page::cut(rows, limit, |rate| (rate.month, rate.number), RateView::of);
        Ok(Page { items: page.items.into_iter().collect::<Result<_, _>>()?, next: page.next })
    }

    fn columns(_: Option<&RateFilter>) -> Columns<RateView> {
        Columns::<RateView>::new()
            .text("Mes", "Month", |rate| rate.month.clone())
            .money("Inflación mensual %", "Monthly rate %", |rate| rate.rate.clone())
            .cost("Por día %", "By day %", |rate| rate.daily_rate.clone())
            .text("Fuente", "Source", |rate| rate.source.clone())
            .flag("Vigente", "In force", |rate| rate.current)
            .text("Usuario", "User", |rate| rate.recorded_by.clone())
            .instant("Registrado", "Recorded", |rate| rate.recorded_at.clone())
            .text("Id", "Id", |rate| rate.id)
    }
}

/// The series of monthly rates, newest month first; corrections stand above what they correct.
#[utoipa::path(get, path = "/api/v1/inflation/rates", tag = "inflation", params(Rates),
    responses((status = 200, description = "A page of rates", body = Page<RateView>)))]
async fn list_rates(asked: Listing<Rates>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Of which months.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnRates {
    /// The first one; eleven before the last when it is not said.
    #[param(value_type = Option<MonthText>, nullable = false)]
    pub from: Option<String>,
    /// The last one, at most two years on; the one that is running when it is not said.
    #[param(value_type = Option<MonthText>, nullable = false)]
    pub to: Option<String>,
}

/// The months of the shop's own inflation, as somebody asked for them.
pub(super) fn own_months(app: &App, range: Range, now: Month) -> Result<Calendar, Problem> {
    let to = range.to.unwrap_or_else(|| range.from.map_or(now, |from| from.plus(11).min(now).max(from)));
    let from = range.from.unwrap_or_else(|| to.plus(-11));
    if !(1..=OWN_MONTHS_MAX).contains(&from.until(to)) {
        let es = format!("Va de «from» a {OWN_MONTHS_MAX} meses, hacia adelante.");
        let en = format!("It is \"from\" or later, {OWN_MONTHS_MAX} months at most.");
        return Err(Problem::invalid_field("to", "out_of_range", es, en));
    }
    Ok(Calendar::of(from, to, &app.zone))
}

impl List for OwnRates {
    type Item = OwnView;
    type Key = ();
    type Filter = Calendar;

    const NAME: &'static str = "own-inflation";
    const TITLE: [&'static str; 2] = ["Inflación propia", "Own inflation"];
    const NEEDS: Permission = Permission::ReadCost;
    const PAGED: bool = false;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<Calendar>, Problem> {
        let now = Month::of(local_day(reader.now(), &app.zone));
        Ok(Some(own_months(app, Range::parse(self.from, self.to)?, now)?))
    }

    async fn page(calendar: &Calendar, reader: &mut Reader, _: Option<()>, _: i64) -> Result<Page<OwnView>, Problem> {
        let rates = own_rates(reader, calendar).await?;
        Ok(Page { items: rates.into_iter().map(OwnView::from).collect(), next: None })
    }

    fn columns(_: Option<&Calendar>) -> Columns<OwnView> {
        Columns::<OwnView>::new()
            .text("Mes", "Month", |own| own.month.clone())
            .text("Rubro", "Category", |own| own.category.clone())
            .text("Nombre", "Name", |own| own.name.clone())
            .money("Inflación propia %", "Own inflation %", |own| own.rate.clone())
            .number("Artículos comparados", "Goods compared", |own| own.goods.to_string())
            .money("Compra del mes anterior", "Bought the month before", |own| own.spent_before.clone())
    }
}

/// The shop's own inflation by month, newest first: what the same goods from the same supplier cost over what they cost in
/// the month before, weighted by how much was bought then; of the whole shop, and of each category.
#[utoipa::path(get, path = "/api/v1/inflation/own", tag = "inflation", params(OwnRates),
    responses((status = 200, description = "All of it", body = Page<OwnView>)))]
async fn list_own_rates(asked: Listing<OwnRates>) -> Result<Response, Problem> {
    asked.answer().await
}
