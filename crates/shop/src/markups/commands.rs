//! Setting a markup on a product, a brand or a category, and taking it away.

use gondola_pricing::Rate;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::queries::{SetOn, find};
use super::refusal::MarkupRefusal;
use super::sql;
use crate::kernel::text::fold;
use crate::prices::product_id;
use crate::stock::ProductRef;

/// What a markup is set on.
#[derive(Debug, Clone)]
pub enum MarkupOf {
    /// A product.
    Product(ProductRef),
    /// A brand, as people write it.
    Brand(String),
    /// A category, by its code; those below it inherit.
    Category(String),
}

impl MarkupOf {
    fn told(&self) -> String {
        match self {
            Self::Product(product) => product.to_string(),
            Self::Brand(brand) => format!("brand:{brand}"),
            Self::Category(code) => format!("category:{code}"),
        }
    }
}

/// What it is set on, as it is kept: one of them.
#[derive(Debug, Default)]
struct Keys {
    product: Option<Uuid>,
    category: Option<Uuid>,
    brand: Option<(String, String)>,
}

/// Sets a markup, in place of the one that was there.
#[derive(Debug, Clone)]
pub struct SetMarkup {
    /// What on.
    pub of: MarkupOf,
    /// Part of the cost, 0 to 500 %, in hundredths of a percent.
    pub markup: Rate,
}

impl Command for SetMarkup {
    const NAME: &'static str = "markups.set";
    type Out = SetOn;
    type Refusal = MarkupRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn subject(&self) -> String {
        self.of.told()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<SetOn, Fail<MarkupRefusal>> {
        let keys = self.keys(tx).await?;
        let (folded, brand) = keys.brand.unzip();
        let before: Option<Uuid> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_SET_ON))
            .bind(keys.product).bind(keys.category).bind(&folded).fetch_optional(c).await?);
        if let Some(before) = before {
            cx.changes(&stored(tx, before).await?);
        }
        let id: Uuid = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::PUT_MARKUP)).bind(cx.new_id())
            .bind(keys.product).bind(keys.category).bind(&folded).bind(&brand).bind(i64::from(self.markup.raw() / 100))
            .bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now).fetch_one(c).await?);
        Ok(stored(tx, id).await?)
    }
}

impl SetMarkup {
    async fn keys(&self, tx: &mut Tx<'_>) -> Result<Keys, Fail<MarkupRefusal>> {
        match &self.of {
            MarkupOf::Product(product) => {
                let found = product_id(tx, product).await?;
                let product = found.ok_or(Fail::Refused(MarkupRefusal::UnknownProduct))?;
                Ok(Keys { product: Some(product), ..Keys::default() })
            }
            MarkupOf::Category(code) => {
                let found: Option<Uuid> = both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_CATEGORY)).bind(code)
                    .fetch_optional(c).await?);
                let category = found.ok_or(Fail::Refused(MarkupRefusal::UnknownCategory))?;
                Ok(Keys { category: Some(category), ..Keys::default() })
            }
            MarkupOf::Brand(brand) => {
                let folded = fold(brand);
                let found: Option<String> = both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_BRAND))
                    .bind(&folded).fetch_optional(c).await?);
                let written = found.filter(|_| !folded.is_empty());
                let written = written.ok_or(Fail::Refused(MarkupRefusal::UnknownBrand))?;
                Ok(Keys { brand: Some((folded, written)), ..Keys::default() })
            }
        }
    }
}

async fn stored(tx: &mut Tx<'_>, id: Uuid) -> Result<SetOn, StoreError> {
    find(tx, id).await?.ok_or_else(|| StoreError::corrupt("markups", "id", id, "it was just written"))
}

/// Takes a markup away: what is less specific holds again.
#[derive(Debug, Clone, Copy)]
pub struct ClearMarkup {
    /// Which one.
    pub id: Uuid,
}

impl Command for ClearMarkup {
    const NAME: &'static str = "markups.clear";
    type Out = SetOn;
    type Refusal = MarkupRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn subject(&self) -> String {
        self.id.to_string()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<SetOn, Fail<MarkupRefusal>> {
        let before = find(tx, self.id).await?.ok_or(Fail::Refused(MarkupRefusal::NotFound))?;
        cx.changes(&before);
        let gone = both!(tx, c, text => sqlx::query(text(sql::DELETE_MARKUP)).bind(self.id).execute(c).await?
            .rows_affected());
        expect_rows(sql::DELETE_MARKUP, 1, gone)?;
        Ok(before)
    }
}
