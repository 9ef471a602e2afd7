//! What a rule would make of today's prices, before it is set.

use gondola_ledger::Money;
use gondola_pricing::price::ListBasis;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{StoreError, Tx};

use super::commands::SetListRule;
use crate::prices::{ListRule, Priced, PricedFilter, all_priced};

/// Products shown, of those whose price differs most from GENERAL's.
const SHOWN: usize = 10;

/// What becomes of the prices of a list.
#[derive(Debug, Default)]
pub(super) struct Preview {
    /// Products whose price is what the rule makes.
    pub by_rule: usize,
    /// Those that stop at the smallest margin.
    pub at_minimum: usize,
    /// Those that stay as on GENERAL, because less would leave too little.
    pub as_general: usize,
    /// Those with a price of their own, which the rule does not touch.
    pub own: usize,
    /// Those that would be sold below what they cost to buy again.
    pub losing: usize,
    /// The products whose price differs most from GENERAL's.
    pub most: Vec<Priced>,
}

impl Preview {
    /// Of a rule that is not set yet, to a shop of that status.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(tx: &mut Tx<'_>, wanted: &SetListRule, status: TaxStatus) -> Result<Self, StoreError> {
        let rule = ListRule::new(wanted.adjustment, wanted.step, wanted.minimum);
        let mut preview = Self::default();
        let mut made = Vec::new();
        for product in all_priced(tx, wanted.list, &PricedFilter::default()).await? {
            let product = product.by_rule(Some(&rule), status);
            match product.basis {
                Some(ListBasis::Rule) => preview.by_rule += 1,
                Some(ListBasis::Minimum) => preview.at_minimum += 1,
                Some(ListBasis::General) => preview.as_general += 1,
                None => {
                    preview.own += usize::from(product.price().is_some());
                    continue;
                }
            }
            preview.losing += usize::from(loses(&product, status));
            made.push(product);
        }
        made.sort_by_key(|product| std::cmp::Reverse(difference(product)));
        made.truncate(SHOWN);
        preview.most = made;
        Ok(preview)
    }
}

/// How far it is from GENERAL, in centavos.
fn difference(product: &Priced) -> u64 {
    let raw = |price: Option<Money>| price.map_or(0, Money::raw);
    raw(product.general_price()).abs_diff(raw(product.price()))
}

fn loses(product: &Priced, status: TaxStatus) -> bool {
    let both = product.cost().zip(product.price());
    both.is_some_and(|(cost, price)| product.seller(status).loses(cost, price))
}
