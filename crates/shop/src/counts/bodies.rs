//! What people send about counts, and how it becomes commands: all field errors at once.

use gondola_ledger::{Qty, Unit};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::commands::OpenCount;
use super::lines::{COUNT_LINES_MAX, CountLine, EnterCounts};
use super::post::PostCount;
use super::scope::{CountScope, LISTED_MAX};
use crate::kernel::body::given;
use crate::kernel::numbers::number_text;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Errors, Problem};
use crate::stock::{LotBody, PLACE_CODE_MAX, ProductRef, UNIT_MAX, line, parse_lot, parse_product, parse_reason};

/// A count to begin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountBody {
    /// Code of the place to count.
    #[schema(value_type = String, required, example = "deposito", min_length = 1, max_length = 30)]
    pub location: Option<String>,
    /// Whether those who count are not told what to find; they are not when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, default = true)]
    pub blind: Option<bool>,
    /// Code of the one category to count; not together with `products`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "LAC", min_length = 1, max_length = 20)]
    pub category: Option<String>,
    /// The products to count, each `sku:SKU` or an id; whatever the place holds or should hold when
    /// neither is given.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 500)]
    pub products: Option<Vec<String>>,
    /// Why it is counted, 3 to 200 characters.
    #[schema(value_type = String, required, example = "Conteo semanal", min_length = 3, max_length = 200)]
    pub reason: Option<String>,
}

impl CountBody {
    /// The command.
    ///
    /// # Errors
    /// 422 with one entry per bad field.
    pub fn parse(self) -> Result<OpenCount, Problem> {
        let mut errors = Errors::new();
        let location = errors
            .required("location", self.location)
            .and_then(|text| line(&mut errors, "location", &text, PLACE_CODE_MAX));
        let reason = errors.required("reason", self.reason).and_then(|text| parse_reason(&mut errors, &text));
        let scope = parse_scope(&mut errors, self.category, self.products);
        match (location, reason) {
            (Some(location), Some(reason)) if errors.is_empty() => {
                Ok(OpenCount { location, blind: self.blind.unwrap_or(true), scope, reason })
            }
            _ => Err(Problem::invalid(errors.into_inner())),
        }
    }
}

/// What a count is of: one category, a list, or the whole place.
fn parse_scope(errors: &mut Errors, category: Option<String>, products: Option<Vec<String>>) -> CountScope {
    match (category, products) {
        (None, None) => CountScope::Place,
        (Some(code), None) => line(errors, "category", &code, 20).map_or(CountScope::Place, CountScope::Category),
        (None, Some(products)) if (1..=LISTED_MAX).contains(&products.len()) => {
            let mut known = Vec::with_capacity(products.len());
            for (at, text) in products.iter().enumerate() {
                match ProductRef::parse(text) {
                    Some(product) => known.push(product),
                    None => errors.add(
                        &format!("products[{at}]"),
                        "bad_reference",
                        "Indicá el producto como sku:CODIGO o con su id.",
                        "Name the product as sku:CODE or by its id.",
                    ),
                }
            }
            CountScope::Products(known)
        }
        (None, Some(_)) => {
            errors.add("products", "out_of_range", "Van de 1 a 500 productos.", "It takes 1 to 500 products.");
            CountScope::Place
        }
        (Some(_), Some(_)) => {
            let (es, en) = ("Va un rubro o una lista, no las dos cosas.", "It takes a category or a list, not both.");
            errors.add("products", "not_together", es, en);
            CountScope::Place
        }
    }
}

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedBody {
    /// What was counted, 1 to 20,000 lines.
    #[schema(value_type = Vec<CountedLineBody>, required, min_items = 1, max_items = 20000)]
    pub lines: Option<Vec<CountedLineBody>>,
}

/// One thing that was counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedLineBody {
    /// `sku:SKU` or the product's id.
    #[schema(value_type = String, required, example = "sku:QUE-CREMOSO", max_length = 64)]
    pub product: Option<String>,
    /// The lot; all lots together when absent, the goods without code or date when empty.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LotBody)]
    pub lot: Option<LotBody>,
    /// How much there was, zero when nothing, as a decimal string with at most 3 places.
    #[schema(value_type = String, required, example = "2.500", pattern = r"^\d{1,6}(\.\d{1,3})?$")]
    pub counted: Option<String>,
    /// A unit or a presentation of the product; its own unit when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "kg", min_length = 1, max_length = 80)]
    pub unit: Option<String>,
    /// The product's ledger position when it was counted, as the sheet gave it; now when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, minimum = 0, example = 1234)]
    pub position: Option<i64>,
}

impl CountedBody {
    /// The command; what is wrong with a line goes with it, to be told with the shop's own refusals.
    ///
    /// # Errors
    /// 422 when there are no lines, or too many.
    pub fn parse(self, id: Uuid) -> Result<EnterCounts, Problem> {
        let mut errors = Errors::new();
        let lines = errors.required("lines", self.lines).unwrap_or_default();
        if errors.is_empty() && !(1..=COUNT_LINES_MAX).contains(&lines.len()) {
            errors.add("lines", "out_of_range", "Van de 1 a 20.000 renglones.", "It takes 1 to 20,000 lines.");
        }
        errors.finish()?;
        Ok(EnterCounts { id, lines: lines.into_iter().map(CountedLineBody::parse).collect() })
    }
}

impl CountedLineBody {
    fn parse(self) -> Result<CountLine, Vec<FieldProblem>> {
        let mut errors = Errors::new();
        let product = errors.required("product", self.product).and_then(|text| parse_product(&mut errors, &text));
        let lot = self.lot.and_then(|lot| parse_lot(&mut errors, &lot));
        let counted = errors.required("counted", self.counted).and_then(|text| parse_counted(&mut errors, &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        if self.position.is_some_and(|position| position < 0) {
            errors.add("position", "out_of_range", "Es un número desde 0.", "It is a number from 0.");
        }
        match (product, counted) {
            (Some(product), Some(counted)) if errors.is_empty() => {
                Ok(CountLine { product, lot, counted, unit, position: self.position })
            }
            _ => Err(errors.into_inner()),
        }
    }
}

/// Reads a quantity that may be zero.
fn parse_counted(errors: &mut Errors, text: &str) -> Option<Qty> {
    let quantity =
        errors.take("counted", Qty::parse(text, Unit::Kg).map_err(|error| (error.code(), number_text(error, None))))?;
    if quantity.is_negative() {
        errors.add("counted", "quantity_negative", "La cantidad no puede ser negativa.", "It cannot be negative.");
        return None;
    }
    Some(quantity)
}

/// How the ledger is corrected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountPostBody {
    /// Why, 3 to 200 characters.
    #[schema(value_type = String, required, example = "Conteo semanal", min_length = 3, max_length = 200)]
    pub reason: Option<String>,
    /// Take large differences as they are, also those counted only once. For those who may adjust.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, default = false)]
    pub accept_differences: Option<bool>,
}

impl CountPostBody {
    /// The command.
    ///
    /// # Errors
    /// 422 when the reason is missing, too short or too long.
    pub fn parse(self, id: Uuid) -> Result<PostCount, Problem> {
        let mut errors = Errors::new();
        let reason = errors.required("reason", self.reason).and_then(|text| parse_reason(&mut errors, &text));
        match reason {
            Some(reason) if errors.is_empty() => {
                Ok(PostCount { id, reason, accept_differences: self.accept_differences.unwrap_or(false) })
            }
            _ => Err(Problem::invalid(errors.into_inner())),
        }
    }
}
