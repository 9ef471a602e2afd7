//! The pages of counts through the whole stack on both engines: a count begun, written down blind one
//! product at a time and on a list, reviewed and posted, by forms alone.

use crate::common::pages::{cookies, field, form, leads_to, page, tells};
use crate::common::shelves::{held, put_shelf_target, sell, stock_up, with_rice};
use crate::common::{adds_up, nothing, on_hand, stocked};
use gondola_store::Role;
use gondola_testkit::{Client, TestShop, both_engines};

const ROUTINE: (&str, &str) = ("reason_choice", "Conteo de rutina");

/// Begins a count of `deposito` and answers its address.
async fn begun(browser: &Client<'_>, more: &[(&str, &str)]) -> String {
    let fields = [("idempotency_key", "begin"), ("location", "deposito"), ("blind", "yes"), ROUTINE];
    let answer = browser.form("/counts", &form(&[&fields[..], more].concat())).await;
    leads_to(&answer).trim_end_matches("/count").to_owned()
}

/// Writes a product down on the screen that counts one at a time.
async fn write(browser: &Client<'_>, count: &str, key: &str, sku: &str, counted: &str) -> String {
    let fields = [("idempotency_key", key), ("lines[0].product", sku), ("lines[0].counted", counted)];
    leads_to(&browser.form(&format!("{count}/count"), &form(&fields)).await)
}

async fn post(browser: &Client<'_>, count: &str, key: &str, more: &[(&str, &str)]) -> gondola_testkit::Answer {
    let fields = [("idempotency_key", key), ("reason", "Conteo de rutina")];
    browser.form(&format!("{count}/post"), &form(&[&fields[..], more].concat())).await
}

/// Three products in `deposito`: 97, 83 and 71.
async fn three(shop: &TestShop) {
    stocked(shop, &[("ARROZ", "un"), ("FIDEOS", "un"), ("YERBA", "un")]).await;
    for (sku, quantity) in [("ARROZ", "97"), ("FIDEOS", "83"), ("YERBA", "71")] {
        stock_up(shop, sku, quantity).await;
    }
}

both_engines! {
    fn who_counts_blind_is_led_from_product_to_product_and_told_nothing(shop: TestShop) {
        three(&shop).await;
        let worker = shop.page(shop.user(Role::Deposito));
        let count = begun(&worker, &[("scope", "place")]).await;
        let screen = format!("{count}/count");
        let html = page(&worker, &screen).await;
        assert!(html.contains("value=\"ARROZ\"") && html.contains("0 / 3 contados") && !tells(&html, "97"), "{html}");
        let after = field(&html, "lines[0].product");
        assert_eq!(after, "ARROZ");
        assert!(page(&worker, &format!("{screen}?after=ARROZ")).await.contains("value=\"FIDEOS\""), "skipped");
        assert_eq!(write(&worker, &count, "a", "FIDEOS", "83").await, screen);
        let html = page(&worker, &screen).await;
        assert!(html.contains("value=\"YERBA\"") && html.contains("1 / 3 contados"), "it goes on where it left off: {html}");
        write(&worker, &count, "b", "YERBA", "71").await;
        assert!(page(&worker, &screen).await.contains("value=\"ARROZ\""), "what was skipped comes last");
        let answer = worker.form(&screen, &form(&[("idempotency_key", "c"), ("lines[0].product", "ARROZ"), ("lines[0].counted", "40")])).await;
        assert_eq!(leads_to(&answer), format!("{screen}?product=ARROZ"), "a large difference is counted again at once");
        let html = page(&worker.clone().header("cookie", &cookies(&answer)), &format!("{screen}?product=ARROZ")).await;
        assert!(html.contains("contalo de nuevo: ARROZ") && html.contains("Ya anotaste 40 un") && !tells(&html, "97"), "{html}");
        for address in [count.clone(), format!("{count}?only=different"), format!("{count}/sheet")] {
            let html = page(&worker, &address).await;
            assert!(!tells(&html, "97") && !html.contains("Diferencia"), "{address}: {html}");
        }
        let refused = post(&worker, &count, "d", &[]).await.expect_status(422).text();
        assert!(refused.contains("ARROZ: Contalo otra vez"), "{refused}");
        write(&worker, &count, "e", "ARROZ", "96").await;
        assert!(page(&worker, &screen).await.contains("Ya está todo contado"));
        assert_eq!(on_hand(&shop, "ARROZ").await, "97", "so far nothing is corrected");
        let answer = post(&worker, &count, "f", &[]).await;
        assert_eq!(leads_to(&answer), count);
        let html = page(&worker.clone().header("cookie", &cookies(&answer)), &count).await;
        assert!(html.contains("Se corrigieron 1 producto") && html.contains("Ver el ajuste") && html.contains("−1"), "{html}");
        assert!(!html.contains("$"), "cost is not theirs to see: {html}");
        assert_eq!(on_hand(&shop, "ARROZ").await, "96");
        assert_eq!(leads_to(&worker.get(&screen).await), count, "there is nothing to count any more");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_scanner_finds_what_is_counted_next_with_and_without_a_script(shop: TestShop) {
        three(&shop).await;
        let made = shop.api(shop.admin()).post("/api/v1/products", serde_json::json!({"sku": "LECHE", "name": "Leche", "category": "GEN", "unit": "un", "barcodes": ["7790742034007"]})).await;
        made.expect_status(201);
        let worker = shop.page(shop.user(Role::Deposito));
        let count = begun(&worker, &[("scope", "place")]).await;
        let screen = format!("{count}/count");
        assert_eq!(leads_to(&worker.get(&format!("{screen}?q=7790742034007")).await), format!("{screen}?product=LECHE"));
        assert!(page(&worker, &format!("{screen}?product=LECHE")).await.contains("Leche"), "it may be counted though nobody expected it");
        let several = page(&worker, &format!("{screen}?q=zzz")).await;
        assert!(several.contains("No encontramos ningún producto así"), "{several}");
        let typed = form(&[("idempotency_key", "a"), ("lines[0].product", "ARROZ"), ("lines[0].counted", "7790742034007")]);
        assert_eq!(leads_to(&worker.form(&screen, &typed).await), format!("{screen}?q=7790742034007"), "a code is no quantity");
        let handed = form(&[("idempotency_key", "b"), ("lines[0].product", "ARROZ"), ("lines[0].counted", "97"), ("scanned", "7790742034007")]);
        assert_eq!(leads_to(&worker.form(&screen, &handed).await), format!("{screen}?q=7790742034007"), "written down, and on to the next");
        let empty = form(&[("idempotency_key", "c"), ("lines[0].product", "FIDEOS"), ("lines[0].counted", ""), ("scanned", "7790742034007")]);
        assert_eq!(leads_to(&worker.form(&screen, &empty).await), format!("{screen}?q=7790742034007"));
        let html = page(&worker, &count).await;
        assert!(html.contains("ARROZ") && !html.contains("FIDEOS"), "only what was counted is written down: {html}");
        for (key, counted, shown) in [("d", "", "Falta este dato"), ("e", "dos", "value=\"dos\""), ("f", "-1", "negativ"), ("g", "1,5", "entera")] {
            let sent = form(&[("idempotency_key", key), ("lines[0].product", "FIDEOS"), ("lines[0].counted", counted)]);
            let html = worker.form(&screen, &sent).await.expect_status(422).text();
            assert!(html.contains(shown) && html.contains("FIDEOS:"), "{counted}: {html}");
        }
        assert!(!page(&worker, &count).await.contains("FIDEOS"), "what was refused is not written down");
    }
}

both_engines! {
    fn a_sheet_takes_what_was_written_and_leaves_the_rest(shop: TestShop) {
        three(&shop).await;
        let worker = shop.page(shop.user(Role::Deposito));
        let count = begun(&worker, &[("scope", "place")]).await;
        let sheet = format!("{count}/sheet");
        let rows = |counted: [&'static str; 3]| {
            vec![
                ("lines[0].product", "ARROZ"), ("lines[0].counted", counted[0]), ("lines[1].product", "FIDEOS"),
                ("lines[1].counted", counted[1]), ("lines[2].product", "YERBA"), ("lines[2].counted", counted[2]),
            ]
        };
        let nothing = worker.form(&sheet, &form(&[&[("idempotency_key", "a")][..], &rows(["", "", ""])].concat())).await.expect_status(422).text();
        assert!(nothing.contains("Todavía no anotaste nada"), "{nothing}");
        let html = worker.form(&sheet, &form(&[&[("idempotency_key", "b")][..], &rows(["", "83", "x"])].concat())).await.expect_status(422).text();
        assert!(html.contains("href=\"#lines[2].counted\">YERBA:") && html.contains("value=\"83\"") && html.contains("value=\"x\""), "{html}");
        let answer = worker.form(&sheet, &form(&[&[("idempotency_key", "c")][..], &rows(["97", "", "12"])].concat())).await;
        assert_eq!(leads_to(&answer), sheet);
        let html = page(&worker.clone().header("cookie", &cookies(&answer)), &sheet).await;
        assert!(html.contains("Contá de nuevo: YERBA") && html.contains("2 / 3 contados"), "{html}");
        let left = page(&worker, &format!("{sheet}?part=uncounted")).await;
        assert!(left.contains("FIDEOS") && !left.contains("ARROZ"), "{left}");
        let again = page(&worker, &format!("{sheet}?part=recount")).await;
        assert!(again.contains("YERBA") && !again.contains("FIDEOS"), "{again}");
    }
}

both_engines! {
    fn the_review_values_differences_for_who_may_see_cost_and_only_who_may_adjust_approves(shop: TestShop) {
        three(&shop).await;
        let worker = shop.page(shop.user(Role::Deposito));
        let count = begun(&worker, &[("scope", "place")]).await;
        for (key, sku, counted) in [("a", "ARROZ", "37"), ("b", "ARROZ", "37"), ("c", "YERBA", "72")] {
            write(&worker, &count, key, sku, counted).await;
        }
        let owner = shop.page(shop.admin());
        let html = page(&owner, &count).await;
        for shown in ["−60", "-$ 6.000,00", "+1", "$ 100,00", "no se contó (1 producto)"] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert!(!html.contains("FIDEOS"), "differences first");
        sell(&shop, "ARROZ", "deposito", "10").await;
        assert!(!page(&worker, &count).await.contains("name=\"accept\""));
        let refused = post(&worker, &count, "d", &[]).await.expect_status(422).text();
        assert!(refused.contains("ARROZ: La diferencia es grande"), "{refused}");
        post(&worker, &count, "e", &[("accept", "yes")]).await.expect_status(403);
        assert_eq!(on_hand(&shop, "ARROZ").await, "87");
        let blank = owner.form(&format!("{count}/post"), &form(&[("idempotency_key", "f"), ("reason", "x")])).await.expect_status(422).text();
        assert!(blank.contains("al menos 3 letras"), "{blank}");
        let answer = post(&owner, &count, "g", &[]).await;
        assert_eq!(leads_to(&answer), count);
        assert_eq!((on_hand(&shop, "ARROZ").await, on_hand(&shop, "YERBA").await), ("27".into(), "72".into()), "what was sold meanwhile is not counted twice");
        assert_eq!(leads_to(&post(&owner, &count, "g", &[]).await), count, "sent twice, posted once");
        assert_eq!(on_hand(&shop, "ARROZ").await, "27");
        let over = post(&owner, &count, "h", &[]).await.expect_status(422).text();
        assert!(over.contains("ya se asentó"), "{over}");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_count_is_of_a_place_a_category_or_a_list(shop: TestShop) {
        three(&shop).await;
        put_shelf_target(&shop, "FIDEOS", "local", 5).await;
        let owner = shop.page(shop.admin());
        let html = page(&owner, "/counts/new?scope=list&products=YERBA").await;
        assert!(html.contains(">YERBA</textarea>"), "{html}");
        let fields = |key: &'static str, more: &[(&'static str, &'static str)]| form(&[&[("idempotency_key", key), ("location", "deposito"), ROUTINE][..], more].concat());
        for (key, more, shown) in [
            ("a", vec![("scope", "category"), ("category", "")], "Rubro:"),
            ("b", vec![("scope", "category"), ("category", "NADA")], "No hay ningún rubro «NADA»"),
            ("c", vec![("scope", "list"), ("products", "")], "Van de 1 a 500 productos"),
            ("d", vec![("scope", "list"), ("products", "YERBA\nnada de eso\n")], "«nada de eso» no es ningún producto"),
        ] {
            let html = owner.form("/counts", &fields(key, &more)).await.expect_status(422).text();
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert!(page(&owner, "/counts").await.contains("No hay conteos"), "nothing was begun");
        let listed = begun(&owner, &[("scope", "list"), ("products", "yerba\r\nFIDEOS\r\nYERBA")]).await;
        let sheet = page(&owner, &format!("{listed}/sheet")).await;
        assert!(sheet.contains("0 / 2 contados") && sheet.contains("FIDEOS") && !sheet.contains("ARROZ"), "{sheet}");
        let of_category = leads_to(&owner.form("/counts", &fields("e", &[("scope", "category"), ("category", "GEN")])).await);
        assert!(page(&owner, &of_category).await.contains("General"), "its name says what is counted");
        let local = leads_to(&owner.form("/counts", &form(&[("idempotency_key", "f"), ("location", "local"), ("scope", "place"), ROUTINE])).await);
        let html = page(&owner, &local).await;
        assert!(html.contains("0 / 1 contados") && html.contains("El sistema dice 0 un"), "not blind: {html}");
        let list = page(&owner, "/counts").await;
        assert!(list.contains("deposito: una lista") && list.contains("local: todo") && list.contains("Abiertos"), "{list}");
        assert_eq!(held(&shop, "FIDEOS", "deposito").await, "83");
    }
}

both_engines! {
    fn a_count_given_up_corrects_nothing(shop: TestShop) {
        with_rice(&shop, "10").await;
        let worker = shop.page(shop.user(Role::Deposito));
        let count = begun(&worker, &[("scope", "place")]).await;
        let empty = post(&worker, &count, "a", &[]).await.expect_status(422).text();
        assert!(empty.contains("Todavía no hay nada contado"), "{empty}");
        write(&worker, &count, "b", "ARROZ", "3").await;
        let cancel = form(&[("idempotency_key", "c"), ("reason_choice", "Se empezó por error")]);
        assert_eq!(leads_to(&worker.form(&format!("{count}/cancel"), &cancel).await), count);
        let html = page(&worker, &count).await;
        assert!(html.contains("Cancelado") && html.contains("Se empezó por error") && !html.contains("id=\"post\""), "{html}");
        assert!(page(&worker, "/counts?state=cancelled").await.contains(&count));
        assert_eq!(on_hand(&shop, "ARROZ").await, "10");
        let late = form(&[("idempotency_key", "d"), ("lines[0].product", "ARROZ"), ("lines[0].counted", "3")]);
        assert_eq!(leads_to(&worker.form(&format!("{count}/count"), &late).await), count, "it is over");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn who_may_not_count_sees_no_button_and_is_refused(shop: TestShop) {
        with_rice(&shop, "10").await;
        let count = begun(&shop.page(shop.admin()), &[("scope", "place")]).await;
        for role in [Role::Auditor, Role::Cashier] {
            let browser = shop.page(shop.user(role));
            let list = page(&browser, "/counts").await;
            assert!(list.contains(&count) && !list.contains("/counts/new") && !list.contains(&format!("{count}/count")), "{list}");
            let one = page(&browser, &count).await;
            assert!(!one.contains("id=\"post\"") && !one.contains("id=\"cancel\"") && !one.contains(&format!("{count}/count")), "{one}");
            for path in ["/counts/new".to_owned(), format!("{count}/count"), format!("{count}/sheet")] {
                browser.get(&path).await.expect_status(403);
            }
            for path in ["/counts".to_owned(), format!("{count}/count"), format!("{count}/sheet"), format!("{count}/post"), format!("{count}/cancel")] {
                browser.form(&path, "idempotency_key=x").await.expect_status(403);
            }
        }
        shop.page(shop.admin()).get(&format!("/counts/{}", nothing())).await.expect_status(404);
        let english = shop.page(shop.admin()).header("accept-language", "en").get(&format!("{count}/count")).await.expect_status(200);
        assert!(english.text().contains("How much is there?"));
    }
}
