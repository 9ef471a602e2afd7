//! Transfers: what is on the road on top, then what arrived or came back, newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_ledger::TransferState;
use gondola_store::Permission;

use super::super::queries::{self, Transfer, TransferFilter, TransferKey};
use super::rows::TransferRow;
use crate::kernel::page::show;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Pages, Problem, Reader};
use crate::stock::Places;

#[derive(Template)]
#[template(path = "transfers.html")]
pub(super) struct TransfersPage<'a> {
    pub chrome: &'a Chrome,
    pub chips: Chips,
    /// What is on the road, on the first page of all.
    pub on_the_road: Vec<TransferRow>,
    pub rows: Vec<TransferRow>,
    pub pages: Pages,
    pub may_move: bool,
}

/// `GET /transfers`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("transfer.title");
    let pager = asked.pager();
    let after = pager.params().after::<TransferKey>()?;
    let state = TransferState::from_code(asked.value("state")).map(TransferState::code);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let row = |transfer: Transfer| TransferRow::of(&chrome, &transfer, &places);
    let open = TransferFilter { state: Some(TransferState::Sent.code()), ..TransferFilter::default() };
    let on_the_road = match (state, after) {
        (None, None) => queries::transfers(&mut reader, &open, None, LIMIT_DEFAULT).await?,
        _ => Vec::new(),
    };
    let filter = TransferFilter { state, only_ended: state.is_none(), ..TransferFilter::default() };
    let found = queries::transfers(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let list = Page::cut(found, LIMIT_DEFAULT, |transfer| (transfer.sent_at, transfer.id), row);
    let here = asked.link("/transfers", &["state"]);
    let page = TransfersPage {
        chips: here.chips("state", state.unwrap_or_default(), chrome.t("list.all"), states(&chrome)),
        on_the_road: on_the_road.into_iter().map(row).collect(),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        may_move: chrome.may(Permission::MoveStock),
        chrome: &chrome,
    };
    show(&chrome, &page)
}

/// The states to filter by.
fn states(chrome: &Chrome) -> Vec<(String, String)> {
    let named = |state: TransferState| {
        let code = state.code();
        (code.to_owned(), chrome.t(&format!("transfer.states_{code}")).to_owned())
    };
    TransferState::ALL.map(named).into()
}
