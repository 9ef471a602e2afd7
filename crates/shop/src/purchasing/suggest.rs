//! What to order: products that are low or worse, and those that the notebook asks for, filled up to their maximum in the
//! supplier's packs, less what is on its way.

use gondola_ledger::{Factor, Qty, Unit, UnitCost};
use gondola_store::{StoreError, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::asked::to_fill_up;
use super::sql;
use crate::kernel::{Problem, Reader};

/// A product to order.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// Product id.
    pub id: Uuid,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Name as it is sorted.
    pub name_folded: String,
    /// The product's unit.
    pub unit: Unit,
    /// Code of its main supplier.
    pub supplier: String,
    /// What is there in all places; nothing for who sees one place only.
    pub on_hand: Option<Qty>,
    /// What is ordered and did not come.
    pub on_order: Qty,
    /// How the product stands.
    pub level: String,
    /// The line of the notebook that asks for it.
    pub entry: Option<Uuid>,
    /// How much comes in one pack of the supplier, in the product's unit.
    pub pack: Qty,
    /// How much to order, in the product's unit; zero when enough is on its way and somebody asks for it all the same.
    pub quantity: Qty,
    /// What one unit cost last from that supplier.
    pub last_cost: Option<UnitCost>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    sku: String,
    name: String,
    name_folded: String,
    unit: String,
    supplier: String,
    max_stock: i64,
    on_hand: i64,
    level: String,
    pack_num: i64,
    pack_den: i64,
    last_cost: Option<i64>,
    on_order: i64,
    entry_id: Option<Uuid>,
}

/// Where a page begins: the folded name of the last product shown, and its id.
pub type SuggestionKey = (String, Uuid);

/// Products to order, by name, with one more than `limit`. What is enough already and nobody asks for is not among them.
///
/// # Errors
/// The database's failure.
pub async fn suggestions(
    reader: &mut Reader,
    supplier: Option<&str>,
    after: Option<SuggestionKey>,
    limit: i64,
) -> Result<Vec<Suggestion>, Problem> {
    let (own, (name, id)) = (reader.location(), after.unwrap_or_default());
    let rows: Vec<Row> = both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::SUGGESTIONS))
        .bind(supplier).bind(name).bind(id).bind(limit + 1).fetch_all(c).await?);
    let mut found = rows.into_iter().map(suggestion).collect::<Result<Vec<_>, StoreError>>()?;
    if own.is_some() {
        found.iter_mut().for_each(|one| one.on_hand = None);
    }
    Ok(found)
}

fn suggestion(row: Row) -> Result<Suggestion, StoreError> {
    let unit = Unit::from_code(&row.unit).ok_or_else(|| StoreError::corrupt("products", "unit", row.id, &row.unit))?;
    let parts = u64::try_from(row.pack_num).ok().zip(u64::try_from(row.pack_den).ok());
    let pack = parts.and_then(|(num, den)| Factor::new(num, den));
    let pack = pack.ok_or_else(|| StoreError::corrupt("product_suppliers", "pack_num", row.id, row.pack_num))?;
    let one = pack.apply(Qty::new(gondola_ledger::qty::SCALE));
    let one = one.map_err(|_| StoreError::corrupt("product_suppliers", "pack_num", row.id, row.pack_num))?;
    Ok(Suggestion {
        quantity: to_fill_up(Qty::new(row.max_stock), Qty::new(row.on_hand), Qty::new(row.on_order), pack),
        id: row.id,
        sku: row.sku,
        name: row.name,
        name_folded: row.name_folded,
        supplier: row.supplier,
        on_hand: Some(Qty::new(row.on_hand)),
        on_order: Qty::new(row.on_order),
        level: row.level,
        entry: row.entry_id,
        last_cost: row.last_cost.map(UnitCost::new),
        pack: one,
        unit,
    })
}
