//! The kinds of list, and the rights each takes.

use gondola_store::Permission;

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Products, new and known.
    Products,
    /// Suppliers, as far as the catalogue knows them.
    Suppliers,
    /// How much there is at each place.
    Stock,
    /// Prices of known products.
    Prices,
}

impl ImportKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Products, Self::Prices, Self::Stock, Self::Suppliers];

    /// The name in API, command line and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Suppliers => "suppliers",
            Self::Stock => "stock",
            Self::Prices => "prices",
        }
    }

    /// The kind of that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The rights that any list of this kind takes besides [`Permission::Import`].
    pub(super) fn needs(self) -> Vec<Permission> {
        match self {
            Self::Products | Self::Suppliers => vec![Permission::EditCatalogue],
            Self::Prices => vec![Permission::EditCatalogue, Permission::EditPrices],
            Self::Stock => vec![Permission::Count, Permission::Receive],
        }
    }
}
