//! Does the book add up? Recomputes everything that is stored twice and compares: lines against
//! zero and against their movement, balances against lines, heads against balances, worth against a fold of the movements. It
//! repairs nothing: a mismatch is told with its rows (domain: Kardex and integrity).

use gondola_store::{StoreError, Tx, both};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::rows::ValuationRow;
use super::sql;
use super::worth::Worth;
use crate::kernel::{Problem, Reader};

/// Findings told per check.
const FINDINGS_MAX: i64 = 100;
/// Heads looked at per statement.
const HEADS_PER_PAGE: i64 = 500;

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
    /// `lines_not_zero`, `movement`, `balance`, `head`, `valuation` or `worth`.
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
struct HeadPage {
    product_id: Uuid,
    sku: String,
    on_hand: i64,
    avco_value: i64,
    fifo_layers: String,
}

/// Recomputes and compares everything.
///
/// # Errors
/// 503 or 500 when the database cannot be read; findings are no error.
pub async fn verify(reader: &mut Reader) -> Result<Verification, Problem> {
    let mut tx = reader.tx();
    let (movements, lines, products): (i64, i64, i64) =
        both!(&mut tx, c, text => sqlx::query_as(text(sql::VERIFY_COUNTS)).fetch_one(c).await?);
    let mut findings = lines_not_zero(&mut tx).await?;
    findings.extend(movements_and_lines(&mut tx).await?);
    findings.extend(balances(&mut tx).await?);
    findings.extend(valuations(&mut tx).await?);
    findings.extend(worth(&mut tx).await?);
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

/// Folds every product's movements again and compares each stored step and the head.
async fn worth(tx: &mut Tx<'_>) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let heads: Vec<HeadPage> = both!(tx, c, text => sqlx::query_as(text(sql::HEADS_PAGE))
            .bind(after).bind(HEADS_PER_PAGE).fetch_all(c).await?);
        let Some(last) = heads.last() else { return Ok(findings) };
        after = last.product_id;
        for head in &heads {
            findings.extend(worth_of(tx, head).await?);
        }
    }
}

async fn worth_of(tx: &mut Tx<'_>, head: &HeadPage) -> Result<Option<Finding>, StoreError> {
    let rows: Vec<ValuationRow> = both!(tx, c, text => sqlx::query_as(text(sql::VALUATIONS_FROM))
        .bind(head.product_id).bind(i64::MIN).fetch_all(c).await?);
    let mut running = Worth::default();
    for row in &rows {
        running.step(row)?;
        let (quantity, value) = (running.quantity().raw(), running.value().raw());
        if (row.quantity_after, row.value_after) != (quantity, value) {
            return Ok(Some(Finding {
                check: "worth",
                subject: format!("{} after movement {}", head.sku, row.sequence),
                stored: format!("{} worth {}", row.quantity_after, row.value_after),
                expected: format!("{quantity} worth {value}"),
            }));
        }
    }
    let (stored, expected) = (
        format!("{} worth {}, layers {}", head.on_hand, head.avco_value, head.fifo_layers),
        format!("{} worth {}, layers {}", running.quantity().raw(), running.value().raw(), running.stored_layers()),
    );
    Ok((stored != expected).then(|| Finding { check: "worth", subject: head.sku.clone(), stored, expected }))
}
