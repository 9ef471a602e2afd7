//! Entering what was counted. Each line is compared with the ledger at a position: the product's
//! last movement, read under its lock, or an earlier position that an offline phone remembered.
//!
//! A product is counted whole or lot by lot within one count, never both: the two would correct the
//! same goods twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gondola_ledger::Qty;
use gondola_ledger::count::{difference, needs_recount};
use gondola_store::{Command, Context, Fail, Permission, Tx, both};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::refusal::CountRefused;
use super::rows::{BeforeRow, LineOut, PastQuestion, lock_open};
use super::sql;
use crate::kernel::Text;
use crate::kernel::bulk::{id_list, insert_all, json};
use crate::kernel::problem::FieldProblem;
use crate::stock::{BatchRefused, Book, LineRefusal, LotRef, Mention, ProductRef, StockRefusal, channel_of};

/// Lines entered at once at most (SC-8).
pub const COUNT_LINES_MAX: usize = 20_000;
/// A line is counted again at most once.
const TIMES_ENOUGH: i64 = 2;

/// One thing that was counted.
#[derive(Debug, Clone)]
pub struct CountLine {
    /// Of what.
    pub product: ProductRef,
    /// Of which lot; of all of them together when absent.
    pub lot: Option<LotRef>,
    /// How much there was, in `unit`; zero or more.
    pub counted: Qty,
    /// A unit or presentation of the product; its own unit when absent.
    pub unit: Option<String>,
    /// The ledger position when it was counted; now when absent.
    pub position: Option<i64>,
}

impl CountLine {
    fn mention(&self) -> Mention<'_> {
        let lot = self.lot.as_ref();
        Mention { enters: lot.is_some(), lot, ..Mention::of(&self.product, self.unit.as_deref()) }
    }
}

/// Enters what was counted, all or none. A second count of the same goods replaces the first.
#[derive(Debug, Clone)]
pub struct EnterCounts {
    /// The count.
    pub id: Uuid,
    /// What was counted, or what was wrong with a line already when it was read.
    pub lines: Vec<Result<CountLine, Vec<FieldProblem>>>,
}

/// What became of the lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountedLines {
    /// How many were entered.
    pub entered: usize,
    /// Numbers of the lines, from 0, that must be counted again.
    pub recount: Vec<usize>,
}

impl Command for EnterCounts {
    const NAME: &'static str = "counts.enter";
    type Out = CountedLines;
    type Refusal = CountRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Count
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<CountedLines, Fail<CountRefused>> {
        let place = lock_open(tx, cx, self.id).await?.location_id;
        let products = self.lines.iter().filter_map(|line| line.as_ref().ok()).map(|line| &line.product);
        let mut book = Book::open(tx, cx, channel_of(cx), products).await?;
        let mentions: Vec<Mention<'_>> = self.lines.iter().flatten().map(CountLine::mention).collect();
        book.look_up(tx, &mentions).await?;
        let newest = newest_position(tx).await?;
        let (mut understood, mut bad) = (Vec::with_capacity(self.lines.len()), Vec::new());
        for (index, line) in self.lines.iter().enumerate() {
            let read = match line {
                Ok(line) => understand(tx, &mut book, place, newest, line).await?,
                Err(problems) => Err(LineRefusal::Unreadable(problems.clone())),
            };
            match read {
                Ok(line) => understood.push((index, line)),
                Err(refusal) => bad.push((index, refusal)),
            }
        }
        let times = self.times_before(tx, &understood, &mut bad).await?;
        if !bad.is_empty() {
            bad.sort_by_key(|(index, _)| *index);
            return Err(Fail::Refused(CountRefused::Lines(BatchRefused(bad))));
        }
        look_back(tx, place, &mut understood).await?;
        book.close(tx).await?;
        let rows: Vec<_> = understood.iter().map(|(_, line)| self.row(cx, line, &times)).collect();
        insert_all(tx, sql::PUT_LINES, &rows).await?;
        let recount = understood.iter().zip(&rows).filter(|(_, row)| row.recount).map(|((index, _), _)| *index);
        Ok(CountedLines { entered: rows.len(), recount: recount.collect() })
    }
}

/// A line in terms of the ledger.
struct Understood {
    product: Uuid,
    lot: Uuid,
    whole: bool,
    counted: Qty,
    expected: Qty,
    position: i64,
    /// Whether the expected quantity is to be looked up in the past.
    is_past: bool,
}

/// How often each product and lot was counted before.
type Times = HashMap<(Uuid, Uuid), i64>;

impl EnterCounts {
    /// How often these goods were counted before; notes lines that count the same goods twice.
    async fn times_before(
        &self,
        tx: &mut Tx<'_>,
        lines: &[(usize, Understood)],
        bad: &mut Vec<(usize, LineRefusal)>,
    ) -> Result<Times, Fail<CountRefused>> {
        let products: BTreeSet<Uuid> = lines.iter().map(|(_, line)| line.product).collect();
        let ids = id_list(&products);
        let before: Vec<BeforeRow> = both!(tx, c, text => sqlx::query_as(text(sql::COUNTED_BEFORE))
            .bind(self.id).bind(ids).fetch_all(c).await?);
        let mut whole: BTreeMap<Uuid, bool> = before.iter().map(|row| (row.product_id, row.whole)).collect();
        let mut seen = BTreeSet::new();
        for (index, line) in lines {
            if *whole.entry(line.product).or_insert(line.whole) != line.whole {
                bad.push((*index, LineRefusal::Unreadable(vec![counted_otherwise()])));
            } else if !seen.insert((line.product, line.lot)) {
                bad.push((*index, LineRefusal::Unreadable(vec![counted_twice()])));
            }
        }
        Ok(before.into_iter().map(|row| ((row.product_id, row.lot_id), row.times)).collect())
    }

    fn row<'a>(&self, cx: &'a Context, line: &Understood, times: &Times) -> LineOut<'a> {
        let times = times.get(&(line.product, line.lot)).copied().unwrap_or(0) + 1;
        let difference = difference(line.counted, line.expected).expect("bounded quantities have a difference");
        LineOut {
            count_id: self.id,
            product_id: line.product,
            lot_id: line.lot,
            whole: line.whole,
            counted: line.counted.raw(),
            expected: line.expected.raw(),
            position: line.position,
            times,
            recount: needs_recount(difference, line.expected) && times < TIMES_ENOUGH,
            counted_at: cx.now,
            counted_by: &cx.actor.name,
        }
    }
}

/// Finds what a line is about and what the ledger holds of it now.
async fn understand(
    tx: &mut Tx<'_>,
    book: &mut Book<'_>,
    place: Uuid,
    newest: i64,
    line: &CountLine,
) -> Result<Result<Understood, LineRefusal>, Fail<CountRefused>> {
    let product = match book.product(&line.product) {
        Ok(product) => product,
        Err(refusal) => return Ok(Err(LineRefusal::Stock(refusal))),
    };
    let counted = match book.in_base_units(tx, product, line.counted, line.unit.as_deref()).await {
        Ok(counted) => counted,
        Err(Fail::Refused(refusal)) => return Ok(Err(about_counted(refusal))),
        Err(fail) => return Err(fail.map(CountRefused::from)),
    };
    let now = book.position(product);
    let position = line.position.unwrap_or(now);
    if position > newest {
        return Ok(Err(LineRefusal::Unreadable(vec![not_there_yet()])));
    }
    let is_past = position < now;
    let Some(named) = &line.lot else {
        let expected = book.on_hand(product, place);
        return Ok(Ok(Understood { product, lot: product, whole: true, counted, expected, position, is_past }));
    };
    let lot = match book.lots_named(product, named).as_slice() {
        [] => book.lot_or_new(tx, product, named).await?,
        [lot] => *lot,
        _ => return Ok(Err(LineRefusal::Unreadable(vec![ambiguous_lot()]))),
    };
    let expected = book.on_hand_of_lot(product, place, lot);
    Ok(Ok(Understood { product, lot, whole: false, counted, expected, position, is_past }))
}

/// Replaces what is there now by what was there at an earlier position, for the lines that name one.
async fn look_back(tx: &mut Tx<'_>, place: Uuid, lines: &mut [(usize, Understood)]) -> Result<(), Fail<CountRefused>> {
    let past = lines.iter().enumerate().filter(|(_, (_, line))| line.is_past);
    let questions: Vec<_> = past
        .map(|(at, (_, line))| PastQuestion {
            line: at,
            product_id: line.product,
            lot_id: (!line.whole).then_some(line.lot),
            position: line.position,
        })
        .collect();
    if questions.is_empty() {
        return Ok(());
    }
    let list = json(&questions);
    let answers: Vec<(i64, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::BALANCES_AT))
        .bind(list).bind(place).fetch_all(c).await?);
    for (at, quantity) in answers {
        let line = usize::try_from(at).ok().and_then(|at| lines.get_mut(at));
        line.expect("every answer is to a question").1.expected = Qty::new(quantity);
    }
    Ok(())
}

async fn newest_position(tx: &mut Tx<'_>) -> Result<i64, Fail<CountRefused>> {
    let (newest,): (i64,) = both!(tx, c, text => sqlx::query_as(text(sql::NEWEST_POSITION)).fetch_one(c).await?);
    Ok(newest)
}

fn problem(field: &str, code: &'static str, es: &str, en: &str) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code, detail: Text::new(es, en) }
}

/// A refusal about a quantity, under the name that the quantity has here.
fn about_counted(refusal: StockRefusal) -> LineRefusal {
    if refusal.field() != Some("quantity") {
        return LineRefusal::Stock(refusal);
    }
    let problem = FieldProblem { field: "counted".to_owned(), code: refusal.code(), detail: refusal.text() };
    LineRefusal::Unreadable(vec![problem])
}

fn counted_otherwise() -> FieldProblem {
    problem(
        "lot",
        "counted_otherwise",
        "En este conteo ese producto se cuenta entero o por lotes, no de las dos formas.",
        "In this count that product is counted whole or by lot, not both ways.",
    )
}

fn counted_twice() -> FieldProblem {
    problem(
        "product",
        "counted_twice",
        "Está repetido: mandá cada producto o lote una sola vez.",
        "It is repeated: send each product or lot once.",
    )
}

fn not_there_yet() -> FieldProblem {
    problem(
        "position",
        "unknown_position",
        "El libro todavía no llegó a esa posición.",
        "The ledger has not reached that position yet.",
    )
}

fn ambiguous_lot() -> FieldProblem {
    problem(
        "lot.expires_on",
        "ambiguous_lot",
        "Hay más de un lote así: indicá también el vencimiento.",
        "There is more than one such lot: give its last good day too.",
    )
}
