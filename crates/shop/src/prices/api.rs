//! The JSON calls that change prices and what they are judged by. Lists are in `list.rs`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::Money;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::commands::{Confirmed, SetPrice};
use super::list::{self, parse_product};
use super::paper::{Paper, Readers};
use super::placing::LIST_GENERAL;
use super::queries;
use super::rule::rule_at;
use super::scalars::{PriceListCode, ReadersCode, TaxStatusCode};
use super::tax::{STATUSES, SetTaxStatus, parse_status, status_on};
use super::views::{ChangeView, TaxStatusView};
use crate::kernel::answer::{pdf, replayable};
use crate::kernel::body::given;
use crate::kernel::fields::{Read, line, must, parse_date, parse_price, read, read_or_null};
use crate::kernel::scalars::{Day as DayText, FilterText, Price, ProductName};
use crate::kernel::time::{Day, local_day};
use crate::kernel::{
    Access, App, Body, Caller, Endpoint, Errors, LimitGroup, OpClass, Params, Problem, Reader, RequestKey, Text,
};
use crate::stock::{ProductRef, REASON_MAX, REASON_MIN, Reason};

/// The feature's calls.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let write = |routes, right| Endpoint::api(routes, Access::Needs(right), OpClass::Write, LimitGroup::General);
    let mut endpoints = list::endpoints();
    endpoints.extend([
        Endpoint::api(routes!(get_paper), Access::Needs(Permission::ReadCatalogue), OpClass::Read, LimitGroup::General),
        write(routes!(set_price), Permission::EditPrices),
        write(routes!(set_tax_status), Permission::ManageSettings),
    ]);
    endpoints
}

/// Which list, and for whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PaperParams {
    /// For the `staff`, by category with the code that is keyed in, or for `customers`, with a column for each size.
    #[param(value_type = ReadersCode, required)]
    readers: Option<String>,
    /// Which prices; those of GENERAL unless said.
    #[param(value_type = Option<PriceListCode>, nullable = false)]
    list: Option<String>,
    /// Of this category or one below it; all of them unless said.
    #[param(value_type = Option<FilterText>, nullable = false)]
    category: Option<String>,
}

/// Prices on paper, without costs: everything in use that has a price, by category.
#[utoipa::path(get, path = "/api/v1/prices/pdf", tag = "prices", params(PaperParams),
    responses((status = 200, description = "The list", content_type = "application/pdf", body = String)))]
async fn get_paper(
    State(app): State<App>,
    Caller(actor): Caller,
    Params(params): Params<PaperParams>,
) -> Result<Response, Problem> {
    let mut errors = Errors::new();
    let readers = must(&mut errors, "readers", params.readers, |code| {
        let known = Readers::ALL.into_iter().find(|(known, _)| *known == code);
        let told = Text::new("Es staff o customers.", "It is staff or customers.");
        known.map(|(_, readers)| readers).ok_or(("unknown_word", told))
    });
    let list = read(&mut errors, "list", params.list, list::parse_list).unwrap_or(LIST_GENERAL);
    errors.finish()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadCatalogue).await?;
    let now = reader.now();
    let day = local_day(now, &app.zone);
    let mut tx = reader.tx();
    let filter = queries::filter_of(&mut tx, params.category.as_deref(), None, None).await?;
    let filter = filter.ok_or_else(Problem::not_found)?;
    let rule = (rule_at(&mut tx, list, now, day).await?, status_on(&mut tx, day).await?);
    let products = queries::on_paper(&mut tx, list, rule, filter.category).await?;
    let bytes = Paper { readers: readers.expect("nothing was wrong with it"), list, day }.document(&products)?;
    Ok(pdf("precios", bytes))
}

/// A price from now on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewPrice)]
#[serde(deny_unknown_fields)]
pub struct PriceBody {
    /// The product.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName, required)]
    pub product: Option<String>,
    /// On which list; GENERAL unless said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PriceListCode)]
    pub list: Option<String>,
    /// How much it is there. Null takes it off a list other than GENERAL, whose rule holds for it again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Price>, required)]
    pub price: Option<Option<String>>,
    /// Why.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason, required)]
    pub reason: Option<String>,
    /// That the owner takes it though it earns less than it must. Only the owner may say so.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub confirmed: Option<bool>,
}

/// Why, in 3 to 200 characters.
pub(super) fn parse_reason(text: &str) -> Read<String> {
    line(text, REASON_MIN, REASON_MAX)
}

impl PriceBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self) -> Result<SetPrice, Problem> {
        let mut errors = Errors::new();
        let product: Option<ProductRef> = must(&mut errors, "product", self.product, parse_product);
        let list = read(&mut errors, "list", self.list, list::parse_list).unwrap_or(LIST_GENERAL);
        if self.price.is_none() {
            errors.required::<()>("price", None);
        }
        let price: Option<Option<Money>> = read_or_null(&mut errors, "price", self.price, parse_price);
        let reason = must(&mut errors, "reason", self.reason, parse_reason);
        errors.finish()?;
        let read = "nothing was wrong with it";
        let confirmed = if self.confirmed == Some(true) { Confirmed::ByTheOwner } else { Confirmed::No };
        Ok(SetPrice {
            product: product.expect(read),
            list,
            price: price.expect(read),
            reason: reason.expect(read),
            confirmed,
        })
    }
}

/// Set the price of a product on a list, and keep why. Below what it must earn, the owner has to confirm it.
#[utoipa::path(post, path = "/api/v1/prices", tag = "prices", request_body = PriceBody,
    responses((status = 201, description = "The change", body = ChangeView)))]
async fn set_price(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<PriceBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /prices");
    let done = app.db.execute(&actor, key, body.value.parse()?).await?;
    let mut change = ChangeView::from(done.out);
    // Whoever sets a price need not see what the product costs.
    change.cost = change.cost.filter(|_| actor.may(Permission::ReadCost));
    Ok(replayable(StatusCode::CREATED, done.replayed, &change))
}

/// What the shop is to the tax office from a day on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewTaxStatus)]
#[serde(deny_unknown_fields)]
pub struct TaxStatusBody {
    /// What it is.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = TaxStatusCode, required)]
    pub status: Option<String>,
    /// From which day.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DayText, required)]
    pub valid_from: Option<String>,
    /// Whether the costs that are known on that day are told anew: without their VAT for a registered shop, with it for a
    /// monotributista. They stay unless it is `true`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub costs_follow: Option<bool>,
}

impl TaxStatusBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self) -> Result<SetTaxStatus, Problem> {
        let mut errors = Errors::new();
        let status: Option<TaxStatus> = must(&mut errors, "status", self.status, |code| {
            let codes = STATUSES.map(|(code, _)| code).join(", ");
            let told = || Text::new(format!("Es uno de estos: {codes}."), format!("It is one of these: {codes}."));
            parse_status(code).ok_or_else(|| ("unknown_status", told()))
        });
        let valid_from: Option<Day> = must(&mut errors, "valid_from", self.valid_from, parse_date);
        errors.finish()?;
        let read = "nothing was wrong with it";
        let costs_follow = self.costs_follow.unwrap_or(false);
        Ok(SetTaxStatus { status: status.expect(read), valid_from: valid_from.expect(read), costs_follow })
    }
}

/// Say what the shop is to the tax office from a day on: what every price earns is judged by it.
#[utoipa::path(post, path = "/api/v1/tax-statuses", tag = "prices", request_body = TaxStatusBody,
    responses((status = 201, description = "It is", body = TaxStatusView)))]
async fn set_tax_status(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<TaxStatusBody>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /tax-statuses");
    let command = body.value.parse()?;
    let done = app.db.execute(&actor, key, command).await?;
    Ok(replayable(StatusCode::CREATED, done.replayed, &TaxStatusView::from(done.out)))
}
