//! The pages of transfers through the whole stack on both engines: goods carried over, sent, received
//! blind and taken back by forms alone, and the shelves restocked.

use crate::common::pages::{cookies, field, form, leads_to, page, tells};
use crate::common::shelves::{held, lots, of_place, put_shelf_target, stock_up, stock_up_lot, with_rice};
use crate::common::{adds_up, on_hand, stocked};
use gondola_store::Role;
use gondola_testkit::{Client, both_engines};

/// The form that moves rice, with more fields or other ones after them.
fn of_rice(key: &str, quantity: &str, more: &[(&str, &str)]) -> String {
    let fields = [
        ("idempotency_key", key),
        ("lines[0].product", "ARROZ"),
        ("lines[0].quantity", quantity),
        ("from", "deposito"),
        ("to", "local"),
        ("reason_choice", "Reposición de góndola"),
    ];
    form(&[&fields[..], more].concat())
}

/// Sends rice on the road and answers the transfer's address.
async fn sent(browser: &Client<'_>, quantity: &str) -> String {
    let answer = browser.form("/transfers", &of_rice("road", quantity, &[("how", "road"), ("step", "send")])).await;
    leads_to(&answer)
}

both_engines! {
    fn a_move_is_put_together_by_scan_and_by_letters_and_carried_over_at_once(shop: TestShop) {
        stocked(&shop, &[("ARROZ-1", "un"), ("ARROZ-2", "un"), ("YERBA", "un")]).await;
        for sku in ["ARROZ-1", "ARROZ-2", "YERBA"] {
            stock_up(&shop, sku, "10").await;
        }
        let browser = shop.page(shop.user(Role::Deposito));
        let html = page(&browser, "/transfers/new").await;
        assert!(html.contains("value=\"deposito\" selected") && html.contains("value=\"local\" selected"), "{html}");
        let start = [("from", "deposito"), ("to", "local"), ("step", "add")];
        let html = browser.form("/transfers", &form(&[&start[..], &[("q", "yerba")]].concat())).await.expect_status(200).text();
        assert_eq!(field(&html, "lines[0].product"), "YERBA", "a whole code is one product");
        let yerba = [("lines[0].product", "YERBA"), ("lines[0].quantity", "3")];
        let html = browser.form("/transfers", &form(&[&start[..], &yerba, &[("q", "arr")]].concat())).await.expect_status(200).text();
        assert!(html.contains("¿Cuál de estos?") && html.contains("name=\"pick\" value=\"ARROZ-2\""), "{html}");
        assert_eq!((field(&html, "lines[0].product"), field(&html, "lines[0].quantity")), ("YERBA".into(), "3".into()), "nothing is lost");
        let html = browser.form("/transfers", &form(&[&start[..], &yerba, &[("q", "arr"), ("pick", "ARROZ-2")]].concat())).await.text();
        assert_eq!((field(&html, "lines[0].product"), field(&html, "lines[1].product")), ("ARROZ-2".into(), "YERBA".into()));
        let html = browser.form("/transfers", &form(&[&start[..], &yerba, &[("q", "nada de eso")]].concat())).await.expect_status(200).text();
        assert!(html.contains("No encontramos ningún producto así") && html.contains("value=\"nada de eso\""), "{html}");
        let both = [("lines[0].product", "ARROZ-2"), ("lines[0].quantity", "4"), ("lines[1].product", "YERBA"), ("lines[1].quantity", "3")];
        let html = browser.form("/transfers", &form(&[&both[..], &[("from", "deposito"), ("remove", "0")]].concat())).await.text();
        assert!(field(&html, "lines[0].product") == "YERBA" && !html.contains("lines[1]"), "{html}");
        assert_eq!(held(&shop, "YERBA", "local").await, "0", "so far nothing has moved");
        let move_it = form(&[&both[..], &[("idempotency_key", "k"), ("from", "deposito"), ("to", "local"), ("reason_choice", "Reposición de góndola"), ("how", "now"), ("step", "send")]].concat());
        for _ in 0..2 {
            let answer = browser.form("/transfers", &move_it).await;
            assert_eq!(leads_to(&answer), "/transfers/new?from=deposito&to=local");
            let html = page(&browser.clone().header("cookie", &cookies(&answer)), "/transfers/new").await;
            assert!(html.contains("Movido: 2 productos · deposito → local"), "{html}");
        }
        assert_eq!((held(&shop, "ARROZ-2", "local").await, held(&shop, "YERBA", "local").await), ("4".into(), "3".into()), "sent twice, moved once");
        assert!(page(&browser, "/transfers").await.contains("No hay traslados"), "nothing is on the road");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_move_with_mistakes_comes_back_as_typed_and_nothing_moves(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("YERBA", "un")]).await;
        stock_up(&shop, "ARROZ", "5").await;
        let browser = shop.page(shop.user(Role::Deposito));
        for how in ["now", "road"] {
            let more = [("lines[1].product", "YERBA"), ("lines[1].quantity", ""), ("how", how), ("step", "send")];
            let html = browser.form("/transfers", &of_rice(how, "dos", &more)).await.expect_status(422).text();
            for shown in ["No se guardó nada", "href=\"#lines[0].quantity\">ARROZ:", "href=\"#lines[1].quantity\">YERBA: Falta este dato", "value=\"dos\""] {
                assert!(html.contains(shown), "{how}: {shown} in {html}");
            }
            let html = browser.form("/transfers", &of_rice(&format!("{how}-2"), "6", &[("how", how), ("step", "send")])).await.expect_status(422).text();
            assert!(html.contains("No alcanza: de ARROZ hay 5 un en deposito") && html.contains("href=\"#lines[0]\""), "{how}: {html}");
            let same = [("how", how), ("step", "send")];
            let html = browser.form("/transfers", &of_rice(&format!("{how}-3"), "1", &same).replace("to=local", "to=deposito")).await.expect_status(422).text();
            assert_eq!(html.matches("mismo lugar").count(), 2, "once above and once at the field: {html}");
            let html = browser.form("/transfers", &form(&[("idempotency_key", "none"), ("from", "deposito"), ("to", "local"), ("how", how), ("step", "send")])).await.expect_status(422).text();
            assert!(html.contains("Agregá al menos un producto"), "{html}");
        }
        assert_eq!(held(&shop, "ARROZ", "deposito").await, "5");
        assert!(page(&browser, "/transfers").await.contains("No hay traslados"));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn what_is_on_the_road_is_received_blind_and_the_difference_is_a_claim(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("YERBA", "un")]).await;
        stock_up_lot(&shop, "ARROZ", "97", "L9", "2026-12-31").await;
        stock_up(&shop, "YERBA", "10").await;
        let browser = shop.page(shop.user(Role::Deposito));
        let more = [("lines[1].product", "YERBA"), ("lines[1].quantity", "7"), ("how", "road"), ("document", "R-7"), ("step", "send")];
        let transfer = leads_to(&browser.form("/transfers", &of_rice("a", "83", &more)).await);
        let list = page(&browser, "/transfers").await;
        assert!(list.contains("En camino") && list.contains("2 productos") && list.contains("R-7") && list.contains(&format!("{transfer}/receive")), "{list}");
        let receiver = shop.page(of_place(&shop, shop.user(Role::Deposito), "local").await);
        for address in [transfer.clone(), format!("{transfer}/receive")] {
            let html = page(&receiver, &address).await;
            assert!(!tells(&html, "83") && html.contains("L9, vence 31/12/2026"), "{address} tells how many left: {html}");
        }
        assert!(!tells(&page(&browser, &format!("{transfer}/receive")).await, "83"), "nobody who receives is told");
        let blank = form(&[("idempotency_key", "b"), ("lines[0].product", "ARROZ"), ("lines[0].quantity", ""), ("lines[1].product", "YERBA"), ("lines[1].quantity", "x")]);
        let html = receiver.form(&format!("{transfer}/receive"), &blank).await.expect_status(422).text();
        assert!(html.contains("ARROZ: Falta este dato") && html.contains("value=\"x\"") && !tells(&html, "83"), "{html}");
        assert_eq!(held(&shop, "ARROZ", "local").await, "0");
        let found = form(&[
            ("idempotency_key", "c"), ("lines[0].product", "ARROZ"), ("lines[0].quantity", "80"), ("lines[1].product", "YERBA"),
            ("lines[1].quantity", "8"), ("reason", "Se cayó una bolsa"),
        ]);
        let answer = receiver.form(&format!("{transfer}/receive"), &found).await;
        assert_eq!(leads_to(&answer), transfer);
        let html = page(&receiver.clone().header("cookie", &cookies(&answer)), &transfer).await;
        for shown in ["Recibido con 2 diferencias", "Reclamo", "−3", "+1", "Se cayó una bolsa"] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert!(!html.contains("/receive") && !html.contains("id=\"cancel\""), "it is over: {html}");
        assert_eq!((held(&shop, "ARROZ", "local").await, held(&shop, "YERBA", "local").await), ("80".into(), "8".into()));
        assert_eq!((on_hand(&shop, "ARROZ").await, on_hand(&shop, "YERBA").await), ("94".into(), "11".into()));
        assert!(page(&browser, "/transfers?state=received").await.contains("2 diferencias"));
        assert_eq!(leads_to(&browser.get(&format!("{transfer}/receive")).await), transfer, "there is nothing to receive any more");
        let again = browser.form(&format!("{transfer}/receive"), &found.replace("=c&", "=d&")).await.expect_status(422).text();
        assert!(again.contains("ya se recibió"), "{again}");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_transfer_is_taken_back_where_it_left_and_only_there(shop: TestShop) {
        with_rice(&shop, "10").await;
        let browser = shop.page(shop.user(Role::Deposito));
        let transfer = sent(&browser, "4").await;
        let other_end = shop.page(of_place(&shop, shop.user(Role::Deposito), "local").await);
        let html = page(&other_end, &transfer).await;
        assert!(html.contains("/receive") && !html.contains("id=\"cancel\""), "{html}");
        let why = |key: &str, reason: &str| form(&[("idempotency_key", key), ("reason", reason)]);
        other_end.form(&format!("{transfer}/cancel"), &why("a", "porque sí")).await.expect_status(403);
        let refused = browser.form(&format!("{transfer}/cancel"), &why("b", "x")).await.expect_status(422).text();
        assert!(refused.contains("al menos 3 letras"), "{refused}");
        assert_eq!(held(&shop, "ARROZ", "deposito").await, "6");
        let choice = form(&[("idempotency_key", "c"), ("reason_choice", "No se llevó")]);
        assert_eq!(leads_to(&browser.form(&format!("{transfer}/cancel"), &choice).await), transfer);
        assert_eq!((held(&shop, "ARROZ", "deposito").await, held(&shop, "ARROZ", "local").await), ("10".into(), "0".into()));
        let html = page(&browser, &transfer).await;
        assert!(html.contains("Cancelado") && html.contains("No se llevó") && !html.contains("/receive"), "{html}");
        assert!(browser.form(&format!("{transfer}/cancel"), &why("d", "otra vez")).await.expect_status(422).text().contains("ya se canceló"));
        adds_up(&shop).await;
    }
}

both_engines! {
    fn the_restock_list_is_moved_with_one_button(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un"), ("FIDEOS", "un"), ("LLENO", "un"), ("YERBA", "un")]).await;
        stock_up_lot(&shop, "ARROZ", "2", "PRONTO", "2026-12-01").await;
        stock_up_lot(&shop, "ARROZ", "9", "TARDE", "2027-06-30").await;
        for (sku, quantity) in [("FIDEOS", "1500"), ("LLENO", "5"), ("YERBA", "30")] {
            stock_up(&shop, sku, quantity).await;
        }
        for (sku, target) in [("ARROZ", 6), ("FIDEOS", 1_200), ("YERBA", 12)] {
            put_shelf_target(&shop, sku, "local", target).await;
        }
        let browser = shop.page(shop.user(Role::Deposito));
        let html = page(&browser, "/transfers/restock").await;
        assert!(!html.contains("LLENO"), "what has no target is not missing");
        assert!(html.contains("2 un · PRONTO, vence 01/12/2026") && html.contains("4 un · TARDE"), "{html}");
        assert_eq!((field(&html, "lines[0].quantity"), field(&html, "lines[1].quantity")), ("6".into(), "1200".into()));
        let typed = [
            ("lines[0].product", "ARROZ"), ("lines[0].quantity", "6"), ("lines[1].product", "FIDEOS"), ("lines[1].quantity", "1200"),
            ("lines[2].product", "YERBA"), ("lines[2].quantity", "0"),
        ];
        let asked: Vec<(&str, String)> = ["reason", "blank", "next", "idempotency_key"].map(|name| (name, field(&html, name))).into();
        let asked: Vec<(&str, &str)> = asked.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let answer = browser.form("/transfers", &form(&[&asked[..], &typed, &[("from", "deposito"), ("to", "local"), ("how", "now")]].concat())).await;
        assert_eq!(leads_to(&answer), "/transfers/restock?from=deposito&to=local");
        assert_eq!(lots(&shop, "ARROZ", "local").await, ["PRONTO:2", "TARDE:4"], "first expiring first");
        assert_eq!((held(&shop, "FIDEOS", "local").await, held(&shop, "YERBA", "local").await), ("1200".into(), "0".into()));
        let rest = page(&browser, "/transfers/restock").await;
        assert!(rest.contains("YERBA") && !rest.contains("FIDEOS"), "what was left out is still missing: {rest}");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn who_may_not_move_goods_sees_no_button_and_is_refused(shop: TestShop) {
        with_rice(&shop, "10").await;
        put_shelf_target(&shop, "ARROZ", "local", 4).await;
        let transfer = sent(&shop.page(shop.admin()), "2").await;
        for role in [Role::Auditor, Role::Cashier] {
            let browser = shop.page(shop.user(role));
            let list = page(&browser, "/transfers").await;
            assert!(list.contains(&transfer) && !list.contains("/transfers/new") && !list.contains("/receive"), "{list}");
            let one = page(&browser, &transfer).await;
            assert!(!one.contains("/receive") && !one.contains("id=\"cancel\""), "{one}");
            let restock = page(&browser, "/transfers/restock").await;
            assert!(restock.contains("ARROZ") && !restock.contains("name=\"lines[0].quantity\"") && !restock.contains("Mover todo"), "{restock}");
            browser.get("/transfers/new").await.expect_status(403);
            browser.get(&format!("{transfer}/receive")).await.expect_status(403);
            for path in ["/transfers".to_owned(), format!("{transfer}/receive"), format!("{transfer}/cancel")] {
                browser.form(&path, &of_rice("x", "1", &[])).await.expect_status(403);
            }
        }
        let elsewhere = shop.page(of_place(&shop, shop.admin(), "cuarentena").await);
        elsewhere.get(&transfer).await.expect_status(404);
        assert!(!page(&elsewhere, "/transfers").await.contains(&transfer));
        assert_eq!(held(&shop, "ARROZ", "deposito").await, "8");
        let english = shop.page(shop.admin()).header("accept-language", "en").get(&transfer).await.expect_status(200);
        assert!(english.text().contains("On the road") && english.text().contains("Cancel the transfer"));
    }
}
