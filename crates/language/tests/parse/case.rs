//! One shop for all tables, and a reading in one line: `action goods quantity unit >SUPPLIER priority (reason)
//! from>to`, with `?about` before a question and `+` before an offer.

use std::sync::{Arc, LazyLock};

use gondola_language::assign::{Directory, profiles};
use gondola_language::parse::{Entry, Goods, Known, Location, Outcome, Parser, Place, Priority, Product, Reading};
use gondola_ledger::Unit;

const SHOP: &str = include_str!("shop.txt");

/// The shop of the tables.
pub static SHOP_PARSER: LazyLock<Parser> = LazyLock::new(|| Parser::new(known(products())));

/// Lines of a table without its remarks.
pub fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A shop with these products.
pub fn known(products: Vec<Product>) -> Known {
    let location = |code: &str, name: &str| Location { code: code.to_owned(), names: vec![name.to_owned()] };
    Known {
        products,
        directory: Arc::new(Directory::new(profiles())),
        locations: vec![location("deposito", "Depósito"), location("local", "Local")],
    }
}

/// The products of the table.
pub fn products() -> Vec<Product> {
    lines(SHOP).map(product).collect()
}

fn product(line: &'static str) -> Product {
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    let [sku, name, brand, category, unit, aliases] = fields[..] else { panic!("{line}") };
    Product {
        sku: sku.to_owned(),
        name: name.to_owned(),
        brand: brand.to_owned(),
        category: category.to_owned(),
        unit: Unit::from_code(unit).expect("a unit"),
        content: None,
        aliases: aliases.split(',').map(str::trim).filter(|alias| !alias.is_empty()).map(str::to_owned).collect(),
        supplier: None,
    }
}

/// A sentence of the tables; one that begins with `@` is written in the depósito.
pub fn read(sentence: &str) -> Reading {
    match sentence.strip_prefix('@') {
        Some(sentence) => SHOP_PARSER.read(sentence, Place::Backstore),
        None => SHOP_PARSER.read(sentence, Place::Notebook),
    }
}

/// A reading in one line.
pub fn written(reading: &Reading) -> String {
    let mut parts: Vec<String> = reading.entries.iter().map(entry).collect();
    parts.extend(reading.offers.iter().map(|offer| format!("+{}", entry(offer))));
    parts.extend(
        reading.questions.iter().map(|question| format!("?{} {}", question.about.code(), entry(&question.draft))),
    );
    let list = parts.join("; ");
    match (&reading.outcome, &reading.request) {
        (_, Some(request)) => format!("{} {request:?}", reading.outcome.code()),
        (Outcome::Confirm(_), None) => format!("confirm {list}"),
        (Outcome::Done | Outcome::Ask, None) => list,
        (Outcome::Malformed(_), None) => "malformed".to_owned(),
        (outcome, None) => outcome.code().to_owned(),
    }
}

fn entry(entry: &Entry) -> String {
    let goods = match &entry.goods {
        Goods::Product(sku) => sku.clone(),
        Goods::Brand => format!("~{}", entry.text),
        Goods::Text => format!("'{}'", entry.text),
    };
    let quantity = entry.quantity.map_or("-".to_owned(), |quantity| {
        let unit = if entry.unit.is_measure() { Unit::Kg } else { Unit::Un };
        format!("{} {}", quantity.format(unit), entry.unit.code())
    });
    let mut line = format!("{} {goods} {quantity}", entry.action.code());
    if let Some(choice) = &entry.supplier {
        line.push_str(&format!(" >{}", choice.code));
    }
    if entry.priority != Priority::Normal {
        line.push_str(&format!(" {}", entry.priority.code()));
    }
    if let Some(reason) = &entry.reason {
        line.push_str(&format!(" ({reason})"));
    }
    if entry.from.is_some() || entry.to.is_some() {
        let place = |code: &Option<String>| code.clone().unwrap_or_default();
        line.push_str(&format!(" {}>{}", place(&entry.from), place(&entry.to)));
    }
    line
}
