//! The feature's pages: the doors (log in, log out, first start), users, keys, one's own account.
//! Every form works without JavaScript; a form that worked leads on with 303, one with problems comes
//! back as typed with 422.

mod account;
mod doors;
mod kept;
mod keys;
#[cfg(test)]
mod samples;
mod second_factor;
mod sessions;
mod users;

use axum::http::Method;
use axum::routing::{get, post};
use gondola_store::{Permission, Role};
use uuid::Uuid;

use crate::kernel::chrome::role_name;
use crate::kernel::endpoint::SECOND_FACTOR_PAGE;
use crate::kernel::{Access, Endpoint, Lang, LimitGroup, Problem};

/// Rows on a screen (INP-2).
const ROWS_MAX: i64 = 100;

/// The pages' routes.
pub fn endpoints() -> Vec<Endpoint> {
    use LimitGroup::General;
    let open = Access::Anonymous;
    let people = Access::Needs(Permission::ManagePeople);
    let keys = Access::Needs(Permission::ManageKeys);
    let own = Access::Needs(Permission::OwnSession);
    vec![
        Endpoint::page(Method::GET, "/login", get(doors::login_page), open, General),
        Endpoint::page(Method::POST, "/login", post(doors::log_in), open, General),
        Endpoint::page(Method::POST, "/login/keep", post(kept::keep), open, General),
        Endpoint::page(Method::POST, "/login/second-step", post(doors::second_step), open, General),
        Endpoint::page(Method::POST, "/logout", post(doors::log_out), own, General),
        Endpoint::page(Method::GET, "/setup", get(doors::setup_page), open, General),
        Endpoint::page(Method::POST, "/setup", post(doors::set_up), open, General),
        Endpoint::page(Method::GET, "/people", get(users::list), people, General),
        Endpoint::page(Method::POST, "/people", post(users::add), people, General),
        Endpoint::page(Method::GET, "/people/{id}", get(users::show), people, General),
        Endpoint::page(Method::POST, "/people/{id}", post(users::change), people, General),
        Endpoint::page(Method::POST, "/people/{id}/contact", post(users::set_contact), people, General),
        Endpoint::page(
            Method::POST,
            "/people/{id}/second-factor/reset",
            post(users::reset_second_factor),
            people,
            General,
        ),
        Endpoint::page(Method::POST, "/people/{id}/sessions/revoke", post(sessions::end_all), people, General),
        Endpoint::page(
            Method::POST,
            "/people/{id}/sessions/{session}/revoke",
            post(sessions::end_one),
            people,
            General,
        ),
        Endpoint::page(Method::POST, "/people/{id}/disable", post(users::disable), people, General),
        Endpoint::page(Method::POST, "/people/{id}/enable", post(users::enable), people, General),
        Endpoint::page(Method::GET, "/keys", get(keys::list), keys, General),
        Endpoint::page(Method::POST, "/keys", post(keys::create), keys, General),
        Endpoint::page(Method::POST, "/keys/{id}/rotate", post(keys::rotate), keys, General),
        Endpoint::page(Method::POST, "/keys/{id}/revoke", post(keys::revoke), keys, General),
        Endpoint::page(Method::GET, "/account", get(account::show), own, General),
        Endpoint::page(Method::POST, "/account/password", post(account::change_password), own, General),
        Endpoint::page(Method::GET, SECOND_FACTOR_PAGE, get(second_factor::show), own, General),
        Endpoint::page(Method::POST, SECOND_FACTOR_PAGE, post(second_factor::begin), own, General),
        Endpoint::page(Method::POST, "/account/second-factor/confirm", post(second_factor::confirm), own, General),
        Endpoint::page(Method::POST, "/account/second-factor/codes", post(second_factor::codes), own, General),
        Endpoint::page(Method::POST, "/account/second-factor/end", post(second_factor::end), own, General),
        Endpoint::page(Method::POST, "/account/sessions/{id}/revoke", post(account::end_session), own, General),
    ]
}

/// The roles to choose from, as code and name.
fn role_options(lang: Lang) -> Vec<(&'static str, &'static str)> {
    Role::ALL.into_iter().map(|role| (role.code(), role_name(lang, role))).collect()
}

/// The id in a path; what is none names nothing.
fn id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
