//! What the machine's console may do without a user: make the first ones and the keys, see them, take
//! them away. The command line calls these; they are the same commands that pages and API run.

use gondola_store::{Actor, Db, Done, Fail, StoreError};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::commands::{ChangeUser, CreateUser, DrawToken, EndSessionsOf, ResetSecondFactor, RevokeKey, UserChange};
use super::input::{KeyInput, RotationInput, UserInput};
use super::passwords::{Password, is_weak};
use super::queries;
use super::refusal::PeopleRefusal;
use super::rows::{KeyRecord, SessionRecord, UserRecord};
use super::secrets::{Kind, Secret};
use crate::kernel::paging::LIMIT_MAX;
use crate::kernel::{Doors, Problem};
use gondola_store::Role;

/// A key with the secret that is shown this once.
#[derive(Debug)]
pub struct CreatedKey {
    /// The key as lists show it.
    pub key: KeyRecord,
    /// Its secret.
    pub secret: Secret,
}

/// A user with the password drawn for them, shown this once.
#[derive(Debug)]
pub struct DrawnUser {
    /// The user.
    pub user: UserRecord,
    /// Their password.
    pub password: Password,
}

fn console() -> Actor {
    Actor::system("console")
}

/// Draws the set-up token of a shop without users and voids those before it; nothing once there is a
/// user. `serve` prints it to the console and nowhere else (SEC-4).
///
/// # Errors
/// 503 when the database does not answer.
pub async fn draw_set_up_token(db: &Db) -> Result<Option<Secret>, Problem> {
    let token = Secret::draw();
    let command = DrawToken { token_hash: token.digest(db.vault(), Kind::SetUp) };
    match db.execute(&console(), None, command).await {
        Ok(_) => Ok(Some(token)),
        Err(Fail::Refused(PeopleRefusal::AlreadySetUp)) => Ok(None),
        Err(fail) => Err(fail.into()),
    }
}

/// Makes a user.
///
/// # Errors
/// The refusal as a problem, with all fields.
pub async fn add_user(db: &Db, input: UserInput) -> Result<UserRecord, Problem> {
    create_user(db, &Doors::default(), &console(), input).await
}

/// The users whose password is hashed with less than today's parameters, by user name. Their next log-in mends it.
///
/// # Errors
/// When the database does not answer.
pub async fn weakly_hashed(db: &Db) -> Result<Vec<String>, StoreError> {
    let mut rx = db.read().await?;
    let hashes = queries::list_password_hashes(&mut rx.as_tx()).await?;
    Ok(hashes.into_iter().filter(|(_, hash)| is_weak(hash)).map(|(username, _)| username).collect())
}

/// Every user, by user name.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn list_users(db: &Db) -> Result<Vec<UserRecord>, Problem> {
    let mut rx = db.read().await?;
    let mut tx = rx.as_tx();
    let mut users: Vec<UserRecord> = Vec::new();
    loop {
        let after = users.last().map(|user| user.username.clone());
        let page = queries::list_users(&mut tx, None, after.as_deref(), LIMIT_MAX).await?;
        if page.is_empty() {
            return Ok(users);
        }
        users.extend(page);
    }
}

/// Keeps a user out from now on; their sessions and keys end at once.
///
/// # Errors
/// The refusal as a problem.
pub async fn disable_user(db: &Db, username: &str) -> Result<UserRecord, Problem> {
    let change = UserChange { active: Some(false), ..UserChange::default() };
    change_user(db, username, change).await
}

/// Where a user is signed in, the newest first.
///
/// # Errors
/// The refusal as a problem.
pub async fn list_sessions(db: &Db, username: &str) -> Result<Vec<SessionRecord>, Problem> {
    let user = user_named(db, username).await?;
    let mut rx = db.read().await?;
    Ok(queries::sessions_of(&mut rx.as_tx(), user.id, db.now(), None).await?)
}

/// Ends one of a user's sessions, or all of them.
///
/// # Errors
/// The refusal as a problem.
pub async fn end_sessions(db: &Db, username: &str, session: Option<Uuid>) -> Result<UserRecord, Problem> {
    let user = user_named(db, username).await?;
    db.execute(&console(), None, EndSessionsOf { user: user.id, session }).await?;
    Ok(user)
}

/// Has log-ins ask a user for the password alone, whose telephone and written-down codes are lost.
///
/// # Errors
/// The refusal as a problem.
pub async fn reset_second_factor(db: &Db, username: &str) -> Result<UserRecord, Problem> {
    let user = user_named(db, username).await?;
    db.execute(&console(), None, ResetSecondFactor { id: user.id }).await?;
    Ok(UserRecord { second_factor: false, ..user })
}

/// Sets a user's password; none draws one.
///
/// # Errors
/// The refusal as a problem.
pub async fn set_password(db: &Db, username: &str, password: Option<&str>) -> Result<DrawnUser, Problem> {
    let password = match password {
        None => Password::draw(),
        Some(text) => chosen(text, username)?,
    };
    let hash = password.clone().hash(&Doors::default()).await?;
    let change = UserChange { password_hash: Some(hash), ..UserChange::default() };
    Ok(DrawnUser { user: change_user(db, username, change).await?, password })
}

async fn user_named(db: &Db, username: &str) -> Result<UserRecord, Problem> {
    let mut rx = db.read().await?;
    Ok(queries::find_user_by_name(&mut rx.as_tx(), username).await?.ok_or(PeopleRefusal::UnknownUser)?)
}

async fn change_user(db: &Db, username: &str, change: UserChange) -> Result<UserRecord, Problem> {
    let user = user_named(db, username).await?;
    let Done { out, .. } = db.execute(&console(), None, ChangeUser { id: user.id, version: None, change }).await?;
    Ok(out)
}

/// Makes an API key and shows its secret once. Needs no user.
///
/// # Errors
/// The refusal as a problem, with all fields.
pub async fn create_key(db: &Db, zone: &TimeZone, input: KeyInput) -> Result<CreatedKey, Problem> {
    let new = input.parse(db.now(), zone)?;
    let secret = Secret::draw_key();
    let command = new.create(secret.digest(db.vault(), Kind::Key));
    let Done { out, .. } = db.execute(&console(), None, command).await?;
    Ok(CreatedKey { key: out, secret })
}

/// Gives a key, by name, another secret and shows it once; the one until now stays good for a while.
///
/// # Errors
/// The refusal as a problem, with all fields.
pub async fn rotate_key(db: &Db, zone: &TimeZone, name: &str, input: RotationInput) -> Result<CreatedKey, Problem> {
    let key = key_named(db, name).await?;
    let secret = Secret::draw_key();
    let command = input.rotate(key.id, secret.digest(db.vault(), Kind::Key), db.now(), zone)?;
    let Done { out, .. } = db.execute(&console(), None, command).await?;
    Ok(CreatedKey { key: out, secret })
}

async fn key_named(db: &Db, name: &str) -> Result<KeyRecord, Problem> {
    let mut rx = db.read().await?;
    let found = queries::find_key_by_name(&mut rx.as_tx(), name).await?;
    Ok(found.ok_or(PeopleRefusal::UnknownKey)?)
}

/// Every key, by name.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn list_keys(db: &Db) -> Result<Vec<KeyRecord>, Problem> {
    let mut rx = db.read().await?;
    let mut tx = rx.as_tx();
    let mut keys: Vec<KeyRecord> = Vec::new();
    loop {
        let after = keys.last().map(|key| key.name.clone());
        let page = queries::list_keys(&mut tx, after.as_deref(), LIMIT_MAX).await?;
        if page.is_empty() {
            return Ok(keys);
        }
        keys.extend(page);
    }
}

/// Revokes a key by name, at once and for good.
///
/// # Errors
/// The refusal as a problem.
pub async fn revoke_key(db: &Db, name: &str) -> Result<KeyRecord, Problem> {
    let key = key_named(db, name).await?;
    let Done { out, .. } = db.execute(&console(), None, RevokeKey { id: key.id }).await?;
    Ok(out)
}

/// One user per role for the demo shop, each with a password drawn at random. Those who exist get a
/// new password, so that the console always shows one that works.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn demo_users(db: &Db) -> Result<Vec<DrawnUser>, Problem> {
    const PEOPLE: [(Role, &str, &str); 6] = [
        (Role::Admin, "duenia", "Marta (dueña)"),
        (Role::Manager, "encargado", "Jorge (encargado)"),
        (Role::Deposito, "deposito", "Nico (depósito)"),
        (Role::Negocio, "compras", "Silvia (compras)"),
        (Role::Cashier, "ventas", "Caro (ventas)"),
        (Role::Auditor, "contador", "Raúl (contador)"),
    ];
    let mut drawn = Vec::with_capacity(PEOPLE.len());
    for (role, username, name) in PEOPLE {
        let password = Password::draw();
        let input = UserInput {
            username: Some(username.to_owned()),
            name: Some(name.to_owned()),
            role: Some(role.code().to_owned()),
            location: None,
            password: Some(password.reveal().to_owned()),
        };
        match add_user(db, input).await {
            Ok(user) => drawn.push(DrawnUser { user, password }),
            Err(problem) if problem.code == "username_taken" => drawn.push(set_password(db, username, None).await?),
            Err(problem) => return Err(problem),
        }
    }
    Ok(drawn)
}

/// Hashes the password and makes the user; shared with pages and API.
pub(super) async fn create_user(
    db: &Db,
    doors: &Doors,
    actor: &Actor,
    input: UserInput,
) -> Result<UserRecord, Problem> {
    let new = input.parse()?;
    let command = CreateUser {
        username: new.username,
        name: new.name,
        role: new.role,
        location: new.location,
        password_hash: new.password.hash(doors).await?,
    };
    let Done { out, .. } = db.execute(actor, None, command).await?;
    Ok(out)
}

fn chosen(text: &str, username: &str) -> Result<Password, Problem> {
    Password::choose(text, username).map_err(|(code, text)| Problem::invalid_field("password", code, text.es, text.en))
}
