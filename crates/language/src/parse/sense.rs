//! What a phrase of a sentence says.

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// Missing on the shelf.
    Restock,
    /// To be bought.
    Purchase,
    /// To be bought from the supplier whose name follows.
    List,
    /// To be noted: bought when it is goods, else a remark.
    Note,
    /// A remark.
    Remark,
    /// Goods that came in.
    Inbound,
    /// Goods taken from the back store to the shelf.
    Transfer,
    /// Goods sold.
    Outbound,
    /// Goods written off.
    Waste,
    /// There is some: nothing to do.
    Have,
    /// Nothing to do.
    Deny,
    /// A sale on account, which is the till's.
    Account,
    /// They broke.
    Broke,
    /// They expired.
    Expired,
    /// Broken.
    BrokenWord,
    /// Expired.
    ExpiredWord,
    /// A problem.
    Problem,
    /// Stolen.
    Theft,
    /// Tasted.
    Tasting,
    /// Entered wrongly.
    Misread,
    /// The reason follows.
    Because,
    /// It is urgent.
    High,
    /// It may wait.
    Low,
    /// Nothing.
    Filler,
    /// It is a question.
    Asks,
}

impl Sense {
    /// The sense that a line of `phrases.txt` is headed with; one that is unknown says nothing, and a test finds it.
    pub fn of(key: &str) -> Self {
        match key {
            "restock" => Self::Restock,
            "purchase" => Self::Purchase,
            "list" => Self::List,
            "note" => Self::Note,
            "remark" => Self::Remark,
            "inbound" => Self::Inbound,
            "transfer" => Self::Transfer,
            "outbound" => Self::Outbound,
            "waste" => Self::Waste,
            "have" => Self::Have,
            "deny" => Self::Deny,
            "account" => Self::Account,
            "broke" => Self::Broke,
            "expired" => Self::Expired,
            "broken_word" => Self::BrokenWord,
            "expired_word" => Self::ExpiredWord,
            "problem" => Self::Problem,
            "theft" => Self::Theft,
            "tasting" => Self::Tasting,
            "misread" => Self::Misread,
            "because" => Self::Because,
            "high" => Self::High,
            "low" => Self::Low,
            "asks" => Self::Asks,
            _ => Self::Filler,
        }
    }

    /// Does it open a clause?
    pub fn opens(self) -> bool {
        self.is_verb() || matches!(self, Self::Have | Self::Deny | Self::Broke | Self::Expired)
    }

    /// Is it something to do?
    pub fn is_verb(self) -> bool {
        matches!(
            self,
            Self::Restock
                | Self::Purchase
                | Self::List
                | Self::Note
                | Self::Remark
                | Self::Inbound
                | Self::Transfer
                | Self::Outbound
                | Self::Waste
                | Self::Account
        )
    }

    /// The reason that it gives for goods that are lost.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Broke | Self::BrokenWord => Some("roto"),
            Self::Expired | Self::ExpiredWord => Some("vencido"),
            Self::Theft => Some("robo"),
            Self::Tasting => Some("degustación"),
            Self::Misread => Some("error de carga"),
            _ => None,
        }
    }

    /// Does it say that something is wrong with goods?
    pub fn is_incident(self) -> bool {
        matches!(self, Self::Broke | Self::Expired | Self::BrokenWord | Self::ExpiredWord | Self::Problem)
    }
}
