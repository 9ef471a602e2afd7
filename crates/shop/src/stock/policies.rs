//! The written rules about negative stock: what happens when more leaves than is there, of a product,
//! at a place, by a channel, or any of them (domain: Negative policy). Which rule decides is the
//! ledger's to say (`gondola_ledger::policy`); the book asks while it holds the product.

pub mod api;

use gondola_ledger::{Channel, LocationId, Overdraw, PolicyRule, ProductId};
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::book::Book;
use super::movement::{ProductRef, channel_of};
use super::refusal::StockRefusal;
use super::sql;
use crate::kernel::{Problem, Reader};

#[derive(FromRow)]
struct RuleRow {
    product_id: Option<Uuid>,
    location_id: Option<Uuid>,
    channel: Option<String>,
    overdraw: String,
}

/// The rules that may decide about these products, given as a list of ids.
pub(super) async fn rules(tx: &mut Tx<'_>, products: &str) -> Result<Vec<PolicyRule>, StoreError> {
    let rows: Vec<RuleRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOAD_POLICIES)).bind(products).fetch_all(c).await?);
    rows.into_iter().map(rule).collect()
}

fn rule(row: RuleRow) -> Result<PolicyRule, StoreError> {
    let corrupt = |column, detail: &str| StoreError::corrupt("negative_policies", column, "", detail);
    let channel = match row.channel {
        None => None,
        Some(code) => Some(Channel::from_code(&code).ok_or_else(|| corrupt("channel", &code))?),
    };
    Ok(PolicyRule {
        product: row.product_id.map(|id| ProductId(id.as_u128())),
        location: row.location_id.map(|id| LocationId(id.as_u128())),
        channel,
        overdraw: Overdraw::from_code(&row.overdraw).ok_or_else(|| corrupt("overdraw", &row.overdraw))?,
    })
}

/// A rule with the names people know; what is absent means any.
#[derive(FromRow, Debug, Clone, Serialize, Deserialize)]
pub struct NegativePolicy {
    /// Its id.
    pub id: Uuid,
    /// The product's SKU.
    pub sku: Option<String>,
    /// The place's code.
    pub location: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// What happens.
    pub overdraw: String,
}

/// Writes a rule, in place of the one for the same product, place and channel.
pub struct PutPolicy {
    /// Of this product; of any when absent.
    pub product: Option<ProductRef>,
    /// At the place of this code; at any when absent.
    pub location: Option<String>,
    /// By this channel; by any when absent.
    pub channel: Option<Channel>,
    /// What happens when more leaves than is there.
    pub overdraw: Overdraw,
}

impl Command for PutPolicy {
    const NAME: &'static str = "stock.put_policy";
    type Out = NegativePolicy;
    type Refusal = StockRefusal;

    fn permission(&self) -> Permission {
        Permission::Adjust
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<NegativePolicy, Fail<StockRefusal>> {
        let book = Book::open(tx, cx, channel_of(cx), &self.product).await?;
        let product = self.product.as_ref().map(|product| book.shelf(product).map(|shelf| shelf.id));
        let product = product.transpose().map_err(Fail::Refused)?;
        let location = match &self.location {
            Some(code) => Some(book.place("location", code).map_err(Fail::Refused)?.id),
            None if cx.actor.location.is_some() => {
                return Err(Fail::Refused(StockRefusal::LocationRequired("location")));
            }
            None => None,
        };
        let channel = self.channel.map(Channel::code);
        let before: Option<NegativePolicy> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_POLICY_FOR))
            .bind(product).bind(location).bind(channel).fetch_optional(c).await?);
        before.iter().for_each(|before| cx.changes(before));
        let id: Uuid = both!(tx, c, text => sqlx::query_scalar(text(sql::PUT_POLICY))
            .bind(cx.new_id()).bind(product).bind(location).bind(channel).bind(self.overdraw.code())
            .fetch_one(c).await?);
        Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_POLICY)).bind(id).fetch_one(c).await?))
    }
}

/// Takes a rule away: what is more general decides again.
pub struct DeletePolicy {
    /// Its id.
    pub id: Uuid,
}

impl Command for DeletePolicy {
    const NAME: &'static str = "stock.delete_policy";
    type Out = ();
    type Refusal = StockRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Adjust
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<StockRefusal>> {
        let before: Option<NegativePolicy> =
            both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_POLICY)).bind(self.id).fetch_optional(c).await?);
        before.iter().for_each(|before| cx.changes(before));
        let deleted = both!(tx, c, text => sqlx::query(text(sql::DELETE_POLICY))
            .bind(self.id).bind(cx.actor.location).execute(c).await?.rows_affected());
        if deleted == 0 {
            return Err(Fail::Refused(StockRefusal::UnknownPolicy));
        }
        Ok(expect_rows(sql::DELETE_POLICY, 1, deleted)?)
    }
}

/// The rules the reader may see; one more than `limit` when there are more.
pub(super) async fn policies(
    reader: &mut Reader,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<NegativePolicy>, Problem> {
    let own = reader.location();
    Ok(both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::POLICIES_PAGE))
        .bind(after.unwrap_or_default()).bind(own).bind(limit + 1).fetch_all(c).await?))
}
