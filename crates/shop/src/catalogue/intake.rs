//! Products that come as a list: each line is found by its codes and meets the product it names, or
//! becomes a new one. Planning only reads, so that the same decisions serve a dry run and the real
//! one; writing takes the plans of a thousand lines with a handful of statements.
//!
//! Not here: files, columns and cells (`imports`), and undoing (`restore.rs`).

use gondola_store::{At, Context, Fail, StoreError, Tx, both};
use uuid::Uuid;

use super::barcode::Barcode;
use super::categories::{self, Category, GENERAL};
use super::commands::{blank, count_up, references};
use super::edit::{self, References};
use super::known::Known;
use super::product::{Product, ProductEdit};
use super::refusals::{CatalogueRefusal, CodeKind};
use super::write::{self, Parts};
use super::{queries, sql};
use crate::kernel::problem::FieldProblem;
use crate::kernel::text::{Sku, fold, generated_sku};
use crate::kernel::{Errors, Text};
use crate::stock::ProductRef;

/// Rounds of drawing codes until all are free; people type few codes of the generated form.
const DRAWS_MAX: usize = 100;

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
    parts: Parts,
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
    lines: &[IntakeLine],
    unknown: Unknown,
    now: At,
    mut new_id: impl FnMut() -> Uuid,
) -> Result<Vec<Verdict>, StoreError> {
    let known = Known::load(tx, lines).await?;
    let edits: Vec<ProductEdit> = lines.iter().map(|line| line.edit.clone()).collect();
    let mut references = references(tx, &edits).await?;
    references.categories = categories::all(tx).await?;
    let judge = Judge { known: &known, references: &references, unknown, now };
    let mut verdicts: Vec<Verdict> = lines.iter().map(|line| judge.line(line, &mut new_id)).collect();
    refuse_taken(tx, lines, &mut verdicts).await?;
    Ok(verdicts)
}

/// Writes plans made in this transaction. Products without a code get theirs here.
///
/// # Errors
/// [`StoreError`]; it is retryable when somebody else took a code or changed a product meanwhile.
pub async fn write(tx: &mut Tx<'_>, cx: &Context, plans: &mut [Plan]) -> Result<(), StoreError> {
    draw_codes(tx, plans).await?;
    let (mut new, mut changed, mut parts) = (Vec::new(), Vec::new(), Parts::default());
    for plan in plans {
        match &plan.was {
            Was::Same => {}
            Was::New { .. } => new.push(plan.product.clone()),
            Was::Other(stored) => {
                count_up(&mut plan.product, stored, cx);
                parts = parts.and(plan.parts);
                changed.push(plan.product.clone());
            }
        }
    }
    if !new.is_empty() {
        write::insert(tx, cx, &new).await.map_err(meanwhile)?;
    }
    if !changed.is_empty() {
        let updated = write::update(tx, cx, &changed, parts).await.map_err(meanwhile)?;
        if updated != changed.len() as u64 {
            return Err(StoreError::meanwhile("a product of the list was changed"));
        }
    }
    Ok(())
}

/// What the plan saw is not so any more: planning again finds out how.
fn meanwhile(fail: Fail<CatalogueRefusal>) -> StoreError {
    match fail {
        Fail::Failed(error) => error,
        _ => StoreError::meanwhile("a code of the list was taken"),
    }
}

struct Judge<'a> {
    known: &'a Known,
    references: &'a References,
    unknown: Unknown,
    now: At,
}

impl Judge<'_> {
    fn line(&self, line: &IntakeLine, new_id: &mut impl FnMut() -> Uuid) -> Verdict {
        let mut errors = Errors::new();
        let stored = self.known.find(line, &mut errors);
        if errors.is_empty() && stored.is_none() && self.unknown == Unknown::Refuse {
            self.known.refuse_unknown(line, &mut errors);
        }
        if !errors.is_empty() {
            return Err(errors.into_inner());
        }
        let mut remarks = Vec::new();
        let mut edit = line.edit.clone();
        edit.category = self.category(line, stored, &mut remarks);
        edit.barcodes = with_new_barcodes(line, stored);
        match stored {
            None => self.create(&edit, remarks, new_id),
            Some(stored) => self.change(stored, &edit, remarks, new_id),
        }
    }

    fn create(&self, edit: &ProductEdit, remarks: Vec<Remark>, new_id: &mut impl FnMut() -> Uuid) -> Verdict {
        let mut errors = Errors::new();
        errors.required("name", edit.name.as_ref());
        let product = blank(new_id(), self.now, &self.references.categories, edit);
        let mut product = product.map_err(|refusal| match refusal {
            CatalogueRefusal::Invalid(fields) => fields,
            _ => Vec::new(),
        })?;
        edit::apply(edit, &mut product, self.references, new_id, &mut errors);
        if !errors.is_empty() {
            return Err(errors.into_inner());
        }
        product.price_changed_at = product.sale_price.map(|_| self.now);
        Ok(Plan { product, was: Was::New { without_code: edit.sku.is_none() }, remarks, parts: Parts::default() })
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
        let parts = Parts::named_by(edit);
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

/// Turns plans whose internal code or PLU another product has into refusals.
async fn refuse_taken(tx: &mut Tx<'_>, lines: &[IntakeLine], verdicts: &mut [Verdict]) -> Result<(), StoreError> {
    let names_codes = |edit: &ProductEdit| edit.internal_code.is_some() || edit.scale_plu.is_some();
    let coded = lines.iter().zip(verdicts.iter()).filter(|(line, _)| names_codes(&line.edit));
    let products: Vec<Product> =
        coded.filter_map(|(_, verdict)| Some(verdict.as_ref().ok()?.product.clone())).collect();
    if products.is_empty() {
        return Ok(());
    }
    for taken in write::taken(tx, &products).await? {
        let has_it = |product: &Product| match taken.kind {
            CodeKind::InternalCode => product.internal_code.as_deref() == Some(&taken.code),
            CodeKind::ScalePlu => product.scale_plu.as_deref() == Some(&taken.code),
            CodeKind::Sku | CodeKind::Barcode => false,
        };
        for verdict in verdicts.iter_mut() {
            if verdict.as_ref().is_ok_and(|plan| has_it(&plan.product)) {
                *verdict = Err(CatalogueRefusal::Taken(vec![taken.clone()]).into_fields());
            }
        }
    }
    Ok(())
}

/// Gives every new product without a code the next free one of its category.
async fn draw_codes(tx: &mut Tx<'_>, plans: &mut [Plan]) -> Result<(), StoreError> {
    let mut named: std::collections::HashSet<Sku> = std::collections::HashSet::new();
    let mut waiting = Vec::new();
    for (at, plan) in plans.iter().enumerate() {
        match plan.was {
            Was::New { without_code: true } => waiting.push(at),
            _ => {
                named.insert(plan.product.sku.clone());
            }
        }
    }
    for _ in 0..DRAWS_MAX {
        if waiting.is_empty() {
            return Ok(());
        }
        for at in &waiting {
            let category = &plans[*at].product.category;
            plans[*at].product.sku = generated_sku(Some(&category.code), 0);
        }
        draw(tx, plans, &waiting).await?;
        let drawn: Vec<ProductRef> =
            waiting.iter().map(|at| ProductRef::Sku(plans[*at].product.sku.to_string())).collect();
        let taken = queries::ids_of(tx, &drawn).await?;
        let still = waiting.iter().zip(&taken);
        waiting = still
            .filter(|(at, taken)| taken.is_some() || !named.insert(plans[**at].product.sku.clone()))
            .map(|(at, _)| *at)
            .collect();
    }
    Err(StoreError::corrupt("categories", "codes_issued", "", "no free code was found"))
}

/// Draws one number per waiting product from its category's count, a whole run at once.
async fn draw(tx: &mut Tx<'_>, plans: &mut [Plan], waiting: &[usize]) -> Result<(), StoreError> {
    let mut by_category: std::collections::BTreeMap<Uuid, Vec<usize>> = std::collections::BTreeMap::new();
    for at in waiting {
        by_category.entry(plans[*at].product.category.id).or_default().push(*at);
    }
    for (category, members) in by_category {
        let count = i64::try_from(members.len()).expect("a list is bounded");
        let (last,): (i64,) = both!(tx, c, text => sqlx::query_as(text(sql::ISSUE_CODES))
            .bind(category).bind(count).fetch_one(c).await?);
        for (number, at) in (last - count + 1..).zip(members) {
            let number =
                u32::try_from(number).map_err(|_| StoreError::corrupt("categories", "codes_issued", category, last))?;
            let product = &mut plans[at].product;
            product.sku = generated_sku(Some(&product.category.code), number);
        }
    }
    Ok(())
}
