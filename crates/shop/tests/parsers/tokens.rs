//! Secrets and signed things that come back from outside: API keys, session ids, set-up tokens, messages in a cookie,
//! codes of an authenticator.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use gondola_shop::kernel::Flash;
use gondola_shop::people::Secret;
use gondola_vault::{MasterKey, TotpSecret, Vault, hex, sha256};

use crate::fuzz::Fuzz;

/// Rounds in CI.
const TOKENS: u64 = 20_000;

/// 43 letters of those that secrets are made of.
fn body(salt: u8) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes = [sha256(&[salt]), sha256(&[salt, 1])].concat();
    bytes.iter().take(43).map(|byte| char::from(LETTERS[usize::from(byte & 63)])).collect()
}

/// The key of that body, with its check characters.
fn key(body: &str) -> String {
    let text = format!("gnd_{body}");
    let check = hex(&sha256(text.as_bytes())[..3]);
    text + &check
}

/// KEY-2: what is no key, by its shape and its check characters, opens nothing and is not looked up.
#[test]
fn a_damaged_key_is_known_for_one_that_cannot_be() {
    let keys: Vec<String> = (0..4).map(|salt| key(&body(salt))).collect();
    let mut fuzz = Fuzz::new("API keys", TOKENS, &keys, &["gnd_", "GND_", "-", "_", "ñ", "A", "é", "000000"]);
    while fuzz.goes_on() {
        let mut text = String::from_utf8_lossy(&fuzz.damaged()).into_owned();
        // Now and then the check characters are right for what stands before them.
        if fuzz.below(4) == 0 {
            text = key(text.get(4..47).unwrap_or("short"));
        }
        fuzz.judge(text.as_bytes(), |input| {
            let text = std::str::from_utf8(input).unwrap();
            let whole = text.len() == 53 && text.is_char_boundary(47) && text.starts_with("gnd_");
            let good = whole && text[47..] == hex(&sha256(&text.as_bytes()[..47])[..3]);
            let read = Secret::presented_key(text);
            assert_eq!(read.as_ref().map(Secret::reveal), good.then_some(text));
            read.is_some()
        });
    }
    fuzz.end();
}

#[test]
fn a_damaged_session_id_is_whole_or_none() {
    let ids: Vec<String> = (0..4).map(body).collect();
    Fuzz::new("session ids", TOKENS, &ids, &["-", "_", "=", ".", "ñ", "A", " "]).each_text(|text| {
        let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        let good = text.len() == 43 && text.chars().all(letters);
        assert_eq!(Secret::presented(text).as_ref().map(Secret::reveal), good.then_some(text));
        good
    });
}

/// A browser that brings this as its message.
fn bringing(line: &[u8]) -> Option<HeaderMap> {
    let value = HeaderValue::from_bytes(&[b"gondola_message=", line].concat()).ok()?;
    Some(HeaderMap::from_iter([(COOKIE, value)]))
}

fn messages() -> Vec<Flash> {
    vec![
        Flash::says("people.added", "José; «x»"),
        Flash::warns("import.done", "12").undone_at("/imports/1/undo"),
        Flash::says("stock.recorded", "−2,500 kg").undone_at("/stock/movements/1/reverse"),
    ]
}

fn vault() -> Vault {
    Vault::of(&MasterKey::from_bytes([7; 32]))
}

/// Nobody else puts words in the product's mouth: a message that was bent is none.
#[test]
fn a_damaged_message_is_not_shown() {
    let (vault, messages) = (vault(), messages());
    let line = |message: &Flash| {
        let cookie = message.cookie(&vault, false);
        let line = cookie.to_str().unwrap().split(';').next().unwrap();
        line.strip_prefix("gondola_message=").unwrap().to_owned()
    };
    let lines: Vec<String> = messages.iter().map(line).collect();
    Fuzz::new("messages", TOKENS, &lines, &[".", "7b", "7d", "22", "=", ";", "00", "F", "+"]).each(|input| {
        let Some(headers) = bringing(input) else { return false };
        let Some(read) = Flash::of(&headers, &vault, false) else { return false };
        // The cookie is ours to its end; what stands behind it is another one's.
        let sent = input.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
        let of = lines.iter().position(|line| line.as_bytes() == sent).expect("only what was signed is shown");
        assert_eq!(read, messages[of]);
        true
    });
}

/// What stands behind the signature is read as carefully, as if the key were known to somebody.
#[test]
fn a_damaged_message_with_a_right_signature_is_read_or_is_none() {
    let vault = vault();
    let bodies: Vec<Vec<u8>> = messages().iter().map(|message| serde_json::to_vec(message).unwrap()).collect();
    let signed = |body: &str| format!("{body}.{}", hex(&vault.digest("flash message", body.as_bytes())));
    let words = &["\"", "{", "}", "[[[[", "good", "warn", "null", "\\u0000", "\\ud800", ",\"undo\":", "key"];
    Fuzz::new("signed messages", TOKENS / 4, &bodies, words).each(|input| {
        let headers = bringing(signed(&hex(input)).as_bytes()).unwrap();
        let read = Flash::of(&headers, &vault, false);
        assert_eq!(read, serde_json::from_slice(input).ok());
        let odd = bringing(signed(&String::from_utf8_lossy(input).replace(['.', ';'], "")).as_bytes());
        assert_eq!(odd.and_then(|headers| Flash::of(&headers, &vault, false)), None);
        read.is_some()
    });
}

/// USR-5: six digits of this step or one beside it, later than the last one used.
#[test]
fn a_damaged_code_counts_only_if_it_is_one_of_three() {
    let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
    let seconds = 1_764_000_015_i64;
    let step = seconds / 30;
    let codes: Vec<String> = (step - 2..=step + 2).map(|step| secret.code(step)).collect();
    let rounds = TOKENS / 4;
    Fuzz::new("authenticator codes", rounds, &codes, &["0", "1", "9", " ", "-", "٣", "１", "000000"]).each_text(
        |text| {
            let right = (step - 1..=step + 1).find(|step| secret.code(*step) == text);
            assert_eq!(secret.accept(text, seconds * 1_000_000, 0), right, "{text:?}");
            let used = right.map_or(i64::MAX, |right| right);
            assert_eq!(secret.accept(text, seconds * 1_000_000, used), None, "{text:?}: it was used");
            assert_eq!(secret.accept(text, -seconds * 1_000_000, i64::MAX), None, "{text:?}: long before");
            right.is_some()
        },
    );
}
