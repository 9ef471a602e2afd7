//! Counts the connections that came to nothing because of who was at the other end.

use std::io;

use axum_server::accept::Accept;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use gondola_vault::certificates::handshake_failure;

use super::gauges::TlsGauges;

/// An acceptor whose failures are counted by their reason.
#[derive(Clone)]
pub struct Counted<A> {
    inner: A,
    gauges: TlsGauges,
}

impl<A> Counted<A> {
    /// Counts what `inner` refuses.
    pub fn new(inner: A, gauges: TlsGauges) -> Self {
        Self { inner, gauges }
    }
}

impl<A, I, S> Accept<I, S> for Counted<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = BoxFuture<'static, io::Result<(A::Stream, A::Service)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let gauges = self.gauges.clone();
        let accepted = self.inner.accept(stream, service);
        async move {
            let accepted = accepted.await;
            if let Err(error) = &accepted {
                gauges.refused(handshake_failure(error));
            }
            accepted
        }
        .boxed()
    }
}
