//! The lists of suppliers and of what was taught about them: what narrows them, a page, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::bodies::parse_tax_id;
use super::contact::tax_id_index;
use super::queries::{self, Lesson, SupplierFilter};
use super::scalars::TaxId;
use super::supplier::SupplierRecord;
use super::views::{LessonView, SummaryView};
use crate::kernel::fields::read;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<Suppliers>(utoipa_axum::routes!(list_suppliers)),
        Endpoint::list::<Lessons>(utoipa_axum::routes!(list_lessons)),
    ]
}

/// Which suppliers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Suppliers {
    /// Whose CUIT this is, whole: it lies sealed, and no part of it can be looked for.
    #[param(value_type = Option<TaxId>, nullable = false)]
    pub tax_id: Option<String>,
    /// Whether the shop buys from them.
    #[param(value_type = Option<bool>, nullable = false)]
    pub active: Option<bool>,
}

impl List for Suppliers {
    type Item = SummaryView;
    type Key = String;
    type Filter = SupplierFilter;

    const NAME: &'static str = "suppliers";
    const TITLE: [&'static str; 2] = ["Proveedores", "Suppliers"];
    const NEEDS: Permission = Permission::ReadSuppliers;

    async fn look_up(self, app: &App, _: &mut Reader) -> Result<Option<SupplierFilter>, Problem> {
        let mut errors = Errors::new();
        let tax_id = read(&mut errors, "tax_id", self.tax_id, parse_tax_id);
        errors.finish()?;
        let tax_id_index = tax_id.map(|tax_id| tax_id_index(app.db.vault(), &tax_id));
        Ok(Some(SupplierFilter { tax_id_index, active: self.active }))
    }

    async fn page(
        filter: &SupplierFilter,
        reader: &mut Reader,
        after: Option<String>,
        limit: i64,
    ) -> Result<Page<SummaryView>, Problem> {
        let rows = queries::list(&mut reader.tx(), filter, after.as_deref(), limit).await?;
        Ok(Page::cut(rows, limit, |supplier: &SupplierRecord| supplier.code.clone(), SummaryView::from))
    }

    fn columns(_: Option<&SupplierFilter>) -> Columns<SummaryView> {
        let together = |list: &[String]| list.join(", ");
        Columns::<SummaryView>::new()
            .text("Código", "Code", |supplier| supplier.code.clone())
            .text("Nombre", "Name", |supplier| supplier.name.clone())
            .text("Razón social", "Legal name", |supplier| supplier.legal_name.clone())
            .word("supplier.vat_", "Condición de IVA", "VAT condition", |supplier| supplier.vat_condition.code())
            .text("Hora límite", "Cut-off", |supplier| supplier.cut_off.clone())
            .whole("Días hasta la entrega", "Lead days", |supplier| supplier.lead_days)
            .money("Pedido mínimo", "Least order", |supplier| supplier.minimum_order.clone())
            .whole("Días para pagar", "Days to pay", |supplier| supplier.payment_days)
            .money("Descuento %", "Discount %", |supplier| supplier.discount.clone())
            .text("Marcas propias", "Own brands", move |supplier| together(&supplier.own_brands))
            .text("Marcas que distribuye", "Brands it distributes", move |supplier| {
                together(&supplier.distributed_brands)
            })
            .text("Especialista en", "Specialist in", move |supplier| together(&supplier.specialities))
            .flag("Activo", "Active", |supplier| supplier.active)
            .text("Id", "Id", |supplier| supplier.id)
    }
}

/// Suppliers by code, without what lies sealed.
#[utoipa::path(get, path = "/api/v1/suppliers", tag = "suppliers", params(Suppliers),
    responses((status = 200, description = "A page of them", body = Page<SummaryView>)))]
async fn list_suppliers(asked: Listing<Suppliers>) -> Result<Response, Problem> {
    asked.answer().await
}

/// What was taught takes no filter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lessons {}

impl List for Lessons {
    type Item = LessonView;
    type Key = String;
    type Filter = ();

    const NAME: &'static str = "supplier-lessons";
    const TITLE: [&'static str; 2] = ["Lo que aprendió de proveedores", "What it learned about suppliers"];
    const NEEDS: Permission = Permission::ReadSuppliers;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(_: &(), reader: &mut Reader, after: Option<String>, limit: i64) -> Result<Page<LessonView>, Problem> {
        let rows = queries::lessons(&mut reader.tx(), after.as_deref(), limit).await?;
        Ok(Page::cut(rows, limit, |lesson: &Lesson| lesson.folded.clone(), LessonView::from))
    }

    fn columns(_: Option<&()>) -> Columns<LessonView> {
        Columns::<LessonView>::new()
            .text("Texto", "Text", |lesson| lesson.text.clone())
            .text("Proveedor", "Supplier", |lesson| lesson.supplier.clone())
            .text("Quién lo enseñó", "Taught by", |lesson| lesson.taught_by.clone())
            .instant("Cuándo", "When", |lesson| lesson.taught_at.clone())
            .text("Id", "Id", |lesson| lesson.id)
    }
}

/// What people taught about whose a text is, by text.
#[utoipa::path(get, path = "/api/v1/suppliers/lessons", tag = "suppliers",
    responses((status = 200, description = "A page of it", body = Page<LessonView>)))]
async fn list_lessons(asked: Listing<Lessons>) -> Result<Response, Problem> {
    asked.answer().await
}
