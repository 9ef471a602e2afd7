//! Recording a movement in three short steps that need no JavaScript: what happened, of which
//! product, how much. An address that already says what and which product begins at the form; a
//! movement dated before the product's last one shows its effect first (`confirm.rs`).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use jiff::tz::TimeZone;

use super::super::api::{LotBody, MovementBody, ReasonBody};
use super::super::commands::PostMovement;
use super::super::queries::{self, Standing};
use super::super::receipt::Receipt;
use super::confirm;
use super::rows::{LotRow, ProductRow};
use super::what::What;
use super::{Choice, QuantityField, place_choices, unit_choices};
use crate::kernel::numbers::{typed, typed_money};
use crate::kernel::page::{go, go_saying, show, show_as};
use crate::kernel::time::{format_day, format_instant, parse_local, typed_day};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Problem, Reader};

/// Where the form lives.
const PATH: &str = "/stock/movements/new";
/// Lots offered to take from.
const LOTS_MAX: i64 = 40;
/// What a change of mind about the kind keeps.
const KEPT: [&str; 8] = ["product", "quantity", "unit", "from", "to", "document", "occurred_at", "again"];

/// A kind to choose.
pub(super) struct WhatLink {
    pub href: String,
    pub name: String,
    pub hint: String,
    pub icon: &'static str,
    pub current: bool,
}

#[derive(Template)]
#[template(path = "record_what.html")]
pub(super) struct WhatPage<'a> {
    pub chrome: &'a Chrome,
    pub whats: Vec<WhatLink>,
    /// The product it will be about, when that is known already.
    pub product: Option<ProductRow>,
}

#[derive(Template)]
#[template(path = "record.html")]
pub(super) struct RecordPage<'a> {
    pub chrome: &'a Chrome,
    pub form: &'a Form,
    pub what: What,
    pub whats: Vec<WhatLink>,
    pub product: ProductRow,
    pub quantity: QuantityField,
    pub places: Vec<Choice>,
    /// Every place, for where a transfer goes.
    pub all_places: Vec<Choice>,
    pub lots: Vec<Choice>,
    pub reasons: Vec<String>,
    pub sees_cost: bool,
    /// The way to choose another product.
    pub other: String,
}

impl RecordPage<'_> {
    /// Whether the lot's fields show at once: something stands in them, or must be corrected.
    fn lot_is_open(&self) -> bool {
        self.has_something(&["lot.code", "lot.expires_on"])
    }

    /// The same for what is seldom said.
    fn more_is_open(&self) -> bool {
        self.has_something(&["occurred_at", "document"])
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let chrome = self.chrome;
        let labels = [
            ("quantity", chrome.t("record.quantity")),
            ("from", chrome.t("record.from")),
            ("to", chrome.t("record.to")),
            ("unit_cost", chrome.t("stock.cost")),
            ("reason", chrome.t("record.reason")),
            ("lot.code", chrome.t("record.lot_code")),
            ("lot.expires_on", chrome.t("record.lot_expires")),
            ("occurred_at", chrome.t("record.occurred_at")),
            ("document", chrome.t("stock.document")),
        ];
        self.form.named_messages(&chrome.lang, &labels)
    }

    fn has_something(&self, names: &[&str]) -> bool {
        let lang = &self.chrome.lang;
        names.iter().any(|name| !self.form.value(name).is_empty() || self.form.problem(name, lang).is_some())
    }
}

/// `GET /stock/movements/new`.
pub async fn new(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("record.title");
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let product = match asked.given("product") {
        Some(sku) => queries::standing(&mut reader, sku.trim_start_matches("sku:")).await?,
        None => None,
    };
    let Some(what) = What::from_code(asked.value("kind")).filter(|what| chrome.may(what.permission())) else {
        let page = WhatPage {
            whats: whats(&chrome, &asked.0, None),
            product: product.as_ref().map(|standing| ProductRow::of(&chrome, standing)),
            chrome: &chrome,
        };
        return show(&chrome, &page);
    };
    let Some(product) = product else { return Ok(which(&asked, what)) };
    let form = filled_in(asked.0, what, reader.location().is_some());
    form_page(&chrome, reader, &form, what, &product, StatusCode::OK).await
}

/// The page of the catalogue that picks the product and comes back.
fn which(asked: &Asked, what: What) -> Response {
    let back = asked.link(PATH, &KEPT).with("product", "").with("kind", what.code());
    go(&Link::to("/products/pick").with("next", &back.href()).with("q", asked.value("product")).href())
}

/// The form's usual answers, where nobody said anything yet. Who sees one place only has no choice.
fn filled_in(form: Form, what: What, one_place: bool) -> Form {
    let (from, to) = if one_place { ("", "") } else { what.usual_places() };
    let usual = [("from", from), ("to", to)];
    usual.into_iter().fold(form, |form, (name, code)| match form.given(name) {
        Some(_) => form,
        None => form.with(name, code),
    })
}

async fn form_page(
    chrome: &Chrome,
    mut reader: Reader,
    form: &Form,
    what: What,
    product: &Standing,
    status: StatusCode,
) -> Result<Response, Problem> {
    let own = reader.location();
    let places = place_choices(&mut reader, own).await?;
    let all_places = place_choices(&mut reader, None).await?;
    let lots = if what.leaves() { lots_of(chrome, &mut reader, product).await? } else { Vec::new() };
    let page = RecordPage {
        whats: whats(chrome, form, Some(what)),
        product: ProductRow::of(chrome, product),
        quantity: QuantityField::of(form, chrome.lang, "quantity", "unit", unit_choices(&mut reader, product).await?)
            .focused(true),
        reasons: what.reasons(chrome),
        sees_cost: reader.sees_cost(),
        other: Link::to(PATH).with("kind", what.code()).href(),
        chrome,
        form,
        what,
        places,
        all_places,
        lots,
    };
    show_as(status, chrome, &page)
}

/// The kinds this person may record, keeping what was typed.
fn whats(chrome: &Chrome, form: &Form, current: Option<What>) -> Vec<WhatLink> {
    let here = KEPT.iter().fold(Link::to(PATH), |link, name| link.with(name, form.value(name).trim()));
    let link = |what: What| WhatLink {
        // The usual places differ from kind to kind: what was not typed must not stick.
        href: here.clone().with("from", "").with("to", "").with("kind", what.code()).href(),
        name: what.name(chrome),
        hint: what.hint(chrome),
        icon: what.icon(),
        current: current == Some(what),
    };
    What::ALL.into_iter().filter(|what| chrome.may(what.permission())).map(link).collect()
}

/// The lots to take from, the first to expire on top.
async fn lots_of(chrome: &Chrome, reader: &mut Reader, product: &Standing) -> Result<Vec<Choice>, Problem> {
    let (found, places) = queries::lots(reader, Some(&product.sku), None, None, None, LOTS_MAX).await?;
    let lots = found.iter().map(|lot| LotRow::of(chrome, lot, &places, 0)).filter(|lot| !lot.is_plain());
    Ok(lots.map(|lot| (lot.value.clone(), lot.choice(chrome))).collect())
}

/// `POST /stock/movements`.
pub async fn record(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let chrome = chrome.titled("record.title");
    let what = What::from_code(form.value("kind")).ok_or_else(Problem::not_found)?;
    if form.has("step", "edit") {
        return again(&app, &chrome, &actor, form, what, StatusCode::OK).await;
    }
    let key = form.key("POST /stock/movements")?;
    let movement = match body(&form, what, &app.zone).parse(app.db.now(), "") {
        Ok(movement) => movement,
        Err(problems) => return refuse(&app, &chrome, &actor, form, what, Problem::invalid(problems)).await,
    };
    if !form.has("step", "confirmed")
        && let Some(effect) = confirm::effect(&app, &actor, &movement).await?
    {
        return confirm::page(&chrome, &form, what, effect);
    }
    match app.db.execute(&actor, key, PostMovement(movement)).await {
        Ok(done) => Ok(recorded(&app, &chrome, &actor, &form, what, &done.out).await?),
        Err(fail) => refuse(&app, &chrome, &actor, form, what, fail.into()).await,
    }
}

/// The form as the JSON call's body.
fn body(form: &Form, what: What, zone: &TimeZone) -> MovementBody {
    let day = |name: &str| form.given(name).map(|text| typed_day(&text).map_or(text, format_day));
    let lot = if what.enters() {
        let lot = LotBody { code: form.given("lot.code"), expires_on: day("lot.expires_on") };
        (lot.code.is_some() || lot.expires_on.is_some()).then_some(lot)
    } else {
        form.given("lot").map(|text| {
            let (code, expires_on) = text.rsplit_once('|').unwrap_or((&text, ""));
            let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            LotBody { code: given(code), expires_on: given(expires_on) }
        })
    };
    let instant = |text: String| parse_local(&text, zone).map_or(text, format_instant);
    MovementBody {
        kind: Some(what.kind().code().to_owned()),
        product: form.given("product").map(|sku| format!("sku:{sku}")),
        quantity: form.given("quantity").map(|text| typed(&text)),
        unit: form.given("unit"),
        from: form.given("from").filter(|_| what.leaves()),
        to: form.given("to").filter(|_| what.arrives()),
        lot,
        unit_cost: form.given("unit_cost").filter(|_| what.takes_cost()).map(|text| typed_money(&text)),
        reason: ReasonBody::of(form).reason,
        document: form.given("document"),
        occurred_at: form.given("occurred_at").map(instant),
    }
}

/// The form again, with what is wrong.
async fn refuse(
    app: &App,
    chrome: &Chrome,
    actor: &Actor,
    form: Form,
    what: What,
    problem: Problem,
) -> Result<Response, Problem> {
    let form = form.refused(problem)?;
    again(app, chrome, actor, form, what, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn again(
    app: &App,
    chrome: &Chrome,
    actor: &Actor,
    form: Form,
    what: What,
    status: StatusCode,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let product = queries::standing(&mut reader, form.value("product").trim()).await?.ok_or_else(Problem::not_found)?;
    form_page(chrome, reader, &form, what, &product, status).await
}

/// Where a movement that was recorded leads, and what the next page says about it.
async fn recorded(
    app: &App,
    chrome: &Chrome,
    actor: &Actor,
    form: &Form,
    what: What,
    receipt: &Receipt,
) -> Result<Response, Problem> {
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let sku = receipt.product.trim_start_matches("sku:");
    let product = queries::standing(&mut reader, sku).await?.ok_or_else(Problem::not_found)?;
    let row = ProductRow::of(chrome, &product);
    let left = chrome.tv("record.left", format!("{} {}", row.on_hand, row.unit));
    let flash = Flash::says("record.done", &format!("{} · {} · {left}", what.name(chrome), row.name));
    let flash = if chrome.may(Permission::Adjust) {
        flash.undone_at(format!("/stock/movements/{}/reverse", receipt.id))
    } else {
        flash
    };
    let next = if form.has("again", "yes") {
        let kept = ["from", "to", "document"];
        let here = kept.iter().fold(Link::to(PATH), |link, name| link.with(name, form.value(name).trim()));
        here.with("kind", what.code()).with("again", "yes").href()
    } else {
        format!("/stock/movements/{}", receipt.id)
    };
    Ok(go_saying(app, &next, &flash))
}
