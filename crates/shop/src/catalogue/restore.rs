//! Taking back what a list did to products: fields go back to what they were where nobody touched
//! the product since, and what the list created is put away. What was kept, and why, is answered.

use std::collections::HashMap;

use gondola_store::{Context, StoreError, Tx};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::bodies::ProductBody;
use super::edit::{self, PriceGuard, References};
use super::many::{count_up, references};
use super::product::{Product, ProductEdit};
use super::views::ProductView;
use super::write::{self, Changed, Part};
use super::{queries, taken};
use crate::kernel::Errors;
use crate::prices::Source;

/// Fields of a product's view that nobody can set: they follow from the others.
const FOLLOWING: [&str; 6] = ["id", "created_at", "updated_at", "version", "price_changed_at", "active"];
/// The field that says whether a product is in use; an edit does not name it.
const ACTIVE: &str = "active";

/// One product to bring back.
#[derive(Debug, Clone)]
pub struct Restore {
    /// Which one.
    pub product: Uuid,
    /// The version it had when the list was through with it.
    pub version: i64,
    /// The fields it had before, as [`before`] wrote them; nothing when the list created it.
    pub before: Option<String>,
}

/// Why a product stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Somebody changed it since.
    ChangedSince,
    /// It has movements: history is never put away.
    HasMoved,
    /// It would go out of use, and there is some of it.
    HasStock,
    /// What it was cannot stand any more: its category is gone, a code is taken.
    CannotStand,
}

/// The fields in which `product` differs from what was `stored`, with their values then: the body of
/// the change that would bring them back.
pub fn before(stored: &Product, product: &Product) -> String {
    let (was, is) = (fields(stored), fields(product));
    let mut before: Map<String, Value> = was
        .into_iter()
        .filter(|(name, value)| !FOLLOWING.contains(&name.as_str()) && is.get(name) != Some(value))
        .collect();
    if stored.active != product.active {
        before.insert(ACTIVE.to_owned(), stored.active.into());
    }
    Value::Object(before).to_string()
}

fn fields(product: &Product) -> Map<String, Value> {
    match serde_json::to_value(ProductView::of(product)).expect("views are plain values") {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Brings products back; answers one verdict for each, in order.
///
/// # Errors
/// [`StoreError`]; retryable when somebody changed one meanwhile.
pub async fn take_back(tx: &mut Tx<'_>, cx: &Context, wanted: &[Restore]) -> Result<Vec<Result<(), Kept>>, StoreError> {
    let ids: Vec<Uuid> = wanted.iter().map(|restore| restore.product).collect();
    let products = queries::products(tx, &ids).await?;
    let products: HashMap<Uuid, Product> = products.into_iter().map(|product| (product.id, product)).collect();
    let ways: Vec<Way> = wanted.iter().map(Way::of).collect::<Result<_, _>>()?;
    let mut references = references(tx, cx.day_of(cx.now), ways.iter().filter_map(Way::edit)).await?;
    references.guard = PriceGuard::StoodBefore;
    let ending = wanted.iter().zip(&ways).filter(|(_, way)| way.ends_use()).map(|(restore, _)| restore.product);
    let stocked = queries::stocked(tx, &ending.collect::<Vec<_>>()).await?;
    let (mut verdicts, mut changed) = (Vec::with_capacity(wanted.len()), Vec::new());
    for (restore, way) in wanted.iter().zip(&ways) {
        let stored = products.get(&restore.product).filter(|product| product.version == restore.version);
        let brought = match stored {
            None => Err(Kept::ChangedSince),
            Some(stored) if stocked.contains(&stored.id) => Err(Kept::HasStock),
            Some(stored) => way.take(tx, cx, stored, &references).await?,
        };
        let parts = way.edit().map_or_else(|| vec![Part::Unmoved], Part::named_by);
        verdicts.push(brought.map(|product| changed.push(Changed { product, parts })));
    }
    write::update(tx, cx, Source::Undo, &changed).await?;
    Ok(verdicts)
}

/// How a product goes back.
enum Way {
    /// The list created it: out of view.
    PutAway,
    /// The list changed it: these fields again, and in use or not.
    Change(Box<ProductEdit>, Option<bool>),
}

impl Way {
    fn of(restore: &Restore) -> Result<Self, StoreError> {
        let Some(before) = &restore.before else { return Ok(Self::PutAway) };
        let (edit, active) = read(before).ok_or_else(|| {
            StoreError::corrupt("import_changes", "before", restore.product, "not the fields of a product")
        })?;
        Ok(Self::Change(Box::new(edit), active))
    }

    fn edit(&self) -> Option<&ProductEdit> {
        match self {
            Self::PutAway => None,
            Self::Change(edit, _) => Some(edit),
        }
    }

    /// Whether it takes a product out of use that may have stock.
    fn ends_use(&self) -> bool {
        matches!(self, Self::Change(_, Some(false)))
    }

    /// The product as it was, ready to be written.
    async fn take(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        stored: &Product,
        references: &References,
    ) -> Result<Result<Product, Kept>, StoreError> {
        let mut product = stored.clone();
        match self {
            Self::PutAway if stored.moved => return Ok(Err(Kept::HasMoved)),
            Self::PutAway => product.active = false,
            Self::Change(edit, active) => {
                let mut errors = Errors::new();
                edit::apply(edit, &mut product, references, || cx.new_id(), &mut errors);
                product.active = active.unwrap_or(product.active);
                let names_codes = edit.sku.is_some() || edit.internal_code.is_some() || edit.scale_plu.is_some();
                let taken = names_codes && !taken::codes(tx, &[&product]).await?.is_empty();
                if taken || !errors.is_empty() {
                    return Ok(Err(Kept::CannotStand));
                }
            }
        }
        count_up(cx, &mut product, stored.sale_price);
        Ok(Ok(product))
    }
}

/// The change that brings the fields back, and whether the product was in use.
fn read(before: &str) -> Option<(ProductEdit, Option<bool>)> {
    let mut fields: Map<String, Value> = serde_json::from_str(before).ok()?;
    let active = fields.remove(ACTIVE).and_then(|active| active.as_bool());
    let body: ProductBody = serde_json::from_value(Value::Object(fields)).ok()?;
    let mut errors = Errors::new();
    let edit = body.parse(&mut errors);
    errors.is_empty().then_some((edit, active))
}
