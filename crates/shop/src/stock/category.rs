//! How categories stand: how many of their products are low, and whether that is too many.

use gondola_ledger::level::category_is_critical;
use gondola_store::{StoreError, Tx, both};
use sqlx::FromRow;

use super::sql;

/// How many products a category has, those below it included.
#[derive(FromRow, Debug, Clone)]
pub struct CategoryStanding {
    /// The category's code.
    pub code: String,
    /// The category's name.
    pub name: String,
    /// Active products.
    pub products: i64,
    /// Those that are low or worse.
    pub short: i64,
}

impl CategoryStanding {
    /// Whether too many of its products are low or worse.
    pub fn is_critical(&self) -> bool {
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        category_is_critical(count(self.short), count(self.products))
    }
}

/// How the categories that have active products stand, in the order of the screens.
///
/// # Errors
/// [`StoreError`].
pub async fn category_standings(tx: &mut Tx<'_>) -> Result<Vec<CategoryStanding>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::CATEGORY_COUNTS)).fetch_all(c).await?))
}
