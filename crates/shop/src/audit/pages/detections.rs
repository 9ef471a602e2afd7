//! What the detectors found, as a page: the cases that nobody has seen on top of each other, each with the rule it broke
//! and a field for what was found out; and those that somebody has seen.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::detections::SeenBody;
use super::super::detections::{self, Detection, DetectionFilter, DetectionKey, MARKS_SEEN};
use super::who;
use crate::kernel::numbers::show_count;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Flash, Form, Link, Pages, Problem, Reader};

/// A case as the page shows it.
struct Row {
    id: Uuid,
    what: String,
    rule: String,
    kind: &'static str,
    severity: String,
    who: String,
    about: String,
    count: String,
    when: String,
    seen: Option<String>,
    note: String,
    entries: String,
}

#[derive(Template)]
#[template(path = "detections.html")]
struct DetectionsPage<'a> {
    chrome: &'a Chrome,
    form: Form,
    chips: Chips,
    rows: Vec<Row>,
    pages: Pages,
    /// Whether who looks may mark a case as seen.
    may_mark: bool,
}

impl DetectionsPage<'_> {
    fn messages(&self) -> Vec<(String, String)> {
        self.form.named_messages(&self.chrome.lang, &[("note", self.chrome.t("detection.note"))])
    }
}

/// `GET /audit/detections`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, &asked, Form::new(), StatusCode::OK).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    asked: &Asked,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("detection.title");
    let pager = asked.pager();
    let after = pager.params().after::<DetectionKey>()?;
    let seen = if asked.value("seen") == "yes" { "yes" } else { "no" };
    let filter = DetectionFilter { seen: Some(seen), ..DetectionFilter::default() };
    let mut reader = Reader::open(app, actor, Permission::ReadAudit).await?;
    let found = detections::detections(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let list = Page::cut(found, LIMIT_DEFAULT, |found| (found.found_at, found.id), |found| row(&chrome, found));
    let here = asked.link("/audit/detections", &["seen"]);
    let page = DetectionsPage {
        chips: chips(&chrome, &here, seen),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        form,
        may_mark: chrome.may(MARKS_SEEN),
        chrome: &chrome,
    };
    show_as(status, &chrome, &page)
}

fn chips(chrome: &Chrome, here: &Link, seen: &str) -> Chips {
    let chip = |value: &str, way: &str, key: &str| {
        (here.clone().with("seen", way).href(), chrome.t(key).to_owned(), value == seen)
    };
    vec![chip("no", "", "detection.open"), chip("yes", "yes", "detection.done")]
}

fn row(chrome: &Chrome, found: Detection) -> Row {
    let text = |key: String| chrome.t(&key).to_owned();
    let name = if found.subject_name.is_empty() { &found.subject } else { &found.subject_name };
    let entries = if found.subject.contains(':') { "user" } else { "resource" };
    Row {
        id: found.id,
        what: text(format!("detection.detector_{}", found.detector)),
        rule: text(format!("detection.rule_{}", found.detector)),
        kind: if found.severity == "medium" { "warn" } else { "bad" },
        severity: text(format!("detection.severity_{}", found.severity)),
        who: who(chrome, &found.subject, name),
        count: chrome.tv("detection.how_many", show_count(found.count)),
        when: format!("{} – {}", chrome.instant(&found.first_at), chrome.instant(&found.last_at)),
        seen: found.seen_by.map(|name| chrome.tv("detection.seen_by", name)),
        note: found.note.unwrap_or_default(),
        entries: Link::to("/audit").with(entries, &found.subject).href(),
        about: found.about,
    }
}

/// `POST /audit/detections/{id}/seen`.
pub async fn mark_seen(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = form.key(&format!("POST /audit/detections/{id}/seen"))?;
    let done = match (SeenBody { note: form.given("note") }).parse(id) {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(go_saying(&app, "/audit/detections", &Flash::says("detection.marked", ""))),
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(problem),
        Err(problem) => {
            let (form, asked) = (form.refused(problem)?, Asked::default());
            page(&app, chrome, &actor, &asked, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::kernel::html::assert_sound;
    use gondola_store::Role;

    fn found(seen_by: Option<&str>) -> Detection {
        Detection {
            id: Uuid::from_u128(7),
            detector: "brute_force".to_owned(),
            severity: "critical".to_owned(),
            subject: "<marta>".to_owned(),
            subject_name: String::new(),
            about: "192.0.2.7".to_owned(),
            first_at: 0,
            last_at: 1,
            count: 1_200,
            found_at: 2,
            seen_at: seen_by.map(|_| 3),
            seen_by: seen_by.map(str::to_owned),
            note: seen_by.map(|_| "Era <ella>".to_owned()),
        }
    }

    #[test]
    fn the_page_is_sound_and_says_the_rule() {
        for (lang, rule) in [(Lang::Es, "5 o más entradas fallidas"), (Lang::En, "5 or more failed log-ins")] {
            let chrome = Chrome::sample(lang, Some(Role::Admin), "/audit").titled("detection.title");
            let here = Asked::default().link("/audit/detections", &[]);
            for rows in [vec![found(None), Detection { id: Uuid::from_u128(8), ..found(Some("Ana")) }], Vec::new()] {
                let empty = rows.is_empty();
                let page = DetectionsPage {
                    chips: chips(&chrome, &here, "no"),
                    rows: rows.into_iter().map(|found| row(&chrome, found)).collect(),
                    pages: Asked::default().pager().pages(&here, None),
                    may_mark: true,
                    form: Form::new(),
                    chrome: &chrome,
                };
                let html = page.render().unwrap();
                assert_sound("detections", &html);
                assert!(empty || html.contains(rule) && html.contains("1.200") && !html.contains("<marta>"), "{html}");
            }
        }
    }
}
