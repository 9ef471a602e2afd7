//! What is said about a rate: over the API as JSON, from the page as a form. Texts become values here, all field errors
//! at once.

use gondola_pricing::Rate;
use gondola_pricing::inflation::MonthlyRate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::commands::NewRate;
use super::month::Month;
use super::scalars::{MonthText, MonthlyRateText, RateSource};
use crate::kernel::body::given;
use crate::kernel::fields::{Read, line, must, parse_percent};
use crate::kernel::{Errors, Problem, Text};

/// Characters of a source at most.
pub const SOURCE_MAX: usize = 100;

/// How much prices rose in a month.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewInflationRate)]
#[serde(deny_unknown_fields)]
pub struct RateBody {
    /// The month.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MonthText, required)]
    pub month: Option<String>,
    /// The rate of that month in percent, 0 to 50; an annual one is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MonthlyRateText, required)]
    pub rate: Option<String>,
    /// Where it comes from.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = RateSource, required)]
    pub source: Option<String>,
}

impl RateBody {
    /// The rate, or every field's problem. `now` is the month that is running.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self, now: Month) -> Result<NewRate, Problem> {
        let mut errors = Errors::new();
        let month = must(&mut errors, "month", self.month, |text| past_month(text, now));
        let rate = must(&mut errors, "rate", self.rate, parse_rate);
        let source = must(&mut errors, "source", self.source, parse_source);
        errors.finish()?;
        let read = "nothing was wrong with it";
        Ok(NewRate { month: month.expect(read), rate: rate.expect(read), source: source.expect(read) })
    }
}

/// A month.
pub(crate) fn parse_month(text: &str) -> Read<Month> {
    Month::parse(text).ok_or_else(|| {
        let told = Text::new("El mes va como 2026-10, desde 2000.", "The month is written as 2026-10, from 2000 on.");
        ("bad_month", told)
    })
}

/// A month that has begun.
pub(super) fn past_month(text: &str, now: Month) -> Read<Month> {
    let month = parse_month(text)?;
    if month > now {
        let told = Text::new("Ese mes todavía no empezó.", "That month has not begun yet.");
        return Err(("in_the_future", told));
    }
    Ok(month)
}

/// A monthly rate.
pub(super) fn parse_rate(text: &str) -> Read<MonthlyRate> {
    let points = parse_percent(text)?;
    let rate = i16::try_from(points).ok().and_then(|points| MonthlyRate::new(Rate::basis_points(points)));
    rate.ok_or_else(|| {
        let es = "Va de 0 a 50 % por mes. Si es la anual, no sirve.";
        ("out_of_range", Text::new(es, "It is 0 to 50 % a month. A yearly rate does not do."))
    })
}

/// Where a rate comes from.
pub(super) fn parse_source(text: &str) -> Read<String> {
    line(text, 2, SOURCE_MAX)
}
