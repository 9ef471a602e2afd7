//! Correcting the ledger by what was counted: one movement of kind `count` per line that differs.
//! The difference is what was counted minus what was expected where it was counted, and is applied
//! to whatever is there now. A line that something else corrected meanwhile is counted again: its
//! difference would be corrected twice.

use gondola_ledger::count::{Adjustment, adjustment};
use gondola_ledger::{MovementKind, Qty};
use gondola_store::{Command, Context, Fail, Permission, Tx, both};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::commands::as_stored;
use super::queries::Count;
use super::refusal::{CountRefused, CountState};
use super::rows::{CorrectedOut, DifferentRow, close, lock_open};
use super::sql;
use crate::kernel::bulk::insert_all;
use crate::stock::{Book, Mention, Movement, ProductRef, Source, channel_of};

/// Corrects the ledger and closes the count.
#[derive(Debug, Clone)]
pub struct PostCount {
    /// The count.
    pub id: Uuid,
    /// Why.
    pub reason: String,
    /// Take large differences as they are, also those counted only once.
    pub accept_differences: bool,
}

/// A count that was posted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountPosted {
    /// The count.
    pub count: Count,
    /// How many lines were corrected, each by a movement.
    pub corrected: usize,
}

impl Command for PostCount {
    const NAME: &'static str = "counts.post";
    type Out = CountPosted;
    type Refusal = CountRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Count
    }

    fn also_needs(&self) -> Vec<Permission> {
        if self.accept_differences { vec![Permission::Adjust] } else { Vec::new() }
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<CountPosted, Fail<CountRefused>> {
        let place = lock_open(tx, cx, self.id).await?.location_id;
        let before = as_stored(tx, self.id).await?;
        if before.lines == 0 {
            return Err(Fail::Refused(CountRefused::NothingCounted));
        }
        cx.changes(&CountPosted { count: before, corrected: 0 });
        cx.because(self.reason.as_str());
        let lines: Vec<DifferentRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::DIFFERENT_LINES)).bind(self.id).fetch_all(c).await?);
        self.check(cx, &lines).map_err(Fail::Refused)?;
        if lines.iter().any(DifferentRow::is_large) {
            cx.approved_by(cx.actor.name.as_str());
        }
        let products: Vec<_> = lines.iter().map(|line| ProductRef::Id(line.product_id)).collect();
        let mut book = Book::open(tx, cx, channel_of(cx), &products).await?;
        let corrected: Vec<String> =
            both!(tx, c, text => sqlx::query_scalar(text(sql::CORRECTED_SINCE)).bind(self.id).fetch_all(c).await?);
        if !corrected.is_empty() {
            return Err(Fail::Refused(CountRefused::CorrectedSince(corrected)));
        }
        let found: Vec<_> =
            products.iter().map(|product| Mention { enters: true, ..Mention::of(product, None) }).collect();
        book.look_up(tx, &found).await?;
        let mut corrected = Vec::with_capacity(lines.len());
        for line in &lines {
            corrected.extend(self.correct(tx, &mut book, place, line).await?);
        }
        book.close(tx).await?;
        insert_all(tx, sql::PUT_MOVEMENTS, &corrected).await?;
        close(tx, cx, self.id, CountState::Posted, Some(&self.reason)).await?;
        Ok(CountPosted { count: as_stored(tx, self.id).await?, corrected: corrected.len() })
    }
}

impl PostCount {
    /// Large differences are counted twice and approved by somebody who may adjust.
    fn check(&self, cx: &Context, lines: &[DifferentRow]) -> Result<(), CountRefused> {
        if self.accept_differences {
            return Ok(());
        }
        let skus = |rule: fn(&DifferentRow) -> bool| -> Vec<String> {
            lines.iter().filter(|line| rule(line)).map(|line| line.sku.clone()).collect()
        };
        let once = skus(|line| line.recount);
        if !once.is_empty() {
            return Err(CountRefused::NeedsRecount(once));
        }
        let large = skus(DifferentRow::is_large);
        if large.is_empty() || cx.actor.may(Permission::Adjust) {
            return Ok(());
        }
        Err(CountRefused::NeedsApproval(large))
    }

    /// Posts what a line asks for; nothing when it asks for nothing.
    async fn correct(
        &self,
        tx: &mut Tx<'_>,
        book: &mut Book<'_>,
        place: Uuid,
        line: &DifferentRow,
    ) -> Result<Option<CorrectedOut>, Fail<CountRefused>> {
        let code = book.places().code(place);
        let (quantity, from, to) = match adjustment(Qty::new(line.counted - line.expected)) {
            Adjustment::None => return Ok(None),
            Adjustment::Found(quantity) => (quantity, None, Some(code)),
            Adjustment::Missing(quantity) => (quantity, Some(code), None),
        };
        let lot = match (line.whole, &to) {
            (false, _) => Some(line.lot_id),
            (true, Some(_)) => book.lot_of_found(line.product_id, place),
            (true, None) => None,
        };
        let movement = Movement {
            kind: MovementKind::Count,
            product: ProductRef::Id(line.product_id),
            quantity,
            unit: None,
            from,
            to,
            lot: None,
            unit_cost: None,
            reason: self.reason.clone(),
            document: None,
            occurred_at: None,
        };
        let posted = book.post_lot(tx, &movement, lot, Some(Source { kind: "count", id: self.id })).await;
        let posted = posted.map_err(|fail| fail.map(CountRefused::from))?;
        Ok(Some(CorrectedOut {
            count_id: self.id,
            product_id: line.product_id,
            lot_id: line.lot_id,
            movement_id: posted.id,
        }))
    }
}
