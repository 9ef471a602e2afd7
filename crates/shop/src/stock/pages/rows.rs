//! How movements, products and lots look in a page: everything already written out in the reader's
//! language and the shop's format. Templates print these and decide nothing.

use gondola_ledger::{Qty, ShelfLife, Unit, UnitCost};
use uuid::Uuid;

use super::super::places::Places;
use super::super::queries::{ListedLine, ListedLot, ListedMovement, MovementList, Standing};
use super::super::rows::unit;
use crate::kernel::ask::segment;
use crate::kernel::numbers::{show_amount, show_quantity, show_short_cost};
use crate::kernel::time::{self, Day, show_day, show_time};
use crate::kernel::{App, Chrome, Link};

/// Minutes after which a movement counts as entered later than it happened.
const LATE_US: i64 = 5 * 60 * 1_000_000;

/// A movement in a list, newest first.
#[derive(Debug, Clone)]
pub struct MovementRow {
    /// Its id.
    pub id: Uuid,
    /// The product's SKU.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// What happened, in the shop's words.
    pub what: String,
    /// `in`, `out` or `move`.
    pub sign: &'static str,
    /// The icon of that sign.
    pub icon: &'static str,
    /// How much, with its sign.
    pub change: String,
    /// The product's unit.
    pub unit: &'static str,
    /// The pack it was entered by, `2 caja x9`, when it was not the product's own unit.
    pub by_pack: Option<String>,
    /// What the shop had in all afterwards; nothing for who sees one place only.
    pub after: Option<String>,
    /// Whether that was below zero.
    pub after_below_zero: bool,
    /// From where to where.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Whose paper it goes with.
    pub document: Option<String>,
    /// Who did it.
    pub user: String,
    /// The time of the day.
    pub time: String,
    /// Day and time.
    pub at: String,
    /// Day and time of its entry, when that was later.
    pub entered: Option<String>,
    /// The lots it touched, with their dates.
    pub lots: Vec<String>,
    /// What was allowed and must be looked at.
    pub flags: Vec<String>,
    /// The movement that undoes it.
    pub reversed_by: Option<Uuid>,
    /// The movement it undoes.
    pub reverses: Option<Uuid>,
    /// What one unit cost, for who may see it.
    pub cost: Option<String>,
    /// What it changed at each real place.
    pub changes: Vec<ChangeRow>,
    pub(super) day: Day,
}

/// What a movement changed at one place and lot.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// The place's name.
    pub place: String,
    /// The lot, when it has a code or a date.
    pub lot: String,
    /// How much, with its sign.
    pub change: String,
    /// `in` or `out`.
    pub sign: &'static str,
}

/// The movements of one day.
#[derive(Debug, Clone)]
pub struct DayRows {
    /// Today, yesterday, or weekday and date.
    pub label: String,
    /// Newest first.
    pub rows: Vec<MovementRow>,
}

impl MovementRow {
    /// The product's card.
    pub fn product_href(&self) -> String {
        product_href(&self.sku)
    }
}

/// A product's card.
pub fn product_href(sku: &str) -> String {
    format!("/products/{}", segment(sku))
}

/// Movements as rows.
pub(crate) fn movement_rows(app: &App, chrome: &Chrome, list: MovementList, cost: bool) -> Vec<MovementRow> {
    let MovementList { movements, lines, places } = list;
    let nothing = Vec::new();
    let row = |listed: ListedMovement| {
        let lines = lines.get(&listed.movement.sequence).unwrap_or(&nothing);
        movement_row(app, chrome, listed, lines, &places, cost)
    };
    movements.into_iter().map(row).collect()
}

fn movement_row(
    app: &App,
    chrome: &Chrome,
    listed: ListedMovement,
    lines: &[ListedLine],
    places: &Places,
    cost: bool,
) -> MovementRow {
    let ListedMovement { movement, sku, name, unit: unit_code, quantity_after } = listed;
    let unit = unit(&unit_code, movement.product_id).unwrap_or(Unit::Kg);
    let total = Qty::checked_sum(lines.iter().map(|line| Qty::new(line.delta))).unwrap_or(Qty::ZERO);
    let (sign, icon) = match total {
        total if total.is_positive() => ("in", "plus"),
        total if total.is_negative() => ("out", "minus"),
        _ => ("move", "transfer"),
    };
    let place = |id| places.name(id);
    let by_pack = (movement.entered_unit != unit_code).then(|| {
        let packs = Qty::new(movement.entered_quantity);
        format!("{} {}", show_amount(packs, if packs.is_whole() { Unit::Un } else { Unit::Kg }), movement.entered_unit)
    });
    let late = movement.recorded_at - movement.occurred_at > LATE_US;
    MovementRow {
        id: movement.id,
        sku,
        name,
        what: chrome.t(&format!("kind.{}", movement.kind)).to_owned(),
        sign,
        icon,
        change: if total.is_zero() { show_amount(Qty::new(movement.quantity), unit) } else { signed(total, unit) },
        unit: unit.code(),
        by_pack,
        after: quantity_after.map(|after| show_quantity(Qty::new(after), unit)),
        after_below_zero: quantity_after.is_some_and(|after| after < 0),
        path: format!("{} → {}", place(movement.from_location_id), place(movement.to_location_id)),
        reason: movement.reason,
        document: movement.document,
        user: movement.actor_name,
        time: show_time(movement.occurred_at, &app.zone),
        at: chrome.instant(&movement.occurred_at),
        entered: late.then(|| chrome.instant(&movement.recorded_at)),
        lots: lots_of(chrome, lines),
        flags: flags(chrome, &movement.flags),
        reversed_by: movement.reversed_by,
        reverses: movement.reverses_id,
        cost: movement.unit_cost.filter(|_| cost).map(|cost| show_short_cost(UnitCost::new(cost))),
        changes: lines.iter().map(|line| change_row(chrome, line, places, unit)).collect(),
        day: app.db.day_of(movement.occurred_at),
    }
}

fn change_row(chrome: &Chrome, line: &ListedLine, places: &Places, unit: Unit) -> ChangeRow {
    let delta = Qty::new(line.delta);
    ChangeRow {
        place: places.name(line.location_id),
        lot: lot_name(chrome, &line.code, line.expires_on),
        change: signed(delta, unit),
        sign: if delta.is_negative() { "out" } else { "in" },
    }
}

/// `+3` or `−1,250`.
pub(super) fn signed(quantity: Qty, unit: Unit) -> String {
    let plus = if quantity.is_positive() { "+" } else { "" };
    format!("{plus}{}", show_amount(quantity, unit))
}

/// The lots that have a code or a date, each once.
fn lots_of(chrome: &Chrome, lines: &[ListedLine]) -> Vec<String> {
    let mut lots: Vec<String> = lines.iter().map(|line| lot_name(chrome, &line.code, line.expires_on)).collect();
    lots.retain(|lot| !lot.is_empty());
    lots.sort();
    lots.dedup();
    lots
}

/// `L123, vence 31/12/2026`; empty for goods nobody told apart.
pub fn lot_name(chrome: &Chrome, code: &str, expires_on: Option<Day>) -> String {
    let expiry = expires_on.map(|day| chrome.tv("stock.expires", show_day(day)));
    let parts = [Some(code.to_owned()).filter(|code| !code.is_empty()), expiry];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn flags(chrome: &Chrome, codes: &str) -> Vec<String> {
    let codes = codes.split(',').filter(|code| !code.is_empty());
    codes.map(|code| chrome.t(&format!("flag.{code}")).to_owned()).collect()
}

/// Rows under the days they happened on.
pub(crate) fn by_day(app: &App, chrome: &Chrome, rows: Vec<MovementRow>) -> Vec<DayRows> {
    let today = app.db.day_of(app.db.now());
    let mut days: Vec<(Day, DayRows)> = Vec::new();
    for row in rows {
        match days.last_mut() {
            Some((day, rows)) if *day == row.day => rows.rows.push(row),
            _ => days.push((row.day, DayRows { label: day_label(chrome, row.day, today), rows: vec![row] })),
        }
    }
    days.into_iter().map(|(_, rows)| rows).collect()
}

fn day_label(chrome: &Chrome, day: Day, today: Day) -> String {
    match today - day {
        0 => chrome.t("day.today").to_owned(),
        1 => chrome.t("day.yesterday").to_owned(),
        _ => format!("{} {}", chrome.t(&format!("day.{}", time::weekday(day))), show_day(day)),
    }
}

/// A product and how it stands.
#[derive(Debug, Clone)]
pub struct ProductRow {
    /// SKU.
    pub sku: String,
    /// Its card.
    pub href: String,
    /// Name.
    pub name: String,
    /// Category code.
    pub category: String,
    /// The unit stock is kept in.
    pub unit: &'static str,
    /// Over all places the reader sees.
    pub on_hand: String,
    /// Whether that is below zero.
    pub below_zero: bool,
    /// Not promised.
    pub available: String,
    /// Whether some of it is promised.
    pub promised: bool,
    /// Level code.
    pub level: String,
    /// How long it lasts, in words.
    pub cover: Option<String>,
    /// Whether it is in use.
    pub active: bool,
    /// Per place: code, name, on hand, reserved, available.
    pub places: Vec<PlaceRow>,
}

/// What one place holds of a product.
#[derive(Debug, Clone)]
pub struct PlaceRow {
    /// The place's code.
    pub code: String,
    /// The place's name.
    pub name: String,
    /// What is there.
    pub on_hand: String,
    /// Whether that is below zero.
    pub below_zero: bool,
    /// What is promised; empty for nothing.
    pub reserved: String,
    /// What is there and not promised.
    pub available: String,
}

impl ProductRow {
    /// The product as a page shows it.
    pub fn of(chrome: &Chrome, standing: &Standing) -> Self {
        let unit = standing.unit;
        let amount = |quantity| show_amount(quantity, unit);
        let places = standing.locations.iter().map(|holding| PlaceRow {
            code: holding.location.clone(),
            name: holding.location_name.clone(),
            on_hand: amount(holding.on_hand),
            below_zero: holding.on_hand.is_negative(),
            reserved: if holding.reserved.is_zero() { String::new() } else { amount(holding.reserved) },
            available: amount(holding.available),
        });
        Self {
            places: places.collect(),
            sku: standing.sku.clone(),
            href: product_href(&standing.sku),
            name: standing.name.clone(),
            category: standing.category.clone(),
            unit: unit.code(),
            on_hand: amount(standing.on_hand),
            below_zero: standing.on_hand.is_negative(),
            available: amount(standing.available),
            promised: standing.locations.iter().any(|holding| !holding.reserved.is_zero()),
            level: standing.level.clone(),
            cover: standing.cover_tenths.map(|tenths| cover(chrome, tenths)),
            active: standing.active,
        }
    }

    /// The form that records a movement of it.
    pub fn record_href(&self) -> String {
        Link::to("/stock/movements/new").with("product", &self.sku).href()
    }

    /// The form that keeps some of it for somebody.
    pub fn reserve_href(&self) -> String {
        Link::to("/reservations/new").with("product", &self.sku).href()
    }

    /// The form that begins a count of it alone.
    pub fn count_href(&self) -> String {
        Link::to("/counts/new").with("scope", "list").with("products", &self.sku).href()
    }

    /// How its amount is marked.
    pub fn class(&self) -> &'static str {
        below_zero(self.below_zero)
    }

    /// What the place of that code holds.
    pub fn at(&self, code: &str) -> Option<&PlaceRow> {
        self.places.iter().find(|place| place.code == code)
    }

    /// What is there and not promised in the columns of a table: of one place when it shows one, else of all.
    pub fn available_in(&self, columns: &[super::Choice]) -> &str {
        match columns {
            [(only, _)] => self.at(only).map_or("0", |place| &place.available),
            _ => &self.available,
        }
    }
}

impl PlaceRow {
    /// How its amount is marked.
    pub fn class(&self) -> &'static str {
        below_zero(self.below_zero)
    }
}

/// The class of an amount, so that nobody overlooks one that cannot be.
fn below_zero(is_below: bool) -> &'static str {
    if is_below { "below-zero" } else { "" }
}

/// Days that stock lasts, to the tenth while they are few.
fn cover(chrome: &Chrome, tenths: i64) -> String {
    match tenths {
        10 => chrome.t("stock.one_day").to_owned(),
        ..100 if tenths % 10 != 0 => chrome.tv("stock.days", format!("{},{}", tenths / 10, tenths % 10)),
        _ => chrome.tv("stock.days", (tenths / 10).to_string()),
    }
}

/// A lot with stock at a place.
#[derive(Debug, Clone)]
pub struct LotRow {
    /// The product's SKU.
    pub sku: String,
    /// The product's card.
    pub href: String,
    /// The product's name.
    pub name: String,
    /// The lot's code; empty for goods told apart by their date only.
    pub code: String,
    /// The place's code.
    pub place_code: String,
    /// The place's name.
    pub place: String,
    /// How much is there.
    pub amount: String,
    /// The product's unit.
    pub unit: &'static str,
    /// The last good day.
    pub expires: Option<String>,
    /// How long that is, in words.
    pub left: String,
    /// The badge that says how near that is: `bad`, `warn` or none.
    pub kind: &'static str,
    /// How a form names it: code and date.
    pub value: String,
}

impl LotRow {
    /// The lot as a page shows it.
    pub(in crate::stock) fn of(chrome: &Chrome, lot: &ListedLot, places: &Places, today: Day) -> Self {
        let unit = unit(&lot.unit, lot.lot_id).unwrap_or(Unit::Kg);
        let left = lot.expires_on.map(|day| day.saturating_sub(today));
        let place = places.by_id(lot.location_id);
        let date = lot.expires_on.map(time::format_day).unwrap_or_default();
        Self {
            sku: lot.sku.clone(),
            href: product_href(&lot.sku),
            name: lot.name.clone(),
            code: lot.code.clone(),
            place_code: place.map(|place| place.code.clone()).unwrap_or_default(),
            place: place.map(|place| place.name.clone()).unwrap_or_default(),
            amount: show_amount(Qty::new(lot.quantity), unit),
            unit: unit.code(),
            expires: lot.expires_on.map(show_day),
            left: left.map(|days| days_left(chrome, days)).unwrap_or_default(),
            kind: match left.map(|days| ShelfLife::of_days_left(i64::from(days))) {
                Some(ShelfLife::Expired | ShelfLife::Urgent) => "bad",
                Some(ShelfLife::Soon) => "warn",
                _ => "",
            },
            value: format!("{}|{date}", lot.code),
        }
    }

    /// The form that writes these goods off, all of them unless somebody types less.
    pub fn waste_href(&self) -> String {
        let form = Link::to("/stock/movements/new").with("kind", "waste").with("product", &self.sku);
        let form = form.with("from", &self.place_code).with("lot", &self.value);
        form.with("quantity", &self.amount.replace('.', "")).href()
    }

    /// Whether nobody told these goods apart.
    pub fn is_plain(&self) -> bool {
        self.code.is_empty() && self.expires.is_none()
    }

    /// Code, date, amount and place on one line, for a list to choose from.
    pub fn choice(&self, chrome: &Chrome) -> String {
        let expiry = self.expires.as_ref().map(|day| chrome.tv("stock.expires", day));
        let held = format!("{} {} · {}", self.amount, self.unit, self.place);
        let parts = [Some(self.code.clone()).filter(|code| !code.is_empty()), expiry, Some(held)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

fn days_left(chrome: &Chrome, days: i32) -> String {
    match days {
        -1 => chrome.t("stock.expired_yesterday").to_owned(),
        ..0 => chrome.tv("stock.expired_days", (-days).to_string()),
        0 => chrome.t("stock.expires_today").to_owned(),
        1 => chrome.t("stock.expires_tomorrow").to_owned(),
        _ => chrome.tv("stock.days", days.to_string()),
    }
}
