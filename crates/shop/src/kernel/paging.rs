//! Keyset paging: a page of items and an opaque token that names where the next one begins.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::scalars::{PageLimit, PageToken};

/// Items on a page when the caller does not say.
pub const LIMIT_DEFAULT: i64 = 50;
/// Items on a page at most (INP-2).
pub const LIMIT_MAX: i64 = 500;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Give it back as `after` for the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// Where a page begins and how long it is.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// The `next` of the page before.
    #[param(value_type = Option<PageToken>, nullable = false)]
    pub after: Option<String>,
    /// Items on a page, 50 unless said.
    #[param(value_type = Option<PageLimit>, nullable = false)]
    pub limit: Option<String>,
}

impl PageParams {
    /// The limit asked for, or 50.
    ///
    /// # Errors
    /// 422 when it is not a whole number from 1 to 500.
    pub fn limit(&self) -> Result<i64, Problem> {
        let Some(text) = &self.limit else { return Ok(LIMIT_DEFAULT) };
        match text.parse() {
            Ok(limit) if (1..=LIMIT_MAX).contains(&limit) => Ok(limit),
            _ => Err(Problem::invalid_field(
                "limit",
                "out_of_range",
                "El límite va de 1 a 500.",
                "The limit goes from 1 to 500.",
            )),
        }
    }

    /// The key the page begins after.
    ///
    /// # Errors
    /// 422 when the token is not one of ours.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(token) = &self.after else { return Ok(None) };
        key_of(token).map(Some).ok_or_else(bad_token)
    }
}

/// 422: the token is not one of ours, or of a list in another order.
pub fn bad_token() -> Problem {
    Problem::invalid_field(
        "after",
        "bad_token",
        "Ese marcador de página no es válido. Empezá desde la primera página.",
        "That page token is not valid. Start from the first page.",
    )
}

impl<T> Page<T> {
    /// Cuts `rows`, fetched with one more than `limit`, and makes the token from the last one kept.
    pub fn cut<R, K: Serialize>(mut rows: Vec<R>, limit: i64, key: impl Fn(&R) -> K, item: impl FnMut(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| token(&key(row)));
        Self { items: rows.into_iter().map(item).collect(), next }
    }
}

/// The token for a key: its JSON in hexadecimal, which needs no escaping anywhere.
pub fn token<K: Serialize>(key: &K) -> String {
    gondola_vault::hex(&serde_json::to_vec(key).expect("paging keys are plain values"))
}

/// The key in a token; none when it is not one of this list's.
pub fn key_of<K: DeserializeOwned>(token: &str) -> Option<K> {
    decode(token).and_then(|bytes| serde_json::from_slice(&bytes).ok())
}

fn decode(token: &str) -> Option<Vec<u8>> {
    if token.len() > 2000 { None } else { gondola_vault::unhex(token) }
}
