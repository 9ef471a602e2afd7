//! What is said about repricings over the API and from the pages. Texts become values here, all field errors at once.

use gondola_ledger::Money;
use gondola_pricing::inflation::MONTHS_MAX;
use gondola_pricing::rate::Rate;
use gondola_store::At;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::build::{BuildRepricing, PRICES_MAX};
use super::edit::{EDITS_MAX, EditRows, Place, RowEdit};
use super::rule::{Rule, Wanted};
use super::scalars::{RepricingRuleCode, SignedPercent};
use crate::inflation::{Month, MonthText, parse_month};
use crate::kernel::body::given;
use crate::kernel::fields::{Read, line, must, parse_price, parse_rate, read};
use crate::kernel::scalars::{BRAND_MAX, BrandText, CategoryCode, Price, ProductName, SupplierCode};
use crate::kernel::time::parse_instant;
use crate::kernel::{Errors, Problem, Text};
use crate::stock::{ProductRef, REASON_MAX, REASON_MIN, Reason};

/// The rules by their codes.
pub(super) const RULES: [&str; 8] = ["percentage", "markup", "margin", "index", "set_markup", "band", "cost", "prices"];
/// Letters of a category's code at most.
const CATEGORY_MAX: usize = 10;
/// Letters of a supplier's code at most.
const SUPPLIER_MAX: usize = 40;
/// A value whose field had no problem.
const READ: &str = "nothing was wrong with it";

/// A repricing to build: a rule, and which products it is for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewRepricing)]
#[serde(deny_unknown_fields)]
pub struct RepricingBody {
    /// `percentage` of today's price; `markup` or `margin` over the replacement cost; `index`, as much as prices rose in the
    /// months `from` to `to`, of which every rate is recorded; `set_markup`, the markup that is set on each product, its brand
    /// or its category, else as `band`, the middle of the category's margins; `cost`, where the cost moved, the markup that is
    /// set, else what the price left before; `prices`, as said.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = RepricingRuleCode, required)]
    pub rule: Option<String>,
    /// The percentage of the first three.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SignedPercent)]
    pub percent: Option<String>,
    /// The first month of an index.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MonthText)]
    pub from: Option<String>,
    /// The last month of an index.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MonthText)]
    pub to: Option<String>,
    /// Only products of this category or one below it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = CategoryCode)]
    pub category: Option<String>,
    /// Only products of this brand.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = BrandText)]
    pub brand: Option<String>,
    /// Only products that this supplier brings.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierCode)]
    pub supplier: Option<String>,
    /// Only the goods of this invoice.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    pub invoice: Option<String>,
    /// Only the products of this price list of a supplier.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Uuid)]
    pub price_list: Option<String>,
    /// The prices of the last.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<SaidPriceBody>, max_items = 10000)]
    pub prices: Option<Vec<SaidPriceBody>>,
    /// Why.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason, required)]
    pub reason: Option<String>,
}

/// A price that somebody says.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SaidPrice)]
#[serde(deny_unknown_fields)]
pub struct SaidPriceBody {
    /// Of which product.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName, required)]
    product: Option<String>,
    /// How much.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Price, required)]
    price: Option<String>,
}

fn parse_product(text: &str) -> Read<ProductRef> {
    let told = || Text::new("Escribí sku: y el SKU, o el id.", "Write sku: and the SKU, or the id.");
    ProductRef::parse(text).ok_or_else(|| ("bad_product", told()))
}

fn parse_id(text: &str) -> Read<Uuid> {
    let told = || Text::new("Es el id, como lo da la API.", "It is the id, as the API gives it.");
    Uuid::try_parse(text).map_err(|_| ("bad_reference", told()))
}

pub(super) fn parse_reason(text: &str) -> Read<String> {
    line(text, REASON_MIN, REASON_MAX)
}

/// A code of something of the shop; whether there is one is found out later.
fn parse_code(text: &str, max: usize) -> Read<String> {
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if text.is_empty() || text.len() > max || !text.chars().all(is_code) {
        let (es, en) = (
            format!("Es un código de hasta {max} letras y números."),
            format!("It is a code of up to {max} letters and digits."),
        );
        return Err(("bad_reference", Text::new(es, en)));
    }
    Ok(text.to_owned())
}

impl RepricingBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self) -> Result<BuildRepricing, Problem> {
        let mut errors = Errors::new();
        let code = errors.required("rule", self.rule);
        let months = months(&mut errors, code.as_deref(), self.from, self.to);
        let rule = code.and_then(|code| rule(&mut errors, &code, self.percent, months));
        let category = read(&mut errors, "category", self.category, |text| parse_code(text, CATEGORY_MAX));
        let brand = read(&mut errors, "brand", self.brand, |text| line(text, 1, BRAND_MAX));
        let supplier = read(&mut errors, "supplier", self.supplier, |text| parse_code(text, SUPPLIER_MAX));
        let invoice = read(&mut errors, "invoice", self.invoice, parse_id);
        let price_list = read(&mut errors, "price_list", self.price_list, parse_id);
        if invoice.is_some() && price_list.is_some() {
            let es = "Va una factura o una lista, no las dos.";
            errors.add("price_list", "not_together", es, "It is an invoice or a price list, not both.");
        }
        let prices = said(&mut errors, rule.as_ref(), self.prices);
        let reason = must(&mut errors, "reason", self.reason, parse_reason);
        errors.finish()?;
        let wanted = Wanted { rule: rule.expect(READ), category, brand, supplier, invoice, price_list };
        Ok(BuildRepricing { wanted, prices, reason: reason.expect(READ) })
    }
}

/// The months of an index, the first one not after the last.
fn months(errors: &mut Errors, code: Option<&str>, from: Option<String>, to: Option<String>) -> Option<(Month, Month)> {
    if code != Some("index") {
        for (name, month) in [("from", from), ("to", to)] {
            if month.is_some() {
                errors.add(name, "not_together", "Los meses van con index.", "Months go with index.");
            }
        }
        return None;
    }
    let from = must(errors, "from", from, parse_month);
    let to = must(errors, "to", to, parse_month);
    let both = from.zip(to)?;
    if !(1..=MONTHS_MAX).contains(&both.0.until(both.1)) {
        let es = format!("Va de «from» a {MONTHS_MAX} meses, hacia adelante.");
        errors.add("to", "out_of_range", es, format!("It is \"from\" or later, {MONTHS_MAX} months at most."));
    }
    Some(both)
}

fn rule(errors: &mut Errors, code: &str, percent: Option<String>, months: Option<(Month, Month)>) -> Option<Rule> {
    if !RULES[..3].contains(&code) && percent.is_some() {
        let es = "El porcentaje va con percentage, markup o margin.";
        errors.add("percent", "not_together", es, "The percentage goes with percentage, markup or margin.");
    }
    let mut rate =
        |from, to| must(errors, "percent", percent.clone(), |text| parse_rate(text, from, to)).map(Rate::raw);
    match code {
        "percentage" => rate(-90, 500).map(|rate| Rule::Percentage { rate }),
        "markup" => rate(0, 500).map(|rate| Rule::Markup { rate }),
        "margin" => rate(0, 95).map(|rate| Rule::Margin { rate }),
        "index" => months.map(|(from, to)| Rule::Index { from, to, rate: 0 }),
        "set_markup" => Some(Rule::Set),
        "band" => Some(Rule::Band),
        "cost" => Some(Rule::Cost),
        "prices" => Some(Rule::Prices { prices: Vec::new() }),
        _ => {
            let codes = RULES.join(", ");
            let (es, en) = (format!("Es una de estas: {codes}."), format!("It is one of these: {codes}."));
            errors.add("rule", "unknown_rule", es, en);
            None
        }
    }
}

/// The prices that somebody says; each product once.
fn said(errors: &mut Errors, rule: Option<&Rule>, prices: Option<Vec<SaidPriceBody>>) -> Vec<(ProductRef, Money)> {
    let is_theirs = matches!(rule, Some(Rule::Prices { .. }));
    if !is_theirs && prices.is_some() {
        let es = "Los precios van con la regla prices.";
        errors.add("prices", "not_together", es, "Prices go with the rule prices.");
    }
    let prices = if is_theirs { errors.required("prices", prices) } else { prices }.unwrap_or_default();
    if (is_theirs && errors.is_empty() && prices.is_empty()) || prices.len() > PRICES_MAX {
        errors.add("prices", "out_of_range", "Van de 1 a 10.000 precios.", "It takes 1 to 10,000 prices.");
        return Vec::new();
    }
    let mut said: Vec<(ProductRef, Money)> = Vec::with_capacity(prices.len());
    let mut seen = std::collections::HashSet::new();
    for (at, one) in prices.into_iter().enumerate() {
        let product = must(errors, &format!("prices[{at}].product"), one.product, parse_product);
        let price = must(errors, &format!("prices[{at}].price"), one.price, parse_price);
        let Some((product, price)) = product.zip(price) else { continue };
        if !seen.insert(product.clone()) {
            errors.add(&format!("prices[{at}].product"), "repeated", "Está repetido.", "It is repeated.");
        }
        said.push((product, price));
    }
    said
}

/// Corrections to a preview.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RepricingEdits)]
#[serde(deny_unknown_fields)]
pub struct RowsBody {
    /// The rows that change.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<RowBody>, required, min_items = 1, max_items = 1000)]
    pub rows: Option<Vec<RowBody>>,
}

/// What changes about a row.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RepricingEdit)]
#[serde(deny_unknown_fields)]
pub struct RowBody {
    /// Of which product.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName, required)]
    pub product: Option<String>,
    /// Another price.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Price)]
    pub price: Option<String>,
    /// Whether it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub excluded: Option<bool>,
}

impl RowsBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self, id: Uuid) -> Result<EditRows, Problem> {
        let mut errors = Errors::new();
        let rows = errors.required("rows", self.rows).unwrap_or_default();
        if errors.is_empty() && !(1..=EDITS_MAX).contains(&rows.len()) {
            errors.add("rows", "out_of_range", "Van de 1 a 1.000 renglones.", "It takes 1 to 1,000 rows.");
        }
        let mut edits = Vec::with_capacity(rows.len().min(EDITS_MAX));
        for (at, row) in rows.into_iter().take(EDITS_MAX).enumerate() {
            let product = must(&mut errors, &format!("rows[{at}].product"), row.product, parse_product);
            let price = read(&mut errors, &format!("rows[{at}].price"), row.price, parse_price);
            let place = row.excluded.map(|excluded| if excluded { Place::Out } else { Place::In });
            edits.extend(product.map(|product| RowEdit { product, price, place }));
        }
        errors.finish()?;
        Ok(EditRows { id, rows: edits })
    }
}

/// When a repricing is applied, and whether the owner takes the rows that break a guard.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RepricingApplication)]
#[serde(deny_unknown_fields)]
pub struct ApplyBody {
    /// At this hour; now when nobody says.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, format = DateTime)]
    pub at: Option<String>,
    /// Why the owner takes the rows that break a guard; without it they are left out. Only the owner may.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub guarded_reason: Option<String>,
}

/// How a repricing is applied.
#[derive(Debug)]
pub(super) struct Application {
    /// At which hour.
    pub at: Option<At>,
    /// Why the owner takes the rows that break a guard.
    pub guarded_reason: Option<String>,
}

impl ApplyBody {
    /// How, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self) -> Result<Application, Problem> {
        let mut errors = Errors::new();
        let at = read(&mut errors, "at", self.at, |text| {
            let told =
                || Text::new("Va como 2026-11-23T10:00:00-03:00.", "It is written as 2026-11-23T10:00:00-03:00.");
            parse_instant(text).ok_or_else(|| ("bad_instant", told()))
        });
        let guarded_reason = read(&mut errors, "guarded_reason", self.guarded_reason, parse_reason);
        errors.finish()?;
        Ok(Application { at, guarded_reason })
    }
}
