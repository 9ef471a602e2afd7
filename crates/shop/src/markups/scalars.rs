//! The kinds of value that markups take; each says in one pattern what its reader accepts.

use crate::kernel::scalars::{scalars, text};

scalars! {
    /// A markup in percent of the cost, 0 to 500.
    MarkupText = text(r"^([0-4]?[0-9]{1,2}(\.[0-9]{1,2})?|500(\.00?)?)$", 6, "35.00");
}
