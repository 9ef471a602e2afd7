//! What goods cost is nowhere for who may not see it (USR-7): whatever they ask for, over the API, as a page, as a file or by a
//! search, and whatever they send, allowed or refused, no answer has the number. The owner finds it in many of the same answers.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use gondola_shop::FEATURES;
use gondola_shop::kernel::{Access, OpClass};
use gondola_store::{Actor, Permission, Role};
use gondola_testkit::{Client, TestShop, both_engines};
use serde_json::{Value, json};

use super::everybody;
use super::requests::{Deed, prepare};
use crate::common::receipt;

/// A cost that nothing else in the shop is, and how it may be written: whole pesos, as a computer or a person writes them.
const COST: &str = "7654321.9876";
const WRITTEN: [&str; 3] = ["7654321", "7.654.321", "7,654,321"];
/// Searches that would find goods by what they cost.
const SEARCHES: [&str; 4] = ["q=7654321", "q=7654321.9876", "q=7.654.321%2C98", "search=7654321"];

/// Makes everything cost that much.
async fn cost_that_much(shop: &TestShop) {
    let admin = shop.api(shop.admin());
    let products = admin.get("/api/v1/products?limit=500").await.expect_status(200).json();
    let line = |product: &Value| {
        let changes = json!({"acquisition_cost": COST, "replacement_cost": COST});
        json!({"product": format!("sku:{}", product["sku"].as_str().unwrap()), "changes": changes})
    };
    let lines: Vec<Value> = products["items"].as_array().unwrap().iter().map(line).collect();
    assert!(lines.len() > 3, "{products}");
    admin.post("/api/v1/products/bulk", json!({"lines": lines})).await.expect_status(200);
    let sku = products["items"][0]["sku"].as_str().unwrap();
    admin.post("/api/v1/movements", receipt(sku, "3", COST)).await.expect_status(201);
}

/// Values of the parts of paths, by what stands before them: what the requests are about.
fn names(deeds: &[Deed]) -> BTreeMap<String, BTreeSet<String>> {
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for deed in deeds {
        let (_, template) = deed.route.split_once(' ').unwrap();
        let mut before = String::new();
        for (part, name) in template.split('/').zip(deed.path.split('/')) {
            if part.starts_with('{') {
                names.entry(before.clone()).or_default().insert(name.to_owned());
            }
            before = format!("{before}/{part}");
        }
    }
    names
}

/// Every address that something is read at, of the things that the requests are about.
fn addresses(deeds: &[Deed]) -> Vec<(bool, String)> {
    let names = names(deeds);
    let mut found = Vec::new();
    for endpoint in FEATURES.iter().flat_map(|feature| (feature.endpoints)()) {
        if endpoint.method != Method::GET || endpoint.access == Access::Anonymous || endpoint.path.ends_with("/events")
        {
            continue;
        }
        let (mut paths, mut before) = (vec![String::new()], String::new());
        for part in endpoint.path.split('/').skip(1) {
            let one = BTreeSet::from([part.to_owned()]);
            let values = if part.starts_with('{') { names.get(&format!("/{before}")).unwrap_or(&one) } else { &one };
            paths = paths.iter().flat_map(|path| values.iter().map(move |value| format!("{path}/{value}"))).collect();
            before = if before.is_empty() { part.to_owned() } else { format!("{before}/{part}") };
        }
        let is_page = endpoint.class == OpClass::Page;
        for path in paths {
            if !is_page {
                found.extend(SEARCHES.iter().map(|search| (is_page, format!("{path}?{search}"))));
            }
            if endpoint.export.is_some() {
                found.push((is_page, format!("{path}?format=csv")));
            }
            found.push((is_page, path));
        }
    }
    found
}

fn tells(text: &str) -> bool {
    WRITTEN.iter().any(|written| text.contains(written))
}

/// The answers to a reader that have the number. What was searched for may be repeated, so there any answer that names goods is
/// one too many.
async fn told_to(shop: &TestShop, actor: &Actor, addresses: &[(bool, String)]) -> Vec<String> {
    let mut told = Vec::new();
    for (is_page, path) in addresses {
        let client: Client<'_> = if *is_page { shop.page(actor.clone()) } else { shop.api(actor.clone()) };
        let text = client.get(path).await.text();
        let searched = path.split_once('?').is_some_and(|(_, query)| SEARCHES.contains(&query));
        if if searched { text.contains("\"sku\":") } else { tells(&text) } {
            told.push(path.clone());
        }
    }
    told
}

both_engines! {
    /// USR-7: in the API, pages, exports, search and the text of errors.
    fn what_goods_cost_is_nowhere_for_who_may_not_see_it(shop: TestShop) {
        let deeds = prepare(&shop).await;
        cost_that_much(&shop).await;
        let addresses = addresses(&deeds);
        let to_the_owner = told_to(&shop, &shop.admin(), &addresses).await;
        assert!(to_the_owner.len() >= 12, "the owner sees it in more answers: {to_the_owner:?}");
        let blind: Vec<(String, Actor)> =
            everybody(&shop).into_iter().filter(|(_, actor)| !actor.may(Permission::ReadCost)).collect();
        let roles = [Role::Cashier, Role::Deposito].map(|role| format!("role {}", role.code()));
        assert!(roles.iter().all(|role| blind.iter().any(|(who, _)| who == role)), "{roles:?}");
        for (who, actor) in &blind {
            let told = told_to(&shop, actor, &addresses).await;
            assert!(told.is_empty(), "{who} is told in {told:?}");
            for deed in &deeds {
                let client = if deed.is_page { shop.page(actor.clone()) } else { shop.api(actor.clone()) };
                let answer = deed.send(&client).await;
                assert!(!tells(&answer.text()), "{who} is told by {}: {}", deed.route, answer.text());
            }
        }
    }
}
