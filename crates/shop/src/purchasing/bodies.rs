//! What people send about orders, and how it becomes commands: all field errors at once.

use gondola_ledger::UnitCost;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::change::LineChange;
use super::draft::{AddLines, LineWanted, ORDER_LINES_MAX};
use super::notes::OrderNotes;
use super::scalars::SupplierNote;
use super::steps::{ORDER_NOTES_MAX, SendOrder};
use crate::kernel::body::given;
use crate::kernel::fields::{parse_date, read};
use crate::kernel::numbers::number_text;
use crate::kernel::problem::FieldProblem;
use crate::kernel::scalars::{Cost, Day as DayKind, ProductName, SupplierCode};
use crate::kernel::{Errors, Problem};
use crate::notebook::{ABOUT_MAX, NotedText, parse_supplier};
use crate::stock::{MovedQuantity, UNIT_MAX, UnitName, line, parse_product, parse_quantity};

/// Things to order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewPurchaseOrder, example = json!({
    "supplier": "Q", "lines": [{"product": "sku:CBO-BRAHMA-1L", "quantity": "4", "unit": "cajón", "urgent": true}],
}))]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// Code of the supplier, for lines that name none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierCode)]
    pub supplier: Option<String>,
    /// What to order, 1 to 500 lines; those of several suppliers go onto an order each.
    #[schema(value_type = Vec<OrderLineBody>, required, min_items = 1, max_items = 500)]
    pub lines: Option<Vec<OrderLineBody>>,
}

/// One thing to order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewPurchaseOrderLine)]
#[serde(deny_unknown_fields)]
pub struct OrderLineBody {
    /// `sku:SKU` or the product's id.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName)]
    pub product: Option<String>,
    /// What it is in your own words, 1 to 120 characters. Needed without a product.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = NotedText)]
    pub text: Option<String>,
    /// How much, more than zero; nothing is told as "a confirmar".
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MovedQuantity)]
    pub quantity: Option<String>,
    /// A unit, as the supplier is told; the product's own, or `un`, when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName)]
    pub unit: Option<String>,
    /// Code of the supplier; that of the whole list when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierCode)]
    pub supplier: Option<String>,
    /// What one `unit` should cost.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Cost)]
    pub expected_cost: Option<String>,
    /// Whether it is urgent; not when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub urgent: Option<bool>,
}

impl OrderBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self) -> Result<AddLines, Problem> {
        let mut errors = Errors::new();
        let supplier = self.supplier.and_then(|text| parse_supplier(&mut errors, &text));
        let lines = bounded(&mut errors, self.lines);
        let lines = lines.into_iter().map(|line| line.parse(supplier.as_deref())).collect();
        Ok(AddLines { lines: all_read(errors, lines)? })
    }
}

impl OrderLineBody {
    fn parse(self, of_list: Option<&str>) -> Result<LineWanted, Vec<FieldProblem>> {
        let mut errors = Errors::new();
        let product = self.product.and_then(|text| parse_product(&mut errors, &text));
        let text = self.text.and_then(|text| line(&mut errors, "text", &text, ABOUT_MAX));
        let quantity = self.quantity.and_then(|text| parse_quantity(&mut errors, "quantity", &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        let supplier = match self.supplier {
            Some(text) => parse_supplier(&mut errors, &text),
            None => errors.required("supplier", of_list.map(str::to_owned)),
        };
        let expected_cost = self.expected_cost.and_then(|text| parse_cost(&mut errors, "expected_cost", &text));
        if errors.is_empty() && product.is_none() && text.is_none() {
            errors.add(
                "text",
                "required",
                "Decí qué es: un producto o un texto.",
                "Say what it is: a product or a text.",
            );
        }
        match supplier {
            Some(supplier) if errors.is_empty() => Ok(LineWanted {
                supplier,
                product,
                text,
                quantity,
                unit,
                expected_cost,
                is_urgent: self.urgent.unwrap_or_default(),
            }),
            _ => Err(errors.into_inner()),
        }
    }
}

pub(super) fn parse_cost(errors: &mut Errors, field: &str, text: &str) -> Option<UnitCost> {
    errors.take(field, UnitCost::parse(text).map_err(|error| (error.code(), number_text(error, None))))
}

/// Which lines of the notebook to order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = OrderFromNotebook)]
#[serde(deny_unknown_fields)]
pub struct NotesBody {
    /// Ids of lines, 1 to 500; all that are pending and have a supplier when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<Uuid>, min_items = 1, max_items = 500)]
    pub entries: Option<Vec<String>>,
}

impl NotesBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self) -> Result<OrderNotes, Problem> {
        let mut errors = Errors::new();
        let Some(texts) = self.entries else { return Ok(OrderNotes { entries: None }) };
        if !(1..=ORDER_LINES_MAX).contains(&texts.len()) {
            errors.add("entries", "out_of_range", "Van de 1 a 500 renglones.", "It takes 1 to 500 lines.");
        }
        let mut ids = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().take(ORDER_LINES_MAX).enumerate() {
            match Uuid::try_parse(text) {
                Ok(id) => ids.push(id),
                Err(_) => {
                    let (es, en) = ("Va el id de un renglón del cuaderno.", "It is the id of a line of the notebook.");
                    errors.add(&format!("entries[{index}]"), "bad_reference", es, en);
                }
            }
        }
        errors.finish()?;
        Ok(OrderNotes { entries: Some(ids) })
    }
}

/// A change to a line of an order that is being written: what is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PurchaseOrderLineChange)]
#[serde(deny_unknown_fields)]
pub struct ChangeLineBody {
    /// How much; null for nobody knows.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<MovedQuantity>)]
    pub quantity: Option<Option<String>>,
    /// A unit, as the supplier is told.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName)]
    pub unit: Option<String>,
    /// What one `unit` should cost; null for nobody knows.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Cost>)]
    pub expected_cost: Option<Option<String>>,
    /// Whether it is urgent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub urgent: Option<bool>,
}

impl ChangeLineBody {
    /// What changes, or every field's problem.
    pub(super) fn parse(self) -> Result<LineChange, Problem> {
        let mut errors = Errors::new();
        let quantity = self.quantity.map(|text| text.and_then(|text| parse_quantity(&mut errors, "quantity", &text)));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        let cost = self.expected_cost.map(|text| text.and_then(|text| parse_cost(&mut errors, "expected_cost", &text)));
        errors.finish()?;
        Ok(LineChange { quantity, unit, expected_cost: cost, is_urgent: self.urgent })
    }
}

/// A field that may be left out or null.
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(input).map(Some)
}

/// How an order is sent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = SendPurchaseOrder)]
#[serde(deny_unknown_fields)]
pub struct SendBody {
    /// The day that the supplier promised.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DayKind, example = "2026-11-26")]
    pub promised_on: Option<String>,
    /// What else is said to the supplier, under the list, up to 500 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierNote)]
    pub notes: Option<String>,
}

impl SendBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self, id: Uuid) -> Result<SendOrder, Problem> {
        let mut errors = Errors::new();
        let promised_on = read(&mut errors, "promised_on", self.promised_on, parse_date);
        let notes = self.notes.and_then(|text| line(&mut errors, "notes", &text, ORDER_NOTES_MAX));
        errors.finish()?;
        Ok(SendOrder { id, promised_on, notes })
    }
}

/// The lines, if there are as many as an order has.
pub(super) fn bounded<T>(errors: &mut Errors, lines: Option<Vec<T>>) -> Vec<T> {
    let Some(lines) = errors.required("lines", lines) else { return Vec::new() };
    if !(1..=ORDER_LINES_MAX).contains(&lines.len()) {
        errors.add("lines", "out_of_range", "Van de 1 a 500 renglones.", "It takes 1 to 500 lines.");
        return Vec::new();
    }
    lines
}

/// The lines, unless something is wrong with the body or one of them: then all of it is told together.
pub(super) fn all_read<T>(errors: Errors, lines: Vec<Result<T, Vec<FieldProblem>>>) -> Result<Vec<T>, Problem> {
    let (mut fields, mut read) = (errors.into_inner(), Vec::with_capacity(lines.len()));
    for (index, line) in lines.into_iter().enumerate() {
        let of_line =
            |problem: FieldProblem| FieldProblem { field: format!("lines[{index}].{}", problem.field), ..problem };
        match line {
            Ok(line) => read.push(line),
            Err(problems) => fields.extend(problems.into_iter().map(of_line)),
        }
    }
    if fields.is_empty() { Ok(read) } else { Err(Problem::invalid(fields)) }
}
