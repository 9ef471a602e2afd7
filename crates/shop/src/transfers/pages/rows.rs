//! How transfers look in a page: everything already written out in the reader's language and the
//! shop's format. Templates print these and decide nothing.

use gondola_ledger::{Qty, TransferState, Unit};
use gondola_store::Permission;
use uuid::Uuid;

use super::super::queries::{CarriedLine, Transfer};
use crate::kernel::Chrome;
use crate::kernel::numbers::{show_amount, show_count};
use crate::stock::{Places, lot_name, product_href};

/// A transfer in a list.
#[derive(Debug, Clone)]
pub(super) struct TransferRow {
    pub href: String,
    /// Names of the places it left and goes to.
    pub from: String,
    pub to: String,
    /// The state in words and how it is marked.
    pub state: String,
    pub kind: &'static str,
    /// How many products, in words.
    pub products: String,
    /// How many arrived with a difference, in words.
    pub claim: Option<String>,
    pub reason: String,
    pub document: Option<String>,
    pub sent_at: String,
    pub sent_by: String,
    pub closed_at: Option<String>,
    pub closed_by: Option<String>,
    pub closing_reason: Option<String>,
    /// Whether who looks may take over what arrived, or take it back.
    pub may_receive: bool,
    pub may_cancel: bool,
}

impl TransferRow {
    pub fn of(chrome: &Chrome, transfer: &Transfer, places: &Places) -> Self {
        let on_the_road = transfer.state == TransferState::Sent.code();
        let at = |place| chrome.actor.location.is_none_or(|own| own == place);
        let may = on_the_road && chrome.may(Permission::MoveStock);
        Self {
            href: format!("/transfers/{}", transfer.id),
            from: places.name(transfer.from_location_id),
            to: places.name(transfer.to_location_id),
            state: chrome.t(&format!("transfer.state_{}", transfer.state)).to_owned(),
            kind: match (on_the_road, transfer.differences) {
                (true, _) => "info",
                (_, 1..) => "warn",
                _ if transfer.state == TransferState::Received.code() => "good",
                _ => "",
            },
            products: how_many(chrome, transfer.lines),
            claim: (transfer.differences > 0).then(|| differences(chrome, transfer.differences)),
            reason: transfer.reason.clone(),
            document: transfer.document.clone(),
            sent_at: chrome.instant(&transfer.sent_at),
            sent_by: transfer.actor_name.clone(),
            closed_at: transfer.closed_at.map(|at| chrome.instant(&at)),
            closed_by: transfer.closed_by.clone(),
            closing_reason: transfer.closing_reason.clone(),
            may_receive: may && at(transfer.to_location_id),
            may_cancel: may && at(transfer.from_location_id),
        }
    }
}

/// `1 producto`, `12 productos`.
pub(super) fn how_many(chrome: &Chrome, lines: i64) -> String {
    match lines {
        1 => chrome.t("transfer.one_product").to_owned(),
        _ => chrome.tv("transfer.products", show_count(lines)),
    }
}

/// `1 diferencia`, `3 diferencias`.
pub(super) fn differences(chrome: &Chrome, lines: i64) -> String {
    match lines {
        1 => chrome.t("transfer.one_difference").to_owned(),
        _ => chrome.tv("transfer.differences", show_count(lines)),
    }
}

/// A line of a transfer.
#[derive(Debug, Clone)]
pub(super) struct LineRow {
    pub sku: String,
    pub href: String,
    pub name: String,
    pub unit: &'static str,
    /// How much left; none for who has to count it blind.
    pub sent: Option<String>,
    pub received: Option<String>,
    /// Received minus sent, with its sign, when they differ.
    pub difference: Option<String>,
    /// `in` when there was more, `out` when some is missing.
    pub sign: &'static str,
    /// The lots that have a code or a date.
    pub lots: Vec<String>,
    /// The movement by which it left.
    pub movement: Uuid,
}

impl LineRow {
    pub fn of(chrome: &Chrome, line: &CarriedLine) -> Self {
        let unit = Unit::from_code(&line.unit).unwrap_or(Unit::Kg);
        let amount = |quantity: i64| show_amount(Qty::new(quantity), unit);
        let difference = line.sent.zip(line.received).map(|(sent, received)| received - sent).unwrap_or_default();
        let plus = if difference > 0 { "+" } else { "" };
        let lots = line.lots.iter().map(|lot| lot_name(chrome, &lot.code, lot.expires_on));
        Self {
            sku: line.sku.clone(),
            href: product_href(&line.sku),
            name: line.name.clone(),
            unit: unit.code(),
            sent: line.sent.map(amount),
            received: line.received.map(amount),
            difference: (difference != 0).then(|| format!("{plus}{}", amount(difference))),
            sign: if difference > 0 { "in" } else { "out" },
            lots: lots.filter(|lot| !lot.is_empty()).collect(),
            movement: line.movement_id,
        }
    }
}
