//! Reading pages as people do: what they show, the form they hold, where an answer leads.

use gondola_testkit::{Answer, Client};

use super::people::encoded;

/// A form's body from pairs.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, text): &(&str, &str)| format!("{}={}", encoded(name), encoded(text));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The page at a path, which must be there.
pub async fn page(browser: &Client<'_>, path: &str) -> String {
    let answer = browser.get(path).await.expect_status(200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    answer.text()
}

/// Where a form that worked leads.
pub fn leads_to(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

/// The cookies an answer sets, as a browser sends them back.
pub fn cookies(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    cookies.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

/// Whether a number stands on a page, shown or in a field; digits inside ids are none.
pub fn tells(html: &str, number: &str) -> bool {
    html.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).any(|word| word == number)
}

/// The value of a form's field on a page.
pub fn field(html: &str, name: &str) -> String {
    let at = html.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name} in {html}"));
    let tag = &html[at..at + html[at..].find('>').expect("a tag ends")];
    let (_, value) = tag.split_once("value=\"").unwrap_or_else(|| panic!("{name} has no value in {tag}"));
    value.split('"').next().unwrap_or_default().to_owned()
}
