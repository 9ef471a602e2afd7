//! The id that ties a request to its log lines and to the page that reports a failure (INP-4).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use gondola_shop::kernel::RequestId;
use gondola_store::Db;

/// The header it travels in, both ways.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The caller's id when it is well formed, else a new one.
pub fn of(headers: &HeaderMap, db: &Db) -> RequestId {
    let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(|text| is_well_formed(text));
    RequestId(given.map_or_else(|| db.new_id().simple().to_string(), str::to_owned))
}

/// The id as a header value.
pub fn to_header(id: &RequestId) -> HeaderValue {
    HeaderValue::from_str(&id.0).expect("a request id holds letters, digits and . _ - only")
}

/// 8 to 64 of `A-Z a-z 0-9 . _ -`.
fn is_well_formed(text: &str) -> bool {
    (8..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    #[test]
    fn only_short_plain_ids_are_taken_over() {
        assert!(is_well_formed("abc-DEF_1.2"));
        for bad in ["", "short", "with space", "línea-nueva", "a\nbcdefgh", &"x".repeat(65)] {
            assert!(!is_well_formed(bad), "{bad:?}");
        }
    }
}
