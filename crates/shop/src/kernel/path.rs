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
        let path = Path::<T>::from_request_parts(parts, state).await.map_err(|_| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "malformed",
                "La dirección está mal escrita.",
                "The address is malformed.",
            )
        })?;
        Ok(Self(path.0))
    }
}
