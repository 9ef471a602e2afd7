//! The JSON API of users, keys and sessions. Handlers read the request, run a command or a query and
//! write the answer out; they decide nothing.

mod keys;
mod me;
mod sessions;
mod users;

use utoipa_axum::routes;
use uuid::Uuid;

use crate::kernel::{Access, Endpoint, LimitGroup, OpClass, Problem};
use gondola_store::Permission;

/// The API's routes.
pub fn endpoints() -> Vec<Endpoint> {
    use Access::Needs;
    use LimitGroup::General;
    use OpClass::{Read, Write};
    use Permission::{ManageKeys, ManagePeople, OwnSession, ReadCatalogue};
    vec![
        Endpoint::list::<users::Users>(routes!(users::list_users)),
        Endpoint::api(routes!(users::create_user), Needs(ManagePeople), Write, General),
        Endpoint::api(routes!(users::change_user), Needs(ManagePeople), Write, General),
        Endpoint::api(routes!(users::disable_user), Needs(ManagePeople), Write, General),
        Endpoint::api(routes!(users::get_contact), Needs(ManagePeople), Read, General),
        Endpoint::api(routes!(users::set_contact), Needs(ManagePeople), Write, General),
        Endpoint::api(routes!(sessions::list_sessions_of), Needs(ManagePeople), Read, General),
        Endpoint::api(routes!(sessions::revoke_sessions_of), Needs(ManagePeople), Write, General),
        Endpoint::api(routes!(sessions::revoke_session_of), Needs(ManagePeople), Write, General),
        Endpoint::list::<keys::Keys>(routes!(keys::list_keys)),
        Endpoint::api(routes!(keys::create_key), Needs(ManageKeys), Write, General),
        Endpoint::api(routes!(keys::rotate_key), Needs(ManageKeys), Write, General),
        Endpoint::api(routes!(keys::revoke_key), Needs(ManageKeys), Write, General),
        Endpoint::api(routes!(sessions::list_sessions), Needs(OwnSession), Read, General),
        Endpoint::api(routes!(sessions::revoke_session), Needs(OwnSession), Write, General),
        Endpoint::api(routes!(me::me), Needs(ReadCatalogue), Read, General),
    ]
}

/// The id in a path; what is none names nothing.
fn id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::not_found())
}
