//! The kinds of value that repricings take; each says in one pattern what its reader accepts.

use super::bodies::RULES;
use super::list::{OUTCOMES, STATES};
use crate::kernel::scalars::{one_of, scalars, text};

scalars! {
    /// What a repricing is built by.
    RepricingRuleCode = one_of(RULES);
    /// How far a repricing is.
    RepricingState = one_of(STATES);
    /// What became of a row.
    RepricingOutcome = one_of(OUTCOMES);
    /// A percentage with a sign, of at most 2 decimal places: a raise from -90 to 500, a markup from 0 to 500, a margin from 0 to 95.
    SignedPercent = text(r"^-?[0-9]{1,3}(\.[0-9]{1,2})?$", 7, "8.50");
}
