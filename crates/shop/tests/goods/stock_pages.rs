//! The pages of stock through the whole stack on both engines: what people see, record, correct and
//! undo without JavaScript.

use crate::common::pages::{cookies, field, form, leads_to, page};
use crate::common::{on_hand, receipt, stocked};
use gondola_store::Role;
use gondola_testkit::both_engines;
use serde_json::json;

both_engines! {
    fn a_movement_is_recorded_by_a_form_and_undone_from_the_message(shop: TestShop) {
        stocked(&shop, &[("QUE-CREMOSO", "kg")]).await;
        let browser = shop.page(shop.admin());
        let html = page(&browser, "/stock/movements/new?kind=receipt&product=QUE-CREMOSO").await;
        assert!(html.contains("Entró mercadería") && html.contains("QUE-CREMOSO"), "{html}");
        let key = field(&html, "idempotency_key");
        let sent = form(&[
            ("idempotency_key", &key), ("kind", "receipt"), ("product", "QUE-CREMOSO"), ("quantity", "2,5"), ("unit", "kg"),
            ("to", "deposito"), ("unit_cost", "1.234,56"), ("reason_choice", "Compra"), ("lot.code", "L1"), ("lot.expires_on", "2026-12-31"),
        ]);
        let answer = browser.form("/stock/movements", &sent).await;
        let movement = leads_to(&answer);
        assert_eq!(on_hand(&shop, "QUE-CREMOSO").await, "2.500");
        let again = browser.form("/stock/movements", &sent).await;
        assert_eq!(leads_to(&again), movement, "sent twice, recorded once");
        assert_eq!(on_hand(&shop, "QUE-CREMOSO").await, "2.500");
        let html = page(&browser.clone().header("cookie", &cookies(&answer)), &movement).await;
        assert!(html.contains("Registrado: Entró mercadería") && html.contains("L1, vence 31/12/2026") && html.contains("$ 1.234,56"), "{html}");
        let undo = format!("{movement}/reverse");
        assert!(html.contains(&format!("action=\"{undo}\"")), "the message offers the undo: {html}");
        let sent = form(&[("idempotency_key", "undo-1"), ("reason", "Anulado al momento")]);
        assert_eq!(leads_to(&browser.form(&undo, &sent).await), movement);
        assert_eq!(on_hand(&shop, "QUE-CREMOSO").await, "0.000");
        let html = page(&browser, &movement).await;
        assert!(html.contains("Ver la anulación") && !html.contains("id=\"undo\""), "{html}");
        let refused = browser.form(&undo, &form(&[("idempotency_key", "undo-2"), ("reason", "otra vez")])).await;
        assert!(refused.clone().expect_status(422).text().contains("ya estaba anulado"));
    }
}

both_engines! {
    fn a_form_with_mistakes_comes_back_as_typed_and_nothing_moves(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let browser = shop.page(shop.admin());
        let sent = form(&[
            ("idempotency_key", "a"), ("kind", "waste"), ("product", "LECHE"), ("quantity", "dos <b>"), ("from", "deposito"),
            ("reason", "x"), ("occurred_at", "ayer"),
        ]);
        let html = browser.form("/stock/movements", &sent).await.expect_status(422).text();
        for shown in ["dos &#60;b&#62;", "value=\"ayer\"", "No se guardó nada", "href=\"#quantity\"", "href=\"#occurred_at\"", "al menos 3 letras"] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        let sent = form(&[("idempotency_key", "b"), ("kind", "sale"), ("product", "LECHE"), ("quantity", "1"), ("from", "deposito"), ("reason_choice", "Venta")]);
        let html = browser.form("/stock/movements", &sent).await.expect_status(422).text();
        assert!(html.contains("No alcanza: de LECHE hay 0 un en deposito"), "{html}");
        assert_ne!(field(&html, "idempotency_key"), "b", "the form that comes back has a key of its own");
        let english = browser.clone().header("accept-language", "en").form("/stock/movements", &sent).await.expect_status(422);
        assert!(english.text().contains("Not enough: deposito holds 0 un of LECHE") && english.text().contains("Nothing was saved"));
        assert_eq!(on_hand(&shop, "LECHE").await, "0");
    }
}

both_engines! {
    /// Backdated entry: check the lowest balance over the later timeline and show the effect first.
    fn a_movement_dated_in_the_past_shows_its_effect_first(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        for (quantity, at) in [("10", "2026-11-01T12:00:00Z"), ("5", "2026-11-10T12:00:00Z")] {
            let mut body = receipt("LECHE", quantity, "100");
            body["occurred_at"] = at.into();
            api.post("/api/v1/movements", body).await.expect_status(201);
        }
        let browser = shop.page(shop.admin());
        let fields = [
            ("idempotency_key", "a"), ("kind", "waste"), ("product", "LECHE"), ("quantity", "4"), ("from", "deposito"),
            ("reason_choice", "Roto"), ("occurred_at", "2026-11-05T09:00"),
        ];
        let html = browser.form("/stock/movements", &form(&fields)).await.expect_status(200).text();
        for shown in ["Esto cambia el pasado", "10 un → 6 un", "15 un → 11 un", "value=\"2026-11-05T09:00\"", "value=\"confirmed\""] {
            assert!(html.contains(shown), "{shown} in {html}");
        }
        assert_eq!(on_hand(&shop, "LECHE").await, "15", "shown, not recorded");
        let edited = browser.form("/stock/movements", &form(&[&fields[..], &[("step", "edit")]].concat())).await.expect_status(200);
        assert!(edited.text().contains("name=\"quantity\" value=\"4\""), "{}", edited.text());
        leads_to(&browser.form("/stock/movements", &form(&[&fields[..], &[("step", "confirmed")]].concat())).await);
        assert_eq!(on_hand(&shop, "LECHE").await, "11");
    }
}

both_engines! {
    fn the_lists_show_what_there_is_where_it_is_and_what_happened(shop: TestShop) {
        stocked(&shop, &[("QUE-CREMOSO", "kg"), ("LECHE", "un")]).await;
        let api = shop.api(shop.admin());
        let mut cheese = receipt("QUE-CREMOSO", "1250.5", "1234.5678");
        cheese["lot"] = json!({"code": "L7", "expires_on": "2026-11-25"});
        api.post("/api/v1/movements", cheese).await.expect_status(201);
        let browser = shop.page(shop.admin());
        let stock = page(&browser, "/stock?q=que&location=deposito").await;
        assert!(stock.contains("1.250,500") && !stock.contains("LECHE"), "{stock}");
        assert!(stock.contains("Valor del stock al costo promedio: $ 1.543.827,03"), "{stock}");
        let lots = page(&browser, "/stock/lots?within=7").await;
        assert!(lots.contains("L7") && lots.contains("25/11/2026") && lots.contains("2 días"), "{lots}");
        assert!(!page(&browser, "/stock/lots?within=expired").await.contains("L7"));
        let journal = page(&browser, "/stock/movements?kind=receipt&from=2026-11-23").await;
        assert!(journal.contains("Hoy") && journal.contains("+1.250,500") && journal.contains("supplier → deposito"), "{journal}");
        assert!(page(&browser, "/stock/movements?kind=waste").await.contains("Ninguno cumple"));
        let home = page(&browser, "/").await;
        assert!(home.contains("Lo que hay que mirar") && home.contains("Movimientos de hoy") && home.contains("LECHE"), "{home}");
        let english = browser.clone().header("accept-language", "en-GB").get("/").await.expect_status(200);
        assert!(english.text().contains("Movements of today") && english.header("content-language") == "en");
    }
}

both_engines! {
    /// Cost and value are for those who may see them; who may do less is offered less.
    fn nobody_is_shown_what_is_not_theirs(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let made = shop.api(shop.admin()).post("/api/v1/movements", receipt("LECHE", "10", "77.77")).await.expect_status(201).json();
        let path = format!("/stock/movements/{}", made["id"].as_str().unwrap());
        let worker = shop.page(shop.user(Role::Deposito));
        for address in ["/", "/stock", &path, "/stock/movements", "/stock/movements/new?kind=receipt&product=LECHE"] {
            let html = page(&worker, address).await;
            assert!(!html.contains("77,77") && !html.contains("costo promedio") && !html.contains("name=\"unit_cost\""), "{address}: {html}");
        }
        assert!(!page(&worker, &path).await.contains("id=\"undo\""), "only who may adjust may undo");
        let offered = page(&worker, "/stock/movements/new").await;
        assert!(offered.contains("kind=waste") && !offered.contains("kind=sale") && !offered.contains("kind=found"));
        shop.page(shop.user(Role::Auditor)).get("/stock/movements/new").await.expect_status(403);
        worker.form(&format!("{path}/reverse"), &form(&[("idempotency_key", "x"), ("reason", "porque sí")])).await.expect_status(403);
        assert_eq!(leads_to(&shop.page(shop.nobody()).get("/").await), "/login");
        assert_eq!(on_hand(&shop, "LECHE").await, "10");
    }
}

both_engines! {
    fn a_long_list_is_walked_forth_and_back(shop: TestShop) {
        let skus: Vec<String> = (0..120).map(|number| format!("P{number:03}")).collect();
        let products: Vec<(&str, &str)> = skus.iter().map(|sku| (sku.as_str(), "un")).collect();
        stocked(&shop, &products).await;
        let browser = shop.page(shop.admin());
        let link = |html: &str, rel: &str| {
            let at = html.find(&format!("rel=\"{rel}\""))?;
            let href = html[..at].rsplit("href=\"").next()?;
            Some(href.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&"))
        };
        let first = page(&browser, "/stock").await;
        assert!(first.contains("P000") && first.contains("P049") && !first.contains("P050") && link(&first, "prev").is_none());
        let second = page(&browser, &link(&first, "next").unwrap()).await;
        let third = page(&browser, &link(&second, "next").unwrap()).await;
        assert!(third.contains("P119") && third.contains("Página 3") && link(&third, "next").is_none());
        let back = page(&browser, &link(&third, "prev").unwrap()).await;
        assert!(back.contains("P050") && back.contains("P099"));
        let home = page(&browser, &link(&back, "prev").unwrap()).await;
        assert!(home.contains("P000") && link(&home, "prev").is_none());
    }
}
