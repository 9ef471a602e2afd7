//! Looking for things in bytes, in every form in which they could lie there: as text, as a number of either
//! engine, in hex, in base 32. What is looked for and where is not decided here.

use std::collections::BTreeSet;

use gondola_vault::{TotpSecret, hex};

/// Something that is looked for.
#[derive(Debug, Clone)]
pub struct Canary {
    /// What it is.
    pub what: String,
    forms: Vec<Vec<u8>>,
}

impl Canary {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self { what: text.to_owned(), forms: in_hex_too(vec![text.as_bytes().to_vec()]) }
    }

    /// A decimal number, as people and programs write it and as databases keep it: in its smallest unit, in as many
    /// bytes as SQLite takes or in eight of either order, or by groups of four digits.
    pub fn number(text: &str) -> Self {
        let (whole, decimals) = text.split_once('.').unwrap();
        let digits = format!("{whole}{decimals}");
        let texts = [text.to_owned(), format!("{whole},{decimals}"), format!("{},{decimals}", grouped(whole)), digits];
        let raw: i64 = texts[3].parse().unwrap();
        let padded = format!("{:0>1$}", whole, whole.len().next_multiple_of(4));
        let groups = [padded, format!("{decimals:0<4}")].concat();
        let groups = groups.as_bytes().chunks(4).map(|four| std::str::from_utf8(four).unwrap().parse::<i16>().unwrap());
        let bytes = raw.to_be_bytes();
        let mut forms: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
        forms.extend([bytes[8 - sqlite_width(raw)..].to_vec(), raw.to_le_bytes().to_vec()]);
        forms.push(groups.flat_map(i16::to_le_bytes).collect());
        forms.push(hex(&bytes).into_bytes());
        Self { what: text.to_owned(), forms: in_hex_too(forms) }
    }

    /// What an authenticator learnt: its bytes, and how people type it.
    pub fn authenticator(what: &str, secret: &TotpSecret) -> Self {
        let typed = secret.base32();
        let groups: Vec<&str> = (0..typed.len()).step_by(4).map(|at| &typed[at..at + 4]).collect();
        let forms = [secret.bytes().to_vec(), groups.join(" ").into_bytes(), typed.to_lowercase().into_bytes()];
        let forms = [&forms[..], &[typed.into_bytes()]].concat();
        Self { what: what.to_owned(), forms: in_hex_too(forms) }
    }

    /// Bytes as they are.
    pub fn bytes(what: &str, bytes: &[u8]) -> Self {
        Self { what: what.to_owned(), forms: in_hex_too(vec![bytes.to_vec()]) }
    }
}

/// Thousands as people here write them.
fn grouped(whole: &str) -> String {
    let first = whole.len() % 3;
    let rest = whole.as_bytes()[first..].chunks(3).map(|three| std::str::from_utf8(three).unwrap());
    std::iter::once(&whole[..first]).chain(rest).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

/// The bytes that SQLite keeps a whole number in.
fn sqlite_width(raw: i64) -> usize {
    let bits = 65 - raw.leading_zeros() as usize;
    [1, 2, 3, 4, 6, 8].into_iter().find(|bytes| bits <= bytes * 8).unwrap()
}

fn in_hex_too(forms: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let small = forms.iter().map(|form| hex(form));
    let both: Vec<Vec<u8>> =
        small.flat_map(|text| [text.clone().into_bytes(), text.to_uppercase().into_bytes()]).collect();
    [forms, both].concat()
}

/// A search for all of them at once, ready to go over many bytes.
pub struct Search {
    canaries: Vec<Canary>,
    /// By its first two bytes: whose form it is, and which.
    by_beginning: Vec<Vec<(usize, usize)>>,
}

impl Search {
    /// A search for these.
    pub fn of(canaries: Vec<Canary>) -> Self {
        let mut by_beginning = vec![Vec::new(); 1 << 16];
        for (at, canary) in canaries.iter().enumerate() {
            for (number, form) in canary.forms.iter().enumerate() {
                by_beginning[beginning(form[0], form[1])].push((at, number));
            }
        }
        Self { canaries, by_beginning }
    }

    /// What stands in the bytes.
    pub fn found(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for at in 1..bytes.len() {
            for (canary, form) in &self.by_beginning[beginning(bytes[at - 1], bytes[at])] {
                let canary = &self.canaries[*canary];
                if bytes[at - 1..].starts_with(&canary.forms[*form]) {
                    found.insert(canary.what.as_str());
                }
            }
        }
        found
    }
}

fn beginning(first: u8, second: u8) -> usize {
    usize::from(u16::from_be_bytes([first, second]))
}

/// A search that finds nothing proves nothing, unless it finds what is there.
#[test]
fn each_form_is_found_and_nothing_else() {
    let cost = Canary::number("8317264.5931");
    let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
    let search = Search::of(vec![cost, Canary::text("marca"), Canary::authenticator("secret", &secret)]);
    let cases: [(&[u8], &[&str]); 12] = [
        (b"a cost of 8317264.5931 each", &["8317264.5931"]),
        (b"8.317.264,5931", &["8317264.5931"]),
        (b"[83172645931]", &["8317264.5931"]),
        (&[1, 0, 0x13, 0x5d, 0x79, 0xdc, 0x2b, 9], &["8317264.5931"]),
        (&[0x2b, 0xdc, 0x79, 0x5d, 0x13, 0, 0, 0], &["8317264.5931"]),
        (&[0x3f, 3, 0x60, 0x1c, 0x2b, 0x17], &["8317264.5931"]),
        (b"\\x383331373236342e35393331", &["8317264.5931"]),
        (b"6d61726361", &["marca"]),
        (b"GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", &["secret"]),
        (b"31323334353637383930313233343536373839", &[]),
        (b"\\x3132333435363738393031323334353637383930 marca", &["marca", "secret"]),
        (b"8317264.5930 marc", &[]),
    ];
    for (bytes, expected) in cases {
        let found: Vec<&str> = search.found(bytes).into_iter().collect();
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(bytes));
    }
}
