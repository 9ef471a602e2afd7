//! The words an entry is made of: what is to be done, how soon, and where it stands.

/// What is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Reponer: it is missing on the shelf.
    Restock,
    /// Comprar: it is to be bought.
    Purchase,
    /// Observación: something to look at.
    Remark,
    /// Incidencia: something broke, went off or is wrong.
    Incident,
}

/// How soon; the higher one is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// When there is time.
    Low,
    /// As usual.
    Normal,
    /// Urgent.
    High,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryState {
    /// Nobody has done anything about it.
    Pending,
    /// It is on an order to a supplier.
    Ordered,
    /// It came.
    Received,
    /// It was crossed out.
    Discarded,
}

/// What a second note of the same thing means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// The same need, seen twice: the larger quantity counts.
    Larger,
    /// So many more: "otros 3", "3 más".
    Add,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 4] = [Self::Restock, Self::Purchase, Self::Remark, Self::Incident];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Restock => "restock",
            Self::Purchase => "purchase",
            Self::Remark => "remark",
            Self::Incident => "incident",
        }
    }

    /// The action of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether it asks for goods, and so may go onto an order. The others are told, each for itself.
    pub const fn wants_goods(self) -> bool {
        matches!(self, Self::Restock | Self::Purchase)
    }
}

impl Priority {
    /// All priorities, the highest first.
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }

    /// The priority of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl EntryState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Ordered, Self::Received, Self::Discarded];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ordered => "ordered",
            Self::Received => "received",
            Self::Discarded => "discarded",
        }
    }

    /// The state of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl Again {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Larger, Self::Add];

    /// Stable name in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Larger => "larger",
            Self::Add => "add",
        }
    }

    /// The one of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}
