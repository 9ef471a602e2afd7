//! What a shopkeeper says happened, and which kind of movement, places and reasons that means. The
//! words themselves are in `words.rs`; what may happen is decided by the ledger.

use gondola_ledger::{MovementKind, WasteReason};
use gondola_store::Permission;

use super::super::movement::permission_for;
use crate::kernel::Chrome;

/// What happened, as people choose it. An adjustment is two things: more was found, or some is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Receipt,
    Sale,
    Waste,
    Transfer,
    OwnUse,
    CustomerReturn,
    SupplierReturn,
    Issue,
    Found,
    Missing,
    Opening,
}

impl What {
    /// In the order they are offered: the most frequent first.
    pub const ALL: [Self; 11] = [
        Self::Receipt,
        Self::Waste,
        Self::Transfer,
        Self::Sale,
        Self::OwnUse,
        Self::CustomerReturn,
        Self::SupplierReturn,
        Self::Issue,
        Self::Found,
        Self::Missing,
        Self::Opening,
    ];

    /// The name in addresses and forms: a kind of the API, or which side of an adjustment.
    pub fn code(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Missing => "missing",
            other => other.kind().code(),
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.code() == code)
    }

    /// The kind it is posted as.
    pub fn kind(self) -> MovementKind {
        match self {
            Self::Receipt => MovementKind::Receipt,
            Self::Sale => MovementKind::Sale,
            Self::Waste => MovementKind::Waste,
            Self::Transfer => MovementKind::Transfer,
            Self::OwnUse => MovementKind::OwnUse,
            Self::CustomerReturn => MovementKind::CustomerReturn,
            Self::SupplierReturn => MovementKind::SupplierReturn,
            Self::Issue => MovementKind::Issue,
            Self::Found | Self::Missing => MovementKind::Adjustment,
            Self::Opening => MovementKind::Opening,
        }
    }

    pub fn permission(self) -> Permission {
        permission_for(self.kind())
    }

    /// Whether goods leave a place of the shop.
    pub fn leaves(self) -> bool {
        !matches!(self, Self::Receipt | Self::CustomerReturn | Self::Found | Self::Opening)
    }

    /// Whether goods reach a place of the shop.
    pub fn arrives(self) -> bool {
        matches!(self, Self::Receipt | Self::CustomerReturn | Self::Found | Self::Opening | Self::Transfer)
    }

    /// Whether the goods are new to the shop, so that a lot may be named for them.
    pub fn enters(self) -> bool {
        self.arrives() && !self.leaves()
    }

    /// Whether a cost may be said.
    pub fn takes_cost(self) -> bool {
        matches!(self, Self::Receipt | Self::Opening)
    }

    /// Codes of the places it usually leaves and reaches.
    pub fn usual_places(self) -> (&'static str, &'static str) {
        match self {
            Self::Sale => ("local", ""),
            Self::CustomerReturn => ("", "local"),
            Self::Transfer => ("deposito", "local"),
            Self::Receipt | Self::Opening | Self::Found => ("", "deposito"),
            _ => ("deposito", ""),
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::Receipt | Self::Found | Self::Opening => "plus",
            Self::Transfer => "transfer",
            Self::CustomerReturn | Self::SupplierReturn => "undo",
            Self::Sale => "price",
            _ => "minus",
        }
    }

    /// What it is called.
    pub fn name(self, chrome: &Chrome) -> String {
        chrome.t(&format!("what.{}", self.code())).to_owned()
    }

    /// When to choose it.
    pub fn hint(self, chrome: &Chrome) -> String {
        chrome.t(&format!("what.{}_hint", self.code())).to_owned()
    }

    /// The reasons people usually give; the first one is filled in when `has_usual_reason`.
    pub fn reasons(self, chrome: &Chrome) -> Vec<String> {
        let keys: Vec<String> = match self {
            Self::Waste => WasteReason::ALL.iter().map(|reason| format!("waste.{}", reason.code())).collect(),
            other => (1..=other.reasons_count()).map(|at| format!("what.{}_reason_{at}", other.code())).collect(),
        };
        keys.iter().map(|key| chrome.t(key).to_owned()).collect()
    }

    fn reasons_count(self) -> usize {
        match self {
            Self::Receipt | Self::Sale | Self::CustomerReturn | Self::SupplierReturn => 2,
            Self::Transfer | Self::OwnUse | Self::Issue | Self::Found | Self::Missing => 3,
            Self::Waste | Self::Opening => 1,
        }
    }

    /// Whether the first reason is the usual one; otherwise people must say which.
    pub fn has_usual_reason(self) -> bool {
        matches!(self, Self::Receipt | Self::Sale | Self::Transfer | Self::Opening)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[test]
    fn every_choice_has_its_words_and_comes_back_by_its_name() {
        let chrome = Chrome::sample(Lang::Es, None, "/");
        for what in What::ALL {
            assert_eq!(What::from_code(what.code()), Some(what));
            let texts = what.reasons(&chrome).into_iter().chain([what.name(&chrome), what.hint(&chrome)]);
            for text in texts {
                assert!(!text.contains('.') || text.contains(' '), "no text for {text}");
            }
        }
    }

    #[test]
    fn the_sides_are_the_ledgers() {
        use gondola_ledger::Sides;
        for what in What::ALL {
            let sides = (what.leaves(), what.arrives());
            let right = match what.kind().sides() {
                Sides::To => sides == (false, true),
                Sides::From => sides == (true, false),
                Sides::Both => sides == (true, true),
                Sides::One => sides.0 != sides.1,
            };
            assert!(right, "{what:?}");
        }
    }
}
