//! What is said about counts, in both languages. Words that all pages share are in the kernel.

use crate::kernel::words::Word;

/// The texts.
pub const WORDS: &[Word] = &[
    ("count.state_open", "Abierto", "Open"),
    ("count.state_posted", "Asentado", "Posted"),
    ("count.state_cancelled", "Cancelado", "Cancelled"),
];
