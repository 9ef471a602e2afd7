//! What the tests of every crate share: a shop on either engine behind its full stack, a clock to
//! turn, and clients that speak to it as programs and people do. It is never part of the product; a
//! helper that only one crate's tests need lives with those tests.

mod client;
mod clock;
pub mod coverage;
pub mod postgres;
pub mod redis;
mod shop;
mod skip;
mod soak;
mod sql;

pub use client::{Answer, Client};
pub use clock::{MockClock, SeededIds};
pub use shop::TestShop;
pub use skip::skip;
pub use soak::Soak;

#[doc(hidden)]
pub use tokio;

/// Makes a test for each engine from one body.
///
/// ```ignore
/// both_engines! {
///     fn a_new_shop_has_no_products(shop: TestShop) {
///         shop.api(shop.admin()).get("/api/v1/products").await.expect_status(200);
///     }
/// }
/// ```
///
/// Without a PostgreSQL the second test says SKIPPED (and fails in CI).
#[macro_export]
macro_rules! both_engines {
    ($(#[$doc:meta])* fn $name:ident($shop:ident: TestShop) $body:block) => {
        mod $name {
            use super::*;

            async fn scenario($shop: $crate::TestShop) $body

            $(#[$doc])*
            #[$crate::tokio::test]
            async fn sqlite() {
                scenario($crate::TestShop::sqlite().await).await;
            }

            $(#[$doc])*
            #[$crate::tokio::test]
            async fn postgres() {
                if let Some(shop) = $crate::TestShop::postgres().await {
                    scenario(shop).await;
                }
            }
        }
    };
}
