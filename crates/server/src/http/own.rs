//! The routes that belong to the process and not to a feature: probes, metrics, the API document.

use std::sync::Arc;

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use gondola_shop::kernel::docs_page;
use gondola_shop::kernel::{Access, App, Endpoint, Face, LimitGroup, OpClass};
use gondola_shop::people::explain::Route;
use gondola_store::Permission;

use super::{Outer, assets};
use crate::health::Report;
use crate::metrics;

const METRICS: Access = Access::Needs(Permission::ReadMetrics);
const DOCUMENT: Access = Access::Needs(Permission::ReadCatalogue);

/// What the routes of the dashboard declare; the other faces have some of them.
pub fn routes() -> Vec<Route> {
    let route = |path: &str, access| Route { method: Method::GET, path: path.to_owned(), access, exports: false };
    let probes = ["/health", "/health/ready", "/health/live"].map(|path| route(path, Access::Anonymous));
    let mut routes = probes.to_vec();
    routes.extend([route("/metrics", METRICS), route("/openapi.json", DOCUMENT)]);
    routes.extend([docs_page::endpoint(), assets::endpoint()].map(Route::from));
    routes
}

/// The routes of one face.
pub fn endpoints(outer: &Arc<Outer>) -> Vec<Endpoint> {
    let report = || {
        let outer = Arc::clone(outer);
        get(async move || told(outer.health.report().await.as_ref(), outer.face))
    };
    let live = get(async || Json(serde_json::json!({"status": "healthy"})));
    let mut own = vec![
        probe("/health", report()),
        probe("/health/ready", report()),
        probe("/health/live", live),
        metrics_endpoint(outer),
        api_document(outer),
    ];
    if outer.face == Face::Dashboard {
        own.extend([docs_page::endpoint(), assets::endpoint()]);
    }
    own
}

fn probe(path: &str, handler: MethodRouter<App>) -> Endpoint {
    Endpoint::page(Method::GET, path, handler, Access::Anonymous, LimitGroup::Uncounted).class(OpClass::Health)
}

/// 200 while requests may be sent here, even when something is slow.
fn told(report: &Report, face: Face) -> Response {
    let status = if report.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report.body(face))).into_response()
}

fn metrics_endpoint(outer: &Arc<Outer>) -> Endpoint {
    let outer = Arc::clone(outer);
    let handler = get(async move || {
        let report = outer.health.report().await;
        ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], outer.metrics.exposition(&report))
    });
    Endpoint::page(Method::GET, "/metrics", handler, METRICS, LimitGroup::General).class(OpClass::Metrics)
}

fn api_document(outer: &Arc<Outer>) -> Endpoint {
    let document = gondola_shop::openapi(outer.face).to_json().expect("the document is plain JSON");
    let document: Arc<str> = document.into();
    let handler = get(async move || ([(CONTENT_TYPE, "application/json")], document.to_string()).into_response());
    Endpoint::page(Method::GET, "/openapi.json", handler, DOCUMENT, LimitGroup::General).class(OpClass::Read)
}
