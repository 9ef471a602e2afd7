//! The audit trail as pages: who did what, newest first; its figures; and what in it looks like trouble.

mod detections;
mod report;

use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use gondola_store::Permission;
use gondola_store::audit::{EntryRow, Family};

use super::api::EntryParams;
use super::detections::{MARKS_SEEN, unseen};
use super::queries::{self, EntryKey};
use crate::kernel::page::show;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{Access, App, Asked, Caller, Chips, Chrome, Endpoint, LimitGroup, Pages, Problem, Reader};

/// The routes.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let page = |method, path, handler| {
        Endpoint::page(method, path, handler, Access::Needs(Permission::ReadAudit), LimitGroup::General)
    };
    vec![
        page(Method::GET, "/audit", get(list)),
        page(Method::GET, "/audit/report", get(report::show_report)),
        page(Method::GET, "/audit/detections", get(detections::list)),
        Endpoint::page(
            Method::POST,
            "/audit/detections/{id}/seen",
            post(detections::mark_seen),
            Access::Needs(MARKS_SEEN),
            LimitGroup::General,
        ),
    ]
}

/// An entry as the page shows it.
struct Line {
    at: String,
    who: String,
    what: String,
    resource: String,
    reason: String,
    approver: String,
    refused: Option<String>,
    records: Option<String>,
    from: String,
    sealed: bool,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage<'a> {
    chrome: &'a Chrome,
    asked: &'a Asked,
    chips: Chips,
    lines: Vec<Line>,
    pages: Pages,
    filtered: bool,
    /// How many cases of the detectors nobody has seen.
    unseen: i64,
}

/// The filters besides the family.
const FILTERS: [&str; 5] = ["user", "event", "resource", "from", "to"];

async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("audit.title");
    let pager = asked.pager();
    let after = pager.params().after::<EntryKey>()?;
    let given = |name: &str| Some(asked.value(name).trim().to_owned()).filter(|text| !text.is_empty());
    let params = EntryParams {
        family: given("family"),
        event: given("event"),
        user: given("user"),
        resource: given("resource"),
        from: given("from"),
        to: given("to"),
    };
    let filtered = FILTERS.iter().any(|name| given(name).is_some());
    let filter = params.filter(&app)?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadAudit).await?;
    let unseen = unseen(&mut reader).await?;
    let found = queries::entries(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let list = Page::cut(found, LIMIT_DEFAULT, |row| (row.at, row.sequence), |row| line(&chrome, row));
    let here = asked.link("/audit", &["family", "user", "event", "resource", "from", "to"]);
    let page = AuditPage {
        chips: here.chips("family", filter.family.unwrap_or_default(), chrome.t("list.all"), families(&chrome)),
        lines: list.items,
        pages: pager.pages(&here, list.next),
        filtered,
        unseen,
        asked: &asked,
        chrome: &chrome,
    };
    show(&chrome, &page)
}

fn families(chrome: &Chrome) -> Vec<(String, String)> {
    let named = |family: Family| {
        let code = family.code();
        (code.to_owned(), chrome.t(&format!("audit.family_{code}")).to_owned())
    };
    Family::ALL.map(named).into()
}

fn line(chrome: &Chrome, row: EntryRow) -> Line {
    Line {
        at: chrome.instant(&row.at),
        who: who(chrome, &row.actor, &row.actor_name),
        what: what(chrome, &row.event),
        refused: (row.status >= 400).then(|| row.status.to_string()),
        records: (row.records > 1).then(|| crate::kernel::numbers::show_count(row.records)),
        from: row.client_ip,
        sealed: row.position.is_some(),
        resource: row.resource,
        reason: row.reason,
        approver: row.approver,
    }
}

/// What happened, in words where there are some.
fn what(chrome: &Chrome, event: &str) -> String {
    chrome.t_or(&format!("audited.{event}"), event).to_owned()
}

/// Somebody's name as the page shows it.
fn who(chrome: &Chrome, actor: &str, name: &str) -> String {
    match name {
        "" => chrome.t("audit.stranger").to_owned(),
        name if actor.starts_with("system:") => chrome.t_or(&format!("audit.system_{name}"), name).to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::kernel::html::assert_sound;
    use gondola_store::Role;

    fn row(event: &str, actor_name: &str, status: i64) -> EntryRow {
        EntryRow {
            sequence: 7,
            at: 0,
            event: event.to_owned(),
            family: "modify".to_owned(),
            actor: "user:1".to_owned(),
            actor_name: actor_name.to_owned(),
            face: "dashboard".to_owned(),
            resource: "<algo>".to_owned(),
            status,
            records: 1_200,
            client_ip: "192.0.2.7".to_owned(),
            agent: "<script>".to_owned(),
            request_id: "pedido-1".to_owned(),
            class: "internal".to_owned(),
            sensitivity: 30,
            reason: "<i>faltaba".to_owned(),
            approver: "Marta <b>".to_owned(),
            before_digest: None,
            after_digest: None,
            position: None,
            prev_hash: None,
            row_hash: None,
        }
    }

    #[test]
    fn the_page_is_sound_and_says_what_happened() {
        for (lang, said) in [(Lang::Es, "Registró un movimiento"), (Lang::En, "Recorded a movement")] {
            let chrome = Chrome::sample(lang, Some(Role::Admin), "/audit").titled("audit.title");
            let asked = Asked::default();
            let here = asked.link("/audit", &[]);
            let lines =
                [row("stock.post_movement", "Marta", 200), row("http.refused", "", 403), row("x.y", "<b>", 200)];
            let page = AuditPage {
                chips: here.chips("family", "", chrome.t("list.all"), families(&chrome)),
                lines: lines.into_iter().map(|row| line(&chrome, row)).collect(),
                pages: asked.pager().pages(&here, None),
                filtered: true,
                unseen: 2,
                asked: &asked,
                chrome: &chrome,
            };
            let html = page.render().unwrap();
            assert_sound("audit", &html);
            assert!(html.contains(said) && html.contains("x.y"), "{html}");
        }
    }
}
