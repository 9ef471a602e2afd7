//! Event streams never end by themselves; when the process stops they are ended, so that draining
//! waits only for requests that have an end (OPS-5).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;

use super::Outer;

/// The layer.
pub async fn end_with_the_process(State(outer): State<Arc<Outer>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("text/event-stream") {
        return response;
    }
    let mut stopping = outer.stopping.clone();
    // An error means that whoever could stop the process is gone: it is stopping.
    let stopped = async move { stopping.wait_for(|stopping| *stopping).await.is_ok() };
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(Box::pin(stopped))))
}
