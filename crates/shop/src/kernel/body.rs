//! Reading a request strictly: JSON bodies, query strings, the idempotency key, the version in
//! `If-Match`, and who calls. Malformed is 400, a field we do not know or cannot take is 422, and
//! either way nothing was changed.

use axum::body::HttpBody as _;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use gondola_store::{Actor, Key};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::problem::Problem;
use super::text::{TextError, plain_letters};

/// A JSON body (INP-1): 2 MB unless the route allows more.
const BODY_MAX: usize = 2 * 1024 * 1024;
/// A batch or bulk body.
const BATCH_BODY_MAX: usize = 8 * 1024 * 1024;
/// Nesting of a JSON body.
const DEPTH_MAX: usize = 32;
/// Characters of an unknown parameter's name that its refusal repeats.
const PARAMETER_SHOWN: usize = 40;
/// Characters of a query parameter.
const PARAMETER_MAX: usize = 2_000;
/// Characters of an idempotency key.
const KEY_MAX: usize = 200;

/// A strict JSON body, with the hash of its canonical form for the idempotency key.
pub struct Body<T, const MAX: usize = BODY_MAX> {
    /// What was sent.
    pub value: T,
    hash: [u8; 32],
}

/// The fields of a body, whatever they are.
type Fields = serde_json::Map<String, serde_json::Value>;

/// A body of a batch or bulk call.
pub type BatchBody<T> = Body<T, BATCH_BODY_MAX>;

impl<T, const MAX: usize> Body<T, MAX> {
    /// The caller's idempotency key bound to this body and `route`.
    pub fn key(&self, key: &RequestKey, route: &str) -> Option<Key> {
        key.bind(route, &self.hash)
    }
}

impl<T: Default, const MAX: usize> Body<T, MAX> {
    /// What was sent, or the empty body when nothing was, and the caller's key bound to it.
    pub fn or_empty(body: Option<Self>, key: &RequestKey, route: &str) -> (Option<Key>, T) {
        match body {
            Some(body) => (body.key(key, route), body.value),
            None => (key.bind(route, &[]), T::default()),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync, const MAX: usize> FromRequest<S> for Body<T, MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        expect_no_query(request.uri())?;
        expect_json(request.headers())?;
        let bytes = axum::body::to_bytes(request.into_body(), MAX).await.map_err(|_| too_large(MAX))?;
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| malformed(&error))?;
        if depth(&value) > DEPTH_MAX {
            return Err(too_deep());
        }
        if let Some(path) = nul_in(&value) {
            let unseen = TextError::ControlCharacter;
            return Err(Problem::refused_field(path.trim_start_matches('.'), (unseen.code(), unseen.message())));
        }
        // The library would take a list for an object, its values for the fields in their order.
        if value.is_array() {
            return Err(wrong_type(""));
        }
        // serde_json keeps object keys sorted, so equal requests hash alike however they were spaced.
        let canonical = serde_json::to_vec(&value).expect("a parsed value can be written");
        let value = serde_path_to_error::deserialize(value).map_err(|error| structural(&error))?;
        Ok(Self { value, hash: gondola_vault::sha256(&canonical) })
    }
}

/// A call that may come without a body: then there is none, and no media type is asked for. A JSON
/// `null` is none too.
impl<T: DeserializeOwned, S: Send + Sync, const MAX: usize> OptionalFromRequest<S> for Body<T, MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if request.headers().contains_key(CONTENT_TYPE) || !request.body().is_end_stream() {
            let sent = <Body<Option<T>, MAX> as FromRequest<S>>::from_request(request, state).await?;
            return Ok(sent.value.map(|value| Self { value, hash: sent.hash }));
        }
        Ok(None)
    }
}

/// A call that takes nothing but its address: without a body, or with an empty one.
pub struct NoBody;

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        expect_no_query(request.uri())?;
        if request.body().is_end_stream() {
            return Ok(Self);
        }
        let sent = <Body<Fields> as OptionalFromRequest<S>>::from_request(request, state).await?;
        match sent.and_then(|body| body.value.keys().next().cloned()) {
            None => Ok(Self),
            Some(field) => Err(Problem::invalid_field(
                &field,
                "unknown_field",
                "Este campo no existe: el pedido va sin datos.",
                "There is no such field: the request takes none.",
            )),
        }
    }
}

/// A field that may be left out but is never null. For `#[serde(default, deserialize_with = "given")]`,
/// which also tells the API document that the field is not required.
///
/// # Errors
/// The deserializer's.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<T>, D::Error> {
    T::deserialize(input).map(Some)
}

/// A call with a body takes nothing in its address: who asks for a dry run of one that has none must not
/// get the real thing.
fn expect_no_query(uri: &Uri) -> Result<(), Problem> {
    match uri.query().filter(|query| !query.is_empty()) {
        None => Ok(()),
        Some(query) => {
            let name: String =
                query.split(['=', '&']).next().unwrap_or_default().chars().take(PARAMETER_SHOWN).collect();
            Err(Problem::invalid_field(
                &name,
                "unknown_field",
                "Este pedido no lleva parámetros en la dirección: lo que dice va en el cuerpo.",
                "This request takes no parameters in its address: what it says goes in the body.",
            ))
        }
    }
}

fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Este pedido se manda como application/json.",
        "This request is sent as application/json.",
    ))
}

/// 413 with the limit in it.
pub fn too_large(max: usize) -> Problem {
    let megabytes = max / (1024 * 1024);
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("El pedido supera los {megabytes} MB."),
        format!("The request is larger than {megabytes} MB."),
    )
}

fn malformed(error: &serde_json::Error) -> Problem {
    if error.to_string().starts_with("recursion limit exceeded") {
        return too_deep();
    }
    let (line, column) = (error.line(), error.column());
    malformed_with(
        &format!("El JSON está mal formado en la línea {line}, columna {column}."),
        &format!("The JSON is malformed at line {line}, column {column}."),
    )
}

fn malformed_with(es: &str, en: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed", es, en)
}

fn too_deep() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "too_deep",
        format!("El JSON está anidado más de {DEPTH_MAX} niveles."),
        format!("The JSON is nested over {DEPTH_MAX} levels deep."),
    )
}

fn structural(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path = error.path().to_string();
    let text = error.inner().to_string();
    if let Some(rest) = text.strip_prefix("unknown field `") {
        let (name, known) = rest.split_once("`, ").unwrap_or((rest, ""));
        let field = if path == "." { name.to_owned() } else { path };
        let known = known.trim_start_matches("expected ").trim_start_matches("one of ").replace('`', "");
        return Problem::invalid_field(
            &field,
            "unknown_field",
            format!("Este campo no existe. Se aceptan: {known}."),
            format!("There is no such field. Accepted: {known}."),
        );
    }
    wrong_type(if path == "." { "" } else { &path })
}

fn wrong_type(field: &str) -> Problem {
    Problem::invalid_field(
        field,
        "wrong_type",
        "El tipo de dato no es el esperado. Los importes y cantidades van como texto, por ejemplo \"2.500\".",
        "The value has the wrong type. Amounts and quantities are strings, for example \"2.500\".",
    )
}

fn depth(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        serde_json::Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// The path of the first text with a NUL in it, which no field takes and PostgreSQL cannot keep.
fn nul_in(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => text.contains('\0').then(String::new),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| Some(format!("[{index}]{}", nul_in(item)?)))
        }
        serde_json::Value::Object(fields) => {
            fields.iter().find_map(|(name, item)| Some(format!(".{name}{}", nul_in(item)?)))
        }
        _ => None,
    }
}

/// A strict query string: unknown parameters are refused, and whatever cannot be seen.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads a query strictly.
///
/// # Errors
/// 422 about the parameter that is unknown, repeated, not understood or cannot be seen.
pub fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    for (name, text) in pairs {
        plain_letters(&text, PARAMETER_MAX)
            .map_err(|error| Problem::refused_field(&name, (error.code(), error.message())))?;
    }
    serde_urlencoded::from_str(query)
        .map_err(|error| bad_parameter(error.to_string().split('`').nth(1).unwrap_or_default()))
}

/// 422 about a parameter.
pub(super) fn bad_parameter(name: &str) -> Problem {
    Problem::invalid_field(
        name,
        "bad_parameter",
        "Este parámetro no existe, está repetido o no se entiende.",
        "This parameter does not exist, is repeated or cannot be understood.",
    )
}

/// The `Idempotency-Key` header, if there is one.
#[derive(Debug, Clone)]
pub struct RequestKey(Option<String>);

impl RequestKey {
    /// A key from elsewhere than the header: the hidden field of a form.
    pub fn from_text(text: &str) -> Result<Self, Problem> {
        let good = !text.is_empty() && text.len() <= KEY_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
        if good {
            return Ok(Self(Some(text.to_owned())));
        }
        Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_idempotency_key",
            "Idempotency-Key lleva de 1 a 200 caracteres visibles, sin espacios.",
            "Idempotency-Key has 1 to 200 visible characters, without spaces.",
        ))
    }

    /// The key bound to a route and the hash of what was asked.
    pub fn bind(&self, route: &str, request: &[u8]) -> Option<Key> {
        let key = self.0.clone()?;
        let request_hash = gondola_vault::sha256(&[route.as_bytes(), request].join(&0));
        Some(Key { key, request_hash })
    }
}

impl<S: Sync> FromRequestParts<S> for RequestKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.headers.get("idempotency-key") {
            None => Ok(Self(None)),
            Some(value) => Self::from_text(value.to_str().unwrap_or_default()),
        }
    }
}

/// The version a change is based on, from `If-Match`.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i64);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else {
            return Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "version_required",
                "Mandá If-Match con la versión que leíste.",
                "Send If-Match with the version you read.",
            ));
        };
        version(value.to_str().unwrap_or_default()).map(Self).ok_or_else(|| {
            malformed_with(
                "If-Match lleva el número de versión que leíste.",
                "If-Match holds the number of the version you read.",
            )
        })
    }
}

/// `"7"`, as an entity tag is written; also weak or without its quotes.
fn version(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let digits = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(tag);
    let plain = (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// 412: somebody changed it since.
pub fn stale() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "stale_version",
        "Otra persona lo cambió mientras tanto. Volvé a abrirlo y repetí el cambio.",
        "Somebody changed it meanwhile. Open it again and repeat the change.",
    )
}

/// Who calls, put there by the authentication layer.
pub struct Caller(pub Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Actor>().cloned().unwrap_or_else(Actor::anonymous)))
    }
}
