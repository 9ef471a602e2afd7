//! The states of an invoice and the steps between them: pending, extracted, validated, applied; error and rejected. What a
//! step does is elsewhere; here is only whether it may be taken.

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceState {
    /// Its file came and waits to be read.
    Pending,
    /// It was read, or typed: it waits for a person.
    Extracted,
    /// A person confirmed it and it adds up.
    Validated,
    /// Its goods, costs and debt are in the books.
    Applied,
    /// Its file could not be read; it can still be typed.
    Error,
    /// Nobody wants it.
    Rejected,
}

/// A step that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotNow(pub InvoiceState);

impl InvoiceState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Extracted, Self::Validated, Self::Applied, Self::Error, Self::Rejected];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Extracted => "extracted",
            Self::Validated => "validated",
            Self::Applied => "applied",
            Self::Error => "error",
            Self::Rejected => "rejected",
        }
    }

    /// The one with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after a reading of the file.
    pub(super) fn read(self, is_readable: bool) -> Result<Self, NotNow> {
        match self {
            Self::Pending if is_readable => Ok(Self::Extracted),
            Self::Pending => Ok(Self::Error),
            other => Err(NotNow(other)),
        }
    }

    /// The state of an invoice whose file is to be read again.
    pub(super) fn again(self) -> Result<Self, NotNow> {
        match self {
            Self::Pending | Self::Extracted | Self::Error => Ok(Self::Pending),
            other => Err(NotNow(other)),
        }
    }

    /// The state after a person wrote what it says.
    pub(super) fn change(self) -> Result<Self, NotNow> {
        match self {
            Self::Extracted | Self::Validated | Self::Error => Ok(Self::Extracted),
            other => Err(NotNow(other)),
        }
    }

    /// The state after a person confirmed it.
    pub(super) fn confirm(self) -> Result<Self, NotNow> {
        match self {
            Self::Extracted | Self::Validated => Ok(Self::Validated),
            other => Err(NotNow(other)),
        }
    }

    /// The state after it went into the books.
    pub(super) fn apply(self) -> Result<Self, NotNow> {
        match self {
            Self::Validated => Ok(Self::Applied),
            other => Err(NotNow(other)),
        }
    }

    /// The state after it was put away.
    pub(super) fn reject(self) -> Result<Self, NotNow> {
        match self {
            Self::Pending | Self::Extracted | Self::Validated | Self::Error => Ok(Self::Rejected),
            other => Err(NotNow(other)),
        }
    }

    /// The state after it was taken out of the books: a person looks at it again.
    pub(super) fn reverse(self) -> Result<Self, NotNow> {
        match self {
            Self::Applied => Ok(Self::Extracted),
            other => Err(NotNow(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_way_through_leads_into_the_books() {
        let pending = InvoiceState::Pending;
        let extracted = pending.read(true).unwrap();
        let validated = extracted.confirm().unwrap();
        let applied = validated.apply().unwrap();
        assert_eq!(applied, InvoiceState::Applied);
        assert_eq!(applied.reverse(), Ok(InvoiceState::Extracted));
        for state in InvoiceState::ALL.into_iter().filter(|state| *state != InvoiceState::Validated) {
            assert_eq!(state.apply(), Err(NotNow(state)));
        }
    }

    #[test]
    fn what_is_in_the_books_is_neither_changed_nor_put_away() {
        let applied = InvoiceState::Applied;
        for step in [applied.again(), applied.change(), applied.confirm(), applied.reject(), applied.read(true)] {
            assert_eq!(step, Err(NotNow(applied)));
        }
    }

    #[test]
    fn what_cannot_be_read_can_be_typed() {
        assert_eq!(InvoiceState::Pending.read(false), Ok(InvoiceState::Error));
        assert_eq!(InvoiceState::Error.change(), Ok(InvoiceState::Extracted));
    }
}
