//! Twenty thousand damaged copies of good files: each is read or refused, and none takes the process or its time. What
//! is read holds together. Then as many damaged numbers, as people and spreadsheets write them.
//!
//! The seed is printed. `GONDOLA_FUZZ_SEED` repeats a run; `GONDOLA_FUZZ_MUTATIONS` and `GONDOLA_SOAK_MINUTES` make it
//! longer.

mod common;

use std::time::{Duration, Instant};

use common::{ROWS, STRINGS, archive, parts};
use gondola_sheets::number::canonical;
use gondola_sheets::{Content, DecimalStyle, FieldSpec, Limits, Table, guess_columns, header_signature, read};
use zip::CompressionMethod::{Deflated, Stored};

const MUTATIONS: u64 = 20_000;
const SEED: u64 = 0x6F6E_646F_6C61;
/// The whole test, however slow the machine; what was done by then is printed.
const TIME_MAX: Duration = Duration::from_secs(60);
/// One file (PEN-4).
const ONE_FILE_MAX: Duration = Duration::from_secs(1);

/// xorshift64*: small, repeatable, good enough to break files with.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() >> 40).expect("24 bits fit") % end.max(1)
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        const SPICE: [&[u8]; 30] = [
            b"\"",
            b";",
            b"\0",
            b"\xFF",
            b"\r",
            b"<",
            b"</",
            b"/>",
            b"]]>",
            b"&#x0;",
            b"9999999999",
            b"-1",
            b"A1:B0",
            b"xml:space=",
            b"<row r=\"0\">",
            b"\xF0\x9F",
            b"<!DOCTYPE a [<!ENTITY b \"cc\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]>",
            b"&b;",
            b"&#99999999999;",
            b"&amp",
            b"<!--",
            b"<![CDATA[",
            b"<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
            b" r=\"XFD1048576\"",
            b" r=\"A4294967296\"",
            b" t=\"s\"><v>4294967295</v>",
            b"1e999",
            b"<is><t>",
            b"\xEF\xBB\xBF",
            b"sep=",
        ];
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(8) {
                0 if !bytes.is_empty() => bytes[at] = self.roll() as u8,
                1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at),
                3 => {
                    let length = self.below(20).min(bytes.len() - at);
                    bytes.drain(at..at + length);
                }
                4 => {
                    let length = self.below(40).min(bytes.len() - at);
                    let copy = bytes[at..at + length].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, copy);
                }
                // Nested or repeated without an end in sight.
                5 => {
                    let spice = SPICE[self.below(SPICE.len())].repeat(self.below(400));
                    bytes.splice(at..at, spice);
                }
                _ => {
                    let spice = SPICE[self.below(SPICE.len())];
                    bytes.splice(at..at, spice.iter().copied());
                }
            }
        }
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a switch of this test, not a setting of the product")]
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// The dice of a run, how much it is to do, and how long it may take. The seed is printed.
#[expect(clippy::print_stdout, reason = "whoever repeats a run needs its seed")]
fn begun() -> (Dice, u64, Duration) {
    let seed = setting("GONDOLA_FUZZ_SEED", SEED).max(1);
    println!("seed {seed}");
    let (mutations, time_max) = match setting("GONDOLA_SOAK_MINUTES", 0) {
        0 => (setting("GONDOLA_FUZZ_MUTATIONS", MUTATIONS), TIME_MAX),
        minutes => (u64::MAX, Duration::from_secs(minutes * 60)),
    };
    (Dice(seed), mutations, time_max)
}

/// Good text files: in every encoding, with quotes, numbers, titles, blank lines and rows of uneven length.
fn texts() -> Vec<Vec<u8>> {
    let text =
        "LISTA\n\nCódigo;Artículo;Precio\n7790742034007;\"Dulce \"\"La Ñata\"\"\n2 kg\";1.850,50\n;;\nA-1;Pan;-3,5\n";
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let other_end: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    let uneven = "sku,name,cost,,\r\n=1+1,'=2,\"1,850.50\",x,y,z\r\nB\r\n\"\",,12%,\r\n";
    let sepa = "id_comercio|id_producto|productos_precio_lista\n15|7790742034007|1850.5\n15|7790742034014|920\n";
    vec![
        text.into(),
        utf16,
        other_end,
        windows,
        format!("sep=|\r\n{}", text.replace(';', "|")).into(),
        uneven.into(),
        sepa.into(),
    ]
}

/// Judges one input, again when it took long: the machine may have been busy elsewhere, and a reader that hangs does so
/// each time.
fn within_its_time<T>(about: &str, judge: impl Fn() -> T) -> T {
    let timed = || {
        let one = Instant::now();
        (judge(), one.elapsed())
    };
    let (told, mut took) = timed();
    for _ in 0..2 {
        if took > ONE_FILE_MAX {
            took = took.min(timed().1);
        }
    }
    assert!(took <= ONE_FILE_MAX, "{about} took {took:?}");
    told
}

/// What was read holds together: lines in their order, no cell lost, nothing beyond the limits, and every question
/// about it has an answer.
fn holds_together(table: &Table, limits: &Limits) {
    let lines = |rows: &[gondola_sheets::Row]| rows.iter().map(|row| row.line).collect::<Vec<_>>();
    let all = [lines(&table.preamble), vec![table.header_line], lines(&table.rows)].concat();
    assert!(all[0] > 0 && all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
    assert!(all.len() <= limits.rows_max && table.header.last().is_some_and(|title| !title.is_empty()));
    assert!(table.rows.iter().all(|row| row.cells.len() >= table.header.len()));
    let cells = table.preamble.iter().chain(&table.rows).flat_map(|row| &row.cells);
    assert!(cells.clone().all(|cell| cell.len() <= limits.cell_bytes_max));
    for ragged in &table.ragged {
        assert!(ragged.expected == table.header.len() && ragged.found != ragged.expected, "{ragged:?}");
        assert!(table.rows.iter().any(|row| row.line == ragged.line), "{ragged:?}");
    }
    let spec = |name, content| FieldSpec { name, synonyms: &["código", "precio", "artículo"], content };
    let fields = [spec("barcode", Content::Barcode), spec("cost", Content::Any), spec("name", Content::Any)];
    let guesses = guess_columns(&table.header, &table.rows, &fields);
    assert_eq!(guesses.len(), table.header.len());
    for field in 0..fields.len() {
        assert!(guesses.iter().filter(|guess| **guess == Some(field)).count() <= 1, "{guesses:?}");
    }
    assert_eq!(header_signature(&table.header).matches('|').count(), table.header.len() - 1);
    for column in 0..table.header.len() {
        let style = table.decimal_style(column);
        table.rows.iter().filter_map(|row| row.decimal(column, style).ok()).for_each(|number| is_plain(&number));
    }
}

/// A number that was read is an optional minus, digits, and a point only between digits; and it is read as itself.
fn is_plain(number: &str) {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let mut parts = digits.splitn(2, '.');
    assert!(parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())), "{number:?}");
    assert_eq!(canonical(number, DecimalStyle::Point).as_deref(), Ok(number), "what was read is read as itself");
}

#[test]
fn pen_4_damaged_files_are_read_or_refused_within_a_second() {
    let (mut dice, mutations, time_max) = begun();
    let seed = dice.0;
    let limits = Limits::default();
    let texts = texts();
    let workbook = parts(ROWS, STRINGS);
    let begin = Instant::now();
    let (mut done, mut readable) = (0, 0);
    while done < mutations && begin.elapsed() < time_max {
        let bytes = match dice.below(10) {
            0 => {
                let mut bytes = archive(&workbook, if dice.below(2) == 0 { Stored } else { Deflated });
                dice.mutate(&mut bytes);
                bytes
            }
            // Damage inside a part, with sums that are right: it reaches the parser of sheets.
            1..=4 => {
                let mut parts: Vec<(&str, Vec<u8>)> =
                    workbook.iter().map(|(name, content)| (*name, content.clone().into_bytes())).collect();
                for _ in 0..=dice.below(2) {
                    let part = dice.below(parts.len());
                    dice.mutate(&mut parts[part].1);
                }
                archive(&parts, Stored)
            }
            _ => {
                let mut bytes = texts[dice.below(texts.len())].clone();
                dice.mutate(&mut bytes);
                bytes
            }
        };
        let table = within_its_time(&format!("mutation {done} of seed {seed}"), || read(&bytes, &limits));
        if let Ok(table) = &table {
            assert_eq!(read(&bytes, &limits).as_ref(), Ok(table), "mutation {done} of seed {seed}: read again");
            holds_together(table, &limits);
        }
        readable += u64::from(table.is_ok());
        done += 1;
    }
    println!("{done} damaged files in {:?}: {readable} readable, the rest refused", begin.elapsed());
    assert!(readable > 0 && readable < done);
}

/// `1.234,56`, `(12,00)`, `$ -3.5`: whatever is done to them, they are one number, a question, or refused.
#[test]
fn pen_4_damaged_numbers_are_one_number_or_refused() {
    const NUMBERS: [&str; 10] = [
        "1.234,56",
        "$ 1.850,00",
        "1,234.56",
        "-3,5",
        "(12,00)",
        "1850",
        "0.30000000000000004",
        "12%",
        "1'234.50",
        "ARS 7",
    ];
    let (mut dice, mutations, time_max) = begun();
    let begin = Instant::now();
    let (mut done, mut readable) = (0, 0);
    while done < mutations && begin.elapsed() < time_max {
        let mut bytes = NUMBERS[dice.below(NUMBERS.len())].as_bytes().to_vec();
        dice.mutate(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let styles = [DecimalStyle::Comma, DecimalStyle::Point, DecimalStyle::Unknown, DecimalStyle::Mixed];
        let read = within_its_time(&format!("{text:?}"), || styles.map(|style| canonical(&text, style)));
        read.iter().flatten().for_each(|number| is_plain(number));
        // Where no style is needed, none changes what is read.
        if let Ok(only) = &read[2] {
            assert!(read.iter().flatten().all(|number| number == only), "{text:?}: {read:?}");
            readable += 1;
        }
        done += 1;
    }
    println!("{done} damaged numbers in {:?}: {readable} readable, the rest refused", begin.elapsed());
    assert!(readable > 0 && readable < done);
}
