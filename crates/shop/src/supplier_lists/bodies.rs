//! What is said about suppliers' lists, over the API as JSON and from the pages as a form. Texts become values here, all field
//! errors at once.

use gondola_vault::sha256;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::change::{ChangeList, LineEdit, ListEdit};
use super::fields::{ListField, Mapping};
use super::grid::{COLUMNS_MAX, ReadList};
use super::load::LoadList;
use super::refusal::known_fields;
use super::scalars::{PriceListField, PriceListName};
use crate::kernel::body::given;
use crate::kernel::fields::{Read, line, named, parse_date, read, read_or_null};
use crate::kernel::scalars::{Day as DayText, ProductName};
use crate::kernel::{Errors, Problem, Upload};
use crate::stock::parse_product;

/// Characters of a list's name at most.
pub const NAME_MAX: usize = 100;
/// Lines corrected at once at most.
pub const EDITS_MAX: usize = 1_000;
/// Line of a file at most.
const LINE_MAX: i64 = 1_000_000;
/// Units of a case at most.
const PACK_MAX: i64 = 10_000;

fn list_name(text: &str) -> Read<String> {
    line(text, 1, NAME_MAX)
}

/// What tells one request to load a list from another: the file and what is said of it.
pub(super) fn fingerprint(upload: &Upload) -> [u8; 32] {
    let mut said = sha256(&upload.bytes).to_vec();
    for name in ["supplier", "name", "valid_from", "valid_to"] {
        said.push(0);
        said.extend_from_slice(upload.form.value(name).as_bytes());
    }
    sha256(&said)
}

/// What arrived with a file, once it was read.
///
/// # Errors
/// 422 with every field's problem.
pub(super) fn loading(supplier: String, upload: &Upload, read_list: ReadList) -> Result<LoadList, Problem> {
    let filled = |name: &str| upload.form.given(name).filter(|text| !text.trim().is_empty());
    let mut errors = Errors::new();
    let name = read(&mut errors, "name", filled("name"), list_name);
    let valid_from = read(&mut errors, "valid_from", filled("valid_from"), parse_date);
    let valid_to = read(&mut errors, "valid_to", filled("valid_to"), parse_date);
    errors.finish()?;
    let digest = sha256(&upload.bytes).to_vec();
    let file_name = upload.name.chars().take(NAME_MAX).collect();
    Ok(LoadList { supplier, read: read_list, digest, file_name, name, valid_from, valid_to })
}

/// What changes about a list: what is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PriceListEdits, example = json!({"columns": ["code", "text", null, "price"], "lines": [{"line": 7, "product": "sku:VINO"}]}))]
#[serde(deny_unknown_fields)]
pub struct ListBody {
    /// What it is called.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PriceListName)]
    pub name: Option<String>,
    /// Its first day.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = DayText)]
    pub valid_from: Option<String>,
    /// Its last day; null when it has none.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<DayText>)]
    pub valid_to: Option<Option<String>>,
    /// What each column feeds, in their order; null for one that is not used. The lines are read again, and the supplier's
    /// next list goes by it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<Option<PriceListField>>, max_items = 64)]
    pub columns: Option<Vec<Option<String>>>,
    /// Some of its lines, at most 1,000.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<LineBody>, max_items = 1000)]
    pub lines: Option<Vec<LineBody>>,
}

/// What changes about a line: what is not named stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PriceListLineEdit)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    /// Its line in the file.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i64, required, minimum = 1, maximum = 1000000)]
    pub line: Option<i64>,
    /// Which product it is; null for none of the shop's. The supplier's next list goes by it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<ProductName>)]
    pub product: Option<Option<String>>,
    /// Units of a case; null when the list does not say.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 10000)]
    pub units_per_case: Option<Option<i64>>,
    /// Whether it is to be applied.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub chosen: Option<bool>,
}

impl ListBody {
    /// The command, or every field's problem.
    ///
    /// # Errors
    /// 422 with all of them.
    pub(super) fn parse(self, id: Uuid, version: i64) -> Result<ChangeList, Problem> {
        let mut errors = Errors::new();
        let edit = ListEdit {
            name: read(&mut errors, "name", self.name, list_name),
            valid_from: read(&mut errors, "valid_from", self.valid_from, parse_date),
            valid_to: read_or_null(&mut errors, "valid_to", self.valid_to, parse_date),
            columns: self.columns.map(|columns| parse_columns(&mut errors, columns)),
            lines: parse_lines(&mut errors, self.lines.unwrap_or_default()),
        };
        errors.finish()?;
        Ok(ChangeList { id, version, edit })
    }
}

fn parse_columns(errors: &mut Errors, columns: Vec<Option<String>>) -> Mapping {
    if columns.len() > COLUMNS_MAX {
        let (es, en) = (format!("Van hasta {COLUMNS_MAX} columnas."), format!("It takes up to {COLUMNS_MAX} columns."));
        errors.add("columns", "out_of_range", es, en);
        return Mapping::new();
    }
    let field = |(at, code): (usize, Option<String>)| {
        let code = code?;
        let field = ListField::from_code(&code);
        if field.is_none() {
            let known = known_fields();
            let (es, en) = (format!("Se aceptan: {known}."), format!("Accepted: {known}."));
            errors.add(&format!("columns[{at}]"), "unknown_field", es, en);
        }
        field
    };
    columns.into_iter().enumerate().map(field).collect()
}

fn parse_lines(errors: &mut Errors, lines: Vec<LineBody>) -> Vec<LineEdit> {
    if lines.len() > EDITS_MAX {
        errors.add("lines", "out_of_range", "Van hasta 1.000 renglones.", "It takes up to 1,000 lines.");
        return Vec::new();
    }
    let edit = |(at, body): (usize, LineBody)| {
        let field = format!("lines[{at}].line");
        let number = errors.required(&field, body.line);
        if number.is_some_and(|line| !(1..=LINE_MAX).contains(&line)) {
            errors.add(&field, "out_of_range", "Los renglones se cuentan desde 1.", "Lines are counted from 1.");
        }
        let product = match body.product {
            Some(Some(text)) => Some(errors_product(errors, at, &text)),
            Some(None) => Some(None),
            None => None,
        };
        let units = body.units_per_case.map(|units| units.and_then(|units| parse_units(errors, at, units)));
        LineEdit { line: number.unwrap_or_default(), product, units_per_case: units, chosen: body.chosen }
    };
    lines.into_iter().enumerate().map(edit).collect()
}

fn errors_product(errors: &mut Errors, at: usize, text: &str) -> Option<crate::stock::ProductRef> {
    let mut apart = Errors::new();
    let product = parse_product(&mut apart, text);
    if product.is_none() {
        let (es, en) = ("Va como sku:VINO, o su id.", "It is written as sku:VINO, or its id.");
        errors.add(&format!("lines[{at}].product"), "bad_product", es, en);
    }
    product
}

fn parse_units(errors: &mut Errors, at: usize, units: i64) -> Option<u32> {
    if !(1..=PACK_MAX).contains(&units) {
        let (es, en) = ("Van de 1 a 10.000 unidades.", "It takes 1 to 10,000 units.");
        errors.add(&format!("lines[{at}].units_per_case"), "out_of_range", es, en);
        return None;
    }
    u32::try_from(units).ok()
}
