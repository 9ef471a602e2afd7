//! The assistant on both engines, through the API: what a sentence writes, what waits for a confirmation, what is refused,
//! and what is undone.

mod confirming;
mod noting_again;
mod seed;
mod sentences;
mod speaking;
mod undoing;
