//! Headers that a request brings: the key that makes sending twice harmless, versions, languages, cookies, and what a
//! program calls itself.

use axum::extract::{FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, IF_MATCH, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use futures_util::FutureExt;
use gondola_shop::kernel::{Client, IfMatch, Lang, RequestKey, cookie};

use crate::fuzz::Fuzz;

/// Rounds in CI.
const HEADERS: u64 = 20_000;

/// A request with this header alone; none for bytes that HTTP does not let through.
fn with_header(name: HeaderName, value: &[u8]) -> Option<Parts> {
    let value = HeaderValue::from_bytes(value).ok()?;
    Some(Request::get("/").header(name, value).body(()).unwrap().into_parts().0)
}

/// What a header says, if it is of visible letters.
fn said(parts: &Parts, name: &HeaderName) -> String {
    parts.headers[name].to_str().unwrap_or_default().to_owned()
}

#[test]
fn a_damaged_idempotency_key_is_taken_as_it_is_or_refused() {
    let name = HeaderName::from_static("idempotency-key");
    let keys = ["k-1", "0193f2c4-8d1e-7c3a-9b5f-1a2b3c4d5e6f", "a:b/c?d=e", "~!@#$%^&*()"];
    Fuzz::new("idempotency keys", HEADERS, keys, &["-", " ", "\"", "{}", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"])
        .each(|input| {
            let Some(mut parts) = with_header(name.clone(), input) else { return false };
            let read = RequestKey::from_request_parts(&mut parts, &()).now_or_never().expect("nothing is waited for");
            let good = (1..=200).contains(&input.len()) && input.iter().all(|byte| (33..127).contains(byte));
            assert_eq!(read.is_ok(), good);
            match read {
                Ok(key) => {
                    let bound = key.bind("test", b"what was asked").unwrap();
                    assert_eq!(bound.key.as_bytes(), input);
                    assert_ne!(key.bind("test", b"something else").unwrap().request_hash, bound.request_hash);
                }
                Err(problem) => assert_eq!((problem.status.as_u16(), problem.code), (400, "bad_idempotency_key")),
            }
            good
        });
}

/// The version that a tag names: digits, perhaps in quotes, perhaps weak.
fn version(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let quotes = tag.matches('"').count();
    let quoted = quotes == 2 && tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"');
    let digits = tag.trim_matches('"');
    let plain = (1..19).contains(&digits.len()) && digits.chars().all(|letter| "0123456789".contains(letter));
    (plain && (quotes == 0 || quoted)).then(|| digits.bytes().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

#[test]
fn a_damaged_version_is_the_one_it_says_or_refused() {
    let tags = ["\"7\"", "7", "W/\"12\"", "W/12", "\"999999999999999999\"", "*", "\"a\", \"b\""];
    Fuzz::new("versions", HEADERS, tags, &["\"", "W/", "w/", "*", ",", "0", "-", "+", "9999999999"]).each(|input| {
        let Some(mut parts) = with_header(IF_MATCH, input) else { return false };
        let expected = version(&said(&parts, &IF_MATCH));
        let read = IfMatch::from_request_parts(&mut parts, &()).now_or_never().expect("nothing is waited for");
        assert_eq!(read.as_ref().ok().map(|version| version.0), expected);
        if let Err(problem) = read {
            assert_eq!((problem.status.as_u16(), problem.code), (400, "malformed"));
        }
        expected.is_some()
    });
}

#[test]
fn a_damaged_language_is_one_that_we_speak() {
    let ranges = ["es-AR,es;q=0.9,en;q=0.8", "EN-us,en;q=0.9", "fr, en", "pt-BR,es;q=0.5", "*"];
    Fuzz::new("languages", HEADERS, ranges, &["es", "en", "-", ";q=", ",", "q=0", "*", "eng", " en", "es-"]).each(
        |input| {
            let Some(parts) = with_header(ACCEPT_LANGUAGE, input) else { return false };
            let text = said(&parts, &ACCEPT_LANGUAGE);
            let letters = |range: &str| {
                let range = range.trim();
                range
                    .chars()
                    .take_while(|letter| !";-".contains(*letter))
                    .collect::<String>()
                    .trim()
                    .to_ascii_lowercase()
            };
            let first = text.split(',').map(letters).find(|language| language == "es" || language == "en");
            let spoken = Lang::from_headers(&parts.headers);
            assert_eq!(spoken.tag(), if first.as_deref() == Some("en") { "en" } else { "es-AR" });
            spoken == Lang::En
        },
    );
}

#[test]
fn a_damaged_cookie_is_found_by_its_whole_name() {
    let cookies = [
        "gondola_session=abc; gondola_message=7b7d.00",
        "__Host-gondola_session=abc",
        "other=1; gondola_session=x; not_gondola_session=z",
        "gondola_session=a=b; gondola_session=second",
    ];
    let words = &["gondola_session", "__Host-", "=", ";", "; ", "\"", ",", " ", "\t", "gondola_session="];
    Fuzz::new("cookies", HEADERS, cookies, words).each(|input| {
        let Some(parts) = with_header(COOKIE, input) else { return false };
        let text = said(&parts, &COOKIE);
        let expected = |name: &str| {
            let named = text
                .split(';')
                .map(str::trim)
                .find(|pair| pair.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')));
            named.map(|pair| pair[name.len() + 1..].to_owned())
        };
        let found = cookie::read(&parts.headers, "gondola_session", false);
        assert_eq!(found, expected("gondola_session").as_deref());
        let safe = cookie::read(&parts.headers, "gondola_session", true);
        assert_eq!(safe, expected("__Host-gondola_session").as_deref());
        found.is_some()
    });
}

#[test]
fn a_damaged_agent_is_kept_short_and_plain() {
    let agents = ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "curl/8.5.0", "caja 1"];
    Fuzz::new("agents", HEADERS, agents, &["/", "(", ")", ";", "\t", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"])
        .each(|input| {
            let Some(parts) = with_header(USER_AGENT, input) else { return false };
            let agent = Client::of(&parts).agent;
            assert!(agent.chars().count() <= 200 && !agent.contains(char::is_control), "{agent:?}");
            assert!(said(&parts, &USER_AGENT).replace('\t', "").starts_with(&agent), "{agent:?}");
            !agent.is_empty()
        });
}
