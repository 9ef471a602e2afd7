//! The forms that make a product and change one. A possible duplicate is told after the product was
//! made, never refused; somebody else's change in between is told before anything is written.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use serde_json::Value;

use super::super::bodies::{NewProductBody, ProductBody};
use super::super::commands::{ChangeProduct, CreateProduct};
use super::super::many::Change;
use super::super::product::Product;
use super::super::protected::open_product;
use super::{category_choices, fields};
use crate::kernel::page::{go_saying, show_as};
use crate::kernel::path::Segment;
use crate::kernel::{App, Asked, Caller, Chrome, Errors, Flash, Form, Lang, Problem, Reader};
use crate::stock::{self, Choice, ProductRef};

/// The VAT rates that exist, as the API writes them and as people say them.
const VAT_RATES: [(&str, &str); 6] =
    [("21.00", "21 %"), ("10.50", "10,5 %"), ("27.00", "27 %"), ("5.00", "5 %"), ("2.50", "2,5 %"), ("0.00", "0 %")];
const UNITS: [&str; 6] = ["un", "kg", "g", "l", "ml", "m"];

/// What a product may be, one box each.
const FLAGS: [&str; 4] = ["alcohol", "tobacco", "returnable", "internal_taxes"];
/// What fields are called where they alone are named.
const LABELLED: [(&str, &str); 24] = [
    ("name", "product.name"),
    ("category", "product.category"),
    ("unit", "product.unit"),
    ("sku", "product.sku"),
    ("barcodes", "product.barcodes"),
    ("brand", "product.brand"),
    ("variant", "product.variant"),
    ("content.quantity", "product.content"),
    ("content.unit", "product.content"),
    ("sale_price", "product.sale_price"),
    ("wholesale_price", "product.wholesale_price"),
    ("acquisition_cost", "product.acquisition_cost"),
    ("replacement_cost", "product.replacement_cost"),
    ("min_stock", "product.min_stock"),
    ("max_stock", "product.max_stock"),
    ("reorder_point", "product.reorder_point"),
    ("shelf_life_days", "product.shelf_life_hint"),
    ("alert_days", "product.alert_hint"),
    ("short_name", "product.short_name"),
    ("weight_g", "product.weight_g"),
    ("internal_code", "product.internal_code"),
    ("scale_plu", "product.scale_plu"),
    ("opening.location", "product.opening_location"),
    ("opening.quantity", "product.opening_quantity"),
];

#[derive(Template)]
#[template(path = "product_form.html")]
pub(super) struct ProductFormPage<'a> {
    pub chrome: &'a Chrome,
    pub form: &'a Form,
    /// Where it is sent.
    pub action: String,
    /// Where giving up leads.
    pub back: String,
    pub is_new: bool,
    /// Whether the unit can still change.
    pub unit_is_fixed: bool,
    pub categories: Vec<Choice>,
    pub units: Vec<Choice>,
    pub vat_rates: &'static [(&'static str, &'static str)],
    pub places: Vec<Choice>,
    pub packs: Vec<[String; 4]>,
    pub sees_cost: bool,
    pub may_price: bool,
}

impl ProductFormPage<'_> {
    fn problem<'f>(&'f self, name: &str) -> Option<&'f str> {
        self.form.problem(name, &self.chrome.lang)
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let chrome = self.chrome;
        let mut labels: Vec<(&str, &str)> = LABELLED.iter().map(|(name, key)| (*name, chrome.t(key))).collect();
        let packs = (0..self.packs.len()).flat_map(|at| ["name", "factor", "price", "barcodes"].map(|part| (at, part)));
        let packs: Vec<String> = packs.map(|(at, part)| fields::pack_field(at, part)).collect();
        labels.extend(packs.iter().map(|name| (name.as_str(), chrome.t("product.packs"))));
        self.form.named_messages(&chrome.lang, &labels)
    }

    fn pack_field(&self, index: &usize, part: &str) -> String {
        fields::pack_field(*index, part)
    }

    fn target_field(&self, place: &str) -> String {
        fields::target_field(place)
    }

    /// Whether the seldom used fields show at once.
    fn more_is_open(&self) -> bool {
        let names =
            ["short_name", "description", "notes", "internal_code", "scale_plu", "vat_rate", "target_days", "weight_g"];
        names.iter().any(|name| self.problem(name).is_some())
    }

    /// Whether how much to keep shows at once: a new product does with the usual.
    fn stock_is_open(&self) -> bool {
        let targets: Vec<String> = self.places.iter().map(|(code, _)| self.target_field(code)).collect();
        let names = ["min_stock", "max_stock", "reorder_point"].into_iter().chain(targets.iter().map(String::as_str));
        names.into_iter().any(|name| self.has_something(name))
    }

    fn expiry_is_open(&self) -> bool {
        ["perishable", "shelf_life_days", "alert_days"].iter().any(|name| self.has_something(name))
    }

    fn packs_are_open(&self) -> bool {
        let asked = ["name", "factor", "price", "barcodes"];
        let mut rows = self.packs.iter().enumerate();
        rows.any(|(at, _)| asked.iter().any(|field| self.has_something(&self.pack_field(&at, field))))
    }

    /// Whether something stands in a field, or must be corrected.
    fn has_something(&self, name: &str) -> bool {
        !self.form.value(name).is_empty() || self.problem(name).is_some()
    }
}

/// `GET /products/new`.
pub async fn new(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    page(&app, &chrome, &actor, None, &asked.0, StatusCode::OK).await
}

/// `POST /products`.
pub async fn create(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /products")?;
    let places = place_codes(&app, &actor).await?;
    let made = match read::<NewProductBody>(fields::body(&form, None, &places)) {
        Ok(body) => {
            let mut errors = Errors::new();
            let (edit, opening) = body.parse(&mut errors);
            match errors.finish() {
                Ok(()) => app.db.execute(&actor, key, CreateProduct { edit, opening }).await.map_err(Problem::from),
                Err(problem) => Err(problem),
            }
        }
        Err(problem) => Err(problem),
    };
    match made {
        Ok(done) => {
            let product = done.out.product;
            let flash = match done.out.similar.first() {
                Some(similar) => Flash::warns("product.created_similar", &similar.name),
                None => Flash::says("product.created", &product.name),
            };
            Ok(go_saying(&app, &stock::product_href(&product.sku), &flash))
        }
        Err(problem) => {
            let form = form.refused(under_form_names(problem, &places))?;
            page(&app, &chrome, &actor, None, &form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /products/{sku}/edit`.
pub async fn edit(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(sku): Segment,
) -> Result<Response, Problem> {
    let product = find(&app, &actor, &sku).await?;
    let form = fields::filled(&product, actor.may(Permission::ReadCost));
    page(&app, &chrome, &actor, Some(&product), &form, StatusCode::OK).await
}

/// `POST /products/{sku}/edit`.
pub async fn change(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(sku): Segment,
    form: Form,
) -> Result<Response, Problem> {
    let product = find(&app, &actor, &sku).await?;
    let key = form.key(&format!("POST /products/{}", product.id))?;
    let version = form.value("version").parse().map_err(|_| crate::kernel::body::stale())?;
    let places = place_codes(&app, &actor).await?;
    let before = fields::filled(&product, actor.may(Permission::ReadCost));
    let changed = match read::<ProductBody>(fields::body(&form, Some(&before), &places)) {
        Ok(body) => {
            let mut errors = Errors::new();
            let edit = body.parse(&mut errors);
            let change = Change { product: ProductRef::Id(product.id), version: Some(version), edit };
            let command = ChangeProduct(change);
            match errors.finish() {
                Ok(()) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
                Err(problem) => Err(problem),
            }
        }
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(done) => {
            let path = stock::product_href(&done.out.sku);
            Ok(go_saying(&app, &path, &Flash::says("product.saved", &done.out.name)))
        }
        Err(problem) => {
            let form = form.refused(under_form_names(problem, &places))?;
            page(&app, &chrome, &actor, Some(&product), &form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn find(app: &App, actor: &Actor, sku: &str) -> Result<Product, Problem> {
    let reference = ProductRef::parse(&format!("sku:{sku}")).ok_or_else(Problem::not_found)?;
    let mut reader = Reader::open(app, actor, Permission::ReadCatalogue).await?;
    open_product(&mut reader, &reference, "catalogue.edit_product").await
}

async fn place_codes(app: &App, actor: &Actor) -> Result<Vec<String>, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let places = stock::place_choices(&mut reader, None).await?;
    Ok(places.into_iter().map(|(code, _)| code).collect())
}

/// The body of the API; what a form can say always has its shape.
fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(|error| {
        tracing::error!(%error, code = "internal", "a form did not make a body");
        Problem::internal()
    })
}

/// The problem under the names of the form's fields: a list typed into one field is one field, and
/// a shelf target is named after its place.
fn under_form_names(mut problem: Problem, places: &[String]) -> Problem {
    for field in &mut problem.fields {
        if let Some((list, rest)) = field.field.rsplit_once('[')
            && rest.ends_with(']')
        {
            field.field = list.to_owned();
        }
        let index = field.field.strip_prefix("shelf_targets[").and_then(|rest| rest.split_once(']'));
        if let Some(place) = index.and_then(|(index, _)| places.get(index.parse::<usize>().ok()?)) {
            field.field = fields::target_field(place);
        }
    }
    problem
}

async fn page(
    app: &App,
    chrome: &Chrome,
    actor: &Actor,
    product: Option<&Product>,
    form: &Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let mut chrome = chrome.clone();
    chrome.title = match product {
        Some(product) => chrome.tv("product.edit_title", &product.name),
        None => chrome.t("product.new").to_owned(),
    };
    let card = product.map(|product| stock::product_href(product.sku.as_str()));
    let page = ProductFormPage {
        action: card.as_ref().map_or_else(|| "/products".to_owned(), |card| format!("{card}/edit")),
        back: card.unwrap_or_else(|| "/products".to_owned()),
        is_new: product.is_none(),
        unit_is_fixed: product.is_some_and(|product| product.moved),
        categories: category_choices(&mut reader).await?,
        units: units(chrome.lang),
        vat_rates: &VAT_RATES,
        places: stock::place_choices(&mut reader, None).await?,
        packs: fields::packs(form),
        sees_cost: reader.sees_cost(),
        may_price: chrome.may(Permission::EditPrices),
        chrome: &chrome,
        form,
    };
    show_as(status, &chrome, &page)
}

fn units(lang: Lang) -> Vec<Choice> {
    let name = |unit: &str| crate::kernel::words::word(lang, &format!("unit.{unit}")).to_owned();
    UNITS.iter().map(|unit| ((*unit).to_owned(), format!("{} ({unit})", name(unit)))).collect()
}
