//! Plain Spanish and whose goods they are: pure functions from a sentence to what it asks for.
//!
//! Law of the crate: **nothing is guessed.** What is not clear comes back as a question with its candidates; what is
//! clear comes back with its reason. The same words give the same answer for ever.
//!
//! | Question | Module |
//! | --- | --- |
//! | What does a sentence of the notebook ask for? | [`parse`] |
//! | Whose goods are these, and why? | [`assign`] |
//! | Are these two words the same? | [`text`] |

pub mod assign;
pub mod parse;
pub mod text;
