//! Reads a rendered page as a careful colleague would, for tests alone: whether it is well formed,
//! whether every field has a label, and whether every link leads somewhere. What a page says is not
//! looked at here.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;

const VOID: [&str; 10] = ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "use"];
/// Served by the face itself, beside the features.
const OWN: [&str; 3] = ["/docs", "/openapi.json", "/health"];

/// A tag with its attributes.
struct Tag<'h> {
    name: &'h str,
    attributes: BTreeMap<&'h str, &'h str>,
    closes: bool,
    alone: bool,
    /// Names of the tags it stands in.
    within: Vec<&'h str>,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).copied().unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

/// Fails the test, naming everything that is wrong with the page.
#[track_caller]
pub(crate) fn assert_sound(name: &str, html: &str) {
    let mut wrong = Vec::new();
    let tags = read(html, &mut wrong);
    headings(&tags, &mut wrong);
    ids(&tags, &mut wrong);
    labels(&tags, &mut wrong);
    policy(&tags, &mut wrong);
    links(&tags, &mut wrong);
    if html.contains("{{") || html.contains("{%") {
        wrong.push("template marks are left in the page".to_owned());
    }
    assert!(wrong.is_empty(), "{name}:\n  {}", wrong.join("\n  "));
}

fn read<'h>(html: &'h str, wrong: &mut Vec<String>) -> Vec<Tag<'h>> {
    let mut tags = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let Some(mut tag) = tag(&mut rest) else {
            wrong.push(format!("a loose <: {:?}", rest.chars().take(40).collect::<String>()));
            continue;
        };
        tag.within.clone_from(&open);
        if tag.closes {
            match open.pop() {
                Some(expected) if expected == tag.name => {}
                other => wrong.push(format!("</{}> closes {other:?}", tag.name)),
            }
            continue;
        }
        if !tag.alone && !VOID.contains(&tag.name) {
            open.push(tag.name);
        }
        tags.push(tag);
    }
    if !open.is_empty() {
        wrong.push(format!("never closed: {open:?}"));
    }
    tags
}

/// One tag from behind its `<`; leaves what follows its `>`.
fn tag<'h>(rest: &mut &'h str) -> Option<Tag<'h>> {
    let closes = rest.starts_with('/');
    let text = rest.strip_prefix('/').unwrap_or(rest);
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (name, mut text) = text.split_at(end);
    let mut attributes = BTreeMap::new();
    loop {
        text = text.trim_start();
        if let Some(after) = text.strip_prefix("/>") {
            *rest = after;
            return (!name.is_empty()).then_some(Tag { name, attributes, closes, alone: true, within: Vec::new() });
        }
        if let Some(after) = text.strip_prefix('>') {
            *rest = after;
            return (!name.is_empty()).then_some(Tag { name, attributes, closes, alone: false, within: Vec::new() });
        }
        let end = text.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
        let (key, after) = text.split_at(end);
        text = after;
        let mut value = "";
        if let Some(after) = text.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (inside, after) = after[1..].split_once(quote)?;
            value = inside;
            text = after;
        }
        if key.is_empty() || attributes.insert(key, value).is_some() {
            return None;
        }
    }
}

fn headings(tags: &[Tag<'_>], wrong: &mut Vec<String>) {
    let count = tags.iter().filter(|tag| tag.name == "h1").count();
    if tags.iter().any(|tag| tag.name == "html") && count != 1 {
        wrong.push(format!("{count} headings of the first level"));
    }
}

fn ids(tags: &[Tag<'_>], wrong: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for id in tags.iter().filter(|tag| tag.has("id")).map(|tag| tag.get("id")) {
        if id.is_empty() || !seen.insert(id) {
            wrong.push(format!("id {id:?} stands twice or says nothing"));
        }
    }
    for tag in tags {
        for reference in ["for", "aria-describedby", "aria-labelledby", "data-for", "list"] {
            let missing = tag.get(reference).split_whitespace().filter(|id| !seen.contains(id));
            wrong.extend(missing.map(|id| format!("<{} {reference}={id}> names no element", tag.name)));
        }
        if let Some(target) = tag.get("href").strip_prefix('#')
            && !seen.contains(target)
        {
            wrong.push(format!("#{target} names no element"));
        }
    }
}

fn labels(tags: &[Tag<'_>], wrong: &mut Vec<String>) {
    let labelled: BTreeSet<&str> = tags.iter().filter(|tag| tag.name == "label").map(|tag| tag.get("for")).collect();
    for tag in tags {
        let field = matches!(tag.name, "select" | "textarea")
            || (tag.name == "input" && !matches!(tag.get("type"), "hidden" | "submit" | "button"));
        let named = tag.has("aria-label") || tag.has("aria-labelledby") || tag.within.contains(&"label");
        if field && !named && !labelled.contains(tag.get("id")) {
            wrong.push(format!("<{} name={:?}> has no label", tag.name, tag.get("name")));
        }
        if tag.name == "img" && !tag.has("alt") {
            wrong.push(format!("{} has no alternative text", tag.get("src")));
        }
    }
}

/// What the Content-Security-Policy would refuse, and what htmx would have to evaluate.
fn policy(tags: &[Tag<'_>], wrong: &mut Vec<String>) {
    for tag in tags {
        if tag.name == "style" || (tag.name == "script" && !tag.has("src")) {
            wrong.push(format!("<{}> stands in the page", tag.name));
        }
        let refused = tag.attributes.iter().filter(|(name, value)| {
            **name == "style"
                || name.starts_with("on")
                || name.starts_with("hx-on")
                || (**name == "hx-trigger" && value.contains('['))
                || value.trim_start().starts_with("javascript:")
        });
        wrong.extend(refused.map(|(name, _)| format!("<{} {name}=…> is refused by the policy", tag.name)));
    }
}

fn links(tags: &[Tag<'_>], wrong: &mut Vec<String>) {
    let routes: Vec<(Method, String)> = crate::FEATURES
        .iter()
        .flat_map(|feature| (feature.endpoints)())
        .map(|endpoint| (endpoint.method, endpoint.path))
        .collect();
    let leads = |method: &Method, address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let own = path.starts_with("/assets/") || OWN.contains(&path);
        own || routes.iter().any(|(known, template)| known == method && fits(template, path))
    };
    for tag in tags {
        let posts = tag.get("method").eq_ignore_ascii_case("post");
        let sends = if posts { Method::POST } else { Method::GET };
        for (name, method) in [
            ("href", Method::GET),
            ("hx-get", Method::GET),
            ("hx-post", Method::POST),
            ("action", sends),
            ("formaction", Method::POST),
        ] {
            let address = tag.get(name);
            if address.starts_with('/') && !leads(&method, address) {
                wrong.push(format!("{method} {address} leads nowhere"));
            }
        }
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(name), Some(_)) if name.starts_with("{*") => return true,
            (Some(name), Some(text)) if name.starts_with('{') && !text.is_empty() => {}
            (Some(name), Some(text)) if name == text => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(html: &str) -> bool {
        std::panic::catch_unwind(|| assert_sound("sample", html)).is_err()
    }

    #[test]
    fn what_is_sound_passes_and_what_is_not_is_found() {
        assert_sound("sample", r#"<p>a <label for="q">Q</label><input id="q" name="q"><br></p>"#);
        for html in [
            "<p><b></p></b>",
            "<p>",
            r#"<input name="q">"#,
            r#"<p id="a"></p><p id="a"></p>"#,
            r#"<p style="x"></p>"#,
            r#"<a href="/nowhere/at/all">x</a>"#,
            r##"<a href="#gone">x</a>"##,
            "<html><h1></h1><h1></h1></html>",
        ] {
            assert!(wrong(html), "{html}");
        }
        assert!(fits("/products/{sku}", "/products/A-1") && !fits("/products/{sku}", "/products/"));
    }
}
