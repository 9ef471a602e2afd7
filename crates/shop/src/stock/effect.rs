//! What a movement dated in the past would change, told before it is recorded: nothing here writes,
//! and whether it may be recorded is the ledger's to say.

use std::collections::BTreeSet;

use gondola_ledger::{Qty, Unit};
use gondola_store::both;

use super::lookup::{factor, packs};
use super::movement::{Movement, ProductRef};
use super::places::Places;
use super::queries::standing;
use super::sql;
use crate::kernel::{Problem, Reader};

/// What a movement dated in the past would change.
#[derive(Debug, Clone)]
pub struct PastEffect {
    /// The product's name.
    pub name: String,
    /// The product's unit.
    pub unit: Unit,
    /// Each real place it touches.
    pub places: Vec<PlaceEffect>,
}

/// What a movement dated in the past would change at one place; all but `change` without it.
#[derive(Debug, Clone)]
pub struct PlaceEffect {
    /// The place's name.
    pub name: String,
    /// What the movement adds or takes.
    pub change: Qty,
    /// What was there at its moment.
    pub then: Qty,
    /// The least there has been since.
    pub lowest: Qty,
    /// What is there now.
    pub now: Qty,
}

/// What a movement at `at` would change; none when nothing happened to the product since, or when
/// its words mean nothing here and the command will say so.
///
/// # Errors
/// 503 or 500.
pub async fn effect(reader: &mut Reader, movement: &Movement, at: i64) -> Result<Option<PastEffect>, Problem> {
    let ProductRef::Sku(sku) = &movement.product else { return Ok(None) };
    let Some(standing) = standing(reader, sku).await? else { return Ok(None) };
    if standing.last_occurred_at.is_none_or(|last| last <= at) {
        return Ok(None);
    }
    let own = reader.location();
    let mut tx = reader.tx();
    let packs = packs(&mut tx, &BTreeSet::from([standing.id])).await?;
    let base = match factor(standing.unit, movement.unit.as_deref(), packs.get(&standing.id)) {
        Ok(None) => Some(movement.quantity),
        Ok(Some(factor)) => factor.apply(movement.quantity).ok(),
        Err(_) => None,
    };
    let Some(base) = base else { return Ok(None) };
    let places = Places::load(&mut tx).await?;
    let sides = [(&movement.from, base.checked_neg()), (&movement.to, Some(base))];
    let mut effects = Vec::new();
    for (code, change) in sides {
        let place = code.as_deref().and_then(|code| places.by_code(code));
        let (Some(place), Some(change)) = (place, change) else { continue };
        if own.is_some_and(|own| own != place.id) {
            continue;
        }
        let holding = standing.locations.iter().find(|holding| holding.location == place.code);
        let now = holding.map_or(Qty::ZERO, |holding| holding.on_hand);
        let (later, lowest): (i64, i64) = both!(&mut tx, c, text => sqlx::query_as(text(sql::LATER_AT_PLACE))
            .bind(standing.id).bind(place.id).bind(at).fetch_one(c).await?);
        let then = now.checked_sub(Qty::new(later)).unwrap_or(Qty::ZERO);
        let lowest = then.checked_add(Qty::new(lowest.min(0))).unwrap_or(then);
        effects.push(PlaceEffect { name: place.name.clone(), change, then, lowest, now });
    }
    Ok(Some(PastEffect { name: standing.name, unit: standing.unit, places: effects }))
}
