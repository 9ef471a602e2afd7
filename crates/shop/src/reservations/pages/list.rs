//! Reservations: those that hold, the first to end on top; and those that ended, newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_ledger::ReservationState;
use gondola_store::Permission;

use super::super::queries::{self, Reservation, ReservationFilter, ReservationKey};
use super::rows::ReservationRow;
use crate::kernel::page::show;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Pages, Problem, Reader};
use crate::stock::Places;

#[derive(Template)]
#[template(path = "reservations.html")]
pub(super) struct ReservationsPage<'a> {
    pub chrome: &'a Chrome,
    pub chips: Chips,
    pub rows: Vec<ReservationRow>,
    pub pages: Pages,
    pub may_reserve: bool,
}

/// `GET /reservations`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("reservation.title");
    let pager = asked.pager();
    let after = pager.params().after::<ReservationKey>()?;
    let state = ReservationState::from_code(asked.value("state")).unwrap_or(ReservationState::Pending);
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let now = reader.now();
    let row = |found: Reservation| ReservationRow::of(&chrome, &found, &places, now);
    let list = match state {
        ReservationState::Pending => {
            let found = queries::ending(&mut reader, after, LIMIT_DEFAULT).await?;
            Page::cut(found, LIMIT_DEFAULT, |found| (found.expires_at, found.id), row)
        }
        ended => {
            let filter = ReservationFilter { state: Some(ended.code()), ..ReservationFilter::default() };
            let found = queries::reservations(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
            Page::cut(found, LIMIT_DEFAULT, |found| (found.created_at, found.id), row)
        }
    };
    let here = asked.link("/reservations", &["state"]);
    let chip = |each: ReservationState| {
        let (code, name) = (each.code(), chrome.t(&format!("reservation.states_{}", each.code())).to_owned());
        (here.clone().with("state", code).href(), name, each == state)
    };
    let page = ReservationsPage {
        chips: ReservationState::ALL.map(chip).into(),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        may_reserve: chrome.may(Permission::Reserve),
        chrome: &chrome,
    };
    show(&chrome, &page)
}
