//! The kinds of value that the API takes, as the OpenAPI document names them: each says as narrowly as
//! JSON Schema can what its reader accepts. Here is how kinds are declared, and those that several
//! features share; the others stand in the `scalars.rs` of their feature. Nothing here is ever built:
//! fields and parameters name these types as the type of their value.

use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

use super::contact::{EMAIL_MAX, EMAIL_PATTERN, PHONE_MAX, PHONE_PATTERN};
use super::paging::{LIMIT_DEFAULT, LIMIT_MAX};

/// Characters of a brand at most.
pub const BRAND_MAX: usize = 60;

/// White space, which is trimmed from both ends.
const SPACE: &str = r"[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";
/// What no line holds, and with it what none begins or ends with.
const REFUSED: &str = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff";
/// As `REFUSED`, without tabs and line breaks.
const REFUSED_IN_LINES: &str = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff";

/// Declares kinds of value: what each is, its name and its schema; and a function that gives the document
/// all of them, because parameters refer to kinds and bring no schema along.
macro_rules! scalars {
    ($(#[doc = $doc:literal] $name:ident = $schema:expr;)+) => {
        $(
            #[doc = $doc]
            pub enum $name {}

            impl ::utoipa::PartialSchema for $name {
                fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                    $crate::kernel::scalars::described($schema, $doc.trim())
                }
            }

            impl ::utoipa::ToSchema for $name {
                fn name() -> ::std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }
            }
        )+

        /// Every kind of this file, for the document.
        pub fn schemas() -> Vec<(String, ::utoipa::openapi::RefOr<::utoipa::openapi::Schema>)> {
            vec![$((stringify!($name).to_owned(), <$name as ::utoipa::PartialSchema>::schema())),+]
        }
    };
}
pub(crate) use scalars;

/// A string that keeps a pattern: its greatest length and an example.
pub fn text(pattern: impl Into<String>, max: usize, example: &str) -> Schema {
    string().pattern(Some(pattern)).max_length(Some(max)).examples([example]).into()
}

/// One line of text as [`clean_line`](super::text::clean_line) takes it: nothing unseen in it, and so many
/// characters, from 0 to 3 at least, without the white space around it.
pub fn line(min: usize, max: usize, example: &str) -> Schema {
    let visible = format!(r"[^{REFUSED} \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]");
    let between = |from: usize| format!("[^{REFUSED}]{{{from},{}}}", max.saturating_sub(2));
    let inner = match min {
        0 => format!("[^{REFUSED}]{{0,{max}}}"),
        1 => format!("{visible}({}{visible})?", between(0)),
        2 => format!("{visible}{}{visible}", between(0)),
        _ => format!("{visible}{}{visible}", between(1)),
    };
    trimmed(&inner, example)
}

/// A string that is trimmed before it must keep a pattern.
fn trimmed(inner: &str, example: &str) -> Schema {
    string().pattern(Some(format!("^{SPACE}*({inner}){SPACE}*$"))).examples([example]).into()
}

/// One of some words.
pub fn one_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Schema {
    string().enum_values(Some(words.into_iter().collect::<Vec<_>>())).into()
}

/// A whole number between two, and what it is when nobody says.
fn whole_number(min: i64, max: i64, default: i64) -> Schema {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(min)).maximum(Some(max));
    number.default(Some(default.into())).into()
}

/// A date, an instant, or either.
fn either_of(formats: &[KnownFormat]) -> Schema {
    let dated = |format: &KnownFormat| string().format(Some(SchemaFormat::KnownFormat(format.clone())));
    formats.iter().fold(AnyOfBuilder::new(), |either, format| either.item(dated(format))).build().into()
}

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// The schema with a sentence that says what it is.
pub fn described(mut schema: Schema, about: &str) -> RefOr<Schema> {
    let place = match &mut schema {
        Schema::Object(object) => Some(&mut object.description),
        Schema::AnyOf(either) => Some(&mut either.description),
        _ => None,
    };
    if let Some(place) = place {
        *place = Some(about.to_owned());
    }
    schema.into()
}

/// The pattern of several lines, as [`clean_text`](super::text::clean_text) takes them.
pub fn lines() -> String {
    format!("^[^{REFUSED_IN_LINES}]*$")
}

/// The pattern of text that is looked for and not kept: at least so many characters, none unseen.
pub fn letters(min: usize) -> String {
    format!("^[^{REFUSED}]{{{min},}}$")
}

scalars! {
    /// A SKU: trimmed and upper-cased.
    SkuText = trimmed("[A-Za-z0-9_-]{1,40}", "LAC-LS-SACH");
    /// A product: `sku:` and its SKU, or its id.
    ProductName = text(format!("^(sku:{SPACE}*[A-Za-z0-9_-]{{1,40}}{SPACE}*|[0-9A-Fa-f]{{8}}(-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}})$"), 64, "sku:QUE-CREMOSO");
    /// The code of a category.
    CategoryCode = text("^[A-Za-z0-9]{1,10}$", 10, "LAC");
    /// A brand.
    BrandText = line(1, BRAND_MAX, "Bagley");
    /// The code of a location.
    LocationCode = text("^[a-z0-9_-]{1,30}$", 30, "deposito");
    /// The code of a supplier.
    SupplierCode = text("^[A-Za-z0-9_-]{1,40}$", 40, "LS");
    /// A quantity from zero, of at most 3 decimal places; whole when the unit is `un`.
    Quantity = text(r"^[0-9]{1,6}(\.[0-9]{1,3})?$", 10, "12");
    /// A unit cost from 0 to 9999999.9999.
    Cost = text(r"^[0-9]{1,7}(\.[0-9]{1,4})?$", 12, "1420.5000");
    /// A price from 0.01 to 9999999.99.
    Price = text("^(0*[1-9][0-9]{0,6}(\\.[0-9]{1,2})?|0+\\.(0[1-9]|[1-9][0-9]?))$", 32, "1850.00");
    /// A percentage from 0 to 100, of at most 2 decimal places.
    Percent = text("^([0-9]{1,2}(\\.[0-9]{1,2})?|100(\\.00?)?)$", 6, "22.50");
    /// Several lines of text.
    Prose = text(lines(), 2000, "Va en la heladera.");
    /// Where mail goes; upper and lower case are the same address.
    Email = text(EMAIL_PATTERN, EMAIL_MAX, "marta@example.com");
    /// A telephone number, as people write it.
    Phone = text(PHONE_PATTERN, PHONE_MAX, "+54 9 11 5555-0134");
    /// The version that was read.
    Version = text("^(W/)?([0-9]{1,18}|\"[0-9]{1,18}\")$", 24, "\"1\"");
    /// A day.
    Day = string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).into();
    /// A day, `2026-11-23`, or an instant with its offset.
    Moment = either_of(&[KnownFormat::Date, KnownFormat::DateTime]);
    /// What a list is narrowed to; words that name nothing make it empty.
    FilterText = text(letters(0), 2000, "deposito");
    /// The `next` of the page before.
    PageToken = text("^[A-Za-z0-9_-]{1,2000}$", 2000, "5b223132225d");
    /// Items on a page.
    PageLimit = whole_number(1, LIMIT_MAX, LIMIT_DEFAULT);
}
