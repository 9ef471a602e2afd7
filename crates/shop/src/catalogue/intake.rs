//! Products that come as a list: each line is found by its codes and meets the product it names, or
//! becomes a new one. Planning only reads, so that the same decisions serve a dry run and the real
//! one; writing takes the plans of a thousand lines with a handful of statements.
//!
//! Not here: files, columns and cells (`imports`), and undoing (`restore.rs`).

use gondola_store::protect::Opener;
use gondola_store::{At, Context, StoreError, Tx};
use uuid::Uuid;

use super::barcode::Barcode;
use super::categories::{self, Category, GENERAL};
use super::draft::draft;
use super::edit::{self, References};
use super::known::Known;
use super::many::{add_all, by_product, count_up, references};
use super::product::{Product, ProductEdit};
use super::refusals::{CodeKind, taken_field};
use super::taken;
use super::write::{self, Changed, Part};
use crate::kernel::problem::FieldProblem;
use crate::kernel::text::fold;
use crate::kernel::time::Day;
use crate::kernel::{Errors, Text};
use crate::prices::Source;

/// One line of a list, read and not yet compared with the shop.
#[derive(Debug, Clone, Default)]
pub struct IntakeLine {
    /// What it says. Its SKU finds the product; barcodes and category stand below.
    pub edit: ProductEdit,
    /// Barcodes: they find the product when there is no SKU, and are added to it.
    pub barcodes: Vec<Barcode>,
    /// What it calls the category, the most exact word first; codes or names.
    pub categories: Vec<String>,
}

/// When a list is looked at.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// The instant.
    pub now: At,
    /// The shop's day.
    pub day: Day,
}

/// What happens to a line whose product the shop does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// It becomes a product.
    Create,
    /// It is refused: a price list creates nothing.
    Refuse,
}

/// What a line will do, or why it cannot.
pub type Verdict = Result<Plan, Vec<FieldProblem>>;

/// What a line will do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The product as it will be.
    pub product: Product,
    /// What it was before.
    pub was: Was,
    /// What deserves a look; the line goes in.
    pub remarks: Vec<Remark>,
    parts: Vec<Part>,
}

/// What a product was before its line.
#[derive(Debug, Clone)]
pub enum Was {
    /// It was not there.
    New {
        /// Whether the shop gives it its code.
        without_code: bool,
    },
    /// It was there, and the line says nothing new.
    Same,
    /// It was there and changes.
    Other(Box<Product>),
}

/// Something that deserves a look though the line goes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Stable code.
    pub code: &'static str,
    /// What the line said.
    pub value: String,
    /// What was done about it.
    pub detail: Text,
}

/// Compares lines with the shop. Nothing is written.
///
/// # Errors
/// [`StoreError`] when the database fails; what is wrong with a line is in its verdict.
pub async fn plan(
    tx: &mut Tx<'_>,
    opener: &Opener<'_>,
    lines: &[IntakeLine],
    unknown: Unknown,
    when: When,
    mut new_id: impl FnMut() -> Uuid,
) -> Result<Vec<Verdict>, StoreError> {
    let mut known = Known::load(tx, lines).await?;
    let costs = lines.iter().any(|line| line.edit.touches_cost() || line.edit.touches_prices());
    if costs {
        known.open_costs(tx, opener).await?;
    }
    let mut references = references(tx, when.day, lines.iter().map(|line| &line.edit)).await?;
    references.categories = categories::all(tx).await?;
    let judge = Judge { known: &known, references: &references, unknown, now: when.now };
    let verdicts = lines.iter().map(|line| judge.line(line, &mut new_id)).collect::<Result<Vec<Verdict>, _>>();
    let mut verdicts = verdicts?;
    refuse_taken(tx, lines, &mut verdicts).await?;
    Ok(verdicts)
}

/// Writes plans made in this transaction. Products without a code get theirs here.
///
/// # Errors
/// [`StoreError`]; it is retryable when somebody else took a code or changed a product meanwhile.
pub async fn write(tx: &mut Tx<'_>, cx: &Context, plans: &mut [Plan]) -> Result<(), StoreError> {
    let (mut new, mut without_code) = (Vec::new(), Vec::new());
    let mut changed = Vec::new();
    for plan in plans.iter_mut() {
        match &plan.was {
            Was::Same => {}
            Was::New { without_code: without } => {
                new.push(Ok(plan.product.clone()));
                without_code.push(*without);
            }
            Was::Other(stored) => {
                count_up(cx, &mut plan.product, stored.sale_price);
                changed.push(Changed { product: plan.product.clone(), parts: plan.parts.clone() });
            }
        }
    }
    add_all(tx, cx, Source::Import, &without_code, &mut new).await?;
    write::update(tx, cx, Source::Import, &changed).await?;
    let plans_of_new = plans.iter_mut().filter(|plan| matches!(plan.was, Was::New { .. }));
    for (plan, added) in plans_of_new.zip(new) {
        // What the plan saw is not so any more: planning again finds out how.
        plan.product = added.map_err(|_| StoreError::meanwhile("a code of the list was taken"))?;
    }
    Ok(())
}

struct Judge<'a> {
    known: &'a Known,
    references: &'a References,
    unknown: Unknown,
    now: At,
}

impl Judge<'_> {
    fn line(&self, line: &IntakeLine, new_id: &mut impl FnMut() -> Uuid) -> Result<Verdict, StoreError> {
        let mut errors = Errors::new();
        let stored = self.known.find(line, &mut errors);
        if errors.is_empty() && stored.is_none() && self.unknown == Unknown::Refuse {
            self.known.refuse_unknown(line, &mut errors);
        }
        if !errors.is_empty() {
            return Ok(Err(errors.into_inner()));
        }
        let mut remarks = Vec::new();
        let mut edit = line.edit.clone();
        edit.category = self.category(line, stored, &mut remarks);
        edit.barcodes = with_new_barcodes(line, stored);
        match stored {
            None => self.create(&edit, remarks, new_id),
            Some(stored) => Ok(self.change(stored, &edit, remarks, new_id)),
        }
    }

    fn create(
        &self,
        edit: &ProductEdit,
        remarks: Vec<Remark>,
        new_id: &mut impl FnMut() -> Uuid,
    ) -> Result<Verdict, StoreError> {
        let mut errors = Errors::new();
        errors.required("name", edit.name.as_ref());
        let mut product = draft(new_id(), self.now, &self.references.categories, edit)?;
        edit::apply(edit, &mut product, self.references, new_id, &mut errors);
        if !errors.is_empty() {
            return Ok(Err(errors.into_inner()));
        }
        product.price_changed_at = product.sale_price.map(|_| self.now);
        Ok(Ok(Plan { product, was: Was::New { without_code: edit.sku.is_none() }, remarks, parts: Vec::new() }))
    }

    fn change(
        &self,
        stored: &Product,
        edit: &ProductEdit,
        mut remarks: Vec<Remark>,
        new_id: &mut impl FnMut() -> Uuid,
    ) -> Verdict {
        let (mut product, mut errors) = (stored.clone(), Errors::new());
        edit::apply(edit, &mut product, self.references, new_id, &mut errors);
        if !errors.is_empty() {
            return Err(errors.into_inner());
        }
        if !stored.active {
            if self.known.was_undone(stored.id) {
                product.active = true;
            } else {
                remarks.push(inactive(stored));
            }
        }
        let parts = Part::named_by(edit);
        let was = if product == *stored { Was::Same } else { Was::Other(Box::new(stored.clone())) };
        Ok(Plan { product, was, remarks, parts })
    }

    /// The code of the category that a line means. One that nobody knows leaves a product where it
    /// is, and a new one under `GEN`.
    fn category(&self, line: &IntakeLine, stored: Option<&Product>, remarks: &mut Vec<Remark>) -> Option<String> {
        let found = line.categories.iter().find_map(|text| self.category_named(text));
        if let Some(category) = found {
            return Some(category.code.clone());
        }
        if let Some(text) = line.categories.last() {
            remarks.push(unknown_category(text, stored.is_some()));
        }
        stored.is_none().then(|| GENERAL.to_owned())
    }

    fn category_named(&self, text: &str) -> Option<&Category> {
        let (code, name) = (text.trim().to_uppercase(), fold(text));
        let mut active = self.references.categories.iter().filter(|category| category.active);
        let by_code = active.clone().find(|category| category.code == code);
        by_code.or_else(|| active.find(|category| fold(&category.name) == name))
    }
}

/// The barcodes a product will have: those of the unit itself and what the line adds.
fn with_new_barcodes(line: &IntakeLine, stored: Option<&Product>) -> Option<Vec<Barcode>> {
    let own: Vec<&str> = stored
        .iter()
        .flat_map(|product| &product.barcodes)
        .filter(|barcode| barcode.presentation.is_none())
        .map(|barcode| barcode.code.as_str())
        .collect();
    let new: Vec<&Barcode> = line.barcodes.iter().filter(|code| !own.contains(&code.as_str())).collect();
    if new.is_empty() {
        return None;
    }
    let kept = own.iter().filter_map(|code| Barcode::parse(code).ok());
    Some(kept.chain(new.into_iter().cloned()).collect())
}

fn unknown_category(text: &str, exists: bool) -> Remark {
    let (es, en) = if exists {
        (format!("No hay un rubro «{text}»: el producto quedó en el que tenía."), "the product stays where it was")
    } else {
        (format!("No hay un rubro «{text}»: el producto quedó en General (GEN)."), "the product is in General (GEN)")
    };
    let detail = Text::new(es, format!("There is no category \"{text}\": {en}."));
    Remark { code: "unknown_category", value: text.to_owned(), detail }
}

fn inactive(stored: &Product) -> Remark {
    let sku = stored.sku.as_str();
    let detail = Text::new(
        format!("{sku} está dado de baja y sigue así; sus datos se actualizaron."),
        format!("{sku} is inactive and stays so; its data were updated."),
    );
    Remark { code: "inactive_product", value: sku.to_owned(), detail }
}

/// Turns plans whose internal code or PLU another product has into refusals. Their SKUs and barcodes
/// are how they were found.
async fn refuse_taken(tx: &mut Tx<'_>, lines: &[IntakeLine], verdicts: &mut [Verdict]) -> Result<(), StoreError> {
    let names_codes = |edit: &ProductEdit| edit.internal_code.is_some() || edit.scale_plu.is_some();
    let coded = lines.iter().zip(verdicts.iter()).filter(|(line, _)| names_codes(&line.edit));
    let products: Vec<&Product> = coded.filter_map(|(_, verdict)| Some(&verdict.as_ref().ok()?.product)).collect();
    let mut taken = taken::codes(tx, &products).await?;
    taken.retain(|(_, code)| matches!(code.kind, CodeKind::InternalCode | CodeKind::ScalePlu));
    let taken = by_product(taken);
    for verdict in verdicts {
        if let Some(codes) = verdict.as_ref().ok().and_then(|plan| taken.get(&plan.product.id)) {
            *verdict = Err(codes.iter().map(taken_field).collect());
        }
    }
    Ok(())
}
