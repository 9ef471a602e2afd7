//! The product: one directory per feature, and three tables of contents.

pub mod kernel;
