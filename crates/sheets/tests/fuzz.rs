//! Twenty thousand damaged copies of good files: each is read or refused, and none takes the process or its time.
//!
//! The seed is printed. `GONDOLA_FUZZ_SEED` repeats a run; `GONDOLA_FUZZ_MUTATIONS` and `GONDOLA_SOAK_MINUTES` make it
//! longer.

mod common;

use std::time::{Duration, Instant};

use common::{ROWS, STRINGS, archive, parts};
use gondola_sheets::{Limits, read};
use zip::CompressionMethod::Stored;

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
        const SPICE: [&[u8]; 16] = [
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
        ];
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(6) {
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

/// Good text files: in every encoding, with quotes, numbers, titles and blank lines.
fn texts() -> Vec<Vec<u8>> {
    let text =
        "LISTA\n\nCódigo;Artículo;Precio\n7790742034007;\"Dulce \"\"La Ñata\"\"\n2 kg\";1.850,50\n;;\nA-1;Pan;-3,5\n";
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    vec![text.into(), utf16, windows, format!("sep=|\r\n{}", text.replace(';', "|")).into()]
}

#[test]
fn pen_4_damaged_files_are_read_or_refused_within_a_second() {
    let seed = setting("GONDOLA_FUZZ_SEED", SEED);
    let mutations = setting("GONDOLA_FUZZ_MUTATIONS", MUTATIONS);
    println!("seed {seed}");
    let (mutations, time_max) = match setting("GONDOLA_SOAK_MINUTES", 0) {
        0 => (mutations, TIME_MAX),
        minutes => (u64::MAX, Duration::from_secs(minutes * 60)),
    };
    let mut dice = Dice(seed.max(1));
    let texts = texts();
    let workbook = parts(ROWS, STRINGS);
    let begin = Instant::now();
    let (mut done, mut readable) = (0, 0);
    while done < mutations && begin.elapsed() < time_max {
        let bytes = match dice.below(10) {
            0 => {
                let mut bytes = archive(&workbook, Stored);
                dice.mutate(&mut bytes);
                bytes
            }
            // Damage inside a part, with sums that are right: it reaches the parser of sheets.
            1..=4 => {
                let mut parts: Vec<(&str, Vec<u8>)> =
                    workbook.iter().map(|(name, content)| (*name, content.clone().into_bytes())).collect();
                let part = dice.below(parts.len());
                dice.mutate(&mut parts[part].1);
                archive(&parts, Stored)
            }
            _ => {
                let mut bytes = texts[dice.below(texts.len())].clone();
                dice.mutate(&mut bytes);
                bytes
            }
        };
        let one = Instant::now();
        readable += u64::from(read(&bytes, &Limits::default()).is_ok());
        assert!(one.elapsed() < ONE_FILE_MAX, "mutation {done} of seed {seed} took {:?}", one.elapsed());
        done += 1;
    }
    println!("{done} damaged files in {:?}: {readable} readable, the rest refused", begin.elapsed());
    assert!(readable > 0 && readable < done);
}
