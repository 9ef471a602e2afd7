//! Setting one price by hand, which is also where the owner confirms what the guard keeps back.

use gondola_ledger::Money;
use gondola_pricing::batch::Guard;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx};
use serde::{Deserialize, Serialize};

use super::judging::judge;
use super::placing::{Equal, LIST_GENERAL, NewPrice, Source, Why, count_up, place};
use super::priced::find_priced;
use super::queries::{PriceChange, changes, product_id};
use super::refusal::PriceRefusal;
use super::tax::status_on;
use crate::stock::ProductRef;

/// Whether the owner takes a price that the guard keeps back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmed {
    /// Nobody does: it is refused.
    No,
    /// The owner does.
    ByTheOwner,
}

/// Sets the sale price of a product.
pub struct SetPrice {
    /// Which product.
    pub product: ProductRef,
    /// How much from now on.
    pub price: Money,
    /// Why.
    pub reason: String,
    /// Whether the owner confirms it.
    pub confirmed: Confirmed,
}

impl Command for SetPrice {
    const NAME: &'static str = "prices.set";
    type Out = PriceChange;
    type Refusal = PriceRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn also_needs(&self) -> Vec<Permission> {
        match self.confirmed {
            Confirmed::No => Vec::new(),
            Confirmed::ByTheOwner => vec![Permission::OverridePrices],
        }
    }

    fn subject(&self) -> String {
        self.product.to_string()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<PriceChange, Fail<PriceRefusal>> {
        let unknown = || Fail::Refused(PriceRefusal::UnknownProduct);
        let id = product_id(tx, &self.product).await?.ok_or_else(unknown)?;
        let product = find_priced(tx, LIST_GENERAL, &[id]).await?.pop().ok_or_else(unknown)?;
        let status = status_on(tx, cx.day_of(cx.now)).await?;
        let guard = judge(product.seller(status), product.cost(), self.price, product.minimum());
        if guard != Guard::Clear && self.confirmed == Confirmed::No {
            return Err(Fail::Refused(PriceRefusal::Guarded { guard, minimum: product.minimum() }));
        }
        if let Some(wholesale) = product.wholesale_price().filter(|wholesale| *wholesale > self.price) {
            return Err(Fail::Refused(PriceRefusal::BelowWholesale(wholesale)));
        }
        if let Some(before) = changes(tx, Some(id), Some(LIST_GENERAL), None, 1).await?.first() {
            cx.changes(before);
        }
        cx.concerns(product.sku.as_str());
        cx.because(self.reason.as_str());
        count_up(tx, cx, &[(id, product.version)]).await?;
        let why = Why { source: Source::Hand, reason: &self.reason, repricing: None, equal: Equal::IsKept };
        let price = NewPrice { product: id, list: LIST_GENERAL, amount: Some(self.price), cost: product.cost() };
        place(tx, cx, why, &[price]).await?;
        let written = changes(tx, Some(id), Some(LIST_GENERAL), None, 1).await?.into_iter().next();
        Ok(written.ok_or_else(|| StoreError::corrupt("price_changes", "number", id, "it was just written"))?)
    }
}
