//! A new shop's locations and categories.

use gondola_testkit::both_engines;

use super::open;
use crate::catalogue::{categories, found_shop, locations};

/// `catalogue-and-stock.md`, "Categories and seed catalogue": margin on price, percent.
const BANDS: [(&str, i64, i64); 23] = [
    ("SAL", 15, 30),
    ("QUE", 20, 35),
    ("LAC", 10, 25),
    ("MYC", 15, 30),
    ("JSA", 20, 40),
    ("ENE", 25, 45),
    ("CLA", 20, 40),
    ("CBO", 20, 40),
    ("BAL", 25, 50),
    ("WYG", 30, 60),
    ("VIN", 25, 50),
    ("CHA", 30, 60),
    ("HIG", 20, 40),
    ("LAV", 15, 30),
    ("ACE", 10, 25),
    ("BOL", 20, 40),
    ("DTE", 15, 35),
    ("SNA", 30, 60),
    ("CON", 20, 40),
    ("PAP", 15, 35),
    ("HAM", 20, 40),
    ("MIL", 20, 40),
    ("GEN", 20, 40),
];

both_engines! {
    fn founding_twice_adds_nothing(shop: TestShop) {
        open(&shop).await;
        found_shop(shop.db()).await.unwrap();
        let mut rx = shop.db().read().await.unwrap();
        let places = locations(&mut rx.as_tx()).await.unwrap();
        let codes: Vec<&str> = places.iter().map(|place| place.code.as_str()).collect();
        let expected = ["deposito", "local", "quarantine", "in_transit", "supplier", "customer", "waste", "own_use",
            "inventory_difference"];
        assert_eq!(codes, expected);
        let categories = categories(&mut rx.as_tx()).await.unwrap();
        let bands: Vec<_> = categories.iter().map(|one| (one.code.as_str(), one.margin_min_bp / 100, one.margin_max_bp / 100)).collect();
        assert_eq!(bands, BANDS);
        let salchichas = &categories[0];
        assert_eq!((salchichas.vat_bp, salchichas.rounding_step.raw()), (2100, 5000));
        assert_eq!(salchichas.seasons, [1300, 1300, 1000, 1000, 1000, 800, 800, 800, 1100, 1100, 1100, 1300]);
        let alert = |code: &str| categories.iter().find(|category| category.code == code).unwrap().cost_alert_bp;
        assert_eq!((alert("CLA"), alert("LAV"), alert("QUE")), (500, 700, 1000));
    }
}
