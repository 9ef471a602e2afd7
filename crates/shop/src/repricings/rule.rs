//! What a repricing is built by, and the price that it makes of a product. The arithmetic is the crate `pricing`'s.

use gondola_ledger::Money;
use gondola_pricing::markup::Percentages;
use gondola_pricing::price::raised_price;
use gondola_pricing::rate::Rate;
use gondola_pricing::unit_cost::TaxStatus;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::inflation::Month;
use crate::prices::{Priced, Source};

/// How the new price of a product follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// From its price: so many millionths more, or less.
    Percentage {
        /// Millionths.
        rate: i32,
    },
    /// From its price: as much more as prices rose in these months.
    Index {
        /// The first month.
        from: Month,
        /// The last month.
        to: Month,
        /// Millionths that they add up to, once it is built.
        rate: i32,
    },
    /// From its cost by a markup.
    Markup {
        /// Millionths of the cost.
        rate: i32,
    },
    /// From its cost by a margin.
    Margin {
        /// Millionths of the price.
        rate: i32,
    },
    /// From its cost by the middle of its category's margins.
    Band,
    /// From its cost by the markup that holds for it: its own, its brand's, its category's, else the middle of the margins.
    Set,
    /// From a cost that moved, by the markup that is set for it, else by what its price left over the cost it was built on.
    Cost,
    /// As somebody says, product by product.
    Prices {
        /// Ids and centavos.
        prices: Vec<(Uuid, i64)>,
    },
}

/// A rule and the products it is for, as people said it: codes and names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The rule.
    pub rule: Rule,
    /// The code of a category; those below it are meant too.
    pub category: Option<String>,
    /// A brand.
    pub brand: Option<String>,
    /// The code of a supplier.
    pub supplier: Option<String>,
    /// An invoice whose goods are meant.
    #[serde(default)]
    pub invoice: Option<Uuid>,
    /// A supplier's price list whose products are meant.
    #[serde(default)]
    pub price_list: Option<Uuid>,
}

impl Wanted {
    /// A rule for all that it says something of.
    pub(super) const fn of(rule: Rule) -> Self {
        Self { rule, category: None, brand: None, supplier: None, invoice: None, price_list: None }
    }

    /// Where prices that it makes come from, as their history says.
    pub(super) fn source(&self) -> Source {
        match (self.invoice, self.price_list) {
            (Some(_), _) => Source::Invoice,
            (None, Some(_)) => Source::List,
            (None, None) => Source::Rule,
        }
    }
}

impl Rule {
    /// Its name in the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Percentage { .. } => "percentage",
            Self::Index { .. } => "index",
            Self::Markup { .. } => "markup",
            Self::Margin { .. } => "margin",
            Self::Band => "band",
            Self::Set => "set_markup",
            Self::Cost => "cost",
            Self::Prices { .. } => "prices",
        }
    }

    /// The percentage it has.
    pub const fn rate(&self) -> Option<Rate> {
        match self {
            Self::Percentage { rate } | Self::Index { rate, .. } | Self::Markup { rate } | Self::Margin { rate } => {
                Some(Rate::new(*rate))
            }
            Self::Band | Self::Set | Self::Cost | Self::Prices { .. } => None,
        }
    }

    /// The months of an index.
    pub const fn months(&self) -> Option<(Month, Month)> {
        match self {
            Self::Index { from, to, .. } => Some((*from, *to)),
            _ => None,
        }
    }

    /// Whether a price that stays as it is is still a row: it is then built on the new cost.
    pub const fn keeps_equal(&self) -> bool {
        matches!(self, Self::Cost)
    }

    /// The new price of a product; none where there is nothing to build it on.
    pub fn price_of(&self, product: &Priced, status: TaxStatus) -> Option<Money> {
        match self {
            Self::Percentage { rate } | Self::Index { rate, .. } => raised(product, Rate::new(*rate), status),
            Self::Markup { rate } => product.price_at(Rate::new(*rate), status),
            Self::Margin { rate } => product.price_at(Percentages::from_margin(Rate::new(*rate))?.markup, status),
            Self::Band => product.price_at(Percentages::from_margin(product.band_middle())?.markup, status),
            Self::Set => product.price_at(product.markup()?.0, status),
            Self::Cost => {
                let change = product.cost_change().filter(|change| change.is_proposed())?;
                let before = product.seller(status).percentages(change.old, product.price()?)?;
                product.price_at(product.set_markup().unwrap_or(before.markup), status)
            }
            Self::Prices { prices } => {
                prices.iter().find(|(id, _)| *id == product.id).map(|(_, centavos)| Money::new(*centavos))
            }
        }
    }
}

/// So much more on the price itself.
fn raised(product: &Priced, by: Rate, status: TaxStatus) -> Option<Money> {
    raised_price(product.seller(status), product.cost(), product.price()?, by, &product.rules())
}
