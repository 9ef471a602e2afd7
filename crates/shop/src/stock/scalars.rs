//! The kinds of value that moving stock takes; each says in one pattern what its reader in `api.rs`
//! accepts. How kinds are declared, and those that others take too, is in the kernel.

use gondola_ledger::{Level, MovementKind};

use super::inventory::STATUSES;
use super::past::METHODS;
use crate::kernel::scalars::{line, one_of, scalars, text};

scalars! {
    /// A quantity above zero, of at most 3 decimal places; whole when the unit is `un`.
    MovedQuantity = text(r"^(0*[1-9][0-9]{0,5}(\.[0-9]{1,3})?|0+\.(00[1-9]|0[1-9][0-9]?|[1-9][0-9]{0,2}))$", 32, "12");
    /// A unit or a presentation of the product.
    UnitName = line(1, 80, "kg");
    /// Why, in 3 to 200 characters.
    Reason = line(3, 200, "Reposición de góndola");
    /// The paper that goods go with.
    DocumentName = line(1, 100, "R 0001-00001234");
    /// The code of a lot; may be empty.
    LotCode = line(0, 60, "L123");
    /// A kind of movement, counts included.
    AnyKindCode = one_of(MovementKind::ALL.map(MovementKind::code));
    /// How a product stands.
    LevelCode = one_of(Level::ALL.map(Level::code));
    /// Whether there is any of it, or it is out of use.
    StatusCode = one_of(STATUSES);
    /// How stock is valued.
    MethodCode = one_of(METHODS);
}
