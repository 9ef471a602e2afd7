//! The numbers a face exports. Each face counts its own requests under its own `face` label; what
//! belongs to the whole process is exported by one face only, so that sums never double (MET-7).
//! Names, labels and buckets are a contract: rules and boards outside of this program read them.

mod process;
mod text;

use std::time::Duration;

use axum::http::{Method, StatusCode};
use gondola_shop::kernel::Face;
use gondola_store::Db;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::health::Report;
use crate::http::Classified;
use crate::integrity::BookGauges;
use crate::keys::KeyNumbers;
use crate::tls::TlsGauges;
use crate::trail::TrailNumbers;

pub use text::CONTENT_TYPE;

/// Buckets for what a web server answers, in seconds.
const WEB_BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Why a request can be turned away at the door.
const REJECTIONS: [&str; 5] = ["size", "depth", "host", "type", "timeout"];

/// Which numbers of the process this face exports besides its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// The process's numbers too.
    WithProcess,
    /// Only the face's: another face of this process exports the rest.
    FaceOnly,
}

/// Where the numbers of the process come from.
pub struct ProcessNumbers<'a> {
    /// Its database.
    pub db: &'a Db,
    /// What the last verification of the book found.
    pub book: &'a BookGauges,
    /// What was found in the audit trail.
    pub trail: &'a TrailNumbers,
    /// Its API keys.
    pub keys: &'a KeyNumbers,
    /// Its certificates.
    pub tls: &'a TlsGauges,
}

/// A request that was answered.
pub struct Request<'a> {
    /// Its method.
    pub method: &'a Method,
    /// The route it met.
    pub classified: &'a Classified,
    /// How it was answered.
    pub status: StatusCode,
    /// The problem's code, if it was refused.
    pub code: &'a str,
    /// How long it took.
    pub took: Duration,
}

/// The numbers of one face.
pub struct FaceMetrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    ready: Gauge,
    rejected: Family<ReasonLabels, Counter>,
    panics: Counter,
    csrf_failures: Counter,
    db_up: Option<Family<RoleLabels, Gauge>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
    op: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
    op: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RoleLabels {
    role: &'static str,
}

impl FaceMetrics {
    /// The numbers of `face`, all counters at zero (MET-6).
    pub fn new(face: Face, share: Share, numbers: &ProcessNumbers<'_>) -> Self {
        let mut registry = Registry::with_labels(std::iter::once(("face".into(), face.name().into())));
        let durations: Family<_, _, fn() -> Histogram> = Family::new_with_constructor(|| Histogram::new(WEB_BUCKETS));
        let db_up = (share == Share::WithProcess).then(|| process::register(&mut registry, numbers));
        let new = Self {
            requests: Family::default(),
            durations,
            in_flight: Gauge::default(),
            ready: Gauge::default(),
            rejected: Family::default(),
            panics: Counter::default(),
            csrf_failures: Counter::default(),
            db_up,
            registry: Registry::default(),
        };
        let ours = registry.sub_registry_with_prefix("gondola");
        ours.register("ready", "Whether requests may be sent here: 1 or 0", new.ready.clone());
        ours.register("http_requests", "Requests answered", new.requests.clone());
        ours.register("http_request_duration_seconds", "Server time per request", new.durations.clone());
        ours.register("http_requests_in_flight", "Requests being answered", new.in_flight.clone());
        ours.register("http_rejected", "Requests turned away at the door", new.rejected.clone());
        ours.register("http_panics", "Panics caught while answering", new.panics.clone());
        ours.register("csrf_failures", "Writes refused because another site sent them", new.csrf_failures.clone());
        for reason in REJECTIONS {
            drop(new.rejected.get_or_create(&ReasonLabels { reason }));
        }
        Self { registry, ..new }
    }

    /// Counts a request as being answered until the guard is dropped.
    pub fn enter(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts an answered request.
    pub fn record(&self, request: &Request<'_>) {
        // A method that the route does not serve is as unknown as an unknown path (MET-2).
        let op = request.classified.class().map(|class| class.name());
        let method = op.map_or("other", |_| method_name(request.method));
        let (route, op) = (request.classified.route().to_owned(), op.unwrap_or("page"));
        let status = request.status.as_u16();
        self.durations
            .get_or_create(&RouteLabels { method, route: route.clone(), op })
            .observe(request.took.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { method, route, status, op }).inc();
        if let Some(reason) = rejection(request.status, request.code) {
            self.rejected.get_or_create(&ReasonLabels { reason }).inc();
        }
    }

    /// Counts a caught panic.
    pub fn panicked(&self) {
        self.panics.inc();
    }

    /// Counts a write that another site sent.
    pub fn csrf_failure(&self) {
        self.csrf_failures.inc();
    }

    /// Everything, as Prometheus reads it.
    pub fn exposition(&self, health: &Report) -> String {
        self.ready.set(i64::from(health.is_ready()));
        if let Some(db_up) = &self.db_up {
            db_up.get_or_create(&RoleLabels { role: "primary" }).set(i64::from(health.database_is_up()));
        }
        text::write(&self.registry)
    }
}

/// A request being answered.
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn method_name(method: &Method) -> &'static str {
    const NAMED: [(&Method, &str); 7] = [
        (&Method::GET, "GET"),
        (&Method::POST, "POST"),
        (&Method::PATCH, "PATCH"),
        (&Method::PUT, "PUT"),
        (&Method::DELETE, "DELETE"),
        (&Method::HEAD, "HEAD"),
        (&Method::OPTIONS, "OPTIONS"),
    ];
    NAMED.iter().find(|(known, _)| *known == method).map_or("other", |(_, name)| name)
}

fn rejection(status: StatusCode, code: &str) -> Option<&'static str> {
    match status {
        _ if code == "too_deep" => Some("depth"),
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            Some("size")
        }
        StatusCode::MISDIRECTED_REQUEST => Some("host"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some("type"),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Some("timeout"),
        _ => None,
    }
}
