//! How invoices and claims look in a page: everything written out in the reader's language. Templates print these and decide
//! nothing.

use gondola_ledger::{Money, Qty, Unit, UnitCost};
use gondola_store::Permission;
use uuid::Uuid;

use super::super::queries::{Claim, InvoiceRow};
use super::super::state::InvoiceState;
use super::super::three_way::FoundDifference;
use crate::kernel::Chrome;
use crate::kernel::numbers::{show_amount, show_cost, show_count, show_money, show_short_cost};
use crate::kernel::time::show_day;
use crate::stock::product_href;

/// An invoice.
#[derive(Debug, Clone)]
pub(super) struct InvoiceLine {
    pub id: Uuid,
    pub href: String,
    pub number: String,
    /// `Factura A 00003-00001234`, or what its file is called.
    pub title: String,
    pub supplier: Option<String>,
    pub state: String,
    pub kind: &'static str,
    pub is_pending: bool,
    /// Why it could not be read, or was rejected.
    pub note: Option<String>,
    pub issued_on: Option<String>,
    pub due_on: Option<String>,
    pub total: Option<String>,
    /// Lines that wait for somebody to say which product they are.
    pub unmatched: Option<String>,
    pub confidence: Option<String>,
    pub created_at: String,
    pub brought_by: String,
    pub confirmed: Option<String>,
    pub applied: Option<String>,
    pub reversed: Option<String>,
    pub reversing_reason: Option<String>,
    pub receipt: Option<String>,
    pub order: Option<(String, String)>,
    pub file: Option<String>,
    pub version: i64,
    /// What whoever looks may do about it now.
    pub may_open: bool,
    pub may_write: bool,
    pub may_read_again: bool,
    pub may_confirm: bool,
    pub may_apply: bool,
    pub may_reprice: bool,
    pub may_reject: bool,
    pub may_reverse: bool,
}

impl InvoiceLine {
    pub fn of(chrome: &Chrome, row: &InvoiceRow) -> Self {
        let state = InvoiceState::from_code(&row.state).unwrap_or(InvoiceState::Rejected);
        let edits = chrome.may(Permission::EditInvoices);
        let sees = chrome.may(Permission::ReadCost);
        let by = |who: &Option<String>, at: Option<gondola_store::At>| {
            who.as_ref().zip(at).map(|(who, at)| format!("{} · {who}", chrome.instant(&at)))
        };
        Self {
            id: row.id,
            href: format!("/invoices/{}", row.id),
            number: show_count(row.number),
            title: title(chrome, row),
            supplier: row.supplier_name.clone(),
            state: chrome.t(&format!("invoice.state_{}", row.state)).to_owned(),
            kind: match state {
                InvoiceState::Pending => "",
                InvoiceState::Extracted | InvoiceState::Validated => "info",
                InvoiceState::Applied => "good",
                InvoiceState::Error => "bad",
                InvoiceState::Rejected => "",
            },
            is_pending: state == InvoiceState::Pending,
            note: note(chrome, row, state),
            issued_on: row.issued_on.map(show_day),
            due_on: row.due_on.map(show_day),
            total: row.total.filter(|_| sees).map(|total| show_money(Money::new(total))),
            unmatched: (row.unmatched > 0 && state != InvoiceState::Applied)
                .then(|| chrome.tv("invoice.unmatched", show_count(row.unmatched))),
            confidence: (row.read_at.is_some() && !row.seen).then(|| format!("{} %", row.confidence_permille / 10)),
            created_at: chrome.instant(&row.created_at),
            brought_by: row.actor_name.clone(),
            confirmed: by(&row.confirmed_by, row.confirmed_at),
            applied: by(&row.applied_by, row.applied_at),
            reversed: by(&row.reversed_by, row.reversed_at),
            reversing_reason: row.reversing_reason.clone(),
            receipt: row.receipt_id.map(|id| format!("/goods-receipts/{id}")),
            order: row
                .order_id
                .zip(row.order_number)
                .map(|(id, number)| (format!("/purchase-orders/{id}"), show_count(number))),
            file: row.file_kind.as_ref().map(|_| format!("/invoices/{}/file", row.id)),
            version: row.version,
            may_open: sees,
            may_write: edits && state.change().is_ok(),
            may_read_again: chrome.may(Permission::LoadInvoices) && row.file_kind.is_some() && state.again().is_ok(),
            may_confirm: edits && state == InvoiceState::Extracted,
            may_apply: edits && state.apply().is_ok(),
            may_reprice: chrome.may(Permission::EditPrices) && state == InvoiceState::Applied,
            may_reject: edits && state.reject().is_ok(),
            may_reverse: edits && state.reverse().is_ok() && chrome.may(Permission::Adjust),
        }
    }
}

/// What an invoice is called: by its document, else by its file.
fn title(chrome: &Chrome, row: &InvoiceRow) -> String {
    let kind = row.kind.as_deref().map(|kind| chrome.t(&format!("invoice.kind_{kind}")).to_owned());
    let parts = [kind, row.letter.clone(), row.document()];
    let title = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match (title.is_empty(), row.file_name.is_empty()) {
        (false, _) => title,
        (true, false) => row.file_name.clone(),
        (true, true) => chrome.tv("invoice.untitled", show_count(row.number)),
    }
}

/// Why it could not be read in words, or why it was rejected in somebody's own.
fn note(chrome: &Chrome, row: &InvoiceRow, state: InvoiceState) -> Option<String> {
    match state {
        InvoiceState::Error => {
            let key = format!("invoice.unread_{}", row.note);
            let told = chrome.t(&key);
            Some(if told == key { chrome.t("invoice.unread") } else { told }.to_owned())
        }
        _ => Some(row.note.clone()).filter(|note| !note.is_empty()),
    }
}

/// A claim.
#[derive(Debug, Clone)]
pub(super) struct ClaimLine {
    pub href: String,
    pub number: String,
    pub supplier: String,
    pub invoice: (String, String),
    pub about: String,
    pub product: Option<String>,
    /// What it is: missing, broken, dearer.
    pub what: String,
    /// `24 → 20`, in words that say what they count.
    pub difference: String,
    pub amount: String,
    pub state: String,
    pub kind: &'static str,
    pub ending: Option<String>,
    pub may_end: bool,
}

impl ClaimLine {
    pub fn of(chrome: &Chrome, claim: &Claim) -> Self {
        let unit = claim.product_unit.as_deref().and_then(Unit::from_code).unwrap_or(Unit::Un);
        let told = |value: i64| match claim.kind.as_str() {
            "cost" => show_cost(UnitCost::new(value)),
            _ => format!("{} {}", show_amount(Qty::new(value), unit), unit.code()),
        };
        Self {
            href: format!("/supplier-claims/{}", claim.id),
            number: show_count(claim.number),
            supplier: claim.supplier_name.clone(),
            invoice: (format!("/invoices/{}", claim.invoice_id), show_count(claim.invoice_number)),
            about: claim.about.clone(),
            product: claim.sku.as_deref().map(product_href),
            what: chrome.t(&format!("invoice.claim_{}", claim.kind)).to_owned(),
            difference: format!("{} → {}", told(claim.expected), told(claim.found)),
            amount: show_money(Money::new(claim.amount)),
            state: chrome.t(&format!("invoice.claim_state_{}", claim.state)).to_owned(),
            kind: match claim.state.as_str() {
                "open" => "warn",
                "settled" => "good",
                _ => "",
            },
            ending: claim.ending.clone(),
            may_end: claim.state == "open" && chrome.may(Permission::EditInvoices),
        }
    }
}

/// Something that was ordered, came or is billed otherwise than the rest.
#[derive(Debug, Clone)]
pub(super) struct DifferenceLine {
    pub about: String,
    pub product: Option<String>,
    /// What it is: came and is not billed, cheaper than agreed.
    pub what: String,
    /// How it looks: what costs the shop something stands out.
    pub kind: &'static str,
    /// What was billed, ordered or agreed.
    pub expected: String,
    /// What came, or is billed.
    pub found: String,
    pub amount: Option<String>,
}

impl DifferenceLine {
    pub fn of(chrome: &Chrome, found: &FoundDifference) -> Self {
        let unit = found.product_unit.as_deref().and_then(Unit::from_code).unwrap_or(Unit::Un);
        let told = |value: i64| match found.kind.is_cost() {
            true => show_short_cost(UnitCost::new(value)),
            false => format!("{} {}", show_amount(Qty::new(value), unit), unit.code()),
        };
        Self {
            about: found.about.clone(),
            product: found.sku.as_deref().map(product_href),
            what: chrome.t(&format!("invoice.differs_{}", found.kind.code())).to_owned(),
            kind: if found.kind.claim().is_some() { "warn" } else { "info" },
            expected: told(found.expected),
            found: told(found.found),
            amount: found.amount.map(|amount| show_money(Money::new(amount))),
        }
    }
}
