//! The JSON calls about the rules of negative stock.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{Channel, Overdraw};
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{DeletePolicy, NegativePolicy, PutPolicy, policies};
use crate::kernel::body::{NoBody, given};
use crate::kernel::path::Segment;
use crate::kernel::scalars::ProductName;
use crate::kernel::{
    Access, App, Body, Caller, Columns, Endpoint, Errors, LimitGroup, List, Listing, OpClass, Page, Problem, Reader,
};
use crate::stock::{line, parse_product};

/// Characters of a place's code.
const LOCATION_MAX: usize = 30;

/// The routes of this file.
pub fn endpoints() -> Vec<Endpoint> {
    let write = |routes| Endpoint::api(routes, Access::Needs(Permission::Adjust), OpClass::Write, LimitGroup::General);
    vec![
        Endpoint::list::<PolicyParams>(routes!(list_policies)),
        write(routes!(put_policy)),
        write(routes!(delete_policy)),
    ]
}

/// A rule about negative stock. What is null means any; the most specific rule decides.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NegativePolicy)]
pub struct PolicyItem {
    /// Its id.
    id: Uuid,
    /// The product, as `sku:SKU`.
    #[schema(required)]
    product: Option<String>,
    /// The place's code.
    #[schema(required)]
    location: Option<String>,
    /// The channel.
    #[schema(required, value_type = Option<ChannelCode>)]
    channel: Option<String>,
    /// What happens when more leaves than is there.
    #[schema(value_type = OverdrawCode)]
    overdraw: String,
}

impl From<NegativePolicy> for PolicyItem {
    fn from(rule: NegativePolicy) -> Self {
        let NegativePolicy { id, sku, location, channel, overdraw } = rule;
        Self { id, product: sku.map(|sku| format!("sku:{sku}")), location, channel, overdraw }
    }
}

/// The ways by which a movement comes in.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum ChannelCode {
    /// The till, with a customer in front of it; without a rule it may overdraw and flags it.
    Till,
    /// A signed-in person.
    Counter,
    /// A program, by key.
    Api,
    /// A file.
    Import,
    /// A scheduled job.
    Job,
}

/// What happens when more leaves than is there.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document has it")]
enum OverdrawCode {
    /// It is refused.
    Refuse,
    /// It is posted and flagged.
    AllowAndFlag,
    /// It is posted.
    Allow,
}

/// A rule to write. What is absent means any.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NegativePolicyChange)]
#[serde(deny_unknown_fields)]
struct PolicyBody {
    /// `sku:SKU` or the product's id.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName)]
    product: Option<String>,
    /// Code of the place.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "local", min_length = 1, max_length = 30)]
    location: Option<String>,
    /// The channel.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ChannelCode)]
    channel: Option<String>,
    /// What happens when more leaves than is there.
    #[schema(value_type = OverdrawCode, required)]
    overdraw: Option<String>,
}

impl PolicyBody {
    fn parse(self) -> Result<PutPolicy, Problem> {
        let mut errors = Errors::new();
        let product = self.product.and_then(|text| parse_product(&mut errors, &text));
        let location = self.location.and_then(|text| line(&mut errors, "location", &text, LOCATION_MAX));
        let channel = self.channel.and_then(|code| {
            let known = Channel::ALL.map(Channel::code).join(", ");
            let (es, en) = (format!("Los canales son: {known}."), format!("The channels are: {known}."));
            let channel = Channel::from_code(&code);
            errors.take("channel", channel.ok_or(("unknown_channel", crate::kernel::Text::new(es, en))))
        });
        let overdraw = errors.required("overdraw", self.overdraw).and_then(|code| {
            let known = Overdraw::ALL.map(Overdraw::code).join(", ");
            let (es, en) = (format!("Puede ser: {known}."), format!("It can be: {known}."));
            let overdraw = Overdraw::from_code(&code);
            errors.take("overdraw", overdraw.ok_or(("unknown_overdraw", crate::kernel::Text::new(es, en))))
        });
        errors.finish()?;
        let overdraw = overdraw.expect("nothing was wrong with it");
        Ok(PutPolicy { product, location, channel, overdraw })
    }
}

/// The rules about negative stock: all of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyParams {}

impl List for PolicyParams {
    type Item = PolicyItem;
    type Key = Uuid;
    type Filter = ();

    const NAME: &'static str = "negative-policies";
    const TITLE: [&'static str; 2] = ["Reglas de stock negativo", "Rules about negative stock"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page((): &(), reader: &mut Reader, after: Option<Uuid>, limit: i64) -> Result<Page<PolicyItem>, Problem> {
        let rows = policies(reader, after, limit).await?;
        Ok(Page::cut(rows, limit, |rule| rule.id, PolicyItem::from))
    }

    fn columns(_: Option<&()>) -> Columns<PolicyItem> {
        Columns::<PolicyItem>::new()
            .text("Producto", "Product", |rule| rule.product.clone())
            .text("Ubicación", "Place", |rule| rule.location.clone())
            .text("Canal", "Channel", |rule| rule.channel.clone())
            .text("Qué pasa", "What happens", |rule| rule.overdraw.clone())
    }
}

/// The rules about negative stock.
///
/// Without any the till may overdraw and flags it, and everybody else is refused.
#[utoipa::path(get, path = "/api/v1/stock/negative-policies", tag = "stock",
    responses((status = 200, description = "A page of rules", body = Page<PolicyItem>)))]
async fn list_policies(asked: Listing<PolicyParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Write a rule, in place of the one for the same product, place and channel.
#[utoipa::path(put, path = "/api/v1/stock/negative-policies", tag = "stock", request_body = PolicyBody,
    responses((status = 200, description = "The rule", body = PolicyItem)))]
async fn put_policy(
    State(app): State<App>,
    Caller(actor): Caller,
    body: Body<PolicyBody>,
) -> Result<Json<PolicyItem>, Problem> {
    let done = app.db.execute(&actor, None, body.value.parse()?).await?;
    Ok(Json(done.out.into()))
}

/// Take a rule away; what is more general decides again.
#[utoipa::path(delete, path = "/api/v1/stock/negative-policies/{id}", tag = "stock", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is gone")))]
async fn delete_policy(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment(id): Segment,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    app.db.execute(&actor, None, DeletePolicy { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
