//! Reading and writing cookies, with the attributes that every cookie of the product carries:
//! `HttpOnly`, `SameSite=Lax`, `Path=/`, and over https `Secure` and the `__Host-` prefix (USR-3).

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// The cookie of a log-in.
pub const SESSION: &str = "gondola_session";

/// Whether somebody comes with a session, which may have ended.
pub fn has_session(headers: &HeaderMap) -> bool {
    [true, false].iter().any(|https| read(headers, SESSION, *https).is_some())
}

/// The value of a cookie as this server would have named it.
pub fn read<'a>(headers: &'a HeaderMap, name: &str, https: bool) -> Option<&'a str> {
    let name = full_name(name, https);
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    })
}

/// A `Set-Cookie` for a value of our own alphabet; with no `max_age_s` it ends with the browser.
pub fn write(name: &str, value: &str, max_age_s: Option<u32>, https: bool) -> HeaderValue {
    let mut text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", full_name(name, https));
    if let Some(seconds) = max_age_s {
        text.push_str(&format!("; Max-Age={seconds}"));
    }
    if https {
        text.push_str("; Secure");
    }
    HeaderValue::from_str(&text).expect("cookie values are letters, digits, '-', '_' and '.'")
}

/// A `Set-Cookie` that removes the cookie.
pub fn remove(name: &str, https: bool) -> HeaderValue {
    write(name, "", Some(0), https)
}

fn full_name(name: &str, https: bool) -> String {
    if https { format!("__Host-{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// USR-3: over https the cookie is `Secure` and bound to the host; over http it has another name.
    #[test]
    fn a_cookie_carries_its_attributes() {
        assert_eq!(
            write("gondola_session", "abc", None, true),
            "__Host-gondola_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(write("gondola_session", "abc", None, false), "gondola_session=abc; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(remove("x", false), "x=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("other=1; gondola_session=abc; not_gondola_session=z"));
        assert_eq!(read(&headers, "gondola_session", false), Some("abc"));
        assert_eq!(read(&headers, "gondola_session", true), None);
    }
}
