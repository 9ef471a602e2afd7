//! Rows of stock: how much there is of a product at a place. The difference is posted by the stock
//! feature, anchored to what the product's ledger looked like when the import began: goods that move
//! meanwhile are told, never overwritten.

use std::collections::HashMap;
use std::ops::Range;

use gondola_ledger::{Channel, NumberError, Qty, Unit, UnitCost};
use gondola_store::{Context, Fail, StoreError, Tx};
use uuid::Uuid;

use super::cells::Cells;
use super::file::ListFile;
use super::outcome::{Change, Outcome, RowError};
use super::repeats::barcode_texts;
use crate::catalogue::{Barcode, ByCodes, find_by_codes};
use crate::kernel::Text;
use crate::kernel::numbers::number_text;
use crate::kernel::text::{Sku, clean_line, fold};
use crate::stock::{Book, LOT_CODE_MAX, LotRef, Places, ProductRef, Setting, Source, StockRefusal};

/// Why a stock movement of an import was made.
const REASON: &str = "Importación de stock";

/// A row, read.
struct StockLine {
    line: u32,
    sku: Option<String>,
    barcode: Option<Barcode>,
    setting: Setting,
}

/// Posts what rows say. `anchors` has each product's last movement when the import began, or the
/// import's own last one.
pub(super) async fn apply(
    tx: &mut Tx<'_>,
    cx: &Context,
    import: Uuid,
    file: &ListFile,
    rows: Range<usize>,
    anchors: &HashMap<Uuid, i64>,
) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    let Resolved { lines, lost } = resolve(tx, file, rows, &mut outcome).await?;
    let products: Vec<ProductRef> = lines.iter().map(|line| ProductRef::Id(line.setting.product)).collect();
    let mut book = Book::open(tx, cx, Channel::Import, &products).await?;
    let source = Source { kind: "import", id: import };
    for StockLine { line, setting, .. } in lost {
        let location = code_of(book.places(), &setting.location).unwrap_or(setting.location);
        if let Err(refusal) = book.place("location", &location) {
            outcome.errors.push(refused(file, line, &refusal));
        }
    }
    let mut posted = HashMap::new();
    for StockLine { line, mut setting, .. } in lines {
        setting.position = setting.position.or_else(|| anchors.get(&setting.product).copied());
        if let Some(code) = code_of(book.places(), &setting.location) {
            setting.location = code;
        }
        match book.set(tx, &setting, Some(source)).await {
            Ok(Some(movement)) => drop(posted.insert(movement.id, (line, book.sku_of(setting.product)))),
            Ok(None) => {}
            Err(Fail::Refused(refusal)) => {
                outcome.errors.extend(refusal.parts().iter().map(|part| refused(file, line, part)));
                continue;
            }
            Err(Fail::Failed(error)) => return Err(error),
            Err(_) => return Err(StoreError::meanwhile("posting asks for no right of its own")),
        }
        outcome.good += 1;
    }
    for movement in book.close(tx).await? {
        let Some((line, label)) = posted.remove(&movement.id) else { continue };
        outcome.changed += 1;
        outcome.sequences.push((movement.product, movement.sequence));
        outcome.changes.push(Change {
            line,
            target_kind: "movement",
            target_id: movement.id,
            label,
            before: None,
            version_after: movement.sequence,
        });
    }
    Ok(outcome)
}

/// The code of a place that a row calls by its code or its name.
fn code_of(places: &Places, text: &str) -> Option<String> {
    let wanted = fold(text);
    let named = places.all().iter().find(|place| fold(&place.code) == wanted || fold(&place.name) == wanted);
    named.map(|place| place.code.clone())
}

/// The products that a file's rows are about; rows that name none are left for later to tell.
pub(super) async fn products(tx: &mut Tx<'_>, file: &ListFile, rows: Range<usize>) -> Result<Vec<Uuid>, StoreError> {
    let resolved = resolve(tx, file, rows, &mut Outcome::default()).await?;
    Ok(resolved.lines.into_iter().map(|line| line.setting.product).collect())
}

/// Rows that could be read.
struct Resolved {
    /// Those of a product.
    lines: Vec<StockLine>,
    /// Those of none, which was told.
    lost: Vec<StockLine>,
}

async fn resolve(
    tx: &mut Tx<'_>,
    file: &ListFile,
    rows: Range<usize>,
    outcome: &mut Outcome,
) -> Result<Resolved, StoreError> {
    let mut lines = Vec::new();
    for at in &file.order[rows] {
        match read(file, *at) {
            Ok(line) => lines.push(line),
            Err(errors) => outcome.errors.extend(errors),
        }
    }
    let skus: Vec<&str> = lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    let barcodes: Vec<&str> = lines.iter().filter_map(|line| line.barcode.as_ref()).map(Barcode::as_str).collect();
    let known = find_by_codes(tx, &skus, &barcodes).await?;
    let mut resolved = Resolved { lines: Vec::with_capacity(lines.len()), lost: Vec::new() };
    for mut line in lines {
        match product_of(&line, &known) {
            Ok(product) => {
                line.setting.product = product;
                resolved.lines.push(line);
            }
            Err(error) => {
                outcome.errors.push(error);
                resolved.lost.push(line);
            }
        }
    }
    Ok(resolved)
}

fn product_of(line: &StockLine, known: &ByCodes) -> Result<Uuid, RowError> {
    let barcode = line.barcode.as_ref().map(Barcode::as_str);
    let by_barcode = barcode.and_then(|code| known.barcodes.get(code));
    let (field, code) = match (&line.sku, barcode) {
        (Some(sku), _) => ("sku", sku.as_str()),
        (None, barcode) => ("barcode", barcode.unwrap_or_default()),
    };
    let error = |code_of_error, es: String, en: String| {
        Err(RowError::new(line.line, field, code_of_error, Text::new(es, en), code))
    };
    let found = if field == "sku" { known.skus.get(code).copied() } else { by_barcode.map(|(product, _)| *product) };
    let Some(product) = found else {
        return error(
            "unknown_product",
            format!("No hay ningún producto con el código {code}. Cargalo primero en el catálogo."),
            format!("There is no product with the code {code}. Add it to the catalogue first."),
        );
    };
    match by_barcode {
        Some((_, Some(_))) if field == "barcode" => error(
            "barcode_of_presentation",
            "Ese código es de un pack. Poné el código de la unidad, o el SKU, y la cantidad en unidades.".to_owned(),
            "That code is of a pack. Give the code of the unit, or the SKU, and the quantity in units.".to_owned(),
        ),
        Some((owner, _)) if *owner != product => error(
            "codes_disagree",
            "El SKU y el código de barras son de productos distintos. Corregí uno de los dos.".to_owned(),
            "SKU and barcode are of different products. Correct one of the two.".to_owned(),
        ),
        _ => Ok(product),
    }
}

fn read(file: &ListFile, at: usize) -> Result<StockLine, Vec<RowError>> {
    let mut cells = Cells::of(file, at);
    let sku = cells.text("sku").and_then(|text| cells.take("sku", Sku::parse(text)));
    let barcode = barcode_texts(cells.text("barcode").unwrap_or_default()).next();
    let barcode = barcode.and_then(|text| cells.take("barcode", Barcode::parse(text)));
    if sku.is_none() && barcode.is_none() && cells.errors.is_empty() {
        let field = if file.has("sku") { "sku" } else { "barcode" };
        cells.required(field);
    }
    let quantity = cells.required("quantity").and_then(|_| quantity(&mut cells, "quantity"));
    let expected = quantity_if_any(&mut cells, "expected");
    let position = cells.number("position").and_then(|text| {
        let whole = text.parse::<i64>();
        let not_whole = ("not_whole", Text::new("Tiene que ser un número entero.", "It must be a whole number."));
        cells.take("position", whole.map_err(|_| not_whole))
    });
    let unit_cost = cells.number("unit_cost").and_then(|text| {
        cells.take("unit_cost", UnitCost::parse(&text).map_err(|error| (error.code(), number_text(error, None))))
    });
    let lot = lot(&mut cells);
    let location = location(file, &mut cells);
    match (quantity, location) {
        (Some(quantity), Some(location)) if cells.errors.is_empty() => Ok(StockLine {
            line: cells.line(),
            sku: sku.map(|sku| sku.to_string()),
            barcode,
            setting: Setting {
                product: Uuid::nil(),
                location,
                lot,
                quantity,
                unit_cost,
                expected,
                position,
                reason: REASON.to_owned(),
            },
        }),
        _ => Err(cells.errors),
    }
}

fn quantity(cells: &mut Cells<'_>, field: &str) -> Option<Qty> {
    let text = cells.number(field)?;
    let quantity = Qty::parse(&text, Unit::Kg)
        .and_then(|quantity| if quantity.is_negative() { Err(NumberError::Negative) } else { Ok(quantity) });
    cells.take(field, quantity.map_err(|error| (error.code(), number_text(error, None))))
}

/// What the shop's own book said may be below zero, so it is read with its sign.
fn quantity_if_any(cells: &mut Cells<'_>, field: &str) -> Option<Qty> {
    let text = cells.number(field)?;
    let quantity = Qty::parse(&text, Unit::Kg).map_err(|error| (error.code(), number_text(error, None)));
    cells.take(field, quantity)
}

fn lot(cells: &mut Cells<'_>) -> Option<LotRef> {
    let expires_on = cells.day("expires_on");
    let code = match cells.text("lot") {
        None => Some(String::new()),
        Some(text) => cells.take("lot", clean_line(text, LOT_CODE_MAX)),
    };
    let code = code?;
    (!code.is_empty() || expires_on.is_some()).then_some(LotRef { code, expires_on })
}

fn location(file: &ListFile, cells: &mut Cells<'_>) -> Option<String> {
    let location = cells.text("location").map(str::to_lowercase).or_else(|| file.location.clone());
    if location.is_none() {
        let detail = Text::new(
            "Falta decir dónde está: agregá una columna «Ubicación», o elegí el lugar al importar.",
            "Say where it is: add a column \"Location\", or choose the place when importing.",
        );
        cells.add("location", "required", detail);
    }
    location
}

/// The stock feature's refusal under the list's own fields.
fn refused(file: &ListFile, line: u32, refusal: &StockRefusal) -> RowError {
    let field = match refusal.field() {
        Some("from" | "to") => "location",
        Some("product") => "sku",
        Some(field) => field,
        None => "",
    };
    let row = file.table.rows.binary_search_by_key(&line, |row| row.line).ok().map(|at| file.row(at));
    let value = row.and_then(|row| file.cell(row, field)).unwrap_or_default();
    RowError::new(line, field, refusal.code(), refusal.text(), value)
}
