//! What routing found out: the route's template and its declared class. Metrics and the access log
//! read it from the response; the time limit of the class is kept here, next to the handler.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gondola_shop::kernel::{Endpoint, FileFormat, OpClass, Problem};

use super::{Outer, TimeLimits};

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
    /// Whether it also answers files.
    exports: bool,
}

/// The classes of one face's routes.
pub struct Classes {
    by_route: HashMap<String, Vec<Declared>>,
    limits: TimeLimits,
}

impl Classes {
    /// The declarations of the shop's features on this face and of `own`.
    pub fn new(outer: &Outer, own: &[Endpoint]) -> Self {
        let features = gondola_shop::FEATURES.iter().filter(|feature| feature.faces.include(outer.face));
        let shops: Vec<Endpoint> = features.flat_map(|feature| (feature.endpoints)()).collect();
        let mut by_route: HashMap<String, Vec<_>> = HashMap::new();
        for endpoint in shops.iter().chain(own) {
            let declared = Declared {
                method: endpoint.method.clone(),
                route: endpoint.path.as_str().into(),
                class: endpoint.class,
                exports: endpoint.export.is_some(),
            };
            by_route.entry(endpoint.path.clone()).or_default().push(declared);
        }
        Self { by_route, limits: outer.limits }
    }

    fn find(&self, route: &str, request: &Request) -> Classified {
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let declared = self.by_route.get(route).and_then(|methods| methods.iter().find(|of| of.method == method));
        Classified(declared.map(|declared| {
            let file = declared.exports && request.uri().query().is_some_and(FileFormat::is_wanted);
            (Arc::clone(&declared.route), if file { OpClass::Export } else { declared.class })
        }))
    }
}

/// Runs the handler within its class's time and notes what was met.
pub async fn bound_and_classify(State(classes): State<Arc<Classes>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let classified = route.map(|route| classes.find(route.as_str(), &request)).unwrap_or_default();
    let limit = match classified.class() {
        Some(OpClass::Export) => classes.limits.export,
        _ => classes.limits.handler,
    };
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| too_slow(limit.as_secs()).into_response());
    response.extensions_mut().insert(classified);
    response
}

fn too_slow(seconds: u64) -> Problem {
    Problem::new(
        StatusCode::GATEWAY_TIMEOUT,
        "timeout",
        format!("El pedido tardó más de {seconds} segundos y se cortó. Probá con menos datos de una vez."),
        format!("The request took longer than {seconds} seconds and was cut. Try with less data at once."),
    )
}
