//! The outermost layer: gives the request its id and the address it came from, times it, counts it and
//! writes its one line of access log (LOG-1). Query strings, bodies and headers never get into the line.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use gondola_shop::kernel::{ClientIp, OpClass, Problem, RequestId};
use gondola_shop::people::RefusedKey;
use gondola_store::{Actor, Origin};
use tracing::Instrument;

use super::classes::Classified;
use super::refusals::Refusal;
use super::{Outer, request_id};
use crate::metrics::Request as Counted;

/// A request slower than this is logged as a warning (LOG-6).
const SLOW: Duration = Duration::from_secs(1);

/// The layer.
pub async fn observe(State(outer): State<Arc<Outer>>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id::of(request.headers(), &outer.app.db);
    let method = request.method().clone();
    let address = outer.proxies.caller(peer(&request), request.headers());
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(ClientIp(address));
    let _in_flight = outer.metrics.enter();
    let span = tracing::info_span!("request", face = outer.face.name(), request_id = id.0);
    let mut response = next.run(request).instrument(span.clone()).await;
    response.headers_mut().insert(request_id::HEADER, request_id::to_header(&id));
    let line = Line { took: begun.elapsed(), address, id };
    span.in_scope(|| line.record(&outer, &method, &response));
    response
}

/// Who connected.
fn peer(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(address)| address.ip().to_canonical())
}

struct Line {
    took: Duration,
    address: IpAddr,
    id: RequestId,
}

impl Line {
    /// Whoever was turned away before they were asked who they are.
    fn stranger(&self, outer: &Outer) -> Actor {
        let origin = Origin {
            face: outer.face.name(),
            client_ip: self.address.to_string(),
            agent: String::new(),
            request_id: self.id.0.clone(),
        };
        Actor { origin: Arc::new(origin), ..Actor::anonymous() }
    }

    fn record(&self, outer: &Outer, method: &Method, response: &Response) {
        let status = response.status();
        let code = response.extensions().get::<Problem>().map_or("", |problem| problem.code);
        let classified = response.extensions().get::<Classified>().cloned().unwrap_or_default();
        outer.metrics.record(&Counted { method, classified: &classified, status, code, took: self.took });
        let known = response.extensions().get::<Actor>();
        let actor = known.map_or_else(|| "anonymous".to_owned(), Actor::reference);
        // A probe that fails again and again is for the metrics to tell; nobody was turned away.
        if status.as_u16() >= 400 && classified.class() != Some(OpClass::Health) {
            let route = format!("{method} {}", classified.route());
            let key = response.extensions().get::<RefusedKey>();
            let (actor, code) = match key {
                Some(key) => (key.actor.clone(), key.code),
                None => (known.cloned().unwrap_or_else(|| self.stranger(outer)), code),
            };
            outer.refusals.note(Refusal { actor, at: outer.app.db.now(), route, status: status.as_u16(), code });
        }
        let duration_ms = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: "access",
                    $level,
                    face = outer.face.name(),
                    code,
                    request_id = self.id.0,
                    route = classified.route(),
                    method = method.as_str(),
                    status = status.as_u16(),
                    duration_ms,
                    client_ip = %self.address,
                    actor,
                    "request answered"
                )
            };
        }
        match (status, self.took > SLOW) {
            (StatusCode::INTERNAL_SERVER_ERROR, _) => line!(tracing::Level::ERROR),
            (status, slow) if slow || status.is_server_error() => line!(tracing::Level::WARN),
            _ => line!(tracing::Level::INFO),
        }
    }
}
