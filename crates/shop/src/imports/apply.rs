//! From rows to the feature they belong to, with what the rows before them left behind.

use std::collections::HashMap;
use std::ops::Range;

use gondola_store::protect::Opener;
use gondola_store::{Context, StoreError, Tx, both};
use uuid::Uuid;

use super::file::ListFile;
use super::kind::ImportKind;
use super::outcome::Outcome;
use super::products::{self, Desk};
use super::{sql, stock, suppliers};
use crate::catalogue::When;
use crate::kernel::bulk::json;

/// What earlier rows of a file left for later ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Sofar {
    /// Products that rows were about, and their lines.
    pub seen: HashMap<Uuid, u32>,
    /// Each product's last movement when the import began, or the import's own last one.
    pub positions: HashMap<Uuid, i64>,
}

impl Sofar {
    pub fn add(&mut self, touched: &[(Uuid, u32)], sequences: &[(Uuid, i64)]) {
        self.seen.extend(touched.iter().copied());
        for (product, sequence) in sequences {
            let position = self.positions.entry(*product).or_insert(*sequence);
            *position = (*position).max(*sequence);
        }
    }
}

/// Applies rows, in the order of the file.
pub(super) async fn apply(
    tx: &mut Tx<'_>,
    cx: &Context,
    import: Uuid,
    file: &ListFile,
    rows: Range<usize>,
    sofar: &Sofar,
) -> Result<Outcome, StoreError> {
    match file.kind {
        ImportKind::Products | ImportKind::Prices => {
            let desk = Desk {
                file,
                seen: &sofar.seen,
                when: When { now: cx.now, day: cx.day_of(cx.now) },
                opener: Opener::Command(cx),
            };
            products::apply(tx, cx, &desk, rows).await
        }
        ImportKind::Suppliers => suppliers::take(tx, Some(cx), file, rows).await,
        ImportKind::Stock => stock::apply(tx, cx, import, file, rows, &sofar.positions).await,
    }
}

/// Each product's last movement, as seen now: what a stock import is anchored to.
pub(super) async fn positions(
    tx: &mut Tx<'_>,
    file: &ListFile,
    rows: Range<usize>,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let products = stock::products(tx, file, rows).await?;
    let found: Vec<(Uuid, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_POSITIONS))
        .bind(json(&products)).fetch_all(c).await?);
    Ok(found)
}
