//! One supplier: to add it, to see it, to change it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};

use super::super::bodies::SupplierBody;
use super::super::queries::{Supplier, by_code, open_supplier};
use super::super::refusal::SupplierRefusal;
use super::super::supplier::{PackRule, PaperKind, PricePer, ScoreProfile, VatCondition, Weekdays};
use super::form;
use crate::kernel::contact::whatsapp_number;
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::path::Segment;
use crate::kernel::{App, Caller, Chrome, Flash, Form, Problem, Reader};

/// Names of fields with the keys of their labels, for the summary of what is wrong.
const LABELS: [(&str, &str); 25] = [
    ("code", "supplier.code"),
    ("name", "supplier.name"),
    ("legal_name", "supplier.legal_name"),
    ("tax_id", "supplier.tax_id"),
    ("vat_condition", "supplier.vat_condition"),
    ("contact_name", "supplier.contact_name"),
    ("email", "supplier.email"),
    ("phone", "supplier.phone"),
    ("address", "supplier.address"),
    ("cut_off", "supplier.cut_off"),
    ("lead_days", "supplier.lead_days"),
    ("minimum_order", "supplier.minimum_order"),
    ("payment_days", "supplier.payment_days"),
    ("discount", "supplier.discount"),
    ("vat_perception", "supplier.vat_perception"),
    ("gross_income_perception", "supplier.gross_income_perception"),
    ("notes", "supplier.notes"),
    ("names", "supplier.names"),
    ("own_brands", "supplier.own_brands"),
    ("distributed_brands", "supplier.distributed_brands"),
    ("specialities", "supplier.specialities"),
    ("excluded", "supplier.excluded"),
    ("score_profile", "supplier.score_profile"),
    ("vat", "supplier.paper_vat"),
    ("price_places", "supplier.price_places"),
];

#[derive(Template)]
#[template(path = "supplier.html")]
pub(super) struct SupplierPage {
    pub chrome: Chrome,
    /// The code of the one that is changed; none for a new one.
    pub code: Option<String>,
    pub form: Form,
    /// Where WhatsApp opens with them.
    pub whatsapp: Option<String>,
    pub may_edit: bool,
    pub sees_cost: bool,
}

/// A choice of a list: its name in the API and on the page.
type Choice = (&'static str, String);

impl SupplierPage {
    fn choices(&self, prefix: &str, codes: impl IntoIterator<Item = &'static str>) -> Vec<Choice> {
        codes.into_iter().map(|code| (code, self.chrome.t(&format!("{prefix}_{code}")).to_owned())).collect()
    }

    fn vat_conditions(&self) -> Vec<Choice> {
        self.choices("supplier.vat", VatCondition::ALL.iter().map(|one| one.code()))
    }

    fn paper_kinds(&self) -> Vec<Choice> {
        self.choices("supplier.paper", PaperKind::ALL.iter().map(|one| one.code()))
    }

    fn prices_per(&self) -> Vec<Choice> {
        self.choices("supplier.per", PricePer::ALL.iter().map(|one| one.code()))
    }

    fn pack_rules(&self) -> Vec<Choice> {
        self.choices("supplier.units", PackRule::ALL.iter().map(|one| one.code()))
    }

    fn score_profiles(&self) -> Vec<Choice> {
        self.choices("supplier.score", ScoreProfile::ALL.iter().map(|one| one.code()))
    }

    fn weekdays(&self) -> Vec<Choice> {
        self.choices("weekday", Weekdays::CODES)
    }

    fn messages(&self) -> Vec<(String, String)> {
        let labels = LABELS.map(|(name, key)| (name, self.chrome.t(key)));
        self.form.named_messages(&self.chrome.lang, &labels)
    }

    fn action(&self) -> String {
        self.code.as_ref().map_or_else(|| "/suppliers".to_owned(), |code| format!("/suppliers/{code}"))
    }
}

/// `GET /suppliers/new`.
pub async fn blank(chrome: Chrome) -> Result<Response, Problem> {
    answer(StatusCode::OK, chrome.titled("supplier.new"), None, form::blank())
}

/// `POST /suppliers`.
pub async fn add(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    form: Form,
) -> Result<Response, Problem> {
    match create(&app, &actor, &form).await {
        Ok(added) => Ok(go_saying(&app, "/suppliers", &Flash::says("supplier.added", &added.record.name))),
        Err(problem) => {
            let form = form.refused(plain(problem))?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, chrome.titled("supplier.new"), None, form)
        }
    }
}

async fn create(app: &App, actor: &Actor, form: &Form) -> Result<Supplier, Problem> {
    let command = form::body(form)?.create()?;
    Ok(app.db.execute(actor, form.key("POST /suppliers (page)")?, command).await?.out)
}

/// `GET /suppliers/{code}`.
pub async fn show(State(app): State<App>, chrome: Chrome, Segment(code): Segment) -> Result<Response, Problem> {
    let mut reader = Reader::open(&app, &chrome.actor, Permission::ReadSuppliers).await?;
    let record = by_code(&mut reader.tx(), &code).await?.ok_or_else(Problem::not_found)?;
    let (mut tx, opener) = reader.opening("suppliers.get");
    let supplier = open_supplier(&mut tx, &opener, record).await?;
    let form = form::filled(&supplier);
    answer(StatusCode::OK, named(chrome, &supplier.record.name), Some(supplier.record.code), form)
}

/// `POST /suppliers/{code}`.
pub async fn change(
    State(app): State<App>,
    Caller(actor): Caller,
    chrome: Chrome,
    Segment(code): Segment,
    form: Form,
) -> Result<Response, Problem> {
    match apply(&app, &actor, &code, &form).await {
        Ok(changed) => {
            let saved = Flash::says("supplier.saved", &changed.record.name);
            Ok(go_saying(&app, &format!("/suppliers/{}", changed.record.code), &saved))
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(problem),
        Err(problem) => {
            let name = form.value("name").to_owned();
            let form = form.refused(plain(problem))?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, named(chrome, &name), Some(code), form)
        }
    }
}

async fn apply(app: &App, actor: &Actor, code: &str, form: &Form) -> Result<Supplier, Problem> {
    let body = SupplierBody { code: None, ..form::body(form)? };
    let version = form.value("version").parse().map_err(|_| SupplierRefusal::Stale)?;
    let command = body.change(code.to_owned(), version)?;
    let key = form.key(&format!("POST /suppliers/{code} (page)"))?;
    Ok(app.db.execute(actor, key, command).await?.out)
}

/// The problem with the fields of papers and of lists under the names that they have in the form.
fn plain(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        let name = field.field.strip_prefix("paper.").unwrap_or(&field.field);
        let name = name.split('[').next().unwrap_or(name);
        field.field = if name == "kind" { "paper_kind" } else { name }.to_owned();
    }
    problem
}

fn named(mut chrome: Chrome, name: &str) -> Chrome {
    name.clone_into(&mut chrome.title);
    chrome
}

fn answer(status: StatusCode, chrome: Chrome, code: Option<String>, form: Form) -> Result<Response, Problem> {
    let whatsapp = form.given("phone").and_then(|phone| whatsapp_number(&phone));
    let may_edit = chrome.may(Permission::EditSuppliers);
    let sees_cost = chrome.may(Permission::ReadCost);
    show_as(status, &chrome.clone(), &SupplierPage { chrome, code, form, whatsapp, may_edit, sees_cost })
}
