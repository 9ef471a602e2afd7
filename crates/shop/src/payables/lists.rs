//! The account of a supplier and how all of them stand: a page of rows, and the whole as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::queries::{self, AccountEntry};
use super::views::{EntryView, StandingView};
use crate::kernel::scalars::{Day as DayText, SupplierCode};
use crate::kernel::time::{Day, local_day, parse_day};
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};
use crate::suppliers;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::list::<Account>(utoipa_axum::routes!(list_account)),
        Endpoint::list::<Accounts>(utoipa_axum::routes!(list_accounts)),
    ]
}

/// Whose account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    code: String,
}

impl List for Account {
    type Item = EntryView;
    type Key = i64;
    type Filter = Uuid;

    const NAME: &'static str = "supplier-account";
    const TITLE: [&'static str; 2] = ["Cuenta del proveedor", "Supplier's account"];
    const NEEDS: Permission = Permission::ReadSuppliers;

    async fn look_up(self, _: &App, reader: &mut Reader) -> Result<Option<Uuid>, Problem> {
        let found = suppliers::by_code(&mut reader.tx(), &self.code).await?;
        Ok(Some(found.ok_or_else(Problem::not_found)?.id))
    }

    async fn page(
        supplier: &Uuid,
        reader: &mut Reader,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Page<EntryView>, Problem> {
        let rows = queries::entries(&mut reader.tx(), *supplier, after, limit).await?;
        Ok(Page::cut(rows, limit, |entry: &AccountEntry| entry.sequence, EntryView::from))
    }

    fn columns(_: Option<&Uuid>) -> Columns<EntryView> {
        Columns::<EntryView>::new()
            .day("Fecha", "Date", |entry| entry.issued_on.clone())
            .word("payable.kind_", "Tipo", "Kind", |entry| entry.kind.clone())
            .text("Comprobante", "Document", |entry| entry.document.clone())
            .money("Importe", "Amount", |entry| entry.amount.clone())
            .money("Saldo", "Balance", |entry| entry.balance.clone())
            .day("Vence", "Due", |entry| entry.due_on.clone())
            .word("payable.method_", "Forma de pago", "Method", |entry| entry.method.clone())
            .text("Motivo", "Reason", |entry| entry.reason.clone())
            .text("Usuario", "User", |entry| entry.user.clone())
            .instant("Registrado", "Recorded", |entry| entry.recorded_at.clone())
            .text("Id", "Id", |entry| entry.id)
    }
}

/// The account of a supplier, newest first.
#[utoipa::path(get, path = "/api/v1/suppliers/{code}/account", tag = "suppliers",
    params(("code" = SupplierCode, Path, description = "The supplier's code, or its id")),
    responses((status = 200, description = "A page of it", body = Page<EntryView>)))]
async fn list_account(asked: Listing<Account>) -> Result<Response, Problem> {
    asked.answer().await
}

/// Of which day.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Accounts {
    /// The day that lateness is counted from; today when it is not said.
    #[param(value_type = Option<DayText>, nullable = false)]
    pub on: Option<String>,
}

impl List for Accounts {
    type Item = StandingView;
    type Key = ();
    type Filter = Day;

    const NAME: &'static str = "supplier-accounts";
    const TITLE: [&'static str; 2] = ["Cuentas con proveedores", "Accounts with suppliers"];
    const NEEDS: Permission = Permission::ReadSuppliers;
    const PAGED: bool = false;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<Day>, Problem> {
        let mut errors = Errors::new();
        let day = self.on.map(|text| {
            let day = parse_day(&text);
            if day.is_none() {
                errors.add("on", "bad_date", "La fecha va como 2026-11-23.", "The date is written as 2026-11-23.");
            }
            day
        });
        errors.finish()?;
        Ok(Some(day.flatten().unwrap_or_else(|| local_day(reader.now(), &app.zone))))
    }

    async fn page(today: &Day, reader: &mut Reader, _: Option<()>, _: i64) -> Result<Page<StandingView>, Problem> {
        let standings = queries::standings(&mut reader.tx(), *today).await?;
        Ok(Page { items: standings.into_iter().map(StandingView::from).collect(), next: None })
    }

    fn columns(_: Option<&Day>) -> Columns<StandingView> {
        Columns::<StandingView>::new()
            .text("Proveedor", "Supplier", |standing| standing.supplier.clone())
            .text("Nombre", "Name", |standing| standing.name.clone())
            .money("Saldo", "Balance", |standing| standing.balance.clone())
            .money("Vencido", "Overdue", |standing| standing.overdue.clone())
            .money("Vence en 7 días", "Due in 7 days", |standing| standing.due_this_week.clone())
            .money("Vence después", "Due later", |standing| standing.due_later.clone())
            .money("Hasta 30 días", "Up to 30 days", |standing| standing.late_1_30.clone())
            .money("31 a 60 días", "31 to 60 days", |standing| standing.late_31_60.clone())
            .money("Más de 60 días", "Over 60 days", |standing| standing.late_over_60.clone())
    }
}

/// How every account with a supplier stands, by the supplier's code.
#[utoipa::path(get, path = "/api/v1/supplier-accounts", tag = "suppliers", params(Accounts),
    responses((status = 200, description = "All of them", body = Page<StandingView>)))]
async fn list_accounts(asked: Listing<Accounts>) -> Result<Response, Problem> {
    asked.answer().await
}
