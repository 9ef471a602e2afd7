//! What people send about transfers, and how it becomes commands: all field errors at once.

use gondola_ledger::{Qty, Unit};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::commands::{SendTransfer, TRANSFER_LINES_MAX, TransferLine};
use super::receive::{ReceiveTransfer, ReceivedLine};
use crate::kernel::body::given;
use crate::kernel::numbers::number_text;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Errors, Problem};
use crate::stock::{
    DOCUMENT_MAX, LotBody, PLACE_CODE_MAX, UNIT_MAX, line, parse_lot, parse_product, parse_quantity, parse_reason,
};

/// Goods to send to another place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferBody {
    /// Code of the place they leave.
    #[schema(value_type = String, required, example = "deposito", min_length = 1, max_length = 30)]
    pub from: Option<String>,
    /// Code of the place they go to.
    #[schema(value_type = String, required, example = "local", min_length = 1, max_length = 30)]
    pub to: Option<String>,
    /// What to send, 1 to 500 lines.
    #[schema(value_type = Vec<TransferLineBody>, required, min_items = 1, max_items = 500)]
    pub lines: Option<Vec<TransferLineBody>>,
    /// Why, 3 to 200 characters.
    #[schema(value_type = String, required, example = "Reposición de góndola", min_length = 3, max_length = 200)]
    pub reason: Option<String>,
    /// Whose paper they go with.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "R 0001-00001234", min_length = 1, max_length = 100)]
    pub document: Option<String>,
}

/// One thing to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferLineBody {
    /// `sku:SKU` or the product's id.
    #[schema(value_type = String, required, example = "sku:QUE-CREMOSO", max_length = 64)]
    pub product: Option<String>,
    /// How much, more than zero, as a decimal string with at most 3 places.
    #[schema(value_type = String, required, example = "2.500", pattern = r"^\d{1,6}(\.\d{1,3})?$")]
    pub quantity: Option<String>,
    /// A unit or a presentation of the product; its own unit when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "kg", min_length = 1, max_length = 80)]
    pub unit: Option<String>,
    /// The lot; first expiring when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LotBody)]
    pub lot: Option<LotBody>,
}

/// What was found in what arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveBody {
    /// What was found, 1 to 500 lines; what is not listed did not arrive.
    #[schema(value_type = Vec<ReceivedLineBody>, required, min_items = 1, max_items = 500)]
    pub lines: Option<Vec<ReceivedLineBody>>,
    /// Why there is a difference, if you know; 3 to 200 characters.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "Llegó una caja rota", min_length = 3, max_length = 200)]
    pub reason: Option<String>,
}

/// One thing found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceivedLineBody {
    /// `sku:SKU` or the product's id.
    #[schema(value_type = String, required, example = "sku:QUE-CREMOSO", max_length = 64)]
    pub product: Option<String>,
    /// How much, zero when nothing came, as a decimal string with at most 3 places.
    #[schema(value_type = String, required, example = "2.500", pattern = r"^\d{1,6}(\.\d{1,3})?$")]
    pub quantity: Option<String>,
    /// A unit or a presentation of the product; its own unit when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "kg", min_length = 1, max_length = 80)]
    pub unit: Option<String>,
}

impl TransferBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with one entry per bad field.
    pub fn parse(self) -> Result<SendTransfer, Problem> {
        let mut errors = Errors::new();
        let from = errors.required("from", self.from).and_then(|text| line(&mut errors, "from", &text, PLACE_CODE_MAX));
        let to = errors.required("to", self.to).and_then(|text| line(&mut errors, "to", &text, PLACE_CODE_MAX));
        let reason = errors.required("reason", self.reason).and_then(|text| parse_reason(&mut errors, &text));
        let document = self.document.and_then(|text| line(&mut errors, "document", &text, DOCUMENT_MAX));
        let lines = bounded(&mut errors, self.lines).into_iter().map(TransferLineBody::parse).collect();
        match (from, to, reason) {
            (Some(from), Some(to), Some(reason)) if errors.is_empty() => {
                Ok(SendTransfer { from, to, lines, reason, document })
            }
            _ => Err(with_lines(errors, lines)),
        }
    }
}

impl ReceiveBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with one entry per bad field.
    pub fn parse(self, id: Uuid) -> Result<ReceiveTransfer, Problem> {
        let mut errors = Errors::new();
        let reason = self.reason.and_then(|text| parse_reason(&mut errors, &text));
        let lines = bounded(&mut errors, self.lines).into_iter().map(ReceivedLineBody::parse).collect();
        if errors.is_empty() { Ok(ReceiveTransfer { id, lines, reason }) } else { Err(with_lines(errors, lines)) }
    }
}

/// The lines, if there are as many as a transfer has.
fn bounded<T>(errors: &mut Errors, lines: Option<Vec<T>>) -> Vec<T> {
    let Some(lines) = errors.required("lines", lines) else { return Vec::new() };
    if !(1..=TRANSFER_LINES_MAX).contains(&lines.len()) {
        let (es, en) = ("Van de 1 a 500 renglones.", "It takes 1 to 500 lines.");
        errors.add("lines", "out_of_range", es, en);
        return Vec::new();
    }
    lines
}

/// The problems of the body and of its lines together.
fn with_lines<T>(errors: Errors, lines: Vec<Result<T, Vec<FieldProblem>>>) -> Problem {
    let mut fields = errors.into_inner();
    for (index, line) in lines.into_iter().enumerate() {
        let problems = line.err().unwrap_or_default();
        fields.extend(
            problems
                .into_iter()
                .map(|problem| FieldProblem { field: format!("lines[{index}].{}", problem.field), ..problem }),
        );
    }
    Problem::invalid(fields)
}

impl TransferLineBody {
    fn parse(self) -> Result<TransferLine, Vec<FieldProblem>> {
        let mut errors = Errors::new();
        let product = errors.required("product", self.product).and_then(|text| parse_product(&mut errors, &text));
        let quantity =
            errors.required("quantity", self.quantity).and_then(|text| parse_quantity(&mut errors, "quantity", &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        let lot = self.lot.and_then(|lot| parse_lot(&mut errors, &lot));
        match (product, quantity) {
            (Some(product), Some(quantity)) if errors.is_empty() => Ok(TransferLine { product, quantity, unit, lot }),
            _ => Err(errors.into_inner()),
        }
    }
}

impl ReceivedLineBody {
    fn parse(self) -> Result<ReceivedLine, Vec<FieldProblem>> {
        let mut errors = Errors::new();
        let product = errors.required("product", self.product).and_then(|text| parse_product(&mut errors, &text));
        let quantity = errors.required("quantity", self.quantity).and_then(|text| parse_found(&mut errors, &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        match (product, quantity) {
            (Some(product), Some(quantity)) if errors.is_empty() => Ok(ReceivedLine { product, quantity, unit }),
            _ => Err(errors.into_inner()),
        }
    }
}

/// Reads a quantity that may be zero.
fn parse_found(errors: &mut Errors, text: &str) -> Option<Qty> {
    let quantity = errors
        .take("quantity", Qty::parse(text, Unit::Kg).map_err(|error| (error.code(), number_text(error, None))))?;
    if quantity.is_negative() {
        errors.add("quantity", "quantity_negative", "La cantidad no puede ser negativa.", "It cannot be negative.");
        return None;
    }
    Some(quantity)
}
