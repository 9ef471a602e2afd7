//! Law: **the outside world has accounts too.** Goods come from and go to a location; the virtual ones (supplier, customer,
//! waste…) make every entry balance to zero, so "where did it go?" always has an answer.

/// What kind of place a location is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocationKind {
    /// Shelves, storerooms, freezers: goods of the shop.
    Stock,
    /// Goods of the shop that may not be sold: expired, damaged, returned.
    Quarantine,
    /// Goods of the shop on the road between two places.
    Transit,
    /// Where goods are bought.
    Supplier,
    /// Where goods are sold.
    Customer,
    /// Where goods are lost: expired, broken, stolen.
    Waste,
    /// What the house consumes itself.
    OwnUse,
    /// Where counts and corrections come out of and go into.
    InventoryDifference,
}

impl LocationKind {
    /// All kinds, real ones first.
    pub const ALL: [Self; 8] = [
        Self::Stock,
        Self::Quarantine,
        Self::Transit,
        Self::Supplier,
        Self::Customer,
        Self::Waste,
        Self::OwnUse,
        Self::InventoryDifference,
    ];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Quarantine => "quarantine",
            Self::Transit => "transit",
            Self::Supplier => "supplier",
            Self::Customer => "customer",
            Self::Waste => "waste",
            Self::OwnUse => "own_use",
            Self::InventoryDifference => "inventory_difference",
        }
    }

    /// The kind of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Do goods there still belong to the shop and count as stock?
    pub const fn is_real(self) -> bool {
        matches!(self, Self::Stock | Self::Quarantine | Self::Transit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_own_code_and_three_are_real() {
        for kind in LocationKind::ALL {
            assert_eq!(LocationKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(LocationKind::ALL.into_iter().filter(|kind| kind.is_real()).count(), 3);
        assert_eq!(LocationKind::from_code("depósito"), None);
    }
}
