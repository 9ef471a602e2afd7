//! The JSON of the log of accesses, newest first, and the whole of it as a file.

use axum::response::Response;
use gondola_store::Permission;
use gondola_store::protect::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::queries::{self, AccessFilter, AccessKey, AccessRow};
use crate::PROTECTED;
use crate::catalogue::ids_of;
use crate::kernel::scalars::{FilterText, Moment};
use crate::kernel::time::{format_instant, moment};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};
use crate::stock::ProductRef;

/// The route.
pub(super) fn endpoint() -> Endpoint {
    Endpoint::list::<AccessParams>(utoipa_axum::routes!(list_accesses))
}

/// An access to protected data.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProtectedAccess {
    /// In which order accesses were written.
    pub id: i64,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub at: String,
    /// `ENCRYPT`, `DECRYPT`, `ROTATE`, `EXPORT` or `DENIED`.
    pub operation: String,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// How many records.
    pub records: i64,
    /// Ids of the first hundred of them.
    pub record_ids: Vec<Uuid>,
    /// Who: `user:ID`, `key:ID`, `system:NAME` or `anonymous:`.
    pub actor: String,
    /// The name people know them by.
    pub user: String,
    /// The face that was asked; empty for the console.
    pub face: String,
    /// What for: a command or a route's name.
    pub purpose: String,
    /// `allowed` or `denied`.
    pub outcome: String,
    /// Why it was denied: `bad_tag`, `unknown_key` or `unknown_format`; empty otherwise.
    pub error: String,
    /// The number of the key that sealed all of them; null where there were several.
    #[schema(required)]
    pub key: Option<i64>,
    /// The address of whoever asked.
    pub client_ip: String,
    /// The request's id.
    pub request_id: String,
    /// Its place in the chain; null for the moment until it is sealed.
    #[schema(required)]
    pub position: Option<i64>,
}

impl From<AccessRow> for ProtectedAccess {
    fn from(row: AccessRow) -> Self {
        Self {
            id: row.id,
            at: format_instant(row.accessed_at),
            operation: row.operation,
            table: row.table_name,
            column: row.column_name,
            records: row.record_count,
            // Written by this program; a broken line shows none.
            record_ids: serde_json::from_str(&row.record_ids).unwrap_or_default(),
            actor: format!("{}:{}", row.actor_type, row.actor_id),
            user: row.actor_name,
            face: row.face,
            purpose: row.purpose,
            outcome: row.outcome,
            error: row.error_code,
            key: row.key_id,
            client_ip: row.client_ip,
            request_id: row.request_id,
            position: row.position,
        }
    }
}

/// Which accesses.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessParams {
    /// The column, as `products.acquisition_cost`.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub column: Option<String>,
    /// The record's id, or `sku:` and the SKU of a product.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub record: Option<String>,
    /// The name of a person or key, or `user:ID`, `key:ID`.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub user: Option<String>,
    /// `ENCRYPT`, `DECRYPT`, `ROTATE`, `EXPORT` or `DENIED`.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub operation: Option<String>,
    /// Not before this instant or day.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub from: Option<String>,
    /// Not after this day, or before this instant.
    #[param(value_type = Option<Moment>, nullable = false)]
    pub to: Option<String>,
}

impl AccessParams {
    /// The filter; none when it names a record or somebody that does not exist.
    ///
    /// # Errors
    /// 422 about words we do not know.
    pub(super) async fn filter(self, app: &App, reader: &mut Reader) -> Result<Option<AccessFilter>, Problem> {
        let mut errors = Errors::new();
        let column = self.column.inspect(|column| check_column(column, &mut errors));
        let operation = self.operation.and_then(|code| {
            let known = Operation::ALL.map(Operation::code);
            let found = known.into_iter().find(|known| *known == code);
            if found.is_none() {
                let known = known.join(", ");
                let (es, en) = (format!("Las operaciones son: {known}."), format!("The operations are: {known}."));
                errors.add("operation", "unknown_operation", es, en);
            }
            found
        });
        let record = self.record.map(|text| {
            let reference = ProductRef::parse(text.trim());
            if reference.is_none() {
                errors.add(
                    "record",
                    "not_a_record",
                    "Poné el id del registro, o sku: y el SKU del producto.",
                    "Give the record's id, or sku: and the product's SKU.",
                );
            }
            reference
        });
        let from = self.from.as_deref().and_then(|text| moment(&app.zone, &mut errors, "from", text, 0));
        let until = self.to.as_deref().and_then(|text| moment(&app.zone, &mut errors, "to", text, 1));
        errors.finish()?;
        let record = match record.flatten() {
            None => None,
            Some(reference) => match ids_of(&mut reader.tx(), &[reference]).await?.pop().flatten() {
                None => return Ok(None),
                found => found,
            },
        };
        let actor = match self.user {
            None => None,
            Some(named) => match queries::actor(reader, named.trim()).await? {
                None => return Ok(None),
                found => found,
            },
        };
        Ok(Some(AccessFilter { column, record, actor, operation, from, until }))
    }
}

fn check_column(column: &str, errors: &mut Errors) {
    let known: Vec<String> = PROTECTED.iter().map(ToString::to_string).collect();
    if !known.iter().any(|name| name == column) {
        let known = known.join(", ");
        let es = format!("Las columnas protegidas son: {known}.");
        errors.add("column", "unknown_column", es, format!("The protected columns are: {known}."));
    }
}

impl List for AccessParams {
    type Item = ProtectedAccess;
    type Key = AccessKey;
    type Filter = AccessFilter;

    const NAME: &'static str = "accesses";
    const TITLE: [&'static str; 2] = ["Lecturas protegidas", "Protected accesses"];
    const NEEDS: Permission = Permission::ReadAudit;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<AccessFilter>, Problem> {
        self.filter(app, reader).await
    }

    async fn page(
        filter: &AccessFilter,
        reader: &mut Reader,
        after: Option<AccessKey>,
        limit: i64,
    ) -> Result<Page<ProtectedAccess>, Problem> {
        let rows = queries::accesses(reader, filter, after, limit).await?;
        Ok(Page::cut(rows, limit, |row| (row.accessed_at, row.id), ProtectedAccess::from))
    }

    fn columns(_: Option<&AccessFilter>) -> Columns<ProtectedAccess> {
        Columns::<ProtectedAccess>::new()
            .instant("Cuándo", "When", |row| row.at.clone())
            .text("Quién", "Who", |row| row.user.clone())
            .text("Operación", "Operation", |row| row.operation.clone())
            .text("Tabla", "Table", |row| row.table.clone())
            .text("Columna", "Column", |row| row.column.clone())
            .whole("Registros", "Records", |row| row.records)
            .text("Para qué", "Purpose", |row| row.purpose.clone())
            .text("Resultado", "Outcome", |row| row.outcome.clone())
            .text("Motivo", "Reason", |row| row.error.clone())
            .text("Puerta", "Face", |row| row.face.clone())
            .text("Dirección", "Address", |row| row.client_ip.clone())
            .text("Pedido", "Request", |row| row.request_id.clone())
            .text("Referencia", "Reference", |row| row.actor.clone())
            .whole("Clave", "Key", |row| row.key)
            .whole("Puesto en la cadena", "Place in the chain", |row| row.position)
            .whole("Número", "Number", |row| row.id)
    }
}

/// Who opened protected data, newest first.
#[utoipa::path(get, path = "/api/v1/audit/accesses", tag = "audit", params(AccessParams),
    responses((status = 200, description = "A page of accesses", body = Page<ProtectedAccess>)))]
async fn list_accesses(asked: Listing<AccessParams>) -> Result<Response, Problem> {
    asked.answer().await
}
