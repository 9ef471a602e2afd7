//! A file on its way in: from a form field or as the body itself, counted while it arrives. What is
//! too large is refused as soon as that is known and never fills the memory (INP-1): a large file
//! waits on disk until it is whole.

use axum::body::{Body, HttpBody as _};
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures_util::StreamExt;
use gondola_store::Actor;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use super::body::{Caller, too_large};
use super::text::clean_line;
use super::{App, Errors, Form, Problem, RequestKey};

/// What a form may add around a file: boundaries, names, headers.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// A file up to this size is kept in memory while it arrives.
const IN_MEMORY_MAX: usize = 4 * 1024 * 1024;
/// Characters of a file's name that are kept.
const FILE_NAME_MAX: usize = 200;
/// The form field that holds the file.
const FIELD: &str = "file";
/// Which files a route takes.
pub struct Accepts {
    /// Bytes at most.
    pub bytes_max: usize,
    /// Media types that a file comes as when it is the body itself. What it is, its content tells.
    pub types: &'static [&'static str],
    /// What is told to who sends something else, Spanish and English.
    pub otherwise: [&'static str; 2],
}

/// A file that arrived.
pub struct Upload {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its name, for people; empty when it came without one.
    pub name: String,
    /// What else the form said.
    pub form: Form,
}

impl Upload {
    /// Receives the file of a request.
    ///
    /// # Errors
    /// 413 beyond the limit, 415 for what is neither a form nor such a file, 422 without one, 400 when it broke off.
    pub async fn receive(mut request: Request, accepts: &Accepts) -> Result<Self, Problem> {
        let declared = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let hint = request.body().size_hint().exact();
        let length: u64 = declared.or(hint).unwrap_or(0);
        if length > (accepts.bytes_max + FORM_BYTES_MAX) as u64 {
            return Err(too_large(accepts.bytes_max));
        }
        DefaultBodyLimit::disable().apply(&mut request);
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if kind == "multipart/form-data" {
            return Self::from_form(request, accepts.bytes_max).await;
        }
        if !accepts.types.contains(&kind.as_str()) {
            return Err(unsupported(accepts.otherwise));
        }
        Ok(Self { bytes: whole(request.into_body(), accepts.bytes_max).await?, name: String::new(), form: Form::new() })
    }

    async fn from_form(request: Request, bytes_max: usize) -> Result<Self, Problem> {
        let mut sent = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let (mut file, mut form, mut room) = (None, Form::new(), FORM_BYTES_MAX);
        while let Some(mut field) = sent.next_field().await.map_err(|_| broken())? {
            if field.name() == Some(FIELD) && file.is_none() {
                let name: String = field.file_name().unwrap_or_default().chars().take(FILE_NAME_MAX).collect();
                let name = clean_line(&name, FILE_NAME_MAX).unwrap_or_default();
                let mut spool = Spool::up_to(bytes_max);
                while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
                    spool.add(&chunk).await?;
                }
                file = Some((name, spool));
            } else {
                let name = field.name().unwrap_or_default().to_owned();
                form = form.with(&name, text(field, &mut room, bytes_max).await?);
            }
        }
        let Some((name, spool)) = file.filter(|(name, spool)| !(name.is_empty() && spool.length == 0)) else {
            let mut errors = Errors::new();
            errors.required::<()>(FIELD, None);
            return Err(errors.finish().expect_err("a problem was just noted"));
        };
        Ok(Self { bytes: spool.into_bytes().await?, name, form })
    }
}

/// The text of a field that is not the file; all of them together fit into the room there is.
async fn text(mut field: Field<'_>, room: &mut usize, bytes_max: usize) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
        *room = room.checked_sub(chunk.len()).ok_or_else(|| too_large(bytes_max))?;
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

async fn whole(body: Body, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut spool = Spool::up_to(bytes_max);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        spool.add(&chunk.map_err(|_| broken())?).await?;
    }
    spool.into_bytes().await
}

impl Problem {
    /// A refusal of a file that a page sent, with the status of the page that shows it: what did not arrive is about the file.
    pub fn about_the_file(self) -> (StatusCode, Self) {
        match self.status {
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST => {
                (self.status, Self::invalid_field(FIELD, self.code, self.detail.es, self.detail.en))
            }
            _ => (StatusCode::UNPROCESSABLE_ENTITY, self),
        }
    }
}

/// A file that is about to arrive over the API: where to, from whom, and the key that came with it.
pub struct SentFile {
    /// Where to.
    pub app: App,
    /// From whom.
    pub actor: Actor,
    /// What makes it happen once.
    pub key: RequestKey,
    /// The file, for [`Upload::receive`].
    pub request: Request,
}

impl FromRequest<App> for SentFile {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Ok(Caller(actor)) = Caller::from_request_parts(&mut parts, app).await;
        let key = RequestKey::from_request_parts(&mut parts, app).await?;
        Ok(Self { app: app.clone(), actor, key, request: Request::from_parts(parts, body) })
    }
}

/// Bytes as they arrive: in memory while they are few, then in a nameless temporary file.
struct Spool {
    bytes_max: usize,
    memory: Vec<u8>,
    file: Option<File>,
    length: usize,
}

impl Spool {
    const fn up_to(bytes_max: usize) -> Self {
        Self { bytes_max, memory: Vec::new(), file: None, length: 0 }
    }

    async fn add(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        self.length += chunk.len();
        if self.length > self.bytes_max {
            return Err(too_large(self.bytes_max));
        }
        if self.file.is_none() && self.length <= IN_MEMORY_MAX {
            self.memory.extend_from_slice(chunk);
            return Ok(());
        }
        if self.file.is_none() {
            let mut file = File::from_std(tempfile::tempfile().map_err(disk)?);
            file.write_all(&std::mem::take(&mut self.memory)).await.map_err(disk)?;
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            file.write_all(chunk).await.map_err(disk)?;
        }
        Ok(())
    }

    async fn into_bytes(self) -> Result<Vec<u8>, Problem> {
        let Some(mut file) = self.file else { return Ok(self.memory) };
        let mut bytes = Vec::with_capacity(self.length);
        file.flush().await.map_err(disk)?;
        file.rewind().await.map_err(disk)?;
        file.read_to_end(&mut bytes).await.map_err(disk)?;
        Ok(bytes)
    }
}

fn disk(error: std::io::Error) -> Problem {
    tracing::error!(%error, code = "internal", "keep an uploaded file");
    Problem::internal()
}

fn broken() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed",
        "El archivo no llegó entero. Mandalo de nuevo.",
        "The file did not arrive whole. Send it again.",
    )
}

fn unsupported([es, en]: [&str; 2]) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", es, en)
}
