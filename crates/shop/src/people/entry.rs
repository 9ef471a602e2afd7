//! Coming in: the log-in from the typed user name to the cookie, with its second step, and the change of
//! one's own password. An account that does not exist costs the same hash and the same write as one that does,
//! and is refused in the same words (USR-2).

use std::sync::Arc;

use axum::http::StatusCode;
use gondola_store::{Actor, Fail, Origin};
use gondola_vault::Digest;

use super::commands::{CountFailedLogIn, LogIn, RehashPassword, SetOwnPassword};
use super::input::fold_username;
use super::passwords::{Password, needs_rehash};
use super::queries::{find_log_in, find_password};
use super::refusal::{PeopleRefusal, bad_code, bad_credentials, first_step_again, too_many_attempts};
use super::rows::LogInRow;
use super::second_factor::{self, Proof};
use super::secrets::{Kind, Secret};
use super::{ATTEMPTS_OF_A_NETWORK_MAX, ATTEMPTS_PER_MINUTE_MAX};
use crate::kernel::{App, Client, Problem};

/// The product, shutting a door on somebody who is nobody.
fn door(origin: &Arc<Origin>) -> Actor {
    Actor { origin: Arc::clone(origin), ..Actor::system("log-in") }
}

/// How far a log-in got.
pub enum Entered {
    /// In, with the id for the cookie.
    Session(Secret),
    /// The password was right; what the form of the second step carries.
    SecondStep(String),
}

/// Opens a session for a user name and password, or asks for the second step. `before` is the session the
/// browser held until now.
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
) -> Result<Entered, Problem> {
    let username = fold_username(username);
    admit(app, client, &username).await?;
    let claimed = Password::claim(password);
    let user = find_log_in(&app.db, &username).await?;
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let matches = claimed.clone().matches(stored, &app.doors).await?;
    let Some(user) = user.filter(|user| matches && user.may_enter(app.db.now())) else {
        app.db.execute(&door(origin), None, CountFailedLogIn { username }).await?;
        return Err(bad_credentials());
    };
    let user = keep_hash_current(app, user, claimed).await?;
    if user.totp_secret.is_some() {
        let ticket = second_factor::ticket(app.db.vault(), &username, &user.password_hash, app.db.now());
        return Ok(Entered::SecondStep(ticket));
    }
    let session = NewSession { username, proof: None, before };
    Ok(Entered::Session(open_session(app, client, &user, origin, session).await?))
}

/// Opens a session for whoever holds a ticket of the first step and types a code: their authenticator's, or
/// one that they wrote down. A wrong one counts as a failed log-in.
///
/// # Errors
/// 401 for a wrong code, a ticket that is none or older than five minutes, 429 for too many attempts, 503.
pub async fn second_step(
    app: &App,
    client: &Client,
    origin: &Arc<Origin>,
    ticket: &str,
    code: &str,
    before: Option<Digest>,
) -> Result<Secret, Problem> {
    let (vault, now) = (app.db.vault(), app.db.now());
    let holder = second_factor::holder(vault, ticket, now).ok_or_else(first_step_again)?;
    let username = holder.username;
    admit(app, client, &username).await?;
    let user = find_log_in(&app.db, &username).await?.filter(|user| user.may_enter(now)).ok_or_else(bad_code)?;
    if holder.password != second_factor::password_mark(vault, &user.password_hash) {
        return Err(first_step_again());
    }
    let Some(proof) = second_factor::prove(&app.db, &user.actor(origin)?, user.factor(), code).await? else {
        return Err(count_failure(app, origin, username).await?);
    };
    let session = NewSession { username: username.clone(), proof: Some(proof), before };
    match open_session(app, client, &user, origin, session).await {
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED => Err(count_failure(app, origin, username).await?),
        other => other,
    }
}

async fn count_failure(app: &App, origin: &Arc<Origin>, username: String) -> Result<Problem, Problem> {
    app.db.execute(&door(origin), None, CountFailedLogIn { username }).await?;
    Ok(bad_code())
}

/// Asks somebody who is in for their password once more. Count the attempt before.
///
/// # Errors
/// 422 when it is another one.
pub async fn ask_password(app: &App, actor: &Actor, claimed: &str) -> Result<(), Problem> {
    let stored = find_password(&app.db, actor.id).await?.map(|user| user.password_hash);
    if Password::claim(claimed).matches(stored, &app.doors).await? {
        Ok(())
    } else {
        Err(PeopleRefusal::WrongPassword.into())
    }
}

/// One more attempt of somebody who is in, to prove that it is them.
///
/// # Errors
/// 429 for too many in a minute.
pub async fn admit_own(app: &App, actor: &Actor) -> Result<(), Problem> {
    attempt(app, &actor.reference(), ATTEMPTS_PER_MINUTE_MAX).await
}

/// The account's own count and the network's: one password tried on many accounts stays under the first.
async fn admit(app: &App, client: &Client, username: &str) -> Result<(), Problem> {
    let network = client.network();
    attempt(app, &format!("{network} {username}"), ATTEMPTS_PER_MINUTE_MAX).await?;
    attempt(app, &network.to_string(), ATTEMPTS_OF_A_NETWORK_MAX).await
}

async fn attempt(app: &App, whose: &str, limit: u32) -> Result<(), Problem> {
    app.doors.log_ins.admit(&app.db, &format!("log-in {whose}"), limit).await.map_err(too_many_attempts)
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
    open_session(app, client, &user, origin, NewSession { username, proof: None, before: None }).await
}

/// Whose session is opened, and on what grounds.
struct NewSession {
    username: String,
    proof: Option<Proof>,
    before: Option<Digest>,
}

async fn open_session(
    app: &App,
    client: &Client,
    user: &LogInRow,
    origin: &Arc<Origin>,
    session: NewSession,
) -> Result<Secret, Problem> {
    let NewSession { username, proof, before } = session;
    let id = Secret::draw();
    let command = LogIn {
        username,
        password_hash: user.password_hash.clone(),
        proof,
        id_hash: id.digest(app.db.vault(), Kind::Session),
        before,
        client_ip: client.ip.to_string(),
        agent: client.agent.clone(),
    };
    match app.db.execute(&user.actor(origin)?, None, command).await {
        Ok(_) => Ok(id),
        // Disabled, locked or given another password since it was checked, or the code was used meanwhile.
        Err(Fail::Refused(_)) => Err(bad_credentials()),
        Err(fail) => Err(fail.into()),
    }
}

/// The user with a hash of today's parameters, which is kept when the one before was not.
async fn keep_hash_current(app: &App, user: LogInRow, password: Password) -> Result<LogInRow, Problem> {
    if !needs_rehash(&user.password_hash) {
        return Ok(user);
    }
    let after = password.hash(&app.doors).await?;
    let rehash = RehashPassword { user: user.id, before: user.password_hash.clone(), after: after.clone() };
    app.db.execute(&Actor::system("log-in"), None, rehash).await?;
    Ok(LogInRow { password_hash: after, ..user })
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
    admit_own(app, actor).await?;
    ask_password(app, actor, current).await?;
    let password_hash = chosen.hash(&app.doors).await?;
    app.db.execute(actor, None, SetOwnPassword { password_hash, keep: session }).await?;
    Ok(())
}
