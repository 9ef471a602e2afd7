//! The read side of the kardex: movements with the places they changed, newest first.

use std::collections::HashMap;

use gondola_store::both;
use sqlx::FromRow;
use uuid::Uuid;

use super::places::Places;
use super::rows::{MovementRow, json};
use super::sql;
use crate::kernel::time::Day;
use crate::kernel::{Problem, Reader};

/// A movement in a list, newest first.
#[derive(FromRow, Clone)]
pub(super) struct ListedMovement {
    #[sqlx(flatten)]
    pub movement: MovementRow,
    pub sku: String,
    pub name: String,
    pub unit: String,
    /// Of the whole shop; nothing for who sees one place only.
    pub quantity_after: Option<i64>,
}

/// What one movement changed at one place.
#[derive(FromRow)]
pub(super) struct ListedLine {
    pub sequence: i64,
    pub location_id: Uuid,
    pub delta: i64,
    pub code: String,
    pub expires_on: Option<Day>,
}

/// Which movements.
#[derive(Debug, Clone, Default)]
pub struct MovementFilter {
    /// Of this product.
    pub product: Option<Uuid>,
    /// That touched this place.
    pub location: Option<Uuid>,
    /// Of this lot code.
    pub lot: Option<String>,
    /// Of this kind.
    pub kind: Option<&'static str>,
    /// By the person or key of this name.
    pub user: Option<String>,
    /// With this document.
    pub document: Option<String>,
    /// Not before this instant.
    pub from: Option<i64>,
    /// Before this instant.
    pub until: Option<i64>,
}

/// Where a page of movements begins: instant and sequence of the last one shown.
pub type MovementKey = (i64, i64);

/// Movements with the places they changed.
pub(super) struct MovementList {
    pub movements: Vec<ListedMovement>,
    pub lines: HashMap<i64, Vec<ListedLine>>,
    pub places: Places,
}

pub(super) async fn movements(
    reader: &mut Reader,
    filter: &MovementFilter,
    after: Option<MovementKey>,
    limit: i64,
) -> Result<MovementList, Problem> {
    let own = reader.location();
    if own.is_some() && filter.location.is_some() && filter.location != own {
        return Err(Problem::not_found());
    }
    let mut tx = reader.tx();
    let statement = match (&filter.product, &filter.document) {
        (Some(_), _) => sql::KARDEX,
        (None, Some(_)) => sql::OF_DOCUMENT,
        (None, None) => sql::JOURNAL,
    };
    let (at, sequence) = after.unwrap_or((i64::MAX, i64::MAX));
    let from = filter.from.unwrap_or(i64::MIN);
    let until = filter.until.unwrap_or(i64::MAX);
    let place = filter.location.or(own);
    let mut movements: Vec<ListedMovement> = both!(&mut tx, c, text => sqlx::query_as(text(statement))
        .bind(filter.product).bind(filter.kind).bind(place).bind(&filter.lot).bind(&filter.user)
        .bind(from).bind(until).bind(&filter.document).bind(at).bind(sequence).bind(limit).fetch_all(c).await?);
    if own.is_some() {
        movements.iter_mut().for_each(|row| row.quantity_after = None);
    }
    let sequences = json(&movements.iter().map(|row| row.movement.sequence).collect::<Vec<_>>());
    let found: Vec<ListedLine> =
        both!(&mut tx, c, text => sqlx::query_as(text(sql::LINES_OF)).bind(sequences).fetch_all(c).await?);
    let mut lines: HashMap<i64, Vec<ListedLine>> = HashMap::new();
    for line in found {
        lines.entry(line.sequence).or_default().push(line);
    }
    Ok(MovementList { movements, lines, places: Places::load(&mut tx).await? })
}

/// One movement with the places it changed; none outside the reader's location.
pub(super) async fn movement(reader: &mut Reader, id: Uuid) -> Result<Option<MovementList>, Problem> {
    let own = reader.location();
    let mut tx = reader.tx();
    let Some(row) = super::undo::find_movement(&mut tx, id).await? else { return Ok(None) };
    let foreign = own.is_some_and(|own| row.from_location_id != own && row.to_location_id != own);
    if foreign {
        return Ok(None);
    }
    let filter = MovementFilter {
        product: Some(row.product_id),
        from: Some(row.occurred_at),
        until: Some(row.occurred_at + 1),
        ..MovementFilter::default()
    };
    let list = movements(reader, &filter, Some((row.occurred_at, row.sequence + 1)), 1).await?;
    Ok(Some(list))
}
