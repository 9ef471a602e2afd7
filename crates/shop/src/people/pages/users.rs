//! Users: the list with the form for a new one, and one user to change.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gondola_store::{Actor, Permission};
use serde::Deserialize;
use uuid::Uuid;

use super::super::authenticate::session_digest;
use super::super::commands::{ChangeUser, CreateUser, ResetSecondFactor, UserChange};
use super::super::contact::{self, Contact, SetContact};
use super::super::input::{self, UserInput};
use super::super::passwords::Password;
use super::super::queries;
use super::super::refusal::PeopleRefusal;
use super::super::rows::{SessionRecord, UserRecord};
use super::sessions::{self, SessionLine};
use super::{ROWS_MAX, id, role_options};
use crate::kernel::chrome::role_name;
use crate::kernel::{App, Caller, Chrome, Errors, Flash, Form, Page, PageParams, Params, Problem, Reader, page};

/// A user as the list shows it.
pub(super) struct UserLine {
    pub user: UserRecord,
    pub role_label: &'static str,
}

#[derive(Template)]
#[template(path = "users.html")]
pub(super) struct UsersPage {
    pub chrome: Chrome,
    pub users: Vec<UserLine>,
    pub next: Option<String>,
    pub form: Form,
    pub roles: Vec<(&'static str, &'static str)>,
    pub locations: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "user.html")]
pub(super) struct UserPage {
    pub chrome: Chrome,
    pub user: UserRecord,
    pub form: Form,
    pub contact: Form,
    pub roles: Vec<(&'static str, &'static str)>,
    pub locations: Vec<(String, String)>,
    pub sessions: Vec<SessionLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListParams {
    after: Option<String>,
}

pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Params(params): Params<ListParams>,
) -> Result<Response, Problem> {
    show_list(&app, chrome, params, Form::new(), StatusCode::OK).await
}

pub async fn add(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match create(&app, &actor, &form).await {
        Ok(user) => Ok(page::go_saying(&app, "/people", &Flash::says("people.added", &user.name))),
        Err(problem) => {
            let form = form.refused(problem)?;
            show_list(&app, chrome, ListParams { after: None }, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn create(app: &App, actor: &Actor, form: &Form) -> Result<UserRecord, Problem> {
    let input = UserInput {
        username: form.given("username"),
        name: form.given("name"),
        role: form.given("role"),
        location: form.given("location"),
        password: Some(form.value("password").to_owned()).filter(|text| !text.is_empty()),
    };
    let new = input.parse()?;
    let command = CreateUser {
        username: new.username,
        name: new.name,
        role: new.role,
        location: new.location,
        password_hash: new.password.hash(&app.doors).await?,
    };
    Ok(app.db.execute(actor, form.key("POST /people")?, command).await?.out)
}

async fn show_list(
    app: &App,
    chrome: Chrome,
    params: ListParams,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let after: Option<String> = PageParams { after: params.after, limit: None }.after()?;
    let mut reader = Reader::open(app, &chrome.actor, Permission::ManagePeople).await?;
    let mut tx = reader.tx();
    let rows = queries::list_users(&mut tx, None, after.as_deref(), ROWS_MAX + 1).await?;
    let locations = queries::list_locations(&mut tx).await?;
    let page = Page::cut(rows, ROWS_MAX, |user| user.username.clone(), |user| user);
    let line = |user: UserRecord| Ok(UserLine { role_label: role_name(chrome.lang, user.role()?), user });
    let users = page.items.into_iter().map(line).collect::<Result<_, Problem>>()?;
    let next = page.next.map(|token| format!("/people?after={token}"));
    let chrome = chrome.titled("people.title");
    let roles = role_options(chrome.lang);
    page::show_as(status, &chrome.clone(), &UsersPage { chrome, users, next, form, roles, locations })
}

pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    headers: HeaderMap,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let found = find(&app, &chrome, &headers, &path).await?;
    let (form, contact) = (found.form(), found.contact_form());
    show_user(chrome, found, form, contact, StatusCode::OK)
}

pub async fn change(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    headers: HeaderMap,
    Path(path): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let user = {
        let mut reader = Reader::open(&app, &chrome.actor, Permission::ManagePeople).await?;
        queries::find_user(&mut reader.tx(), id(&path)?).await?.ok_or(PeopleRefusal::UnknownUser)?
    };
    match apply(&app, &actor, &user, &form).await {
        Ok(user) => Ok(page::go_saying(&app, "/people", &Flash::says("people.changed", &user.name))),
        Err(problem) => {
            let form = form.refused(problem)?;
            // The contact is opened, which is written down, only where it is shown.
            let found = find(&app, &chrome, &headers, &path).await?;
            let contact = found.contact_form();
            show_user(chrome, found, form, contact, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

pub async fn set_contact(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    headers: HeaderMap,
    Path(path): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let user = id(&path)?;
    match write_contact(&app, &actor, user, &form).await {
        Ok(user) => {
            let saved = Flash::says("people.contact_saved", &user.name);
            Ok(page::go_saying(&app, &format!("/people/{}", user.id), &saved))
        }
        Err(problem) => {
            let contact = form.refused(problem)?;
            let found = find(&app, &chrome, &headers, &path).await?;
            let form = found.form();
            show_user(chrome, found, form, contact, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

async fn write_contact(app: &App, actor: &Actor, user: Uuid, form: &Form) -> Result<UserRecord, Problem> {
    let mut errors = Errors::new();
    let email = contact::parse_email(&mut errors, form.given("email"));
    let phone = contact::parse_phone(&mut errors, form.given("phone"));
    errors.finish()?;
    let version = form.value("version").parse().map_err(|_| PeopleRefusal::Stale)?;
    let command = SetContact { user, version, email, phone };
    Ok(app.db.execute(actor, form.key("POST /people/{id}/contact")?, command).await?.out)
}

async fn apply(app: &App, actor: &Actor, user: &UserRecord, form: &Form) -> Result<UserRecord, Problem> {
    let mut errors = Errors::new();
    let name = input::parse_name(&mut errors, form.value("name"), input::NAME_MAX);
    let role = input::parse_role(&mut errors, form.value("role"));
    let password = Some(form.value("password")).filter(|text| !text.is_empty());
    let password = password.and_then(|text| errors.take("password", Password::choose(text, &user.username)));
    errors.finish()?;
    let version = form.value("version").parse().map_err(|_| PeopleRefusal::Stale)?;
    let password_hash = match password {
        Some(password) => Some(password.hash(&app.doors).await?),
        None => None,
    };
    let change = UserChange { name, role, location: Some(form.given("location")), active: None, password_hash };
    let command = ChangeUser { id: user.id, version: Some(version), change };
    Ok(app.db.execute(actor, form.key("POST /people/{id}")?, command).await?.out)
}

/// What the page of a user shows.
struct Found {
    user: UserRecord,
    contact: Contact,
    locations: Vec<(String, String)>,
    sessions: Vec<SessionRecord>,
}

impl Found {
    fn form(&self) -> Form {
        let user = &self.user;
        Form::new()
            .with("name", &*user.name)
            .with("role", &*user.role)
            .with("location", user.location.as_deref().unwrap_or_default())
            .with("version", user.version.to_string())
    }

    fn contact_form(&self) -> Form {
        Form::new()
            .with("email", self.contact.email().unwrap_or_default())
            .with("phone", self.contact.phone().unwrap_or_default())
            .with("version", self.user.version.to_string())
    }
}

async fn find(app: &App, chrome: &Chrome, headers: &HeaderMap, path: &str) -> Result<Found, Problem> {
    let mut reader = Reader::open(app, &chrome.actor, Permission::ManagePeople).await?;
    let mut tx = reader.tx();
    let user = queries::find_user(&mut tx, id(path)?).await?.ok_or(PeopleRefusal::UnknownUser)?;
    let sessions = queries::sessions_of(&mut tx, user.id, app.db.now(), session_digest(app, headers)).await?;
    let locations = queries::list_locations(&mut tx).await?;
    let (mut tx, opener) = reader.opening("people.get_contact");
    let contact = contact::open_contact(&mut tx, &opener, user.id).await?;
    Ok(Found { user, contact, locations, sessions })
}

fn show_user(chrome: Chrome, found: Found, form: Form, contact: Form, status: StatusCode) -> Result<Response, Problem> {
    let Found { user, locations, sessions, .. } = found;
    let mut chrome = chrome;
    chrome.title.clone_from(&user.name);
    let roles = role_options(chrome.lang);
    let sessions = sessions::lines(&chrome, &format!("/people/{}/sessions", user.id), sessions);
    page::show_as(status, &chrome.clone(), &UserPage { chrome, user, form, contact, roles, locations, sessions })
}

pub async fn reset_second_factor(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    let id = id(&path)?;
    app.db.execute(&actor, None, ResetSecondFactor { id }).await?;
    Ok(page::go_saying(&app, &format!("/people/{id}"), &Flash::says("people.factor_reset", "")))
}

pub async fn disable(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    set_active(&app, &actor, &path, Switch::Off).await
}

pub async fn enable(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    set_active(&app, &actor, &path, Switch::On).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    On,
    Off,
}

/// Needs no idempotency key: twice off is off.
async fn set_active(app: &App, actor: &Actor, path: &str, switch: Switch) -> Result<Response, Problem> {
    let said = match switch {
        Switch::On => "people.enabled",
        Switch::Off => "people.disabled",
    };
    let change = UserChange { active: Some(switch == Switch::On), ..UserChange::default() };
    let command = ChangeUser { id: id(path)?, version: None, change };
    let user = app.db.execute(actor, None, command).await?.out;
    Ok(page::go_saying(app, "/people", &Flash::says(said, &user.name)))
}
