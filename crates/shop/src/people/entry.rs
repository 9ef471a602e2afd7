//! Coming in: the log-in from the typed user name to the cookie, and the change of one's own
//! password. An account that does not exist costs the same hash and the same write as one that does,
//! and is refused in the same words (USR-2).

use std::sync::Arc;

use gondola_store::{Actor, Fail, Origin};
use gondola_vault::Digest;

use super::ATTEMPTS_PER_MINUTE_MAX;
use super::commands::{CountFailedLogIn, LogIn, RehashPassword, SetOwnPassword};
use super::input::fold_username;
use super::passwords::{Password, needs_rehash};
use super::queries::{find_log_in, find_password};
use super::refusal::{PeopleRefusal, bad_credentials, too_many_attempts};
use super::rows::LogInRow;
use super::secrets::{Kind, Secret};
use crate::kernel::{App, Client, Problem};

/// The product, shutting a door on somebody who is nobody.
fn door(origin: &Arc<Origin>) -> Actor {
    Actor { origin: Arc::clone(origin), ..Actor::system("log-in") }
}

/// Opens a session for a user name and password; answers the id for the cookie. `before` is the
/// session the browser held until now.
///
/// # Errors
/// 401 in the same words for every cause, 429 for too many attempts, 503.
pub async fn log_in(
    app: &App,
    client: &Client,
    origin: &Arc<Origin>,
    username: &str,
    password: &str,
    before: Option<Digest>,
) -> Result<Secret, Problem> {
    let username = fold_username(username);
    let attempts = format!("{} {username}", client.network());
    app.doors.log_ins.admit(attempts, ATTEMPTS_PER_MINUTE_MAX, app.db.now()).map_err(too_many_attempts)?;
    let claimed = Password::claim(password);
    let user = find_log_in(&app.db, &username).await?;
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let matches = claimed.clone().matches(stored, &app.doors).await?;
    let Some(user) = user.filter(|user| matches && user.may_enter(app.db.now())) else {
        app.db.execute(&door(origin), None, CountFailedLogIn { username }).await?;
        return Err(bad_credentials());
    };
    let id = open_session(app, client, &user.actor(origin)?, username, before).await?;
    keep_hash_current(app, user, claimed).await?;
    Ok(id)
}

/// Opens the first user's session, whose password was just chosen.
///
/// # Errors
/// 503.
pub async fn open_first_session(
    app: &App,
    client: &Client,
    origin: &Arc<Origin>,
    username: String,
) -> Result<Secret, Problem> {
    let user = find_log_in(&app.db, &username).await?.ok_or_else(bad_credentials)?;
    open_session(app, client, &user.actor(origin)?, username, None).await
}

async fn open_session(
    app: &App,
    client: &Client,
    user: &Actor,
    username: String,
    before: Option<Digest>,
) -> Result<Secret, Problem> {
    let id = Secret::draw();
    let command = LogIn {
        username,
        id_hash: id.digest(app.db.vault(), Kind::Session),
        before,
        client_ip: client.ip.to_string(),
        agent: client.agent.clone(),
    };
    match app.db.execute(user, None, command).await {
        Ok(_) => Ok(id),
        // Disabled or locked since the password was checked.
        Err(Fail::Refused(_)) => Err(bad_credentials()),
        Err(fail) => Err(fail.into()),
    }
}

async fn keep_hash_current(app: &App, user: LogInRow, password: Password) -> Result<(), Problem> {
    if !needs_rehash(&user.password_hash) {
        return Ok(());
    }
    let after = password.hash(&app.doors).await?;
    app.db
        .execute(&Actor::system("log-in"), None, RehashPassword { user: user.id, before: user.password_hash, after })
        .await?;
    Ok(())
}

/// Changes the caller's own password after asking for the current one; their other sessions end.
///
/// # Errors
/// 422 when the current one is wrong or the new one too easy, 429 for too many attempts.
pub async fn change_own_password(
    app: &App,
    actor: &Actor,
    current: &str,
    chosen: Password,
    session: Option<Digest>,
) -> Result<(), Problem> {
    app.doors.log_ins.admit(actor.reference(), ATTEMPTS_PER_MINUTE_MAX, app.db.now()).map_err(too_many_attempts)?;
    let stored = find_password(&app.db, actor.id).await?.map(|user| user.password_hash);
    if !Password::claim(current).matches(stored, &app.doors).await? {
        return Err(PeopleRefusal::WrongPassword.into());
    }
    let password_hash = chosen.hash(&app.doors).await?;
    app.db.execute(actor, None, SetOwnPassword { password_hash, keep: session }).await?;
    Ok(())
}
