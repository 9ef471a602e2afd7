//! A movement dated before the product's last one changes what the books say about the past. Its
//! effect is shown first and recorded only after a second yes (`catalogue-and-stock.md`, The ledger).

use askama::Template;
use axum::response::Response;
use gondola_ledger::{Qty, Unit};
use gondola_store::{Actor, Permission};

use super::super::effect::{self, PlaceEffect};
use super::super::movement::Movement;
use super::what::What;
use crate::kernel::numbers::show_quantity;
use crate::kernel::page::show;
use crate::kernel::time::show_instant;
use crate::kernel::{App, Chrome, Form, Problem, Reader};

/// The fields that travel through the page.
const CARRIED: [&str; 15] = [
    "kind",
    "product",
    "quantity",
    "unit",
    "from",
    "to",
    "lot",
    "lot.code",
    "lot.expires_on",
    "unit_cost",
    "reason",
    "reason_choice",
    "document",
    "occurred_at",
    "again",
];

/// What a backdated movement would change.
pub(super) struct Effect {
    pub name: String,
    pub at: String,
    pub places: Vec<EffectRow>,
}

/// What it would change at one place.
pub(super) struct EffectRow {
    pub place: String,
    pub then_before: String,
    pub then_after: String,
    pub lowest: String,
    pub now_before: String,
    pub now_after: String,
    /// Whether the place would have been below zero at some moment.
    pub below_zero: bool,
}

#[derive(Template)]
#[template(path = "record_confirm.html")]
pub(super) struct ConfirmPage<'a> {
    pub chrome: &'a Chrome,
    pub what: String,
    pub effect: Effect,
    /// The form as it came: name and text.
    pub carried: Vec<(&'static str, String)>,
}

/// What the movement would change, when it is dated before the product's last one. A movement that
/// cannot be judged here goes on to the command, which refuses it with its own words.
pub(super) async fn effect(app: &App, actor: &Actor, movement: &Movement) -> Result<Option<Effect>, Problem> {
    let Some(at) = movement.occurred_at else { return Ok(None) };
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let Some(found) = effect::effect(&mut reader, movement, at).await? else { return Ok(None) };
    let unit = found.unit;
    Ok(Some(Effect {
        name: found.name,
        at: show_instant(at, &app.zone),
        places: found.places.iter().map(|place| effect_row(place, unit)).collect(),
    }))
}

fn effect_row(place: &PlaceEffect, unit: Unit) -> EffectRow {
    let with = |quantity: Qty| quantity.checked_add(place.change).unwrap_or(quantity);
    let lowest = with(place.lowest);
    EffectRow {
        place: place.name.clone(),
        then_before: show_quantity(place.then, unit),
        then_after: show_quantity(with(place.then), unit),
        lowest: show_quantity(lowest, unit),
        now_before: show_quantity(place.now, unit),
        now_after: show_quantity(with(place.now), unit),
        below_zero: lowest.is_negative(),
    }
}

/// The effect, and the second yes.
pub(super) fn page(chrome: &Chrome, form: &Form, what: What, effect: Effect) -> Result<Response, Problem> {
    let carried = CARRIED.iter().map(|name| (*name, form.value(name).to_owned()));
    let page = ConfirmPage {
        chrome,
        what: what.name(chrome),
        effect,
        carried: carried.filter(|(_, text)| !text.is_empty()).collect(),
    };
    show(chrome, &page)
}
