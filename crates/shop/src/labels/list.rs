//! The lists of labels: those that are due, in the order of the aisles, and what was printed.

use axum::response::Response;
use gondola_ledger::Money;
use gondola_store::{At, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::queries::{self, Due, DueKey, DueLabel, Print};
use super::scalars::LabelDue;
use crate::kernel::fields::{Read, read};
use crate::kernel::time::format_instant;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader, Text};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<Labels>(utoipa_axum::routes!(list_labels)),
        Endpoint::list::<Prints>(utoipa_axum::routes!(list_label_prints)),
    ]
}

/// A label that is due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DueLabel)]
pub struct LabelView {
    /// The product.
    pub product: Uuid,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The code of its category.
    pub category: String,
    /// Its price.
    #[schema(example = "1850.00")]
    pub price: String,
    /// What the last label says; null where none was ever printed.
    #[schema(required, example = "1700.00")]
    pub says: Option<String>,
    /// When the price changed, UTC.
    #[schema(format = DateTime)]
    pub changed_at: String,
    /// Whether that is more than a day ago.
    pub late: bool,
    /// The print it is on.
    #[schema(required)]
    pub print: Option<Uuid>,
}

/// Labels printed together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LabelPrint)]
pub struct PrintView {
    /// Its id.
    pub id: Uuid,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub printed_at: String,
    /// Who.
    pub printed_by: String,
    /// How many labels.
    pub labels: i64,
    /// How many of them are not on the shelf yet.
    pub waiting: i64,
}

impl From<Print> for PrintView {
    fn from(print: Print) -> Self {
        Self {
            id: print.id,
            printed_at: format_instant(print.printed_at),
            printed_by: print.printed_by,
            labels: print.labels,
            waiting: print.waiting,
        }
    }
}

impl LabelView {
    fn of(label: DueLabel, now: At) -> Self {
        Self {
            late: label.is_late(now),
            product: label.id,
            sku: label.sku,
            name: label.name,
            category: label.category,
            price: Money::new(label.amount).to_string(),
            says: label.says.map(|says| Money::new(says).to_string()),
            changed_at: format_instant(label.changed_at),
            print: label.print_id,
        }
    }
}

fn parse_due(code: &str) -> Read<Due> {
    match code {
        "to_print" => Ok(Due::ToPrint),
        "to_place" => Ok(Due::ToPlace),
        _ => Err(("unknown_word", Text::new("Es to_print o to_place.", "It is to_print or to_place."))),
    }
}

/// Which labels.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Labels {
    /// To print, or printed and to place; to print unless said.
    #[param(value_type = Option<LabelDue>, nullable = false)]
    pub due: Option<String>,
}

impl List for Labels {
    type Item = LabelView;
    type Key = DueKey;
    type Filter = Due;

    const NAME: &'static str = "labels";
    const TITLE: [&'static str; 2] = ["Etiquetas", "Labels"];
    const NEEDS: Permission = Permission::ReadCatalogue;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<Due>, Problem> {
        let mut errors = Errors::new();
        let due = read(&mut errors, "due", self.due, parse_due);
        errors.finish()?;
        Ok(Some(due.unwrap_or(Due::ToPrint)))
    }

    async fn page(
        what: &Due,
        reader: &mut Reader,
        after: Option<DueKey>,
        limit: i64,
    ) -> Result<Page<LabelView>, Problem> {
        let now = reader.now();
        let rows = queries::due(&mut reader.tx(), *what, after, limit).await?;
        let key = |label: &DueLabel| (label.position, label.name_folded.clone(), label.id);
        Ok(Page::cut(rows, limit, key, |label| LabelView::of(label, now)))
    }

    fn columns(_: Option<&Due>) -> Columns<LabelView> {
        Columns::<LabelView>::new()
            .text("Rubro", "Category", |label| label.category.clone())
            .text("SKU", "SKU", |label| label.sku.clone())
            .text("Nombre", "Name", |label| label.name.clone())
            .money("Precio", "Price", |label| Some(label.price.clone()))
            .money("La etiqueta dice", "The label says", |label| label.says.clone())
            .instant("Desde", "Since", |label| label.changed_at.clone())
            .flag("Atrasada", "Late", |label| label.late)
    }
}

/// Labels that do not say the price yet, or are not on the shelf yet, in the order of the aisles.
#[utoipa::path(get, path = "/api/v1/labels", tag = "labels", params(Labels),
    responses((status = 200, description = "A page of them", body = Page<LabelView>)))]
async fn list_labels(asked: Listing<Labels>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Prints take no filter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prints {}

impl List for Prints {
    type Item = PrintView;
    type Key = (At, Uuid);
    type Filter = ();

    const NAME: &'static str = "label-prints";
    const TITLE: [&'static str; 2] = ["Etiquetas impresas", "Printed labels"];
    const NEEDS: Permission = Permission::ReadCatalogue;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(
        _: &(),
        reader: &mut Reader,
        before: Option<(At, Uuid)>,
        limit: i64,
    ) -> Result<Page<PrintView>, Problem> {
        let rows = queries::prints(&mut reader.tx(), before, limit).await?;
        Ok(Page::cut(rows, limit, |print: &Print| (print.printed_at, print.id), PrintView::from))
    }

    fn columns(_: Option<&()>) -> Columns<PrintView> {
        Columns::<PrintView>::new()
            .instant("Cuándo", "When", |print| print.printed_at.clone())
            .text("Quién", "Who", |print| print.printed_by.clone())
            .whole("Etiquetas", "Labels", |print| print.labels)
            .whole("Sin colocar", "Not placed", |print| print.waiting)
            .text("Id", "Id", |print| print.id)
    }
}

/// What was printed, newest first.
#[utoipa::path(get, path = "/api/v1/labels/prints", tag = "labels",
    responses((status = 200, description = "A page of prints", body = Page<PrintView>)))]
async fn list_label_prints(asked: Listing<Prints>) -> Result<Response, Problem> {
    asked.answer().await
}
