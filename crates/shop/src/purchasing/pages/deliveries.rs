//! What came, newest first, and a delivery that nobody ordered: put together line by line, by scan or by letters.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::arrivals::{ArrivedBody, GoodsBody, GoodsLineBody};
use super::super::queries::{self, OrderKey, ReceiptFilter};
use super::receive::arrived;
use super::rows::ReceiptRow;
use crate::catalogue::{GoodsDraft, GoodsFields, GoodsLine, GoodsStep, goods_lines};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::paging::LIMIT_DEFAULT;
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Page, Pages, Problem, Reader};
use crate::notebook;
use crate::stock::{Choice, LINES_MAX, Places, line_field, line_messages, place_choices, renumbered};

/// What the form says besides products and quantities.
const FIELDS: GoodsFields = GoodsFields {
    whole: &["supplier", "location", "document"],
    line: &["damaged", "expires_on", "lot", "unit_cost", "measured"],
};

#[derive(Template)]
#[template(path = "goods_receipts.html")]
pub(super) struct ReceiptsPage<'a> {
    pub chrome: &'a Chrome,
    pub rows: Vec<ReceiptRow>,
    pub pages: Pages,
    pub files: Link,
    pub may_receive: bool,
}

/// `GET /goods-receipts`.
pub async fn list(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("order.deliveries");
    let pager = asked.pager();
    let after = pager.params().after::<OrderKey>()?;
    let mut reader = Reader::open(&app, &actor, Permission::ReadPurchases).await?;
    let places = Places::load(&mut reader.tx()).await?;
    let filter = ReceiptFilter { supplier: asked.given("supplier"), order: None };
    let found = queries::receipts(&mut reader, &filter, after, LIMIT_DEFAULT).await?;
    let row = |receipt: queries::GoodsReceipt| ReceiptRow::of(&chrome, &receipt, places.name(receipt.location_id));
    let list = Page::cut(found, LIMIT_DEFAULT, |receipt| (receipt.received_at, receipt.id), row);
    let here = asked.link("/goods-receipts", &["supplier"]);
    let page = ReceiptsPage {
        rows: list.items,
        pages: pager.pages(&here, list.next),
        files: asked.link("/api/v1/goods-receipts", &["supplier"]),
        may_receive: chrome.may(Permission::Receive),
        chrome: &chrome,
    };
    show_as(StatusCode::OK, &chrome, &page)
}

#[derive(Template)]
#[template(path = "goods_receipt_new.html")]
pub(super) struct DeliveryPage<'a> {
    pub chrome: &'a Chrome,
    pub draft: GoodsDraft,
    pub lines: Vec<GoodsLine>,
    pub suppliers: Vec<Choice>,
    pub places: Vec<Choice>,
}

impl DeliveryPage<'_> {
    fn form(&self) -> &Form {
        &self.draft.form
    }

    /// The name of a field of a line.
    fn field(&self, at: &usize, name: &str) -> String {
        line_field(*at, name)
    }

    fn typed(&self, at: &usize, name: &str) -> &str {
        self.form().value(&line_field(*at, name))
    }

    /// Whether what is seldom said of a line is filled in, or something is wrong with it.
    fn more_is_open(&self, at: &usize, line: &GoodsLine) -> bool {
        line.problem.is_some() || FIELDS.line.iter().any(|name| !self.typed(at, name).is_empty())
    }

    /// Every problem but the search's, which stands at its field.
    fn messages(&self) -> Vec<(String, String)> {
        let names: Vec<&str> = self.lines.iter().map(|line| line.product.name.as_str()).collect();
        let labels = [
            ("supplier", self.chrome.t("order.supplier")),
            ("location", self.chrome.t("order.place")),
            ("document", self.chrome.t("record.document")),
        ];
        let mut messages = line_messages(self.form(), self.chrome.lang, &names, &labels);
        messages.retain(|(field, _)| field != "q");
        messages
    }
}

/// `GET /goods-receipts/new`.
pub async fn new(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let place = if actor.location.is_some() { "" } else { "deposito" };
    let form = Form::new().with("location", place).with("supplier", asked.value("supplier"));
    page(&app, chrome, &actor, GoodsDraft { form, ..GoodsDraft::default() }, StatusCode::OK).await
}

async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    draft: GoodsDraft,
    status: StatusCode,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("order.delivery_new");
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let own = reader.location();
    let page = DeliveryPage {
        lines: goods_lines(&chrome, &mut reader, &draft).await?,
        suppliers: notebook::supplier_choices(&mut reader).await?,
        places: place_choices(&mut reader, own).await?,
        chrome: &chrome,
        draft,
    };
    show_as(status, &chrome, &page)
}

/// `POST /goods-receipts`.
pub async fn unload(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let step = GoodsStep::of(&form);
    if step != GoodsStep::Send {
        let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
        let draft = GoodsDraft::stepped(&chrome, &mut reader, (&form, FIELDS), step).await?;
        return page(&app, chrome, &actor, draft, StatusCode::OK).await;
    }
    match write(&app, &actor, &form).await {
        Ok((id, number)) => {
            let flash = Flash::says("order.received", &number.to_string());
            Ok(go_saying(&app, &format!("/goods-receipts/{id}"), &flash))
        }
        Err(problem) => {
            let draft = GoodsDraft { form: form.refused(problem)?, ..GoodsDraft::default() };
            page(&app, chrome, &actor, draft, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The delivery's id and number.
async fn write(app: &App, actor: &Actor, form: &Form) -> Result<(Uuid, i64), Problem> {
    let key = form.key("POST /goods-receipts (page)")?;
    let lines: Vec<(usize, GoodsLineBody)> =
        (0..LINES_MAX).filter_map(|at| Some((at, GoodsLineBody::from(arrived(form, at)?)))).collect();
    if lines.is_empty() {
        let es = "Agregá al menos un producto y cuánto llegó. Entran hasta 500.";
        let en = "Add at least one product and how much of it came. It takes up to 500.";
        return Err(Problem::invalid_field("q", "no_lines", es, en));
    }
    let (places, lines): (Vec<usize>, Vec<GoodsLineBody>) = lines.into_iter().unzip();
    let body = GoodsBody {
        supplier: form.given("supplier"),
        location: form.given("location"),
        document: form.given("document"),
        reason: None,
        lines: Some(lines),
    };
    let command = body.parse().map_err(|problem| renumbered(problem, &places))?;
    let done = app.db.execute(actor, key, command).await;
    let receipt = done.map_err(|fail| renumbered(Problem::from(fail), &places))?.out.receipt;
    Ok((receipt.id, receipt.number))
}

impl From<ArrivedBody> for GoodsLineBody {
    fn from(body: ArrivedBody) -> Self {
        let ArrivedBody { line: _, product, quantity, damaged, unit, measured, lot, unit_cost } = body;
        Self { product, quantity, damaged, unit, measured, lot, unit_cost }
    }
}
