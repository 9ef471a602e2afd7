//! What somebody was sending when their session had ended (USR-3): it goes through the log-in in its form, in their browser
//! alone, and is shown to them afterwards to be sent at last.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::doors::{LoginForm, LoginPage, own_path};
use crate::kernel::form::KEY_FIELD;
use crate::kernel::{Chrome, Form, Problem, page};

/// Bytes of a form that is carried along; a longer one has to be typed again.
const CARRIED_MAX: usize = 200_000;
/// Texts of it that are shown.
const SHOWN_MAX: usize = 12;
/// Characters shown of each.
const SHOWN_LENGTH: usize = 80;
/// What no page carries: fields whose names have these words, and forms of one's own account, where codes are typed.
const SECRETS: [&str; 2] = ["password", "secret"];
const OWN_ACCOUNT: &str = "/account";

/// A form on its way through the log-in.
#[derive(Clone)]
pub(super) struct Work {
    /// Where it was sent to.
    pub to: String,
    /// Its fields, encoded as they were sent.
    pub fields: String,
}

impl Work {
    /// The one that came with a form of the log-in.
    pub fn carried_by(form: &Form) -> Option<Self> {
        let (to, fields) = (form.given("work_to")?, form.given("work")?);
        Self::of(&to, fields)
    }

    /// None where there is nothing to carry, or too much, or a secret.
    fn of(to: &str, fields: String) -> Option<Self> {
        let to = own_path(to).to_owned();
        let work = Self { to, fields };
        let secret = |(name, _): &(String, String)| SECRETS.iter().any(|word| name.contains(word));
        let pairs = work.pairs();
        let somewhere = work.to != "/" && !work.to.starts_with(OWN_ACCOUNT);
        let fits = work.fields.len() <= CARRIED_MAX && !pairs.is_empty();
        (somewhere && fits && !pairs.iter().any(secret)).then_some(work)
    }

    fn pairs(&self) -> Vec<(String, String)> {
        serde_urlencoded::from_str(&self.fields).unwrap_or_default()
    }
}

/// Where a form was sent to.
#[derive(Deserialize)]
pub struct KeepParams {
    #[serde(default)]
    to: String,
}

/// The log-in for who sent a form after their session had ended.
pub async fn keep(chrome: Chrome, Query(params): Query<KeepParams>, form: Form) -> Result<Response, Problem> {
    let work = Work::of(&params.to, form.encoded());
    let said = if work.is_some() { "login.kept" } else { "login.ended" };
    let error = Some(chrome.t(said).to_owned());
    let form = LoginForm { username: String::new(), next: "/".to_owned(), error, work };
    let chrome = chrome.titled("login.title");
    page::show_as(StatusCode::UNAUTHORIZED, &chrome.clone(), &LoginPage { chrome, form })
}

#[derive(Template)]
#[template(path = "resume.html")]
pub(super) struct ResumePage {
    pub chrome: Chrome,
    to: String,
    pairs: Vec<(String, String)>,
    /// What was typed, to be recognized.
    shown: Vec<String>,
}

impl ResumePage {
    /// The page of a form that may be sent now.
    pub fn of(chrome: &Chrome, work: &Work) -> Self {
        let pairs = work.pairs();
        let typed = pairs.iter().filter(|(name, text)| name != KEY_FIELD && !text.trim().is_empty());
        let shown = typed.take(SHOWN_MAX).map(|(_, text)| text.chars().take(SHOWN_LENGTH).collect()).collect();
        Self { chrome: chrome.clone().titled("resume.title"), to: work.to.clone(), pairs, shown }
    }
}

#[cfg(test)]
mod tests {
    use super::Work;

    #[test]
    fn secrets_other_sites_and_nothing_are_not_carried() {
        let carried = |to: &str, fields: &str| Work::of(to, fields.to_owned()).is_some();
        assert!(carried("/products", "name=Yerba+1kg&barcodes=7790742034007&cost=1.234%2C50"));
        assert!(carried("/suppliers", "code=LS&name=La+Seren%C3%ADsima"));
        for (to, fields) in [
            ("/account/second-factor/confirm", "code=123456"),
            ("/people", "name=Ana&password=x"),
            ("https://evil.example/", "name=y"),
            ("//evil.example", "name=y"),
            ("/products", ""),
            ("/products", &format!("name={}", "y".repeat(200_001))),
        ] {
            assert!(!carried(to, fields), "{to}");
        }
    }
}
