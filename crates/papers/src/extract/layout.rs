//! What a supplier's papers look like, learned from one that a person corrected: which words stand above which column, and
//! where the columns lie. It is kept with the supplier as plain data. How many units a case has and what a price is for is no
//! matter of looks: a person says it of the supplier or of the product.

use serde::{Deserialize, Serialize};

use super::columns::{self, Column, Placed};
use super::number;
use super::paper::{Line, Paper};
use super::plain::plain;
use super::rows::{self, Row, Run};
use crate::page::Page;

/// Parts of the width of a page.
const WHOLE: i64 = 1_000;
/// Values of a line that must stand in a row for the row to be that line.
const MATCHES_MIN: usize = 2;
/// Places nearer than this, in thousandths of the width, are one column.
const SAME_PERMILLE: i64 = 15;

/// How a supplier's papers read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The columns from the left.
    pub columns: Vec<LearnedColumn>,
}

/// A column as it was learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedColumn {
    /// What it holds.
    pub column: Column,
    /// The words above it, made comparable; empty when there are none.
    pub words: String,
    /// Left edge in thousandths of the page's width.
    pub left_permille: i64,
    /// Right edge.
    pub right_permille: i64,
}

/// A value of the corrected paper, seen on the page.
struct Sight {
    column: Column,
    row: usize,
    left: i64,
    right: i64,
}

impl Layout {
    /// Learns from pages and what a person says stands on them; `None` when no line of it is found there.
    pub fn learn(pages: &[Page], corrected: &Paper) -> Option<Self> {
        let rows = rows::rows(pages);
        let sights: Vec<Sight> =
            corrected.lines.iter().filter_map(|line| sighted(&rows, pages, line)).flatten().collect();
        let first = sights.iter().map(|sight| sight.row).min()?;
        let known: Vec<Placed> = rows[..first].iter().rev().find_map(columns::headings).unwrap_or_default();
        let mut columns: Vec<LearnedColumn> = Vec::new();
        for sight in &sights {
            if columns.iter().all(|column| column.column != sight.column) {
                columns.push(learned(sight.column, &sights, (&rows[..first], pages, &known)));
            }
        }
        columns.sort_by_key(|column| (column.left_permille, column.right_permille));
        Some(Self { columns })
    }

    /// The columns on a page of such a width.
    pub(super) fn placed(&self, width: i32) -> Vec<Placed> {
        let at = |permille: i64| i32::try_from(permille.saturating_mul(width.into()) / WHOLE).unwrap_or(i32::MAX / 4);
        self.columns
            .iter()
            .map(|learned| Placed {
                column: learned.column,
                words: learned.words.clone(),
                left: at(learned.left_permille),
                right: at(learned.right_permille),
            })
            .collect()
    }

    /// The learned columns, when at least half of their words stand in the row.
    pub(super) fn headings(&self, row: &Row, width: i32) -> Option<Vec<Placed>> {
        let text = plain(&row.text());
        let worded = || self.columns.iter().filter(|learned| !learned.words.is_empty());
        let found = worded().filter(|learned| super::plain::says(&text, &learned.words)).count();
        (found >= MATCHES_MIN && found * 2 >= worded().count()).then(|| self.placed(width))
    }
}

/// Where the values of a line stand: in the row that has most of them.
fn sighted(rows: &[Row], pages: &[Page], line: &Line) -> Option<Vec<Sight>> {
    let seen = rows.iter().enumerate().map(|(at, row)| {
        let width = pages.get(row.place.page).map_or(1, |page| i64::from(page.width.max(1)));
        seen_in(at, row, width, line)
    });
    seen.max_by_key(|sights| distinct(sights)).filter(|sights| distinct(sights) >= MATCHES_MIN)
}

fn distinct(sights: &[Sight]) -> usize {
    let mut columns: Vec<Column> = sights.iter().map(|sight| sight.column).collect();
    columns.dedup();
    columns.len()
}

fn seen_in(row: usize, words: &Row, width: i64, line: &Line) -> Vec<Sight> {
    let mut sights = Vec::new();
    for column in ALL {
        for run in words.runs.iter().filter(|run| holds(run, column, line)) {
            let permille = |place: i32| i64::from(place) * WHOLE / width;
            sights.push(Sight { column, row, left: permille(run.place.left), right: permille(run.place.right) });
        }
    }
    sights
}

const ALL: [Column; 11] = [
    Column::Code,
    Column::Barcode,
    Column::Description,
    Column::Quantity,
    Column::Unit,
    Column::UnitsPerCase,
    Column::Price,
    Column::UnitPrice,
    Column::Discount,
    Column::Rate,
    Column::Subtotal,
];

/// Does the run say what the line has in the column?
fn holds(run: &Run, column: Column, line: &Line) -> bool {
    let text = run.text.as_str();
    let same = |field: &Option<super::Field<String>>| field.as_ref().is_some_and(|field| field.value == text);
    match column {
        Column::Code => same(&line.code),
        Column::Barcode => same(&line.barcode),
        Column::Unit => same(&line.unit),
        Column::Description => line.description.as_ref().is_some_and(|field| {
            !run.plain.is_empty()
                && run.text.chars().any(char::is_alphabetic)
                && plain(&field.value).starts_with(&run.plain)
        }),
        Column::Quantity => line.quantity.is_some_and(|field| number::quantity(text) == Some(field.value)),
        Column::UnitsPerCase => line.units_per_case.is_some_and(|field| columns::units(text) == Some(field.value)),
        Column::Price => line.price.is_some_and(|field| number::cost(text) == Some(field.value)),
        Column::UnitPrice => line.unit_price.is_some_and(|field| number::cost(text) == Some(field.value)),
        Column::Discount => line.discount.is_some_and(|field| number::percent(text) == Some(field.value)),
        Column::Rate => line.vat.is_some_and(|field| columns::treatment(text) == Some(field.value)),
        Column::Subtotal => line.subtotal.is_some_and(|field| number::money(text) == Some(field.value)),
        Column::CasePrice => false,
    }
}

/// A value may stand twice in a row (one case at its price is its subtotal): the place where it stands most often counts,
/// and of two such places the one below the heading that is known.
fn learned(column: Column, sights: &[Sight], (above, pages, known): (&[Row], &[Page], &[Placed])) -> LearnedColumn {
    let own: Vec<&Sight> = sights.iter().filter(|sight| sight.column == column).collect();
    let width = pages.first().map_or(1, |page| i64::from(page.width.max(1)));
    let heading = known.iter().find(|placed| placed.column == column);
    let votes = |sight: &&&Sight| {
        let agreeing = own.iter().filter(|other| is_aligned(sight, other)).count();
        let off = heading.map_or(0, |placed| (sight.right - i64::from(placed.right) * WHOLE / width).abs());
        (agreeing, -off, sight.left)
    };
    let best = own.iter().max_by_key(votes).expect("a column is learned from a sight of it");
    let aligned = || own.iter().filter(|sight| is_aligned(best, sight));
    let left = aligned().map(|sight| sight.left).min().unwrap_or(best.left);
    let right = aligned().map(|sight| sight.right).max().unwrap_or(best.right);
    let words = heading.map_or_else(|| words_above(above, (left, right), width), |placed| placed.words.clone());
    LearnedColumn { column, words, left_permille: left, right_permille: right }
}

fn is_aligned(one: &Sight, other: &Sight) -> bool {
    (one.left - other.left).abs() <= SAME_PERMILLE || (one.right - other.right).abs() <= SAME_PERMILLE
}

/// The words in the row above the lines that overlap a column.
fn words_above(above: &[Row], (left, right): (i64, i64), width: i64) -> String {
    let Some(row) = above.last() else { return String::new() };
    let overlaps = |run: &&Run| {
        i64::from(run.place.left) * WHOLE / width <= right && i64::from(run.place.right) * WHOLE / width >= left
    };
    row.runs.iter().find(overlaps).map(|run| run.plain.clone()).unwrap_or_default()
}
