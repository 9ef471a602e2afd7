//! Law: **nothing leaves that is not there, unless the rule of the place says so.** What the shop decides to send away must
//! also be free of promises; what was lost, eaten or counted happened, promised or not.

use crate::flag::Flag;
use crate::pick::Pick;
use crate::policy::Overdraw;
use crate::post::SideState;
use crate::qty::Qty;
use crate::refusal::Refusal;

/// Goods about to leave a real place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exit<'a> {
    /// The place, before.
    pub side: &'a SideState,
    /// How much leaves in all.
    pub quantity: Qty,
    /// The lots that were named, with their part; empty when FEFO chooses.
    pub named: &'a [Pick],
    /// Is it a fact that already happened, whatever was promised?
    pub may_take_reserved: bool,
}

/// Refuses, or tells what must be looked at.
pub(crate) fn check_exit(exit: Exit<'_>) -> Result<Vec<Flag>, Refusal> {
    match exit.side.overdraw {
        Overdraw::Refuse => refuse(exit).map(|()| Vec::new()),
        Overdraw::AllowAndFlag => flags(exit),
        Overdraw::Allow => Ok(Vec::new()),
    }
}

fn refuse(exit: Exit<'_>) -> Result<(), Refusal> {
    let Exit { side, quantity: requested, .. } = exit;
    let location = side.location;
    let on_hand = side.on_hand().ok_or(Refusal::Overflow)?;
    let available = on_hand.checked_sub(side.reserved).ok_or(Refusal::Overflow)?;
    let limit = if exit.may_take_reserved { on_hand } else { available };
    if requested > limit {
        return Err(Refusal::InsufficientStock { location, on_hand, available, requested });
    }
    for pick in exit.named {
        let on_hand = side.of_lot(pick.lot).ok_or(Refusal::Overflow)?;
        if pick.quantity > on_hand {
            return Err(Refusal::LotInsufficient { location, lot: pick.lot, on_hand, requested: pick.quantity });
        }
    }
    match side.lowest_later {
        Some(lowest) if requested > lowest => Err(Refusal::BackdatedWouldGoNegative { location, lowest, requested }),
        _ => Ok(()),
    }
}

fn flags(exit: Exit<'_>) -> Result<Vec<Flag>, Refusal> {
    let Exit { side, quantity, .. } = exit;
    let on_hand = side.on_hand().ok_or(Refusal::Overflow)?;
    let available = on_hand.checked_sub(side.reserved).ok_or(Refusal::Overflow)?;
    let mut flags = Vec::new();
    if quantity > on_hand {
        flags.push(Flag::NegativeStock);
    }
    for pick in exit.named {
        let held = side.of_lot(pick.lot).ok_or(Refusal::Overflow)?;
        if pick.quantity > held && quantity <= on_hand && !flags.contains(&Flag::NegativeLot) {
            flags.push(Flag::NegativeLot);
        }
    }
    if side.lowest_later.is_some_and(|lowest| quantity > lowest) {
        flags.push(Flag::NegativeHistory);
    }
    if !exit.may_take_reserved && side.reserved.is_positive() && quantity > available {
        flags.push(Flag::ReservedTaken);
    }
    Ok(flags)
}
