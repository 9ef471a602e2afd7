//! JSON bodies as the API reads them: the extractor over requests in memory, and what becomes of two bodies behind it.
//! Half of the inputs are damaged as bytes, the other half as trees, which reach what stands behind the syntax.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use futures_util::FutureExt;
use gondola_shop::catalogue::ProductBody;
use gondola_shop::kernel::{Body, Errors, Problem, RequestKey};
use gondola_shop::stock::{MovementBody, ProductRef};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::fuzz::Fuzz;

/// Rounds in CI.
const BODIES: u64 = 5_000;
/// Nesting of a body at most (INP-1).
const DEPTH_MAX: usize = 32;
/// The instant of these tests: 2026-11-23.
const NOW: i64 = 1_795_392_000_000_000;

/// What JSON is made of, where it hurts.
pub const SPICE: [&str; 18] = [
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
    "\\ud83d\\ude00",
    "1e999",
    "true",
    "9999999999",
    "-",
    "\u{0}",
    "\"quantity\":\"1\",",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

fn movements() -> Vec<Value> {
    vec![
        json!({
            "kind": "receipt", "product": "sku:QUE-CREMOSO", "quantity": "2.500", "to": "deposito",
            "unit_cost": "1234.5678", "lot": {"code": "L123", "expires_on": "2026-12-31"},
            "reason": "Entrega de la semana", "document": "R 0001-00001234",
            "occurred_at": "2026-11-20T10:00:00-03:00",
        }),
        json!({"kind": "waste", "product": "0193f2c4-8d1e-7c3a-9b5f-1a2b3c4d5e6f", "quantity": "1", "unit": "kg",
            "from": "local", "reason": "Se rompió"}),
        json!({"kind": "transfer", "product": "sku:LECHE", "quantity": "12", "from": "deposito", "to": "local",
            "reason": "Reposición"}),
    ]
}

fn products() -> Vec<Value> {
    vec![
        json!({
            "sku": "LAC-LS-SACH", "name": "Leche La Serenísima 1 L", "short_name": "Leche LS", "category": "LAC",
            "unit": "un", "content": {"quantity": "1", "unit": "l"}, "barcodes": ["7790742034007"], "vat_rate": "21",
            "sale_price": "1850.00", "acquisition_cost": "1420.5000", "min_stock": "6", "perishable": true,
            "suppliers": [{"supplier": "LS", "supplier_sku": "40-7", "pack": "12", "last_cost": "1400"}],
        }),
        json!({
            "name": "Queso cremoso", "short_name": null, "description": "Por kilo.\nSe corta.", "brand": "La Ñata",
            "unit": "kg", "sold_by_weight": true, "dimensions": {"width_mm": 200, "height_mm": 100, "depth_mm": 90},
            "presentations": [{"name": "horma", "factor": "4.200", "price": "39000", "barcodes": ["40170725"]}],
            "shelf_targets": [{"location": "local", "quantity": "8.500"}],
        }),
        json!({"scale_plu": "42", "internal_code": "A-17", "image": null, "shelf_life_days": 30, "target_days": null}),
    ]
}

/// What the API makes of a body.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Body<T>, Problem> {
    let request = Request::post("/").header(CONTENT_TYPE, "application/json");
    let request = request.body(axum::body::Body::from(bytes.to_vec())).unwrap();
    let read = <Body<T> as FromRequest<()>>::from_request(request, &());
    read.now_or_never().expect("what is in memory keeps nobody waiting")
}

/// How deep a text is nested, by its brackets alone.
fn nesting(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Whether something of the kind stands anywhere in a tree.
fn holds(tree: &Value, what: fn(&Value) -> bool) -> bool {
    what(tree)
        || match tree {
            Value::Array(items) => items.iter().any(|item| holds(item, what)),
            Value::Object(fields) => fields.values().any(|item| holds(item, what)),
            _ => false,
        }
}

fn holds_nul(tree: &Value) -> bool {
    holds(tree, |value| value.as_str().is_some_and(|text| text.contains('\0')))
}

/// A refusal of a body says what is wrong, in both languages, and is one of those the API announces.
fn told(problem: &Problem) {
    assert!(!problem.detail.es.is_empty() && !problem.detail.en.is_empty(), "{problem:?}");
    for field in &problem.fields {
        assert!(!field.code.is_empty() && !field.detail.es.is_empty() && !field.detail.en.is_empty(), "{problem:?}");
    }
    match problem.code {
        "malformed" | "too_deep" => assert_eq!(problem.status.as_u16(), 400, "{problem:?}"),
        "invalid" => assert_eq!((problem.status.as_u16(), problem.fields.len()), (422, 1), "{problem:?}"),
        other => panic!("{other}: {problem:?}"),
    }
}

/// A round's input: damaged bytes, or a damaged tree.
fn next(fuzz: &mut Fuzz, trees: &[Value]) -> Vec<u8> {
    if fuzz.below(2) == 0 {
        return fuzz.damaged();
    }
    let mut tree = trees[fuzz.below(trees.len())].clone();
    for _ in 0..=fuzz.below(3) {
        graft(fuzz, &mut tree);
    }
    tree.to_string().into_bytes()
}

/// Puts something else at some place of a tree.
fn graft(fuzz: &mut Fuzz, tree: &mut Value) {
    let inside = fuzz.below(4) > 0;
    match tree {
        Value::Object(fields) if inside && !fields.is_empty() => {
            let name = fields.keys().nth(fuzz.below(fields.len())).cloned().unwrap_or_default();
            match fuzz.below(6) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(format!("{name}\u{301}"), Value::Null)),
                _ => graft(fuzz, &mut fields[&name]),
            }
        }
        Value::Array(items) if inside && !items.is_empty() => {
            let at = fuzz.below(items.len());
            graft(fuzz, &mut items[at]);
        }
        other => *other = odd(fuzz, other),
    }
}

/// Another value than was there, of any kind.
fn odd(fuzz: &mut Fuzz, was: &Value) -> Value {
    let text = was.as_str().unwrap_or("x");
    match fuzz.below(14) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(u64::MAX),
        3 => json!(-1.5e300),
        4 => json!(""),
        5 => json!(format!("{text}\0")),
        6 => json!("ñ".repeat(fuzz.below(5_000))),
        7 => json!([was, was]),
        8 => Value::Object(Map::from_iter([(text.to_owned(), was.clone())])),
        9 => (0..fuzz.below(60)).fold(was.clone(), |inner, _| json!([inner])),
        10 => (0..fuzz.below(140)).fold(was.clone(), |inner, _| json!({ "a": inner })),
        11 => json!(text.to_uppercase()),
        12 => json!(text.chars().rev().collect::<String>()),
        _ => json!(String::from_utf8_lossy(&fuzz.damaged())),
    }
}

/// INP-1: what JSON is, and nothing deeper than 32, comes through as it was sent; how it was spaced makes no
/// other request of it.
#[test]
fn a_damaged_body_is_what_was_sent_or_a_clear_refusal() {
    let trees = [movements(), products()].concat();
    let key = RequestKey::from_text("k-1").unwrap();
    let judge = |bytes: &[u8]| {
        let known = serde_json::from_slice::<Value>(bytes);
        match (read::<Value>(bytes), known) {
            (Ok(body), Ok(value)) => {
                assert_eq!(body.value, value);
                assert!(nesting(bytes) <= DEPTH_MAX && !holds_nul(&value));
                // A number with an exponent may be printed with other digits; nothing in the API takes one.
                if !holds(&value, |value| value.is_f64()) {
                    let spaced = read::<Value>(serde_json::to_string_pretty(&value).unwrap().as_bytes()).unwrap();
                    let hash = |body: &Body<Value>| body.key(&key, "test").unwrap().request_hash;
                    assert_eq!(hash(&spaced), hash(&body), "the same request, spaced otherwise");
                }
                return true;
            }
            (Ok(_), Err(error)) => panic!("it is no JSON: {error}"),
            (Err(problem), Ok(value)) => {
                told(&problem);
                let deep = nesting(bytes) > DEPTH_MAX;
                assert_eq!(problem.code, if deep { "too_deep" } else { "invalid" });
                assert!(deep || holds_nul(&value) || value.is_array(), "nothing is wrong with it: {problem:?}");
            }
            (Err(problem), Err(_)) => {
                told(&problem);
                assert_eq!(problem.status.as_u16(), 400);
            }
        }
        false
    };
    let mut fuzz = Fuzz::new("json", BODIES, trees.iter().map(Value::to_string), &SPICE);
    while fuzz.goes_on() {
        let input = next(&mut fuzz, &trees);
        fuzz.judge(&input, judge);
    }
    fuzz.end();
}

#[test]
fn a_damaged_movement_is_within_its_bounds_or_every_field_is_told() {
    let trees = movements();
    let judge = |bytes: &[u8]| {
        let body = match read::<MovementBody>(bytes) {
            Ok(body) => body.value,
            Err(problem) => {
                told(&problem);
                return false;
            }
        };
        match body.parse(NOW, "lines[3].") {
            Err(problems) => {
                assert!(!problems.is_empty());
                for problem in problems {
                    assert!(problem.field.starts_with("lines[3]."), "{problem:?}");
                    assert!(!problem.detail.es.is_empty() && !problem.detail.en.is_empty(), "{problem:?}");
                }
                false
            }
            Ok(movement) => {
                assert!(movement.quantity.is_positive(), "{movement:?}");
                assert!((3..=200).contains(&movement.reason.chars().count()), "{movement:?}");
                assert!(movement.occurred_at.is_none_or(|at| at <= NOW), "{movement:?}");
                assert_eq!(ProductRef::parse(&movement.product.to_string()), Some(movement.product));
                true
            }
        }
    };
    let mut fuzz = Fuzz::new("movements as JSON", BODIES, trees.iter().map(Value::to_string), &SPICE);
    while fuzz.goes_on() {
        let input = next(&mut fuzz, &trees);
        fuzz.judge(&input, judge);
    }
    fuzz.end();
}

#[test]
fn a_damaged_product_is_read_or_every_field_is_told() {
    let trees = products();
    let judge = |bytes: &[u8]| {
        let body = match read::<ProductBody>(bytes) {
            Ok(body) => body.value,
            Err(problem) => {
                told(&problem);
                return false;
            }
        };
        let mut errors = Errors::new();
        let _ = body.parse(&mut errors);
        let Err(problem) = errors.finish() else { return true };
        assert_eq!((problem.status.as_u16(), problem.code), (422, "invalid"), "{problem:?}");
        for field in problem.fields {
            assert!(!field.field.is_empty() && !field.detail.es.is_empty() && !field.detail.en.is_empty(), "{field:?}");
        }
        false
    };
    let mut fuzz = Fuzz::new("products as JSON", BODIES, trees.iter().map(Value::to_string), &SPICE);
    while fuzz.goes_on() {
        let input = next(&mut fuzz, &trees);
        fuzz.judge(&input, judge);
    }
    fuzz.end();
}
