//! Does the book add up? Recomputes everything that is stored twice and compares: lines against
//! zero and against their movement, balances against lines, heads against balances and movements, and (`verify/heads.rs`)
//! worth and level against a fold of the movements. It repairs nothing: a mismatch is told with its rows (domain: Kardex
//! and integrity).

mod heads;

use gondola_store::{At, StoreError, Tx, both, take_time};
use serde::Serialize;
use sqlx::FromRow;

use super::sql;
use crate::kernel::time::format_instant;
use crate::kernel::{Problem, Reader};

/// Findings told per check.
const FINDINGS_MAX: i64 = 100;

/// Every check, by the name its findings carry.
pub const CHECKS: [&str; 7] = ["lines_not_zero", "movement", "balance", "head", "valuation", "worth", "level"];

/// What a verification found.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// Whether everything adds up.
    pub ok: bool,
    /// Movements looked at.
    pub movements: i64,
    /// Lines looked at.
    pub lines: i64,
    /// Products looked at.
    pub products: i64,
    /// What does not add up, at most 100 per check.
    pub findings: Vec<Finding>,
}

/// One thing that does not add up.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Finding {
    /// One of [`CHECKS`].
    pub check: &'static str,
    /// Which row.
    pub subject: String,
    /// What is stored.
    pub stored: String,
    /// What it should be.
    pub expected: String,
}

#[derive(FromRow)]
struct SequenceRow {
    sequence: i64,
    stored: i64,
    summed: i64,
}

#[derive(FromRow)]
struct BalanceMismatch {
    sku: String,
    place: String,
    stored: i64,
    summed: i64,
}

#[derive(FromRow)]
struct HeadMismatch {
    sku: String,
    stored: i64,
    summed: i64,
}

#[derive(FromRow)]
struct LastMismatch {
    sku: String,
    last_sequence: i64,
    last_occurred_at: Option<At>,
    newest: i64,
    latest: Option<At>,
}

/// Recomputes and compares everything.
///
/// # Errors
/// 503 or 500 when the database cannot be read; findings are no error.
pub async fn verify(reader: &mut Reader) -> Result<Verification, Problem> {
    let now = reader.now();
    let mut tx = reader.tx();
    take_time(&mut tx).await?;
    let (movements, lines, products): (i64, i64, i64) =
        both!(&mut tx, c, text => sqlx::query_as(text(sql::VERIFY_COUNTS)).fetch_one(c).await?);
    let mut findings = lines_not_zero(&mut tx).await?;
    findings.extend(movements_and_lines(&mut tx).await?);
    findings.extend(balances(&mut tx).await?);
    findings.extend(valuations(&mut tx).await?);
    findings.extend(last_moved(&mut tx).await?);
    findings.extend(heads::worth_and_level(&mut tx, now).await?);
    Ok(Verification { ok: findings.is_empty(), movements, lines, products, findings })
}

async fn lines_not_zero(tx: &mut Tx<'_>) -> Result<Vec<Finding>, StoreError> {
    let rows: Vec<(i64, i64, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::VERIFY_LINES))
        .bind(FINDINGS_MAX).fetch_all(c).await?);
    let finding = |(sequence, total, lines): (i64, i64, i64)| Finding {
        check: "lines_not_zero",
        subject: format!("movement {sequence}"),
        stored: format!("{total} in {lines} lines"),
        expected: "0".to_owned(),
    };
    Ok(rows.into_iter().map(finding).collect())
}

/// A movement says twice what moved where: in its own row and in its lines.
async fn movements_and_lines(tx: &mut Tx<'_>) -> Result<Vec<Finding>, StoreError> {
    let rows: Vec<SequenceRow> = both!(tx, c, text => sqlx::query_as(text(sql::VERIFY_MOVEMENTS))
        .bind(FINDINGS_MAX).fetch_all(c).await?);
    let finding = |row: SequenceRow| Finding {
        check: "movement",
        subject: format!("movement {}", row.sequence),
        stored: row.stored.to_string(),
        expected: format!("{} by its lines", row.summed),
    };
    Ok(rows.into_iter().map(finding).collect())
}

async fn balances(tx: &mut Tx<'_>) -> Result<Vec<Finding>, StoreError> {
    let balances: Vec<BalanceMismatch> = both!(tx, c, text => sqlx::query_as(text(sql::VERIFY_BALANCES))
        .bind(FINDINGS_MAX).fetch_all(c).await?);
    let heads: Vec<HeadMismatch> =
        both!(tx, c, text => sqlx::query_as(text(sql::VERIFY_HEADS)).bind(FINDINGS_MAX).fetch_all(c).await?);
    let of_balance = balances.into_iter().map(|row| Finding {
        check: "balance",
        subject: format!("{} at {}", row.sku, row.place),
        stored: row.stored.to_string(),
        expected: row.summed.to_string(),
    });
    let of_head = heads.into_iter().map(|row| Finding {
        check: "head",
        subject: row.sku,
        stored: row.stored.to_string(),
        expected: row.summed.to_string(),
    });
    Ok(of_balance.chain(of_head).collect())
}

async fn valuations(tx: &mut Tx<'_>) -> Result<Vec<Finding>, StoreError> {
    let rows: Vec<SequenceRow> = both!(tx, c, text => sqlx::query_as(text(sql::VERIFY_VALUATIONS))
        .bind(FINDINGS_MAX).fetch_all(c).await?);
    let finding = |row: SequenceRow| Finding {
        check: "valuation",
        subject: format!("movement {}", row.sequence),
        stored: row.stored.to_string(),
        expected: row.summed.to_string(),
    };
    Ok(rows.into_iter().map(finding).collect())
}

async fn last_moved(tx: &mut Tx<'_>) -> Result<Vec<Finding>, StoreError> {
    let rows: Vec<LastMismatch> =
        both!(tx, c, text => sqlx::query_as(text(sql::VERIFY_LAST)).bind(FINDINGS_MAX).fetch_all(c).await?);
    let at = |sequence: i64, instant: Option<At>| match instant {
        Some(instant) => format!("last movement {sequence} at {}", format_instant(instant)),
        None => format!("last movement {sequence}"),
    };
    let finding = |row: LastMismatch| Finding {
        check: "head",
        subject: row.sku,
        stored: at(row.last_sequence, row.last_occurred_at),
        expected: at(row.newest, row.latest),
    };
    Ok(rows.into_iter().map(finding).collect())
}
