//! One invoice beside its picture: what was read in fields to correct, what is wrong with it, and the steps that are open.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gondola_ledger::{Money, Qty, Unit, UnitCost};
use gondola_papers::fiscal::{DocumentKind, Letter, VatRate};
use gondola_pricing::invoice::{Expected, ThreeWay};
use gondola_pricing::light::Severity;
use gondola_store::{Actor, Permission};
use uuid::Uuid;

use super::super::api::invoice_id;
use super::super::beside::is_freight;
use super::super::change::ChangeInvoice;
use super::super::claims::ClaimState;
use super::super::confirm::{Case, Now, brings_goods};
use super::super::queries::{self, Claim, ClaimFilter, Invoice, StoredLine};
use super::super::reading::words_of;
use super::super::refusal::{InvoiceRefusal, Wrong};
use super::super::state::InvoiceState;
use super::super::sureness::{SURE_PERMILLE, amount_field, marks};
use super::super::three_way::agreed;
use super::super::written::{AmountKind, KINDS, MatchedBy, rate_text};
use super::filled::{SPARE, body_of, form_of, room};
use super::marks::Marks;
use super::rows::{ClaimLine, DifferenceLine, InvoiceLine};
use super::steps;
use crate::kernel::numbers::{show_amount, show_cost, show_money, show_short_cost};
use crate::kernel::page::{go, go_saying, show_as};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Lang, Problem, Reader};
use crate::notebook;
use crate::purchasing::{self, OrderFilter, Ordered, ReceiptFilter};
use crate::stock::{Choice, line_field, place_choices, product_href};

/// Orders and receipts to choose from at most.
const CHOICES_MAX: i64 = 20;

/// Why people put an invoice away, and why they take one back: keys of the words.
const REJECTING: [&str; 3] = ["invoice.why_twice", "invoice.why_other", "invoice.why_unreadable"];
const REVERSING: [&str; 3] = ["invoice.why_wrong", "invoice.why_other", "invoice.why_back"];

/// What the fields of an invoice may be chosen from.
#[derive(Default)]
pub(super) struct Choices {
    pub suppliers: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub letters: Vec<Choice>,
    pub amount_kinds: Vec<Choice>,
    pub rates: Vec<Choice>,
    pub vats: Vec<Choice>,
    /// Products that the supplier brings: SKU and name.
    pub products: Vec<Choice>,
    pub orders: Vec<Choice>,
    pub receipts: Vec<Choice>,
    /// Open claims that a credit note may make good.
    pub claims: Vec<Choice>,
    pub places: Vec<Choice>,
}

impl Choices {
    /// Those that every invoice has.
    pub async fn load(reader: &mut Reader, chrome: &Chrome) -> Result<Self, Problem> {
        let named = |prefix: &str, code: &str| (code.to_owned(), chrome.t(&format!("{prefix}{code}")).to_owned());
        let rate = |rate: VatRate| (rate_text(rate), format!("{} %", rate_text(rate).replace('.', ",")));
        let rates: Vec<Choice> = VatRate::ALL.into_iter().rev().map(rate).collect();
        let without = ["exempt", "not_taxed"].map(|code| named("invoice.vat_", code));
        let own = reader.location();
        Ok(Self {
            suppliers: notebook::supplier_choices(reader).await?,
            kinds: KINDS.iter().map(|(code, _)| named("invoice.kind_", code)).collect(),
            letters: Letter::ALL.iter().map(|letter| (letter.text().to_owned(), letter.text().to_owned())).collect(),
            amount_kinds: AmountKind::ALL.iter().map(|kind| named("invoice.amount_", kind.code())).collect(),
            vats: rates.iter().cloned().chain(without).collect(),
            rates,
            products: Vec::new(),
            orders: Vec::new(),
            receipts: Vec::new(),
            claims: Vec::new(),
            places: place_choices(reader, own).await?,
        })
    }

    /// With the products, orders and receipts of a supplier.
    async fn of_supplier(
        mut self,
        reader: &mut Reader,
        chrome: &Chrome,
        (id, code): (Uuid, &str),
    ) -> Result<Self, Problem> {
        self.products = queries::products_of(&mut reader.tx(), id).await?;
        let filter = OrderFilter { state: None, supplier: Some(code.to_owned()) };
        let orders = purchasing::orders(reader, &filter, None, CHOICES_MAX).await?;
        let is_sent = |state: &str| matches!(state, "sent" | "partial" | "received" | "closed");
        let told = |number: i64, at: i64| format!("{} {number} · {}", chrome.t("order.what_one"), chrome.instant(&at));
        self.orders = orders
            .iter()
            .filter(|order| is_sent(&order.state))
            .map(|order| (order.id.to_string(), told(order.number, order.sent_at.unwrap_or(order.created_at))))
            .collect();
        let filter = ReceiptFilter { supplier: Some(code.to_owned()), order: None };
        let receipts = purchasing::receipts(reader, &filter, None, CHOICES_MAX).await?;
        let named = |number: i64, at: i64| format!("{} {number} · {}", chrome.t("order.receipt"), chrome.instant(&at));
        self.receipts = receipts
            .iter()
            .filter(|receipt| receipt.reversed_at.is_none())
            .map(|receipt| (receipt.id.to_string(), named(receipt.number, receipt.received_at)))
            .collect();
        Ok(self)
    }
}

/// A line of the form.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub at: usize,
    pub number: usize,
    /// The product, with the way to it.
    pub product: Option<(String, String)>,
    /// A product whose words are alike: its SKU and its name.
    pub guess: Option<(String, String)>,
    /// How it is known.
    pub matched: Option<String>,
    /// How surely it was read, when that is little.
    pub doubt: Option<String>,
    /// What it comes to: so many at so much.
    pub comes_to: Option<String>,
    /// How its cost moved since the last one, and how that looks.
    pub moved: Option<(String, &'static str)>,
    /// What the order says of it, or that it is the carriage of the others, and how that looks.
    pub ordered: Option<(String, &'static str)>,
}

impl Entry {
    fn of(chrome: &Chrome, at: usize, line: Option<&StoredLine>, (is_seen, order): (bool, Option<&Ordered>)) -> Self {
        let Some(line) = line else { return Self::empty(at) };
        let freight = is_freight(&line.written()).then(|| (chrome.t("invoice.freight_shared").to_owned(), "info"));
        let is_guess = line.matched_by.as_deref() == Some(MatchedBy::Likeness.code());
        let named = line.sku.clone().zip(line.name.clone());
        let unit = line.product_unit.as_deref().and_then(Unit::from_code).unwrap_or(Unit::Un);
        let comes_to = line.received.map(|received| {
            let quantity = format!("{} {}", show_amount(Qty::new(received), unit), unit.code());
            match line.unit_cost {
                Some(cost) => chrome.tv("invoice.comes_to", format!("{quantity} × {}", show_cost(UnitCost::new(cost)))),
                None => chrome.tv("invoice.comes_to", quantity),
            }
        });
        let is_unsure = !is_seen && line.confidence_permille < i64::from(SURE_PERMILLE);
        Self {
            at,
            number: at + 1,
            product: named.clone().filter(|_| !is_guess).map(|(sku, name)| (product_href(&sku), name)),
            guess: named.filter(|_| is_guess),
            matched: line.matched_by.as_ref().map(|way| chrome.t(&format!("invoice.matched_{way}")).to_owned()),
            doubt: is_unsure.then(|| chrome.tv("invoice.read_so", format!("{} %", line.confidence_permille / 10))),
            comes_to,
            moved: line.cost_change().and_then(|change| {
                let percent = change.rate()?.to_string().replace('.', ",");
                let sign = if change.new > change.old { "+" } else { "" };
                let is_cheaper = change.new < change.old && change.severity() != Some(Severity::Critical);
                let kind = if is_cheaper { "good" } else { "warn" };
                let told = format!("{sign}{percent} %");
                Some((format!("{} · {told}", chrome.tv("invoice.last_cost", show_short_cost(change.old))), kind))
            }),
            ordered: freight.or_else(|| ordered(chrome, line, order?, unit)),
        }
    }

    /// One that nobody wrote yet.
    pub fn empty(at: usize) -> Self {
        Self { at, number: at + 1, ..Self::default() }
    }

    /// Whether what is rarely needed of it is wrong, or says that it is no goods.
    pub fn has_more(&self, form: &Form, lang: Lang) -> bool {
        let is_wrong = |name: &&str| form.problem(&self.field(name), &lang).is_some();
        let rare = ["lot.expires_on", "lot.code", "code", "barcode"];
        rare.iter().any(is_wrong) || form.has(&self.field("other"), "true")
    }

    pub fn field(&self, name: &str) -> String {
        line_field(self.at, name)
    }
}

/// What an order says of a line of goods: how much at what cost, or that nobody ordered it.
fn ordered(chrome: &Chrome, line: &StoredLine, order: &Ordered, unit: Unit) -> Option<(String, &'static str)> {
    let (product, billed) = line.product_id.zip(line.received).filter(|_| line.is_goods)?;
    let Some(on_order) = order.lines.iter().find(|one| one.product_id == Some(product)) else {
        return Some((chrome.t("invoice.not_ordered").to_owned(), "warn"));
    };
    let expected @ Expected::Ordered { quantity, cost } = agreed(on_order) else { return None };
    let billed = Qty::new(billed);
    let three = ThreeWay { expected, received: billed, invoiced: billed, cost: UnitCost::new(line.unit_cost?) };
    let kind = if three.differences().is_empty() { "good" } else { "warn" };
    let told = format!("{} {} × {}", show_amount(quantity, unit), unit.code(), show_short_cost(cost));
    Some((chrome.tv("invoice.ordered", told), kind))
}

#[derive(Template)]
#[template(path = "invoice.html")]
pub(super) struct ReviewPage<'a> {
    pub chrome: &'a Chrome,
    pub row: InvoiceLine,
    pub form: Form,
    /// Whether the form comes back because it was refused.
    pub is_refused: bool,
    pub choices: Choices,
    pub entries: Vec<Entry>,
    pub amounts: usize,
    /// How surely each value was read, and where it stands.
    pub marks: Marks,
    /// Addresses of its pictures.
    pub pictures: Vec<String>,
    /// What is only doubtful, when nothing is wrong.
    pub warnings: Vec<String>,
    pub claims: Vec<ClaimLine>,
    /// How what was ordered, what came and what is billed differ; nothing before it is known what came.
    pub differences: Option<Vec<DifferenceLine>>,
    /// Whether it is of a kind that brings goods.
    pub brings_goods: bool,
    /// Whether what it says is in fields to write in.
    pub is_editing: bool,
    /// Sums for who only reads.
    pub sums: Vec<(String, String)>,
}

impl ReviewPage<'_> {
    fn typed(&self, entry: &Entry, name: &str) -> &str {
        self.form.value(&entry.field(name))
    }

    fn wrong(&self, entry: &Entry, name: &str) -> Option<&str> {
        self.form.problem(&entry.field(name), &self.chrome.lang)
    }

    fn sum(&self, at: &usize, name: &str) -> String {
        amount_field(*at, name)
    }

    fn summed(&self, at: &usize, name: &str) -> &str {
        self.form.value(&amount_field(*at, name))
    }

    fn unsound(&self, at: &usize, name: &str) -> Option<&str> {
        self.form.problem(&amount_field(*at, name), &self.chrome.lang)
    }

    /// Whether what is rarely needed of a line is filled in or wrong.
    fn has_more(&self, entry: &Entry) -> bool {
        entry.has_more(&self.form, self.chrome.lang)
    }

    /// Whether a claim was ticked in a form that came back.
    fn is_ticked(&self, claim: &str) -> bool {
        self.form.texts("claims").any(|ticked| ticked == claim)
    }

    fn is_other(&self, entry: &Entry) -> bool {
        self.form.has(&entry.field("other"), "true")
    }

    fn rejecting(&self) -> [&str; 3] {
        REJECTING.map(|key| self.chrome.t(key))
    }

    fn reversing(&self) -> [&str; 3] {
        REVERSING.map(|key| self.chrome.t(key))
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        messages(self.chrome, &self.form)
    }
}

/// Every problem of an invoice's form under the name its field has on the page.
pub(super) fn messages(chrome: &Chrome, form: &Form) -> Vec<(String, String)> {
    form.messages(&chrome.lang).into_iter().map(|told| placed(chrome, told)).collect()
}

/// The place on the page of what is told of a field of the API, and the same under the name that field has there.
fn placed(chrome: &Chrome, (field, message): (String, String)) -> (String, String) {
    let labels = ["supplier", "order", "kind", "letter", "number", "cae", "cae_due_on", "issued_on", "due_on", "total"];
    let label =
        labels.into_iter().find(|name| *name == field).map(|name| chrome.t(&format!("invoice.{name}")).to_owned());
    let line = field.strip_prefix("lines[").and_then(|rest| rest.split_once(']')?.0.parse::<usize>().ok());
    let label = label.or_else(|| line.map(|at| chrome.tv("invoice.line_number", (at + 1).to_string())));
    let place = if field == "amounts" { "sums".to_owned() } else { field };
    (place, label.map_or(message.clone(), |label| format!("{label}: {message}")))
}

/// `GET /invoices/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let wants = Wants { more: !asked.value("more").is_empty(), edit: !asked.value("edit").is_empty() };
    page_as_wanted(&app, chrome, &actor, (invoice_id(&id)?, None, StatusCode::OK), wants).await
}

/// The page of an invoice, with a form that was refused in the place of what is stored.
pub(super) async fn page(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    shown: (Uuid, Option<Form>, StatusCode),
) -> Result<Response, Problem> {
    page_as_wanted(app, chrome, actor, shown, Wants::default()).await
}

/// What the page of an invoice is asked for besides what it says.
#[derive(Debug, Clone, Copy, Default)]
struct Wants {
    /// Empty lines and sums below; one that says nothing yet has them anyway.
    more: bool,
    /// Fields to correct what is confirmed.
    edit: bool,
}

async fn page_as_wanted(
    app: &App,
    chrome: Chrome,
    actor: &Actor,
    (id, refused, status): (Uuid, Option<Form>, StatusCode),
    wants: Wants,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadCost).await?;
    let invoice = queries::find(&mut reader.tx(), id).await?.ok_or_else(Problem::not_found)?;
    let row = InvoiceLine::of(&chrome, &invoice.row);
    let mut choices = Choices::load(&mut reader, &chrome).await?;
    if let Some((id, code)) = invoice.row.supplier_id.zip(invoice.row.supplier.as_deref()) {
        choices = choices.of_supplier(&mut reader, &chrome, (id, code)).await?;
    }
    if invoice.head().kind == Some(DocumentKind::CreditNote) && row.may_apply {
        choices.claims = open_claims(&mut reader, &chrome, invoice.row.supplier.clone()).await?;
    }
    let is_refused = refused.is_some();
    let checked = checked(app, &mut reader, &chrome, &invoice).await?;
    let (form, warnings) = match refused {
        Some(form) => (form, Vec::new()),
        None => (checked.form, checked.warnings),
    };
    let spare = if wants.more || invoice.lines.is_empty() { SPARE } else { 0 };
    let is_confirmed = invoice.row.state()? == InvoiceState::Validated;
    let is_editing = row.may_write && (!is_confirmed || wants.edit || wants.more || is_refused);
    let (lines, amounts) = room(&form, spare);
    let lines = if is_editing { lines } else { invoice.lines.len() };
    let claims = queries::claims_of(&mut reader.tx(), id).await?;
    let order = match invoice.row.order_id {
        Some(id) => purchasing::find_order(&mut reader.tx(), id).await?,
        None => None,
    };
    let known = (invoice.row.seen, order.as_ref());
    let mut chrome = chrome;
    chrome.title = row.title.clone();
    let page = ReviewPage {
        entries: (0..lines).map(|at| Entry::of(&chrome, at, invoice.lines.get(at), known)).collect(),
        amounts,
        marks: checked.marks,
        pictures: pictures(&invoice),
        claims: claims.iter().map(|claim| ClaimLine::of(&chrome, claim)).collect(),
        differences: invoice
            .row
            .receipt_id
            .is_some()
            .then(|| invoice.differences.iter().map(|found| DifferenceLine::of(&chrome, found)).collect()),
        brings_goods: brings_goods(invoice.head().kind),
        is_editing,
        sums: sums(&chrome, &invoice),
        chrome: &chrome,
        row,
        form,
        is_refused,
        choices,
        warnings,
    };
    show_as(status, &chrome, &page)
}

/// Open claims against a supplier, to choose from.
async fn open_claims(reader: &mut Reader, chrome: &Chrome, supplier: Option<String>) -> Result<Vec<Choice>, Problem> {
    let filter = ClaimFilter { state: Some(ClaimState::Open.code()), supplier };
    let found = queries::claims(reader, &filter, None, CHOICES_MAX).await?;
    let told = |claim: &Claim| {
        let line = ClaimLine::of(chrome, claim);
        (claim.id.to_string(), format!("{} · {}: {} · {}", line.number, line.about, line.what, line.amount))
    };
    Ok(found.iter().map(told).collect())
}

/// Addresses of the pictures of an invoice: a spreadsheet has none.
fn pictures(invoice: &Invoice) -> Vec<String> {
    let is_picture = matches!(invoice.row.file_kind.as_deref(), Some("pdf" | "jpeg" | "png" | "webp"));
    let pages = if is_picture { invoice.row.pages } else { 0 };
    (1..=pages).map(|page| format!("/invoices/{}/pages/{page}", invoice.row.id)).collect()
}

fn sums(chrome: &Chrome, invoice: &Invoice) -> Vec<(String, String)> {
    let head = invoice.head();
    let name = |kind: AmountKind, rate: Option<VatRate>, province: &str| {
        let rate = rate.map(|rate| format!(" {} %", rate_text(rate).replace('.', ","))).unwrap_or_default();
        format!("{}{rate} {province}", chrome.t(&format!("invoice.amount_{}", kind.code()))).trim().to_owned()
    };
    let amounts = head.amounts.iter().map(|one| (name(one.kind, one.rate, &one.province), show_money(one.amount)));
    let total = head.total.map(|total: Money| (chrome.t("invoice.total").to_owned(), show_money(total)));
    amounts.chain(total).collect()
}

/// The form of what is stored, with what is wrong with it at its fields while that can be corrected.
struct Checked {
    form: Form,
    warnings: Vec<String>,
    marks: Marks,
}

async fn checked(app: &App, reader: &mut Reader, chrome: &Chrome, invoice: &Invoice) -> Result<Checked, Problem> {
    let form = form_of(invoice);
    if invoice.row.state()? != InvoiceState::Extracted {
        return Ok(Checked { form, warnings: Vec::new(), marks: Marks::default() });
    }
    let today = app.db.day_of(reader.now());
    let words = {
        let (mut tx, opener) = reader.opening("GET /invoices/{id}");
        words_of(&mut tx, &opener, invoice.row.id).await?
    };
    let now = Now { today, vault: app.db.vault() };
    let case = Case::of(&mut reader.tx(), now, invoice, words.as_ref()).await?;
    let pages = words.as_ref().map_or(&[][..], |words| &words.pages);
    let marks = Marks::of(chrome, marks(&case.paper, &invoice.head(), pages));
    let (errors, warnings): (Vec<_>, Vec<_>) = case.wrong.into_iter().partition(Wrong::is_error);
    let told = |warning: &Wrong| (warning.field.clone(), warning.text.in_lang(chrome.lang).to_owned());
    let warnings = warnings.iter().map(|warning| placed(chrome, told(warning)).1).collect();
    let form = if errors.is_empty() { form } else { form.refused(InvoiceRefusal::Wrong(errors).into())? };
    Ok(Checked { form, warnings, marks })
}

/// `POST /invoices/{id}`: keeps what was written; with `then` it goes on to the next step.
pub async fn save(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let id = invoice_id(&id)?;
    let key = form.key(&format!("POST /invoices/{id} (page)"))?;
    let (body, places) = body_of(&form);
    let version = form.value("version").parse().unwrap_or_default();
    let done = match body.parse() {
        Ok(edit) => app.db.execute(&actor, key, ChangeInvoice { id, version, edit }).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) if form.has("then", "confirm") => steps::confirmed(&app, chrome, &actor, (id, false)).await,
        Ok(_) if form.has("then", "more") => Ok(go(&format!("/invoices/{id}?more=yes#lines"))),
        Ok(_) => Ok(go_saying(&app, &format!("/invoices/{id}"), &Flash::says("invoice.saved", ""))),
        Err(problem) => {
            let form = form.refused(places.told(problem))?;
            page(&app, chrome, &actor, (id, Some(form), StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}
