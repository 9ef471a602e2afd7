//! Writing things down. What was noted twice within the hour becomes one line here; what two notes ask together
//! is said in `merge.rs`.
//!
//! A product is locked while it is noted, so that two who note it at once make one line. Two free texts that are noted in
//! the same instant may still make two: an order puts them on one line again.

use gondola_ledger::{NumberError, Qty, Unit};
use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use sqlx::FromRow;
use uuid::Uuid;

use super::entry::{Action, Again, Priority};
use super::merge::{MERGE_US, Wanted, merged};
use super::queries::{Noted, find};
use super::refusal::NotebookRefused;
use super::sql;
use crate::kernel::text::fold;
use crate::stock::{ProductRef, StockRefusal};

/// Characters of what a line is about at most.
pub const ABOUT_MAX: usize = 120;
/// Characters of a sentence at most.
pub const SENTENCE_MAX: usize = 500;

/// Writes something down.
#[derive(Debug, Clone)]
pub struct Note {
    /// What is to be done.
    pub action: Action,
    /// Of which product, when it is known.
    pub product: Option<ProductRef>,
    /// What it is about in somebody's words; the product's name when absent. A brand stands here without a product.
    pub text: Option<String>,
    /// How much, in `unit`; more than zero.
    pub quantity: Option<Qty>,
    /// A unit, as people say it; the product's own or `un` when absent.
    pub unit: Option<String>,
    /// Code of whom it is bought from; the product's main supplier when absent.
    pub supplier: Option<String>,
    /// How soon; an incident is always urgent.
    pub priority: Priority,
    /// Why, if anybody said.
    pub reason: Option<String>,
    /// The sentence as typed, if it was one.
    pub sentence: Option<String>,
    /// What it means when the same was noted just before.
    pub again: Again,
}

#[derive(FromRow)]
struct ProductRow {
    id: Uuid,
    sku: String,
    name: String,
    unit: String,
    active: bool,
    supplier_id: Option<Uuid>,
}

#[derive(FromRow)]
struct SameRow {
    id: Uuid,
    action: String,
    quantity: Option<i64>,
    unit: Option<String>,
    priority: String,
}

impl SameRow {
    fn wanted(&self) -> Option<Wanted> {
        Some(Wanted {
            action: Action::from_code(&self.action)?,
            quantity: self.quantity.map(Qty::new).zip(self.unit.clone()),
            priority: Priority::from_code(&self.priority)?,
        })
    }
}

impl Command for Note {
    const NAME: &'static str = "notebook.note";
    type Out = Noted;
    type Refusal = NotebookRefused;

    fn subject(&self) -> String {
        self.product.as_ref().map(ToString::to_string).or_else(|| self.text.clone()).unwrap_or_default()
    }

    fn permission(&self) -> Permission {
        Permission::WriteNotebook
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Noted, Fail<NotebookRefused>> {
        let product = self.known_product(tx).await?;
        let named = match &self.supplier {
            Some(code) => Some(supplier(tx, code).await?),
            None => None,
        };
        let base = product.as_ref().map(base_unit).transpose()?;
        let wanted = Wanted {
            action: self.action,
            quantity: measured(self.quantity, self.unit.as_deref(), base)?,
            priority: if self.action == Action::Incident { Priority::High } else { self.priority },
        };
        let about = self.text.clone().or_else(|| product.as_ref().map(|row| row.name.clone()));
        let about = about.ok_or(Fail::Refused(NotebookRefused::NothingNamed))?;
        let same = find_same(tx, product.as_ref().map(|row| row.id), &about, cx.now - MERGE_US).await?;
        let both = same.as_ref().and_then(|same| merged(&same.wanted()?, &wanted, self.again));
        let id = match same.zip(both) {
            Some((same, both)) => {
                self.write_again(tx, cx, same.id, (&both, named)).await?;
                same.id
            }
            None => {
                let supplier = named.or_else(|| product.as_ref().and_then(|row| row.supplier_id));
                self.write_new(tx, cx, &about, (&wanted, product.map(|row| row.id), supplier)).await?
            }
        };
        self.write_who(tx, cx, id, &wanted).await?;
        as_stored(tx, id).await
    }
}

impl Note {
    async fn known_product(&self, tx: &mut Tx<'_>) -> Result<Option<ProductRow>, Fail<NotebookRefused>> {
        let Some(product) = &self.product else { return Ok(None) };
        let (id, sku) = match product {
            ProductRef::Id(id) => (Some(*id), None),
            ProductRef::Sku(sku) => (None, Some(sku.as_str())),
        };
        let found: Option<ProductRow> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_NOTED_PRODUCT))
            .bind(id).bind(sku).fetch_optional(c).await?);
        let found = found.ok_or_else(|| StockRefusal::UnknownProduct(product.to_string()));
        let found = found.map_err(|refusal| Fail::Refused(refusal.into()))?;
        if !found.active {
            return Err(Fail::Refused(StockRefusal::InactiveProduct(found.sku).into()));
        }
        Ok(Some(found))
    }

    async fn write_new(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        about: &str,
        (wanted, product, supplier): (&Wanted, Option<Uuid>, Option<Uuid>),
    ) -> Result<Uuid, StoreError> {
        let id = cx.new_id();
        let (quantity, unit) = parts(wanted.quantity.as_ref(), self.unit.as_deref());
        let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_ENTRY))
            .bind(id).bind(wanted.action.code()).bind(product).bind(about).bind(fold(about)).bind(quantity).bind(unit)
            .bind(supplier).bind(wanted.priority.code()).bind(&self.reason).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_ENTRY, 1, inserted)?;
        Ok(id)
    }

    async fn write_again(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        id: Uuid,
        (both, named): (&Wanted, Option<Uuid>),
    ) -> Result<(), Fail<NotebookRefused>> {
        cx.changes(&as_stored(tx, id).await?);
        let (quantity, unit) = parts(both.quantity.as_ref(), self.unit.as_deref());
        let merged = both!(tx, c, text => sqlx::query(text(sql::MERGE_ENTRY))
            .bind(id).bind(both.action.code()).bind(quantity).bind(unit).bind(named).bind(both.priority.code())
            .bind(&self.reason).bind(cx.now).execute(c).await?.rows_affected());
        Ok(expect_rows(sql::MERGE_ENTRY, 1, merged)?)
    }

    async fn write_who(&self, tx: &mut Tx<'_>, cx: &Context, id: Uuid, wanted: &Wanted) -> Result<(), StoreError> {
        let (quantity, unit) = parts(wanted.quantity.as_ref(), self.unit.as_deref());
        let sentence = self.sentence.as_deref().unwrap_or_default();
        let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_NOTE))
            .bind(id).bind(sentence).bind(quantity).bind(unit).bind(cx.actor.reference()).bind(&cx.actor.name)
            .bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_NOTE, 1, inserted)
    }
}

async fn find_same(
    tx: &mut Tx<'_>,
    product: Option<Uuid>,
    about: &str,
    since: At,
) -> Result<Option<SameRow>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_SAME))
        .bind(product).bind(fold(about)).bind(since).fetch_optional(c).await?))
}

pub(super) async fn supplier(tx: &mut Tx<'_>, code: &str) -> Result<Uuid, Fail<NotebookRefused>> {
    let found: Option<Uuid> =
        both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_SUPPLIER)).bind(code).fetch_optional(c).await?);
    found.ok_or_else(|| Fail::Refused(NotebookRefused::UnknownSupplier(code.to_owned())))
}

fn base_unit(product: &ProductRow) -> Result<Unit, StoreError> {
    Unit::from_code(&product.unit).ok_or_else(|| StoreError::corrupt("products", "unit", product.id, &product.unit))
}

/// A quantity with the unit it is in: as it was said, else the product's own, else so many. Whole when they are counted.
pub(super) fn measured(
    quantity: Option<Qty>,
    said: Option<&str>,
    base: Option<Unit>,
) -> Result<Option<(Qty, String)>, Fail<NotebookRefused>> {
    let Some(quantity) = quantity else { return Ok(None) };
    let unit = said.map_or_else(|| base.unwrap_or(Unit::Un).code().to_owned(), str::to_owned);
    if unit == Unit::Un.code() && !quantity.is_whole() {
        let refusal = StockRefusal::Quantity { error: NumberError::NotWhole, unit: Unit::Un };
        return Err(Fail::Refused(refusal.into()));
    }
    Ok(Some((quantity, unit)))
}

/// The two columns: how much, and of which unit, which may be said without a quantity.
pub(super) fn parts<'w>(wanted: Option<&'w (Qty, String)>, said: Option<&'w str>) -> (Option<i64>, Option<&'w str>) {
    match wanted {
        Some((quantity, unit)) => (Some(quantity.raw()), Some(unit)),
        None => (None, said),
    }
}

pub(super) async fn as_stored(tx: &mut Tx<'_>, id: Uuid) -> Result<Noted, Fail<NotebookRefused>> {
    let found = find(tx, id).await?;
    Ok(found.ok_or_else(|| StoreError::corrupt("notebook_entries", "id", id, "it was just written"))?)
}
