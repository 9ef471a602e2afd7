//! What a demo shop is made of and what happened in it: the types that `gondola demo` writes into a new shop. Not here: how the
//! days are made up (`days.rs`).

use std::borrow::Cow;

use gondola_ledger::{Day, MovementKind, Qty, UnitCost};
use gondola_store::Role;

use super::days::run_days;
use super::products::{ProductPlan, products};
use super::random::Random;
use super::suppliers::{SUPPLIERS, SupplierPlan};
use super::table::{CategoryPlan, categories};

/// A shop with its past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The domain's categories, then this shop's own.
    pub categories: Vec<CategoryPlan>,
    /// The twelve.
    pub suppliers: Vec<SupplierPlan>,
    /// Every product; movements name them by their place here.
    pub products: Vec<ProductPlan>,
    /// The days in order, the last one being yesterday.
    pub days: Vec<DayPlan>,
    /// How today will have gone by the evening; whoever writes the shop takes what has happened so far.
    pub today: DayPlan,
}

/// How large a shop to make up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanSize {
    /// At most so many products; the seed catalogue comes first.
    pub products_max: usize,
    /// Days of movements, yesterday included.
    pub days: i32,
}

impl PlanSize {
    /// What `gondola demo` shows: the whole catalogue, 90 days (OPS-6).
    pub const DEMO: Self = Self { products_max: usize::MAX, days: 90 };
    /// The seed catalogue and six weeks, for tests.
    pub const SMALL: Self = Self { products_max: 320, days: 42 };
}

/// One day of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlan {
    /// The day.
    pub day: Day,
    /// What happened, in order.
    pub movements: Vec<MovementPlan>,
}

/// A real place of the demo shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The back store.
    Deposito,
    /// The sales floor.
    Local,
}

impl Place {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Deposito, Self::Local];

    /// The code of the location.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Deposito => "deposito",
            Self::Local => "local",
        }
    }
}

/// A lot as its movements name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotPlan {
    /// The code on the box.
    pub code: String,
    /// Its last good day.
    pub expires_on: Day,
}

/// Something that happened to one product; at most one lot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MovementPlan {
    /// What happened.
    pub kind: MovementKind,
    /// Place of the product in [`Plan::products`].
    pub product: usize,
    /// How much; always more than zero.
    pub quantity: Qty,
    /// Where it left, when that is a real place.
    pub from: Option<Place>,
    /// Where it arrived, when that is a real place.
    pub to: Option<Place>,
    /// The lot, for perishables.
    pub lot: Option<LotPlan>,
    /// What a unit cost, for what came in.
    pub unit_cost: Option<UnitCost>,
    /// In the words of whoever wrote it down.
    pub reason: Cow<'static, str>,
    /// Ticket or delivery note.
    pub document: Option<String>,
    /// Minutes since local midnight.
    pub minute: i32,
    /// Who did it; that role may.
    pub by: Role,
    /// A sale at the till of goods the shop believed it did not have.
    pub overdraws: bool,
}

impl Plan {
    /// The shop of that seed whose last whole day is the day before `today`.
    pub fn new(seed: u64, today: Day, size: PlanSize) -> Self {
        let categories = categories();
        let products = products(&categories, size.products_max);
        let first = Day(today.0.saturating_sub(size.days));
        let (days, today) = run_days(&products, first..today, Random::new(seed));
        Self { categories, suppliers: SUPPLIERS.to_vec(), products, days, today }
    }

    /// How many movements all the whole days hold.
    pub fn movement_count(&self) -> usize {
        self.days.iter().map(|day| day.movements.len()).sum()
    }
}
