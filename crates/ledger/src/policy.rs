//! Law: **negative stock is a decision, not an accident.** Each product × location × channel has a rule; the most specific one
//! wins, and without any the till may overdraw and everybody else may not.
//!
//! Why the till: a customer holding the goods proves that the record is wrong. The sale is flagged and a count follows.

use crate::ids::{LocationId, ProductId};

/// What happens when more leaves than is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Overdraw {
    /// The entry is refused.
    Refuse,
    /// The entry is posted and carries a flag.
    AllowAndFlag,
    /// The entry is posted.
    Allow,
}

impl Overdraw {
    /// All outcomes, strictest first.
    pub const ALL: [Self; 3] = [Self::Refuse, Self::AllowAndFlag, Self::Allow];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::AllowAndFlag => "allow_and_flag",
            Self::Allow => "allow",
        }
    }

    /// The outcome of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|overdraw| overdraw.code() == code)
    }
}

/// The way by which an entry came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The till, with a customer in front of it.
    Till,
    /// A signed-in person on a page.
    Counter,
    /// Another program, by key.
    Api,
    /// A file.
    Import,
    /// A scheduled job.
    Job,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 5] = [Self::Till, Self::Counter, Self::Api, Self::Import, Self::Job];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Counter => "counter",
            Self::Api => "api",
            Self::Import => "import",
            Self::Job => "job",
        }
    }

    /// The channel of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// The rule when nobody wrote one.
    pub const fn default_overdraw(self) -> Overdraw {
        match self {
            Self::Till => Overdraw::AllowAndFlag,
            Self::Counter | Self::Api | Self::Import | Self::Job => Overdraw::Refuse,
        }
    }
}

/// One written rule; `None` means any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PolicyRule {
    /// Only for this product.
    pub product: Option<ProductId>,
    /// Only at this location.
    pub location: Option<LocationId>,
    /// Only by this channel.
    pub channel: Option<Channel>,
    /// What then happens.
    pub overdraw: Overdraw,
}

impl PolicyRule {
    fn applies(&self, product: ProductId, location: LocationId, channel: Channel) -> bool {
        self.product.is_none_or(|only| only == product)
            && self.location.is_none_or(|only| only == location)
            && self.channel.is_none_or(|only| only == channel)
    }

    /// Naming the product outweighs naming the place, which outweighs naming the channel.
    const fn weight(&self) -> (bool, bool, bool) {
        (self.product.is_some(), self.location.is_some(), self.channel.is_some())
    }
}

/// The rule that governs this product, here, by this channel. Between equals the strictest wins, so order never matters.
pub fn resolve(rules: &[PolicyRule], product: ProductId, location: LocationId, channel: Channel) -> Overdraw {
    rules
        .iter()
        .filter(|rule| rule.applies(product, location, channel))
        .max_by_key(|rule| (rule.weight(), std::cmp::Reverse(rule.overdraw)))
        .map_or(channel.default_overdraw(), |rule| rule.overdraw)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILK: ProductId = ProductId(1);
    const SHOP: LocationId = LocationId(10);
    const STORE: LocationId = LocationId(11);

    fn rule(
        product: Option<ProductId>,
        location: Option<LocationId>,
        channel: Option<Channel>,
        overdraw: Overdraw,
    ) -> PolicyRule {
        PolicyRule { product, location, channel, overdraw }
    }

    #[test]
    fn without_rules_only_the_till_may_overdraw() {
        for channel in Channel::ALL {
            let expected = if channel == Channel::Till { Overdraw::AllowAndFlag } else { Overdraw::Refuse };
            assert_eq!(resolve(&[], MILK, SHOP, channel), expected, "{channel:?}");
        }
    }

    #[test]
    fn the_most_specific_rule_wins_in_any_order() {
        let mut rules = vec![
            rule(None, None, None, Overdraw::Allow),
            rule(None, Some(SHOP), Some(Channel::Api), Overdraw::AllowAndFlag),
            rule(Some(MILK), None, None, Overdraw::Refuse),
            rule(Some(MILK), Some(STORE), Some(Channel::Api), Overdraw::Allow),
        ];
        for _ in 0..rules.len() {
            assert_eq!(resolve(&rules, MILK, SHOP, Channel::Api), Overdraw::Refuse);
            assert_eq!(resolve(&rules, MILK, STORE, Channel::Api), Overdraw::Allow);
            assert_eq!(resolve(&rules, ProductId(2), SHOP, Channel::Api), Overdraw::AllowAndFlag);
            assert_eq!(resolve(&rules, ProductId(2), SHOP, Channel::Job), Overdraw::Allow);
            rules.rotate_left(1);
        }
    }

    #[test]
    fn between_equal_rules_the_strictest_wins() {
        let rules = [rule(Some(MILK), None, None, Overdraw::Allow), rule(Some(MILK), None, None, Overdraw::Refuse)];
        assert_eq!(resolve(&rules, MILK, SHOP, Channel::Till), Overdraw::Refuse);
    }

    #[test]
    fn every_channel_and_outcome_is_found_by_its_own_code() {
        assert!(Channel::ALL.into_iter().all(|channel| Channel::from_code(channel.code()) == Some(channel)));
        assert!(Overdraw::ALL.into_iter().all(|overdraw| Overdraw::from_code(overdraw.code()) == Some(overdraw)));
    }
}
