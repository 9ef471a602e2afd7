//! What is kept of a sentence: how it was read, the steps it asks for, what is not clear about it, and what each step wrote.

use gondola_language::parse::{Action, SaidUnit};
use gondola_ledger::{MovementKind, Qty};
use gondola_store::{Permission, StoreError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::stock::permission_for;

/// How a message stands, as the API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is written.
    Done,
    /// It waits for a confirmation.
    Confirm,
    /// Something is not clear; nothing is written.
    Ask,
    /// There is nothing to do.
    Nothing,
    /// It was not understood.
    Unknown,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Done, Self::Confirm, Self::Ask, Self::Nothing, Self::Unknown];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Confirm => "confirm",
            Self::Ask => "ask",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
        }
    }

    /// The status of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// One thing to note or to move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The code of what it does.
    pub action: String,
    /// SKU and name of the product, when it is one.
    pub product: Option<(String, String)>,
    /// The words for the goods, as typed.
    pub text: String,
    /// How much, in thousandths of `unit`.
    pub quantity: Option<i64>,
    /// The code of what it is counted in.
    pub unit: String,
    /// Code of who brings it.
    pub supplier: Option<String>,
    /// How sure that is.
    pub confidence: Option<String>,
    /// `high`, `normal` or `low`.
    pub priority: String,
    /// Why.
    pub reason: Option<String>,
    /// Code of the place that it leaves.
    pub from: Option<String>,
    /// Code of the place that it reaches.
    pub to: Option<String>,
    /// Does its quantity add to what is noted?
    pub adds: bool,
    /// The movement that it corrects: its id or number, as typed.
    pub corrects: Option<String>,
    /// What it wrote.
    pub written: Option<Written>,
}

/// What a step wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Written {
    /// A line of the notebook, at that version; whether the line was there before.
    Line {
        /// Its id.
        id: Uuid,
        /// Its version.
        version: i64,
        /// Did others note it before?
        was_there: bool,
    },
    /// A movement.
    Movement(Uuid),
}

impl Written {
    /// The id of the line or the movement.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Line { id, .. } | Self::Movement(id) => *id,
        }
    }
}

impl Step {
    /// What it does.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn act(&self) -> Result<Action, StoreError> {
        Action::from_code(&self.action).ok_or_else(|| corrupt(&self.action))
    }

    /// What its quantity is counted in.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn said_unit(&self) -> Result<SaidUnit, StoreError> {
        SaidUnit::from_code(&self.unit).ok_or_else(|| corrupt(&self.unit))
    }

    /// How much.
    pub fn amount(&self) -> Option<Qty> {
        self.quantity.map(Qty::new)
    }

    /// The rights that carrying it out needs.
    fn needs(&self) -> Vec<Permission> {
        if self.corrects.is_some() {
            return vec![Permission::Adjust];
        }
        match Action::from_code(&self.action) {
            // Who sets the record takes a difference as it is, however large.
            Some(Action::Count) => vec![Permission::Count, Permission::Adjust],
            Some(action) => kind_of(action).map(permission_for).into_iter().collect(),
            None => Vec::new(),
        }
    }
}

fn corrupt(found: &str) -> StoreError {
    StoreError::corrupt("assistant_messages", "plan", "", found)
}

/// The movement that an action posts; none for the notebook's and for counts.
pub const fn kind_of(action: Action) -> Option<MovementKind> {
    match action {
        Action::Inbound => Some(MovementKind::Receipt),
        Action::Transfer => Some(MovementKind::Transfer),
        Action::Outbound => Some(MovementKind::Sale),
        Action::Waste => Some(MovementKind::Waste),
        Action::Adjustment => Some(MovementKind::Adjustment),
        Action::Count | Action::Restock | Action::Purchase | Action::Remark | Action::Incident => None,
    }
}

/// A product that something may be, and the sentence that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The sentence with its name in the place of what was not clear; none when that would not be clear either.
    pub sentence: Option<String>,
}

/// What is not clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The code of what is asked.
    pub about: String,
    /// What is written once it is answered.
    pub step: Step,
    /// Products that it may be.
    pub candidates: Vec<Candidate>,
    /// Codes of suppliers that it may be.
    pub suppliers: Vec<String>,
}

/// What may be done on top: the sentence that does it, when there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What it would do.
    pub step: Step,
    /// The sentence.
    pub sentence: Option<String>,
}

/// What is asked of the assistant beside notes and moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// How sentences are written.
    Help,
    /// The stock of what is called so; of everything when empty.
    Stock(String),
}

/// What a sentence was read as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The code of why it is to be confirmed, there is nothing to do, or it was not understood.
    pub why: Option<String>,
    /// What is clear.
    pub steps: Vec<Step>,
    /// What is not.
    pub questions: Vec<Asked>,
    /// What may be done on top.
    pub offers: Vec<Offer>,
    /// What is asked beside.
    pub wish: Option<Wish>,
    /// How a command is written that was not written so.
    pub example: Option<String>,
}

impl Plan {
    /// The rights that carrying it out needs, each once.
    pub fn needs(&self) -> Vec<Permission> {
        let mut needs = Vec::new();
        for right in self.steps.iter().flat_map(Step::needs) {
            if !needs.contains(&right) {
                needs.push(right);
            }
        }
        needs
    }

    /// Whether anything was written.
    pub fn has_written(&self) -> bool {
        self.steps.iter().any(|step| step.written.is_some())
    }
}
