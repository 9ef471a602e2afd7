//! Random movements against a model of a few lines, SQLite and PostgreSQL, compared after every
//! step. The model knows totals per place, the order of events and the two rules that refuse; it
//! shares no code with the product. Seed and size come from `GONDOLA_MODEL_SEED` and
//! `GONDOLA_MODEL_COMMANDS`; `cargo xtask soak` runs it with seed after seed.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "figures for whoever runs it, sizes from its environment"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{adds_up, stocked};
use gondola_testkit::TestShop;
use serde_json::{Value, json};

/// Commands per engine when nobody says; `cargo xtask soak` says 100,000, in release.
const COMMANDS: u64 = 6_000;
/// Independent products that move at the same time, each with its own model.
const LANES: u64 = 24;
/// Steps of one product; fresh ones keep the model's look-backs short.
const STEPS_PER_PRODUCT: u64 = 300;
const PLACES: [&str; 2] = ["deposito", "local"];
/// 2027-01-01T00:00:00Z in seconds; events are dated in whole minutes after it.
const EPOCH: i64 = 1_798_761_600;

/// A generator of numbers that need not be good, only the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// Something that happened to one product.
#[derive(Clone)]
struct Event {
    minute: i64,
    order: usize,
    /// What each place gained or lost, in thousandths.
    changes: Vec<(usize, i64)>,
    /// Ten-thousandths of a peso per unit, for what came in at a known cost.
    cost: Option<i64>,
    /// The event this one undoes.
    undoes: Option<usize>,
}

/// One product as the model sees it.
#[derive(Default)]
struct Model {
    events: Vec<Event>,
    undone: Vec<bool>,
}

impl Model {
    fn held(&self, place: usize) -> i64 {
        self.timeline()
            .iter()
            .flat_map(|event| &event.changes)
            .filter(|(at, _)| *at == place)
            .map(|(_, change)| change)
            .sum()
    }

    fn timeline(&self) -> Vec<&Event> {
        let mut events: Vec<_> = self.events.iter().collect();
        events.sort_by_key(|event| (event.minute, event.order));
        events
    }

    /// The lowest balance of a place from a minute on, the balance then included.
    fn lowest_from(&self, place: usize, minute: i64) -> i64 {
        let mut balance = 0;
        let mut lowest = None;
        for event in self.timeline() {
            let change: i64 = event.changes.iter().filter(|(at, _)| *at == place).map(|(_, change)| change).sum();
            if event.minute > minute {
                let so_far = *lowest.get_or_insert(balance);
                lowest = Some(so_far.min(balance + change));
            }
            balance += change;
        }
        lowest.unwrap_or(balance)
    }

    fn allows(&self, event: &Event) -> bool {
        event.changes.iter().filter(|(_, change)| *change < 0).all(|(place, change)| {
            self.held(*place) + change >= 0 && self.lowest_from(*place, event.minute) + change >= 0
        })
    }
}

struct Lane {
    sku: String,
    model: Model,
    ids: Vec<String>,
    dice: Dice,
    minute: i64,
}

impl Lane {
    /// One random command: the call, and what the model says would happen.
    fn next(&mut self) -> (String, Value, Event) {
        self.minute += 1 + self.dice.roll(3) as i64;
        let back = if self.dice.roll(8) == 0 { self.dice.roll(60) as i64 } else { 0 };
        let minute = (self.minute - back).max(1);
        let order = self.model.events.len();
        let (from, to) = if self.dice.roll(2) == 0 { (0, 1) } else { (1, 0) };
        let most = if self.dice.roll(10) == 0 { 60_000 } else { 8_000 };
        let quantity = 1 + self.dice.roll(most) as i64;
        let event = |changes: Vec<(usize, i64)>, cost| Event { minute, order, changes, cost, undoes: None };
        let cost = 1 + self.dice.roll(20_000_000) as i64;
        let (kind, from, to, event) = match self.dice.roll(10) {
            0..=2 => ("receipt", None, Some(to), event(vec![(to, quantity)], Some(cost))),
            3 => ("customer_return", None, Some(to), event(vec![(to, quantity)], None)),
            4 => ("transfer", Some(from), Some(to), event(vec![(from, -quantity), (to, quantity)], None)),
            5 => ("waste", Some(from), None, event(vec![(from, -quantity)], None)),
            6 if !self.ids.is_empty() => return self.undo(order),
            7 => ("adjustment", Some(from), None, event(vec![(from, -quantity)], None)),
            _ => ("sale", Some(from), None, event(vec![(from, -quantity)], None)),
        };
        let mut body = json!({"kind": kind, "product": format!("sku:{}", self.sku), "quantity": decimal(quantity, 3),
            "reason": "modelo", "occurred_at": instant(minute)});
        if let Some(from) = from {
            body["from"] = PLACES[from].into();
        }
        if let Some(to) = to {
            body["to"] = PLACES[to].into();
        }
        if let Some(cost) = event.cost {
            body["unit_cost"] = decimal(cost, 4).into();
        }
        ("/api/v1/movements".to_owned(), body, event)
    }

    fn undo(&mut self, order: usize) -> (String, Value, Event) {
        let target = self.dice.roll(self.ids.len() as u64) as usize;
        let changes = self.model.events[target].changes.iter().map(|(place, change)| (*place, -change)).collect();
        let event = Event { minute: self.minute, order, changes, cost: None, undoes: Some(target) };
        (format!("/api/v1/movements/{}/reverse", self.ids[target]), json!({"reason": "modelo"}), event)
    }

    async fn step(&mut self, shop: &TestShop) {
        let (path, body, mut event) = self.next();
        shop.clock().reach((EPOCH + self.minute * 60) * 1_000_000);
        let answer = shop.api(shop.admin()).post(&path, body.clone()).await;
        let undone =
            event.undoes.is_some_and(|target| self.model.undone[target] || self.model.events[target].undoes.is_some());
        let expected = if undone || !self.model.allows(&event) { 409 } else { 201 };
        assert_eq!(answer.status, expected, "{} {path} {body}: {}", self.sku, answer.text());
        if expected == 409 {
            return;
        }
        let receipt = answer.json();
        for (place, change) in &event.changes {
            let before = self.model.held(*place);
            let balance = receipt["balances"]
                .as_array()
                .and_then(|all| all.iter().find(|balance| balance["location"] == PLACES[*place]));
            let balance = balance.unwrap_or_else(|| panic!("no balance of {} in {receipt}", PLACES[*place]));
            let seen = (balance["before"].as_str().unwrap(), balance["after"].as_str().unwrap());
            assert_eq!(
                seen,
                (decimal(before, 3).as_str(), decimal(before + change, 3).as_str()),
                "{} {path} {body}",
                self.sku
            );
        }
        if let Some(target) = event.undoes {
            // An undo happens when it is recorded, and another lane may have moved the clock on.
            let recorded = gondola_shop::kernel::time::parse_instant(receipt["recorded_at"].as_str().unwrap()).unwrap();
            event.minute = (recorded / 1_000_000 - EPOCH) / 60;
            self.minute = self.minute.max(event.minute);
            self.model.undone[target] = true;
        }
        self.ids.push(receipt["id"].as_str().unwrap().to_owned());
        self.model.events.push(event);
        self.model.undone.push(false);
    }

    /// The quantity at every tenth minute agrees with the kardex as of then.
    async fn compare_the_past(&mut self, shop: &TestShop) {
        let minute = 1 + self.dice.roll(self.minute.max(1) as u64) as i64;
        let mut held = BTreeMap::new();
        for event in self.model.timeline().into_iter().filter(|event| event.minute <= minute) {
            for (place, change) in &event.changes {
                *held.entry(PLACES[*place]).or_insert(0) += change;
            }
        }
        let path = format!("/api/v1/stock/as-of?sku={}&at={}", self.sku, instant(minute));
        let page = shop.api(shop.admin()).get(&path).await.expect_status(200).json();
        let item = &page["items"][0];
        assert_eq!(item["on_hand"], decimal(held.values().sum(), 3), "{} at minute {minute}", self.sku);
        for (place, quantity) in held.into_iter().filter(|(_, quantity)| *quantity != 0) {
            let seen = item["locations"].as_array().and_then(|all| all.iter().find(|at| at["location"] == place));
            assert_eq!(seen.map(|at| &at["on_hand"]), Some(&json!(decimal(quantity, 3))), "{} at {place}", self.sku);
        }
    }
}

fn decimal(raw: i64, places: usize) -> String {
    let scale = 10_i64.pow(places as u32);
    format!("{}{}.{:0places$}", if raw < 0 { "-" } else { "" }, (raw / scale).abs(), (raw % scale).abs())
}

fn instant(minute: i64) -> String {
    gondola_shop::kernel::time::format_instant((EPOCH + minute * 60) * 1_000_000)
}

async fn run(shop: TestShop, engine: &str) {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let seed: u64 = number("GONDOLA_MODEL_SEED", 20_261_123);
    let commands: u64 = number("GONDOLA_MODEL_COMMANDS", COMMANDS);
    println!("model on {engine}: seed {seed}, {commands} commands in {LANES} lanes");
    let steps = commands / LANES;
    let sku = |lane: u64, turn: u64| format!("P{lane}-{turn}");
    let turns = steps.div_ceil(STEPS_PER_PRODUCT);
    let skus: Vec<String> = (0..LANES).flat_map(|lane| (0..turns).map(move |turn| sku(lane, turn))).collect();
    let products: Vec<_> = skus.iter().map(|sku| (sku.as_str(), "kg")).collect();
    stocked(&shop, &products).await;
    let shop = Arc::new(shop);
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..LANES {
        let shop = Arc::clone(&shop);
        lanes.spawn(async move {
            let mut minute = 0;
            for turn in 0..turns {
                let dice = Dice(seed ^ (lane * turns + turn).wrapping_mul(0xd134_2543_de82_ef95));
                let mut lane = Lane { sku: sku(lane, turn), model: Model::default(), ids: Vec::new(), dice, minute };
                for step in 1..=STEPS_PER_PRODUCT.min(steps - turn * STEPS_PER_PRODUCT) {
                    lane.step(&shop).await;
                    if step % 20 == 0 {
                        lane.compare_the_past(&shop).await;
                    }
                }
                minute = lane.minute;
            }
        });
    }
    while let Some(lane) = lanes.join_next().await {
        lane.expect("a lane of the model failed; see above");
    }
    adds_up(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_commands_agree_with_the_model_on_sqlite() {
    run(TestShop::sqlite().await, "sqlite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_commands_agree_with_the_model_on_postgres() {
    if let Some(shop) = TestShop::postgres().await {
        run(shop, "postgres").await;
    }
}
