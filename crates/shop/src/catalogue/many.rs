//! Creating and changing products inside a transaction that somebody else owns, one or ten thousand
//! at once, each with its own outcome: for the commands of this feature and for imports. A refused
//! product leaves the others alone; whoever wants all or nothing refuses the whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gondola_ledger::Money;
use gondola_store::protect::Opener;
use gondola_store::{Context, StoreError, Tx, both};
use uuid::Uuid;

use super::draft::draft;
use super::edit::{self, PriceGuard, References};
use super::product::{Product, ProductEdit};
use super::protected::open_costs;
use super::queries;
use super::refusals::{CatalogueRefusal, CodeKind, TakenCode};
use super::rows::SupplierRow;
use super::taken::{self, Claims};
use super::views::ProductView;
use super::write::{self, Changed, Part};
use super::{categories, locations, sql};
use crate::kernel::Errors;
use crate::kernel::text::generated_sku;
use crate::kernel::time::Day;
use crate::prices::{self, Source};
use crate::stock::ProductRef;

/// Rounds of drawing codes when people typed the next ones already.
const GENERATED_ROUNDS_MAX: usize = 1_000;

/// What became of one product.
pub type Outcome = Result<Product, CatalogueRefusal>;

/// A change to one product.
#[derive(Debug, Clone)]
pub struct Change {
    /// Which product.
    pub product: ProductRef,
    /// The version it was read at, where it matters.
    pub version: Option<i64>,
    /// What changes.
    pub edit: ProductEdit,
}

/// Creates products; one outcome per edit, in their order. A product without a SKU gets its
/// category's code and six digits; one without a category is `GEN`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn create_all(tx: &mut Tx<'_>, cx: &Context, edits: &[ProductEdit]) -> Result<Vec<Outcome>, StoreError> {
    let mut references = references(tx, cx.day_of(cx.now), edits.iter()).await?;
    if references.categories.is_empty() {
        references.categories = categories::all(tx).await?;
    }
    let mut outcomes = Vec::with_capacity(edits.len());
    for edit in edits {
        let product = draft(cx.new_id(), cx.now, &references.categories, edit)?;
        outcomes.push(applied(cx, &references, edit, product));
    }
    refuse_barcodes(tx, edits.iter(), &mut outcomes).await?;
    let without_code: Vec<bool> = edits.iter().map(|edit| edit.sku.is_none()).collect();
    add_all(tx, cx, Source::Hand, &without_code, &mut outcomes).await?;
    Ok(outcomes)
}

/// Adds the products that are good so far. Those `without_code` get the next one of their category;
/// one whose own code is taken is refused. Their barcodes must be free.
pub(super) async fn add_all(
    tx: &mut Tx<'_>,
    cx: &Context,
    source: Source,
    without_code: &[bool],
    outcomes: &mut [Outcome],
) -> Result<(), StoreError> {
    let mut waiting: BTreeSet<usize> = (0..outcomes.len()).filter(|at| outcomes[*at].is_ok()).collect();
    for _ in 0..GENERATED_ROUNDS_MAX {
        if waiting.is_empty() {
            return Ok(());
        }
        let drawn = waiting.iter().copied().filter(|at| without_code[*at]);
        draw_codes(tx, drawn, outcomes).await?;
        let products: Vec<Product> = waiting.iter().filter_map(|at| outcomes[*at].as_ref().ok().cloned()).collect();
        let added = write::insert(tx, cx, source, &products).await?;
        waiting.retain(|at| outcomes[*at].as_ref().is_ok_and(|product| !added.contains(&product.id)));
        let left: Vec<&Product> = waiting.iter().filter_map(|at| outcomes[*at].as_ref().ok()).collect();
        let mut taken = by_product(taken::codes(tx, &left).await?);
        for at in waiting.clone() {
            let Ok(product) = &outcomes[at] else { continue };
            let taken = taken.remove(&product.id).unwrap_or_default();
            // A drawn code that somebody typed before is drawn again; anything else is a refusal.
            if !without_code[at] || taken.iter().any(|taken| taken.kind != CodeKind::Sku) {
                outcomes[at] = Err(CatalogueRefusal::Taken(taken));
                waiting.remove(&at);
            }
        }
    }
    Err(StoreError::corrupt("categories", "codes_issued", "all", "no free code among the next thousand"))
}

/// Changes products; one outcome per change, in their order. A product is named once.
///
/// # Errors
/// [`StoreError`] when the database fails, [`StoreError::Busy`] when another change came first.
pub async fn change_all(tx: &mut Tx<'_>, cx: &Context, changes: &[Change]) -> Result<Vec<Outcome>, StoreError> {
    let named: Vec<ProductRef> = changes.iter().map(|change| change.product.clone()).collect();
    let ids = queries::ids_of(tx, &named).await?;
    let wanted: Vec<Uuid> = ids.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = queries::products(tx, &wanted).await?;
    open_costs(tx, &Opener::Command(cx), &mut found).await?;
    let mut stored: HashMap<Uuid, Product> = found.into_iter().map(|product| (product.id, product)).collect();
    let references = references(tx, cx.day_of(cx.now), changes.iter().map(|change| &change.edit)).await?;
    let mut seen = BTreeSet::new();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(changes.len());
    let before: HashMap<Uuid, ProductView> =
        stored.iter().map(|(id, product)| (*id, ProductView::of(product))).collect();
    for (change, id) in changes.iter().zip(ids) {
        outcomes.push(match id.and_then(|id| stored.remove(&id)) {
            None if id.is_some_and(|id| seen.contains(&id)) => Err(CatalogueRefusal::Repeated),
            None => Err(CatalogueRefusal::NotFound),
            Some(product) => {
                seen.insert(product.id);
                changed(cx, &references, change, product)
            }
        });
    }
    let edits = changes.iter().map(|change| &change.edit);
    refuse_codes(tx, edits.clone(), &mut outcomes).await?;
    refuse_barcodes(tx, edits, &mut outcomes).await?;
    let good = changes.iter().zip(&outcomes).filter_map(|(change, outcome)| Some((change, outcome.as_ref().ok()?)));
    let changed: Vec<Changed> = good
        .map(|(change, product)| Changed { product: product.clone(), parts: Part::named_by(&change.edit) })
        .collect();
    for changed in &changed {
        cx.changes(&before[&changed.product.id]);
    }
    write::update(tx, cx, Source::Hand, &changed).await?;
    Ok(outcomes)
}

fn changed(cx: &Context, references: &References, change: &Change, stored: Product) -> Outcome {
    if change.version.is_some_and(|version| version != stored.version) {
        return Err(CatalogueRefusal::Stale);
    }
    let sale_price = stored.sale_price;
    let mut product = applied(cx, references, &change.edit, stored)?;
    count_up(cx, &mut product, sale_price);
    Ok(product)
}

/// Marks a product as changed now; `sale_price` is what it was sold at before.
pub(super) fn count_up(cx: &Context, product: &mut Product, sale_price: Option<Money>) {
    product.version += 1;
    product.updated_at = cx.now;
    if product.sale_price != sale_price {
        product.price_changed_at = product.sale_price.map(|_| cx.now);
    }
}

fn applied(cx: &Context, references: &References, edit: &ProductEdit, mut product: Product) -> Outcome {
    let mut errors = Errors::new();
    edit::apply(edit, &mut product, references, || cx.new_id(), &mut errors);
    if errors.is_empty() { Ok(product) } else { Err(CatalogueRefusal::Invalid(errors.into_inner())) }
}

/// Loads what the edits refer to by code, and what their prices are judged by on that day.
pub(super) async fn references(
    tx: &mut Tx<'_>,
    day: Day,
    edits: impl Iterator<Item = &ProductEdit> + Clone,
) -> Result<References, StoreError> {
    let mut references = References::default();
    if edits.clone().any(|edit| edit.category.is_some()) {
        references.categories = categories::all(tx).await?;
    }
    if edits.clone().any(|edit| edit.shelf_targets.is_some()) {
        references.locations = locations::all(tx).await?;
    }
    if edits.clone().any(|edit| edit.suppliers.is_some()) {
        references.suppliers = all_suppliers(tx).await?;
    }
    if edits.clone().any(ProductEdit::touches_prices) {
        references.guard = PriceGuard::By(prices::status_on(tx, day).await?);
    }
    Ok(references)
}

async fn all_suppliers(tx: &mut Tx<'_>) -> Result<Vec<SupplierRow>, StoreError> {
    let rows = both!(tx, c, text => sqlx::query_as(text(sql::ALL_SUPPLIERS)).fetch_all(c).await?);
    Ok(rows)
}

/// Gives products the next codes of their categories.
async fn draw_codes(
    tx: &mut Tx<'_>,
    waiting: impl Iterator<Item = usize>,
    outcomes: &mut [Outcome],
) -> Result<(), StoreError> {
    let mut by_category: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for at in waiting {
        if let Ok(product) = &outcomes[at] {
            by_category.entry(product.category.id).or_default().push(at);
        }
    }
    // In the order of their ids, so that two creations never wait for each other.
    for (category, places) in by_category {
        let count = i64::try_from(places.len()).expect("a batch has at most some thousand products");
        let (last,): (i64,) = both!(tx, c, text => sqlx::query_as(text(sql::ISSUE_CODES))
            .bind(category).bind(count).fetch_one(c).await?);
        for (number, at) in (last - count + 1..=last).zip(places) {
            let Ok(product) = &mut outcomes[at] else { continue };
            let number = u32::try_from(number)
                .map_err(|_| StoreError::corrupt("categories", "codes_issued", category, number))?;
            product.sku = generated_sku(Some(&product.category.code), number);
        }
    }
    Ok(())
}

/// Refuses a SKU, internal code or PLU that another product has, in the shop or in the same batch.
async fn refuse_codes(
    tx: &mut Tx<'_>,
    edits: impl Iterator<Item = &ProductEdit>,
    outcomes: &mut [Outcome],
) -> Result<(), StoreError> {
    let named = |edit: &ProductEdit| edit.sku.is_some() || edit.internal_code.is_some() || edit.scale_plu.is_some();
    let recoded =
        edits.zip(outcomes.iter()).filter(|(edit, _)| named(edit)).filter_map(|(_, outcome)| outcome.as_ref().ok());
    let taken = taken::codes(tx, &recoded.collect::<Vec<_>>()).await?;
    refuse(by_product(taken), outcomes);
    refuse_repeated(outcomes, taken::codes_of);
    Ok(())
}

/// Refuses a barcode that another product has, in the shop or in the same batch.
async fn refuse_barcodes(
    tx: &mut Tx<'_>,
    edits: impl Iterator<Item = &ProductEdit>,
    outcomes: &mut [Outcome],
) -> Result<(), StoreError> {
    let named = |edit: &ProductEdit| edit.barcodes.is_some() || edit.presentations.is_some();
    let recoded =
        edits.zip(outcomes.iter()).filter(|(edit, _)| named(edit)).filter_map(|(_, outcome)| outcome.as_ref().ok());
    let taken = taken::barcodes(tx, &recoded.collect::<Vec<_>>()).await?;
    refuse(by_product(taken), outcomes);
    refuse_repeated(outcomes, taken::barcodes_of);
    Ok(())
}

/// Refuses what a product before it in the same batch claims.
fn refuse_repeated(outcomes: &mut [Outcome], codes: fn(&Product) -> Vec<TakenCode>) {
    let mut claims = Claims::default();
    for outcome in outcomes {
        let taken = outcome.as_ref().map(|product| claims.claim(codes(product))).unwrap_or_default();
        if !taken.is_empty() {
            *outcome = Err(CatalogueRefusal::Taken(taken));
        }
    }
}

fn refuse(mut taken: HashMap<Uuid, Vec<TakenCode>>, outcomes: &mut [Outcome]) {
    for outcome in outcomes {
        let codes = outcome.as_ref().ok().and_then(|product| taken.remove(&product.id));
        if let Some(codes) = codes {
            *outcome = Err(CatalogueRefusal::Taken(codes));
        }
    }
}

pub(super) fn by_product(taken: Vec<(Uuid, TakenCode)>) -> HashMap<Uuid, Vec<TakenCode>> {
    let mut by_product: HashMap<Uuid, Vec<TakenCode>> = HashMap::new();
    for (product, code) in taken {
        by_product.entry(product).or_default().push(code);
    }
    by_product
}
