//! People: users and their roles, passwords, sessions, the first start, API keys. Read this first.
//!
//! Who calls is found out by [`authenticate`], before anything else; what a caller may do is decided
//! by roles and scopes in the store (`Actor::may`), never here. Secrets are kept as keyed digests and
//! passwords as Argon2id hashes: a copy of the database opens nothing. The command line uses
//! [`console`], which needs no user: whoever has the console owns the shop.

mod api;
mod authenticate;
mod commands;
pub mod console;
mod contact;
mod entry;
pub mod explain;
mod input;
mod pages;
mod passwords;
mod queries;
mod refusal;
mod rows;
mod scalars;
mod second_factor;
mod secrets;
pub mod sql;
pub mod words;

use gondola_store::At;

use crate::kernel::Endpoint;

pub use authenticate::{Known, RefusedKey, SESSION_COOKIE, authenticate, refuse_key_in_address, still_known};
pub use commands::{
    ChangeUser, CreateKey, CreateUser, DrawToken, FAILED_LOG_IN, RevokeKey, RotateKey, SetUp, UserChange, granted_role,
};
pub use contact::{EMAIL, PHONE};
pub use input::{KeyInput, RotationInput, UserInput};
pub use passwords::Password;
pub use queries::key_ends;
pub use refusal::PeopleRefusal;
pub use rows::{KeyRecord, KeyState, SessionRecord, UserRecord};
pub use scalars::schemas;
pub use second_factor::{TOTP_PENDING, TOTP_SECRET};
pub use secrets::Secret;

/// A minute in microseconds.
const MINUTE_US: At = 60_000_000;
/// A session that nobody uses ends after 30 minutes (USR-3).
const IDLE_US: At = 30 * MINUTE_US;
/// A session ends after 8 hours (USR-3).
const LASTS_US: At = 8 * 60 * MINUTE_US;
/// Sessions of one user at most; the oldest ends when there is one more.
const SESSIONS_MAX: i64 = 20;
/// "Last seen" and "last used" are written at most this often.
const TOUCH_US: At = MINUTE_US;
/// Failed log-ins until the account has to wait (USR-2).
const FAILURES_MAX: i64 = 5;
/// How long it has to wait (USR-2).
const LOCK_US: At = 15 * MINUTE_US;
/// Log-in attempts per minute from one address for one account (USR-2).
const ATTEMPTS_PER_MINUTE_MAX: u32 = 5;
/// And from one network for all accounts together: a shop's people behind one address have room, whoever tries a password
/// on one account after the other has not.
const ATTEMPTS_OF_A_NETWORK_MAX: u32 = 20;
/// A set-up token is good for 30 minutes (SEC-4).
const TOKEN_LASTS_US: At = 30 * MINUTE_US;
/// A key lasts 60 days unless somebody says otherwise (KEY-6).
const KEY_DAYS_DEFAULT: i32 = 60;
/// A key lasts 365 days at most (KEY-6).
const KEY_DAYS_MAX: i32 = 365;

/// A key is about to end when it has a week left (KEY-6).
const EXPIRES_SOON_US: At = 7 * 24 * 60 * MINUTE_US;
/// Hours that the secret before a rotation is still good, unless somebody says otherwise (KEY-5).
const OVERLAP_HOURS_DEFAULT: i64 = 24;
/// Hours that it is good at most.
const OVERLAP_HOURS_MAX: i64 = 7 * 24;

/// The feature's routes.
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = api::endpoints();
    endpoints.extend(pages::endpoints());
    endpoints
}
