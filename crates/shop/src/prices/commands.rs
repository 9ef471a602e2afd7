//! Setting one price by hand, which is also where the owner confirms what the guard keeps back.

use gondola_ledger::Money;
use gondola_pricing::Rate;
use gondola_pricing::batch::Guard;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx};
use serde::{Deserialize, Serialize};

use super::judging::judge;
use super::placing::{Equal, LIST_GENERAL, LIST_WHOLESALE, NewPrice, Source, Why, count_up, place};
use super::priced::{Priced, find_priced};
use super::queries::{PriceChange, changes, product_id};
use super::refusal::PriceRefusal;
use super::tax::status_on;
use crate::stock::ProductRef;

/// The least margin of a price that must be above its cost.
const SOMETHING: Rate = Rate::new(1);

/// Whether the owner takes a price that the guard keeps back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmed {
    /// Nobody does: it is refused.
    No,
    /// The owner does.
    ByTheOwner,
}

/// Sets the price of a product on a list.
pub struct SetPrice {
    /// Which product.
    pub product: ProductRef,
    /// On which list.
    pub list: &'static str,
    /// How much from now on; none takes it off a list other than GENERAL, whose rule holds for it again.
    pub price: Option<Money>,
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
        let product = find_priced(tx, self.list, &[id]).await?.pop().ok_or_else(unknown)?;
        let status = status_on(tx, cx.day_of(cx.now)).await?;
        let approved = match self.price {
            Some(price) => self.judge(&product, price, status)?,
            None if self.list == LIST_GENERAL => return Err(Fail::Refused(PriceRefusal::GeneralStays)),
            None if product.price().is_none() => return Err(Fail::Refused(PriceRefusal::NotOnList)),
            None => false,
        };
        if let Some(before) = changes(tx, Some(id), Some(self.list), None, 1).await?.first() {
            cx.changes(before);
        }
        cx.concerns(product.sku.as_str());
        cx.because(self.reason.as_str());
        if approved {
            cx.approved_by(cx.actor.name.as_str());
        }
        count_up(tx, cx, &[(id, product.version)]).await?;
        let why = Why { source: Source::Hand, reason: &self.reason, repricing: None, equal: Equal::IsKept };
        let price = NewPrice { product: id, list: self.list, amount: self.price, cost: product.cost() };
        place(tx, cx, why, &[price]).await?;
        let written = changes(tx, Some(id), Some(self.list), None, 1).await?.into_iter().next();
        Ok(written.ok_or_else(|| StoreError::corrupt("price_changes", "number", id, "it was just written"))?)
    }
}

impl SetPrice {
    /// What a price on its list must be. MAYORISTA's stands between cost and GENERAL's, whoever confirms it; GENERAL's leaves its
    /// category's minimum and ESPECIAL's does not lose, unless the owner confirms it. Answers whether it holds by that yes alone.
    fn judge(&self, product: &Priced, price: Money, status: TaxStatus) -> Result<bool, Fail<PriceRefusal>> {
        let least = match self.list {
            LIST_GENERAL => product.minimum(),
            LIST_WHOLESALE => SOMETHING,
            _ => Rate::ZERO,
        };
        let guard = judge(product.seller(status), product.cost(), price, least);
        let general = product.general_price().filter(|general| price > *general);
        let wholesale = product.wholesale_price().filter(|wholesale| *wholesale > price);
        let refusal = match (self.list, guard, general, wholesale) {
            (LIST_WHOLESALE, Guard::Loss | Guard::BelowMinimum, ..) => PriceRefusal::NotAboveCost,
            (LIST_WHOLESALE, _, Some(general), _) => PriceRefusal::AboveGeneral(general),
            (_, Guard::Loss | Guard::BelowMinimum, ..) if self.confirmed == Confirmed::No => {
                PriceRefusal::Guarded { guard, minimum: least }
            }
            (LIST_GENERAL, _, _, Some(wholesale)) => PriceRefusal::BelowWholesale(wholesale),
            _ => return Ok(matches!(guard, Guard::Loss | Guard::BelowMinimum)),
        };
        Err(Fail::Refused(refusal))
    }
}
