//! The pure core of Góndola: what may happen to stock, and what it is worth.
//!
//! Law of the crate: **every function is total, exact and alone.** No I/O, no clock, no randomness, no floats; integers in
//! fixed minor units, checked arithmetic, one rounding, and refusals that are values with the numbers inside. The same
//! inputs give the same answer for ever, so any screen can be recomputed from the movements.
//!
//! Not here: where balances are kept (`store`), who may do what and in which words it is refused (`shop`).
//!
//! | Question | Module |
//! | --- | --- |
//! | How much, in which unit, for how many pesos? | [`qty`], [`mod@unit`], [`factor`], [`money`], [`cost`], [`number`] |
//! | What happened, between which places, by whose rule? | [`kind`], [`location`], [`policy`], [`waste`] |
//! | May it happen, and which lots move? | [`mod@post`], [`pick`], [`mod@reverse`] |
//! | Promises, counts and goods on the road | [`reservation`], [`count`], [`transfer`] |
//! | What is it worth? | [`avco`], [`fifo`], [`valuation`] |
//! | Is it enough, and is it still good? | [`level`], [`season`], [`shelf_life`] |

pub mod avco;
pub mod cost;
pub mod count;
mod exit;
pub mod factor;
pub mod fifo;
pub mod flag;
pub mod ids;
pub mod kind;
pub mod level;
pub mod location;
pub mod money;
pub mod number;
pub mod pick;
pub mod policy;
pub mod post;
pub mod qty;
pub mod refusal;
pub mod reservation;
pub mod reverse;
pub mod season;
pub mod shelf_life;
pub mod time;
pub mod transfer;
pub mod unit;
pub mod valuation;
pub mod waste;

pub use avco::Avco;
pub use cost::UnitCost;
pub use factor::Factor;
pub use fifo::Fifo;
pub use flag::Flag;
pub use ids::{LocationId, LotId, ProductId};
pub use kind::{MovementKind, Sides};
pub use level::{Demand, Level, Situation, StockPolicy, classify};
pub use location::LocationKind;
pub use money::Money;
pub use number::NumberError;
pub use policy::{Channel, Overdraw, PolicyRule, resolve};
pub use post::{Effect, Entry, Line, LotBalance, Posting, SideState, post};
pub use qty::Qty;
pub use refusal::Refusal;
pub use reservation::{ReservationRefusal, ReservationState, can_reserve};
pub use reverse::{OriginalLine, reverse};
pub use season::Season;
pub use shelf_life::ShelfLife;
pub use time::{At, Day};
pub use transfer::{TransferRefusal, TransferState};
pub use unit::Unit;
pub use valuation::{Valuation, ValuationError, ValuationEvent};
pub use waste::WasteReason;
