//! What the rates of some months add up to, and what idle stock loses a day at the newest one.

use gondola_ledger::Money;
use gondola_pricing::inflation::{self, Growth, MONTHS_MAX, MonthlyRate};
use gondola_store::{StoreError, Tx};

use super::bodies::parse_month;
use super::month::Month;
use super::queries;
use super::views::{SummaryView, four_places};
use crate::kernel::fields::read;
use crate::kernel::{Errors, Problem, Reader};
use crate::stock::stock_value;

/// Months that are added up unless somebody says which.
const MONTHS_USUAL: i32 = 12;
/// A hundred pesos, in centavos.
const HUNDRED: Money = Money::new(10_000);

/// What some months add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accumulated {
    /// The months.
    pub from: Month,
    /// The last of them.
    pub to: Month,
    /// Those that have no rate.
    pub missing: Vec<Month>,
    /// The product of all rates; none while one is missing.
    pub growth: Option<Growth>,
}

/// What the months from one to another add up to.
///
/// # Errors
/// [`StoreError`].
pub async fn accumulated(tx: &mut Tx<'_>, from: Month, to: Month) -> Result<Accumulated, StoreError> {
    let series = queries::series(tx, from, to).await?;
    let missing: Vec<Month> = from.to(to).filter(|month| !series.iter().any(|(known, _)| known == month)).collect();
    let rates: Vec<MonthlyRate> = series.into_iter().map(|(_, rate)| rate).collect();
    let growth = if missing.is_empty() { inflation::accumulated(&rates) } else { None };
    Ok(Accumulated { from, to, missing, growth })
}

/// Which months somebody asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Range {
    pub from: Option<Month>,
    pub to: Option<Month>,
}

impl Range {
    /// The months that the texts name, or every problem with them.
    pub fn parse(from: Option<String>, to: Option<String>) -> Result<Self, Problem> {
        let mut errors = Errors::new();
        let from = read(&mut errors, "from", from, parse_month);
        let to = read(&mut errors, "to", to, parse_month);
        if let (Some(from), Some(to)) = (from, to)
            && !(1..=MONTHS_MAX).contains(&from.until(to))
        {
            let es = format!("Va de «from» a {MONTHS_MAX} meses, hacia adelante.");
            errors.add("to", "out_of_range", es, format!("It is \"from\" or later, {MONTHS_MAX} months at most."));
        }
        errors.finish()?;
        Ok(Self { from, to })
    }

    /// The months, as far as nobody said: until the newest rate, twelve of them.
    fn filled(self, first: Month, last: Month) -> (Month, Month) {
        let longest = i32::try_from(MONTHS_MAX).unwrap_or(i32::MAX);
        let to = self.to.unwrap_or_else(|| self.from.map_or(last, |from| last.max(from).min(from.plus(longest - 1))));
        let from = self.from.unwrap_or_else(|| to.plus(1 - MONTHS_USUAL).max(first).min(to));
        (from, to)
    }
}

/// What the months add up to, and what the stock loses a day.
pub(super) async fn summary(reader: &mut Reader, range: Range) -> Result<SummaryView, Problem> {
    // Who sees one place learns nothing of what stands in the others.
    let value = if reader.location().is_none() { Some(stock_value(reader).await?) } else { None };
    let mut tx = reader.tx();
    let mut view = SummaryView {
        from: None,
        to: None,
        months: 0,
        missing: Vec::new(),
        accumulated: None,
        hundred_pesos: None,
        latest_month: None,
        monthly_rate: None,
        daily_rate: None,
        stock_value: value.map(|value| value.to_string()),
        daily_loss: None,
    };
    let Some((first, last)) = queries::span(&mut tx).await? else { return Ok(view) };
    let (from, to) = range.filled(first, last);
    let sum = accumulated(&mut tx, from, to).await?;
    view.from = Some(from.to_string());
    view.to = Some(to.to_string());
    view.months = from.until(to);
    view.missing = sum.missing.iter().map(Month::to_string).collect();
    view.accumulated = sum.growth.and_then(Growth::rate).map(|rate| rate.to_string());
    view.hundred_pesos = sum.growth.and_then(|growth| growth.project_money(HUNDRED)).map(|money| money.to_string());
    if let Some(latest) = queries::current(&mut tx, last).await? {
        let rate = latest.rate()?;
        view.latest_month = Some(last.to_string());
        view.monthly_rate = Some(rate.rate().to_string());
        view.daily_rate = rate.daily().rate().map(four_places);
        let loss = value.and_then(|value| rate.daily().added_to_money(value));
        view.daily_loss = loss.map(|loss| loss.to_string());
    }
    Ok(view)
}
