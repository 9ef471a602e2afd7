//! Compares what was read of a forged paper with its truth, fact by fact: of the crate under test, which answers with a
//! paper, and of Tesseract alone, which answers with rows of text. Counting and timing are the benchmark's.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use gondola_ledger::UnitCost;
use gondola_papers::capture::{self, Captured, Limits};
use gondola_papers::extract::{self, Line as ReadLine, Paper};
use gondola_papers::fiscal::QrData;
use gondola_papers::page::Page;
use gondola_papers::tools::Tools;

use super::forge::truth::{Kind, Line, Per, Truth};
use super::forge::words::{self, DateStyle, TaxIdStyle};

/// What is looked for: six facts of a document, four of each line. A line is `joint` when everything the shop takes from it
/// is right together: its description, its quantity and the cost of one unit that follows from it.
pub const NAMES: [&str; 10] = ["QR", "total", "CUIT", "CAE", "number", "date", "lines", "qty", "price", "joint"];
/// A description this like the true one is taken for it, as for products: thousandths of Jaro-Winkler.
const ALIKE: u32 = 880;
const RECOGNISER: &str = "tesseract";

/// Reads the files of a document and judges the result.
pub type Way = fn(&[Vec<u8>], &Truth) -> Findings;

/// Which facts were found; `None` for what the paper does not say.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    facts: [Option<bool>; 6],
    lines: Vec<LineFound>,
}

/// Of a line: description, quantity, price, and all that the shop takes from it together.
type LineFound = [Option<bool>; 4];

impl Findings {
    /// Found, and there to be found, under each of [`NAMES`].
    pub fn counts(&self) -> [(u32, u32); NAMES.len()] {
        let count = |found: Option<bool>| (u32::from(found == Some(true)), u32::from(found.is_some()));
        std::array::from_fn(|at| match self.facts.get(at) {
            Some(fact) => count(*fact),
            None => {
                let counts = self.lines.iter().map(|line| count(line[at - self.facts.len()]));
                counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
            }
        })
    }

    /// What was missed, in words.
    pub fn missed(&self) -> String {
        let missed = NAMES.iter().zip(self.counts()).filter(|(_, (found, of))| found < of);
        let words =
            missed.map(|(name, (found, of))| if of == 1 { (*name).to_owned() } else { format!("{name} {found}/{of}") });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// Is the recogniser there to be called?
pub fn can_recognise() -> bool {
    recognised(&[]).is_some()
}

/// The crate: every file captured, all pages understood together. What it refuses is found nowhere.
pub fn ours(files: &[Vec<u8>], truth: &Truth) -> Findings {
    let captured: Vec<Captured> =
        files.iter().filter_map(|file| capture::read(file, &Tools::default(), &Limits::default()).ok()).collect();
    let codes: Vec<&String> = captured.iter().flat_map(|one| &one.qr).collect();
    let qr = codes.iter().find_map(|code| QrData::parse(code).ok());
    let pages: Vec<Page> = captured.iter().flat_map(|one| one.pages.clone()).collect();
    let paper = extract::extract(&pages, None, qr.as_ref());
    let header = &paper.header;
    let number = header.number.as_ref().map(|field| (field.value.point_of_sale(), field.value.number()));
    Findings {
        facts: [
            truth.qr.as_ref().map(|qr| codes.contains(&qr)),
            truth.totals.as_ref().map(|totals| header.totals.total.map(|field| field.value) == Some(totals.total)),
            truth.supplier.tax_id.map(|id| header.seller.tax_id.map(|field| field.value.raw()) == Some(id)),
            truth.cae.map(|cae| header.cae.map(|field| field.value.raw()) == Some(cae)),
            truth.number.map(|(point, own)| number == Some((u32::from(point), own))),
            Some(header.date.map(|field| field.value) == Some(truth.date)),
        ],
        lines: pair(truth, &paper),
    }
}

/// Gives every true line the line read that is most like it, each once.
fn pair(truth: &Truth, paper: &Paper) -> Vec<LineFound> {
    let mut taken = BTreeSet::new();
    let mut judged = Vec::with_capacity(truth.lines.len());
    for line in &truth.lines {
        let described = paper.lines.iter().enumerate().filter(|(at, _)| !taken.contains(at));
        let likeness =
            described.filter_map(|(at, read)| Some((alike(&line.description, &read.description.as_ref()?.value), at)));
        let best = likeness
            .max_by_key(|(likeness, at)| (*likeness, std::cmp::Reverse(*at)))
            .filter(|(likeness, _)| *likeness >= ALIKE);
        let read = best.map(|(_, at)| &paper.lines[at]);
        taken.extend(best.map(|(_, at)| at));
        judged.push([
            Some(read.is_some()),
            line.quantity
                .map(|quantity| read.and_then(|read| read.quantity).map(|field| field.value) == Some(quantity)),
            line.price.map(|price| read.and_then(|read| read.price).map(|field| field.value) == Some(price)),
            Some(read.is_some_and(|read| is_joint(line, read, truth))),
        ]);
    }
    judged
}

/// Would the shop book of this line what is true? Some suppliers print every quantity with a minus and the kind of document
/// says whether goods came or went, so that a quantity counts without its sign, there as here.
fn is_joint(line: &Line, read: &ReadLine, truth: &Truth) -> bool {
    let quantity =
        line.quantity.is_none_or(|quantity| read.quantity.map(|field| field.value.abs()) == Some(quantity.abs()));
    let Some(price) = line.price else { return quantity };
    // A roll has no room for the units of a case.
    let is_case = line.per == Per::Case && truth.kind != Kind::Ticket;
    let units = line.units_per_case.filter(|_| is_case).unwrap_or(1);
    let in_name = read.description.as_ref().and_then(|field| units_in_name(&field.value, truth.supplier_code));
    let read_units = read.units_per_case.map(|field| field.value).or(in_name).unwrap_or(1);
    let read_cost = read.price.map(|field| field.value);
    let read_discount = read.discount.map_or(0, |field| field.value);
    quantity
        && read_cost.is_some_and(|read| of_one(read, read_discount, units) == of_one(price, line.discount, read_units))
}

/// Price after discount, times the units that the *other* case holds: two of them are equal when the costs of one unit are.
fn of_one(price: UnitCost, discount: i64, units_of_the_other: u32) -> i128 {
    i128::from(price.raw()) * i128::from(10_000 - discount) * i128::from(units_of_the_other)
}

/// Units of a case where a supplier writes them in the name: 20X500 at Fargo are 20, 3X12X118 at Terramare 36. Blanks between
/// them change nothing, as they do not in the shop.
fn units_in_name(name: &str, supplier_code: &str) -> Option<u32> {
    let mut pack = String::new();
    for word in name.split_whitespace().map(str::to_uppercase) {
        if word.chars().all(|letter| letter.is_ascii_digit() || letter == 'X') {
            pack.push_str(&word);
        } else if !pack.contains('X') {
            pack.clear();
        }
    }
    let numbers: Vec<u32> = pack.split('X').map(str::parse).collect::<Result<_, _>>().ok()?;
    let (_, counts) = numbers.split_last().filter(|(_, counts)| !counts.is_empty())?;
    match supplier_code {
        "FA" => counts.first().copied(),
        "TER" => counts.iter().try_fold(1, |units: u32, one| units.checked_mul(*one)),
        _ => None,
    }
}

fn alike(one: &str, other: &str) -> u32 {
    let plain = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    // The measure is from 0 to 1; thousandths compare and sort.
    (strsim::jaro_winkler(&plain(one), &plain(other)) * 1_000.0) as u32
}

/// The yardstick: each file recognised as it is, and the rows searched for what is known to be there.
pub fn alone(files: &[Vec<u8>], truth: &Truth) -> Findings {
    let texts: Vec<String> = files.iter().filter_map(|file| recognised(file)).collect();
    let rows: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    let says = |words: &str| rows.iter().any(|row| row.contains(words));
    let tax_id = |id| [TaxIdStyle::Dashed, TaxIdStyle::Plain].iter().any(|style| says(&words::tax_id(id, *style)));
    let dates = [DateStyle::Slashes, DateStyle::Short, DateStyle::Dashes];
    Findings {
        facts: [
            None,
            truth.totals.as_ref().map(|totals| says(&words::pesos(totals.total))),
            truth.supplier.tax_id.map(tax_id),
            truth.cae.map(|cae| says(&cae.to_string())),
            truth.number.map(|(point, number)| says(&format!("{point:05}")) && says(&format!("{number:08}"))),
            Some(dates.iter().any(|style| says(&words::date(truth.date, *style)))),
        ],
        lines: truth.lines.iter().map(|line| search(line, &rows)).collect(),
    }
}

/// A line is where all words of its description are in a row; its figures may stand in the row above.
/// Of the unit cost only the price and the discount are looked for.
fn search(line: &Line, rows: &[&str]) -> LineFound {
    let is_it = |row: &&str| line.description.split(' ').all(|word| row.split_whitespace().any(|other| other == word));
    let at = rows.iter().position(is_it);
    let near = at.map_or(&[][..], |at| &rows[at.saturating_sub(1)..=at]);
    let says = |words: &str| near.iter().flat_map(|row| row.split_whitespace()).any(|other| other == words);
    let quantity = line.quantity.map(|quantity| says(&words::quantity(quantity)));
    let price = line.price.map(|price| [2, 4].iter().any(|places| says(&words::price(price, *places))));
    let discounted = line.discount == 0 || says(&words::percent(line.discount));
    [
        Some(at.is_some()),
        quantity,
        price,
        Some(at.is_some() && quantity != Some(false) && price != Some(false) && discounted),
    ]
}

/// The text that Tesseract finds; `None` where it is not installed. What it cannot read has no text.
fn recognised(picture: &[u8]) -> Option<String> {
    let mut program = Command::new(RECOGNISER)
        .args(["stdin", "stdout", "-l", "spa", "--psm", "6"])
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // It may refuse a picture before it has read all of it: then there is no text, which is an answer.
    let sent = program.stdin.take().expect("its input is piped").write_all(picture);
    let output = program.wait_with_output().ok()?;
    Some(if sent.is_ok() { String::from_utf8_lossy(&output.stdout).into_owned() } else { String::new() })
}
