//! What the catalogue is asked over the API, and reading it: strings become quantities, prices and
//! codes, and every field that cannot is noted before anything is given up. The schemas say what is
//! accepted, so they stand here beside the rule.

use gondola_ledger::{Factor, Qty, Unit};
use gondola_store::protect::Protected;
use serde::Deserialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::codes::{parse_internal_code, parse_plu};
use super::fields::{
    bounded, each, given, line, must, named, parse_barcodes, parse_cost, parse_factor, parse_positive, parse_price,
    parse_quantity, parse_sku, parse_supplier, parse_unit, parse_vat, positive, prose, read, read_or_null,
};
use super::product::{Content, Dimensions, PresentationEdit, ProductEdit, ShelfTargetEdit, SupplierEdit};

use super::scalars::{
    BarcodeText, FactorText, ImageAddress, InternalCode, Label, Name, ScalePlu, ShortName, VatRate, Words,
};
use super::views::UnitCode;
use crate::kernel::Errors;
use crate::kernel::scalars::{CategoryCode, Cost, LocationCode, Price, Prose, Quantity, SkuText, SupplierCode};
use crate::stock::{MovedQuantity, Opening};

/// Characters of a product's name: 2 to this.
pub const NAME_MAX: usize = 200;
/// Characters of a short name at most.
pub const SHORT_NAME_MAX: usize = 40;
/// Characters of a brand, variant or presentation name at most.
pub const WORD_MAX: usize = 80;
/// Characters of a picture's address at most.
pub const IMAGE_MAX: usize = 500;
/// Grams and millimetres at most.
const MEASURE_MAX: i64 = 10_000_000;
/// Days of a policy at most.
const DAYS_MAX: i64 = 3_650;

/// A change to a product: what is not named stays as it is, `null` empties what may be empty, and a
/// list replaces the whole list.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ProductChange)]
#[serde(deny_unknown_fields)]
pub struct ProductBody {
    /// The code people use: trimmed, upper-cased, unique. A new product without one gets its
    /// category's code and six digits.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = SkuText)]
    sku: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Name)]
    name: Option<String>,
    /// For labels and tickets.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<ShortName>)]
    short_name: Option<Option<String>>,
    /// Free text.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Prose)]
    description: Option<String>,
    /// The code of its category.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = CategoryCode)]
    category: Option<String>,
    /// Its brand.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Words)]
    brand: Option<String>,
    /// Clásica, zero, light, a flavour.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Words)]
    variant: Option<String>,
    /// Where its picture is.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<ImageAddress>)]
    image: Option<Option<String>>,
    /// Notes for the people of the shop.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Prose)]
    notes: Option<String>,
    /// The unit its stock is kept in; fixed once it has movements.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = UnitCode)]
    unit: Option<String>,
    /// What one unit holds: 473 ml.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<ContentBody>)]
    content: Option<Option<ContentBody>>,
    /// Sold by weight; its unit is then kg or g.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    sold_by_weight: Option<bool>,
    /// Weight of one unit in grams.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 10000000)]
    weight_g: Option<Option<i64>>,
    /// Outer size of one unit.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DimensionsBody>)]
    dimensions: Option<Option<DimensionsBody>>,
    /// All barcodes of the unit itself: EAN-13, EAN-8, UPC-A, ITF-14.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<BarcodeText>, max_items = 50)]
    barcodes: Option<Vec<String>>,
    /// The shop's own number.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<InternalCode>)]
    internal_code: Option<Option<String>>,
    /// The scale's number.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<ScalePlu>)]
    scale_plu: Option<Option<String>>,
    /// All packs it comes in, besides the unit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<PresentationBody>, max_items = 20)]
    presentations: Option<Vec<PresentationBody>>,
    /// VAT in percent: 0, 2.5, 5, 10.5, 21 or 27. A new product takes its category's.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = VatRate)]
    vat_rate: Option<String>,
    /// Whether internal taxes are in its cost.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    internal_taxes: Option<bool>,
    /// Minimum stock; 5 for a new product that does not say.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Quantity)]
    min_stock: Option<String>,
    /// Maximum stock; three minimums for a new product that does not say.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Quantity)]
    max_stock: Option<String>,
    /// Order when stock falls here; the minimum for a new product that does not say.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Quantity)]
    reorder_point: Option<String>,
    /// For how many days to buy.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 3650)]
    target_days: Option<Option<i64>>,
    /// All shelf targets; a target of zero is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<ShelfTargetBody>, max_items = 50)]
    shelf_targets: Option<Vec<ShelfTargetBody>>,
    /// Whether it goes off. A new product takes its category's.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    perishable: Option<bool>,
    /// Days it lasts when the lot does not say.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 3650)]
    shelf_life_days: Option<Option<i64>>,
    /// Days before expiry to warn.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 3650)]
    alert_days: Option<Option<i64>>,
    /// All suppliers of the product, at most one of them the main one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<ProductSupplierBody>, max_items = 20)]
    suppliers: Option<Vec<ProductSupplierBody>>,
    /// Price on the GENERAL list.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Price>)]
    sale_price: Option<Option<String>>,
    /// Price on the MAYORISTA list: above the cost, at most the sale price.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Price>)]
    wholesale_price: Option<Option<String>>,
    /// What it costs to buy, as somebody wrote it down.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Cost>)]
    acquisition_cost: Option<Option<String>>,
    /// What it costs to buy again.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Cost>)]
    replacement_cost: Option<Option<String>>,
    /// Holds alcohol.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    alcohol: Option<bool>,
    /// Is tobacco.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    tobacco: Option<bool>,
    /// Comes in a returnable container.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    returnable: Option<bool>,
    /// Only a new product has it; see [`NewProductBody`].
    #[serde(default, deserialize_with = "given")]
    #[schema(ignore)]
    opening: Option<OpeningBody>,
}

/// A new product: the fields of a change, three of them required, and its opening stock.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct NewProductBody(ProductBody);

impl PartialSchema for NewProductBody {
    fn schema() -> RefOr<Schema> {
        let mut schema = ProductBody::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description = Some("A new product.".to_owned());
            object.required = ["name", "category", "unit"].map(str::to_owned).to_vec();
            object.properties.insert("opening".to_owned(), OpeningBody::schema());
        }
        schema
    }
}

impl ToSchema for NewProductBody {
    fn name() -> std::borrow::Cow<'static, str> {
        "NewProduct".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProductBody::schemas(schemas);
    }
}

/// What one unit holds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentBody {
    /// How much.
    #[schema(value_type = Quantity, required)]
    quantity: Option<String>,
    /// Of what.
    #[schema(value_type = UnitCode, required)]
    unit: Option<String>,
}

/// Outer size of one unit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionsBody {
    /// Width.
    #[schema(value_type = i64, required, minimum = 1, maximum = 10000000)]
    width_mm: Option<i64>,
    /// Height.
    #[schema(value_type = i64, required, minimum = 1, maximum = 10000000)]
    height_mm: Option<i64>,
    /// Depth.
    #[schema(value_type = i64, required, minimum = 1, maximum = 10000000)]
    depth_mm: Option<i64>,
}

/// A pack; one of the same name keeps its id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresentationBody {
    /// Its name.
    #[schema(value_type = Label, required)]
    name: Option<String>,
    /// How many base units it holds: `6`, `0.5` or `1/9`.
    #[schema(value_type = FactorText, required)]
    factor: Option<String>,
    /// Its own price.
    #[schema(value_type = Option<Price>)]
    price: Option<String>,
    /// Its barcodes.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<BarcodeText>, max_items = 50)]
    barcodes: Option<Vec<String>>,
}

/// What the shelf of a location should hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelfTargetBody {
    /// The code of the location.
    #[schema(value_type = LocationCode, required)]
    location: Option<String>,
    /// How much.
    #[schema(value_type = Quantity, required)]
    quantity: Option<String>,
}

/// How one supplier sells the product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductSupplierBody {
    /// The code of the supplier.
    #[schema(value_type = SupplierCode, required)]
    supplier: Option<String>,
    /// What the supplier calls the product.
    #[schema(value_type = Option<Words>)]
    supplier_sku: Option<String>,
    /// Base units in the pack it is bought in; 1 when it is not said.
    #[schema(value_type = Option<FactorText>)]
    pack: Option<String>,
    /// What it cost there last; when it is not said, what is known stays.
    #[schema(value_type = Option<Cost>)]
    last_cost: Option<String>,
    /// Days from order to delivery.
    #[schema(minimum = 1, maximum = 3650)]
    lead_days: Option<i64>,
    /// Whether it is bought here first.
    main: Option<bool>,
}

/// Stock that is there when the product is created: one movement, counted once.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Opening)]
#[serde(deny_unknown_fields)]
pub struct OpeningBody {
    /// The code of the location.
    #[schema(value_type = LocationCode, required)]
    location: Option<String>,
    /// How much, in the product's unit.
    #[schema(value_type = MovedQuantity, required)]
    quantity: Option<String>,
    /// What one unit cost.
    #[schema(value_type = Option<Cost>)]
    unit_cost: Option<String>,
}

impl NewProductBody {
    /// Reads the body of a new product.
    pub fn parse(self, errors: &mut Errors) -> (ProductEdit, Option<Opening>) {
        let mut body = self.0;
        let opening = body.opening.take();
        for (field, missing) in
            [("name", body.name.is_none()), ("category", body.category.is_none()), ("unit", body.unit.is_none())]
        {
            if missing {
                errors.required::<()>(field, None);
            }
        }
        let edit = body.parse(errors);
        let opening = opening.map(|opening| opening.parse(edit.unit, errors));
        (edit, opening.flatten())
    }
}

impl ProductBody {
    /// Reads a change.
    pub fn parse(self, errors: &mut Errors) -> ProductEdit {
        if self.opening.is_some() {
            errors.add(
                "opening",
                "unknown_field",
                "El stock no se cambia editando el producto. Registrá un movimiento.",
                "Editing a product never changes its stock. Record a movement.",
            );
        }
        ProductEdit {
            sku: read(errors, "sku", self.sku, parse_sku),
            name: read(errors, "name", self.name, |text| line(text, 2, NAME_MAX)),
            short_name: read_or_null(errors, "short_name", self.short_name, |t| line(t, 0, SHORT_NAME_MAX))
                .map(|name| name.filter(|name| !name.is_empty())),
            description: read(errors, "description", self.description, prose),
            category: self.category.map(|code| code.trim().to_ascii_uppercase()),
            brand: read(errors, "brand", self.brand, |text| line(text, 0, WORD_MAX)),
            variant: read(errors, "variant", self.variant, |text| line(text, 0, WORD_MAX)),
            image: read_or_null(errors, "image", self.image, |text| line(text, 0, IMAGE_MAX))
                .map(|image| image.filter(|image| !image.is_empty())),
            notes: read(errors, "notes", self.notes, prose),
            unit: read(errors, "unit", self.unit, parse_unit),
            content: self.content.map(|content| content.and_then(|content| content.parse(errors))),
            sold_by_weight: self.sold_by_weight,
            weight_g: bounded(errors, "weight_g", self.weight_g, MEASURE_MAX),
            dimensions: self.dimensions.map(|size| size.and_then(|size| size.parse(errors))),
            internal_code: read_or_null(errors, "internal_code", self.internal_code, parse_internal_code),
            scale_plu: read_or_null(errors, "scale_plu", self.scale_plu, parse_plu),
            vat_bp: read(errors, "vat_rate", self.vat_rate, parse_vat),
            internal_taxes: self.internal_taxes,
            min_stock: read(errors, "min_stock", self.min_stock, parse_quantity),
            max_stock: read(errors, "max_stock", self.max_stock, parse_quantity),
            reorder_point: read(errors, "reorder_point", self.reorder_point, parse_quantity),
            target_days: bounded(errors, "target_days", self.target_days, DAYS_MAX),
            perishable: self.perishable,
            shelf_life_days: bounded(errors, "shelf_life_days", self.shelf_life_days, DAYS_MAX),
            alert_days: bounded(errors, "alert_days", self.alert_days, DAYS_MAX),
            acquisition_cost: read_or_null(errors, "acquisition_cost", self.acquisition_cost, parse_cost)
                .map(|cost| cost.map(Protected::new)),
            replacement_cost: read_or_null(errors, "replacement_cost", self.replacement_cost, parse_cost),
            alcohol: self.alcohol,
            tobacco: self.tobacco,
            returnable: self.returnable,
            sale_price: read_or_null(errors, "sale_price", self.sale_price, parse_price),
            wholesale_price: read_or_null(errors, "wholesale_price", self.wholesale_price, parse_price),
            barcodes: self.barcodes.map(|codes| parse_barcodes(errors, "barcodes", &codes)),
            presentations: self.presentations.map(|list| each(list, errors, PresentationBody::parse)),
            shelf_targets: self.shelf_targets.map(|list| each(list, errors, ShelfTargetBody::parse)),
            suppliers: self.suppliers.map(|list| each(list, errors, ProductSupplierBody::parse)),
        }
    }
}

impl ContentBody {
    fn parse(self, errors: &mut Errors) -> Option<Content> {
        let quantity = must(errors, "content.quantity", self.quantity, parse_positive);
        let unit = must(errors, "content.unit", self.unit, parse_unit);
        Some(Content { quantity: quantity?, unit: unit? })
    }
}

impl DimensionsBody {
    fn parse(self, errors: &mut Errors) -> Option<Dimensions> {
        let mut side = |field: &str, value: Option<i64>| {
            let value = errors.required(field, value);
            bounded(errors, field, Some(value), MEASURE_MAX).flatten()
        };
        let width_mm = side("dimensions.width_mm", self.width_mm);
        let height_mm = side("dimensions.height_mm", self.height_mm);
        let depth_mm = side("dimensions.depth_mm", self.depth_mm);
        Some(Dimensions { width_mm: width_mm?, height_mm: height_mm?, depth_mm: depth_mm? })
    }
}

impl PresentationBody {
    fn parse(self, index: usize, errors: &mut Errors) -> Option<PresentationEdit> {
        let field = |name: &str| format!("presentations[{index}].{name}");
        let name = must(errors, &field("name"), self.name, |text| line(text, 1, WORD_MAX));
        let factor = must(errors, &field("factor"), self.factor, parse_factor);
        let price = read(errors, &field("price"), self.price, parse_price);
        let barcodes = parse_barcodes(errors, &field("barcodes"), &self.barcodes.unwrap_or_default());
        Some(PresentationEdit { name: name?, factor: factor?, price, barcodes })
    }
}

impl ShelfTargetBody {
    fn parse(self, index: usize, errors: &mut Errors) -> Option<ShelfTargetEdit> {
        let location = errors.required(&format!("shelf_targets[{index}].location"), self.location);
        let quantity = must(errors, &format!("shelf_targets[{index}].quantity"), self.quantity, parse_quantity);
        Some(ShelfTargetEdit { location: location?, quantity: quantity? })
    }
}

impl ProductSupplierBody {
    fn parse(self, index: usize, errors: &mut Errors) -> Option<SupplierEdit> {
        let field = |name: &str| format!("suppliers[{index}].{name}");
        let supplier = must(errors, &field("supplier"), self.supplier, parse_supplier);
        let supplier_sku = self.supplier_sku.unwrap_or_default();
        let supplier_sku = read(errors, &field("supplier_sku"), Some(supplier_sku), |t| line(t, 0, WORD_MAX));
        let pack = read(errors, &field("pack"), self.pack, parse_factor).unwrap_or(Factor::ONE);
        let last_cost = read(errors, &field("last_cost"), self.last_cost, parse_cost);
        let lead_days = bounded(errors, &field("lead_days"), Some(self.lead_days), DAYS_MAX).flatten();
        Some(SupplierEdit {
            supplier: supplier?,
            supplier_sku: supplier_sku?,
            pack,
            last_cost,
            lead_days,
            main: self.main.unwrap_or(false),
        })
    }
}

impl OpeningBody {
    fn parse(self, unit: Option<Unit>, errors: &mut Errors) -> Option<Opening> {
        let unit = unit.unwrap_or(Unit::Kg);
        let location = errors.required("opening.location", self.location);
        let quantity = must(errors, "opening.quantity", self.quantity, |text| positive(Qty::parse(text, unit), unit));
        let unit_cost = read(errors, "opening.unit_cost", self.unit_cost, parse_cost);
        Some(Opening { location: location?, quantity: quantity?, unit_cost })
    }
}
