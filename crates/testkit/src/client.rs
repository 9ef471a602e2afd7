//! The one place that knows how to speak to the shop over HTTP. Requests go through the full stack
//! of a face, without a socket.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{ACCEPT, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use gondola_shop::kernel::Face;
use gondola_store::Actor;
use serde_json::Value;
use tower::ServiceExt;

use crate::shop::TestShop;

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client<'s> {
    shop: &'s TestShop,
    actor: Option<Actor>,
    face: Face,
    address: IpAddr,
    headers: HeaderMap,
}

impl<'s> Client<'s> {
    pub(crate) fn new(shop: &'s TestShop, actor: Option<Actor>, accepts: &'static str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("localhost"));
        headers.insert(ACCEPT, HeaderValue::from_static(accepts));
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        Self { shop, actor, face: Face::Dashboard, address: IpAddr::from([127, 0, 0, 1]), headers }
    }

    /// The same somebody at another face.
    pub fn on(mut self, face: Face) -> Self {
        self.face = face;
        self
    }

    /// The same somebody at another machine.
    pub fn from(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Adds a header to what is sent from now on.
    ///
    /// # Panics
    /// When name or value cannot be a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.insert(name, value.parse().expect("a header's value"));
        self
    }

    /// Leaves a header out from now on.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Sends an idempotency key from now on.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Sends the version a change is based on from now on.
    pub fn if_match(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, body).await
    }

    /// Patches with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PATCH, path, body).await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PUT, path, body).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Sends a form as a browser does: pairs of name and value, already URL-encoded.
    pub async fn form(&self, path: &str, fields: &str) -> Answer {
        self.send(Method::POST, path, Some(("application/x-www-form-urlencoded", fields.as_bytes().to_vec()))).await
    }

    /// Sends any method, type and body.
    pub async fn send(&self, method: Method, path: &str, content: Option<(&str, Vec<u8>)>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = match content {
            Some((kind, bytes)) => request.header(CONTENT_TYPE, kind).body(Body::from(bytes)),
            None => request.body(Body::empty()),
        };
        let mut request = request.expect("a well-formed request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((self.address, 50_000))));
        if let Some(actor) = &self.actor {
            request.extensions_mut().insert(actor.clone());
        }
        let response = self.shop.face(self.face).oneshot(request).await.expect("the stack is infallible");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("read the whole answer");
        Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
    }

    async fn send_json(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, path, Some(("application/json", body.to_string().into_bytes()))).await
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The answer, which must have this status.
    ///
    /// # Panics
    /// Otherwise, showing the body.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The problem document's code, which must come with this status.
    ///
    /// # Panics
    /// Otherwise, showing the body.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect_status(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["code"], code, "{}", answer.text());
        answer
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none, showing it.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {:?}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
