//! A supplier as a form: what is typed becomes the body that the API takes, and a supplier becomes what is typed.

use super::super::bodies::{PaperBody, SupplierBody};
use super::super::queries::Supplier;
use super::super::supplier::Weekdays;
use super::super::views::{dashed, percent, time_of_day};
use crate::kernel::numbers::typed_money;
use crate::kernel::{Errors, Form, Problem};

/// The lists of words, by the name of their field.
pub const WORD_FIELDS: [&str; 5] = ["names", "own_brands", "distributed_brands", "specialities", "excluded"];

/// What was typed, as the API takes it; a field left empty forgets what was there.
///
/// # Errors
/// 422 when a number of days is none.
pub fn body(form: &Form) -> Result<SupplierBody, Problem> {
    let mut errors = Errors::new();
    let text = |name: &str| Some(form.value(name).trim().to_owned());
    let or_null = |name: &str| Some(form.given(name));
    let days = |name: &str| Some(form.texts(name).map(str::to_owned).collect());
    let words = |name: &str| {
        let split = form.value(name).split([',', ';', '\n', '\r']).map(str::trim);
        Some(split.filter(|word| !word.is_empty()).map(str::to_owned).collect())
    };
    let ticked = |name: &str| Some(form.has(name, "yes"));
    let amount = |name: &str| Some(form.given(name).map_or_else(|| "0".to_owned(), |text| typed_money(&text)));
    let lead_days = whole(&mut errors, form, "lead_days");
    let payment_days = whole(&mut errors, form, "payment_days");
    let price_places = whole(&mut errors, form, "price_places");
    errors.finish()?;
    Ok(SupplierBody {
        code: form.given("code"),
        name: form.given("name"),
        legal_name: text("legal_name"),
        tax_id: or_null("tax_id"),
        vat_condition: form.given("vat_condition"),
        contact_name: or_null("contact_name"),
        email: or_null("email"),
        phone: or_null("phone"),
        address: or_null("address"),
        visit_days: days("visit_days"),
        delivery_days: days("delivery_days"),
        cut_off: or_null("cut_off"),
        lead_days: Some(lead_days),
        minimum_order: amount("minimum_order"),
        payment_days: Some(payment_days.unwrap_or(0)),
        discount: amount("discount"),
        vat_perception: amount("vat_perception"),
        gross_income_perception: amount("gross_income_perception"),
        notes: text("notes"),
        is_default: ticked("is_default"),
        active: ticked("active"),
        score_profile: form.given("score_profile"),
        paper: Some(PaperBody {
            kind: form.given("paper_kind"),
            price_per: form.given("price_per"),
            price_includes_vat: ticked("price_includes_vat"),
            pack_rule: form.given("pack_rule"),
            pack_column: text("pack_column"),
            negative_quantities: ticked("negative_quantities"),
            price_places: Some(price_places.unwrap_or(2)),
            vat: Some(form.given("vat").map(|text| typed_money(&text))),
        }),
        names: words("names"),
        own_brands: words("own_brands"),
        distributed_brands: words("distributed_brands"),
        specialities: words("specialities"),
        excluded: words("excluded"),
    })
}

fn whole(errors: &mut Errors, form: &Form, name: &str) -> Option<i64> {
    let value = form.given(name).map(|text| text.parse::<i64>());
    if matches!(value, Some(Err(_))) {
        errors.add(name, "not_a_number", "Va un número entero, por ejemplo 7.", "It is a whole number, for example 7.");
    }
    value.and_then(Result::ok)
}

/// What a form says before anybody typed: a supplier in use, of whom nothing is known.
pub fn blank() -> Form {
    Form::new()
        .with("active", "yes")
        .with("vat_condition", "unknown")
        .with("score_profile", "generic")
        .with("paper_kind", "invoice")
        .with("price_per", "unit")
}

/// A supplier as it is typed.
pub fn filled(supplier: &Supplier) -> Form {
    let Supplier { record, contact } = supplier;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let comma = |text: String| text.replace('.', ",");
    let none_as_blank = |bp: i64| if bp == 0 { String::new() } else { comma(percent(bp)) };
    let days =
        |form: Form, name: &str, days: Weekdays| days.codes().into_iter().fold(form, |form, day| form.with(name, day));
    let tick = |form: Form, name: &str, is: bool| if is { form.with(name, "yes") } else { form };
    let minimum = if record.minimum_order == 0 { String::new() } else { comma(record.minimum().to_string()) };
    let form = Form::new()
        .with("version", record.version.to_string())
        .with("name", &*record.name)
        .with("legal_name", &*record.legal_name)
        .with("tax_id", contact.tax_id.as_deref().map(dashed).unwrap_or_default())
        .with("vat_condition", record.vat_condition.code())
        .with("contact_name", text(&contact.contact_name))
        .with("email", text(&contact.email))
        .with("phone", text(&contact.phone))
        .with("address", text(&contact.address))
        .with("cut_off", record.cut_off_minutes.map(time_of_day).unwrap_or_default())
        .with("lead_days", record.lead_days.map(|days| days.to_string()).unwrap_or_default())
        .with("minimum_order", minimum)
        .with("payment_days", record.payment_days.to_string())
        .with("discount", none_as_blank(record.discount_bp))
        .with("vat_perception", none_as_blank(record.vat_perception_bp))
        .with("gross_income_perception", none_as_blank(record.gross_income_perception_bp))
        .with("notes", &*record.notes)
        .with("score_profile", record.score_profile.code())
        .with("paper_kind", record.paper.kind.code())
        .with("price_per", record.paper.price_per.code())
        .with("pack_rule", record.paper.pack_rule.code())
        .with("pack_column", &*record.paper.pack_column)
        .with("price_places", record.paper.price_places.to_string())
        .with("vat", record.paper.vat_bp.map(|bp| comma(percent(bp))).unwrap_or_default());
    let form = tick(form, "is_default", record.is_default);
    let form = tick(form, "active", record.active);
    let form = tick(form, "price_includes_vat", record.paper.price_includes_vat);
    let form = tick(form, "negative_quantities", record.paper.negative_quantities);
    let form = days(days(form, "visit_days", record.visit_days), "delivery_days", record.delivery_days);
    let lists = record.words.lists().into_iter().zip(WORD_FIELDS);
    lists.fold(form, |form, ((_, words), name)| form.with(name, words.join(", ")))
}
