//! Prices in a file, as a repricing: a column that names the product, by SKU or barcode, and one that says the price. The list
//! of prices that the shop exports is read back.

use std::collections::HashSet;

use gondola_sheets::{Content, FieldSpec, Row};
use uuid::Uuid;

use super::bodies::parse_reason;
use super::build::{BuildRepricing, PRICES_MAX};
use super::rule::{Rule, Wanted};
use crate::catalogue::{ByCodes, find_by_codes};
use crate::kernel::fields::{Read, parse_price, read};
use crate::kernel::text::clean_line;
use crate::kernel::{Errors, Problem, Reader, TableFile, Text, Upload};
use crate::stock::{ProductRef, REASON_MAX};

/// Bytes of a file at most.
pub(super) const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What the columns may be, by their place in [`FIELDS`].
const SKU: usize = 0;
const BARCODE: usize = 1;
const PRICE: usize = 2;
const FIELDS: [FieldSpec<'static>; 3] = [
    FieldSpec {
        name: "sku",
        synonyms: &["código", "codigo", "code", "código interno", "artículo", "product"],
        content: Content::Any,
    },
    FieldSpec {
        name: "código de barras",
        synonyms: &["ean", "barcode", "gtin", "codigo barra"],
        content: Content::Barcode,
    },
    FieldSpec {
        name: "precio",
        synonyms: &["price", "precio nuevo", "precio de venta", "nuevo precio", "new price", "sale price", "pvp"],
        content: Content::Any,
    },
];

/// What a row names its product by.
#[derive(Clone, Copy)]
enum Named<'r> {
    Sku(&'r str),
    Barcode(&'r str),
}

/// The repricing that a file is, with the products that its codes name.
///
/// # Errors
/// 422 on `file` with what is wrong with each line, and on `reason`.
pub(super) async fn repricing_of(upload: &Upload, reader: &mut Reader) -> Result<BuildRepricing, Problem> {
    let mut errors = Errors::new();
    let said = upload.form.given("reason").filter(|reason| !reason.trim().is_empty());
    let reason = read(&mut errors, "reason", said, parse_reason);
    errors.finish()?;
    let usual = || clean_line(&format!("Precios del archivo {}", upload.name), REASON_MAX);
    let reason = reason.or_else(|| usual().ok()).unwrap_or_else(|| "Precios de un archivo".to_owned());
    let otherwise = Text::new(
        "El archivo lleva títulos arriba: una columna SKU o Código de barras y otra Precio.",
        "The file has titles on top: a column SKU or Barcode and another Price.",
    );
    let file =
        TableFile::read(upload, (FILE_BYTES_MAX, PRICES_MAX), (&FIELDS, &[&[SKU, BARCODE], &[PRICE]]), otherwise)?;
    let (mut skus, mut barcodes) = (Vec::new(), Vec::new());
    for named in file.rows().iter().filter_map(|row| named(&file, row)) {
        match named {
            Named::Sku(sku) => skus.push(sku),
            Named::Barcode(code) => barcodes.push(code),
        }
    }
    let known = find_by_codes(&mut reader.tx(), &skus, &barcodes).await?;
    let mut seen = HashSet::new();
    let prices = file.each(|row| {
        let product = named(&file, row).ok_or_else(|| {
            ("required", Text::new("Falta el SKU o el código de barras.", "The SKU or the barcode is missing."))
        })?;
        let id = product_of(&known, product)?;
        let price = parse_price(&file.number(row, PRICE)?)?;
        if !seen.insert(id) {
            let told = Text::new("Ese producto ya está en el archivo.", "That product is in the file already.");
            return Err(("repeated", told));
        }
        Ok(Some((ProductRef::Id(id), price)))
    })?;
    let rule = Rule::Prices { prices: Vec::new() };
    Ok(BuildRepricing { wanted: Wanted::of(rule), prices, reason })
}

fn named<'r>(file: &TableFile, row: &'r Row) -> Option<Named<'r>> {
    let (sku, barcode) = (file.cell(row, SKU), file.cell(row, BARCODE));
    match (sku.is_empty(), barcode.is_empty()) {
        (false, _) => Some(Named::Sku(sku)),
        (true, false) => Some(Named::Barcode(barcode)),
        (true, true) => None,
    }
}

fn product_of(known: &ByCodes, named: Named<'_>) -> Read<Uuid> {
    let (found, code) = match named {
        Named::Sku(sku) => (known.skus.get(sku).copied(), sku),
        Named::Barcode(code) => (known.barcodes.get(code).map(|(product, _)| *product), code),
    };
    found.ok_or_else(|| {
        let es = format!("No hay ningún producto con el código {code}.");
        ("unknown_product", Text::new(es, format!("There is no product with the code {code}.")))
    })
}
