//! A new shop's locations and categories.

use gondola_testkit::both_engines;

use super::open;
use crate::catalogue::{categories, found_shop, locations};

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
        assert_eq!(categories.len(), 23);
        let salchichas = &categories[0];
        assert_eq!((salchichas.code.as_str(), salchichas.margin_min_bp, salchichas.margin_max_bp), ("SAL", 1500, 3000));
        assert_eq!((salchichas.vat_bp, salchichas.rounding_step.raw()), (2100, 5000));
        assert_eq!(salchichas.seasons, [1300, 1300, 1000, 1000, 1000, 800, 800, 800, 1100, 1100, 1100, 1300]);
        let alert = |code: &str| categories.iter().find(|category| category.code == code).unwrap().cost_alert_bp;
        assert_eq!((alert("CLA"), alert("LAV"), alert("QUE")), (500, 700, 1000));
    }
}
