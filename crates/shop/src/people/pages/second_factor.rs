//! One's own second factor: the square code that an authenticator reads, the first code that proves it, the
//! codes to write down, which are shown once.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gondola_store::protect::Protected;
use gondola_store::{Actor, ActorKind};
use gondola_vault::TotpSecret;
use qrcodegen::{QrCode, QrCodeEcc};

use super::super::authenticate::session_digest;
use super::super::commands::{BeginSecondFactor, ConfirmSecondFactor, EndSecondFactor, ReplaceRecoveryCodes};
use super::super::entry;
use super::super::queries::find_factor;
use super::super::refusal::PeopleRefusal;
use super::super::rows::FactorRow;
use super::super::second_factor::{self as factor, Proof};
use super::super::secrets::{Kind, Secret};
use super::doors::{session_cookie, with_cookie};
use crate::kernel::endpoint::SECOND_FACTOR_PAGE;
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, page};

/// Empty squares around a square code, as readers want them.
const QUIET: i32 = 4;

/// What an authenticator is to learn.
pub(super) struct Lesson {
    /// The address in the square code.
    pub uri: String,
    /// The side of the square, in modules with the quiet zone.
    pub side: i32,
    /// Its dark modules, as the path of an SVG.
    pub path: String,
    /// The secret to type, in groups of four.
    pub typed: String,
}

/// How far somebody is.
pub(super) enum Standing {
    /// A log-in asks for the password alone.
    Off,
    /// The authenticator is learning.
    Learning(Lesson),
    /// A log-in asks for a code; so many written-down ones are left.
    On(i64),
}

#[derive(Template)]
#[template(path = "second_factor.html")]
pub(super) struct SecondFactorPage {
    pub chrome: Chrome,
    pub standing: Standing,
    /// Codes to write down, shown this once.
    pub written: Vec<String>,
    /// Whether nothing else can be done before.
    pub must: bool,
    pub form: Form,
}

pub async fn show(State(app): State<App>, chrome: Chrome) -> Result<Response, Problem> {
    show_factor(&app, chrome, Vec::new(), Form::new(), StatusCode::OK).await
}

/// Draws a secret for the authenticator; a secret that was drawn before and never confirmed is forgotten.
pub async fn begin(State(app): State<App>, Caller(actor): Caller, _: Form) -> Result<Response, Problem> {
    let secret = Protected::new(TotpSecret::draw());
    app.db.execute(&actor, None, BeginSecondFactor { secret }).await?;
    Ok(page::go(SECOND_FACTOR_PAGE))
}

pub async fn confirm(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let row = own(&app, &actor).await?;
    let Some(sealed) = row.totp_pending.clone() else { return Err(PeopleRefusal::HasFactor.into()) };
    entry::admit_own(&app, &actor).await?;
    // Whoever finds a browser open does not put their own telephone in.
    if let Err(problem) = entry::ask_password(&app, &actor, form.value("password")).await {
        return shown_again(&app, chrome, form, problem).await;
    }
    let proof = factor::prove(&app.db, &actor, row.pending(), form.value("code")).await?;
    let Some(Proof::Step(step)) = proof else { return refused(&app, chrome, form).await };
    let (written, recovery) = factor::draw_recovery_codes(app.db.vault(), actor.id);
    let id = Secret::draw();
    let session = session_digest(&app, &headers).map(|before| (before, id.digest(app.db.vault(), Kind::Session)));
    let held = session.is_some();
    app.db.execute(&actor, None, ConfirmSecondFactor { sealed, step, recovery, session }).await?;
    let response = show_factor(&app, chrome, written, Form::new(), StatusCode::OK).await?;
    Ok(if held { with_cookie(response, session_cookie(&app, &id)) } else { response })
}

pub async fn codes(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    let Some(proof) = proven(&app, &actor, &form).await? else { return refused(&app, chrome, form).await };
    let (written, recovery) = factor::draw_recovery_codes(app.db.vault(), actor.id);
    app.db.execute(&actor, None, ReplaceRecoveryCodes { proof, recovery }).await?;
    show_factor(&app, chrome, written, Form::new(), StatusCode::OK).await
}

pub async fn end(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    let Some(proof) = proven(&app, &actor, &form).await? else { return refused(&app, chrome, form).await };
    app.db.execute(&actor, None, EndSecondFactor { proof }).await?;
    Ok(page::go_saying(&app, SECOND_FACTOR_PAGE, &Flash::says("second_factor.ended", "")))
}

/// The proof in the form, against the factor in use.
async fn proven(app: &App, actor: &Actor, form: &Form) -> Result<Option<Proof>, Problem> {
    entry::admit_own(app, actor).await?;
    let row = own(app, actor).await?;
    Ok(factor::prove(&app.db, actor, row.factor(), form.value("code")).await?)
}

async fn own(app: &App, actor: &Actor) -> Result<FactorRow, Problem> {
    Ok(find_factor(&app.db, actor.id).await?.ok_or(PeopleRefusal::UnknownUser)?)
}

async fn refused(app: &App, chrome: Chrome, form: Form) -> Result<Response, Problem> {
    shown_again(app, chrome, form, PeopleRefusal::WrongCode.into()).await
}

async fn shown_again(app: &App, chrome: Chrome, form: Form, problem: Problem) -> Result<Response, Problem> {
    let form = form.refused(problem)?;
    show_factor(app, chrome, Vec::new(), form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn show_factor(
    app: &App,
    chrome: Chrome,
    written: Vec<String>,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let row = own(app, &chrome.actor).await?;
    let standing = if row.totp_secret.is_some() {
        Standing::On(row.codes)
    } else {
        match factor::open(&app.db, &chrome.actor, "people.learn_second_factor", row.pending()).await? {
            Some(secret) => Standing::Learning(lesson(&factor::uri(&secret, &row.username), &secret.base32())?),
            None => Standing::Off,
        }
    };
    let must = matches!(chrome.actor.kind, ActorKind::Arriving(_)) && written.is_empty();
    let chrome = chrome.titled("second_factor.title");
    page::show_as(status, &chrome.clone(), &SecondFactorPage { chrome, standing, written, must, form })
}

pub(super) fn lesson(uri: &str, base32: &str) -> Result<Lesson, Problem> {
    let code = QrCode::encode_text(uri, QrCodeEcc::Medium).map_err(|error| {
        tracing::error!(%error, code = "internal", "an address is too long for a square code");
        Problem::internal()
    })?;
    let modules = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let dark = modules.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET)).collect();
    let groups: Vec<&str> = (0..base32.len()).step_by(4).map(|at| &base32[at..(at + 4).min(base32.len())]).collect();
    Ok(Lesson { uri: uri.to_owned(), side: code.size() + 2 * QUIET, path, typed: groups.join(" ") })
}
