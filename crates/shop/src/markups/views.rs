//! Markups as the API answers them: markup and margin always together.

use gondola_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::SetOn;
use crate::kernel::time::format_instant;

/// A markup, and the product, brand or category that it is set on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Markup)]
pub struct MarkupView {
    /// Its id.
    pub id: Uuid,
    /// The product, as `sku:SKU`.
    #[schema(required)]
    pub product: Option<String>,
    /// The brand.
    #[schema(required)]
    pub brand: Option<String>,
    /// The category's code; those below it inherit.
    #[schema(required)]
    pub category: Option<String>,
    /// The name of whichever it is.
    pub name: String,
    /// Recargo: percent of the cost.
    #[schema(example = "35.00")]
    pub markup: String,
    /// The margen that it makes, before rounding: percent of the price.
    #[schema(example = "25.93")]
    pub margin: String,
    /// Who set it.
    pub set_by: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub set_at: String,
}

impl MarkupView {
    /// The view of one.
    ///
    /// # Errors
    /// [`StoreError`] when a column holds no markup.
    pub(super) fn of(set: SetOn) -> Result<Self, StoreError> {
        let both = set.percentages()?;
        Ok(Self {
            id: set.id,
            product: set.sku.map(|sku| format!("sku:{sku}")),
            brand: set.brand,
            category: set.category,
            name: set.name,
            markup: both.markup.to_string(),
            margin: both.margin.to_string(),
            set_by: set.actor_name,
            set_at: format_instant(set.set_at),
        })
    }
}
