//! Every refusal and failure as one value (RFC 9457): a stable code, a status, a message in both
//! languages and the fields it is about. Handlers return it; the outer layer turns it into JSON or
//! a page, because only it knows the language, the request id and who asks. Internal text never
//! gets in here.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gondola_store::{Fail, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

use super::lang::{Lang, Text};

/// A refusal or failure, told to whoever asked.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable snake_case code.
    pub code: &'static str,
    /// What happened and what to do.
    pub detail: Text,
    /// The fields it is about, all at once.
    pub fields: Vec<FieldProblem>,
    /// When to come back, in seconds.
    pub retry_after: Option<u32>,
}

/// One field's problem before a language is chosen.
#[derive(Debug, Clone)]
pub struct FieldProblem {
    /// The field's path, for example `lines[3].quantity`.
    pub field: String,
    /// Stable snake_case code.
    pub code: &'static str,
    /// What would be accepted.
    pub detail: Text,
}

/// The body of a problem document (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A link to the code's explanation.
    #[serde(rename = "type")]
    #[schema(example = "/docs#problem-not_found")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable code.
    #[schema(example = "not_found")]
    pub code: String,
    /// What happened and what to do, in the language of `Accept-Language`.
    pub detail: String,
    /// One entry per field that has a problem.
    pub errors: Vec<FieldError>,
    /// Say this when you ask for help.
    pub request_id: String,
}

/// One field's problem.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldError {
    /// The field's path, for example `lines[3].quantity`.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What would be accepted.
    pub detail: String,
}

impl Problem {
    /// A problem without fields.
    pub fn new(status: StatusCode, code: &'static str, es: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status, code, detail: Text::new(es, en), fields: Vec::new(), retry_after: None }
    }

    /// 404 for one thing.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "No encontramos lo que buscás.",
            "We did not find what you are looking for.",
        )
    }

    /// 422 about fields.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self {
            fields,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "Hay datos para corregir. No se guardó nada.",
                "Some values need correcting. Nothing was saved.",
            )
        }
    }

    /// 422 about one field.
    pub fn invalid_field(field: &str, code: &'static str, es: impl Into<String>, en: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem { field: field.to_owned(), code, detail: Text::new(es, en) }])
    }

    /// 422 about one field, by a reader's own refusal.
    pub fn refused_field(field: &str, refusal: (&'static str, Text)) -> Self {
        let (code, detail) = refusal;
        Self::invalid(vec![FieldProblem { field: field.to_owned(), code, detail }])
    }

    /// The same about the fields of something that stands within the body under that name, `opening.`.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        for told in &mut self.fields {
            told.field.insert_str(0, name);
        }
        self
    }

    /// 401, the same for every cause.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Hace falta una clave de API válida o iniciar sesión.",
            "A valid API key or a login session is needed.",
        )
    }

    /// 403: known, but without the right.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Tu usuario o clave no tiene permiso para esto. Pedíselo al dueño.",
            "Your user or key may not do this. Ask the owner.",
        )
    }

    /// 500. What happened is in the log, under the request id.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Falló algo nuestro. No se guardó nada; probá de nuevo y, si sigue, pasanos el número de pedido.",
            "Something of ours failed. Nothing was saved; try again and, if it persists, tell us the request id.",
        )
    }

    /// 500: a protected value was altered, moved, or sealed with a key that is not here (ENC-12).
    pub fn unreadable() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "protected_data_unreadable",
            "Un dato protegido no se puede leer: alguien lo alteró o falta su clave. No se guardó nada; avisale a quien cuida el sistema.",
            "A protected value cannot be read: somebody altered it or its key is missing. Nothing was saved; tell whoever runs the system.",
        )
    }

    /// 503 with `Retry-After`.
    pub fn unavailable() -> Self {
        Self {
            retry_after: Some(2),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "La base de datos no responde en este momento. No se guardó nada; probá de nuevo en unos segundos.",
                "The database does not answer right now. Nothing was saved; try again in a few seconds.",
            )
        }
    }

    /// The document in one language.
    pub fn body(&self, lang: Lang, request_id: &str) -> ProblemBody {
        ProblemBody {
            kind: format!("/docs#problem-{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.in_lang(lang).to_owned(),
            errors: self.fields.iter().map(|field| field.in_lang(lang)).collect(),
            request_id: request_id.to_owned(),
        }
    }
}

impl FieldProblem {
    /// The entry in one language.
    pub fn in_lang(&self, lang: Lang) -> FieldError {
        FieldError {
            field: self.field.clone(),
            code: self.code.to_owned(),
            detail: self.detail.in_lang(lang).to_owned(),
        }
    }
}

impl IntoResponse for Problem {
    /// An empty response that carries the problem; the outer layer writes it out.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let chain = Chain(&error);
        if error.is_temporary() {
            tracing::warn!(error = %chain, code = "unavailable", "the database did not answer");
            return Self::unavailable();
        }
        if let StoreError::Unreadable(_) = error {
            tracing::error!(error = %chain, code = "protected_data_unreadable", "a protected value does not open");
            return Self::unreadable();
        }
        tracing::error!(error = %chain, code = "internal", "the store failed");
        Self::internal()
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<std::convert::Infallible> for Problem {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl<R: Into<Problem>> From<Fail<R>> for Problem {
    fn from(fail: Fail<R>) -> Self {
        match fail {
            Fail::Refused(refusal) => refusal.into(),
            Fail::Forbidden(_) => Self::forbidden(),
            Fail::KeyReused => Self::new(
                StatusCode::CONFLICT,
                "idempotency_mismatch",
                "Esa Idempotency-Key ya se usó con otro pedido. Usá una clave nueva.",
                "That Idempotency-Key was used with another request. Use a new key.",
            ),
            Fail::Failed(error) => error.into(),
        }
    }
}

/// An error with its causes on one line, for the log.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
