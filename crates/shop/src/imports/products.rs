//! Rows of products and of prices: what they say goes to the catalogue, which decides.

use std::collections::HashMap;
use std::ops::Range;

use gondola_store::protect::Opener;
use gondola_store::{Context, StoreError, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::cells::Cells;
use super::file::ListFile;
use super::kind::ImportKind;
use super::outcome::{Change, Outcome, RowError};
use super::repeats::barcode_texts;
use crate::catalogue::{self, Barcode, IntakeLine, Plan, ProductBody, Unknown, Was, When, plan_intake, write_intake};
use crate::kernel::problem::FieldProblem;
use crate::kernel::text::fold;
use crate::kernel::{Errors, Text};
use crate::prices::{LIST_GENERAL, LIST_WHOLESALE};

/// Fields that are not the API's of the same name.
const APART: [&str; 5] = ["barcode", "category", "subcategory", "price", "list"];

/// What rows come to: what is wrong, what the good ones will do, and which wait for another round
/// because an earlier row of this one is about the same product.
pub(super) struct Round {
    pub outcome: Outcome,
    pub plans: Vec<(u32, Plan)>,
    pub waiting: Vec<usize>,
}

/// Where a comparison takes place.
pub(super) struct Desk<'a> {
    pub file: &'a ListFile,
    /// Products that earlier rows of the file were about, and their lines.
    pub seen: &'a HashMap<Uuid, u32>,
    pub when: When,
    /// Who opens what products cost to buy.
    pub opener: Opener<'a>,
}

/// Compares rows with the shop. Nothing is written.
pub(super) async fn judge(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    rows: &[usize],
    new_id: impl FnMut() -> Uuid,
) -> Result<Round, StoreError> {
    let file = desk.file;
    let mut round = Round { outcome: Outcome::default(), plans: Vec::new(), waiting: Vec::new() };
    let (mut lines, mut places) = (Vec::new(), Vec::new());
    for at in rows {
        match read(file, *at) {
            Ok(line) => {
                lines.push(line);
                places.push(*at);
            }
            Err(errors) => round.outcome.errors.extend(errors),
        }
    }
    let unknown = if file.kind == ImportKind::Prices { Unknown::Refuse } else { Unknown::Create };
    let verdicts = plan_intake(tx, &desk.opener, &lines, unknown, desk.when, new_id).await?;
    let mut here: HashMap<Uuid, u32> = HashMap::new();
    for (at, verdict) in places.into_iter().zip(verdicts) {
        let line = file.row(at).line;
        match verdict {
            Err(problems) => round.outcome.errors.extend(told(file, at, problems)),
            Ok(plan) => {
                let product = plan.product.id;
                match (here.get(&product), desk.seen.get(&product)) {
                    (Some(_), _) if names_lists(file) => round.waiting.push(at),
                    (Some(first), _) | (None, Some(first)) if !names_lists(file) => {
                        round.outcome.errors.push(same_product(line, *first, &plan));
                    }
                    _ => {
                        here.insert(product, line);
                        for remark in &plan.remarks {
                            round.outcome.remarks.add(line, remark.code, &remark.value, &remark.detail);
                        }
                        round.plans.push((line, plan));
                    }
                }
            }
        }
    }
    count(&mut round.outcome, &round.plans);
    Ok(round)
}

/// Compares rows with the shop for a dry run.
pub(super) async fn check(
    tx: &mut Tx<'_>,
    desk: &Desk<'_>,
    rows: Range<usize>,
    mut new_id: impl FnMut() -> Uuid,
) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    let mut waiting = desk.file.order[rows].to_vec();
    while !waiting.is_empty() {
        let round = judge(tx, desk, &waiting, &mut new_id).await?;
        outcome.merge(round.outcome);
        waiting = round.waiting;
    }
    Ok(outcome)
}

/// Compares rows with the shop and writes what the good ones say.
pub(super) async fn apply(
    tx: &mut Tx<'_>,
    cx: &Context,
    desk: &Desk<'_>,
    rows: Range<usize>,
) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    let mut waiting = desk.file.order[rows].to_vec();
    while !waiting.is_empty() {
        let round = judge(tx, desk, &waiting, || cx.new_id()).await?;
        outcome.merge(round.outcome);
        waiting = round.waiting;
        let (lines, mut plans): (Vec<u32>, Vec<Plan>) = round.plans.into_iter().unzip();
        write_intake(tx, cx, &mut plans).await?;
        outcome.changes.extend(lines.into_iter().zip(&plans).filter_map(|(line, plan)| change(line, plan)));
    }
    Ok(outcome)
}

fn change(line: u32, plan: &Plan) -> Option<Change> {
    let before = match &plan.was {
        Was::Same => return None,
        Was::New { .. } => None,
        Was::Other(stored) => Some(catalogue::before(stored, &plan.product)),
    };
    Some(Change {
        line,
        target_kind: "product",
        target_id: plan.product.id,
        label: plan.product.sku.to_string(),
        before,
        version_after: plan.product.version,
    })
}

/// The catalogue's problems with a row, under the list's own fields.
fn told(file: &ListFile, at: usize, problems: Vec<FieldProblem>) -> Vec<RowError> {
    let row = file.row(at);
    let error = |problem: FieldProblem| {
        let name = problem.field.split(['.', '[']).next().unwrap_or_default();
        let field = match name {
            "barcodes" => "barcode",
            "sale_price" | "wholesale_price" if file.kind == ImportKind::Prices => "price",
            name => name,
        };
        let value = file.cell(row, field).unwrap_or_default();
        RowError::new(row.line, field, problem.code, problem.detail, value)
    };
    problems.into_iter().map(error).collect()
}

fn count(outcome: &mut Outcome, plans: &[(u32, Plan)]) {
    for (line, plan) in plans {
        outcome.good += 1;
        match plan.was {
            Was::New { .. } => outcome.created += 1,
            Was::Other(_) => outcome.changed += 1,
            Was::Same => {}
        }
        outcome.touched.push((plan.product.id, *line));
    }
}

/// A price list may name a product once per list.
fn names_lists(file: &ListFile) -> bool {
    file.kind == ImportKind::Prices && file.has("list")
}

fn same_product(line: u32, first: u32, plan: &Plan) -> RowError {
    let sku = plan.product.sku.as_str();
    let detail = Text::new(
        format!("Es el mismo producto que la línea {first} ({sku}). Dejá una sola de las dos."),
        format!("It is the same product as line {first} ({sku}). Keep one of the two."),
    );
    RowError::new(line, "", "repeated_row", detail, sku)
}

/// What a row says, or everything that is wrong with it.
fn read(file: &ListFile, at: usize) -> Result<IntakeLine, Vec<RowError>> {
    let mut cells = Cells::of(file, at);
    let barcodes = barcodes(&mut cells);
    let mut body = cells.body(&APART);
    if file.kind == ImportKind::Prices {
        add_price(&mut cells, &mut body);
    }
    let body: ProductBody = serde_json::from_value(Value::Object(body)).expect("cells are read into the API's types");
    let mut problems = Errors::new();
    let edit = body.parse(&mut problems);
    cells.errors.extend(told(file, at, problems.into_inner()));
    if !cells.errors.is_empty() {
        return Err(cells.errors);
    }
    let categories = [cells.text("subcategory"), cells.text("category")];
    Ok(IntakeLine { edit, barcodes, categories: categories.into_iter().flatten().map(str::to_owned).collect() })
}

fn barcodes(cells: &mut Cells<'_>) -> Vec<Barcode> {
    let mut barcodes: Vec<Barcode> = Vec::new();
    for text in barcode_texts(cells.text("barcode").unwrap_or_default()) {
        let code = Barcode::parse(text);
        barcodes.extend(cells.take("barcode", code).filter(|code| !barcodes.contains(code)));
    }
    barcodes
}

/// The price goes to the list the row names, or to the one of shelf and till.
fn add_price(cells: &mut Cells<'_>, body: &mut Map<String, Value>) {
    if cells.required("price").is_none() {
        return;
    }
    let Some(price) = cells.number("price") else { return };
    let list = cells.text("list").unwrap_or(LIST_GENERAL);
    let field = if fold(list) == fold(LIST_GENERAL) {
        "sale_price"
    } else if fold(list) == fold(LIST_WHOLESALE) {
        "wholesale_price"
    } else {
        let detail = Text::new(
            "Acá se cargan GENERAL y MAYORISTA; los precios de ESPECIAL se ponen en Precios.",
            "GENERAL and MAYORISTA are loaded here; those of ESPECIAL are set under Prices.",
        );
        return cells.add("list", "unknown_list", detail);
    };
    body.insert(field.to_owned(), price.into());
}
