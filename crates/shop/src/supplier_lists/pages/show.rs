//! One price list: what it is, what its columns are, its lines with what changed, and what can be done with it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Permission, StoreError};
use uuid::Uuid;

use super::super::fields::ListField;
use super::super::lines::{Certainty, Change};
use super::super::lists::list_id;
use super::super::queries::{self, LineFilter, PriceList, StoredLine};
use super::super::views::LineView;
use super::super::words::field_name;
use super::list::state_kind;
use crate::kernel::numbers::show_short_cost;
use crate::kernel::page::show_as;
use crate::kernel::path::Segment;
use crate::kernel::time::{format_day, local_day, show_day};
use crate::kernel::{App, Asked, Chips, Chrome, Form, Link, Page, Pages, Problem, Reader};
use crate::stock::Choice;

/// Lines on a screen.
pub(super) const ROWS_MAX: i64 = 50;

/// A column to say something about.
pub(super) struct ColumnRow {
    pub name: String,
    pub title: String,
    pub chosen: &'static str,
}

/// A line as the page shows it. Costs are as people read them, empty when there is none.
pub(super) struct LineRow {
    pub line: i64,
    pub text: String,
    pub code: String,
    pub price: String,
    pub unit_cost: String,
    /// What it was on the list before, and whether that is what a unit cost: the price, while no cost is known.
    pub before: String,
    pub is_cost_before: bool,
    pub percent: String,
    pub replacement: String,
    pub replacement_percent: String,
    /// The SKU that it is or may be.
    pub sku: String,
    pub product: String,
    /// Keys of words.
    pub change: String,
    pub change_kind: &'static str,
    pub certainty: String,
    pub certainty_kind: &'static str,
    pub is_for_a_person: bool,
    pub problem: String,
    pub outcome: String,
    pub units: String,
    pub is_chosen: bool,
}

impl LineRow {
    pub(super) fn of(line: StoredLine) -> Self {
        let cost =
            |raw: Option<i64>| raw.map(|raw| show_short_cost(gondola_ledger::UnitCost::new(raw))).unwrap_or_default();
        let (price, unit_cost, replacement) = (cost(line.price), cost(line.unit_cost), cost(line.replacement_cost));
        let cost_before = line.unit_cost.and(line.unit_cost_before);
        let (before, is_cost_before) = (cost(cost_before.or(line.price_before)), cost_before.is_some());
        let view = LineView::of(line);
        let percent =
            |text: Option<String>| text.map(|text| format!("{} %", text.replace('.', ","))).unwrap_or_default();
        let key = |family: &str, code: &str| if code.is_empty() { String::new() } else { format!("{family}{code}") };
        Self {
            line: view.line,
            code: [view.code, view.barcode].into_iter().find(|code| !code.is_empty()).unwrap_or_default(),
            text: view.text,
            price,
            unit_cost,
            before,
            is_cost_before,
            percent: percent(view.change_percent),
            replacement,
            replacement_percent: percent(view.replacement_percent),
            sku: view.sku.unwrap_or_default(),
            product: view.product.unwrap_or_default(),
            change: key("price_list.change_", &view.change),
            change_kind: match view.change.as_str() {
                "dearer" => "bad",
                "cheaper" => "ok",
                "new" => "info",
                _ => "",
            },
            is_for_a_person: view.certainty == Certainty::Person.code(),
            certainty_kind: match view.certainty.as_str() {
                "person" => "warn",
                "none" => "bad",
                _ => "ok",
            },
            certainty: key("price_list.certainty_", &view.certainty),
            problem: key("price_list.problem_", &view.problem),
            outcome: key("price_list.outcome_", view.outcome.as_deref().unwrap_or_default()),
            units: view.units_per_case.map(|units| units.to_string()).unwrap_or_default(),
            is_chosen: view.chosen,
        }
    }

    /// The name of one of its fields in the form.
    pub(super) fn field(&self, name: &str) -> String {
        format!("{name}.{}", self.line)
    }
}

#[derive(Template)]
#[template(path = "price_list.html")]
pub(super) struct ListPage<'a> {
    pub chrome: &'a Chrome,
    pub list: PriceList,
    pub state: String,
    pub kind: &'static str,
    pub is_expired: bool,
    pub from: String,
    pub to: Option<String>,
    /// The same days as a field takes them.
    pub from_field: String,
    pub to_field: String,
    pub form: Form,
    pub columns: Vec<ColumnRow>,
    pub fields: Vec<Choice>,
    pub changes: Chips,
    pub certainties: Chips,
    pub rows: Vec<LineRow>,
    pub pages: Pages,
    pub file: Link,
    /// What is kept of the filters when something is saved.
    pub here: String,
    pub may_edit: bool,
    pub may_apply: bool,
}

impl ListPage<'_> {
    fn is_draft(&self) -> bool {
        self.list.row.state == "draft"
    }

    fn holds(&self) -> bool {
        self.list.row.state == "applied"
    }

    /// The number of the list it is compared with.
    fn previous(&self) -> Option<String> {
        self.list.row.previous_number.map(|number| number.to_string())
    }

    /// What was typed in a field, else what it is.
    fn typed(&self, name: &str, otherwise: &str) -> String {
        let typed = self.form.value(name);
        if typed.is_empty() { otherwise } else { typed }.to_owned()
    }

    /// What was typed in one of a line's fields, else what it is.
    fn said(&self, row: &LineRow, name: &str) -> String {
        self.typed(&row.field(name), if name == "units" { &row.units } else { &row.sku })
    }

    /// What is wrong with one of a line's fields.
    fn wrong(&self, row: &LineRow, name: &str) -> Option<&str> {
        self.form.problem(&row.field(name), &self.chrome.lang)
    }

    fn messages(&self) -> Vec<(String, String)> {
        let labels = [
            ("name", self.chrome.t("price_list.name")),
            ("valid_from", self.chrome.t("price_list.valid_from")),
            ("valid_to", self.chrome.t("price_list.valid_to")),
            ("columns", self.chrome.t("price_list.columns")),
            ("reason", self.chrome.t("price_list.reason")),
        ];
        self.form.named_messages(&self.chrome.lang, &labels)
    }
}

/// `GET /price-lists/{id}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Segment(id): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, chrome, list_id(&id)?, (asked, Form::new(), StatusCode::OK)).await
}

/// What is kept from page to page.
const KEPT: [&str; 2] = ["change", "certainty"];

/// The page of a list, with what was typed and what was wrong with it.
pub(super) async fn page(
    app: &App,
    chrome: Chrome,
    id: Uuid,
    (asked, form, status): (Asked, Form, StatusCode),
) -> Result<Response, Problem> {
    let chrome = chrome.titled("price_list.title");
    let pager = asked.pager();
    let after = pager.params().after::<i64>()?.unwrap_or_default();
    let change = Change::ALL.map(Change::code).into_iter().find(|code| *code == asked.value("change"));
    let certainty = Certainty::ALL.map(Certainty::code).into_iter().find(|code| *code == asked.value("certainty"));
    let mut reader = Reader::open(app, &chrome.actor, Permission::ReadCost).await?;
    let today = local_day(reader.now(), &app.zone);
    let mut tx = reader.tx();
    let list = queries::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let filter = LineFilter { change, certainty, ..LineFilter::default() };
    let found = queries::lines(&mut tx, (id, filter), after, ROWS_MAX).await?;
    let lines = Page::cut(found, ROWS_MAX, |row: &StoredLine| row.line, LineRow::of);
    let path = format!("/price-lists/{id}");
    let here = asked.link(path, &KEPT);
    let page = ListPage {
        changes: change_chips(&chrome, &here, change.unwrap_or_default()),
        certainties: certainty_chips(&chrome, &here, certainty.unwrap_or_default()),
        columns: columns_of(&list)?,
        fields: fields(&chrome),
        state: format!("price_list.state_{}", list.row.state),
        kind: state_kind(&list.row.state),
        is_expired: list.row.has_expired(today),
        from: show_day(list.row.valid_from),
        to: list.row.valid_to.map(show_day),
        from_field: format_day(list.row.valid_from),
        to_field: list.row.valid_to.map(format_day).unwrap_or_default(),
        rows: lines.items,
        pages: pager.pages(&here, lines.next),
        file: asked.link(format!("/api/v1/supplier-price-lists/{id}/lines"), &KEPT),
        here: query_of(&here),
        may_edit: chrome.may(Permission::EditInvoices),
        may_apply: chrome.may(Permission::EditInvoices) && chrome.may(Permission::EditPrices),
        list,
        form,
        chrome: &chrome,
    };
    show_as(status, &chrome, &page)
}

/// The query of a link, with its question mark.
fn query_of(link: &Link) -> String {
    link.href().split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default()
}

fn change_chips(chrome: &Chrome, here: &Link, chosen: &str) -> Chips {
    let named = |change: Change| {
        (change.code().to_owned(), chrome.t(&format!("price_list.change_{}", change.code())).to_owned())
    };
    here.chips("change", chosen, chrome.t("list.all"), Change::ALL.map(named))
}

fn certainty_chips(chrome: &Chrome, here: &Link, chosen: &str) -> Chips {
    let named =
        |one: Certainty| (one.code().to_owned(), chrome.t(&format!("price_list.certainty_{}", one.code())).to_owned());
    here.chips("certainty", chosen, chrome.t("list.all"), Certainty::ALL.map(named))
}

fn columns_of(list: &PriceList) -> Result<Vec<ColumnRow>, StoreError> {
    let headings = list.row.headings()?;
    let column = |(at, (title, field)): (usize, (String, Option<ListField>))| ColumnRow {
        name: column_name(at),
        title,
        chosen: field.map_or("", ListField::code),
    };
    Ok(headings.titles.into_iter().zip(headings.fields).enumerate().map(column).collect())
}

fn fields(chrome: &Chrome) -> Vec<Choice> {
    ListField::ALL.map(|field| (field.code().to_owned(), field_name(chrome.lang, field))).into()
}

/// The name of a column's field in the form.
pub(super) fn column_name(at: usize) -> String {
    format!("column.{at}")
}
