//! The first page of the day: how the shelf stands, what has to be looked at, what moved today, and
//! the ways to what people do most. It owns no data; it asks the features that do.

mod pages;
pub mod words;

pub use pages::endpoints;
