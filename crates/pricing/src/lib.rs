//! From what a paper says to a unit cost, and from a cost to a price.
//!
//! Law of the crate: **every rule is exact until its one rounding.** Integers and exact fractions, no floats, no
//! clock, no I/O; rates come in as values, days as days, and a refusal is a value with the numbers inside.
//!
//! Not here: where prices are kept, who may confirm them, and in which words they are refused (`shop`).
//!
//! | Question | Module |
//! | --- | --- |
//! | How many units are in that case, and what did one cost? | [`pack`], [`mod@unit_cost`] |
//! | Which percentage, and which price on the shelf? | [`rate`], [`markup`], [`price`], [`ppum`] |
//! | Does a price need attention, and what does a change do? | [`light`], [`batch`] |
//! | What does time do to a cost? | [`inflation`] |
//! | Which product is this supplier line, and does the invoice add up? | [`similar`], [`invoice`] |
//! | How good is a supplier? | [`scorecard`] |

pub mod batch;
mod exact;
pub mod inflation;
pub mod invoice;
pub mod light;
pub mod markup;
pub mod pack;
pub mod ppum;
pub mod price;
pub mod rate;
pub mod scorecard;
pub mod similar;
pub mod unit_cost;

pub use rate::Rate;
pub use unit_cost::TaxStatus;
