//! A form as it came and as it goes back: the raw texts under their names and the problems found.
//! Handlers turn the texts into the same input that the JSON API takes, so that one `parse` holds the
//! rules; a form with problems is shown again as it was typed.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use gondola_store::Key;

use super::body::{RequestKey, too_large};
use super::lang::Lang;
use super::problem::{FieldProblem, Problem};

/// Bytes of a form's body.
const FORM_MAX: usize = 1024 * 1024;
/// The hidden field that makes sending a form twice harmless.
pub const KEY_FIELD: &str = "idempotency_key";

/// A form's texts by name, in the order they came, and the problems found in them.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    problems: Vec<FieldProblem>,
    hash: [u8; 32],
}

impl Form {
    /// A form nobody filled in yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same form with a text in it.
    pub fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), text.into()));
        self
    }

    /// The text of a field; empty when it is missing.
    pub fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// All texts of a field that may stand several times.
    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    /// All of it, encoded as a browser sends it.
    pub fn encoded(&self) -> String {
        serde_urlencoded::to_string(&self.fields).expect("pairs of texts can be encoded")
    }

    /// The name of its first field; none when it has no field.
    pub fn first_name(&self) -> Option<&str> {
        self.fields.first().map(|(name, _)| name.as_str())
    }

    /// The text of a field unless it is blank.
    pub fn given(&self, name: &str) -> Option<String> {
        Some(self.value(name).trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether a choice or box of that name and text is ticked.
    pub fn has(&self, name: &str, text: &str) -> bool {
        self.texts(name).any(|candidate| candidate == text)
    }

    /// What is wrong with a field, if anything.
    pub fn problem(&self, name: &str, lang: &Lang) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == name).map(|problem| problem.detail.in_lang(*lang))
    }

    /// As [`Form::messages`], each with the name its field has on the page; `labels` are pairs of field
    /// and name.
    pub fn named_messages(&self, lang: &Lang, labels: &[(&str, &str)]) -> Vec<(String, String)> {
        let named = |(field, message): (String, String)| {
            let label = labels.iter().find(|(name, _)| *name == field);
            let message = label.map_or(message.clone(), |(_, label)| format!("{label}: {message}"));
            (field, message)
        };
        self.messages(lang).into_iter().map(named).collect()
    }

    /// Every problem as field and message, for the summary above the form.
    pub fn messages(&self, lang: &Lang) -> Vec<(String, String)> {
        let message = |problem: &FieldProblem| (problem.field.clone(), problem.detail.in_lang(*lang).to_owned());
        self.problems.iter().map(message).collect()
    }

    /// The form with a refusal's problems noted, to be shown again; anything else than a refusal of
    /// what was typed is passed on.
    ///
    /// # Errors
    /// The problem, when it is not about the form (a failure, a missing right).
    pub fn refused(mut self, problem: Problem) -> Result<Self, Problem> {
        let about_the_form = matches!(
            problem.status,
            StatusCode::UNPROCESSABLE_ENTITY
                | StatusCode::CONFLICT
                | StatusCode::NOT_FOUND
                | StatusCode::PRECONDITION_FAILED
        );
        if !about_the_form {
            return Err(problem);
        }
        let problem = if problem.code == "idempotency_mismatch" { sent_before() } else { problem };
        if problem.fields.is_empty() {
            self.problems.push(FieldProblem { field: String::new(), code: problem.code, detail: problem.detail });
        }
        self.problems.extend(problem.fields);
        Ok(self)
    }

    /// The form's idempotency key bound to `route` and to what was typed.
    ///
    /// # Errors
    /// 400 when the hidden field is missing or was tampered with.
    pub fn key(&self, route: &str) -> Result<Option<Key>, Problem> {
        Ok(RequestKey::from_text(self.value(KEY_FIELD))?.bind(route, &self.hash))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Esta página espera los datos de un formulario.",
                "This page expects a form.",
            ));
        }
        let bytes = axum::body::to_bytes(request.into_body(), FORM_MAX).await.map_err(|_| too_large(FORM_MAX))?;
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).map_err(|_| malformed())?;
        // No browser sends a NUL, and PostgreSQL cannot keep one.
        if fields.iter().any(|(_, text)| text.contains('\0')) {
            return Err(malformed());
        }
        Ok(Self { fields, problems: Vec::new(), hash: gondola_vault::sha256(&bytes) })
    }
}

/// Somebody went back to a form that had worked, and sent it with other values.
fn sent_before() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "form_sent_before",
        "Este formulario ya se había enviado con otros datos. Revisalo y, si está bien, envialo de nuevo.",
        "This form was sent before with other values. Check it and, if it is right, send it again.",
    )
}

fn malformed() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed",
        "No pudimos leer el formulario. Volvé a abrir la página y probá de nuevo.",
        "We could not read the form. Open the page again and retry.",
    )
}
