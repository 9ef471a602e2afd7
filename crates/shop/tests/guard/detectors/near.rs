//! What is on the right side of a number, just so.

use gondola_shop::audit::detect::Evidence;
use gondola_store::{Actor, Audited, Role};

use crate::detectors::month::{at, denied, entry, evidence, exported, failed, granted, person, program, read, refused};

/// By what it nearly breaks.
pub fn misses() -> Vec<(&'static str, Evidence)> {
    [doors(), rights(), addresses(), exports(), reads()].into_iter().flatten().collect()
}

fn doors() -> Vec<(&'static str, Evidence)> {
    vec![
        (
            "four failures within an hour",
            evidence((0..4).map(|n| failed("marta", "203.0.113.7", at(9, 9, n))).collect()),
        ),
        (
            "five within an hour and a minute",
            evidence((0..5).map(|n| failed("marta", "203.0.113.7", at(9, 9, 15 * n))).collect()),
        ),
        (
            "nine at nine accounts",
            evidence((0..9).map(|n| failed(&format!("u{n}"), "203.0.113.7", at(9, 9, n))).collect()),
        ),
        (
            "ten at nine accounts",
            evidence((0..10).map(|n| failed(&format!("u{}", n % 9), "203.0.113.7", at(9, 9, n))).collect()),
        ),
        (
            "ten at ten accounts, within an hour and a minute",
            evidence((0..10).map(|n| failed(&format!("u{n}"), "203.0.113.7", at(9, 9, 7 * n))).collect()),
        ),
        (
            "five from five addresses",
            evidence((0..5).map(|n| failed("marta", &format!("203.0.113.{n}"), at(9, 9, n))).collect()),
        ),
        (
            "a key that is no good, twice",
            evidence((0..2).map(|n| refused(&program(91, "vieja"), "203.0.113.9", 401, at(9, 9, n))).collect()),
        ),
        (
            "a key that sends what is wrong",
            evidence((0..9).map(|n| refused(&program(91, "nueva"), "203.0.113.9", 422, at(9, 9, n))).collect()),
        ),
        (
            "a person who is refused",
            evidence((0..9).map(|n| refused(&person(41, "Rita"), "192.168.0.41", 403, at(9, 9, n))).collect()),
        ),
    ]
}

fn rights() -> Vec<(&'static str, Evidence)> {
    vec![
        (
            "two roles, twice",
            evidence([Role::Cashier, Role::Manager].map(|role| granted("hugo", role, at(9, 9, 0))).into()),
        ),
        (
            "one role, three times",
            evidence([9, 10, 11].map(|day| granted("hugo", Role::Cashier, at(day, 9, 0))).into()),
        ),
        (
            "three roles in a week and a day",
            evidence(
                [(0, Role::Cashier), (4, Role::Manager), (8, Role::Admin)]
                    .map(|(day, role)| granted("hugo", role, at(day, 9, 0)))
                    .into(),
            ),
        ),
    ]
}

fn addresses() -> Vec<(&'static str, Evidence)> {
    vec![
        (
            "ten addresses",
            evidence(
                (0..10)
                    .map(|n| {
                        entry(
                            "stock.post_movement",
                            Audited::MODIFY,
                            &person(42, "Sara"),
                            &format!("198.51.100.{n}"),
                            at(9, 9, n),
                        )
                    })
                    .collect(),
            ),
        ),
        (
            "strangers from everywhere",
            evidence(
                (0..99).map(|n| refused(&Actor::anonymous(), &format!("198.51.100.{n}"), 404, at(9, 9, 0))).collect(),
            ),
        ),
    ]
}

fn exports() -> Vec<(&'static str, Evidence)> {
    let somebody = person(43, "Tito");
    let usual = |days: std::ops::Range<i64>| {
        days.map(|day| exported(&somebody, "prices", 100, "192.168.0.43", at(day, 10, 0))).collect::<Vec<_>>()
    };
    let with = |rows: i64, mut before: Vec<_>| {
        before.push(exported(&somebody, "prices", rows, "192.168.0.43", at(21, 12, 0)));
        evidence(before)
    };
    vec![
        ("ten thousand rows, by who is new", with(10_000, Vec::new())),
        ("three times the usual", with(300, usual(0..20))),
        ("much more, by who is here since thirteen days", with(9_000, usual(8..20))),
        (
            "twenty thousand rows, in two days",
            evidence([21, 22].map(|day| exported(&somebody, "prices", 10_000, "192.168.0.43", at(day, 12, 0))).into()),
        ),
    ]
}

fn reads() -> Vec<(&'static str, Evidence)> {
    let somebody = person(44, "Uma");
    let at_two = |count: i64| (0..count).map(|n| read(&somebody, "customers", "email", at(23, 2, n)));
    let at_noon = |count: i64| (0..count).map(|n| read(&somebody, "customers", "email", at(23, 12, n)));
    let of = |accesses: Vec<_>| Evidence { accesses, ..Evidence::default() };
    let weekly = [0, 3, 7, 10, 14, 17].map(|day| read(&somebody, "customers", "phone", at(day, 12, 0)));
    let then = |count: i64| (0..count).map(|n| read(&somebody, "customers", "phone", at(22, 12, n)));
    let product = Actor::system("worker");
    vec![
        ("half of ten at night", of(at_two(5).chain(at_noon(5)).collect())),
        ("nine, all at night", of(at_two(9).collect())),
        (
            "the product itself, at night",
            of((0..40).map(|n| read(&product, "customers", "email", at(23, 2, n))).collect()),
        ),
        ("three that do not open", of((0..3).map(|n| denied(&somebody, at(9, 9, n))).collect())),
        // Two in each week before: the mean and five are seven, and one of them is of the 17th.
        ("the mean and five", of(weekly.into_iter().chain(then(6)).collect())),
        ("twenty, by who is new", of(at_noon(20).collect())),
        (
            "a column that is new to who is new",
            of([(20, "phone"), (26, "email")]
                .map(|(day, column)| read(&somebody, "customers", column, at(day, 12, 0)))
                .into()),
        ),
    ]
}
