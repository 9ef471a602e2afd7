//! The account of one supplier: what is open and until when, what happened, and the form to add to it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::Money;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::bodies::EntryBody;
use super::super::commands::{Posted, ReverseEntry};
use super::super::entry::{EntryKind, Method};
use super::super::queries::{self, AccountEntry, open_of};
use super::super::refusal::PayableRefusal;
use crate::kernel::ask::Link;
use crate::kernel::numbers::{show_money, typed_money};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::path::Segment;
use crate::kernel::time::{Day, local_day, show_day};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Page, Pages, Problem, Reader};
use crate::stock::parse_reason;
use crate::suppliers;

/// Entries on a screen.
const ROWS_MAX: i64 = 50;

/// An entry as the page shows it.
pub(super) struct EntryLine {
    pub id: Uuid,
    pub kind: String,
    pub document: Option<String>,
    pub day: String,
    pub due: Option<String>,
    pub method: Option<String>,
    pub amount: String,
    pub balance: String,
    pub reason: String,
    pub who: String,
    pub is_reversal: bool,
    pub is_reversed: bool,
    pub may_reverse: bool,
}

impl EntryLine {
    pub(super) fn of(chrome: &Chrome, entry: AccountEntry) -> Self {
        let is_reversal = entry.reverses.is_some();
        let is_reversed = entry.reversed_by.is_some();
        let may = chrome.may(Permission::PostAccounts) && entry.source_kind.is_none();
        Self {
            id: entry.id,
            kind: chrome.t(&format!("payable.kind_{}", entry.kind)).to_owned(),
            document: entry.document,
            day: show_day(entry.issued_on),
            due: entry.due_on.map(show_day),
            method: entry.method.map(|method| chrome.t(&format!("payable.method_{method}")).to_owned()),
            amount: show_money(Money::new(entry.amount)),
            balance: show_money(Money::new(entry.balance_after)),
            reason: entry.reason,
            who: entry.actor_name,
            is_reversal,
            is_reversed,
            may_reverse: may && !is_reversal && !is_reversed,
        }
    }
}

/// Something that is still to be paid.
pub(super) struct OpenLine {
    pub document: String,
    pub due: String,
    pub left: String,
    pub is_late: bool,
}

#[derive(Template)]
#[template(path = "supplier_account.html")]
pub(super) struct AccountPage {
    pub chrome: Chrome,
    pub code: String,
    pub name: String,
    pub balance: String,
    pub owes_us: bool,
    pub open: Vec<OpenLine>,
    pub rows: Vec<EntryLine>,
    pub pages: Pages,
    pub list: Link,
    pub form: Form,
    pub may_post: bool,
}

impl AccountPage {
    fn kinds(&self) -> Vec<(&'static str, String)> {
        let choice =
            |kind: EntryKind| (kind.code(), self.chrome.t(&format!("payable.kind_{}", kind.code())).to_owned());
        [EntryKind::Payment, EntryKind::Invoice, EntryKind::CreditNote, EntryKind::DebitNote, EntryKind::Opening]
            .into_iter()
            .map(choice)
            .collect()
    }

    fn methods(&self) -> Vec<(&'static str, String)> {
        let choice =
            |method: Method| (method.code(), self.chrome.t(&format!("payable.method_{}", method.code())).to_owned());
        Method::ALL.into_iter().map(choice).collect()
    }

    fn messages(&self) -> Vec<(String, String)> {
        let labels = ["kind", "amount", "document", "issued_on", "due_on", "method", "reason"]
            .map(|name| (name, self.chrome.t_or(&format!("payable.{name}"), name).to_owned()));
        let labels: Vec<(&str, &str)> = labels.iter().map(|(name, label)| (*name, label.as_str())).collect();
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

/// `GET /suppliers/{code}/account`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Segment(code): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    show_account(&app, chrome, (&code, &asked), Form::new().with("kind", "payment"), StatusCode::OK).await
}

async fn show_account(
    app: &App,
    chrome: Chrome,
    (code, asked): (&str, &Asked),
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let pager = asked.pager();
    let after = pager.params().after::<i64>()?;
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadSuppliers).await?;
    let today = local_day(reader.now(), &app.zone);
    let mut tx = reader.tx();
    let supplier = suppliers::by_code(&mut tx, code).await?.ok_or_else(Problem::not_found)?;
    let balance = queries::balance(&mut tx, supplier.id).await?;
    let open = open_of(&mut tx, Some(supplier.id)).await?.remove(&supplier.id).unwrap_or_default();
    let rows = queries::entries(&mut tx, supplier.id, after, ROWS_MAX).await?;
    let named = |sequence: i64| {
        let entry = rows.iter().find(|entry| entry.sequence == sequence);
        let document = entry.and_then(|entry| entry.document.clone());
        document.unwrap_or_else(|| format!("#{sequence}"))
    };
    let line = |item: &super::super::ageing::OpenItem| OpenLine {
        document: named(item.sequence),
        due: show_day(item.due_on),
        left: show_money(item.left),
        is_late: is_late(item.due_on, today),
    };
    let open = open.iter().map(line).collect();
    let here = Link::to(format!("/suppliers/{}/account", supplier.code));
    let page = Page::cut(rows, ROWS_MAX, |entry: &AccountEntry| entry.sequence, |entry| EntryLine::of(&chrome, entry));
    let mut chrome = chrome;
    chrome.title = chrome.tv("payable.of", &supplier.name);
    let page = AccountPage {
        name: supplier.name,
        balance: show_money(balance.abs()),
        owes_us: balance.is_negative(),
        open,
        rows: page.items,
        pages: pager.pages(&here, page.next),
        list: Link::to(format!("/api/v1/suppliers/{}/account", supplier.code)),
        code: supplier.code,
        form,
        may_post: chrome.may(Permission::PostAccounts),
        chrome: chrome.clone(),
    };
    show_as(status, &chrome, &page)
}

const fn is_late(due_on: Day, today: Day) -> bool {
    due_on < today
}

/// `POST /suppliers/{code}/account`.
pub async fn add(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    Segment(code): Segment,
    form: Form,
) -> Result<Response, Problem> {
    match post(&app, &actor, &code, &form).await {
        Ok(posted) => {
            let path = format!("/suppliers/{}/account", posted.supplier);
            let amount = show_money(Money::new(posted.entry.balance_after));
            Ok(go_saying(&app, &path, &Flash::says("payable.posted", &amount)))
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(problem),
        Err(problem) => {
            let form = form.refused(problem)?;
            show_account(&app, chrome, (&code, &Asked::default()), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn post(app: &App, actor: &Actor, code: &str, form: &Form) -> Result<Posted, Problem> {
    let kind = form.given("kind");
    let is_payment = kind.as_deref() == Some(EntryKind::Payment.code());
    let is_owed = kind.as_deref().and_then(EntryKind::from_code).is_some_and(EntryKind::is_owed);
    let body = EntryBody {
        amount: form.given("amount").map(|text| typed_money(&text)),
        document: form.given("document"),
        issued_on: form.given("issued_on"),
        // The form has these for every kind; each belongs to some.
        due_on: form.given("due_on").filter(|_| is_owed),
        method: form.given("method").filter(|_| is_payment),
        reason: form.given("reason"),
        kind,
    };
    let command = body.parse(code.to_owned(), local_day(app.db.now(), &app.zone))?;
    let key = form.key(&format!("POST /suppliers/{code}/account (page)"))?;
    Ok(app.db.execute(actor, key, command).await?.out)
}

/// `POST /suppliers/{code}/account/{id}/reverse`.
pub async fn reverse(
    State(app): State<App>,
    Caller(actor): Caller,
    Segment((supplier, id)): Segment<(String, String)>,
    form: Form,
) -> Result<Response, Problem> {
    let id = Uuid::try_parse(&id).map_err(|_| Problem::from(PayableRefusal::NotFound))?;
    let mut errors = crate::kernel::Errors::new();
    let reason = parse_reason(&mut errors, form.value("reason"));
    errors.finish()?;
    let key = form.key(&format!("POST /suppliers/{supplier}/account/{id}/reverse (page)"))?;
    let reason = reason.expect("nothing was wrong with it");
    let posted = app.db.execute(&actor, key, ReverseEntry { supplier, id, reason }).await?.out;
    let path = format!("/suppliers/{}/account", posted.supplier);
    Ok(go_saying(&app, &path, &Flash::says("payable.reversed", &show_money(Money::new(posted.entry.balance_after)))))
}
