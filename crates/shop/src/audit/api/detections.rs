//! What the detectors found, as JSON and as a file, and marking a case as seen.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::detect::{Detector, Severity};
use super::super::detections::{self, Detection, DetectionFilter, DetectionKey, MARKS_SEEN, MarkSeen};
use super::{DetectorCode, SeenNote, SeverityCode};
use crate::kernel::answer::replayable;
use crate::kernel::scalars::Moment;
use crate::kernel::time::{format_instant, moment};
use crate::kernel::words::word;
use crate::kernel::{
    Access, App, Body, Caller, Columns, Endpoint, Errors, Lang, LimitGroup, List, Listing, OpClass, Page, Problem,
    Reader, RequestKey,
};
use crate::stock::{REASON_MAX, REASON_MIN, line};

/// The routes.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let marks = Access::Needs(MARKS_SEEN);
    vec![
        Endpoint::list::<DetectionParams>(utoipa_axum::routes!(list_detections)),
        Endpoint::api(utoipa_axum::routes!(mark_seen), marks, OpClass::Write, LimitGroup::General),
    ]
}

/// A case that a detector found.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetectionItem {
    /// Its id.
    pub id: Uuid,
    /// When it was found, UTC.
    #[schema(format = DateTime)]
    pub found_at: String,
    /// What found it: `brute_force`, `off_hours`, `exfiltration`, `privilege_escalation`, `decrypt_failures`,
    /// `ip_spread`, `unusual_access` or `key_misuse`.
    pub detector: String,
    /// `medium`, `high` or `critical`.
    pub severity: String,
    /// The rule in words.
    pub rule: String,
    /// Whom it is about: `user:ID`, `key:ID`, or the account that was tried or given roles.
    pub subject: String,
    /// The name people know them by.
    pub user: String,
    /// What about them: the address, the column that was read.
    pub about: String,
    /// How many failures, rows, roles, addresses or reads it counts, at the worst.
    pub count: i64,
    /// When the first of them happened, UTC.
    #[schema(format = DateTime)]
    pub first_at: String,
    /// When the last of them happened, UTC.
    #[schema(format = DateTime)]
    pub last_at: String,
    /// When somebody marked it as seen, UTC.
    #[schema(required, format = DateTime)]
    pub seen_at: Option<String>,
    /// Who did.
    #[schema(required)]
    pub seen_by: Option<String>,
    /// What they found out.
    #[schema(required)]
    pub note: Option<String>,
}

impl From<Detection> for DetectionItem {
    fn from(found: Detection) -> Self {
        Self {
            id: found.id,
            found_at: format_instant(found.found_at),
            rule: word(Lang::En, &format!("detection.rule_{}", found.detector)).to_owned(),
            detector: found.detector,
            severity: found.severity,
            subject: found.subject,
            user: found.subject_name,
            about: found.about,
            count: found.count,
            first_at: format_instant(found.first_at),
            last_at: format_instant(found.last_at),
            seen_at: found.seen_at.map(format_instant),
            seen_by: found.seen_by,
            note: found.note,
        }
    }
}

/// Which cases.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DetectionParams {
    /// What found it.
    #[param(value_type = Option<DetectorCode>, nullable = false)]
    pub detector: Option<String>,
    /// How bad it is.
    #[param(value_type = Option<SeverityCode>, nullable = false)]
    pub severity: Option<String>,
    /// Those that somebody has seen, or those that nobody has.
    #[param(nullable = false)]
    pub seen: Option<bool>,
    /// Not found before this instant or day.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub from: Option<String>,
    /// Not found after this day, or found before this instant.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub to: Option<String>,
}

impl DetectionParams {
    /// The filter.
    ///
    /// # Errors
    /// 422 about words we do not know.
    pub fn filter(self, app: &App) -> Result<DetectionFilter, Problem> {
        let mut errors = Errors::new();
        let mut known = |field: &str, text: Option<String>, words: &[&'static str]| {
            let text = text?;
            let found = words.iter().copied().find(|word| *word == text);
            if found.is_none() {
                let words = words.join(", ");
                let (es, en) = (format!("Los valores son: {words}."), format!("The values are: {words}."));
                errors.add(field, "unknown_value", es, en);
            }
            found
        };
        let detector = known("detector", self.detector, &Detector::ALL.map(Detector::code));
        let severity = known("severity", self.severity, &Severity::ALL.map(Severity::code));
        let seen = self.seen.map(|seen| if seen { "yes" } else { "no" });
        let from = self.from.as_deref().and_then(|text| moment(&app.zone, &mut errors, "from", text, 0));
        let until = self.to.as_deref().and_then(|text| moment(&app.zone, &mut errors, "to", text, 1));
        errors.finish()?;
        Ok(DetectionFilter { detector, severity, seen, from, until })
    }
}

impl List for DetectionParams {
    type Item = DetectionItem;
    type Key = DetectionKey;
    type Filter = DetectionFilter;

    const NAME: &'static str = "detections";
    const TITLE: [&'static str; 2] = ["Señales de alarma", "Detections"];
    const NEEDS: Permission = Permission::ReadAudit;

    async fn look_up(self, app: &App, _: &mut Reader) -> Result<Option<DetectionFilter>, Problem> {
        self.filter(app).map(Some)
    }

    async fn page(
        filter: &DetectionFilter,
        reader: &mut Reader,
        after: Option<DetectionKey>,
        limit: i64,
    ) -> Result<Page<DetectionItem>, Problem> {
        let rows = detections::detections(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.found_at, row.id), DetectionItem::from))
    }

    fn columns(_: Option<&DetectionFilter>) -> Columns<DetectionItem> {
        Columns::<DetectionItem>::new()
            .instant("Encontrada", "Found", |row| row.found_at.clone())
            .word("detection.severity_", "Gravedad", "Severity", |row| row.severity.clone())
            .word("detection.detector_", "Qué", "What", |row| row.detector.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .text("Referencia", "Reference", |row| row.subject.clone())
            .text("Sobre qué", "About", |row| row.about.clone())
            .whole("Cuántos", "How many", |row| row.count)
            .instant("Desde", "First", |row| row.first_at.clone())
            .instant("Hasta", "Last", |row| row.last_at.clone())
            .instant("Revisada", "Seen", |row| row.seen_at.clone())
            .text("Por quién", "By", |row| row.seen_by.clone())
            .text("Nota", "Note", |row| row.note.clone())
            .text("Id", "Id", |row| row.id)
    }
}

/// What looks like trouble in the audit trail, the last found first.
#[utoipa::path(get, path = "/api/v1/audit/detections", tag = "audit", params(DetectionParams),
    responses((status = 200, description = "A page of cases", body = Page<DetectionItem>)))]
async fn list_detections(asked: Listing<DetectionParams>) -> Result<Response, Problem> {
    asked.answer().await
}

/// What somebody found out about a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenBody {
    /// What was found out, 3 to 200 characters.
    #[schema(value_type = SeenNote, required)]
    pub note: Option<String>,
}

impl SeenBody {
    /// The command.
    ///
    /// # Errors
    /// 422 when the note is missing, too short or too long.
    pub fn parse(self, id: Uuid) -> Result<MarkSeen, Problem> {
        let mut errors = Errors::new();
        let note = errors.required("note", self.note).and_then(|text| line(&mut errors, "note", &text, REASON_MAX));
        if note.as_ref().is_some_and(|note| note.chars().count() < REASON_MIN) {
            errors.add(
                "note",
                "text_too_short",
                "Contá qué fue, en al menos 3 letras.",
                "Say what it was, in at least 3 characters.",
            );
        }
        errors.finish()?;
        Ok(MarkSeen { id, note: note.unwrap_or_default() })
    }
}

/// Marks a case as seen.
#[utoipa::path(post, path = "/api/v1/audit/detections/{id}/seen", tag = "audit", params(("id" = Uuid, Path)),
    request_body = SeenBody, responses((status = 200, description = "The case", body = DetectionItem)))]
async fn mark_seen(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    key: RequestKey,
    body: Body<SeenBody>,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found())?;
    let key = body.key(&key, &format!("POST /audit/detections/{id}/seen"));
    let done = app.db.execute(&actor, key, body.value.parse(id)?).await?;
    Ok(replayable(StatusCode::OK, done.replayed, &DetectionItem::from(done.out)))
}
