//! The kinds of value that only the assistant takes; how kinds are declared is in the kernel.

use super::place::PLACES;
use super::say::TOKEN_LEN;
use crate::kernel::scalars::{line, one_of, scalars, text};
use crate::notebook::SENTENCE_MAX;

scalars! {
    /// A sentence in plain Spanish, or a command that begins with a slash.
    PlainSentence = line(1, SENTENCE_MAX, "Dejé 3 cajones de Quilmes litro en el depósito");
    /// Where a sentence is written.
    PlaceCode = one_of(PLACES.map(|(_, code)| code));
    /// The token of a plan that waits.
    PlanToken = text(format!("^[A-Za-z0-9_-]{{{TOKEN_LEN}}}$"), TOKEN_LEN, "0123456789abcdefghijABCDEFGHIJ0123456789_-x");
}
