//! The fields a column may feed, by kind of list: their names, the titles people give them in Spanish
//! and English, and the shape of their cells. The order matters where two fields share a title: the
//! first that is free takes the column.

use gondola_sheets::Content;

use super::kind::ImportKind;

/// A field of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, the API's where the API has it.
    pub name: &'static str,
    /// Titles people give it, the likeliest first.
    pub titles: &'static [&'static str],
    /// What its cells hold.
    pub shape: Shape,
}

/// What the cells of a field hold, and so how they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text, as it is.
    Text,
    /// A code of digits and letters, as it is.
    Code,
    /// One barcode or several, with commas, semicolons, slashes or bars between.
    Barcodes,
    /// A number, in whatever style the column writes decimals.
    Number,
    /// A percentage, with or without its sign.
    Percent,
    /// A whole number.
    Whole,
    /// Yes or no.
    Flag,
    /// A unit by any of its names.
    Unit,
    /// A quantity and its unit: `473 ml`.
    Content,
    /// A day: `31/12/2026` or `2026-12-31`.
    Day,
}

impl Field {
    /// What its cells look like to who guesses columns.
    pub fn content(&self) -> Content {
        if self.shape == Shape::Barcodes { Content::Barcode } else { Content::Any }
    }
}

const fn field(name: &'static str, shape: Shape, titles: &'static [&'static str]) -> Field {
    Field { name, titles, shape }
}

/// The fields of a kind of list.
pub fn of(kind: ImportKind) -> &'static [Field] {
    match kind {
        ImportKind::Products => PRODUCTS,
        ImportKind::Suppliers => SUPPLIERS,
        ImportKind::Stock => STOCK,
        ImportKind::Prices => PRICES,
    }
}

const SKU_TITLES: &[&str] =
    &["SKU", "código", "cod", "código de producto", "código artículo", "artículo", "code", "item code"];
const BARCODE_TITLES: &[&str] = &[
    "código de barras",
    "códigos de barras",
    "cod barras",
    "cod de barras",
    "código barra",
    "EAN",
    "EAN13",
    "GTIN",
    "UPC",
    "barras",
    "id_producto",
    "barcode",
    "barcodes",
    "código",
    "code",
];
const PRICE_TITLES: &[&str] = &[
    "precio de venta",
    "precio sugerido",
    "precio",
    "precio venta",
    "PVP",
    "precio público",
    "precio al público",
    "precio final",
    "precio lista",
    "precio de lista",
    "precio minorista",
    "p venta",
    "sale price",
    "price",
    "retail price",
];
const COST_TITLES: &[&str] = &[
    "costo",
    "precio de costo",
    "precio costo",
    "costo unitario",
    "último costo",
    "precio de compra",
    "cost",
    "unit cost",
    "acquisition cost",
    "purchase price",
];

const PRODUCTS: &[Field] = &[
    field("sku", Shape::Code, SKU_TITLES),
    field("barcode", Shape::Barcodes, BARCODE_TITLES),
    field(
        "name",
        Shape::Text,
        &[
            "nombre",
            "producto",
            "descripción",
            "artículo",
            "detalle",
            "denominación",
            "product",
            "product name",
            "description",
            "item",
        ],
    ),
    field("short_name", Shape::Text, &["nombre corto", "short name"]),
    field("description", Shape::Text, &["descripción larga", "descripción", "long description", "description"]),
    field("subcategory", Shape::Text, &["subcategoría", "subrubro", "subfamilia", "sub category"]),
    field("category", Shape::Text, &["categoría", "rubro", "familia", "departamento", "sección", "department"]),
    field("brand", Shape::Text, &["marca", "fabricante", "manufacturer"]),
    field("variant", Shape::Text, &["variante", "sabor", "flavour", "flavor"]),
    field("unit", Shape::Unit, &["unidad", "unidad de medida", "medida", "UM", "U M", "unit of measure", "uom"]),
    field("content", Shape::Content, &["contenido", "contenido neto", "net content", "size"]),
    field("sale_price", Shape::Number, PRICE_TITLES),
    field("wholesale_price", Shape::Number, &["precio mayorista", "mayorista", "precio por mayor"]),
    field("acquisition_cost", Shape::Number, COST_TITLES),
    field("replacement_cost", Shape::Number, &["costo de reposición", "costo reposición", "reposición"]),
    field("vat_rate", Shape::Percent, &["IVA", "alícuota", "alícuota IVA", "tasa IVA", "VAT", "tax rate"]),
    field("min_stock", Shape::Number, &["stock mínimo", "mínimo", "stock min", "minimum stock"]),
    field("max_stock", Shape::Number, &["stock máximo", "máximo", "stock max", "maximum stock"]),
    field("reorder_point", Shape::Number, &["punto de pedido", "punto de reposición", "reorder level"]),
    field("target_days", Shape::Whole, &["días objetivo", "días de cobertura"]),
    field("internal_code", Shape::Code, &["código interno", "cod interno", "número interno"]),
    field("scale_plu", Shape::Code, &["PLU", "PLU balanza", "código de balanza"]),
    field("sold_by_weight", Shape::Flag, &["pesable", "por peso", "se vende por peso"]),
    field("weight_g", Shape::Whole, &["peso en gramos", "peso g", "gramos", "weight g"]),
    field("perishable", Shape::Flag, &["perecedero", "vence"]),
    field("shelf_life_days", Shape::Whole, &["vida útil", "días de vida útil", "shelf life"]),
    field("alert_days", Shape::Whole, &["días de aviso", "aviso de vencimiento"]),
    field("internal_taxes", Shape::Flag, &["impuestos internos"]),
    field("alcohol", Shape::Flag, &["bebida alcohólica", "alcohólica"]),
    field("tobacco", Shape::Flag, &["tabaco"]),
    field("returnable", Shape::Flag, &["retornable", "envase retornable"]),
    field("notes", Shape::Text, &["notas", "observaciones", "comentarios", "remarks"]),
];

const SUPPLIERS: &[Field] = &[
    field("code", Shape::Code, &["código", "cod", "código de proveedor", "supplier code"]),
    field("name", Shape::Text, &["nombre", "proveedor", "razón social", "supplier", "supplier name"]),
];

const STOCK: &[Field] = &[
    field("sku", Shape::Code, SKU_TITLES),
    field("barcode", Shape::Barcodes, BARCODE_TITLES),
    field("location", Shape::Text, &["ubicación", "lugar", "depósito", "sucursal", "place", "warehouse"]),
    field(
        "quantity",
        Shape::Number,
        &["cantidad", "stock", "existencia", "existencias", "stock actual", "contado", "qty", "on hand"],
    ),
    field("unit_cost", Shape::Number, COST_TITLES),
    field("lot", Shape::Text, &["lote", "partida", "batch"]),
    field(
        "expires_on",
        Shape::Day,
        &["vencimiento", "fecha de vencimiento", "vence", "expiry", "expiry date", "best before"],
    ),
    field(
        "expected",
        Shape::Number,
        &["esperado", "stock esperado", "stock anterior", "stock sistema", "expected quantity"],
    ),
    field("position", Shape::Whole, &["posición", "posición del libro", "ledger position"]),
];

const PRICES: &[Field] = &[
    field("sku", Shape::Code, SKU_TITLES),
    field("barcode", Shape::Barcodes, BARCODE_TITLES),
    field("price", Shape::Number, PRICE_TITLES),
    field("list", Shape::Text, &["lista", "lista de precios", "price list"]),
];
