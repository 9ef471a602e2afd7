//! The kinds of value that accounts take; each says in one pattern what its reader in `bodies.rs` accepts.

use super::entry::{EntryKind, Method};
use crate::kernel::scalars::{one_of, scalars, text};

scalars! {
    /// What goes into an account.
    EntryKindCode = one_of(EntryKind::ALL.map(EntryKind::code));
    /// How a payment was made.
    PaymentMethodCode = one_of(Method::ALL.map(Method::code));
    /// An amount in pesos above zero; below zero only what a supplier owed when the account began.
    AccountAmount = text(r"^-?(0*[1-9][0-9]{0,10}(\.[0-9]{1,2})?|0+\.(0[1-9]|[1-9][0-9]?))$", 32, "150000.00");
}
