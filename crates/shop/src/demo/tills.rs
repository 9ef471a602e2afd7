//! Sales of the made-up shop: who buys what today, in which ticket, and now and then something the shop believed it did not have.
//! Not here: how fast a product sells (`pace.rs`) and how busy a day is (`calendar.rs`).

use std::borrow::Cow;
use std::ops::Range;

use gondola_ledger::{Day, MovementKind};
use gondola_store::Role;

use super::calendar::is_town_season;
use super::days::{Shop, draft, small};
use super::pace::{DAILY_CHANCES, Rhythm};
use super::plan::{MovementPlan, Place};
use super::shelves::Held;
use super::stories::Story;

/// A part of the day with its rush.
struct Session {
    minutes: Range<i64>,
    rush: Range<i64>,
    /// Place of its chance in [`DAILY_CHANCES`].
    half: usize,
    /// Out of a thousand sales of a slower product, those that fall in this session.
    share: i64,
}

const BY_DAY: Session = Session { minutes: 485..895, rush: 700..825, half: 0, share: 400 };
const EVENING: Session = Session { minutes: 1_020..1_405, rush: 1_140..1_320, half: 1, share: 600 };
/// Out of a thousand sales, those in the rush.
const RUSH_PERMILLE: i64 = 620;
/// Alcohol is not sold from here on, out of season and in it.
const ALCOHOL_ENDS: [i64; 2] = [1_260, 1_380];
/// Out of a thousand people before an empty shelf, those who hold the product in their hand: it had not been written down.
const UNWRITTEN_PERMILLE: i64 = 100;
/// The same when the depósito should be empty too.
const UNKNOWN_PERMILLE: i64 = 40;
/// Lines a ticket may have.
const TICKET_LINES_MAX: i64 = 6;

impl Shop<'_> {
    /// 08:05 to 14:55.
    pub fn sell_by_day(&mut self) {
        self.sell(&BY_DAY);
    }

    /// 17:00 to 23:25.
    pub fn sell_in_the_evening(&mut self) {
        self.sell(&EVENING);
    }

    fn sell(&mut self, session: &Session) {
        let start = self.movements.len();
        for product in 0..self.products.len() {
            let wanted = self.wanted(product, session);
            if wanted > 0 {
                let minute = self.sale_minute(product, session);
                self.sell_one(product, wanted, minute);
            }
        }
        self.write_tickets(start);
    }

    /// What people want of a product in a session; 0 when nobody comes for it.
    fn wanted(&mut self, product: usize, session: &Session) -> i64 {
        let days_left = self.days_left();
        let story = self.stories[product];
        if story.is_quiet(days_left) {
            return 0;
        }
        if story.ends_empty() && days_left < 3 {
            return self.shelves[product].on_hand(Place::Local).max(self.round(product, 1));
        }
        let pace = self.products[product].pace;
        let busy = self.busyness(self.products[product].season) * story.haste(days_left) / 1_000;
        match pace.rhythm {
            Rhythm::Daily => {
                let comes = self.random.chance(DAILY_CHANCES[session.half]);
                let quantity = pace.per_sale * busy / 1_000 * self.random.between(700, 1_300) / 1_000;
                if comes { self.round(product, quantity) } else { 0 }
            }
            Rhythm::Often(chance) => {
                let comes = self.random.chance(chance * busy / 1_000 * session.share / 1_000);
                let quantity = self.random.between(pace.per_sale / 4, pace.per_sale * 7 / 4);
                if comes { self.round(product, quantity) } else { 0 }
            }
            Rhythm::Seldom(cadence) => self.wanted_seldom(product, cadence, busy, session),
        }
    }

    fn wanted_seldom(&mut self, product: usize, cadence: i64, busy: i64, session: &Session) -> i64 {
        let is_due = self.next_sale[product] <= self.today;
        if !is_due || !self.random.chance(busy * session.share / 1_000) {
            return 0;
        }
        let factor = self.month_factor(self.products[product].season) * self.stories[product].haste(self.days_left());
        let days = (cadence * 1_000_000 / factor * self.random.between(60, 110) / 100).max(1);
        self.next_sale[product] = Day(self.today.0.saturating_add(small(days)));
        let per_sale = self.products[product].pace.per_sale;
        let quantity = self.random.between(per_sale / 2, per_sale * 3 / 2);
        self.round(product, quantity)
    }

    fn sale_minute(&mut self, product: usize, session: &Session) -> i32 {
        let part = if self.random.chance(RUSH_PERMILLE) { &session.rush } else { &session.minutes };
        let last =
            if self.products[product].alcohol { ALCOHOL_ENDS[usize::from(is_town_season(self.today))] } else { 1_440 };
        let end = part.end.min(last);
        self.minute(part.start..end)
    }

    fn sell_one(&mut self, product: usize, wanted: i64, minute: i32) {
        let taken = self.shelves[product].take(Place::Local, wanted, self.today);
        if taken.is_empty() && self.is_sold_anyway(product) {
            let units = self.random.between(1, 2) * 1_000;
            self.shelves[product].overdraw(Place::Local, units);
            let held = Held { lot: None, quantity: units };
            self.movements.push(MovementPlan { overdraws: true, ..sale(product, &held, minute) });
        }
        self.movements.extend(taken.iter().map(|held| sale(product, held, minute)));
    }

    /// Whether somebody stands at the till with what the shop believes it has not.
    fn is_sold_anyway(&mut self, product: usize) -> bool {
        let shelf = &self.shelves[product];
        let has_lots = self.products[product].shelf_life_days.is_some() || self.products[product].sold_by_weight;
        let (total, stored) = (shelf.total(), shelf.on_hand(Place::Deposito));
        match self.stories[product] {
            _ if has_lots => false,
            Story::Negative => self.days_left() < 3 && stored == 0 && total > -3_000,
            Story::Ordinary if total < 0 => false,
            Story::Ordinary if stored > 0 => self.random.chance(UNWRITTEN_PERMILLE),
            Story::Ordinary => self.days_left() > 3 && self.random.chance(UNKNOWN_PERMILLE),
            _ => false,
        }
    }

    /// Puts the lines of a session into tickets: neighbours in time are one customer.
    fn write_tickets(&mut self, start: usize) {
        self.movements[start..].sort_by_key(|movement| movement.minute);
        let mut next = start;
        while next < self.movements.len() {
            let lines = usize::try_from(self.random.between(1, TICKET_LINES_MAX)).expect("a ticket has a few lines");
            let end = (next + lines).min(self.movements.len());
            let minute = self.movements[next].minute;
            self.tickets += 1;
            for line in &mut self.movements[next..end] {
                line.minute = minute;
                line.document = Some(format!("Ticket {:08}", self.tickets));
            }
            next = end;
        }
    }
}

fn sale(product: usize, held: &Held, minute: i32) -> MovementPlan {
    MovementPlan {
        from: Some(Place::Local),
        reason: Cow::Borrowed("Venta por caja"),
        minute,
        by: Role::Cashier,
        ..draft(MovementKind::Sale, product, held)
    }
}
