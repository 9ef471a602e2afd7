//! The yardstick: the same rows put into the same tables by the bare driver, nothing checked, nothing
//! locked, one prepared statement per row, so many movements per transaction.

use std::path::Path;
use std::time::{Duration, Instant};

use gondola_store::sqlx::{self, ConnectOptions, SqliteConnection, sqlite};
use uuid::Uuid;

/// What the rows refer to.
pub struct Ids {
    /// Products, whose plain lots have the same ids.
    pub products: Vec<Uuid>,
    /// The store room.
    pub place: Uuid,
    /// The supplier.
    pub supplier: Uuid,
}

const MOVEMENT: &str = "insert into movements (sequence, id, kind, product_id, quantity, entered_quantity, entered_unit, from_location_id, to_location_id,
    unit_cost, reason, waste_reason, document, flags, channel, source_kind, source_id, reverses_id, actor, actor_name, occurred_at, recorded_at)
    values ($1, $2, 'receipt', $3, 1000, 1000, 'un', $4, $5, 1000000, 'prueba', null, null, '', 'api', null, null, null, 'key:1', 'bench', $6, $6)";
const LINE: &str = "insert into movement_lines (sequence, line, product_id, location_id, lot_id, delta, real_stock, occurred_at) values ($1, $2, $3, $4, $3, $5, $6, $7)";
const BALANCE: &str = "insert into balances (product_id, location_id, lot_id, quantity, version) values ($1, $2, $1, 1000, 1)
    on conflict (product_id, location_id, lot_id) do update set quantity = balances.quantity + 1000, version = balances.version + 1";
const VALUATION: &str = "insert into valuations (product_id, occurred_at, sequence, delta, unit_cost, fixed_value, fixed_fifo_value, moved_value, moved_fifo_value, quantity_after, value_after, cost_after)
    values ($1, $2, $3, 1000, 1000000, null, null, 10000, 10000, 1000, 10000, 1000000)";
const HEAD: &str = "update stock_heads set on_hand = on_hand + 1000, avco_value = avco_value + 10000, last_sequence = $2, last_occurred_at = $3, version = version + 1 where product_id = $1";

/// The products that were made are in the trail already.
const AFTER_THE_SHOPS: i64 = 1_000_000;
const TRAIL: &str = "insert into audit_trail (sequence, event, family, at, actor, actor_name, face, resource, status, records, client_ip, agent, request_id,
    class, sensitivity, reason, before_digest, after_digest, position, prev_hash, row_hash)
    values ($1, 'stock.post_movement', 'modify', $2, 'key:1', 'bench', 'dashboard', 'sku:B1', 200, 1, '127.0.0.1', '', '0123456789abcdef',
    'internal', 30, '', null, $3, $1, $3, $3)";

/// Inserts for `length`, so many movements to a command; answers movements per second.
pub async fn rate(file: &Path, ids: &Ids, per_transaction: u64, commands_of: i64, length: Duration) -> f64 {
    let options = sqlite::SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlite::SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-16000")
        .pragma("wal_autocheckpoint", "4000");
    let mut connection = options.connect().await.expect("open the raw database");
    let began = Instant::now();
    let mut sequence: i64 = 0;
    while began.elapsed() < length {
        sqlx::query("begin immediate").execute(&mut connection).await.expect("begin");
        for _ in 0..per_transaction {
            sequence += 1;
            movement(&mut connection, ids, sequence).await.expect("insert");
            // A batch is one entry of the trail, whatever its lines.
            if sequence % commands_of == 0 {
                let trail = sqlx::query(TRAIL)
                    .bind(AFTER_THE_SHOPS + sequence)
                    .bind(1_800_000_000_000_000 + sequence)
                    .bind(&[7_u8; 32][..]);
                trail.execute(&mut connection).await.expect("insert");
            }
        }
        sqlx::query("commit").execute(&mut connection).await.expect("commit");
    }
    sequence as f64 / began.elapsed().as_secs_f64()
}

async fn movement(c: &mut SqliteConnection, ids: &Ids, sequence: i64) -> Result<(), sqlx::Error> {
    let product = ids.products[sequence as usize % ids.products.len()];
    let at = 1_800_000_000_000_000 + sequence;
    let id = Uuid::from_u128(sequence as u128);
    sqlx::query(MOVEMENT)
        .bind(sequence)
        .bind(id)
        .bind(product)
        .bind(ids.supplier)
        .bind(ids.place)
        .bind(at)
        .execute(&mut *c)
        .await?;
    sqlx::query(LINE)
        .bind(sequence)
        .bind(1)
        .bind(product)
        .bind(ids.supplier)
        .bind(-1000)
        .bind(false)
        .bind(at)
        .execute(&mut *c)
        .await?;
    sqlx::query(LINE)
        .bind(sequence)
        .bind(2)
        .bind(product)
        .bind(ids.place)
        .bind(1000)
        .bind(true)
        .bind(at)
        .execute(&mut *c)
        .await?;
    sqlx::query(BALANCE).bind(product).bind(ids.place).execute(&mut *c).await?;
    sqlx::query(VALUATION).bind(product).bind(at).bind(sequence).execute(&mut *c).await?;
    sqlx::query(HEAD).bind(product).bind(sequence).bind(at).execute(&mut *c).await?;
    Ok(())
}
