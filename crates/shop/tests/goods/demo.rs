//! The demo shop, written through the same commands that people use (OPS-6).

#![allow(clippy::print_stdout, reason = "figures for whoever runs it")]

use crate::common::adds_up;
use gondola_ledger::Day;
use gondola_shop::demo::{Plan, PlanSize, seed};
use gondola_testkit::both_engines;

both_engines! {
    /// The small plan; the whole one is seeded by `gondola demo` in the black-box steps.
    fn the_demo_shop_is_written_and_adds_up(shop: TestShop) {
        gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
        let today = Day(shop.db().day_of(shop.db().now()));
        let plan = Plan::new(42, today, PlanSize::SMALL);
        let (products, past) = (plan.products.len(), plan.movement_count());
        let began = std::time::Instant::now();
        let seeded = seed(shop.db(), plan, &Default::default(), |_, _, _| {}).await.expect("seed");
        println!("{products} products and {} movements in {:?}", seeded.movements, began.elapsed());
        assert_eq!(seeded.products, products);
        assert!(seeded.movements > past, "and what happened today before nine");
        adds_up(&shop).await;
        let low = shop.api(shop.admin()).get("/api/v1/inventory?low_stock=true").await.expect_status(200).json();
        assert!(!low["items"].as_array().unwrap().is_empty(), "some products need care");
        let cheese = shop.api(shop.admin()).get("/api/v1/inventory/QUE-CREMOSO").await.expect_status(200).json();
        assert_eq!(cheese["unit"], "kg");
        let latest = shop.api(shop.admin()).get("/api/v1/movements?limit=500").await.expect_status(200).json();
        for movement in latest["items"].as_array().unwrap() {
            assert_eq!(movement["recorded_at"], movement["occurred_at"], "written down when it happened");
        }
    }
}
