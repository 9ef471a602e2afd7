//! How the days of the made-up shop go: opening stock, then each day shelves filled from the depósito, trucks in the morning,
//! sales by day, housekeeping after lunch, shelves again, sales in the evening. Each part keeps to its own minutes, so that in
//! the order of the clock nothing is taken before it came. Sales are in `tills.rs`, losses and counts in `housekeeping.rs`.

use std::borrow::Cow;
use std::ops::Range;

use gondola_ledger::{Day, MovementKind, Qty};
use gondola_store::Role;

use super::calendar::{Season, busyness, month_factor, weekday};
use super::pace::Rhythm;
use super::plan::{DayPlan, LotPlan, MovementPlan, Place};
use super::pricing::ListRises;
use super::products::ProductPlan;
use super::random::Random;
use super::shelves::{Held, Shelf};
use super::stories::{Story, tell_stories};
use super::suppliers::{SUPPLIERS, position};

const OPENING_MINUTES: Range<i64> = 420..450;
const MORNING_SHELVES: Range<i64> = 460..480;
const TRUCKS: Range<i64> = 495..630;
const AFTERNOON_SHELVES: Range<i64> = 935..1_015;
/// Delivery lines that do not come, or come by half, in thousandths.
const MISSING_PERMILLE: i64 = 35;
const HALF_PERMILLE: i64 = 40;

/// The shop on one of its days.
pub(super) struct Shop<'a> {
    pub products: &'a [ProductPlan],
    pub shelves: Vec<Shelf>,
    pub stories: Vec<Story>,
    /// When somebody next buys what sells seldom.
    pub next_sale: Vec<Day>,
    pub random: Random,
    pub today: Day,
    first: Day,
    pub last: Day,
    pub tickets: u64,
    pub movements: Vec<MovementPlan>,
    /// How busy today is, and the month, per season in thousandths.
    busy: [[i64; 2]; 3],
    delivery_notes: u64,
    rises: Vec<ListRises>,
}

/// Every day from the first to before the end of `days`, and the day at the end, on which no story goes on.
pub(super) fn run_days(products: &[ProductPlan], days: Range<Day>, random: Random) -> (Vec<DayPlan>, DayPlan) {
    let mut shop = Shop::new(products, days.clone(), random);
    let whole = (days.start.0..days.end.0).map(|day| shop.run(Day(day))).collect();
    (whole, shop.run(days.end))
}

/// A movement of one product with nothing said yet but what moved.
pub(super) fn draft(kind: MovementKind, product: usize, held: &Held) -> MovementPlan {
    MovementPlan {
        kind,
        product,
        quantity: Qty::new(held.quantity),
        from: None,
        to: None,
        lot: held.lot.clone(),
        unit_cost: None,
        reason: Cow::Borrowed(""),
        document: None,
        minute: 0,
        by: Role::Deposito,
        overdraws: false,
    }
}

impl<'a> Shop<'a> {
    fn new(products: &'a [ProductPlan], days: Range<Day>, mut random: Random) -> Self {
        let last = Day(days.end.0.saturating_sub(1));
        let rises = SUPPLIERS.iter().map(|_| ListRises::draw(days.start, last, &mut random)).collect();
        let next_sale = products.iter().map(|product| match product.pace.rhythm {
            Rhythm::Seldom(cadence) => Day(days.start.0.saturating_add(small(random.between(0, cadence)))),
            Rhythm::Daily | Rhythm::Often(_) => days.start,
        });
        Self {
            products,
            shelves: vec![Shelf::default(); products.len()],
            next_sale: next_sale.collect(),
            stories: tell_stories(products, &mut random),
            rises,
            today: days.start,
            first: days.start,
            last,
            tickets: 41_200,
            delivery_notes: 12_840,
            busy: [[0; 2]; 3],
            movements: Vec::new(),
            random,
        }
    }

    fn run(&mut self, day: Day) -> DayPlan {
        self.today = day;
        self.busy = Season::ALL.map(|season| [busyness(day, season), month_factor(day, season)]);
        if day == self.first {
            self.open();
        }
        self.fill_shelves(MORNING_SHELVES);
        self.receive_trucks();
        self.sell_by_day();
        self.keep_house();
        self.fill_shelves(AFTERNOON_SHELVES);
        self.sell_in_the_evening();
        let mut movements = std::mem::take(&mut self.movements);
        movements.sort_by_key(|movement| movement.minute);
        DayPlan { day, movements }
    }

    /// Days that are left, 0 on the last one and -1 today.
    pub fn days_left(&self) -> i64 {
        self.today.days_until(self.last)
    }

    /// How busy today is for a category, in thousandths.
    pub fn busyness(&self, season: Season) -> i64 {
        self.busy[season as usize][0]
    }

    /// How busy the month is for a category, in thousandths.
    pub fn month_factor(&self, season: Season) -> i64 {
        self.busy[season as usize][1]
    }

    /// A minute of a part of the day.
    pub fn minute(&mut self, part: Range<i64>) -> i32 {
        small(self.random.between(part.start, part.end - 1))
    }

    fn open(&mut self) {
        for product in 0..self.products.len() {
            let policy = self.products[product].policy;
            let drawn = self.random.between(policy.reorder, policy.target);
            let quantity =
                if self.stories[product] == Story::Still { policy.target } else { self.round(product, drawn) };
            let on_shelf = quantity.min(policy.shelf);
            self.open_at(product, Place::Local, on_shelf);
            self.open_at(product, Place::Deposito, quantity - on_shelf);
        }
    }

    fn open_at(&mut self, product: usize, place: Place, quantity: i64) {
        if quantity == 0 {
            return;
        }
        let held = Held { lot: self.lot(product, 40..95), quantity };
        let minute = self.minute(OPENING_MINUTES);
        self.shelves[product].put(place, held.clone());
        self.movements.push(MovementPlan {
            to: Some(place),
            unit_cost: Some(self.cost(product)),
            reason: Cow::Borrowed("Stock inicial"),
            minute,
            by: Role::Admin,
            ..draft(MovementKind::Opening, product, &held)
        });
    }

    /// A lot that came in today with that percentage of its life ahead.
    fn lot(&mut self, product: usize, life_percent: Range<i64>) -> Option<LotPlan> {
        let life = i64::from(self.products[product].shelf_life_days?);
        let days = (life * self.random.between(life_percent.start, life_percent.end) / 100).max(2);
        let expires_on = Day(self.today.0.saturating_add(small(days)));
        let date = expires_on.to_string();
        Some(LotPlan { code: format!("L{}{}{}", &date[2..4], &date[5..7], &date[8..10]), expires_on })
    }

    fn cost(&self, product: usize) -> gondola_ledger::UnitCost {
        let product = &self.products[product];
        let supplier = position(product.supplies[0].supplier).expect("a test finds the supplier of every family");
        self.rises[supplier].cost_on(self.today, product.acquisition_cost)
    }

    fn fill_shelves(&mut self, part: Range<i64>) {
        for product in 0..self.products.len() {
            let quantity = self.carried(product, &part);
            if quantity > 0 {
                self.fill_shelf(product, quantity, part.clone());
            }
        }
    }

    /// What somebody carries to a shelf: nothing while a quarter of it is left, everything when little would stay behind. After
    /// lunch only what sells every day, and what is empty.
    fn carried(&self, product: usize, part: &Range<i64>) -> i64 {
        let (plan, shelf) = (&self.products[product], &self.shelves[product]);
        let stored = shelf.sellable(Place::Deposito, self.today);
        // The sellable lots of an overdrawn shelf hide what it owes.
        let local = shelf.sellable(Place::Local, self.today).min(shelf.on_hand(Place::Local));
        let wanted = plan.policy.shelf - local;
        let must_end_empty = self.stories[product].ends_empty() && self.days_left() < 4;
        let can_wait = *part == AFTERNOON_SHELVES && plan.pace.rhythm != Rhythm::Daily && local > 0;
        if must_end_empty || (wanted * 3 >= stored * 2 && local * 4 <= plan.policy.shelf && !can_wait) {
            stored
        } else if can_wait || local * 4 > plan.policy.shelf {
            0
        } else {
            wanted
        }
    }

    fn fill_shelf(&mut self, product: usize, quantity: i64, part: Range<i64>) {
        let minute = self.minute(part);
        for held in self.shelves[product].take(Place::Deposito, quantity, self.today) {
            self.shelves[product].put(Place::Local, held.clone());
            self.movements.push(MovementPlan {
                from: Some(Place::Deposito),
                to: Some(Place::Local),
                reason: Cow::Borrowed("Reposición de góndola"),
                minute,
                ..draft(MovementKind::Transfer, product, &held)
            });
        }
    }

    fn receive_trucks(&mut self) {
        let today = weekday(self.today);
        for supplier in SUPPLIERS.iter().filter(|supplier| supplier.delivery_weekdays.contains(&today)) {
            let minute = self.minute(TRUCKS);
            self.delivery_notes += 1;
            let document = format!("Remito 0003-{:08}", self.delivery_notes);
            for product in 0..self.products.len() {
                if self.products[product].supplies[0].supplier != supplier.code {
                    continue;
                }
                let quantity = self.ordered(product);
                if quantity == 0 {
                    continue;
                }
                let held = Held { lot: self.lot(product, 75..100), quantity };
                self.shelves[product].put(Place::Deposito, held.clone());
                self.movements.push(MovementPlan {
                    to: Some(Place::Deposito),
                    unit_cost: Some(self.cost(product)),
                    reason: Cow::Owned(format!("Compra a {}", supplier.name)),
                    document: Some(document.clone()),
                    minute,
                    ..draft(MovementKind::Receipt, product, &held)
                });
            }
        }
    }

    /// What the truck brings of a product: up to the target once stock is at the reorder point, in whole packs when they fit.
    fn ordered(&mut self, product: usize) -> i64 {
        let ProductPlan { policy, season, supplies, .. } = &self.products[product];
        let pack = supplies[0].pack_units * 1_000;
        let shelf = &self.shelves[product];
        let held: i64 = Place::ALL.into_iter().map(|place| shelf.sellable(place, self.today)).sum();
        let held = held.min(shelf.total());
        let story = self.stories[product];
        if story.has_offer(self.days_left()) && shelf.total() < policy.max * 2 {
            return policy.max * 3;
        }
        // In a busy month the order goes out sooner, in a quiet one it is smaller.
        let month = self.month_factor(*season);
        let reorder = (policy.reorder * month / 1_000).min(policy.target - 1);
        let target = policy.target * month.min(1_000) / 1_000;
        if held > reorder || !story.is_delivered(self.days_left()) || self.random.chance(MISSING_PERMILLE) {
            return 0;
        }
        let need = target - held;
        let in_packs = (need + pack - 1) / pack * pack;
        let quantity = if held + in_packs <= i64::midpoint(target, policy.max) { in_packs } else { need };
        let half = self.random.chance(HALF_PERMILLE);
        self.round(product, if half { quantity / 2 } else { quantity })
    }

    /// The nearest quantity the product comes in, downwards but never nothing: whole units, or 5 g.
    pub fn round(&self, product: usize, quantity: i64) -> i64 {
        let step = if self.products[product].sold_by_weight { 5 } else { 1_000 };
        (quantity / step).max(1) * step
    }
}

/// Days and minutes of a plan are small numbers.
pub(super) fn small(number: i64) -> i32 {
    i32::try_from(number).expect("days and minutes of a plan fit 32 bits")
}
