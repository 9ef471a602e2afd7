//! PEN-1, hostile texts: what somebody writes into any text of the shop is shown as a text on every page, comes
//! back as it was written, and does nothing to the page, the search or the database. The calls and their
//! fields come from the API document and the pages from the route table, so that a new one fails until it is in.

mod fields;
mod story;
mod walk;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::common::adds_up;
use crate::common::pages::form;
use crate::common::people::encoded;
use axum::http::Method;
use gondola_store::Actor;
use gondola_testkit::{TestShop, both_engines};
use serde_json::Value;
use story::Round;
use walk::{Seen, pages, raw_in, read_all, refuses_inline_scripts};
use words::{Kept, META, PLAIN, SCRIPTS, Told, escaped};

/// Fields that no page shows.
const NOT_SHOWN: [(&str, &str); 5] = [
    ("password", "it is kept as a hash"),
    ("image", "no page has pictures of products"),
    ("supplier_sku", "a page names the supplier alone"),
    ("assign text", "it is a question, which is kept nowhere"),
    ("aliases text", "a page shows an alias as searches fold it, without any sign"),
];

/// Fields that the API does not tell.
const NOT_READ: [(&str, &str); 5] = [
    ("password", "it is kept as a hash"),
    ("assign text", "it is a question, which is kept nowhere"),
    ("waiting_file", "a file that waits to be asked about is a matter of the pages"),
    ("waiting_title", "the same"),
    ("waiting_sample", "the same"),
];

/// A shop with its places and an owner, who was told nothing yet.
async fn founded(shop: &TestShop) -> Told {
    gondola_shop::catalogue::found_shop(shop.db()).await.expect("found the shop");
    let owner = crate::common::people::user(shop, "duena", "admin").await;
    Told::by(Actor { id: owner.id, ..shop.admin() })
}

/// Founds a shop and tells it one round after the other.
async fn told(shop: &TestShop, payloads: &[&'static str]) -> Told {
    let mut told = founded(shop).await;
    for (number, payload) in payloads.iter().enumerate() {
        Round::new(shop, number, payload, &mut told).tell().await;
    }
    told
}

/// The fields of texts that are not among these, without those that have a reason.
fn missing(told: &Told, among: &BTreeSet<String>, excused: &[(&str, &str)]) -> Vec<String> {
    let named = |kept: &Kept, field: &str| field == kept.field() || kept.place.ends_with(&format!("/{field}"));
    let is_excused = |kept: &Kept| excused.iter().any(|(field, _)| named(kept, field));
    let kept = told.kept.iter();
    kept.filter(|kept| among.contains(&kept.text) == is_excused(kept))
        .map(|kept| format!("{}: {}", kept.place, kept.text))
        .collect()
}

both_engines! {
    /// PEN-1: stored scripts. Every page about every object shows every text, and shows it as a text.
    fn a_stored_script_is_shown_as_a_text_on_every_page(shop: TestShop) {
        let told = told(&shop, &SCRIPTS).await;
        let places = told.kept.iter().map(|kept| kept.place.clone());
        let all: BTreeSet<String> = places.filter(|place| place.contains("/api/")).collect();
        assert_eq!(all, fields::text_fields(), "every text of the document, and nothing else, is told by this test");
        let mut seen = Seen::open_all(&shop, &told).await;
        seen.wrong.extend(missing(&told, &seen.shown, &NOT_SHOWN).into_iter().map(|text| format!("shown? {text}")));
        let (texts, silent) = read_all(&shop, &told).await;
        seen.wrong.extend(silent);
        seen.wrong.extend(missing(&told, &texts, &NOT_READ).into_iter().map(|text| format!("read? {text}")));
        assert!(seen.wrong.is_empty(), "{} pages\n{}", seen.opened, seen.wrong.join("\n"));
        assert!(seen.opened > 100, "{}", seen.opened);
        adds_up(&shop).await;
    }
}

/// What pages read from their addresses, besides the fields of their forms.
const ASKED: &str = "q category location level status product products kind from to user document next state \
    only part unit lot due brand supplier event resource family column record operation seen period";

both_engines! {
    /// What an address says is not run either: in a page that shows it, in a refusal, in a form that comes back.
    fn a_script_in_an_address_or_a_form_is_shown_as_a_text(shop: TestShop) {
        let mut told = told(&shop, &[PLAIN]).await;
        let hostile = format!("\"'>{}<img src=x onerror=alert(1)>", SCRIPTS[0]);
        let browser = shop.page(told.owner.clone());
        let (mut shown, mut wrong, mut names) = (0, Vec::new(), BTreeSet::new());
        for template in pages(&Method::GET) {
            let path = told.paths(&template).remove(0);
            let own = names_in(&browser.get(&path).await.text());
            let asked = ASKED.split_whitespace().map(str::to_owned).chain(own.clone());
            let mut paths: Vec<String> = asked.map(|name| format!("{path}?{name}={}", encoded(&hostile))).collect();
            paths.push(template.split('{').next().expect("a path").to_owned() + &encoded(&hostile));
            for path in paths {
                let answer = browser.get(&path).await;
                let html = answer.text();
                wrong.extend(raw_in(&html).map(|raw| format!("{path} holds {raw}")));
                if answer.status >= 500 || !refuses_inline_scripts(&answer) {
                    wrong.push(format!("{path}: {} {}", answer.status, answer.header("content-security-policy")));
                }
                shown += usize::from(html.contains(&escaped(&hostile)));
            }
            names.extend(own);
        }
        assert!(shown > 30, "{shown} pages show what their address says");
        // What no round of this test made.
        for kind in ["detections", "keys", "sessions"] {
            told.note(kind, crate::common::nothing().to_string());
        }
        names.remove("idempotency_key");
        let mut pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), hostile.as_str())).collect();
        pairs.push(("idempotency_key", "hostil-1"));
        let mut refused = 0;
        for template in pages(&Method::POST) {
            let path = told.paths(&template).pop().expect("a path");
            let answer = browser.form(&path, &form(&pairs)).await;
            let html = answer.text();
            wrong.extend(raw_in(&html).map(|raw| format!("POST {path} holds {raw}")));
            if answer.status >= 500 || !refuses_inline_scripts(&answer) {
                wrong.push(format!("POST {path}: {}", answer.status));
            }
            refused += usize::from(html.contains(&escaped(&hostile)));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(refused > 5, "{refused} forms came back with what was written in them");
    }
}

/// The names of the fields of a page's forms.
fn names_in(html: &str) -> BTreeSet<String> {
    html.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// How many rows each table has, without the sessions: while rounds go by, those of the first ones end.
async fn rows(shop: &TestShop) -> BTreeMap<String, u64> {
    let tables = shop.db().digest().await.expect("the shop's digest");
    tables.into_iter().filter(|table| table.table != "sessions").map(|table| (table.table, table.rows)).collect()
}

/// The products that a list answers.
async fn listed(shop: &TestShop, list: &str, name: &str, text: &str) -> Vec<Value> {
    let path = format!("/api/v1/{list}?{name}={}", encoded(text));
    let answer = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
    answer["items"].as_array().expect("items").clone()
}

both_engines! {
    /// PEN-1: signs that mean something to a database are letters like others: every text comes back as it was, a
    /// search finds what has it and nothing else, and no table changes but those that plain words change.
    fn signs_of_a_database_come_back_as_they_were_written(shop: TestShop) {
        let (mut told, mut before, mut grown) = (founded(&shop).await, rows(&shop).await, Vec::new());
        for (number, payload) in [PLAIN, PLAIN].into_iter().chain(META).enumerate() {
            Round::new(&shop, number, payload, &mut told).tell().await;
            let after = rows(&shop).await;
            assert!(before.keys().eq(after.keys()), "{payload}: the same tables");
            let growth = after.iter().map(|(table, rows)| (table.clone(), rows - before[table]));
            grown.push(growth.collect::<BTreeMap<_, _>>());
            before = after;
            let (plain, now): (&BTreeMap<_, _>, &BTreeMap<_, _>) = (grown.get(1).unwrap_or(&grown[0]), &grown[number]);
            let otherwise: Vec<_> = now.iter().filter(|(table, rows)| plain[*table] != **rows).collect();
            assert!(number == 0 || otherwise.is_empty(), "{payload} changes {otherwise:?}, and plain words {plain:?}");
        }
        let whole = fields::digest(&shop).await;
        let (texts, mut wrong) = read_all(&shop, &told).await;
        wrong.extend(missing(&told, &texts, &NOT_READ));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for (number, payload) in META.into_iter().enumerate() {
            let own = format!("A{}", number + 2);
            let name = told.text("POST /api/v1/products name", payload);
            for list in ["products", "products/search", "inventory"] {
                let found = listed(&shop, list, "q", name).await;
                assert!(found.len() == 1 && found[0]["sku"] == own.as_str(), "{list} {name}: {found:?}");
            }
            let brand = told.text("POST /api/v1/products brand", payload);
            let found = listed(&shop, "products", "brand", brand).await;
            assert!(found.len() == 1 && found[0]["brand"] == brand, "{brand}: {found:?}");
            for (filter, field) in [("document", "document"), ("lot", "lot.code")] {
                let text = told.text(&format!("POST /api/v1/movements {field}"), payload);
                let found = listed(&shop, "movements", filter, text).await;
                let has_it = |one: &Value| words::leaves(one, "").iter().any(|(_, told)| told == text);
                let of_it = found.iter().all(has_it);
                assert!(!found.is_empty() && of_it, "{filter} {text}: {found:?}");
                let alone = listed(&shop, "movements", filter, payload).await;
                assert!(alone.is_empty(), "nothing is called {payload}: {alone:?}");
            }
        }
        assert_eq!(fields::digest(&shop).await, whole, "whoever reads and searches changes nothing");
        adds_up(&shop).await;
    }
}
