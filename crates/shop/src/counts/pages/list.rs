//! Counts: the open ones on top, then those that ended, newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_store::Permission;

use super::super::queries::{self, Count, CountFilter, CountKey};
use super::super::refusal::CountState;
use super::rows::CountRow;
use crate::kernel::page::show;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Pages, Problem, Reader};
use crate::stock::Places;

#[derive(Template)]
#[template(path = "counts.html")]
pub(super) struct CountsPage<'a> {
    pub chrome: &'a Chrome,
    pub chips: Chips,
    /// The open ones, on the first page of all.
    pub open: Vec<CountRow>,
    pub rows: Vec<CountRow>,
    pub pages: Pages,
    pub may_count: bool,
}

/// `GET /counts`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("count.title");
    let pager = asked.pager();
    let after = pager.params().after::<CountKey>()?;
    let state = CountState::from_code(asked.value("state")).map(CountState::code);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let row = |count: Count| CountRow::of(&chrome, &count, &places);
    let still_open = CountFilter { state: Some(CountState::Open.code()), ..CountFilter::default() };
    let open = match (state, after) {
        (None, None) => queries::counts(&mut reader, &still_open, None, LIMIT_DEFAULT).await?,
        _ => Vec::new(),
    };
    let filter = CountFilter { state, only_ended: state.is_none(), ..CountFilter::default() };
    let found = queries::counts(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let list = Page::cut(found, LIMIT_DEFAULT, |count| (count.opened_at, count.id), row);
    let here = asked.link("/counts", &["state"]);
    let named = |state: CountState| {
        let code = state.code();
        (code.to_owned(), chrome.t(&format!("count.states_{code}")).to_owned())
    };
    let page = CountsPage {
        chips: here.chips("state", state.unwrap_or_default(), chrome.t("list.all"), CountState::ALL.map(named)),
        open: open.into_iter().map(row).collect(),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        may_count: chrome.may(Permission::Count),
        chrome: &chrome,
    };
    show(&chrome, &page)
}
