//! The kinds of value that only transfers take; how kinds are declared is in the kernel.

use gondola_ledger::TransferState;

use crate::kernel::scalars::{one_of, scalars};

scalars! {
    /// Where a transfer stands.
    TransferStateCode = one_of(TransferState::ALL.map(TransferState::code));
}
