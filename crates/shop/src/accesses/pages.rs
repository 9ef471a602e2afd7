//! The log of accesses as a page: who opened protected data, newest first.

use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use gondola_store::Permission;
use gondola_store::protect::Operation;

use super::api::AccessParams;
use super::queries::{self, AccessKey, AccessRow};
use crate::PROTECTED;
use crate::kernel::page::show;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{Access, App, Asked, Caller, Chips, Chrome, Endpoint, LimitGroup, Pages, Problem, Reader};

const PATH: &str = "/audit/accesses";

/// The route.
pub(super) fn endpoint() -> Endpoint {
    let access = Access::Needs(Permission::ReadAudit);
    Endpoint::page(Method::GET, PATH, get(list), access, LimitGroup::General)
}

/// An access as the page shows it.
struct Line {
    at: String,
    who: String,
    what: String,
    column: String,
    records: Option<String>,
    purpose: String,
    denied: Option<String>,
    from: String,
    sealed: bool,
}

#[derive(Template)]
#[template(path = "accesses.html")]
struct AccessesPage<'a> {
    chrome: &'a Chrome,
    asked: &'a Asked,
    chips: Chips,
    columns: Vec<(String, String)>,
    lines: Vec<Line>,
    pages: Pages,
    filtered: bool,
}

/// The filters besides the operation.
const FILTERS: [&str; 5] = ["column", "record", "user", "from", "to"];

async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("access.title");
    let pager = asked.pager();
    let after = pager.params().after::<AccessKey>()?;
    let given = |name: &str| Some(asked.value(name).trim().to_owned()).filter(|text| !text.is_empty());
    let params = AccessParams {
        column: given("column"),
        record: given("record"),
        user: given("user"),
        operation: given("operation"),
        from: given("from"),
        to: given("to"),
    };
    let mut reader = Reader::open(&app, &actor, Permission::ReadAudit).await?;
    let rows = match params.filter(&app, &mut reader).await? {
        Some(filter) => queries::accesses(&mut reader, &filter, after, LIMIT_DEFAULT).await?,
        None => Vec::new(),
    };
    let list = Page::cut(rows, LIMIT_DEFAULT, |row| (row.accessed_at, row.id), |row| line(&chrome, row));
    let here = asked.link(PATH, &["operation", "column", "record", "user", "from", "to"]);
    let page = AccessesPage {
        chips: here.chips("operation", asked.value("operation"), chrome.t("list.all"), operations(&chrome)),
        columns: PROTECTED.iter().map(|name| (name.to_string(), column(&chrome, &name.to_string()))).collect(),
        lines: list.items,
        pages: pager.pages(&here, list.next),
        filtered: FILTERS.iter().any(|name| given(name).is_some()),
        asked: &asked,
        chrome: &chrome,
    };
    show(&chrome, &page)
}

fn operations(chrome: &Chrome) -> Vec<(String, String)> {
    let named = |operation: Operation| (operation.code().to_owned(), told(chrome, operation.code()));
    Operation::ALL.map(named).into()
}

fn told(chrome: &Chrome, operation: &str) -> String {
    chrome.t(&format!("access.operation_{}", operation.to_ascii_lowercase())).to_owned()
}

fn column(chrome: &Chrome, name: &str) -> String {
    chrome.t(&format!("access.column_{name}")).to_owned()
}

fn line(chrome: &Chrome, row: AccessRow) -> Line {
    Line {
        at: chrome.instant(&row.accessed_at),
        who: match row.actor_type.as_str() {
            "system" => chrome.t_or(&format!("audit.system_{}", row.actor_id), &row.actor_id).to_owned(),
            "anonymous" => chrome.t("audit.stranger").to_owned(),
            _ => row.actor_name.clone(),
        },
        what: told(chrome, &row.operation),
        column: column(chrome, &format!("{}.{}", row.table_name, row.column_name)),
        records: (row.record_count > 1).then(|| crate::kernel::numbers::show_count(row.record_count)),
        purpose: chrome.t_or(&format!("audited.{}", row.purpose), &row.purpose).to_owned(),
        denied: (row.outcome == "denied").then(|| chrome.t(&format!("access.error_{}", row.error_code)).to_owned()),
        from: row.client_ip,
        sealed: row.position.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::kernel::html::assert_sound;
    use gondola_store::Role;

    fn row(operation: Operation, error: &str) -> AccessRow {
        AccessRow {
            id: 7,
            accessed_at: 0,
            actor_type: "user".to_owned(),
            actor_id: "1".to_owned(),
            face: "dashboard".to_owned(),
            operation: operation.code().to_owned(),
            table_name: "products".to_owned(),
            column_name: "acquisition_cost".to_owned(),
            record_ids: "[]".to_owned(),
            record_count: 1_200,
            purpose: "catalogue.list_products".to_owned(),
            outcome: if error.is_empty() { "allowed" } else { "denied" }.to_owned(),
            error_code: error.to_owned(),
            key_id: None,
            request_id: "pedido-1".to_owned(),
            client_ip: "192.0.2.7".to_owned(),
            position: None,
            actor_name: "<script>".to_owned(),
        }
    }

    #[test]
    fn the_page_is_sound_and_says_who_opened_what() {
        for (lang, said) in [(Lang::Es, "Costo de compra"), (Lang::En, "Purchase cost")] {
            let chrome = Chrome::sample(lang, Some(Role::Admin), PATH).titled("access.title");
            let rows = [row(Operation::Decrypt, ""), row(Operation::Denied, "bad_tag")];
            for lines in [Vec::new(), rows.map(|row| line(&chrome, row)).into()] {
                let full = !lines.is_empty();
                let page = AccessesPage {
                    chrome: &chrome,
                    asked: &Asked::default(),
                    chips: Chips::default(),
                    columns: PROTECTED
                        .iter()
                        .map(|name| (name.to_string(), column(&chrome, &name.to_string())))
                        .collect(),
                    lines,
                    pages: Pages::default(),
                    filtered: full,
                };
                let text = page.render().expect("the page is drawn");
                assert_sound("accesses.html", &text);
                assert!(text.contains(said) && !text.contains("<script>") && !text.contains("access."), "{text}");
            }
        }
    }
}
