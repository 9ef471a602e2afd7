//! A route with everything that must be declared about it (RTE-1). There is no way to serve a
//! handler without saying who may call it, what kind of operation it is and which budget it draws
//! from; the access check is part of the route, before the body is read.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use gondola_store::{Actor, ActorKind, Permission};
use utoipa::openapi::{RefOr, path::Paths, schema::Schema};
use utoipa_axum::router::UtoipaMethodRouter;

use super::app::App;
use super::export::Export;
use super::list::List;
use super::problem::Problem;
use super::{cookie, docs};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody: health, log-in, set-up, static files (RTE-2).
    Anonymous,
    /// Whoever holds the right.
    Needs(Permission),
    /// Whoever holds one of the rights; the command asks for the exact one.
    NeedsOneOf(&'static [Permission]),
}

impl Access {
    /// Whether the actor passes.
    pub fn admits(self, actor: &Actor) -> bool {
        match self {
            Self::Anonymous => true,
            Self::Needs(permission) => actor.may(permission),
            Self::NeedsOneOf(permissions) => permissions.iter().any(|permission| actor.may(*permission)),
        }
    }
}

/// What kind of operation, for metrics and time limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpClass {
    /// Answers data.
    Read,
    /// Changes something.
    Write,
    /// Probes.
    Health,
    /// The metrics exposition.
    Metrics,
    /// Whole lists as files.
    Export,
    /// HTML.
    Page,
}

impl OpClass {
    /// The `op` label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Health => "health",
            Self::Metrics => "metrics",
            Self::Export => "export",
            Self::Page => "page",
        }
    }
}

/// Which request budget a route draws from (RL-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitGroup {
    /// Not counted: health and static files.
    Uncounted,
    /// The caller's general budget.
    General,
    /// Movements, sales and scans.
    LedgerWrites,
    /// Exports.
    Exports,
}

/// A face: a listener and the features it offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// 8080: people, and the whole API.
    Dashboard,
    /// 8001: the warehouse's programs.
    Deposito,
    /// 8002: suppliers, purchases, prices.
    Negocio,
}

impl Face {
    /// All faces, in the order of their listeners in the documents.
    pub const ALL: [Self; 3] = [Self::Dashboard, Self::Deposito, Self::Negocio];

    /// The name in settings, metrics and health.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::Deposito => "deposito",
            Self::Negocio => "negocio",
        }
    }

    /// The port when nobody says another.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Dashboard => 8080,
            Self::Deposito => 8001,
            Self::Negocio => 8002,
        }
    }
}

/// The faces a feature is served on; the dashboard serves everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Faces {
    /// Only the dashboard.
    Dashboard,
    /// The dashboard and the warehouse agent.
    Deposito,
    /// The dashboard and the business agent.
    Negocio,
    /// All of them.
    All,
}

impl Faces {
    /// Whether `face` is one of them.
    pub fn include(self, face: Face) -> bool {
        match (self, face) {
            (_, Face::Dashboard) | (Self::All, _) => true,
            (Self::Deposito, face) => face == Face::Deposito,
            (Self::Negocio, face) => face == Face::Negocio,
            (Self::Dashboard, _) => false,
        }
    }
}

/// A documented operation: its schemas and its place in the OpenAPI document.
pub type Docs = (Vec<(String, RefOr<Schema>)>, Paths);

/// One route and its declarations.
pub struct Endpoint {
    /// The route template, as axum writes it.
    pub path: String,
    /// The method.
    pub method: Method,
    /// Who may call it.
    pub access: Access,
    /// What kind of operation it is.
    pub class: OpClass,
    /// Which budget it draws from.
    pub limit: LimitGroup,
    /// Its part of the OpenAPI document; none for pages and files.
    pub docs: Option<Docs>,
    /// The list it answers, which also goes out as a file; the request is of class
    /// [`OpClass::Export`] then, and draws from [`LimitGroup::Exports`].
    pub export: Option<Export>,
    handler: MethodRouter<App>,
}

impl Endpoint {
    /// A documented API operation, made with `utoipa_axum::routes!`.
    pub fn api(routes: UtoipaMethodRouter<App>, access: Access, class: OpClass, limit: LimitGroup) -> Self {
        let (schemas, paths, handler) = routes;
        let (path, method) = {
            let (path, item) = paths.paths.iter().next().expect("routes! documents one path");
            let methods = [
                (&item.get, Method::GET),
                (&item.post, Method::POST),
                (&item.patch, Method::PATCH),
                (&item.put, Method::PUT),
                (&item.delete, Method::DELETE),
            ];
            let method = methods.into_iter().find(|(operation, _)| operation.is_some());
            (path.clone(), method.expect("routes! documents one method").1)
        };
        Self { path, method, access, class, limit, docs: Some((schemas, paths)), export: None, handler }
    }

    /// A documented list, which answers a page or goes out whole as a file.
    pub fn list<L: List>((schemas, mut paths, handler): UtoipaMethodRouter<App>) -> Self {
        docs::add_list_parameters(&mut paths, L::PAGED);
        let access = Access::Needs(L::NEEDS);
        let endpoint = Self::api((schemas, paths, handler), access, OpClass::Read, LimitGroup::General);
        Self { export: Some(Export::of::<L>()), ..endpoint }
    }

    /// A page, form or file outside the API document.
    pub fn page(method: Method, path: &str, handler: MethodRouter<App>, access: Access, limit: LimitGroup) -> Self {
        Self { path: path.to_owned(), method, access, class: OpClass::Page, limit, docs: None, export: None, handler }
    }

    /// The same route, of another class.
    pub fn class(mut self, class: OpClass) -> Self {
        self.class = class;
        self
    }

    /// Adds the route to `router`, behind its access check.
    #[expect(clippy::disallowed_methods, reason = "routes are mounted here and nowhere else")]
    pub fn mount(self, router: Router<App>) -> Router<App> {
        let guard = Guard { access: self.access, page: self.class == OpClass::Page, class: self.class };
        router.route(&self.path, self.handler.layer(from_fn_with_state(guard, check)))
    }
}

#[derive(Clone, Copy)]
struct Guard {
    access: Access,
    page: bool,
    class: OpClass,
}

/// Where whoever has to set up a second factor does so.
pub const SECOND_FACTOR_PAGE: &str = "/account/second-factor";

async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match (guard.access, request.extensions().get::<Actor>()) {
        (Access::Anonymous, _) => next.run(request).await,
        (access, Some(actor)) if access.admits(actor) && guard.admits(actor) => next.run(request).await,
        (_, Some(actor)) if guard.page && matches!(actor.kind, ActorKind::Arriving(_)) => {
            Redirect::to(SECOND_FACTOR_PAGE).into_response()
        }
        (_, Some(actor)) if actor.kind != ActorKind::Anonymous => Problem::forbidden().into_response(),
        _ if guard.page && sends_a_form(&request) => Redirect::temporary(&keep(&request)).into_response(),
        _ if guard.page => Redirect::to(&log_in_first(&request)).into_response(),
        _ => Problem::unauthorized().into_response(),
    };
    response.extensions_mut().insert(guard.class);
    response
}

/// Whether somebody whose session has ended sends a form.
fn sends_a_form(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    *request.method() == Method::POST
        && kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
        && cookie::has_session(request.headers())
}

/// The log-in page that takes what is being sent along (USR-3).
fn keep(request: &Request) -> String {
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let to = serde_urlencoded::to_string([("to", wanted)]).expect("a pair of texts can be encoded");
    format!("/login/keep?{to}")
}

/// The log-in page, which leads on to where a reader wanted to go.
fn log_in_first(request: &Request) -> String {
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if *request.method() != Method::GET || wanted == "/" {
        return "/login".to_owned();
    }
    let next = serde_urlencoded::to_string([("next", wanted)]).expect("a pair of texts can be encoded");
    format!("/login?{next}")
}

impl Guard {
    /// A key opens no HTML page (API-1).
    fn admits(self, actor: &Actor) -> bool {
        !(self.page && matches!(actor.kind, ActorKind::Key(_)))
    }
}
