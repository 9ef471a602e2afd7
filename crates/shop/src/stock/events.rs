//! Stock changes as server-sent events. One follower per process reads the ledger's new positions
//! while somebody listens, so that changes of every process and of the command line arrive, and
//! broadcasts them; a listener that falls behind is told to read again.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt};
use gondola_ledger::Qty;
use gondola_store::{Actor, Db, Engine, Permission, StoreError, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{Amounts, held};
use super::rows::unit;
use super::sql;
use crate::kernel::app::StockChange;
use crate::kernel::{Access, App, Caller, Endpoint, LimitGroup, OpClass, Problem};
use crate::people::still_known;

/// How often the ledger is looked at while somebody listens.
const POLL_EVERY: Duration = Duration::from_millis(500);
/// How often it is looked at whether a listener may still listen: less than the five seconds in which a right ends.
const LOOK_WHO_EVERY: Duration = Duration::from_secs(4);
/// Positions read at once.
const POSITIONS_MAX: i64 = 500;
/// On PostgreSQL a position may commit after a later one: those left out are looked for so many times more, two
/// minutes; a transaction that was rolled back never fills them.
const LOOKS_FOR_LATE: u32 = 240;
/// Of positions left out in one go so many are looked for: twice the longest batch.
const LATE_POSITIONS_MAX: i64 = 20_000;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::api(
        utoipa_axum::routes!(events),
        Access::Needs(Permission::ReadStock),
        OpClass::Read,
        LimitGroup::General,
    )]
}

/// A change of stock: the `data` of an event named `stock`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockEvent {
    /// The movement's place in the ledger.
    pub sequence: i64,
    /// SKU.
    pub sku: String,
    /// What happened.
    pub kind: String,
    /// What there is now: over all places, or at your own when you see one place only.
    pub on_hand: String,
    /// How it stands now.
    pub level: String,
}

#[derive(FromRow)]
struct RecentRow {
    sequence: i64,
    product_id: Uuid,
    from_location_id: Uuid,
    to_location_id: Uuid,
    sku: String,
    kind: String,
    on_hand: i64,
    level: String,
    unit: String,
}

/// Stock changes as they happen; of your own place when you see one place only.
#[utoipa::path(get, path = "/api/v1/events", tag = "stock",
    responses((status = 200, description = "Events named `stock` with a StockEvent as data; `reload` when some were missed",
        content_type = "text/event-stream", body = String)))]
async fn events(
    State(app): State<App>,
    Caller(actor): Caller,
    parts: Parts,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let own = actor.location;
    let shut_out = Box::pin(shut_out(app.clone(), parts, actor));
    let stream = BroadcastStream::new(app.stock_events.subscribe()).filter_map(move |message| {
        let event = match message {
            Ok(change) => change.told_to(own).map(|data| Event::default().event("stock").data(data)),
            Err(_) => Some(Event::default().event("reload").data("{}")),
        };
        std::future::ready(event.map(Ok))
    });
    let stream = stream.take_until(shut_out);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// Ends when whoever listens would not be let in any more: logged out, disabled, or their key revoked (KEY-7, USR-4, USR-12).
async fn shut_out(app: App, parts: Parts, actor: Actor) {
    loop {
        tokio::time::sleep(LOOK_WHO_EVERY).await;
        if !still_known(&app, &parts, &actor).await {
            return;
        }
    }
}

/// Follows the ledger for ever; the caller spawns it and drops it at shut-down. While nobody listens it
/// only keeps up, so that whoever comes is told everything from then on.
pub async fn follow(db: Db, listeners: broadcast::Sender<Arc<StockChange>>) {
    let mut seen = Seen::default();
    loop {
        if let Err(error) = seen.look(&db, &listeners).await {
            tracing::warn!(error = %error, "look for new movements");
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
}

/// Up to where the ledger was told, and which positions before that were not there yet.
#[derive(Default)]
struct Seen {
    newest: Option<i64>,
    /// Each with how many times more it is looked for.
    late: BTreeMap<i64, u32>,
}

impl Seen {
    /// Tells what is new to who listens. What there was before the first look, nobody is told.
    async fn look(&mut self, db: &Db, listeners: &broadcast::Sender<Arc<StockChange>>) -> Result<(), StoreError> {
        let mut rx = db.read().await?;
        let mut tx = rx.as_tx();
        let Some(mut newest) = self.newest else {
            self.newest =
                Some(both!(&mut tx, c, text => sqlx::query_scalar(text(sql::NEWEST)).bind(0_i64).fetch_one(c).await?));
            return Ok(());
        };
        let late = self.come_late(&mut tx).await?;
        if listeners.receiver_count() > 0 {
            tell(&mut tx, late, listeners).await?;
        }
        loop {
            let rows: Vec<RecentRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::RECENT))
                .bind(newest).bind(POSITIONS_MAX).fetch_all(c).await?);
            let more = i64::try_from(rows.len()) == Ok(POSITIONS_MAX);
            for row in &rows {
                let left_out = (newest + 1).max(row.sequence - LATE_POSITIONS_MAX)..row.sequence;
                self.late.extend(left_out.map(|position| (position, LOOKS_FOR_LATE)));
                newest = newest.max(row.sequence);
            }
            self.newest = Some(newest);
            if listeners.receiver_count() > 0 {
                tell(&mut tx, rows, listeners).await?;
            }
            if !more {
                break;
            }
        }
        self.late.retain(|_, looks| {
            *looks -= 1;
            *looks > 0
        });
        Ok(())
    }

    /// Those that were left out and are there now.
    async fn come_late(&mut self, tx: &mut Tx<'_>) -> Result<Vec<RecentRow>, StoreError> {
        let Tx::Postgres(c) = tx else { return Ok(Vec::new()) };
        if self.late.is_empty() {
            return Ok(Vec::new());
        }
        let late = serde_json::to_string(&self.late.keys().collect::<Vec<_>>()).expect("a list of numbers");
        let statement = sqlx::query_as(sql::RECENT_AMONG.text(Engine::Postgres)).bind(late);
        let rows: Vec<RecentRow> = statement.fetch_all(&mut **c).await?;
        for row in &rows {
            self.late.remove(&row.sequence);
        }
        Ok(rows)
    }
}

async fn tell(
    tx: &mut Tx<'_>,
    rows: Vec<RecentRow>,
    listeners: &broadcast::Sender<Arc<StockChange>>,
) -> Result<(), StoreError> {
    let held = held(tx, rows.iter().map(|row| &row.product_id)).await?;
    for row in rows {
        let sequence = row.sequence;
        match change(row, &held) {
            // Nobody listening any more is no failure.
            Ok(change) => drop(listeners.send(Arc::new(change))),
            Err(error) => tracing::error!(error = %error, sequence, "tell of a movement"),
        }
    }
    Ok(())
}

fn change(row: RecentRow, held: &Amounts) -> Result<StockChange, StoreError> {
    let unit = unit(&row.unit, row.product_id)?;
    let told = |on_hand: Qty| {
        let event = StockEvent {
            sequence: row.sequence,
            sku: row.sku.clone(),
            kind: row.kind.clone(),
            on_hand: on_hand.format(unit),
            level: row.level.clone(),
        };
        serde_json::to_string(&event).expect("an event is plain values")
    };
    // Places that hold nothing of any product close the books; nobody is at them.
    let touched = [row.from_location_id, row.to_location_id].into_iter();
    let at_places = touched.filter_map(|place| Some((place, told(*held.get(&(row.product_id, place))?))));
    Ok(StockChange { told: told(Qty::new(row.on_hand)), told_at: at_places.collect() })
}
