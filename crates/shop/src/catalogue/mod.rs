//! The catalogue: products with their codes, packs, prices and policies; categories and locations.
//!
//! Read `product.rs` for what a product is, `rules.rs` for what may stand, `commands.rs` for what can
//! be done. Stock is not here: a new product is handed to the stock feature, which opens its books.

mod api;
pub mod barcode;
mod bodies;
mod categories;
pub mod codes;
mod commands;
mod edit;
mod fields;
mod finding;
mod founding;
mod intake;
mod known;
mod lists;
mod locations;
mod pages;
mod product;
mod queries;
mod reference;
mod refusals;
mod restore;
mod rows;
pub mod rules;
mod scalars;
pub mod sql;
mod views;
mod write;

#[cfg(test)]
mod tests;

pub use api::endpoints;
pub use barcode::{Barcode, BarcodeError};
pub use bodies::ProductBody;
pub use categories::{Category, all as categories};
pub use commands::{ChangeProduct, CreateProduct, CreatedProduct, SimilarProduct};
pub use finding::{Hit, HitKind, Match, Search, by_code, search};
pub use founding::{FoundShop, found_shop};
pub use intake::{IntakeLine, Plan, Remark, Unknown, Verdict, Was, plan as plan_intake, write as write_intake};
pub use known::{ByCodes, find_by_codes};
pub use locations::{Location, all as locations};
pub use pages::{PageKey, ProductFilter, keys as page_keys};
pub use product::{
    Content, Dimensions, Presentation, PresentationEdit, Product, ProductBarcode, ProductEdit, ProductSupplier,
    ShelfTarget, ShelfTargetEdit, SupplierEdit,
};
pub use queries::{ids_of, product, products};
pub use refusals::{CatalogueRefusal, CodeKind, TakenCode};
pub use restore::{Kept, Restore, before, restore};
pub use scalars::schemas;
pub use views::ProductView;
pub use write::{LIST_GENERAL, LIST_WHOLESALE};
