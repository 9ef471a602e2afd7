//! The feature's pages: how good all suppliers were, and what the score of one is made of.

mod all;
mod one;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::get;
use gondola_store::Permission;

use super::card::Period;
use super::list::period;
use crate::kernel::time::{Day, format_day};
use crate::kernel::{Access, App, Asked, Endpoint, Form, LimitGroup, Problem};

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    let read = Access::Needs(Permission::ReadCost);
    vec![
        Endpoint::page(Method::GET, "/supplier-scorecards", get(all::show), read, LimitGroup::General),
        Endpoint::page(Method::GET, "/suppliers/{code}/scorecard", get(one::show), read, LimitGroup::General),
    ]
}

/// The days that were asked for with the form that shows them, or the usual ones and what was wrong.
fn asked_period(app: &App, asked: &Asked, today: Day) -> Result<(Period, Form), Problem> {
    let (from, to) = (asked.given("from"), asked.given("to"));
    let form = Form::new().with("from", asked.value("from")).with("to", asked.value("to"));
    match period(app, from, to, today) {
        Ok(period) => {
            let form = Form::new().with("from", format_day(period.from)).with("to", format_day(period.to));
            Ok((period, form))
        }
        Err(problem) => Ok((period(app, None, None, today)?, form.refused(problem)?)),
    }
}

/// A percentage as people read it; a dash when it was not measured.
fn percent(text: Option<String>) -> String {
    text.map_or_else(|| "—".to_owned(), |text| format!("{} %", decimal(&text)))
}

/// A number with two places as people read it: without them where they are zero.
fn decimal(text: &str) -> String {
    text.strip_suffix(".00").unwrap_or(text).replace('.', ",").replace('-', "−")
}
