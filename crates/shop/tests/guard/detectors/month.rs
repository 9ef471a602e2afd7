//! A month of a shop where nothing is wrong: six people, two programs, a morning list, a weekly one for the accountant,
//! passwords mistyped now and then, robots that knock at the door.

use std::sync::Arc;

use gondola_shop::audit::detect::{Evidence, Operation, Outcome, ProtectedAccess};
use gondola_store::audit::{Entry, EntryRow};
use gondola_store::{Actor, ActorKind, At, Audited, Origin, Role, Scope, Scopes};
use uuid::Uuid;

/// Days of the month.
pub const DAYS: i64 = 35;
const MINUTE: At = 60_000_000;
/// Midnight of 2026-10-19, a Monday, in Buenos Aires.
const BEGINS: At = 1_792_378_800_000_000;

/// An instant of the month: day 0 is its first, a Monday.
pub fn at(day: i64, hour: i64, minute: i64) -> At {
    BEGINS + ((day * 24 + hour) * 60 + minute) * MINUTE
}

/// Somebody of the shop, by number.
pub fn person(number: u128, name: &str) -> Actor {
    Actor { id: Uuid::from_u128(number), name: name.to_owned(), ..Actor::of(ActorKind::User(Role::Manager)) }
}

/// A program of the shop, by number.
pub fn program(number: u128, name: &str) -> Actor {
    let kind = ActorKind::Key(Scopes::only(Scope::Read));
    Actor { id: Uuid::from_u128(number), name: name.to_owned(), ..Actor::of(kind) }
}

/// An entry of the trail.
pub fn entry(event: &str, audited: Audited, actor: &Actor, ip: &str, at: At) -> Entry {
    let origin = Origin { face: "dashboard", client_ip: ip.to_owned(), ..Origin::default() };
    Entry {
        event: event.to_owned(),
        audited,
        at,
        actor: Actor { origin: Arc::new(origin), ..actor.clone() },
        resource: String::new(),
        status: 200,
        records: 1,
        reason: String::new(),
        approver: String::new(),
        before: None,
        after: None,
    }
}

/// Entries as evidence.
pub fn evidence(entries: Vec<Entry>) -> Evidence {
    Evidence::of_entries(entries.iter().map(|entry| EntryRow::of(entry, 0)).collect())
}

/// A log-in that failed.
pub fn failed(username: &str, ip: &str, at: At) -> Entry {
    let door = Actor::system("log-in");
    Entry { resource: username.to_owned(), ..entry("people.count_failed_log_in", Audited::AUTH, &door, ip, at) }
}

/// A request that was turned away.
pub fn refused(actor: &Actor, ip: &str, status: u16, at: At) -> Entry {
    let route = "GET /api/v1/products".to_owned();
    Entry { resource: route, status, ..entry("http.refused", Audited::AUTH, actor, ip, at) }
}

/// A list that somebody took along.
pub fn exported(actor: &Actor, list: &str, records: i64, ip: &str, at: At) -> Entry {
    Entry { resource: format!("{list}.csv"), records, ..entry("list.exported", Audited::READ, actor, ip, at) }
}

/// A role that somebody was given.
pub fn granted(username: &str, role: Role, at: At) -> Entry {
    let (resource, reason) = (username.to_owned(), format!("role:{}", role.code()));
    let owner = person(1, "Ana");
    Entry { resource, reason, ..entry("people.change_user", Audited::PRIVILEGE, &owner, "192.168.0.10", at) }
}

/// A protected value that somebody read.
pub fn read(actor: &Actor, table: &str, column: &str, at: At) -> ProtectedAccess {
    ProtectedAccess {
        at,
        actor: actor.reference(),
        operation: Operation::Decrypt,
        table: table.to_owned(),
        column: column.to_owned(),
        count: 1,
        client_ip: "192.168.0.10".to_owned(),
        outcome: Outcome::Done,
    }
}

/// A protected value that did not open.
pub fn denied(actor: &Actor, at: At) -> ProtectedAccess {
    ProtectedAccess { operation: Operation::Denied, outcome: Outcome::Refused, ..read(actor, "customers", "email", at) }
}

/// Draws that are the same for the same seed.
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number from `from` to `to`, both included.
    pub fn draw(&mut self, from: i64, to: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let span = u64::try_from(to - from + 1).unwrap();
        from + i64::try_from((self.0 >> 33) % span).unwrap()
    }
}

/// The month.
pub fn ordinary(seed: u64) -> Evidence {
    let (mut dice, mut entries, mut accesses) = (Dice::of(seed), Vec::new(), Vec::new());
    let people = ["Ana", "Bruno", "Carla", "Diego", "Elena", "Fabio"];
    let people: Vec<Actor> = (1..).zip(people).map(|(number, name)| person(number, name)).collect();
    let (owner, manager, accountant, buyer) = (&people[0], &people[1], &people[2], &people[3]);
    for day in 0..DAYS {
        for (number, who) in people.iter().enumerate() {
            day_of(&mut dice, day, number, who, &mut entries);
        }
        let morning = at(day, 8, dice.draw(20, 50));
        entries.push(exported(manager, "inventory", dice.draw(380, 460), "192.168.0.11", morning));
        if day % 7 == 0 {
            let rows = dice.draw(2_000, 2_600);
            entries.push(exported(accountant, "movements", rows, "198.51.100.20", at(day, 11, dice.draw(0, 59))));
        }
        if day % 7 < 6 {
            accesses.push(read(buyer, "suppliers", "phone", at(day, 10, dice.draw(0, 59))));
            accesses.push(read(buyer, "suppliers", "bank_account", at(day, 16, dice.draw(0, 59))));
        }
        // The owner looks customers up at home, one evening of three late.
        let hour = if day % 3 == 0 { 23 } else { 21 };
        accesses.push(read(owner, "customers", "phone", at(day, hour, dice.draw(31, 59))));
        robots(&mut dice, day, &mut entries);
    }
    // A new hand, a change of role, a key that was used for too much once, a value that did not open.
    entries.push(granted("gabi", Role::Cashier, at(3, 12, 0)));
    entries.push(granted("gabi", Role::Deposito, at(17, 12, 0)));
    entries.push(refused(&program(90, "balanza"), "192.168.0.30", 403, at(9, 15, 0)));
    accesses.push(denied(buyer, at(20, 10, 0)));
    let mut month = evidence(entries);
    month.accesses.extend(accesses);
    month
}

/// One day of one person: they come in once or twice, mistype now and then, and work.
fn day_of(dice: &mut Dice, day: i64, number: usize, who: &Actor, entries: &mut Vec<Entry>) {
    let own = format!("192.168.0.{}", 10 + number);
    let username = who.name.to_lowercase();
    if dice.draw(1, 4) == 1 {
        for slip in 0..dice.draw(1, 2) {
            entries.push(failed(&username, &own, at(day, 8, 5 + slip)));
        }
    }
    for hour in [8, 17] {
        entries.push(entry("people.log_in", Audited::AUTH, who, &own, at(day, hour, 10)));
    }
    for _ in 0..dice.draw(5, 15) {
        let moment = at(day, dice.draw(9, 20), dice.draw(0, 59));
        // A telephone's address is another one every day, and sometimes within it.
        let ip = if dice.draw(1, 5) == 1 { format!("198.51.100.{}", dice.draw(100, 103)) } else { own.clone() };
        entries.push(entry("stock.post_movement", Audited::MODIFY, who, &ip, moment));
    }
}

/// Strangers from everywhere, who are turned away and find no account.
fn robots(dice: &mut Dice, day: i64, entries: &mut Vec<Entry>) {
    for _ in 0..dice.draw(5, 30) {
        let ip = format!("203.0.113.{}", dice.draw(100, 250));
        entries.push(refused(&Actor::anonymous(), &ip, 401, at(day, dice.draw(0, 23), dice.draw(0, 59))));
    }
    for name in ["admin", "root", "test"] {
        let ip = format!("203.0.113.{}", dice.draw(100, 250));
        entries.push(failed(name, &ip, at(day, dice.draw(0, 23), dice.draw(0, 59))));
    }
}
