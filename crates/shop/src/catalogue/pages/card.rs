//! One product's card: what it is, what each place holds of it, its lots, and its kardex with the
//! running balance.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gondola_ledger::UnitCost;
use gondola_pricing::rate::Rate;
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::Permission;

use super::super::product::{Product, ShelfTarget};
use super::super::protected::open_product;
use crate::kernel::numbers::{show_money, show_quantity, show_short_cost};
use crate::kernel::page::{go, show as show_page};
use crate::kernel::path::Segment;
use crate::kernel::time::local_day;
use crate::kernel::{App, Asked, Caller, Chrome, Link, Pages, Problem, Reader};
use crate::prices;
use crate::stock::{self, Choice, DayRows, LotRow, MOVES, ProductRef, ProductRow};

/// What is kept from page to page of the kardex.
const KEPT: [&str; 6] = ["kind", "location", "user", "document", "from", "to"];

/// A fact about the product: a key of the words and the text.
pub(super) type Fact = (&'static str, String);

#[derive(Template)]
#[template(path = "product.html")]
pub(super) struct ProductPage<'a> {
    pub chrome: &'a Chrome,
    pub asked: &'a Asked,
    pub stock: ProductRow,
    pub category: String,
    pub facts: Vec<Fact>,
    /// Every code it is found by: code and what it stands for.
    pub codes: Vec<(String, String)>,
    /// Packs: name, what one holds, its price.
    pub packs: Vec<(String, String, String)>,
    pub aliases: Vec<String>,
    pub notes: String,
    pub lots: Vec<LotRow>,
    pub kinds: Vec<Choice>,
    pub places: Vec<Choice>,
    pub days: Vec<DayRows>,
    pub pages: Pages,
    /// The kardex in the API, with the page's filters.
    pub file: Link,
    pub filtered: bool,
    pub may_edit: bool,
    pub may_move: bool,
    pub may_reserve: bool,
    pub may_count: bool,
}

impl ProductPage<'_> {
    /// Whether any of its goods are told apart.
    fn has_lots(&self) -> bool {
        self.lots.iter().any(|lot| !lot.is_plain())
    }
}

/// `GET /products/{sku}`.
pub async fn show(
    State(app): State<App>,
    chrome: Chrome,
    Caller(actor): Caller,
    Segment(sku): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    let upper = sku.to_uppercase();
    if upper != sku {
        return Ok(go(&stock::product_href(&upper)));
    }
    let mut reader = Reader::open(&app, &actor, Permission::ReadStock).await?;
    let reference = ProductRef::parse(&format!("sku:{sku}")).ok_or_else(Problem::not_found)?;
    let product = open_product(&mut reader, &reference, "catalogue.show_product").await?;
    let standing = stock::standing(&mut reader, &sku).await?.ok_or_else(Problem::not_found)?;
    let mut chrome = chrome;
    chrome.title.clone_from(&product.name);
    let own = reader.location();
    let places = stock::place_choices(&mut reader, own).await?;
    let lots = stock::lot_rows(&app, &chrome, &mut reader, &sku).await?;
    let path = stock::product_href(&sku);
    let reference = Some(format!("sku:{sku}"));
    let (days, pages) = stock::movement_page(&app, &chrome, &mut reader, &asked, reference, &path, &KEPT).await?;
    let file = asked.link("/api/v1/movements", &KEPT).with("product", &format!("sku:{sku}"));
    let day = local_day(reader.now(), &app.zone);
    let status = prices::status_on(&mut reader.tx(), day).await?;
    let mut facts = facts(&chrome, &product, &places, standing.average_cost, reader.sees_cost());
    if reader.sees_cost() {
        // Right after the price that earns it.
        let at = usize::from(product.sale_price.is_some());
        facts.splice(at..at, earned(&product, status));
    }
    let categories = super::super::categories(&mut reader.tx()).await?;
    let category = categories.into_iter().find(|category| category.code == product.category.code);
    let page = ProductPage {
        stock: ProductRow::of(&chrome, &standing),
        category: category.map(|category| category.name).unwrap_or_default(),
        facts,
        codes: codes(&chrome, &product),
        packs: packs(&product),
        aliases: product.aliases.clone(),
        notes: product.notes.clone(),
        kinds: stock::kinds(&chrome),
        filtered: KEPT.iter().any(|name| !asked.value(name).is_empty()),
        may_edit: chrome.may(Permission::EditCatalogue),
        may_reserve: product.active && chrome.may(Permission::Reserve),
        may_count: chrome.may(Permission::Count),
        may_move: product.active && MOVES.iter().any(|permission| chrome.may(*permission)),
        chrome: &chrome,
        asked: &asked,
        lots,
        places,
        days,
        pages,
        file,
    };
    show_page(&chrome, &page)
}

/// What is known about it, in the order people look for it; what nobody said is left out.
fn facts(
    chrome: &Chrome,
    product: &Product,
    places: &[Choice],
    average_cost: Option<UnitCost>,
    sees_cost: bool,
) -> Vec<Fact> {
    let quantity = |quantity| show_quantity(quantity, product.unit);
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let days = |days: Option<i64>| days.map(|days| chrome.tv("stock.days", days.to_string()));
    let cost_of = |value: Option<UnitCost>| value.filter(|_| sees_cost).map(show_short_cost);
    let suppliers: Vec<&str> = product.suppliers.iter().map(|supplier| supplier.supplier_name.as_str()).collect();
    let place = |code: &str| places.iter().find(|(known, _)| known == code).map_or(code, |(_, name)| name).to_owned();
    let target = |target: &ShelfTarget| format!("{} · {}", quantity(target.quantity), place(&target.location_code));
    let targets: Vec<String> = product.shelf_targets.iter().map(target).collect();
    let flags = [
        ("product.alcohol", product.alcohol),
        ("product.tobacco", product.tobacco),
        ("product.returnable", product.returnable),
        ("product.internal_taxes", product.internal_taxes),
    ];
    let flags: Vec<&str> = flags.into_iter().filter(|(_, is_so)| *is_so).map(|(key, _)| chrome.t(key)).collect();
    let all = [
        ("product.sale_price", product.sale_price.map(show_money)),
        ("product.wholesale_price", product.wholesale_price.map(show_money)),
        ("product.replacement_cost", cost_of(product.replacement_cost)),
        ("product.acquisition_cost", cost_of(product.known_acquisition_cost())),
        ("product.average_cost", cost_of(average_cost)),
        ("product.min_stock", Some(quantity(product.stock.min))),
        ("product.max_stock", Some(quantity(product.stock.max))),
        ("product.reorder_point", Some(quantity(product.stock.reorder_point))),
        ("product.shelf_targets", text(&targets.join(", "))),
        ("product.brand", text(&product.brand)),
        ("product.variant", text(&product.variant)),
        ("product.content", product.content.map(|content| show_quantity(content.quantity, content.unit))),
        ("product.supplier", text(&suppliers.join(", "))),
        ("product.shelf_life_days", days(product.shelf_life_days)),
        ("product.alert_days", days(product.alert_days)),
        ("product.vat_rate", Some(show_percent(product.vat_bp))),
        ("product.weight_g", product.weight_g.map(|grams| format!("{grams} g"))),
        ("product.flags", text(&flags.join(", "))),
    ];
    all.into_iter().filter_map(|(key, text)| Some((key, text?))).collect()
}

/// What the sale price leaves over the replacement cost: both percentages, or neither.
fn earned(product: &Product, status: TaxStatus) -> Vec<Fact> {
    let seller = prices::seller_of(status, product.vat_bp);
    let amounts = product.replacement_cost.zip(product.sale_price);
    let both = amounts.and_then(|(cost, price)| seller.percentages(cost, price));
    let told = |rate: Rate| format!("{} %", rate.to_string().replace('.', ","));
    both.map(|both| vec![("price.markup", told(both.markup)), ("price.margin", told(both.margin))]).unwrap_or_default()
}

/// `10,5 %`, from basis points.
fn show_percent(basis_points: i64) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    match part {
        0 => format!("{whole} %"),
        part if part % 10 == 0 => format!("{whole},{} %", part / 10),
        part => format!("{whole},{part:02} %"),
    }
}

fn codes(chrome: &Chrome, product: &Product) -> Vec<(String, String)> {
    let pack = |id| product.presentations.iter().find(|pack| Some(pack.id) == id).map(|pack| pack.name.clone());
    let barcodes = product.barcodes.iter().map(|barcode| {
        let what = pack(barcode.presentation).unwrap_or_else(|| chrome.t("product.barcode").to_owned());
        (barcode.code.clone(), what)
    });
    let internal = product.internal_code.clone().map(|code| (code, chrome.t("product.internal_code").to_owned()));
    let plu = product.scale_plu.clone().map(|code| (code, chrome.t("product.scale_plu").to_owned()));
    barcodes.chain(internal).chain(plu).collect()
}

fn packs(product: &Product) -> Vec<(String, String, String)> {
    let pack = |pack: &super::super::product::Presentation| {
        let holds = format!("{} {}", pack.factor.to_string().replace('.', ","), product.unit.code());
        (pack.name.clone(), holds, pack.price.map(show_money).unwrap_or_default())
    };
    product.presentations.iter().map(pack).collect()
}

#[cfg(test)]
mod tests {
    use super::show_percent;

    #[test]
    fn a_rate_shows_the_places_it_has() {
        assert_eq!([show_percent(2_100), show_percent(1_050), show_percent(5)], ["21 %", "10,5 %", "0,05 %"]);
    }
}
