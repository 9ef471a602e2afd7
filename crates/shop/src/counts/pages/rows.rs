//! How counts look in a page: everything already written out in the reader's language and the shop's
//! format. Templates print these and decide nothing.

use gondola_ledger::{Qty, Unit};
use gondola_store::Permission;
use uuid::Uuid;

use super::super::progress::Progress;
use super::super::queries::{Count, CountedLine};
use super::super::refusal::CountState;
use crate::kernel::Chrome;
use crate::kernel::numbers::{show_amount, show_count, show_money};
use crate::stock::{Places, lot_name, product_href};

/// A count in a list.
#[derive(Debug, Clone)]
pub(super) struct CountRow {
    pub href: String,
    /// Place and what is counted there.
    pub what: String,
    pub state: String,
    pub kind: &'static str,
    pub is_open: bool,
    /// How many were counted, in words; and how many must be again.
    pub counted: String,
    pub recount: Option<String>,
    pub reason: String,
    pub opened_at: String,
    pub opened_by: String,
    pub closed_at: Option<String>,
    pub closed_by: Option<String>,
    pub closing_reason: Option<String>,
    /// Whether who looks may count.
    pub may_count: bool,
}

impl CountRow {
    pub fn of(chrome: &Chrome, count: &Count, places: &Places) -> Self {
        let is_open = count.state == CountState::Open.code();
        let scope = match (&count.category_name, count.listed) {
            (Some(name), _) => name.as_str(),
            (None, true) => chrome.t("count.of_list"),
            (None, false) => chrome.t("count.of_all"),
        };
        Self {
            href: format!("/counts/{}", count.id),
            what: format!("{}: {scope}", places.name(count.location_id)),
            state: chrome.t(&format!("count.state_{}", count.state)).to_owned(),
            kind: match (is_open, count.state == CountState::Posted.code()) {
                (true, _) => "info",
                (_, true) => "good",
                _ => "",
            },
            is_open,
            counted: products(chrome, count.lines),
            recount: (is_open && count.to_recount > 0)
                .then(|| chrome.tv("count.to_recount", show_count(count.to_recount))),
            reason: count.reason.clone(),
            opened_at: chrome.instant(&count.opened_at),
            opened_by: count.actor_name.clone(),
            closed_at: count.closed_at.map(|at| chrome.instant(&at)),
            closed_by: count.closed_by.clone(),
            closing_reason: count.closing_reason.clone(),
            may_count: is_open && chrome.may(Permission::Count),
        }
    }
}

/// `1 producto`, `12 productos`.
pub(super) fn products(chrome: &Chrome, count: i64) -> String {
    match count {
        1 => chrome.t("count.one_product").to_owned(),
        _ => chrome.tv("count.products", show_count(count)),
    }
}

/// How far a count has come.
#[derive(Debug, Clone)]
pub(super) struct ProgressRow {
    pub total: i64,
    pub counted: i64,
    /// Both in words.
    pub text: String,
    /// How many are left, in words, when some are.
    pub left: Option<String>,
}

impl ProgressRow {
    pub fn of(chrome: &Chrome, progress: Progress) -> Self {
        let both = format!("{} / {}", show_count(progress.counted), show_count(progress.total));
        Self {
            total: progress.total,
            counted: progress.counted,
            text: chrome.tv("count.progress", both),
            left: (progress.left() > 0).then(|| products(chrome, progress.left())),
        }
    }
}

/// A line as counted.
#[derive(Debug, Clone)]
pub(super) struct CountedRow {
    pub href: String,
    /// Where it is counted again.
    pub again: String,
    pub name: String,
    pub sku: String,
    /// The lot, when it was counted by lot and has a code or a date.
    pub lot: String,
    pub unit: &'static str,
    pub counted: String,
    /// What the ledger expected; none for who must not know.
    pub expected: Option<String>,
    /// Counted minus expected, with its sign, when they differ and may be known.
    pub difference: Option<String>,
    pub sign: &'static str,
    /// What the difference is worth, for who may see cost.
    pub value: Option<String>,
    pub recount: bool,
    pub by: String,
    pub at: String,
    pub movement: Option<Uuid>,
}

/// What who looks may know of a count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sees {
    pub expected: bool,
    pub cost: bool,
}

impl CountedRow {
    pub fn of(chrome: &Chrome, count: &str, line: &CountedLine, sees: Sees) -> Self {
        let unit = Unit::from_code(&line.unit).unwrap_or(Unit::Kg);
        let amount = |quantity: i64| show_amount(Qty::new(quantity), unit);
        let difference = Qty::new(line.counted - line.expected);
        let differs = sees.expected && !difference.is_zero();
        let plus = if difference.is_positive() { "+" } else { "" };
        let value = line.worth.of(difference).filter(|_| differs && sees.cost);
        Self {
            href: product_href(&line.sku),
            again: again_href(count, &line.sku),
            name: line.name.clone(),
            sku: line.sku.clone(),
            lot: if line.whole { String::new() } else { lot_name(chrome, &line.code, line.expires_on) },
            unit: unit.code(),
            counted: amount(line.counted),
            expected: sees.expected.then(|| amount(line.expected)),
            difference: differs.then(|| format!("{plus}{}", amount(difference.raw()))),
            sign: if difference.is_positive() { "in" } else { "out" },
            value: value.map(show_money),
            recount: line.recount,
            by: line.counted_by.clone(),
            at: chrome.instant(&line.counted_at),
            movement: line.movement_id,
        }
    }
}

/// Where one product of a count is counted.
pub(super) fn again_href(count: &str, sku: &str) -> String {
    crate::kernel::Link::to(format!("{count}/count")).with("product", sku).href()
}
