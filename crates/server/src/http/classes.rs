//! What routing found out: the route's template and its declared class. Metrics and the access log
//! read it from the response; the time limit of the class is kept here, next to the handler.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gondola_shop::kernel::client::{ip_of, network_of};
use gondola_shop::kernel::{Endpoint, FileFormat, LimitGroup, OpClass, Problem};
use gondola_shop::people::Known;

use super::Outer;

/// A declared route that was met; nothing for unknown paths and methods (MET-2).
#[derive(Debug, Clone, Default)]
pub struct Classified(Option<(Arc<str>, OpClass)>);

impl Classified {
    /// The route's template, or `unmatched`.
    pub fn route(&self) -> &str {
        self.0.as_ref().map_or("unmatched", |(route, _)| route)
    }

    /// The declared class.
    pub fn class(&self) -> Option<OpClass> {
        self.0.as_ref().map(|(_, class)| *class)
    }
}

/// What a route declares.
struct Declared {
    method: Method,
    route: Arc<str>,
    class: OpClass,
    limit: LimitGroup,
    /// Whether it also answers files.
    exports: bool,
}

/// The classes of one face's routes.
pub struct Classes {
    by_route: HashMap<String, Vec<Declared>>,
    outer: Arc<Outer>,
}

impl Classes {
    /// The declarations of the shop's features on this face and of `own`.
    pub fn new(outer: Arc<Outer>, own: &[Endpoint]) -> Self {
        let features = gondola_shop::FEATURES.iter().filter(|feature| feature.faces.include(outer.face));
        let shops: Vec<Endpoint> = features.flat_map(|feature| (feature.endpoints)()).collect();
        let mut by_route: HashMap<String, Vec<_>> = HashMap::new();
        for endpoint in shops.iter().chain(own) {
            let declared = Declared {
                method: endpoint.method.clone(),
                route: endpoint.path.as_str().into(),
                class: endpoint.class,
                limit: endpoint.limit,
                exports: endpoint.export.is_some(),
            };
            by_route.entry(endpoint.path.clone()).or_default().push(declared);
        }
        Self { by_route, outer }
    }

    /// What a request met; what is not declared anywhere draws from the general budget.
    fn find(&self, request: &Request) -> (Classified, LimitGroup) {
        let nothing = (Classified::default(), LimitGroup::General);
        let Some(route) = request.extensions().get::<MatchedPath>() else { return nothing };
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let methods = self.by_route.get(route.as_str());
        let Some(declared) = methods.and_then(|methods| methods.iter().find(|of| of.method == method)) else {
            return nothing;
        };
        let file = declared.exports && request.uri().query().is_some_and(FileFormat::is_wanted);
        let (class, limit) =
            if file { (OpClass::Export, LimitGroup::Exports) } else { (declared.class, declared.limit) };
        (Classified(Some((Arc::clone(&declared.route), class))), limit)
    }

    /// Whether the caller has any budget left for it.
    async fn admit(&self, caller: Option<(Known, IpAddr)>, limit: LimitGroup) -> Result<(), Problem> {
        let Some((known, network)) = caller else { return Ok(()) };
        self.outer.budgets.admit(&self.outer.app.db, &known, network, limit).await
    }
}

/// Who asks, where that was found out, and from which network.
fn caller(request: &Request) -> Option<(Known, IpAddr)> {
    let known = request.extensions().get::<Known>()?.clone();
    Some((known, network_of(ip_of(request.extensions()))))
}

/// Runs the handler within the caller's budget and its class's time, and notes what was met.
pub async fn bound_and_classify(State(classes): State<Arc<Classes>>, request: Request, next: Next) -> Response {
    let (classified, group) = classes.find(&request);
    let mut response = match classes.admit(caller(&request), group).await {
        Err(spent) => spent.into_response(),
        Ok(()) => in_time(classes.outer.limits.of(classified.class()), next.run(request)).await,
    };
    response.extensions_mut().insert(classified);
    response
}

async fn in_time(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| too_slow(limit.as_secs()).into_response())
}

fn too_slow(seconds: u64) -> Problem {
    Problem::new(
        StatusCode::GATEWAY_TIMEOUT,
        "timeout",
        format!("El pedido tardó más de {seconds} segundos y se cortó. Probá con menos datos de una vez."),
        format!("The request took longer than {seconds} seconds and was cut. Try with less data at once."),
    )
}
