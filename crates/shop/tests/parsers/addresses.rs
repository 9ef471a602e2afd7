//! Addresses: ways back into the product, query strings, page tokens, parts of paths, and forms, which are written the
//! same way.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use futures_util::FutureExt;
use gondola_shop::kernel::ask::segment;
use gondola_shop::kernel::body::parse_query;
use gondola_shop::kernel::paging::{key_of, token};
use gondola_shop::kernel::{Asked, Form, Link, PageParams};
use gondola_shop::people::refuse_key_in_address;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::fuzz::Fuzz;

/// Rounds in CI.
const TEXTS: u64 = 20_000;

const ADDRESSES: [&str; 10] = [
    "/stock/movements/new?kind=waste&q=a+b",
    "/products?q=queso+y+dulce&level=low&after=5b223132225d",
    "/products/LAC-LS-SACH",
    "/products?back=aa.bb.cc&after=5b2231222c325d",
    "/stock?q=%C3%B1and%C3%BA&limit=50",
    "/api/v1/products?limit=500&after=5b2231222c325d",
    "/a?api_key=1",
    "/a?x=gnd_abc&b=1",
    "https://x.example/",
    "//x.example/?a=1",
];
const WORDS: [&str; 26] = [
    "//",
    "/\\",
    "\\",
    "/../",
    "?",
    "&",
    "=",
    "+",
    "%",
    "%2F",
    "%5C",
    "%00",
    "%C3",
    "%FF",
    "#",
    "@",
    ":",
    "https:",
    "javascript:",
    "gnd_",
    "gnd%5F",
    "API_KEY=",
    "&after=",
    "&limit=",
    "q=",
    "\t",
];

/// What an escaped text stands for, as bytes: `%41` is a letter, a plus is a space, and a broken escape is itself.
fn unescaped(text: &str) -> Vec<u8> {
    let (mut bytes, text) = (Vec::new(), text.as_bytes());
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while at < text.len() {
        match (text[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).expect("two digits"));
                at += 2;
            }
            (b'+', ..) => bytes.push(b' '),
            (other, ..) => bytes.push(other),
        }
        at += 1;
    }
    bytes
}

/// The pairs of a query, by the same few rules.
fn pairs(query: &str) -> Vec<(String, String)> {
    let text = |text: &str| String::from_utf8_lossy(&unescaped(text)).into_owned();
    let named = query.split('&').filter(|pair| !pair.is_empty());
    named.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, of)| (text(name), text(of))).collect()
}

/// Where people are sent back to is a page of ours, however the address was bent: no host, no scheme, nothing that a
/// browser would leave out before it looks.
#[test]
fn a_damaged_way_back_leads_into_the_product_or_nowhere() {
    Fuzz::new("ways back", TEXTS, ADDRESSES, &WORDS).each_text(|text| {
        let Some(link) = Link::parse(text) else { return false };
        let address = link.href();
        assert!(address.starts_with('/') && !address.starts_with("//"), "{text:?}: {address}");
        assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}: {address}");
        assert!(!address.split('?').next().unwrap_or_default().contains('\\'), "{text:?}: {address}");
        assert_eq!(Link::parse(&address).map(|link| link.href()).as_ref(), Some(&address), "{text:?}");
        let further = link.with("product", text).href();
        let told = pairs(further.split_once('?').map_or("", |(_, query)| query));
        assert!(text.is_empty() || told.contains(&("product".to_owned(), text.to_owned())), "{text:?}: {further}");
        true
    });
}

#[test]
fn a_damaged_part_of_a_path_is_escaped_whole() {
    Fuzz::new("parts of paths", TEXTS, ADDRESSES, &WORDS).each_text(|text| {
        let escaped = segment(text);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte);
        assert!(escaped.bytes().all(plain), "{text:?}: {escaped}");
        assert_eq!(unescaped(&escaped), text.as_bytes(), "{text:?}: {escaped}");
        escaped == text
    });
}

/// A strict query of the API.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    q: Option<String>,
    after: Option<String>,
    limit: Option<String>,
}

#[test]
fn a_damaged_query_is_read_as_it_stands_or_refused_by_name() {
    Fuzz::new("queries", TEXTS, ADDRESSES, &WORDS).each_text(|text| {
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let told = pairs(query);
        let seen = told.iter().all(|(_, text)| {
            let refused = |letter: char| letter.is_control() || "\u{2028}\u{2029}\u{202E}\u{FEFF}".contains(letter);
            text.chars().count() <= 2000 && !text.contains(refused)
        });
        match parse_query::<Vec<(String, String)>>(query) {
            Ok(read) => {
                assert!(seen, "{query:?}: {read:?}");
                assert_eq!(read, told, "{query:?}");
            }
            Err(problem) => assert_eq!((problem.status.as_u16(), problem.fields.len()), (422, 1), "{query:?}"),
        }
        match parse_query::<Wanted>(query) {
            Err(problem) => {
                assert_eq!((problem.status.as_u16(), problem.fields.len()), (422, 1), "{query:?}");
                false
            }
            Ok(wanted) => {
                let one = |name: &str| told.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone());
                assert_eq!(
                    (wanted.q, wanted.after.clone(), wanted.limit.clone()),
                    (one("q"), one("after"), one("limit"))
                );
                assert!(told.iter().all(|(name, _)| ["q", "after", "limit"].contains(&name.as_str())), "{query:?}");
                let page = PageParams { after: wanted.after, limit: wanted.limit };
                assert!(
                    page.limit().is_ok_and(|limit| (1..=500).contains(&limit)) || page.limit().is_err(),
                    "{query:?}"
                );
                if let Ok(Some(key)) = page.after::<(String, i64)>() {
                    assert_eq!(key_of(&token(&key)), Some(key), "{query:?}");
                }
                true
            }
        }
    });
}

/// A key in a token, and that the token made of it names the same place again.
fn comes_back<K: DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug>(text: &str) -> bool {
    let Some(key) = key_of::<K>(text) else { return false };
    let again = token(&key);
    assert!(again.bytes().all(|byte| byte.is_ascii_hexdigit()), "{text:?}: {again}");
    assert_eq!(key_of::<K>(&again).as_ref(), Some(&key), "{text:?}: {again}");
    true
}

#[test]
fn a_damaged_page_token_names_a_place_or_nothing() {
    let tokens = [
        token(&("queso cremoso", 12_i64)),
        token(&(1_795_392_000_000_000_i64, "0193f2c48d1e7c3a9b5f1a2b3c4d5e6f")),
        token(&"0193f2c48d1e7c3a9b5f1a2b3c4d5e6f"),
        token(&i64::MIN),
        token(&"[".repeat(200)),
    ];
    let words = &["5b", "5d", "22", "2c", "7b", "7d", "00", "ff", "5c75643830", "5b5b5b5b5b5b5b5b5b5b", "+1", "5B"];
    Fuzz::new("page tokens", TEXTS / 4, tokens, words).each_text(|text| {
        let places = [comes_back::<(String, i64)>(text), comes_back::<(i64, String)>(text), comes_back::<String>(text)];
        places.contains(&true) || comes_back::<i64>(text)
    });
}

/// KEY-8: however a key is escaped in an address, it is refused there.
#[test]
fn a_damaged_address_with_a_key_in_it_is_refused() {
    Fuzz::new("keys in addresses", TEXTS, ADDRESSES, &WORDS).each(|input| {
        let Ok(uri) = Uri::try_from(input) else { return false };
        let told = pairs(uri.query().unwrap_or_default());
        let key = |(name, text): &(String, String)| {
            let named = ["api_key", "apikey", "api-key", "x-api-key"].contains(&name.to_lowercase().as_str());
            text.starts_with("gnd_") || (named && !text.is_empty())
        };
        assert_eq!(refuse_key_in_address(&uri).is_err(), told.iter().any(key), "{uri}");
        !told.iter().any(key)
    });
}

/// A page leaves out what it does not understand, and the ways to the pages beside it stay in its list.
#[test]
fn a_damaged_query_of_a_page_leads_on_and_back_within_its_list() {
    Fuzz::new("queries of pages", TEXTS, ADDRESSES, &WORDS).each(|input| {
        let Ok(uri) = Uri::try_from(input) else { return false };
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let Ok(asked) = Asked::from_request_parts(&mut parts, &()).now_or_never().expect("nothing is waited for");
        let list = asked.link("/products", &["q", "level"]);
        let pages = asked.pager().pages(&list, Some("5b22225d".to_owned()));
        for address in [pages.before, pages.after].into_iter().flatten() {
            assert!(address == "/products" || address.starts_with("/products?"), "{address}");
            assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
        }
        asked.given("q").is_some()
    });
}

#[test]
fn a_damaged_form_is_read_as_it_stands_or_refused() {
    let forms = [
        "product=QUE-CREMOSO&quantity=2%2C5&reason=Se+rompi%C3%B3&idempotency_key=k-1",
        "name=Jos%C3%A9&role=cashier&username=jose&location=&password=tres+palabras+sueltas",
        "a=1&a=2&b&=c&&d=%26%3D",
    ];
    Fuzz::new("forms", TEXTS / 4, forms, &WORDS).each(|input| {
        let request = Request::post("/").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(axum::body::Body::from(input.to_vec())).unwrap();
        let read = Form::from_request(request, &()).now_or_never().expect("what is in memory keeps nobody waiting");
        // A form is read as bytes: what is no text becomes the sign for that, here as there.
        let told: Vec<(String, String)> = pairs_of(input);
        match read {
            Err(problem) => {
                assert_eq!((problem.status.as_u16(), problem.code), (400, "malformed"));
                assert!(told.iter().any(|(_, text)| text.contains('\0')), "nothing is wrong with it");
                false
            }
            Ok(form) => {
                for (name, _) in &told {
                    let texts: Vec<&str> =
                        told.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str()).collect();
                    assert_eq!(form.texts(name).collect::<Vec<_>>(), texts);
                }
                let key = form.value("idempotency_key");
                let good = (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
                assert_eq!(form.key("test").is_ok(), good, "{key:?}");
                good
            }
        }
    });
}

/// As [`pairs`], of bytes that may be no text.
fn pairs_of(body: &[u8]) -> Vec<(String, String)> {
    // Every byte as the letter of that number, so that the text can be cut without looking into it.
    let text: String = body.iter().map(|byte| char::from(*byte)).collect();
    let read = |text: &str| {
        let escaped: String = text
            .chars()
            .map(|letter| if letter.is_ascii() { letter.to_string() } else { format!("%{:02X}", u32::from(letter)) })
            .collect();
        String::from_utf8_lossy(&unescaped(&escaped)).into_owned()
    };
    let named = text.split('&').filter(|pair| !pair.is_empty());
    named.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, of)| (read(name), read(of))).collect()
}
