//! Every page of the feature with something on it, rendered in both languages.

use askama::Template;
use gondola_store::Role;
use uuid::Uuid;

use super::super::rows::{KeyRecord, KeyState, SessionRecord, UserRecord};
use super::account::AccountPage;
use super::doors::{LoginForm, LoginPage, SecondStepForm, SecondStepPage, SetUpForm, SetUpPage};
use super::kept::{ResumePage, Work};
use super::keys::{KeyLine, KeysPage, SCOPES, Shown};
use super::role_options;
use super::second_factor::{SecondFactorPage, Standing, lesson};
use super::sessions::SessionLine;
use super::users::{UserLine, UserPage, UsersPage};
use crate::kernel::{Chrome, Form, Lang, Problem};

/// What would run if a page did not escape it.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn user(active: bool) -> UserRecord {
    UserRecord {
        id: Uuid::from_u128(7),
        username: "marta".to_owned(),
        name: HOSTILE.to_owned(),
        role: "admin".to_owned(),
        location: Some("local".to_owned()),
        active,
        locked_until: Some(0),
        created_at: 0,
        version: 1,
        second_factor: true,
    }
}

fn key(state: KeyState, owner: Option<&str>) -> KeyLine {
    let key = KeyRecord {
        id: Uuid::from_u128(8),
        name: HOSTILE.to_owned(),
        scopes: "read,write".to_owned(),
        quota: Some(600),
        networks: Some("192.168.1.0/24".to_owned()),
        location: Some("local".to_owned()),
        owner: owner.map(str::to_owned),
        created_at: 0,
        expires_at: 0,
        previous_until: Some(0),
        last_used_at: None,
        revoked_at: None,
    };
    let overlap = Some("24/11/2026 10:00".to_owned());
    KeyLine { key, state, last_used: String::new(), expires: "31/12/2026".to_owned(), overlap }
}

fn session(current: bool) -> SessionLine {
    let session = SessionRecord {
        id: Uuid::from_u128(9),
        created_at: 0,
        seen_at: 0,
        expires_at: 0,
        client_ip: "192.0.2.7".to_owned(),
        agent: HOSTILE.to_owned(),
        current,
    };
    SessionLine {
        session,
        browser: HOSTILE.to_owned(),
        opened: "23/11/2026 10:00".to_owned(),
        seen: "23/11/2026 10:05".to_owned(),
        end: format!("/people/{}/sessions/{}/revoke", Uuid::from_u128(7), Uuid::from_u128(8)),
    }
}

fn refused(form: Form, fields: &[&str]) -> Form {
    fields.iter().fold(form, |form, field| {
        form.refused(Problem::invalid_field(field, "bad", "Está mal.", "It is wrong.")).expect("422 is about the form")
    })
}

fn locations() -> Vec<(String, String)> {
    vec![("local".to_owned(), HOSTILE.to_owned())]
}

fn work() -> Work {
    let fields = serde_urlencoded::to_string([("name", HOSTILE)]).unwrap();
    Work { to: "/products".to_owned(), fields }
}

fn factor(chrome: Chrome, standing: Standing, must: bool) -> String {
    let written = vec!["abcde-fghjk".to_owned()];
    let form = refused(Form::new(), &["code"]);
    SecondFactorPage { chrome, standing, written, must, form }.render().unwrap()
}

/// The pages of who is not in yet.
fn doors(lang: Lang) -> Vec<(&'static str, String)> {
    let nobody = || Chrome::sample(lang, None, "/login");
    let login = LoginForm {
        username: HOSTILE.to_owned(),
        next: "/".to_owned(),
        error: Some(HOSTILE.to_owned()),
        work: Some(work()),
    };
    let step = SecondStepForm {
        ticket: "00".to_owned(),
        next: "/".to_owned(),
        error: Some(HOSTILE.to_owned()),
        work: Some(work()),
    };
    let set_up =
        SetUpForm { username: HOSTILE.to_owned(), token_error: Some(HOSTILE.to_owned()), ..SetUpForm::default() };
    vec![
        ("login", LoginPage { chrome: nobody(), form: login }.render().unwrap()),
        ("second step", SecondStepPage { chrome: nobody(), form: step }.render().unwrap()),
        ("resume", ResumePage::of(&nobody(), &work()).render().unwrap()),
        ("setup", SetUpPage { chrome: nobody(), form: set_up }.render().unwrap()),
    ]
}

fn inside(lang: Lang) -> Vec<(&'static str, String)> {
    let chrome = || Chrome::sample(lang, Some(Role::Admin), "/people");
    let roles = role_options(lang);
    let form =
        refused(Form::new().with("name", HOSTILE).with("role", "admin"), &["name", "role", "location", "scopes"]);
    let again = refused(Form::new().with("scopes", "read"), &["name", "scopes", "expires_on", "quota", "networks"]);
    let line = |active| UserLine { user: user(active), role_label: "Dueño" };
    let keys = vec![
        key(KeyState::Active, None),
        key(KeyState::Expiring, None),
        key(KeyState::Expired, Some("marta")),
        key(KeyState::Revoked, None),
    ];
    let shown = Some(Shown { name: HOSTILE.to_owned(), secret: "gnd_secret".to_owned() });
    let (locations, next) = (locations(), Some("/people?after=aa".to_owned()));
    vec![
        ("factor off", factor(chrome(), Standing::Off, true)),
        (
            "factor learning",
            factor(chrome(), Standing::Learning(lesson("otpauth://totp/x", "ABCDEFGH").unwrap()), false),
        ),
        ("factor on", factor(chrome(), Standing::On(3), false)),
        (
            "users",
            UsersPage {
                chrome: chrome(),
                users: vec![line(true), line(false)],
                next: next.clone(),
                form,
                roles: roles.clone(),
                locations: locations.clone(),
            }
            .render()
            .unwrap(),
        ),
        (
            "user",
            UserPage {
                chrome: chrome(),
                user: user(true),
                form: Form::new(),
                contact: refused(Form::new().with("email", HOSTILE), &["email", "phone"]),
                roles,
                locations: locations.clone(),
                sessions: vec![session(false)],
            }
            .render()
            .unwrap(),
        ),
        (
            "keys",
            KeysPage { chrome: chrome(), keys, next, form: again, scopes: SCOPES, locations, shown }.render().unwrap(),
        ),
        (
            "account",
            AccountPage { chrome: chrome(), sessions: vec![session(true), session(false)], form: Form::new() }
                .render()
                .unwrap(),
        ),
    ]
}

fn all(lang: Lang) -> Vec<(&'static str, String)> {
    [doors(lang), inside(lang)].concat()
}

/// A03: what people type is shown, never run; and every text of a page exists in its language.
#[test]
fn every_page_shows_what_was_typed_and_never_runs_it() {
    for (name, html) in all(Lang::Es).into_iter().chain(all(Lang::En)) {
        assert!(!html.contains("<script>alert"), "{name}: {html}");
        assert!(!html.contains(" style=") && !html.contains(" onclick="), "{name} has inline code");
    }
}

/// Every form names where it goes, every field has a label, every page one main heading.
#[test]
fn every_field_has_a_label_and_every_page_one_heading() {
    for (name, html) in all(Lang::Es) {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        for (at, _) in html.match_indices("<input class=\"input") {
            let id = html[at..].split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(html.contains(&format!("<label for=\"{id}\"")), "{name}: {id} has no label");
        }
        for (at, _) in html.match_indices("<form") {
            let tag = html[at..].split('>').next().unwrap();
            assert!(tag.contains("method=\"dialog\"") || tag.contains("action=\"/"), "{name}: {tag}");
        }
    }
}

/// Both languages show the same things under other words.
#[test]
fn the_pages_speak_english_too() {
    for ((name, spanish), (_, english)) in all(Lang::Es).into_iter().zip(all(Lang::En)) {
        assert!(spanish.contains("lang=\"es-AR\"") && english.contains("lang=\"en\""), "{name}");
        assert_eq!(spanish.matches("<form").count(), english.matches("<form").count(), "{name}");
        assert_ne!(spanish, english, "{name}");
    }
}
