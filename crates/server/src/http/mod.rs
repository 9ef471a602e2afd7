//! What surrounds the product's routes on every face, outermost first: observe (request id, whose address,
//! access log, metrics), headers, other sites, compression, problem documents, panics, bounds,
//! authentication, budgets. The routes themselves are the shop's; health, metrics, the API document and
//! files are in `own`.

mod assets;
mod auth;
mod bounds;
mod classes;
mod compress;
mod cors;
mod csrf;
mod headers;
mod limits;
mod observe;
mod own;
mod problems;
mod proxies;
mod refusals;
mod request_id;
mod streams;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderValue;
use axum::middleware::{from_fn, from_fn_with_state};
use gondola_shop::kernel::{App, Face, OpClass};
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;

pub use auth::Authenticate;
pub use bounds::Hosts;
pub use classes::Classified;
pub use limits::{Budgets, PerMinute};
pub use own::routes as own_routes;
pub use proxies::Proxies;
pub use refusals::Refusals;

use crate::health::Health;
use crate::metrics::FaceMetrics;

/// How long a handler may take (INP-1).
#[derive(Debug, Clone, Copy)]
pub struct TimeLimits {
    /// Everything else.
    pub handler: Duration,
    /// Exports and reports.
    pub export: Duration,
}

impl TimeLimits {
    /// The one for a class of operations.
    fn of(self, class: Option<OpClass>) -> Duration {
        if class == Some(OpClass::Export) { self.export } else { self.handler }
    }
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self { handler: Duration::from_secs(30), export: Duration::from_secs(60) }
    }
}

/// What the layers of one face need.
pub struct Outer {
    /// Which face this is.
    pub face: Face,
    /// The product.
    pub app: App,
    /// Finds out who calls.
    pub authenticate: Authenticate,
    /// The names this shop answers to.
    pub hosts: Hosts,
    /// Our own proxies, which say whom they were called by.
    pub proxies: Proxies,
    /// The other sites that may read our answers in a browser.
    pub origins: Vec<HeaderValue>,
    /// How long handlers may take.
    pub limits: TimeLimits,
    /// How much callers may ask for, shared by the faces of a process.
    pub budgets: Arc<Budgets>,
    /// The health checks, shared by the faces of a process.
    pub health: Arc<Health>,
    /// Requests that were turned away, shared by the faces of a process.
    pub refusals: Arc<Refusals>,
    /// This face's numbers.
    pub metrics: Arc<FaceMetrics>,
    /// Whether https answers ask to be on the browsers' list (API-6).
    pub hsts_preload: bool,
    /// The certificates that read `/metrics` without a key (KEY-10).
    pub metrics_clients: Vec<String>,
    /// Turns true when the process stops, which ends event streams.
    pub stopping: watch::Receiver<bool>,
}

/// Everything one face serves: `routes` and the process's own routes, inside all layers.
pub fn stack(outer: Outer, routes: Router<App>) -> Router {
    let outer = Arc::new(outer);
    let own = own::endpoints(&outer);
    let classes = Arc::new(classes::Classes::new(Arc::clone(&outer), &own));
    let routes = own.into_iter().fold(routes, |router, endpoint| endpoint.mount(router));
    let panics = CatchPanicLayer::custom(problems::Panics(Arc::clone(&outer.metrics)));
    // What panics in a handler is caught there, where it is known who asked for what; the layers have a net of their own.
    let inner = routes
        .layer(panics.clone())
        .layer(from_fn_with_state(classes, classes::bound_and_classify))
        .with_state(outer.app.clone())
        .layer(from_fn_with_state(Arc::clone(&outer), streams::end_with_the_process));
    // A fallback service keeps what is outside of it outside of routing: an unknown path and a
    // known one are told apart only after the caller is known.
    Router::new()
        .fallback_service(inner)
        .layer(from_fn_with_state(Arc::clone(&outer), csrf::refuse_foreign_writes))
        .layer(from_fn_with_state(Arc::clone(&outer), auth::identify))
        .layer(from_fn_with_state(Arc::clone(&outer), bounds::refuse_oversized_and_foreign))
        .layer(panics)
        .layer(from_fn_with_state(Arc::clone(&outer), problems::write_out))
        .layer(from_fn(compress::mark_secrets))
        .layer(compress::layer())
        .layer(from_fn(compress::offer))
        .layer(from_fn_with_state(Arc::clone(&outer), cors::share))
        .layer(from_fn_with_state(Arc::clone(&outer), headers::secure))
        .layer(from_fn_with_state(outer, observe::observe))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use gondola_shop::kernel::OpClass::{Export, Health, Metrics, Page, Read, Write};

    use super::TimeLimits;

    /// INP-1: 30 s, and 60 for what goes out as a file.
    #[test]
    fn a_list_that_goes_out_has_a_minute_and_everything_else_half_of_one() {
        let limits = TimeLimits::default();
        assert_eq!(limits.of(Some(Export)), Duration::from_secs(60));
        for class in [None, Some(Read), Some(Write), Some(Page), Some(Health), Some(Metrics)] {
            assert_eq!(limits.of(class), Duration::from_secs(30), "{class:?}");
        }
    }
}
