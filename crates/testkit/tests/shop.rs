//! The test shop itself: each test has its own, on both engines, through the full stack.

use std::time::Duration;

use gondola_shop::kernel::Face;
use gondola_store::{Clock, Role};
use gondola_testkit::both_engines;

both_engines! {
    /// HLT-1, HLT-3.
    fn a_new_shop_is_ready_on_every_face(shop: TestShop) {
        for face in Face::ALL {
            let answer = shop.api(shop.nobody()).on(face).get("/health/ready").await.expect_status(200);
            assert_eq!(answer.json()["status"], "healthy");
            assert_eq!(answer.json()["face"], face.name());
        }
    }
}

both_engines! {
    fn the_client_is_who_it_says(shop: TestShop) {
        shop.api(shop.nobody()).get("/openapi.json").await.expect_problem(401, "unauthorized");
        shop.api(shop.admin()).get("/openapi.json").await.expect_status(200);
        shop.api(shop.key("metrics")).get("/openapi.json").await.expect_problem(403, "forbidden");
        shop.api(shop.user(Role::Cashier)).get("/metrics").await.expect_problem(403, "forbidden");
        shop.api(shop.key("metrics")).get("/metrics").await.expect_status(200);
    }
}

both_engines! {
    fn the_clock_moves_only_when_told(shop: TestShop) {
        let before = shop.db().now();
        shop.clock().advance(Duration::from_secs(60));
        assert_eq!(shop.db().now() - before, 60_000_000);
        assert_eq!(shop.clock().now(), shop.db().now());
    }
}
