//! The kinds of value that labels take.

use crate::kernel::scalars::{one_of, scalars};

scalars! {
    /// What is to be done about a label.
    LabelDue = one_of(["to_print", "to_place"]);
    /// What labels are printed on.
    LabelPaperCode = one_of(["a4", "roll"]);
}
