//! The JSON of the audit trail, newest first, and the whole of it as a file.

pub(super) mod detections;
pub(super) mod report;

use axum::response::Response;
use gondola_store::Permission;
use gondola_store::audit::{EntryRow, Family};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::detect::{Detector, Severity};
use super::queries::{self, EntryFilter, EntryKey};
use super::report::Period;
use crate::kernel::scalars::{FilterText, Moment, line, one_of, scalars};
use crate::kernel::time::{format_instant, moment};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};
use crate::stock::{REASON_MAX, REASON_MIN};

scalars! {
    /// What kind of thing happened.
    FamilyCode = one_of(Family::ALL.map(Family::code));
    /// What found it.
    DetectorCode = one_of(Detector::ALL.map(Detector::code));
    /// How bad it is.
    SeverityCode = one_of(Severity::ALL.map(Severity::code));
    /// The period of a report, which ends now.
    PeriodCode = one_of(Period::ALL.map(Period::code));
    /// What was found out about it, 3 to 200 characters.
    SeenNote = line(REASON_MIN, REASON_MAX, "Era Marta desde el celular");
}

/// The routes.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![Endpoint::list::<EntryParams>(utoipa_axum::routes!(list_entries))];
    endpoints.extend(detections::endpoints());
    endpoints.push(report::endpoint());
    endpoints
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// In which order entries were written.
    pub sequence: i64,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// What happened: a command's name, `list.exported` or `http.refused`.
    pub event: String,
    /// `modify`, `read`, `key`, `auth` or `privilege`.
    pub family: String,
    /// Who: `user:ID`, `key:ID`, `system:NAME` or `anonymous`.
    pub actor: String,
    /// The name people know them by.
    pub user: String,
    /// The face that was asked; empty for the console.
    pub face: String,
    /// What it was done to.
    pub resource: String,
    /// How it ended, as an HTTP status.
    pub status: i64,
    /// Rows it read or, of requests that were turned away, how many there were.
    pub records: i64,
    /// The address of whoever asked.
    pub client_ip: String,
    /// What their program calls itself.
    pub agent: String,
    /// The request's id.
    pub request_id: String,
    /// `public`, `internal`, `confidential` or `restricted`.
    pub class: String,
    /// How much it matters, 1 to 100.
    pub sensitivity: i64,
    /// Why, where somebody or something said so.
    pub reason: String,
    /// Who gave the yes that it waited for beyond the right to do it; empty where nobody's was needed.
    pub approver: String,
    /// Its place in the chain; null for the moment until it is sealed.
    #[schema(required)]
    pub position: Option<i64>,
}

impl From<EntryRow> for AuditEntry {
    fn from(row: EntryRow) -> Self {
        Self {
            sequence: row.sequence,
            at: format_instant(row.at),
            event: row.event,
            family: row.family,
            actor: row.actor,
            user: row.actor_name,
            face: row.face,
            resource: row.resource,
            status: row.status,
            records: row.records,
            client_ip: row.client_ip,
            agent: row.agent,
            request_id: row.request_id,
            class: row.class,
            sensitivity: row.sensitivity,
            reason: row.reason,
            approver: row.approver,
            position: row.position,
        }
    }
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntryParams {
    /// What kind of thing happened.
    #[param(value_type = Option<FamilyCode>, nullable = false)]
    pub family: Option<String>,
    /// What happened, as `stock.post_movement`.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub event: Option<String>,
    /// The name of a person or key, or `user:ID`, `key:ID`.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub user: Option<String>,
    /// What it was done to, as `sku:QUE-CREMOSO`.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub resource: Option<String>,
    /// Not before this instant or day.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub from: Option<String>,
    /// Not after this day, or before this instant.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub to: Option<String>,
}

impl EntryParams {
    /// The filter.
    ///
    /// # Errors
    /// 422 about words we do not know.
    pub(super) fn filter(self, app: &App) -> Result<EntryFilter, Problem> {
        let mut errors = Errors::new();
        let family = self.family.and_then(|code| {
            let family = Family::ALL.into_iter().map(Family::code).find(|known| *known == code);
            if family.is_none() {
                let known = Family::ALL.map(Family::code).join(", ");
                let (es, en) = (format!("Las familias son: {known}."), format!("The families are: {known}."));
                errors.add("family", "unknown_family", es, en);
            }
            family
        });
        let from = self.from.as_deref().and_then(|text| moment(&app.zone, &mut errors, "from", text, 0));
        let until = self.to.as_deref().and_then(|text| moment(&app.zone, &mut errors, "to", text, 1));
        errors.finish()?;
        Ok(EntryFilter { family, event: self.event, user: self.user, resource: self.resource, from, until })
    }
}

impl List for EntryParams {
    type Item = AuditEntry;
    type Key = EntryKey;
    type Filter = EntryFilter;

    const NAME: &'static str = "audit";
    const TITLE: [&'static str; 2] = ["Registro", "Audit trail"];
    const NEEDS: Permission = Permission::ReadAudit;

    async fn look_up(self, app: &App, _: &mut Reader) -> Result<Option<EntryFilter>, Problem> {
        self.filter(app).map(Some)
    }

    async fn page(
        filter: &EntryFilter,
        reader: &mut Reader,
        after: Option<EntryKey>,
        limit: i64,
    ) -> Result<Page<AuditEntry>, Problem> {
        let rows = queries::entries(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.at, row.sequence), AuditEntry::from))
    }

    fn columns(_: Option<&EntryFilter>) -> Columns<AuditEntry> {
        Columns::<AuditEntry>::new()
            .instant("Cuándo", "When", |row| row.at.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .text("Qué", "What", |row| row.event.clone())
            .text("Sobre qué", "About", |row| row.resource.clone())
            .word("audit.family_", "Clase", "Kind", |row| row.family.clone())
            .whole("Resultado", "Status", |row| row.status)
            .whole("Filas", "Rows", |row| row.records)
            .text("Por qué", "Why", |row| row.reason.clone())
            .text("Puerta", "Face", |row| row.face.clone())
            .text("Dirección", "Address", |row| row.client_ip.clone())
            .text("Programa", "Program", |row| row.agent.clone())
            .text("Pedido", "Request", |row| row.request_id.clone())
            .text("Referencia", "Reference", |row| row.actor.clone())
            .whole("Puesto en la cadena", "Place in the chain", |row| row.position)
            .whole("Número", "Number", |row| row.sequence)
    }
}

/// The audit trail, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(EntryParams),
    responses((status = 200, description = "A page of entries", body = Page<AuditEntry>)))]
async fn list_entries(asked: Listing<EntryParams>) -> Result<Response, Problem> {
    asked.answer().await
}
