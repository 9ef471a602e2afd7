//! The kinds of string that the catalogue takes, as the OpenAPI document names them: each says in one
//! pattern what its reader in `fields.rs` accepts. Nothing here is ever built; fields name these
//! types as the type of their value.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Declares a kind of string: its name, what it is, the pattern it keeps and an example.
macro_rules! scalar {
    ($(#[doc = $doc:literal] $name:ident = $pattern:expr, up to $max:expr, like $example:literal;)+) => {$(
        #[doc = $doc]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String).description(Some($doc.trim()));
                text.pattern(Some($pattern)).max_length(Some($max)).examples([$example]).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+

        /// Every kind, for the document: parameters refer to them and bring no schema along.
        pub fn schemas() -> Vec<(String, RefOr<Schema>)> {
            vec![$((stringify!($name).to_owned(), $name::schema())),+]
        }
    };
}

/// White space, which is trimmed from both ends.
macro_rules! space {
    () => {
        "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"
    };
}

/// What no line holds, and with it what none begins or ends with.
macro_rules! refused {
    () => {
        "\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff"
    };
}

/// A character that is neither refused nor white space.
macro_rules! visible {
    () => {
        concat!("[^", refused!(), " \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]")
    };
}

scalar! {
    /// A SKU: trimmed and upper-cased.
    SkuText = "^ *[A-Za-z0-9_-]{1,40} *$", up to 60, like "LAC-LS-SACH";
    /// A name.
    Name = concat!("^", space!(), "*", visible!(), "[^", refused!(), "]*", visible!(), space!(), "*$"), up to 200, like "Leche sachet";
    /// A word or a few: a brand, a variant, what a supplier calls a product. May be empty.
    Words = concat!("^", space!(), "*[^", refused!(), "]*", space!(), "*$"), up to 80, like "La Serenísima";
    /// A few words that must be there.
    Label = concat!("^", space!(), "*", visible!(), "([^", refused!(), "]*", visible!(), ")?", space!(), "*$"), up to 80, like "pack x6";
    /// A name for short lists.
    ShortLine = concat!("^", space!(), "*", visible!(), "[^", refused!(), "]*", visible!(), space!(), "*$"), up to 60, like "Freezer";
    /// A name for labels and tickets.
    ShortName = concat!("^", space!(), "*[^", refused!(), "]*", space!(), "*$"), up to 40, like "Leche LS 1L";
    /// The address of a picture.
    ImageAddress = concat!("^", space!(), "*[^", refused!(), "]*", space!(), "*$"), up to 500, like "leche-ls.jpg";
    /// Several lines of text.
    Prose = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff]*$", up to 2000, like "Va en la heladera.";
    /// The code of a category.
    CategoryCode = "^[A-Za-z0-9]{1,10}$", up to 10, like "LAC";
    /// The code of a location.
    LocationCode = "^[a-z0-9_-]{1,30}$", up to 30, like "deposito";
    /// The code of a supplier.
    SupplierCode = "^[A-Za-z0-9_-]{1,40}$", up to 40, like "LS";
    /// The shop's own number for a product.
    InternalCode = "^[A-Za-z0-9_-]{1,30}$", up to 30, like "A-17";
    /// The scale's number for a product.
    ScalePlu = "^[0-9]{1,5}$", up to 5, like "123";
    /// An EAN-13, EAN-8, UPC-A or ITF-14 with the right check digit; spaces and dashes are ignored.
    BarcodeText = "^[0-9][0-9 -]{6,24}[0-9]$", up to 26, like "7790742034007";
    /// A quantity from zero, of at most 3 decimal places; whole when the unit is `un`.
    Quantity = "^[0-9]{1,6}(\\.[0-9]{1,3})?$", up to 10, like "12";
    /// A price from 0.01 to 9999999.99.
    Price = "^(0*[1-9][0-9]{0,6}(\\.[0-9]{1,2})?|0+\\.(0[1-9]|[1-9][0-9]?))$", up to 32, like "1850.00";
    /// What prices are rounded to, from 0.01 to 10000.
    RoundingStep = "^(0*[1-9][0-9]{0,3}(\\.[0-9]{1,2})?|0*10000(\\.00?)?|0+\\.(0[1-9]|[1-9][0-9]?))$", up to 32, like "50.00";
    /// A unit cost from 0 to 9999999.9999.
    Cost = "^[0-9]{1,7}(\\.[0-9]{1,4})?$", up to 12, like "1420.5000";
    /// An exact factor: `6`, `0.5` or `1/9`.
    FactorText = "^([1-9][0-9]{0,5}|[1-9][0-9]{0,5}/[1-9][0-9]{0,5}|[1-9][0-9]{0,5}\\.[0-9]{1,6}|0\\.[0-9]{0,5}[1-9])$", up to 13, like "6";
    /// A VAT rate that exists, in percent.
    VatRate = "^(0|2\\.5|5|10\\.5|21|27|0\\.00|2\\.50|5\\.00|10\\.50|21\\.00|27\\.00)$", up to 5, like "21.00";
    /// A percentage from 0 to 100, of at most 2 decimal places.
    Percent = "^([0-9]{1,2}(\\.[0-9]{1,2})?|100(\\.00?)?)$", up to 6, like "22.50";
    /// What a month makes of the minimum stock: 0.1 to 10, of at most 3 decimal places.
    SeasonFactor = "^([1-9](\\.[0-9]{1,3})?|0\\.[1-9][0-9]{0,2}|10(\\.0{1,3})?)$", up to 6, like "1.3";
    /// What a product is called besides.
    AliasText = concat!("^", space!(), "*", visible!(), "[^", refused!(), "]*", visible!(), space!(), "*$"), up to 120, like "coca de dos";
    /// How sure something is, from 0 to 1.
    Confidence = "^(0(\\.[0-9]{1,3})?|1(\\.0{1,3})?)$", up to 5, like "0.95";
    /// What is searched for.
    SearchText = "^[\\s\\S]+$", up to 100, like "lec";
    /// The version that was read.
    Version = "^(W/)?\"?[0-9]{1,18}\"?$", up to 24, like "\"1\"";
}
