//! Which figures of a row are its quantity, its price and its amount when the columns do not say it well: a heading was
//! misread, a figure slid below another heading, or a comma was lost. Only arithmetic decides, and only when it is exact:
//! otherwise the line stays as its columns say, and nobody is sure of it.

use gondola_ledger::{Money, Qty, UnitCost};

use super::agree::agrees_exactly;
use super::paper::{Field, Line};
use super::rows::{Run, WRITTEN};
use super::{LineVerdict, field, line_verdict, number};

/// Figures of a row that are tried with one another.
const FIGURES_MAX: usize = 8;
/// Digits of an amount without a comma that may have lost it: `100` is one peso then.
const LOST_COMMA_DIGITS_MIN: usize = 3;

/// A word of the row as what it may say.
struct Figure {
    /// Whether it is written with decimals, as money is and what is counted is not.
    has_decimals: bool,
    quantities: Vec<Field<Qty>>,
    prices: Vec<Field<UnitCost>>,
    amounts: Vec<Field<Money>>,
}

/// The line with the figures that agree, when its own do not and exactly others do; and when its own agree too, but a
/// recogniser put them the wrong way round: `5.000,00` of something at `4`.
pub(super) fn settled(line: Line, runs: &[&Run]) -> Line {
    let is_ok = line_verdict(&line) == LineVerdict::Ok;
    let is_recognised = runs.iter().any(|run| run.confidence < WRITTEN);
    if is_ok && !is_recognised {
        return line;
    }
    let figures: Vec<Figure> = runs.iter().flat_map(|run| readings(run)).take(FIGURES_MAX).collect();
    let agreeing = triples(&figures)
        .into_iter()
        .map(|Triple { quantity, price, subtotal, is_natural }| {
            let (quantity, price, subtotal) = (Some(quantity), Some(price), Some(subtotal));
            (Line { quantity, price, subtotal, ..line.clone() }, is_natural)
        })
        .filter(|(with, _)| agrees_exactly(with) && same(with, &line) > 0);
    if is_ok {
        let all: Vec<(Line, bool)> = agreeing.collect();
        let is_natural = all.iter().any(|(with, is_natural)| *is_natural && same(with, &line) == 3);
        let turned = all.into_iter().find(|(with, is_natural)| *is_natural && is_turned(with, &line));
        return turned.filter(|_| !is_natural).map_or(line, |(turned, _)| turned);
    }
    // Both ways round agree: a whole number is the quantity, and what has decimals the price. Then what the columns say
    // counts as far as it can.
    let is_whole = |with: &Line| with.quantity.is_some_and(|field| field.value.is_whole());
    let best = agreeing.max_by_key(|(with, is_natural)| (is_whole(with), *is_natural, same(with, &line)));
    best.map_or(line, |(with, _)| with)
}

/// Whether one's quantity is the other's price, and the other way round.
fn is_turned(one: &Line, other: &Line) -> bool {
    // Quantities are in thousandths, costs in ten-thousandths.
    let crossed = |one: &Line, other: &Line| {
        let (count, price) = (one.quantity?.value.raw(), other.price?.value.raw());
        (count.checked_mul(10) == Some(price)).then_some(())
    };
    crossed(one, other).and(crossed(other, one)).is_some()
}

/// A run is one figure, broken by the recogniser perhaps, or several that stand close.
fn readings(run: &Run) -> Vec<Figure> {
    let whole = figure(&run.text, run);
    if run.words.len() == 1 || !whole.amounts.is_empty() || !whole.prices.is_empty() {
        return vec![whole];
    }
    run.words.iter().map(|word| figure(&word.text, run)).collect()
}

fn figure(text: &str, run: &Run) -> Figure {
    let cost = number::cost(text);
    let amount = number::money(text);
    // `24 1 24` agrees too: an amount has its centavos.
    let written = amount.filter(|_| number::has_decimals(text));
    let is_read = run.confidence < WRITTEN;
    let has_lost = is_read && text.len() >= LOST_COMMA_DIGITS_MIN && text.bytes().all(|byte| byte.is_ascii_digit());
    let guessed = is_read.then(|| number::quantity(&text.replace(['s', 'S'], "5").replace('B', "8").replace('Z', "2")));
    let quantities = number::quantity(text).or(guessed.flatten()).into_iter();
    let lost = |whole: i64, parts: i64| has_lost.then_some(whole / parts);
    let prices = cost
        .into_iter()
        .chain([100, 10_000].into_iter().filter_map(|parts| lost(cost?.raw(), parts).map(UnitCost::new)));
    let amounts = written.into_iter().chain(amount.and_then(|amount| lost(amount.raw(), 100).map(Money::new)));
    Figure {
        has_decimals: number::has_decimals(text),
        quantities: quantities.filter(|count| !count.is_zero()).map(|count| field(count, run)).collect(),
        prices: prices.map(|cost| field(cost, run)).collect(),
        amounts: amounts.map(|amount| field(amount, run)).collect(),
    }
}

/// What three figures may say together.
struct Triple {
    quantity: Field<Qty>,
    price: Field<UnitCost>,
    subtotal: Field<Money>,
    /// Whether it is not the quantity alone, of it and the price, that is written with decimals.
    is_natural: bool,
}

/// Every quantity with every price and every amount, no figure twice.
fn triples(figures: &[Figure]) -> Vec<Triple> {
    let mut triples = Vec::new();
    let counted = figures.iter().enumerate();
    for (first, quantity) in counted.flat_map(|(at, figure)| figure.quantities.iter().map(move |count| (at, *count))) {
        for (second, priced) in figures.iter().enumerate().filter(|(at, _)| *at != first) {
            for (_, summed) in figures.iter().enumerate().filter(|(at, _)| *at != first && *at != second) {
                let is_natural = priced.has_decimals || !figures[first].has_decimals;
                let prices = priced.prices.iter();
                triples.extend(prices.flat_map(|price| {
                    let triple =
                        move |sum: &Field<Money>| Triple { quantity, price: *price, subtotal: *sum, is_natural };
                    summed.amounts.iter().map(triple)
                }));
            }
        }
    }
    triples
}

/// How many figures are what they were.
fn same(with: &Line, line: &Line) -> usize {
    let quantity = with.quantity.map(|field| field.value) == line.quantity.map(|field| field.value);
    let price = with.price.map(|field| field.value) == line.price.map(|field| field.value);
    let subtotal = with.subtotal.map(|field| field.value) == line.subtotal.map(|field| field.value);
    [quantity, price, subtotal].into_iter().filter(|is_same| *is_same).count()
}
