//! The kinds of value that only counts take; how kinds are declared is in the kernel.

use super::refusal::CountState;
use crate::kernel::scalars::{one_of, scalars};

scalars! {
    /// Where a count stands.
    CountStateCode = one_of(CountState::ALL.map(CountState::code));
    /// Those to count again, or those that differ.
    CountedFilterCode = one_of(["recount", "different"]);
}
