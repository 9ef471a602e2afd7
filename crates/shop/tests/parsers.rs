//! The parsers, given what nobody would write: damaged decimals, barcodes and movements. Each is judged by
//! a few lines that share no code with the product. The seed is printed; `GONDOLA_FUZZ_SEED` repeats a run,
//! `GONDOLA_SOAK_MINUTES` makes it longer.

mod common;

use axum::http::Method;
use common::{adds_up, movement, on_hand, receipt, stocked};
use gondola_ledger::{Factor, Money, Qty, Unit, UnitCost};
use gondola_shop::catalogue::Barcode;
use gondola_testkit::{Soak, TestShop};
use serde_json::Value;

/// Rounds of the pure parsers in CI.
const TEXTS: u64 = 200_000;
/// Movements sent in CI.
const BODIES: u64 = 4_000;

const NUMBERS: [&str; 9] =
    ["2.500", "0.001", "999999", "-1.5", "9999999.9999", "1850.00", "0", "000.10", "123456789012345678901234567890.1"];
const SPICE: [&str; 20] = [
    "0",
    "9",
    ".",
    "-",
    "+",
    ",",
    "e",
    "E5",
    " ",
    "\u{0}",
    "\n",
    "٣",
    "½",
    "/",
    "00000000000000",
    "99999999999999",
    "..",
    "\u{FEFF}",
    "_",
    "NaN",
];

/// What a decimal text is worth in units of its last kept place, if it is one of at most that many places.
fn worth(text: &str, places: usize) -> Option<i128> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let plain = |part: &str| !part.is_empty() && part.chars().all(|letter| "0123456789".contains(letter));
    if !plain(whole) || !fraction.is_none_or(plain) || fraction.is_some_and(|part| part.len() > places) {
        return None;
    }
    let padded = format!("{whole}{:0<places$}", fraction.unwrap_or_default());
    let value: i128 = padded.trim_start_matches('0').parse().or(padded.contains('0').then_some(0).ok_or(())).ok()?;
    Some(if minus { -value } else { value })
}

/// The bytes as text, and the worth it must be read as: none if it is to be refused.
fn judged(bytes: &[u8], places: usize, max: i128) -> (String, Option<i128>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let value = worth(&text, places).filter(|value| value.abs() <= max && text.len() <= 32);
    (text, value)
}

#[test]
fn a_damaged_decimal_is_exact_or_refused() {
    let mut soak = Soak::new("decimals", TEXTS);
    let mut accepted = 0;
    while soak.goes_on() {
        let good = soak.pick(&NUMBERS);
        let bytes = soak.damage(good, &SPICE);
        let (text, value) = judged(&bytes, 3, 999_999_000);
        let read = Qty::parse(&text, Unit::Kg).ok().map(|quantity| i128::from(quantity.raw()));
        assert_eq!(read, value, "{text:?} as kilos");
        let whole = value.filter(|value| value % 1000 == 0);
        let read = Qty::parse(&text, Unit::Un).ok().map(|quantity| i128::from(quantity.raw()));
        assert!(read == whole || (read.is_none() && text.contains('.')), "{text:?} as units: {read:?}");
        let (_, value) = judged(&bytes, 2, 999_999_999_999_999);
        assert_eq!(Money::parse(&text).ok().map(|money| i128::from(money.raw())), value, "{text:?} as money");
        let (_, value) = judged(&bytes, 4, 99_999_999_999);
        let cost = UnitCost::parse(&text).ok().map(|cost| i128::from(cost.raw()));
        assert_eq!(cost, value.filter(|value| *value >= 0), "{text:?} as a cost");
        if let Ok(factor) = Factor::parse(&text) {
            assert_eq!(Factor::parse(&factor.to_string()), Ok(factor), "{text:?} as a factor");
        }
        accepted += u64::from(value.is_some());
    }
    assert!(accepted > 0);
}

/// The digits of a code as the shop keeps it, by the rule of GS1: from the right, weights 1 and 3.
fn article(text: &str) -> Option<String> {
    let ignored = |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}');
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| !ignored(letter))
        .map(|letter| "0123456789".find(letter).map(|at| at as u32))
        .collect::<Option<_>>()?;
    let sum: u32 = digits.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    let fits = matches!(digits.len(), 8 | 11..=14) && digits.iter().any(|digit| *digit > 0);
    let padded = digits.iter().map(u32::to_string).collect::<String>();
    (fits && sum.is_multiple_of(10)).then(|| padded.trim_start_matches('0').to_owned())
}

#[test]
fn a_damaged_barcode_is_the_same_article_or_refused() {
    let mut soak = Soak::new("barcodes", TEXTS);
    let codes = [
        "7790742034007",
        "779 0742-034007",
        "40170725",
        "012345678905",
        "12345678905",
        "17790742034004",
        "7,79074E+12",
    ];
    let mut accepted = 0;
    while soak.goes_on() {
        let code = soak.pick(&codes);
        let text = String::from_utf8_lossy(&soak.damage(code, &SPICE)).into_owned();
        let read = Barcode::parse(&text).ok();
        let kept = read.as_ref().map(|code| code.as_str().trim_start_matches('0').to_owned());
        assert_eq!(kept, article(&text), "{text:?}");
        if let Some(code) = read {
            assert_eq!(Barcode::parse(code.as_str()).as_ref(), Ok(&code), "{text:?}: what is kept is read as itself");
            accepted += 1;
        }
    }
    assert!(accepted > 0);
}

const JSON_SPICE: [&str; 16] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "\\u0000",
    "\\ud800",
    "1e999",
    "true",
    "9999999999",
    "-",
    "\u{0}",
    "\"quantity\":\"1\",",
];

/// One damaged movement after another: posted as it reads, or refused, and the book adds up.
#[tokio::test]
async fn a_damaged_movement_is_posted_as_it_reads_or_refused() {
    let shop = TestShop::sqlite().await;
    stocked(&shop, &[("QUE-CREMOSO", "kg"), ("LECHE", "un")]).await;
    let api = shop.api(shop.admin());
    api.post("/api/v1/movements", receipt("QUE-CREMOSO", "5000", "100")).await.expect_status(201);
    let mut dated = receipt("LECHE", "12", "1420.5000");
    dated["lot"] = serde_json::json!({"code": "L1", "expires_on": "2027-12-31"});
    dated["occurred_at"] = "2026-01-01T10:00:00-03:00".into();
    let bodies = [
        receipt("QUE-CREMOSO", "2.500", "1234.5678").to_string(),
        movement("waste", "QUE-CREMOSO", "0.350", Some("deposito"), None).to_string(),
        movement("transfer", "QUE-CREMOSO", "1", Some("deposito"), Some("local")).to_string(),
        dated.to_string(),
    ];
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let mut soak = Soak::new("movements", BODIES);
    let (mut posted, mut thousandths) = (0_u64, 5_000_000_i64);
    while soak.goes_on() {
        let good = soak.pick(&bodies);
        let body = soak.damage(good, &JSON_SPICE);
        let shown = String::from_utf8_lossy(&body).into_owned();
        let answer = api.send(Method::POST, "/api/v1/movements", Some(("application/json", body))).await;
        match answer.status {
            201 => {
                posted += 1;
                thousandths += gained(&answer.json());
            }
            400 | 409 | 422 => assert!(!answer.json()["detail"].as_str().unwrap_or_default().is_empty(), "{shown}"),
            status => panic!("{shown}: {status} {}", answer.text()),
        }
    }
    assert!(posted > 0);
    let expected = worth(&on_hand(&shop, "QUE-CREMOSO").await, 3);
    assert_eq!(expected, Some(i128::from(thousandths)), "what the receipts say is what there is");
    adds_up(&shop).await;
}

/// Thousandths of cheese that a receipt says came or went, over all its places.
fn gained(receipt: &Value) -> i64 {
    if receipt["product"] != "sku:QUE-CREMOSO" {
        return 0;
    }
    let read =
        |text: &Value| i64::try_from(worth(text.as_str().expect("a decimal"), 3).expect("a decimal")).expect("64 bits");
    let balances = receipt["balances"].as_array().expect("balances").iter();
    balances.map(|balance| read(&balance["after"]) - read(&balance["before"])).sum()
}
