//! Markups as they are set, with the names of what they are set on.

use gondola_pricing::Rate;
use gondola_pricing::markup::Percentages;
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;

/// A markup, and what it is set on.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct SetOn {
    /// Its id.
    pub id: Uuid,
    /// 1 for categories, 2 for brands, 3 for products: where it stands in the list.
    pub place: i64,
    /// What it stands by there.
    pub key: String,
    /// The product's SKU.
    pub sku: Option<String>,
    /// The category's code.
    pub category: Option<String>,
    /// The brand.
    pub brand: Option<String>,
    /// The name of whichever it is.
    pub name: String,
    /// In hundredths of a percent of the cost.
    pub markup_bp: i64,
    /// Who set it.
    pub actor_name: String,
    /// When.
    pub set_at: At,
}

impl SetOn {
    /// Markup and margin, always together.
    ///
    /// # Errors
    /// [`StoreError`] when the column holds no markup.
    pub fn percentages(&self) -> Result<Percentages, StoreError> {
        let rate = i32::try_from(self.markup_bp).ok().and_then(|points| points.checked_mul(100)).map(Rate::new);
        rate.and_then(Percentages::from_markup)
            .ok_or_else(|| StoreError::corrupt("markups", "markup_bp", self.id, self.markup_bp))
    }
}

/// Where a page begins.
pub(super) type MarkupKey = (i64, String, Uuid);

/// A page of them, with one more than `limit`.
pub(super) async fn markups(tx: &mut Tx<'_>, after: Option<MarkupKey>, limit: i64) -> Result<Vec<SetOn>, StoreError> {
    let (place, key, id) = after.unwrap_or_default();
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_MARKUPS)).bind(place).bind(key).bind(id).bind(limit + 1)
        .fetch_all(c).await?))
}

/// One markup.
pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<SetOn>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_MARKUP)).bind(id).fetch_optional(c).await?))
}
