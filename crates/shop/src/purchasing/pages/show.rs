//! One order: its lines, its text, what is suggested while it is written, and what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::Money;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::{local_now, purchase_id};
use super::super::estimate::Estimate;
use super::super::paper::whatsapp_link;
use super::super::queries::{self, Ordered};
use super::super::sender::shop_name;
use super::super::state::OrderState;
use super::super::steps::told;
use super::super::suggest::suggestions;
use super::list::line_messages;
use super::rows::{LineRow, OrderRow, ReceiptRow, SuggestedRow};
use crate::kernel::contact::whatsapp_number;
use crate::kernel::numbers::show_money;
use crate::kernel::page::{go, show_as};
use crate::kernel::time::{Day, format_day, show_day, weekday};
use crate::kernel::{App, Caller, Chrome, Form, Problem, Reader};
use crate::stock::Places;
use crate::suppliers::{Sealed, time_of_day};

/// Products suggested at once.
const SUGGESTED_MAX: i64 = 20;

#[derive(Template)]
#[template(path = "purchase_order.html")]
pub(super) struct OrderPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub row: OrderRow,
    pub lines: Vec<LineRow>,
    /// The text as it was sent, or as it would be.
    pub text: String,
    /// Where it opens in WhatsApp, when the supplier's number is known.
    pub whatsapp: Option<String>,
    pub suggested: Vec<SuggestedRow>,
    pub receipts: Vec<ReceiptRow>,
    /// What it comes to and how many lines are not in that; nothing for who may not see cost.
    pub estimate: Option<(String, usize)>,
    /// The day of the next delivery, and until when to send it for that.
    pub delivery: Option<(String, String)>,
    /// The day of the supplier's next visit.
    pub visit: Option<String>,
    /// The day that is promised unless somebody says another.
    pub promise: String,
    /// The least that the supplier brings, and what is missing to it.
    pub minimum: Option<(String, Option<String>)>,
}

impl OrderPage<'_> {
    /// The day to promise: what was typed, else that of the next delivery.
    fn promised(&self) -> &str {
        let typed = self.form.value("promised_on");
        if typed.is_empty() && self.form.problem("promised_on", &self.chrome.lang).is_none() {
            &self.promise
        } else {
            typed
        }
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        line_messages(self.chrome, &self.form)
    }
}

/// `GET /purchase-orders/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, (purchase_id(&id)?, Form::new(), StatusCode::OK)).await
}

pub(super) async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (id, form, status): (Uuid, Form, StatusCode),
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadPurchases).await?;
    let found = queries::order(&mut reader, id).await?.ok_or_else(Problem::not_found)?;
    let row = OrderRow::of(&chrome, &found.order);
    let is_draft = found.order.state == OrderState::Draft.code();
    let suggested = if is_draft && row.may_write {
        suggestions(&mut reader, Some(&found.order.supplier), None, SUGGESTED_MAX).await?
    } else {
        Vec::new()
    };
    let on_it = |sku: &str| found.lines.iter().any(|line| line.sku.as_deref() == Some(sku));
    let text = text_of(app, &mut reader, &found).await?;
    let has_phone = Sealed::of(&mut reader.tx(), found.order.supplier_id).await?.has_phone();
    let places = Places::load(&mut reader.tx()).await?;
    let receipts = queries::receipts_of(&mut reader, id).await?;
    let estimate = Some(Estimate::of(&found.lines)).filter(|_| chrome.may(Permission::ReadCost));
    let minimum = Some(Money::new(found.order.minimum_order)).filter(|minimum| minimum.is_positive());
    let now = local_now(app);
    let calendar = Some(found.order.calendar).filter(|_| is_draft);
    let delivery = calendar.and_then(|calendar| calendar.next_delivery(now));
    let mut chrome = chrome;
    chrome.title = format!("{} {} · {}", chrome.t("order.what_one"), row.number, row.supplier);
    let page = OrderPage {
        lines: found.lines.iter().map(|line| LineRow::of(&chrome, line).suggesting(&suggested)).collect(),
        suggested: suggested.iter().filter(|one| !on_it(&one.sku)).map(SuggestedRow::of).collect(),
        receipts: receipts.iter().map(|one| ReceiptRow::of(&chrome, one, places.name(one.location_id))).collect(),
        whatsapp: (has_phone && chrome.may(Permission::ReadSuppliers)).then(|| format!("{}/whatsapp", row.href)),
        minimum: minimum.map(|minimum| {
            let missing = estimate.filter(|_| is_draft).and_then(|estimate| estimate.missing_to(minimum));
            (show_money(minimum), missing.map(show_money))
        }),
        delivery: delivery.map(|next| {
            let hour = next.cut_off_minutes.map(|minutes| format!(" {}", time_of_day(minutes))).unwrap_or_default();
            (named_day(&chrome, next.day), format!("{}{hour}", named_day(&chrome, next.order_by)))
        }),
        visit: calendar.and_then(|calendar| calendar.next_visit(now.day)).map(|day| named_day(&chrome, day)),
        promise: delivery.map(|next| format_day(next.day)).unwrap_or_default(),
        estimate: estimate.map(|estimate| (show_money(estimate.total), estimate.unknown)),
        chrome: &chrome,
        form,
        row,
        text,
    };
    show_as(status, &chrome, &page)
}

/// `jueves 26/11/2026`.
fn named_day(chrome: &Chrome, day: Day) -> String {
    format!("{} {}", chrome.t(&format!("day.{}", weekday(day))), show_day(day))
}

/// The text of an order, as it was sent or as it would be.
async fn text_of(app: &App, reader: &mut Reader, found: &Ordered) -> Result<String, Problem> {
    if let Some(text) = &found.order.sent_text {
        return Ok(text.clone());
    }
    let shop = shop_name(&mut reader.tx()).await?;
    Ok(told(found, shop.as_deref(), app.db.day_of(reader.now()), &found.order.notes))
}

/// `GET /purchase-orders/{id}/whatsapp`: leads to the supplier's number with the text; only then is the number opened.
pub async fn whatsapp(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, &actor, Permission::ReadSuppliers).await?;
    let found = queries::order(&mut reader, purchase_id(&id)?).await?.ok_or_else(Problem::not_found)?;
    let text = text_of(&app, &mut reader, &found).await?;
    let supplier = found.order.supplier_id;
    let sealed = Sealed::of(&mut reader.tx(), supplier).await?;
    let (mut tx, opener) = reader.opening("GET /purchase-orders/{id}/whatsapp");
    let phone = sealed.open_phone(&mut tx, &opener, supplier).await?;
    let number = phone.as_deref().and_then(whatsapp_number);
    let link = whatsapp_link(number.as_deref(), &text).ok_or_else(Problem::not_found)?;
    Ok(go(&link))
}
