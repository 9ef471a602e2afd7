//! What the tests of every crate share: real engines to run on. It is never part of the product; a
//! helper that only one crate's tests need lives with those tests.

pub mod postgres;
