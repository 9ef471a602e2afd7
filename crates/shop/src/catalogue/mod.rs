//! The catalogue: products with their codes, packs, prices and policies; categories and locations.
//!
//! Read `product.rs` for what a product is, `rules.rs` for what may stand, `commands.rs` for what can
//! be done. Stock is not here: a new product is handed to the stock feature, which opens its books.

mod aliases;
mod api;
mod barcode;
mod bodies;
mod bulk;
mod categories;
mod codes;
mod commands;
mod draft;
mod edit;
mod fields;
mod finding;
mod founding;
mod intake;
mod known;
mod listing;
mod lists;
mod locations;
mod many;
mod naming;
mod pages;
mod product;
mod product_list;
mod protected;
mod queries;
mod reference;
mod reference_lists;
mod reference_views;
mod refusals;
mod restore;
mod rows;
mod rules;
mod scalars;
pub mod sql;
mod taken;
mod views;
pub mod words;
mod write;

#[cfg(test)]
mod tests;

pub use aliases::{ALIAS_MAX, AddAlias, Alias, AliasSource, RemoveAlias, aliases};
pub use barcode::{Barcode, BarcodeError, SCALE_RULES, ScaleLabel, ScaleMeaning, ScaleMeasure, ScaleRule, Symbology};
pub use bodies::ProductBody;
pub use categories::{Category, all as categories};
pub use codes::{parse_internal_code, parse_plu};
pub use commands::{
    ActivateProduct, AddBarcode, ChangeProduct, ChangeProducts, CreateProduct, CreatedProduct, DeactivateProduct,
    LineOutcome, LineRefusal, SimilarProduct,
};
pub use finding::{Hit, HitKind, Match, Search, by_code, search};
pub use founding::{FoundShop, found_shop};
pub use intake::{IntakeLine, Plan, Remark, Unknown, Verdict, Was, When, plan as plan_intake, write as write_intake};
pub use known::{ByCodes, find_by_codes};
pub use listing::{Family, PageKey, ProductFilter, keys as page_keys};
pub use locations::{Location, all as locations};
pub use many::{Change, Outcome, change_all, create_all};
pub use pages::{GoodsDraft, GoodsFields, GoodsLine, GoodsStep, Picked, category_choices, goods_lines, picks};
pub use product::{
    Content, Dimensions, Presentation, PresentationEdit, Product, ProductBarcode, ProductEdit, ProductSupplier,
    ShelfTarget, ShelfTargetEdit, SupplierEdit,
};
pub use protected::{ACQUISITION_COST, open_costs};
pub use queries::{family, ids_of, product, products};
pub use refusals::{CatalogueRefusal, CodeKind, TakenCode};
pub use restore::{Kept, Restore, before, take_back};
pub use scalars::schemas;
pub use views::ProductView;

/// The feature's routes.
pub fn endpoints() -> Vec<crate::kernel::Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
