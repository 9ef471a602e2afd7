//! What else happens in a shop, after lunch: expired goods, breakage, theft, what the house takes, what customers and the shop
//! give back, corrections and counts. Its sizes follow the domain's waste figures (1.4 to 1.7 % of sales, expiry first). Not
//! here: sales and deliveries.

use std::borrow::Cow;

use gondola_ledger::MovementKind;
use gondola_store::Role;

use super::calendar::weekday;
use super::days::{Shop, draft, small};
use super::plan::{MovementPlan, Place};
use super::shelves::Held;
use super::stories::Story;

/// 15:00.
const STARTS: i32 = 900;
/// All is written before 15:30.
const MINUTES: i32 = 30;
/// Out of a thousand expired lots, those found today.
const FOUND_PERMILLE: i64 = 800;
/// Out of a thousand short-dated lots, those the supplier changes when it comes.
const CHANGED_PERMILLE: i64 = 120;
/// Out of a thousand counted products, those whose shelf says something else.
const DIFFERENT_PERMILLE: i64 = 110;
/// Out of a thousand products below zero, those counted today.
const RECOUNTED_PERMILLE: i64 = 350;
/// Shelves are counted on Tuesday and Friday.
const COUNT_WEEKDAYS: [usize; 2] = [1, 4];
/// Days between two gifts to the neighbourhood's kitchen.
const GIFT_DAYS: i32 = 15;

/// Something small that happens so many times a day, in thousandths, to one product of the local.
struct Mishap {
    kind: MovementKind,
    permille: i64,
    units_max: i64,
    reasons: &'static [&'static str],
    by: Role,
    /// Categories it happens to; any when empty.
    categories: &'static [&'static str],
}

const MISHAPS: [Mishap; 6] = [
    Mishap {
        kind: MovementKind::Waste,
        permille: 3_200,
        units_max: 2,
        reasons: &["Roto al reponer", "Rotura: se cayó de la góndola", "Roto, envase pinchado"],
        by: Role::Deposito,
        categories: &["CLA", "CBO", "VIN", "GAS", "AGU", "YOG", "LAC", "HUE", "CVA", "MER", "ADE", "ACE", "LIM", "LAV"],
    },
    Mishap {
        kind: MovementKind::Waste,
        permille: 1_800,
        units_max: 2,
        reasons: &["Robo", "Robo, se vio en la cámara"],
        by: Role::Deposito,
        categories: &["CHO", "PER", "GOL", "FIA", "CIG", "UNT", "KIO", "BAL", "ENE"],
    },
    Mishap {
        kind: MovementKind::Waste,
        permille: 90,
        units_max: 1,
        reasons: &["Degustación en el mostrador"],
        by: Role::Deposito,
        categories: &["QUE", "FIA", "GSU", "SNA", "DIE"],
    },
    Mishap {
        kind: MovementKind::OwnUse,
        permille: 1_100,
        units_max: 1,
        reasons: &["Consumo del personal", "Para el mate del turno", "Limpieza del local"],
        by: Role::Manager,
        categories: &["INF", "AZU", "GAL", "PAN", "LAC", "LIM", "LAV", "HIG", "AGU"],
    },
    Mishap {
        kind: MovementKind::CustomerReturn,
        permille: 450,
        units_max: 1,
        reasons: &[
            "El cliente llevó otro tamaño",
            "El cliente se arrepintió, envase cerrado",
            "Se cobró de más en el ticket",
        ],
        by: Role::Cashier,
        categories: &[],
    },
    Mishap {
        kind: MovementKind::Adjustment,
        permille: 160,
        units_max: 2,
        reasons: &["Remito cargado con una unidad de más", "Corrección: se cargó otra variedad"],
        by: Role::Manager,
        categories: &[],
    },
];

impl Shop<'_> {
    /// 15:00 to 15:29.
    pub fn keep_house(&mut self) {
        let start = self.movements.len();
        self.change_short_dates();
        self.throw_out_expired();
        for mishap in &MISHAPS {
            self.suffer(mishap);
        }
        if self.today.0.rem_euclid(GIFT_DAYS) == 0 {
            self.give();
        }
        self.count_below_zero();
        if COUNT_WEEKDAYS.contains(&weekday(self.today)) {
            self.count_a_category();
        }
        // In the order written, so that what came back can leave again.
        let written = small(i64::try_from(self.movements.len() - start).expect("an afternoon is short"));
        for (order, movement) in (0..).zip(&mut self.movements[start..]) {
            movement.minute = STARTS + MINUTES * order / written;
        }
    }

    fn throw_out_expired(&mut self) {
        self.for_lots(
            FOUND_PERMILLE,
            |days_left| days_left < 0,
            |product, place, held| MovementPlan {
                from: Some(place),
                reason: Cow::Borrowed(if place == Place::Local {
                    "Vencido en góndola"
                } else {
                    "Vencido en depósito"
                }),
                ..draft(MovementKind::Waste, product, held)
            },
        );
    }

    fn change_short_dates(&mut self) {
        self.for_lots(
            CHANGED_PERMILLE,
            |days_left| days_left == 0,
            |product, place, held| MovementPlan {
                from: Some(place),
                reason: Cow::Borrowed("Cambio con el proveedor por fecha corta"),
                ..draft(MovementKind::SupplierReturn, product, held)
            },
        );
    }

    /// Takes out `permille` of the lots whose days left say so.
    fn for_lots(
        &mut self,
        permille: i64,
        is_due: impl Fn(i64) -> bool,
        movement: impl Fn(usize, Place, &Held) -> MovementPlan,
    ) {
        for product in 0..self.products.len() {
            for place in Place::ALL {
                let due =
                    |held: &&Held| held.lot.as_ref().is_some_and(|lot| is_due(self.today.days_until(lot.expires_on)));
                let lots: Vec<Held> = self.shelves[product].lots(place).iter().filter(due).cloned().collect();
                for held in lots {
                    if self.random.chance(permille) {
                        self.shelves[product].take_lot(place, &held);
                        self.movements.push(movement(product, place, &held));
                    }
                }
            }
        }
    }

    fn suffer(&mut self, mishap: &Mishap) {
        let times = mishap.permille / 1_000 + i64::from(self.random.chance(mishap.permille % 1_000));
        for _ in 0..times {
            if let Some(product) = self.find_in_local(mishap.categories) {
                let reason = *self.random.pick(mishap.reasons);
                let units = self.random.between(1, mishap.units_max);
                self.happen(mishap, product, units, reason);
            }
        }
    }

    fn happen(&mut self, mishap: &Mishap, product: usize, units: i64, reason: &'static str) {
        let weighed = self.products[product].sold_by_weight;
        let quantity = units * if weighed { 150 } else { 1_000 };
        let said = |movement| MovementPlan { reason: Cow::Borrowed(reason), by: mishap.by, ..movement };
        if mishap.kind == MovementKind::CustomerReturn {
            let lot = self.shelves[product].lots(Place::Local).last().and_then(|held| held.lot.clone());
            let held = Held { lot, quantity };
            self.shelves[product].put(Place::Local, held.clone());
            let movement = draft(mishap.kind, product, &held);
            self.movements.push(said(MovementPlan { to: Some(Place::Local), ..movement }));
            return;
        }
        for held in self.shelves[product].take(Place::Local, quantity, self.today) {
            let movement = draft(mishap.kind, product, &held);
            self.movements.push(said(MovementPlan { from: Some(Place::Local), ..movement }));
        }
    }

    /// Some product with more than three on the shelf, of one of the categories.
    fn find_in_local(&mut self, categories: &[&str]) -> Option<usize> {
        const TRIES: usize = 400;
        (0..TRIES).find_map(|_| {
            let product = self.random.below(self.products.len());
            let fits = categories.is_empty() || categories.contains(&self.products[product].category);
            let moves = !self.stories[product].is_quiet(self.days_left()) && !self.stories[product].ends_empty();
            let enough = self.shelves[product].sellable(Place::Local, self.today) >= 3_000;
            (fits && moves && enough).then_some(product)
        })
    }

    fn give(&mut self) {
        const BASKET: [&str; 5] = ["FID", "ARR", "AZU", "CVA", "HAR"];
        for category in BASKET {
            let Some(product) = self.find_in_local(&[category]) else { continue };
            for held in self.shelves[product].take(Place::Local, 2_000, self.today) {
                self.movements.push(MovementPlan {
                    from: Some(Place::Local),
                    reason: Cow::Borrowed("Donación al comedor del barrio"),
                    by: Role::Manager,
                    ..draft(MovementKind::Issue, product, &held)
                });
            }
        }
    }

    /// A product below zero gets a count task; somebody does some of them each day.
    fn count_below_zero(&mut self) {
        for product in 0..self.products.len() {
            let missing = -self.shelves[product].total();
            let is_story = self.stories[product] == Story::Negative;
            if missing > 0 && !is_story && self.random.chance(RECOUNTED_PERMILLE) {
                let found = missing + self.random.between(0, 2) * 1_000;
                self.correct(product, found, "Conteo puntual por stock negativo");
            }
        }
    }

    /// Some category of the local is counted, with the shelves open.
    fn count_a_category(&mut self) {
        let chosen = self.products[self.random.below(self.products.len())].category;
        for product in 0..self.products.len() {
            let counted = self.products[product].category == chosen && !self.products[product].sold_by_weight;
            let moves = !self.stories[product].is_quiet(self.days_left());
            let on_shelf = self.shelves[product].sellable(Place::Local, self.today);
            if counted && moves && on_shelf > 2_000 && self.random.chance(DIFFERENT_PERMILLE) {
                let difference = if self.random.chance(750) { -1_000 } else { 1_000 };
                self.correct(product, difference, "Conteo cíclico de góndola");
            }
        }
    }

    /// A count found more, or less, in the local.
    fn correct(&mut self, product: usize, difference: i64, reason: &'static str) {
        let said = |movement| MovementPlan { reason: Cow::Borrowed(reason), by: Role::Manager, ..movement };
        if difference < 0 {
            for held in self.shelves[product].take(Place::Local, -difference, self.today) {
                let movement = draft(MovementKind::Count, product, &held);
                self.movements.push(said(MovementPlan { from: Some(Place::Local), ..movement }));
            }
        } else {
            let lot = self.shelves[product].lots(Place::Local).last().and_then(|held| held.lot.clone());
            let held = Held { lot, quantity: difference };
            self.shelves[product].put(Place::Local, held.clone());
            let movement = draft(MovementKind::Count, product, &held);
            self.movements.push(said(MovementPlan { to: Some(Place::Local), ..movement }));
        }
    }
}
