//! Accounts as the API answers them.

use gondola_ledger::Money;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ageing::Ageing;
use super::queries::{AccountEntry, Standing};
use crate::kernel::time::{format_day, format_instant};

/// An entry of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountEntry)]
pub struct EntryView {
    /// Its id.
    pub id: Uuid,
    /// Its place in the account.
    pub sequence: i64,
    /// `opening`, `invoice`, `debit_note`, `credit_note` or `payment`.
    #[schema(example = "invoice")]
    pub kind: String,
    /// How much: above zero is owed, below zero is owed less.
    #[schema(example = "150000.00")]
    pub amount: String,
    /// What the shop owed after it.
    #[schema(example = "150000.00")]
    pub balance: String,
    /// The number on the paper.
    #[schema(required)]
    pub document: Option<String>,
    /// The day on the paper.
    #[schema(format = Date)]
    pub issued_on: String,
    /// Until when it is to be paid.
    #[schema(required, format = Date)]
    pub due_on: Option<String>,
    /// How it was paid.
    #[schema(required)]
    pub method: Option<String>,
    /// What for.
    pub reason: String,
    /// The entry that it takes back.
    #[schema(required)]
    pub reverses: Option<Uuid>,
    /// The entry that takes it back.
    #[schema(required)]
    pub reversed_by: Option<Uuid>,
    /// Who wrote it.
    pub user: String,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub recorded_at: String,
}

impl From<AccountEntry> for EntryView {
    fn from(entry: AccountEntry) -> Self {
        Self {
            id: entry.id,
            sequence: entry.sequence,
            kind: entry.kind,
            amount: Money::new(entry.amount).to_string(),
            balance: Money::new(entry.balance_after).to_string(),
            document: entry.document,
            issued_on: format_day(entry.issued_on),
            due_on: entry.due_on.map(format_day),
            method: entry.method,
            reason: entry.reason,
            reverses: entry.reverses,
            reversed_by: entry.reversed_by,
            user: entry.actor_name,
            recorded_at: format_instant(entry.recorded_at),
        }
    }
}

/// How the account of a supplier stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierAccount)]
pub struct StandingView {
    /// The supplier's code.
    #[schema(example = "Q")]
    pub supplier: String,
    /// Its name.
    pub name: String,
    /// What the shop owes it; below zero when the supplier owes the shop.
    #[schema(example = "150000.00")]
    pub balance: String,
    /// What is late of it.
    #[schema(example = "0.00")]
    pub overdue: String,
    /// What is due today or within a week.
    #[schema(example = "150000.00")]
    pub due_this_week: String,
    /// What is due later.
    #[schema(example = "0.00")]
    pub due_later: String,
    /// Up to 30 days late.
    #[schema(example = "0.00")]
    pub late_1_30: String,
    /// 31 to 60 days late.
    #[schema(example = "0.00")]
    pub late_31_60: String,
    /// More than 60 days late.
    #[schema(example = "0.00")]
    pub late_over_60: String,
}

impl From<Standing> for StandingView {
    fn from(standing: Standing) -> Self {
        let Ageing { later, this_week, late, very_late, oldest } = standing.ageing;
        let pesos = |centavos| Money::new(centavos).to_string();
        Self {
            supplier: standing.code,
            name: standing.name,
            balance: standing.balance.to_string(),
            overdue: standing.ageing.overdue().to_string(),
            due_this_week: pesos(this_week),
            due_later: pesos(later),
            late_1_30: pesos(late),
            late_31_60: pesos(very_late),
            late_over_60: pesos(oldest),
        }
    }
}
