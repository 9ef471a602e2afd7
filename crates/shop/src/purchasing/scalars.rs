//! The kinds of value that only purchasing takes; how kinds are declared is in the kernel.

use super::state::OrderState;
use super::steps::ORDER_NOTES_MAX;
use crate::kernel::scalars::{line, one_of, scalars};

scalars! {
    /// Where an order stands.
    OrderStateCode = one_of(OrderState::ALL.map(OrderState::code));
    /// What else is said to a supplier.
    SupplierNote = line(1, ORDER_NOTES_MAX, "Dejar en el depósito, por favor");
}
