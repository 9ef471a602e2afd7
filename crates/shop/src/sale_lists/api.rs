//! The JSON calls about the rules of sale lists, and what is said about one. The list is in `list.rs`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::Money;
use gondola_pricing::Rate;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::commands::{RemoveListRule, SetListRule};
use super::list;
use super::scalars::{AdjustmentText, ListMinimumText, RULED, RuledListCode};
use super::views::ListRuleView;
use crate::kernel::answer::replayable;
use crate::kernel::body::{NoBody, given};
use crate::kernel::fields::{Read, must, parse_date, parse_price, parse_rate, read};
use crate::kernel::path::Segment;
use crate::kernel::scalars::{Day as DayText, Price};
use crate::kernel::time::{Day, local_day};
use crate::kernel::{Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Problem, RequestKey, Text};

/// Percent more or less than GENERAL.
const ADJUSTMENTS: [i32; 2] = [-90, 100];
/// Percent that a list may be told to leave at least, at most.
const MINIMUM_MAX: i32 = 90;
/// The steps that prices are rounded to, in centavos: up to $1,000.
const STEP_MAX: i64 = 100_000;
/// A value whose field had no problem.
const READ: &str = "nothing was wrong with it";

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write =
        |routes| Endpoint::api(routes, Access::Needs(Permission::EditPrices), OpClass::Write, LimitGroup::General);
    let mut endpoints = list::endpoints();
    endpoints.extend([write(routes!(set_rule)), write(routes!(remove_rule))]);
    endpoints
}

/// The list of that code, if a rule may make it.
pub(super) fn parse_ruled(code: &str) -> Read<&'static str> {
    let known = RULED.into_iter().find(|known| *known == code);
    let told = || Text::new("Es MAYORISTA o ESPECIAL.", "It is MAYORISTA or ESPECIAL.");
    known.ok_or_else(|| ("unknown_list", told()))
}

/// What a list asks for over GENERAL, from a day on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewListRule)]
#[serde(deny_unknown_fields)]
pub struct ListRuleBody {
    /// Of which list.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = RuledListCode, required)]
    pub list: Option<String>,
    /// How much more or less than GENERAL, in percent; MAYORISTA asks for no more.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = AdjustmentText, required)]
    pub adjustment: Option<String>,
    /// What its prices are rounded to, up to 1,000 pesos; unless said, what each product's category says.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Price)]
    pub rounding_step: Option<String>,
    /// The margin it leaves at least, in percent; unless said, what each product's category says. Only the owner may say it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ListMinimumText)]
    pub minimum_margin: Option<String>,
    /// The first day; today unless said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DayText)]
    pub valid_from: Option<String>,
    /// The last day; until another rule begins unless said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DayText)]
    pub valid_to: Option<String>,
}

fn parse_step(text: &str) -> Read<Money> {
    let told = || Text::new("Va de $ 0,01 a $ 1.000, como 10.", "It goes from 0.01 to 1,000 pesos, as 10.");
    let step = parse_price(text)?;
    (step.raw() <= STEP_MAX).then_some(step).ok_or_else(|| ("out_of_range", told()))
}

impl ListRuleBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self, today: Day) -> Result<SetListRule, Problem> {
        let mut errors = Errors::new();
        let list = must(&mut errors, "list", self.list, parse_ruled);
        let [least, most] = ADJUSTMENTS;
        let adjustment: Option<Rate> =
            must(&mut errors, "adjustment", self.adjustment, |text| parse_rate(text, least, most));
        let step = read(&mut errors, "rounding_step", self.rounding_step, parse_step);
        let minimum = read(&mut errors, "minimum_margin", self.minimum_margin, |text| parse_rate(text, 0, MINIMUM_MAX));
        let valid_from = read(&mut errors, "valid_from", self.valid_from, parse_date);
        let valid_to = read(&mut errors, "valid_to", self.valid_to, parse_date);
        errors.finish()?;
        let (list, adjustment) = (list.expect(READ), adjustment.expect(READ));
        Ok(SetListRule { list, adjustment, step, minimum, valid_from: valid_from.unwrap_or(today), valid_to })
    }
}

/// Set what a list asks for over GENERAL, from a day on. No price of GENERAL changes by it, nor one that somebody set on that
/// list.
#[utoipa::path(post, path = "/api/v1/sale-lists/rules", tag = "prices", request_body = ListRuleBody,
    responses((status = 201, description = "The rule", body = ListRuleView)))]
async fn set_rule(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<ListRuleBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /sale-lists/rules");
    let command = body.value.parse(local_day(app.db.now(), &app.zone))?;
    let done = app.db.execute(&actor, key, command).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &ListRuleView::of(done.out)))
}

/// Remove a rule: from now on the one that began before it holds, or none. It stays in the list, as removed.
#[utoipa::path(delete, path = "/api/v1/sale-lists/rules/{id}", tag = "prices", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is removed")))]
async fn remove_rule(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    app.db.execute(&actor, None, RemoveListRule { id: rule_id(&id)? }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The id of a rule.
pub(super) fn rule_id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
