//! Everything that changes users, sessions and keys, one command each.

mod keys;
mod places;
mod second_factor;
mod sessions;
mod set_up;
mod users;

pub use keys::{CreateKey, RevokeKey, RotateKey, TouchKey};
pub use second_factor::{
    BeginSecondFactor, ConfirmSecondFactor, EndSecondFactor, ReplaceRecoveryCodes, ResetSecondFactor,
};
pub use sessions::{
    CountFailedLogIn, EndSession, EndSessionsOf, FAILED_LOG_IN, LogIn, LogOut, RehashPassword, SetOwnPassword,
    TouchSession,
};
pub use set_up::{DrawToken, SetUp};
pub use users::{ChangeUser, CreateUser, UserChange, granted_role};
