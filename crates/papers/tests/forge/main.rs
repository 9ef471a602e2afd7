//! The forger itself under test: a reader can be measured against it only if what it calls true is true. Reading is tested
//! elsewhere.

#[path = "mod.rs"]
mod forge;

mod papers;
mod pictures;
mod truths;
