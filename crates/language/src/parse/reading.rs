//! What a sentence asks for: entries, questions and what must be confirmed first.

use gondola_ledger::Qty;

use super::units::SaidUnit;
use crate::assign::Confidence;

/// Where a sentence is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The cuaderno: a bare product is missing.
    Notebook,
    /// The box of the depósito: a bare product is asked about.
    Backstore,
}

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Missing on the shelf.
    Restock,
    /// To be bought.
    Purchase,
    /// A remark.
    Remark,
    /// Something is wrong.
    Incident,
    /// Goods in.
    Inbound,
    /// Goods from one place to another.
    Transfer,
    /// Goods out.
    Outbound,
    /// Goods written off.
    Waste,
    /// The record corrected by so much.
    Adjustment,
    /// What there really is.
    Count,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 10] = [
        Self::Restock,
        Self::Purchase,
        Self::Remark,
        Self::Incident,
        Self::Inbound,
        Self::Transfer,
        Self::Outbound,
        Self::Waste,
        Self::Adjustment,
        Self::Count,
    ];

    /// The action of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Stable name, as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Restock => "restock",
            Self::Purchase => "purchase",
            Self::Remark => "remark",
            Self::Incident => "incident",
            Self::Inbound => "inbound",
            Self::Transfer => "transfer",
            Self::Outbound => "outbound",
            Self::Waste => "waste",
            Self::Adjustment => "adjustment",
            Self::Count => "count",
        }
    }

    /// Does it move stock, so that nothing about it may be open?
    pub const fn moves_stock(self) -> bool {
        matches!(self, Self::Inbound | Self::Transfer | Self::Outbound | Self::Waste | Self::Adjustment | Self::Count)
    }
}

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Priority {
    /// It may wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Before all else.
    High,
}

impl Priority {
    /// Stable name, as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// How far the goods of an entry are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Goods {
    /// One product, by its SKU.
    Product(String),
    /// A brand or a kind whose variant was not said.
    Brand,
    /// Only the words.
    Text,
}

/// Does a quantity replace or add to what is already noted?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Joining {
    /// Said again: the larger one stands.
    #[default]
    Larger,
    /// "Otros 3", "3 más": both together.
    Adds,
}

/// A supplier, and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its code.
    pub code: String,
    /// How sure.
    pub confidence: Confidence,
}

/// One thing to note or to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it does.
    pub action: Action,
    /// The goods.
    pub goods: Goods,
    /// The words for them, as typed.
    pub text: String,
    /// How much; empty when it was not said.
    pub quantity: Option<Qty>,
    /// What the quantity is counted in.
    pub unit: SaidUnit,
    /// Who brings it.
    pub supplier: Option<Choice>,
    /// How soon.
    pub priority: Priority,
    /// Why: the reason of a loss, where goods came from or went.
    pub reason: Option<String>,
    /// Code of the location that it leaves.
    pub from: Option<String>,
    /// Code of the location that it reaches.
    pub to: Option<String>,
    /// Does its quantity add to what is noted?
    pub joining: Joining,
}

/// What is not clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unclear {
    /// Which product, type or brand.
    Which,
    /// Nothing is known by that name: is it to be created?
    Create,
    /// How much.
    Quantity,
    /// Why it is written off.
    Reason,
    /// What is to be done with it.
    Action,
    /// No supplier has that name.
    Supplier,
}

impl Unclear {
    /// Stable name, as in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Which => "which",
            Self::Create => "create",
            Self::Quantity => "quantity",
            Self::Reason => "reason",
            Self::Action => "action",
            Self::Supplier => "supplier",
        }
    }
}

/// A question that a person answers; what was clear already is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is not clear.
    pub about: Unclear,
    /// What is written once it is answered.
    pub draft: Entry,
    /// Products that it may be, by SKU: up to [`CANDIDATES_MAX`](super::CANDIDATES_MAX).
    pub products: Vec<String>,
    /// Suppliers that it may be, by code.
    pub suppliers: Vec<String>,
}

/// Why a plan is shown before it is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConfirmFor {
    /// Goods are written off.
    Loss,
    /// A movement is corrected.
    Correction,
    /// The record is set to a count.
    Calibration,
    /// More than [`UNASKED_MAX`](super::UNASKED_MAX).
    Many,
    /// More than there is.
    MoreThanThereIs,
    /// More than ten times the usual.
    MoreThanUsual,
}

impl ConfirmFor {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Correction => "correction",
            Self::Calibration => "calibration",
            Self::Many => "many",
            Self::MoreThanThereIs => "more_than_there_is",
            Self::MoreThanUsual => "more_than_usual",
        }
    }
}

/// Why there is nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NothingFor {
    /// It says that all is well.
    Denied,
    /// It asks something.
    Asked,
    /// It belongs to the till.
    OnAccount,
    /// Nothing is written.
    Empty,
}

impl NothingFor {
    /// Stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Asked => "asked",
            Self::OnAccount => "on_account",
            Self::Empty => "empty",
        }
    }
}

/// What is asked of the assistant beside notes and moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// The report of the stock.
    StockReport,
    /// The stock of what is called so.
    FindStock(String),
    /// How sentences are written.
    Help,
    /// Reverse a movement and write it again.
    Correct {
        /// The movement.
        id: String,
        /// What it should have been.
        quantity: Qty,
        /// Why.
        reason: String,
    },
}

/// How a sentence was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// All is clear: the entries may be written.
    Done,
    /// All is clear, and a person confirms it first.
    Confirm(ConfirmFor),
    /// There are questions; entries beside them are clear.
    Ask,
    /// There is nothing to do.
    Nothing(NothingFor),
    /// It was not understood.
    Unknown,
    /// It is longer than a sentence may be.
    TooLong,
    /// A slash command that is not written as it should be: an example.
    Malformed(&'static str),
}

impl Outcome {
    /// The `status` of the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Confirm(_) => "confirm",
            Self::Ask => "ask",
            Self::Nothing(_) => "nothing",
            Self::Unknown | Self::TooLong | Self::Malformed(_) => "unknown",
        }
    }
}

/// A sentence, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// How it was read.
    pub outcome: Outcome,
    /// What is clear.
    pub entries: Vec<Entry>,
    /// What is not.
    pub questions: Vec<Question>,
    /// What may be accepted on top: the loss behind an incident.
    pub offers: Vec<Entry>,
    /// What is asked of the assistant.
    pub request: Option<Request>,
}

impl Reading {
    /// A reading without anything to write.
    pub(super) const fn of(outcome: Outcome) -> Self {
        Self { outcome, entries: Vec::new(), questions: Vec::new(), offers: Vec::new(), request: None }
    }
}
