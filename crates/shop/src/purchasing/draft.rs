//! What is wanted goes onto the drafts of its suppliers: one draft each, one line per thing. A list for several suppliers is
//! split; a supplier that nobody knows is an error and never left out.

use std::collections::{BTreeMap, BTreeSet};

use gondola_ledger::{Qty, Unit, UnitCost};
use gondola_store::{Command, Context, Engine, Fail, Permission, StoreError, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::asked::{Asked, together};
use super::queries::{OrderLine, Ordered, lines_of};
use super::refusal::PurchaseRefused;
use super::rows::{Draft, Known, as_stored, draft_of, put_lines, touch};
use super::sql;
use crate::kernel::bulk::{hex, id_list, insert_all, json};
use crate::kernel::text::fold;
use crate::stock::{BatchRefused, Book, LineRefusal, Mention, ProductRef, StockRefusal, channel_of};

/// Lines of an order, and of a call that adds to orders, at most.
pub const ORDER_LINES_MAX: usize = 500;

/// One thing to order.
#[derive(Debug, Clone)]
pub struct LineWanted {
    /// Code of whom it is bought from.
    pub supplier: String,
    /// Of which product, when it is known.
    pub product: Option<ProductRef>,
    /// What it is in somebody's words; the product's name when absent.
    pub text: Option<String>,
    /// How much, in `unit`; nothing while nobody said.
    pub quantity: Option<Qty>,
    /// A unit, as the supplier is told; the product's own or `un` when absent.
    pub unit: Option<String>,
    /// What one `unit` should cost.
    pub expected_cost: Option<UnitCost>,
    /// Whether it is urgent.
    pub is_urgent: bool,
}

/// Puts lines onto the drafts of their suppliers, all or none.
#[derive(Debug, Clone)]
pub struct AddLines {
    /// What to order.
    pub lines: Vec<LineWanted>,
}

impl Command for AddLines {
    const NAME: &'static str = "purchasing.add_lines";
    type Out = Vec<Ordered>;
    type Refusal = PurchaseRefused;

    fn subject(&self) -> String {
        let codes: BTreeSet<&str> = self.lines.iter().map(|line| line.supplier.as_str()).collect();
        codes.into_iter().collect::<Vec<_>>().join(", ")
    }

    fn permission(&self) -> Permission {
        Permission::EditPurchases
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Vec<Ordered>, Fail<PurchaseRefused>> {
        let suppliers = self.suppliers(tx).await?;
        let products: Vec<ProductRef> = self.lines.iter().filter_map(|line| line.product.clone()).collect();
        let known = Known::load(tx, &products).await?;
        let mut book = Book::open(tx, cx, channel_of(cx), &products).await?;
        look_up(tx, &mut book, &self.lines).await?;
        let (mut wanted, mut bad) = (Vec::with_capacity(self.lines.len()), Vec::new());
        for (index, line) in self.lines.iter().enumerate() {
            match measure(tx, &mut book, &known, line).await {
                Ok(asked) => wanted.push(of_line(line, &known, asked, suppliers[&line.supplier])),
                Err(Fail::Refused(refusal)) => bad.push((index, LineRefusal::Stock(refusal))),
                Err(fail) => return Err(fail.map(PurchaseRefused::from)),
            }
        }
        if !bad.is_empty() {
            return Err(Fail::Refused(PurchaseRefused::Lines(BatchRefused(bad))));
        }
        put(tx, cx, wanted).await
    }
}

impl AddLines {
    /// The suppliers by their codes; every code that is none is told.
    async fn suppliers(&self, tx: &mut Tx<'_>) -> Result<BTreeMap<String, Uuid>, Fail<PurchaseRefused>> {
        let codes: BTreeSet<&str> = self.lines.iter().map(|line| line.supplier.as_str()).collect();
        let found = suppliers(tx, &codes.iter().copied().collect::<Vec<_>>()).await?;
        let unknown = self.lines.iter().enumerate().find_map(|(index, line)| {
            let code = &line.supplier;
            (!found.contains_key(code)).then(|| (format!("lines[{index}].supplier"), code.clone()))
        });
        match unknown {
            Some((field, code)) => Err(Fail::Refused(PurchaseRefused::UnknownSupplier { field, code })),
            None => Ok(found),
        }
    }
}

/// A line on its way to the draft of a supplier.
pub(super) struct Wanted {
    supplier: Uuid,
    product: Option<(Uuid, Unit)>,
    about: String,
    asked: Asked,
    /// The line of the notebook that asks for it.
    entry: Option<Uuid>,
}

impl Wanted {
    /// The same, as a line of the notebook asks for it.
    pub fn asked_by(self, entry: Uuid) -> Self {
        Self { entry: Some(entry), ..self }
    }
}

pub(super) fn of_line(
    line: &LineWanted,
    known: &Known,
    asked: (Asked, Option<(Uuid, Unit)>),
    supplier: Uuid,
) -> Wanted {
    let name = line.product.as_ref().and_then(|product| known.get(product)).map(|goods| goods.name.clone());
    let about = line.text.clone().or(name).unwrap_or_default();
    Wanted { supplier, product: asked.1, about, asked: asked.0, entry: None }
}

/// Looks up the packs that lines mention, of all of them at once.
pub(super) async fn look_up(tx: &mut Tx<'_>, book: &mut Book<'_>, lines: &[LineWanted]) -> Result<(), StoreError> {
    let mentions = lines.iter().filter_map(|line| Some(Mention::of(line.product.as_ref()?, line.unit.as_deref())));
    let mentions: Vec<Mention<'_>> = mentions.collect();
    book.look_up(tx, &mentions).await
}

/// How much a line asks for, also in the product's own unit where somebody knows how much that is.
pub(super) async fn measure(
    tx: &mut Tx<'_>,
    book: &mut Book<'_>,
    known: &Known,
    line: &LineWanted,
) -> Result<(Asked, Option<(Uuid, Unit)>), Fail<StockRefusal>> {
    let goods = match &line.product {
        None => None,
        Some(product) => {
            book.product(product).map_err(Fail::Refused)?;
            known.get(product)
        }
    };
    let own = goods.map(|goods| goods.unit().map(|unit| (goods.id, unit))).transpose()?;
    let unit = line.unit.clone().unwrap_or_else(|| own.map_or(Unit::Un, |(_, unit)| unit).code().to_owned());
    let base = match (own, line.quantity) {
        (Some((product, _)), Some(quantity)) => match book.in_base_units(tx, product, quantity, Some(&unit)).await {
            Ok(base) => Some(base),
            // Nobody has said yet how many there are in one of these: it is asked when they come.
            Err(Fail::Refused(StockRefusal::UnknownUnit { .. })) => None,
            Err(fail) => return Err(fail),
        },
        _ => None,
    };
    let quantity = line.quantity.map(|quantity| (quantity, unit));
    Ok((Asked { quantity, base, expected_cost: line.expected_cost, is_urgent: line.is_urgent }, own))
}

#[derive(Serialize)]
struct NoteOut {
    #[serde(serialize_with = "hex")]
    entry_id: Uuid,
    #[serde(serialize_with = "hex")]
    order_id: Uuid,
    line: i64,
}

/// Puts lines onto drafts; answers the drafts.
pub(super) async fn put(
    tx: &mut Tx<'_>,
    cx: &Context,
    wanted: Vec<Wanted>,
) -> Result<Vec<Ordered>, Fail<PurchaseRefused>> {
    let mut by_supplier: BTreeMap<Uuid, Vec<Wanted>> = BTreeMap::new();
    for one in wanted {
        by_supplier.entry(one.supplier).or_default().push(one);
    }
    lock_suppliers(tx, by_supplier.keys()).await?;
    let mut orders = Vec::with_capacity(by_supplier.len());
    for (supplier, wanted) in by_supplier {
        let order = match draft_of(tx, cx, supplier).await? {
            Draft::Begun(order) => order,
            Draft::Known(order) => {
                cx.changes(&vec![as_stored(tx, order).await?]);
                touch(tx, order).await?;
                order
            }
        };
        let mut lines = lines_of(tx, &[order]).await?;
        let mut notes = Vec::new();
        for one in wanted {
            let line = place(&mut lines, order, &one);
            notes.extend(one.entry.map(|entry_id| NoteOut { entry_id, order_id: order, line }));
        }
        if lines.len() > ORDER_LINES_MAX {
            return Err(Fail::Refused(PurchaseRefused::TooManyLines));
        }
        put_lines(tx, &lines.iter().collect::<Vec<_>>()).await?;
        insert_all(tx, sql::PUT_NOTES, &notes).await?;
        orders.push(as_stored(tx, order).await?);
    }
    Ok(orders)
}

/// Puts one thing onto its line, or onto a new one; answers the line's number.
fn place(lines: &mut Vec<OrderLine>, order: Uuid, wanted: &Wanted) -> i64 {
    let (product, own) = (wanted.product.map(|(id, _)| id), wanted.product.map(|(_, unit)| unit));
    let folded = fold(&wanted.about);
    let same = |line: &&mut OrderLine| match product {
        Some(product) => line.product_id == Some(product),
        None => line.product_id.is_none() && line.about_folded == folded,
    };
    for line in lines.iter_mut().filter(same) {
        if let Some(both) = together(&asked_of(line), &wanted.asked, own) {
            write(line, both);
            return line.line;
        }
    }
    let mut line = OrderLine {
        order_id: order,
        line: lines.iter().map(|line| line.line).max().unwrap_or_default() + 1,
        product_id: product,
        sku: None,
        name: None,
        product_unit: own.map(|unit| unit.code().to_owned()),
        about: wanted.about.clone(),
        about_folded: folded,
        wording: None,
        quantity: None,
        unit: None,
        base_quantity: None,
        base_received: 0,
        expected_cost: None,
        last_cost: None,
        urgent: false,
    };
    write(&mut line, wanted.asked.clone());
    let number = line.line;
    lines.push(line);
    number
}

/// What a stored line asks for.
pub(super) fn asked_of(line: &OrderLine) -> Asked {
    Asked {
        quantity: line.quantity.map(Qty::new).zip(line.unit.clone()),
        base: line.base_quantity.map(Qty::new),
        expected_cost: line.expected_cost.map(UnitCost::new),
        is_urgent: line.urgent,
    }
}

/// Writes what is asked for into a line.
pub(super) fn write(line: &mut OrderLine, asked: Asked) {
    line.quantity = asked.quantity.as_ref().map(|(quantity, _)| quantity.raw());
    line.unit = asked.quantity.map(|(_, unit)| unit);
    line.base_quantity = asked.base.map(Qty::raw);
    line.expected_cost = asked.expected_cost.map(UnitCost::raw);
    line.urgent = asked.is_urgent;
}

#[derive(FromRow)]
struct SupplierRow {
    id: Uuid,
    code: String,
}

/// The suppliers in use with these codes.
pub(super) async fn suppliers(tx: &mut Tx<'_>, codes: &[&str]) -> Result<BTreeMap<String, Uuid>, StoreError> {
    let rows: Vec<SupplierRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_SUPPLIERS)).bind(json(codes)).fetch_all(c).await?);
    Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
}

/// Locks suppliers in the order of their ids; on SQLite whoever writes holds the whole file.
async fn lock_suppliers(tx: &mut Tx<'_>, suppliers: impl Iterator<Item = &Uuid>) -> Result<(), StoreError> {
    let Tx::Postgres(c) = tx else { return Ok(()) };
    let list = id_list(suppliers);
    sqlx::query(sql::LOCK_SUPPLIERS.text(Engine::Postgres)).bind(list).execute(&mut **c).await?;
    Ok(())
}
