//! The orders, and a line to order the next thing.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::queries::{self, OrderFilter, OrderKey};
use super::super::state::OrderState;
use super::rows::OrderRow;
use crate::kernel::page::show_as;
use crate::kernel::paging::{LIMIT_DEFAULT, Page};
use crate::kernel::{App, Asked, Caller, Chips, Chrome, Form, Link, Pages, Problem, Reader};
use crate::notebook;
use crate::stock::{Choice, ProductRow};

#[derive(Template)]
#[template(path = "purchase_orders.html")]
pub(super) struct OrdersPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    /// Products to choose from, when what was typed may mean several.
    pub found: Vec<ProductRow>,
    pub suppliers: Vec<Choice>,
    pub chips: Chips,
    pub rows: Vec<OrderRow>,
    pub pages: Pages,
    pub files: Link,
    pub may_write: bool,
}

impl OrdersPage<'_> {
    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        line_messages(self.chrome, &self.form)
    }
}

/// What is wrong with the line that was typed, under the names of its fields.
pub(super) fn line_messages(chrome: &Chrome, form: &Form) -> Vec<(String, String)> {
    let labels = [
        ("supplier", chrome.t("order.supplier")),
        ("q", chrome.t("order.what")),
        ("quantity", chrome.t("stock.quantity")),
        ("unit", chrome.t("notebook.unit")),
        ("promised_on", chrome.t("order.promised_on")),
        ("notes", chrome.t("order.notes")),
        ("reason", chrome.t("order.why")),
    ];
    form.named_messages(&chrome.lang, &labels)
}

/// `GET /purchase-orders`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, &actor, View { asked, ..View::default() }).await
}

/// What the page shows besides the list.
pub(super) struct View {
    pub asked: Asked,
    pub form: Form,
    pub found: Vec<ProductRow>,
    pub status: StatusCode,
}

impl Default for View {
    fn default() -> Self {
        Self { asked: Asked::default(), form: Form::new(), found: Vec::new(), status: StatusCode::OK }
    }
}

pub(super) async fn page(app: &App, chrome: Chrome, actor: &Actor, view: View) -> Result<Response, Problem> {
    let chrome = chrome.titled("order.title");
    let pager = view.asked.pager();
    let after = pager.params().after::<OrderKey>()?;
    let state = OrderState::from_code(view.asked.value("state")).map(OrderState::code);
    let mut reader = Reader::open(app, actor, Permission::ReadPurchases).await?;
    let filter = OrderFilter { state, supplier: view.asked.given("supplier") };
    let found = queries::orders(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let list = Page::cut(found, LIMIT_DEFAULT, |row| (row.created_at, row.id), |row| OrderRow::of(&chrome, &row));
    let here = view.asked.link("/purchase-orders", &["state", "supplier"]);
    let named =
        |state: OrderState| (state.code().to_owned(), chrome.t(&format!("order.state_{}", state.code())).to_owned());
    let page = OrdersPage {
        suppliers: notebook::supplier_choices(&mut reader).await?,
        chips: here.chips("state", state.unwrap_or_default(), chrome.t("list.all"), OrderState::ALL.map(named)),
        rows: list.items,
        pages: pager.pages(&here, list.next),
        files: view.asked.link("/api/v1/purchase-orders", &["state", "supplier"]),
        may_write: chrome.may(Permission::EditPurchases),
        form: view.form,
        found: view.found,
        chrome: &chrome,
    };
    show_as(view.status, &chrome, &page)
}
