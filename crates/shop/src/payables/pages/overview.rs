//! How every account stands, the one that is latest on top.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_ledger::Money;
use gondola_store::Permission;

use super::super::queries::{self, Standing};
use crate::kernel::ask::Link;
use crate::kernel::numbers::show_money;
use crate::kernel::page::show as show_page;
use crate::kernel::time::local_day;
use crate::kernel::{App, Chrome, Problem, Reader};

/// An account as the page shows it.
pub(super) struct AccountLine {
    pub code: String,
    pub name: String,
    pub balance: String,
    pub overdue: Option<String>,
    pub this_week: Option<String>,
    pub later: Option<String>,
}

impl AccountLine {
    pub(super) fn of(standing: &Standing) -> Self {
        let some = |amount: Money| amount.is_positive().then(|| show_money(amount));
        Self {
            code: standing.code.clone(),
            name: standing.name.clone(),
            balance: show_money(standing.balance),
            overdue: some(standing.ageing.overdue()),
            this_week: some(Money::new(standing.ageing.this_week)),
            later: some(Money::new(standing.ageing.later)),
        }
    }
}

#[derive(Template)]
#[template(path = "supplier_accounts.html")]
pub(super) struct AccountsPage {
    pub chrome: Chrome,
    pub rows: Vec<AccountLine>,
    /// All balances, what is late of them and what is due within a week.
    pub total: String,
    pub overdue: String,
    pub this_week: String,
    pub list: Link,
}

/// `GET /supplier-accounts`.
pub async fn show(State(app): State<App>, chrome: Chrome) -> Result<Response, Problem> {
    let chrome = chrome.titled("payable.title");
    let mut reader = Reader::open(&app, &chrome.actor, Permission::ReadSuppliers).await?;
    let today = local_day(reader.now(), &app.zone);
    let mut standings = queries::standings(&mut reader.tx(), today).await?;
    standings.sort_by_key(|standing| {
        let ageing = standing.ageing;
        std::cmp::Reverse((ageing.overdue().raw(), ageing.this_week, standing.balance.raw()))
    });
    let sum = |part: fn(&Standing) -> Money| {
        let total = Money::checked_sum(standings.iter().map(part));
        total.map(show_money).unwrap_or_default()
    };
    let page = AccountsPage {
        total: sum(|standing| standing.balance),
        overdue: sum(|standing| standing.ageing.overdue()),
        this_week: sum(|standing| Money::new(standing.ageing.this_week)),
        rows: standings.iter().map(AccountLine::of).collect(),
        list: Link::to("/api/v1/supplier-accounts"),
        chrome: chrome.clone(),
    };
    show_page(&chrome, &page)
}
