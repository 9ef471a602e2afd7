//! Every route against everybody who may call (RTE-1, RTE-2, USR-6): what a route declares is what it
//! does, for each role and each scope.

use axum::body::Body;
use axum::http::header::{HOST, LOCATION};
use axum::http::{Method, Request};
use axum::response::Response;
use gondola_shop::FEATURES;
use gondola_shop::kernel::{Access, Endpoint, Face, OpClass};
use gondola_shop::people::explain::{Entry, Route, explain_one};
use gondola_store::{Actor, ActorKind, Permission, Role, Scope};
use gondola_testkit::{TestShop, both_engines};
use tower::ServiceExt;

/// Everybody: nobody, each role, each scope alone.
fn everybody(shop: &TestShop) -> Vec<(String, Actor)> {
    let mut all = vec![("nobody".to_owned(), shop.nobody())];
    all.extend(Role::ALL.map(|role| (format!("role {}", role.code()), shop.user(role))));
    all.extend(Scope::ALL.map(|scope| (format!("scope {}", scope.code()), shop.key(scope.code()))));
    all
}

fn endpoints() -> impl Iterator<Item = Endpoint> {
    FEATURES.iter().flat_map(|feature| (feature.endpoints)())
}

/// What a route must answer to somebody.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    LogIn,
    Unauthorized,
    Forbidden,
    Served,
}

fn expected(endpoint: &Endpoint, actor: &Actor) -> Expected {
    let page = endpoint.class == OpClass::Page;
    let rights = match &endpoint.access {
        Access::Anonymous => return Expected::Served,
        Access::Needs(right) => std::slice::from_ref(right),
        Access::NeedsOneOf(rights) => rights,
    };
    let key_at_a_page = page && matches!(actor.kind, ActorKind::Key(_));
    match actor.kind {
        ActorKind::Anonymous if page => Expected::LogIn,
        ActorKind::Anonymous => Expected::Unauthorized,
        _ if !key_at_a_page && rights.iter().any(|right| actor.may(*right)) => Expected::Served,
        _ => Expected::Forbidden,
    }
}

/// Routes whose body, even an absent one, decides about a further right: there an admitted caller may
/// still be told 403 by the command.
const BODY_DECIDES: [(&str, &str); 1] =
    [("/api/v1/reservations/{id}/post", "what is handed over as a sale or as an issue needs the right to do that")];

/// The answer's head; the body of a stream of events would never end.
async fn knock(shop: &TestShop, method: &Method, path: &str, actor: &Actor) -> Response {
    let request = Request::builder().method(method).uri(path).header(HOST, "localhost");
    let mut request = request.header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
    request.extensions_mut().insert(actor.clone());
    shop.face(Face::Dashboard).oneshot(request).await.unwrap()
}

both_engines! {
    /// RTE-1, USR-11: 401, 403, the log-in or anything else, as declared; the body is read only after that.
    fn every_route_answers_every_role_and_scope_as_declared(shop: TestShop) {
        for endpoint in endpoints() {
            let path = endpoint.path.replace("{id}", &crate::common::nothing().to_string()).replace(['{', '}'], "");
            for (who, actor) in everybody(&shop) {
                let response = knock(&shop, &endpoint.method, &path, &actor).await;
                let status = response.status().as_u16();
                let sent_to_log_in = response.headers().get(LOCATION).is_some_and(|to| to.as_bytes().starts_with(b"/login"));
                let got = match status {
                    303 if sent_to_log_in && actor.kind == ActorKind::Anonymous => Expected::LogIn,
                    401 => Expected::Unauthorized,
                    403 => Expected::Forbidden,
                    500.. => panic!("{} {path} failed for {who}: {status}", endpoint.method),
                    _ => Expected::Served,
                };
                if let ActorKind::User(role) = actor.kind {
                    // USR-9: the explanation agrees with what happens.
                    let route = Route { method: endpoint.method.clone(), path: endpoint.path.clone(), access: endpoint.access, exports: false };
                    let told = explain_one(route, role, Entry::Open);
                    assert_eq!(told.granted(), expected(&endpoint, &actor) == Expected::Served, "{} {path} for {who}", endpoint.method);
                    assert_eq!(told.roles().contains(&role.code()), told.granted());
                }
                let body_decides = BODY_DECIDES.iter().any(|(route, _)| *route == endpoint.path);
                if body_decides && got == Expected::Forbidden && endpoint.access.admits(&actor) {
                    continue;
                }
                assert_eq!(got, expected(&endpoint, &actor), "{} {path} for {who}: {status}", endpoint.method);
            }
        }
    }
}

/// RTE-2: the open doors of the product; health and the files of the pages are the process's own.
const OPEN: [(Method, &str); 6] = [
    (Method::GET, "/login"),
    (Method::POST, "/login"),
    (Method::POST, "/login/keep"),
    (Method::POST, "/login/second-step"),
    (Method::GET, "/setup"),
    (Method::POST, "/setup"),
];

#[test]
fn nothing_but_the_doors_is_open_to_nobody() {
    let open: Vec<(Method, String)> = endpoints()
        .filter(|endpoint| endpoint.access == Access::Anonymous)
        .map(|endpoint| (endpoint.method, endpoint.path))
        .collect();
    let declared: Vec<(Method, String)> = OPEN.into_iter().map(|(method, path)| (method, path.to_owned())).collect();
    assert_eq!(open, declared);
}

/// USR-6: `admin` passes every check of a role.
#[test]
fn the_owner_may_do_whatever_any_role_may() {
    for right in Permission::ALL {
        let anyone = Role::ALL.iter().any(|role| role.may(right));
        assert!(!anyone || Role::Admin.may(right), "{right:?}");
        assert!(!Role::Manager.may(right) || Role::Admin.may(right), "{right:?}");
    }
}

/// USR-6: whoever stands above may whatever those below may, and more.
#[test]
fn a_role_may_less_than_the_one_above_it() {
    let below_the_manager = [Role::Deposito, Role::Negocio, Role::Cashier].map(|role| (role, Role::Manager));
    for (below, above) in below_the_manager.into_iter().chain([(Role::Manager, Role::Admin)]) {
        let (below_may, above_may) = (rights(below), rights(above));
        let beyond: Vec<&Permission> = below_may.iter().filter(|right| !above_may.contains(right)).collect();
        assert!(beyond.is_empty(), "{below:?} may {beyond:?}, {above:?} may not");
        assert!(above_may.len() > below_may.len(), "{above:?} is nobody's better");
    }
}

fn rights(role: Role) -> Vec<Permission> {
    Permission::ALL.into_iter().filter(|right| role.may(*right)).collect()
}

/// USR-6: the auditor holds rights to read and no others; a new one is a decision, made here. Beyond their own session
/// nothing that is sent takes these rights but a question.
#[test]
fn the_auditor_reads_and_changes_nothing() {
    use Permission::{
        Export, OwnSession, ReadAudit, ReadCatalogue, ReadCost, ReadPurchases, ReadReports, ReadStock, ReadSuppliers,
    };
    let to_read = [ReadCatalogue, ReadStock, ReadCost, ReadSuppliers, ReadPurchases, Export, ReadReports, ReadAudit];
    assert_eq!(rights(Role::Auditor), to_read);
    let auditor = Actor::of(ActorKind::User(Role::Auditor));
    let own_or_open = [Access::Needs(OwnSession), Access::Anonymous];
    let posted = endpoints()
        .filter(|endpoint| endpoint.method != Method::GET && !own_or_open.contains(&endpoint.access))
        .filter(|endpoint| endpoint.access.admits(&auditor));
    let posted: Vec<(String, OpClass)> = posted.map(|endpoint| (endpoint.path, endpoint.class)).collect();
    assert_eq!(
        posted,
        [("/api/v1/suppliers/assign".to_owned(), OpClass::Read)],
        "a sentence is asked about, too long for an address"
    );
}
