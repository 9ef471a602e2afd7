//! What somebody on the network may see of the shop: headers, versions, suites, and what a key that is none is told.
//! What should be there is written down here a second time, apart from what the program sends: whoever weakens one of
//! the two hears of it. The certificate is judged in `transit`.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use gondola_shop::people::Secret;
use serde_json::Value;

use super::hello::{OLD_SUITES, OLD_VERSIONS, Reply, TLS_1_2, WEAK_SUITES, try_out};
use super::target::{Answer, Sight, Target, Trust, ask, shake_hands};
use crate::doctor::{Diagnosis, State};

/// What anybody may ask for, and where nobody without a key gets anything.
const OPEN_PATHS: [&str; 2] = ["/login", "/health/live"];
const CLOSED_PATH: &str = "/api/v1/products";
/// Seconds of API-6.
const HSTS_MIN: u64 = 63_072_000;
/// API-3, without the directive that `framing` looks at.
const CSP: [(&str, &str); 7] = [
    ("default-src", "'self'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data: blob:"),
    ("object-src", "'none'"),
    ("base-uri", "'self'"),
    ("form-action", "'self'"),
];
const FRAME_ANCESTORS: &str = "frame-ancestors";
/// What is different in every answer and tells nothing.
const FLEETING: &str = "request_id";

/// What was seen from outside.
pub struct Outside {
    /// The seven checks, in their order.
    pub found: Vec<Diagnosis>,
    /// What the certificate is; none over http.
    pub sight: Option<io::Result<Sight>>,
}

/// Looks.
pub fn look(target: &Target, trust: &Trust) -> Outside {
    let paths = OPEN_PATHS.into_iter().chain([CLOSED_PATH]);
    let answers: io::Result<Vec<Answer>> = paths.map(|path| ask(target, trust, path, None)).collect();
    let of_answers = |check: &'static str, judge: fn(&[Answer]) -> Diagnosis| match &answers {
        Ok(answers) => judge(answers),
        Err(error) => silent(check, error),
    };
    let hsts = if target.https { of_answers("hsts", hsts) } else { plain("hsts") };
    let found = vec![
        hsts,
        of_answers("csp", csp),
        of_answers("framing", framing),
        of_answers("sniffing", sniffing),
        tls_version(target, trust),
        ciphers(target),
        api_key(target, trust),
    ];
    let sight = target.https.then(|| shake_hands(target, trust, rustls::ALL_VERSIONS).map(|(sight, _)| sight));
    Outside { found, sight }
}

/// The other side did not answer.
fn silent(check: &'static str, error: &io::Error) -> Diagnosis {
    Diagnosis::new(check, State::Critical, format!("no contesta: {error}"), format!("does not answer: {error}")).advise(
        "Fijate si el comercio está en marcha, en la dirección y el puerto, y si pide certificado a quien llega.",
        "See whether the shop runs, to the address and the port, and whether it asks callers for a certificate.",
    )
}

fn plain(check: &'static str) -> Diagnosis {
    Diagnosis::new(check, State::Skipped, "por http no hay: ver in_transit", "not over http: see in_transit")
}

/// A header as it should be.
struct Wanted {
    name: &'static str,
    /// In words.
    value: String,
    is_right: fn(&str) -> bool,
}

/// Whether each of these headers stands once in every answer, and says what it should.
fn headers(check: &'static str, answers: &[Answer], wanted: &[Wanted]) -> Diagnosis {
    for (answer, header) in answers.iter().flat_map(|answer| wanted.iter().map(move |header| (answer, header))) {
        let values: Vec<&str> = answer.all(header.name).collect();
        let (es, en) = match values[..] {
            [value] if (header.is_right)(value) => continue,
            [] => ("falta".to_owned(), "is missing".to_owned()),
            [value] => (format!("dice «{value}»"), format!("says “{value}”")),
            _ => (format!("está {} veces", values.len()), format!("is there {} times", values.len())),
        };
        let (name, path, value) = (header.name, answer.path, &header.value);
        return Diagnosis::new(
            check,
            State::Critical,
            format!("{name} {es} en {path}"),
            format!("{name} {en} on {path}"),
        )
        .advise(
            format!("Lo manda Góndola: si hay un proxy delante, que lo deje pasar tal cual. Va: {value}"),
            format!("Góndola sends it: if there is a proxy in front, have it pass on untouched. It is: {value}"),
        );
    }
    let names: Vec<&str> = wanted.iter().map(|header| header.name).collect();
    let told = names.join(", ");
    Diagnosis::new(check, State::Ok, told.clone(), told)
}

fn hsts(answers: &[Answer]) -> Diagnosis {
    let value = format!("max-age={HSTS_MIN}; includeSubDomains");
    headers("hsts", answers, &[Wanted { name: "strict-transport-security", value, is_right: insists_on_https }])
}

fn insists_on_https(value: &str) -> bool {
    let parts: Vec<String> = value.split(';').map(|part| part.trim().to_ascii_lowercase()).collect();
    let seconds = parts.iter().find_map(|part| part.strip_prefix("max-age=")?.parse::<u64>().ok());
    seconds.is_some_and(|seconds| seconds >= HSTS_MIN) && parts.iter().any(|part| part == "includesubdomains")
}

fn csp(answers: &[Answer]) -> Diagnosis {
    let value = CSP.map(|(name, sources)| format!("{name} {sources}")).join("; ");
    headers("csp", answers, &[Wanted { name: "content-security-policy", value, is_right: lets_in_our_own_only }])
}

fn lets_in_our_own_only(value: &str) -> bool {
    let mut found = directives(value);
    found.remove(FRAME_ANCESTORS);
    found == CSP.iter().map(|(name, sources)| ((*name).to_owned(), words(sources))).collect()
}

/// A policy's directives, each with its sources; of two of one name browsers heed the first.
fn directives(value: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for (name, sources) in value.split(';').filter_map(|part| part.trim().split_once(char::is_whitespace)) {
        found.entry(name.to_ascii_lowercase()).or_insert_with(|| words(sources));
    }
    found
}

fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn framing(answers: &[Answer]) -> Diagnosis {
    let deny = |value: &str| value.eq_ignore_ascii_case("DENY");
    let nobody = |value: &str| directives(value).get(FRAME_ANCESTORS) == Some(&words("'none'"));
    let policy = format!("… {FRAME_ANCESTORS} 'none'");
    headers(
        "framing",
        answers,
        &[
            Wanted { name: "x-frame-options", value: "DENY".to_owned(), is_right: deny },
            Wanted { name: "content-security-policy", value: policy, is_right: nobody },
        ],
    )
}

fn sniffing(answers: &[Answer]) -> Diagnosis {
    let is_right = |value: &str| value == "nosniff";
    headers("sniffing", answers, &[Wanted { name: "x-content-type-options", value: "nosniff".to_owned(), is_right }])
}

const VERSIONS_ADVICE: [&str; 2] = [
    "Góndola habla solo TLS 1.2 y 1.3: si hay un proxy delante, que hable esas dos y ninguna otra.",
    "Góndola speaks TLS 1.2 and 1.3 alone: if there is a proxy in front, have it speak those two and no other.",
];

fn tls_version(target: &Target, trust: &Trust) -> Diagnosis {
    const CHECK: &str = "tls_version";
    if !target.https {
        return plain(CHECK);
    }
    let wrong = |es: String, en: String| {
        Diagnosis::new(CHECK, State::Critical, es, en).advise(VERSIONS_ADVICE[0], VERSIONS_ADVICE[1])
    };
    for (version, name) in OLD_VERSIONS {
        match try_out(target, version, OLD_SUITES) {
            Ok(Reply::Refused) => {}
            Ok(Reply::Taken(_)) => return wrong(format!("acepta {name}"), format!("takes {name}")),
            Err(error) => return silent(CHECK, &error),
        }
    }
    for (version, name) in [(&rustls::version::TLS12, "TLS 1.2"), (&rustls::version::TLS13, "TLS 1.3")] {
        if let Err(error) = shake_hands(target, trust, &[version]) {
            return wrong(format!("no acepta {name}: {error}"), format!("does not take {name}: {error}"));
        }
    }
    let (es, en) = ("TLS 1.2 y 1.3; rechaza 1.0 y 1.1", "TLS 1.2 and 1.3; refuses 1.0 and 1.1");
    Diagnosis::new(CHECK, State::Ok, es, en)
}

fn ciphers(target: &Target) -> Diagnosis {
    const CHECK: &str = "ciphers";
    if !target.https {
        return plain(CHECK);
    }
    for (what, suites) in WEAK_SUITES {
        match try_out(target, TLS_1_2, suites) {
            Ok(Reply::Refused) => {}
            Ok(Reply::Taken(suite)) => {
                return Diagnosis::new(
                    CHECK,
                    State::Critical,
                    format!("acepta {what} (0x{suite:04x}): le falta secreto hacia adelante o autenticación"),
                    format!("takes {what} (0x{suite:04x}): without forward secrecy or authentication"),
                )
                .advise(
                    "Dejá en el proxy solo suites ECDHE con AES-GCM o ChaCha20-Poly1305.",
                    "Leave ECDHE suites with AES-GCM or ChaCha20-Poly1305 alone in the proxy.",
                );
            }
            Err(error) => return silent(CHECK, &error),
        }
    }
    let (es, en) = ("rechaza las suites débiles", "refuses weak suites");
    Diagnosis::new(CHECK, State::Ok, es, en)
}

/// Without a key, with one that could be one, and with what cannot be one: all are told the same.
fn api_key(target: &Target, trust: &Trust) -> Diagnosis {
    const CHECK: &str = "api_key";
    let drawn = Secret::draw_key();
    let keys = [None, Some(drawn.reveal()), Some("gondola-doctor")];
    let answers: io::Result<Vec<Answer>> = keys.into_iter().map(|key| ask(target, trust, CLOSED_PATH, key)).collect();
    match answers {
        Ok(answers) => judge_keys(&answers),
        Err(error) => silent(CHECK, &error),
    }
}

fn judge_keys(answers: &[Answer]) -> Diagnosis {
    const CHECK: &str = "api_key";
    let wrong = |es: String, en: String| {
        Diagnosis::new(CHECK, State::Critical, es, en).advise(
            "Fijate que nada delante de Góndola ponga claves, guarde respuestas ni cambie las que rechazan.",
            "See that nothing in front of Góndola adds keys, keeps answers or changes those that refuse.",
        )
    };
    if let Some(answer) = answers.iter().find(|answer| answer.status != 401) {
        let (path, status) = (answer.path, answer.status);
        return wrong(
            format!("{path} sin una clave buena contesta {status}, y va 401"),
            format!("{path} without a good key answers {status}, and should 401"),
        );
    }
    let shapes: Vec<Option<Value>> = answers.iter().map(shape).collect();
    if shapes.iter().any(Option::is_none) || shapes.windows(2).any(|pair| pair[0] != pair[1]) {
        return wrong(
            "la respuesta delata si la clave existe o qué tiene de malo".to_owned(),
            "the answer gives away whether the key exists or what is wrong with it".to_owned(),
        );
    }
    let (es, en) =
        ("sin clave y con una inventada contesta lo mismo: 401", "no key and a made-up one are told the same: 401");
    Diagnosis::new(CHECK, State::Ok, es, en)
}

/// What an answer says, without what is different every time; none where it is no document.
fn shape(answer: &Answer) -> Option<Value> {
    let mut said: Value = serde_json::from_slice(&answer.body).ok()?;
    said.as_object_mut()?.remove(FLEETING);
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Answer { path: CLOSED_PATH, status: 401, headers, body: Vec::new() }
    }

    /// API-6.
    #[test]
    fn https_is_insisted_on_for_two_years_and_below_every_name() {
        for good in ["max-age=63072000; includeSubDomains", "max-age=63072000; includeSubDomains; preload"] {
            assert!(insists_on_https(good), "{good}");
        }
        for bad in [
            "",
            "max-age=63072000",
            "max-age=0; includeSubDomains",
            "includeSubDomains",
            "max-age=x; includeSubDomains",
        ] {
            assert!(!insists_on_https(bad), "{bad}");
        }
    }

    /// API-3: neither more nor less.
    #[test]
    fn a_policy_with_anything_more_or_less_is_not_ours() {
        let good = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                    object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        assert!(lets_in_our_own_only(good));
        for bad in [
            good.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
            good.replace("object-src 'none'; ", ""),
            good.replace("style-src 'self'", "style-src *"),
            format!("{good}; script-src-elem *"),
            format!("script-src *; {good}"),
            String::new(),
        ] {
            assert!(!lets_in_our_own_only(&bad), "{bad}");
        }
        let framed =
            |value: &str| framing(&[answer(&[("x-frame-options", "DENY"), ("content-security-policy", value)])]);
        assert_eq!(framed(good).state, State::Ok);
        assert_eq!(framed(&good.replace("frame-ancestors 'none'", "frame-ancestors 'self'")).state, State::Critical);
    }

    #[test]
    fn a_header_that_is_there_twice_counts_as_wrong() {
        let once = answer(&[("x-content-type-options", "nosniff")]);
        let twice = answer(&[("x-content-type-options", "nosniff"), ("x-content-type-options", "nosniff")]);
        assert_eq!(sniffing(std::slice::from_ref(&once)).state, State::Ok);
        assert_eq!(sniffing(&[once, twice]).detail.en, "x-content-type-options is there 2 times on /api/v1/products");
    }

    /// KEY-4.
    #[test]
    fn answers_that_tell_keys_apart_are_told() {
        let said = |status, body: &str| Answer { status, body: body.into(), ..answer(&[]) };
        let state = |answers: &[Answer]| judge_keys(answers).state;
        let (one, other) =
            (r#"{"code": "unauthenticated", "request_id": "a"}"#, r#"{"code": "unauthenticated", "request_id": "b"}"#);
        assert_eq!(state(&[said(401, one), said(401, other)]), State::Ok);
        assert_eq!(state(&[said(401, one), said(403, other)]), State::Critical);
        assert_eq!(state(&[said(401, one), said(401, r#"{"code": "unknown_key"}"#)]), State::Critical);
        assert_eq!(state(&[said(401, "no"), said(401, "no")]), State::Critical);
    }
}
