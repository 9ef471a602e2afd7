//! What goes into an account: its kinds, which side each is on, and how it was paid.

use gondola_ledger::Money;

use crate::kernel::time::Day;
use uuid::Uuid;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// What was owed when the account began; less than nothing when the supplier owed the shop.
    Opening,
    /// An invoice: owed.
    Invoice,
    /// A debit note: owed besides.
    DebitNote,
    /// A credit note: owed less.
    CreditNote,
    /// A payment.
    Payment,
}

impl EntryKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Opening, Self::Invoice, Self::DebitNote, Self::CreditNote, Self::Payment];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Invoice => "invoice",
            Self::DebitNote => "debit_note",
            Self::CreditNote => "credit_note",
            Self::Payment => "payment",
        }
    }

    /// The one with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it makes the shop owe more.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Opening | Self::Invoice | Self::DebitNote)
    }
}

/// How a payment was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Out of the till or the pocket.
    Cash,
    /// By the bank.
    Transfer,
    /// By a cheque.
    Cheque,
    /// By a card.
    Card,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Cash, Self::Transfer, Self::Cheque, Self::Card];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Transfer => "transfer",
            Self::Cheque => "cheque",
            Self::Card => "card",
        }
    }

    /// The one with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }
}

/// An entry that is not in the account yet.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Whose account.
    pub supplier: Uuid,
    /// What it is.
    pub kind: EntryKind,
    /// How much, with its sign: more than zero is owed.
    pub amount: Money,
    /// The number on the paper.
    pub document: Option<String>,
    /// The day on the paper.
    pub issued_on: Day,
    /// Until when it is to be paid.
    pub due_on: Option<Day>,
    /// How it was paid.
    pub method: Option<Method>,
    /// What for.
    pub reason: String,
    /// The document of the shop that it follows from: its kind and id.
    pub source: Option<(&'static str, Uuid)>,
}
