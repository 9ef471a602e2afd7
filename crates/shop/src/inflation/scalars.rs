//! The kinds of value that inflation takes; each says in one pattern what its reader accepts.

use crate::kernel::scalars::{scalars, text};

scalars! {
    /// A month from January 2000 on.
    MonthText = text("^[2-9][0-9]{3}-(0[1-9]|1[0-2])$", 7, "2026-10");
    /// A rate per month, 0 to 50 %.
    MonthlyRateText = text(r"^([0-4]?[0-9](\.[0-9]{1,2})?|50(\.00?)?)$", 5, "2.8");
    /// Where a rate comes from.
    RateSource = crate::kernel::scalars::line(2, super::bodies::SOURCE_MAX, "INDEC, IPC nacional");
}
