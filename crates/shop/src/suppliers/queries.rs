//! Suppliers as the shop reads them.

use gondola_store::protect::Opener;
use gondola_store::{At, StoreError, Tx, both};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::contact::{Contact, Sealed};
use super::sql;
use super::supplier::{
    PackRule, PaperKind, PaperProfile, PricePer, ScoreProfile, SupplierRecord, SupplierWords, VatCondition, Weekdays,
};
use crate::kernel::bulk::id_list;

/// A row of `suppliers`, without what lies sealed.
#[derive(FromRow)]
struct SupplierRow {
    id: Uuid,
    code: String,
    name: String,
    legal_name: String,
    vat_condition: String,
    active: bool,
    visit_days: i64,
    delivery_days: i64,
    cut_off_minutes: Option<i64>,
    lead_days: Option<i64>,
    minimum_order: i64,
    payment_days: i64,
    discount_bp: i64,
    notes: String,
    is_default: bool,
    paper_kind: String,
    price_per: String,
    price_includes_vat: bool,
    pack_rule: String,
    pack_column: String,
    negative_quantities: bool,
    price_places: i64,
    paper_vat_bp: Option<i64>,
    score_profile: String,
    vat_perception_bp: i64,
    gross_income_perception_bp: i64,
    created_at: At,
    updated_at: At,
    version: i64,
}

#[derive(FromRow)]
struct WordRow {
    supplier_id: Uuid,
    kind: String,
    text: String,
}

impl TryFrom<SupplierRow> for SupplierRecord {
    type Error = StoreError;

    fn try_from(row: SupplierRow) -> Result<Self, StoreError> {
        let id = row.id;
        let wrong = |column: &'static str, text: &str| StoreError::corrupt("suppliers", column, id, text);
        let paper = PaperProfile {
            kind: PaperKind::from_code(&row.paper_kind).ok_or_else(|| wrong("paper_kind", &row.paper_kind))?,
            price_per: PricePer::from_code(&row.price_per).ok_or_else(|| wrong("price_per", &row.price_per))?,
            price_includes_vat: row.price_includes_vat,
            pack_rule: PackRule::from_code(&row.pack_rule).ok_or_else(|| wrong("pack_rule", &row.pack_rule))?,
            pack_column: row.pack_column,
            negative_quantities: row.negative_quantities,
            price_places: row.price_places,
            vat_bp: row.paper_vat_bp,
        };
        let vat_condition = VatCondition::from_code(&row.vat_condition);
        let score_profile = ScoreProfile::from_code(&row.score_profile);
        Ok(Self {
            id,
            code: row.code,
            name: row.name,
            legal_name: row.legal_name,
            vat_condition: vat_condition.ok_or_else(|| wrong("vat_condition", &row.vat_condition))?,
            active: row.active,
            visit_days: Weekdays::from_bits(row.visit_days),
            delivery_days: Weekdays::from_bits(row.delivery_days),
            cut_off_minutes: row.cut_off_minutes,
            lead_days: row.lead_days,
            minimum_order: row.minimum_order,
            payment_days: row.payment_days,
            discount_bp: row.discount_bp,
            notes: row.notes,
            is_default: row.is_default,
            score_profile: score_profile.ok_or_else(|| wrong("score_profile", &row.score_profile))?,
            paper,
            vat_perception_bp: row.vat_perception_bp,
            gross_income_perception_bp: row.gross_income_perception_bp,
            words: SupplierWords::default(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

/// Which suppliers a list shows.
#[derive(Debug, Clone, Default)]
pub struct SupplierFilter {
    /// The one whose CUIT has this digest.
    pub tax_id_index: Option<Vec<u8>>,
    /// Those that the shop buys from, or the others.
    pub active: Option<bool>,
}

/// A page of suppliers by code, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &SupplierFilter,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<SupplierRecord>, StoreError> {
    let rows: Vec<SupplierRow> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::LIST_SUPPLIERS))
        .bind(after.unwrap_or_default()).bind(limit + 1).bind(&filter.tax_id_index).bind(filter.active)
        .fetch_all(c).await?);
    whole(tx, rows).await
}

/// Every supplier that the shop buys from, by code.
///
/// # Errors
/// The database's failure.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<SupplierRecord>, StoreError> {
    let rows: Vec<SupplierRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::ACTIVE_SUPPLIERS)).fetch_all(c).await?);
    whole(tx, rows).await
}

/// The supplier with an id.
///
/// # Errors
/// The database's failure.
pub async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<SupplierRecord>, StoreError> {
    let row: Option<SupplierRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_SUPPLIER)).bind(id).fetch_optional(c).await?);
    Ok(whole(tx, row.into_iter().collect()).await?.pop())
}

/// The supplier with a code, or, written as an id, with that id.
///
/// # Errors
/// The database's failure.
pub async fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<SupplierRecord>, StoreError> {
    let code = code.trim();
    if let Ok(id) = Uuid::try_parse(code) {
        return find(tx, id).await;
    }
    let row: Option<SupplierRow> = both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_SUPPLIER_BY_CODE))
        .bind(code.to_ascii_uppercase()).fetch_optional(c).await?);
    Ok(whole(tx, row.into_iter().collect()).await?.pop())
}

/// The rows with their words.
async fn whole(tx: &mut Tx<'_>, rows: Vec<SupplierRow>) -> Result<Vec<SupplierRecord>, StoreError> {
    let mut suppliers = rows.into_iter().map(SupplierRecord::try_from).collect::<Result<Vec<_>, _>>()?;
    if suppliers.is_empty() {
        return Ok(suppliers);
    }
    let ids = id_list(suppliers.iter().map(|supplier| &supplier.id));
    let words: Vec<WordRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::FIND_WORDS)).bind(ids).fetch_all(c).await?);
    for WordRow { supplier_id, kind, text } in words {
        let supplier = suppliers.iter_mut().find(|supplier| supplier.id == supplier_id);
        let list = supplier.and_then(|supplier| supplier.words.list_mut(&kind));
        list.ok_or_else(|| StoreError::corrupt("supplier_words", "kind", supplier_id, &kind))?.push(text);
    }
    Ok(suppliers)
}

/// Something that people taught: what a text means.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct Lesson {
    /// Its id.
    pub id: Uuid,
    /// The text as it was written.
    pub text: String,
    /// The text as it is compared.
    pub folded: String,
    /// The code of the supplier it means.
    pub supplier: String,
    /// Who taught it.
    pub taught_by: String,
    /// When.
    pub taught_at: At,
}

/// A page of what people taught, by text, with one more than `limit`.
///
/// # Errors
/// The database's failure.
pub async fn lessons(tx: &mut Tx<'_>, after: Option<&str>, limit: i64) -> Result<Vec<Lesson>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::LIST_LESSONS))
        .bind(after.unwrap_or_default()).bind(limit + 1).fetch_all(c).await?))
}

/// A supplier with what lies sealed, opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Supplier {
    /// What is not sealed.
    pub record: SupplierRecord,
    /// What is.
    pub contact: Contact,
}

/// A supplier with what lies sealed, for who reads it.
///
/// # Errors
/// [`StoreError`] when it does not open or the access cannot be written down.
pub async fn open_supplier(
    tx: &mut Tx<'_>,
    opener: &Opener<'_>,
    record: SupplierRecord,
) -> Result<Supplier, StoreError> {
    let contact = Sealed::of(tx, record.id).await?.open(tx, opener, record.id).await?;
    Ok(Supplier { record, contact })
}
