//! What a page was asked for, and addresses of our own pages: the texts of a query string without
//! the blanks that browsers send for empty fields, links that keep some of them, and the way to the
//! page before and after in a list. The API's query strings are strict and are not read here.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::form::Form;
use super::paging::PageParams;

/// Pages that "before" can go back through; beyond them it leads to the beginning of the list.
const BACK_MAX: usize = 12;
/// Parameters of a query that are looked at.
const PARAMETERS_MAX: usize = 40;

/// The query of a page: unknown names are left alone, blank ones are as if they were not there.
#[derive(Debug, Default)]
pub struct Asked(pub Form);

impl Asked {
    /// The text under a name.
    pub fn given(&self, name: &str) -> Option<String> {
        self.0.given(name)
    }

    /// The text under a name; empty when it was not given.
    pub fn value(&self, name: &str) -> &str {
        self.0.value(name).trim()
    }

    /// A link to `path` that keeps what was asked under these names.
    pub fn link(&self, path: impl Into<String>, names: &[&str]) -> Link {
        names.iter().fold(Link::to(path), |link, name| link.with(name, self.value(name)))
    }

    /// Where in its list the page stands.
    pub fn pager(&self) -> Pager {
        let back = self.value("back").split('.').filter(|token| !token.is_empty());
        Pager { after: self.given("after"), back: back.map(str::to_owned).take(BACK_MAX).collect() }
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        // A NUL is in no text of a shop, and PostgreSQL cannot look for one.
        let text_of_ours = |(_, text): &(String, String)| !text.trim().is_empty() && !text.contains('\0');
        let given = pairs.into_iter().filter(text_of_ours).take(PARAMETERS_MAX);
        Ok(Self(given.fold(Form::new(), |form, (name, text)| form.with(&name, text))))
    }
}

/// The ways to filter a list: address, name, whether it is this one.
pub type Chips = Vec<(String, String, bool)>;

/// An address of ours with its query.
#[derive(Debug, Clone)]
pub struct Link {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Link {
    /// The address without a query.
    pub fn to(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// An address of ours from a text: a path from the root with its query, and nothing that a browser
    /// would take for another host.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let ours = path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|byte| byte.is_ascii_graphic());
        if !ours || path.contains('\\') {
            return None;
        }
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
        Some(pairs.iter().fold(Self::to(path), |link, (name, text)| link.with(name, text)))
    }

    /// The same address with `name` saying `text` instead of what it said; a blank text leaves it out.
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        if !text.is_empty() {
            self.pairs.push((name.to_owned(), text.to_owned()));
        }
        self
    }

    /// One way per value of the filter `name`, after the one to all of them.
    pub fn chips(
        &self,
        name: &str,
        chosen: &str,
        all: &str,
        values: impl IntoIterator<Item = (String, String)>,
    ) -> Chips {
        let way = |value: &str, label: String| (self.clone().with(name, value).href(), label, value == chosen);
        let each = values.into_iter().map(|(value, label)| way(&value, label));
        std::iter::once(way("", all.to_owned())).chain(each).collect()
    }

    /// The address of the same list as a file.
    pub fn file(&self, format: &str) -> String {
        self.clone().with("format", format).href()
    }

    /// The address as written in a page.
    pub fn href(&self) -> String {
        if self.pairs.is_empty() {
            return self.path.clone();
        }
        let query = serde_urlencoded::to_string(&self.pairs).expect("pairs of texts are a query");
        format!("{}?{query}", self.path)
    }
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.href())
    }
}

/// A segment of a path, escaped.
pub fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// Where in its list a page stands: the token it begins after, and those of the pages before it.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    after: Option<String>,
    back: Vec<String>,
}

impl Pager {
    /// The token and the default length, as the API's lists take them.
    pub fn params(&self) -> PageParams {
        PageParams { after: self.after.clone(), limit: None }
    }

    /// The ways to the page before and the one after, from the list's own address.
    pub fn pages(&self, list: &Link, next: Option<String>) -> Pages {
        let at = |after: &str, back: &[String]| list.clone().with("back", &back.join(".")).with("after", after).href();
        let before = self.after.as_ref().map(|_| match self.back.split_last() {
            Some((last, rest)) => at(last, rest),
            None => list.href(),
        });
        let mut back = self.back.clone();
        back.extend(self.after.clone());
        let skip = back.len().saturating_sub(BACK_MAX);
        let after = next.map(|next| at(&next, &back[skip..]));
        // A trail that was cut no longer tells how many pages went before.
        let number = (self.back.len() < BACK_MAX).then_some(back.len() + 1);
        Pages { before, after, number }
    }
}

/// The neighbours of a page in its list.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    /// The address of the page before.
    pub before: Option<String>,
    /// The address of the page after.
    pub after: Option<String>,
    /// Which page it is, while that is known.
    pub number: Option<usize>,
}

impl Pages {
    /// Whether the list has more than this page.
    pub fn several(&self) -> bool {
        self.before.is_some() || self.after.is_some()
    }

    /// Which page it is, as text.
    pub fn shown(&self) -> String {
        self.number.map(|number| number.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
        Asked(pairs.into_iter().fold(Form::new(), |form, (name, text)| form.with(&name, text)))
    }

    #[test]
    fn a_link_keeps_what_it_is_told_and_escapes_it() {
        let link = asked("q=queso y dulce&level=low&after=77").link("/products", &["q", "level", "category"]);
        assert_eq!(link.href(), "/products?q=queso+y+dulce&level=low");
        assert_eq!(link.with("level", "").with("q", "a&b").href(), "/products?q=a%26b");
        assert_eq!(segment("CAFÉ/1"), "CAF%C3%89%2F1");
    }

    #[test]
    fn only_an_address_of_ours_is_one() {
        let link = Link::parse("/stock/movements/new?kind=waste&q=a+b").unwrap();
        assert_eq!(link.with("product", "X").href(), "/stock/movements/new?kind=waste&q=a+b&product=X");
        for foreign in ["", "https://x.example", "//x.example", "/\\x.example", "stock", "/a b", "/a\u{0}b"] {
            assert!(Link::parse(foreign).is_none(), "{foreign:?}");
        }
    }

    #[test]
    fn going_on_and_back_again_ends_at_the_beginning() {
        let list = Link::to("/products").with("q", "x");
        let first = asked("q=x").pager().pages(&list, Some("aa".to_owned()));
        assert_eq!((first.before.as_deref(), first.number), (None, Some(1)));
        assert_eq!(first.after.as_deref(), Some("/products?q=x&after=aa"));
        let second = asked("q=x&after=aa").pager().pages(&list, Some("bb".to_owned()));
        assert_eq!(second.before.as_deref(), Some("/products?q=x"));
        assert_eq!(second.after.as_deref(), Some("/products?q=x&back=aa&after=bb"));
        let third = asked("q=x&back=aa&after=bb").pager().pages(&list, None);
        assert_eq!((third.before.as_deref(), third.number), (Some("/products?q=x&after=aa"), Some(3)));
        assert_eq!(third.after, None);
    }

    #[test]
    fn a_long_way_keeps_its_last_steps() {
        let far = (0..BACK_MAX).map(|page| format!("p{page}")).collect::<Vec<_>>().join(".");
        let page = asked(&format!("back={far}&after=now")).pager().pages(&Link::to("/x"), Some("next".to_owned()));
        let after = page.after.unwrap();
        assert!(after.contains("p11.now") && !after.contains("p0."), "{after}");
        assert_eq!(page.number, None);
    }
}
