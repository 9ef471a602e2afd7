//! Keeping something for somebody: of a product, at a place, until the end of a day or a given hour.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gondola_store::{Actor, Permission};
use jiff::tz::TimeZone;

use super::super::api::ReservationBody;
use crate::kernel::numbers::typed;
use crate::kernel::page::{go, go_saying, show_as};
use crate::kernel::time::{Day, day_start, format_instant, local_day, parse_local};
use crate::kernel::{App, Asked, Caller, Chrome, Flash, Form, Link, Problem, Reader};
use crate::stock::{self, Choice, ProductRow, QuantityField, place_choices, unit_choices};

/// Where the form lives.
const PATH: &str = "/reservations/new";
/// Until the end of which day: the form's text, days from today, a key of the words.
const DAYS: [(&str, Day, &str); 4] = [
    ("0", 0, "reservation.until_today"),
    ("1", 1, "reservation.until_tomorrow"),
    ("3", 3, "reservation.until_3"),
    ("7", 7, "reservation.until_7"),
];
const MINUTE_US: i64 = 60 * 1_000_000;

#[derive(Template)]
#[template(path = "reservation_new.html")]
pub(super) struct NewReservationPage<'a> {
    pub chrome: &'a Chrome,
    pub form: Form,
    pub product: ProductRow,
    pub quantity: QuantityField,
    pub places: Vec<Choice>,
    /// The way to choose another product.
    pub other: String,
}

impl NewReservationPage<'_> {
    /// The days to choose from: text, name, whether it is chosen.
    fn days(&self) -> Vec<(&'static str, &str, bool)> {
        let chosen = self.form.given("until").unwrap_or_else(|| "1".to_owned());
        DAYS.iter().map(|(text, _, key)| (*text, self.chrome.t(key), *text == chosen)).collect()
    }

    /// Whether the exact hour shows at once: something stands there, or must be corrected.
    fn hour_is_open(&self) -> bool {
        !self.form.value("expires_at").is_empty() || self.form.problem("expires_at", &self.chrome.lang).is_some()
    }

    /// Every problem under the name its field has on the page.
    fn messages(&self) -> Vec<(String, String)> {
        let chrome = self.chrome;
        let labels = [
            ("quantity", chrome.t("record.quantity")),
            ("location", chrome.t("reservation.place")),
            ("expires_at", chrome.t("reservation.hour")),
            ("reason", chrome.t("reservation.for")),
            ("document", chrome.t("stock.document")),
        ];
        self.form.named_messages(&chrome.lang, &labels)
    }
}

/// `GET /reservations/new`.
pub async fn form(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    asked: Asked,
) -> Result<Response, Problem> {
    if asked.given("product").is_none() {
        return Ok(go(&Link::to("/products/pick").with("next", PATH).href()));
    }
    let usual = if actor.location.is_some() { "" } else { "local" };
    let location = asked.given("location").unwrap_or_else(|| usual.to_owned());
    page(&app, chrome, &actor, asked.0.with("location", location), StatusCode::OK).await
}

async fn page(app: &App, chrome: Chrome, actor: &Actor, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let chrome = chrome.titled("reservation.new");
    let mut reader = Reader::open(app, actor, Permission::ReadStock).await?;
    let own = reader.location();
    let sku = form.value("product").trim().trim_start_matches("sku:");
    let standing = stock::standing(&mut reader, sku).await?.ok_or_else(Problem::not_found)?;
    let units = unit_choices(&mut reader, &standing).await?;
    let page = NewReservationPage {
        product: ProductRow::of(&chrome, &standing),
        quantity: QuantityField::of(&form, chrome.lang, "quantity", "unit", units).focused(true),
        places: place_choices(&mut reader, own).await?,
        other: Link::to("/products/pick").with("next", PATH).href(),
        chrome: &chrome,
        form,
    };
    show_as(status, &chrome, &page)
}

/// `POST /reservations`.
pub async fn reserve(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    form: Form,
) -> Result<Response, Problem> {
    let key = form.key("POST /reservations")?;
    let done = match body(&form, &app).parse() {
        Ok(command) => app.db.execute(&actor, key, command).await.map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => {
            let flash = Flash::says("reservation.made", &format!("{} · {}", done.out.name, done.out.reason));
            Ok(go_saying(&app, &format!("/reservations/{}", done.out.id), &flash))
        }
        Err(problem) => page(&app, chrome, &actor, form.refused(problem)?, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// The form as the JSON call's body.
fn body(form: &Form, app: &App) -> ReservationBody {
    let typed_hour = form.given("expires_at").map(|text| parse_local(&text, &app.zone).map_or(text, format_instant));
    ReservationBody {
        product: form.given("product").map(|sku| format!("sku:{sku}")),
        location: form.given("location"),
        quantity: form.given("quantity").map(|text| typed(&text)),
        unit: form.given("unit"),
        expires_at: typed_hour.or_else(|| chosen_day(form, app.db.now(), &app.zone)),
        reason: form.given("reason"),
        document: form.given("document"),
    }
}

/// The last minute of the day that was chosen.
fn chosen_day(form: &Form, now: i64, zone: &TimeZone) -> Option<String> {
    let (_, days, _) = DAYS.iter().find(|(text, ..)| *text == form.value("until"))?;
    Some(format_instant(day_start(local_day(now, zone) + days + 1, zone) - MINUTE_US))
}
