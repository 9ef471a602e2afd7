//! The pages of reservations through the whole stack on both engines: something kept for somebody,
//! handed over, taken back or let go, by forms alone.

use std::time::Duration;

use crate::common::pages::{cookies, form, leads_to, page};
use crate::common::shelves::{of_place, standing, with_rice};
use crate::common::{adds_up, on_hand};
use gondola_store::Role;
use gondola_testkit::{Client, both_engines};

/// The form that keeps rice for Marta, with more fields or other ones after them.
fn for_marta(key: &str, more: &[(&str, &str)]) -> String {
    let fields =
        [("idempotency_key", key), ("product", "ARROZ"), ("location", "deposito"), ("reason", "Marta, pedido")];
    form(&[&fields[..], more].concat())
}

async fn kept(browser: &Client<'_>, key: &str, quantity: &str, until: &str) -> String {
    leads_to(&browser.form("/reservations", &for_marta(key, &[("quantity", quantity), ("until", until)])).await)
}

both_engines! {
    fn goods_are_kept_until_the_end_of_the_shops_day(shop: TestShop) {
        with_rice(&shop, "10").await;
        let browser = shop.page(shop.user(Role::Cashier));
        assert_eq!(leads_to(&browser.get("/reservations/new").await), "/products/pick?next=%2Freservations%2Fnew");
        let html = page(&browser, "/reservations/new?product=ARROZ").await;
        assert!(html.contains("name=\"until\" value=\"1\" checked") && html.contains("ARROZ"), "{html}");
        let sent = for_marta("a", &[("quantity", "4"), ("until", "0")]);
        let answer = browser.form("/reservations", &sent).await;
        let address = leads_to(&answer);
        assert_eq!(leads_to(&browser.form("/reservations", &sent).await), address, "sent twice, kept once");
        let html = page(&browser.clone().header("cookie", &cookies(&answer)), &address).await;
        for shown in ["Reservado: ARROZ · Marta, pedido", "hoy 23:59", "Guardada", "deposito"] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("10".into(), "4".into(), "6".into()));
        kept(&browser, "b", "1", "1").await;
        let exact = [("quantity", "1"), ("until", "7"), ("expires_at", "2026-12-24T20:30")];
        let christmas = leads_to(&browser.form("/reservations", &for_marta("c", &exact)).await);
        assert!(page(&browser, &christmas).await.contains("24/12/2026 20:30"), "the exact hour wins");
        let list = page(&browser, "/reservations").await;
        let at = |text: &str| list.find(text).unwrap_or_else(|| panic!("{text} in {list}"));
        assert!(at("hoy 23:59") < at("mañana 23:59") && at("mañana 23:59") < at("24/12/2026 20:30"), "the first to end on top");
        let card = page(&browser, "/products/ARROZ").await;
        assert!(card.contains("href=\"/reservations/new?product=ARROZ\""), "{card}");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_reservation_with_mistakes_comes_back_as_typed_and_keeps_nothing(shop: TestShop) {
        with_rice(&shop, "10").await;
        let browser = shop.page(shop.user(Role::Deposito));
        for (key, more, shown) in [
            ("a", vec![("quantity", "dos"), ("until", "1")], "value=\"dos\""),
            ("b", vec![("quantity", "11"), ("until", "1")], "No alcanza"),
            ("c", vec![("quantity", "1"), ("expires_at", "2026-01-01T10:00")], "posterior a este momento"),
            ("d", vec![("quantity", "1"), ("expires_at", "ayer")], "value=\"ayer\""),
            ("e", vec![("quantity", "1"), ("expires_at", "2029-01-01T10:00")], "a lo sumo un año"),
            ("f", vec![("quantity", "1")], "Falta este dato"),
        ] {
            let html = browser.form("/reservations", &for_marta(key, &more)).await.expect_status(422).text();
            assert!(html.contains(shown), "{key}: {shown} in {html}");
        }
        assert_eq!(standing(&shop, "ARROZ", "deposito").await.1, "0");
        browser.get("/reservations/new?product=NADA").await.expect_status(404);
    }
}

both_engines! {
    fn it_is_handed_over_as_sold_or_as_taken_by_who_may_do_so(shop: TestShop) {
        with_rice(&shop, "10").await;
        let cashier = shop.page(shop.user(Role::Cashier));
        let (sold, taken) = (kept(&cashier, "a", "2", "1").await, kept(&cashier, "b", "3", "1").await);
        let html = page(&cashier, &sold).await;
        assert!(html.contains("name=\"kind\" value=\"sale\"") && !html.contains("value=\"issue\""), "{html}");
        cashier.form(&format!("{sold}/post"), &form(&[("idempotency_key", "c"), ("kind", "issue")])).await.expect_status(403);
        assert_eq!(on_hand(&shop, "ARROZ").await, "10");
        let sale = form(&[("idempotency_key", "d"), ("kind", "sale")]);
        for _ in 0..2 {
            assert_eq!(leads_to(&cashier.form(&format!("{sold}/post"), &sale).await), sold);
        }
        assert_eq!(on_hand(&shop, "ARROZ").await, "8", "sent twice, handed over once");
        let html = page(&cashier, &sold).await;
        assert!(html.contains("Entregada") && html.contains("Ver la salida") && !html.contains("id=\"hand-over\"") && !html.contains("id=\"void\""), "{html}");
        let worker = shop.page(shop.user(Role::Deposito));
        assert_eq!(leads_to(&worker.form(&format!("{taken}/post"), &form(&[("idempotency_key", "e"), ("kind", "issue")])).await), taken);
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("5".into(), "0".into(), "5".into()));
        let owner = page(&shop.page(shop.admin()), &kept(&cashier, "f", "1", "1").await).await;
        assert!(owner.contains("value=\"sale\" checked") && owner.contains("value=\"issue\""), "who may do both chooses: {owner}");
        let over = worker.form(&format!("{taken}/post"), &form(&[("idempotency_key", "g"), ("kind", "issue")])).await.expect_status(422).text();
        assert!(over.contains("ya se entregó"), "{over}");
        assert!(page(&worker, "/reservations?state=posted").await.contains(&taken));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn it_is_taken_back_or_let_go_and_the_goods_are_free_again(shop: TestShop) {
        with_rice(&shop, "10").await;
        let browser = shop.page(shop.user(Role::Cashier));
        let (void, expires) = (kept(&browser, "a", "2", "1").await, kept(&browser, "b", "3", "0").await);
        let why = form(&[("idempotency_key", "c"), ("reason_choice", "No lo vino a buscar")]);
        assert_eq!(leads_to(&browser.form(&format!("{void}/void"), &why).await), void);
        let html = page(&browser, &void).await;
        assert!(html.contains("Anulada") && html.contains("No lo vino a buscar") && !html.contains("id=\"void\""), "{html}");
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("10".into(), "3".into(), "7".into()));
        shop.clock().advance(Duration::from_secs(24 * 3600));
        let html = page(&browser, &expires).await;
        assert!(html.contains("Vencida") && !html.contains("id=\"hand-over\""), "{html}");
        let late = browser.form(&format!("{expires}/post"), &form(&[("idempotency_key", "d"), ("kind", "sale")])).await.expect_status(422).text();
        assert!(late.contains("La reserva venció"), "{late}");
        assert!(page(&browser, "/reservations?state=expired").await.contains(&expires) && !page(&browser, "/reservations").await.contains(&expires));
        assert_eq!(standing(&shop, "ARROZ", "deposito").await, ("10".into(), "0".into(), "10".into()));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn who_may_not_reserve_sees_no_button_and_is_refused(shop: TestShop) {
        with_rice(&shop, "10").await;
        let address = kept(&shop.page(shop.admin()), "a", "2", "1").await;
        let auditor = shop.page(shop.user(Role::Auditor));
        let list = page(&auditor, "/reservations").await;
        assert!(list.contains(&address) && !list.contains("/reservations/new") && !list.contains("Entregar</a>"), "{list}");
        let one = page(&auditor, &address).await;
        assert!(!one.contains("id=\"hand-over\"") && !one.contains("id=\"void\""), "{one}");
        assert!(!page(&auditor, "/products/ARROZ").await.contains("/reservations/new"));
        auditor.get("/reservations/new?product=ARROZ").await.expect_status(403);
        for path in ["/reservations".to_owned(), format!("{address}/post"), format!("{address}/void")] {
            auditor.form(&path, "idempotency_key=x").await.expect_status(403);
        }
        let elsewhere = shop.page(of_place(&shop, shop.user(Role::Cashier), "local").await);
        elsewhere.get(&address).await.expect_status(404);
        assert!(!page(&elsewhere, "/reservations").await.contains(&address));
        assert_eq!(standing(&shop, "ARROZ", "deposito").await.1, "2");
    }
}
