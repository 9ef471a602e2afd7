//! The kinds of value that only the notebook takes; how kinds are declared is in the kernel.

use super::commands::{ABOUT_MAX, SENTENCE_MAX};
use super::entry::{Action, Again, EntryState, Priority};
use crate::kernel::scalars::{line, one_of, scalars};

scalars! {
    /// What a line of the notebook is about, in somebody's own words.
    NotedText = line(1, ABOUT_MAX, "Brahma litro");
    /// A sentence as somebody wrote it.
    Sentence = line(1, SENTENCE_MAX, "Falta Brahma litro, 4 cajones");
    /// What is to be done.
    ActionCode = one_of(Action::ALL.map(Action::code));
    /// How soon.
    PriorityCode = one_of(Priority::ALL.map(Priority::code));
    /// Where a line of the notebook stands.
    EntryStateCode = one_of(EntryState::ALL.map(EntryState::code));
    /// What a second note of the same thing means.
    AgainCode = one_of(Again::ALL.map(Again::code));
}
