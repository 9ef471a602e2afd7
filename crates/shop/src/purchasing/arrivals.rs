//! What people send about deliveries, ordered or not, and how it becomes a command: all field errors at once.

use gondola_ledger::{Qty, Unit};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{all_read, bounded, parse_cost};
use super::receive::{ArrivedLine, ReceiveGoods};
use crate::kernel::body::given;
use crate::kernel::numbers::number_text;
use crate::kernel::problem::FieldProblem;
use crate::kernel::scalars::{Cost, LocationCode, ProductName, Quantity, SupplierCode};
use crate::kernel::{Errors, Problem};
use crate::notebook::parse_supplier;
use crate::stock::{
    DOCUMENT_MAX, DocumentName, LotBody, MovedQuantity, Reason, UNIT_MAX, UnitName, line, parse_lot, parse_product,
    parse_quantity, parse_reason,
};

/// What came of an order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ReceivePurchaseOrder, example = json!({
    "location": "deposito", "document": "R 0001-00001234", "lines": [{"line": 1, "quantity": "4"}],
}))]
#[serde(deny_unknown_fields)]
pub struct ReceiveBody {
    /// Code of the place it came to.
    #[schema(value_type = LocationCode, required)]
    pub location: Option<String>,
    /// The paper it came with.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DocumentName)]
    pub document: Option<String>,
    /// What its movements say, 3 to 200 characters; a usual text when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
    /// What came, 1 to 500 lines. What is not named did not come and stays open.
    #[schema(value_type = Vec<ArrivedBody>, required, min_items = 1, max_items = 500)]
    pub lines: Option<Vec<ArrivedBody>>,
}

/// Goods that came without an order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewGoodsReceipt, example = json!({
    "supplier": "LS", "location": "deposito", "lines": [{"product": "sku:QUE-CREMOSO", "quantity": "4.5", "unit_cost": "5200"}],
}))]
#[serde(deny_unknown_fields)]
pub struct GoodsBody {
    /// Code of whom they came from, if anybody knows.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SupplierCode)]
    pub supplier: Option<String>,
    /// Code of the place they came to.
    #[schema(value_type = LocationCode, required)]
    pub location: Option<String>,
    /// The paper they came with.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DocumentName)]
    pub document: Option<String>,
    /// What their movements say, 3 to 200 characters; a usual text when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Reason)]
    pub reason: Option<String>,
    /// What came, 1 to 500 lines.
    #[schema(value_type = Vec<GoodsLineBody>, required, min_items = 1, max_items = 500)]
    pub lines: Option<Vec<GoodsLineBody>>,
}

/// One thing that came of an order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ArrivedLine)]
#[serde(deny_unknown_fields)]
pub struct ArrivedBody {
    /// The order's line; absent for what was not ordered.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, minimum = 1)]
    pub line: Option<i64>,
    /// `sku:SKU` or the product's id; needed where the order's line names none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ProductName)]
    pub product: Option<String>,
    /// How much in good order, in `unit`; zero when none was.
    #[schema(value_type = Quantity, required)]
    pub quantity: Option<String>,
    /// How much broken, in `unit`: it does not come into stock and does not complete the order.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Quantity)]
    pub damaged: Option<String>,
    /// A unit or a presentation of the product; that of the order's line when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName)]
    pub unit: Option<String>,
    /// What pieces weighed together, in the product's own unit. The pieces complete the order, the weight comes into stock.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MovedQuantity)]
    pub measured: Option<String>,
    /// The lot; its last good day is needed for what goes off, unless the product says how long it keeps.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LotBody)]
    pub lot: Option<LotBody>,
    /// What one `unit` cost, or one of the product's own unit where it was weighed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Cost)]
    pub unit_cost: Option<String>,
}

/// One thing that came without an order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = GoodsLine)]
#[serde(deny_unknown_fields)]
pub struct GoodsLineBody {
    /// `sku:SKU` or the product's id.
    #[schema(value_type = ProductName, required)]
    pub product: Option<String>,
    /// How much in good order, in `unit`; zero when none was.
    #[schema(value_type = Quantity, required)]
    pub quantity: Option<String>,
    /// How much broken, in `unit`: it does not come into stock.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Quantity)]
    pub damaged: Option<String>,
    /// A unit or a presentation of the product; its own unit when absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitName)]
    pub unit: Option<String>,
    /// What pieces weighed together, in the product's own unit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = MovedQuantity)]
    pub measured: Option<String>,
    /// The lot; its last good day is needed for what goes off, unless the product says how long it keeps.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LotBody)]
    pub lot: Option<LotBody>,
    /// What one `unit` cost, or one of the product's own unit where it was weighed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Cost)]
    pub unit_cost: Option<String>,
}

impl GoodsBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self) -> Result<ReceiveGoods, Problem> {
        let mut errors = Errors::new();
        let supplier = self.supplier.and_then(|text| parse_supplier(&mut errors, &text));
        let lines = self.lines.map(|lines| lines.into_iter().map(ArrivedBody::from).collect());
        let body = ReceiveBody { location: self.location, document: self.document, reason: self.reason, lines };
        Ok(ReceiveGoods { supplier, ..body.read(errors, None)? })
    }
}

impl From<GoodsLineBody> for ArrivedBody {
    fn from(body: GoodsLineBody) -> Self {
        let GoodsLineBody { product, quantity, damaged, unit, measured, lot, unit_cost } = body;
        Self { line: None, product, quantity, damaged, unit, measured, lot, unit_cost }
    }
}

impl ReceiveBody {
    /// The command, or every field's problem.
    pub(super) fn parse(self, order: Uuid) -> Result<ReceiveGoods, Problem> {
        self.read(Errors::new(), Some(order))
    }

    fn read(self, mut errors: Errors, order: Option<Uuid>) -> Result<ReceiveGoods, Problem> {
        let location =
            errors.required("location", self.location).and_then(|text| line(&mut errors, "location", &text, 40));
        let document = self.document.and_then(|text| line(&mut errors, "document", &text, DOCUMENT_MAX));
        let reason = self.reason.and_then(|text| parse_reason(&mut errors, &text));
        let lines = bounded(&mut errors, self.lines).into_iter().map(ArrivedBody::parse).collect();
        let lines = all_read(errors, lines)?;
        let location = location.expect("without a place there is a problem");
        Ok(ReceiveGoods { order, supplier: None, location, document, reason, lines })
    }
}

impl ArrivedBody {
    fn parse(self) -> Result<ArrivedLine, Vec<FieldProblem>> {
        let mut errors = Errors::new();
        let product = self.product.and_then(|text| parse_product(&mut errors, &text));
        let quantity =
            errors.required("quantity", self.quantity).and_then(|text| parse_found(&mut errors, "quantity", &text));
        let damaged = self.damaged.map_or(Some(Qty::ZERO), |text| parse_found(&mut errors, "damaged", &text));
        let unit = self.unit.and_then(|text| line(&mut errors, "unit", &text, UNIT_MAX));
        let measured = self.measured.and_then(|text| parse_quantity(&mut errors, "measured", &text));
        let lot = self.lot.and_then(|lot| parse_lot(&mut errors, &lot));
        let unit_cost = self.unit_cost.and_then(|text| parse_cost(&mut errors, "unit_cost", &text));
        if self.line.is_some_and(|line| line < 1) {
            errors.add("line", "out_of_range", "Los renglones se cuentan desde 1.", "Lines are counted from 1.");
        }
        match (quantity, damaged) {
            (Some(quantity), Some(damaged)) if errors.is_empty() => {
                Ok(ArrivedLine { order_line: self.line, product, quantity, damaged, unit, measured, lot, unit_cost })
            }
            _ => Err(errors.into_inner()),
        }
    }
}

/// Reads a quantity that may be zero.
fn parse_found(errors: &mut Errors, field: &str, text: &str) -> Option<Qty> {
    let quantity =
        errors.take(field, Qty::parse(text, Unit::Kg).map_err(|error| (error.code(), number_text(error, None))))?;
    if quantity.is_negative() {
        errors.add(field, "negative", "La cantidad no puede ser negativa.", "It cannot be negative.");
        return None;
    }
    Some(quantity)
}
