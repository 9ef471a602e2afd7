//! Why somebody may call a route or may not (USR-9), told from the same declarations and rights that decide.

use axum::http::Method;
use gondola_store::{Actor, ActorKind, Db, Permission, Role};

use super::queries;
use super::refusal::PeopleRefusal;
use super::rows::UserRecord;
use crate::FEATURES;
use crate::kernel::{Access, Endpoint, Problem, Text};

/// A route as it is declared.
#[derive(Debug, Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The template, as `/api/v1/products/{sku}`.
    pub path: String,
    /// Who may call it.
    pub access: Access,
    /// Whether what it answers can be taken along as a file, which needs the right to export besides.
    pub exports: bool,
}

impl From<Endpoint> for Route {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            method: endpoint.method,
            path: endpoint.path,
            access: endpoint.access,
            exports: endpoint.export.is_some(),
        }
    }
}

impl Route {
    /// Whether an address is one of its own; with how many words of the template, so that the closest one wins.
    fn fits(&self, address: &str) -> Option<usize> {
        let mut words = 0;
        let mut segments = address.split('/');
        for part in self.path.split('/') {
            if part.starts_with("{*") {
                return segments.next().is_some().then_some(words);
            }
            let segment = segments.next()?;
            match part.starts_with('{') {
                true if segment.is_empty() => return None,
                true => {}
                false if part != segment => return None,
                false => words += 1,
            }
        }
        segments.next().is_none().then_some(words)
    }
}

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The route is open to everybody.
    Open,
    /// The user may not log in.
    Disabled,
    /// The user's role asks for a second step that they have not turned on yet.
    Arriving,
    /// The role holds what is needed.
    Holds,
    /// It does not.
    Lacks,
}

/// Why somebody may call a route or may not.
#[derive(Debug)]
pub struct Explanation {
    /// The route.
    pub route: Route,
    /// Of what is needed, which right is enough: any of them. None for an open route.
    pub needs: &'static [Permission],
    /// Those of them that the role holds.
    pub holds: Vec<Permission>,
    /// What decides.
    pub reason: Reason,
}

impl Explanation {
    /// Whether they may.
    pub fn granted(&self) -> bool {
        matches!(self.reason, Reason::Open | Reason::Holds)
    }

    /// The roles that may.
    pub fn roles(&self) -> Vec<&'static str> {
        let may = |role: &Role| self.needs.is_empty() || self.needs.iter().any(|right| passes(*role, *right));
        Role::ALL.into_iter().filter(may).map(Role::code).collect()
    }

    /// It in words.
    pub fn text(&self, user: &UserRecord) -> Text {
        let (name, role) = (&user.username, &user.role);
        let codes = |rights: &[Permission]| rights.iter().map(|right| right.code()).collect::<Vec<_>>().join(", ");
        let (needs, holds, roles) = (codes(self.needs), codes(&self.holds), self.roles().join(", "));
        match self.reason {
            Reason::Open => Text::new("es una puerta abierta para todos", "it is a door open to everybody"),
            Reason::Disabled => {
                Text::new(format!("{name} no puede entrar: está deshabilitado"), format!("{name} is disabled"))
            }
            Reason::Arriving => Text::new(
                format!("con el rol {role} se entra con un segundo paso, y {name} todavía no lo activó"),
                format!("the role {role} logs in with a second step, and {name} has not turned it on yet"),
            ),
            Reason::Holds if self.needs.len() > 1 => Text::new(
                format!(
                    "pide uno de estos derechos: {needs}; {role} tiene {holds}, y lo que se manda decide cuál hace falta"
                ),
                format!("it needs one of these rights: {needs}; {role} holds {holds}, and what is sent decides which"),
            ),
            Reason::Holds => Text::new(
                format!("pide el derecho {needs}, y {role} lo tiene"),
                format!("it needs the right {needs}, and {role} holds it"),
            ),
            Reason::Lacks => Text::new(
                format!("pide el derecho {needs}, y {role} no lo tiene; lo tienen: {roles}"),
                format!("it needs the right {needs}, and {role} does not hold it; these do: {roles}"),
            ),
        }
    }
}

/// Whether a user of a role holds a right.
fn passes(role: Role, right: Permission) -> bool {
    let user = Actor::of(ActorKind::User(role));
    user.may(right)
}

/// Why a user may call each route that `asked` names, or may not: `POST /api/v1/movements`, or an address alone for all
/// its methods. `others` are the routes that belong to no feature, `second_factor_roles` the roles that log in with a
/// second step.
///
/// # Errors
/// 404 for an unknown user or route, 503 or 500.
pub async fn explain(
    db: &Db,
    username: &str,
    asked: &str,
    others: Vec<Route>,
    second_factor_roles: &[Role],
) -> Result<(UserRecord, Vec<Explanation>), Problem> {
    let user = {
        let mut rx = db.read().await?;
        queries::find_user_by_name(&mut rx.as_tx(), username).await?.ok_or(PeopleRefusal::UnknownUser)?
    };
    let role = user.role()?;
    let entry = match (user.active, second_factor_roles.contains(&role) && !user.second_factor) {
        (false, _) => Entry::Closed,
        (true, true) => Entry::HalfWay,
        (true, false) => Entry::Open,
    };
    let as_file = asked.split_once('?').is_some_and(|(_, query)| query.split('&').any(asks_for_file));
    let explained = |route: Route| {
        let told = explain_one(route, role, entry);
        if !(as_file && told.route.exports && told.granted()) {
            return told;
        }
        explain_one(Route { access: Access::Needs(Permission::Export), ..told.route }, role, entry)
    };
    let told: Vec<Explanation> = routes_named(asked, others).into_iter().map(explained).collect();
    if told.is_empty() {
        return Err(PeopleRefusal::UnknownRoute(asked.to_owned()).into());
    }
    Ok((user, told))
}

fn asks_for_file(pair: &str) -> bool {
    pair.strip_prefix("format=").is_some_and(|format| format != "json")
}

/// How far a user gets at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// In.
    Open,
    /// To their own account, until they have turned on the second step.
    HalfWay,
    /// Not at all.
    Closed,
}

/// Why a user of a role may call a route, or may not.
pub fn explain_one(route: Route, role: Role, entry: Entry) -> Explanation {
    let needs: &'static [Permission] = match route.access {
        Access::Anonymous => &[],
        Access::Needs(right) => right.alone(),
        Access::NeedsOneOf(rights) => rights,
    };
    let holds: Vec<Permission> = needs.iter().copied().filter(|right| passes(role, *right)).collect();
    let own = needs.contains(&Permission::OwnSession);
    let reason = match (needs.is_empty(), entry) {
        (true, _) => Reason::Open,
        (false, Entry::Closed) => Reason::Disabled,
        (false, Entry::HalfWay) if !own => Reason::Arriving,
        (false, _) if holds.is_empty() => Reason::Lacks,
        (false, _) => Reason::Holds,
    };
    Explanation { route, needs, holds, reason }
}

/// The routes that a text names: the closest template of each method.
fn routes_named(asked: &str, others: Vec<Route>) -> Vec<Route> {
    let asked = asked.trim();
    let (method, address) = match asked.split_once(' ') {
        Some((method, address)) => (Some(method.to_ascii_uppercase()), address.trim()),
        None => (None, asked),
    };
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let declared = FEATURES.iter().flat_map(|feature| (feature.endpoints)()).map(Route::from);
    let fitting = declared
        .chain(others)
        .filter(|route| method.as_ref().is_none_or(|method| route.method.as_str() == method))
        .filter_map(|route| Some((route.fits(address)?, route)));
    let mut closest: Vec<(usize, Route)> = Vec::new();
    for (words, route) in fitting {
        match closest.iter_mut().find(|(_, known)| known.method == route.method) {
            Some(known) if known.0 < words => *known = (words, route),
            Some(_) => {}
            None => closest.push((words, route)),
        }
    }
    closest.into_iter().map(|(_, route)| route).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(asked: &str) -> Vec<String> {
        let route =
            |method, path: &str| Route { method, path: path.to_owned(), access: Access::Anonymous, exports: false };
        let others = vec![route(Method::GET, "/things/{*rest}"), route(Method::GET, "/things/known")];
        let routes = routes_named(asked, others);
        routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect()
    }

    #[test]
    fn a_route_is_found_by_its_address_or_its_template() {
        assert_eq!(named("POST /api/v1/movements/batch"), ["POST /api/v1/movements/batch"]);
        assert_eq!(named("get /api/v1/inventory/LEC-1?x=1"), ["GET /api/v1/inventory/{sku}"]);
        assert_eq!(named("GET /api/v1/inventory/{sku}"), ["GET /api/v1/inventory/{sku}"]);
        assert_eq!(named("GET /things/known"), ["GET /things/known"]);
        assert_eq!(named("GET /things/a/b"), ["GET /things/{*rest}"]);
        assert!(named("/api/v1/keys").len() > 1);
        for nothing in ["", "DELETE /api/v1/movements", "/nothing", "/api/v1/inventory/", "/api/v1/inventory/a/b/c"] {
            assert!(named(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn what_decides_is_told() {
        let route = |access| Route { method: Method::GET, path: "/x".to_owned(), access, exports: false };
        let reason = |access, role, entry| explain_one(route(access), role, entry).reason;
        let keys = Access::Needs(Permission::ManageKeys);
        assert_eq!(reason(keys, Role::Admin, Entry::Open), Reason::Holds);
        assert_eq!(reason(keys, Role::Admin, Entry::Closed), Reason::Disabled);
        assert_eq!(reason(keys, Role::Admin, Entry::HalfWay), Reason::Arriving);
        assert_eq!(reason(Access::Needs(Permission::OwnSession), Role::Admin, Entry::HalfWay), Reason::Holds);
        assert_eq!(reason(keys, Role::Manager, Entry::Open), Reason::Lacks);
        assert_eq!(reason(Access::Anonymous, Role::Cashier, Entry::Closed), Reason::Open);
        let some = Access::NeedsOneOf(&[Permission::Sell, Permission::Waste]);
        let told = explain_one(route(some), Role::Cashier, Entry::Open);
        assert_eq!((told.reason, told.holds), (Reason::Holds, vec![Permission::Sell]));
        assert_eq!(explain_one(route(keys), Role::Cashier, Entry::Open).roles(), ["admin"]);
        assert_eq!(
            explain_one(route(Access::Needs(Permission::OwnSession)), Role::Auditor, Entry::Open).roles().len(),
            6
        );
    }
}
