//! The feature's pages: stock by place, lots by their date, the journal, one movement with its undo,
//! and the form that records one. What moves stock is decided by the same commands and refused in
//! the same words as over the API; here are only texts in and out.

mod confirm;
mod journal;
mod lots;
mod record;
mod rows;
mod shelves;
mod typed;
mod what;

#[cfg(test)]
mod samples;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_ledger::{Factor, LocationKind, Unit};
use gondola_store::Permission;

use super::api::MOVES;
use super::places::Places;
use super::queries::{self, MovementFilter, Standing};
use crate::kernel::{Access, App, Chrome, Endpoint, LimitGroup, Problem, Reader};

pub(crate) use journal::{kinds, movement_page};
pub use rows::{ChangeRow, DayRows, LotRow, MovementRow, PlaceRow, ProductRow, lot_name, product_href};
pub use typed::{LINES_MAX, QuantityField, TypedLine, line_field, line_messages, line_problem, renumbered};

/// Lots shown on a product's card.
const LOTS_SHOWN_MAX: i64 = 50;

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::{General, LedgerWrites};
    let read = Access::Needs(Permission::ReadStock);
    let moves = Access::NeedsOneOf(MOVES);
    let adjust = Access::Needs(Permission::Adjust);
    vec![
        Endpoint::page(Method::GET, "/stock", get(shelves::list), read, General),
        Endpoint::page(Method::GET, "/stock/lots", get(lots::list), read, General),
        Endpoint::page(Method::GET, "/stock/movements", get(journal::list), read, General),
        Endpoint::page(Method::GET, "/stock/movements/new", get(record::new), moves, General),
        Endpoint::page(Method::POST, "/stock/movements", post(record::record), moves, LedgerWrites),
        Endpoint::page(Method::GET, "/stock/movements/{id}", get(journal::show), read, General),
        Endpoint::page(Method::POST, "/stock/movements/{id}/reverse", post(journal::reverse), adjust, LedgerWrites),
    ]
}

/// A place to choose: code and name.
pub type Choice = (String, String);

/// The places people name: they hold stock, are in use, and are not the road between two places.
/// With `own`, only the reader's place, when the reader has one.
///
/// # Errors
/// 503 or 500.
pub async fn place_choices(reader: &mut Reader, own: Option<uuid::Uuid>) -> Result<Vec<Choice>, Problem> {
    let places = Places::load(&mut reader.tx()).await?;
    let named = places.all().iter().filter(|place| {
        let holds = matches!(place.kind, LocationKind::Stock | LocationKind::Quarantine);
        holds && place.active && own.is_none_or(|own| own == place.id)
    });
    Ok(named.map(|place| (place.code.clone(), place.name.clone())).collect())
}

/// The units a product's quantity may be given in: its own, the smaller ones that convert, its packs.
///
/// # Errors
/// 503 or 500.
pub async fn unit_choices(reader: &mut Reader, product: &Standing) -> Result<Vec<Choice>, Problem> {
    let own = product.unit;
    let others = [Unit::G, Unit::Ml].into_iter().filter(|unit| *unit != own && Factor::between(*unit, own).is_some());
    let plain = std::iter::once(own).chain(others).map(|unit| (unit.code().to_owned(), unit.code().to_owned()));
    let packs = queries::packs(reader, product.id).await?;
    Ok(plain.chain(packs.into_iter().map(|name| (name.clone(), name))).collect())
}

/// A product's lots with stock, first expiring first.
///
/// # Errors
/// 503 or 500.
pub async fn lot_rows(app: &App, chrome: &Chrome, reader: &mut Reader, sku: &str) -> Result<Vec<LotRow>, Problem> {
    let today = app.db.day_of(reader.now());
    let (found, places) = queries::lots(reader, Some(sku), None, None, None, LOTS_SHOWN_MAX).await?;
    Ok(found.iter().map(|lot| LotRow::of(chrome, lot, &places, today)).collect())
}

/// The latest movements since an instant, newest first, under their days.
///
/// # Errors
/// 503 or 500.
pub async fn latest(
    app: &App,
    chrome: &Chrome,
    reader: &mut Reader,
    since: i64,
    limit: i64,
) -> Result<Vec<MovementRow>, Problem> {
    let filter = MovementFilter { from: Some(since), ..MovementFilter::default() };
    let cost = reader.sees_cost();
    let list = queries::movements(reader, &filter, None, limit).await?;
    Ok(rows::movement_rows(app, chrome, list, cost))
}
