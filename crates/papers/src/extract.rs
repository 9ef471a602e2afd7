//! What the words of a paper mean: its header, its sums and its lines, told by labels, by places and by what was learned of
//! a supplier's papers. The fiscal QR, when there is one, outweighs printed words. Check digits and arithmetic decide how
//! sure a value is.
//!
//! How words were had is the business of `capture`; whether the paper may be applied that of `check`.

mod agree;
mod alike;
mod columns;
pub mod date;
mod figures;
mod header;
mod layout;
pub mod number;
mod paper;
mod plain;
mod rows;
#[cfg(test)]
pub(crate) mod sketch;
mod table;
mod ticket;
mod totals;

pub use columns::Column;
pub use layout::{Layout, LearnedColumn};
pub use paper::{Doubt, DoubtKind, Field, Header, Line, Paper, Party, Perception, RateSums, Source, Totals};

pub(crate) use agree::{LineVerdict, line_verdict};
pub(crate) use totals::is_vat_of;

use crate::fiscal::QrData;
use crate::page::Page;
use rows::{Run, WRITTEN};

/// Parts of one in a confidence.
pub const CERTAIN: u16 = 1_000;

/// Reads a paper. Nothing is refused: what is not understood is not there, and the confidence says so.
pub fn extract(pages: &[Page], layout: Option<&Layout>, qr: Option<&QrData>) -> Paper {
    let rows = rows::rows(pages);
    let table = table::read(&rows, pages, layout);
    let table = if table.lines.is_empty() { ticket::read(&rows).unwrap_or(table) } else { table };
    let (mut header, mut doubts) = header::read(&table.head, &table.foot);
    header.totals = totals::read(&table.foot);
    if let Some(qr) = qr {
        header::take_qr(&mut header, &mut doubts, qr);
    }
    let mut paper = Paper { header, lines: table.lines, doubts, confidence_permille: 0 };
    agree::weigh(&mut paper);
    paper
}

/// A value with the confidence and place of the run it was read in.
fn field<T>(value: T, run: &Run) -> Field<T> {
    let source = if run.confidence == WRITTEN { Source::Text } else { Source::Ocr };
    Field { value, confidence_permille: u16::from(run.confidence) * 10, source, place: Some(run.place) }
}

#[cfg(test)]
mod tests;
