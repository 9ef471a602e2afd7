//! The kinds of value that users and keys take; each says in one pattern what its reader in `input.rs`
//! accepts. How kinds are declared is in the kernel.

use gondola_store::Role;

use super::input::{KEY_NAME_MAX, NAME_MAX};
use super::passwords::{PASSWORD_MAX, PASSWORD_MIN};
use crate::kernel::scalars::{line, one_of, scalars, text};

scalars! {
    /// What somebody logs in with; kept in lower case.
    UserName = text("^[A-Za-z0-9._-]{3,32}$", 32, "marta");
    /// What others know somebody by.
    PersonName = line(1, NAME_MAX, "Marta Gómez");
    /// What somebody does in the shop.
    RoleCode = one_of(Role::ALL.map(Role::code));
    /// A password: not a common one, nor their own name.
    NewPassword = text(format!("^.{{{PASSWORD_MIN},{PASSWORD_MAX}}}$"), PASSWORD_MAX, "tres palabras sueltas");
    /// The code of one location, or nothing for all of them.
    OwnLocation = text("^[a-z0-9_-]{0,30}$", 30, "local");
    /// What people call a key.
    KeyName = line(1, KEY_NAME_MAX, "balanza");
    /// A network or one address that a key may come from.
    Network = text(r"^[0-9A-Fa-f:.]{2,39}(/[0-9]{1,3})?$", 43, "192.168.1.0/24");
    /// What a key is good for.
    ScopeCode = one_of(["read", "write", "admin", "metrics"]);
}
