//! The product form between its texts and the JSON that the API takes: a product written out as a
//! form, and the change that a form asks for. A field left as it was is not part of the change, so
//! that nobody needs rights for what they did not touch.

use serde_json::{Map, Value, json};

use super::super::product::Product;
use super::super::views::percent;
use crate::kernel::Form;
use crate::kernel::numbers::{typed, typed_money};

/// Empty rows offered for new packs.
const SPARE_PACKS: usize = 2;
/// Packs of one form at most; the API's own limit is lower and tells so.
const PACKS_MAX: usize = 40;

/// How a field's text becomes JSON.
#[derive(Clone, Copy)]
enum Kind {
    /// Text; empty is left to the shop's defaults.
    Text,
    /// Text that may be emptied.
    Clearable,
    /// A decimal; empty is left to the shop's defaults.
    Decimal,
    /// An amount of money that may be emptied.
    Money,
    /// A whole number, of days or grams, that may be emptied.
    Whole,
    /// A box to tick; on a new product an empty one leaves it to the category.
    Flag,
}

const FIELDS: [(&str, Kind); 29] = [
    ("name", Kind::Text),
    ("category", Kind::Text),
    ("unit", Kind::Text),
    ("sku", Kind::Text),
    ("vat_rate", Kind::Text),
    ("brand", Kind::Clearable),
    ("variant", Kind::Clearable),
    ("description", Kind::Clearable),
    ("notes", Kind::Clearable),
    ("short_name", Kind::Clearable),
    ("internal_code", Kind::Clearable),
    ("scale_plu", Kind::Clearable),
    ("min_stock", Kind::Decimal),
    ("max_stock", Kind::Decimal),
    ("reorder_point", Kind::Decimal),
    ("sale_price", Kind::Money),
    ("wholesale_price", Kind::Money),
    ("acquisition_cost", Kind::Money),
    ("replacement_cost", Kind::Money),
    ("shelf_life_days", Kind::Whole),
    ("alert_days", Kind::Whole),
    ("target_days", Kind::Whole),
    ("weight_g", Kind::Whole),
    ("perishable", Kind::Flag),
    ("sold_by_weight", Kind::Flag),
    ("alcohol", Kind::Flag),
    ("tobacco", Kind::Flag),
    ("returnable", Kind::Flag),
    ("internal_taxes", Kind::Flag),
];
/// Fields whose emptiness is an empty text and not null.
const NEVER_NULL: [&str; 4] = ["brand", "variant", "description", "notes"];
/// What a form says about one pack.
const PACK_PARTS: [&str; 4] = ["name", "factor", "price", "barcodes"];

/// A product as the form shows it; costs only for who may see them.
pub(super) fn filled(product: &Product, cost: bool) -> Form {
    let decimal = |text: String| text.replace('.', ",");
    let quantity = |quantity: gondola_ledger::Qty| decimal(quantity.format(product.unit));
    let whole = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let flag = |on: bool| if on { "yes" } else { "" }.to_owned();
    let money =
        |amount: Option<gondola_ledger::Money>| amount.map(|amount| decimal(amount.to_string())).unwrap_or_default();
    let cost = |amount: Option<gondola_ledger::UnitCost>| {
        amount.filter(|_| cost).map(|amount| decimal(amount.to_string())).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let codes = |pack: Option<uuid::Uuid>| {
        let own = product.barcodes.iter().filter(|barcode| barcode.presentation == pack);
        own.map(|barcode| barcode.code.clone()).collect::<Vec<_>>().join("\n")
    };
    let content = product.content.map(|content| (decimal(content.quantity.format(content.unit)), content.unit.code()));
    let (content, content_unit) = content.unwrap_or_default();
    let mut form = Form::new()
        .with("version", product.version.to_string())
        .with("name", &product.name)
        .with("category", &product.category.code)
        .with("unit", product.unit.code())
        .with("sku", product.sku.to_string())
        .with("vat_rate", percent(product.vat_bp))
        .with("brand", &product.brand)
        .with("variant", &product.variant)
        .with("description", &product.description)
        .with("notes", &product.notes)
        .with("short_name", text(&product.short_name))
        .with("internal_code", text(&product.internal_code))
        .with("scale_plu", text(&product.scale_plu))
        .with("content.quantity", content)
        .with("content.unit", content_unit)
        .with("min_stock", quantity(product.stock.min))
        .with("max_stock", quantity(product.stock.max))
        .with("reorder_point", quantity(product.stock.reorder_point))
        .with("sale_price", money(product.sale_price))
        .with("wholesale_price", money(product.wholesale_price))
        .with("acquisition_cost", cost(product.known_acquisition_cost()))
        .with("replacement_cost", cost(product.replacement_cost))
        .with("shelf_life_days", whole(product.shelf_life_days))
        .with("alert_days", whole(product.alert_days))
        .with("target_days", whole(product.target_days))
        .with("weight_g", whole(product.weight_g))
        .with("perishable", flag(product.perishable))
        .with("sold_by_weight", flag(product.sold_by_weight))
        .with("alcohol", flag(product.alcohol))
        .with("tobacco", flag(product.tobacco))
        .with("returnable", flag(product.returnable))
        .with("internal_taxes", flag(product.internal_taxes))
        .with("barcodes", codes(None));
    for (index, pack) in product.presentations.iter().enumerate() {
        form = form
            .with(&pack_field(index, "name"), &pack.name)
            .with(&pack_field(index, "factor"), decimal(pack.factor.to_string()))
            .with(&pack_field(index, "price"), money(pack.price))
            .with(&pack_field(index, "barcodes"), codes(Some(pack.id)));
    }
    for target in &product.shelf_targets {
        form = form.with(&target_field(&target.location_code), quantity(target.quantity));
    }
    form
}

/// The name of a pack's field: the API's own path.
pub(super) fn pack_field(index: usize, part: &str) -> String {
    format!("presentations[{index}].{part}")
}

/// The name of the field for what a place's shelf should hold.
pub(super) fn target_field(place: &str) -> String {
    format!("shelf_target.{place}")
}

/// The packs of a form without the rows left empty, and a few empty ones to fill in.
pub(super) fn packs(form: &Form) -> Vec<[String; 4]> {
    let mut rows = written_packs(form);
    rows.extend(std::iter::repeat_n(Default::default(), SPARE_PACKS));
    rows
}

fn written_packs(form: &Form) -> Vec<[String; 4]> {
    let row = |index| PACK_PARTS.map(|part| form.value(&pack_field(index, part)).trim().to_owned());
    // A row without a name is an empty one, or a pack taken away.
    (0..PACKS_MAX).map(row).filter(|row: &[String; 4]| !row[0].is_empty()).collect()
}

/// The change a form asks for, as the API's body; against the product as it was, or for a new one.
pub(super) fn body(form: &Form, before: Option<&Form>, places: &[String]) -> Value {
    let mut body = Map::new();
    let changed = |name: &str| before.is_none_or(|before| before.value(name).trim() != form.value(name).trim());
    for (name, kind) in FIELDS {
        if changed(name)
            && let Some(value) = value(form.value(name).trim(), kind, name, before.is_some())
        {
            body.insert(name.to_owned(), value);
        }
    }
    if changed("content.quantity") || changed("content.unit") {
        let (quantity, unit) = (form.given("content.quantity"), form.given("content.unit"));
        let content = quantity.map(|quantity| json!({"quantity": typed(&quantity), "unit": unit}));
        body.insert("content".to_owned(), json!(content));
    }
    if changed("barcodes") {
        body.insert("barcodes".to_owned(), json!(lines(form.value("barcodes"))));
    }
    if before.is_none_or(|before| written_packs(before) != written_packs(form)) {
        let packs: Vec<Value> = written_packs(form).iter().map(pack).collect();
        body.insert("presentations".to_owned(), json!(packs));
    }
    if places.iter().any(|place| changed(&target_field(place))) {
        let target = |place: &String| {
            let quantity = form.given(&target_field(place)).unwrap_or_else(|| "0".to_owned());
            json!({"location": place, "quantity": typed(&quantity)})
        };
        body.insert("shelf_targets".to_owned(), places.iter().map(target).collect());
    }
    if before.is_none()
        && let Some(quantity) = form.given("opening.quantity")
    {
        let cost = form.given("opening.unit_cost").map(|cost| typed_money(&cost));
        let opening =
            json!({"location": form.given("opening.location"), "quantity": typed(&quantity), "unit_cost": cost});
        body.insert("opening".to_owned(), opening);
    }
    Value::Object(body)
}

fn value(text: &str, kind: Kind, name: &str, exists: bool) -> Option<Value> {
    let null = || exists.then_some(Value::Null);
    match kind {
        Kind::Flag => (exists || !text.is_empty()).then(|| json!(!text.is_empty())),
        Kind::Text | Kind::Decimal if text.is_empty() => None,
        Kind::Text => Some(json!(text)),
        Kind::Decimal if !text.is_empty() => Some(json!(typed(text))),
        Kind::Money if !text.is_empty() => Some(json!(typed_money(text))),
        Kind::Clearable if !text.is_empty() => Some(json!(text)),
        Kind::Clearable if NEVER_NULL.contains(&name) => exists.then(|| json!("")),
        // What is no whole number goes on as none that can be, so that the rule says what it takes.
        Kind::Whole if !text.is_empty() => Some(json!(text.parse::<i64>().unwrap_or(-1))),
        _ => null(),
    }
}

fn pack([name, factor, price, barcodes]: &[String; 4]) -> Value {
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let (factor, price) = (given(typed(factor)), given(typed_money(price)));
    json!({"name": name, "factor": factor, "price": price, "barcodes": lines(barcodes)})
}

/// The codes of a text, one a line or apart by spaces.
fn lines(text: &str) -> Vec<&str> {
    text.split([' ', '\n', '\r', '\t', ',', ';']).filter(|code| !code.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        pairs.iter().fold(Form::new(), |form, (name, text)| form.with(name, *text))
    }

    #[test]
    fn a_new_product_says_only_what_was_filled_in() {
        let form = form(&[("name", "Pan"), ("category", "GEN"), ("unit", "kg"), ("min_stock", "2,5"), ("brand", "")]);
        let body = body(&form, None, &[]);
        assert_eq!(body["min_stock"], "2.5");
        assert!(body.get("brand").is_none() && body.get("sale_price").is_none() && body.get("opening").is_none());
        assert!(body.get("perishable").is_none(), "its category knows");
    }

    #[test]
    fn a_change_says_only_what_changed() {
        let before = form(&[("name", "Pan"), ("sale_price", "100,00"), ("perishable", "yes"), ("barcodes", "1\n2")]);
        let after = form(&[("name", "Pan"), ("sale_price", ""), ("perishable", ""), ("barcodes", "1\r\n2 3")]);
        let body = body(&after, Some(&before), &[]);
        assert_eq!(body, json!({"sale_price": null, "perishable": false, "barcodes": ["1", "2", "3"]}));
    }

    #[test]
    fn a_pack_whose_name_was_emptied_goes_and_the_others_close_up() {
        let row = |index, name: &str, factor: &str| {
            [(pack_field(index, "name"), name.to_owned()), (pack_field(index, "factor"), factor.to_owned())]
        };
        let pairs = [row(0, "", "6"), row(1, "caja", "1/9"), row(2, "", "")].concat();
        let form = pairs.into_iter().fold(Form::new(), |form, (name, text)| form.with(&name, text));
        let body = body(&form, Some(&Form::new()), &[]);
        assert_eq!(body["presentations"], json!([{"name": "caja", "factor": "1/9", "price": null, "barcodes": []}]));
        assert_eq!(packs(&form).len(), 1 + SPARE_PACKS);
    }
}
