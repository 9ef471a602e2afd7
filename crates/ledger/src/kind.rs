//! Law: **a movement says what happened; its kind says between which two places.** The caller names the real side, the kind
//! knows the virtual one.

use crate::location::LocationKind;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MovementKind {
    /// A supplier delivered.
    Receipt,
    /// Goods left for a destination that is not a sale at the till.
    Issue,
    /// Goods were lost.
    Waste,
    /// The house took goods for itself.
    OwnUse,
    /// A customer bought.
    Sale,
    /// A customer brought goods back.
    CustomerReturn,
    /// Goods went back to the supplier.
    SupplierReturn,
    /// Goods changed place inside the shop.
    Transfer,
    /// A reasoned correction.
    Adjustment,
    /// What was there on the first day.
    Opening,
    /// A count found another quantity.
    Count,
}

/// Which real sides the caller must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Only where the goods arrive.
    To,
    /// Only where the goods leave.
    From,
    /// Both, and they must differ.
    Both,
    /// Exactly one: `to` adds, `from` takes.
    One,
}

impl MovementKind {
    /// All kinds, in the order they are offered.
    pub const ALL: [Self; 11] = [
        Self::Receipt,
        Self::Issue,
        Self::Waste,
        Self::OwnUse,
        Self::Sale,
        Self::CustomerReturn,
        Self::SupplierReturn,
        Self::Transfer,
        Self::Adjustment,
        Self::Opening,
        Self::Count,
    ];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Issue => "issue",
            Self::Waste => "waste",
            Self::OwnUse => "own_use",
            Self::Sale => "sale",
            Self::CustomerReturn => "customer_return",
            Self::SupplierReturn => "supplier_return",
            Self::Transfer => "transfer",
            Self::Adjustment => "adjustment",
            Self::Opening => "opening",
            Self::Count => "count",
        }
    }

    /// The kind of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Which real sides the caller must name.
    pub const fn sides(self) -> Sides {
        match self {
            Self::Receipt | Self::CustomerReturn | Self::Opening => Sides::To,
            Self::Issue | Self::Waste | Self::OwnUse | Self::Sale | Self::SupplierReturn => Sides::From,
            Self::Transfer => Sides::Both,
            Self::Adjustment | Self::Count => Sides::One,
        }
    }

    /// The virtual place on the other side; a transfer has none.
    pub const fn counterpart(self) -> Option<LocationKind> {
        match self {
            Self::Receipt | Self::SupplierReturn => Some(LocationKind::Supplier),
            Self::Issue | Self::Sale | Self::CustomerReturn => Some(LocationKind::Customer),
            Self::Waste => Some(LocationKind::Waste),
            Self::OwnUse => Some(LocationKind::OwnUse),
            Self::Adjustment | Self::Opening | Self::Count => Some(LocationKind::InventoryDifference),
            Self::Transfer => None,
        }
    }

    /// Does the shop decide it, so that promised goods may not be taken? The rest are facts that already happened.
    pub const fn is_voluntary_exit(self) -> bool {
        matches!(self, Self::Issue | Self::Sale | Self::Transfer | Self::SupplierReturn)
    }

    /// May goods of this kind go from a place of one kind to a place of the other?
    pub fn fits(self, from: LocationKind, to: LocationKind) -> bool {
        let Some(outside) = self.counterpart() else {
            return from.is_real() && to.is_real();
        };
        let arrives = from == outside && to.is_real();
        let leaves = from.is_real() && to == outside;
        match self.sides() {
            Sides::To => arrives,
            Sides::From => leaves,
            Sides::One => arrives || leaves,
            Sides::Both => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_own_code() {
        for kind in MovementKind::ALL {
            assert_eq!(MovementKind::from_code(kind.code()), Some(kind));
        }
        for strange in ["", "Sale", "venta", "transferencia"] {
            assert_eq!(MovementKind::from_code(strange), None);
        }
    }

    #[test]
    fn goods_go_only_the_way_their_kind_says() {
        use LocationKind::{Customer, InventoryDifference, Quarantine, Stock, Supplier, Transit, Waste};
        assert!(MovementKind::Receipt.fits(Supplier, Stock));
        assert!(!MovementKind::Receipt.fits(Stock, Supplier));
        assert!(MovementKind::CustomerReturn.fits(Customer, Quarantine));
        assert!(MovementKind::Transfer.fits(Stock, Transit));
        assert!(!MovementKind::Transfer.fits(Stock, Waste));
        assert!(MovementKind::Count.fits(InventoryDifference, Stock));
        assert!(MovementKind::Count.fits(Stock, InventoryDifference));
        assert!(!MovementKind::Opening.fits(Stock, InventoryDifference));
    }

    #[test]
    fn only_a_transfer_has_no_virtual_side() {
        for kind in MovementKind::ALL {
            assert_eq!(kind.counterpart().is_none(), kind.sides() == Sides::Both);
            assert!(kind.counterpart().is_none_or(|place| !place.is_real()));
        }
    }
}
