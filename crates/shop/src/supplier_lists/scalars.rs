//! The kinds of value that suppliers' lists take; each says in one pattern what its reader accepts.

use super::bodies::NAME_MAX;
use super::fields::ListField;
use super::lines::{Certainty, Change};
use super::lists::{OUTCOMES, STATES};
use crate::kernel::scalars::{line, one_of, scalars};

scalars! {
    /// Where a price list stands.
    PriceListState = one_of(STATES);
    /// What a column of a price list feeds.
    PriceListField = one_of(ListField::ALL.map(ListField::code));
    /// What a line's price is beside the supplier's last list.
    PriceListChange = one_of(Change::ALL.map(Change::code));
    /// How sure it is which product a line is.
    PriceListCertainty = one_of(Certainty::ALL.map(Certainty::code));
    /// What became of a line.
    PriceListOutcome = one_of(OUTCOMES);
    /// What a price list is called.
    PriceListName = line(1, NAME_MAX, "Lista noviembre");
}
