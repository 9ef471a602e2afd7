//! `/users`: the people who may log in.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gondola_store::{Key, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::commands::{ChangeUser, CreateUser, UserChange};
use super::super::contact::{self, SetContact};
use super::super::input::{self, UserInput};
use super::super::passwords::Password;
use super::super::queries;
use super::super::refusal::PeopleRefusal;
use super::super::rows::UserRecord;
use super::super::scalars::{NewPassword, OwnLocation, PersonName, RoleCode, UserName};
use super::id;
use crate::kernel::body::NoBody;
use crate::kernel::scalars::{Email, Phone, Version};
use crate::kernel::{
    App, Body, Caller, Columns, Errors, IfMatch, List, Listing, Page, Problem, Reader, RequestKey, time,
};

/// Somebody who may log in.
#[derive(Serialize, ToSchema)]
pub struct User {
    #[schema(format = "uuid")]
    id: String,
    #[schema(example = "marta")]
    username: String,
    #[schema(example = "Marta Gómez")]
    name: String,
    /// `admin`, `manager`, `deposito`, `negocio`, `cashier` or `auditor`.
    role: String,
    /// The code of the one location they may see and touch; null means all.
    #[schema(required)]
    location: Option<String>,
    active: bool,
    /// Whether a log-in also asks for a code of their authenticator.
    second_factor: bool,
    /// Until when too many failed log-ins keep them out.
    #[schema(required, format = "date-time")]
    locked_until: Option<String>,
    #[schema(format = "date-time")]
    created_at: String,
    /// For `If-Match`.
    version: i64,
}

impl From<UserRecord> for User {
    fn from(user: UserRecord) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.username,
            name: user.name,
            role: user.role,
            location: user.location,
            active: user.active,
            second_factor: user.second_factor,
            locked_until: user.locked_until.map(time::format_instant),
            created_at: time::format_instant(user.created_at),
            version: user.version,
        }
    }
}

/// A user to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// What they log in with.
    #[schema(value_type = UserName, required)]
    username: Option<String>,
    /// What others know them by.
    #[schema(value_type = PersonName, required)]
    name: Option<String>,
    /// `admin`, `manager`, `deposito`, `negocio`, `cashier` or `auditor`.
    #[schema(value_type = RoleCode, required)]
    role: Option<String>,
    /// The code of the one location they may see and touch; none means all.
    #[schema(value_type = Option<OwnLocation>)]
    location: Option<String>,
    /// Not a common one, nor their own name.
    #[schema(value_type = NewPassword, required)]
    password: Option<String>,
}

/// What to change about a user; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// What others know them by.
    #[schema(value_type = Option<PersonName>)]
    name: Option<String>,
    /// What they do in the shop.
    #[schema(value_type = Option<RoleCode>)]
    role: Option<String>,
    /// The code of their one location; an empty text means all.
    #[schema(value_type = Option<OwnLocation>)]
    location: Option<String>,
    active: Option<bool>,
    /// A new password; ends their sessions.
    #[schema(value_type = Option<NewPassword>)]
    password: Option<String>,
}

/// Which users.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Users {
    /// Whose e-mail this is, the whole address: it lies sealed, and no part of it can be looked for.
    #[param(value_type = Option<Email>, nullable = false)]
    email: Option<String>,
}

impl List for Users {
    type Item = User;
    type Key = String;
    /// The digest of an e-mail; none means everybody.
    type Filter = Option<Vec<u8>>;

    const NAME: &'static str = "users";
    const TITLE: [&'static str; 2] = ["Usuarios", "Users"];
    const NEEDS: Permission = Permission::ManagePeople;

    async fn look_up(self, app: &App, _: &mut Reader) -> Result<Option<Self::Filter>, Problem> {
        let mut errors = Errors::new();
        let email = contact::parse_email(&mut errors, self.email);
        errors.finish()?;
        Ok(Some(email.map(|email| contact::email_index(app.db.vault(), &email))))
    }

    async fn page(
        email: &Self::Filter,
        reader: &mut Reader,
        after: Option<String>,
        limit: i64,
    ) -> Result<Page<User>, Problem> {
        let rows = queries::list_users(&mut reader.tx(), email.as_deref(), after.as_deref(), limit + 1).await?;
        Ok(Page::cut(rows, limit, |user| user.username.clone(), User::from))
    }

    fn columns(_: Option<&Self::Filter>) -> Columns<User> {
        Columns::<User>::new()
            .text("Usuario", "User name", |user| user.username.clone())
            .text("Nombre", "Name", |user| user.name.clone())
            .text("Rol", "Role", |user| user.role.clone())
            .text("Ubicación", "Place", |user| user.location.clone())
            .flag("Activo", "Active", |user| user.active)
            .flag("Segundo paso", "Second step", |user| user.second_factor)
            .instant("Bloqueado hasta", "Locked until", |user| user.locked_until.clone())
            .instant("Creado", "Created", |user| user.created_at.clone())
            .text("Id", "Id", |user| user.id.clone())
    }
}

/// Users by user name.
#[utoipa::path(get, path = "/api/v1/users", tag = "people", params(Users),
    responses((status = 200, body = Page<User>)))]
pub async fn list_users(asked: Listing<Users>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Makes a user.
#[utoipa::path(post, path = "/api/v1/users", tag = "people", request_body = NewUser,
    responses((status = 201, body = User)))]
pub async fn create_user(
    State(app): State<App>,
    Caller(actor): Caller,
    key: RequestKey,
    body: Body<NewUser>,
) -> Result<Response, Problem> {
    let key = body.key(&key, "POST /users");
    let NewUser { username, name, role, location, password } = body.value;
    let new = UserInput { username, name, role, location, password }.parse()?;
    let command = CreateUser {
        username: new.username,
        name: new.name,
        role: new.role,
        location: new.location,
        password_hash: new.password.hash(&app.doors).await?,
    };
    let done = app.db.execute(&actor, key, command).await?;
    Ok(answer(StatusCode::CREATED, User::from(done.out), done.replayed))
}

/// Changes a user. A change of role, location, password or use ends their sessions.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "people", request_body = UserPatch,
    params(("id" = Uuid, Path, description = "The user's id."),
        ("If-Match" = Version, Header, description = "The version the change is based on.")),
    responses((status = 200, body = User)))]
pub async fn change_user(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    IfMatch(version): IfMatch,
    body: Body<UserPatch>,
) -> Result<Response, Problem> {
    let id = id(&path)?;
    let user = {
        let mut reader = Reader::open(&app, &actor, Permission::ManagePeople).await?;
        queries::find_user(&mut reader.tx(), id).await?.ok_or(PeopleRefusal::UnknownUser)?
    };
    let (mut change, password) = parse_change(body.value, &user.username)?;
    if let Some(password) = password {
        change.password_hash = Some(password.hash(&app.doors).await?);
    }
    let done = app.db.execute(&actor, None, ChangeUser { id, version: Some(version), change }).await?;
    Ok(answer(StatusCode::OK, User::from(done.out), done.replayed))
}

fn parse_change(patch: UserPatch, username: &str) -> Result<(UserChange, Option<Password>), Problem> {
    let mut errors = Errors::new();
    let name = patch.name.and_then(|text| input::parse_name(&mut errors, &text, input::NAME_MAX));
    let role = patch.role.and_then(|code| input::parse_role(&mut errors, &code));
    let password = patch.password.and_then(|text| errors.take("password", Password::choose(&text, username)));
    let location = patch.location.map(|code| input::parse_location(&mut errors, Some(code)));
    errors.finish()?;
    Ok((UserChange { name, role, location, active: patch.active, password_hash: None }, password))
}

/// Keeps a user out; their sessions and the keys they made end at once.
#[utoipa::path(post, path = "/api/v1/users/{id}/disable", tag = "people",
    params(("id" = Uuid, Path, description = "The user's id.")), responses((status = 200, body = User)))]
pub async fn disable_user(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    key: RequestKey,
    _: NoBody,
) -> Result<Response, Problem> {
    let id = id(&path)?;
    let key: Option<Key> = key.bind(&format!("POST /users/{id}/disable"), &[]);
    let change = UserChange { active: Some(false), ..UserChange::default() };
    let done = app.db.execute(&actor, key, ChangeUser { id, version: None, change }).await?;
    Ok(answer(StatusCode::OK, User::from(done.out), done.replayed))
}

/// How somebody is reached.
#[derive(Serialize, ToSchema)]
pub struct UserContact {
    #[schema(required, value_type = Option<Email>)]
    email: Option<String>,
    #[schema(required, value_type = Option<Phone>)]
    phone: Option<String>,
    /// The user's, for `If-Match`.
    version: i64,
}

/// How somebody is reached from now on; what is left out is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    #[schema(value_type = Option<Email>)]
    email: Option<String>,
    #[schema(value_type = Option<Phone>)]
    phone: Option<String>,
}

/// How a user is reached. Both lie sealed: the log of accesses tells who looked.
#[utoipa::path(get, path = "/api/v1/users/{id}/contact", tag = "people",
    params(("id" = Uuid, Path, description = "The user's id.")), responses((status = 200, body = UserContact)))]
pub async fn get_contact(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
) -> Result<Json<UserContact>, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ManagePeople).await?;
    let user = queries::find_user(&mut reader.tx(), id(&path)?).await?.ok_or(PeopleRefusal::UnknownUser)?;
    let (mut tx, opener) = reader.opening("people.get_contact");
    let contact = contact::open_contact(&mut tx, &opener, user.id).await?;
    let given = |text: Option<&str>| text.map(str::to_owned);
    Ok(Json(UserContact { email: given(contact.email()), phone: given(contact.phone()), version: user.version }))
}

/// Writes down how a user is reached, in the place of what was there.
#[utoipa::path(put, path = "/api/v1/users/{id}/contact", tag = "people", request_body = NewContact,
    params(("id" = Uuid, Path, description = "The user's id."),
        ("If-Match" = Version, Header, description = "The version the change is based on.")),
    responses((status = 200, body = UserContact)))]
pub async fn set_contact(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(path): Path<String>,
    IfMatch(version): IfMatch,
    body: Body<NewContact>,
) -> Result<Json<UserContact>, Problem> {
    let user = id(&path)?;
    let mut errors = Errors::new();
    let email = contact::parse_email(&mut errors, body.value.email);
    let phone = contact::parse_phone(&mut errors, body.value.phone);
    errors.finish()?;
    let command = SetContact { user, version, email: email.clone(), phone: phone.clone() };
    let done = app.db.execute(&actor, None, command).await?;
    Ok(Json(UserContact { email, phone, version: done.out.version }))
}

/// The body with its status, marked when it is an earlier answer repeated.
pub(super) fn answer<T: Serialize>(status: StatusCode, body: T, replayed: bool) -> Response {
    let mut response = (status, Json(body)).into_response();
    if replayed {
        let headers = response.headers_mut();
        headers.insert("idempotency-replayed", axum::http::HeaderValue::from_static("true"));
    }
    response
}
