//! Opening every page and asking every list, by the route table and the API document.

use std::collections::BTreeSet;

use axum::http::Method;
use gondola_shop::FEATURES;
use gondola_shop::kernel::OpClass;
use gondola_store::Actor;
use gondola_testkit::{Answer, Client, TestShop};
use serde_json::Value;

use super::words::{Told, beginnings, escaped, leaves};
use crate::document::Document;

/// What no page may hold, whatever it was told.
const RAW: [&str; 4] = ["<script>alert", "<img src=x", "</textarea><script>", "\"'>&#60;script"];

/// The pages that show an object only when their address names it, or show a part at a time; `{sku}` is a product.
const ASKED: [(&str, &str); 7] = [
    ("/audit/detections", "seen=yes"),
    ("/products/pick", "next=%2Freservations%2Fnew&q=alert"),
    ("/products", "q=alert"),
    ("/stock", "q=alert"),
    ("/stock/lots", "sku={sku}"),
    ("/stock/movements/new", "kind=waste&product={sku}"),
    ("/reservations/new", "product={sku}"),
];

/// What pages may answer besides being shown.
const OTHERWISE: [(&str, u16, &str); 10] = [
    ("/purchase-orders/{id}/whatsapp", 404, "the supplier has no telephone"),
    ("/invoices/{id}/file", 404, "an invoice that was typed has no file"),
    ("/invoices/{id}/pages/{page}", 404, "nor pages"),
    ("/products/pick", 404, "it is asked for by a page to come back to"),
    ("/reservations/new", 303, "a product is picked first"),
    ("/setup", 303, "the shop is founded"),
    ("/transfers/{id}/receive", 303, "a transfer that ended leads to its page"),
    ("/purchase-orders/{id}/receive", 303, "an order that expects nothing leads to its page"),
    ("/counts/{id}/count", 303, "a count that ended leads to its page"),
    ("/counts/{id}/sheet", 303, "a count that ended leads to its page"),
];

/// What shows itself to nobody who tells a text: the page that founds a shop, files, pictures, and what leads elsewhere.
const NEVER_SHOWN: [&str; 4] =
    ["/setup", "/invoices/{id}/file", "/invoices/{id}/pages/{page}", "/purchase-orders/{id}/whatsapp"];

/// The pages' routes.
pub fn pages(method: &Method) -> Vec<String> {
    let all = FEATURES.iter().flat_map(|feature| (feature.endpoints)());
    let pages = all.filter(|one| one.class == OpClass::Page && one.method == *method);
    pages.map(|endpoint| endpoint.path).collect()
}

/// What was seen on the way.
#[derive(Default)]
pub struct Seen {
    /// The texts that stood on a page, escaped.
    pub shown: BTreeSet<String>,
    /// What is wrong.
    pub wrong: Vec<String>,
    /// How many pages were opened.
    pub opened: usize,
}

impl Seen {
    /// Opens every page about every object.
    pub async fn open_all(shop: &TestShop, told: &Told) -> Self {
        let mut seen = Self::default();
        for template in pages(&Method::GET) {
            let browser = if template == "/login" { shop.browser() } else { shop.page(told.owner.clone()) };
            let otherwise = OTHERWISE.iter().find(|(known, ..)| *known == template).map(|(_, status, _)| *status);
            let mut paths = told.paths(&template);
            for (_, query) in ASKED.iter().filter(|(known, _)| *known == template) {
                let skus: Vec<&str> = if query.contains("{sku}") { told.of("products").collect() } else { vec![""] };
                paths.extend(skus.iter().map(|sku| format!("{template}?{}", query.replace("{sku}", sku))));
            }
            let mut shown = 0;
            for path in paths {
                shown += seen.open(&browser, path, otherwise, told).await;
            }
            if shown == 0 && !NEVER_SHOWN.contains(&template.as_str()) {
                seen.wrong.push(format!("{template} is never shown"));
            }
        }
        seen
    }

    /// Opens a page and the pages of its list after it; answers how many were shown.
    async fn open(&mut self, browser: &Client<'_>, path: String, otherwise: Option<u16>, told: &Told) -> usize {
        let (mut next, mut shown) = (Some(path), 0);
        while let Some(path) = next {
            let answer = browser.get(&path).await;
            let html = answer.text();
            self.opened += 1;
            shown += usize::from(answer.status == 200);
            if answer.status != 200 && Some(answer.status) != otherwise {
                self.wrong.push(format!("{path} answers {}: {html}", answer.status));
            }
            if !refuses_inline_scripts(&answer) {
                self.wrong.push(format!("{path} allows scripts: {}", answer.header("content-security-policy")));
            }
            self.look(&path, &html, told);
            next = html
                .split_once("\" rel=\"next\"")
                .and_then(|(before, _)| before.rsplit_once("href=\""))
                .map(|(_, href)| href.replace("&#38;", "&"));
        }
        shown
    }

    /// Looks for every text on a page: written as it has to be, or as it must not.
    fn look(&mut self, path: &str, html: &str, told: &Told) {
        self.wrong.extend(raw_in(html).map(|raw| format!("{path} holds {raw}")));
        let texts = told.by_digits();
        for (digits, from_here) in beginnings(html) {
            let Some(text) = texts.get(digits) else { continue };
            let (safe, half) = (escaped(text), text.replace('<', "&#60;").replace('>', "&#62;"));
            if from_here.starts_with(&safe) {
                self.shown.insert((*text).to_owned());
            } else if [*text, half.as_str()].iter().any(|raw| from_here.starts_with(raw)) {
                self.wrong.push(format!("{path} holds {text} as it is"));
            }
        }
    }
}

/// What stands in a page and must not.
pub fn raw_in(html: &str) -> impl Iterator<Item = &'static str> {
    RAW.into_iter().filter(move |raw| html.contains(*raw))
}

/// Whether the policy of an answer lets no script run but the files of the shop.
pub fn refuses_inline_scripts(answer: &Answer) -> bool {
    let policy = answer.header("content-security-policy");
    let of = |name: &str| {
        let mut directives = policy.split(';').map(str::trim).filter_map(|one| one.split_once(' '));
        directives.find(|(known, _)| *known == name).map(|(_, sources)| sources)
    };
    let one = answer.headers.get_all("content-security-policy").iter().count() == 1;
    let own = of("default-src") == Some("'self'") && of("script-src") == Some("'self'");
    one && own && of("object-src") == Some("'none'") && of("base-uri") == Some("'self'") && !policy.contains("unsafe")
}

/// Every text that the API tells, by every call that reads; `wrong` is what did not answer.
pub async fn read_all(shop: &TestShop, told: &Told) -> (BTreeSet<String>, Vec<String>) {
    let (mut texts, mut wrong) = (BTreeSet::new(), Vec::new());
    let document = Document::read();
    // Events never end, and a paper is no JSON.
    let is_read = |path: &str| !["/events", "/pdf", "/file", "/{page}"].iter().any(|end| path.ends_with(end));
    for (template, _, operation) in document.operations().filter(|(path, method, _)| *method == "get" && is_read(path))
    {
        let takes =
            |name: &str| operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == name);
        let mut query = if takes("limit") { "limit=500".to_owned() } else { String::new() };
        if template.ends_with("/search") {
            query = "q=alert&limit=20".to_owned();
        }
        for path in told.paths(template) {
            let mut after = String::new();
            loop {
                let answer = shop.api(told.owner.clone()).get(&format!("{path}?{query}{after}")).await;
                if answer.status != 200 {
                    wrong.push(format!("{path}?{query}{after}: {} {}", answer.status, answer.text()));
                    break;
                }
                let answer = answer.json();
                texts.extend(leaves(&answer, "").into_iter().map(|(_, text)| text));
                match &answer["next"] {
                    Value::String(next) if takes("after") => after = format!("&after={next}"),
                    _ => break,
                }
            }
        }
    }
    (texts, wrong)
}

/// An answer with this policy.
fn with_policy(policy: &str) -> Answer {
    let policy = policy.parse().expect("a header's value");
    let headers = [(axum::http::header::CONTENT_SECURITY_POLICY, policy)].into_iter().collect();
    Answer { status: 200, headers, body: Vec::new() }
}

/// The walk itself finds what it is for.
#[test]
fn a_text_that_is_shown_as_it_is_and_a_policy_that_lets_scripts_in_are_found_out() {
    let mut told = Told::by(Actor::anonymous());
    for payload in ["'x'", "\"><b>"] {
        let text = told.draw(payload);
        told.keep("here", &text);
    }
    let look = |html: &str| {
        let mut seen = Seen::default();
        seen.look("/here", html, &told);
        (seen.shown.len(), seen.wrong.len())
    };
    assert_eq!(look("<b title=\"1001&#39;x&#39;1001\">7</b>"), (1, 0));
    assert_eq!(look("<b title='1001'x'1001'>7</b>"), (0, 1));
    assert_eq!(look("<b>1001&#38;#39;x</b>"), (0, 0));
    assert_eq!(look("<b title=\"1002&#34;&#62;&#60;b&#62;1002\">7</b>"), (1, 0));
    assert_eq!(look("<b title=\"1002\"&#62;&#60;b&#62;1002\">7</b>"), (0, 1));
    assert_eq!(look("<b><script>alert(1)</script></b>"), (0, 1));
    let sound = "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'self'";
    assert!(refuses_inline_scripts(&with_policy(sound)));
    for wrong in ["script-src 'self' 'unsafe-inline'", "script-src *", "script-src 'self'; style-src 'unsafe-inline'"] {
        assert!(!refuses_inline_scripts(&with_policy(&sound.replace("script-src 'self'", wrong))), "{wrong}");
    }
}
