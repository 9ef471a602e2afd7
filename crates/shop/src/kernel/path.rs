//! A part of the path, read so that a broken escape is a problem like any other.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The parts of the path: one `String`, or a tuple of them.
pub struct Segment<T = String>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segment<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // No text of a shop holds a NUL, and PostgreSQL cannot look for one.
        if parts.uri.path().contains("%00") {
            return Err(malformed());
        }
        let path = Path::<T>::from_request_parts(parts, state).await.map_err(|_| malformed())?;
        Ok(Self(path.0))
    }
}

fn malformed() -> Problem {
    let (es, en) = ("La dirección está mal escrita.", "The address is malformed.");
    Problem::new(StatusCode::BAD_REQUEST, "malformed", es, en)
}
