//! Everything that changes users, sessions and keys, one command each.

mod keys;
mod places;
mod sessions;
mod set_up;
mod users;

pub use keys::{CreateKey, RevokeKey, RotateKey, TouchKey};
pub use sessions::{CountFailedLogIn, EndSession, LogIn, LogOut, RehashPassword, SetOwnPassword, TouchSession};
pub use set_up::{DrawToken, SetUp};
pub use users::{ChangeUser, CreateUser, UserChange};
