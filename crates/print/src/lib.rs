//! Labels, orders and lists as PDF.
//!
//! This crate is pure: texts go in, already written the way the reader expects them ("$ 1.200,00"), and the bytes of a PDF
//! come out; the same texts give the same bytes. It reads no clock, so the caller gives every date. What is *not* here:
//! prices, roundings, permissions, and the words of the screens.

pub mod barcode;
pub mod font;
pub mod labels;
pub mod length;
pub mod order;
pub mod price_list;
pub mod sheet;
pub mod table;
mod widths;
