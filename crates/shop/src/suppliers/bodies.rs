//! What is said about a supplier: over the API as JSON, from the page as a form. Texts become values here, all field
//! errors at once.

use gondola_ledger::Money;
use gondola_papers::fiscal::TaxId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::commands::{ChangeSupplier, CreateSupplier};
use super::scalars;
use super::supplier::{
    ContactEdit, PackRule, PaperEdit, PaperKind, PricePer, ScoreProfile, SupplierEdit, VatCondition, Weekdays,
};
use crate::kernel::body::given;
use crate::kernel::contact::{parse_email, parse_phone};
use crate::kernel::fields::{Read, line, must, named, parse_percent, parse_vat, prose, read, read_or_null, wrong};
use crate::kernel::scalars::{Email, Percent, Phone, Prose, SupplierCode};
use crate::kernel::text::{Sku, fold};
use crate::kernel::{Errors, Problem, Text};

/// Characters of a name at most.
pub const NAME_MAX: usize = 80;
/// Characters of an address at most.
pub const ADDRESS_MAX: usize = 200;
/// Characters of a brand at most.
pub const WORD_MAX: usize = 60;
/// Brands or words of one kind at most.
pub const WORDS_MAX: usize = 300;
/// Days to pay or to wait at most.
const DAYS_MAX: i64 = 365;
/// Decimal places of a price at most.
const PLACES_MAX: i64 = 6;

/// A supplier: to add one, `code` and `name` are needed; to change one, what is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierBody {
    /// The shop's code for it; it stays.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierCode)]
    pub code: Option<String>,
    /// Trade name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::SupplierName)]
    pub name: Option<String>,
    /// Legal name, when another.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::LegalName)]
    pub legal_name: Option<String>,
    /// CUIT; null forgets it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<scalars::TaxId>)]
    pub tax_id: Option<Option<String>>,
    /// What it is to the tax office.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::SupplierVatCondition)]
    pub vat_condition: Option<String>,
    /// Whom one talks to; null forgets it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<scalars::SupplierName>)]
    pub contact_name: Option<Option<String>>,
    /// Their e-mail; null forgets it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Email>)]
    pub email: Option<Option<String>>,
    /// Their telephone, which orders are sent to by WhatsApp; null forgets it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Phone>)]
    pub phone: Option<Option<String>>,
    /// Where they are; null forgets it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<scalars::PostalAddress>)]
    pub address: Option<Option<String>>,
    /// Days its rep comes by.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<scalars::Weekday>, max_items = 7)]
    pub visit_days: Option<Vec<String>>,
    /// Days its truck comes.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<scalars::Weekday>, max_items = 7)]
    pub delivery_days: Option<Vec<String>>,
    /// Until when to order for the next delivery; null for no such hour.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<scalars::TimeOfDay>)]
    pub cut_off: Option<Option<String>>,
    /// Days between order and delivery; null when nobody knows.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 365)]
    pub lead_days: Option<Option<i64>>,
    /// The least it delivers for, in pesos.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, pattern = r"^[0-9]{1,12}(\.[0-9]{1,2})?$", example = "150000.00")]
    pub minimum_order: Option<String>,
    /// Days to pay.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, minimum = 0, maximum = 365)]
    pub payment_days: Option<i64>,
    /// What it takes off, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    pub discount: Option<String>,
    /// The VAT perception it usually adds, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    pub vat_perception: Option<String>,
    /// The gross income perception it usually adds, in percent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Percent)]
    pub gross_income_perception: Option<String>,
    /// Anything else.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Prose)]
    pub notes: Option<String>,
    /// Whether what nobody else brings is bought here.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub is_default: Option<bool>,
    /// Whether the shop buys from it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub active: Option<bool>,
    /// What it mainly brings, which decides how it is scored.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::SupplierScoreProfile)]
    pub score_profile: Option<String>,
    /// How its papers say quantities and prices.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PaperBody)]
    pub paper: Option<PaperBody>,
    /// What people call it besides its name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<scalars::SupplierWord>, max_items = 300)]
    pub names: Option<Vec<String>>,
    /// Its own brands.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<scalars::SupplierWord>, max_items = 300)]
    pub own_brands: Option<Vec<String>>,
    /// Brands it distributes.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<scalars::SupplierWord>, max_items = 300)]
    pub distributed_brands: Option<Vec<String>>,
    /// What it is the specialist in, such as `cerveza`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<scalars::SupplierWord>, max_items = 300)]
    pub specialities: Option<Vec<String>>,
    /// What it never brings.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<scalars::SupplierWord>, max_items = 300)]
    pub excluded: Option<Vec<String>>,
}

/// How the papers of a supplier say quantities and prices; what is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = SupplierPaperChange)]
#[serde(deny_unknown_fields)]
pub struct PaperBody {
    /// What they are.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::SupplierPaperKind)]
    pub kind: Option<String>,
    /// What a price is for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::SupplierPricePer)]
    pub price_per: Option<String>,
    /// Whether prices have VAT inside.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub price_includes_vat: Option<bool>,
    /// Where the units of a case are: `column`, or in the name as `first_number` of 20X500 or `all_but_last` of 3X12X118.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::SupplierPackRule)]
    pub pack_rule: Option<String>,
    /// The heading of the column that says them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = scalars::PaperHeading)]
    pub pack_column: Option<String>,
    /// Whether quantities are printed with a minus.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub negative_quantities: Option<bool>,
    /// Decimal places of prices.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, minimum = 0, maximum = 6)]
    pub price_places: Option<i64>,
    /// The VAT in percent of what they bring where a paper does not say it; null: as each product has it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<scalars::PaperVat>)]
    pub vat: Option<Option<String>>,
}

impl SupplierBody {
    /// The command that adds it, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub fn create(mut self) -> Result<CreateSupplier, Problem> {
        let mut errors = Errors::new();
        let code = must(&mut errors, "code", self.code.take(), parse_code);
        let name = must(&mut errors, "name", self.name.take(), |text| line(text, 2, NAME_MAX));
        let edit = self.edit(&mut errors);
        errors.finish()?;
        let read = "nothing was wrong with it";
        Ok(CreateSupplier { code: code.expect(read), name: name.expect(read), edit })
    }

    /// The command that changes one read at a version, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub fn change(self, code: String, version: i64) -> Result<ChangeSupplier, Problem> {
        let mut errors = Errors::new();
        if self.code.is_some() {
            errors.add("code", "fixed", "El código de un proveedor no cambia.", "A supplier's code does not change.");
        }
        let edit = self.edit(&mut errors);
        errors.finish()?;
        Ok(ChangeSupplier { code, version, edit })
    }

    fn edit(self, errors: &mut Errors) -> SupplierEdit {
        let days = |errors: &mut Errors, field, value| between(errors, field, value, DAYS_MAX);
        let contact = ContactEdit {
            tax_id: read_or_null(errors, "tax_id", self.tax_id, parse_tax_id),
            contact_name: read_or_null(errors, "contact_name", self.contact_name, |text| line(text, 2, NAME_MAX)),
            email: read_or_null(errors, "email", self.email, parse_email),
            phone: read_or_null(errors, "phone", self.phone, parse_phone),
            address: read_or_null(errors, "address", self.address, |text| line(text, 1, ADDRESS_MAX)),
        };
        SupplierEdit {
            name: read(errors, "name", self.name, |text| line(text, 2, NAME_MAX)),
            legal_name: read(errors, "legal_name", self.legal_name, |text| line(text, 0, ADDRESS_MAX)),
            vat_condition: read(errors, "vat_condition", self.vat_condition, |text| {
                one_of(VatCondition::from_code(text), VatCondition::ALL.iter().map(|one| one.code()))
            }),
            active: self.active,
            visit_days: self.visit_days.and_then(|days| weekdays(errors, "visit_days", &days)),
            delivery_days: self.delivery_days.and_then(|days| weekdays(errors, "delivery_days", &days)),
            cut_off_minutes: read_or_null(errors, "cut_off", self.cut_off, parse_minutes),
            lead_days: self.lead_days.map(|value| value.and_then(|value| days(errors, "lead_days", value))),
            minimum_order: read(errors, "minimum_order", self.minimum_order, parse_amount),
            payment_days: self.payment_days.and_then(|value| days(errors, "payment_days", value)),
            discount_bp: read(errors, "discount", self.discount, parse_percent),
            vat_perception_bp: read(errors, "vat_perception", self.vat_perception, parse_percent),
            gross_income_perception_bp: read(
                errors,
                "gross_income_perception",
                self.gross_income_perception,
                parse_percent,
            ),
            notes: read(errors, "notes", self.notes, prose),
            is_default: self.is_default,
            score_profile: read(errors, "score_profile", self.score_profile, |text| {
                one_of(ScoreProfile::from_code(text), ScoreProfile::ALL.iter().map(|one| one.code()))
            }),
            paper: self.paper.unwrap_or_default().edit(errors),
            names: self.names.map(|list| word_list(errors, "names", list)),
            own_brands: self.own_brands.map(|list| word_list(errors, "own_brands", list)),
            distributed_brands: self.distributed_brands.map(|list| word_list(errors, "distributed_brands", list)),
            specialities: self.specialities.map(|list| word_list(errors, "specialities", list)),
            excluded: self.excluded.map(|list| word_list(errors, "excluded", list)),
            contact,
        }
    }
}

impl PaperBody {
    fn edit(self, errors: &mut Errors) -> PaperEdit {
        let places = |value| between(errors, "paper.price_places", value, PLACES_MAX);
        PaperEdit {
            price_places: self.price_places.and_then(places),
            vat_bp: read_or_null(errors, "paper.vat", self.vat, parse_vat),
            kind: read(errors, "paper.kind", self.kind, |text| {
                one_of(PaperKind::from_code(text), PaperKind::ALL.iter().map(|one| one.code()))
            }),
            price_per: read(errors, "paper.price_per", self.price_per, |text| {
                one_of(PricePer::from_code(text), PricePer::ALL.iter().map(|one| one.code()))
            }),
            price_includes_vat: self.price_includes_vat,
            pack_rule: read(errors, "paper.pack_rule", self.pack_rule, |text| {
                one_of(PackRule::from_code(text), PackRule::ALL.iter().map(|one| one.code()))
            }),
            pack_column: read(errors, "paper.pack_column", self.pack_column, |text| line(text, 0, WORD_MAX)),
            negative_quantities: self.negative_quantities,
        }
    }
}

/// The code of a supplier, which is written as SKUs are.
pub(super) fn parse_code(text: &str) -> Read<String> {
    Ok(Sku::parse(text)?.to_string())
}

/// A CUIT with its right digit, as eleven digits.
pub(super) fn parse_tax_id(text: &str) -> Read<String> {
    match TaxId::parse(text) {
        Ok(tax_id) => Ok(tax_id.raw().to_string()),
        Err(_) => Err((
            "bad_tax_id",
            Text::new(
                "Ese CUIT está mal escrito: son 11 números, como 30-71533519-7, y el último se calcula con los demás.",
                "That CUIT is mistyped: it has 11 digits, as in 30-71533519-7, and the last follows from the others.",
            ),
        )),
    }
}

/// A time of the day, as minutes since midnight.
fn parse_minutes(text: &str) -> Read<i64> {
    let part = |text: &str, end: i64| match text.len() {
        2 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse::<i64>().ok().filter(|value| *value < end),
        _ => None,
    };
    let minutes = text.split_once(':').and_then(|(hour, minute)| Some(part(hour, 24)? * 60 + part(minute, 60)?));
    minutes.ok_or_else(|| ("bad_time", Text::new("La hora va como 19:00.", "The time is written as 19:00.")))
}

/// An amount in pesos from zero.
fn parse_amount(text: &str) -> Read<Money> {
    match Money::parse(text) {
        Ok(amount) if amount.is_negative() => Err(wrong(gondola_ledger::NumberError::Negative)),
        other => other.map_err(wrong),
    }
}

fn between(errors: &mut Errors, field: &str, value: i64, max: i64) -> Option<i64> {
    if (0..=max).contains(&value) {
        return Some(value);
    }
    errors.add(field, "out_of_range", format!("Va de 0 a {max}."), format!("It goes from 0 to {max}."));
    None
}

/// One of the words of a closed list.
fn one_of<T>(found: Option<T>, codes: impl Iterator<Item = &'static str>) -> Read<T> {
    found.ok_or_else(|| {
        let codes = codes.collect::<Vec<_>>().join(", ");
        ("unknown_word", Text::new(format!("Se acepta: {codes}."), format!("Accepted: {codes}.")))
    })
}

fn weekdays(errors: &mut Errors, field: &str, days: &[String]) -> Option<Weekdays> {
    let place = |day: &String| Weekdays::CODES.iter().position(|code| *code == day.as_str());
    let places: Option<Vec<usize>> = days.iter().map(place).collect();
    if places.is_none() {
        let codes = Weekdays::CODES.join(", ");
        errors.add(field, "unknown_day", format!("Se acepta: {codes}."), format!("Accepted: {codes}."));
    }
    places.map(Weekdays::of)
}

/// Words without repeats, as people wrote them first.
fn word_list(errors: &mut Errors, field: &str, list: Vec<String>) -> Vec<String> {
    if list.len() > WORDS_MAX {
        errors.add(field, "too_many", format!("Van hasta {WORDS_MAX}."), format!("At most {WORDS_MAX}."));
        return Vec::new();
    }
    let mut words: Vec<String> = Vec::with_capacity(list.len());
    for (index, text) in list.into_iter().enumerate() {
        let Some(word) = errors.take(&format!("{field}[{index}]"), parse_word(&text)) else { continue };
        if words.iter().all(|other| fold(other) != fold(&word)) {
            words.push(word);
        }
    }
    words
}

/// A word with a letter or a digit in it, for nothing else can be found in a sentence.
fn parse_word(text: &str) -> Read<String> {
    let word = line(text, 2, WORD_MAX)?;
    if fold(&word).is_empty() {
        return Err(("text_too_short", Text::new("Necesita letras o números.", "It needs letters or digits.")));
    }
    Ok(word)
}
