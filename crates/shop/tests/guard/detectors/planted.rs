//! What is wrong on purpose, with what must be found.

use gondola_shop::audit::detect::{Detector, Evidence, Severity};
use gondola_store::Role;
use gondola_store::audit::Entry;

use super::Label;
use crate::detectors::month::{at, denied, evidence, exported, failed, granted, person, program, read, refused};

/// Every planted case, each about somebody of its own.
pub fn cases() -> (Evidence, Vec<Label>) {
    let (mut entries, mut labels) = (Vec::new(), Vec::new());
    doors(&mut entries, &mut labels);
    rights(&mut entries, &mut labels);
    exports(&mut entries, &mut labels);
    let mut planted = evidence(entries);
    reads(&mut planted, &mut labels);
    addresses(&mut planted, &mut labels);
    (planted, labels)
}

fn doors(entries: &mut Vec<Entry>, labels: &mut Vec<Label>) {
    entries.extend((0..7).map(|minute| failed("marta", "203.0.113.7", at(10, 4, minute))));
    labels.push((Detector::BruteForce, "marta".to_owned(), Severity::High));
    entries.extend((0..25).map(|try_| failed("dueno", "203.0.113.8", at(11, 3, 2 * try_))));
    labels.push((Detector::BruteForce, "dueno".to_owned(), Severity::Critical));
    for (accounts, address, severity) in
        [(12, "203.0.113.10", Severity::High), (24, "203.0.113.11", Severity::Critical)]
    {
        entries.extend((0..accounts).map(|n| failed(&format!("cuenta{n}"), address, at(11, 15, 2 * n))));
        labels.push((Detector::BruteForce, address.to_owned(), severity));
    }
    // Three uses in two entries: one of them counts for two.
    let key = program(91, "vieja");
    entries.push(Entry {
        records: 2,
        reason: "key_revoked".to_owned(),
        ..refused(&key, "203.0.113.9", 401, at(12, 9, 0))
    });
    entries.push(Entry { reason: "key_revoked".to_owned(), ..refused(&key, "203.0.113.9", 401, at(12, 9, 40)) });
    labels.push((Detector::KeyMisuse, key.reference(), Severity::High));
    let curious = program(92, "curiosa");
    entries.extend((0..3).map(|minute| refused(&curious, "192.168.0.30", 403, at(13, 9, minute))));
    labels.push((Detector::KeyMisuse, curious.reference(), Severity::High));
}

fn rights(entries: &mut Vec<Entry>, labels: &mut Vec<Label>) {
    for (day, role) in [(14, Role::Cashier), (16, Role::Deposito), (20, Role::Manager)] {
        entries.push(granted("hugo", role, at(day, 12, 0)));
    }
    labels.push((Detector::PrivilegeEscalation, "hugo".to_owned(), Severity::High));
    for (day, role) in [(14, Role::Cashier), (15, Role::Manager), (15, Role::Admin)] {
        entries.push(granted("irene", role, at(day, 13, 0)));
    }
    labels.push((Detector::PrivilegeEscalation, "irene".to_owned(), Severity::Critical));
}

fn exports(entries: &mut Vec<Entry>, labels: &mut Vec<Label>) {
    // Four times their usual day, in two bites.
    let julia = person(21, "Julia");
    entries.extend((0..20).map(|day| exported(&julia, "prices", 100 + day, "192.168.0.21", at(day, 10, 0))));
    entries.extend([10, 18].map(|hour| exported(&julia, "prices", 250, "192.168.0.21", at(21, hour, 0))));
    labels.push((Detector::Exfiltration, julia.reference(), Severity::High));
    // Nobody knew them, and they took everything.
    let kevin = person(22, "Kevin");
    entries.push(exported(&kevin, "movements", 30_000, "192.168.0.22", at(22, 15, 0)));
    entries.push(exported(&kevin, "inventory", 30_000, "192.168.0.22", at(22, 15, 5)));
    labels.push((Detector::Exfiltration, kevin.reference(), Severity::Critical));
}

fn reads(planted: &mut Evidence, labels: &mut Vec<Label>) {
    let accesses = &mut planted.accesses;
    for (number, late, severity) in [(31, 7, Severity::Medium), (32, 11, Severity::High)] {
        let somebody = person(number, "Lucas");
        accesses.extend((0..late).map(|minute| read(&somebody, "customers", "email", at(23, 2, minute))));
        accesses.extend((late..12).map(|minute| read(&somebody, "customers", "email", at(23, 12, minute))));
        labels.push((Detector::OffHours, somebody.reference(), severity));
    }
    let marcos = person(33, "Marcos");
    accesses.extend((0..4).map(|minute| denied(&marcos, at(24, 12, minute))));
    labels.push((Detector::DecryptFailures, marcos.reference(), Severity::Critical));
    // Two a week for three weeks, then nine.
    let nadia = person(34, "Nadia");
    for day in [0, 3, 7, 10, 14, 17] {
        accesses.push(read(&nadia, "customers", "phone", at(day, 12, 0)));
    }
    accesses.extend((0..9).map(|minute| read(&nadia, "customers", "phone", at(22, 12, minute))));
    labels.push((Detector::UnusualAccess, nadia.reference(), Severity::Medium));
    // Once a week the telephone, and one day the bank account.
    let oscar = person(35, "Oscar");
    accesses.extend([0, 7, 14].map(|day| read(&oscar, "suppliers", "phone", at(day, 12, 0))));
    accesses.push(read(&oscar, "suppliers", "bank_account", at(18, 12, 0)));
    labels.push((Detector::UnusualAccess, oscar.reference(), Severity::Medium));
}

fn addresses(planted: &mut Evidence, labels: &mut Vec<Label>) {
    let paula = person(36, "Paula");
    let moves = (0..11).map(|hour| {
        let ip = format!("198.51.100.{hour}");
        crate::detectors::month::entry(
            "stock.post_movement",
            gondola_store::Audited::MODIFY,
            &paula,
            &ip,
            at(25, 9 + hour, 0),
        )
    });
    planted.sightings.extend(evidence(moves.collect()).sightings);
    labels.push((Detector::IpSpread, paula.reference(), Severity::Medium));
}
