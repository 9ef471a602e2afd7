//! The kinds of value that rules of sale lists take; each says in one pattern what its reader accepts.

use crate::kernel::scalars::{one_of, scalars, text};
use crate::prices::{LIST_SPECIAL, LIST_WHOLESALE};

/// The lists that a rule makes.
pub(super) const RULED: [&str; 2] = [LIST_WHOLESALE, LIST_SPECIAL];

scalars! {
    /// A list that a rule makes over GENERAL.
    RuledListCode = one_of(RULED);
    /// How much more or less than GENERAL, in percent: -90 to 100.
    AdjustmentText = text(r"^(-?([0-8]?[0-9](\.[0-9]{1,2})?|90(\.00?)?)|9[0-9](\.[0-9]{1,2})?|100(\.00?)?)$", 6, "-10.00");
    /// A margin that a list leaves at least, in percent: 0 to 90.
    ListMinimumText = text(r"^([0-8]?[0-9](\.[0-9]{1,2})?|90(\.00?)?)$", 5, "8.00");
}
