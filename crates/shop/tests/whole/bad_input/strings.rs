//! Addresses and forms: what no text holds, wherever a path, a query or a form takes one.

use axum::http::Method;
use gondola_shop::FEATURES;
use gondola_shop::kernel::OpClass;
use gondola_testkit::both_engines;

use super::{Things, digest, owner};
use crate::document::Document;

/// Unseen, endless or broken texts, as they stand in an address.
const UNSEEN: [&str; 5] = ["%00", "queso%00", "%E2%80%AEqueso", "%0Aqueso", "%C2%85"];
const ODD: [&str; 8] = ["%FF", "%", "%ZZ", "''--", "%25", "%F0%9F%A7%89", "..%2F..%2Fetc", "9999-12-31"];

both_engines! {
    fn a_parameter_with_something_unseen_in_it_is_refused_by_name(shop: TestShop) {
        let things = Things::found(&shop).await;
        let mut asked = 0;
        for (template, _, operation) in Document::read().operations().filter(|(path, method, _)| *method == "get" && !path.ends_with("/events")) {
            let parameters = operation["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query");
            for name in parameters.filter_map(|one| one["name"].as_str()) {
                for text in UNSEEN {
                    let path = format!("{}?{name}={text}", things.path(template));
                    let told = owner(&shop).get(&path).await.expect_problem(422, "invalid").json();
                    assert_eq!(told["errors"][0]["code"], "text_control_character", "{path}: {told}");
                    assert_eq!(told["errors"][0]["field"], name, "{path}");
                    asked += 1;
                }
                for text in ODD.into_iter().map(str::to_owned).chain(["9".repeat(40), "a".repeat(3000)]) {
                    let path = format!("{}?{name}={text}", things.path(template));
                    let answer = owner(&shop).get(&path).await;
                    assert!(matches!(answer.status, 200 | 400 | 422), "{path}: {} {}", answer.status, answer.text());
                }
            }
            let unknown = owner(&shop).get(&format!("{}?colour=red", things.path(template))).await;
            // A call without parameters has nothing to mistake them for.
            assert!(matches!(unknown.status, 200 | 404 | 422), "{template}: {}", unknown.text());
        }
        assert!(asked > 100, "{asked}");
    }
}

both_engines! {
    fn a_path_of_anything_leads_nowhere(shop: TestShop) {
        Things::found(&shop).await;
        let before = digest(&shop).await;
        for (template, method, _) in Document::read().operations().filter(|(path, _, _)| path.contains('{')) {
            for text in UNSEEN.into_iter().chain(ODD).chain(["sku:%00", "sku:", "{}", "urn:uuid:0"]) {
                let path = template.split('{').next().unwrap().to_owned() + text + template.split_once('}').unwrap().1;
                let path = path.replace("{alias}", text);
                if path.parse::<axum::http::Uri>().is_err() {
                    continue;
                }
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let body = (method != Method::GET).then(|| ("application/json", b"{}".to_vec()));
                let answer = owner(&shop).send(method, &path, body).await;
                assert!(matches!(answer.status, 400 | 404 | 405 | 409 | 415 | 422), "{path}: {} {}", answer.status, answer.text());
                assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            }
        }
        assert_eq!(digest(&shop).await, before);
    }
}

/// The names that pages read from their addresses.
const ASKED: [&str; 14] = [
    "q", "after", "back", "category", "location", "level", "status", "product", "kind", "from", "to", "user",
    "document", "next",
];

both_engines! {
    /// A page is asked for by people and their browsers: it is shown, or says what is wrong, and never fails.
    fn no_address_makes_a_page_fail(shop: TestShop) {
        let things = Things::found(&shop).await;
        let pages = FEATURES.iter().flat_map(|feature| (feature.endpoints)()).filter(|one| one.class == OpClass::Page && one.method == Method::GET);
        for page in pages {
            let template = page.path.replace("{sku}", "QUE-CREMOSO");
            for text in UNSEEN.into_iter().chain(ODD) {
                let query = ASKED.map(|name| format!("{name}={text}")).join("&");
                for path in [format!("{}?{query}", things.path(&template)), page.path.split('{').next().unwrap().to_owned() + text] {
                    if path.parse::<axum::http::Uri>().is_err() {
                        continue;
                    }
                    let answer = shop.page(shop.admin()).get(&path).await;
                    assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.text());
                }
            }
        }
    }
}

both_engines! {
    fn a_nul_in_a_form_is_malformed_and_changes_nothing(shop: TestShop) {
        let things = Things::found(&shop).await;
        let before = digest(&shop).await;
        let forms = FEATURES.iter().flat_map(|feature| (feature.endpoints)()).filter(|one| one.class == OpClass::Page && one.method == Method::POST);
        for form in forms {
            let path = things.path(&form.path.replace("{sku}", "QUE-CREMOSO"));
            let fields = "idempotency_key=test-1&username=marta%00&password=a%00&product=sku%3AQUE-CREMOSO%00&location=%00&name=%00";
            let answer = shop.page(shop.admin()).form(&path, fields).await;
            // What holds a file is no form of this kind; what names nobody says so; leaving takes no form.
            let expected: &[u16] = if path == "/logout" { &[303] } else { &[400, 404, 415] };
            assert!(expected.contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
        }
        assert_eq!(digest(&shop).await, before);
    }
}
