//! The commands that add and change suppliers, and that teach which one a text means.

use gondola_store::audit::Class;
use gondola_store::protect::Opener;
use gondola_store::{Audited, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::Serialize;
use uuid::Uuid;

use super::contact::{Sealed, tax_id_index};
use super::queries::{Lesson, Supplier, by_code};
use super::refusal::SupplierRefusal;
use super::shipped::shipped;
use super::sql;
use super::supplier::{SupplierEdit, SupplierRecord};
use crate::kernel::bulk::json;
use crate::kernel::text::fold;

/// Suppliers at most.
pub const SUPPLIERS_MAX: i64 = 5_000;
/// Texts that people may teach.
pub const LESSONS_MAX: i64 = 20_000;
/// What concerns somebody's contact is kept as confidential.
const CONFIDENTIAL: Audited = Audited { class: Class::Confidential, ..Audited::MODIFY };

/// Adds a supplier.
pub struct CreateSupplier {
    /// The shop's code for it, in capitals.
    pub code: String,
    /// Trade name.
    pub name: String,
    /// Whatever else is known.
    pub edit: SupplierEdit,
}

impl Command for CreateSupplier {
    const NAME: &'static str = "suppliers.create";
    const AUDITED: Option<Audited> = Some(CONFIDENTIAL);
    type Out = Supplier;
    type Refusal = SupplierRefusal;

    fn subject(&self) -> String {
        self.code.clone()
    }

    fn permission(&self) -> Permission {
        Permission::EditSuppliers
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Supplier, Fail<SupplierRefusal>> {
        let many: i64 = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::COUNT_SUPPLIERS)).fetch_one(c).await?);
        if many >= SUPPLIERS_MAX {
            return Err(Fail::Refused(SupplierRefusal::TooMany { max: SUPPLIERS_MAX }));
        }
        let new = SupplierRecord::new(cx.new_id(), self.code.clone(), self.name.clone(), cx.now);
        if add(tx, cx, &new).await? == 0 {
            return Err(Fail::Refused(SupplierRefusal::CodeTaken(self.code.clone())));
        }
        change(tx, cx, &new, &self.edit, new.version).await
    }
}

/// Changes a supplier.
pub struct ChangeSupplier {
    /// Its code, or its id.
    pub code: String,
    /// The version it was read at.
    pub version: i64,
    /// What changes.
    pub edit: SupplierEdit,
}

impl Command for ChangeSupplier {
    const NAME: &'static str = "suppliers.change";
    const AUDITED: Option<Audited> = Some(CONFIDENTIAL);
    type Out = Supplier;
    type Refusal = SupplierRefusal;

    fn subject(&self) -> String {
        self.code.clone()
    }

    fn permission(&self) -> Permission {
        Permission::EditSuppliers
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Supplier, Fail<SupplierRefusal>> {
        let stored = by_code(tx, &self.code).await?.ok_or(Fail::Refused(SupplierRefusal::NotFound))?;
        cx.concerns(stored.code.as_str());
        if stored.version != self.version {
            return Err(Fail::Refused(SupplierRefusal::Stale));
        }
        let contact = Sealed::of(tx, stored.id).await?.open(tx, &Opener::Command(cx), stored.id).await?;
        cx.changes(&Supplier { record: stored.clone(), contact });
        change(tx, cx, &stored, &self.edit, stored.version + 1).await
    }
}

/// Adds those of the suppliers that Góndola ships which the shop does not have yet; answers their codes.
pub struct AddShippedSuppliers;

impl Command for AddShippedSuppliers {
    const NAME: &'static str = "suppliers.add_shipped";
    type Out = Vec<String>;
    type Refusal = SupplierRefusal;

    fn permission(&self) -> Permission {
        Permission::EditSuppliers
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<String>, Fail<SupplierRefusal>> {
        add_shipped(tx, cx).await
    }
}

/// As [`AddShippedSuppliers`], within another command.
///
/// # Errors
/// The database's failure.
pub(crate) async fn add_shipped(tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<String>, Fail<SupplierRefusal>> {
    let mut added = Vec::new();
    let has_default = super::queries::all(tx).await?.iter().any(|supplier| supplier.is_default);
    for (code, name, mut edit) in shipped() {
        let new = SupplierRecord::new(cx.new_id(), code.clone(), name, cx.now);
        if add(tx, cx, &new).await? == 1 {
            // Whom the shop chose for what nobody else brings stays chosen.
            edit.is_default = edit.is_default.map(|is_default| is_default && !has_default);
            change(tx, cx, &new, &edit, new.version).await?;
            added.push(code);
        }
    }
    Ok(added)
}

/// What an edit makes of a supplier, within another command.
///
/// # Errors
/// What [`ChangeSupplier`] refuses, and the database's failure.
pub(crate) async fn edit_within(
    tx: &mut Tx<'_>,
    cx: &Context,
    code: &str,
    edit: &SupplierEdit,
) -> Result<Supplier, Fail<SupplierRefusal>> {
    let stored = by_code(tx, code).await?.ok_or(Fail::Refused(SupplierRefusal::NotFound))?;
    change(tx, cx, &stored, edit, stored.version + 1).await
}

async fn add(tx: &mut Tx<'_>, cx: &Context, new: &SupplierRecord) -> Result<u64, StoreError> {
    Ok(both!(tx, c, text => sqlx::query(text(sql::ADD_SUPPLIER))
        .bind(new.id).bind(&new.code).bind(&new.name).bind(new.active).bind(cx.now)
        .execute(c).await?.rows_affected()))
}

/// Writes what an edit makes of a supplier, under the version it has from now on.
async fn change(
    tx: &mut Tx<'_>,
    cx: &Context,
    stored: &SupplierRecord,
    edit: &SupplierEdit,
    version: i64,
) -> Result<Supplier, Fail<SupplierRefusal>> {
    let id = stored.id;
    let next = SupplierRecord { version, updated_at: cx.now, ..edit.apply(stored) };
    if next.is_default {
        both!(&mut *tx, c, text => sqlx::query(text(sql::CLEAR_DEFAULT)).bind(id).bind(false).bind(cx.now)
            .execute(c).await.map(drop)?);
    }
    let paper = &next.paper;
    let changed = both!(&mut *tx, c, text => sqlx::query(text(sql::SET_SUPPLIER))
        .bind(id).bind(stored.version).bind(&next.name).bind(&next.legal_name).bind(next.vat_condition.code())
        .bind(next.active).bind(next.visit_days.bits()).bind(next.delivery_days.bits()).bind(next.cut_off_minutes)
        .bind(next.lead_days).bind(next.minimum_order).bind(next.payment_days).bind(next.discount_bp)
        .bind(&next.notes).bind(next.is_default).bind(paper.kind.code()).bind(paper.price_per.code())
        .bind(paper.price_includes_vat).bind(paper.pack_rule.code()).bind(&paper.pack_column)
        .bind(paper.negative_quantities).bind(paper.price_places).bind(next.vat_perception_bp)
        .bind(next.gross_income_perception_bp).bind(cx.now).bind(version).bind(paper.vat_bp)
        .bind(next.score_profile.code())
        .execute(c).await?.rows_affected());
    if changed == 0 {
        return Err(Fail::Refused(SupplierRefusal::Stale));
    }
    if next.words != stored.words {
        write_words(tx, &next).await?;
    }
    let contact = Sealed::of(tx, id).await?.with(&edit.contact);
    if let Some(tax_id) = &edit.contact.tax_id {
        write_tax_id_index(tx, cx, id, tax_id.as_deref()).await?;
    }
    let written = contact.write(tx, cx, id).await?;
    expect_rows(sql::SET_CONTACT, 1, written)?;
    let contact = contact.open(tx, &Opener::Command(cx), id).await?;
    Ok(Supplier { record: next, contact })
}

/// What a CUIT is found by, unless another supplier has it.
async fn write_tax_id_index(
    tx: &mut Tx<'_>,
    cx: &Context,
    supplier: Uuid,
    tax_id: Option<&str>,
) -> Result<(), Fail<SupplierRefusal>> {
    let index = tax_id.map(|tax_id| tax_id_index(cx.vault(), tax_id));
    if let Some(index) = &index {
        let other: Option<String> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::FIND_BY_TAX_ID))
            .bind(index).fetch_optional(c).await?);
        if let Some(other) = other
            && by_code(tx, &other).await?.is_some_and(|other| other.id != supplier)
        {
            return Err(Fail::Refused(SupplierRefusal::TaxIdTaken(other)));
        }
    }
    let written = both!(&mut *tx, c, text => sqlx::query(text(sql::SET_TAX_ID_INDEX)).bind(supplier).bind(index)
        .execute(c).await?.rows_affected());
    Ok(expect_rows(sql::SET_TAX_ID_INDEX, 1, written)?)
}

async fn write_words(tx: &mut Tx<'_>, supplier: &SupplierRecord) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Word<'a> {
        kind: &'static str,
        folded: String,
        text: &'a str,
        position: usize,
    }
    let word = |kind, (position, text): (usize, &'_ String)| (kind, position, text.clone());
    let lists = supplier.words.lists();
    let words = lists.iter().flat_map(|(kind, list)| list.iter().enumerate().map(|place| word(*kind, place)));
    let words: Vec<(&'static str, usize, String)> = words.collect();
    let rows: Vec<Word<'_>> = words
        .iter()
        .map(|(kind, position, text)| Word { kind, folded: fold(text), text, position: *position })
        .collect();
    let many = rows.len() as u64;
    both!(&mut *tx, c, text => sqlx::query(text(sql::DELETE_WORDS)).bind(supplier.id).execute(c).await.map(drop)?);
    let written = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_WORDS)).bind(supplier.id).bind(json(&rows))
        .execute(c).await?.rows_affected());
    expect_rows(sql::INSERT_WORDS, many, written)
}

/// Teaches which supplier a text means from now on.
pub struct TeachAssignment {
    /// The text as it was written.
    pub text: String,
    /// The code of the supplier.
    pub supplier: String,
}

impl Command for TeachAssignment {
    const NAME: &'static str = "suppliers.teach";
    type Out = Lesson;
    type Refusal = SupplierRefusal;

    fn subject(&self) -> String {
        self.supplier.clone()
    }

    fn permission(&self) -> Permission {
        Permission::EditSuppliers
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Lesson, Fail<SupplierRefusal>> {
        let unknown = || Fail::Refused(SupplierRefusal::UnknownSupplier(self.supplier.clone()));
        let supplier = by_code(tx, &self.supplier).await?.ok_or_else(unknown)?;
        let folded = fold(&self.text);
        let before = taught(tx, &folded).await?;
        match &before {
            Some(before) => cx.changes(before),
            None => {
                let many: i64 =
                    both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::COUNT_LESSONS)).fetch_one(c).await?);
                if many >= LESSONS_MAX {
                    return Err(Fail::Refused(SupplierRefusal::TooMany { max: LESSONS_MAX }));
                }
            }
        }
        let written = both!(&mut *tx, c, text => sqlx::query(text(sql::TEACH))
            .bind(cx.new_id()).bind(&folded).bind(&self.text).bind(supplier.id).bind(&cx.actor.name).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::TEACH, 1, written)?;
        let lesson = taught(tx, &folded).await?;
        Ok(lesson
            .ok_or_else(|| StoreError::corrupt("supplier_lessons", "folded", supplier.id, "it was just written"))?)
    }
}

async fn taught(tx: &mut Tx<'_>, folded: &str) -> Result<Option<Lesson>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_TAUGHT)).bind(folded).fetch_optional(c).await?))
}

/// Forgets something that was taught; answers what it was.
pub struct ForgetLesson {
    /// Its id.
    pub id: Uuid,
}

impl Command for ForgetLesson {
    const NAME: &'static str = "suppliers.forget";
    type Out = Lesson;
    type Refusal = SupplierRefusal;

    fn permission(&self) -> Permission {
        Permission::EditSuppliers
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Lesson, Fail<SupplierRefusal>> {
        let found: Option<Lesson> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_TAUGHT_BY_ID))
            .bind(self.id).fetch_optional(c).await?);
        let lesson = found.ok_or(Fail::Refused(SupplierRefusal::UnknownLesson))?;
        cx.concerns(lesson.supplier.as_str());
        let gone = both!(tx, c, text => sqlx::query(text(sql::FORGET)).bind(self.id).execute(c).await?.rows_affected());
        expect_rows(sql::FORGET, 1, gone)?;
        Ok(lesson)
    }
}
