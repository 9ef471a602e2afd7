//! The three-way check of an invoice in the books: what was ordered, what came and what is billed, product by product, and
//! costs line by line (`suppliers-and-purchasing.md`). Every difference is told; those that the supplier owes for become
//! claims. Worked out from what is stored, each time that it is asked for: an order that comes in parts is held against all
//! that came of it so far.

use std::collections::{HashMap, HashSet};

use gondola_ledger::{Money, Qty, UnitCost};
use gondola_pricing::invoice::{Difference, Expected, ThreeWay};
use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::beside::is_freight;
use super::confirm::{brings_goods, come_to};
use super::cost::Received;
use super::queries::{Invoice, StoredLine};
use crate::prices::status_on;
use crate::purchasing::{self, OrderLine, Ordered, ReceiptLine, Received as Delivery};
use crate::suppliers::{self, SupplierRecord};

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Billed, and it did not come.
    Missing,
    /// Billed, and it came broken.
    Damaged,
    /// It came and is not billed.
    Unbilled,
    /// Billed above what was agreed.
    Dearer,
    /// Billed below what was agreed.
    Cheaper,
    /// Less of it came than was ordered.
    LessThanOrdered,
    /// More of it came than was ordered.
    MoreThanOrdered,
}

impl DifferenceKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Missing,
        Self::Damaged,
        Self::Unbilled,
        Self::Dearer,
        Self::Cheaper,
        Self::LessThanOrdered,
        Self::MoreThanOrdered,
    ];

    /// The name in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Damaged => "damaged",
            Self::Unbilled => "unbilled",
            Self::Dearer => "dearer",
            Self::Cheaper => "cheaper",
            Self::LessThanOrdered => "less_than_ordered",
            Self::MoreThanOrdered => "more_than_ordered",
        }
    }

    /// Whether the two values are costs and no quantities.
    pub const fn is_cost(self) -> bool {
        matches!(self, Self::Dearer | Self::Cheaper)
    }

    /// The kind of claim that it becomes, where the supplier owes for it.
    pub(super) const fn claim(self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("missing"),
            Self::Damaged => Some("damaged"),
            Self::Dearer => Some("cost"),
            Self::Unbilled | Self::Cheaper | Self::LessThanOrdered | Self::MoreThanOrdered => None,
        }
    }
}

/// A difference of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundDifference {
    /// The invoice's line; none for what it does not bill.
    pub line: Option<i64>,
    /// The product.
    pub product_id: Uuid,
    /// Its SKU.
    pub sku: Option<String>,
    /// Its unit.
    pub product_unit: Option<String>,
    /// What it is called.
    pub about: String,
    /// What differs.
    pub kind: DifferenceKind,
    /// What was billed or ordered, in thousandths of the product's unit; the cost agreed, in ten-thousandths of a peso.
    pub expected: i64,
    /// What came in good order; the cost billed.
    pub found: i64,
    /// What it is worth, in centavos; nothing for what is only short of, or beyond, an order.
    pub amount: Option<i64>,
}

/// How much of a product came, in its own unit.
#[derive(Debug, Clone, Copy, Default)]
struct Came {
    good: i64,
    damaged: i64,
}

/// The three papers of a delivery.
pub(super) struct Papers<'a> {
    /// The invoice's lines of goods.
    pub billed: Vec<&'a StoredLine>,
    /// The order that it bills, with its lines.
    pub order: Option<&'a Ordered>,
    /// The receipt of its goods.
    pub receipt: &'a Delivery,
    /// What lines cost to the shop as it is today, where the paper's day saw another one.
    pub today: &'a HashMap<i64, UnitCost>,
    /// What they cost without the freight of the paper, where it has one.
    pub bare: HashMap<i64, UnitCost>,
}

impl Papers<'_> {
    /// Every difference: of each line in turn, then of what is not billed, then of the order.
    pub fn differences(&self) -> Vec<FoundDifference> {
        let mut came = self.came();
        let mut last_line: HashMap<Uuid, i64> = HashMap::new();
        for line in &self.billed {
            last_line.extend(line.product_id.map(|product| (product, line.line)));
        }
        let mut found = Vec::new();
        for line in &self.billed {
            let (Some(product), Some(billed)) = (line.product_id, line.received) else { continue };
            let rest = came.entry(product).or_default();
            let good = rest.good.min(billed);
            let damaged = rest.damaged.min(billed - good);
            // What came beyond all that is billed of a product stands at the last line of it.
            let beyond = if last_line.get(&product) == Some(&line.line) { rest.good - good } else { 0 };
            *rest = Came { good: rest.good - good - beyond, damaged: rest.damaged - damaged };
            found.extend(self.of_line(line, billed, (Came { good, damaged }, beyond)));
        }
        found.extend(self.beside_the_paper(&last_line));
        found.extend(self.of_order());
        found
    }

    fn came(&self) -> HashMap<Uuid, Came> {
        let mut came: HashMap<Uuid, Came> = HashMap::new();
        for line in &self.receipt.lines {
            let of_product = came.entry(line.product_id).or_default();
            of_product.good += good_base(line);
            of_product.damaged += damaged_base(line);
        }
        came
    }

    /// What a line bills otherwise than it came or was agreed.
    fn of_line(&self, line: &StoredLine, billed: i64, (came, beyond): (Came, i64)) -> Vec<FoundDifference> {
        let cost = UnitCost::new(line.unit_cost.unwrap_or_default());
        let agreed = line.product_id.and_then(|product| self.order_line(product)).map_or(Expected::Nothing, agreed);
        // What is agreed is a cost to the shop as it is today; whether with freight, nobody said.
        let full = self.today.get(&line.line).copied().unwrap_or(cost);
        let bare = self.bare.get(&line.line).copied().unwrap_or(full).min(full);
        let three = ThreeWay {
            // How much was ordered is held against all that came of it; a line knows only its own.
            expected: match agreed {
                Expected::Ordered { cost, .. } if line.unit_cost.is_some() => Expected::LastCost(cost),
                _ => Expected::Nothing,
            },
            received: Qty::new(came.good + beyond),
            invoiced: Qty::new(billed),
            cost: match agreed {
                Expected::Ordered { cost, .. } => cost.clamp(bare, full),
                _ => full,
            },
        };
        let worth = |quantity: i64, cost: UnitCost| Qty::new(quantity).times_cost(cost).map(Money::raw);
        let named = |kind, expected, found, amount| self.named(line, kind, (expected, found), amount);
        let told = |difference| match difference {
            Difference::InvoicedOtherThanReceived { .. } if beyond > 0 => {
                vec![named(DifferenceKind::Unbilled, billed, billed + beyond, worth(beyond, cost))]
            }
            Difference::InvoicedOtherThanReceived { .. } => {
                let missing = billed - came.good - came.damaged;
                let mut both = Vec::new();
                if came.damaged > 0 {
                    let owed = worth(came.damaged, cost);
                    both.push(named(DifferenceKind::Damaged, billed, billed - came.damaged, owed));
                }
                if missing > 0 {
                    both.push(named(DifferenceKind::Missing, billed, billed - missing, worth(missing, cost)));
                }
                both
            }
            Difference::Cost { expected, invoiced } => {
                let is_dearer = invoiced > expected;
                let kind = if is_dearer { DifferenceKind::Dearer } else { DifferenceKind::Cheaper };
                let over = UnitCost::new((invoiced.raw() - expected.raw()).abs());
                vec![named(kind, expected.raw(), invoiced.raw(), worth(billed, over))]
            }
            Difference::ReceivedOtherThanOrdered { .. } => Vec::new(),
        };
        three.differences().into_iter().flat_map(told).collect()
    }

    fn named(
        &self,
        line: &StoredLine,
        kind: DifferenceKind,
        (expected, found): (i64, i64),
        amount: Option<i64>,
    ) -> FoundDifference {
        FoundDifference {
            line: Some(line.line),
            product_id: line.product_id.unwrap_or_default(),
            sku: line.sku.clone(),
            product_unit: line.product_unit.clone(),
            about: line.about.clone(),
            kind,
            expected,
            found,
            amount,
        }
    }

    /// Products that came and that the paper does not name.
    fn beside_the_paper(&self, billed: &HashMap<Uuid, i64>) -> Vec<FoundDifference> {
        let mut told = HashSet::new();
        let came = self.came();
        let mut found = Vec::new();
        for line in &self.receipt.lines {
            let good = came.get(&line.product_id).map_or(0, |came| came.good);
            if good == 0 || billed.contains_key(&line.product_id) || !told.insert(line.product_id) {
                continue;
            }
            let cost = line.unit_cost.map(UnitCost::new);
            found.push(FoundDifference {
                line: None,
                product_id: line.product_id,
                sku: Some(line.sku.clone()),
                product_unit: Some(line.product_unit.clone()),
                about: line.name.clone(),
                kind: DifferenceKind::Unbilled,
                expected: 0,
                found: good,
                amount: cost.and_then(|cost| Qty::new(good).times_cost(cost)).map(Money::raw),
            });
        }
        found
    }

    /// What the order asked for and what came of it, in this delivery and all others.
    fn of_order(&self) -> Vec<FoundDifference> {
        let lines = self.order.map(|order| order.lines.as_slice()).unwrap_or_default();
        let told = |line: &OrderLine| {
            let (product_id, ordered, came) = (line.product_id?, line.base_quantity?, line.base_received);
            let kind = match came.cmp(&ordered) {
                std::cmp::Ordering::Less => DifferenceKind::LessThanOrdered,
                std::cmp::Ordering::Equal => return None,
                std::cmp::Ordering::Greater => DifferenceKind::MoreThanOrdered,
            };
            let at = self.billed.iter().find(|billed| billed.product_id == Some(product_id));
            Some(FoundDifference {
                line: at.map(|billed| billed.line),
                product_id,
                sku: line.sku.clone(),
                product_unit: line.product_unit.clone(),
                about: line.title().to_owned(),
                kind,
                expected: ordered,
                found: came,
                amount: None,
            })
        };
        lines.iter().filter_map(told).collect()
    }

    fn order_line(&self, product: Uuid) -> Option<&OrderLine> {
        self.order?.lines.iter().find(|line| line.product_id == Some(product))
    }
}

/// What an order says of a product, in its own unit; nothing while somebody has to say how much or at what cost.
pub(super) fn agreed(ordered: &OrderLine) -> Expected {
    let said = || {
        let (quantity, base, cost) = (ordered.quantity?, ordered.base_quantity?, ordered.expected_cost?);
        let base_or_one = i128::from(base).max(1);
        let cost = (i128::from(cost) * i128::from(quantity) + base_or_one / 2) / base_or_one;
        Some(Expected::Ordered { quantity: Qty::new(base), cost: UnitCost::new(i64::try_from(cost).ok()?) })
    };
    said().unwrap_or(Expected::Nothing)
}

/// How much of a line of a receipt came in good order: what was weighed, where it was, since that is what is billed.
fn good_base(line: &ReceiptLine) -> i64 {
    if line.movement_id.is_some() { line.moved_quantity } else { line.base_quantity }
}

/// How much of a line of a receipt came broken, in the product's own unit.
fn damaged_base(line: &ReceiptLine) -> i64 {
    if line.quantity == 0 {
        return line.damaged;
    }
    let base = i128::from(line.damaged) * i128::from(line.base_quantity) / i128::from(line.quantity);
    i64::try_from(base).unwrap_or(line.damaged)
}

/// What lines cost to a shop of that status without the freight of their paper; nothing where it has none.
///
/// # Errors
/// The database's failure.
pub(super) async fn without_freight(
    tx: &mut Tx<'_>,
    supplier: &SupplierRecord,
    status: TaxStatus,
    invoice: &Invoice,
) -> Result<HashMap<i64, UnitCost>, StoreError> {
    let mut lines = invoice.written();
    if !lines.iter().any(is_freight) {
        return Ok(HashMap::new());
    }
    for line in lines.iter_mut().filter(|line| is_freight(line)) {
        line.about.clear();
    }
    let (goods, _) = come_to(tx, supplier, status, &invoice.head(), &lines).await?;
    let cost = |(line, received): (usize, Received)| Some((i64::try_from(line).ok()?, received.unit_cost?));
    Ok(goods.into_iter().filter_map(cost).collect())
}

/// The lines of an invoice that bring goods, none on a note.
pub(super) fn goods(invoice: &Invoice) -> Vec<&StoredLine> {
    let brings = brings_goods(invoice.head().kind);
    invoice.lines.iter().filter(|line| brings && line.is_goods && line.received.is_some()).collect()
}

/// Every difference of an invoice in the books; none of one that is not.
///
/// # Errors
/// The database's failure.
pub async fn differences_of(tx: &mut Tx<'_>, invoice: &Invoice) -> Result<Vec<FoundDifference>, StoreError> {
    let Some(receipt) = invoice.row.receipt_id else { return Ok(Vec::new()) };
    let Some(receipt) = purchasing::find_receipt(tx, receipt).await? else { return Ok(Vec::new()) };
    let order = match invoice.row.order_id.or(receipt.receipt.order_id) {
        Some(order) => purchasing::find_order(tx, order).await?,
        None => None,
    };
    let today: HashMap<i64, UnitCost> =
        invoice.lines.iter().filter_map(|line| Some((line.line, UnitCost::new(line.cost_today?)))).collect();
    let bare = match (invoice.row.supplier_id, invoice.row.issued_on) {
        (Some(supplier), Some(issued_on)) => match suppliers::find(tx, supplier).await? {
            Some(supplier) => {
                let on_paper = status_on(tx, issued_on).await?;
                let status = if today.is_empty() { on_paper } else { other(on_paper) };
                without_freight(tx, &supplier, status, invoice).await?
            }
            None => HashMap::new(),
        },
        _ => HashMap::new(),
    };
    let papers = Papers { billed: goods(invoice), order: order.as_ref(), receipt: &receipt, today: &today, bare };
    Ok(papers.differences())
}

/// What a shop is that was something else.
const fn other(status: TaxStatus) -> TaxStatus {
    match status {
        TaxStatus::Monotributo => TaxStatus::RegisteredVat,
        TaxStatus::RegisteredVat => TaxStatus::Monotributo,
    }
}
