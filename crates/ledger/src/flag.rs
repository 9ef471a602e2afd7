//! Law: **what was allowed against the record is said out loud.** A flag travels with the posting; the shop answers it with a
//! count, a task or an alert. What was not allowed is a [`crate::Refusal`].

/// Something that was allowed and must be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// The location is now below zero.
    NegativeStock,
    /// The named lot is now below zero though the location is not.
    NegativeLot,
    /// The location was below zero at some moment after the date of the entry.
    NegativeHistory,
    /// Goods promised to somebody else were taken.
    ReservedTaken,
}

impl Flag {
    /// All flags.
    pub const ALL: [Self; 4] = [Self::NegativeStock, Self::NegativeLot, Self::NegativeHistory, Self::ReservedTaken];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NegativeStock => "negative_stock",
            Self::NegativeLot => "negative_lot",
            Self::NegativeHistory => "negative_history",
            Self::ReservedTaken => "reserved_taken",
        }
    }

    /// The flag of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.code() == code)
    }
}
